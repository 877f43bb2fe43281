/* The header line of a CSV file: columns found by name, whatever their spelling. */
#ifndef TRAJ_DATA_COLUMNS_H
#define TRAJ_DATA_COLUMNS_H

#include "traj/base/status.h"
#include "traj/io/csv.h"

#include <stdbool.h>
#include <stddef.h>

#define TRAJ_NO_COLUMN SIZE_MAX

typedef char traj_column_name[64];

typedef struct traj_columns {
    size_t count;
    traj_column_name *name; /* owned [count]: as written */
    traj_column_name
        *plain; /* owned [count]: lower case letters and digits only: "Time [s]" is "times" */
} traj_columns;

/* Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (a column named twice). */
traj_status traj_columns_copy(traj_columns *columns, const traj_csv_row *row, traj_error *err);
void traj_columns_free(traj_columns *columns);

/* The first of the space-separated plain names that is there, or TRAJ_NO_COLUMN. */
size_t traj_columns_find(const traj_columns *columns, const char *names);

/* The first line of bytes that is not blank, as columns; used to recognise a format. False: no such
 * line, or no memory. */
bool traj_columns_peek(traj_columns *columns, const char *bytes, size_t size);

/* Checks that a row has as many fields as the header; trailing empty ones may be more. Errors:
 * TRAJ_E_DATA. */
traj_status traj_columns_check(const traj_columns *columns, const traj_csv_row *row,
                               traj_error *err);

/* The error that a column holds no number. */
traj_status traj_columns_refuse(const traj_columns *columns, const traj_csv_row *row, size_t column,
                                traj_error *err);

/* The number in a column; NaN where missing. Errors: TRAJ_E_DATA with file:line: column N ('name'):
 * ... */
static inline traj_status traj_columns_number(const traj_columns *columns, const traj_csv_row *row,
                                              size_t column, double *number, traj_error *err)
{
    const bool is_number = traj_csv_row_number(row, column, number) == 0;
    return is_number ? TRAJ_OK : traj_columns_refuse(columns, row, column, err);
}

/* The text in a column; "" where there is no such column or the value is missing (NA, NaN, None,
 * null). */
const char *traj_columns_text(const traj_csv_row *row, size_t column);

void traj_text_plain(char *dst, size_t size, const char *src);

/* True when `word` is one of the space-separated words of list. */
bool traj_text_among(const char *word, const char *list);

#endif
