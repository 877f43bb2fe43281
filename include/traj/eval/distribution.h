/* Distributions of how bodies move, generated against real: speed, acceleration, turn rate,
 * distance to the nearest opponent, place on the pitch.
 *
 * Each scene is counted into histograms of fixed bins, so that scenes can be pooled, and resampled
 * for intervals, without going back to positions. One row per quantity in one table. */
#ifndef TRAJ_EVAL_DISTRIBUTION_H
#define TRAJ_EVAL_DISTRIBUTION_H

#include "traj/eval/scene.h"

typedef struct traj_quantity {
    const char *key;        /* "speed", "accel", "turn_rate", "nearest_opponent", "location" */
    const char *unit;       /* "m/s" */
    int bins[2];            /* bins[1] 1 for one-dimensional quantities */
    double low[2], high[2]; /* values beyond fall into the end bins */
} traj_quantity;

int traj_quantity_count(void);
const traj_quantity *traj_quantity_at(int index);
int traj_quantity_bins(int index); /* bins[0] * bins[1] */

/* Adds the counts of all values of the group to histogram [traj_quantity_bins]: of the truth, or of
 * all samples together. */
void traj_quantity_count_truth(int index, const traj_eval_scene *scene, traj_group group,
                               double *histogram);
void traj_quantity_count_forecast(int index, const traj_eval_scene *scene, traj_group group,
                                  double *histogram);

/* Wasserstein-1 distance of two histograms of a one-dimensional quantity, in its unit: the integral
 * of |F - G|; NaN when either is empty. */
double traj_quantity_w1(int index, const double *a, const double *b);
/* Jensen-Shannon divergence in nats, 0 .. log 2; NaN when either is empty. */
double traj_quantity_js(int index, const double *a, const double *b);

#endif
