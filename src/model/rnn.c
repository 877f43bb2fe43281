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
    .init = traj_recurrent_init,
    .loss = traj_recurrent_loss,
    .log_weight = traj_recurrent_log_weight,
    .state_take = traj_recurrent_state_take,
    .filter = traj_recurrent_filter,
    .draw = traj_recurrent_draw,
    .advance = traj_recurrent_advance,
};
