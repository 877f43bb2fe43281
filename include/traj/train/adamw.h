/* AdamW: Adam with decoupled weight decay.
 *
 *   m = b1 m + (1-b1) g,   v = b2 v + (1-b2) g^2
 *   w = w - rate (m / (1-b1^t) / (sqrt(v / (1-b2^t)) + eps) + decay w)          decay on matrices
 * only
 *
 * Source: Loshchilov & Hutter 2019, algorithm 2; as torch.optim.AdamW. Threads: any, different
 * arrays. */
#ifndef TRAJ_TRAIN_ADAMW_H
#define TRAJ_TRAIN_ADAMW_H

#include "traj/nn/param.h"

typedef struct traj_adamw {
    double rate, beta1, beta2, epsilon, decay;
} traj_adamw;

/* step counts from 1. m, v and grads have weights' layout; grads is read only. */
void traj_adamw_step(traj_adamw adamw, long step, traj_params weights, traj_params grads,
                     traj_params m, traj_params v);

/* average += (1 - decay) (weights - average), decay warmed up as min(decay, (1 + step) / (10 +
 * step)). */
void traj_average_step(double decay, long step, traj_params average, traj_params weights);

#endif
