/* See traj/data/savgol.h. */
#include "traj/data/savgol.h"
#include "traj/base/assert.h"
#include <math.h>
#include <string.h>

/* Takes out of column k what the columns before it hold, and makes it of length 1. */
static void orthonormalise(traj_savgol *filter, int k)
{
    for (int j = 0; j <= k; j++) {
        double dot = 0;
        for (int i = 0; i < filter->window; i++) dot += filter->basis[i][j] * filter->basis[i][k];
        for (int i = 0; i < filter->window; i++) {
            if (j < k)
                filter->basis[i][k] -= dot * filter->basis[i][j];
            else
                filter->basis[i][k] /= sqrt(dot);
        }
    }
}

void traj_savgol_init(traj_savgol *filter, int window, int order)
{
    TRAJ_ASSERT(window % 2 == 1 && window <= TRAJ_SAVGOL_WINDOW);
    TRAJ_ASSERT(order >= 0 && order <= TRAJ_SAVGOL_ORDER && order < window);
    filter->window = window;
    filter->order = order;
    const int middle = window / 2;
    for (int k = 0; k <= order; k++) {
        for (int i = 0; i < window; i++)
            filter->basis[i][k] = pow((i - middle) / fmax(middle, 1), k);
        orthonormalise(filter, k);
        orthonormalise(filter, k); /* once more: what the first pass's rounding left */
    }
}

double traj_savgol_weight(const traj_savgol *filter, int at, int from)
{
    double weight = 0;
    for (int k = 0; k <= filter->order; k++)
        weight += filter->basis[at][k] * filter->basis[from][k];
    return weight;
}

/* The point of the window that frame t takes: the middle but at the ends. */
static int point_of(const traj_savgol *filter, size_t t, size_t frames)
{
    const size_t middle = (size_t)filter->window / 2, left = frames - 1 - t;
    if (t < middle) return (int)t;
    return (int)(left < middle ? (size_t)filter->window - 1 - left : middle);
}

/* The largest odd window that fits into so many frames. */
static int window_within(int window, size_t frames)
{
    if ((size_t)window <= frames) return window;
    return frames ? (int)(frames - (frames + 1) % 2) : 0;
}

void traj_savgol_run(const traj_savgol *filter, const double *z, size_t frames, double *smooth)
{
    traj_savgol narrow;
    const int window = window_within(filter->window, frames);
    if (window <= filter->order) {
        memcpy(smooth, z, frames * sizeof *z);
        return;
    }
    if (window < filter->window) {
        traj_savgol_init(&narrow, window, filter->order);
        filter = &narrow;
    }
    double weight[TRAJ_SAVGOL_WINDOW];
    int weighted = -1; /* the point that `weight` is for */
    for (size_t t = 0; t < frames; t++) {
        const int at = point_of(filter, t, frames);
        for (int i = 0; at != weighted && i < window; i++)
            weight[i] = traj_savgol_weight(filter, at, i);
        weighted = at;
        smooth[t] = 0;
        for (int i = 0; i < window; i++) smooth[t] += weight[i] * z[t - (size_t)at + (size_t)i];
    }
}

/* Estimated squared error of the smoothed track, but for a constant. */
static double risk(const traj_savgol *filter, const double *z, size_t frames, double noise_m,
                   double *smooth)
{
    double sum = 0;
    traj_savgol_run(filter, z, frames, smooth);
    for (size_t t = 0; t < frames; t++) {
        const int at = point_of(filter, t, frames);
        sum += (smooth[t] - z[t]) * (smooth[t] - z[t]) +
               2 * noise_m * noise_m * traj_savgol_weight(filter, at, at);
    }
    return sum;
}

int traj_savgol_choose(const double *z, int axes, size_t frames, int order, double noise_m,
                       double *scratch)
{
    const int first = order + 2 - (order + 1) % 2, largest = window_within(51, frames);
    int best = first;
    double least = INFINITY;
    for (int window = first; window <= largest; window += 2) {
        traj_savgol filter;
        double sum = 0;
        traj_savgol_init(&filter, window, order);
        for (int k = 0; k < axes; k++)
            sum += risk(&filter, z + (size_t)k * frames, frames, noise_m, scratch);
        if (sum < least) best = window;
        least = fmin(least, sum);
    }
    return best;
}
