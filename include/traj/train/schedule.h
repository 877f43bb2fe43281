/* What changes from step to step: the learning rate and the weight of the KL term. Pure functions.
 */
#ifndef TRAJ_TRAIN_SCHEDULE_H
#define TRAJ_TRAIN_SCHEDULE_H

#include "traj/train/train_config.h"

/* Linear warm-up over warmup_steps, then a cosine from rate to floor * rate over progress 0..1,
 * then constant. step counts from 0; progress is the share of the schedule that has passed. Source:
 * Loshchilov & Hutter 2017, eq. 5. */
double traj_schedule_rate(const traj_train_config *config, long step, double progress);

/* constant; linear from 0 to kl_weight over kl_steps (Bowman et al. 2016); cyclical: linear over
 * the first half of each cycle of kl_steps, constant over the second (Fu et al. 2019). */
double traj_schedule_kl(const traj_train_config *config, long step);

#endif
