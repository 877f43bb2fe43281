/* Training: epochs over windows, validation, checkpoints, the best model on disk.
 *
 * The folder holds after every epoch: checkpoint.safetensors (all that exact resume needs),
 * model.safetensors (the averaged weights of the best validation ELBO so far) and log.csv. Each
 * appears whole or not at all; the checkpoint, the first one written, restores the others. Killed
 * at any moment and resumed, a run ends in the same bits as a straight one. Same configuration and
 * seed: same bits, whatever the number of threads. */
#ifndef TRAJ_TRAIN_TRAINER_H
#define TRAJ_TRAIN_TRAINER_H

#include "traj/data/window.h"
#include "traj/model/model.h"
#include "traj/train/train_config.h"
#include <signal.h>
#include <stdbool.h>

typedef struct traj_training {
    const traj_train_config *config;   /* view */
    const traj_model *model;           /* view */
    const traj_recording *recording;   /* view: training and validation matches */
    const traj_windows *train, *valid; /* view; valid->count may be 0: then training loss decides */
    const traj_norm *norm;             /* view */
    const char *folder;                /* exists; "" keeps nothing on disk (tests, bench) */
    bool resume;                       /* go on from folder/checkpoint.safetensors if it is there */
    const volatile sig_atomic_t
        *stop;  /* view or NULL: set from a signal handler to save and stop */
    bool quiet; /* no progress line */
    /* Called when all files in the folder belong together: after every epoch, after an interrupt,
     * and on resuming, once the checkpoint is known to fit. Or NULL. An error ends training. */
    traj_status (*saved)(void *context, traj_error *err);
    void *context; /* view: saved's */
} traj_training;

/* Sums over agent-steps as they were at the end. */
typedef struct traj_report {
    int epochs; /* finished in all, before and after resuming */
    long steps;
    double best_elbo; /* validation, nats per agent-step, metres */
    int best_epoch;
    double seconds;     /* of training, all sittings together */
    const char *reason; /* why it ended: a constant text */
    traj_loss last_train, last_valid;
} traj_report;

/* weights: if not NULL, [layout->size] reals of the caller that receive the best averaged weights.
 * Errors: TRAJ_E_DIVERGED naming epoch, step and largest gradient (the last good model stays on
 * disk); TRAJ_E_INTERRUPTED after saving; TRAJ_E_DATA for a checkpoint of another model or data;
 * TRAJ_E_IO; TRAJ_E_MEMORY. */
traj_status traj_train(const traj_training *training, traj_real *weights, traj_report *report,
                       traj_error *err);

#endif
