#include "io_csv_twin.h"
#include "io_tests.h"
#include "traj/io/csv.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct collected { /* rows as LINE[field|field] */
    char text[2048];
    long stop_at; /* the visit fails in the row that starts on this line; 0: never */
} collected;

static traj_status collect(void *context, const traj_csv_row *row, traj_error *err)
{
    collected *all = context;
    if (row->line == all->stop_at)
        return traj_fail(err, TRAJ_E_INTERRUPTED, "stopped at %s:%ld", row->file, row->line);
    size_t used = strlen(all->text);
    used += (size_t)snprintf(all->text + used, sizeof all->text - used, "%ld[", row->line);
    for (size_t i = 0; i < row->fields; i++)
        used += (size_t)snprintf(all->text + used, sizeof all->text - used, "%s%.99s", i ? "|" : "",
                                 row->field[i]);
    snprintf(all->text + used, sizeof all->text - used, "]");
    return TRAJ_OK;
}

static traj_status parse(collected *all, const char *text, traj_error *err)
{
    all->text[0] = '\0';
    return traj_csv_parse("f.csv", text, strlen(text), collect, all, err);
}

static void assert_rows(const char *text, const char *expected)
{
    collected all = {0};
    assert_int_equal(parse(&all, text, NULL), TRAJ_OK);
    assert_string_equal(all.text, expected);
}

static void bad_files_are_errors(void **state)
{
    (void)state;
    collected all = {0};
    traj_error err;
    assert_int_equal(parse(&all, "a,b\n\nc,\"d\ne,f\n", &err), TRAJ_E_DATA);
    io_assert_contains(err.text, "f.csv:3: ");
    io_assert_contains(err.text, "never closed");
    assert_int_equal(traj_csv_parse("f.csv", "a\nb\0c", 5, collect, &all, &err), TRAJ_E_DATA);
    io_assert_contains(err.text, "f.csv:2: ");
    io_assert_contains(err.text, "NUL");
}

static void endless_rows_are_errors(void **state)
{
    (void)state;
    enum { SIZE = 1000100 };
    char *text = traj_alloc(SIZE + 1, 1);
    collected all = {0};
    traj_error err;
    memset(text, 'x', SIZE); /* one line */
    memcpy(text, "a\n", 2);
    assert_int_equal(parse(&all, text, &err), TRAJ_E_DATA);
    io_assert_contains(err.text, "f.csv:2: ");
    for (int i = 4; i < SIZE; i += 10) text[i] = '\n'; /* many lines in one quote */
    text[2] = '"';
    assert_int_equal(parse(&all, text, &err), TRAJ_E_DATA);
    io_assert_contains(err.text, "f.csv:2: ");
    text[999993] = '"'; /* closed in time, before a line end */
    assert_int_equal(parse(&all, text, &err), TRAJ_OK);
    traj_free(text);
}

static void visitor_stops_the_reading(void **state)
{
    (void)state;
    collected all = {.stop_at = 2};
    traj_error err;
    assert_int_equal(parse(&all, "a\nb\nc\n", &err), TRAJ_E_INTERRUPTED);
    assert_string_equal(err.text, "stopped at f.csv:2");
    assert_string_equal(all.text, "1[a]");
    assert_int_equal(parse(&all, "a\n\"b\"", &err), TRAJ_E_INTERRUPTED); /* in the last, open row */
}

static void rows_have_fields_and_lines(void **state)
{
    (void)state;
    assert_rows("", "");
    assert_rows("\n\r\n \n", "");
    assert_rows("a,b\nc,d\n", "1[a|b]2[c|d]");
    assert_rows("a,b\r\n\r\nc,d", "1[a|b]3[c|d]");
    assert_rows("a,b\rc,d\r", "1[a|b]2[c|d]");
    assert_rows(" a ,\tb c\t,,\n,", "1[a|b c||]2[|]");
    assert_rows("\xEF\xBB\xBF"
                "a,b\n",
                "1[a|b]");
    assert_rows("one column\n2\n", "1[one column]2[2]");
}

static void quotes_are_undone(void **state)
{
    (void)state;
    assert_rows("\"a,b\",\"say \"\"x\"\"\"\nc,d\n", "1[a,b|say \"x\"]2[c|d]");
    assert_rows("\" a \" , b\n", "1[ a |b]");
    assert_rows("5\"6,b\nc,d\n", "1[5\"6|b]2[c|d]");
    assert_rows("a,\"1\n2\r\n3\"\nc,d\n", "1[a|1\n2\r\n3]4[c|d]");
    assert_rows("a,b\nc,\"d\"", "1[a|b]2[c|d]");
    assert_rows("\xEF\xBB\xBF\"a\",b\n", "1[a|b]");
}

static void delimiter_is_found(void **state)
{
    (void)state;
    assert_rows("x;y\n1,5;2,5\n", "1[x|y]2[1.5|2.5]");
    assert_rows("1,5;2,5;3\n1,5;2,5;3\n", "1[1.5|2.5|3]2[1.5|2.5|3]"); /* both steady: `;` */
    assert_rows("x\ty z\n1\t2,3\n", "1[x|y z]2[1|2.3]");
    assert_rows("\t\tz\n", "1[||z]");
    assert_rows("a,b;c,d\ne,f,g\n", "1[a|b;c|d]2[e|f|g]"); /* none steady: most frequent */
    assert_rows("\"a;b;c\",d\n\"e\",f\n", "1[a;b;c|d]2[e|f]");
    assert_rows("\n\na;b\n", "3[a|b]");
}

static void a_decimal_comma_is_a_point(void **state)
{
    (void)state;
    assert_rows("x;y\n-12,5;\"1,25e1\"\n,5;3\n", "1[x|y]2[-12.5|1.25e1]3[.5|3]");
    assert_rows("x\ty\n-12,5\t7\n", "1[x|y]2[-12.5|7]");
    assert_rows("t;name\n0:01,5;Smith, John\n1,2,3;a,b\n;,\n",
                "1[t|name]2[0:01,5|Smith, John]3[1,2,3|a,b]4[|,]");
    assert_rows("x,y\n\"12,5\",3\n", "1[x|y]2[12,5|3]"); /* thousands, or two fields: who knows */
}

static void assert_equal_to_libcsv(const char *bytes, size_t size, char delimiter)
{
    csv_dump ours = {0}, theirs = {0};
    traj_status expected = csv_dump_libcsv(&theirs, bytes, size, delimiter);
    assert_int_equal(csv_dump_ours(&ours, bytes, size, delimiter, NULL), expected);
    if (ours.used != theirs.used || memcmp(ours.text, theirs.text, ours.used) != 0)
        fail_msg("'%.*s': ours %.*s, libcsv's %.*s", (int)size, bytes, (int)ours.used, ours.text,
                 (int)theirs.used, theirs.text);
    traj_free(ours.text);
    traj_free(theirs.text);
}

/* Rows with and without quotes, of one byte to a hundred thousand, which begin and end anywhere in
 * the batches that files are cut into. */
static void batches_equal_libcsv(void **state)
{
    (void)state;
    enum { SIZE = 600000, LONG = 100000 };
    char *const text = traj_alloc(SIZE + LONG, 1);
    uint64_t seed = 4;
    for (int round = 0; round < 4; round++) {
        size_t size = 0;
        while (size < SIZE) {
            const uint64_t kind = io_random(&seed) % 400;
            const size_t length = kind == 0 ? io_random(&seed) % LONG : io_random(&seed) % 200;
            const bool quoted = round > 0 && kind % 100 < 2;
            const size_t end = size + length;
            if (quoted) text[size++] = '"';
            while (size < end) text[size++] = "12.,5\n6-7a"[io_random(&seed) % 10];
            if (quoted) text[size++] = '"';
            text[size++] = '\n';
        }
        assert_equal_to_libcsv(text, size, ',');
    }
    traj_free(text);
}

/* Short texts over the letters that matter reach every state of libcsv next to every state of ours.
 */
static void fast_path_equals_libcsv(void **state)
{
    (void)state;
    static const char letters[] = "\"\"\n\r,;\t ab1";
    static const char delimiters[] = ",;\t";
    uint64_t seed = 1;
    for (int round = 0; round < 100000; round++) {
        char text[24];
        size_t size = io_random(&seed) % (sizeof text + 1);
        size_t from = round % 2 ? 2 : 0; /* half of them without a quote */
        for (size_t i = 0; i < size; i++)
            text[i] = letters[from + io_random(&seed) % (sizeof letters - 1 - from)];
        assert_equal_to_libcsv(text, size, delimiters[round % 3]);
    }
}

/* Long texts, which an input hands over in pieces: quoted fields go on from one to the next. */
static void pieces_equal_libcsv(void **state)
{
    (void)state;
    enum { SIZE = 4 * TRAJ_INPUT_HEAD };
    static const char letters[] = "\"\n\r, 12345678901234567890";
    char *text = traj_alloc(SIZE, 1);
    uint64_t seed = 1;
    assert_non_null(text);
    for (int round = 0; round < 8; round++) {
        for (size_t i = 0; i < SIZE; i++)
            text[i] = letters[io_random(&seed) % (sizeof letters - 1)];
        assert_equal_to_libcsv(text, SIZE - (size_t)round, ',');
    }
    traj_free(text);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    traj_error err;
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    while (status) {
        collected all = {0};
        traj_alloc_fail_at(++n);
        status =
            parse(&all, "a,b,c,d,e,f,g,h,i,j\n\"a\",b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r\n", &err);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
    }
    assert_true(n >= 5); /* the text, three growths of the fields */
}

int io_csv_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_files_are_errors),      cmocka_unit_test(endless_rows_are_errors),
        cmocka_unit_test(visitor_stops_the_reading), cmocka_unit_test(rows_have_fields_and_lines),
        cmocka_unit_test(quotes_are_undone),         cmocka_unit_test(delimiter_is_found),
        cmocka_unit_test(batches_equal_libcsv),      cmocka_unit_test(fast_path_equals_libcsv),
        cmocka_unit_test(pieces_equal_libcsv),       cmocka_unit_test(a_decimal_comma_is_a_point),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("io_csv", tests, NULL, NULL);
}
