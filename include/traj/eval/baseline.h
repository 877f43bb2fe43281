/* Forecasts without learning, which every model must beat: one row per baseline in one table.
 *
 * They see what a model sees, the observed frames, and nothing later. Sources: Schoeller et al.
 * 2020 (constant velocity, its noise), Rauch et al. 1965 (Kalman). Note:
 * docs/mathematics/baselines.md. */
#ifndef TRAJ_EVAL_BASELINE_H
#define TRAJ_EVAL_BASELINE_H

#include "traj/base/noise.h"
#include "traj/data/recording.h"

/* Where the past of a set of training scenes resembles a scene's own: see nearest_neighbour. */
typedef struct traj_neighbours traj_neighbours;

typedef struct traj_baseline_task {
    int past, frames, agents, samples; /* observed frames P, T, A, K */
    double rate_hz;
    const unsigned char *kind; /* view [A] */
    const float *past_m;       /* view [P,A,2]; NaN = missing, but never in the last frame */
    const traj_neighbours *neighbours; /* view, or NULL: none */
    uint64_t seed;
    uint32_t number; /* of this scene: its noise */
} traj_baseline_task;

typedef struct traj_baseline {
    const char *key;  /* "constant_velocity_noise" */
    const char *name; /* "constant velocity + noise" */
    bool sampled;     /* gives K different samples; else all are alike */
    bool trained;     /* needs neighbours */
    /* forecast_m [K,T,A,2]. Errors: TRAJ_E_MEMORY. */
    traj_status (*forecast)(const traj_baseline_task *task, float *forecast_m, traj_error *err);
} traj_baseline;

int traj_baseline_count(void);
const traj_baseline *traj_baseline_at(int index);

/* The bank of training scenes. windows are of the recordings, past + frames long. Views both. */
struct traj_windows;
traj_status traj_neighbours_new(traj_neighbours **neighbours, const traj_recording *recording,
                                const struct traj_windows *windows, int past, int frames,
                                traj_error *err);
void traj_neighbours_free(traj_neighbours *neighbours);

#endif
