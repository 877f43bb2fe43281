/* CSV text cut into rows and fields, a batch of rows at a time. Internal to io: csv.h hands the
 * rows to the caller. */
#ifndef TRAJ_IO_CSV_BATCH_H
#define TRAJ_IO_CSV_BATCH_H

#include "traj/io/csv.h"
#include "word.h"
#include <csv.h>
#include <stdbool.h>

typedef struct traj_csv_span { /* a row of a batch */
    long line;
    size_t first, fields;
} traj_csv_span;

/* Rows of some tens of kilobytes, or one longer row. */
typedef struct traj_csv_batch {
    char *text; /* owned: the fields, one behind the other, each with its NUL */
    size_t used, text_capacity;
    const char **field; /* owned: where each starts in text, */
    uint32_t *length;   /* its length without the NUL, */
    traj_word *tail;    /* its last characters, */
    double *number;     /* and what number it is: see traj_csv_row */
    size_t fields, field_capacity;
    traj_csv_span *row; /* owned */
    size_t rows, row_capacity;
    bool plain;      /* lines are still to be split behind these rows: */
    size_t at, size; /* they are text[at..at + size), */
    long line;       /* and this is the number of the first */
    uint32_t *feed;  /* owned: which fields end a line, in the text being split */
    size_t feed_capacity;
    traj_status status; /* what stops the reading behind all this */
    traj_error err;
} traj_csv_batch;

/* Splits the lines that are still to be, and reads the numbers of all fields. Errors are the
 * batch's. Threads: any, different batches. */
void traj_csv_batch_split(traj_csv_batch *batch, const char *file, char delimiter);
void traj_csv_batch_free(traj_csv_batch *batch);

/* What is being cut. */
typedef struct traj_csv_cutter {
    const char *file;     /* view */
    traj_input *input;    /* view: where more comes from; NULL: there is no more */
    const char *at, *end; /* view: what is at hand and still to be read, whole lines */
    const char *feed;     /* view: the first line feed from `at` on, or end */
    const char *odd;      /* view: lines before this go one by one */
    long line;            /* number of the line at `at` */
    char delimiter;
    struct csv_parser parser; /* owned */
    traj_csv_batch *to;       /* view: the batch being filled */
    traj_csv_span row;        /* the row being cut, of as many bytes so far, */
    size_t row_bytes;
    size_t row_text; /* the text of which begins here */
    bool begun;      /* libcsv is inside a row */
    bool started;
    bool no_memory;
} traj_csv_cutter;

/* input: may be NULL; bytes[0..size): what is at hand. */
void traj_csv_cutter_init(traj_csv_cutter *cutter, const char *file, traj_input *input,
                          const char *bytes, size_t size, char delimiter);
void traj_csv_cutter_free(traj_csv_cutter *cutter);

/* Fills a batch, emptied before, with the next rows; plain ones are left to traj_csv_batch_split.
 * False: they are the last. */
bool traj_csv_cutter_fill(traj_csv_cutter *cutter, traj_csv_batch *batch);

#endif
