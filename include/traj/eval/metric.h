/* Metrics of one scene: pure functions, one row per metric in one table.
 *
 * e[k,a,t] = |forecast[k,t,a] - truth[t,a]| in metres. What the field calls by the same name
 * differs between publications: each row says exactly what is computed and after whom. A figure of
 * a whole set is the mean over its scenes that have one (docs/mathematics/metrics.md). */
#ifndef TRAJ_EVAL_METRIC_H
#define TRAJ_EVAL_METRIC_H

#include "traj/base/arena.h"
#include "traj/eval/scene.h"

/* What some metrics measure against. */
typedef struct traj_metric_limits {
    double miss_m;               /* a miss is further off at the end */
    double radius_m;             /* of a player's body, in collisions */
    double margin_m;             /* beyond the lines that still counts as on the pitch */
    double player_mps, ball_mps; /* faster is impossible */
    double acceleration_mps2;    /* more is impossible for a player */
} traj_metric_limits;
void traj_metric_limits_init(traj_metric_limits *limits);

/* NaN where the group has nobody or the metric nothing to say. What it takes from the arena it
 * gives back. Cost: at most K^2 T A. Threads: pure functions, one arena per thread. */
typedef double traj_metric_value(const traj_eval_scene *scene, traj_group group,
                                 const traj_metric_limits *limits, traj_arena *arena);

typedef struct traj_metric {
    const char *key;        /* "min_jade": as in --json */
    const char *unit;       /* "m", "" for rates and ratios */
    const char *definition; /* one sentence for the help and the table's legend */
    bool prefix;            /* also meaningful over the first seconds only */
    traj_metric_value *value;
    const char *divisor; /* NULL: the figure of a set is the mean over its scenes. Else the value is
                            a ratio to the metric of this key, and the figure of a set is
                            traj_bootstrap_ratio of the two */
} traj_metric;

int traj_metric_count(void);
const traj_metric *traj_metric_at(int index);
int traj_metric_find(const char *key); /* -1: no such metric */

/* The same scene, its first frames only; forecast_m must be copied, into the arena. */
traj_eval_scene traj_eval_prefix(const traj_eval_scene *scene, int frames, traj_arena *arena);

/* Bytes of arena that any metric of such a scene, or of its prefix made in the same arena, needs.
 */
size_t traj_metric_bytes(int samples, int frames, int agents);

#endif
