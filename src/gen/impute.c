/* See traj/gen/impute.h. */
#include "traj/gen/impute.h"
#include "traj/base/memory.h"
#include <math.h>
#include <string.h>

/* Tracking systems are no better than this: keeps the covariance of two frames invertible. */
static const double seen_noise_m = 0.05;

static const float *recorded(const traj_rollout *r, const traj_forecast *f, size_t frame, int agent)
{
    const traj_sequence *const sequence = &r->recording->sequence[r->sequence];
    return sequence->pos_m + 2 * (frame * sequence->agents + (size_t)f->slot[agent]);
}

static float *generated(const traj_forecast *f, int sample, int t, int agent)
{
    return f->pos_m + 2 * (((size_t)sample * (size_t)f->horizon + (size_t)t) * (size_t)f->agents +
                           (size_t)agent);
}

static bool hidden(const traj_rollout *r, const traj_forecast *f, int agent)
{
    return !r->held || !r->held[f->slot[agent]];
}

/* The t-th frame after the last observed one, if the agent is seen there; else NULL. */
static const float *seen(const traj_rollout *r, const traj_forecast *f, int t, int agent)
{
    const size_t frame = r->last + 1 + (size_t)t;
    if (frame >= r->recording->sequence[r->sequence].frames) return NULL;
    const float *const pos = recorded(r, f, frame, agent);
    return isfinite(pos[0]) ? pos : NULL;
}

/* Covariance over the samples of what agent a does in steps t and u, mean of both coordinates. A
 * single sample tells none: then that of a random walk. */
static double covariance(const traj_forecast *f, int a, int t, int u)
{
    if (f->samples < 2) return (t < u ? t : u) + 1;
    double sum = 0;
    for (int k = 0; k < 2; k++) {
        double mean_t = 0, mean_u = 0;
        for (int s = 0; s < f->samples; s++) {
            mean_t += (double)generated(f, s, t, a)[k] / f->samples;
            mean_u += (double)generated(f, s, u, a)[k] / f->samples;
        }
        for (int s = 0; s < f->samples; s++)
            sum += ((double)generated(f, s, t, a)[k] - mean_t) *
                   ((double)generated(f, s, u, a)[k] - mean_u);
    }
    return sum / (2.0 * (f->samples - 1));
}

/* What stands behind the gap for one agent: the steps he is seen in, and the inverse of cov(y) + r
 * I.
 */
typedef struct behind {
    int steps, step[TRAJ_IMPUTE_BEHIND];
    const float *pos_m[TRAJ_IMPUTE_BEHIND];
    double inverse[2][2];
} behind;

static behind look_behind(const traj_rollout *r, const traj_forecast *f, int a)
{
    behind b = {0};
    for (int t = r->horizon; t < f->horizon; t++) {
        const float *const pos = seen(r, f, t, a);
        if (!pos) continue;
        b.step[b.steps] = t;
        b.pos_m[b.steps++] = pos;
    }
    if (!b.steps) return b;
    const double noise = seen_noise_m * seen_noise_m;
    const double xx = covariance(f, a, b.step[0], b.step[0]) + noise;
    if (b.steps == 1) {
        b.inverse[0][0] = 1 / xx;
        return b;
    }
    const double xy = covariance(f, a, b.step[0], b.step[1]);
    const double yy = covariance(f, a, b.step[1], b.step[1]) + noise;
    const double determinant = xx * yy - xy * xy;
    b.inverse[0][0] = yy / determinant;
    b.inverse[1][1] = xx / determinant;
    b.inverse[0][1] = b.inverse[1][0] = -xy / determinant;
    return b;
}

/* The steps of the gap first: those behind it are what the innovation is made of. */
static void condition(const traj_rollout *r, const traj_forecast *f, int a)
{
    const behind b = look_behind(r, f, a);
    for (int t = 0; b.steps && t < r->horizon; t++) {
        double gain[TRAJ_IMPUTE_BEHIND] = {0};
        for (int i = 0; i < b.steps; i++)
            for (int j = 0; j < b.steps; j++)
                gain[i] += covariance(f, a, t, b.step[j]) * b.inverse[j][i];
        for (int s = 0; s < f->samples; s++)
            for (int k = 0; k < 2; k++)
                for (int i = 0; i < b.steps; i++) {
                    const float y = generated(f, s, b.step[i], a)[k];
                    generated(f, s, t, a)[k] += (float)(gain[i] * (double)(b.pos_m[i][k] - y));
                }
    }
}

/* Drops the steps behind the gap. */
static void shorten(traj_forecast *f, int horizon)
{
    const size_t step = 2 * (size_t)f->agents, size = (size_t)horizon * step;
    for (int s = 1; s < f->samples; s++)
        memmove(f->pos_m + (size_t)s * size, f->pos_m + (size_t)s * (size_t)f->horizon * step,
                size * sizeof *f->pos_m);
    f->horizon = horizon;
}

static traj_status by_model(const traj_rollout *rollout, traj_pool *pool, traj_forecast *forecast,
                            traj_error *err)
{
    traj_rollout longer = *rollout;
    longer.horizon += TRAJ_IMPUTE_BEHIND;
    const traj_status status = traj_rollout_run(&longer, pool, forecast, err);
    if (status != TRAJ_OK) return status;
    for (int a = 0; a < forecast->agents; a++)
        if (hidden(rollout, forecast, a)) condition(rollout, forecast, a);
    shorten(forecast, rollout->horizon);
    return TRAJ_OK;
}

/* Hidden agent a at step t of the gap, going on from `from`. */
static void extend(const traj_rollout *r, const traj_forecast *f, traj_impute_method method, int a,
                   int t)
{
    const float *const from = recorded(r, f, r->last, a), *to = seen(r, f, r->horizon, a);
    const float *const before = r->last ? recorded(r, f, r->last - 1, a) : from;
    const float share = (float)(t + 1) / (float)(r->horizon + 1);
    for (int k = 0; k < 2; k++) {
        float moved_m = 0;
        if (method == TRAJ_IMPUTE_LINEAR && to) moved_m = share * (to[k] - from[k]);
        if (method == TRAJ_IMPUTE_VELOCITY && isfinite(before[k]))
            moved_m = (float)(t + 1) * (from[k] - before[k]);
        generated(f, 0, t, a)[k] = from[k] + moved_m;
    }
}

static traj_status by_hand(const traj_rollout *r, traj_impute_method method,
                           traj_forecast *forecast, traj_error *err)
{
    const traj_sequence *const sequence = &r->recording->sequence[r->sequence];
    *forecast = (traj_forecast){.samples = 1, .horizon = r->horizon};
    for (size_t a = 0; a < sequence->agents && forecast->agents < TRAJ_MAX_SCENE_AGENTS; a++)
        if (isfinite(sequence->pos_m[2 * (r->last * sequence->agents + a)]))
            forecast->slot[forecast->agents++] = (int)a;
    forecast->pos_m =
        traj_alloc((size_t)r->horizon * (size_t)forecast->agents * 2, sizeof *forecast->pos_m);
    if (!forecast->pos_m) return traj_fail_memory(err, "the imputed tracks");
    for (int t = 0; t < r->horizon; t++)
        for (int a = 0; a < forecast->agents; a++) {
            if (hidden(r, forecast, a)) {
                extend(r, forecast, method, a, t);
                continue;
            }
            const float *const pos = seen(r, forecast, t, a);
            for (int k = 0; k < 2; k++) generated(forecast, 0, t, a)[k] = pos ? pos[k] : NAN;
        }
    return TRAJ_OK;
}

traj_status traj_impute_run(const traj_rollout *rollout, traj_impute_method method, traj_pool *pool,
                            traj_forecast *forecast, traj_error *err)
{
    if (method == TRAJ_IMPUTE_MODEL) return by_model(rollout, pool, forecast, err);
    return by_hand(rollout, method, forecast, err);
}

traj_impute_error traj_impute_measure(const traj_rollout *r, const traj_forecast *f)
{
    traj_impute_error error = {0};
    for (int t = 0; t < f->horizon; t++)
        for (int a = 0; a < f->agents; a++) {
            const float *const truth = seen(r, f, t, a);
            if (!truth || !hidden(r, f, a)) continue;
            double mean[2] = {0};
            for (int s = 0; s < f->samples; s++)
                for (int k = 0; k < 2; k++)
                    mean[k] += (double)generated(f, s, t, a)[k] / f->samples;
            error.sum_m += hypot(mean[0] - (double)truth[0], mean[1] - (double)truth[1]);
            error.count++;
        }
    return error;
}
