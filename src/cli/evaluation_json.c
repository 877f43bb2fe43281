/* A verdict as JSON, for programs: see verdict.h, docs/io.md. */
#include "likelihood.h"
#include "traj/base/memory.h"
#include "verdict.h"
#include <math.h>
#include <string.h>

/* {"value", "ci95": [low, high]}; what is unknown is null. */
static void fill_figure(traj_json *figure, traj_interval interval)
{
    traj_json_set_number(figure, "value", interval.value);
    traj_json *const ci95 = traj_json_set_array(figure, "ci95");
    traj_json_append_number(ci95, interval.low);
    traj_json_append_number(ci95, interval.high);
}

static void protocol_to_json(const traj_verdict *v, traj_json *object)
{
    static const char *const drawn[] = {"scenes", "blocks", "matches"};
    const traj_protocol *const p = v->job->protocol;
    const traj_metric_limits *const limits = &v->job->limits;
    traj_json_set_string(object, "name", p->name);
    traj_json_set_number(object, "rate_hz", p->rate_hz);
    traj_json_set_number(object, "burn_in", p->burn_in);
    traj_json_set_number(object, "horizon", p->horizon);
    traj_json_set_number(object, "stride", v->settings->rollout.stride);
    traj_json_set_number(object, "samples", v->job->samples);
    traj_json_set_number(object, "scenes", (double)v->evaluation->scenes);
    traj_json_set_number(object, "agents", (double)v->evaluation->agents);
    traj_json_set_string(object, "units",
                         "metres, seconds; likelihood in nats per agent-step (metres)");
    traj_json_set_number(object, "windows", (double)v->job->places);
    traj_json_set_string(object, "eligible_agents", p->eligible);
    traj_json_set_string(object, "eligible_scenes", p->scenes);
    traj_json_set_number(object, "miss_m", limits->miss_m);
    traj_json_set_number(object, "radius_m", limits->radius_m);
    traj_json_set_number(object, "margin_m", limits->margin_m);
    traj_json_set_number(object, "resamples", v->settings->resamples);
    traj_json_set_string(object, "drawn", drawn[v->drawn]);
    traj_json_set_number(object, "draws", (double)v->bootstrap->units);
    traj_json_set_number(object, "seed", (double)v->settings->rollout.seed);
    traj_json *const data = traj_json_set_array(object, "data");
    for (size_t m = 0; m < v->matches->count; m++)
        traj_json_append_string(data, v->matches->item[m].source);
}

/* {"min_ade": figure, ...} of one group, from either list of intervals. */
static void figures_to_json(const traj_verdict *v, const traj_interval *interval, traj_json *object)
{
    for (int f = 0; f < v->summary->figures; f++)
        fill_figure(traj_json_set_object(object, traj_figure_at(f).key), interval[f]);
}

static void metrics_to_json(const traj_verdict *v, int source, traj_json *object)
{
    for (int g = 0; g < TRAJ_GROUPS; g++) {
        const traj_group group = (traj_group)g;
        figures_to_json(v, traj_summary_figure(v->summary, source, group, 0),
                        traj_json_set_object(object, traj_group_name(group)));
    }
}

/* Arrays: item i is the figure over the first i + 1 seconds. */
static void seconds_to_json(const traj_verdict *v, int source, traj_json *object)
{
    for (int g = 0; g < TRAJ_GROUPS; g++) {
        const traj_group group = (traj_group)g;
        traj_json *const figures = traj_json_set_object(object, traj_group_name(group));
        for (int m = 0; m < v->summary->metrics; m++) {
            if (!traj_metric_at(m)->prefix) continue;
            const traj_interval *const list = traj_summary_prefix(v->summary, source, group, m);
            traj_json *const array = traj_json_set_array(figures, traj_metric_at(m)->key);
            for (int s = 0; s < v->summary->seconds; s++)
                fill_figure(traj_json_append_object(array), list[s]);
        }
    }
}

/* {"mean": [frames], "low": [...], "high": [...]} */
static void curve_to_json(const traj_interval *list, int frames, traj_json *object)
{
    traj_json *const mean = traj_json_set_array(object, "mean");
    traj_json *const low = traj_json_set_array(object, "low");
    traj_json *const high = traj_json_set_array(object, "high");
    for (int f = 0; f < frames; f++) {
        traj_json_append_number(mean, list[f].value);
        traj_json_append_number(low, list[f].low);
        traj_json_append_number(high, list[f].high);
    }
}

static void curves_to_json(const traj_verdict *v, int source, traj_json *object)
{
    static const char *const keys[TRAJ_CURVES] = {"min", "avg", "spread", "skill"};
    for (int g = 0; g < TRAJ_GROUPS; g++) {
        const traj_group group = (traj_group)g;
        traj_json *const curves = traj_json_set_object(object, traj_group_name(group));
        for (int c = 0; c < TRAJ_CURVES; c++)
            curve_to_json(traj_summary_curve(v->summary, source, group, (traj_curve)c),
                          v->summary->frames, traj_json_set_object(curves, keys[c]));
    }
}

static void source_to_json(const traj_verdict *v, int source, traj_json *object)
{
    metrics_to_json(v, source, traj_json_set_object(object, "metrics"));
    seconds_to_json(v, source, traj_json_set_object(object, "by_second"));
    curves_to_json(v, source, traj_json_set_object(object, "over_time"));
}

/* A diffusion model has no importance-weighted bound: null. */
static void model_to_json(const traj_verdict *v, size_t model, traj_json *object)
{
    const traj_contender *const c = &v->contenders->item[model];
    source_to_json(v, TRAJ_FIRST_CONTENDER + (int)model, object);
    if (c->score)
        traj_likelihood_to_json(c->score, c->scored, true,
                                traj_json_set_object(object, "likelihood"));
}

/* Histograms are drawn in at most so many bins. */
enum { DRAWN_BINS = 100 };

/* Shares of all values, `merged` bins in one, to six decimals. */
static void shares_to_json(const double *count, int bins, int merged, traj_json *array)
{
    double total = 0;
    for (int b = 0; b < bins; b++) total += count[b];
    for (int b = 0; b < bins; b += merged) {
        double sum = 0;
        for (int i = b; i < b + merged && i < bins; i++) sum += count[i];
        traj_json_append_number(array, total > 0 ? round(1e6 * sum / total) / 1e6 : 0);
    }
}

static void quantity_to_json(const traj_verdict *v, int index, double *count, traj_json *object)
{
    const traj_quantity *const quantity = traj_quantity_at(index);
    const int bins = quantity->bins[0], merged = (bins + DRAWN_BINS - 1) / DRAWN_BINS;
    const double width = (quantity->high[0] - quantity->low[0]) / bins;
    traj_json_set_string(object, "unit", quantity->unit);
    traj_json *const edges = traj_json_set_array(object, "edges");
    for (int b = 0; b < bins; b += merged)
        traj_json_append_number(edges, round(1e6 * (quantity->low[0] + b * width)) / 1e6);
    traj_json_append_number(edges, quantity->high[0]);
    traj_json *const shares = traj_json_set_object(object, "shares");
    for (int g = 0; g < TRAJ_GROUPS; g++) {
        traj_json *const group = traj_json_set_object(shares, traj_group_name((traj_group)g));
        for (int s = 0; s < v->evaluation->sources; s++) {
            traj_evaluation_pool(v->evaluation, s, (traj_group)g, index, TRAJ_BOTH_HALVES, NULL,
                                 count);
            shares_to_json(count, bins, merged, traj_json_set_array(group, v->job->source[s].key));
        }
    }
}

/* How far apart two halves of the truth are: what no source need be better than. */
static void floor_to_json(const traj_verdict *v, int quantity, traj_json *object)
{
    for (int g = 0; g < TRAJ_GROUPS; g++) {
        traj_json *const group = traj_json_set_object(object, traj_group_name((traj_group)g));
        for (int f = 0; f < v->summary->figures; f++) {
            const traj_figure figure = traj_figure_at(f);
            if (figure.quantity != quantity) continue;
            fill_figure(traj_json_set_object(group, figure.divergence == TRAJ_W1 ? "w1" : "js"),
                        *traj_summary_figure(v->summary, 0, (traj_group)g, f));
        }
    }
}

static traj_status distributions_to_json(const traj_verdict *v, traj_json *object, traj_error *err)
{
    for (int q = 0; q < traj_quantity_count(); q++) {
        traj_json *const quantity = traj_json_set_object(object, traj_quantity_at(q)->key);
        floor_to_json(v, q, traj_json_set_object(quantity, "floor"));
        if (traj_quantity_at(q)->bins[1] > 1) continue;
        double *const count = traj_alloc((size_t)traj_quantity_bins(q), sizeof *count);
        if (!count) return traj_fail_memory(err, "the histograms");
        quantity_to_json(v, q, count, quantity);
        traj_free(count);
    }
    return TRAJ_OK;
}

/* Each model less the first, scene by scene. */
static void paired_to_json(const traj_verdict *v, traj_json *object)
{
    for (size_t i = 1; i < v->contenders->count; i++) {
        traj_json *const pair = traj_json_set_object(object, v->contenders->item[i].name);
        traj_json_set_string(pair, "against", v->contenders->item[0].name);
        traj_json *const metrics = traj_json_set_object(pair, "metrics");
        for (int g = 0; g < TRAJ_GROUPS; g++)
            figures_to_json(
                v, traj_summary_paired(v->summary, TRAJ_FIRST_CONTENDER + (int)i, (traj_group)g, 0),
                traj_json_set_object(metrics, traj_group_name((traj_group)g)));
    }
}

static void seeds_to_json(const traj_verdict *v, const traj_seeds *seeds, traj_json *object)
{
    traj_json *const models = traj_json_set_array(object, "models");
    for (size_t i = 0; i < seeds->count; i++)
        traj_json_append_string(models, v->contenders->item[seeds->member[i]].name);
    traj_json *const metrics = traj_json_set_object(object, "metrics");
    for (int g = 0; g < TRAJ_GROUPS; g++) {
        traj_json *const group = traj_json_set_object(metrics, traj_group_name((traj_group)g));
        for (int f = 0; f < v->summary->figures; f++) {
            double sd;
            const double mean = traj_seeds_mean(v, seeds, (traj_group)g, f, &sd);
            traj_json *const figure = traj_json_set_object(group, traj_figure_at(f).key);
            traj_json_set_number(figure, "mean", mean);
            traj_json_set_number(figure, "sd", sd);
        }
    }
}

traj_status traj_verdict_to_json(const traj_verdict *v, traj_json *root, traj_error *err)
{
    const size_t models = v->contenders->count;
    protocol_to_json(v, traj_json_set_object(root, "protocol"));
    traj_json *const object = traj_json_set_object(root, "models");
    for (size_t i = 0; i < models; i++)
        model_to_json(v, i, traj_json_set_object(object, v->contenders->item[i].name));
    traj_json *const baselines = traj_json_set_object(root, "baselines");
    for (int s = TRAJ_FIRST_CONTENDER + (int)models; s < v->evaluation->sources; s++)
        source_to_json(v, s, traj_json_set_object(baselines, v->job->source[s].key));
    traj_json *seeds = NULL;
    if (models > 1) paired_to_json(v, traj_json_set_object(root, "paired"));
    for (size_t i = 0; i < models; i++) {
        const traj_seeds alike = traj_verdict_seeds(v, i);
        if (!alike.count) continue;
        if (!seeds) seeds = traj_json_set_object(root, "seeds");
        seeds_to_json(v, &alike, traj_json_set_object(seeds, v->contenders->item[i].name));
    }
    return distributions_to_json(v, traj_json_set_object(root, "distributions"), err);
}
