/* Players who run through each other. Between frames all move on straight lines, so that two who
 * change places in one frame collide, although no frame shows them close. */
#include "metric_table.h"
#include <string.h>

/* Whether a and b come closer than `apart` on their way from frame t-1 to t: the least of
 * |d0 + u (d1 - d0)|, 0 <= u <= 1. Comparisons with a missing past are false. */
static bool meet(const traj_eval_scene *scene, int k, int t, int a, int b, double apart)
{
    double d0[2], d1[2];
    traj_between(traj_place(scene, k, t - 1, a), traj_place(scene, k, t - 1, b), d0);
    traj_between(traj_place(scene, k, t, a), traj_place(scene, k, t, b), d1);
    const double v[2] = {d1[0] - d0[0], d1[1] - d0[1]};
    const double square = v[0] * v[0] + v[1] * v[1];
    /* Nearly all are far apart: the distance is at least |d0 + d1|/2 - |v|/2, and
     * (2 apart + |v|)^2 <= 2 (4 apart^2 + |v|^2). */
    const double sum[2] = {d0[0] + d1[0], d0[1] + d1[1]};
    if (sum[0] * sum[0] + sum[1] * sum[1] > 2 * (4 * apart * apart + square)) return false;
    double u = square > 0 ? -(d0[0] * v[0] + d0[1] * v[1]) / square : 0;
    u = u < 0 ? 0 : u > 1 ? 1 : u;
    const double least[2] = {d0[0] + u * v[0], d0[1] + u * v[1]};
    return least[0] * least[0] + least[1] * least[1] < apart * apart;
}

static bool ever_meet(const traj_eval_scene *scene, int k, int a, int b, double apart)
{
    for (int t = 0; t < scene->frames; t++) {
        if (meet(scene, k, t, a, b, apart)) return true;
    }
    return false;
}

/* How many players of sample k meet another. collided [A]: work. */
static double count_collided(const traj_eval_scene *scene, int k, double apart,
                             unsigned char *collided)
{
    double count = 0;
    memset(collided, 0, (size_t)scene->agents);
    for (int b = 0; b < scene->agents; b++) {
        if (scene->kind[b] == TRAJ_BALL) continue;
        for (int a = 0; a < b; a++) {
            if (scene->kind[a] == TRAJ_BALL || (collided[a] && collided[b])) continue;
            if (ever_meet(scene, k, a, b, apart)) collided[a] = collided[b] = 1;
        }
    }
    for (int a = 0; a < scene->agents; a++) count += collided[a];
    return count;
}

/* Share of players who collide, mean over samples first..last. */
static double rate(const traj_eval_scene *scene, traj_group group, int first, int last,
                   const traj_metric_limits *limits, traj_arena *arena)
{
    if (group == TRAJ_GROUP_BALL) return NAN;
    const size_t mark = traj_arena_mark(arena);
    unsigned char *const collided = traj_arena_take(arena, (size_t)scene->agents, 1);
    double count = 0, players = 0;
    for (int a = 0; a < scene->agents; a++) players += scene->kind[a] != TRAJ_BALL;
    for (int k = first; k <= last; k++)
        count += count_collided(scene, k, 2 * limits->radius_m, collided);
    traj_arena_release(arena, mark);
    return traj_mean_of(count, players * (last - first + 1));
}

double traj_collision_rate(const traj_eval_scene *scene, traj_group group,
                           const traj_metric_limits *limits, traj_arena *arena)
{
    return rate(scene, group, 0, scene->samples - 1, limits, arena);
}

double traj_truth_collision_rate(const traj_eval_scene *scene, traj_group group,
                                 const traj_metric_limits *limits, traj_arena *arena)
{
    return rate(scene, group, TRAJ_TRUTH, TRAJ_TRUTH, limits, arena);
}
