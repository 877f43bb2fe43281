/* One optimiser step on a batch of windows: loss and gradient by shards, clipping, AdamW, weight
 * average. What the training loop repeats, and what traj bench times. */
#ifndef TRAJ_TRAIN_STEP_H
#define TRAJ_TRAIN_STEP_H

#include "traj/train/shards.h"
#include "traj/train/train_config.h"

/* What a step changes beside the weights, and by how much. All parameters of one layout. */
typedef struct traj_update {
    const traj_train_config *config; /* view: AdamW's constants, clip and ema */
    traj_params m, v;                /* views: moments, zero before the first step */
    traj_params average;             /* view: of the weights */
    traj_params grads; /* view: overwritten with the gradient of the mean objective, clipped */
    int epoch;         /* from 1, for the error's sentence */
    long step;         /* from 1 */
    double rate;       /* learning rate */
} traj_update;

/* Changes run->params and the update's parameters; *loss receives the sums before the change.
 * Nothing is allocated. Errors: TRAJ_E_DIVERGED naming epoch, step and largest gradient; only grads
 * have changed then. Threads: one step at a time per shards. */
traj_status traj_train_step(traj_shards *shards, const traj_shard_run *run,
                            const traj_update *update, traj_loss *loss, traj_error *err);

/* Whether a mean loss is NaN, infinite or so large that only a diverged model gives it. */
bool traj_loss_exploded(double nats);

/* TRAJ_E_DIVERGED with its sentence: epoch and step from 1, the loss, the largest of grads. */
traj_status traj_fail_diverged(traj_params grads, int epoch, long step, double nats,
                               traj_error *err);

#endif
