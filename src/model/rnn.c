/* RNN-Gauss and RNN-GMM (Graves 2013): the recurrent core without a latent; each agent on its own.
 */
#include "model_table.h"
#include "recurrent.h"

static void declare(traj_model *model)
{
    model->config.latent = 0;
    model->config.rounds = 0;
    traj_recurrent_declare(model);
}

const traj_model_type traj_model_rnn = {
    .name = "rnn",
    .summary = "recurrent network per agent, no latent: the ablation every paper prints",
    .declare = declare,
    TRAJ_RECURRENT_FUNCTIONS,
};
