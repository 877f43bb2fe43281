/* The agents of a frame, looked at side by side: how many there are, and how fast they move. */
#ifndef TRAJ_DATA_CHUNK_H
#define TRAJ_DATA_CHUNK_H

#include "traj/data/recording.h"

/* Speeds are sorted into bins, up to 100 m/s. */
#define TRAJ_BIN_MPS 0.05f
enum { TRAJ_BINS = 2000, TRAJ_NO_BIN = TRAJ_BINS }; /* the last: and all that is faster; of NaN */

/* As many agents at a time, in blocks of as many as registers hold. The last block of several
 * overlaps the one before, so that all are whole. */
enum { TRAJ_CHUNK = 64, TRAJ_CHUNK_BLOCK = 16, TRAJ_CHUNK_BLOCKS = TRAJ_CHUNK / TRAJ_CHUNK_BLOCK };

/* What is counted fits into a byte each, so that all is counted in one sum. */
enum { TRAJ_CHUNK_HOME = 1 << 16 };

/* Some agents of a sequence. */
typedef struct traj_chunk {
    size_t first, count;
    size_t ball;                     /* its place, count: it is not among them */
    size_t block[TRAJ_CHUNK_BLOCKS]; /* [blocks] the place of the first of each */
    size_t blocks;                   /* 0: there are too few agents for one */
    uint32_t weight[TRAJ_CHUNK];     /* by lane of the blocks, or by place without them: 1, and
                                        TRAJ_CHUNK_HOME for who is of the home team; 0: he is in a
                                        block before */
    float fast_mps[TRAJ_CHUNK]; /* [count] see traj_chunk_speeds */
    float limit_mps[2 * TRAJ_CHUNK]; /* [count, 2] see traj_chunk_may_be_fast */
} traj_chunk;

/* Sets blocks and weights, by first and count. */
void traj_chunk_lay_out(traj_chunk *to, const traj_sequence *sequence);

/* How many a frame shows, by traj_team. */
typedef struct traj_head_count {
    int32_t seen[3], inside[3];
} traj_head_count;

/* Adds those of a chunk, who are at pos [count, 2]: somewhere, and within half_m of the centre. */
void traj_chunk_count(const traj_chunk *of, const float *pos, const float half_m[2],
                      traj_head_count *frame);

/* A step of the agents of a sequence: where each was and is, and how long it took. */
typedef struct traj_step {
    const float *from, *to; /* view: [agents][2] */
    double seconds;
} traj_step;

/* bin[i]: of the speed |to - from| / seconds of each of a chunk, TRAJ_NO_BIN where he is missing.
 * Returns whether somebody is above his fast_mps. */
bool traj_chunk_speeds(const traj_chunk *agents, const traj_step *of, int32_t *bin);

/* Whether anybody of a chunk is above his limit_mps, along x or y. */
bool traj_chunk_may_be_fast(const traj_chunk *agents, const traj_step *of);

#endif
