/* What the nearest-neighbour baseline looks into: training data, read again. */
#ifndef TRAJ_CLI_TRAINING_DATA_H
#define TRAJ_CLI_TRAINING_DATA_H

#include "traj/cli/settings.h"
#include "traj/eval/baseline.h"
#include "traj/eval/protocol.h"

/* The share at the start of each match that its training had; 1 where other data validated it. */
double traj_training_share(const traj_settings *training);

/* From --train, or else the files, frames and split of `training`, the first model's options (NULL:
 * there are none). Where the latter cannot be had, *neighbours is NULL and a line says why; so it
 * is for --train none. Errors: those of reading --train; TRAJ_E_USAGE when it is evaluated, too. */
traj_status traj_training_read(const traj_settings *settings, const traj_settings *training,
                               const traj_protocol *protocol, traj_neighbours **neighbours,
                               traj_error *err);

/* Warns when what is evaluated is what the model was trained on. */
void traj_training_warn(const traj_settings *settings, const traj_settings *training,
                        const char *name);

#endif
