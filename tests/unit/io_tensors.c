#include "io_tests.h"
#include "traj/io/file.h"
#include "traj/io/tensors.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A container in memory: header text, then data_size bytes of data (0, 1, 2, ...). */
static char *container(const char *header, size_t data_size, size_t *size)
{
    uint64_t length = strlen(header);
    *size = 8 + length + data_size;
    char *bytes = traj_alloc(*size, 1);
    assert_non_null(bytes);
    memcpy(bytes, &length, 8);
    memcpy(bytes + 8, header, length);
    for (size_t i = 0; i < data_size; i++) bytes[8 + length + i] = (char)i;
    return bytes;
}

static traj_status parse(const char *header, size_t data_size, traj_tensors *tensors,
                         traj_error *err)
{
    size_t size;
    char *bytes = container(header, data_size, &size);
    traj_status status = traj_tensors_parse("f.st", bytes, size, tensors, err);
    if (status) traj_free(bytes);
    return status;
}

typedef struct bad_header {
    const char *header;
    size_t data_size;
    const char *why; /* part of the sentence */
} bad_header;

#define ENTRY(dtype, shape, offsets)                                                               \
    "{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"

static const bad_header bad_headers[] = {
    {"", 0, "f.st:1"},
    {"[]", 0, "no object"},
    {"{", 0, "f.st:1"},
    {"{\"a\":1}", 0, "dtype"},
    {"{\"a\":null}", 0, "dtype"},
    {"{\"a\":" ENTRY("F16", "[1]", "[0,2]") "}", 2, "dtype"},
    {"{\"a\":{\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "dtype"},
    {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "shape"},
    {"{\"a\":" ENTRY("F32", "1", "[0,4]") "}", 4, "shape"},
    {"{\"a\":" ENTRY("F32", "[1,1,1,1,1]", "[0,4]") "}", 4, "shape"},
    {"{\"a\":" ENTRY("F32", "[-1]", "[0,4]") "}", 4, "shape"},
    {"{\"a\":" ENTRY("F32", "[0.5]", "[0,4]") "}", 4, "shape"},
    {"{\"a\":" ENTRY("F32", "[1e300]", "[0,4]") "}", 4, "shape"},
    {"{\"a\":" ENTRY("F32", "[\"1\"]", "[0,4]") "}", 4, "shape"},
    {"{\"a\":" ENTRY("F32", "[4294967296,4294967296]", "[0,0]") "}", 0, "shape"}, /* 2^64 = 0 */
    {"{\"a\":" ENTRY("F32", "[2]", "[0,4]") "}", 4, "do not fit"},
    {"{\"a\":" ENTRY("U8", "[]", "[0,0]") "}", 0, "do not fit"},
    {"{\"a\":" ENTRY("F32", "[1]", "[0]") "}", 4, "data_offsets"},
    {"{\"a\":" ENTRY("F32", "[1]", "[0,4,4]") "}", 4, "data_offsets"},
    {"{\"a\":" ENTRY("F32", "[1]", "{\"x\":0,\"y\":4}") "}", 4, "data_offsets"},
    {"{\"a\":" ENTRY("F32", "[1]", "[0,8]") "}", 4, "outside"},
    {"{\"a\":" ENTRY("F32", "[1]", "[8,4]") "}", 8, "outside"},
    {"{\"a\":" ENTRY("U8", "[1]", "[0,1]") ",\"b\":" ENTRY("F32", "[1]", "[1,5]") "}", 5,
     "aligned"},
    {"{\"a\":" ENTRY("F32", "[1]", "[4,8]") "}", 8, "hole"},
    {"{\"a\":" ENTRY("F32", "[1]", "[0,4]") ",\"b\":" ENTRY("F32", "[1]", "[0,4]") "}", 4,
     "overlap"},
    {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") ",\"b\":" ENTRY("F32", "[1]", "[4,8]") "}", 8,
     "overlap"},
    {"{\"a\":" ENTRY("F32", "[1]", "[0,4]") "}", 8, "4 bytes follow"},
    {"{}", 1, "1 bytes follow"},
    {"{\"a\":" ENTRY("U8", "[1]", "[0,1]") ",\"a\":" ENTRY("U8", "[1]", "[1,2]") "}", 2, "twice"},
    {"{\"__metadata__\":[]}", 0, "not an object"},
    {"{\"__metadata__\":{\"a\":1}}", 0, "not a string"},
    {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, "twice"},
    {"{\"__metadata__\":{\"0123456789012345678901234567890123456789012345678901234567890123\":\"\"}"
     "}",
     0, "too long"},
    {"{\"012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
     "0"
     "12345\":" ENTRY("U8", "[0]", "[0,0]") "}",
     0, "too long"},
};

static void damaged_headers_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_headers / sizeof *bad_headers; i++) {
        traj_tensors tensors;
        traj_error err;
        const bad_header *bad = &bad_headers[i];
        if (parse(bad->header, bad->data_size, &tensors, &err) != TRAJ_E_DATA)
            fail_msg("accepted: %s", bad->header);
        if (!strstr(err.text, bad->why)) fail_msg("%s: said '%s'", bad->header, err.text);
    }
}

static void damaged_lengths_are_refused(void **state)
{
    (void)state;
    static const uint64_t stated[] = {UINT64_MAX, UINT64_MAX - 7, 100000001, 3, UINT64_C(1) << 63};
    size_t size;
    char *bytes = container("{}", 0, &size);
    traj_tensors tensors;
    traj_error err;
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
        memcpy(bytes, &stated[i], 8);
        assert_int_equal(traj_tensors_parse("f.st", bytes, size, &tensors, &err), TRAJ_E_DATA);
        io_assert_contains(err.text, "f.st: the header does not fit");
    }
    for (size_t cut = 0; cut < 8; cut++)
        assert_int_equal(traj_tensors_parse("f.st", bytes, cut, &tensors, NULL), TRAJ_E_DATA);
    traj_free(bytes);
}

static void unreadable_files_are_errors(void **state)
{
    traj_tensors tensors;
    traj_error err;
    assert_int_equal(traj_tensors_read(io_path(state, "none.st"), &tensors, &err), TRAJ_E_IO);
    assert_int_equal(traj_tensors_write(io_path(state, "none/x.st"), NULL, 0, NULL, 0, &err),
                     TRAJ_E_IO);
    static const char megabyte[1000000];
    traj_tensor big = {.name = "big", .dtype = TRAJ_U8, .dims = 1, .shape = {1000000}};
    big.data = megabyte;
    assert_int_equal(traj_tensors_write("/dev/full", &big, 1, NULL, 0, &err), TRAJ_E_IO);
    io_assert_contains(err.text, "disk full");
}

static const float weights[2][3] = {{1, 2, 3}, {4, 5, 6}};
static const double loss = 0.5;
static const int64_t steps[2] = {-1, INT64_MAX};
static const unsigned char state_bytes[3] = {7, 8, 255};

static const traj_tensor samples[] = {
    {.name = "state", .dtype = TRAJ_U8, .dims = 1, .shape = {3}, .data = state_bytes},
    {.name = "gru.weight", .dtype = TRAJ_F32, .dims = 2, .shape = {2, 3}, .data = weights},
    {.name = "loss", .dtype = TRAJ_F64, .dims = 0, .data = &loss},
    {.name = "none", .dtype = TRAJ_F32, .dims = 3, .shape = {4, 0, 2}, .data = weights},
    {.name = "steps", .dtype = TRAJ_I64, .dims = 1, .shape = {2}, .data = steps},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static traj_meta sample_meta[] = {{"format", "pt"}, {"config", "{\"a\": \"\xC3\xA9\n\"}"}};

static void assert_samples(const traj_tensors *tensors)
{
    assert_int_equal(tensors->count, SAMPLES);
    for (size_t i = 0; i < SAMPLES; i++) {
        const traj_tensor *got = &tensors->tensor[i], *put = &samples[i];
        assert_string_equal(got->name, put->name);
        assert_int_equal(got->dtype, put->dtype);
        assert_int_equal(got->dims, put->dims);
        for (int d = 0; d < put->dims; d++) assert_int_equal(got->shape[d], put->shape[d]);
        size_t item = traj_dtype_size(put->dtype);
        assert_int_equal((uintptr_t)got->data % item, 0);
        assert_int_equal(memcmp(got->data, put->data, traj_tensor_items(put) * item), 0);
    }
}

static void what_is_written_is_read(void **state)
{
    const char *path = io_path(state, "written.st");
    traj_tensors tensors;
    assert_int_equal(traj_tensors_write(path, samples, SAMPLES, sample_meta, 2, NULL), TRAJ_OK);
    assert_int_equal(traj_tensors_read(path, &tensors, NULL), TRAJ_OK);
    assert_samples(&tensors);
    assert_int_equal(tensors.metas, 2);
    assert_string_equal(traj_tensors_meta(&tensors, "format"), "pt");
    assert_string_equal(traj_tensors_meta(&tensors, "config"), sample_meta[1].value);
    assert_null(traj_tensors_meta(&tensors, "none"));
    assert_ptr_equal(traj_tensors_find(&tensors, "loss"), &tensors.tensor[2]);
    assert_null(traj_tensors_find(&tensors, "los"));
    traj_tensors_free(&tensors);
    traj_tensors_free(&tensors); /* empty: nothing */
}

static void an_empty_container_is_fine(void **state)
{
    const char *path = io_path(state, "empty.st");
    traj_tensors tensors;
    assert_int_equal(traj_tensors_write(path, NULL, 0, NULL, 0, NULL), TRAJ_OK);
    assert_int_equal(traj_tensors_read(path, &tensors, NULL), TRAJ_OK);
    assert_int_equal(tensors.count, 0);
    assert_int_equal(tensors.size, 16); /* length, {} and six blanks */
    traj_tensors_free(&tensors);
}

/* Other writers need not pad the header; a float must be readable in place all the same. */
static void data_after_an_odd_header_is_aligned(void **state)
{
    (void)state;
    traj_tensors tensors;
    char header[256];
    for (int padding = 0; padding < 8; padding++) {
        snprintf(
            header, sizeof header,
            "{\"b\":" ENTRY("F32", "[1]", "[8,12]") ",\"a\":" ENTRY("F64", "[1]", "[0,8]") "%*s}",
            padding, "");
        assert_int_equal(parse(header, 12, &tensors, NULL), TRAJ_OK);
        static const unsigned char expected[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        assert_int_equal((uintptr_t)traj_tensors_find(&tensors, "a")->data % 8, 0);
        assert_memory_equal(traj_tensors_find(&tensors, "a")->data, expected, 8);
        assert_memory_equal(traj_tensors_find(&tensors, "b")->data, expected + 8, 4);
        traj_tensors_free(&tensors);
    }
}

static traj_status write_and_read(const char *path)
{
    traj_tensors tensors;
    traj_status status = traj_tensors_write(path, samples, SAMPLES, sample_meta, 2, NULL);
    if (!status) status = traj_tensors_read(path, &tensors, NULL);
    if (!status) traj_tensors_free(&tensors);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    const char *path = io_path(state, "failing.st");
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    while (status) {
        traj_alloc_fail_at(++n);
        status = write_and_read(path);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
    }
    assert_true(n > 8);
    status = TRAJ_E_MEMORY;
    for (n = 0; status;) {
        io_json_fail_at(++n);
        status = write_and_read(path);
        io_json_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
    }
    assert_true(n > 50);
}

int io_tensors_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_headers_are_refused),
        cmocka_unit_test(damaged_lengths_are_refused),
        cmocka_unit_test(unreadable_files_are_errors),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(an_empty_container_is_fine),
        cmocka_unit_test(data_after_an_odd_header_is_aligned),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("io_tensors", tests, io_folder_setup, io_folder_teardown);
}
