/* Finding columns by name; every message about a field of a row is made here. */
#include "columns.h"

#include "lines.h"

#include "traj/base/memory.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void traj_text_plain(char *dst, size_t size, const char *src)
{
    size_t length = 0;
    for (; *src != '\0' && length + 1 < size; src++)
        if (isalnum((unsigned char)*src)) dst[length++] = (char)tolower((unsigned char)*src);
    dst[length] = '\0';
}

bool traj_text_among(const char *word, const char *list)
{
    size_t length = strlen(word);
    while (length > 0 && *list != '\0') {
        size_t next = strcspn(list, " ");
        if (next == length && strncmp(list, word, length) == 0) return true;
        list += next + (list[next] == ' ');
    }
    return false;
}

/* A match has some 40 agents with some 10 columns each. */
#define MOST_COLUMNS 4096

static traj_status check_twice(const traj_columns *columns, const traj_csv_row *row,
                               traj_error *err)
{
    for (size_t c = 1; c < columns->count; c++)
        for (size_t b = 0; b < c; b++)
            if (columns->name[c][0] != '\0' && strcmp(columns->name[b], columns->name[c]) == 0)
                return traj_fail(
                    err, TRAJ_E_DATA,
                    "%s:%ld: columns %zu and %zu are both named '%s'; rename or remove one",
                    row->file, row->line, b + 1, c + 1, columns->name[c]);
    return TRAJ_OK;
}

traj_status traj_columns_copy(traj_columns *columns, const traj_csv_row *row, traj_error *err)
{
    memset(columns, 0, sizeof *columns);
    if (row->fields > MOST_COLUMNS)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: %zu columns; a table of positions has at most %d", row->file,
                         row->line, row->fields, MOST_COLUMNS);
    columns->name = traj_alloc(row->fields, sizeof *columns->name);
    columns->plain = traj_alloc(row->fields, sizeof *columns->plain);
    if (columns->name == NULL || columns->plain == NULL) {
        traj_columns_free(columns);
        return traj_fail_memory(err, "the names of the columns");
    }
    columns->count = row->fields;
    for (size_t c = 0; c < row->fields; c++) {
        snprintf(columns->name[c], sizeof columns->name[c], "%.63s", row->field[c]);
        traj_text_plain(columns->plain[c], sizeof columns->plain[c], row->field[c]);
    }
    return check_twice(columns, row, err);
}

void traj_columns_free(traj_columns *columns)
{
    traj_free(columns->name);
    traj_free(columns->plain);
    memset(columns, 0, sizeof *columns);
}

size_t traj_columns_find(const traj_columns *columns, const char *names)
{
    while (*names != '\0') {
        size_t length = strcspn(names, " ");
        for (size_t c = 0; c < columns->count; c++)
            if (strlen(columns->plain[c]) == length &&
                strncmp(columns->plain[c], names, length) == 0)
                return c;
        names += length + (names[length] == ' ');
    }
    return TRAJ_NO_COLUMN;
}

static traj_status visit_first(void *context, const traj_csv_row *row, traj_error *err)
{
    traj_columns *columns = context;
    if (columns->count > 0) return TRAJ_OK;
    traj_status status = traj_columns_copy(columns, row, err);
    return status == TRAJ_E_DATA ? TRAJ_OK : status; /* reading it will say what is wrong */
}

bool traj_columns_peek(traj_columns *columns, const char *bytes, size_t size)
{
    traj_lines lines;
    const char *text;
    size_t length;
    traj_error ignored;
    memset(columns, 0, sizeof *columns);
    traj_lines_init(&lines, bytes, size);
    if (!traj_lines_next(&lines, &text, &length)) return false;
    traj_status status = traj_csv_parse("", text, length, visit_first, columns, &ignored);
    if (status == TRAJ_OK && columns->count > 0) return true;
    traj_columns_free(columns);
    return false;
}

traj_status traj_columns_check(const traj_columns *columns, const traj_csv_row *row,
                               traj_error *err)
{
    size_t fields = row->fields;
    while (fields > columns->count && row->field[fields - 1][0] == '\0') fields--;
    if (fields == columns->count) return TRAJ_OK;
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s:%ld: expected %zu fields as in the header, got %zu; the line is broken off or "
        "its decimal comma separates fields",
        row->file, row->line, columns->count, row->fields);
}

traj_status traj_columns_refuse(const traj_columns *columns, const traj_csv_row *row, size_t column,
                                traj_error *err)
{
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s:%ld: column %zu ('%s'): expected a number, got '%.60s'; leave the field empty "
        "where a value is missing",
        row->file, row->line, column + 1, columns->name[column], row->field[column]);
}

const char *traj_columns_text(const traj_csv_row *row, size_t column)
{
    if (column == TRAJ_NO_COLUMN) return "";
    const char *text = row->field[column];
    if ((text[0] | 0x20) != 'n') return text;
    return traj_text_among(text, "NA N/A NaN nan None null NULL") ? "" : text;
}
