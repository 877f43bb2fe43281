/* A verdict as tables for people: see verdict.h. Sources are rows, a few figures are columns. */
#include "likelihood.h"
#include "verdict.h"
#include "wrap.h"
#include <math.h>
#include <string.h>

enum {
    COLUMNS = 6,
    CELL = 12,
    LEAST_NAME = 18,
    MOST_NAME = 28,
    LEGEND = 15,
    NAME = TRAJ_PATH + 32
};

/* Decimals of a column: the most, and how few it falls to for a single wide figure's sake. */
enum { MOST_DECIMALS = 3, FEW_DECIMALS = 2 };

typedef struct shown {
    const char *key, *label;
} shown;

typedef struct block {
    const char *title;
    traj_group group;
    bool truth; /* recorded play has a row, too */
    shown column[COLUMNS];
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
    {"Score of the distribution, and likeness to what happens, all agents",
     TRAJ_GROUP_ALL,
     true,
     {{"energy_score", "energy"},
      {"miss_rate", "miss_rate"},
      {"collision_rate", "collisions"},
      {"off_pitch_rate", "off_pitch"},
      {"speed_w1", "speed_w1"},
      {"accel_w1", "accel_w1"}}},
    {"Players (m)",
     TRAJ_GROUP_PLAYERS,
     false,
     {{"min_jade", "min_jade"},
      {"avg_jade", "avg_jade"},
      {"min_ade", "min_ade"},
      {"min_fde", "min_fde"},
      {"energy_score", "energy"},
      {"spread_skill", "calibration"}}},
    {"Ball (m)",
     TRAJ_GROUP_BALL,
     false,
     {{"min_jade", "min_jade"},
      {"avg_jade", "avg_jade"},
      {"min_jfde", "min_jfde"},
      {"avg_jfde", "avg_jfde"},
      {"energy_score", "energy"},
      {"spread_skill", "calibration"}}},
};
enum { BLOCKS = sizeof blocks / sizeof *blocks };

/* A figure and half the width of its interval; NaN where there is none. */
typedef struct cell {
    double value, half_width;
} cell;

static const cell nothing = {(double)NAN, (double)NAN};

/* One table on the page: rows are found one after the other from `first` on, so that some sources
 * or models may have none. */
typedef struct sheet sheet;
struct sheet {
    const traj_verdict *verdict;
    const block *block;                 /* what it is about; NULL: likelihoods */
    const char *title, *against, *rest; /* of the headline; against: a model's name, or NULL */
    int first, end, columns;
    bool (*name)(const sheet *s, int row, char name[NAME]); /* false: no such row */
    const char *(*label)(const sheet *s, int column);
    cell (*cell)(const sheet *s, int row, int column);
};

/* "3.601±0.121"; returns its columns, of which the sign is one. */
static int write_cell(char *text, size_t size, cell c, int decimals)
{
    if (!isfinite(c.value)) return snprintf(text, size, "-");
    const int columns = snprintf(text, size, "%.*f", decimals, c.value);
    if (!isfinite(c.half_width)) return columns;
    return columns +
           snprintf(text + columns, size - (size_t)columns, "\u00b1%.*f", decimals, c.half_width) -
           1;
}

static int fitting_decimals(cell c)
{
    char text[1024];
    int decimals = MOST_DECIMALS;
    while (decimals > 0 && write_cell(text, sizeof text, c, decimals) >= CELL) decimals--;
    return decimals;
}

static void print_cell(FILE *out, cell c, int decimals)
{
    char text[1024];
    const int fitting = fitting_decimals(c);
    const int columns = write_cell(text, sizeof text, c, fitting < decimals ? fitting : decimals);
    fprintf(out, "%*s%s", columns < CELL ? CELL - columns : 1, "", text);
}

static int columns_of(const char *text)
{
    return traj_columns(text, strlen(text));
}

/* A name that is too wide loses its beginning: what tells folders apart tends to be at the end.
 * Returns the columns left. */
static int print_name(FILE *out, int width, const char *name)
{
    const bool cut = columns_of(name) > width;
    while (columns_of(name) > width - cut || ((unsigned char)*name & 0xC0) == 0x80) name++;
    fprintf(out, "%s%s", cut ? "\u2026" : "", name);
    return width - cut - columns_of(name);
}

/* The same of all sheets, so that their columns stand below each other. */
static int name_width(const traj_verdict *v)
{
    int width = LEAST_NAME;
    for (int s = 0; s < v->evaluation->sources; s++) {
        const int columns = columns_of(v->job->source[s].name);
        if (columns > width) width = columns;
    }
    return width < MOST_NAME ? width : MOST_NAME;
}

/* So many that the points of a column stand below each other. */
static int column_decimals(const sheet *s, int column)
{
    char name[NAME];
    int decimals = MOST_DECIMALS;
    for (int row = s->first; row < s->end; row++) {
        if (!s->name(s, row, name)) continue;
        const int fitting = fitting_decimals(s->cell(s, row, column));
        if (fitting < decimals) decimals = fitting;
    }
    return decimals > FEW_DECIMALS ? decimals : FEW_DECIMALS;
}

static void print_title(const sheet *s, FILE *out)
{
    fprintf(out, "\n%s", s->title);
    if (s->against) print_name(out, MOST_NAME, s->against);
    fprintf(out, "%s\n", s->rest);
}

/* Nothing where it has no row. */
static void print_sheet(const sheet *s, FILE *out)
{
    const int width = name_width(s->verdict);
    char name[NAME];
    bool any = false;
    for (int row = s->first; row < s->end; row++) {
        if (!s->name(s, row, name)) continue;
        if (!any) {
            print_title(s, out);
            fprintf(out, "%*s", width, "");
            for (int c = 0; c < s->columns; c++) fprintf(out, " %*s", CELL - 1, s->label(s, c));
            fputc('\n', out);
        }
        any = true;
        fprintf(out, "%*s", print_name(out, width, name), "");
        for (int c = 0; c < s->columns; c++)
            print_cell(out, s->cell(s, row, c), column_decimals(s, c));
        fputc('\n', out);
    }
}

static cell cell_of(traj_interval interval)
{
    return (cell){interval.value, (interval.high - interval.low) / 2};
}

static int figure_of(const sheet *s, int column)
{
    return traj_figure_find(s->block->column[column].key);
}

static const char *block_label(const sheet *s, int column)
{
    return s->block->column[column].label;
}

static bool source_name(const sheet *s, int row, char name[NAME])
{
    snprintf(name, NAME, "%s", s->verdict->job->source[row].name);
    return true;
}

/* Of recorded play's distance from what happened there is nothing to say. */
static cell source_cell(const sheet *s, int row, int column)
{
    const char *const key = s->block->column[column].key;
    if (row == 0 && (!strcmp(key, "energy_score") || !strcmp(key, "miss_rate"))) return nothing;
    return cell_of(
        *traj_summary_figure(s->verdict->summary, row, s->block->group, figure_of(s, column)));
}

static cell paired_cell(const sheet *s, int row, int column)
{
    return cell_of(
        *traj_summary_paired(s->verdict->summary, row, s->block->group, figure_of(s, column)));
}

/* The row of a configuration is its first model's. */
static bool seeds_name(const sheet *s, int row, char name[NAME])
{
    const traj_seeds seeds = traj_verdict_seeds(s->verdict, (size_t)row);
    snprintf(name, NAME, "%s, %zu seeds", s->verdict->contenders->item[row].name, seeds.count);
    return seeds.count > 0;
}

static cell seeds_cell(const sheet *s, int row, int column)
{
    const traj_seeds seeds = traj_verdict_seeds(s->verdict, (size_t)row);
    cell c;
    c.value =
        traj_seeds_mean(s->verdict, &seeds, s->block->group, figure_of(s, column), &c.half_width);
    return c;
}

static const char *likelihood_label(const sheet *s, int column)
{
    (void)s;
    return traj_likelihood_at(column)->label;
}

static bool likelihood_name(const sheet *s, int row, char name[NAME])
{
    const traj_contender *const contender = &s->verdict->contenders->item[row];
    snprintf(name, NAME, "%s", contender->name);
    return contender->score != NULL;
}

static cell likelihood_cell(const sheet *s, int row, int column)
{
    const traj_contender *const c = &s->verdict->contenders->item[row];
    const traj_mean m = traj_score_mean(c->score, c->scored, traj_likelihood_at(column)->sum);
    return (cell){m.mean, m.half_width};
}

/* A crowd has no ball. */
static bool has_members(const traj_verdict *v, traj_group group)
{
    return isfinite(
        traj_summary_figure(v->summary, 0, group, traj_figure_find("path_length"))->value);
}

static void print_blocks(const traj_verdict *v, FILE *out)
{
    for (const block *b = blocks; b < blocks + BLOCKS; b++) {
        const sheet s = {.verdict = v,
                         .block = b,
                         .title = b->title,
                         .rest = "",
                         .first = b->truth ? 0 : TRAJ_FIRST_CONTENDER,
                         .end = v->evaluation->sources,
                         .columns = COLUMNS,
                         .name = source_name,
                         .label = block_label,
                         .cell = source_cell};
        if (has_members(v, b->group)) print_sheet(&s, out);
    }
}

/* The first block again, as differences, and as means over seeds. */
static void print_comparisons(const traj_verdict *v, FILE *out)
{
    const int models = (int)v->contenders->count;
    const sheet paired = {.verdict = v,
                          .block = &blocks[0],
                          .title = "Difference from ",
                          .against = models ? v->contenders->item[0].name : NULL,
                          .rest = ", scene by scene (m; below 0 is better)",
                          .first = TRAJ_FIRST_CONTENDER + 1,
                          .end = TRAJ_FIRST_CONTENDER + models,
                          .columns = COLUMNS,
                          .name = source_name,
                          .label = block_label,
                          .cell = paired_cell};
    sheet seeds = paired;
    seeds.title = "Mean and standard deviation over seeds of one configuration (m)";
    seeds.against = NULL;
    seeds.rest = "";
    seeds.first = 0;
    seeds.end = models;
    seeds.name = seeds_name;
    seeds.cell = seeds_cell;
    print_sheet(&paired, out);
    print_sheet(&seeds, out);
}

static bool has_likelihood(const traj_verdict *v)
{
    for (size_t c = 0; c < v->contenders->count; c++)
        if (v->contenders->item[c].score) return true;
    return false;
}

static void print_likelihood(const traj_verdict *v, FILE *out)
{
    const sheet s = {.verdict = v,
                     .title = "Likelihood of the horizon given the burn-in (nats per agent-step)",
                     .rest = "",
                     .end = (int)v->contenders->count,
                     .columns = traj_likelihood_count(),
                     .name = likelihood_name,
                     .label = likelihood_label,
                     .cell = likelihood_cell};
    print_sheet(&s, out);
}

static void print_entry(FILE *out, const char *label, const char *text)
{
    traj_wrap wrap = traj_wrap_start(out, LEGEND, LEGEND);
    fprintf(out, "%s%*s", label, LEGEND - columns_of(label), "");
    traj_wrap_text(&wrap, text);
    traj_wrap_end(&wrap);
}

/* Whether a block that is printed before this one has the column. */
static bool is_explained(const traj_verdict *v, const block *b, const char *key)
{
    for (const block *before = blocks; before < b; before++)
        for (int i = 0; has_members(v, before->group) && i < COLUMNS; i++)
            if (!strcmp(before->column[i].key, key)) return true;
    return false;
}

/* One entry per column, each once. */
static void print_figures(const traj_verdict *v, FILE *out)
{
    for (const block *b = blocks; b < blocks + BLOCKS; b++)
        for (int i = 0; has_members(v, b->group) && i < COLUMNS; i++) {
            const traj_figure figure = traj_figure_at(traj_figure_find(b->column[i].key));
            char text[512];
            if (is_explained(v, b, figure.key)) continue;
            snprintf(text, sizeof text, *figure.unit ? "%s (%s)" : "%s", figure.definition,
                     figure.unit);
            print_entry(out, b->column[i].label, text);
        }
}

static void print_legend(const traj_verdict *v, FILE *out)
{
    static const char *const drawn[] = {"scenes", "blocks of scenes that share frames", "matches"};
    const bool likelihood = has_likelihood(v);
    char text[512];
    snprintf(text, sizeof text, "half of the 95 %% interval, by bootstrap over %zu %s%s",
             v->bootstrap->units, drawn[v->drawn], likelihood ? " (likelihood: normal)" : "");
    fputc('\n', out);
    print_entry(out, "\u00b1", text);
    snprintf(text, sizeof text,
             "lower; but collisions and off_pitch as in recorded play, calibration 1%s. "
             "Recorded play has as speed_w1 and accel_w1 the distance between two halves of it, "
             "which nobody need beat",
             likelihood ? ", elbo, iwae and recon higher" : "");
    print_entry(out, "better is", text);
    print_figures(v, out);
    if (likelihood)
        print_entry(out, "elbo, iwae",
                    "bounds on the log density of what happened; elbo = recon - kl, nll = minus "
                    "the better bound, bits/dim = that in bits per coordinate");
    fprintf(out,
            "\nmiss_m %g, radius_m %g, margin_m %g. --json has every figure, for players and "
            "ball apart,\nsecond by second and frame by frame.\n",
            v->job->limits.miss_m, v->job->limits.radius_m, v->job->limits.margin_m);
}

static void print_protocol(const traj_verdict *v, FILE *out)
{
    const traj_protocol *const p = v->job->protocol;
    const int stride = v->settings->rollout.stride;
    char windows[64] = "windows end to end";
    if (stride != p->burn_in + p->horizon)
        snprintf(windows, sizeof windows,
                 stride == 1 ? "a window every frame" : "a window every %d frames", stride);
    fprintf(out,
            "Protocol %s: %g Hz, %d frames observed, %d forecast, %s, %d samples\n"
            "%zu scenes of %zu windows, %zu agents: recorded in every frame, never put elsewhere\n",
            p->name, p->rate_hz, p->burn_in, p->horizon, windows, v->job->samples,
            v->evaluation->scenes, v->job->places, v->evaluation->agents);
}

void traj_verdict_print(const traj_verdict *v, FILE *out)
{
    print_protocol(v, out);
    print_blocks(v, out);
    print_comparisons(v, out);
    print_likelihood(v, out);
    print_legend(v, out);
}
