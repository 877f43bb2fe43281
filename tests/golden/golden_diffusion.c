/* ddpm and vdm against PyTorch's dumps, the same tests for both: see golden_model.c for why they
 * are valid. Noise and levels are made anew on both sides from the seed, so that they are compared
 * as well. */
#include "golden/golden.h"
#include "golden/golden_groups.h"
#include "unit/check.h"
#include <math.h>
#include <string.h>

/* Relative to the largest number of a tensor, at least 1 (golden_compare). */
typedef struct tolerances {
    double sums, gradient; /* as in golden_model.c */
    double sample;         /* three answers of the network, each fed with the one before */
} tolerances;

static const tolerances in_double = {1e-12, 1e-12, 1e-11};
static const tolerances in_float = {5e-6, 1e-5, 1e-5};

static const tolerances *tolerance(void)
{
    return sizeof(traj_real) == sizeof(double) ? &in_double : &in_float;
}

/* The group's dump: CMocka's group functions take no argument of ours. */
static const char *dump;

static int open_dump(void **state)
{
    static golden g;
    golden_open(&g, dump);
    *state = &g;
    return 0;
}

static int close_dump(void **state)
{
    golden_close(*state);
    return 0;
}

static void open_arena(const golden *g, size_t bytes, traj_arena *arena)
{
    traj_error err;
    assert_int_equal(traj_arena_init(arena, bytes, &err), TRAJ_OK);
    arena->poison_nan = true;
    memset(g->grads.data, 0, g->params.layout->size * sizeof *g->grads.data);
}

static size_t loss_bytes(const golden *g)
{
    return traj_model_loss_bytes(g->model, g->batch.scenes, g->batch.agents, g->batch.steps, 1);
}

/* The inside of gamma descends the estimator's square, which tests/grad checks. */
static bool learns_by_the_bound(const char *name)
{
    return strncmp(name, "gamma.", 6) != 0 || !strcmp(name, "gamma.ends");
}

static void loss_and_gradient_are_those_of_the_dump(void **state)
{
    const golden *const g = *state;
    const traj_layout *const layout = g->params.layout;
    traj_params grads = g->grads;
    traj_arena arena;
    traj_loss loss;
    open_arena(g, loss_bytes(g), &arena);
    traj_model_type_of(g->model)->loss(g->model, g->params, &g->batch, g->latent, g->objective,
                                       &grads, &arena, &loss);
    traj_arena_free(&arena);
    const traj_real sums[3] = {TRAJ_R(loss.nll), TRAJ_R(loss.kl), TRAJ_R(loss.objective)};
    golden_compare(g, golden_tensor(g, "", "loss"), sums, tolerance()->sums);
    for (int p = 0; p < layout->count; p++)
        if (learns_by_the_bound(layout->param[p].name))
            golden_compare(g, golden_tensor(g, "grad/", layout->param[p].name),
                           traj_param_vec(grads, p), tolerance()->gradient);
}

static void bound_is_that_of_the_dump(void **state)
{
    enum { MOST = 128 };
    const golden *const g = *state;
    const traj_model_type *const type = traj_model_type_of(g->model);
    const int terms = type->terms(g->model);
    double sum[2][MOST];
    traj_real term[2][MOST];
    traj_arena arena;
    assert_true(terms <= MOST);
    assert_int_equal(traj_tensor_items(golden_tensor(g, "", "nats")), terms);
    open_arena(g, loss_bytes(g), &arena);
    type->bound(g->model, g->params, &g->batch, g->latent, sum[0], sum[1], &arena);
    traj_arena_free(&arena);
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < terms; i++) term[k][i] = TRAJ_R(sum[k][i]);
    golden_compare(g, golden_tensor(g, "", "nats"), term[0], tolerance()->sums);
    golden_compare(g, golden_tensor(g, "", "error"), term[1], tolerance()->sums);
}

static void sample_is_that_of_the_dump(void **state)
{
    enum { MOST = 128, STEPS = 3 };
    const golden *const g = *state;
    const traj_model_type *const type = traj_model_type_of(g->model);
    const int horizon = traj_model_config_of(g->model)->horizon;
    const traj_sampling sampling = {
        .batch = &g->batch,
        .observed = g->batch.steps - horizon,
        .steps = STEPS,
        .eta = 1,
        .noise = {g->latent.seed, TRAJ_STREAM_DIFFUSION, g->latent.step}};
    traj_real x[MOST];
    traj_arena arena;
    assert_true(2 * horizon * g->batch.scenes * g->batch.agents <= MOST);
    traj_arena_init_dry(&arena);
    type->sample(g->model, g->params, &sampling, NULL, &arena);
    open_arena(g, arena.peak, &arena);
    type->sample(g->model, g->params, &sampling, x, &arena);
    traj_arena_free(&arena);
    golden_compare(g, golden_tensor(g, "", "sample"), x, tolerance()->sample);
}

int golden_diffusion_tests(const char *name)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_and_gradient_are_those_of_the_dump),
        cmocka_unit_test(bound_is_that_of_the_dump),
        cmocka_unit_test(sample_is_that_of_the_dump),
    };
    dump = name;
    return cmocka_run_group_tests_name(name, tests, open_dump, close_dump);
}
