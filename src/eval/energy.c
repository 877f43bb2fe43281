/* The energy score: how near the samples are to the truth, less half of how near to each other.
 *
 *   ES = mean_k |x_k - x| - 1/2 mean_{k != l} |x_k - x_l|
 *
 * with whole paths as vectors, of all agents together or of one. |v| is divided by the root of the
 * number of positions, which makes it metres, and the scores of horizons and teams comparable. */
#include "metric_table.h"

/* A group's paths as vectors, [1+K, members, T, 2]: row 0 is the truth, row 1+k sample k. Double,
 * so that sums over thousands of squares keep their digits. */
typedef struct paths {
    int samples, members, frames;
    double *coordinate; /* view: arena */
} paths;

static double *take(int samples, int members, int frames, traj_arena *arena)
{
    const size_t row = (size_t)members * (size_t)frames * 2;
    return traj_arena_take(arena, (1 + (size_t)samples) * row, sizeof(double));
}

size_t traj_energy_bytes(int samples, int frames, int agents)
{
    traj_arena dry;
    traj_arena_init_dry(&dry);
    take(samples, agents, frames, &dry);
    return dry.used;
}

static paths gather(const traj_eval_scene *scene, traj_group group, traj_arena *arena)
{
    paths p = {.samples = scene->samples, .frames = scene->frames};
    for (int a = 0; a < scene->agents; a++) p.members += traj_group_has(group, scene->kind[a]);
    double *to = p.coordinate = take(p.samples, p.members, p.frames, arena);
    for (int k = TRAJ_TRUTH; k < p.samples; k++) {
        for (int a = 0; a < scene->agents; a++) {
            if (!traj_group_has(group, scene->kind[a])) continue;
            for (int t = 0; t < p.frames; t++) {
                const float *const place = traj_place(scene, k, t, a);
                *to++ = (double)place[0];
                *to++ = (double)place[1];
            }
        }
    }
    return p;
}

TRAJ_SIMD static double square_distance(const double *a, const double *b, size_t count)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < count; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/* Of `members` members from `first` on. */
static double score(const paths *p, int first, int members)
{
    const size_t row = (size_t)p->members * (size_t)p->frames * 2;
    const size_t count = (size_t)members * (size_t)p->frames * 2;
    const double *const truth = p->coordinate + (size_t)first * (size_t)p->frames * 2;
    double skill = 0, spread = 0;
    for (int k = 1; k <= p->samples; k++) {
        const double *const sample = truth + (size_t)k * row;
        skill += sqrt(square_distance(sample, truth, count));
        for (int other = 1; other < k; other++)
            spread += sqrt(square_distance(sample, truth + (size_t)other * row, count));
    }
    const double pairs = 0.5 * p->samples * (p->samples - 1);
    const double mean_spread = pairs > 0 ? spread / pairs : 0;
    return (skill / p->samples - 0.5 * mean_spread) / sqrt(0.5 * (double)count);
}

double traj_energy_score(const traj_eval_scene *scene, traj_group group,
                         const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits;
    const size_t mark = traj_arena_mark(arena);
    const paths all = gather(scene, group, arena);
    const double value = all.members > 0 ? score(&all, 0, all.members) : (double)NAN;
    traj_arena_release(arena, mark);
    return value;
}

double traj_energy_score_agent(const traj_eval_scene *scene, traj_group group,
                               const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits;
    const size_t mark = traj_arena_mark(arena);
    const paths all = gather(scene, group, arena);
    double sum = 0;
    for (int m = 0; m < all.members; m++) sum += score(&all, m, 1);
    traj_arena_release(arena, mark);
    return traj_mean_of(sum, all.members);
}
