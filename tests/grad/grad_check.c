/* See grad.h. */
#include "grad/grad.h"
#include "traj/base/noise.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* 1e-5 balances the difference's own errors in double: truncation about 1e-10, rounding about 1e-16
 * * |f| / 1e-5. */
#define DELTA     1e-5
#define TOLERANCE 1e-6

void grad_check(const char *what, grad_function *f, void *context, traj_real *theta, size_t n,
                const traj_real *gradient)
{
    enum { MOST = 400 };
    const size_t stride = n > MOST ? n / MOST : 1;
    double worst = 0, worst_numeric = 0;
    size_t worst_at = 0;
    for (size_t i = 0; i < n; i += stride) {
        const traj_real kept = theta[i];
        theta[i] = TRAJ_R((double)kept + DELTA);
        const double above = f(context);
        theta[i] = TRAJ_R((double)kept - DELTA);
        const double below = f(context);
        theta[i] = kept;
        const double numeric = (above - below) / (2 * DELTA);
        const double error = fabs(numeric - (double)gradient[i]) / fmax(1, fabs(numeric));
        if (!(error <= worst)) {
            worst = error;
            worst_at = i;
            worst_numeric = numeric;
        }
    }
    if (!(worst < TOLERANCE))
        fail_msg("%s: gradient %zu of %zu is %.12g, central difference %.12g (relative error %.2g)",
                 what, worst_at, n, (double)gradient[worst_at], worst_numeric, worst);
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
