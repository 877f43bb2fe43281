/* Counter-based noise: Philox4x32-10 (Salmon et al. 2011), through Random123.
 *
 * The value at (seed, stream, step, scene, time, agent, dimension) is a pure function of these
 * seven numbers, so the bits depend neither on the number of threads nor on the order of calls, and
 * a resumed run repeats a straight one. They do not depend on the processor or the compiler either,
 * and the float and the double build draw the same numbers up to rounding.
 *
 *   key     = seed (64 bits)
 *   counter = [ stream:8 | dimension block:8 | agent:16 ] [ time:32 ] [ scene:32 ] [ step:32 ]
 *
 * One counter gives four 32-bit words, hence the four dimensions of a block.
 *
 * Cost: 2 to 3 ns a number with AVX2, counts below 4 waste the rest of their block. Threads: pure
 * functions. Note: docs/mathematics/noise.md. */
#ifndef TRAJ_BASE_NOISE_H
#define TRAJ_BASE_NOISE_H

#include "traj/base/real.h"
#include <stddef.h>
#include <stdint.h>

/* One row per independent use of noise; a new use gets a new stream, never shares one. */
typedef enum traj_stream {
    TRAJ_STREAM_INIT,      /* initial weights: step = parameter index */
    TRAJ_STREAM_SHUFFLE,   /* order of windows: step = epoch */
    TRAJ_STREAM_WINDOW,    /* window offsets and flips: step = epoch */
    TRAJ_STREAM_DEQUANT,   /* dequantisation */
    TRAJ_STREAM_LATENT,    /* z = mu + sd * eps */
    TRAJ_STREAM_OUTPUT,    /* x from the decoder */
    TRAJ_STREAM_SIMULATE,  /* the football simulation */
    TRAJ_STREAM_TEST,      /* tests and benchmarks */
    TRAJ_STREAM_COMPONENT, /* which component of a mixture x comes from */
    TRAJ_STREAM_DIFFUSION, /* noise of diffusion models: training and samplers */
    TRAJ_STREAM_LEVEL,     /* times and steps of diffusion losses */
    TRAJ_STREAM_TRACKS,    /* noise added to recorded tracks: step = sequence */
    TRAJ_STREAM_DENOISE,   /* where denoising enters the chain: step = frame */
    TRAJ_STREAM_CHAIN,     /* the truth's way into noise, to be drawn: step = rollout */
    TRAJ_STREAM_BOOTSTRAP, /* which scenes a resample draws: step = resample */
    TRAJ_STREAM_BASELINE,  /* baselines that draw: time = sample */
    TRAJ_STREAM_DRIFT      /* how far the places of training scenes wander */
} traj_stream;

typedef struct traj_noise {
    uint64_t seed;
    traj_stream stream;
    uint32_t step;
} traj_noise;

/* out[0..count) = U[0,1) in steps of 2^-24. count <= 1024 (the dimensions of one agent at one
 * time), agent <= 65535. */
void traj_noise_uniform(const traj_noise *noise, uint32_t scene, uint32_t time, uint32_t agent,
                        traj_real *out, size_t count);

/* out[0..count) = N(0,1) by Box and Muller, within [-6.66, 6.66]. Limits as above. */
void traj_noise_normal(const traj_noise *noise, uint32_t scene, uint32_t time, uint32_t agent,
                       traj_real *out, size_t count);

/* out [rows,count], rows one behind the other: row r holds the bits that traj_noise_normal gives
 * for agent r. rows <= 65536. */
void traj_noise_normal_rows(const traj_noise *noise, uint32_t scene, uint32_t time, uint32_t rows,
                            traj_real *out, size_t count);

/* One raw 64-bit number of the stream, for shuffles: index is any number. It is made of the words
 * of agent 0 at time = index, so a stream is used through this function or through those above. */
uint64_t traj_noise_bits(const traj_noise *noise, uint32_t scene, uint32_t index);

#endif
