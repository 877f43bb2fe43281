/* What every reader's target does with its bytes. */
#ifndef TRAJ_TESTS_READER_CHECK_H
#define TRAJ_TESTS_READER_CHECK_H

#include "../../src/data/formats.h"
#include <stdint.h>

/* Reads the files as --format does, with the rate guessed and with it told. Refused files must say
 * why; a recording must keep the promises of recording.h, also after resampling, and give scenes
 * without NaN. */
void reader_check(const char *format, const traj_bytes *files, int count);

enum { READER_FILES = 4 };

/* The same with the files that belong to the data. */
typedef struct reader_match {
    const traj_bytes *data;          /* view [count] */
    int count;                       /* at most READER_FILES */
    const traj_bytes *meta, *roster; /* views; NULL: none */
} reader_match;

void reader_check_match(const char *format, const reader_match *match);

/* Data and, where there is a form feed, metadata behind it. */
void reader_check_pair(const char *format, traj_format_sniff *sniff, const uint8_t *bytes,
                       size_t size);

#endif
