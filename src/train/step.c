/* See traj/train/step.h. */
#include "traj/train/step.h"
#include "traj/train/adamw.h"
#include <math.h>

/* A loss this far from anything that data in metres can give has exploded. */
#define EXPLODED_NATS 1e6

bool traj_loss_exploded(double nats)
{
    return !(fabs(nats) < EXPLODED_NATS); /* NaN too */
}

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

static double gradient_norm(traj_params grads)
{
    double square = 0;
    for (size_t i = 0; i < grads.layout->size; i++) {
        const double g = (double)grads.data[i];
        square += g * g;
    }
    return sqrt(square);
}

static void scale_gradient(traj_params grads, double factor)
{
    for (size_t i = 0; i < grads.layout->size; i++) grads.data[i] *= TRAJ_R(factor);
}

traj_status traj_fail_diverged(traj_params grads, int epoch, long step, double nats,
                               traj_error *err)
{
    double largest = 0;
    const traj_param *const param = largest_gradient(grads, &largest);
    return traj_fail(err, TRAJ_E_DIVERGED,
                     "training diverged in epoch %d at step %ld: loss %g nats per agent-step, "
                     "largest gradient %g in '%s'; what earlier epochs saved stays as it is; try "
                     "a smaller --lr or --clip, and see 'traj info' for impossible positions",
                     epoch, step, nats, largest, param->name);
}

traj_status traj_train_step(traj_shards *shards, const traj_shard_run *run,
                            const traj_update *update, traj_loss *loss, traj_error *err)
{
    const traj_train_config *const config = update->config;
    traj_params grads = update->grads;
    *loss = traj_shards_run(shards, run, &grads);
    if (loss->count == 0) return TRAJ_OK; /* nothing but jumps: nothing to learn */
    const double objective = loss->objective / loss->count;
    const double norm = gradient_norm(grads) / loss->count, clip = config->clip;
    if (traj_loss_exploded(objective) || !isfinite(norm)) {
        scale_gradient(grads, 1 / loss->count);
        return traj_fail_diverged(grads, update->epoch, update->step, objective, err);
    }
    scale_gradient(grads, (clip > 0 && norm > clip ? clip / norm : 1) / loss->count);
    traj_adamw_step((traj_adamw){update->rate, config->beta1, config->beta2, config->adam_epsilon,
                                 config->weight_decay},
                    update->step, run->params, grads, update->m, update->v);
    traj_average_step(config->ema, update->step, update->average, run->params);
    return TRAJ_OK;
}
