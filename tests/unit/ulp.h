/* How far a result is from the truth, in units of the last place of the truth. */
#ifndef TRAJ_TESTS_ULP_H
#define TRAJ_TESTS_ULP_H

#include "traj/base/vkernel.h"
#include <math.h>

/* The error of got against truth; 0 for the same infinity or NaN. Where truth is subnormal, 0 is as
 * good as the nearest number (exp and what is made of it flush). */
static inline double ulp_error(traj_real got, long double truth)
{
    traj_real nearest = (traj_real)truth;
    if (isnan(nearest) || isnan(got)) return isnan(nearest) && isnan(got) ? 0 : (double)INFINITY;
    if (got == nearest) return 0;
    if (isinf(nearest) || isinf(got)) return (double)INFINITY;
    int exponent = 1 - TRAJ_EXPONENT_BIAS;
    if (fabsl(truth) >= TRAJ_REAL_NORMAL) {
        (void)frexpl(truth, &exponent);
        --exponent;
    } else if (got == 0) {
        return 0;
    }
    return (double)(fabsl(got - truth) / ldexpl(1, exponent - TRAJ_MANTISSA_BITS));
}

#endif
