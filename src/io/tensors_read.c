/* Reads a container that may be damaged or hostile. Nothing in the file is believed before it is
 * checked against the number of bytes that are really there:
 *
 *   1. the header's length, against the file and the format's limit;
 *   2. each entry alone: dtype, shape, offsets inside the data, shape * item size = length,
 * alignment;
 *   3. all entries together: sorted by offset they cover the data without hole or overlap, and no
 * name comes twice. */
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/file.h"
#include "traj/io/json.h"
#include "traj/io/tensors.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_MAX 100000000 /* bytes, the format's own limit */
#define WHOLE_MAX  0x1p53    /* JSON numbers up to here are exact */

enum { LENGTH_SIZE = 8, ALIGNMENT = 8 };

typedef struct extent { /* where a tensor's bytes lie in the data part */
    size_t begin, end;
    const char *name; /* view */
} extent;

typedef struct reader {
    const char *path;
    const char *data; /* view: the data part */
    size_t data_size;
    traj_tensors tensors; /* what is read so far */
    extent *extent;       /* owned, parallel to tensors.tensor */
    traj_error *err;
} reader;

static traj_status refuse(const reader *in, const char *name, const char *what)
{
    int shown = 0; /* a hostile name must not break the sentence */
    while (shown < 96 && (unsigned char)name[shown] >= ' ') shown++;
    return traj_fail(in->err, TRAJ_E_DATA,
                     "%s: tensor '%.*s': %s; the file is damaged or not a safetensors file",
                     in->path, shown, name, what);
}

static bool whole_number(const traj_json *value, size_t *whole)
{
    double number;
    if (!traj_json_number(value, &number)) return false;
    if (!(number >= 0 && number <= WHOLE_MAX) || number != floor(number)) return false;
    *whole = (size_t)number;
    return true;
}

static bool read_dtype(const traj_json *value, traj_dtype *dtype)
{
    static const traj_dtype known[] = {TRAJ_F32, TRAJ_F64, TRAJ_I64, TRAJ_U8};
    const char *name = traj_json_string(value);
    for (size_t i = 0; name && i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, traj_dtype_name(known[i])) != 0) continue;
        *dtype = known[i];
        return true;
    }
    return false;
}

/* The shape into *tensor and its size into *bytes; false when it is no shape or its size is over
 * any memory. */
static bool read_shape(const traj_json *shape, traj_tensor *tensor, size_t *bytes)
{
    if (!traj_json_is_array(shape) || traj_json_count(shape) > TRAJ_TENSOR_DIMS) return false;
    size_t product = traj_dtype_size(tensor->dtype);
    const traj_json *member = traj_json_first(shape);
    for (tensor->dims = 0; member; tensor->dims++, member = traj_json_next(member)) {
        size_t length;
        if (!whole_number(member, &length)) return false;
        if (length > 0 && product > SIZE_MAX / length) return false;
        product *= length;
        tensor->shape[tensor->dims] = (int64_t)length;
    }
    *bytes = product;
    return true;
}

static bool read_extent(const traj_json *offsets, extent *where)
{
    return traj_json_is_array(offsets) && traj_json_count(offsets) == 2 &&
           whole_number(traj_json_at(offsets, 0), &where->begin) &&
           whole_number(traj_json_at(offsets, 1), &where->end);
}

static traj_status read_tensor(reader *in, const traj_json *entry)
{
    traj_tensor *tensor = &in->tensors.tensor[in->tensors.count];
    extent *where = &in->extent[in->tensors.count];
    const char *name = traj_json_key(entry);
    size_t bytes;
    if (strlen(name) >= sizeof tensor->name) return refuse(in, name, "its name is too long");
    if (!read_dtype(traj_json_get(entry, "dtype"), &tensor->dtype))
        return refuse(in, name, "its dtype is none of F32, F64, I64 and U8");
    if (!read_shape(traj_json_get(entry, "shape"), tensor, &bytes))
        return refuse(in, name, "its shape is not an array of up to 4 lengths");
    if (!read_extent(traj_json_get(entry, "data_offsets"), where))
        return refuse(in, name, "its data_offsets are not two whole numbers");
    if (where->begin > where->end || where->end > in->data_size)
        return refuse(in, name, "its data_offsets lie outside the data");
    if (where->end - where->begin != bytes)
        return refuse(in, name, "its shape and dtype do not fit its length in bytes");
    if (where->begin % traj_dtype_size(tensor->dtype) != 0)
        return refuse(in, name, "its data_offsets are not aligned for its dtype");
    memcpy(tensor->name, name, strlen(name) + 1);
    where->name = tensor->name;
    tensor->data = in->data + where->begin;
    in->tensors.count++;
    return TRAJ_OK;
}

static traj_status read_metadata(reader *in, const traj_json *pairs)
{
    const char *const name = "__metadata__";
    if (in->tensors.meta) return refuse(in, name, "stands in the header twice");
    in->tensors.meta = traj_alloc(traj_json_count(pairs), sizeof *in->tensors.meta);
    if (!in->tensors.meta) return traj_fail_memory(in->err, in->path);
    if (!traj_json_is_object(pairs)) return refuse(in, name, "is not an object");
    for (const traj_json *pair = traj_json_first(pairs); pair; pair = traj_json_next(pair)) {
        traj_meta *meta = &in->tensors.meta[in->tensors.metas];
        const char *key = traj_json_key(pair), *value = traj_json_string(pair);
        if (!value) return refuse(in, name, "has a value that is not a string");
        if (strlen(key) >= sizeof meta->key) return refuse(in, name, "has a key that is too long");
        meta->value = traj_strdup(value);
        if (!meta->value) return traj_fail_memory(in->err, in->path);
        memcpy(meta->key, key, strlen(key) + 1);
        in->tensors.metas++;
    }
    return TRAJ_OK;
}

static int by_begin(const void *a, const void *b)
{
    const extent *left = a, *right = b;
    if (left->begin != right->begin) return left->begin < right->begin ? -1 : 1;
    return (left->end > right->end) - (left->end < right->end); /* empty tensors first */
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const extent *)a)->name, ((const extent *)b)->name);
}

static traj_status check_together(reader *in)
{
    extent *extents = in->extent;
    size_t count = in->tensors.count, covered = 0;
    qsort(extents, count, sizeof *extents, by_name);
    for (size_t i = 1; i < count; i++)
        if (by_name(&extents[i - 1], &extents[i]) == 0)
            return refuse(in, extents[i].name, "stands in the header twice");
    qsort(extents, count, sizeof *extents, by_begin);
    for (size_t i = 0; i < count; i++) {
        if (extents[i].begin != covered)
            return refuse(in, extents[i].name, "a hole or an overlap precedes its data");
        covered = extents[i].end;
    }
    if (covered == in->data_size) return TRAJ_OK;
    return traj_fail(in->err, TRAJ_E_DATA,
                     "%s: %zu bytes follow the last tensor: the file is damaged or not a "
                     "safetensors file",
                     in->path, in->data_size - covered);
}

static traj_status read_entries(reader *in, const traj_json *header)
{
    size_t entries = traj_json_count(header);
    in->tensors.tensor = traj_alloc(entries, sizeof *in->tensors.tensor);
    in->extent = traj_alloc(entries, sizeof *in->extent);
    if (!in->tensors.tensor || !in->extent) return traj_fail_memory(in->err, in->path);
    for (const traj_json *entry = traj_json_first(header); entry; entry = traj_json_next(entry)) {
        bool meta = strcmp(traj_json_key(entry), "__metadata__") == 0;
        traj_status status = meta ? read_metadata(in, entry) : read_tensor(in, entry);
        if (status) return status;
    }
    return check_together(in);
}

/* The header's length into *length, checked against the file. */
static traj_status read_length(const char *path, const char *bytes, size_t size, size_t *length,
                               traj_error *err)
{
    uint64_t stated = 0;
    if (size >= LENGTH_SIZE) memcpy(&stated, bytes, LENGTH_SIZE);
    if (size < LENGTH_SIZE || stated > size - LENGTH_SIZE || stated > HEADER_MAX)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: the header does not fit into the file of %zu bytes: it is cut short "
                         "or not a safetensors file",
                         path, size);
    *length = (size_t)stated;
    return TRAJ_OK;
}

/* Moves the data to the next lower aligned address when the header's length is odd, over the
 * header, which is no longer needed. */
static void align_data(reader *in, char *bytes)
{
    size_t start = (size_t)(in->data - bytes), excess = start % ALIGNMENT;
    if (excess == 0) return;
    memmove(bytes + start - excess, bytes + start, in->data_size);
    for (size_t i = 0; i < in->tensors.count; i++) {
        traj_tensor *tensor = &in->tensors.tensor[i];
        tensor->data = (const char *)tensor->data - excess;
    }
}

traj_status traj_tensors_parse(const char *path, char *bytes, size_t size, traj_tensors *tensors,
                               traj_error *err)
{
    TRAJ_ASSERT(path && bytes && tensors && (uintptr_t)bytes % ALIGNMENT == 0);
    size_t length = 0;
    traj_status status = read_length(path, bytes, size, &length, err);
    if (status) return status;
    reader in = {.path = path,
                 .data = bytes + LENGTH_SIZE + length,
                 .data_size = size - LENGTH_SIZE - length,
                 .err = err};
    traj_json *header;
    status = traj_json_parse(path, bytes + LENGTH_SIZE, length, &header, err);
    if (status) return status;
    if (traj_json_is_object(header))
        status = read_entries(&in, header);
    else
        status = traj_fail(err, TRAJ_E_DATA, "%s: the header is no object: not a safetensors file",
                           path);
    traj_json_free(header);
    traj_free(in.extent);
    if (status) {
        traj_tensors_free(&in.tensors);
        return status;
    }
    align_data(&in, bytes);
    in.tensors.bytes = bytes;
    in.tensors.size = size;
    *tensors = in.tensors;
    return TRAJ_OK;
}

traj_status traj_tensors_read(const char *path, traj_tensors *tensors, traj_error *err)
{
    char *bytes;
    size_t size;
    traj_status status = traj_file_read(path, &bytes, &size, err);
    if (status) return status;
    status = traj_tensors_parse(path, bytes, size, tensors, err);
    if (status) traj_free(bytes);
    return status;
}
