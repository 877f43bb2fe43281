/* Imputation: where hidden agents were between two moments in which they are seen, while all others
 * are seen throughout.
 *
 * A model's samples run on from the last frame in which everybody is seen and know nothing of where
 * the hidden turn up again. They are conditioned on it by the ensemble's own covariances
 * (Matheron's rule), coordinate by coordinate:
 *
 *   p_t <- p_t + cov(p_t, y) (cov(y) + r I)^-1 (seen - y),    y = p in the first two frames behind
 *
 * which is exact for Gaussians. Two frames tell position and velocity. Only samples of hidden
 * agents change. Sources: Evensen & van Leeuwen 2000 (ensemble smoother). Note:
 * docs/mathematics/impute.md. */
#ifndef TRAJ_GEN_IMPUTE_H
#define TRAJ_GEN_IMPUTE_H

#include "traj/gen/rollout.h"

/* Frames behind the gap that are looked at. */
enum { TRAJ_IMPUTE_BEHIND = 2 };

typedef enum traj_impute_method {
    TRAJ_IMPUTE_MODEL,
    TRAJ_IMPUTE_LINEAR,  /* the straight line to the first frame behind the gap, or standing still
                            where there is none */
    TRAJ_IMPUTE_VELOCITY /* the last displacement again and again */
} traj_impute_method;

/* rollout->horizon is the length of the gap, rollout->held everybody who is not hidden; what is
 * recorded of the hidden within the gap is not read. The recording should go on for
 * TRAJ_IMPUTE_BEHIND frames behind the gap; where it does not, or an agent is not seen there, what
 * is there counts. Methods without a model give one sample and need no model in *rollout. Errors:
 * those of traj_rollout_run. Threads: one call at a time per pool. */
traj_status traj_impute_run(const traj_rollout *rollout, traj_impute_method method, traj_pool *pool,
                            traj_forecast *forecast, traj_error *err);

/* Sum of distances in metres between the mean over samples and the recording, and how many: over
 * hidden agents and the frames in which they are recorded. */
typedef struct traj_impute_error {
    double sum_m, count;
} traj_impute_error;
traj_impute_error traj_impute_measure(const traj_rollout *rollout, const traj_forecast *forecast);

#endif
