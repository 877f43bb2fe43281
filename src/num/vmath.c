#include "traj/num/vmath.h"
#include "traj/base/vkernel.h"

/* x may alias y exactly, which no element notices, so `omp simd` may promise independent
 * iterations. */

TRAJ_SIMD void traj_vexp(size_t n, const traj_real *x, traj_real *y)
{
#pragma omp simd
    for (size_t i = 0; i < n; ++i) y[i] = traj_exp1(x[i]);
}

TRAJ_SIMD void traj_vlog(size_t n, const traj_real *x, traj_real *y)
{
#pragma omp simd
    for (size_t i = 0; i < n; ++i) y[i] = traj_log1(x[i]);
}

TRAJ_SIMD void traj_vtanh(size_t n, const traj_real *x, traj_real *y)
{
#pragma omp simd
    for (size_t i = 0; i < n; ++i) y[i] = traj_tanh1(x[i]);
}

TRAJ_SIMD void traj_vsigmoid(size_t n, const traj_real *x, traj_real *y)
{
#pragma omp simd
    for (size_t i = 0; i < n; ++i) y[i] = traj_sigmoid1(x[i]);
}

TRAJ_SIMD void traj_vsoftplus(size_t n, const traj_real *x, traj_real *y)
{
#pragma omp simd
    for (size_t i = 0; i < n; ++i) y[i] = traj_softplus1(x[i]);
}
