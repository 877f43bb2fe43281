/* The rows of the table of baselines, and what they share. Private to this room. */
#ifndef TRAJ_EVAL_BASELINE_TABLE_H
#define TRAJ_EVAL_BASELINE_TABLE_H

#include "traj/eval/baseline.h"

extern const traj_baseline traj_baseline_constant_position, traj_baseline_constant_velocity,
    traj_baseline_constant_velocity_noise, traj_baseline_kalman, traj_baseline_nearest_neighbour;

static inline const float *traj_past_at(const traj_baseline_task *task, int frame, int agent)
{
    return task->past_m + 2 * ((size_t)frame * (size_t)task->agents + (size_t)agent);
}

/* Where sample k of agent a is `frame` frames after the first forecast one. */
static inline float *traj_future_at(const traj_baseline_task *task, float *forecast_m, int k,
                                    int frame, int agent)
{
    const size_t row = (size_t)k * (size_t)task->frames + (size_t)frame;
    return forecast_m + 2 * (row * (size_t)task->agents + (size_t)agent);
}

/* Sample k of the agent: from where he is, step_m a frame. */
void traj_baseline_line(const traj_baseline_task *task, int k, int agent, const double step_m[2],
                        float *forecast_m);

/* His last backward difference; 0 where he is not known in the frame before the last. */
void traj_baseline_step(const traj_baseline_task *task, int agent, double step_m[2]);

#endif
