/* One round of message passing with factored edges: see traj/nn/message.h. */
#include "traj/nn/message.h"
#include "edge.h"
#include "traj/base/assert.h"
#include "traj/nn/linear.h"
#include <string.h>

traj_message traj_message_declare(traj_layout *layout, const char *prefix, traj_message shape)
{
    traj_message layer = shape;
    const int width = shape.hidden, in = shape.in;
    layer.project = traj_layout_matrix(layout, prefix, ".node.weight", width, in, TRAJ_INIT_FAN_IN);
    if (shape.edges) {
        traj_layout_matrix(layout, prefix, ".edge.sender.weight", width, in, TRAJ_INIT_FAN_IN);
        traj_layout_matrix(layout, prefix, ".edge.receiver.weight", width, in, TRAJ_INIT_FAN_IN);
        if (shape.attention) {
            traj_layout_matrix(layout, prefix, ".attention.query.weight", shape.attention, in,
                               TRAJ_INIT_FAN_IN);
            traj_layout_matrix(layout, prefix, ".attention.key.weight", shape.attention, in,
                               TRAJ_INIT_FAN_IN);
        }
    }
    layer.node_bias = traj_layout_vector(layout, prefix, ".node.bias", width, in, TRAJ_INIT_FAN_IN);
    if (!shape.edges) return layer;
    layer.edge_bias =
        traj_layout_vector(layout, prefix, ".edge.sender.bias", width, in, TRAJ_INIT_FAN_IN);
    if (shape.features)
        layer.feature = traj_layout_matrix(layout, prefix, ".edge.feature.weight", width,
                                           shape.features, TRAJ_INIT_FAN_IN);
    layer.message =
        traj_layout_matrix(layout, prefix, ".message.weight", width, width, TRAJ_INIT_FAN_IN);
    layer.aggregate =
        traj_layout_matrix(layout, prefix, ".aggregate.weight", width, width, TRAJ_INIT_FAN_IN);
    return layer;
}

int traj_message_width(const traj_message *layer)
{
    return layer->edges ? 3 * layer->hidden + 2 * layer->attention : layer->hidden;
}

void traj_mean_weights(int scenes, int agents, const traj_real *present, traj_real *mean)
{
    for (int s = 0; s < scenes; s++, present += agents) {
        int count = 0;
        for (int a = 0; a < agents; a++) count += present[a] != 0;
        const traj_real share = count > 1 ? TRAJ_R(1) / TRAJ_R(count - 1) : 0;
        for (int i = 0; i < agents; i++)
            for (int j = 0; j < agents; j++)
                *mean++ = i != j && present[i] != 0 && present[j] != 0 ? share : 0;
    }
}

traj_message_fold traj_message_prepare(const traj_message *layer, traj_params params,
                                       traj_arena *arena, bool with_gradient)
{
    traj_message_fold fold = {0};
    if (!layer->edges) return fold;
    const int width = layer->hidden, features = layer->features;
    const size_t square = (size_t)width * (size_t)width, edge = (size_t)features * (size_t)width;
    fold.aggregate = traj_mat_view(traj_arena_reals(arena, square), width, width);
    fold.feature = traj_arena_reals(arena, edge);
    if (with_gradient) {
        fold.d_aggregate = traj_mat_view(traj_arena_reals(arena, square), width, width);
        fold.d_feature = traj_arena_reals(arena, edge);
    }
    if (!arena->memory) return fold;
    traj_gemm_nn(fold.aggregate, traj_param_mat(params, layer->aggregate),
                 traj_param_mat(params, layer->message), TRAJ_SET);
    for (int e = 0; e < features; e++)
        for (int h = 0; h < width; h++)
            fold.feature[e * width + h] =
                traj_mat_row(traj_param_mat(params, layer->feature), h)[e];
    if (with_gradient) memset(fold.d_feature, 0, edge * sizeof *fold.d_feature);
    return fold;
}

traj_message_trace traj_message_trace_take(const traj_message *layer, int scenes, int agents,
                                           traj_arena *arena)
{
    const int rows = scenes * agents, width = traj_message_width(layer), hidden = layer->hidden;
    traj_message_trace trace = {0};
    trace.p = traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)width), rows, width);
    trace.o = traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)hidden), rows, hidden);
    if (layer->edges)
        trace.m =
            traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)hidden), rows, hidden);
    if (layer->edges && layer->attention)
        trace.weight = traj_arena_reals(arena, (size_t)rows * (size_t)agents);
    return trace;
}

traj_message_trace traj_message_trace_rows(traj_message_trace trace, int scene, int scenes,
                                           int agents)
{
    const int first = scene * agents, rows = scenes * agents;
    trace.p = traj_mat_rows(trace.p, first, rows);
    trace.o = traj_mat_rows(trace.o, first, rows);
    if (trace.m.data) trace.m = traj_mat_rows(trace.m, first, rows);
    if (trace.weight) trace.weight += (size_t)first * (size_t)agents;
    return trace;
}

/* The edge kernel's view of scene s: pointers into the column blocks of P. */
static traj_edge_block edge_block(const traj_message *layer, traj_params params,
                                  const traj_message_fold *fold, traj_scenes scenes,
                                  traj_message_trace trace, int s)
{
    const int hidden = layer->hidden, agents = scenes.agents;
    const size_t pairs = (size_t)agents * (size_t)agents;
    traj_real *const p = traj_mat_row(trace.p, s * agents);
    return (traj_edge_block){
        .agents = agents,
        .hidden = hidden,
        .features = layer->features,
        .attention = layer->attention,
        .stride = trace.p.stride,
        .sender = p + hidden,
        .receiver = p + 2 * hidden,
        .query = p + 3 * hidden,
        .key = p + 3 * hidden + layer->attention,
        .bias = traj_param_vec(params, layer->edge_bias),
        .feature_weight = fold->feature,
        .feature = scenes.feature ? scenes.feature + (size_t)s * pairs * (size_t)layer->features
                                  : NULL,
        .mean = scenes.mean + (size_t)s * pairs,
        .weight = trace.weight ? trace.weight + (size_t)s * pairs : NULL,
        .m = traj_mat_row(trace.m, s * agents),
    };
}

void traj_message_forward(const traj_message *layer, traj_params params,
                          const traj_message_fold *fold, traj_scenes scenes,
                          traj_message_trace trace)
{
    TRAJ_ASSERT(trace.p.rows == scenes.scenes * scenes.agents);
    TRAJ_ASSERT(trace.p.cols == traj_message_width(layer));
    /* 1. a_ij and m_i, scene by scene */
    if (layer->edges) {
        for (int s = 0; s < scenes.scenes; s++) {
            const traj_edge_block block = edge_block(layer, params, fold, scenes, trace, s);
            if (layer->attention) traj_edge_attention_forward(&block);
            traj_edge_forward(&block);
        }
        /* 2. W_a W_m m_i */
        traj_gemm_nt(trace.o, trace.m, fold->aggregate, TRAJ_SET);
    }
    /* 3. o_i = max(0, u_i + . + b_u) */
    for (int r = 0; r < trace.o.rows; r++)
        traj_node_forward(layer->hidden, traj_mat_row(trace.o, r), traj_mat_row(trace.p, r),
                          traj_param_vec(params, layer->node_bias), layer->edges);
}

/* 2. and 1. undone: dm_i = du_i W_a W_m, then the pairs of each scene. */
static void edges_backward(const traj_message *layer, traj_params params, traj_message_fold *fold,
                           traj_scenes scenes, traj_message_trace trace, traj_arena *arena)
{
    const traj_mat d_u = traj_mat_cols(trace.p, 0, layer->hidden);
    const size_t hidden = (size_t)layer->hidden, agents = (size_t)scenes.agents;
    traj_real *const d_m_data = traj_arena_reals(arena, (size_t)d_u.rows * hidden);
    traj_edge_scratch scratch = {.d_sender = traj_arena_reals(arena, agents * hidden),
                                 .d_weight = traj_arena_reals(arena, agents * agents),
                                 .d_feature = fold->d_feature};
    if (!arena->memory) return;
    const traj_mat d_m = traj_mat_view(d_m_data, d_u.rows, layer->hidden);
    traj_gemm_nn(d_m, d_u, fold->aggregate, TRAJ_SET);
    for (int s = 0; s < scenes.scenes; s++) {
        const traj_edge_block block = edge_block(layer, params, fold, scenes, trace, s);
        traj_edge_backward(&block, traj_mat_row(d_m, s * scenes.agents), &scratch);
        if (layer->attention) traj_edge_attention_backward(&block, scratch.d_weight);
    }
}

void traj_message_backward(const traj_message *layer, traj_params params, traj_message_fold *fold,
                           traj_scenes scenes, traj_message_trace trace, traj_mat d_o,
                           traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    /* 3. o_i = max(0, u_i + W_a W_m m_i + b_u): du into P's node block */
    for (int r = 0; arena->memory && r < d_o.rows; r++)
        traj_node_backward(layer->hidden, traj_mat_row(trace.p, r), traj_mat_row(d_o, r),
                           traj_mat_row(trace.o, r));
    if (layer->edges) edges_backward(layer, params, fold, scenes, trace, arena);
    traj_arena_release(arena, mark);
}

void traj_message_gradient(const traj_message *layer, traj_params params, traj_params grads,
                           traj_message_fold *fold, traj_message_trace trace)
{
    const int hidden = layer->hidden, features = layer->features;
    const traj_mat d_u = traj_mat_cols(trace.p, 0, hidden);
    traj_bias_gradient(traj_param_vec(grads, layer->node_bias), d_u);
    if (!layer->edges) return;
    traj_bias_gradient(traj_param_vec(grads, layer->edge_bias),
                       traj_mat_cols(trace.p, hidden, hidden));
    for (int e = 0; e < features; e++)
        for (int h = 0; h < hidden; h++)
            traj_mat_row(traj_param_mat(grads, layer->feature), h)[e] +=
                fold->d_feature[e * hidden + h];
    memset(fold->d_feature, 0, (size_t)features * (size_t)hidden * sizeof *fold->d_feature);
    /* fold = W_a W_m: dW_a = dfold W_m', dW_m = W_a' dfold */
    traj_gemm_tn(fold->d_aggregate, d_u, trace.m, TRAJ_SET);
    traj_gemm_nt(traj_param_mat(grads, layer->aggregate), fold->d_aggregate,
                 traj_param_mat(params, layer->message), TRAJ_ADD);
    traj_gemm_tn(traj_param_mat(grads, layer->message), traj_param_mat(params, layer->aggregate),
                 fold->d_aggregate, TRAJ_ADD);
}
