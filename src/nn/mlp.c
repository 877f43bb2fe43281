/* Multi-layer perceptron: see traj/nn/mlp.h. */
#include "traj/nn/mlp.h"
#include "traj/base/assert.h"
#include <stdio.h>

traj_mlp traj_mlp_declare(traj_layout *layout, const char *prefix, int in, int width, int layers)
{
    TRAJ_ASSERT(layers >= 1 && layers <= TRAJ_MLP_LAYERS);
    traj_mlp mlp = {.layers = layers};
    for (int k = 0; k < layers; k++) {
        const int cols = k ? width : in;
        char name[24];
        snprintf(name, sizeof name, ".%d.weight", k);
        mlp.weight[k] = traj_layout_matrix(layout, prefix, name, width, cols, TRAJ_INIT_FAN_IN);
        snprintf(name, sizeof name, ".%d.bias", k);
        mlp.bias[k] = traj_layout_vector(layout, prefix, name, width, cols, TRAJ_INIT_FAN_IN);
    }
    return mlp;
}

void traj_mlp_forward(const traj_mlp *mlp, traj_params params, traj_mat x, const traj_mat *a)
{
    for (int k = 0; k < mlp->layers; k++) {
        traj_linear_forward(a[k], k ? a[k - 1] : x, traj_param_mat(params, mlp->weight[k]), NULL,
                            TRAJ_SET);
        traj_relu_forward(a[k], traj_param_vec(params, mlp->bias[k]));
    }
}

void traj_mlp_backward(const traj_mlp *mlp, traj_params params, traj_params grads, traj_mat x,
                       const traj_mat *a, traj_mat da, traj_mat scratch, traj_mat dx)
{
    for (int k = mlp->layers - 1; k >= 0; k--) {
        traj_relu_backward(da, a[k]);
        traj_linear_gradient(traj_param_mat(grads, mlp->weight[k]),
                             traj_param_vec(grads, mlp->bias[k]), da, k ? a[k - 1] : x);
        if (!k) break;
        traj_linear_backward(scratch, da, traj_param_mat(params, mlp->weight[k]), TRAJ_SET);
        const traj_mat swap = da;
        da = scratch;
        scratch = swap;
    }
    if (dx.data) traj_linear_backward(dx, da, traj_param_mat(params, mlp->weight[0]), TRAJ_SET);
}
