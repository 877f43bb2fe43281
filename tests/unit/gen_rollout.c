/* Rollouts: who takes part, what held agents do, and what the result may depend on. */
#include "gen_groups.h"

#include "traj/base/memory.h"

#include <math.h>
#include <string.h>

enum { AGENTS = GEN_AGENTS, BALL = 22, LAST = 40, BURN_IN = 8, HORIZON = 6, SAMPLES = 12 };

static traj_rollout rollout_of(const gen_fixture *f)
{
    return (traj_rollout){.model = f->model,
                          .params = f->params,
                          .norm = &f->norm,
                          .recording = &f->recording,
                          .last = LAST,
                          .burn_in = BURN_IN,
                          .horizon = HORIZON,
                          .samples = SAMPLES,
                          .seed = 1};
}

static bool same_bits(const traj_forecast *a, const traj_forecast *b)
{
    const size_t count = (size_t)(a->samples * a->horizon * a->agents) * 2;
    return a->samples == b->samples && a->agents == b->agents &&
           !memcmp(a->pos_m, b->pos_m, count * sizeof *a->pos_m);
}

static void everybody_moves_on_from_where_he_is(void **state)
{
    const gen_fixture *const f = *state;
    const traj_rollout rollout = rollout_of(f);
    traj_forecast forecast = gen_roll(&rollout, 1);
    assert_true(forecast.samples == SAMPLES && forecast.horizon == HORIZON);
    assert_int_equal(forecast.agents, AGENTS);
    for (int a = 0; a < AGENTS; a++) {
        assert_int_equal(forecast.slot[a], a);
        for (int s = 0; s < SAMPLES; s++)
            for (int t = 0; t < HORIZON; t++) {
                const float *const before = t ? gen_forecast(&forecast, s, t - 1, a)
                                              : gen_recorded(f, LAST, (size_t)a);
                const float *const now = gen_forecast(&forecast, s, t, a);
                const double step_m =
                    hypot((double)(now[0] - before[0]), (double)(now[1] - before[1]));
                assert_true(step_m > 0 && step_m < 50 * f->norm.scale_m[TRAJ_BALL]);
            }
        assert_true(gen_forecast(&forecast, 0, 0, a)[0] != gen_forecast(&forecast, 1, 0, a)[0]);
    }
    traj_forecast_free(&forecast);
}

static void bits_depend_on_seed_and_number_alone(void **state)
{
    const gen_fixture *const f = *state;
    traj_rollout rollout = rollout_of(f);
    traj_forecast first = gen_roll(&rollout, 1), other;
    for (int threads = 2; threads < 4; threads++) {
        other = gen_roll(&rollout, threads);
        assert_true(same_bits(&first, &other));
        traj_forecast_free(&other);
    }
    rollout.samples = TRAJ_ROLLOUT_CHUNK; /* a sample does not know how many there are */
    other = gen_roll(&rollout, 1);
    assert_memory_equal(first.pos_m, other.pos_m,
                        (size_t)TRAJ_ROLLOUT_CHUNK * HORIZON * AGENTS * 2 * sizeof *first.pos_m);
    traj_forecast_free(&other);
    rollout.samples = SAMPLES;
    rollout.seed = 2;
    other = gen_roll(&rollout, 1);
    assert_false(same_bits(&first, &other));
    traj_forecast_free(&other);
    rollout.seed = 1;
    rollout.number = 1;
    other = gen_roll(&rollout, 1);
    assert_false(same_bits(&first, &other));
    traj_forecast_free(&other);
    traj_forecast_free(&first);
}

static void future_of_free_agents_is_not_read(void **state)
{
    gen_fixture *const f = *state;
    unsigned char held[AGENTS] = {[BALL] = 1, [4] = 1};
    traj_rollout rollout = rollout_of(f);
    traj_sequence *const sequence = &f->recording.sequence[0];
    traj_forecast alone = gen_roll(&rollout, 1), cut;
    rollout.held = held;
    traj_forecast first = gen_roll(&rollout, 1);
    for (size_t a = 0; a < AGENTS; a++)
        if (!held[a]) gen_hide(f, LAST + 1, sequence->frames, a);
    traj_forecast second = gen_roll(&rollout, 1);
    assert_true(same_bits(&first, &second));
    for (int s = 0; s < SAMPLES; s++)
        for (int t = 0; t < HORIZON; t++)
            for (int a = 0; a < AGENTS; a++)
                if (held[a])
                    assert_memory_equal(gen_forecast(&first, s, t, a),
                                        gen_recorded(f, (size_t)(LAST + 1 + t), (size_t)a),
                                        2 * sizeof(float));
    assert_false(same_bits(&alone, &first)); /* holding matters to the others too */
    assert_true(gen_forecast(&alone, 0, HORIZON - 1, 0)[0] !=
                gen_forecast(&first, 0, HORIZON - 1, 0)[0]);
    rollout.held = NULL;
    sequence->frames = LAST + 1;
    cut = gen_roll(&rollout, 1);
    assert_true(same_bits(&alone, &cut));
    traj_forecast_free(&alone);
    traj_forecast_free(&first);
    traj_forecast_free(&second);
    traj_forecast_free(&cut);
}

/* A gap of two frames in the held ball's future, then the end of the recording. */
static void held_agents_are_nowhere_while_unrecorded(void **state)
{
    gen_fixture *const f = *state;
    unsigned char held[AGENTS] = {[BALL] = 1};
    traj_rollout rollout = rollout_of(f);
    rollout.held = held;
    gen_hide(f, LAST + 2, LAST + 4, BALL);
    f->recording.sequence[0].frames = LAST + HORIZON;
    traj_forecast forecast = gen_roll(&rollout, 1);
    for (int s = 0; s < SAMPLES; s++)
        for (int t = 0; t < HORIZON; t++) {
            const bool there = t != 1 && t != 2 && t != HORIZON - 1;
            assert_true(isfinite(gen_forecast(&forecast, s, t, BALL)[0]) == there);
            for (int a = 0; a < BALL; a++)
                assert_true(isfinite(gen_forecast(&forecast, s, t, a)[0]));
        }
    traj_forecast_free(&forecast);
}

static void who_is_absent_takes_no_part(void **state)
{
    gen_fixture *const f = *state;
    const traj_rollout rollout = rollout_of(f);
    gen_hide(f, LAST, LAST + 1, 3);     /* there before and after, not at the moment */
    gen_hide(f, 0, LAST, 5);            /* just come */
    gen_hide(f, LAST - 3, LAST - 1, 7); /* out of sight for a moment */
    traj_forecast forecast = gen_roll(&rollout, 1);
    assert_int_equal(forecast.agents, AGENTS - 1);
    for (int a = 0; a < forecast.agents; a++) {
        assert_int_equal(forecast.slot[a], a < 3 ? a : a + 1);
        for (int t = 0; t < HORIZON; t++)
            assert_true(isfinite(gen_forecast(&forecast, 0, t, a)[0]));
    }
    traj_forecast_free(&forecast);
}

static void nobody_runs_faster_than_the_limit(void **state)
{
    const gen_fixture *const f = *state;
    traj_rollout rollout = rollout_of(f);
    traj_forecast wild = gen_roll(&rollout, 1);
    rollout.max_speed_mps = 1;
    rollout.max_ball_speed_mps = 3;
    traj_forecast tame = gen_roll(&rollout, 1);
    double fastest[2] = {0, 0};
    for (int s = 0; s < SAMPLES; s++)
        for (int t = 1; t < HORIZON; t++)
            for (int a = 0; a < AGENTS; a++) {
                const float *const now = gen_forecast(&tame, s, t, a);
                const float *const before = gen_forecast(&tame, s, t - 1, a);
                const double mps = f->norm.rate_hz * hypot((double)now[0] - (double)before[0],
                                                           (double)now[1] - (double)before[1]);
                fastest[a == BALL] = fmax(fastest[a == BALL], mps);
            }
    /* positions of up to 60 m are rounded to 4e-6 m, speeds to ten times a few of these */
    assert_true(fastest[0] < 1 + 2e-4 && fastest[0] > 0.99);
    assert_true(fastest[1] < 3 + 2e-4 && fastest[1] > 2.9);
    assert_false(same_bits(&wild, &tame));
    traj_forecast_free(&wild);
    traj_forecast_free(&tame);
}

/* A pitch smaller than what an untrained model wanders: nobody gets beyond it, or, who stands there
 * already, further than he is. */
static void nobody_leaves_the_bounds(void **state)
{
    gen_fixture *const f = *state;
    const traj_norm norm = f->norm;
    traj_rollout rollout = rollout_of(f);
    for (int k = 0; k < 2; k++) f->norm.reach_m[0][k] = f->norm.reach_m[1][k] = 5;
    traj_forecast free = gen_roll(&rollout, 1);
    rollout.bounds = 1;
    traj_forecast bound = gen_roll(&rollout, 1);
    const traj_sequence *const sequence = &f->recording.sequence[0];
    for (int s = 0; s < SAMPLES; s++)
        for (int t = 0; t < HORIZON; t++)
            for (int a = 0; a < AGENTS; a++)
                for (int k = 0; k < 2; k++) {
                    const float from =
                        sequence->pos_m[2 * (LAST * sequence->agents + (size_t)a) + (size_t)k];
                    const double most = fmax(5, fabs((double)from));
                    assert_true(fabs((double)gen_forecast(&bound, s, t, a)[k]) < most + 1e-5);
                }
    assert_false(same_bits(&free, &bound));
    f->norm = norm;
    traj_forecast_free(&free);
    traj_forecast_free(&bound);
}

/* Without a latent the decoder's mean has no chance in it: all samples are one. */
static void the_mean_draws_nothing(void **state)
{
    (void)state;
    gen_fixture rnn;
    gen_fixture_init(&rnn, 0);
    traj_rollout rollout = rollout_of(&rnn);
    const size_t one = (size_t)HORIZON * AGENTS * 2;
    traj_forecast drawn = gen_roll(&rollout, 1);
    assert_true(memcmp(drawn.pos_m, drawn.pos_m + one, one * sizeof *drawn.pos_m) != 0);
    rollout.mean = 1;
    traj_forecast mean = gen_roll(&rollout, 1);
    assert_memory_equal(mean.pos_m, mean.pos_m + one, one * sizeof *mean.pos_m);
    traj_forecast_free(&drawn);
    traj_forecast_free(&mean);
    gen_fixture_free(&rnn);
}

static void what_cannot_be_observed_is_an_error(void **state)
{
    gen_fixture *const f = *state;
    traj_rollout rollout = rollout_of(f);
    traj_pool *pool;
    traj_forecast forecast;
    traj_error err;
    assert_int_equal(traj_pool_new(&pool, 1, NULL), TRAJ_OK);
    rollout.last = 0;
    assert_int_equal(traj_rollout_run(&rollout, pool, &forecast, &err), TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "--at"));
    assert_null(forecast.pos_m);
    rollout.last = LAST;
    for (size_t a = 0; a < AGENTS; a++) gen_hide(f, LAST, LAST + 1, a);
    assert_int_equal(traj_rollout_run(&rollout, pool, &forecast, &err), TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "nobody"));
    traj_pool_destroy(pool);
}

static void every_allocation_may_fail(void **state)
{
    const gen_fixture *const f = *state;
    const traj_rollout rollout = rollout_of(f);
    traj_pool *pool;
    traj_forecast forecast;
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    assert_int_equal(traj_pool_new(&pool, 1, NULL), TRAJ_OK);
    while (status) {
        traj_alloc_fail_at(++n);
        status = traj_rollout_run(&rollout, pool, &forecast, NULL);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
    }
    assert_true(n > 3);
    traj_forecast_free(&forecast);
    traj_pool_destroy(pool);
}

int gen_rollout_tests(void)
{
    const struct CMUnitTest tests[] = {
        GEN_TEST(everybody_moves_on_from_where_he_is),
        GEN_TEST(bits_depend_on_seed_and_number_alone),
        GEN_TEST(future_of_free_agents_is_not_read),
        GEN_TEST(held_agents_are_nowhere_while_unrecorded),
        GEN_TEST(who_is_absent_takes_no_part),
        GEN_TEST(nobody_leaves_the_bounds),
        GEN_TEST(nobody_runs_faster_than_the_limit),
        cmocka_unit_test(the_mean_draws_nothing),
        GEN_TEST(what_cannot_be_observed_is_an_error),
        GEN_TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("gen: rollouts", tests, NULL, NULL);
}
