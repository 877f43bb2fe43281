/* Weights on disk: model.safetensors, one tensor per parameter in PyTorch's layout, and in the
 * header everything that is needed to use them: the model's configuration and the normalisation.
 * docs/io.md lists the keys. */
#ifndef TRAJ_TRAIN_WEIGHTS_H
#define TRAJ_TRAIN_WEIGHTS_H

#include "traj/data/norm.h"
#include "traj/model/model.h"

/* A model with its weights. */
typedef struct traj_trained {
    traj_model *model;  /* owned */
    traj_params params; /* data owned */
    traj_norm norm;
    int burn_in, horizon; /* frames it was trained for */
    uint64_t hash;        /* FNV-1a of the weights: names this model in rollout.json */
} traj_trained;

/* Writes atomically. Errors: TRAJ_E_IO, TRAJ_E_MEMORY. */
traj_status traj_weights_save(const char *path, const traj_trained *trained, traj_error *err);

/* Reads and checks every name and shape. Errors: TRAJ_E_IO, TRAJ_E_DATA, TRAJ_E_MEMORY. Free with
 * traj_trained_free. */
traj_status traj_weights_load(const char *path, traj_trained *trained, traj_error *err);
void traj_trained_free(traj_trained *trained);

uint64_t traj_weights_hash(traj_params params);

#endif
