/* GVRNN (Yeh et al. 2019): prior, encoder and decoder are message passing over the agents of a
 * scene. */
#include "model_table.h"
#include "recurrent.h"

static void declare(traj_model *model)
{
    if (!model->config.rounds) model->config.rounds = 1;
    traj_recurrent_declare(model);
}

const traj_model_type traj_model_gvrnn = {
    .name = "gvrnn",
    .summary = "graph variational recurrent network: agents coupled by message passing",
    .declare = declare,
    TRAJ_RECURRENT_FUNCTIONS,
};
