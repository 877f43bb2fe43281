/* The functions behind the table of metrics, and what they share: private to this room. */
#ifndef TRAJ_EVAL_METRIC_TABLE_H
#define TRAJ_EVAL_METRIC_TABLE_H

#include "traj/base/simd.h"
#include "traj/eval/metric.h"
#include <math.h>

/* The number of the sample that happened: figures of how bodies move are asked of it, too. */
enum { TRAJ_TRUTH = -1 };

/* displacement.c */
traj_metric_value traj_min_ade, traj_min_fde, traj_avg_ade, traj_avg_fde;
traj_metric_value traj_min_jade, traj_min_jfde;
traj_metric_value traj_mean_ade, traj_mean_fde;
traj_metric_value traj_miss_rate, traj_joint_miss_rate;
/* collision.c */
traj_metric_value traj_collision_rate, traj_truth_collision_rate;
/* density.c */
traj_metric_value traj_kde_nll;
/* energy.c */
traj_metric_value traj_energy_score, traj_energy_score_agent;
size_t traj_energy_bytes(int samples, int frames, int agents); /* of arena */
/* spread.c */
traj_metric_value traj_diversity, traj_spread, traj_skill, traj_spread_skill;
/* motion.c */
traj_metric_value traj_off_pitch_rate, traj_truth_off_pitch_rate;
traj_metric_value traj_path_length, traj_truth_path_length;
traj_metric_value traj_step_change, traj_truth_step_change;
traj_metric_value traj_impossible_speed_rate, traj_truth_impossible_speed_rate;
traj_metric_value traj_impossible_acceleration_rate, traj_truth_impossible_acceleration_rate;

/* Position [2] of agent a in frame t of sample k or of the truth; the observed frames are t = -2
 * and -1. View. */
TRAJ_INLINE const float *traj_place(const traj_eval_scene *scene, int k, int t, int a)
{
    const size_t agents = (size_t)scene->agents;
    if (t < 0) return scene->past_m + 2 * ((size_t)(t + 2) * agents + (size_t)a);
    const float *path = scene->truth_m;
    if (k != TRAJ_TRUTH) path = scene->forecast_m + 2 * (size_t)k * (size_t)scene->frames * agents;
    return path + 2 * ((size_t)t * agents + (size_t)a);
}

/* v [2] = to - from */
TRAJ_INLINE void traj_between(const float *from, const float *to, double *v)
{
    v[0] = (double)to[0] - (double)from[0];
    v[1] = (double)to[1] - (double)from[1];
}

/* Of coordinates that are no further apart than a square of them is finite: hypot, which guards
 * against that, is slower by far. */
TRAJ_INLINE double traj_length(const double *v)
{
    return sqrt(v[0] * v[0] + v[1] * v[1]);
}

/* v [2] = mean of the samples - truth */
TRAJ_INLINE void traj_mean_error(const traj_eval_scene *scene, int t, int a, double *v)
{
    const float *const truth = traj_place(scene, TRAJ_TRUTH, t, a);
    v[0] = v[1] = 0;
    for (int k = 0; k < scene->samples; k++) {
        double error[2];
        traj_between(truth, traj_place(scene, k, t, a), error);
        v[0] += error[0];
        v[1] += error[1];
    }
    v[0] /= scene->samples;
    v[1] /= scene->samples;
}

/* A mean of none is NaN. */
TRAJ_INLINE double traj_mean_of(double sum, double count)
{
    return count > 0 ? sum / count : (double)NAN;
}

#endif
