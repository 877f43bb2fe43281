/* How likely a recording is under a model: the ELBO, and the importance-weighted bound that is
 * never below it.
 *
 *   L_1 = E_q[log p(x|z)] - KL(q(z|x) || p(z))
 *   L_K = E[log 1/K sum_k p(x,z_k)/q(z_k|x)],  z_k ~ q        over whole scenes, agents together
 *
 * Of a diffusion model: its bound, term by term, on the horizon behind the past, which it is given.
 * With `skip` a recurrent model is asked the same: its first steps are filtered, but not counted; a
 * bound on log p(future | past) as generation makes it, with z of the past drawn from q.
 *
 * Nats in metres. Source: Burda et al. 2016, eq. 8. Note: docs/mathematics/score.md. */
#ifndef TRAJ_GEN_SCORE_H
#define TRAJ_GEN_SCORE_H

#include "traj/base/pool.h"
#include "traj/data/window.h"
#include "traj/model/model.h"

typedef struct traj_score_job {
    const traj_model *model;         /* view */
    traj_params params;              /* view */
    const traj_norm *norm;           /* view */
    const traj_recording *recording; /* view */
    const traj_windows *windows;     /* view */
    int importance;                  /* K of the importance-weighted bound; 0 = the ELBO only */
    int skip; /* steps at the start of each window that do not count; diffusion models never count
                 more than their horizon at the end */
    double *nats, *error; /* view [windows, terms] or NULL: a diffusion model's terms of each scene,
                             and the squared errors of the noise it predicts */
    bool dequantise;
    uint64_t seed;
} traj_score_job;

/* One scene's sums over its agent-steps. */
typedef struct traj_scene_score {
    double nll, kl, count;
    double iwae; /* L_K of the scene; NaN without importance samples */
} traj_scene_score;

/* score [windows->count]. Same job, same bits, on any pool. Errors: TRAJ_E_MEMORY. */
traj_status traj_score_run(const traj_score_job *job, traj_pool *pool, traj_scene_score *score,
                           traj_error *err);

/* Mean per agent-step over scenes, and half the width of its 95 % interval (normal, scenes
 * independent). value(score) is a scene's sum. */
typedef struct traj_mean {
    double mean, half_width;
} traj_mean;
traj_mean traj_score_mean(const traj_scene_score *score, size_t count,
                          double (*value)(const traj_scene_score *score));

#endif
