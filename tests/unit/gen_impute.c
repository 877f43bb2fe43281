/* Imputation: what it may know, what it must keep, and baselines on tracks they are right about. */
#include "gen_groups.h"

#include "traj/base/memory.h"
#include "traj/gen/impute.h"

#include <math.h>
#include <string.h>

enum { AGENTS = GEN_AGENTS, LAST = 40, BURN_IN = 8, GAP = 6, SAMPLES = 12, HIDDEN = 5 };

static unsigned char held[AGENTS];

/* Agent HIDDEN is hidden, all others are held. */
static traj_rollout gap_of(const gen_fixture *f)
{
    memset(held, 1, sizeof held);
    held[HIDDEN] = 0;
    return (traj_rollout){.model = f->model,
                          .params = f->params,
                          .norm = &f->norm,
                          .recording = &f->recording,
                          .last = LAST,
                          .burn_in = BURN_IN,
                          .horizon = GAP,
                          .samples = SAMPLES,
                          .held = held,
                          .seed = 1};
}

static traj_forecast run(const traj_rollout *rollout, traj_impute_method method)
{
    traj_pool *pool;
    traj_forecast forecast;
    traj_error err = {TRAJ_OK, ""};
    assert_int_equal(traj_pool_new(&pool, 1, NULL), TRAJ_OK);
    if (traj_impute_run(rollout, method, pool, &forecast, &err) != TRAJ_OK)
        fail_msg("%s", err.text);
    traj_pool_destroy(pool);
    return forecast;
}

static void the_gap_is_not_read(void **state)
{
    const gen_fixture *const f = *state;
    const traj_rollout gap = gap_of(f);
    for (int method = TRAJ_IMPUTE_MODEL; method <= TRAJ_IMPUTE_VELOCITY; method++) {
        traj_forecast before = run(&gap, (traj_impute_method)method);
        float kept[2 * GAP];
        for (int t = 0; t < GAP; t++)
            memcpy(kept + 2 * t, gen_recorded(f, (size_t)(LAST + 1 + t), HIDDEN), 2 * sizeof *kept);
        gen_hide(f, LAST + 1, LAST + 1 + GAP, HIDDEN);
        traj_forecast after = run(&gap, (traj_impute_method)method);
        const size_t count = (size_t)(before.samples * GAP * before.agents) * 2;
        assert_true(after.horizon == GAP && after.samples == before.samples);
        assert_memory_equal(before.pos_m, after.pos_m, count * sizeof *before.pos_m);
        for (int t = 0; t < GAP; t++)
            memcpy(gen_recorded(f, (size_t)(LAST + 1 + t), HIDDEN), kept + 2 * t, 2 * sizeof *kept);
        traj_forecast_free(&before);
        traj_forecast_free(&after);
    }
}

static void all_others_stay_where_they_were_seen(void **state)
{
    const gen_fixture *const f = *state;
    const traj_rollout gap = gap_of(f);
    for (int method = TRAJ_IMPUTE_MODEL; method <= TRAJ_IMPUTE_VELOCITY; method++) {
        traj_forecast forecast = run(&gap, (traj_impute_method)method);
        for (int s = 0; s < forecast.samples; s++)
            for (int t = 0; t < GAP; t++)
                for (int a = 0; a < AGENTS; a++)
                    if (a != HIDDEN)
                        assert_memory_equal(gen_forecast(&forecast, s, t, a),
                                            gen_recorded(f, (size_t)(LAST + 1 + t), (size_t)a),
                                            2 * sizeof(float));
        traj_forecast_free(&forecast);
    }
}

/* A sample that happens to pass through what is seen behind the gap has nothing to correct. The
 * rollout of GAP + 2 steps is the imputation's own: same seed, same noise. */
static void what_fits_already_is_left_alone(void **state)
{
    const gen_fixture *const f = *state;
    const traj_rollout gap = gap_of(f);
    traj_rollout longer = gap;
    longer.horizon += TRAJ_IMPUTE_BEHIND;
    traj_forecast free_run = gen_roll(&longer, 1);
    for (int t = GAP; t < GAP + TRAJ_IMPUTE_BEHIND; t++)
        memcpy(gen_recorded(f, (size_t)(LAST + 1 + t), HIDDEN),
               gen_forecast(&free_run, 3, t, HIDDEN), 2 * sizeof(float));
    traj_forecast filled = run(&gap, TRAJ_IMPUTE_MODEL);
    double others = 0;
    for (int t = 0; t < GAP; t++) {
        for (int k = 0; k < 2; k++)
            assert_true(gen_forecast(&filled, 3, t, HIDDEN)[k] ==
                        gen_forecast(&free_run, 3, t, HIDDEN)[k]);
        others += fabs((double)gen_forecast(&filled, 2, t, HIDDEN)[0] -
                       (double)gen_forecast(&free_run, 2, t, HIDDEN)[0]);
    }
    assert_true(others > 0);
    traj_forecast_free(&free_run);
    traj_forecast_free(&filled);
}

/* Nobody seen behind the gap: the plain rollout. */
static void without_an_end_it_is_a_rollout(void **state)
{
    const gen_fixture *const f = *state;
    const traj_rollout gap = gap_of(f);
    gen_hide(f, LAST + 1, LAST + 1 + GAP + TRAJ_IMPUTE_BEHIND, HIDDEN);
    traj_forecast filled = run(&gap, TRAJ_IMPUTE_MODEL), plain = gen_roll(&gap, 1);
    const size_t count = (size_t)(plain.samples * GAP * plain.agents) * 2;
    assert_memory_equal(filled.pos_m, plain.pos_m, count * sizeof *plain.pos_m);
    traj_forecast_free(&filled);
    traj_forecast_free(&plain);
}

/* The end of the gap is met to within a step, by many samples and by one. */
static void samples_end_where_the_hidden_are_seen(void **state)
{
    const gen_fixture *const f = *state;
    traj_rollout gap = gap_of(f);
    for (int t = GAP; t < GAP + TRAJ_IMPUTE_BEHIND; t++) {
        gen_recorded(f, (size_t)(LAST + 1 + t), HIDDEN)[0] = gen_recorded(f, LAST, HIDDEN)[0] + 4;
        gen_recorded(f, (size_t)(LAST + 1 + t), HIDDEN)[1] = gen_recorded(f, LAST, HIDDEN)[1] - 3;
    }
    for (gap.samples = 1; gap.samples <= SAMPLES; gap.samples += SAMPLES - 1) {
        traj_forecast filled = run(&gap, TRAJ_IMPUTE_MODEL);
        double x = 0, y = 0;
        for (int s = 0; s < gap.samples; s++) {
            x += (double)gen_forecast(&filled, s, GAP - 1, HIDDEN)[0] / gap.samples;
            y += (double)gen_forecast(&filled, s, GAP - 1, HIDDEN)[1] / gap.samples;
        }
        const double left_m = hypot(x - (double)gen_recorded(f, LAST + 1 + GAP, HIDDEN)[0],
                                    y - (double)gen_recorded(f, LAST + 1 + GAP, HIDDEN)[1]);
        assert_true(left_m < 2); /* of 5 m that a free sample would miss it by */
        traj_forecast_free(&filled);
    }
}

static void baselines_are_right_about_a_straight_run(void **state)
{
    const gen_fixture *const f = *state;
    const traj_rollout gap = gap_of(f);
    for (int t = -1; t <= GAP + 1; t++) {
        gen_recorded(f, (size_t)(LAST + t), HIDDEN)[0] = 1 + 0.5F * (float)t;
        gen_recorded(f, (size_t)(LAST + t), HIDDEN)[1] = 2 - 0.25F * (float)t;
    }
    for (int method = TRAJ_IMPUTE_LINEAR; method <= TRAJ_IMPUTE_VELOCITY; method++) {
        traj_forecast filled = run(&gap, (traj_impute_method)method);
        traj_impute_error error = traj_impute_measure(&gap, &filled);
        assert_int_equal(filled.samples, 1);
        assert_true(error.count == GAP && error.sum_m < 1e-5);
        gen_forecast(&filled, 0, 2, HIDDEN)[0] += 3;
        gen_forecast(&filled, 0, 2, HIDDEN)[1] += 4;
        error = traj_impute_measure(&gap, &filled);
        assert_true(fabs(error.sum_m - 5) < 1e-4);
        traj_forecast_free(&filled);
    }
    gen_hide(f, LAST + 1, LAST + 2 + GAP, HIDDEN);
    traj_forecast standing = run(&gap, TRAJ_IMPUTE_LINEAR);
    assert_true(gen_forecast(&standing, 0, GAP - 1, HIDDEN)[0] == 1);
    assert_true(traj_impute_measure(&gap, &standing).count == 0);
    traj_forecast_free(&standing);
}

static void every_allocation_may_fail(void **state)
{
    const gen_fixture *const f = *state;
    const traj_rollout gap = gap_of(f);
    traj_pool *pool;
    traj_forecast forecast;
    assert_int_equal(traj_pool_new(&pool, 1, NULL), TRAJ_OK);
    for (int method = TRAJ_IMPUTE_MODEL; method <= TRAJ_IMPUTE_VELOCITY; method++) {
        traj_status status = TRAJ_E_MEMORY;
        long n = 0;
        while (status) {
            traj_alloc_fail_at(++n);
            status = traj_impute_run(&gap, (traj_impute_method)method, pool, &forecast, NULL);
            traj_alloc_fail_at(0);
            assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
        }
        assert_true(n > 1);
        traj_forecast_free(&forecast);
    }
    traj_pool_destroy(pool);
}

int gen_impute_tests(void)
{
    const struct CMUnitTest tests[] = {
        GEN_TEST(the_gap_is_not_read),
        GEN_TEST(all_others_stay_where_they_were_seen),
        GEN_TEST(what_fits_already_is_left_alone),
        GEN_TEST(without_an_end_it_is_a_rollout),
        GEN_TEST(samples_end_where_the_hidden_are_seen),
        GEN_TEST(baselines_are_right_about_a_straight_run),
        GEN_TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("gen: imputation", tests, NULL, NULL);
}
