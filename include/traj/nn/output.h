/* Output distributions p(x | raw) of a two-dimensional x, from a decoder's raw output:
 *
 *   diagonal   raw [4]  = mu | s                  N(mu, diag(sd^2)),  sd = softplus(s) + floor
 *   bivariate  raw [5]  = mu | s | c              correlation rho = 0.999 tanh(c)
 *   mixture    raw [7G] = G times (a | mu | s | c | k)    sum_g softmax(a)_g N_g(x), the mean of
 *                                                          N_g being mu + k skip
 *
 *   -log N(x) = log(2 pi) + log sd_1 + log sd_2 + log(w)/2 + (u^2 - 2 rho u v + v^2) / (2 w),
 *   u = (x_1 - mu_1)/sd_1,  v = (x_2 - mu_2)/sd_2,  w = 1 - rho^2
 *
 * `skip` [R,2] is added to every mean (the previous displacement: the network then predicts the
 * change); no data = none. Of it a mixture's component carries the share 1 + k on. Nats. One row of
 * the table in src/nn/output.c per distribution, one file each. Raw is read, never changed. Source:
 * Graves 2013, eq. 18-25; Chung et al. 2015. Note: docs/mathematics/output.md. Threads: any. */
#ifndef TRAJ_NN_OUTPUT_H
#define TRAJ_NN_OUTPUT_H

#include "traj/num/gemm.h"

typedef struct traj_output {
    int kind;        /* 0 diagonal, 1 bivariate, 2 mixture: traj_output_kind's order */
    int components;  /* G, used by the mixture only */
    traj_real floor; /* of sd */
} traj_output;

/* Columns of raw. */
int traj_output_width(const traj_output *output);

/* bias [width] of a head before training: means 0, no correlation, equal weights, and standard
 * deviations that suit displacements relative to the one before: 0.2, or for the mixture's
 * components spread evenly in the logarithm from 0.02 to 1, so that none of them has to wait for
 * the others to leave its scale. */
void traj_output_init(const traj_output *output, traj_real *bias);

/* nll [R] = -weight * log p(x | raw); rows of weight 0 are not read. */
void traj_output_forward(const traj_output *output, traj_real *nll, traj_mat raw, traj_mat x,
                         traj_mat skip, const traj_real *weight);

/* d_raw [R,width] SET: gradient of sum_r scale[r] nll_r. d_raw must not alias raw. */
void traj_output_backward(const traj_output *output, traj_mat d_raw, traj_mat raw, traj_mat x,
                          traj_mat skip, const traj_real *scale);

/* x [R,2] drawn from p: normal [R,2] ~ N(0,1), uniform [R] ~ U[0,1) (read by the mixture only). */
void traj_output_sample(const traj_output *output, traj_mat x, traj_mat raw, traj_mat skip,
                        traj_mat normal, const traj_real *uniform);

/* x [R,2] = the mean of p. */
void traj_output_mean(const traj_output *output, traj_mat x, traj_mat raw, traj_mat skip);

#endif
