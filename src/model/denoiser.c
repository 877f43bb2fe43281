/* The network that says what is noise in a noisy future: see denoiser.h.
 *
 *   (1) s       = max(0, W_l features(level) + b_l + W_c c)
 *   (2) v_0     = W_y [y, sin y, cos y, m] + b_y
 *   (3) u_k     = film_k(v_k, s)
 *   (4) v_{k+1} = u_k + graph_k(u_k)
 *   (5) out     = W_o v_N + b_o
 */
#include "denoiser.h"
#include "traj/base/assert.h"
#include "traj/base/simd.h"
#include "traj/base/vkernel.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Columns of the input before the mask: y, then the sine and the cosine of each frequency. */
static int signal_width(const traj_denoiser *net)
{
    return 2 * net->horizon * (1 + 2 * net->fourier);
}

static void blocks_declare(traj_denoiser *net, traj_layout *layout, int attention)
{
    const traj_graph_shape shape = {.in = net->width,
                                    .hidden = net->width,
                                    .out = net->width,
                                    .rounds = 1,
                                    .features = TRAJ_EDGE_FEATURES,
                                    .attention = attention};
    for (int k = 0; k < net->blocks; k++) {
        char name[32];
        snprintf(name, sizeof name, "denoiser.block%d.film", k);
        net->film[k] = traj_film_declare(layout, name, net->width, net->width);
        snprintf(name, sizeof name, "denoiser.block%d.graph", k);
        net->graph[k] = traj_graph_declare(layout, name, shape);
    }
}

traj_denoiser traj_denoiser_declare(traj_layout *layout, const traj_model_config *config,
                                    int outputs)
{
    traj_denoiser net = {.width = config->width,
                         .horizon = config->horizon,
                         .outputs = outputs,
                         .fourier = config->fourier,
                         .blocks = config->blocks};
    TRAJ_ASSERT(net.blocks >= 1 && net.blocks <= TRAJ_MAX_BLOCKS);
    TRAJ_ASSERT(net.fourier >= 0 && net.fourier <= TRAJ_MAX_FOURIER);
    TRAJ_ASSERT(outputs == 2 || outputs == 4);
    const int width = net.width, in = signal_width(&net) + net.horizon;
    const int out = outputs * net.horizon, levels = TRAJ_LEVEL_FEATURES;
    net.past = traj_past_declare(layout, config);
    net.level_weight =
        traj_layout_matrix(layout, "denoiser.level", ".weight", width, levels, TRAJ_INIT_FAN_IN);
    net.level_bias =
        traj_layout_vector(layout, "denoiser.level", ".bias", width, levels, TRAJ_INIT_FAN_IN);
    net.context_weight =
        traj_layout_matrix(layout, "denoiser.context", ".weight", width, width, TRAJ_INIT_FAN_IN);
    net.input_weight =
        traj_layout_matrix(layout, "denoiser.input", ".weight", width, in, TRAJ_INIT_FAN_IN);
    net.input_bias =
        traj_layout_vector(layout, "denoiser.input", ".bias", width, in, TRAJ_INIT_FAN_IN);
    blocks_declare(&net, layout, config->attention);
    net.output_weight =
        traj_layout_matrix(layout, "denoiser.output", ".weight", out, width, TRAJ_INIT_SMALL);
    net.output_bias =
        traj_layout_vector(layout, "denoiser.output", ".bias", out, width, TRAJ_INIT_ZERO);
    return net;
}

static traj_mat take(traj_arena *arena, int rows, int cols)
{
    return traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)cols), rows, cols);
}

traj_denoiser_trace traj_denoiser_take(const traj_denoiser *net, traj_params params,
                                       const traj_past_trace *past, bool with_gradient,
                                       traj_arena *arena)
{
    const int scenes = past->scenes, agents = past->agents, rows = scenes * agents;
    const int width = net->width;
    traj_denoiser_trace trace = {.pairs = past->pairs};
    trace.features = take(arena, scenes, TRAJ_LEVEL_FEATURES);
    trace.level = take(arena, scenes, width);
    trace.input = take(arena, rows, signal_width(net) + net->horizon);
    trace.condition = take(arena, rows, width);
    trace.v[0] = take(arena, rows, width);
    for (int k = 0; k < net->blocks; k++) {
        trace.film[k] = traj_film_trace_take(&net->film[k], rows, arena);
        trace.u[k] = take(arena, rows, width);
        trace.graph[k] = traj_graph_trace_take(&net->graph[k], scenes, agents, arena);
        trace.fold[k] = traj_graph_prepare(&net->graph[k], params, arena, with_gradient);
        trace.v[k + 1] = take(arena, rows, width);
    }
    trace.out = take(arena, rows, net->outputs * net->horizon);
    return trace;
}

/* Rows of scene b. */
static traj_mat scene_rows(const traj_denoiser_trace *trace, traj_mat m, int b)
{
    return traj_mat_rows(m, b * trace->pairs.agents, trace->pairs.agents);
}

/* Radians per unit of level of the j-th sine and cosine: from 1000 down to 0.18, so that
 * neighbours among 1000 levels differ and the slowest still moves. */
static double level_frequency(int j)
{
    return 1000 * pow(10000, -2.0 * j / TRAJ_LEVEL_FEATURES);
}

/* row = sines, then cosines. */
static void level_forward(traj_real *row, double level)
{
    for (int j = 0; j < TRAJ_LEVEL_FEATURES / 2; j++) {
        const double angle = level * level_frequency(j);
        row[j] = TRAJ_R(sin(angle));
        row[j + TRAJ_LEVEL_FEATURES / 2] = TRAJ_R(cos(angle));
    }
}

/* d level from the features' gradient. */
static double level_backward(const traj_real *d_row, double level)
{
    double sum = 0;
    for (int j = 0; j < TRAJ_LEVEL_FEATURES / 2; j++) {
        const double frequency = level_frequency(j), angle = level * frequency;
        const double d_sine = (double)d_row[j];
        const double d_cosine = (double)d_row[j + TRAJ_LEVEL_FEATURES / 2];
        sum += frequency * (d_sine * cos(angle) - d_cosine * sin(angle));
    }
    return sum;
}

/* (1) */
static void condition_forward(const traj_denoiser *net, traj_params params,
                              const traj_denoiser_trace *trace, const double *level,
                              traj_mat context)
{
    for (int b = 0; b < trace->features.rows; b++)
        level_forward(traj_mat_row(trace->features, b), level[b]);
    traj_linear_forward(trace->level, trace->features, traj_param_mat(params, net->level_weight),
                        traj_param_vec(params, net->level_bias), TRAJ_SET);
    traj_gemm_nt(trace->condition, context, traj_param_mat(params, net->context_weight), TRAJ_SET);
    for (int b = 0; b < trace->level.rows; b++)
        traj_relu_forward(scene_rows(trace, trace->condition, b), traj_mat_row(trace->level, b));
}

/* sin and cos of 2 pi turns y. */
TRAJ_SIMD static void fourier_forward(int n, traj_real turns, traj_real *restrict sine,
                                      traj_real *restrict cosine, const traj_real *restrict y)
{
    for (int i = 0; i < n; i++) traj_sincos2pi1(turns * y[i], &sine[i], &cosine[i]);
}

/* dy += the part of one frequency, in radians per unit of y. */
TRAJ_SIMD static void fourier_backward(int n, traj_real frequency, traj_real *restrict dy,
                                       const traj_real *restrict d_sine,
                                       const traj_real *restrict d_cosine,
                                       const traj_real *restrict sine,
                                       const traj_real *restrict cosine)
{
    for (int i = 0; i < n; i++)
        dy[i] += frequency * (d_sine[i] * cosine[i] - d_cosine[i] * sine[i]);
}

/* 2^f / 2: whole turns per unit of y of frequency f, 2^f pi radians. */
static traj_real fourier_turns(int f)
{
    return TRAJ_R(0.5) * TRAJ_R(1 << f);
}

/* A row of the input: y | sin y | cos y | sin 2y | cos 2y ... | mask. */
static void input_row(const traj_denoiser *net, traj_real *row, const traj_real *y,
                      const traj_real *mask)
{
    const int n = 2 * net->horizon;
    memcpy(row, y, (size_t)n * sizeof *row);
    for (int f = 0; f < net->fourier; f++) {
        row += 2 * n;
        fourier_forward(n, fourier_turns(f), row - n, row, y);
    }
    memcpy(row + n, mask, (size_t)net->horizon * sizeof *row);
}

/* The gradient of y from that of the input; row as input_row left it. */
static void input_row_backward(const traj_denoiser *net, traj_real *dy, const traj_real *d_row,
                               const traj_real *row)
{
    const int n = 2 * net->horizon;
    memcpy(dy, d_row, (size_t)n * sizeof *dy);
    for (int f = 0; f < net->fourier; f++) {
        row += 2 * n;
        d_row += 2 * n;
        fourier_backward(n, TRAJ_R(6.28318530717958647693) * fourier_turns(f), dy, d_row - n, d_row,
                         row - n, row);
    }
}

TRAJ_SIMD static void add_row(int n, traj_real *restrict sum, const traj_real *restrict x)
{
    for (int i = 0; i < n; i++) sum[i] += x[i];
}

void traj_denoiser_forward(const traj_denoiser *net, traj_params params, traj_denoiser_trace *trace,
                           traj_mat y, traj_mat mask, const double *level, traj_mat context)
{
    const int rows = trace->input.rows;
    TRAJ_ASSERT(y.rows == rows && y.cols == 2 * net->horizon);
    TRAJ_ASSERT(mask.rows == rows && mask.cols == net->horizon);
    TRAJ_ASSERT(context.rows == rows && context.cols == net->width);
    /* (1), (2) */
    condition_forward(net, params, trace, level, context);
    for (int r = 0; r < rows; r++)
        input_row(net, traj_mat_row(trace->input, r), traj_mat_row(y, r), traj_mat_row(mask, r));
    traj_linear_forward(trace->v[0], trace->input, traj_param_mat(params, net->input_weight),
                        traj_param_vec(params, net->input_bias), TRAJ_SET);
    for (int k = 0; k < net->blocks; k++) {
        const traj_graph *const graph = &net->graph[k];
        const traj_mat u = trace->u[k], next = trace->v[k + 1];
        /* (3) */
        traj_film_forward(&net->film[k], params, trace->film[k], u, trace->v[k], trace->condition);
        /* (4) */
        traj_gemm_nt(trace->graph[k].layer[0].p, u, traj_graph_project(graph, params), TRAJ_SET);
        traj_graph_forward(graph, params, &trace->fold[k], trace->pairs, trace->graph[k], next);
        for (int r = 0; r < rows; r++)
            add_row(net->width, traj_mat_row(next, r), traj_mat_row(u, r));
    }
    /* (5) */
    traj_linear_forward(trace->out, trace->v[net->blocks],
                        traj_param_mat(params, net->output_weight),
                        traj_param_vec(params, net->output_bias), TRAJ_SET);
}

/* Gradients on their way back. */
typedef struct back {
    traj_mat v, spare;         /* [R,W] */
    traj_mat condition, level; /* [R,W], [B,W] */
    traj_mat features, input;  /* [B,TRAJ_LEVEL_FEATURES], [R,2H (1 + 2 fourier)] */
} back;

static back back_take(const traj_denoiser *net, const traj_denoiser_trace *trace, traj_arena *arena)
{
    const int scenes = trace->pairs.scenes, rows = scenes * trace->pairs.agents;
    const int width = net->width;
    back d = {.v = take(arena, rows, width), .spare = take(arena, rows, width)};
    d.condition = take(arena, rows, width);
    d.level = take(arena, scenes, width);
    d.features = take(arena, scenes, TRAJ_LEVEL_FEATURES);
    d.input = take(arena, rows, signal_width(net));
    return d;
}

static void clear(traj_mat m)
{
    memset(m.data, 0, (size_t)m.rows * (size_t)m.cols * sizeof *m.data);
}

/* (4), (3) undone for block k: d->v is the gradient of v_{k+1}, then of v_k. */
static void block_backward(const traj_denoiser *net, traj_params params, traj_params grads,
                           traj_denoiser_trace *trace, back *d, int k, traj_arena *arena)
{
    const traj_graph *const graph = &net->graph[k];
    const traj_mat dp = trace->graph[k].layer[0].p, du = d->v, dv = d->spare;
    /* (4) v_{k+1} = u + graph(P), P = u W'; P becomes its gradient, the residual path stays in d */
    traj_graph_backward(graph, params, &trace->fold[k], trace->pairs, trace->graph[k], d->v, arena);
    if (!arena->memory) return;
    traj_graph_gradient(graph, params, grads, &trace->fold[k], trace->graph[k], d->v);
    traj_linear_gradient(traj_graph_project(graph, grads), NULL, dp, trace->u[k]);
    traj_linear_backward(du, dp, traj_graph_project(graph, params), TRAJ_ADD);
    /* (3) u = film(v_k, s) */
    traj_film_backward(&net->film[k], params, grads, trace->film[k], du, trace->v[k],
                       trace->condition, dv, d->condition);
    d->v = dv;
    d->spare = du;
}

/* (1) undone; d_level may be NULL. */
static void condition_backward(const traj_denoiser *net, traj_params params, traj_params grads,
                               const traj_denoiser_trace *trace, const back *d, const double *level,
                               traj_mat context, traj_mat d_context, double *d_level)
{
    /* s = max(0, e + W_c c), e the same for all agents of a scene */
    traj_relu_backward(d->condition, trace->condition);
    traj_linear_gradient(traj_param_mat(grads, net->context_weight), NULL, d->condition, context);
    traj_linear_backward(d_context, d->condition, traj_param_mat(params, net->context_weight),
                         TRAJ_ADD);
    clear(d->level);
    for (int b = 0; b < d->level.rows; b++)
        traj_bias_gradient(traj_mat_row(d->level, b), scene_rows(trace, d->condition, b));
    /* e = W_l features(level) + b_l */
    traj_linear_gradient(traj_param_mat(grads, net->level_weight),
                         traj_param_vec(grads, net->level_bias), d->level, trace->features);
    if (!d_level) return;
    traj_linear_backward(d->features, d->level, traj_param_mat(params, net->level_weight),
                         TRAJ_SET);
    for (int b = 0; b < d->features.rows; b++)
        d_level[b] = level_backward(traj_mat_row(d->features, b), level[b]);
}

/* (2) undone; d_y may have no data. */
static void input_backward(const traj_denoiser *net, traj_params params, traj_params grads,
                           const traj_denoiser_trace *trace, const back *d, traj_mat d_y)
{
    traj_linear_gradient(traj_param_mat(grads, net->input_weight),
                         traj_param_vec(grads, net->input_bias), d->v, trace->input);
    if (!d_y.data) return;
    const traj_mat weight = traj_param_mat(params, net->input_weight);
    traj_linear_backward(d->input, d->v, traj_mat_cols(weight, 0, d->input.cols), TRAJ_SET);
    for (int r = 0; r < d_y.rows; r++)
        input_row_backward(net, traj_mat_row(d_y, r), traj_mat_row(d->input, r),
                           traj_mat_row(trace->input, r));
}

void traj_denoiser_backward(const traj_denoiser *net, traj_params params, traj_params grads,
                            traj_denoiser_trace *trace, traj_mat d_out, const double *level,
                            traj_mat context, traj_mat d_context, traj_mat d_y, double *d_level,
                            traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const traj_mat last = trace->v[net->blocks];
    back d = back_take(net, trace, arena);
    if (arena->memory) {
        /* (5) out = W_o v_N + b_o */
        traj_linear_gradient(traj_param_mat(grads, net->output_weight),
                             traj_param_vec(grads, net->output_bias), d_out, last);
        traj_linear_backward(d.v, d_out, traj_param_mat(params, net->output_weight), TRAJ_SET);
        clear(d.condition);
    }
    for (int k = net->blocks - 1; k >= 0; k--)
        block_backward(net, params, grads, trace, &d, k, arena);
    if (arena->memory) {
        input_backward(net, params, grads, trace, &d, d_y);
        condition_backward(net, params, grads, trace, &d, level, context, d_context, d_level);
    }
    traj_arena_release(arena, mark);
}
