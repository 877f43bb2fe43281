/* A residual perceptron whose hidden layer is scaled and shifted by a condition, feature by
 * feature:
 *
 *   p = v W_1' + b_1,   [a, d] = s W_s' + b_s,   q = max(0, (1 + a) * p + d),   u = v + q W_2' +
 * b_2
 *
 * v, u [R,W], s [R,C], p, a, d, q [R,W]. Source: Perez et al. 2018 (FiLM), He et al. 2016. Note:
 * docs/mathematics/film.md. Memory: the caller keeps the trace for the backward pass. Threads: any.
 */
#ifndef TRAJ_NN_FILM_H
#define TRAJ_NN_FILM_H

#include "traj/base/arena.h"
#include "traj/nn/linear.h"
#include "traj/nn/param.h"

typedef struct traj_film {
    int width, condition;
    int in_weight, in_bias, condition_weight, condition_bias, out_weight, out_bias;
} traj_film;

/* Adds prefix.in.weight [W,W], .in.bias, .condition.weight [2W,C], .condition.bias, .out.weight
 * [W,W] (TRAJ_INIT_SMALL: a block starts near the identity), .out.bias. */
traj_film traj_film_declare(traj_layout *layout, const char *prefix, int width, int condition);

typedef struct traj_film_trace {
    traj_mat p, scale_shift, q; /* [R,W], [R,2W], [R,W] */
} traj_film_trace;

traj_film_trace traj_film_trace_take(const traj_film *film, int rows, traj_arena *arena);

/* u from v and s; u must not alias v. */
void traj_film_forward(const traj_film *film, traj_params params, traj_film_trace trace, traj_mat u,
                       traj_mat v, traj_mat s);

/* In: du [R,W]. dv [R,W] is SET to the gradient of v (the residual path included; may not alias
 * du), ds [R,C] +=, parameter gradients += . trace is destroyed. */
void traj_film_backward(const traj_film *film, traj_params params, traj_params grads,
                        traj_film_trace trace, traj_mat du, traj_mat v, traj_mat s, traj_mat dv,
                        traj_mat ds);

#endif
