/* See grad.h. */
#include "grad/grad.h"
#include "traj/base/noise.h"
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* 1e-5 balances the difference's own errors in double: truncation about 1e-10, rounding about 1e-16
 * * |f| / 1e-5. A bound of 10^4 nats is rounded to more than the tolerance, so what rounding can
 * make is no error: SUMS units in the last place of f, which is a long sum. */
#define DELTA 1e-5
#define SUMS  4

/* *rounding: what f's last places can make of it. */
static double difference(grad_function *f, void *context, traj_real *theta, double *rounding)
{
    const traj_real kept = *theta;
    *theta = TRAJ_R((double)kept + DELTA);
    const double above = f(context);
    *theta = TRAJ_R((double)kept - DELTA);
    const double below = f(context);
    *theta = kept;
    *rounding = SUMS * DBL_EPSILON * fabs(above) / DELTA;
    return (above - below) / (2 * DELTA);
}

grad_worst grad_error(grad_function *f, void *context, traj_real *theta, size_t n,
                      const traj_real *gradient)
{
    /* Multiples of a prime modulo n visit each coordinate once and favour no column of a matrix. */
    enum { MOST = 400, PRIME = 7919 };
    const size_t checked = n < MOST ? n : MOST;
    grad_worst worst = {0};
    for (size_t k = 0; k < checked; k++) {
        const size_t i = k * PRIME % n;
        double rounding;
        const double numeric = difference(f, context, theta + i, &rounding);
        const double analytic = (double)gradient[i];
        const double beyond = fmax(0, fabs(numeric - analytic) - rounding);
        const double error = isfinite(numeric + analytic) ? beyond / fmax(1, fabs(numeric))
                                                          : (double)INFINITY;
        if (k == 0 || error > worst.error) worst = (grad_worst){i, analytic, numeric, error};
    }
    return worst;
}

void grad_check(const char *what, grad_function *f, void *context, traj_real *theta, size_t n,
                const traj_real *gradient)
{
    const grad_worst worst = grad_error(f, context, theta, n, gradient);
    if (!(worst.error < GRAD_TOLERANCE))
        fail_msg("%s: gradient %zu of %zu is %.12g, central difference %.12g (relative error %.2g)",
                 what, worst.at, n, worst.analytic, worst.numeric, worst.error);
}

void grad_fill(traj_real *data, size_t n, double scale, unsigned seed)
{
    const traj_noise noise = {seed, TRAJ_STREAM_TEST, 0};
    for (size_t i = 0; i < n; i++) {
        traj_noise_uniform(&noise, (uint32_t)i, 0, 0, &data[i], 1);
        data[i] = TRAJ_R(scale * (2 * (double)data[i] - 1));
    }
}

void grad_poison(traj_real *data, size_t n)
{
    for (size_t i = 0; i < n; i++) data[i] = TRAJ_R(NAN);
}
