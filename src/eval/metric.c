/* The table of metrics: see traj/eval/metric.h. */
#include "traj/eval/metric.h"
#include "metric_table.h"
#include "traj/base/assert.h"
#include <string.h>

static const traj_metric table[] = {
    {"min_ade", "m", "mean error over time, of each agent's own best sample", true, traj_min_ade,
     NULL},
    {"min_fde", "m", "error at the end, of each agent's own best sample", true, traj_min_fde, NULL},
    {"avg_ade", "m", "mean error over time, agents and samples", true, traj_avg_ade, NULL},
    {"avg_fde", "m", "error at the end, mean over agents and samples", true, traj_avg_fde, NULL},
    {"min_jade", "m", "mean error over time and agents, of the one best sample for all", true,
     traj_min_jade, NULL},
    {"min_jfde", "m", "mean error over agents at the end, of the one best sample for all", true,
     traj_min_jfde, NULL},
    /* mean over agents inside or outside the mean over samples: the same number */
    {"avg_jade", "m", "mean error over time and agents, mean over samples (equals avg_ade)", true,
     traj_avg_ade, NULL},
    {"avg_jfde", "m", "mean error over agents at the end, mean over samples (equals avg_fde)", true,
     traj_avg_fde, NULL},
    {"mean_ade", "m", "mean error over time of the samples' mean, mean over agents", true,
     traj_mean_ade, NULL},
    {"mean_fde", "m", "error at the end of the samples' mean, mean over agents", true,
     traj_mean_fde, NULL},
    {"miss_rate", "", "share of agents whom every sample misses by more than miss_m at the end",
     true, traj_miss_rate, NULL},
    {"joint_miss_rate", "",
     "share of scenes in which the sample of least joint error at the end misses any agent by more "
     "than miss_m",
     true, traj_joint_miss_rate, NULL},
    {"collision_rate", "",
     "share of players who come closer than 2 radius_m to another, mean over samples", false,
     traj_collision_rate, NULL},
    {"truth_collision_rate", "", "the same share in what happened", false,
     traj_truth_collision_rate, NULL},
    {"off_pitch_rate", "", "share of positions more than margin_m beyond the pitch's lines", false,
     traj_off_pitch_rate, NULL},
    {"truth_off_pitch_rate", "", "the same share in what happened", false,
     traj_truth_off_pitch_rate, NULL},
    {"kde_nll", "nats",
     "negative log density of the true position under a kernel density of the samples, clipped at "
     "20, mean over agents and frames",
     true, traj_kde_nll, NULL},
    {"energy_score", "m",
     "root mean square distance of samples from the truth, less half of that between samples, all "
     "agents and frames as one vector",
     true, traj_energy_score, NULL},
    {"energy_score_agent", "m", "the same of each agent's path alone, mean over agents", true,
     traj_energy_score_agent, NULL},
    {"diversity", "m", "mean distance of two samples of an agent in a frame", false, traj_diversity,
     NULL},
    {"spread", "m", "root mean variance of the samples", false, traj_spread, NULL},
    {"skill", "m", "root mean square error of the samples' mean", false, traj_skill, NULL},
    {"spread_skill", "",
     "spread over skill, corrected for the number of samples: 1 is calibrated, less is too sure",
     false, traj_spread_skill, "skill"},
    {"path_length", "m", "length of an agent's path, mean over agents and samples", false,
     traj_path_length, NULL},
    {"truth_path_length", "m", "length of an agent's path in what happened", false,
     traj_truth_path_length, NULL},
    {"step_change", "m", "mean change of the length of a step from one frame to the next", false,
     traj_step_change, NULL},
    {"truth_step_change", "m", "the same change in what happened", false, traj_truth_step_change,
     NULL},
    {"impossible_speed_rate", "", "share of steps faster than player_mps or ball_mps", false,
     traj_impossible_speed_rate, NULL},
    {"truth_impossible_speed_rate", "", "the same share in what happened", false,
     traj_truth_impossible_speed_rate, NULL},
    {"impossible_acceleration_rate", "", "share of players' accelerations above acceleration_mps2",
     false, traj_impossible_acceleration_rate, NULL},
    {"truth_impossible_acceleration_rate", "", "the same share in what happened", false,
     traj_truth_impossible_acceleration_rate, NULL},
};

enum { METRICS = sizeof table / sizeof *table };

int traj_metric_count(void)
{
    return METRICS;
}

const traj_metric *traj_metric_at(int index)
{
    TRAJ_ASSERT(index >= 0 && index < METRICS);
    return &table[index];
}

int traj_metric_find(const char *key)
{
    for (int i = 0; i < METRICS; i++) {
        if (strcmp(table[i].key, key) == 0) return i;
    }
    return -1;
}

void traj_metric_limits_init(traj_metric_limits *limits)
{
    *limits = (traj_metric_limits){.miss_m = 2,
                                   .radius_m = 0.3,
                                   .margin_m = 0,
                                   .player_mps = 12,
                                   .ball_mps = 40,
                                   .acceleration_mps2 = 10};
}

/* The forecast of a prefix [K,T,A,2]. */
static float *take_forecast(int samples, int frames, int agents, traj_arena *arena)
{
    return traj_arena_take(arena, (size_t)samples * (size_t)frames * (size_t)agents * 2,
                           sizeof(float));
}

traj_eval_scene traj_eval_prefix(const traj_eval_scene *scene, int frames, traj_arena *arena)
{
    TRAJ_ASSERT(frames > 0 && frames <= scene->frames);
    float *const forecast = take_forecast(scene->samples, frames, scene->agents, arena);
    const size_t size = (size_t)frames * (size_t)scene->agents * 2;
    traj_eval_scene prefix = *scene;
    for (int k = 0; k < scene->samples; k++)
        memcpy(forecast + (size_t)k * size, traj_place(scene, k, 0, 0), size * sizeof *forecast);
    prefix.frames = frames;
    prefix.forecast_m = forecast;
    return prefix;
}

size_t traj_metric_bytes(int samples, int frames, int agents)
{
    traj_arena dry;
    traj_arena_init_dry(&dry);
    take_forecast(samples, frames, agents, &dry);
    return dry.used + traj_energy_bytes(samples, frames, agents); /* the most of all metrics */
}
