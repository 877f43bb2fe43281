/* Diagonal Gaussians over the latent z, from a head's raw output [R,2Z] = mu | s:
 *
 *   sd  = softplus(s) + floor
 *   z   = mu + sd * eps,  eps ~ N(0,I)                                        (reparameterised)
 *   KL(q||p) = sum_k log(sd_p/sd_q) + (sd_q^2 + (mu_q - mu_p)^2) / (2 sd_p^2) - 1/2
 *   log N(z) = sum_k -log(sd) - (z - mu)^2 / (2 sd^2) - log(2 pi)/2
 *
 * All in nats. One fused pass each; raw is read, never changed. `weight` [R] multiplies a row's
 * result (0: absent). Source: Kingma & Welling 2014, appendix B; Chung et al. 2015, eq. 5-8. Note:
 * docs/mathematics/latent.md. Threads: any. */
#ifndef TRAJ_NN_LATENT_H
#define TRAJ_NN_LATENT_H

#include "traj/num/gemm.h"

/* z [R,Z]; eps [R,Z]. */
void traj_latent_forward(traj_mat z, traj_mat raw, traj_mat eps, traj_real floor);

/* In: dz [R,Z]. Out: d_raw [R,2Z] SET or ADD. */
void traj_latent_backward(traj_mat d_raw, traj_mat raw, traj_mat eps, traj_mat dz,
                          traj_write write);

/* kl [R] = weight * KL(q||p). */
void traj_kl_forward(traj_real *kl, traj_mat q, traj_mat p, const traj_real *weight,
                     traj_real floor);

/* d_q, d_p [R,2Z] SET: gradient of sum_r scale[r] * KL_r. d_q and d_p may alias q and p. */
void traj_kl_backward(traj_mat d_q, traj_mat d_p, traj_mat q, traj_mat p, const traj_real *scale,
                      traj_real floor);

/* density [R] += sign * weight * log N(z; raw). */
void traj_latent_density(double *density, traj_mat raw, traj_mat z, const traj_real *weight,
                         traj_real floor, double sign);

#endif
