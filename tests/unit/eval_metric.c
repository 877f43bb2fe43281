/* Metrics that judge a forecast by the truth: laws that hold whatever the numbers are. The numbers
 * themselves are golden/golden_metrics.c. */
#include "eval_groups.h"

#include "traj/base/noise.h"
#include "traj/eval/bootstrap.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Metres from the truth: 0 for a perfect forecast, d for one that is d away. */
static const char *const distances[] = {
    "min_ade",  "min_fde",  "avg_ade",  "avg_fde",  "min_jade",     "min_jfde",
    "avg_jade", "avg_jfde", "mean_ade", "mean_fde", "energy_score", "energy_score_agent",
    "skill"};
enum { DISTANCES = sizeof distances / sizeof *distances };

static void table_is_whole(void **state)
{
    (void)state;
    static const char *const promised[] = {
        "min_ade",        "min_fde",  "avg_ade",   "avg_fde",        "min_jade",    "min_jfde",
        "avg_jade",       "avg_jfde", "miss_rate", "kde_nll",        "mean_ade",    "mean_fde",
        "off_pitch_rate", "spread",   "diversity", "collision_rate", "energy_score"};
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++)
        assert_true(traj_metric_find(promised[i]) >= 0);
    for (int i = 0; i < traj_metric_count(); i++) {
        const traj_metric *const metric = traj_metric_at(i);
        assert_int_equal(traj_metric_find(metric->key), i); /* so no key stands twice */
        assert_true(strlen(metric->definition) > 10);
        if (metric->divisor) assert_true(traj_metric_find(metric->divisor) >= 0);
    }
    assert_int_equal(traj_metric_find("ade"), -1);
}

static void groups_are_kinds(void **state)
{
    (void)state;
    for (int kind = 0; kind < TRAJ_KINDS; kind++) {
        const bool ball = kind == TRAJ_BALL;
        assert_true(traj_group_has(TRAJ_GROUP_ALL, (unsigned char)kind));
        assert_int_equal(traj_group_has(TRAJ_GROUP_BALL, (unsigned char)kind), ball);
        assert_int_equal(traj_group_has(TRAJ_GROUP_PLAYERS, (unsigned char)kind), !ball);
    }
    assert_string_equal(traj_group_name(TRAJ_GROUP_PLAYERS), "players");
}

static void nobody_has_no_figure(void **state)
{
    (void)state;
    eval_case c;
    eval_case_init(&c, 5, 6, 3);
    eval_case_shake(&c, 0);
    c.kind[2] = TRAJ_HOME_GK;
    for (int i = 0; i < traj_metric_count(); i++) {
        const char *const key = traj_metric_at(i)->key;
        assert_true(isnan(eval_figure(&c, key, TRAJ_GROUP_BALL)));
        assert_true(isfinite(eval_figure(&c, key, TRAJ_GROUP_ALL)));
    }
}

/* All samples the truth, moved by (x,y). */
static void repeat_truth(eval_case *c, float x, float y)
{
    for (int k = 0; k < c->scene.samples; k++)
        for (int t = 0; t < c->scene.frames; t++)
            for (int a = 0; a < c->scene.agents; a++) {
                eval_sample(c, k, t, a)[0] = eval_truth(c, t, a)[0] + x;
                eval_sample(c, k, t, a)[1] = eval_truth(c, t, a)[1] + y;
            }
}

static void perfect_is_zero_and_shifted_is_shift(void **state)
{
    (void)state;
    eval_case c;
    for (int samples = 1; samples <= 5; samples += 4) {
        eval_case_init(&c, samples, 7, 4);
        eval_case_shake(&c, 1);
        for (int g = 0; g < TRAJ_GROUPS; g++) {
            repeat_truth(&c, 0, 0);
            for (int i = 0; i < DISTANCES; i++)
                assert_true(eval_figure(&c, distances[i], (traj_group)g) == 0);
            assert_true(eval_figure(&c, "miss_rate", (traj_group)g) == 0);
            repeat_truth(&c, 3, -4); /* the sums of floats up to 50 m round at 4e-6 */
            for (int i = 0; i < DISTANCES; i++)
                assert_near(eval_figure(&c, distances[i], (traj_group)g), 5, 1e-5);
            assert_true(eval_figure(&c, "miss_rate", (traj_group)g) == 1);
            assert_true(eval_figure(&c, "joint_miss_rate", (traj_group)g) == 1);
        }
    }
}

static void equal_samples_have_one_error(void **state)
{
    (void)state;
    eval_case c;
    eval_case_init(&c, 4, 7, 4);
    eval_case_shake(&c, 2);
    const size_t size = 7 * 4 * 2;
    for (size_t k = 1; k < 4; k++) memcpy(c.forecast + k * size, c.forecast, size * sizeof(float));
    for (int g = 0; g < TRAJ_GROUPS; g++) {
        const double ade = eval_figure(&c, "avg_ade", (traj_group)g);
        const double fde = eval_figure(&c, "avg_fde", (traj_group)g);
        assert_near(eval_figure(&c, "min_ade", (traj_group)g), ade, 1e-12);
        assert_near(eval_figure(&c, "min_fde", (traj_group)g), fde, 1e-12);
        assert_near(eval_figure(&c, "min_jade", (traj_group)g), ade, 1e-12);
        assert_near(eval_figure(&c, "min_jfde", (traj_group)g), fde, 1e-12);
        assert_near(eval_figure(&c, "mean_ade", (traj_group)g), ade, 1e-12);
        assert_near(eval_figure(&c, "mean_fde", (traj_group)g), fde, 1e-12);
        assert_near(eval_figure(&c, "diversity", (traj_group)g), 0, 1e-12);
        assert_near(eval_figure(&c, "spread", (traj_group)g), 0, 1e-12);
        assert_near(eval_figure(&c, "spread_skill", (traj_group)g), 0, 1e-12);
    }
}

static void joint_is_never_below_per_agent(void **state)
{
    (void)state;
    eval_case c;
    bool ever_above = false;
    for (uint32_t number = 0; number < 200; number++) {
        eval_case_init(&c, 1 + (int)(number % 7), 1 + (int)(number % 5), 2 + (int)(number % 6));
        eval_case_shake(&c, number);
        for (int g = 0; g < TRAJ_GROUPS; g++) {
            const traj_group group = (traj_group)g;
            const double ade = eval_figure(&c, "min_ade", group);
            const double jade = eval_figure(&c, "min_jade", group);
            assert_true(jade >= ade);
            assert_true(eval_figure(&c, "avg_jade", group) >= jade);
            assert_true(eval_figure(&c, "min_jfde", group) >= eval_figure(&c, "min_fde", group));
            assert_true(eval_figure(&c, "joint_miss_rate", group) >=
                        eval_figure(&c, "miss_rate", group));
            ever_above = ever_above || jade > ade;
            /* a norm is convex; the two add up in another order */
            assert_true(eval_figure(&c, "mean_ade", group) <=
                        eval_figure(&c, "avg_ade", group) + 1e-12);
            /* one agent: joint is per agent */
            if (group == TRAJ_GROUP_BALL) assert_true(jade == ade);
        }
    }
    assert_true(ever_above);
}

/* The best sample of all may be nobody's best: two agents, each hit by one of two samples. */
static void best_of_each_and_best_of_all(void **state)
{
    (void)state;
    eval_case c;
    eval_case_init(&c, 2, 1, 2);
    eval_sample(&c, 0, 0, 0)[1] = 3;
    eval_sample(&c, 1, 0, 1)[1] = 5;
    assert_near(eval_figure(&c, "min_fde", TRAJ_GROUP_ALL), 0, 0);
    assert_near(eval_figure(&c, "min_jfde", TRAJ_GROUP_ALL), 1.5, 1e-12);
    assert_near(eval_figure(&c, "avg_jfde", TRAJ_GROUP_ALL), 2, 1e-12);
    assert_near(eval_figure(&c, "miss_rate", TRAJ_GROUP_ALL), 0, 0);
    assert_near(eval_figure(&c, "joint_miss_rate", TRAJ_GROUP_ALL), 1, 0);
    eval_sample(&c, 0, 0, 0)[1] = 2; /* exactly at the limit: no miss */
    assert_near(eval_figure(&c, "joint_miss_rate", TRAJ_GROUP_ALL), 0, 0);
}

static void later_frames_are_not_seen(void **state)
{
    (void)state;
    enum { SAMPLES = 5, FRAMES = 8, AGENTS = 4, FIRST = 3 };
    eval_case c[2];
    traj_metric_limits limits;
    traj_arena arena;
    traj_metric_limits_init(&limits);
    for (int i = 0; i < 2; i++) {
        eval_case_init(&c[i], SAMPLES, FRAMES, AGENTS);
        eval_case_shake(&c[i], 3);
    }
    for (int t = FIRST; t < FRAMES; t++)
        for (int k = 0; k < SAMPLES; k++) eval_sample(&c[1], k, t, 0)[0] = NAN;
    assert_int_equal(traj_arena_init(&arena, traj_metric_bytes(SAMPLES, FRAMES, AGENTS), NULL),
                     TRAJ_OK);
    for (int m = 0; m < traj_metric_count(); m++) {
        double value[2];
        for (int i = 0; i < 2; i++) {
            const traj_eval_scene prefix = traj_eval_prefix(&c[i].scene, FIRST, &arena);
            value[i] = traj_metric_at(m)->value(&prefix, TRAJ_GROUP_ALL, &limits, &arena);
            traj_arena_release(&arena, 0);
        }
        assert_memory_equal(&value[0], &value[1], sizeof *value);
    }
    traj_arena_free(&arena);
}

/* One agent in one frame: truth and samples drawn alike, the samples then scaled. */
static void draw_alike(eval_case *c, uint32_t number, float scale)
{
    const int samples = c->scene.samples;
    traj_real normal[2 * (EVAL_SAMPLES + 1)];
    const traj_noise noise = {5, TRAJ_STREAM_TEST, 0};
    traj_noise_normal(&noise, number, 0, 0, normal, (size_t)(2 * (samples + 1)));
    for (int i = 0; i < 2; i++) {
        c->truth[i] = (float)normal[i];
        for (int k = 0; k < samples; k++)
            eval_sample(c, k, 0, 0)[i] = scale * (float)normal[2 * (k + 1) + i];
    }
}

enum { DRAWS = 4000 };

/* Means over draws; a proper score is least where samples are distributed as the truth is. */
static double mean_figure(const char *key, int samples, float scale)
{
    eval_case c;
    double sum = 0;
    eval_case_init(&c, samples, 1, 1);
    for (uint32_t n = 0; n < DRAWS; n++) {
        draw_alike(&c, n, scale);
        sum += eval_figure(&c, key, TRAJ_GROUP_ALL);
    }
    return sum / DRAWS;
}

static void scores_prefer_the_true_distribution(void **state)
{
    (void)state;
    static const char *const scores[] = {"energy_score", "energy_score_agent", "kde_nll"};
    for (int i = 0; i < 3; i++) {
        const double right = mean_figure(scores[i], 20, 1);
        assert_true(right < mean_figure(scores[i], 20, 0.5F));
        assert_true(right < mean_figure(scores[i], 20, 2));
    }
    /* two normal vectors of two dimensions are sqrt(pi) apart: ES = sqrt(pi) - sqrt(pi)/2, whatever
     * K. A standard error of 4000 draws is 0.007. */
    assert_near(mean_figure("energy_score", 3, 1), 0.886, 0.03);
    assert_near(mean_figure("energy_score", 20, 1), 0.886, 0.03);
    /* the entropy of the truth, log 2 pi e = 2.84, and some more for the kernels' width */
    assert_in_range((int)(100 * mean_figure("kde_nll", 20, 1)), 284, 310);
}

static void calibrated_is_one(void **state)
{
    (void)state;
    enum { SAMPLES = 3 };
    static double ratio[DRAWS], skill[DRAWS];
    static int unit[DRAWS];
    traj_bootstrap bootstrap;
    eval_case c;
    double mean = 0;
    eval_case_init(&c, SAMPLES, 1, 1);
    for (uint32_t n = 0; n < DRAWS; n++) {
        draw_alike(&c, n, 1);
        unit[n] = (int)n;
        ratio[n] = eval_figure(&c, "spread_skill", TRAJ_GROUP_ALL);
        skill[n] = eval_figure(&c, "skill", TRAJ_GROUP_ALL);
        mean += ratio[n] / DRAWS;
    }
    assert_int_equal(traj_bootstrap_init(&bootstrap, unit, DRAWS, 200, 1, NULL), TRAJ_OK);
    const traj_interval pooled = traj_bootstrap_ratio(&bootstrap, ratio, skill);
    assert_near(pooled.value, 1, 0.03);
    assert_true(pooled.low < 1 && pooled.high > 1);
    assert_true(mean > 1.2); /* which is why it is not averaged */
    traj_bootstrap_free(&bootstrap);
}

static void densities_stay_finite(void **state)
{
    (void)state;
    eval_case c;
    eval_case_init(&c, 5, 2, 2);
    const double hit = eval_figure(&c, "kde_nll", TRAJ_GROUP_ALL); /* all in one point, and right */
    assert_true(isfinite(hit) && hit < -10);
    repeat_truth(&c, 1, 0);
    assert_near(eval_figure(&c, "kde_nll", TRAJ_GROUP_ALL), 20, 0); /* and wrong */
    eval_case_init(&c, 2, 2, 2);
    assert_true(isnan(eval_figure(&c, "kde_nll", TRAJ_GROUP_ALL)));
    eval_case_init(&c, 1, 2, 2);
    assert_true(isnan(eval_figure(&c, "spread", TRAJ_GROUP_ALL)));
    assert_true(isnan(eval_figure(&c, "diversity", TRAJ_GROUP_ALL)));
}

int eval_metric_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_whole),
        cmocka_unit_test(groups_are_kinds),
        cmocka_unit_test(nobody_has_no_figure),
        cmocka_unit_test(perfect_is_zero_and_shifted_is_shift),
        cmocka_unit_test(equal_samples_have_one_error),
        cmocka_unit_test(joint_is_never_below_per_agent),
        cmocka_unit_test(best_of_each_and_best_of_all),
        cmocka_unit_test(later_frames_are_not_seen),
        cmocka_unit_test(scores_prefer_the_true_distribution),
        cmocka_unit_test(calibrated_is_one),
        cmocka_unit_test(densities_stay_finite),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
