/* The linear layer and the rectified linear layer, in parts that a model can move out of its time
 * loop.
 *
 *   y = x W' + b                 W [O,I] (PyTorch's layout), b [O] or NULL
 *   y = max(0, x W' + b)
 *
 * W may be a column block (traj_mat_cols): instead of concatenating inputs, call once per input
 * with TRAJ_ADD. Cost: 2 R I O flops forward, the same for each of the two gradients. Errors: none;
 * shapes are asserted. Threads: any. Note: docs/mathematics/linear.md. */
#ifndef TRAJ_NN_LINEAR_H
#define TRAJ_NN_LINEAR_H

#include "traj/num/gemm.h"

/* y [R,O] = or += x [R,I] W' + b. y must not alias x. */
void traj_linear_forward(traj_mat y, traj_mat x, traj_mat w, const traj_real *bias,
                         traj_write write);

/* dx [R,I] = or += dy [R,O] W. */
void traj_linear_backward(traj_mat dx, traj_mat dy, traj_mat w, traj_write write);

/* dw [O,I] += dy' x, dbias [O] += column sums of dy (dbias may be NULL). */
void traj_linear_gradient(traj_mat dw, traj_real *dbias, traj_mat dy, traj_mat x);

/* y = y + b; bias may be NULL. */
void traj_bias_forward(traj_mat y, const traj_real *bias);

/* dbias [O] += column sums of dy [R,O]. */
void traj_bias_gradient(traj_real *dbias, traj_mat dy);

/* y = max(0, y + b) in place; bias may be NULL. */
void traj_relu_forward(traj_mat y, const traj_real *bias);

/* dy = dy where y > 0, else 0, in place; y is relu_forward's result. */
void traj_relu_backward(traj_mat dy, traj_mat y);

#endif
