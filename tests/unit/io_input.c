/* Inputs, and what is read from them piece by piece: lines, XML, long JSON arrays, documents. */
#include "io_tests.h"
#include "traj/io/document.h"
#include "traj/io/json.h"
#include "traj/io/xml.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A text as an input; the name is f. */
static traj_input *over(const char *text, size_t size)
{
    traj_input *input;
    traj_error err;
    if (traj_input_over(&input, "f", text, size, &err) != TRAJ_OK) fail_msg("%s", err.text);
    return input;
}

static traj_input *text_input(const char *text)
{
    return over(text, strlen(text));
}

/* ---- inputs ---- */

static void what_cannot_be_read_is_an_io_error(void **state)
{
    traj_input *input;
    traj_error err;
    const char *bytes;
    size_t size;
    assert_int_equal(traj_input_open(&input, io_path(state, "none"), &err), TRAJ_E_IO);
    io_assert_contains(err.text, "none': No such file");
    assert_int_equal(traj_input_open(&input, *state, NULL), TRAJ_OK);          /* a folder opens, */
    assert_int_equal(traj_input_piece(input, &bytes, &size, &err), TRAJ_E_IO); /* and is no text */
    io_assert_contains(err.text, "cannot read '");
    traj_input_close(input);
    traj_input_close(NULL);
}

static void lines_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long number;
    } expected[] = {{"a,b", 1}, {" c", 4}, {"d", 5}, {"last", 7}};
    traj_input *input = text_input("\xef\xbb\xbf"
                                   "a,b\r\n\n \t\r\n c\nd\n\nlast");
    char *text;
    size_t length;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(traj_input_line(input, &text, &length, NULL), TRAJ_OK);
        assert_string_equal(text, expected[i].text);
        assert_int_equal(length, strlen(expected[i].text));
        assert_int_equal(traj_input_line_number(input), expected[i].number);
    }
    for (int again = 0; again < 2; again++) {
        assert_int_equal(traj_input_line(input, &text, &length, NULL), TRAJ_OK);
        assert_null(text);
    }
    traj_input_close(input);
}

static void nul_bytes_are_refused_with_their_line(void **state)
{
    (void)state;
    traj_input *input = over("one\nt\0o\n", 8);
    char *text;
    size_t length;
    traj_error err;
    assert_int_equal(traj_input_line(input, &text, &length, &err), TRAJ_OK);
    assert_int_equal(traj_input_line(input, &text, &length, &err), TRAJ_E_DATA);
    io_assert_contains(err.text, "f:2: a NUL byte");
    traj_input_close(input);
}

/* Lines around the size of the buffer and far above it, from a file and from memory. */
static void lines_may_have_any_length(void **state)
{
    static const size_t lengths[] = {1, 65534, 65535, 65536, 65537, 3, 300000, 2};
    enum { LINES = sizeof lengths / sizeof *lengths };
    char *whole = traj_alloc(600000, 1), *text;
    size_t size = 0, length;
    assert_non_null(whole);
    for (size_t i = 0; i < LINES; i++) {
        memset(whole + size, 'a' + (int)i, lengths[i]);
        size += lengths[i];
        whole[size++] = '\n';
    }
    io_write_text(io_path(state, "long.txt"), whole);
    for (int memory = 0; memory < 2; memory++) {
        traj_input *input = NULL;
        if (memory)
            input = over(whole, size);
        else
            assert_int_equal(traj_input_open(&input, io_path(state, "long.txt"), NULL), TRAJ_OK);
        for (size_t i = 0; i < LINES; i++) {
            assert_int_equal(traj_input_line(input, &text, &length, NULL), TRAJ_OK);
            assert_int_equal(length, lengths[i]);
            assert_true(text[0] == 'a' + (int)i && text[length - 1] == text[0]);
            assert_int_equal(strlen(text), length);
        }
        assert_int_equal(traj_input_line(input, &text, &length, NULL), TRAJ_OK);
        assert_null(text);
        traj_input_close(input);
    }
    traj_free(whole);
}

static void a_look_takes_nothing(void **state)
{
    (void)state;
    traj_input *input = text_input("\xef\xbb\xbfone\ntwo\n");
    const char *bytes;
    size_t size;
    char *line;
    assert_int_equal(traj_input_peek(input, &bytes, &size, NULL), TRAJ_OK);
    assert_int_equal(size, 8);
    assert_memory_equal(bytes, "one\ntwo\n", 8);
    assert_int_equal(traj_input_line(input, &line, &size, NULL), TRAJ_OK);
    assert_string_equal(line, "one");
    assert_int_equal(traj_input_all(input, &bytes, &size, NULL), TRAJ_OK);
    assert_string_equal(bytes, "two\n");
    assert_int_equal(size, 4);
    assert_int_equal(traj_input_piece(input, &bytes, &size, NULL), TRAJ_OK);
    assert_int_equal(size, 0);
    traj_input_close(input);
}

static void the_share_that_was_read_grows(void **state)
{
    (void)state;
    enum { SIZE = 5 * TRAJ_INPUT_HEAD };
    char *const text = traj_alloc(SIZE + 1, 1);
    memset(text, 'x', SIZE);
    traj_input *input = text_input(text);
    const char *bytes;
    double before = 0.0;
    assert_true(traj_input_share(input) == 0.0);
    for (size_t size = 1; size > 0;) {
        assert_int_equal(traj_input_piece(input, &bytes, &size, NULL), TRAJ_OK);
        assert_true(size == 0 || traj_input_share(input) > before);
        before = traj_input_share(input);
    }
    assert_true(before == 1.0);
    traj_input_close(input);
    traj_free(text);
    input = text_input(""); /* of what has no size, nothing is known */
    assert_true(traj_input_share(input) == 1.0);
    traj_input_close(input);
}

/* ---- XML ---- */

typedef struct record { /* what the visitors were shown */
    char text[1024];
    size_t length;
    int stop_after; /* visits; 0: never */
} record;

static void note(record *to, const char *a, const char *b, const char *c)
{
    to->length +=
        (size_t)snprintf(to->text + to->length, sizeof to->text - to->length, "%s%s=%s ", a, b, c);
    assert_true(to->length < sizeof to->text);
}

static traj_status note_begin(void *context, const traj_xml_element *element, traj_error *err)
{
    record *const to = context;
    const char *const id = traj_xml_attribute(element, "id");
    note(to, "<", element->path, id ? id : "");
    assert_string_equal(element->text, "");
    if (to->stop_after > 0 && --to->stop_after == 0)
        return traj_fail(err, TRAJ_E_FAILED, "%s:%ld: %ld: enough", element->file, element->line,
                         element->column);
    return TRAJ_OK;
}

static traj_status note_end(void *context, const traj_xml_element *element, traj_error *err)
{
    (void)err;
    assert_null(element->attribute[0]);
    note(context, ">", element->name, element->text);
    return TRAJ_OK;
}

static traj_status read_xml(const char *text, record *to, traj_error *err)
{
    traj_input *input = text_input(text);
    const traj_status status = traj_xml_read(input, note_begin, note_end, to, err);
    traj_input_close(input);
    return status;
}

static void xml_is_shown_element_by_element(void **state)
{
    (void)state;
    record seen = {.length = 0};
    traj_error err;
    const char *text = "<?xml version='1.0'?>\n<a><b id='1'/><b id='2'> x &amp; "
                       "<!-- no -->y </b>\n<c><d>z</d></c></a>";
    if (read_xml(text, &seen, &err) != TRAJ_OK) fail_msg("%s", err.text);
    assert_string_equal(seen.text,
                        "</a= </a/b=1 >b= </a/b=2 >b=x & y </a/c= </a/c/d= >d=z >c= >a= ");
}

static void a_visitor_may_stop(void **state)
{
    (void)state;
    record seen = {.stop_after = 2};
    traj_error err;
    assert_int_equal(read_xml("<a>\n  <b/><c/></a>", &seen, &err), TRAJ_E_FAILED);
    assert_string_equal(err.text, "f:2: 3: enough");
    assert_string_equal(seen.text, "</a= </a/b= ");
}

static void bad_xml_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } cases[] = {
        {"", "f:1: column 1: this is not XML: no element found"},
        {"<a>\n<b></a>", "f:2: column 6: this is not XML: mismatched tag"},
        {"<a>\n<b/>\n", "f:3: column 1: this is not XML: no element found; is the file cut short"},
        {"<a b=1/>", "f:1: column 6: "},
        {"<a>\xff</a>", "f:1: column 4: this is not XML: not well-formed"},
        {"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "declares the entity 'x'"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        record seen = {.length = 0};
        traj_error err;
        assert_int_equal(read_xml(cases[c].text, &seen, &err), TRAJ_E_DATA);
        io_assert_contains(err.text, cases[c].where);
    }
    char deep[512] = "";
    for (int i = 0; i < 65; i++) strcat(deep, "<a>");
    record unseen = {.length = 0};
    traj_input *input = text_input(deep);
    traj_error err;
    assert_int_equal(traj_xml_read(input, NULL, NULL, &unseen, &err), TRAJ_E_DATA);
    io_assert_contains(err.text, "f:1: column 193: elements are nested more than 64 deep");
    traj_input_close(input);
}

/* ---- JSON ---- */

static void bare_nan_can_be_null(void **state)
{
    (void)state;
    static const char text[] = "{\"a\": NaN, \"b\": [Infinity,-Infinity,1], "
                               "\"NaN\": \"-NaN \\\"NaN, \\\\\", \"c\": NaN}";
    const traj_json_part part = {.file = "f", .line = 7, .nan = true};
    traj_json *root;
    traj_error err;
    if (traj_json_parse_part(&part, text, strlen(text), &root, &err) != TRAJ_OK)
        fail_msg("%s", err.text);
    assert_true(traj_json_is_null(traj_json_get(root, "a")));
    assert_true(traj_json_is_null(traj_json_get(root, "c")));
    assert_true(traj_json_is_null(traj_json_at(traj_json_get(root, "b"), 1)));
    assert_string_equal(traj_json_string(traj_json_get(root, "NaN")), "-NaN \"NaN, \\");
    traj_json_free(root);
    assert_int_equal(traj_json_parse_part(&part, "[1,\nnan]", 8, &root, &err), TRAJ_E_DATA);
    io_assert_contains(err.text, "f:8: ");
    const traj_json_part strict = {.file = "f", .line = 7};
    assert_int_equal(traj_json_parse_part(&strict, "[NaN]", 5, &root, &err), TRAJ_E_DATA);
    io_assert_contains(err.text, "f:7: JSON has no NaN");
}

static traj_status note_element(void *context, const traj_json *element, long line, traj_error *err)
{
    char at[16];
    (void)err;
    snprintf(at, sizeof at, "%ld:", line);
    char *const text = traj_json_text(element, false);
    note(context, at, "", text);
    traj_free(text);
    return TRAJ_OK;
}

static traj_status read_array(const char *text, const char *key, record *to, traj_error *err)
{
    traj_input *input = text_input(text);
    to->length = 0;
    const traj_status status = traj_json_stream(input, key, true, note_element, to, err);
    traj_input_close(input);
    return status;
}

static void arrays_are_shown_element_by_element(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key, *seen;
    } cases[] = {
        {"[]", NULL, ""},
        {" [ 1 , \"a,]\\\"\" ,\n{\"b\":[2,{}]},[ ],NaN]\n", NULL,
         "1:=1 1:=\"a,]\\\"\" 2:={\"b\":[2,{}]} 2:=[] 2:=null "},
        {"{\"x\":[1,{\"F\":[8]}],\n\"y\":\"F\",\"F\":[{\"F\":[3]},\n4],\"z\":[5]}", "F",
         "2:={\"F\":[3]} 3:=4 "},
        {"{\"F\":[]}", "F", ""},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        record seen;
        traj_error err;
        seen.text[0] = '\0';
        if (read_array(cases[c].text, cases[c].key, &seen, &err) != TRAJ_OK)
            fail_msg("%s", err.text);
        assert_string_equal(seen.text, cases[c].seen);
    }
}

static void broken_arrays_are_refused_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key, *where;
    } cases[] = {
        {"", NULL, "f:1: the JSON text ends or breaks off here"},
        {"{}", NULL, "f:1: expected a JSON array"},
        {"[1,\n2", NULL, "f:2: the JSON text ends or breaks off here; is the file cut short?"},
        {"[1,\n2,]", NULL, "f:2: a comma without an element"},
        {"[,1]", NULL, "f:1: a comma without an element"},
        {"[1,\nx 2]", NULL, "f:2: this is not JSON, near 'x 2'"},
        {"[1}", NULL, "f:1: this is not JSON: '}' closes an array"},
        {"[1]\n[2]", NULL, "f:2: this is not JSON: something stands behind its end"},
        {"[1]", "F", "f:1: this is not JSON: expected '{'"},
        {"{\"x\":{\"F\":[1]}}", "F", "f: there is no array 'F'"},
        {"{\"F\":[1],\n\"F\":[2]}", "F", "f:2: the array stands here for the second time"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        record seen;
        traj_error err;
        assert_int_equal(read_array(cases[c].text, cases[c].key, &seen, &err), TRAJ_E_DATA);
        io_assert_contains(err.text, cases[c].where);
    }
}

/* ---- documents ---- */

static traj_status note_step(void *context, const traj_step *step, traj_error *err)
{
    static const char *const kinds[] = {"<", "", ">"};
    (void)err;
    note(context, kinds[step->kind], step->path, step->value);
    return TRAJ_OK;
}

static void read_document(const char *text, record *to)
{
    traj_input *input = text_input(text);
    traj_error err;
    to->length = 0;
    if (traj_document_read(input, note_step, to, &err) != TRAJ_OK) fail_msg("%s", err.text);
    traj_input_close(input);
}

static void xml_and_json_walk_alike(void **state)
{
    (void)state;
    static const char expected[] = "<= /rate=25 </player= /player/no=7 /player/gk=true >/player= "
                                   "</player= /player/no= /player/gk=1.5 >/player= >= ";
    record seen;
    read_document("<root rate='25'><player no='7' gk='true'/><player no='' gk='1.5'/></root>",
                  &seen);
    assert_string_equal(seen.text, expected);
    read_document("{\"rate\": 25, \"player\": [{\"no\": 7, \"gk\": true}, {\"no\": null, "
                  "\"gk\": \"1.5\"}]}",
                  &seen);
    assert_string_equal(seen.text, expected);
}

static void elements_with_text_are_values(void **state)
{
    (void)state;
    record seen;
    read_document("\n<root>\n <a> 1 </a><b/><c d='2'>3</c><e><f/></e></root>", &seen);
    assert_string_equal(seen.text, "<= </a= /a=1 >/a= </b= /b= >/b= </c= /c/d=2 /c=3 >/c= </e= "
                                   "</e/f= /e/f= >/e/f= >/e= >= ");
    read_document("[{\"a\": [1, [2]]}, {}]", &seen);
    assert_string_equal(seen.text, "<= /a=1 /a=2 >= <= >= ");
}

static void steps_read_numbers(void **state)
{
    (void)state;
    traj_step step = {.file = "f", .line = 3, .path = "/a/b", .value = "105,50"};
    traj_error err;
    double number;
    assert_int_equal(traj_step_number(&step, &number, &err), TRAJ_OK);
    assert_true(number == 105.5);
    step.value = "";
    assert_int_equal(traj_step_number(&step, &number, &err), TRAJ_OK);
    assert_true(isnan(number));
    step.value = "left";
    assert_int_equal(traj_step_number(&step, &number, &err), TRAJ_E_DATA);
    assert_string_equal(err.text, "f:3: /a/b: expected a number, got 'left'");
    step.line = 0;
    assert_int_equal(traj_step_number(&step, &number, &err), TRAJ_E_DATA);
    assert_string_equal(err.text, "f: /a/b: expected a number, got 'left'");
}

static traj_status count_step(void *context, const traj_step *step, traj_error *err)
{
    (void)step, (void)err;
    ++*(int *)context;
    return TRAJ_OK;
}

static void bad_documents_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } cases[] = {{" \n", "f: the file is empty"},
                 {"<a><b></a>", "f:1: column 9: this is not XML"},
                 {"{\n\"a\" 1}", "f:2: this is not JSON"}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        traj_input *input = text_input(cases[c].text);
        traj_error err;
        int steps = 0;
        assert_int_equal(traj_document_read(input, count_step, &steps, &err), TRAJ_E_DATA);
        io_assert_contains(err.text, cases[c].where);
        traj_input_close(input);
    }
}

/* ---- memory ---- */

static traj_status skip_element(void *context, const traj_json *element, long line, traj_error *err)
{
    (void)context, (void)element, (void)line, (void)err;
    return TRAJ_OK;
}

static traj_status read_everything(void)
{
    static const char xml[] = "<a b='1'><c>2</c></a>", json[] = "{\"F\":[1,{\"a\":NaN}]}";
    record seen = {.length = 0};
    traj_input *input;
    traj_status status = traj_input_over(&input, "f", xml, sizeof xml - 1, NULL);
    if (status != TRAJ_OK) return status;
    status = traj_document_read(input, note_step, &seen, NULL);
    traj_input_close(input);
    if (status == TRAJ_OK) status = traj_input_over(&input, "f", json, sizeof json - 1, NULL);
    if (status != TRAJ_OK) return status;
    status = traj_json_stream(input, "F", true, skip_element, NULL, NULL);
    traj_input_close(input);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    while (status != TRAJ_OK) {
        traj_alloc_fail_at(++n);
        status = read_everything();
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
    }
    assert_true(n > 8);
}

int io_input_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_read_is_an_io_error),
        cmocka_unit_test(lines_are_told_apart),
        cmocka_unit_test(nul_bytes_are_refused_with_their_line),
        cmocka_unit_test(lines_may_have_any_length),
        cmocka_unit_test(a_look_takes_nothing),
        cmocka_unit_test(the_share_that_was_read_grows),
        cmocka_unit_test(xml_is_shown_element_by_element),
        cmocka_unit_test(a_visitor_may_stop),
        cmocka_unit_test(bad_xml_is_refused_with_its_place),
        cmocka_unit_test(bare_nan_can_be_null),
        cmocka_unit_test(arrays_are_shown_element_by_element),
        cmocka_unit_test(broken_arrays_are_refused_with_their_line),
        cmocka_unit_test(xml_and_json_walk_alike),
        cmocka_unit_test(elements_with_text_are_values),
        cmocka_unit_test(steps_read_numbers),
        cmocka_unit_test(bad_documents_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("io_input", tests, io_folder_setup, io_folder_teardown);
}
