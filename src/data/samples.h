/* Positions in the order of the file, packed: a match of 90 minutes has three million. */
#ifndef TRAJ_DATA_SAMPLES_H
#define TRAJ_DATA_SAMPLES_H

#include "traj/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct traj_track_sample {
    uint32_t row, agent; /* agent: index within the row's sequence */
    bool extrapolated;
    float x, y;
} traj_track_sample;

/* Samples that follow one another: of one row, each of the next agent, or of one agent, each in the
 * next row. So a sample takes little more than its two floats, whichever way the file goes. */
typedef struct traj_sample_run {
    uint32_t row, agent; /* of the first */
    uint32_t count;
    bool along_rows;
    bool extrapolated;   /* all of them */
    float position[][2]; /* [count] */
} traj_sample_run;

/* Runs lie one behind the other in blocks that never move: a growing array of millions would be
 * there twice. */
enum { TRAJ_BLOCK_BYTES = 1 << 18 };

typedef struct traj_sample_block {
    struct traj_sample_block *next; /* owned */
    size_t used;
    _Alignas(traj_sample_run) unsigned char bytes[TRAJ_BLOCK_BYTES];
} traj_sample_block;

typedef struct traj_samples {
    traj_sample_block *block, *last_block; /* owned: the first, and through it all; view */
    traj_sample_run *run;   /* view: the last one; NULL: none is begun in its block */
    traj_track_sample next; /* what would go on with the run; no position */
} traj_samples;

/* Appends a sample that does not just go on with a run of several. Returns 0, or -1 when memory
 * ends. */
int traj_samples_turn(traj_samples *samples, const traj_track_sample *sample);

/* Appends a sample. Returns 0, or -1 when memory ends. Inlined: it is done for each number of a
 * file. */
static inline int traj_samples_add(traj_samples *samples, const traj_track_sample *sample)
{
    traj_track_sample *const next = &samples->next;
    traj_sample_run *const run = samples->run;
    if (sample->row != next->row || sample->agent != next->agent ||
        sample->extrapolated != next->extrapolated || run == NULL ||
        samples->last_block->used + sizeof *run->position > TRAJ_BLOCK_BYTES)
        return traj_samples_turn(samples, sample);
    samples->last_block->used += sizeof *run->position;
    float *const position = run->position[run->count++];
    position[0] = sample->x;
    position[1] = sample->y;
    next->row += run->along_rows;
    next->agent += !run->along_rows;
    return 0;
}

/* The error that memory ended. */
traj_status traj_samples_fail(traj_error *err);

/* The run behind `run` in its block, the first one where that is NULL; NULL: no more. */
const traj_sample_run *traj_block_run(const traj_sample_block *block, const traj_sample_run *run);

/* Frees the first block, which there is. */
void traj_samples_drop_block(traj_samples *samples);

void traj_samples_free(traj_samples *samples);

#endif
