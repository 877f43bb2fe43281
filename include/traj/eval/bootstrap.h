/* Intervals of figures that are means over scenes: the percentile bootstrap (Efron & Tibshirani
 * 1993, chapter 13). Scenes that depend on each other are drawn together, as units. */
#ifndef TRAJ_EVAL_BOOTSTRAP_H
#define TRAJ_EVAL_BOOTSTRAP_H

#include "traj/base/status.h"
#include <stddef.h>
#include <stdint.h>

typedef struct traj_interval {
    double value, low, high; /* NaN where nothing can be said */
} traj_interval;

/* How often each scene is drawn in each resample: made once, used for every figure, so that the
 * figures of two models are resampled alike and their differences are paired. */
typedef struct traj_bootstrap {
    int resamples;
    size_t scenes, units;
    uint16_t *times; /* owned [resamples, scenes] */
    double *work;    /* owned [resamples]: what follows is for one thread at a time */
} traj_bootstrap;

/* unit [scenes]: what each scene is drawn with, from 0 and without gaps; a resample has as many
 * units as there are. Errors: TRAJ_E_MEMORY. */
traj_status traj_bootstrap_init(traj_bootstrap *bootstrap, const int *unit, size_t scenes,
                                int resamples, uint64_t seed, traj_error *err);
void traj_bootstrap_free(traj_bootstrap *bootstrap);

/* Of all figures: `value` counts each scene once; there is no interval of a single unit. Cost:
 * resamples * scenes. */

/* Mean of value [scenes] without NaN, with the 2.5 % and 97.5 % points of its resamples. */
traj_interval traj_bootstrap_mean(const traj_bootstrap *bootstrap, const double *value);

/* Mean of a - b over scenes where both are known: paired. */
traj_interval traj_bootstrap_difference(const traj_bootstrap *bootstrap, const double *a,
                                        const double *b);

/* sqrt(sum (ratio divisor)^2 / sum divisor^2), each [scenes]: the ratio of two root mean squares of
 * all scenes. A mean of ratios is another number: scenes of small divisors would rule it. */
traj_interval traj_bootstrap_ratio(const traj_bootstrap *bootstrap, const double *ratio,
                                   const double *divisor);

/* Any figure of pooled scenes: statistic(times [scenes] or NULL for each once, user). */
traj_interval traj_bootstrap_statistic(const traj_bootstrap *bootstrap,
                                       double (*statistic)(const uint16_t *times, void *user),
                                       void *user);

#endif
