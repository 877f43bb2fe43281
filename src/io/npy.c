/* See traj/io/npy.h. The header is read as the small part of Python that numpy.save writes: a
 * dictionary of strings, True, False and tuples of whole numbers. */
#include "traj/io/npy.h"

#include "traj/base/assert.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char magic[] = "\x93NUMPY";
enum { MAGIC = 6, VERSION = 2 };

typedef struct text {
    const char *at, *end; /* views */
} text;

typedef struct header {
    char descr[32];
    bool fortran, negative, huge, deep; /* what the shape has that no array of ours may have */
    bool has_descr, has_order, has_shape;
} header;

bool traj_npy_begins(const char *bytes, size_t size)
{
    return size >= MAGIC && memcmp(bytes, magic, MAGIC) == 0;
}

static void skip_blanks(text *in)
{
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\n' || *in->at == '\t')) in->at++;
}

static bool take(text *in, char c)
{
    skip_blanks(in);
    if (in->at == in->end || *in->at != c) return false;
    in->at++;
    return true;
}

static bool take_word(text *in, const char *word)
{
    const size_t length = strlen(word);
    skip_blanks(in);
    if ((size_t)(in->end - in->at) < length || memcmp(in->at, word, length) != 0) return false;
    in->at += length;
    return true;
}

/* 'text' or "text"; too long a one is cut. */
static bool take_string(text *in, char *out, size_t size)
{
    skip_blanks(in);
    const char quote = in->at < in->end ? *in->at : '\0';
    if (quote != '\'' && quote != '"') return false;
    size_t length = 0;
    for (in->at++; in->at < in->end && *in->at != quote; in->at++)
        if (length + 1 < size) out[length++] = *in->at;
    out[length] = '\0';
    return take(in, quote);
}

/* A list of fields is what structured arrays have; it is no number, whatever is in it. */
static bool take_descr(text *in, header *head)
{
    if (take_string(in, head->descr, sizeof head->descr)) return true;
    if (!take(in, '[')) return false;
    snprintf(head->descr, sizeof head->descr, "a record");
    while (in->at < in->end && *in->at != ']') in->at++;
    return take(in, ']');
}

static bool is_digit(const text *in)
{
    return in->at < in->end && *in->at >= '0' && *in->at <= '9';
}

static bool take_size(text *in, size_t *size, header *head)
{
    if (take(in, '-')) head->negative = true;
    skip_blanks(in);
    if (!is_digit(in)) return false;
    for (*size = 0; is_digit(in); in->at++) {
        const size_t digit = (size_t)(*in->at - '0');
        if (*size > (SIZE_MAX - digit) / 10) head->huge = true;
        *size = 10 * *size + digit;
    }
    (void)take(in, 'L'); /* Python 2 wrote 3L */
    return true;
}

static bool take_shape(text *in, traj_npy *array, header *head)
{
    if (!take(in, '(')) return false;
    for (array->dims = 0; !take(in, ')');) {
        size_t size;
        if (!take_size(in, &size, head)) return false;
        if (array->dims == TRAJ_NPY_DIMS)
            head->deep = true;
        else
            array->shape[array->dims++] = size;
        if (take(in, ',')) continue;
        return take(in, ')');
    }
    return true;
}

static bool take_order(text *in, header *head)
{
    head->fortran = take_word(in, "True");
    return head->fortran || take_word(in, "False");
}

static bool take_dictionary(text *in, traj_npy *array, header *head)
{
    if (!take(in, '{')) return false;
    while (!take(in, '}')) {
        char key[32];
        if (!take_string(in, key, sizeof key) || !take(in, ':')) return false;
        bool *const seen = strcmp(key, "descr") == 0           ? &head->has_descr
                           : strcmp(key, "fortran_order") == 0 ? &head->has_order
                           : strcmp(key, "shape") == 0         ? &head->has_shape
                                                               : NULL;
        if (seen == NULL || *seen) return false;
        *seen = true;
        const bool good = seen == &head->has_descr   ? take_descr(in, head)
                          : seen == &head->has_order ? take_order(in, head)
                                                     : take_shape(in, array, head);
        if (!good) return false;
        if (take(in, ',')) continue;
        if (!take(in, '}')) return false;
        break;
    }
    return head->has_descr && head->has_order && head->has_shape;
}

static traj_status check_type(const char *file, const header *head, traj_npy *array,
                              traj_error *err)
{
    array->is_double = strcmp(head->descr, "<f8") == 0;
    if (!array->is_double && strcmp(head->descr, "<f4") != 0)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: the array's dtype is '%.31s', expected '<f4' or '<f8' (little-endian "
                         "floats); save it with numpy.save(path, array.astype('<f4'))",
                         file, head->descr);
    if (!head->fortran) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: the array is in Fortran order, expected C order; save it with "
                     "numpy.save(path, numpy.ascontiguousarray(array))",
                     file);
}

/* bytes: of the numbers, as the file has them. */
static traj_status check_size(const char *file, const header *head, traj_npy *array, size_t bytes,
                              traj_error *err)
{
    const size_t item = array->is_double ? 8 : 4;
    bool huge = head->huge;
    array->count = 1;
    for (int d = 0; d < array->dims; d++) {
        const size_t size = array->shape[d];
        huge = huge || (size > 0 && array->count > SIZE_MAX / item / size);
        array->count *= size;
    }
    if (head->negative || huge || head->deep)
        return traj_fail(err, TRAJ_E_DATA, "%s: the header gives the array %s; save it again", file,
                         head->negative ? "a negative size"
                         : huge         ? "more numbers than any memory holds"
                                        : "more than eight dimensions");
    if (bytes == array->count * item) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: %zu numbers of %zu bytes should follow the header, but %zu bytes do; %s",
                     file, array->count, item, bytes,
                     bytes < array->count * item ? "the file is cut short: copy it again"
                                                 : "one array a file: save it again");
}

/* Bytes before the header, its own length included; 0: unknown version. */
static size_t find_header(const char *bytes, size_t size, size_t *length)
{
    const int major = (unsigned char)bytes[MAGIC];
    const size_t width = major == 1 ? 2 : major == 2 || major == 3 ? 4 : 0;
    const size_t start = MAGIC + VERSION + width;
    *length = 0;
    if (width == 0) return 0;
    for (size_t i = 0; i < width && start <= size; i++)
        *length |= (size_t)(unsigned char)bytes[MAGIC + VERSION + i] << (8 * i);
    return start;
}

traj_status traj_npy_parse(const char *file, const char *bytes, size_t size, traj_npy *array,
                           traj_error *err)
{
    size_t length = 0;
    header head = {.descr = ""};
    *array = (traj_npy){0};
    if (!traj_npy_begins(bytes, size))
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: this is no .npy file: it does not begin with \\x93NUMPY", file);
    const size_t start = size < MAGIC + VERSION ? SIZE_MAX : find_header(bytes, size, &length);
    if (start == 0)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: .npy version %d, expected 1, 2 or 3; save it again with numpy.save",
                         file, (unsigned char)bytes[MAGIC]);
    if (start > size || length > size - start)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: the file ends within its header, after %zu bytes; copy it again",
                         file, size);
    text in = {bytes + start, bytes + start + length};
    if (!take_dictionary(&in, array, &head))
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: byte %zu: the header does not read on as {'descr': ..., "
                         "'fortran_order': ..., 'shape': ...}; save it again with numpy.save",
                         file, (size_t)(in.at - bytes));
    array->data = bytes + start + length;
    const traj_status status = check_type(file, &head, array, err);
    if (status != TRAJ_OK) return status;
    return check_size(file, &head, array, size - start - length, err);
}

/* Byte by byte, so that neither alignment nor this machine's byte order matter. */
static uint64_t take_bytes(const char *data, int bytes)
{
    uint64_t bits = 0;
    for (int i = 0; i < bytes; i++) bits |= (uint64_t)(unsigned char)data[i] << (8 * i);
    return bits;
}

double traj_npy_at(const traj_npy *array, size_t i)
{
    TRAJ_ASSERT(i < array->count);
    if (array->is_double) {
        double number;
        const uint64_t bits = take_bytes(array->data + 8 * i, 8);
        memcpy(&number, &bits, sizeof number);
        return number;
    }
    float number;
    const uint32_t bits = (uint32_t)take_bytes(array->data + 4 * i, 4);
    memcpy(&number, &bits, sizeof number);
    return (double)number;
}

void traj_npy_shape_text(const traj_npy *array, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "(");
    for (int d = 0; d < array->dims && used < size; d++)
        used += (size_t)snprintf(out + used, size - used, d > 0 ? ", %zu" : "%zu", array->shape[d]);
    if (used < size) snprintf(out + used, size - used, array->dims == 1 ? ",)" : ")");
}

/* Blanks fill the header up so that the numbers begin at a multiple of 64. */
void traj_npy_write_header(FILE *stream, const size_t *shape, int dims)
{
    enum { START = MAGIC + VERSION + 2, ALIGNMENT = 64 };
    TRAJ_ASSERT(dims >= 1 && dims <= TRAJ_NPY_DIMS);
    traj_npy array = {.dims = dims};
    char tuple[24 * TRAJ_NPY_DIMS], head[sizeof tuple + 64];
    memcpy(array.shape, shape, (size_t)dims * sizeof *shape);
    traj_npy_shape_text(&array, tuple, sizeof tuple);
    const int used = snprintf(head, sizeof head,
                              "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", tuple);
    const int length = (START + used + ALIGNMENT) / ALIGNMENT * ALIGNMENT - START;
    fwrite(magic, 1, MAGIC, stream);
    fprintf(stream, "%c%c%c%c%-*s\n", 1, 0, length & 0xff, length >> 8, length - 1, head);
}

void traj_npy_write_number(FILE *stream, float number)
{
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    for (int i = 0; i < 4; i++) fputc((int)(bits >> (8 * i) & 0xff), stream);
}
