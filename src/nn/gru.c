/* The element-wise half of a gated recurrent unit, one row at a time: see traj/nn/gru.h. */
#include "traj/nn/gru.h"
#include "traj/base/assert.h"
#include "traj/base/simd.h"
#include "traj/base/vkernel.h"
#include <string.h>

traj_gru traj_gru_declare(traj_layout *layout, const char *prefix, int in, int hidden)
{
    const int rows = 3 * hidden;
    traj_gru gru;
    gru.weight_ih = traj_layout_matrix(layout, prefix, ".weight_ih", rows, in, TRAJ_INIT_FAN_IN);
    gru.weight_hh =
        traj_layout_matrix(layout, prefix, ".weight_hh", rows, hidden, TRAJ_INIT_FAN_IN);
    gru.bias_ih = traj_layout_vector(layout, prefix, ".bias_ih", rows, hidden, TRAJ_INIT_FAN_IN);
    gru.bias_hh = traj_layout_vector(layout, prefix, ".bias_hh", rows, hidden, TRAJ_INIT_FAN_IN);
    return gru;
}

TRAJ_SIMD static void gates_forward(int n, traj_real *restrict next, traj_real *restrict i,
                                    traj_real *restrict g, const traj_real *restrict bias,
                                    const traj_real *restrict h)
{
#pragma omp simd
    for (int k = 0; k < n; k++) {
        const traj_real r = traj_sigmoid1(i[k] + g[k] + bias[k]);
        const traj_real u = traj_sigmoid1(i[n + k] + g[n + k] + bias[n + k]);
        const traj_real gn = g[2 * n + k] + bias[2 * n + k];
        const traj_real c = traj_tanh1(i[2 * n + k] + r * gn);
        i[k] = r;
        i[n + k] = u;
        i[2 * n + k] = c;
        g[2 * n + k] = gn;
        next[k] = c + u * (h[k] - c);
    }
}

TRAJ_SIMD static void gates_backward(int n, traj_real *restrict dh, traj_real *restrict i,
                                     traj_real *restrict g, const traj_real *restrict dnext,
                                     const traj_real *restrict h)
{
#pragma omp simd
    for (int k = 0; k < n; k++) {
        const traj_real r = i[k], u = i[n + k], c = i[2 * n + k], gn = g[2 * n + k];
        const traj_real d = dnext[k];
        const traj_real dc = d * (1 - u) * (1 - c * c); /* h' = (1-u) n + u h, n = tanh(.) */
        const traj_real du = d * (h[k] - c) * u * (1 - u);
        const traj_real dr = dc * gn * r * (1 - r); /* n = tanh(i_n + r g_n) */
        dh[k] += d * u;
        i[k] = dr;
        g[k] = dr;
        i[n + k] = du;
        g[n + k] = du;
        i[2 * n + k] = dc;
        g[2 * n + k] = dc * r;
    }
}

static void assert_shapes(traj_mat state, traj_mat i, traj_mat g, traj_mat h)
{
    TRAJ_ASSERT(i.rows == state.rows && g.rows == state.rows && h.rows == state.rows);
    TRAJ_ASSERT(i.cols == 3 * state.cols && g.cols == i.cols && h.cols == state.cols);
}

void traj_gru_forward(traj_mat next, traj_mat i, traj_mat g, const traj_real *bias, traj_mat h,
                      const traj_real *present)
{
    assert_shapes(next, i, g, h);
    for (int row = 0; row < next.rows; row++) {
        if (present && present[row] == 0) /* an absent agent's state waits */
            memcpy(traj_mat_row(next, row), traj_mat_row(h, row),
                   (size_t)h.cols * sizeof(traj_real));
        else
            gates_forward(next.cols, traj_mat_row(next, row), traj_mat_row(i, row),
                          traj_mat_row(g, row), bias, traj_mat_row(h, row));
    }
}

static void absent_backward(int n, traj_real *dh, traj_real *i, traj_real *g,
                            const traj_real *dnext)
{
    for (int k = 0; k < n; k++) dh[k] += dnext[k];
    memset(i, 0, 3 * (size_t)n * sizeof *i);
    memset(g, 0, 3 * (size_t)n * sizeof *g);
}

void traj_gru_backward(traj_mat dh, traj_mat i, traj_mat g, traj_mat dnext, traj_mat h,
                       const traj_real *present)
{
    assert_shapes(dnext, i, g, h);
    for (int row = 0; row < dnext.rows; row++) {
        traj_real *const dh_row = traj_mat_row(dh, row), *const i_row = traj_mat_row(i, row),
                         *const g_row = traj_mat_row(g, row);
        if (present && present[row] == 0)
            absent_backward(dnext.cols, dh_row, i_row, g_row, traj_mat_row(dnext, row));
        else
            gates_backward(dnext.cols, dh_row, i_row, g_row, traj_mat_row(dnext, row),
                           traj_mat_row(h, row));
    }
}
