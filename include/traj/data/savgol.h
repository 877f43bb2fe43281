/* Savitzky-Golay smoothing of a track z [frames]: one coordinate of one agent in metres, equally
 * spaced in time. Note: docs/mathematics/smooth.md. Threads: pure functions. */
#ifndef TRAJ_DATA_SAVGOL_H
#define TRAJ_DATA_SAVGOL_H

#include <stddef.h>

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

#endif
