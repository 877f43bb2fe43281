/* Counter-based noise: Philox4x32-10 (Salmon et al. 2011), through Random123.
 *
 * The value at (seed, stream, step, scene, time, agent, dimension) is a pure function of these seven numbers, so the
 * bits depend neither on the number of threads nor on the order of calls, and a resumed run repeats a straight one.
 *
 *   key     = seed (64 bits)
 *   counter = [ stream:8 | dimension block:8 | agent:16 ] [ time:32 ] [ scene:32 ] [ step:32 ]
 *
 * Threads: pure functions. */
#ifndef TRAJ_BASE_NOISE_H
#define TRAJ_BASE_NOISE_H

#include "traj/base/real.h"
#include <stddef.h>
#include <stdint.h>

/* One row per independent use of noise; a new use gets a new stream, never shares one. */
typedef enum traj_stream {
    TRAJ_STREAM_INIT,     /* initial weights: step = parameter index */
    TRAJ_STREAM_SHUFFLE,  /* order of windows: step = epoch */
    TRAJ_STREAM_WINDOW,   /* window offsets and flips: step = epoch */
    TRAJ_STREAM_DEQUANT,  /* dequantisation */
    TRAJ_STREAM_LATENT,   /* z = mu + sd * eps */
    TRAJ_STREAM_OUTPUT,   /* x from the decoder */
    TRAJ_STREAM_SIMULATE, /* the football simulation */
    TRAJ_STREAM_TEST      /* tests and benchmarks */
} traj_stream;

typedef struct traj_noise {
    uint64_t seed;
    traj_stream stream;
    uint32_t step;
} traj_noise;

/* out[0..count) = U[0,1), count <= 1024 (dimensions of one agent at one time). */
void traj_noise_uniform(const traj_noise *noise, uint32_t scene, uint32_t time, uint32_t agent,
                        traj_real *out, size_t count);

/* out[0..count) = N(0,1) by Box and Muller, count <= 1024. */
void traj_noise_normal(const traj_noise *noise, uint32_t scene, uint32_t time, uint32_t agent,
                       traj_real *out, size_t count);

/* rows agents at once: out[(first_agent + r), 0..count) as traj_noise_normal, rows stored one behind the other. The same bits. */
void traj_noise_normal_rows(const traj_noise *noise, uint32_t scene, uint32_t time, uint32_t rows,
                            traj_real *out, size_t count);

/* One raw 64-bit number of the stream, for shuffles: index is any number. */
uint64_t traj_noise_bits(const traj_noise *noise, uint32_t scene, uint32_t index);

#endif
