/* Kalman filter with fading acceleration: see traj/eval/baseline.h, docs/mathematics/baselines.md.
 *
 * Each coordinate is filtered up to the last observed frame and goes on without measurements. How
 * restless bodies are is no matter of the scene: fitted to two seconds of it, one jump of a track
 * would rule everybody. */
#include "baseline_table.h"
#include "traj/base/memory.h"
#include "traj/gen/smooth.h"

/* Likeliest on the training plays of nfl, of half decades. */
#define PLAYER_JERK 30   /* m^2/s^5; with the memory, accelerations of 1.9 m/s^2 */
#define BALL_JERK   3000 /* 19 m/s^2: it is thrown and kicked */
#define MEMORY_S    0.25
#define NOISE_M     0.03 /* of recorded positions: most providers smooth them, then round to 1 cm */

/* z [P], path [T]: work memory. */
static void forecast_agent(const traj_baseline_task *task, int agent, double *z, double *path,
                           float *forecast_m)
{
    const traj_kalman kalman = {.step_s = 1 / task->rate_hz,
                                .noise_m = NOISE_M,
                                .jerk = task->kind[agent] == TRAJ_BALL ? BALL_JERK : PLAYER_JERK,
                                .memory_s = MEMORY_S};
    for (int axis = 0; axis < 2; axis++) {
        for (int t = 0; t < task->past; t++) z[t] = (double)traj_past_at(task, t, agent)[axis];
        traj_kalman_forecast(&kalman, z, (size_t)task->past, (size_t)task->frames, path);
        for (int k = 0; k < task->samples; k++)
            for (int t = 0; t < task->frames; t++)
                traj_future_at(task, forecast_m, k, t, agent)[axis] = (float)path[t];
    }
}

static traj_status forecast(const traj_baseline_task *task, float *forecast_m, traj_error *err)
{
    const size_t past = (size_t)task->past, frames = (size_t)task->frames;
    double *const z = traj_alloc(past + frames, sizeof *z);
    if (!z) return traj_fail_memory(err, "the Kalman baseline");
    for (int a = 0; a < task->agents; a++) forecast_agent(task, a, z, z + past, forecast_m);
    traj_free(z);
    return TRAJ_OK;
}

const traj_baseline traj_baseline_kalman = {
    .key = "kalman", .name = "Kalman filter", .forecast = forecast};
