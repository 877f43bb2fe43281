/* The rows of the table of models, one per file of this room. */
#ifndef TRAJ_MODEL_TABLE_H
#define TRAJ_MODEL_TABLE_H

#include "traj/model/model.h"

extern const traj_model_type traj_model_rnn, traj_model_vrnn, traj_model_gvrnn, traj_model_ddpm,
    traj_model_vdm;

#endif
