/* Whole models: the gradient of the training objective with respect to every kind of parameter. */
#include "grad/grad_model.h"
#include "grad/grad_groups.h"
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
    grad_model_size size;
    traj_objective objective;
} model_case;

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

void grad_model_open(grad_model *m, const char *name, const traj_model_config *config,
                     grad_model_size size)
{
    traj_error err;
    *m = (grad_model){.name = name, .objective = {1, 0}, .noise = {11, TRAJ_STREAM_LATENT, 3}};
    assert_int_equal(traj_model_new(config, &m->model, &err), TRAJ_OK);
    const traj_layout *const layout = traj_model_layout(m->model);
    traj_arena_init_dry(&m->data);
    traj_batch_take(&m->batch, size.scenes, size.agents, size.steps, &m->data);
    const size_t weights = 4 * layout->size * sizeof(traj_real) + 256;
    assert_int_equal(traj_arena_init(&m->data, m->data.used + weights, &err), TRAJ_OK);
    traj_batch_take(&m->batch, size.scenes, size.agents, size.steps, &m->data);
    fill_batch(&m->batch, size.absent);
    m->params = (traj_params){layout, traj_arena_reals(&m->data, layout->size)};
    m->grads = (traj_params){layout, traj_arena_reals(&m->data, layout->size)};
    m->spare = (traj_params){layout, traj_arena_reals(&m->data, layout->size)};
    traj_model_init(m->model, m->params, 5);
    /* larger heads than training starts with, so that every path carries a signal */
    traj_real *const shake = traj_arena_reals(&m->data, layout->size);
    grad_fill(shake, layout->size, 0.2, 6);
    for (size_t i = 0; i < layout->size; i++) m->params.data[i] += shake[i];
    const size_t bytes = traj_model_loss_bytes(m->model, size.scenes, size.agents, size.steps, 1);
    assert_int_equal(traj_arena_init(&m->arena, bytes, &err), TRAJ_OK);
    m->arena.poison_nan = true;
}

void grad_model_close(grad_model *m)
{
    traj_arena_free(&m->arena);
    traj_arena_free(&m->data);
    traj_model_destroy(m->model);
}

static traj_loss loss_of(grad_model *m, traj_params *grads)
{
    traj_loss loss;
    traj_model_type_of(m->model)->loss(m->model, m->params, &m->batch, m->noise, m->objective,
                                       grads, &m->arena, &loss);
    return loss;
}

traj_loss grad_model_loss(grad_model *m)
{
    return loss_of(m, NULL);
}

traj_loss grad_model_training_loss(grad_model *m)
{
    return loss_of(m, &m->spare);
}

/* Gradients are added to what is there. */
traj_loss grad_model_gradient(grad_model *m)
{
    const size_t size = m->grads.layout->size;
    for (size_t i = 0; i < size; i++) m->grads.data[i] = 1;
    const traj_loss loss = loss_of(m, &m->grads);
    for (size_t i = 0; i < size; i++) m->grads.data[i] -= 1;
    return loss;
}

void grad_model_check_part(const grad_model *m, grad_function *f, void *context, int p,
                           size_t first, size_t count)
{
    char what[128];
    const traj_param *const param = &m->params.layout->param[p];
    snprintf(what, sizeof what, "%s, %s", m->name, param->name);
    assert_true(first + count <= (size_t)param->rows * (size_t)param->cols);
    grad_check(what, f, context, traj_param_vec(m->params, p) + first, count,
               traj_param_vec(m->grads, p) + first);
}

void grad_model_check(const grad_model *m, grad_function *f, void *context, int p)
{
    const traj_param *const param = &m->params.layout->param[p];
    grad_model_check_part(m, f, context, p, 0, (size_t)param->rows * (size_t)param->cols);
}

static double objective(void *context)
{
    return grad_model_loss(context).objective;
}

static void check_model(const model_case *c)
{
    grad_model m;
    grad_model_open(&m, c->name, &c->config, c->size);
    m.objective = c->objective;
    grad_model_gradient(&m);
    for (int p = 0; p < m.params.layout->count; p++) grad_model_check(&m, objective, &m, p);
    grad_model_close(&m);
}

#define PLAIN                                                                                      \
    {                                                                                              \
        1, 0                                                                                       \
    }
static const model_case cases[] = {
    {"rnn diagonal",
     {.type = "rnn", 7, 0, 0, 0, TRAJ_OUTPUT_DIAGONAL, 1, 1e-3, 0},
     {2, 3, 4, 0},
     PLAIN},
    {"rnn mixture",
     {.type = "rnn", 5, 0, 0, 0, TRAJ_OUTPUT_MIXTURE, 3, 1e-3, 1},
     {1, 2, 3, 1},
     PLAIN},
    {"vrnn",
     {.type = "vrnn", 7, 3, 0, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     {2, 3, 4, 1},
     {0.7, 0.5}},
    {"gvrnn, one agent",
     {.type = "gvrnn", 7, 2, 1, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     {1, 1, 3, 0},
     PLAIN},
    {"gvrnn, two agents",
     {.type = "gvrnn", 7, 2, 1, 0, TRAJ_OUTPUT_DIAGONAL, 1, 1e-3, 0},
     {1, 2, 3, 0},
     PLAIN},
    {"gvrnn, absent agents",
     {.type = "gvrnn", 9, 3, 1, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     {2, 5, 4, 2},
     PLAIN},
    {"gvrnn, three rounds",
     {.type = "gvrnn", 6, 2, 3, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     {2, 3, 3, 1},
     PLAIN},
    {"gvrnn, attention",
     {.type = "gvrnn", 7, 2, 2, 3, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
     {2, 4, 3, 1},
     PLAIN},
    {"gvrnn, wide",
     {.type = "gvrnn", 24, 4, 1, 0, TRAJ_OUTPUT_MIXTURE, 2, 1e-3, 1},
     {1, 4, 3, 1},
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
