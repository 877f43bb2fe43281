/* See traj/gen/chain.h. */
#include "traj/gen/chain.h"
#include "rollout_state.h"
#include "traj/base/memory.h"
#include <math.h>
#include <string.h>

traj_status traj_rollout_chain_new(const rollout_plan *p, traj_error *err)
{
    traj_chain *const c = p->rollout->chain;
    const int ahead = traj_model_config_of(p->rollout->model)->horizon;
    *c = (traj_chain){.agents = p->forecast->agents};
    for (int level = 1; level < TRAJ_CHAIN_LEVELS; level++) c->noise[level] = NAN;
    c->frames = 1 + (ahead < p->rollout->horizon ? ahead : p->rollout->horizon);
    const size_t size = 2 * (size_t)c->frames * (size_t)c->agents * TRAJ_CHAIN_LEVELS;
    c->reverse = traj_alloc(size, sizeof *c->reverse);
    c->forward = traj_alloc(size, sizeof *c->forward);
    return c->reverse && c->forward ? TRAJ_OK : traj_fail_memory(err, "the chain");
}

/* Everybody where he was last observed. */
static float *start(const rollout_plan *p, float *part, int level)
{
    float *const pos_m = traj_chain_level(p->rollout->chain, part, level);
    for (int a = 0; a < p->forecast->agents; a++)
        for (int k = 0; k < 2; k++)
            pos_m[2 * a + k] = traj_rollout_recorded(p, p->rollout->last, a)[k];
    return pos_m;
}

/* Agent a's position in frame t + 1 of a level: that of frame t, and y. */
static void walk(const rollout_plan *p, float *pos_m, int t, int a, const traj_real y[2])
{
    const int agents = p->forecast->agents;
    const double scale_m = p->rollout->norm->scale_m[p->kind[a]];
    for (int k = 0; k < 2; k++) {
        float *const from = pos_m + 2 * (t * agents + a) + k;
        from[2 * agents] = (float)((double)*from + scale_m * (double)y[k]);
    }
}

/* The angle between signal and noise, so that level 0 has no noise and the last no signal. */
static double turn_of(double noise)
{
    return atan(noise) * (TRAJ_CHAIN_LEVELS - 1) / 1.57079632679489661923;
}

/* Keeps the point if it is the nearest so far to a level's angle. */
void traj_rollout_watch(void *context, const traj_sampling_point *point)
{
    const rollout_plan *const p = *(const rollout_plan **)context;
    traj_chain *const c = p->rollout->chain;
    const double noise = point->noise / point->signal, turn = turn_of(noise);
    const int level = (int)lround(turn);
    const double kept = fabs(turn_of(c->noise[level]) - level); /* NaN: none yet */
    if (level == 0 || kept <= fabs(turn - level)) return;
    c->noise[level] = noise;
    float *const pos_m = start(p, c->reverse, level);
    for (int t = 0; t + 1 < c->frames; t++)
        for (int a = 0; a < c->agents; a++) walk(p, pos_m, t, a, traj_mat_row(point->y, a) + 2 * t);
}

/* Closes the ranks of the levels that a point came near to. */
static void close_ranks(traj_chain *c)
{
    const size_t size = 2 * (size_t)c->frames * (size_t)c->agents * sizeof *c->reverse;
    for (int level = 0; level < TRAJ_CHAIN_LEVELS; level++) {
        if (isnan(c->noise[level])) continue;
        c->noise[c->levels] = c->noise[level];
        memmove(traj_chain_level(c, c->reverse, c->levels), traj_chain_level(c, c->reverse, level),
                size);
        c->levels++;
    }
}

/* The recorded displacements at one level; false where one is missing. */
static bool cover(const rollout_plan *p, int level)
{
    const traj_chain *const c = p->rollout->chain;
    const traj_noise noise = {p->rollout->seed, TRAJ_STREAM_CHAIN, p->rollout->number};
    const double ratio = c->noise[level], signal = 1 / hypot(1, ratio);
    float *const pos_m = start(p, c->forward, level);
    for (int t = 0; t + 1 < c->frames; t++)
        for (int a = 0; a < c->agents; a++) {
            const size_t frame = p->rollout->last + 1 + (size_t)t;
            traj_real y[2], eps[2];
            if (frame >= p->sequence->frames) return false;
            traj_rollout_recorded_step(p, frame, a, y);
            if (!isfinite(y[0])) return false;
            traj_noise_normal(&noise, 0, (uint32_t)t, (uint32_t)a, eps, 2);
            for (int k = 0; k < 2; k++) {
                const double x = (double)y[k] / p->rollout->norm->scale_m[p->kind[a]];
                y[k] = TRAJ_R(signal * (x + ratio * (double)eps[k]));
            }
            walk(p, pos_m, t, a, y);
        }
    return true;
}

void traj_rollout_chain_end(const rollout_plan *p, const traj_real *x, int rows)
{
    traj_chain *const c = p->rollout->chain;
    float *const pos_m = start(p, c->reverse, 0);
    for (int t = 0; t + 1 < c->frames; t++)
        for (int a = 0; a < c->agents; a++)
            walk(p, pos_m, t, a, x + 2 * ((size_t)t * (size_t)rows + (size_t)a));
    close_ranks(c);
    bool recorded = true;
    for (int level = 0; recorded && level < c->levels; level++) recorded = cover(p, level);
    if (recorded) return;
    traj_free(c->forward);
    c->forward = NULL;
}

void traj_chain_free(traj_chain *chain)
{
    traj_free(chain->reverse);
    traj_free(chain->forward);
    *chain = (traj_chain){0};
}
