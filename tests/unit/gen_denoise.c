/* Denoising: the walk that ties a model's displacements to what was seen, gaps and long absences,
 * and what a diffusion model's answer may and must depend on. */
#include "gen_groups.h"

#include "traj/base/memory.h"
#include "traj/gen/denoise.h"
#include "traj/gen/smooth.h"

#include <math.h>
#include <string.h>

enum { STEPS = 7 };

/* The same by least squares: minimises, over the path p_0 .. p_n, the sum of squared residuals of
 * start, steps and measurements, each over its variance. Normal equations, Gauss without pivoting.
 */
static void batch_walk(const traj_walk *walk, const double *x, const double *z, double *path)
{
    double a[STEPS + 1][STEPS + 2] = {{0}};
    const double start = pow(walk->start_sd_m, -2), step = pow(walk->step_m, -2),
                 noise = pow(walk->noise_m, -2);
    a[0][0] = start;
    a[0][STEPS + 1] = start * walk->start_m;
    for (int t = 1; t <= STEPS; t++) {
        a[t][t] += step;
        a[t - 1][t - 1] += step;
        a[t][t - 1] -= step;
        a[t - 1][t] -= step;
        a[t][STEPS + 1] += step * x[t - 1];
        a[t - 1][STEPS + 1] -= step * x[t - 1];
        if (isnan(z[t - 1])) continue;
        a[t][t] += noise;
        a[t][STEPS + 1] += noise * z[t - 1];
    }
    for (int p = 0; p <= STEPS; p++)
        for (int i = 0; i <= STEPS; i++) {
            const double factor = a[i][p] / a[p][p];
            for (int j = 0; i != p && j <= STEPS + 1; j++) a[i][j] -= factor * a[p][j];
        }
    for (int t = 1; t <= STEPS; t++) path[t - 1] = a[t][STEPS + 1] / a[t][t];
}

static void the_walk_is_batch_least_squares(void **state)
{
    (void)state;
    const double x[STEPS] = {0.2, 0.1, -0.3, 0.4, 0.5, 0, -0.2},
                 z[STEPS] = {1.3, 1.1, NAN, NAN, 2.2, 1.9, NAN};
    double path[STEPS], expected[STEPS], scratch[2 * STEPS];
    for (double step_m = 0.01; step_m < 100; step_m *= 10) {
        const traj_walk walk = {.start_m = 1, .start_sd_m = 0.2, .step_m = step_m, .noise_m = 0.3};
        traj_walk_smooth(&walk, x, z, STEPS, path, scratch);
        batch_walk(&walk, x, z, expected);
        for (int t = 0; t < STEPS; t++) assert_true(fabs(path[t] - expected[t]) < 1e-9);
    }
}

/* The limits: certain displacements are followed, worthless ones ignored. */
static void the_walk_trusts_whom_it_should(void **state)
{
    (void)state;
    const double x[STEPS] = {1, 1, 1, 1, 1, 1, 1}, z[STEPS] = {5, -3, 8, 0, 1, 7, 2};
    double path[STEPS], scratch[2 * STEPS];
    const traj_walk certain = {.start_m = 2, .start_sd_m = 1e-6, .step_m = 0, .noise_m = 1};
    traj_walk_smooth(&certain, x, z, STEPS, path, scratch);
    for (int t = 0; t < STEPS; t++) assert_true(fabs(path[t] - (3 + t)) < 1e-9);
    const traj_walk worthless = {.start_m = 2, .start_sd_m = 1, .step_m = 1e6, .noise_m = 1e-3};
    traj_walk_smooth(&worthless, x, z, STEPS, path, scratch);
    for (int t = 0; t < STEPS; t++) assert_true(fabs(path[t] - z[t]) < 1e-9);
}

typedef struct answer {
    float *pos_m, *sd_m; /* owned */
} answer;

static answer run(const traj_denoise *denoise, const traj_recording *recording, int threads)
{
    const traj_sequence *const sequence = &recording->sequence[0];
    traj_pool *pool;
    answer a = {traj_alloc(2 * sequence->frames * sequence->agents, sizeof(float)),
                traj_alloc(sequence->frames * sequence->agents, sizeof(float))};
    assert_int_equal(traj_pool_new(&pool, threads, NULL), TRAJ_OK);
    assert_int_equal(traj_denoise_run(denoise, recording, 0, pool, a.pos_m, a.sd_m, NULL), TRAJ_OK);
    traj_pool_destroy(pool);
    return a;
}

static void answer_free(answer *a)
{
    traj_free(a->pos_m);
    traj_free(a->sd_m);
}

static double rmse(const traj_recording *truth, const float *pos_m)
{
    const traj_sequence *const s = &truth->sequence[0];
    const traj_square_error e = traj_denoise_measure(s->pos_m, pos_m, s->frames * s->agents);
    assert_true(e.count > 0);
    return sqrt(e.sum_m2 / e.count);
}

/* A fixture's match, without and with noise. */
typedef struct pair {
    gen_fixture clean, noisy; /* owned */
} pair;

static const double noise_m = 0.3;

static int setup(void **state)
{
    pair *const p = traj_alloc(1, sizeof *p);
    gen_fixture_init(&p->clean, 3);
    gen_fixture_init(&p->noisy, 3);
    traj_denoise_add(&p->noisy.recording, noise_m, 5);
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    pair *const p = *state;
    gen_fixture_free(&p->clean);
    gen_fixture_free(&p->noisy);
    traj_free(p);
    return 0;
}

static void smoothers_take_noise_away(void **state)
{
    const pair *const p = *state;
    const traj_sequence *const s = &p->noisy.recording.sequence[0];
    assert_true(fabs(rmse(&p->clean.recording, s->pos_m) - noise_m) < 0.02);
    for (int method = TRAJ_DENOISE_KALMAN; method <= TRAJ_DENOISE_SAVGOL; method++) {
        const traj_denoise denoise = {.method = (traj_denoise_method)method, .noise_m = noise_m};
        answer a = run(&denoise, &p->noisy.recording, 1), b = run(&denoise, &p->noisy.recording, 3);
        const double left = rmse(&p->clean.recording, a.pos_m);
        double spread = 0;
        for (size_t i = 0; i < s->frames * s->agents; i++)
            spread += pow((double)a.sd_m[i], 2) / (double)(s->frames * s->agents);
        assert_true(left < 0.7 * noise_m);
        assert_true(sqrt(spread) > 0.4 * left && sqrt(spread) < 1.5 * left);
        assert_memory_equal(a.pos_m, b.pos_m, 2 * s->frames * s->agents * sizeof *a.pos_m);
        answer_free(&a);
        answer_free(&b);
    }
}

/* Who is away for long comes back as somebody new; in a short gap nothing is made up. */
static void absence_stays_absence(void **state)
{
    const pair *const p = *state;
    const traj_sequence *const s = &p->noisy.recording.sequence[0];
    const size_t long_gap[2] = {30, 70}, short_gap[2] = {80, 85};
    for (size_t f = 0; f < s->frames; f++)
        if ((f >= long_gap[0] && f < long_gap[1]) || (f >= short_gap[0] && f < short_gap[1]))
            s->pos_m[2 * f * s->agents] = s->pos_m[2 * f * s->agents + 1] = NAN;
    for (int method = TRAJ_DENOISE_KALMAN; method <= TRAJ_DENOISE_SAVGOL; method++) {
        const traj_denoise denoise = {.method = (traj_denoise_method)method, .noise_m = noise_m};
        answer before = run(&denoise, &p->noisy.recording, 1);
        for (size_t f = 0; f < s->frames; f++) {
            const bool seen = !isnan(s->pos_m[2 * f * s->agents]);
            assert_int_equal(!isnan(before.pos_m[2 * f * s->agents]), seen);
            assert_int_equal(!isnan(before.sd_m[f * s->agents]), seen);
        }
        for (size_t f = long_gap[1]; f < s->frames; f++) s->pos_m[2 * f * s->agents] += 9;
        answer after = run(&denoise, &p->noisy.recording, 1);
        for (size_t f = 0; f < long_gap[0]; f++)
            assert_true(before.pos_m[2 * f * s->agents] == after.pos_m[2 * f * s->agents]);
        for (size_t f = long_gap[1]; f < s->frames; f++) s->pos_m[2 * f * s->agents] -= 9;
        answer_free(&before);
        answer_free(&after);
    }
}

/* A small, untrained diffusion model. */
typedef struct diffuser {
    traj_model *model;  /* owned */
    traj_params params; /* data owned */
} diffuser;

static diffuser diffuser_new(const char *type)
{
    traj_model_config config;
    diffuser d;
    traj_model_config_init(&config);
    strcpy(config.type, type);
    config.hidden = 8;
    config.width = 8;
    config.blocks = 1;
    config.horizon = 12;
    config.diffusion_steps = 20;
    assert_int_equal(traj_model_new(&config, &d.model, NULL), TRAJ_OK);
    const traj_layout *const layout = traj_model_layout(d.model);
    d.params = (traj_params){layout, traj_alloc(layout->size, sizeof(traj_real))};
    traj_model_init(d.model, d.params, 7);
    return d;
}

static void diffuser_free(diffuser *d)
{
    traj_model_destroy(d->model);
    traj_free(d->params.data);
}

enum { BURN_IN = 8 };

static traj_denoise denoise_by(const diffuser *d, const pair *p)
{
    return (traj_denoise){.method = TRAJ_DENOISE_MODEL,
                          .noise_m = noise_m,
                          .model = d->model,
                          .params = d->params,
                          .norm = &p->noisy.norm,
                          .burn_in = BURN_IN,
                          .samples = 7,
                          .eta = 1,
                          .seed = 1};
}

/* Even a model that knows nothing must not make tracks worse than they came: what was seen holds
 * them. */
static void a_model_is_held_by_what_was_seen(void **state)
{
    const pair *const p = *state;
    const traj_sequence *const s = &p->noisy.recording.sequence[0];
    const size_t past = 2 * BURN_IN * s->agents;
    for (int i = 0; i < 2; i++) {
        diffuser d = diffuser_new(i ? "vdm" : "ddpm");
        traj_denoise denoise = denoise_by(&d, p);
        answer one = run(&denoise, &p->noisy.recording, 1),
               many = run(&denoise, &p->noisy.recording, 3);
        assert_true(rmse(&p->clean.recording, one.pos_m) < noise_m);
        assert_memory_equal(one.pos_m, many.pos_m, s->frames * s->agents * 2 * sizeof(float));
        assert_memory_equal(one.sd_m, many.sd_m, s->frames * s->agents * sizeof(float));
        for (size_t f = 0; f < s->frames * s->agents; f++) assert_true(one.sd_m[f] > 0);
        denoise.seed = 2;
        answer other = run(&denoise, &p->noisy.recording, 1);
        denoise.method = TRAJ_DENOISE_KALMAN;
        answer kalman = run(&denoise, &p->noisy.recording, 1);
        assert_memory_equal(one.pos_m, kalman.pos_m, past * sizeof(float));
        assert_memory_not_equal(one.pos_m + past, kalman.pos_m + past, past * sizeof(float));
        assert_memory_not_equal(one.pos_m + past, other.pos_m + past, past * sizeof(float));
        answer_free(&one);
        answer_free(&many);
        answer_free(&other);
        answer_free(&kalman);
        diffuser_free(&d);
    }
}

static void a_model_leaves_absence_alone(void **state)
{
    const pair *const p = *state;
    const traj_sequence *const s = &p->noisy.recording.sequence[0];
    diffuser d = diffuser_new("ddpm");
    const traj_denoise denoise = denoise_by(&d, p);
    for (size_t f = 25; f < 75; f++)
        s->pos_m[2 * f * s->agents] = s->pos_m[2 * f * s->agents + 1] = NAN;
    answer a = run(&denoise, &p->noisy.recording, 1);
    for (size_t i = 0; i < s->frames * s->agents; i++)
        assert_int_equal(isnan(a.pos_m[2 * i]), isnan(s->pos_m[2 * i]));
    answer_free(&a);
    diffuser_free(&d);
}

static void every_allocation_may_fail(void **state)
{
    const pair *const p = *state;
    const traj_recording *const recording = &p->noisy.recording;
    const traj_sequence *const s = &recording->sequence[0];
    diffuser d = diffuser_new("ddpm");
    const traj_denoise denoise = denoise_by(&d, p);
    float *const pos_m = traj_alloc(2 * s->frames * s->agents, sizeof *pos_m);
    float *const sd_m = traj_alloc(s->frames * s->agents, sizeof *sd_m);
    traj_pool *pool;
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    assert_int_equal(traj_pool_new(&pool, 1, NULL), TRAJ_OK);
    while (status) {
        /* an allocation for each track and axis: a few of them will do */
        n += n > 4 && n < 40 ? 7 : 1;
        traj_alloc_fail_at(n);
        status = traj_denoise_run(&denoise, recording, 0, pool, pos_m, sd_m, NULL);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
    }
    assert_true(n > 8);
    traj_pool_destroy(pool);
    traj_free(pos_m);
    traj_free(sd_m);
    diffuser_free(&d);
}

int gen_denoise_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_walk_is_batch_least_squares),
        cmocka_unit_test(the_walk_trusts_whom_it_should),
        cmocka_unit_test_setup_teardown(smoothers_take_noise_away, setup, teardown),
        cmocka_unit_test_setup_teardown(absence_stays_absence, setup, teardown),
        cmocka_unit_test_setup_teardown(a_model_is_held_by_what_was_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(a_model_leaves_absence_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, setup, teardown),
    };
    return cmocka_run_group_tests_name("gen: denoising", tests, NULL, NULL);
}
