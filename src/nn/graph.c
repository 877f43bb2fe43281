/* Rounds of message passing and a head: see traj/nn/graph.h. */
#include "traj/nn/graph.h"
#include "traj/base/assert.h"
#include "traj/nn/linear.h"
#include <stdio.h>

traj_graph traj_graph_declare(traj_layout *layout, const char *prefix, traj_graph_shape shape)
{
    TRAJ_ASSERT(shape.rounds >= 0 && shape.rounds <= TRAJ_MAX_ROUNDS);
    traj_graph graph = {.shape = shape, .layers = shape.rounds ? shape.rounds : 1};
    for (int k = 0; k < graph.layers; k++) {
        char name[48];
        if (k)
            snprintf(name, sizeof name, "%s.round%d", prefix, k);
        else
            snprintf(name, sizeof name, "%s", prefix);
        graph.layer[k] = traj_message_declare(layout, name,
                                              (traj_message){.in = k ? shape.hidden : shape.in,
                                                             .hidden = shape.hidden,
                                                             .edges = shape.rounds > 0,
                                                             .features = shape.features,
                                                             .attention = shape.attention});
    }
    graph.head_weight = traj_layout_matrix(layout, prefix, ".head.weight", shape.out, shape.hidden,
                                           TRAJ_INIT_SMALL);
    graph.head_bias =
        traj_layout_vector(layout, prefix, ".head.bias", shape.out, shape.hidden, TRAJ_INIT_ZERO);
    return graph;
}

static traj_mat layer_project(const traj_message *layer, traj_params params)
{
    return traj_param_stack(params, layer->project, traj_message_width(layer));
}

traj_mat traj_graph_project(const traj_graph *graph, traj_params params)
{
    return layer_project(&graph->layer[0], params);
}

traj_graph_fold traj_graph_prepare(const traj_graph *graph, traj_params params, traj_arena *arena,
                                   bool with_gradient)
{
    traj_graph_fold fold = {0};
    for (int k = 0; k < graph->layers; k++)
        fold.layer[k] = traj_message_prepare(&graph->layer[k], params, arena, with_gradient);
    return fold;
}

traj_graph_trace traj_graph_trace_take(const traj_graph *graph, int scenes, int agents,
                                       traj_arena *arena)
{
    traj_graph_trace trace = {0};
    for (int k = 0; k < graph->layers; k++)
        trace.layer[k] = traj_message_trace_take(&graph->layer[k], scenes, agents, arena);
    return trace;
}

traj_graph_trace traj_graph_trace_rows(const traj_graph *graph, traj_graph_trace trace, int scene,
                                       int scenes, int agents)
{
    for (int k = 0; k < graph->layers; k++)
        trace.layer[k] = traj_message_trace_rows(trace.layer[k], scene, scenes, agents);
    return trace;
}

void traj_graph_forward(const traj_graph *graph, traj_params params, const traj_graph_fold *fold,
                        traj_scenes scenes, traj_graph_trace trace, traj_mat raw)
{
    for (int k = 0; k < graph->layers; k++) {
        if (k)
            traj_gemm_nt(trace.layer[k].p, trace.layer[k - 1].o,
                         layer_project(&graph->layer[k], params), TRAJ_SET);
        traj_message_forward(&graph->layer[k], params, &fold->layer[k], scenes, trace.layer[k]);
    }
    traj_linear_forward(raw, trace.layer[graph->layers - 1].o,
                        traj_param_mat(params, graph->head_weight),
                        traj_param_vec(params, graph->head_bias), TRAJ_SET);
}

void traj_graph_backward(const traj_graph *graph, traj_params params, traj_graph_fold *fold,
                         traj_scenes scenes, traj_graph_trace trace, traj_mat d_raw,
                         traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const int rows = scenes.scenes * scenes.agents, hidden = graph->shape.hidden;
    const traj_mat d_o =
        traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)hidden), rows, hidden);
    /* raw = o W_h' + b_h */
    if (arena->memory)
        traj_linear_backward(d_o, d_raw, traj_param_mat(params, graph->head_weight), TRAJ_SET);
    for (int k = graph->layers - 1; k >= 0; k--) {
        traj_message_backward(&graph->layer[k], params, &fold->layer[k], scenes, trace.layer[k],
                              d_o, arena);
        if (k && arena->memory) /* P_k = o_{k-1} W_k' */
            traj_linear_backward(d_o, trace.layer[k].p, layer_project(&graph->layer[k], params),
                                 TRAJ_SET);
    }
    traj_arena_release(arena, mark);
}

void traj_graph_gradient(const traj_graph *graph, traj_params params, traj_params grads,
                         traj_graph_fold *fold, traj_graph_trace trace, traj_mat d_raw)
{
    traj_linear_gradient(traj_param_mat(grads, graph->head_weight),
                         traj_param_vec(grads, graph->head_bias), d_raw,
                         trace.layer[graph->layers - 1].o);
    for (int k = graph->layers - 1; k >= 0; k--) {
        traj_message_gradient(&graph->layer[k], params, grads, &fold->layer[k], trace.layer[k]);
        if (k)
            traj_linear_gradient(layer_project(&graph->layer[k], grads), NULL, trace.layer[k].p,
                                 trace.layer[k - 1].o);
    }
}
