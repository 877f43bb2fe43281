/* Rows of a CSV file as one comparable text, read twice: by traj_csv_parse and by libcsv alone, its
 * slow twin. For unit tests and the fuzz target. */
#ifndef TRAJ_TESTS_IO_CSV_TWIN_H
#define TRAJ_TESTS_IO_CSV_TWIN_H

#include "traj/base/status.h"
#include <stddef.h>

typedef struct csv_dump {
    char *text; /* owned (traj_free): each field as LENGTH:TEXT, each row ended by `;` */
    size_t used, capacity;
    size_t whole;   /* used, at the end of the last row */
    char delimiter; /* of libcsv's fields: but for a comma, there may be a decimal comma in them */
} csv_dump;

/* Both ways read bytes; they put ten lines before it which make the delimiter known. */
traj_status csv_dump_ours(csv_dump *dump, const char *bytes, size_t size, char delimiter,
                          traj_error *err);
/* TRAJ_E_DATA for an unclosed quote; the row with it is left out. */
traj_status csv_dump_libcsv(csv_dump *dump, const char *bytes, size_t size, char delimiter);

#endif
