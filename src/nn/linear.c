/* Linear and rectified linear layers: see traj/nn/linear.h. */
#include "traj/nn/linear.h"
#include "traj/base/assert.h"
#include "traj/base/simd.h"

void traj_linear_forward(traj_mat y, traj_mat x, traj_mat w, const traj_real *bias,
                         traj_write write)
{
    traj_gemm_nt(y, x, w, write);
    traj_bias_forward(y, bias);
}

void traj_linear_backward(traj_mat dx, traj_mat dy, traj_mat w, traj_write write)
{
    traj_gemm_nn(dx, dy, w, write);
}

void traj_linear_gradient(traj_mat dw, traj_real *dbias, traj_mat dy, traj_mat x)
{
    traj_gemm_tn(dw, dy, x, TRAJ_ADD);
    if (dbias) traj_bias_gradient(dbias, dy);
}

TRAJ_SIMD static void add_row(int n, traj_real *restrict y, const traj_real *restrict bias)
{
    for (int i = 0; i < n; i++) y[i] += bias[i];
}

TRAJ_SIMD static void relu_row(int n, traj_real *y)
{
    for (int i = 0; i < n; i++) y[i] = y[i] > 0 ? y[i] : 0;
}

TRAJ_SIMD static void add_relu_row(int n, traj_real *restrict y, const traj_real *restrict bias)
{
    for (int i = 0; i < n; i++) {
        const traj_real sum = y[i] + bias[i];
        y[i] = sum > 0 ? sum : 0;
    }
}

TRAJ_SIMD static void mask_row(int n, traj_real *restrict dy, const traj_real *restrict y)
{
    for (int i = 0; i < n; i++) dy[i] = y[i] > 0 ? dy[i] : 0;
}

void traj_bias_forward(traj_mat y, const traj_real *bias)
{
    if (!bias) return;
    for (int r = 0; r < y.rows; r++) add_row(y.cols, traj_mat_row(y, r), bias);
}

void traj_bias_gradient(traj_real *dbias, traj_mat dy)
{
    for (int r = 0; r < dy.rows; r++) add_row(dy.cols, dbias, traj_mat_row(dy, r));
}

void traj_relu_forward(traj_mat y, const traj_real *bias)
{
    for (int r = 0; r < y.rows; r++) {
        if (bias)
            add_relu_row(y.cols, traj_mat_row(y, r), bias);
        else
            relu_row(y.cols, traj_mat_row(y, r));
    }
}

void traj_relu_backward(traj_mat dy, traj_mat y)
{
    TRAJ_ASSERT(dy.rows == y.rows && dy.cols == y.cols);
    for (int r = 0; r < dy.rows; r++) mask_row(dy.cols, traj_mat_row(dy, r), traj_mat_row(y, r));
}
