/* One round of message passing over the agents of a scene, with factored edges:
 *
 *   P    = v [W_u; W_s; W_r; W_q; W_k]'       the caller's product: node | sender | receiver |
 *                                             query | key, columns u, s, r, q, k below
 *   a_ij = max(0, s_j + r_i + W_e f_ij + b)   edge activation, sender j to receiver i; f_ij [E]
 *   m_i  = sum_j w_ij a_ij                    w_ij: mean over present senders, or attention
 *   o_i  = max(0, u_i + W_a W_m m_i + b_u)
 *
 *   attention:  w_ij = softmax_j(q_i . k_j / sqrt(K)) over present j != i
 *
 * spec: message m_ij = act(W_s v_j + W_r v_i + W_e f_ij + b), node W_m mean_j m_ij, o_i = act(W_u
 * v_i + W_a m_i + b_u). Edges never become rows of a product: nodes are projected, then added pair
 * by pair inside one fused loop that is run again in the backward pass instead of being stored. W_m
 * commutes with the mean, so it runs on node rows; and as no activation stands between W_a and W_m,
 * their product is made once (`fold`) and costs one product a row instead of two. An agent without
 * present senders gets m = 0; absent agents send and receive nothing. With `edges` false only o =
 * max(0, u + b_u) is left: the layer of a model without a graph.
 *
 * Cost per scene: A^2 H (E + 3) multiply-adds forward, about 3x that backward; A rows of [H,H]
 * products. Source: Yeh et al. 2019 (GVRNN), Kipf et al. 2018 (NRI) eq. 5-6. Note:
 * docs/mathematics/message.md. Threads: any. */
#ifndef TRAJ_NN_MESSAGE_H
#define TRAJ_NN_MESSAGE_H

#include "traj/base/arena.h"
#include "traj/nn/param.h"
#include "traj/num/gemm.h"

typedef struct traj_message {
    int in, hidden;
    bool edges;    /* false: the node part only */
    int features;  /* E: edge features, 0 = none */
    int attention; /* K: size of query and key, 0 = mean */
    int project;   /* index of W_u, first of the stacked projections [width, in] */
    int node_bias, edge_bias, feature, message, aggregate; /* parameter indices */
} traj_message;

/* Adds the parameters under prefix: node.weight, edge.sender.weight, edge.receiver.weight [,
 * attention.query.weight, attention.key.weight], then the biases and edge.feature.weight,
 * message.weight, aggregate.weight. */
traj_message traj_message_declare(traj_layout *layout, const char *prefix, traj_message shape);

/* Columns of P: H, or 3H, or 3H + 2K. */
int traj_message_width(const traj_message *layer);

/* Which scenes the rows belong to. S scenes of A agents: row s*A + a. */
typedef struct traj_scenes {
    int scenes, agents;
    const traj_real
        *feature; /* view [S,A,A,E]: f_ij at (s, receiver i, sender j); NULL when E = 0 */
    const traj_real
        *mean; /* view [S,A,A]: 1/senders where j sends to i, else 0 (traj_mean_weights) */
} traj_scenes;

/* mean [S,A,A] from present [S*A]. */
void traj_mean_weights(int scenes, int agents, const traj_real *present, traj_real *mean);

/* The forms of the weights that the passes need: made once, used for every time step. */
typedef struct traj_message_fold {
    traj_mat aggregate;   /* [H,H] = W_a W_m */
    traj_real *feature;   /* [E,H] = W_e' */
    traj_mat d_aggregate; /* [H,H] gradient of the fold, or no data in a forward-only use */
    traj_real *d_feature; /* [E,H] */
} traj_message_fold;

/* Carves from arena (dry arenas count); gradients are zeroed when with_gradient. */
traj_message_fold traj_message_prepare(const traj_message *layer, traj_params params,
                                       traj_arena *arena, bool with_gradient);

/* What one use of the layer on S*A rows keeps. All views. */
typedef struct traj_message_trace {
    traj_mat p;        /* [S*A, width]: in: the projections; after backward: their gradient */
    traj_mat m;        /* [S*A, H]; no data without edges */
    traj_mat o;        /* [S*A, H]: the result */
    traj_real *weight; /* [S,A,A] attention, NULL with the mean */
} traj_message_trace;

/* Carves a trace for rows = S*A. */
traj_message_trace traj_message_trace_take(const traj_message *layer, int scenes, int agents,
                                           traj_arena *arena);

/* Rows [first, first + S*A) of a trace: one time step of a trace over all steps. */
traj_message_trace traj_message_trace_rows(traj_message_trace trace, int scene, int scenes,
                                           int agents);

/* From trace.p to trace.o. */
void traj_message_forward(const traj_message *layer, traj_params params,
                          const traj_message_fold *fold, traj_scenes scenes,
                          traj_message_trace trace);

/* In: d_o [S*A,H]. Out: trace.p becomes dP; fold->d_feature is added to.
 * scratch arena: A*(H + A) reals and rows*H, released again. */
void traj_message_backward(const traj_message *layer, traj_params params, traj_message_fold *fold,
                           traj_scenes scenes, traj_message_trace trace, traj_mat d_o,
                           traj_arena *arena);

/* After backward over all rows (say T*R): adds the gradients of everything but the projections.
 * fold->d_feature is zero again. */
void traj_message_gradient(const traj_message *layer, traj_params params, traj_params grads,
                           traj_message_fold *fold, traj_message_trace trace);

#endif
