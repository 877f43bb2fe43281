/* The noise schedules of ddpm, in double, and the algebra of q around them: private to this room.
 *
 *   q(y_k | y_{k-1}) = N(sqrt(1 - beta_k) y_{k-1}, beta_k I),  q(y_k | y_0) = N(sqrt(abar_k) y_0,
 *   (1 - abar_k) I),  abar_0 = 1,  k = 1..K,  SNR_k = abar_k / (1 - abar_k) strictly decreasing
 *
 * Sources: Ho et al. 2020; Nichol & Dhariwal 2021; Salimans & Ho 2022 (v). Threads: read-only after
 * init. Note: docs/mathematics/schedule.md. */
#ifndef TRAJ_MODEL_NOISE_SCHEDULE_H
#define TRAJ_MODEL_NOISE_SCHEDULE_H

#include "traj/model/model_config.h"

enum { TRAJ_MAX_DIFFUSION_STEPS = 1000 };

typedef struct traj_schedule {
    int steps; /* K, 1..1000 */
    double beta[TRAJ_MAX_DIFFUSION_STEPS + 1];
    double log_abar[TRAJ_MAX_DIFFUSION_STEPS + 1]; /* log abar_k; [0] = 0 */
} traj_schedule;

/* linear, quad, sigmoid, geometric: beta from 1e-4 to 0.02 at K = 1000, scaled by 1000/K so that
 * abar_K stays about the same, never above 0.999; linear in k, in sqrt(beta), along a sigmoid from
 * -6 to 6, in log(beta). cosine: Nichol & Dhariwal eq. 17 with s = 0.008, beta never above 0.999.
 */
void traj_schedule_init(traj_schedule *schedule, traj_schedule_kind kind, int steps);

/* sqrt(abar_k), and sqrt(1 - abar_k) without cancellation. 0 <= k <= K. */
double traj_schedule_signal(const traj_schedule *schedule, int k);
double traj_schedule_noise(const traj_schedule *schedule, int k);

/* q(y_j | y_k, y_0) for 0 <= j < k: mean = on_start y_0 + on_now y_k, variance. With eta < 1, from
 * [0,1], the variance is eta^2 times the posterior's and the mean the DDIM one (Song et al. 2021,
 * eq. 12), which keeps the marginals. j = 0 gives y_0 itself: 1, 0, 0 exactly. */
typedef struct traj_posterior {
    double on_start, on_now, variance;
} traj_posterior;
traj_posterior traj_schedule_posterior(const traj_schedule *schedule, int k, int j, double eta);

/* y_k = signal y_0 + noise eps, v = signal eps - noise y_0, score = -eps / noise: what a network
 * that predicts `kind` says about eps and y_0. value: its output, y: its input. signal^2 + noise^2
 * = 1, both above 0: k >= 1. */
double traj_predicted_eps(traj_predict_kind kind, double signal, double noise, double y,
                          double value);
double traj_predicted_start(traj_predict_kind kind, double signal, double noise, double y,
                            double value);
/* The target that belongs to y_0 and eps. */
double traj_predict_target(traj_predict_kind kind, double signal, double noise, double start,
                           double eps);

#endif
