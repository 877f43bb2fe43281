/* See prop.h. */
#include "prop/prop.h"
#include "traj/base/memory.h"
#include "unit/check.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const prop_row prop_models[PROP_MODELS] = {
    {"rnn", {.type = "rnn", 9, 0, 0, 0, TRAJ_OUTPUT_BIVARIATE, 1, PROP_QUIET_SD, 1}},
    {"rnn, mixture", {.type = "rnn", 7, 0, 0, 0, TRAJ_OUTPUT_MIXTURE, 3, PROP_QUIET_SD, 0}},
    {"vrnn", {.type = "vrnn", 8, 3, 0, 0, TRAJ_OUTPUT_BIVARIATE, 1, PROP_QUIET_SD, 1}},
    {"gvrnn", {.type = "gvrnn", 17, 3, 1, 0, TRAJ_OUTPUT_BIVARIATE, 1, PROP_QUIET_SD, 1}},
    {"gvrnn, attention", {.type = "gvrnn", 8, 2, 2, 3, TRAJ_OUTPUT_DIAGONAL, 1, PROP_QUIET_SD, 1}},
    {"ddpm",
     {.type = "ddpm",
      .hidden = 7,
      .horizon = 2,
      .width = 9,
      .blocks = 2,
      .diffusion_steps = 6,
      .schedule = TRAJ_SCHEDULE_COSINE,
      .predict = TRAJ_PREDICT_V,
      .variance = TRAJ_VARIANCE_LEARNED,
      .loss = TRAJ_LOSS_HYBRID,
      .components = 1,
      .sd_floor = 1}},
    {"vdm",
     {.type = "vdm",
      .hidden = 7,
      .horizon = 2,
      .width = 9,
      .blocks = 1,
      .gamma = TRAJ_GAMMA_MONOTONE,
      .predict = TRAJ_PREDICT_V,
      .components = 1,
      .sd_floor = 1}},
    {"vdm in steps",
     {.type = "vdm",
      .hidden = 5,
      .attention = 3,
      .horizon = 3,
      .width = 8,
      .blocks = 2,
      .fourier = 1,
      .diffusion_steps = 6,
      .gamma = TRAJ_GAMMA_LINEAR,
      .predict = TRAJ_PREDICT_EPS,
      .components = 1,
      .sd_floor = 1}},
};

double prop_rounding(void)
{
    return sizeof(traj_real) == sizeof(double) ? 1e-11 : 1e-5;
}

void prop_fill(traj_real *data, size_t n, double scale, uint64_t seed)
{
    const traj_noise noise = {seed, TRAJ_STREAM_TEST, 0};
    for (size_t i = 0; i < n; i++) {
        traj_noise_uniform(&noise, 0, (uint32_t)i, 0, &data[i], 1);
        data[i] = TRAJ_R(scale * (2 * (double)data[i] - 1));
    }
}

void prop_model_init(prop_model *m, const char *name, const traj_model_config *config)
{
    traj_error err;
    *m = (prop_model){.name = name, .objective = {0.7, 0.1}};
    assert_int_equal(traj_model_new(config, &m->model, &err), TRAJ_OK);
    const traj_layout *const layout = traj_model_layout(m->model);
    m->params = (traj_params){layout, traj_alloc(layout->size, sizeof(traj_real))};
    m->grads = (traj_params){layout, traj_alloc(layout->size, sizeof(traj_real))};
    assert_true(m->params.data && m->grads.data);
    /* not traj_params_init: its small heads would hide what stands behind them */
    prop_fill(m->params.data, layout->size, 0.5, 1);
}

void prop_model_free(prop_model *m)
{
    traj_free(m->params.data);
    traj_free(m->grads.data);
    traj_model_destroy(m->model);
}

traj_mat prop_weights(const prop_model *m, const char *name)
{
    const int index = traj_layout_find(m->params.layout, name);
    if (index < 0) fail_msg("%s has no %s", m->name, name);
    return traj_param_mat(m->params, index);
}

void prop_quieten(prop_model *m, const char *head)
{
    const int latent = traj_model_config_of(m->model)->latent;
    char name[64];
    if (!latent) return;
    snprintf(name, sizeof name, "%s.head.weight", head);
    const traj_mat weight = prop_weights(m, name);
    snprintf(name, sizeof name, "%s.head.bias", head);
    const traj_mat bias = prop_weights(m, name);
    for (int k = latent; k < 2 * latent; k++) { /* softplus(-60) is 1e-26 */
        memset(traj_mat_row(weight, k), 0, (size_t)weight.cols * sizeof(traj_real));
        traj_mat_row(bias, k)[0] = -60;
    }
}

static void blank_row(const traj_batch *batch, int t, int row)
{
    const int at = t * batch->scenes * batch->agents + row;
    batch->present[at] = batch->target[at] = 0;
    memset(batch->x + 2 * at, 0, 2 * sizeof *batch->x);
    memset(batch->known + TRAJ_KNOWN * at, 0, TRAJ_KNOWN * sizeof *batch->known);
}

void prop_batch_init(prop_batch *b, int scenes, int agents, int steps)
{
    const size_t rows = (size_t)scenes * (size_t)agents, all = rows * (size_t)steps;
    traj_arena dry;
    traj_error err;
    traj_arena_init_dry(&dry);
    traj_batch_take(&b->batch, scenes, agents, steps, &dry);
    assert_int_equal(traj_arena_init(&b->memory, dry.used, &err), TRAJ_OK);
    traj_batch_take(&b->batch, scenes, agents, steps, &b->memory);
    prop_fill(b->batch.x, all * 2, 1, 2);
    prop_fill(b->batch.known, all * TRAJ_KNOWN, 1, 3);
    prop_fill(b->batch.edge, all * (size_t)agents * TRAJ_EDGE_FEATURES, 1, 4);
    prop_fill(b->batch.log_scale, rows, 1, 5);
    for (size_t r = 0; r < all; r++) b->batch.present[r] = b->batch.target[r] = 1;
    for (int s = 0; s < scenes; s++) {
        b->batch.scene[s] = 40 + (uint32_t)s;
        for (int t = 1; t < steps && agents > 1; t += 3) blank_row(&b->batch, t, s * agents);
    }
}

void prop_batch_free(prop_batch *b)
{
    traj_arena_free(&b->memory);
}

static void copy_agent(const traj_batch *to, int to_row, const traj_batch *from, int from_row,
                       const int *agent)
{
    const int e = TRAJ_EDGE_FEATURES;
    to->present[to_row] = from->present[from_row];
    to->target[to_row] = from->target[from_row];
    memcpy(to->x + 2 * to_row, from->x + 2 * from_row, 2 * sizeof *to->x);
    memcpy(to->known + TRAJ_KNOWN * to_row, from->known + TRAJ_KNOWN * from_row,
           TRAJ_KNOWN * sizeof *to->known);
    for (int j = 0; j < to->agents; j++) /* sender j */
        if (agent[j] >= 0)
            memcpy(to->edge + (to_row * to->agents + j) * e,
                   from->edge + (from_row * from->agents + agent[j]) * e,
                   (size_t)e * sizeof *to->edge);
}

void prop_batch_copy(const traj_batch *to, const traj_batch *from, const int *scene,
                     const int *agent)
{
    for (int s = 0; s < to->scenes; s++) {
        to->scene[s] = from->scene[scene[s]];
        for (int a = 0; a < to->agents; a++) {
            const int row = s * to->agents + a, source = scene[s] * from->agents + agent[a];
            if (agent[a] < 0) continue;
            to->log_scale[row] = from->log_scale[source];
            for (int t = 0; t < to->steps; t++)
                copy_agent(to, t * to->scenes * to->agents + row, from,
                           t * from->scenes * from->agents + source, agent);
        }
    }
}

void prop_batch_fill_absent(const traj_batch *batch)
{
    const int agents = batch->agents, all = batch->steps * batch->scenes * agents;
    const size_t e = TRAJ_EDGE_FEATURES;
    for (int r = 0; r < all; r++) {
        if (batch->present[r] != 0) continue;
        prop_fill(batch->x + 2 * r, 2, 3, (uint64_t)r + 100);
        prop_fill(batch->known + TRAJ_KNOWN * r, TRAJ_KNOWN, 3, (uint64_t)r + 200);
        for (int other = 0; other < agents; other++) {
            const int first = r / agents * agents, a = r % agents;
            prop_fill(batch->edge + (size_t)(r * agents + other) * e, e, 3, 300);
            prop_fill(batch->edge + (size_t)((first + other) * agents + a) * e, e, 3, 400);
        }
    }
}

traj_loss prop_loss(prop_model *m, const traj_batch *batch, uint32_t noise_step)
{
    const traj_noise latent = {9, TRAJ_STREAM_LATENT, noise_step};
    traj_arena arena;
    traj_error err;
    traj_loss loss;
    const size_t bytes =
        traj_model_loss_bytes(m->model, batch->scenes, batch->agents, batch->steps, 1);
    assert_int_equal(traj_arena_init(&arena, bytes, &err), TRAJ_OK);
    arena.poison_nan = true;
    memset(m->grads.data, 0, m->grads.layout->size * sizeof *m->grads.data);
    traj_model_type_of(m->model)->loss(m->model, m->params, batch, latent, m->objective, &m->grads,
                                       &arena, &loss);
    traj_arena_free(&arena);
    return loss;
}

void prop_same(const char *what, double a, double b, double rounding)
{
    if (!(fabs(a - b) <= rounding * fmax(1, fabs(a)))) fail_msg("%s: %.15g and %.15g", what, a, b);
}

void prop_same_all(const char *what, const traj_real *a, const traj_real *b, size_t n,
                   double rounding)
{
    double scale = 1;
    for (size_t i = 0; i < n; i++) scale = fmax(scale, fabs((double)a[i]));
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)a[i] - (double)b[i]) <= rounding * scale))
            fail_msg("%s: item %zu is %.12g and %.12g, with numbers up to %.2g", what, i,
                     (double)a[i], (double)b[i], scale);
}

void prop_same_loss(const char *what, traj_loss a, traj_loss b, double rounding)
{
    assert_true(isfinite(a.nll) && isfinite(a.kl) && isfinite(a.objective));
    prop_same(what, a.nll, b.nll, rounding);
    prop_same(what, a.kl, b.kl, rounding);
    prop_same(what, a.objective, b.objective, rounding);
    assert_true(a.count == b.count);
}
