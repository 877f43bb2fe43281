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
#define MEMORY_S 0.5  /* of accelerations: after 1 s nothing tells which way they went */

/* Work memory for one scene. */
typedef struct track_space {
    double *z;    /* [axes,P]: axis x then y of the first agent, of the next ... */
    double *path; /* [T] */
    int axes;
} track_space;

static void collect(const traj_baseline_task *task, bool ball, track_space *work)
{
    work->axes = 0;
    for (int a = 0; a < task->agents; a++)
        for (int axis = 0; axis < 2 && (task->kind[a] == TRAJ_BALL) == ball; axis++) {
            double *const z = work->z + (size_t)work->axes++ * (size_t)task->past;
            for (int t = 0; t < task->past; t++) z[t] = (double)traj_past_at(task, t, a)[axis];
        }
}

/* Players, or the ball. */
static void forecast_group(const traj_baseline_task *task, bool ball, track_space *work,
                           float *forecast_m)
{
    const size_t past = (size_t)task->past, frames = (size_t)task->frames;
    traj_kalman kalman = {.step_s = 1 / task->rate_hz, .noise_m = NOISE_M, .memory_s = MEMORY_S};
    collect(task, ball, work);
    kalman.jerk = traj_kalman_fit(&kalman, work->z, work->axes, past);
    const double *z = work->z;
    for (int a = 0; a < task->agents; a++)
        for (int axis = 0; axis < 2 && (task->kind[a] == TRAJ_BALL) == ball; axis++, z += past) {
            traj_kalman_forecast(&kalman, z, past, frames, work->path);
            for (int k = 0; k < task->samples; k++)
                for (int t = 0; t < task->frames; t++)
                    traj_future_at(task, forecast_m, k, t, a)[axis] = (float)work->path[t];
        }
}

static traj_status forecast(const traj_baseline_task *task, float *forecast_m, traj_error *err)
{
    const size_t past = 2 * (size_t)task->agents * (size_t)task->past;
    track_space work = {.z = traj_alloc(past + (size_t)task->frames, sizeof(double))};
    if (!work.z) return traj_fail_memory(err, "the Kalman baseline");
    work.path = work.z + past;
    forecast_group(task, false, &work, forecast_m);
    forecast_group(task, true, &work, forecast_m);
    traj_free(work.z);
    return TRAJ_OK;
}

const traj_baseline traj_baseline_kalman = {
    .key = "kalman", .name = "Kalman filter", .forecast = forecast};
