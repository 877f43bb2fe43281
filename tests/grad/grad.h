/* The gradient checker: analytic gradients against central differences, in the double build. */
#ifndef TRAJ_TESTS_GRAD_H
#define TRAJ_TESTS_GRAD_H

#include "traj/base/real.h"
#include <stddef.h>

/* Largest error, relative to max(1, |derivative|), that a right gradient may have. */
#define GRAD_TOLERANCE 1e-6

typedef double grad_function(void *context);

/* The coordinate where an analytic gradient and the central difference differ most. */
typedef struct grad_worst {
    size_t at;
    double analytic, numeric;
    double error; /* relative to max(1, |numeric|); infinite where one of the two is NaN */
} grad_worst;

/* Compares gradient with d f / d theta[0..n), at all coordinates when n <= 400, at 400 spread ones
 * otherwise. theta is changed and put back. */
grad_worst grad_error(grad_function *f, void *context, traj_real *theta, size_t n,
                      const traj_real *gradient);

/* The same, and fails the CMocka test with the worst coordinate when it is not within the
 * tolerance. */
void grad_check(const char *what, grad_function *f, void *context, traj_real *theta, size_t n,
                const traj_real *gradient);

/* Fills data with reproducible numbers in (-scale, scale). */
void grad_fill(traj_real *data, size_t n, double scale, unsigned seed);

/* Fills data with NaN: what a SET output and a workspace must not read. */
void grad_poison(traj_real *data, size_t n);

#endif
