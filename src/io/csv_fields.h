/* Where the fields of CSV text without quotes are, found by many characters at a time. Internal to
 * io. Threads: any. */
#ifndef TRAJ_IO_CSV_FIELDS_H
#define TRAJ_IO_CSV_FIELDS_H

#include "word.h"
#include <stdbool.h>

enum {
    TRAJ_CSV_BLOCK = 64, /* characters looked at at once: the bits of a word */
    TRAJ_CSV_SPARE = 4   /* fields written at once */
};

typedef struct traj_csv_fields {
    const char **field; /* view: where each starts, */
    uint32_t *length;   /* view: how long it is, */
    traj_word *tail; /* view: and the characters before its end, those of fields before it, too */
    uint32_t *feed;  /* view: which fields end a line */
    size_t fields, feeds;
    bool blanks; /* fields hold blanks, or other characters as low */
} traj_csv_fields;

/* The fields of text[0..length), lines with an LF between them; their ends become NULs, and so does
 * text[length]. Before the text stands a word, behind it are TRAJ_CSV_BLOCK characters to spare, of
 * a kind that ends no field. There is room for length + 1 lines, and for TRAJ_CSV_SPARE fields more
 * than that. */
void traj_csv_fields_find(traj_csv_fields *to, char *text, size_t length, char delimiter);

#endif
