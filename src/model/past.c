/* What the past says about each agent: see denoiser.h.
 *
 *   (1) f   = phi([x_t, y_t])                all P*R rows at once
 *   (2) gi  = f W_ih' + b_ih                 likewise
 *   (3) h_t = GRU(gi_t, h_{t-1} W_hh')       the only part that waits for the step before
 *   (4) c   = graph([h_{P-1}, y_P])
 *
 * Rows of [P,R,.] at time t: t*R .. t*R + R; block t of h is the state before step t. */
#include "denoiser.h"
#include "traj/base/assert.h"
#include <string.h>

traj_past traj_past_declare(traj_layout *layout, const traj_model_config *config)
{
    const int hidden = config->hidden;
    traj_past past = {.hidden = hidden};
    past.phi = traj_mlp_declare(layout, "past.phi", 2 + TRAJ_KNOWN, hidden, 2);
    past.gru = traj_gru_declare(layout, "past.gru", hidden, hidden);
    past.context = traj_graph_declare(layout, "past.context",
                                      (traj_graph_shape){.in = hidden + TRAJ_KNOWN,
                                                         .hidden = config->width,
                                                         .out = config->width,
                                                         .rounds = 1,
                                                         .features = TRAJ_EDGE_FEATURES,
                                                         .attention = config->attention});
    return past;
}

static traj_mat take(traj_arena *arena, int rows, int cols)
{
    return traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)cols), rows, cols);
}

static int rows_of(const traj_past_trace *trace)
{
    return trace->scenes * trace->agents;
}

static traj_mat at(const traj_past_trace *trace, traj_mat m, int t)
{
    return traj_mat_rows(m, t * rows_of(trace), rows_of(trace));
}

/* input = [x, y], row by row: phi takes one matrix. */
static void join_input(traj_mat input, const traj_batch *batch)
{
    for (int r = 0; r < input.rows; r++) {
        traj_real *const row = traj_mat_row(input, r);
        memcpy(row, batch->x + 2 * (size_t)r, 2 * sizeof *row);
        memcpy(row + 2, batch->known + TRAJ_KNOWN * (size_t)r, TRAJ_KNOWN * sizeof *row);
    }
}

/* Who sends to whom in the frame behind the observed steps. */
static traj_scenes last_pairs(const traj_batch *batch, int observed, traj_arena *arena)
{
    const size_t rows = (size_t)batch->scenes * (size_t)batch->agents;
    const size_t pairs = rows * (size_t)batch->agents, frame = (size_t)observed;
    traj_real *const mean = traj_arena_reals(arena, pairs);
    traj_scenes last = {.scenes = batch->scenes, .agents = batch->agents, .mean = mean};
    if (!arena->memory) return last;
    last.feature = batch->edge + frame * pairs * TRAJ_EDGE_FEATURES;
    traj_mean_weights(batch->scenes, batch->agents, batch->present + frame * rows, mean);
    return last;
}

traj_past_trace traj_past_take(const traj_denoiser *net, traj_params params,
                               const traj_batch *batch, int observed, bool with_gradient,
                               traj_arena *arena)
{
    TRAJ_ASSERT(observed >= 0 && observed < batch->steps);
    traj_past_trace trace = {
        .observed = observed, .scenes = batch->scenes, .agents = batch->agents};
    const traj_past *const past = &net->past;
    const int rows = rows_of(&trace), all = observed * rows, hidden = past->hidden;
    const traj_mat known = traj_mat_view(batch->known, batch->steps * rows, TRAJ_KNOWN);
    trace.input = take(arena, all, 2 + TRAJ_KNOWN);
    trace.f[0] = take(arena, all, hidden);
    trace.f[1] = take(arena, all, hidden);
    trace.gi = take(arena, all, 3 * hidden);
    trace.gh = take(arena, all, 3 * hidden);
    trace.h = take(arena, all + rows, hidden);
    trace.target = batch->target;
    trace.known = at(&trace, known, observed);
    trace.pairs = last_pairs(batch, observed, arena);
    trace.graph = traj_graph_trace_take(&past->context, batch->scenes, batch->agents, arena);
    trace.fold = traj_graph_prepare(&past->context, params, arena, with_gradient);
    trace.context = take(arena, rows, net->width);
    if (arena->memory) join_input(trace.input, batch);
    return trace;
}

/* Columns of the graph's projections that belong to h and to y, of weights and gradients alike. */
static traj_mat project_h(const traj_past *past, traj_params params)
{
    return traj_mat_cols(traj_graph_project(&past->context, params), 0, past->hidden);
}

static traj_mat project_y(const traj_past *past, traj_params params)
{
    return traj_mat_cols(traj_graph_project(&past->context, params), past->hidden, TRAJ_KNOWN);
}

static const traj_real *target_at(const traj_past_trace *trace, int t)
{
    return trace->target + (size_t)t * (size_t)rows_of(trace);
}

/* (1), (2), (3) */
static void observe(const traj_past *past, traj_params params, const traj_past_trace *trace)
{
    traj_mlp_forward(&past->phi, params, trace->input, trace->f);
    traj_linear_forward(trace->gi, trace->f[1], traj_param_mat(params, past->gru.weight_ih),
                        traj_param_vec(params, past->gru.bias_ih), TRAJ_SET);
    for (int t = 0; t < trace->observed; t++) {
        const traj_mat h = at(trace, trace->h, t), gh = at(trace, trace->gh, t);
        traj_gemm_nt(gh, h, traj_param_mat(params, past->gru.weight_hh), TRAJ_SET);
        traj_gru_forward(at(trace, trace->h, t + 1), at(trace, trace->gi, t), gh,
                         traj_param_vec(params, past->gru.bias_hh), h, target_at(trace, t));
    }
}

void traj_past_forward(const traj_denoiser *net, traj_params params, traj_past_trace *trace)
{
    const traj_past *const past = &net->past;
    const traj_mat start = at(trace, trace->h, 0), p = trace->graph.layer[0].p;
    memset(start.data, 0, (size_t)start.rows * (size_t)start.cols * sizeof(traj_real));
    if (trace->observed) observe(past, params, trace);
    /* (4) */
    traj_gemm_nt(p, at(trace, trace->h, trace->observed), project_h(past, params), TRAJ_SET);
    traj_gemm_nt(p, trace->known, project_y(past, params), TRAJ_ADD);
    traj_graph_forward(&past->context, params, &trace->fold, trace->pairs, trace->graph,
                       trace->context);
}

/* (3), (2), (1) undone from dh, the gradient of the last state; dh and spare [R,H'] are destroyed,
 * df and scratch are [P*R,H']. */
static void observe_backward(const traj_past *past, traj_params params, traj_params grads,
                             const traj_past_trace *trace, traj_mat dh, traj_mat spare, traj_mat df,
                             traj_mat scratch)
{
    const traj_mat before = traj_mat_rows(trace->h, 0, trace->observed * rows_of(trace));
    const size_t size = (size_t)dh.rows * (size_t)dh.cols;
    for (int t = trace->observed - 1; t >= 0; t--) {
        const traj_mat gh = at(trace, trace->gh, t), dnext = dh;
        /* (3) h_t = GRU(gi, gh, h_{t-1}), gh = h_{t-1} W_hh'; gi and gh become their gradients */
        dh = spare;
        memset(dh.data, 0, size * sizeof(traj_real));
        traj_gru_backward(dh, at(trace, trace->gi, t), gh, dnext, at(trace, trace->h, t),
                          target_at(trace, t));
        if (t) traj_gemm_nn(dh, gh, traj_param_mat(params, past->gru.weight_hh), TRAJ_ADD);
        spare = dnext;
    }
    traj_linear_gradient(traj_param_mat(grads, past->gru.weight_hh),
                         traj_param_vec(grads, past->gru.bias_hh), trace->gh, before);
    /* (2) gi = f W_ih' + b_ih */
    traj_linear_gradient(traj_param_mat(grads, past->gru.weight_ih),
                         traj_param_vec(grads, past->gru.bias_ih), trace->gi, trace->f[1]);
    traj_linear_backward(df, trace->gi, traj_param_mat(params, past->gru.weight_ih), TRAJ_SET);
    /* (1) */
    traj_mlp_backward(&past->phi, params, grads, trace->input, trace->f, df, scratch,
                      (traj_mat){0});
}

void traj_past_backward(const traj_denoiser *net, traj_params params, traj_params grads,
                        traj_past_trace *trace, traj_mat d_context, traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const traj_past *const past = &net->past;
    const int rows = rows_of(trace), all = trace->observed * rows, hidden = past->hidden;
    const traj_mat dh = take(arena, rows, hidden), spare = take(arena, rows, hidden);
    const traj_mat df = take(arena, all, hidden), scratch = take(arena, all, hidden);
    const traj_mat dp = trace->graph.layer[0].p;
    /* (4) c = graph(P), P = h W_h' + y W_y'; P becomes its gradient */
    traj_graph_backward(&past->context, params, &trace->fold, trace->pairs, trace->graph, d_context,
                        arena);
    if (arena->memory) {
        traj_graph_gradient(&past->context, params, grads, &trace->fold, trace->graph, d_context);
        traj_gemm_tn(project_h(past, grads), dp, at(trace, trace->h, trace->observed), TRAJ_ADD);
        traj_gemm_tn(project_y(past, grads), dp, trace->known, TRAJ_ADD);
        traj_gemm_nn(dh, dp, project_h(past, params), TRAJ_SET);
        if (trace->observed) observe_backward(past, params, grads, trace, dh, spare, df, scratch);
    }
    traj_arena_release(arena, mark);
}
