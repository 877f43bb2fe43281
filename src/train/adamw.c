/* See traj/train/adamw.h. */
#include "traj/train/adamw.h"
#include "traj/base/simd.h"
#include "traj/base/vkernel.h"
#include <math.h>

/* The step's constants, folded so that the loop has one division and one root. */
typedef struct constants {
    traj_real beta1, beta2, rate, root, epsilon, keep;
} constants;

TRAJ_SIMD static void update(size_t n, constants c, traj_real *restrict w,
                             const traj_real *restrict g, traj_real *restrict m,
                             traj_real *restrict v)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        m[i] = c.beta1 * m[i] + (1 - c.beta1) * g[i];
        v[i] = c.beta2 * v[i] + (1 - c.beta2) * g[i] * g[i];
        w[i] = c.keep * w[i] - c.rate * m[i] / (traj_sqrt1(v[i]) * c.root + c.epsilon);
    }
}

void traj_adamw_step(traj_adamw adamw, long step, traj_params weights, traj_params grads,
                     traj_params m, traj_params v)
{
    const double bias1 = 1 - pow(adamw.beta1, (double)step);
    const double bias2 = 1 - pow(adamw.beta2, (double)step);
    for (int p = 0; p < weights.layout->count; p++) {
        const traj_param *const param = &weights.layout->param[p];
        const double decay = param->vector ? 0 : adamw.decay;
        const constants c = {.beta1 = TRAJ_R(adamw.beta1),
                             .beta2 = TRAJ_R(adamw.beta2),
                             .rate = TRAJ_R(adamw.rate / bias1),
                             .root = TRAJ_R(1 / sqrt(bias2)),
                             .epsilon = TRAJ_R(adamw.epsilon),
                             .keep = TRAJ_R(1 - adamw.rate * decay)};
        const size_t at = param->offset;
        update((size_t)param->rows * (size_t)param->cols, c, weights.data + at, grads.data + at,
               m.data + at, v.data + at);
    }
}

void traj_average_step(double decay, long step, traj_params average, traj_params weights)
{
    const double warm = (1 + (double)step) / (10 + (double)step);
    const traj_real share = TRAJ_R(1 - fmin(decay, warm));
    for (size_t i = 0; i < weights.layout->size; i++)
        average.data[i] += share * (weights.data[i] - average.data[i]);
}
