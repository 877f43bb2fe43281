/* Models against PyTorch's dumps, the same tests for every dump. They are valid because the dump's
 * program shares nothing with the C code but docs/mathematics: the gradient checks of tests/grad
 * only show that a model's gradient is that of its loss, these show that the loss is the right one.
 */
#include "golden/golden.h"
#include "golden/golden_groups.h"
#include "unit/check.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Relative to the largest number of a tensor, at least 1 (golden_compare), or to the sum itself.
 * About ten times what OpenBLAS on AVX-512 gives, in float; more in double, where there is room. */
typedef struct tolerances {
    double noise;    /* a logarithm, a root and a sine of 31 and 24 bits */
    double sums;     /* hundreds of terms, each after dozens of products */
    double gradient; /* the same, and terms that cancel over all rows */
    double step;     /* the state after some steps, one draw from it */
    double losses;   /* at weights that have drifted apart for up to ten steps */
    double
        trained; /* Adam divides a gradient by its size, and so enlarges the error of small ones */
} tolerances;

static const tolerances in_double = {1e-13, 1e-12, 1e-12, 1e-12, 1e-11, 1e-10};
static const tolerances in_float = {5e-7, 1e-6, 5e-6, 1e-6, 5e-6, 1e-5};

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

/* Whatever a test did to the weights, also when it failed. */
static int reset_weights(void **state)
{
    golden_reset(*state);
    return 0;
}

static int close_dump(void **state)
{
    golden_close(*state);
    return 0;
}

static void assert_close(const golden *g, const char *what, double actual, double expected,
                         double relative)
{
    if (!(fabs(actual - expected) <= relative * fmax(1, fabs(expected))))
        fail_msg("%s, %s: %.15g, PyTorch has %.15g", g->name, what, actual, expected);
}

static traj_loss loss_of(golden *g, bool with_gradient)
{
    const traj_batch *const batch = &g->batch;
    const size_t size = g->params.layout->size;
    traj_arena arena;
    traj_error err;
    traj_loss loss;
    const size_t bytes =
        traj_model_loss_bytes(g->model, batch->scenes, batch->agents, batch->steps, with_gradient);
    assert_int_equal(traj_arena_init(&arena, bytes, &err), TRAJ_OK);
    arena.poison_nan = true;
    memset(g->grads.data, 0, size * sizeof *g->grads.data);
    traj_model_type_of(g->model)->loss(g->model, g->params, batch, g->latent, g->objective,
                                       with_gradient ? &g->grads : NULL, &arena, &loss);
    traj_arena_free(&arena);
    return loss;
}

/* PyTorch's shape: a vector has one axis. */
static void assert_shape(const golden *g, const traj_tensor *tensor, const traj_param *param)
{
    const int dims = param->vector ? 1 : 2;
    if (tensor->dims != dims || tensor->shape[0] != param->rows ||
        (dims == 2 && tensor->shape[1] != param->cols))
        fail_msg("%s: %s has another shape than the layout's [%d,%d]", g->name, tensor->name,
                 param->rows, param->cols);
}

static void layout_has_the_names_and_shapes_of_the_dump(void **state)
{
    static const char *const kinds[] = {"param/", "grad/", "after/"};
    const golden *const g = *state;
    const traj_layout *const layout = g->params.layout;
    for (int k = 0; k < 3; k++) {
        int named = 0; /* as many, and each of the layout's is there: none is left over */
        for (size_t i = 0; i < g->file.count; i++)
            named += !strncmp(g->file.tensor[i].name, kinds[k], strlen(kinds[k]));
        assert_int_equal(named, layout->count);
        for (int p = 0; p < layout->count; p++)
            assert_shape(g, golden_tensor(g, kinds[k], layout->param[p].name), &layout->param[p]);
    }
}

/* Without this, a difference in the noise would look like one in the model. */
static void noise_is_the_noise_of_the_dump(void **state)
{
    golden *const g = *state;
    const int agents = g->batch.agents, latent = traj_model_config_of(g->model)->latent;
    if (!latent) return;
    traj_real eps[4096];
    const traj_tensor *const expected = golden_tensor(g, "", "eps");
    const size_t scene = (size_t)agents * (size_t)latent;
    size_t done = 0;
    assert_true(traj_tensor_items(expected) <= sizeof eps / sizeof *eps);
    for (int t = 0; t < g->batch.steps; t++)
        for (int b = 0; b < g->batch.scenes; b++, done += scene)
            traj_noise_normal_rows(&g->latent, g->batch.scene[b], (uint32_t)t, (uint32_t)agents,
                                   eps + done, (size_t)latent);
    assert_int_equal(done, traj_tensor_items(expected));
    golden_compare(g, expected, eps, tolerance()->noise);
}

static void loss_is_that_of_the_dump(void **state)
{
    golden *const g = *state;
    const traj_loss loss = loss_of(g, false);
    const traj_tensor *const expected = golden_tensor(g, "", "loss");
    assert_close(g, "nll", loss.nll, golden_item(expected, 0), tolerance()->sums);
    assert_close(g, "kl", loss.kl, golden_item(expected, 1), tolerance()->sums);
    assert_close(g, "objective", loss.objective, golden_item(expected, 2), tolerance()->sums);
    assert_true(loss.count == traj_batch_count(&g->batch));
}

static void importance_weights_are_those_of_the_dump(void **state)
{
    golden *const g = *state;
    const traj_batch *const batch = &g->batch;
    const traj_tensor *const expected = golden_tensor(g, "", "log_weight");
    double weight[8];
    traj_arena arena;
    traj_error err;
    const size_t bytes =
        traj_model_loss_bytes(g->model, batch->scenes, batch->agents, batch->steps, 0);
    assert_true(batch->scenes <= 8 && traj_tensor_items(expected) == (size_t)batch->scenes);
    assert_int_equal(traj_arena_init(&arena, bytes, &err), TRAJ_OK);
    traj_model_type_of(g->model)->log_weight(g->model, g->params, batch, g->latent, weight, &arena);
    for (int b = 0; b < batch->scenes; b++)
        assert_close(g, "log_weight", weight[b], golden_item(expected, (size_t)b),
                     tolerance()->sums);
    traj_arena_free(&arena);
}

static void gradient_is_that_of_the_dump(void **state)
{
    golden *const g = *state;
    const traj_layout *const layout = g->params.layout;
    loss_of(g, true);
    for (int p = 0; p < layout->count; p++)
        golden_compare(g, golden_tensor(g, "grad/", layout->param[p].name),
                       traj_param_vec(g->grads, p), tolerance()->gradient);
}

static void ten_steps_end_where_the_dump_does(void **state)
{
    golden *const g = *state;
    const traj_layout *const layout = g->params.layout;
    const traj_tensor *const losses = golden_tensor(g, "", "losses");
    traj_arena arena;
    traj_error err;
    assert_int_equal(traj_arena_init(&arena, 2 * layout->size * sizeof(traj_real) + 128, &err),
                     TRAJ_OK);
    const traj_params m = {layout, traj_arena_reals(&arena, layout->size)};
    const traj_params v = {layout, traj_arena_reals(&arena, layout->size)};
    memset(m.data, 0, layout->size * sizeof *m.data);
    memset(v.data, 0, layout->size * sizeof *v.data);
    for (size_t step = 0; step < traj_tensor_items(losses); step++) {
        const traj_loss loss = loss_of(g, true);
        for (size_t i = 0; i < layout->size; i++) g->grads.data[i] /= TRAJ_R(loss.count);
        traj_adamw_step(g->adamw, (long)step + 1, g->params, g->grads, m, v);
        assert_close(g, "a step's loss", loss.objective / loss.count, golden_item(losses, step),
                     tolerance()->losses);
    }
    for (int p = 0; p < layout->count; p++)
        golden_compare(g, golden_tensor(g, "after/", layout->param[p].name),
                       traj_param_vec(g->params, p), tolerance()->trained);
    traj_arena_free(&arena);
}

/* Step t of the batch, or the free step behind it when t is its length. */
static traj_step step_at(const golden *g, int t)
{
    const traj_batch *const batch = &g->batch;
    const size_t rows = (size_t)batch->scenes * (size_t)batch->agents;
    const bool observed = t < batch->steps;
    const size_t row = rows * (size_t)(observed ? t : t - 1), agents = (size_t)batch->agents;
    return (traj_step){
        .scenes = batch->scenes,
        .agents = batch->agents,
        .known = observed ? batch->known + row * TRAJ_KNOWN : g->free_known,
        .edge = observed ? batch->edge + row * agents * TRAJ_EDGE_FEATURES : g->free_edge,
        .present = batch->present + row,
        .target = (observed ? batch->target : batch->present) + row,
        .scene = batch->scene,
        .time = (uint32_t)t,
    };
}

/* An absent agent's x is nobody's: the dump has 0. */
static void draw_present(const golden *g, traj_step step, bool mean, traj_real *x,
                         traj_state *state, traj_arena *arena)
{
    traj_model_type_of(g->model)->draw(g->model, g->params, step, g->latent, g->output, mean, x,
                                       state, arena);
    for (int i = 0; i < 2 * step.scenes * step.agents; i++)
        if (step.present[i / 2] == 0) x[i] = 0;
}

static void generation_is_that_of_the_dump(void **state)
{
    enum { MOST_ROWS = 32 };
    golden *const g = *state;
    const traj_model_type *const type = traj_model_type_of(g->model);
    const int rows = g->batch.scenes * g->batch.agents, steps = g->batch.steps;
    const double close = tolerance()->step;
    traj_real x[2 * MOST_ROWS];
    traj_state carried;
    traj_arena arena;
    traj_error err;
    assert_true(rows <= MOST_ROWS);
    const size_t bytes = traj_model_step_bytes(g->model, g->batch.scenes, g->batch.agents);
    assert_int_equal(traj_arena_init(&arena, bytes, &err), TRAJ_OK);
    arena.poison_nan = true;
    type->state_take(g->model, rows, &carried, &arena);
    for (int t = 0; t < steps; t++)
        type->filter(g->model, g->params, step_at(g, t), g->batch.x + 2 * t * rows, g->latent,
                     &carried, &arena);
    golden_compare(g, golden_tensor(g, "", "state"), carried.h, close);
    const traj_step step = step_at(g, steps);
    draw_present(g, step, true, x, &carried, &arena);
    golden_compare(g, golden_tensor(g, "", "free_mean"), x, close);
    draw_present(g, step, false, x, &carried, &arena);
    golden_compare(g, golden_tensor(g, "", "free_draw"), x, close);
    type->advance(g->model, g->params, step, x, &carried, &arena);
    golden_compare(g, golden_tensor(g, "", "free_state"), carried.h, close);
    traj_arena_free(&arena);
}

int golden_model_tests(const char *name)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_has_the_names_and_shapes_of_the_dump),
        cmocka_unit_test(noise_is_the_noise_of_the_dump),
        cmocka_unit_test(loss_is_that_of_the_dump),
        cmocka_unit_test(importance_weights_are_those_of_the_dump),
        cmocka_unit_test(gradient_is_that_of_the_dump),
        cmocka_unit_test_teardown(ten_steps_end_where_the_dump_does, reset_weights),
        cmocka_unit_test(generation_is_that_of_the_dump),
    };
    dump = name;
    return cmocka_run_group_tests_name(name, tests, open_dump, close_dump);
}
