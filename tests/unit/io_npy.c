/* .npy files: headers that numpy.save writes, and everything else refused. */
#include "io_tests.h"

#include "traj/io/npy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct npy_file {
    char bytes[512];
    size_t size;
} npy_file;

/* A file of this version and header; data[0..size) behind it. */
static npy_file make(int version, const char *header, const void *data, size_t size)
{
    npy_file file = {.bytes = "\x93NUMPY"};
    const size_t length = strlen(header), width = version == 1 ? 2 : 4, start = 8 + width;
    file.bytes[6] = (char)version;
    for (size_t i = 0; i < width; i++) file.bytes[8 + i] = (char)(length >> (8 * i));
    memcpy(file.bytes + start, header, length);
    if (size > 0) memcpy(file.bytes + start + length, data, size);
    file.size = start + length + size;
    return file;
}

/* 1.5 and -2 as NumPy on any machine writes them. */
static const unsigned char floats[] = {0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0};
static const unsigned char doubles[] = {0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0};

static void numpys_own_headers_are_read(void **state)
{
    (void)state;
    static const struct {
        int version;
        const char *header;
        int dims;
        size_t last;
        const char *shape;
    } cases[] = {
        {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }      \n", 1, 2, "(2,)"},
        {1, "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }\n", 2, 2, "(1, 2)"},
        {2, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n", 2, 1, "(2, 1)"},
        {3, "{'shape': (1, 1, 2), 'fortran_order': False, 'descr': '<f4'}", 3, 2, "(1, 1, 2)"},
        {1, "{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (2L,)}", 1, 2, "(2,)"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const bool wide = strstr(cases[c].header, "<f8") != NULL;
        const npy_file file = make(cases[c].version, cases[c].header,
                                   wide ? (const void *)doubles : floats, wide ? 16 : 8);
        traj_npy array;
        traj_error err = {0};
        char shape[32];
        if (traj_npy_parse("a.npy", file.bytes, file.size, &array, &err) != TRAJ_OK)
            fail_msg("case %zu: %s", c, err.text);
        assert_int_equal(array.dims, cases[c].dims);
        assert_int_equal(array.shape[array.dims - 1], cases[c].last);
        assert_int_equal(array.count, 2);
        assert_true(array.is_double == wide);
        assert_true(traj_npy_at(&array, 0) == 1.5 && traj_npy_at(&array, 1) == -2.0);
        traj_npy_shape_text(&array, shape, sizeof shape);
        assert_string_equal(shape, cases[c].shape);
        traj_npy_shape_text(&array, shape, 3); /* cut to fit */
        assert_int_equal(strlen(shape), 2);
    }
}

static void one_number_has_no_dimension(void **state)
{
    (void)state;
    const npy_file file =
        make(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (), }", floats, 4);
    traj_npy array;
    assert_int_equal(traj_npy_parse("a.npy", file.bytes, file.size, &array, NULL), TRAJ_OK);
    assert_true(array.dims == 0 && array.count == 1 && traj_npy_at(&array, 0) == 1.5);
}

static void assert_refused(const npy_file *file, const char *part)
{
    traj_npy array;
    traj_error err = {0};
    const traj_status status = traj_npy_parse("a.npy", file->bytes, file->size, &array, &err);
    if (status != TRAJ_E_DATA) fail_msg("accepted, expected: %s", part);
    io_assert_contains(err.text, part);
    io_assert_contains(err.text, "a.npy: ");
}

#define HEADER(descr, order, shape)                                                                \
    "{'descr': " descr ", 'fortran_order': " order ", 'shape': " shape ", }\n"

static void other_arrays_are_refused(void **state)
{
    (void)state;
    static const struct {
        int version;
        const char *header, *part;
    } cases[] = {
        {1, HEADER("'>f4'", "False", "(2,)"), "dtype is '>f4', expected '<f4' or '<f8'"},
        {1, HEADER("'<i8'", "False", "(2,)"), "array.astype('<f4')"},
        {1, HEADER("'|O'", "False", "(2,)"), "dtype is '|O'"},
        {1, HEADER("'<f2'", "False", "(2,)"), "dtype is '<f2'"},
        {1, HEADER("[('x', '<f4'), ('y', '<f4')]", "False", "(1,)"), "dtype is 'a record'"},
        {1, HEADER("'<f4'", "True", "(2,)"), "numpy.ascontiguousarray(array)"},
        {1, HEADER("'<f4'", "False", "(3,)"),
         "3 numbers of 4 bytes should follow the header, but 8 bytes do; the file is cut short"},
        {1, HEADER("'<f4'", "False", "(1,)"), "but 8 bytes do; one array a file"},
        {1, HEADER("'<f4'", "False", "(-2,)"), "a negative size"},
        {1, HEADER("'<f4'", "False", "(4294967296, 4294967296, 8)"),
         "more numbers than any memory holds"},
        {1, HEADER("'<f4'", "False", "(99999999999999999999999,)"),
         "more numbers than any memory holds"},
        {1, HEADER("'<f4'", "False", "(1, 1, 1, 1, 1, 1, 1, 1, 2)"), "more than eight dimensions"},
        {1, HEADER("'<f4'", "False", "(2"), "byte 64: the header does not read on"},
        {1, HEADER("'<f4'", "false", "(2,)"), "the header does not read on"},
        {1, HEADER("<f4", "False", "(2,)"), "byte 20: the header does not read on"},
        {1, "{'descr': '<f4', 'shape': (2,)}", "the header does not read on"},
        {1, "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
         "the header does not read on"},
        {1, "{'descr': '<f4', 'fortran_order': False, 'size': (2,)}", "the header does not read"},
        {1, "", "byte 10: the header does not read on"},
        {4, HEADER("'<f4'", "False", "(2,)"), ".npy version 4, expected 1, 2 or 3"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const npy_file file = make(cases[c].version, cases[c].header, floats, sizeof floats);
        assert_refused(&file, cases[c].part);
    }
}

/* Every beginning of a good file is refused, and nothing behind it is looked at. */
static void truncated_files_are_refused(void **state)
{
    (void)state;
    const npy_file whole = make(2, HEADER("'<f4'", "False", "(2,)"), floats, sizeof floats);
    for (size_t size = 0; size < whole.size; size++) {
        char *const exact = traj_alloc(size, 1); /* so that the sanitizer sees the end */
        traj_npy array;
        traj_error err = {0};
        assert_non_null(exact);
        memcpy(exact, whole.bytes, size);
        assert_int_equal(traj_npy_parse("a.npy", exact, size, &array, &err), TRAJ_E_DATA);
        assert_true(traj_npy_begins(exact, size) == (size >= 6));
        io_assert_contains(err.text, size < 6                            ? "does not begin with"
                                     : size < whole.size - sizeof floats ? "ends within its header"
                                                                         : "cut short");
        traj_free(exact);
    }
}

int io_npy_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numpys_own_headers_are_read),
        cmocka_unit_test(one_number_has_no_dimension),
        cmocka_unit_test(other_arrays_are_refused),
        cmocka_unit_test(truncated_files_are_refused),
    };
    return cmocka_run_group_tests_name("io: npy", tests, NULL, NULL);
}
