/* Smoothing a recorded track: the classical answers to noise and gaps, which models are measured
 * against.
 *
 * A track z [frames] is one coordinate of one agent in metres, equally spaced in time. Note:
 * docs/mathematics/smooth.md. Threads: pure functions. */
#ifndef TRAJ_GEN_SMOOTH_H
#define TRAJ_GEN_SMOOTH_H

#include "traj/base/status.h"
#include <stddef.h>

/* Fills NaN between two known values by the straight line between them; before the first and after
 * the last it stays. */
void traj_fill_gaps(double *z, size_t frames);

enum { TRAJ_SAVGOL_WINDOW = 101, TRAJ_SAVGOL_ORDER = 5 };

/* Savitzky-Golay: each value is replaced by that of the polynomial fitted by least squares to the
 * window around it,
 *
 *   y_t = sum_i H_mi z_{t-m+i},   H = Q Q',   m = (window - 1) / 2
 *
 * with Q the orthonormal polynomials on the window's points. The first and last m values come from
 * the first and last window's polynomial (rows of H other than m). Exact on polynomials up to
 * `order`. Source: Savitzky & Golay 1964; Gorry 1990 for the ends. */
typedef struct traj_savgol {
    int window, order;
    double basis[TRAJ_SAVGOL_WINDOW][TRAJ_SAVGOL_ORDER + 1]; /* Q */
} traj_savgol;

/* window: odd, up to TRAJ_SAVGOL_WINDOW, above order. */
void traj_savgol_init(traj_savgol *filter, int window, int order);

/* H_{at,from}: how much point `from` of a window counts in the value at its point `at`. */
double traj_savgol_weight(const traj_savgol *filter, int at, int from);

/* smooth [frames] from z [frames] without NaN; they must not overlap. A track shorter than the
 * window takes the largest odd window that fits, and stays as it is where that is not above order.
 */
void traj_savgol_run(const traj_savgol *filter, const double *z, size_t frames, double *smooth);

/* The odd window of order + 2 .. 51 with the least estimated error of tracks with noise of standard
 * deviation noise_m. For a linear smoother y = H z
 *
 *   E|y - truth|^2 = E|y - z|^2 + 2 noise_m^2 tr H - frames noise_m^2
 *
 * so nothing but z and the noise is needed. z [axes,frames] without NaN; scratch [frames].
 * Source: Mallows 1973 (C_L), Stein 1981. */
int traj_savgol_choose(const double *z, int axes, size_t frames, int order, double noise_m,
                       double *scratch);

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
