/* CSV, on libcsv: the caller gets one row at a time as fields with their line number. */
#ifndef TRAJ_IO_CSV_H
#define TRAJ_IO_CSV_H

#include "traj/base/status.h"
#include <stddef.h>

typedef struct traj_csv_row {
    const char *file;          /* view: for messages */
    long line;                 /* 1-based line of the file where the row starts */
    size_t fields;
    const char *const *field;  /* view, valid during the call; quotes removed, NUL-terminated */
} traj_csv_row;

/* Called for each non-empty row; a status other than TRAJ_OK stops the reading and is passed on. */
typedef traj_status traj_csv_visit(void *context, const traj_csv_row *row, traj_error *err);

/* Reads bytes[0..size) of the file named `file`. The delimiter is found from the first lines (comma, semicolon or tab); a
 * UTF-8 byte order mark and CRLF are accepted. Errors: TRAJ_E_DATA for NUL bytes, unclosed quotes, lines over 1 MB. */
traj_status traj_csv_parse(const char *file, const char *bytes, size_t size, traj_csv_visit *visit,
                           void *context, traj_error *err);

/* Fast, locale-independent number: accepts what strtod does in the C locale. Every spelling of missing (empty, NaN, NA, N/A, null, None, inf,
 * -inf, -999 when integers are expected is the caller's matter) gives NaN. Returns 0, or -1 when text is no number. */
int traj_csv_number(const char *text, double *value);

#endif
