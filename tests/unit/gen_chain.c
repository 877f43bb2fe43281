/* The chains kept for pictures: that they are the sampler's and the truth's, and cost nothing. */
#include "gen_groups.h"

#include "traj/base/memory.h"
#include "traj/gen/rollout.h"

#include <math.h>
#include <string.h>

enum { AGENTS = 23, BALL = 22, LAST = 40, BURN_IN = 8, AHEAD = 12, SAMPLES = 7 };

typedef struct fixture {
    gen_fixture match;
    traj_model *model;  /* owned: a small, untrained diffusion model */
    traj_params params; /* data owned */
} fixture;

static void fixture_init(fixture *f, const char *type, int steps)
{
    traj_model_config config;
    gen_fixture_init(&f->match, 0);
    traj_model_config_init(&config);
    strcpy(config.type, type);
    config.hidden = 8;
    config.width = 8;
    config.blocks = 1;
    config.horizon = AHEAD;
    config.diffusion_steps = steps;
    assert_int_equal(traj_model_new(&config, &f->model, NULL), TRAJ_OK);
    const traj_layout *const layout = traj_model_layout(f->model);
    f->params = (traj_params){layout, traj_alloc(layout->size, sizeof(traj_real))};
    traj_model_init(f->model, f->params, 7);
}

static void fixture_free(fixture *f)
{
    gen_fixture_free(&f->match);
    traj_model_destroy(f->model);
    traj_free(f->params.data);
}

/* No limit of speed: a sample is the sum of what the model drew. */
static traj_rollout rollout_of(const fixture *f, traj_chain *chain)
{
    return (traj_rollout){.model = f->model,
                          .params = f->params,
                          .norm = &f->match.norm,
                          .recording = &f->match.recording,
                          .last = LAST,
                          .burn_in = BURN_IN,
                          .horizon = AHEAD,
                          .samples = SAMPLES,
                          .eta = 1,
                          .seed = 1,
                          .chain = chain};
}

static traj_forecast run(const traj_rollout *rollout, int threads)
{
    traj_pool *pool;
    traj_forecast forecast;
    assert_int_equal(traj_pool_new(&pool, threads, NULL), TRAJ_OK);
    assert_int_equal(traj_rollout_run(rollout, pool, &forecast, NULL), TRAJ_OK);
    traj_pool_destroy(pool);
    return forecast;
}

static float *recorded(const fixture *f, size_t frame)
{
    return f->match.recording.sequence[0].pos_m + 2 * frame * AGENTS;
}

/* Positions of up to 60 m in float, up to twelve of them added. */
static void assert_same_places(const float *a, const float *b, size_t count)
{
    for (size_t i = 0; i < count; i++) assert_true(fabs((double)(a[i] - b[i])) < 1e-4);
}

static void the_ends_are_sample_and_truth(void **state)
{
    static const char *const types[] = {"ddpm", "vdm"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        fixture f;
        traj_chain chain;
        fixture_init(&f, types[i], 40);
        const traj_rollout rollout = rollout_of(&f, &chain);
        traj_forecast forecast = run(&rollout, 2);
        assert_int_equal(chain.levels, TRAJ_CHAIN_LEVELS);
        assert_true(chain.frames == AHEAD + 1 && chain.agents == AGENTS);
        assert_true(chain.noise[0] == 0 && chain.noise[TRAJ_CHAIN_LEVELS - 1] > 10);
        for (int level = 1; level < TRAJ_CHAIN_LEVELS; level++)
            assert_true(chain.noise[level] > chain.noise[level - 1]);
        for (int level = 0; level < chain.levels; level++) {
            const size_t frame = 2 * AGENTS * sizeof(float);
            assert_memory_equal(traj_chain_level(&chain, chain.reverse, level), recorded(&f, LAST),
                                frame);
            assert_memory_equal(traj_chain_level(&chain, chain.forward, level), recorded(&f, LAST),
                                frame);
        }
        const size_t ahead = 2 * AGENTS * AHEAD, first = 2 * AGENTS;
        assert_same_places(chain.reverse + first, forecast.pos_m, ahead);
        assert_same_places(chain.forward + first, recorded(&f, LAST + 1), ahead);
        traj_chain_free(&chain);
        traj_forecast_free(&forecast);
        fixture_free(&f);
    }
}

/* The displacement of entry i at a level: frame-major, as the positions are. */
static double moved(const traj_chain *chain, float *part, int level, int i)
{
    const float *const at = traj_chain_level(chain, part, level) + i;
    return (double)at[2 * AGENTS] - (double)at[0];
}

/* q(y | x): what is left of y when the signal's share of x is taken away is the same eps at every
 * level, of mean 0 and variance 1 (552 numbers: four deviations are 0.17 and 0.24). */
static void the_truth_is_covered_by_gaussian_noise(void **state)
{
    fixture f;
    traj_chain chain;
    double sum = 0, square = 0;
    (void)state;
    fixture_init(&f, "ddpm", 40);
    const traj_rollout rollout = rollout_of(&f, &chain);
    traj_forecast forecast = run(&rollout, 1);
    const int count = 2 * AGENTS * AHEAD;
    for (int i = 0; i < count; i++) {
        const traj_kind kind = f.match.recording.sequence[0].agent[i / 2 % AGENTS].kind;
        double first = NAN;
        for (int level = 1; level < chain.levels; level++) {
            const double noise = chain.noise[level] / hypot(1, chain.noise[level]);
            const double signal = 1 / hypot(1, chain.noise[level]);
            const double eps = (moved(&chain, chain.forward, level, i) -
                                signal * moved(&chain, chain.forward, 0, i)) /
                               (noise * f.match.norm.scale_m[kind]);
            if (level == 1) first = eps;
            /* a rounding of 4e-6 m over a noise of some centimetres */
            assert_true(fabs(eps - first) < 2e-3);
        }
        sum += first;
        square += first * first;
    }
    assert_true(fabs(sum / count) < 0.17 && fabs(square / count - 1) < 0.24);
    traj_chain_free(&chain);
    traj_forecast_free(&forecast);
    fixture_free(&f);
}

static void watching_changes_no_bit(void **state)
{
    fixture f;
    traj_chain chain, other;
    (void)state;
    fixture_init(&f, "ddpm", 40);
    traj_rollout rollout = rollout_of(&f, NULL);
    rollout.horizon = AHEAD + 5; /* goes on from what was generated: that has no chain */
    traj_forecast alone = run(&rollout, 1);
    rollout.chain = &chain;
    traj_forecast watched = run(&rollout, 1);
    const size_t bytes = (size_t)(SAMPLES * rollout.horizon * AGENTS) * 2 * sizeof(float);
    assert_memory_equal(alone.pos_m, watched.pos_m, bytes);
    assert_int_equal(chain.frames, AHEAD + 1);
    traj_forecast_free(&watched);
    rollout.chain = &other;
    watched = run(&rollout, 3);
    assert_memory_equal(chain.reverse, other.reverse,
                        2 * (size_t)(chain.levels * chain.frames * AGENTS) * sizeof(float));
    traj_chain_free(&chain);
    traj_chain_free(&other);
    traj_forecast_free(&alone);
    traj_forecast_free(&watched);
    fixture_free(&f);
}

/* Two steps of the sampler are two levels; one position that nobody recorded leaves no truth, and
 * the sample as it was. */
static void what_is_not_there_is_left_out(void **state)
{
    fixture f;
    traj_chain chain, cut;
    (void)state;
    fixture_init(&f, "ddpm", 40);
    traj_rollout rollout = rollout_of(&f, &chain);
    rollout.steps = 2;
    traj_forecast forecast = run(&rollout, 1);
    traj_forecast_free(&forecast);
    assert_true(chain.levels == 2 && chain.noise[1] > 20 && chain.forward);
    recorded(&f, LAST + AHEAD)[2 * BALL] = NAN;
    rollout.chain = &cut;
    forecast = run(&rollout, 1);
    assert_null(cut.forward);
    assert_memory_equal(cut.reverse, chain.reverse,
                        2 * (size_t)(2 * chain.frames * AGENTS) * sizeof(float));
    traj_chain_free(&chain);
    traj_chain_free(&cut);
    traj_forecast_free(&forecast);
    fixture_free(&f);
}

static void every_allocation_may_fail(void **state)
{
    fixture f;
    traj_chain chain;
    traj_pool *pool;
    traj_forecast forecast;
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    (void)state;
    fixture_init(&f, "ddpm", 40);
    const traj_rollout rollout = rollout_of(&f, &chain);
    assert_int_equal(traj_pool_new(&pool, 1, NULL), TRAJ_OK);
    while (status) {
        traj_alloc_fail_at(++n);
        status = traj_rollout_run(&rollout, pool, &forecast, NULL);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
        if (status) assert_true(!chain.reverse && !chain.forward);
    }
    assert_true(n > 5);
    traj_chain_free(&chain);
    traj_forecast_free(&forecast);
    traj_pool_destroy(pool);
    fixture_free(&f);
}

int gen_chain_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ends_are_sample_and_truth),
        cmocka_unit_test(the_truth_is_covered_by_gaussian_noise),
        cmocka_unit_test(watching_changes_no_bit),
        cmocka_unit_test(what_is_not_there_is_left_out),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("gen: chains", tests, NULL, NULL);
}
