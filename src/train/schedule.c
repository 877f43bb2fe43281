/* See traj/train/schedule.h. */
#include "traj/train/schedule.h"
#include <math.h>

static const double pi = 3.14159265358979323846;

double traj_schedule_rate(const traj_train_config *config, long step, double progress)
{
    const double cosine = 0.5 * (1 + cos(pi * fmin(1, fmax(0, progress))));
    const double rate = config->learning_rate *
                        (config->lr_floor + (1 - config->lr_floor) * cosine);
    return step < config->warmup_steps
               ? rate * (double)(step + 1) / (double)(config->warmup_steps + 1)
               : rate;
}

double traj_schedule_kl(const traj_train_config *config, long step)
{
    const long length = config->kl_steps > 0 ? config->kl_steps : 1;
    double share = 1;
    if (config->kl_schedule == TRAJ_KL_LINEAR)
        share = fmin(1, (double)step / (double)length);
    else if (config->kl_schedule == TRAJ_KL_CYCLICAL)
        share = fmin(1, 2 * (double)(step % length) / (double)length);
    return config->kl_weight * share;
}
