/* A verdict as tables for people: see verdict.h. Sources are rows, a few figures are columns. */
#include "likelihood.h"
#include "verdict.h"
#include "wrap.h"
#include <math.h>
#include <string.h>

enum { COLUMNS = 6, CELL = 12, LEAST_NAME = 18 };

typedef struct column {
    const char *key, *label;
} column;

typedef struct block {
    const char *title;
    traj_group group;
    bool truth; /* recorded play has a row, too */
    column column[COLUMNS];
} block;

static const block blocks[] = {
    {"Distance from what happened, all agents (m)",
     TRAJ_GROUP_ALL,
     false,
     {{"min_jade", "min_jade"},
      {"min_jfde", "min_jfde"},
      {"avg_jade", "avg_jade"},
      {"avg_jfde", "avg_jfde"},
      {"min_ade", "min_ade"},
      {"min_fde", "min_fde"}}},
    {"Likeness to what happens, all agents",
     TRAJ_GROUP_ALL,
     true,
     {{"energy_score", "energy"},
      {"miss_rate", "miss_rate"},
      {"collision_rate", "collisions"},
      {"off_pitch_rate", "off_pitch"},
      {"speed_w1", "speed_w1"},
      {"accel_w1", "accel_w1"}}},
    {"Players",
     TRAJ_GROUP_PLAYERS,
     false,
     {{"min_jade", "min_jade"},
      {"avg_jade", "avg_jade"},
      {"min_ade", "min_ade"},
      {"min_fde", "min_fde"},
      {"energy_score", "energy"},
      {"spread_skill", "calibration"}}},
    {"Ball",
     TRAJ_GROUP_BALL,
     false,
     {{"min_jade", "min_jade"},
      {"avg_jade", "avg_jade"},
      {"min_jfde", "min_jfde"},
      {"avg_jfde", "avg_jfde"},
      {"energy_score", "energy"},
      {"spread_skill", "calibration"}}},
};

/* What recorded play has instead of a figure of its own: of distances there is nothing to say. */
static bool truth_has(const char *key)
{
    return strcmp(key, "energy_score") && strcmp(key, "miss_rate");
}

/* "3.601±0.121": half the interval's width behind the value; at most three decimals, fewer where
 * they do not fit. */
static void print_cell(FILE *out, double value, double half_width)
{
    char text[48] = "-";
    int columns = 1;
    const bool known = isfinite(value), bounded = known && isfinite(half_width);
    for (int decimals = 3; known && decimals >= 0; decimals--) {
        columns = snprintf(text, sizeof text, "%.*f", decimals, value);
        if (bounded) /* the sign has two bytes in one column */
            columns += snprintf(text + columns, sizeof text - (size_t)columns, "\u00b1%.*f",
                                decimals, half_width) -
                       1;
        if (columns < CELL) break;
    }
    fprintf(out, "%*s%s", columns < CELL ? CELL - columns : 1, "", text);
}

static void print_interval(FILE *out, traj_interval interval)
{
    print_cell(out, interval.value, (interval.high - interval.low) / 2);
}

static int name_width(const traj_verdict *v)
{
    size_t width = LEAST_NAME;
    for (int s = 0; s < v->evaluation->sources; s++) {
        const size_t length = strlen(v->job->source[s].name);
        if (length > width) width = length;
    }
    return (int)width;
}

static void print_heading(FILE *out, int width, const char *const *label, int count)
{
    fprintf(out, "%-*s", width, "");
    for (int i = 0; i < count; i++) fprintf(out, " %*s", CELL - 1, label[i]);
    fputc('\n', out);
}

static void print_columns(FILE *out, int width, const block *b)
{
    const char *label[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) label[i] = b->column[i].label;
    print_heading(out, width, label, COLUMNS);
}

static void print_block(const traj_verdict *v, const block *b, FILE *out)
{
    const int width = name_width(v);
    fprintf(out, "\n%s\n", b->title);
    print_columns(out, width, b);
    for (int s = b->truth ? 0 : TRAJ_FIRST_CONTENDER; s < v->evaluation->sources; s++) {
        fprintf(out, "%-*s", width, v->job->source[s].name);
        for (int i = 0; i < COLUMNS; i++) {
            const char *const key = b->column[i].key;
            const traj_interval *const figure =
                traj_summary_figure(v->summary, s, b->group, traj_figure_find(key));
            if (s > 0 || truth_has(key))
                print_interval(out, *figure);
            else
                print_cell(out, (double)NAN, (double)NAN);
        }
        fputc('\n', out);
    }
}

/* The first block again, as differences. */
static void print_paired(const traj_verdict *v, FILE *out)
{
    const int width = name_width(v);
    if (v->contenders->count < 2) return;
    fprintf(out, "\nDifference from %s, scene by scene (m; below 0 is better)\n",
            v->contenders->item[0].name);
    print_columns(out, width, &blocks[0]);
    for (int s = TRAJ_FIRST_CONTENDER + 1; s < TRAJ_FIRST_CONTENDER + (int)v->contenders->count;
         s++) {
        fprintf(out, "%-*s", width, v->job->source[s].name);
        for (int i = 0; i < COLUMNS; i++)
            print_interval(out, *traj_summary_paired(v->summary, s, blocks[0].group,
                                                     traj_figure_find(blocks[0].column[i].key)));
        fputc('\n', out);
    }
}

static void print_seeds(const traj_verdict *v, FILE *out)
{
    const int width = name_width(v);
    bool any = false;
    for (size_t c = 0; c < v->contenders->count; c++) {
        const traj_seeds seeds = traj_verdict_seeds(v, c);
        if (!seeds.count) continue;
        if (!any) {
            fprintf(out, "\nMean and standard deviation over seeds of one configuration (m)\n");
            print_columns(out, width, &blocks[0]);
        }
        any = true;
        const int columns = fprintf(out, "%s, %zu seeds", v->contenders->item[c].name, seeds.count);
        fprintf(out, "%*s", columns < width ? width - columns : 0, "");
        for (int i = 0; i < COLUMNS; i++) {
            double sd;
            const double mean = traj_seeds_mean(v, &seeds, blocks[0].group,
                                                traj_figure_find(blocks[0].column[i].key), &sd);
            print_cell(out, mean, sd);
        }
        fputc('\n', out);
    }
}

static void print_likelihood(const traj_verdict *v, FILE *out)
{
    const int width = name_width(v);
    bool any = false;
    for (size_t c = 0; c < v->contenders->count; c++) {
        const traj_contender *const contender = &v->contenders->item[c];
        if (!contender->score) continue;
        if (!any) {
            const char *label[16];
            for (int i = 0; i < traj_likelihood_count(); i++) label[i] = traj_likelihood_at(i)->key;
            fprintf(out, "\nLikelihood of the horizon given the burn-in (nats per agent-step)\n");
            print_heading(out, width, label, traj_likelihood_count());
        }
        any = true;
        fprintf(out, "%-*s", width, contender->name);
        for (int i = 0; i < traj_likelihood_count(); i++) {
            const traj_mean m =
                traj_score_mean(contender->score, contender->scored, traj_likelihood_at(i)->sum);
            print_cell(out, m.mean, m.half_width);
        }
        fputc('\n', out);
    }
}

/* One line per column, each once. */
static void print_legend(const traj_verdict *v, FILE *out)
{
    char text[512];
    traj_wrap wrap = traj_wrap_start(out, 15, 0);
    fprintf(out, "\n\u00b1%14s", "");
    wrap.column = 15;
    traj_wrap_text(&wrap, "half of the 95 % interval, by bootstrap over scenes (likelihood: "
                          "normal); lower is better but where said otherwise");
    traj_wrap_end(&wrap);
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
        for (int i = 0; i < COLUMNS; i++) {
            const column *const c = &blocks[b].column[i];
            const traj_figure figure = traj_figure_at(traj_figure_find(c->key));
            bool seen = false;
            for (size_t before = 0; before < b && !seen; before++)
                for (int j = 0; j < COLUMNS; j++)
                    seen = seen || !strcmp(blocks[before].column[j].key, c->key);
            if (seen) continue;
            snprintf(text, sizeof text, "%s%s%s%s", figure.definition, *figure.unit ? " (" : "",
                     figure.unit, *figure.unit ? ")" : "");
            fprintf(out, "%-15s", c->label);
            wrap.column = 15;
            traj_wrap_text(&wrap, text);
            traj_wrap_end(&wrap);
        }
    fprintf(out,
            "\nmiss_m %g, radius_m %g, margin_m %g. --json has every figure, for players and "
            "ball apart,\nsecond by second and frame by frame.\n",
            v->job->limits.miss_m, v->job->limits.radius_m, v->job->limits.margin_m);
}

void traj_verdict_print(const traj_verdict *v, FILE *out)
{
    const traj_protocol *const p = v->job->protocol;
    fprintf(out,
            "Protocol %s: %g Hz, %d frames observed, %d forecast, %d samples\n"
            "%zu scenes of %zu windows, %zu agents: those recorded in every frame\n",
            p->name, p->rate_hz, p->burn_in, p->horizon, v->job->samples, v->evaluation->scenes,
            v->job->places, v->evaluation->agents);
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) print_block(v, &blocks[b], out);
    print_paired(v, out);
    print_seeds(v, out);
    print_likelihood(v, out);
    print_legend(v, out);
}
