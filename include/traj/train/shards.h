/* Loss and gradient of a batch of windows: jobs of `scenes` scenes on the pool; losses and
 * gradients are added in shard order, so the result's bits do not depend on the number of threads.
 *
 * Memory: one arena a worker, sized at the start; traj_shards_run allocates nothing. Threads: one
 * run at a time. */
#ifndef TRAJ_TRAIN_SHARDS_H
#define TRAJ_TRAIN_SHARDS_H

#include "traj/base/pool.h"
#include "traj/data/window.h"
#include "traj/model/model.h"

/* One scene of a batch: which window, and how it is changed. */
typedef struct traj_scene_pick {
    size_t window;
    size_t shift;
    int flip_x, flip_y;
} traj_scene_pick;

typedef struct traj_shards {
    const traj_model *model;         /* view */
    const traj_recording *recording; /* view */
    const traj_norm *norm;           /* view */
    int agents, frames, scenes;      /* of a shard: A, W, at most so many scenes */
    int most;                        /* shards of the largest batch */
    traj_arena *arena;               /* owned [threads] */
    traj_batch *batch;               /* owned [threads], in the arenas */
    traj_real *gradient;             /* owned [most, parameters] */
    traj_loss *loss;                 /* owned [most] */
    traj_pool *pool;                 /* view */
} traj_shards;

/* What one run over a batch works on. */
typedef struct traj_shard_run {
    const traj_windows *windows;
    const traj_scene_pick *pick; /* [count] */
    int count;
    traj_params params;
    traj_noise latent, dequant;
    bool dequantise;
    traj_noise drift;
    double drift_m; /* 0 = none: traj_scene_options */
    traj_objective objective;
} traj_shard_run;

/* shards->model, recording, norm, agents, frames, scenes, most and pool are given; the rest is
 * made. with_gradient: training. Errors: TRAJ_E_MEMORY. */
traj_status traj_shards_init(traj_shards *shards, bool with_gradient, traj_error *err);
void traj_shards_free(traj_shards *shards);

/* The sum of losses over the batch; *grads (if not NULL) is overwritten with the sum of gradients.
 */
traj_loss traj_shards_run(traj_shards *shards, const traj_shard_run *run, traj_params *grads);

#endif
