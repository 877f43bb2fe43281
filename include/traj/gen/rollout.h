/* Rollout: filter the observed frames, then generate what could come next, feeding the model its
 * own output.
 *
 *   burn-in    z_t ~ q(z | x_<=t), h_t = f(x_t, z_t, h_{t-1})            over the observed frames,
 * per sample free       z_t ~ p(z | past), x_t ~ p(x | z_t, past), position += x_t, h_t = f(x_t,
 * z_t, h_{t-1})
 *
 * Held agents take their x_t from the recording instead. Nothing after the last observed frame is
 * read for agents that are not held: overwriting their future with NaN leaves every bit of the
 * result as it was. Source: Chung et al. 2015, section 3; Yeh et al. 2019. Note:
 * docs/mathematics/rollout.md. */
#ifndef TRAJ_GEN_ROLLOUT_H
#define TRAJ_GEN_ROLLOUT_H

#include "traj/base/pool.h"
#include "traj/data/norm.h"
#include "traj/data/window.h"
#include "traj/gen/chain.h"
#include "traj/gen/rollout_config.h"
#include "traj/model/model.h"

/* Samples a job: enough rows for a product, enough jobs for the workers. */
enum { TRAJ_ROLLOUT_CHUNK = 5 };

typedef struct traj_rollout {
    const traj_model *model;         /* view */
    traj_params params;              /* view */
    const traj_norm *norm;           /* view */
    const traj_recording *recording; /* view: at the model's rate */
    size_t sequence, last;           /* the last observed frame */
    int burn_in, horizon, samples, mean;
    const unsigned char
        *held; /* view [agents of the sequence]: follows its recorded future, or NULL: none */
    double max_speed_mps, max_ball_speed_mps; /* a faster draw is shortened to this; 0 = no limit */
    int steps;               /* evaluations of a diffusion model's network; 0 = all it has */
    const double *step_list; /* view [steps]: which ones; NULL: evenly */
    double eta;              /* of its sampler: 1 ancestral, 0 deterministic */
    int bounds;              /* a draw that leads beyond the norm's reach ends on its edge */
    uint64_t seed;
    uint32_t number;   /* of this rollout among several: its noise */
    traj_chain *chain; /* filled with the first sample's, of a model that has one; NULL: nobody
                          wants it. Free with traj_chain_free after a success */
} traj_rollout;

typedef struct traj_forecast {
    int samples, horizon, agents;
    int slot[TRAJ_MAX_SCENE_AGENTS]; /* which agents of the sequence: those present in the last
                                        observed frame */
    float *pos_m; /* owned [samples, horizon, agents, 2]; NaN where a held agent is not recorded */
} traj_forecast;

/* Errors: TRAJ_E_DATA when fewer than two frames or no agent can be observed; TRAJ_E_MEMORY.
 * Threads: one call at a time per pool. */
traj_status traj_rollout_run(const traj_rollout *rollout, traj_pool *pool, traj_forecast *forecast,
                             traj_error *err);
void traj_forecast_free(traj_forecast *forecast);

#endif
