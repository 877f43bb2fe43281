/* VRNN (Chung et al. 2015, eq. 5-11): a latent at every step; each agent on its own. */
#include "model_table.h"
#include "recurrent.h"

static void declare(traj_model *model)
{
    if (!model->config.latent) model->config.latent = 16;
    model->config.rounds = 0;
    traj_recurrent_declare(model);
}

const traj_model_type traj_model_vrnn = {
    .name = "vrnn",
    .summary = "variational recurrent network per agent",
    .declare = declare,
    TRAJ_RECURRENT_FUNCTIONS,
};
