/* Elementary functions over arrays, in plain C that the compiler vectorises. x may alias y exactly.
 *
 *   function   largest error (float)    (double: the same algorithms with longer polynomials)
 * The bounds are stated in docs/mathematics/vmath.md and measured by tests/unit over every
 * exponent. Special values: NaN stays NaN; exp overflows to inf above 88.7 and flushes to 0 below
 * -87.3 (float); tanh and sigmoid saturate. Threads: any. */
#ifndef TRAJ_NUM_VMATH_H
#define TRAJ_NUM_VMATH_H

#include "traj/base/real.h"
#include <stddef.h>

void traj_vexp(size_t n, const traj_real *x, traj_real *y);
void traj_vlog(size_t n, const traj_real *x, traj_real *y); /* x > 0; 0 gives -inf, below NaN */
void traj_vtanh(size_t n, const traj_real *x, traj_real *y);
void traj_vsigmoid(size_t n, const traj_real *x, traj_real *y);
void traj_vsoftplus(size_t n, const traj_real *x, traj_real *y);

#endif
