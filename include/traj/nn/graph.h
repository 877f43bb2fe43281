/* What stands in for phi_prior, phi_enc and phi_dec: message passing over several rounds, then a
 * linear head.
 *
 *   o^0 = message_0(P),   P = the caller's projections of v by message_0
 *   o^k = message_k(o^{k-1} W_k'),   k = 1 .. rounds-1
 *   raw = o^{last} W_h' + b_h
 *
 * rounds = 0: no graph, one rectified layer (the VRNN's perceptron), the same two calls.
 * Memory, threads: as message.h. Note: docs/mathematics/message.md. */
#ifndef TRAJ_NN_GRAPH_H
#define TRAJ_NN_GRAPH_H

#include "traj/nn/message.h"

enum { TRAJ_MAX_ROUNDS = 4 };

typedef struct traj_graph_shape {
    int in, hidden, out;
    int rounds;              /* 0 = no graph */
    int features, attention; /* of each round */
} traj_graph_shape;

typedef struct traj_graph {
    traj_graph_shape shape;
    int layers; /* 1, or rounds */
    traj_message layer[TRAJ_MAX_ROUNDS];
    int head_weight, head_bias; /* [out,H], [out] */
} traj_graph;

typedef struct traj_graph_fold {
    traj_message_fold layer[TRAJ_MAX_ROUNDS];
} traj_graph_fold;

typedef struct traj_graph_trace {
    traj_message_trace layer[TRAJ_MAX_ROUNDS];
} traj_graph_trace;

/* Adds the parameters: the first round under prefix, round k under prefix.round<k>, the head under
 * prefix.head. */
traj_graph traj_graph_declare(traj_layout *layout, const char *prefix, traj_graph_shape shape);

/* The projections of the first round, [width, in], for the caller's products (column blocks of it
 * for parts of v). */
traj_mat traj_graph_project(const traj_graph *graph, traj_params params);

traj_graph_fold traj_graph_prepare(const traj_graph *graph, traj_params params, traj_arena *arena,
                                   bool with_gradient);
traj_graph_trace traj_graph_trace_take(const traj_graph *graph, int scenes, int agents,
                                       traj_arena *arena);
traj_graph_trace traj_graph_trace_rows(const traj_graph *graph, traj_graph_trace trace, int scene,
                                       int scenes, int agents);

/* From trace.layer[0].p to raw [S*A,out]. */
void traj_graph_forward(const traj_graph *graph, traj_params params, const traj_graph_fold *fold,
                        traj_scenes scenes, traj_graph_trace trace, traj_mat raw);

/* In: d_raw [S*A,out]. Out: trace.layer[0].p becomes dP. scratch: from arena, released again. */
void traj_graph_backward(const traj_graph *graph, traj_params params, traj_graph_fold *fold,
                         traj_scenes scenes, traj_graph_trace trace, traj_mat d_raw,
                         traj_arena *arena);

/* After backward over all rows: adds every parameter gradient but that of the first round's
 * projections. d_raw as given to backward. */
void traj_graph_gradient(const traj_graph *graph, traj_params params, traj_params grads,
                         traj_graph_fold *fold, traj_graph_trace trace, traj_mat d_raw);

#endif
