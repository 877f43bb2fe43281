/* Forecasts without learning, which every model must beat: one row per baseline in one table.
 *
 *   constant_position        stays where he was last seen
 *   constant_velocity        p + t u, u his last backward difference (0 where the frame before is
 *                            missing)
 *   constant_velocity_noise  p + t g R(theta) u, theta ~ N(0, (25 degrees)^2), g ~ N(1, 0.1^2):
 *                            one theta and one g per agent and sample
 *   kalman                   the mean of a Kalman filter for fading acceleration (gen/smooth.h)
 *   nearest_neighbour        sample k: the future of the training agent whose past is the k-th
 *                            most like his, turned to his heading
 *
 * They see what a model sees, the observed frames, and nothing later. Agents are forecast apart
 * from each other: only luck makes their samples go together.
 *
 * Sources: Schoeller et al. 2020 (constant velocity, noise of its heading), Singer 1970 (fading
 * acceleration). Note: docs/mathematics/baselines.md. Threads: pure functions, banks are only read.
 */
#ifndef TRAJ_EVAL_BASELINE_H
#define TRAJ_EVAL_BASELINE_H

#include "traj/base/noise.h"
#include "traj/data/recording.h"

/* The tracks of training scenes, to be looked through. */
typedef struct traj_neighbours traj_neighbours;

typedef struct traj_baseline_task {
    int past, frames, agents, samples; /* observed frames P, T, A, K */
    double rate_hz;
    const unsigned char *kind; /* view [A] */
    const float *past_m;       /* view [P,A,2]; NaN = missing, but never in the last frame */
    const traj_neighbours *neighbours; /* view; must be there for trained ones */
    uint64_t seed;
    uint32_t number; /* of this scene: its noise */
} traj_baseline_task;

typedef struct traj_baseline {
    const char *key;  /* "constant_velocity_noise" */
    const char *name; /* "constant velocity + noise" */
    bool sampled;     /* gives K different samples; else all are alike */
    bool trained;     /* needs neighbours */
    /* forecast_m [K,T,A,2], without NaN. Errors: TRAJ_E_MEMORY. */
    traj_status (*forecast)(const traj_baseline_task *task, float *forecast_m, traj_error *err);
} traj_baseline;

int traj_baseline_count(void);
const traj_baseline *traj_baseline_at(int index);

/* The bank of training scenes: agents known in every frame of their window, at most 32768 players
 * and as many balls, evenly spread over all of them. windows are of the recordings, past + frames
 * long. Views both, not needed afterwards. An agent without his like in the bank is forecast at
 * constant velocity; where the bank has fewer than K, samples repeat. Errors: TRAJ_E_MEMORY, with
 * *neighbours NULL. */
struct traj_windows;
traj_status traj_neighbours_new(traj_neighbours **neighbours, const traj_recording *recording,
                                const struct traj_windows *windows, int past, int frames,
                                traj_error *err);
void traj_neighbours_free(traj_neighbours *neighbours);

#endif
