/* Kalman filter with fading acceleration: see traj/eval/baseline.h, docs/mathematics/baselines.md.
 *
 * 1. The coordinates of all players, and those of the ball, are as many tracks z [axes,P].
 * 2. The density of the jerk is the one under which these tracks are likeliest: one for the
 *    players, one for the ball.
 * 3. Each track is filtered up to the last observed frame and goes on without measurements. */
#include "baseline_table.h"
#include "traj/base/memory.h"
#include "traj/gen/smooth.h"

#define NOISE_M  0.03 /* of recorded positions: most providers smooth them, then round to 1 cm */
#define MEMORY_S 0.25 /* of accelerations: players turn and stop within a second */

/* Work memory for one scene. */
typedef struct track_space {
    double *z;    /* [axes,P]: axis x then y of the first agent, of the next ... */
    double *path; /* [T] */
} track_space;

static bool is_in(const traj_baseline_task *task, int agent, bool ball)
{
    return (task->kind[agent] == TRAJ_BALL) == ball;
}

/* Returns how many axes. */
static int collect(const traj_baseline_task *task, bool ball, double *z)
{
    int axes = 0;
    for (int a = 0; a < task->agents; a++) {
        if (!is_in(task, a, ball)) continue;
        for (int axis = 0; axis < 2; axis++, axes++)
            for (int t = 0; t < task->past; t++) *z++ = (double)traj_past_at(task, t, a)[axis];
    }
    return axes;
}

/* Players, or the ball. */
static void forecast_group(const traj_baseline_task *task, bool ball, track_space work,
                           float *forecast_m)
{
    const size_t past = (size_t)task->past, frames = (size_t)task->frames;
    traj_kalman kalman = {.step_s = 1 / task->rate_hz, .noise_m = NOISE_M, .memory_s = MEMORY_S};
    kalman.jerk = traj_kalman_fit(&kalman, work.z, collect(task, ball, work.z), past);
    for (int a = 0; a < task->agents; a++) {
        if (!is_in(task, a, ball)) continue;
        for (int axis = 0; axis < 2; axis++, work.z += past) {
            traj_kalman_forecast(&kalman, work.z, past, frames, work.path);
            for (int k = 0; k < task->samples; k++)
                for (int t = 0; t < task->frames; t++)
                    traj_future_at(task, forecast_m, k, t, a)[axis] = (float)work.path[t];
        }
    }
}

static traj_status forecast(const traj_baseline_task *task, float *forecast_m, traj_error *err)
{
    const size_t past = 2 * (size_t)task->agents * (size_t)task->past;
    track_space work = {.z = traj_alloc(past + (size_t)task->frames, sizeof(double))};
    if (!work.z) return traj_fail_memory(err, "the Kalman baseline");
    work.path = work.z + past;
    forecast_group(task, false, work, forecast_m);
    forecast_group(task, true, work, forecast_m);
    traj_free(work.z);
    return TRAJ_OK;
}

const traj_baseline traj_baseline_kalman = {
    .key = "kalman", .name = "Kalman filter", .forecast = forecast};
