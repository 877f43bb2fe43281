/* Text line by line, for formats that are no CSV. */
#ifndef TRAJ_DATA_LINES_H
#define TRAJ_DATA_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct traj_lines {
    const char *next, *end; /* views */
    long number;            /* of the line last given, 1-based */
} traj_lines;

/* A UTF-8 byte order mark at the beginning is skipped. */
void traj_lines_init(traj_lines *lines, const char *bytes, size_t size);

/* The next line that is not blank, without its end (LF or CRLF): text[0..length), no NUL behind it.
 * False: there is none. */
bool traj_lines_next(traj_lines *lines, const char **text, size_t *length);

/* The first byte that is not blank; NUL: none. */
char traj_text_first(const char *text, size_t size);

/* Cuts *rest, a text that ends in NUL, in two at the first separator: returns what is before it,
 * with a NUL in its place, and leaves in *rest what is behind it, NULL where there was none. */
char *traj_text_cut(char **rest, char separator);

/* A whole number with a magnitude below limit. False: the text is none. */
bool traj_text_whole(const char *text, double limit, int64_t *number);

/* Whether a word occurs in text[0..size), which need not end in NUL. */
bool traj_text_holds(const char *text, size_t size, const char *word);

#endif
