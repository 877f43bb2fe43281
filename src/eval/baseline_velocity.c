/* Baselines that carry on as in the last observed frame: see traj/eval/baseline.h. */
#include "baseline_table.h"
#include <math.h>

#define HEADING_SD (25 * 3.14159265358979323846 / 180) /* Schoeller et al. 2020 */
#define SPEED_SD   0.1                                 /* of the speed */

void traj_baseline_line(const traj_baseline_task *task, int k, int agent, const double step_m[2],
                        float *forecast_m)
{
    const float *const last = traj_past_at(task, task->past - 1, agent);
    for (int t = 0; t < task->frames; t++)
        for (int axis = 0; axis < 2; axis++)
            traj_future_at(task, forecast_m, k, t, agent)[axis] =
                (float)((double)last[axis] + (t + 1) * step_m[axis]);
}

void traj_baseline_step(const traj_baseline_task *task, int agent, double step_m[2])
{
    step_m[0] = step_m[1] = 0;
    if (task->past < 2) return;
    const float *const last = traj_past_at(task, task->past - 1, agent);
    const float *const before = traj_past_at(task, task->past - 2, agent);
    if (isnan(before[0])) return;
    for (int axis = 0; axis < 2; axis++) step_m[axis] = (double)last[axis] - (double)before[axis];
}

static traj_status constant_position(const traj_baseline_task *task, float *forecast_m,
                                     traj_error *err)
{
    (void)err;
    const double still[2] = {0, 0};
    for (int k = 0; k < task->samples; k++)
        for (int a = 0; a < task->agents; a++) traj_baseline_line(task, k, a, still, forecast_m);
    return TRAJ_OK;
}

static traj_status constant_velocity(const traj_baseline_task *task, float *forecast_m,
                                     traj_error *err)
{
    (void)err;
    for (int a = 0; a < task->agents; a++) {
        double step_m[2];
        traj_baseline_step(task, a, step_m);
        for (int k = 0; k < task->samples; k++) traj_baseline_line(task, k, a, step_m, forecast_m);
    }
    return TRAJ_OK;
}

/* Every agent and sample has a heading and a speed of his own, kept for the whole future. */
static traj_status constant_velocity_noise(const traj_baseline_task *task, float *forecast_m,
                                           traj_error *err)
{
    (void)err;
    const traj_noise noise = {task->seed, TRAJ_STREAM_BASELINE, 0};
    for (int a = 0; a < task->agents; a++) {
        double step_m[2];
        traj_baseline_step(task, a, step_m);
        for (int k = 0; k < task->samples; k++) {
            traj_real normal[2]; /* of heading, of speed */
            traj_noise_normal(&noise, task->number, (uint32_t)k, (uint32_t)a, normal, 2);
            const double turn = HEADING_SD * (double)normal[0];
            const double factor = 1 + SPEED_SD * (double)normal[1];
            const double cosine = factor * cos(turn), sine = factor * sin(turn);
            const double drawn_m[2] = {cosine * step_m[0] - sine * step_m[1],
                                       sine * step_m[0] + cosine * step_m[1]};
            traj_baseline_line(task, k, a, drawn_m, forecast_m);
        }
    }
    return TRAJ_OK;
}

const traj_baseline traj_baseline_constant_position = {
    .key = "constant_position", .name = "constant position", .forecast = constant_position};

const traj_baseline traj_baseline_constant_velocity = {
    .key = "constant_velocity", .name = "constant velocity", .forecast = constant_velocity};

const traj_baseline traj_baseline_constant_velocity_noise = {.key = "constant_velocity_noise",
                                                             .name = "constant velocity + noise",
                                                             .sampled = true,
                                                             .forecast = constant_velocity_noise};
