/* Resamples and the intervals they give. */
#include "eval_groups.h"

#include "traj/base/memory.h"
#include "traj/base/noise.h"
#include "traj/eval/bootstrap.h"

#include <math.h>
#include <string.h>

enum { SCENES = 300, RESAMPLES = 1000 };

typedef struct fixture {
    traj_bootstrap bootstrap;
    int unit[SCENES];     /* each on its own */
    double value[SCENES]; /* standard normal */
} fixture;

static int setup(void **state)
{
    fixture *const f = traj_alloc(1, sizeof *f);
    const traj_noise noise = {3, TRAJ_STREAM_TEST, 0};
    for (uint32_t i = 0; i < SCENES; i++) {
        traj_real normal;
        f->unit[i] = (int)i;
        traj_noise_normal(&noise, i, 0, 0, &normal, 1);
        f->value[i] = (double)normal;
    }
    assert_int_equal(traj_bootstrap_init(&f->bootstrap, f->unit, SCENES, RESAMPLES, 1, NULL),
                     TRAJ_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *const f = *state;
    traj_bootstrap_free(&f->bootstrap);
    traj_free(f);
    return 0;
}

static void memory_may_end(void **state)
{
    const fixture *const f = *state;
    for (long n = 1; n <= 3; n++) {
        traj_bootstrap b;
        traj_error err;
        traj_alloc_fail_at(n);
        assert_int_equal(traj_bootstrap_init(&b, f->unit, SCENES, 10, 1, &err), TRAJ_E_MEMORY);
        traj_alloc_fail_at(0);
        assert_null(b.times);
    }
}

static void a_resample_is_as_large_as_the_set(void **state)
{
    const fixture *const f = *state;
    size_t absent = 0;
    for (size_t r = 0; r < RESAMPLES; r++) {
        size_t sum = 0;
        for (size_t i = 0; i < SCENES; i++) {
            sum += f->bootstrap.times[r * SCENES + i];
            absent += f->bootstrap.times[r * SCENES + i] == 0;
        }
        assert_int_equal(sum, SCENES);
    }
    /* (1 - 1/n)^n of 300: 0.3673; a standard error is 0.0006 */
    assert_near((double)absent / (SCENES * RESAMPLES), 0.3673, 0.003);
}

static void seeds_give_resamples(void **state)
{
    const fixture *const f = *state;
    traj_bootstrap same, other;
    const size_t size = sizeof(uint16_t) * SCENES * RESAMPLES;
    assert_int_equal(traj_bootstrap_init(&same, f->unit, SCENES, RESAMPLES, 1, NULL), TRAJ_OK);
    assert_int_equal(traj_bootstrap_init(&other, f->unit, SCENES, RESAMPLES, 2, NULL), TRAJ_OK);
    assert_memory_equal(f->bootstrap.times, same.times, size);
    assert_memory_not_equal(f->bootstrap.times, other.times, size);
    traj_bootstrap_free(&same);
    traj_bootstrap_free(&other);
}

/* The mean of n normal numbers has a 95 % interval of +- 1.96 s / sqrt(n). */
static void intervals_are_those_of_theory(void **state)
{
    const fixture *const f = *state;
    double mean = 0, square = 0;
    for (int i = 0; i < SCENES; i++) mean += f->value[i] / SCENES;
    for (int i = 0; i < SCENES; i++) square += (f->value[i] - mean) * (f->value[i] - mean);
    const double half = 1.96 * sqrt(square / SCENES / SCENES);
    const traj_interval interval = traj_bootstrap_mean(&f->bootstrap, f->value);
    assert_near(interval.value, mean, 1e-12);
    assert_near(interval.high - mean, half, 0.1 * half);
    assert_near(mean - interval.low, half, 0.1 * half);
}

static void unknown_scenes_do_not_count(void **state)
{
    fixture *const f = *state;
    double known[SCENES];
    for (int i = 0; i < SCENES; i++) known[i] = i % 2 ? (double)NAN : 7;
    traj_interval interval = traj_bootstrap_mean(&f->bootstrap, known);
    assert_near(interval.value, 7, 1e-12);
    assert_near(interval.high - interval.low, 0, 1e-12);
    for (int i = 0; i < SCENES; i++) known[i] = NAN;
    interval = traj_bootstrap_mean(&f->bootstrap, known);
    assert_true(isnan(interval.value) && isnan(interval.low) && isnan(interval.high));
}

static void one_scene_has_no_interval(void **state)
{
    const fixture *const f = *state;
    traj_bootstrap b;
    assert_int_equal(traj_bootstrap_init(&b, f->unit, 1, 100, 1, NULL), TRAJ_OK);
    const traj_interval interval = traj_bootstrap_mean(&b, f->value);
    assert_near(interval.value, f->value[0], 0);
    assert_true(isnan(interval.low) && isnan(interval.high));
    traj_bootstrap_free(&b);
}

/* What two figures share falls out of their difference. */
static void differences_are_paired(void **state)
{
    const fixture *const f = *state;
    double worse[SCENES];
    for (int i = 0; i < SCENES; i++) worse[i] = f->value[i] + 0.5;
    worse[4] = NAN; /* counts in neither */
    const traj_interval d = traj_bootstrap_difference(&f->bootstrap, worse, f->value);
    assert_near(d.value, 0.5, 1e-12);
    assert_near(d.low, 0.5, 1e-12);
    assert_near(d.high, 0.5, 1e-12);
}

static void ratios_are_of_sums(void **state)
{
    const fixture *const f = *state;
    double ratio[SCENES], divisor[SCENES];
    for (int i = 0; i < SCENES; i++) {
        ratio[i] = i % 2 ? 1 : 100;
        divisor[i] = i % 2 ? 100 : 1;
    }
    ratio[0] = NAN;
    /* 149 scenes of 100 / 1, 150 of 100 / 100 */
    const traj_interval r = traj_bootstrap_ratio(&f->bootstrap, ratio, divisor);
    assert_near(r.value, sqrt(299.0 * 100 * 100 / (149.0 + 150 * 100 * 100)), 1e-12);
    assert_true(r.low < r.value && r.value < r.high);
}

/* What is drawn together is in a resample as often. */
static void units_are_drawn_whole(void **state)
{
    enum { UNITS = 5 };
    fixture *const f = *state;
    traj_bootstrap b;
    size_t sum = 0;
    for (int i = 0; i < SCENES; i++) f->unit[i] = i % UNITS;
    assert_int_equal(traj_bootstrap_init(&b, f->unit, SCENES, 50, 1, NULL), TRAJ_OK);
    assert_int_equal(b.units, UNITS);
    for (size_t r = 0; r < 50; r++)
        for (size_t i = 0; i < SCENES; i++) {
            const uint16_t *const times = b.times + r * SCENES;
            assert_int_equal(times[i], times[i % UNITS]);
            sum += times[i];
        }
    assert_int_equal(sum, 50 * SCENES);
    traj_bootstrap_free(&b);
}

static void one_unit_has_no_interval(void **state)
{
    fixture *const f = *state;
    traj_bootstrap b;
    memset(f->unit, 0, sizeof f->unit);
    assert_int_equal(traj_bootstrap_init(&b, f->unit, SCENES, 50, 1, NULL), TRAJ_OK);
    const traj_interval interval = traj_bootstrap_mean(&b, f->value);
    assert_true(isfinite(interval.value) && isnan(interval.low) && isnan(interval.high));
    traj_bootstrap_free(&b);
}

/* Scenes that are means of WINDOW frames each, one frame apart: of white noise, the mean over all
 * scenes has a standard deviation of nearly 1 / sqrt(frames). Blocks of two windows see sqrt(5/6)
 * of it, but for chance; scenes drawn one by one only 1 / sqrt(WINDOW). */
static void blocks_know_that_windows_overlap(void **state)
{
    enum { WINDOW = 6, LONG = SCENES - WINDOW + 1 };
    fixture *const f = *state;
    double scene[LONG], width[2];
    for (int i = 0; i < LONG; i++) {
        scene[i] = 0;
        for (int t = 0; t < WINDOW; t++) scene[i] += f->value[i + t] / WINDOW;
    }
    for (int blocks = 0; blocks < 2; blocks++) {
        traj_bootstrap b;
        for (int i = 0; i < LONG; i++) f->unit[i] = blocks ? i / (2 * WINDOW) : i;
        assert_int_equal(traj_bootstrap_init(&b, f->unit, LONG, RESAMPLES, 1, NULL), TRAJ_OK);
        const traj_interval interval = traj_bootstrap_mean(&b, scene);
        width[blocks] = (interval.high - interval.low) / (2 * 1.96 / sqrt(SCENES));
        traj_bootstrap_free(&b);
    }
    assert_true(width[0] < 0.55);
    assert_true(width[1] > 0.7 && width[1] < 1.15);
}

int eval_bootstrap_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(memory_may_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_resample_is_as_large_as_the_set, setup, teardown),
        cmocka_unit_test_setup_teardown(seeds_give_resamples, setup, teardown),
        cmocka_unit_test_setup_teardown(intervals_are_those_of_theory, setup, teardown),
        cmocka_unit_test_setup_teardown(unknown_scenes_do_not_count, setup, teardown),
        cmocka_unit_test_setup_teardown(one_scene_has_no_interval, setup, teardown),
        cmocka_unit_test_setup_teardown(differences_are_paired, setup, teardown),
        cmocka_unit_test_setup_teardown(ratios_are_of_sums, setup, teardown),
        cmocka_unit_test_setup_teardown(units_are_drawn_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(one_unit_has_no_interval, setup, teardown),
        cmocka_unit_test_setup_teardown(blocks_know_that_windows_overlap, setup, teardown),
    };
    return cmocka_run_group_tests_name("bootstrap", tests, NULL, NULL);
}
