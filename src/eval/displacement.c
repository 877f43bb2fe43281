/* How far forecasts are from the truth: metrics of e[k,t,a] = |forecast - truth|, and where the
 * least over samples is taken. */
#include "metric_table.h"

/* One number for agent a in sample k. */
typedef double error_of(const traj_eval_scene *scene, int k, int a);

static double distance(const traj_eval_scene *scene, int k, int t, int a)
{
    double error[2];
    traj_between(traj_place(scene, TRAJ_TRUTH, t, a), traj_place(scene, k, t, a), error);
    return traj_length(error);
}

static double path_error(const traj_eval_scene *scene, int k, int a)
{
    double sum = 0;
    for (int t = 0; t < scene->frames; t++) sum += distance(scene, k, t, a);
    return sum / scene->frames;
}

static double end_error(const traj_eval_scene *scene, int k, int a)
{
    return distance(scene, k, scene->frames - 1, a);
}

/* min_k error[k,a] */
static double best_error(const traj_eval_scene *scene, int a, error_of *error)
{
    double best = INFINITY;
    for (int k = 0; k < scene->samples; k++) best = fmin(best, error(scene, k, a));
    return best;
}

/* mean_a min_k error[k,a]: each agent may choose another sample */
static double mean_of_best(const traj_eval_scene *scene, traj_group group, error_of *error)
{
    double sum = 0, count = 0;
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        sum += best_error(scene, a, error);
        count++;
    }
    return traj_mean_of(sum, count);
}

/* mean_a error[k,a] */
static double joint_error(const traj_eval_scene *scene, int k, traj_group group, error_of *error)
{
    double sum = 0, count = 0;
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        sum += error(scene, k, a);
        count++;
    }
    return traj_mean_of(sum, count);
}

/* argmin_k mean_a error[k,a]: one sample for all agents; the first of equals */
static int best_sample(const traj_eval_scene *scene, traj_group group, error_of *error)
{
    int best = 0;
    double least = INFINITY;
    for (int k = 0; k < scene->samples; k++) {
        const double mean = joint_error(scene, k, group, error);
        if (mean < least) {
            least = mean;
            best = k;
        }
    }
    return best;
}

/* min_k mean_a error[k,a] */
static double best_of_mean(const traj_eval_scene *scene, traj_group group, error_of *error)
{
    return joint_error(scene, best_sample(scene, group, error), group, error);
}

/* mean_{k,a} error[k,a] */
static double mean_of_all(const traj_eval_scene *scene, traj_group group, error_of *error)
{
    double sum = 0;
    for (int k = 0; k < scene->samples; k++) sum += joint_error(scene, k, group, error);
    return sum / scene->samples;
}

/* Mean distance of the samples' mean from the truth, over frames first..T-1 and agents. */
static double error_of_mean(const traj_eval_scene *scene, traj_group group, int first)
{
    double sum = 0, count = 0;
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        for (int t = first; t < scene->frames; t++) {
            double error[2];
            traj_mean_error(scene, t, a, error);
            sum += traj_length(error);
            count++;
        }
    }
    return traj_mean_of(sum, count);
}

double traj_min_ade(const traj_eval_scene *scene, traj_group group,
                    const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    return mean_of_best(scene, group, path_error);
}

double traj_min_fde(const traj_eval_scene *scene, traj_group group,
                    const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    return mean_of_best(scene, group, end_error);
}

double traj_avg_ade(const traj_eval_scene *scene, traj_group group,
                    const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    return mean_of_all(scene, group, path_error);
}

double traj_avg_fde(const traj_eval_scene *scene, traj_group group,
                    const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    return mean_of_all(scene, group, end_error);
}

double traj_min_jade(const traj_eval_scene *scene, traj_group group,
                     const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    return best_of_mean(scene, group, path_error);
}

double traj_min_jfde(const traj_eval_scene *scene, traj_group group,
                     const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    return best_of_mean(scene, group, end_error);
}

double traj_mean_ade(const traj_eval_scene *scene, traj_group group,
                     const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    return error_of_mean(scene, group, 0);
}

double traj_mean_fde(const traj_eval_scene *scene, traj_group group,
                     const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    return error_of_mean(scene, group, scene->frames - 1);
}

double traj_miss_rate(const traj_eval_scene *scene, traj_group group,
                      const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    double missed = 0, count = 0;
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        missed += best_error(scene, a, end_error) > limits->miss_m;
        count++;
    }
    return traj_mean_of(missed, count);
}

double traj_joint_miss_rate(const traj_eval_scene *scene, traj_group group,
                            const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    const int k = best_sample(scene, group, end_error);
    double missed = 0, count = 0;
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        missed += end_error(scene, k, a) > limits->miss_m;
        count++;
    }
    return traj_mean_of(missed > 0, count > 0);
}
