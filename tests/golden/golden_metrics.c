/* Every metric and every distance of distributions against tools/golden_metrics.py. */
#include "golden/golden_groups.h"
#include "traj/base/memory.h"
#include "traj/eval/distribution.h"
#include "traj/eval/metric.h"
#include "traj/io/json.h"
#include "unit/check.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Coordinates are the same numbers on both sides and all sums are in double: what is left is the
 * rounding of a few thousand additions. */
static const double tolerance = 1e-9;

enum { MOST_AGENTS = 8, MOST_NUMBERS = 2048, MOST_BINS = 1024 };

typedef struct fixture {
    traj_json *root; /* owned */
    traj_metric_limits limits;
    traj_arena arena; /* owned */
} fixture;

/* One scene of the file, in storage of its own. */
typedef struct golden_scene {
    traj_eval_scene scene;
    unsigned char kind[MOST_AGENTS];
    float past_m[2 * MOST_AGENTS * 2], truth_m[MOST_NUMBERS], forecast_m[MOST_NUMBERS];
} golden_scene;

static double number_of(const traj_json *object, const char *key)
{
    double number;
    if (!traj_json_number(traj_json_get(object, key), &number)) fail_msg("no number '%s'", key);
    return number;
}

/* null is NaN. */
static void read_numbers(const traj_json *object, const char *key, float *out, size_t most)
{
    const traj_json *const array = traj_json_get(object, key);
    assert_in_range(traj_json_count(array), 1, most);
    for (const traj_json *m = traj_json_first(array); m; m = traj_json_next(m)) {
        double number;
        *out++ = traj_json_number(m, &number) ? (float)number : NAN;
    }
}

static void read_scene(const traj_json *object, golden_scene *g)
{
    float kind[MOST_AGENTS], half[2];
    g->scene = (traj_eval_scene){.samples = (int)number_of(object, "samples"),
                                 .frames = (int)number_of(object, "frames"),
                                 .agents = (int)number_of(object, "agents"),
                                 .rate_hz = number_of(object, "rate_hz"),
                                 .kind = g->kind,
                                 .past_m = g->past_m,
                                 .truth_m = g->truth_m,
                                 .forecast_m = g->forecast_m};
    read_numbers(object, "kind", kind, MOST_AGENTS);
    read_numbers(object, "half_m", half, 2);
    read_numbers(object, "past_m", g->past_m, sizeof g->past_m / sizeof *g->past_m);
    read_numbers(object, "truth_m", g->truth_m, MOST_NUMBERS);
    read_numbers(object, "forecast_m", g->forecast_m, MOST_NUMBERS);
    for (int a = 0; a < g->scene.agents; a++) g->kind[a] = (unsigned char)kind[a];
    for (int i = 0; i < 2; i++) g->scene.half_m[i] = (double)half[i];
}

static int setup(void **state)
{
    fixture *const f = traj_alloc(1, sizeof *f);
    traj_error err;
    if (traj_json_read(TRAJ_SOURCE_DIR "/tests/golden/metrics.json", &f->root, &err) != TRAJ_OK)
        fail_msg("%s", err.text);
    const traj_json *const limits = traj_json_get(f->root, "limits");
    f->limits = (traj_metric_limits){.miss_m = number_of(limits, "miss_m"),
                                     .radius_m = number_of(limits, "radius_m"),
                                     .margin_m = number_of(limits, "margin_m"),
                                     .player_mps = number_of(limits, "player_mps"),
                                     .ball_mps = number_of(limits, "ball_mps"),
                                     .acceleration_mps2 = number_of(limits, "acceleration_mps2")};
    assert_int_equal(traj_arena_init(&f->arena, 1 << 20, NULL), TRAJ_OK);
    f->arena.poison_nan = true;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *const f = *state;
    traj_arena_free(&f->arena);
    traj_json_free(f->root);
    traj_free(f);
    return 0;
}

/* A figure that the file lacks, or has as null, is NaN. */
static void compare(const traj_json *expected, const char *key, double actual)
{
    double number;
    const traj_json *const value = traj_json_get(expected, key);
    if (!traj_json_number(value, &number)) number = NAN;
    if (isnan(number) && isnan(actual)) return;
    if (!(fabs(actual - number) <= tolerance * fmax(1, fabs(number))))
        fail_msg("%s is %.15g, Python has %.15g", key, actual, number);
}

static void compare_metrics(fixture *f, const traj_eval_scene *scene, const traj_json *expected)
{
    for (int g = 0; g < TRAJ_GROUPS; g++) {
        const traj_json *const figures = traj_json_get(expected, traj_group_name((traj_group)g));
        /* those of avg_jade and so on: a key of the file that the table lacks would go unseen */
        for (const traj_json *m = traj_json_first(figures); m; m = traj_json_next(m))
            if (traj_metric_find(traj_json_key(m)) < 0)
                fail_msg("no metric '%s'", traj_json_key(m));
        for (int i = 0; i < traj_metric_count(); i++) {
            const traj_metric *const metric = traj_metric_at(i);
            compare(figures, metric->key,
                    metric->value(scene, (traj_group)g, &f->limits, &f->arena));
        }
    }
}

static void metrics_are_numpys(void **state)
{
    fixture *const f = *state;
    const traj_json *s = traj_json_first(traj_json_get(f->root, "scenes"));
    assert_non_null(s);
    for (; s; s = traj_json_next(s)) {
        golden_scene g;
        read_scene(s, &g);
        compare_metrics(f, &g.scene, traj_json_get(s, "metrics"));
        const size_t mark = traj_arena_mark(&f->arena);
        const traj_eval_scene prefix =
            traj_eval_prefix(&g.scene, (int)number_of(f->root, "prefix"), &f->arena);
        compare_metrics(f, &prefix, traj_json_get(s, "prefix_metrics"));
        traj_arena_release(&f->arena, mark);
    }
}

static void compare_quantity(const fixture *f, int quantity, traj_group group)
{
    static double forecast[MOST_BINS], truth[MOST_BINS];
    const traj_json *const groups = traj_json_get(f->root, "distributions");
    const traj_json *const expected = traj_json_get(groups, traj_group_name(group));
    char key[64];
    memset(forecast, 0, sizeof forecast);
    memset(truth, 0, sizeof truth);
    assert_in_range(traj_quantity_bins(quantity), 1, MOST_BINS);
    const traj_json *s = traj_json_first(traj_json_get(f->root, "scenes"));
    for (; s; s = traj_json_next(s)) {
        golden_scene g;
        read_scene(s, &g);
        traj_quantity_count_forecast(quantity, &g.scene, group, forecast);
        traj_quantity_count_truth(quantity, &g.scene, group, truth);
    }
    snprintf(key, sizeof key, "%s_w1", traj_quantity_at(quantity)->key);
    compare(expected, key, traj_quantity_w1(quantity, forecast, truth));
    snprintf(key, sizeof key, "%s_js", traj_quantity_at(quantity)->key);
    compare(expected, key, traj_quantity_js(quantity, forecast, truth));
}

static void distributions_are_scipys(void **state)
{
    for (int q = 0; q < traj_quantity_count(); q++) {
        for (int g = 0; g < TRAJ_GROUPS; g++) compare_quantity(*state, q, (traj_group)g);
    }
}

int golden_metrics_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(metrics_are_numpys, setup, teardown),
        cmocka_unit_test_setup_teardown(distributions_are_scipys, setup, teardown),
    };
    return cmocka_run_group_tests_name("golden metrics", tests, NULL, NULL);
}
