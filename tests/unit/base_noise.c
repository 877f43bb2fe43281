#include "traj/base/memory.h"
#include "traj/base/noise.h"
#include "unit/base_groups.h"
#include "unit/check.h"
#include <math.h>
#include <string.h>

enum { SAMPLES = 1 << 17 };

static const traj_noise source = {.seed = 20200713, .stream = TRAJ_STREAM_TEST, .step = 7};

static void too_many_dimensions(void)
{
    static traj_real out[1025];
    traj_noise_normal(&source, 0, 0, 0, out, 1025);
}

static void too_large_an_agent(void)
{
    traj_real out[1];
    traj_noise_uniform(&source, 0, 0, 65536, out, 1);
}

static void too_many_rows(void)
{
    static traj_real out[65537];
    traj_noise_normal_rows(&source, 0, 0, 65537, out, 1);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(too_many_dimensions));
    assert_true(check_aborts(too_large_an_agent));
    assert_true(check_aborts(too_many_rows));
}

/* Known answers for philox4x32-10 from Random123's kat_vectors: counter, key, result. They are
 * reached through the public functions by cutting the counter into our fields. */
static const struct {
    uint32_t counter[4], key[2], result[4];
} known[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

static void known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i) {
        const uint32_t *counter = known[i].counter;
        traj_noise noise = {.seed = (uint64_t)known[i].key[1] << 32 | known[i].key[0],
                            .stream = (traj_stream)(counter[0] >> 24),
                            .step = counter[3]};
        uint32_t block = counter[0] >> 16 & 0xff, agent = counter[0] & 0xffff;
        traj_real out[1024];
        traj_noise_uniform(&noise, counter[2], counter[1], agent, out, 4 * (size_t)block + 4);
        for (int lane = 0; lane < 4; ++lane) {
            double expected = (double)(known[i].result[lane] >> 8) * 0x1p-24;
            assert_true((double)out[4 * block + (uint32_t)lane] == expected);
        }
    }
    traj_noise zero = {0};
    assert_true(traj_noise_bits(&zero, 0, 0) == UINT64_C(0xe169c58d6627e8d5));
}

/* The same on every processor and compiler: sums, products, quotients and roots in a fixed order.
 */
static void normal_bits_are_the_same_everywhere(void **state)
{
    (void)state;
#ifdef TRAJ_REAL_DOUBLE
    static const traj_real expected[4] = {0x1.a399de2f1f7dep+0, -0x1.c97bec15c752ap-8,
                                          -0x1.124ab91669caap+0, 0x1.77cc17b842c3fp-1};
#else
    static const traj_real expected[4] = {0x1.a399dep+0f, -0x1.c97beep-8f, -0x1.124abap+0f,
                                          0x1.77cc1ap-1f};
#endif
    traj_real out[4];
    traj_noise_normal(&source, 1, 2, 3, out, 4);
    for (int i = 0; i < 4; ++i) assert_true(out[i] == expected[i]);
}

static void rows_equal_single_calls(void **state)
{
    (void)state;
    static const uint32_t rows[] = {0, 1, 2, 23, 70};
    static const size_t counts[] = {0, 1, 2, 3, 4, 5, 16, 63, 1024};
    static traj_real together[70 * 1024 + 1], single[1024 + 1];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        for (size_t k = 0; k < sizeof counts / sizeof counts[0]; ++k) {
            const size_t count = counts[k];
            together[rows[i] * count] = single[count] = 42; /* must not be written */
            traj_noise_normal_rows(&source, 5, 6, rows[i], together, count);
            for (uint32_t row = 0; row < rows[i]; ++row) {
                traj_noise_normal(&source, 5, 6, row, single, count);
                assert_memory_equal(together + row * count, single, count * sizeof *single);
            }
            assert_true(together[rows[i] * count] == 42);
            assert_true(single[count] == 42);
        }
    }
}

static void a_dimension_does_not_depend_on_the_count(void **state)
{
    (void)state;
    traj_real all[64], some[64];
    traj_noise_normal(&source, 1, 2, 3, all, 64);
    for (size_t count = 1; count < 64; ++count) {
        traj_noise_normal(&source, 1, 2, 3, some, count);
        assert_memory_equal(some, all, count * sizeof *some);
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov's distance between the sorted values p = F(x) and U[0,1], times sqrt(n).
 */
static double ks_distance(double *p, size_t n)
{
    qsort(p, n, sizeof *p, ascending);
    double largest = 0;
    for (size_t i = 0; i < n; ++i) {
        double above = (double)(i + 1) / (double)n - p[i], below = p[i] - (double)i / (double)n;
        if (above > largest) largest = above;
        if (below > largest) largest = below;
    }
    return largest * sqrt((double)n);
}

/* SAMPLES numbers: 64 dimensions by 32 agents by the rest in time. */
static void draw(traj_real *out, bool normal)
{
    for (uint32_t time = 0; time < SAMPLES / (64 * 32); ++time) {
        for (uint32_t agent = 0; agent < 32; ++agent, out += 64) {
            if (normal) traj_noise_normal(&source, 0, time, agent, out, 64);
            if (!normal) traj_noise_uniform(&source, 0, time, agent, out, 64);
        }
    }
}

/* The seed is fixed, so these tests cannot fail by chance; 1.95 is the bound a true sample breaks
 * once in a thousand times. */
static void distributions_are_right(void **state)
{
    (void)state;
    static traj_real out[SAMPLES];
    double *p = traj_alloc(SAMPLES, sizeof *p);
    assert_non_null(p);
    draw(out, false);
    for (int i = 0; i < SAMPLES; ++i) {
        p[i] = (double)out[i];
        assert_true(p[i] >= 0 && p[i] < 1);
    }
    assert_true(ks_distance(p, SAMPLES) < 1.95);

    draw(out, true);
    double moment[5] = {0};
    for (int i = 0; i < SAMPLES; ++i) {
        double x = (double)out[i];
        assert_true(fabs(x) < 6.67);
        for (int k = 1; k <= 4; ++k) moment[k] += pow(x, k) / SAMPLES;
        p[i] = 0.5 * erfc(-x / sqrt(2));
    }
    assert_true(ks_distance(p, SAMPLES) < 1.95);
    /* Moments of N(0,1) are 0 1 0 3; the variance of x^k is 1 2 15 96. Bound: 3.5 deviations. */
    static const double mean[] = {1, 0, 1, 0, 3}, variance[] = {0, 1, 2, 15, 96};
    for (int k = 1; k <= 4; ++k) {
        assert_true(fabs(moment[k] - mean[k]) < 3.5 * sqrt(variance[k] / SAMPLES));
    }
    traj_free(p);
}

/* One sequence of normal numbers for each way in which two uses of noise may differ. */
typedef struct sequence {
    const char *differs_in;
    traj_noise noise;
    uint32_t scene, time, agent;
    size_t dimension;
} sequence;

static void draw_sequence(const sequence *s, traj_real *out, size_t n)
{
    traj_real row[64];
    for (size_t i = 0; i < n; i += 32) { /* the step runs, so that all other fields stay apart */
        traj_noise noise = s->noise;
        noise.step += 2 * (uint32_t)i;
        traj_noise_normal(&noise, s->scene, s->time, s->agent, row, 64);
        memcpy(out + i, row + s->dimension, 32 * sizeof *out);
    }
}

static void neighbours_are_independent(void **state)
{
    (void)state;
    enum { LENGTH = 1 << 16 };
    const traj_noise base = {.seed = 1, .stream = TRAJ_STREAM_LATENT};
    const sequence sequences[] = {
        {"nothing", base, 3, 3, 3, 0},
        {"seed", {.seed = 2, .stream = TRAJ_STREAM_LATENT}, 3, 3, 3, 0},
        {"high seed", {.seed = 1 | UINT64_C(1) << 32, .stream = TRAJ_STREAM_LATENT}, 3, 3, 3, 0},
        {"stream", {.seed = 1, .stream = TRAJ_STREAM_OUTPUT}, 3, 3, 3, 0},
        {"step", {.seed = 1, .stream = TRAJ_STREAM_LATENT, .step = 1}, 3, 3, 3, 0},
        {"scene", base, 4, 3, 3, 0},
        {"time", base, 3, 4, 3, 0},
        {"agent", base, 3, 3, 4, 0},
        {"dimension", base, 3, 3, 3, 1},
        {"sine and cosine", base, 3, 3, 3, 2},
        {"block", base, 3, 3, 3, 4},
    };
    static traj_real first[LENGTH], other[LENGTH];
    draw_sequence(&sequences[0], first, LENGTH);
    for (size_t k = 1; k < sizeof sequences / sizeof sequences[0]; ++k) {
        draw_sequence(&sequences[k], other, LENGTH);
        double product = 0, squares = 0;
        for (int i = 0; i < LENGTH; ++i) {
            double x = (double)first[i], y = (double)other[i];
            product += x * y;
            squares += (x * x - 1) * (y * y - 1);
        }
        /* Sums of LENGTH terms of mean 0 and variance 1 and 4; 4 deviations, a fixed seed. */
        if (fabs(product) > 4 * sqrt(LENGTH) || fabs(squares) > 8 * sqrt(LENGTH)) {
            fail_msg("sequences that differ in %s are correlated", sequences[k].differs_in);
        }
    }
}

static void raw_bits_differ(void **state)
{
    (void)state;
    uint64_t set = 0, clear = 0, previous = 0;
    for (uint32_t index = 0; index < 64; ++index) {
        uint64_t bits = traj_noise_bits(&source, 0, index);
        assert_true(bits == traj_noise_bits(&source, 0, index));
        assert_true(bits != previous);
        assert_true(bits != traj_noise_bits(&source, 1, index));
        set |= bits;
        clear |= ~bits;
        previous = bits;
    }
    assert_true(set == UINT64_MAX && clear == UINT64_MAX); /* no bit is stuck */
}

int test_noise(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(known_answers),
        cmocka_unit_test(normal_bits_are_the_same_everywhere),
        cmocka_unit_test(rows_equal_single_calls),
        cmocka_unit_test(a_dimension_does_not_depend_on_the_count),
        cmocka_unit_test(distributions_are_right),
        cmocka_unit_test(neighbours_are_independent),
        cmocka_unit_test(raw_bits_differ),
    };
    return cmocka_run_group_tests_name("noise", tests, NULL, NULL);
}
