/* The fused pair loops of message passing on one scene, private to this room. Row i of a block is
 * agent i. */
#ifndef TRAJ_NN_EDGE_H
#define TRAJ_NN_EDGE_H

#include "traj/base/real.h"
#include <stdbool.h>

enum { TRAJ_MAX_AGENTS = 128 }; /* in one scene */

typedef struct traj_edge_block {
    int agents, hidden, features, attention;
    int stride; /* from one agent's row to the next, for the five pointers below */
    traj_real *sender, *receiver;    /* [A,H] s_j and r_i */
    traj_real *query, *key;          /* [A,K] */
    const traj_real *bias;           /* [H] */
    const traj_real *feature_weight; /* [E,H] */
    const traj_real *feature;        /* [A,A,E] */
    const traj_real *mean;           /* [A,A]: zero where nothing is sent */
    traj_real *weight;               /* [A,A] attention, or NULL: mean is the weight */
    traj_real *m;                    /* [A,H] */
} traj_edge_block;

typedef struct traj_edge_scratch {
    traj_real *d_sender;  /* [A,H] */
    traj_real *d_weight;  /* [A,A] */
    traj_real *d_feature; /* [E,H], added to */
} traj_edge_scratch;

/* m_i = sum_j w_ij max(0, s_j + r_i + W_e f_ij + b). */
void traj_edge_forward(const traj_edge_block *block);

/* In: d_m [A,H]. Out: sender and receiver become their gradients; scratch->d_feature += ;
 * with attention scratch->d_weight [A,A] = d_m_i . a_ij. */
void traj_edge_backward(const traj_edge_block *block, const traj_real *d_m,
                        traj_edge_scratch *scratch);

/* weight_ij = softmax_j(q_i . k_j / sqrt(K)) over senders with mean_ij > 0; 0 elsewhere. */
void traj_edge_attention_forward(const traj_edge_block *block);

/* In: d_weight. Out: query and key become their gradients. */
void traj_edge_attention_backward(const traj_edge_block *block, traj_real *d_weight);

/* o = max(0, u + b), or max(0, o + u + b) when add. */
void traj_node_forward(int n, traj_real *o, const traj_real *u, const traj_real *bias, bool add);

/* d_u = d_o where o > 0, else 0. */
void traj_node_backward(int n, traj_real *d_u, const traj_real *d_o, const traj_real *o);

#endif
