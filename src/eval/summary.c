/* From each scene's figures to those of the set: see traj/eval/figure.h. A job is one source and
 * one group of agents. */
#include "traj/base/memory.h"
#include "traj/eval/figure.h"
#include <math.h>

/* Distributions are resampled less often than means: each time they are added up bin by bin. */
enum { DISTRIBUTION_RESAMPLES = 200 };

/* A worker's own: a bootstrap has room for one figure at a time. */
typedef struct worker {
    traj_bootstrap bootstrap; /* times: view; work: owned */
    double *pooled[2];        /* owned [most bins] */
} worker;

typedef struct summing {
    const traj_evaluation *evaluation;
    traj_summary *summary;
    int reference;
    worker *worker; /* owned [threads] */
    int threads;
} summing;

static size_t row_of(int source, traj_group group)
{
    return (size_t)(source * TRAJ_GROUPS + (int)group);
}

static size_t figure_index(const traj_summary *s, int source, traj_group group, int figure)
{
    return row_of(source, group) * (size_t)s->figures + (size_t)figure;
}

static size_t prefix_index(const traj_summary *s, int source, traj_group group, int metric)
{
    return (row_of(source, group) * (size_t)s->metrics + (size_t)metric) * (size_t)s->seconds;
}

static size_t curve_index(const traj_summary *s, int source, traj_group group, traj_curve curve)
{
    return (row_of(source, group) * TRAJ_CURVES + (size_t)curve) * (size_t)s->frames;
}

const traj_interval *traj_summary_figure(const traj_summary *s, int source, traj_group group,
                                         int figure)
{
    return s->figure + figure_index(s, source, group, figure);
}

const traj_interval *traj_summary_paired(const traj_summary *s, int source, traj_group group,
                                         int figure)
{
    return s->paired + figure_index(s, source, group, figure);
}

const traj_interval *traj_summary_prefix(const traj_summary *s, int source, traj_group group,
                                         int metric)
{
    return s->prefix + prefix_index(s, source, group, metric);
}

const traj_interval *traj_summary_curve(const traj_summary *s, int source, traj_group group,
                                        traj_curve curve)
{
    return s->curve + curve_index(s, source, group, curve);
}

/* A distance of distributions, as a statistic of resampled scenes; less that of `against`. */
typedef struct comparison {
    const traj_evaluation *evaluation;
    worker *worker;
    traj_group group;
    int quantity, source;
    int against; /* another source, or 0: none */
    traj_divergence divergence;
} comparison;

/* Of a source from the truth; of the truth, between its two halves. */
static double divergence_of(const comparison *c, int source, const uint16_t *times)
{
    double *const truth = c->worker->pooled[0], *const other = c->worker->pooled[1];
    const traj_half half = source == 0 ? TRAJ_EVEN_HALF : TRAJ_BOTH_HALVES;
    traj_evaluation_pool(c->evaluation, 0, c->group, c->quantity, half, times, truth);
    traj_evaluation_pool(c->evaluation, source, c->group, c->quantity,
                         source == 0 ? TRAJ_ODD_HALF : TRAJ_BOTH_HALVES, times, other);
    return c->divergence == TRAJ_W1 ? traj_quantity_w1(c->quantity, truth, other)
                                    : traj_quantity_js(c->quantity, truth, other);
}

static double compare(const uint16_t *times, void *user)
{
    const comparison *const c = user;
    const double distance = divergence_of(c, c->source, times);
    return c->against ? distance - divergence_of(c, c->against, times) : distance;
}

static traj_interval compare_distributions(comparison *c)
{
    traj_bootstrap bootstrap = c->worker->bootstrap;
    if (bootstrap.resamples > DISTRIBUTION_RESAMPLES) bootstrap.resamples = DISTRIBUTION_RESAMPLES;
    if (traj_quantity_at(c->quantity)->bins[1] == 1)
        return traj_bootstrap_statistic(&bootstrap, compare, c);
    return (traj_interval){compare(NULL, c), (double)NAN, (double)NAN};
}

/* The figure of a set from those of its scenes, as the metric's row says. */
static traj_interval sum_up(const summing *s, const worker *w, int source, traj_group group,
                            int second, int metric)
{
    const traj_evaluation *const e = s->evaluation;
    const char *const divisor = traj_metric_at(metric)->divisor;
    const double *const value = traj_evaluation_metric(e, source, group, second, metric);
    if (!divisor) return traj_bootstrap_mean(&w->bootstrap, value);
    return traj_bootstrap_ratio(
        &w->bootstrap, value,
        traj_evaluation_metric(e, source, group, second, traj_metric_find(divisor)));
}

/* Of a ratio there is no paired difference by scenes. */
static traj_interval pair(const summing *s, const worker *w, int source, traj_group group,
                          int metric)
{
    const traj_evaluation *const e = s->evaluation;
    if (traj_metric_at(metric)->divisor)
        return (traj_interval){(double)NAN, (double)NAN, (double)NAN};
    return traj_bootstrap_difference(&w->bootstrap,
                                     traj_evaluation_metric(e, source, group, 0, metric),
                                     traj_evaluation_metric(e, s->reference, group, 0, metric));
}

static void sum_up_figures(const summing *s, worker *w, int source, traj_group group)
{
    traj_summary *const out = s->summary;
    const bool paired = s->reference && source != s->reference && source != 0;
    for (int f = 0; f < out->figures; f++) {
        const traj_figure figure = traj_figure_at(f);
        const size_t at = figure_index(out, source, group, f);
        comparison c = {.evaluation = s->evaluation,
                        .worker = w,
                        .group = group,
                        .quantity = figure.quantity,
                        .source = source,
                        .divergence = figure.divergence};
        out->figure[at] = figure.metric >= 0 ? sum_up(s, w, source, group, 0, figure.metric)
                                             : compare_distributions(&c);
        out->paired[at] = (traj_interval){(double)NAN, (double)NAN, (double)NAN};
        if (!paired) continue;
        c.against = s->reference;
        out->paired[at] = figure.metric >= 0 ? pair(s, w, source, group, figure.metric)
                                             : compare_distributions(&c);
    }
}

static void sum_up_seconds(const summing *s, const worker *w, int source, traj_group group)
{
    traj_summary *const out = s->summary;
    for (int m = 0; m < out->metrics; m++) {
        traj_interval *const list = out->prefix + prefix_index(out, source, group, m);
        for (int second = 1; traj_metric_at(m)->prefix && second <= out->seconds; second++)
            list[second - 1] = sum_up(s, w, source, group, second, m);
    }
}

/* Variances and squared errors are averaged over scenes before the root. */
static void sum_up_curves(const summing *s, const worker *w, int source, traj_group group)
{
    traj_summary *const out = s->summary;
    for (int c = 0; c < TRAJ_CURVES; c++) {
        traj_interval *const list = out->curve + curve_index(out, source, group, (traj_curve)c);
        for (int f = 0; f < out->frames; f++) {
            traj_interval i = traj_bootstrap_mean(
                &w->bootstrap,
                traj_evaluation_curve(s->evaluation, source, group, (traj_curve)c, f));
            if (c == TRAJ_CURVE_SPREAD || c == TRAJ_CURVE_SKILL)
                i = (traj_interval){sqrt(i.value), sqrt(i.low), sqrt(i.high)};
            list[f] = i;
        }
    }
}

static void sum_up_row(void *context, int job, int number)
{
    const summing *const s = context;
    const int source = job / TRAJ_GROUPS;
    const traj_group group = (traj_group)(job % TRAJ_GROUPS);
    sum_up_figures(s, &s->worker[number], source, group);
    sum_up_seconds(s, &s->worker[number], source, group);
    sum_up_curves(s, &s->worker[number], source, group);
}

static traj_status reserve_workers(summing *s, const traj_bootstrap *bootstrap, traj_error *err)
{
    size_t bins = 0;
    for (int q = 0; q < traj_quantity_count(); q++)
        if ((size_t)traj_quantity_bins(q) > bins) bins = (size_t)traj_quantity_bins(q);
    s->worker = traj_alloc((size_t)s->threads, sizeof *s->worker);
    for (int w = 0; s->worker && w < s->threads; w++) {
        worker *const mine = &s->worker[w];
        mine->bootstrap = *bootstrap;
        mine->bootstrap.work = traj_alloc((size_t)bootstrap->resamples, sizeof(double));
        for (int i = 0; i < 2; i++) mine->pooled[i] = traj_alloc(bins, sizeof(double));
        if (!mine->bootstrap.work || !mine->pooled[0] || !mine->pooled[1])
            return traj_fail_memory(err, "the intervals");
    }
    return s->worker ? TRAJ_OK : traj_fail_memory(err, "the intervals");
}

static void free_workers(summing *s)
{
    for (int w = 0; s->worker && w < s->threads; w++) {
        traj_free(s->worker[w].bootstrap.work);
        for (int i = 0; i < 2; i++) traj_free(s->worker[w].pooled[i]);
    }
    traj_free(s->worker);
}

static traj_status reserve_results(traj_summary *s, traj_error *err)
{
    const size_t rows = (size_t)(s->sources * TRAJ_GROUPS), figures = (size_t)s->figures;
    s->figure = traj_alloc(rows * figures, sizeof *s->figure);
    s->paired = traj_alloc(rows * figures, sizeof *s->paired);
    s->prefix = traj_alloc(rows * (size_t)(s->metrics * s->seconds), sizeof *s->prefix);
    s->curve = traj_alloc(rows * (size_t)(TRAJ_CURVES * s->frames), sizeof *s->curve);
    return s->figure && s->paired && s->prefix && s->curve ? TRAJ_OK
                                                           : traj_fail_memory(err, "the figures");
}

traj_status traj_summary_make(const traj_evaluation *evaluation, const traj_bootstrap *bootstrap,
                              int reference, traj_pool *pool, traj_summary *summary,
                              traj_error *err)
{
    summing s = {.evaluation = evaluation,
                 .summary = summary,
                 .reference = reference,
                 .threads = traj_pool_threads(pool)};
    *summary = (traj_summary){.sources = evaluation->sources,
                              .seconds = evaluation->seconds,
                              .frames = evaluation->frames,
                              .figures = traj_figure_count(),
                              .metrics = traj_metric_count()};
    traj_status status = reserve_results(summary, err);
    if (status == TRAJ_OK) status = reserve_workers(&s, bootstrap, err);
    if (status == TRAJ_OK) traj_pool_run(pool, sum_up_row, &s, summary->sources * TRAJ_GROUPS);
    free_workers(&s);
    if (status != TRAJ_OK) traj_summary_free(summary);
    return status;
}

void traj_summary_free(traj_summary *summary)
{
    traj_free(summary->figure);
    traj_free(summary->paired);
    traj_free(summary->prefix);
    traj_free(summary->curve);
    *summary = (traj_summary){0};
}
