/* The gradient checker: analytic gradients against central differences, in the double build. */
#ifndef TRAJ_TESTS_GRAD_H
#define TRAJ_TESTS_GRAD_H

#include "traj/base/real.h"
#include <stddef.h>

typedef double grad_function(void *context);

/* Checks d f / d theta[0..n) against gradient, at all coordinates when n <= 400, at 400 spread ones
 * otherwise. The largest error, relative to max(1, |derivative|), must stay below 1e-6. Prints the
 * worst coordinate and fails the CMocka test otherwise. */
void grad_check(const char *what, grad_function *f, void *context, traj_real *theta, size_t n,
                const traj_real *gradient);

/* Fills data with reproducible numbers in (-scale, scale). */
void grad_fill(traj_real *data, size_t n, double scale, unsigned seed);

/* Fills data with NaN: what a SET output and a workspace must not read. */
void grad_poison(traj_real *data, size_t n);

#endif
