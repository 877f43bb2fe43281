/* Scores: the ELBO, the importance-weighted bound above it, and their interval. */
#include "gen_groups.h"

#include "traj/base/memory.h"
#include "traj/gen/score.h"

#include <math.h>
#include <string.h>

enum { WINDOW = 8, SCENES = 15, SEEDS = 20, LATENT = 3 };

typedef struct scored {
    gen_fixture fixture;
    traj_windows windows; /* owned */
    traj_score_job job;
} scored;

/* From the ball, the last agent, down every apart-th one takes part. */
static void keep_some(const traj_sequence *sequence, size_t apart)
{
    for (size_t i = 0; i < sequence->frames * sequence->agents; i++)
        if ((sequence->agents - 1 - i % sequence->agents) % apart)
            sequence->pos_m[2 * i] = sequence->pos_m[2 * i + 1] = NAN;
}

static void scored_new(void **state, size_t apart)
{
    scored *const s = traj_alloc(1, sizeof *s);
    gen_fixture_init(&s->fixture, LATENT);
    keep_some(&s->fixture.recording.sequence[0], apart);
    assert_int_equal(
        traj_windows_cut(&s->fixture.recording, 1, WINDOW, WINDOW, 0, 1, 0, &s->windows, NULL),
        TRAJ_OK);
    assert_int_equal(s->windows.count, SCENES);
    s->job = (traj_score_job){.model = s->fixture.model,
                              .params = s->fixture.params,
                              .norm = &s->fixture.norm,
                              .recording = &s->fixture.recording,
                              .windows = &s->windows,
                              .dequantise = true,
                              .seed = 1};
    *state = s;
}

static int setup(void **state)
{
    scored_new(state, 1);
    return 0;
}

/* Eight agents have a ninth of the pairs, so that many scores of them take no minute under a
 * sanitizer. */
static int setup_few(void **state)
{
    scored_new(state, 3);
    return 0;
}

static int teardown(void **state)
{
    scored *const s = *state;
    traj_windows_free(&s->windows);
    gen_fixture_free(&s->fixture);
    traj_free(s);
    return 0;
}

static void run(const scored *s, int threads, traj_scene_score *score)
{
    traj_pool *pool;
    assert_int_equal(traj_pool_new(&pool, threads, NULL), TRAJ_OK);
    assert_int_equal(traj_score_run(&s->job, pool, score, NULL), TRAJ_OK);
    traj_pool_destroy(pool);
}

static double elbo(const traj_scene_score *score)
{
    return -(score->nll + score->kl);
}

/* Differences: their mean in standard errors. */
typedef struct differences {
    double sum, square;
    int count;
} differences;

static void add(differences *d, double value)
{
    d->sum += value;
    d->square += value * value;
    d->count++;
}

static double in_errors(const differences *d)
{
    const double mean = d->sum / d->count;
    const double variance = d->square / d->count - mean * mean;
    return mean / sqrt(variance / d->count);
}

static void bits_depend_on_seed_alone(void **state)
{
    scored *const s = *state;
    traj_scene_score first[SCENES], other[SCENES];
    s->job.importance = 3;
    run(s, 1, first);
    for (int threads = 2; threads < 4; threads++) {
        run(s, threads, other);
        assert_memory_equal(first, other, sizeof first);
    }
    s->job.seed = 2;
    run(s, 1, other);
    assert_true(memcmp(first, other, sizeof first) != 0);
    s->job.seed = 1;
    s->windows.count = 4; /* a scene's score does not depend on those behind it */
    run(s, 1, other);
    assert_memory_equal(first, other, 4 * sizeof *first);
    for (int i = 0; i < 4; i++) {
        assert_true(first[i].count == 23 * (WINDOW - 1));
        assert_true(isfinite(first[i].nll) && isfinite(first[i].iwae) && first[i].kl > 0);
    }
    s->job.importance = 0;
    run(s, 1, other);
    assert_true(isnan(other[0].iwae) && other[0].nll == first[0].nll);
}

/* L_1 is an unbiased estimate of the ELBO, and L_K grows with K on average (Burda et al. 2016,
 * theorem 1). 300 scores; the same draws of z are in all, so that differences vary little. Chance
 * alone passes four standard errors once in 30000 runs, and the seeds are fixed. */
static void importance_samples_tighten_the_bound(void **state)
{
    scored *const s = *state;
    traj_scene_score one[SCENES], eight[SCENES], many[SCENES];
    differences elbo_gap = {0}, first_gain = {0}, second_gain = {0};
    for (int seed = 1; seed <= SEEDS; seed++) {
        s->job.seed = (uint64_t)seed;
        s->job.importance = 1;
        run(s, 1, one);
        s->job.importance = 8;
        run(s, 1, eight);
        s->job.importance = 32;
        run(s, 1, many);
        for (int i = 0; i < SCENES; i++) {
            add(&elbo_gap, one[i].iwae - elbo(&one[i]));
            add(&first_gain, eight[i].iwae - one[i].iwae);
            add(&second_gain, many[i].iwae - eight[i].iwae);
        }
    }
    assert_true(fabs(in_errors(&elbo_gap)) < 4);
    assert_true(in_errors(&first_gain) > 4);
    assert_true(in_errors(&second_gain) > 4);
}

static double nll_of(const traj_scene_score *score)
{
    return score->nll;
}

/* Two scenes of 10 and 30 agent-steps: mean 100 / 40; residuals -15 and 15 give an error of
 * sqrt(450 * 2) / 40. */
static void means_weigh_agent_steps(void **state)
{
    (void)state;
    const traj_scene_score score[2] = {{.nll = 10, .count = 10}, {.nll = 90, .count = 30}};
    const traj_mean mean = traj_score_mean(score, 2, nll_of);
    assert_true(fabs(mean.mean - 2.5) < 1e-12);
    assert_true(fabs(mean.half_width - 1.96 * 30 / 40) < 1e-12);
    assert_true(isinf(traj_score_mean(score, 1, nll_of).half_width));
}

static void every_allocation_may_fail(void **state)
{
    const scored *const s = *state;
    traj_scene_score score[SCENES];
    traj_pool *pool;
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    assert_int_equal(traj_pool_new(&pool, 1, NULL), TRAJ_OK);
    while (status) {
        traj_alloc_fail_at(++n);
        status = traj_score_run(&s->job, pool, score, NULL);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
    }
    assert_true(n > 2);
    traj_pool_destroy(pool);
}

int gen_score_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bits_depend_on_seed_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(importance_samples_tighten_the_bound, setup_few, teardown),
        cmocka_unit_test(means_weigh_agent_steps),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, setup, teardown),
    };
    return cmocka_run_group_tests_name("gen: scores", tests, NULL, NULL);
}
