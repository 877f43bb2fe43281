/* Gated recurrent unit with the reset gate after the recurrent product, as in PyTorch:
 *
 *   r = sigmoid(i_r + g_r)          i = x W_ih' + b_ih  [R,3H], blocks r | u | n
 *   u = sigmoid(i_u + g_u)          g = h W_hh' + b_hh  [R,3H]
 *   n = tanh(i_n + r * g_n)
 *   h' = (1 - u) * n + u * h        where present (it has an input); else h' = h
 *
 * The two products are the caller's, because i does not depend on h and can be made for all time
 * steps at once; this pair is the fused pass behind them. Source: Cho et al. 2014; PyTorch's
 * torch.nn.GRU. Note: docs/mathematics/gru.md. Threads: any. */
#ifndef TRAJ_NN_GRU_H
#define TRAJ_NN_GRU_H

#include "traj/nn/param.h"

typedef struct traj_gru { /* parameter indices, gates in the order r, u, n */
    int weight_ih, weight_hh, bias_ih, bias_hh;
} traj_gru;

/* Adds "<prefix>.weight_ih" [3H,in], "<prefix>.weight_hh" [3H,H], "<prefix>.bias_ih" and
 * "<prefix>.bias_hh" [3H] to the layout. */
traj_gru traj_gru_declare(traj_layout *layout, const char *prefix, int in, int hidden);

/* In: i [R,3H] with its bias, g [R,3H] without; bias [3H] = b_hh; h [R,H]; present [R] (1 or 0) or
 * NULL = all. Out: next [R,H] (must not alias h); i and g are overwritten with what the backward
 * pass needs: i = r | u | n, g_n = g_n + bias. */
void traj_gru_forward(traj_mat next, traj_mat i, traj_mat g, const traj_real *bias, traj_mat h,
                      const traj_real *present);

/* In: dnext [R,H]; i, g as forward left them; h, present as given to forward.
 * Out: i and g overwritten with their gradients [R,3H]; dh [R,H] += the direct part dnext * u (the
 * caller adds dg W_hh). dh may alias dnext's memory only if it is not the same rows. */
void traj_gru_backward(traj_mat dh, traj_mat i, traj_mat g, traj_mat dnext, traj_mat h,
                       const traj_real *present);

#endif
