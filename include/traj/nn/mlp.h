/* A multi-layer perceptron with rectified linear layers: the feature maps phi_x and phi_z.
 *
 *   a_0 = x,  a_k = max(0, a_{k-1} W_k' + b_k),  k = 1..layers
 *
 * Works on any number of rows, so a model runs it once on all T*R rows where it can.
 * Memory: the caller keeps every a_k for the backward pass. Threads: any. Note:
 * docs/mathematics/linear.md. */
#ifndef TRAJ_NN_MLP_H
#define TRAJ_NN_MLP_H

#include "traj/nn/linear.h"
#include "traj/nn/param.h"

enum { TRAJ_MLP_LAYERS = 4 };

typedef struct traj_mlp {
    int layers;
    int weight[TRAJ_MLP_LAYERS], bias[TRAJ_MLP_LAYERS]; /* parameter indices */
} traj_mlp;

/* Adds "<prefix>.0.weight" [width,in], "<prefix>.0.bias" [width], "<prefix>.1.weight" [width,width]
 * ... to the layout. */
traj_mlp traj_mlp_declare(traj_layout *layout, const char *prefix, int in, int width, int layers);

/* a[k] [R,width] for k = 0..layers-1 is layer k+1's activation, a[layers-1] the result; x [R,in].
 */
void traj_mlp_forward(const traj_mlp *mlp, traj_params params, traj_mat x, const traj_mat *a);

/* In: da = gradient of the result [R,width], destroyed. scratch [R,width] is needed with more than
 * one layer. dx [R,in] is SET, or not computed when dx.data is NULL; parameter gradients are added
 * to grads. */
void traj_mlp_backward(const traj_mlp *mlp, traj_params params, traj_params grads, traj_mat x,
                       const traj_mat *a, traj_mat da, traj_mat scratch, traj_mat dx);

#endif
