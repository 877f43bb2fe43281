#include "io_csv_twin.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/csv.h"
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void dump_bytes(csv_dump *dump, const char *bytes, size_t count)
{
    TRAJ_ASSERT(traj_grow(&dump->text, &dump->capacity, dump->used + count, 1) == 0);
    memcpy(dump->text + dump->used, bytes, count);
    dump->used += count;
}

/* Puts a point where a decimal comma is. */
static void replace_comma(char *text, size_t length)
{
    char *const comma = memchr(text, ',', length), *const copy = traj_alloc(length + 1, 1), *end;
    TRAJ_ASSERT(copy);
    memcpy(copy, text, length);
    if (comma) copy[comma - text] = '.';
    (void)strtod(copy, &end);
    if (end > copy && end + strspn(end, " \t") == copy + length && comma) *comma = '.';
    traj_free(copy);
}

static void dump_field(void *text, size_t length, void *context)
{
    const csv_dump *const dump = context;
    char prefix[32];
    int size = snprintf(prefix, sizeof prefix, "%zu:", length);
    if (dump->delimiter != '\0' && dump->delimiter != ',') replace_comma(text, length);
    dump_bytes(context, prefix, (size_t)size);
    dump_bytes(context, text, length);
}

static void dump_row_end(int terminator, void *context)
{
    (void)terminator;
    csv_dump *dump = context;
    dump_bytes(dump, ";", 1);
    dump->whole = dump->used;
}

static traj_status dump_row(void *context, const traj_csv_row *row, traj_error *err)
{
    (void)err;
    for (size_t i = 0; i < row->fields; i++)
        dump_field((void *)row->field[i], strlen(row->field[i]), context);
    dump_row_end(0, context);
    return TRAJ_OK;
}

/* Ten lines with one delimiter each, then the bytes; no NUL at the end, so that reading too far
 * shows. */
static char *with_preamble(const char *bytes, size_t size, char delimiter, size_t *total)
{
    enum { LINES = 10, LINE_SIZE = 4 };
    char *text = traj_alloc(LINES * LINE_SIZE + size, 1);
    TRAJ_ASSERT(text);
    for (int i = 0; i < LINES; i++) {
        char line[LINE_SIZE] = {'a', delimiter, 'b', '\n'};
        memcpy(text + i * LINE_SIZE, line, LINE_SIZE);
    }
    if (size > 0) memcpy(text + LINES * LINE_SIZE, bytes, size);
    *total = LINES * LINE_SIZE + size;
    return text;
}

/* The same from an input, which hands the text over in pieces. */
static void assert_read_alike(const char *text, size_t size, const csv_dump *expected,
                              traj_status status)
{
    csv_dump dump = {0};
    traj_input *input;
    TRAJ_ASSERT(traj_input_over(&input, "twin.csv", text, size, NULL) == TRAJ_OK);
    TRAJ_ASSERT(traj_csv_read(input, dump_row, &dump, NULL) == status);
    TRAJ_ASSERT(dump.used == expected->used &&
                (dump.used == 0 || memcmp(dump.text, expected->text, dump.used) == 0));
    traj_input_close(input);
    traj_free(dump.text);
}

traj_status csv_dump_ours(csv_dump *dump, const char *bytes, size_t size, char delimiter,
                          traj_error *err)
{
    size_t total;
    char *text = with_preamble(bytes, size, delimiter, &total);
    traj_status status = traj_csv_parse("twin.csv", text, total, dump_row, dump, err);
    assert_read_alike(text, total, dump, status);
    traj_free(text);
    return status;
}

traj_status csv_dump_libcsv(csv_dump *dump, const char *bytes, size_t size, char delimiter)
{
    size_t total;
    char *text = with_preamble(bytes, size, delimiter, &total);
    struct csv_parser parser;
    csv_init(&parser, 0);
    csv_set_delim(&parser, (unsigned char)delimiter);
    dump->delimiter = delimiter;
    TRAJ_ASSERT(csv_parse(&parser, text, total, dump_field, dump_row_end, dump) == total);
    csv_set_opts(&parser, CSV_STRICT | CSV_STRICT_FINI);
    int closed = csv_fini(&parser, dump_field, dump_row_end, dump) == 0;
    csv_free(&parser);
    traj_free(text);
    dump->used = dump->whole;
    return closed ? TRAJ_OK : TRAJ_E_DATA;
}
