/* See traj/train/step.h. */
#include "traj/train/step.h"
#include "traj/train/adamw.h"
#include <math.h>

/* A loss this far above anything that data in metres can give has exploded. */
#define EXPLODED_NATS 1e6

static const traj_param *largest_gradient(traj_params grads, double *largest)
{
    const traj_layout *const layout = grads.layout;
    const traj_param *worst = &layout->param[0];
    *largest = 0;
    for (int p = 0; p < layout->count; p++) {
        const traj_param *const param = &layout->param[p];
        for (size_t i = 0; i < (size_t)param->rows * (size_t)param->cols; i++) {
            const double g = fabs((double)grads.data[param->offset + i]);
            if (g <= *largest) continue;
            worst = param;
            *largest = g;
            if (!(g - g == 0)) return worst;
        }
    }
    return worst;
}

/* grads = grads / count, then clipped to the norm; returns the norm before clipping. */
static double scale_gradient(traj_params grads, double count, double clip)
{
    const size_t size = grads.layout->size;
    double square = 0;
    for (size_t i = 0; i < size; i++) {
        const double g = (double)grads.data[i];
        square += g * g;
    }
    const double norm = sqrt(square) / count;
    const traj_real scale = TRAJ_R((clip > 0 && norm > clip ? clip / norm : 1) / count);
    for (size_t i = 0; i < size; i++) grads.data[i] *= scale;
    return norm;
}

static traj_status diverged(const traj_update *update, double objective, traj_error *err)
{
    double largest = 0;
    const traj_param *const param = largest_gradient(update->grads, &largest);
    return traj_fail(err, TRAJ_E_DIVERGED,
                     "training diverged in epoch %d at step %ld: loss %g nats per agent-step, "
                     "largest gradient %g in '%s'; the last good model is kept; try a smaller --lr",
                     update->epoch, update->step, objective, largest, param->name);
}

traj_status traj_train_step(traj_shards *shards, const traj_shard_run *run,
                            const traj_update *update, traj_loss *loss, traj_error *err)
{
    const traj_train_config *const config = update->config;
    traj_params grads = update->grads;
    *loss = traj_shards_run(shards, run, &grads);
    const double objective = loss->objective / loss->count;
    const double norm = scale_gradient(grads, loss->count, config->clip);
    if (!(fabs(objective) < EXPLODED_NATS) || !(norm - norm == 0))
        return diverged(update, objective, err);
    traj_adamw_step((traj_adamw){update->rate, config->beta1, config->beta2, config->adam_epsilon,
                                 config->weight_decay},
                    update->step, run->params, grads, update->m, update->v);
    traj_average_step(config->ema, update->step, update->average, run->params);
    return TRAJ_OK;
}
