/* This file is compiled without fused multiply-add (cmake/TrajFlags.cmake), so that the noise has
 * the same bits on every processor: then only sums, products, quotients and square roots are left,
 * which IEEE 754 rounds in one way.
 *
 * A chunk of counters passes three loops: Philox turns counters into words (four a counter), the
 * transform turns words into numbers, the copy puts each counter's four numbers into its row. Words
 * and numbers are stored as four lanes [4][CHUNK] so that the first two loops vectorise over
 * counters. */
#include "traj/base/noise.h"
#include "traj/base/assert.h"
#include "traj/base/simd.h"
#include "traj/base/vkernel.h"
#include <Random123/philox.h>

enum {
    LANES = 4,  /* 32-bit words from one counter */
    CHUNK = 64, /* counters at once: all arrays stay in the first-level cache */
    LARGEST_COUNT = 1024,
    AGENTS = 0x10000,
};

/* Counters that differ in their first word only, and where their numbers go. */
typedef struct chunk {
    philox4x32_key_t key;
    uint32_t stream, time, scene, step;
    size_t n; /* <= CHUNK */
    uint32_t first[CHUNK];
    traj_real *to[CHUNK]; /* views */
    size_t width[CHUNK];  /* how many of the four numbers the row has room for */
} chunk;

typedef uint32_t word_lanes[LANES][CHUNK];
typedef traj_real real_lanes[LANES][CHUNK];
typedef void transform(size_t n, word_lanes words, real_lanes numbers);

TRAJ_SIMD static void philox(const chunk *c, word_lanes words)
{
    const philox4x32_key_t key = c->key;
    const uint32_t time = c->time, scene = c->scene, step = c->step;
    const size_t n = c->n;
#pragma omp simd
    for (size_t i = 0; i < n; ++i) {
        philox4x32_ctr_t counter = {{c->first[i], time, scene, step}};
        counter = philox4x32(counter, key);
        words[0][i] = counter.v[0];
        words[1][i] = counter.v[1];
        words[2][i] = counter.v[2];
        words[3][i] = counter.v[3];
    }
}

/* The upper 24 bits as a number in [0,1): exact in float, so that both builds see the same number.
 * The detour through a signed integer is the conversion every processor has in hardware. */
TRAJ_INLINE traj_real uniform_of(uint32_t word)
{
    return (traj_real)(int32_t)(word >> 8) * TRAJ_R(0x1p-24);
}

/* A number in (0,1] for the logarithm, whose small values reach down to 2^-32: normal numbers up
 * to 6.66. */
TRAJ_INLINE traj_real positive_of(uint32_t word)
{
    return ((traj_real)(int32_t)(word >> 1) + TRAJ_R(0.5)) * TRAJ_R(0x1p-31);
}

TRAJ_SIMD static void to_uniform(size_t n, word_lanes words, real_lanes numbers)
{
    for (int lane = 0; lane < LANES; ++lane) {
        for (size_t i = 0; i < n; ++i) numbers[lane][i] = uniform_of(words[lane][i]);
    }
}

/* Box and Muller: sqrt(-2 log u) (cos 2 pi v, sin 2 pi v) from lanes (0,1) and again from (2,3). */
TRAJ_SIMD static void to_normal(size_t n, word_lanes words, real_lanes numbers)
{
    for (int lane = 0; lane < LANES; lane += 2) {
#pragma omp simd
        for (size_t i = 0; i < n; ++i) {
            traj_real radius = traj_sqrt1(TRAJ_R(-2) * traj_log1(positive_of(words[lane][i])));
            traj_real sine, cosine;
            traj_sincos2pi1(uniform_of(words[lane + 1][i]), &sine, &cosine);
            numbers[lane][i] = radius * cosine;
            numbers[lane + 1][i] = radius * sine;
        }
    }
}

/* Does the work of a chunk and empties it. */
static void flush(chunk *c, transform *apply)
{
    word_lanes words;
    real_lanes numbers;
    philox(c, words);
    apply(c->n, words, numbers);
    for (size_t i = 0; i < c->n; ++i) {
        for (size_t lane = 0; lane < c->width[i]; ++lane) c->to[i][lane] = numbers[lane][i];
    }
    c->n = 0;
}

static void start(chunk *c, const traj_noise *noise, uint32_t scene, uint32_t time)
{
    c->key.v[0] = (uint32_t)noise->seed;
    c->key.v[1] = (uint32_t)(noise->seed >> 32);
    c->stream = (uint32_t)noise->stream;
    c->time = time;
    c->scene = scene;
    c->step = noise->step;
    c->n = 0;
}

/* [ stream:8 | dimension block:8 | agent:16 ] */
static uint32_t first_word(uint32_t stream, size_t block, uint32_t agent)
{
    return stream << 24 | (uint32_t)block << 16 | agent;
}

/* out [rows,count], row r for the agent first_agent + r. */
static void fill_rows(chunk *c, uint32_t first_agent, uint32_t rows, traj_real *out, size_t count,
                      transform *apply)
{
    TRAJ_ASSERT(count <= LARGEST_COUNT);
    TRAJ_ASSERT(rows <= AGENTS && first_agent <= AGENTS - rows);
    for (uint32_t row = 0; row < rows; ++row) {
        for (size_t done = 0; done < count; done += LANES) {
            c->first[c->n] = first_word(c->stream, done / LANES, first_agent + row);
            c->to[c->n] = out + row * count + done;
            c->width[c->n] = count - done < LANES ? count - done : LANES;
            if (++c->n == CHUNK) flush(c, apply);
        }
    }
    flush(c, apply);
}

void traj_noise_uniform(const traj_noise *noise, uint32_t scene, uint32_t time, uint32_t agent,
                        traj_real *out, size_t count)
{
    chunk c;
    start(&c, noise, scene, time);
    fill_rows(&c, agent, 1, out, count, to_uniform);
}

void traj_noise_normal(const traj_noise *noise, uint32_t scene, uint32_t time, uint32_t agent,
                       traj_real *out, size_t count)
{
    chunk c;
    start(&c, noise, scene, time);
    fill_rows(&c, agent, 1, out, count, to_normal);
}

void traj_noise_normal_rows(const traj_noise *noise, uint32_t scene, uint32_t time, uint32_t rows,
                            traj_real *out, size_t count)
{
    chunk c;
    start(&c, noise, scene, time);
    fill_rows(&c, 0, rows, out, count, to_normal);
}

uint64_t traj_noise_bits(const traj_noise *noise, uint32_t scene, uint32_t index)
{
    chunk c;
    start(&c, noise, scene, index);
    philox4x32_ctr_t counter = {{first_word(c.stream, 0, 0), index, scene, c.step}};
    counter = philox4x32(counter, c.key);
    return (uint64_t)counter.v[1] << 32 | counter.v[0];
}
