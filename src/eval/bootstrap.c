/* See traj/eval/bootstrap.h. A resample is kept as how often each scene is in it: a mean is then a
 * weighted sum, and every figure sees the same resamples. */
#include "traj/eval/bootstrap.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/base/noise.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* U{0..below-1}: the draw-th of this resample. */
static size_t draw_below(const traj_noise *noise, size_t draw, size_t below)
{
    const uint64_t bits = traj_noise_bits(noise, 0, (uint32_t)draw) >> 32;
    return (size_t)((bits * below) >> 32);
}

static size_t count_units(const int *unit, size_t scenes)
{
    size_t units = 0;
    for (size_t i = 0; i < scenes; i++) {
        TRAJ_ASSERT(unit[i] >= 0);
        if ((size_t)unit[i] >= units) units = (size_t)unit[i] + 1;
    }
    return units;
}

/* times [scenes] of one resample. drawn [units]: work, how often each is drawn. */
static void resample(const traj_noise *noise, const int *unit, size_t scenes, size_t units,
                     uint16_t *drawn, uint16_t *times)
{
    memset(drawn, 0, units * sizeof *drawn);
    for (size_t i = 0; i < units; i++) drawn[draw_below(noise, i, units)]++;
    for (size_t i = 0; i < scenes; i++) times[i] = drawn[unit[i]];
}

traj_status traj_bootstrap_init(traj_bootstrap *bootstrap, const int *unit, size_t scenes,
                                int resamples, uint64_t seed, traj_error *err)
{
    TRAJ_ASSERT(resamples > 0 && scenes <= UINT32_MAX);
    const size_t count = (size_t)resamples, units = count_units(unit, scenes);
    uint16_t *const drawn = traj_alloc(units, sizeof *drawn);
    *bootstrap = (traj_bootstrap){.resamples = resamples, .scenes = scenes, .units = units};
    bootstrap->times = traj_alloc(count, scenes * sizeof *bootstrap->times);
    bootstrap->work = traj_alloc(count, sizeof *bootstrap->work);
    if (!drawn || !bootstrap->times || !bootstrap->work) {
        traj_free(drawn);
        traj_bootstrap_free(bootstrap);
        return traj_fail_memory(err, "the resamples of the bootstrap");
    }
    for (size_t r = 0; r < count; r++) {
        const traj_noise noise = {seed, TRAJ_STREAM_BOOTSTRAP, (uint32_t)r};
        resample(&noise, unit, scenes, units, drawn, bootstrap->times + r * scenes);
    }
    traj_free(drawn);
    return TRAJ_OK;
}

void traj_bootstrap_free(traj_bootstrap *bootstrap)
{
    traj_free(bootstrap->times);
    traj_free(bootstrap->work);
    *bootstrap = (traj_bootstrap){.resamples = 0};
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of count > 0 sorted values, linear between neighbours. */
static double quantile(const double *sorted, size_t count, double share)
{
    const double place = share * (double)(count - 1);
    const size_t below = (size_t)place, above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

traj_interval traj_bootstrap_statistic(const traj_bootstrap *bootstrap,
                                       double (*statistic)(const uint16_t *times, void *user),
                                       void *user)
{
    traj_interval interval = {statistic(NULL, user), (double)NAN, (double)NAN};
    size_t known = 0;
    for (size_t r = 0; r < (size_t)bootstrap->resamples; r++) {
        const double value = statistic(bootstrap->times + r * bootstrap->scenes, user);
        if (!isnan(value)) bootstrap->work[known++] = value;
    }
    if (bootstrap->units < 2 || known == 0) return interval;
    qsort(bootstrap->work, known, sizeof *bootstrap->work, ascending);
    interval.low = quantile(bootstrap->work, known, 0.025);
    interval.high = quantile(bootstrap->work, known, 0.975);
    return interval;
}

/* Two figures of each scene; b may be NULL. */
typedef struct columns {
    size_t scenes;
    const double *a, *b;
} columns;

/* times [scenes] or NULL: mean of a, or of a - b, over scenes where they are known. */
static double mean_of(const uint16_t *times, void *user)
{
    const columns *const c = user;
    double sum = 0, count = 0;
    for (size_t i = 0; i < c->scenes; i++) {
        const double value = c->b ? c->a[i] - c->b[i] : c->a[i], weight = times ? times[i] : 1;
        sum += isnan(value) ? 0 : weight * value;
        count += isnan(value) ? 0 : weight;
    }
    return count > 0 ? sum / count : (double)NAN;
}

/* sqrt(sum (a b)^2 / sum b^2) */
static double ratio_of(const uint16_t *times, void *user)
{
    const columns *const c = user;
    double over = 0, under = 0;
    for (size_t i = 0; i < c->scenes; i++) {
        const double product = c->a[i] * c->b[i], weight = times ? times[i] : 1;
        if (isnan(product)) continue;
        over += weight * product * product;
        under += weight * c->b[i] * c->b[i];
    }
    return under > 0 ? sqrt(over / under) : (double)NAN;
}

traj_interval traj_bootstrap_mean(const traj_bootstrap *bootstrap, const double *value)
{
    columns c = {bootstrap->scenes, value, NULL};
    return traj_bootstrap_statistic(bootstrap, mean_of, &c);
}

traj_interval traj_bootstrap_difference(const traj_bootstrap *bootstrap, const double *a,
                                        const double *b)
{
    columns c = {bootstrap->scenes, a, b};
    return traj_bootstrap_statistic(bootstrap, mean_of, &c);
}

traj_interval traj_bootstrap_ratio(const traj_bootstrap *bootstrap, const double *ratio,
                                   const double *divisor)
{
    columns c = {bootstrap->scenes, ratio, divisor};
    return traj_bootstrap_statistic(bootstrap, ratio_of, &c);
}
