/* Whether samples differ from each other as much as they are wrong. */
#include "metric_table.h"

/* Means over the group's agents and frames, square metres. */
typedef struct moments {
    double variance; /* of the samples about their mean, both coordinates, unbiased */
    double error;    /* squared distance of the mean from the truth */
} moments;

static double variance_of(const traj_eval_scene *scene, int t, int a, const double *mean_error)
{
    double sum = 0;
    for (int k = 0; k < scene->samples; k++) {
        double v[2];
        traj_between(traj_place(scene, TRAJ_TRUTH, t, a), traj_place(scene, k, t, a), v);
        v[0] -= mean_error[0];
        v[1] -= mean_error[1];
        sum += v[0] * v[0] + v[1] * v[1];
    }
    return sum / (scene->samples - 1);
}

static moments moments_of(const traj_eval_scene *scene, traj_group group)
{
    double variance = 0, error = 0, count = 0;
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        for (int t = 0; t < scene->frames; t++) {
            double mean[2];
            traj_mean_error(scene, t, a, mean);
            if (scene->samples > 1) variance += variance_of(scene, t, a, mean);
            error += mean[0] * mean[0] + mean[1] * mean[1];
            count++;
        }
    }
    return (moments){traj_mean_of(variance, scene->samples > 1 ? count : 0),
                     traj_mean_of(error, count)};
}

/* Mean distance of two different samples of agent a in frame t. */
static double pair_distance(const traj_eval_scene *scene, int t, int a)
{
    double sum = 0;
    for (int k = 0; k < scene->samples; k++) {
        for (int other = 0; other < k; other++) {
            double v[2];
            traj_between(traj_place(scene, other, t, a), traj_place(scene, k, t, a), v);
            sum += traj_length(v);
        }
    }
    return sum / (0.5 * scene->samples * (scene->samples - 1));
}

double traj_diversity(const traj_eval_scene *scene, traj_group group,
                      const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    double sum = 0, count = 0;
    if (scene->samples < 2) return NAN;
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        for (int t = 0; t < scene->frames; t++) {
            sum += pair_distance(scene, t, a);
            count++;
        }
    }
    return traj_mean_of(sum, count);
}

double traj_spread(const traj_eval_scene *scene, traj_group group, const traj_metric_limits *limits,
                   traj_arena *arena)
{
    (void)limits, (void)arena;
    return sqrt(moments_of(scene, group).variance);
}

double traj_skill(const traj_eval_scene *scene, traj_group group, const traj_metric_limits *limits,
                  traj_arena *arena)
{
    (void)limits, (void)arena;
    return sqrt(moments_of(scene, group).error);
}

double traj_spread_skill(const traj_eval_scene *scene, traj_group group,
                         const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    const moments m = moments_of(scene, group);
    /* the mean of K samples is off by itself: E error = (1 + 1/K) variance where both agree */
    const double expected = m.variance * (1 + 1.0 / scene->samples);
    return m.error > 0 ? sqrt(expected / m.error) : (double)NAN;
}
