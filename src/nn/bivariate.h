/* The bivariate Gaussian of one row, private to this room: used alone and as a component of the
 * mixture. */
#ifndef TRAJ_NN_BIVARIATE_H
#define TRAJ_NN_BIVARIATE_H

#include "traj/base/real.h"

/* raw [5] = mu_1 mu_2 s_1 s_2 c. -log N(x). */
traj_real traj_bivariate_nll(const traj_real *raw, const traj_real *x, traj_real floor);

/* d_raw [5] = scale * d(-log N)/d raw. */
void traj_bivariate_backward(traj_real *d_raw, const traj_real *raw, const traj_real *x,
                             traj_real scale, traj_real floor);

/* x = mu + L normal with L L' the covariance. */
void traj_bivariate_sample(traj_real *x, const traj_real *raw, const traj_real *normal,
                           traj_real floor);

#endif
