/* Text broken into lines of at most 80 columns. */
#ifndef TRAJ_CLI_WRAP_H
#define TRAJ_CLI_WRAP_H

#include <stdio.h>

enum { WRAP_WIDTH = 80 };

/* Columns that UTF-8 text of `size` bytes fills, without double-width or combining letters. */
int traj_columns(const char *text, size_t size);

typedef struct traj_wrap {
    FILE *stream;
    int indent; /* columns before the text of every line but the first */
    int column; /* where the next letter goes; 0 = a fresh line */
} traj_wrap;

/* Starts in column `column` of the present line. */
traj_wrap traj_wrap_start(FILE *stream, int indent, int column);

/* Words separated by spaces; '\n' starts a new line. A word never breaks. */
void traj_wrap_text(traj_wrap *wrap, const char *text);

/* Pads with spaces up to a column; on a new line when the text is already there or beyond. */
void traj_wrap_pad(traj_wrap *wrap, int column);

/* Ends the line, unless it is fresh. */
void traj_wrap_end(traj_wrap *wrap);

#endif
