/* CSV, on libcsv: a visitor gets one row at a time as fields with their line number. */
#ifndef TRAJ_IO_CSV_H
#define TRAJ_IO_CSV_H

#include "traj/base/status.h"
#include "traj/io/input.h"
#include <stddef.h>
#include <stdint.h>

typedef struct traj_csv_row {
    const char *file;         /* view: for messages */
    long line;                /* 1-based line of the file where the row starts */
    size_t fields;            /* at least 1 */
    const char *const *field; /* view, valid during the call; quotes and blanks around a field
                                 removed, NUL-terminated */
    const uint32_t *length;   /* view: of each field, without its NUL */
    const double *number;     /* view: what number each field is, where it is a plain one; else
                                 NaN, see traj_csv_row_number */
} traj_csv_row;

/* Called for each non-empty row in turn, not always by the same thread; a status other than TRAJ_OK
 * stops the reading and is passed on. */
typedef traj_status traj_csv_visit(void *context, const traj_csv_row *row, traj_error *err);

/* Reads bytes[0..size) of the file named `file`. The delimiter is found from the first ten lines:
 * the first of tab, semicolon and comma that stands equally often in each of them, else the most
 * frequent of the first line. With another than the comma, a field that is a number with a decimal
 * comma is handed out with a point. A UTF-8 byte order mark, CRLF and lone CR are accepted, blank
 * lines are skipped. Quotes are read leniently, as libcsv does: a quote inside an unquoted field is
 * a letter. Cost: one pass, by up to three threads that are some rows ahead of the visits; rows
 * without a quote are split here, the others go through libcsv, to the same effect. Errors:
 * TRAJ_E_DATA for NUL bytes, unclosed quotes, rows over 1 MB; TRAJ_E_MEMORY. Threads: any. */
traj_status traj_csv_parse(const char *file, const char *bytes, size_t size, traj_csv_visit *visit,
                           void *context, traj_error *err);

/* The same for what an input holds, from its beginning, line by line: no more of it is in memory
 * than its buffer. Errors also: those of traj_input_piece. */
traj_status traj_csv_read(traj_input *input, traj_csv_visit *visit, void *context, traj_error *err);

/* A number as strtod reads it in the C locale, bit for bit, blanks around it allowed. What says
 * "missing" gives NaN: no text, NaN, nan, NA, <NA>, N/A, null, NULL, None, and all that is not
 * finite (inf, -inf, 1e999). Whether -999 is missing is the caller's matter. Returns 0, or -1
 * leaving *value as it was when text is no number. Threads: any. */
int traj_csv_number(const char *text, double *value);

/* traj_csv_number(row->field[column], value), mostly known already. Threads: any. */
static inline int traj_csv_row_number(const traj_csv_row *row, size_t column, double *value)
{
    const double number = row->number[column];
    if (number != number) return traj_csv_number(row->field[column], value);
    *value = number;
    return 0;
}

#endif
