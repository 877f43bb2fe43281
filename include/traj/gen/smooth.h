/* Smoothing a recorded track: the classical answers to noise and gaps, which models are measured
 * against.
 *
 * A track z [frames] is one coordinate of one agent in metres, equally spaced in time. Note:
 * docs/mathematics/smooth.md; Savitzky-Golay: traj/data/savgol.h. Threads: pure functions. */
#ifndef TRAJ_GEN_SMOOTH_H
#define TRAJ_GEN_SMOOTH_H

#include "traj/base/status.h"
#include <stddef.h>

/* Fills NaN between two known values by the straight line between them; before the first and after
 * the last it stays. */
void traj_fill_gaps(double *z, size_t frames);

/* Kalman filter and Rauch-Tung-Striebel smoother for constant acceleration disturbed by white jerk
 * of spectral density q, seen with noise of standard deviation s:
 *
 *   d(p, v, a) = (v, a, -a / memory) dt + (0, 0, sqrt(q)) dW,     z_t = p_t + N(0, s^2)
 *
 * exactly discretised (with a memory by quadrature: to 1e-8 for steps shorter than it); N(0,
 * 100^2), N(0, 10^2), N(0, 10^2) (m, m/s, m/s^2) before the first value. NaN in z is a frame
 * without measurement. Sources: Rauch, Tung & Striebel 1965; Singer 1970 (the memory); Bar-Shalom,
 * Li & Kirubarajan 2001, sections 6.2.3 and 8.2. */
typedef struct traj_kalman {
    double step_s;   /* from frame to frame */
    double noise_m;  /* s */
    double jerk;     /* q, m^2/s^5 */
    double memory_s; /* accelerations fade by a factor e in this time; 0: never */
} traj_kalman;

/* log p(z_1 .. z_n) of the values that are there, nats. */
double traj_kalman_log_likelihood(const traj_kalman *kalman, const double *z, size_t frames);

/* The q of greatest likelihood for tracks z [axes,frames] together, on the grid 10^-4, 10^-3.5, ..
 * 10^6. */
double traj_kalman_fit(const traj_kalman *kalman, const double *z, int axes, size_t frames);

/* E[p_t | z] and its standard deviation for every frame; mean may alias z. Errors: TRAJ_E_MEMORY.
 */
traj_status traj_kalman_smooth(const traj_kalman *kalman, const double *z, size_t frames,
                               double *mean, double *sd, traj_error *err);

/* path [ahead]: E[p_t | z] for the frames after the last of z, which traj_kalman_smooth would give
 * for NaN there. path may not alias z. */
void traj_kalman_forecast(const traj_kalman *kalman, const double *z, size_t frames, size_t ahead,
                          double *path);

/* A random walk whose drift x is known but for steps of standard deviation step_m:
 *
 *   p_0 ~ N(start_m, start_sd_m^2),  p_{t+1} = p_t + x_t + N(0, step_m^2),  z_t = p_t + N(0,
 * noise_m^2)
 *
 * for t = 1 .. steps; z[t - 1] is z_t, NaN where there is none. path[t - 1] = E[p_t | z], exactly:
 * the filter and smoother above for one number. x, z, path [steps]; scratch [2 steps]; all apart.
 */
typedef struct traj_walk {
    double start_m, start_sd_m; /* start_sd_m > 0 */
    double step_m, noise_m;     /* noise_m > 0 */
} traj_walk;
void traj_walk_smooth(const traj_walk *walk, const double *x, const double *z, int steps,
                      double *path, double *scratch);

#endif
