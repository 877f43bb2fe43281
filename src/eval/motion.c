/* How bodies move and where, whatever the truth was; and the same of the truth, which tells what of
 * it is to be expected. Backward differences; those that reach a missing past do not count. */
#include "metric_table.h"

/* Sum and number of what was seen. */
typedef struct tally {
    double sum, count;
} tally;

typedef void observe(const traj_eval_scene *scene, int k, int t, int a,
                     const traj_metric_limits *limits, tally *seen);

/* Over the group's agents and all frames of samples first..last. */
static tally observe_all(const traj_eval_scene *scene, traj_group group, int first, int last,
                         const traj_metric_limits *limits, observe *look)
{
    tally all = {0, 0};
    for (int k = first; k <= last; k++) {
        for (int a = 0; a < scene->agents; a++) {
            if (!traj_group_has(group, scene->kind[a])) continue;
            for (int t = 0; t < scene->frames; t++) look(scene, k, t, a, limits, &all);
        }
    }
    return all;
}

static double of_samples(const traj_eval_scene *scene, traj_group group,
                         const traj_metric_limits *limits, observe *look)
{
    const tally all = observe_all(scene, group, 0, scene->samples - 1, limits, look);
    return traj_mean_of(all.sum, all.count);
}

static double of_truth(const traj_eval_scene *scene, traj_group group,
                       const traj_metric_limits *limits, observe *look)
{
    const tally all = observe_all(scene, group, TRAJ_TRUTH, TRAJ_TRUTH, limits, look);
    return traj_mean_of(all.sum, all.count);
}

/* NaN is no observation. */
static void note(tally *seen, double value)
{
    if (isnan(value)) return;
    seen->sum += value;
    seen->count++;
}

/* Metres from frame t-1 to t. */
static double step_length(const traj_eval_scene *scene, int k, int t, int a)
{
    double step[2];
    traj_between(traj_place(scene, k, t - 1, a), traj_place(scene, k, t, a), step);
    return traj_length(step);
}

/* 1 where value exceeds the limit, 0 where not, NaN where there is none. */
static double exceeds(double value, double limit)
{
    return isnan(value) ? value : value > limit;
}

static void see_outside(const traj_eval_scene *scene, int k, int t, int a,
                        const traj_metric_limits *limits, tally *seen)
{
    const float *const place = traj_place(scene, k, t, a);
    const double x = fabs((double)place[0]), y = fabs((double)place[1]);
    note(seen, x > scene->half_m[0] + limits->margin_m || y > scene->half_m[1] + limits->margin_m);
}

/* A path's length is the sum of T steps: their mean is multiplied by T at the end. */
static void see_step(const traj_eval_scene *scene, int k, int t, int a,
                     const traj_metric_limits *limits, tally *seen)
{
    (void)limits;
    note(seen, step_length(scene, k, t, a));
}

static void see_step_change(const traj_eval_scene *scene, int k, int t, int a,
                            const traj_metric_limits *limits, tally *seen)
{
    (void)limits;
    note(seen, fabs(step_length(scene, k, t, a) - step_length(scene, k, t - 1, a)));
}

static void see_speed(const traj_eval_scene *scene, int k, int t, int a,
                      const traj_metric_limits *limits, tally *seen)
{
    const bool ball = scene->kind[a] == TRAJ_BALL;
    note(seen, exceeds(step_length(scene, k, t, a) * scene->rate_hz,
                       ball ? limits->ball_mps : limits->player_mps));
}

/* Of players only: a kick is as sudden as it likes. */
static void see_acceleration(const traj_eval_scene *scene, int k, int t, int a,
                             const traj_metric_limits *limits, tally *seen)
{
    double before[2], now[2];
    if (scene->kind[a] == TRAJ_BALL) return;
    traj_between(traj_place(scene, k, t - 2, a), traj_place(scene, k, t - 1, a), before);
    traj_between(traj_place(scene, k, t - 1, a), traj_place(scene, k, t, a), now);
    const double change[2] = {now[0] - before[0], now[1] - before[1]};
    note(seen,
         exceeds(traj_length(change) * scene->rate_hz * scene->rate_hz, limits->acceleration_mps2));
}

double traj_off_pitch_rate(const traj_eval_scene *scene, traj_group group,
                           const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_samples(scene, group, limits, see_outside);
}

double traj_truth_off_pitch_rate(const traj_eval_scene *scene, traj_group group,
                                 const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_truth(scene, group, limits, see_outside);
}

double traj_path_length(const traj_eval_scene *scene, traj_group group,
                        const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_samples(scene, group, limits, see_step) * scene->frames;
}

double traj_truth_path_length(const traj_eval_scene *scene, traj_group group,
                              const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_truth(scene, group, limits, see_step) * scene->frames;
}

double traj_step_change(const traj_eval_scene *scene, traj_group group,
                        const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_samples(scene, group, limits, see_step_change);
}

double traj_truth_step_change(const traj_eval_scene *scene, traj_group group,
                              const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_truth(scene, group, limits, see_step_change);
}

double traj_impossible_speed_rate(const traj_eval_scene *scene, traj_group group,
                                  const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_samples(scene, group, limits, see_speed);
}

double traj_truth_impossible_speed_rate(const traj_eval_scene *scene, traj_group group,
                                        const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_truth(scene, group, limits, see_speed);
}

double traj_impossible_acceleration_rate(const traj_eval_scene *scene, traj_group group,
                                         const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_samples(scene, group, limits, see_acceleration);
}

double traj_truth_impossible_acceleration_rate(const traj_eval_scene *scene, traj_group group,
                                               const traj_metric_limits *limits, traj_arena *arena)
{
    (void)arena;
    return of_truth(scene, group, limits, see_acceleration);
}
