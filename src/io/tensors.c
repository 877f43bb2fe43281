/* What both directions share, and writing. Reading, which trusts nothing, is in tensors_read.c. */
#include "traj/io/tensors.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/file.h"
#include "traj/io/json.h"
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error                                                                                             \
    "safetensors files are little endian and are used as they are: this machine needs byte swapping"
#endif

enum { HEADER_ALIGNMENT = 8 };

typedef struct dtype_row {
    size_t size;
    const char *name;
} dtype_row;

static const dtype_row dtypes[] = {[TRAJ_F32] = {4, "F32"},
                                   [TRAJ_F64] = {8, "F64"},
                                   [TRAJ_I64] = {8, "I64"},
                                   [TRAJ_U8] = {1, "U8"}};

static const dtype_row *row_of(traj_dtype dtype)
{
    TRAJ_ASSERT((size_t)dtype < sizeof dtypes / sizeof *dtypes);
    return &dtypes[dtype];
}

size_t traj_dtype_size(traj_dtype dtype)
{
    return row_of(dtype)->size;
}

const char *traj_dtype_name(traj_dtype dtype)
{
    return row_of(dtype)->name;
}

size_t traj_tensor_items(const traj_tensor *tensor)
{
    size_t items = 1;
    for (int i = 0; i < tensor->dims; i++) items *= (size_t)tensor->shape[i];
    return items;
}

static size_t bytes_of(const traj_tensor *tensor)
{
    return traj_tensor_items(tensor) * traj_dtype_size(tensor->dtype);
}

/* Data order: the larger its items the earlier a tensor stands, equal ones as given. */
static const size_t item_sizes[] = {8, 4, 1};
enum { ITEM_SIZES = sizeof item_sizes / sizeof *item_sizes };

static void place_tensors(const traj_tensor *tensor, size_t count, size_t *begin)
{
    size_t used = 0;
    for (int s = 0; s < ITEM_SIZES; s++) {
        for (size_t i = 0; i < count; i++) {
            if (traj_dtype_size(tensor[i].dtype) != item_sizes[s]) continue;
            begin[i] = used;
            used += bytes_of(&tensor[i]);
        }
    }
}

static void write_data(FILE *stream, const traj_tensor *tensor, size_t count)
{
    for (int s = 0; s < ITEM_SIZES; s++)
        for (size_t i = 0; i < count; i++)
            if (traj_dtype_size(tensor[i].dtype) == item_sizes[s])
                fwrite(tensor[i].data, 1, bytes_of(&tensor[i]), stream);
}

static void describe(traj_json *header, const traj_tensor *tensor, size_t begin)
{
    TRAJ_ASSERT(tensor->dims >= 0 && tensor->dims <= TRAJ_TENSOR_DIMS);
    TRAJ_ASSERT(!traj_json_get(header, tensor->name));
    traj_json *entry = traj_json_set_object(header, tensor->name);
    traj_json_set_string(entry, "dtype", traj_dtype_name(tensor->dtype));
    traj_json *shape = traj_json_set_array(entry, "shape");
    for (int i = 0; i < tensor->dims; i++) traj_json_append_number(shape, (double)tensor->shape[i]);
    traj_json *offsets = traj_json_set_array(entry, "data_offsets");
    traj_json_append_number(offsets, (double)begin);
    traj_json_append_number(offsets, (double)(begin + bytes_of(tensor)));
}

/* The header's text, owned by the caller; NULL when memory ends. */
static char *header_text(const traj_tensor *tensor, size_t count, const traj_meta *meta,
                         size_t metas, const size_t *begin)
{
    traj_json *header = traj_json_object();
    traj_json *pairs = metas > 0 ? traj_json_set_object(header, "__metadata__") : NULL;
    for (size_t i = 0; i < metas; i++) traj_json_set_string(pairs, meta[i].key, meta[i].value);
    for (size_t i = 0; i < count; i++) describe(header, &tensor[i], begin[i]);
    char *text = traj_json_text(header, false);
    traj_json_free(header);
    return text;
}

/* Length and text, with blanks so that the data starts aligned. */
static void write_header(FILE *stream, const char *text)
{
    size_t length = strlen(text);
    size_t padding = (HEADER_ALIGNMENT - length % HEADER_ALIGNMENT) % HEADER_ALIGNMENT;
    uint64_t padded = length + padding;
    fwrite(&padded, 1, sizeof padded, stream);
    fprintf(stream, "%s%*s", text, (int)padding, "");
}

traj_status traj_tensors_write(const char *path, const traj_tensor *tensor, size_t count,
                               const traj_meta *meta, size_t metas, traj_error *err)
{
    TRAJ_ASSERT(path && (tensor || count == 0) && (meta || metas == 0));
    size_t *begin = traj_alloc(count, sizeof *begin);
    if (!begin) return traj_fail_memory(err, path);
    place_tensors(tensor, count, begin);
    char *text = header_text(tensor, count, meta, metas, begin);
    traj_free(begin);
    if (!text) return traj_fail_memory(err, path);
    traj_output output;
    traj_status status = traj_output_open(&output, path, err);
    if (!status) { /* commit reports what fails to be written */
        write_header(output.stream, text);
        write_data(output.stream, tensor, count);
        status = traj_output_commit(&output, err);
    }
    traj_free(text);
    return status;
}

void traj_tensors_free(traj_tensors *tensors)
{
    for (size_t i = 0; i < tensors->metas; i++) traj_free(tensors->meta[i].value);
    traj_free(tensors->meta);
    traj_free(tensors->tensor);
    traj_free(tensors->bytes);
    *tensors = (traj_tensors){0};
}

const traj_tensor *traj_tensors_find(const traj_tensors *tensors, const char *name)
{
    for (size_t i = 0; i < tensors->count; i++)
        if (strcmp(tensors->tensor[i].name, name) == 0) return &tensors->tensor[i];
    return NULL;
}

const char *traj_tensors_meta(const traj_tensors *tensors, const char *key)
{
    for (size_t i = 0; i < tensors->metas; i++)
        if (strcmp(tensors->meta[i].key, key) == 0) return tensors->meta[i].value;
    return NULL;
}
