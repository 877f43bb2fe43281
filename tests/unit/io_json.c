#include "io_tests.h"
#include "traj/io/json.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_refused(const char *text, const char *where, const char *why)
{
    traj_json *root = NULL;
    traj_error err;
    assert_int_equal(traj_json_parse("f.json", text, strlen(text), &root, &err), TRAJ_E_DATA);
    assert_null(root);
    io_assert_contains(err.text, where);
    io_assert_contains(err.text, why);
}

static void bad_text_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused("", "f.json:1: ", "ends");
    assert_refused(" \n", "f.json:1: ", "");
    assert_refused("{\n\"a\": 1,\n\"b\" 2}", "f.json:3: ", "not JSON, near '2}'");
    assert_refused("{\"a\": [1, 2", "f.json:1: ", "");
    assert_refused("{}\n{}", "f.json:2: ", "near '{}'");
    assert_refused("[1, nul]", "f.json:1: ", "near 'nul]'");
    assert_refused("\"abc", "f.json:1: ", "");
}

static void bare_nan_is_named(void **state)
{
    (void)state;
    assert_refused("{\n\"x\": NaN}", "f.json:2: ", "no NaN or Infinity");
    assert_refused("[nan]", "f.json:1: ", "no NaN or Infinity");
    assert_refused("[1, -Infinity]", "f.json:1: ", "no NaN or Infinity");
}

static void unreadable_files_are_errors(void **state)
{
    traj_json *root;
    traj_error err;
    assert_int_equal(traj_json_read(io_path(state, "none.json"), &root, &err), TRAJ_E_IO);
    io_write_text(io_path(state, "bad.json"), "{\n]");
    assert_int_equal(traj_json_read(io_path(state, "bad.json"), &root, &err), TRAJ_E_DATA);
    io_assert_contains(err.text, "bad.json:2: ");
    traj_json *object = traj_json_object();
    assert_int_equal(traj_json_write(io_path(state, "none/x.json"), object, &err), TRAJ_E_IO);
    assert_int_equal(traj_json_write("/dev/full", object, &err), TRAJ_E_IO);
    traj_json_free(object);
}

static traj_json *parsed(const char *text)
{
    traj_json *root;
    traj_error err;
    if (traj_json_parse("f.json", text, strlen(text), &root, &err) != TRAJ_OK)
        fail_msg("%s", err.text);
    return root;
}

static void values_are_read(void **state)
{
    (void)state;
    traj_json *root =
        parsed("\xEF\xBB\xBF{\"n\": -1.5e3, \"s\": \"\\u00e9\\n\", \"t\": true, \"f\": false,"
               " \"z\": null, \"a\": [1, \"x\", {}], \"n\": 2, \"N\": 3} \n");
    double number = 0;
    bool truth = false;
    assert_true(traj_json_number(traj_json_get(root, "n"), &number) && number == -1500);
    assert_string_equal(traj_json_string(traj_json_get(root, "s")), "\xC3\xA9\n");
    assert_true(traj_json_bool(traj_json_get(root, "t"), &truth) && truth);
    assert_true(traj_json_bool(traj_json_get(root, "f"), &truth) && !truth);
    const traj_json *array = traj_json_get(root, "a");
    assert_int_equal(traj_json_count(array), 3);
    assert_true(traj_json_is_array(array) && traj_json_is_object(traj_json_at(array, 2)));
    assert_string_equal(traj_json_string(traj_json_at(array, 1)), "x");
    assert_string_equal(traj_json_key(array), "a");
    assert_string_equal(traj_json_key(traj_json_first(array)), "");
    size_t seen = 0;
    for (const traj_json *m = traj_json_first(root); m; m = traj_json_next(m)) seen++;
    assert_int_equal(seen, traj_json_count(root));
    traj_json_free(root);
}

static void absent_and_wrong_kinds_are_told(void **state)
{
    (void)state;
    traj_json *root = parsed("{\"s\": \"1\", \"z\": null, \"n\": 1, \"a\": []}");
    const traj_json *text = traj_json_get(root, "s"), *none = traj_json_get(root, "none");
    double number = 7;
    bool truth;
    assert_null(none);
    assert_null(traj_json_get(none, "x"));
    assert_null(traj_json_get(text, "x"));
    assert_null(traj_json_at(traj_json_get(root, "a"), 0));
    assert_null(traj_json_at(none, 0));
    assert_null(traj_json_first(traj_json_get(root, "a")));
    assert_int_equal(traj_json_count(none), 0);
    assert_false(traj_json_number(text, &number) || traj_json_number(none, &number));
    assert_false(traj_json_number(traj_json_get(root, "z"), &number));
    assert_true(number == 7);
    assert_null(traj_json_string(traj_json_get(root, "n")));
    assert_false(traj_json_bool(traj_json_get(root, "n"), &truth));
    assert_string_equal(traj_json_key(none), "");
    traj_json_free(root);
    traj_json_free(NULL);
}

static traj_json *build(void)
{
    traj_json *root = traj_json_object();
    traj_json_set_string(root, "name", "a \"b\"\\\t\x01\xC3\xA9");
    traj_json_set_number(root, "rate", 1);
    traj_json_set_number(root, "rate", 0.1); /* replaces, and moves to the end */
    traj_json_set_bool(root, "ok", true);
    traj_json_set_number(root, "gone", NAN);
    traj_json *array = traj_json_set_array(root, "list");
    traj_json_append_number(array, 1e15);
    traj_json_append_string(array, "x");
    traj_json_append_number(array, INFINITY);
    traj_json *nested = traj_json_set_array(root, "nested");
    traj_json_set_number(traj_json_append_object(nested), "deep", -2);
    traj_json_append_number(traj_json_append_array(nested), 3);
    traj_json_set_object(root, "empty");
    return root;
}

static const char pretty_text[] = "{\n"
                                  "  \"name\": \"a \\\"b\\\"\\\\\\t\\u0001\xC3\xA9\",\n"
                                  "  \"rate\": 0.1,\n"
                                  "  \"ok\": true,\n"
                                  "  \"gone\": null,\n"
                                  "  \"list\": [1000000000000000, \"x\", null],\n"
                                  "  \"nested\": [\n"
                                  "    {\n"
                                  "      \"deep\": -2\n"
                                  "    },\n"
                                  "    [3]\n"
                                  "  ],\n"
                                  "  \"empty\": {}\n"
                                  "}\n";
static const char plain_text[] =
    "{\"name\":\"a \\\"b\\\"\\\\\\t\\u0001\xC3\xA9\",\"rate\":0.1,\"ok\":true,\"gone\":null,"
    "\"list\":[1000000000000000,\"x\",null],\"nested\":[{\"deep\":-2},[3]],\"empty\":{}}";

static void assert_text(const traj_json *root, bool pretty, const char *expected)
{
    char *text = traj_json_text(root, pretty);
    assert_non_null(text);
    assert_string_equal(text, expected);
    traj_free(text);
}

static void built_trees_are_printed_and_read_back(void **state)
{
    traj_json *root = build(), *again;
    assert_text(root, true, pretty_text);
    assert_text(root, false, plain_text);
    const char *path = io_path(state, "built.json");
    assert_int_equal(traj_json_write(path, root, NULL), TRAJ_OK);
    traj_json_free(root);
    assert_int_equal(traj_json_read(path, &again, NULL), TRAJ_OK);
    assert_text(again, true, pretty_text);
    traj_json_free(again);
}

/* cJSON alone would print 5e-324, 0.1 + 0.2 and many neighbours with 15 digits. */
/* JSON is Unicode, and names need not be: cut short, or from a spreadsheet. */
static void bytes_that_are_no_utf8_are_printed_as_characters(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x98\x80",
         "\"M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x98\x80\""},
        {"M\xfcller", "\"M\xc3\xbcller\""},
        {"cut \xe2\x82", "\"cut \xc3\xa2\xc2\x82\""},
        {"\xc0\xaf", "\"\xc3\x80\xc2\xaf\""},                         /* more bytes than needed */
        {"\xed\xa0\x80", "\"\xc3\xad\xc2\xa0\xc2\x80\""},             /* half of a pair of UTF-16 */
        {"\xf4\x90\x80\x80", "\"\xc3\xb4\xc2\x90\xc2\x80\xc2\x80\""}, /* beyond Unicode */
        {"\xf8\x88\x80\x80\"", "\"\xc3\xb8\xc2\x88\xc2\x80\xc2\x80\\\"\""},
    };
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        char *const text = traj_json_quote(texts[t][0]);
        assert_string_equal(text, texts[t][1]);
        traj_free(text);
    }
}

static void numbers_read_back_bit_for_bit(void **state)
{
    (void)state;
    static const double fixed[] = {
        0.1 + 0.2, 5e-324, 1.7976931348623157e308, 9007199254740993e0, 9007199254740991e0, 1e21,
        1.0 / 3,   -0.0};
    uint64_t seed = 3;
    for (size_t i = 0; i < 20000; i++) {
        double number, back;
        uint64_t bits = io_random(&seed);
        memcpy(&number, &bits, sizeof number);
        if (i < sizeof fixed / sizeof *fixed) number = fixed[i];
        if (!isfinite(number)) continue;
        traj_json *root = traj_json_object();
        traj_json_set_number(root, "x", number);
        char *text = traj_json_text(root, false);
        traj_json_free(root);
        root = parsed(text);
        assert_true(traj_json_number(traj_json_get(root, "x"), &back));
        assert_memory_equal(&number, &back, sizeof number);
        traj_json_free(root);
        traj_free(text);
    }
}

static void unfinished_trees_are_not_printed(void **state)
{
    (void)state;
    traj_error err;
    assert_null(traj_json_text(NULL, true));
    assert_int_equal(traj_json_write("unused.json", NULL, &err), TRAJ_E_MEMORY);
    traj_json_set_number(NULL, "x", 1);
    traj_json_append_string(traj_json_set_array(NULL, "x"), "y");
}

static void every_allocation_of_cjson_may_fail(void **state)
{
    (void)state;
    char *text = NULL;
    for (long n = 1; !text; n++) {
        io_json_fail_at(n);
        traj_json *root = build();
        io_json_fail_at(0);
        text = traj_json_text(root, false);
        traj_json_free(root);
        if (n == 1) assert_null(text);
    }
    assert_string_equal(text, plain_text); /* whole or not at all */

    traj_json *root = NULL;
    for (long n = 1; !root; n++) {
        io_json_fail_at(n);
        traj_status status = traj_json_parse("f.json", text, strlen(text), &root, NULL);
        io_json_fail_at(0);
        assert_int_equal(status, root ? TRAJ_OK : TRAJ_E_MEMORY);
    }
    traj_json_free(root);
    traj_free(text);
}

static void every_allocation_of_ours_may_fail(void **state)
{
    const char *path = io_path(state, "failing.json");
    traj_json *root = build(), *again = NULL;
    traj_status status = TRAJ_E_MEMORY;
    for (long n = 1; status; n++) {
        traj_alloc_fail_at(n);
        status = traj_json_write(path, root, NULL);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
        assert_int_equal(n == 1, status && n == 1);
    }
    traj_json_free(root);
    traj_alloc_fail_at(1);
    assert_int_equal(traj_json_read(path, &again, NULL), TRAJ_E_MEMORY);
    traj_alloc_fail_at(0);
    assert_null(again);
}

int io_json_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_text_is_refused_with_its_line),
        cmocka_unit_test(bare_nan_is_named),
        cmocka_unit_test(unreadable_files_are_errors),
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(absent_and_wrong_kinds_are_told),
        cmocka_unit_test(built_trees_are_printed_and_read_back),
        cmocka_unit_test(bytes_that_are_no_utf8_are_printed_as_characters),
        cmocka_unit_test(numbers_read_back_bit_for_bit),
        cmocka_unit_test(unfinished_trees_are_not_printed),
        cmocka_unit_test(every_allocation_of_cjson_may_fail),
        cmocka_unit_test(every_allocation_of_ours_may_fail),
    };
    return cmocka_run_group_tests_name("io_json", tests, io_folder_setup, io_folder_teardown);
}
