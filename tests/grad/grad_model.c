/* Whole models: the gradient of the training objective with respect to every kind of parameter. */
#include "grad/grad.h"
#include "grad/grad_groups.h"
#include "traj/base/memory.h"
#include "traj/model/model.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct model_case {
    const char *name;
    traj_model_config config;
    int scenes, agents, steps;
    int absent; /* this many agents come and go */
    traj_objective objective;
} model_case;

typedef struct model_under_test {
    traj_model *model;
    traj_params params;
    traj_batch batch;
    traj_objective objective;
    traj_arena arena;
} model_under_test;

static const traj_noise latent_noise = {11, TRAJ_STREAM_LATENT, 3};

static double objective(void *context)
{
    model_under_test *const m = context;
    traj_loss loss;
    traj_model_type_of(m->model)->loss(m->model, m->params, &m->batch, latent_noise, m->objective,
                                       NULL, &m->arena, &loss);
    return loss.objective;
}

/* Any numbers will do for inputs, but absent rows must be zero as data makes them. */
static void fill_batch(const traj_batch *batch, int absent)
{
    const size_t rows = (size_t)batch->scenes * (size_t)batch->agents;
    const size_t all = rows * (size_t)batch->steps, agents = (size_t)batch->agents;
    grad_fill(batch->x, all * 2, 1, 1);
    grad_fill(batch->known, all * TRAJ_KNOWN, 1, 2);
    grad_fill(batch->edge, all * agents * TRAJ_EDGE_FEATURES, 1, 3);
    grad_fill(batch->log_scale, rows, 1, 4);
    for (size_t r = 0; r < all; r++) {
        const int comes = r % agents < (size_t)absent && (r / rows) % 3 != 1;
        batch->present[r] = r % agents < (size_t)absent && !comes ? 0 : 1;
        batch->target[r] = r % 5 == 3 ? 0 : batch->present[r]; /* some leave, or jump */
        if (batch->target[r] == 0) memset(batch->x + 2 * r, 0, 2 * sizeof *batch->x);
        if (batch->present[r] != 0) continue;
        memset(batch->known + TRAJ_KNOWN * r, 0, TRAJ_KNOWN * sizeof *batch->known);
    }
    for (int b = 0; b < batch->scenes; b++) batch->scene[b] = (uint32_t)b;
}

static void check_model(const model_case *c)
{
    model_under_test m = {.objective = c->objective};
    traj_error err;
    traj_arena data;
    assert_int_equal(traj_model_new(&c->config, &m.model, &err), TRAJ_OK);
    const traj_layout *const layout = traj_model_layout(m.model);
    traj_arena_init_dry(&data);
    traj_batch_take(&m.batch, c->scenes, c->agents, c->steps, &data);
    assert_int_equal(
        traj_arena_init(&data, data.used + 3 * layout->size * sizeof(traj_real) + 256, &err),
        TRAJ_OK);
    traj_batch_take(&m.batch, c->scenes, c->agents, c->steps, &data);
    fill_batch(&m.batch, c->absent);
    m.params = (traj_params){layout, traj_arena_reals(&data, layout->size)};
    traj_params grads = {layout, traj_arena_reals(&data, layout->size)};
    traj_params_init(m.params, 5);
    /* larger heads than training starts with, so that every path carries a signal */
    traj_real *const shake = traj_arena_reals(&data, layout->size);
    grad_fill(shake, layout->size, 0.2, 6);
    for (size_t i = 0; i < layout->size; i++) m.params.data[i] += shake[i];
    const size_t bytes = traj_model_loss_bytes(m.model, c->scenes, c->agents, c->steps, 1);
    assert_int_equal(traj_arena_init(&m.arena, bytes, &err), TRAJ_OK);
    m.arena.poison_nan = true;
    /* gradients are added to what is there */
    for (size_t i = 0; i < layout->size; i++) grads.data[i] = 1;
    traj_loss loss;
    traj_model_type_of(m.model)->loss(m.model, m.params, &m.batch, latent_noise, m.objective,
                                      &grads, &m.arena, &loss);
    for (size_t i = 0; i < layout->size; i++) grads.data[i] -= 1;
    for (int p = 0; p < layout->count; p++) {
        char what[128];
        const traj_param *const param = &layout->param[p];
        snprintf(what, sizeof what, "%s, %s", c->name, param->name);
        grad_check(what, objective, &m, m.params.data + param->offset,
                   (size_t)param->rows * (size_t)param->cols, grads.data + param->offset);
    }
    traj_arena_free(&m.arena);
    traj_arena_free(&data);
    traj_model_destroy(m.model);
}

#define PLAIN                                                                                      \
    {                                                                                              \
        1, 0                                                                                       \
    }
static const model_case cases[] = {
    {"rnn diagonal",
     {.type = "rnn", 7, 0, 0, 0, TRAJ_OUTPUT_DIAGONAL, 1, 1e-3, 0},
     2,
     3,
     4,
     0,
     PLAIN},
    {"rnn mixture",
     {.type = "rnn", 5, 0, 0, 0, TRAJ_OUTPUT_MIXTURE, 3, 1e-3, 1},
     1,
     2,
     3,
     1,
     PLAIN},
    {"vrnn",
     {.type = "vrnn", 7, 3, 0, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     2,
     3,
     4,
     1,
     {0.7, 0.5}},
    {"gvrnn, one agent",
     {.type = "gvrnn", 7, 2, 1, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     1,
     1,
     3,
     0,
     PLAIN},
    {"gvrnn, two agents",
     {.type = "gvrnn", 7, 2, 1, 0, TRAJ_OUTPUT_DIAGONAL, 1, 1e-3, 0},
     1,
     2,
     3,
     0,
     PLAIN},
    {"gvrnn, absent agents",
     {.type = "gvrnn", 9, 3, 1, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     2,
     5,
     4,
     2,
     PLAIN},
    {"gvrnn, three rounds",
     {.type = "gvrnn", 6, 2, 3, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     2,
     3,
     3,
     1,
     PLAIN},
    {"gvrnn, attention",
     {.type = "gvrnn", 7, 2, 2, 3, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     2,
     4,
     3,
     1,
     PLAIN},
    {"gvrnn, wide",
     {.type = "gvrnn", 24, 4, 1, 0, TRAJ_OUTPUT_MIXTURE, 2, 1e-3, 1},
     1,
     4,
     3,
     1,
     {0.5, 0}},
};

static void all_models(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_model(&cases[i]);
}

int grad_model_tests(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_models)};
    return cmocka_run_group_tests_name("whole models", tests, NULL, NULL);
}
