/* The formats that can be written: one row each in the table of writer.c, one file each beside it,
 * and what they share. */
#ifndef TRAJ_DATA_WRITERS_H
#define TRAJ_DATA_WRITERS_H

#include "traj/data/writer.h"

#include <stdio.h>

/* The recording as the text or bytes of one file. What fails to be written is found at the end, by
 * the caller. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (the format cannot hold such a recording). */
typedef traj_status traj_format_write(const traj_recording *recording, FILE *stream,
                                      traj_error *err);

typedef struct traj_writer {
    const char *name;   /* as the reader's, where there is one */
    const char *suffix; /* of its files: ".csv" */
    traj_format_write *write;
    const char *meta_suffix;       /* what the metadata's file has instead; NULL: there is none */
    traj_format_write *write_meta; /* likewise */
} traj_writer;

traj_format_write traj_long_write, traj_wide_write, traj_kloppy_write, traj_cdf_write,
    traj_cdf_write_meta, traj_array_write, traj_array_write_names, traj_trajnet_write;

/* Whether agents of two sequences are the same one. */
bool traj_agent_same(const traj_agent *a, const traj_agent *b);

/* The agents of all sequences, each once, for formats that have the same ones in every frame. */
typedef struct traj_cast {
    traj_agent *agent; /* owned [count] */
    size_t *place;     /* owned [count]: index in the sequence of traj_cast_find, or its agents */
    size_t count, capacity;
} traj_cast;

/* groups: sets of teams (1 << traj_team), ended by 0; the agents of the first come first, each
 * group in order of appearance. traj_cast_free also after a failure. Errors: TRAJ_E_MEMORY. */
traj_status traj_cast_make(const traj_recording *recording, const unsigned *groups, traj_cast *cast,
                           traj_error *err);
void traj_cast_find(traj_cast *cast, const traj_sequence *sequence);
/* The position of agent c in a frame of that sequence; NaN, NaN where he is not in it. A view. */
const float *traj_cast_position(const traj_cast *cast, const traj_sequence *sequence, size_t frame,
                                size_t c);
void traj_cast_free(traj_cast *cast);

/* Whether all sequences are named after their periods, not plays or runs. */
bool traj_sequences_are_periods(const traj_recording *recording);

/* -log10(quantum) where the quantum is a power of ten from 1 m to 1 um, else -1. */
int traj_quantum_decimals(double quantum_m);

/* A number rounded to so many decimals; where they are negative, with the fewest that bring back
 * the same float. Never -0.00; NaN is no text at all. */
void traj_write_number(FILE *stream, float value, int decimals);

#endif
