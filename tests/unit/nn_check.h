/* What the tests of room nn share: noise in matrices, and agreement with a twin in double. */
#ifndef TRAJ_TESTS_NN_CHECK_H
#define TRAJ_TESTS_NN_CHECK_H

#include "traj/base/noise.h"
#include "traj/num/mat.h"
#include "unit/check.h"
#include <float.h>
#include <math.h>

#ifdef TRAJ_REAL_DOUBLE
#define NN_EPSILON DBL_EPSILON
#else
#define NN_EPSILON ((double)FLT_EPSILON)
#endif

/* A layer and its twin round differently: a few hundred roundings of numbers of about 1, not all of
 * them in the same direction. A wrong formula is off by far more. */
#define NN_CLOSE (256 * NN_EPSILON)

/* Whether a result agrees with its twin, relative to the larger of 1 and the twin. */
static inline bool nn_close(traj_real result, double twin)
{
    return fabs((double)result - twin) <= NN_CLOSE * fmax(1, fabs(twin));
}

/* Normal numbers times scale; `which` names them. */
static inline void nn_fill(traj_real *data, size_t n, double scale, uint32_t which)
{
    const traj_noise noise = {3, TRAJ_STREAM_TEST, which};
    for (size_t i = 0; i < n; i++) {
        traj_noise_normal(&noise, 0, (uint32_t)i, 0, &data[i], 1);
        data[i] = TRAJ_R(scale * (double)data[i]);
    }
}

static inline double nn_sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static inline double nn_softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

#endif
