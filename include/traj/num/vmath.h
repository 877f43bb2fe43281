/* Elementary functions over arrays, in plain C that the compiler vectorises. x may alias y exactly.
 *
 *   function   largest error in ulp        special values
 *              bound  float  double
 *   exp        1.2    0.99   1.04          inf above 88.72 (709.78), 0 below -87.33 (-708.39)
 *   log        1.5    0.93   1.27          0 gives -inf, below NaN, inf gives inf; subnormals are
 * exact tanh       3.0    2.48   2.70          -0 stays -0; 1 from 9.1 (19.1) on
 *   sigmoid    2.5    2.35   2.36          0 below -87.33 (-708.39), 1 for large x
 *   softplus   2.2    1.94   1.97          0 below -87.33 (-708.39), x for large x
 *
 * NaN stays NaN everywhere. ulp = unit in the last place of the true value; `float` and `double`
 * are the largest errors met in a dense search with and without fused multiply-add, `bound` is what
 * tests/unit checks over every exponent. The same functions of one number, for use inside fused
 * loops, are traj_exp1 and so on in base/vkernel.h.
 *
 * Cost: one pass; 0.2 to 0.3 ns an element with AVX-512, 0.4 to 0.5 with AVX2, 1.0 to 1.6 with SSE2
 * (float, in cache). Threads: any. Note: docs/mathematics/vmath.md. */
#ifndef TRAJ_NUM_VMATH_H
#define TRAJ_NUM_VMATH_H

#include "traj/base/real.h"
#include <stddef.h>

void traj_vexp(size_t n, const traj_real *x, traj_real *y);
void traj_vlog(size_t n, const traj_real *x, traj_real *y);
void traj_vtanh(size_t n, const traj_real *x, traj_real *y);
void traj_vsigmoid(size_t n, const traj_real *x, traj_real *y);
void traj_vsoftplus(size_t n, const traj_real *x, traj_real *y);

#endif
