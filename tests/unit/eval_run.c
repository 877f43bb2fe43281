/* Evaluation runs: whole sets of scenes, from their places to each scene's figures. */
#include "eval_set.h"

#include "traj/base/memory.h"

#include <math.h>
#include <string.h>

static int setup(void **state)
{
    *state = traj_alloc(1, sizeof(eval_set));
    eval_set_init(*state);
    return 0;
}

static int teardown(void **state)
{
    eval_set_free(*state);
    traj_free(*state);
    return 0;
}

/* Calls check for every scene's metrics of a source, over the whole horizon and each of its
 * seconds, for all groups. */
static void for_each_figure(const traj_evaluation *e, int source, const char *key,
                            void (*check)(double value))
{
    const int metric = traj_metric_find(key);
    assert_true(metric >= 0);
    for (int g = 0; g < TRAJ_GROUPS; g++)
        for (int second = 0; second <= e->seconds; second++)
            for (size_t s = 0; s < e->scenes; s++)
                check(traj_evaluation_metric(e, source, (traj_group)g, second, metric)[s]);
}

static void is_zero(double value)
{
    assert_near(value, 0, 0);
}

static void is_five(double value)
{
    assert_near(value, 5, 1e-6);
}

static void is_one(double value)
{
    assert_near(value, 1, 0);
}

static const char *const distances[] = {
    "min_ade",  "min_fde",  "avg_ade",  "avg_fde",  "min_jade",     "min_jfde",
    "avg_jade", "avg_jfde", "mean_ade", "mean_fde", "energy_score", "energy_score_agent"};
enum { DISTANCES = sizeof distances / sizeof *distances };

static void perfect_is_zero_and_shifted_by_five_is_five(void **state)
{
    traj_evaluation e = eval_set_run(*state, 1);
    assert_true(e.scenes == SET_PLACES && e.agents == SET_PLACES * SET_AGENTS && e.seconds == 2);
    for (int i = 0; i < DISTANCES; i++) {
        for_each_figure(&e, SET_TRUTH, distances[i], is_zero);
        for_each_figure(&e, SET_PERFECT, distances[i], is_zero);
        for_each_figure(&e, SET_SHIFTED, distances[i], is_five);
        for_each_figure(&e, SET_ALIKE, distances[i], is_five); /* least and average alike */
    }
    for_each_figure(&e, SET_PERFECT, "miss_rate", is_zero);
    for_each_figure(&e, SET_SHIFTED, "miss_rate", is_one);
    traj_evaluation_free(&e);
}

/* Agents move unlike each other, so their ways tell whether each is judged as himself. */
static void everybody_is_himself(void **state)
{
    traj_evaluation e = eval_set_run(*state, 1);
    for (int source = SET_TRUTH; source <= SET_PERFECT; source++)
        for (size_t s = 0; s < e.scenes; s++) {
            const double match = s < SET_PLACES / 2 ? 1 : 2;
            const int metric = traj_metric_find("path_length");
            double players = 0;
            for (int a = 1; a < SET_AGENTS; a++) players += hypot(match * a, 1) / 8 / 3;
            assert_near(traj_evaluation_metric(&e, source, TRAJ_GROUP_PLAYERS, 0, metric)[s],
                        SET_FUTURE * players, 1e-5);
            assert_near(traj_evaluation_metric(&e, source, TRAJ_GROUP_BALL, 0, metric)[s],
                        SET_FUTURE * hypot(match * SET_AGENTS, 1) / 8, 1e-5);
        }
    traj_evaluation_free(&e);
}

static void curves_say_the_same(void **state)
{
    traj_evaluation e = eval_set_run(*state, 1);
    for (int f = 0; f < e.frames; f++)
        for (size_t s = 0; s < e.scenes; s++) {
            double value[SET_SOURCES][TRAJ_CURVES];
            for (int source = 0; source < e.sources; source++)
                for (int c = 0; c < TRAJ_CURVES; c++)
                    value[source][c] =
                        traj_evaluation_curve(&e, source, TRAJ_GROUP_ALL, (traj_curve)c, f)[s];
            assert_near(value[SET_PERFECT][TRAJ_CURVE_AVG], 0, 0);
            assert_near(value[SET_SHIFTED][TRAJ_CURVE_MIN], 5, 1e-6);
            assert_near(value[SET_ALIKE][TRAJ_CURVE_AVG], 5, 1e-6);
            assert_near(value[SET_ALIKE][TRAJ_CURVE_SKILL], 25, 1e-5);
            assert_near(value[SET_ALIKE][TRAJ_CURVE_SPREAD], 0, 1e-9);
            assert_true(isnan(value[SET_SHIFTED][TRAJ_CURVE_SPREAD])); /* of one sample */
            assert_true(value[SET_NOISY][TRAJ_CURVE_SPREAD] > 0);
        }
    const int metric = traj_metric_find("min_jfde");
    for (int source = 0; source < e.sources; source++)
        for (size_t s = 0; s < e.scenes; s++)
            assert_near(
                traj_evaluation_curve(&e, source, TRAJ_GROUP_ALL, TRAJ_CURVE_MIN, e.frames - 1)[s],
                traj_evaluation_metric(&e, source, TRAJ_GROUP_ALL, 0, metric)[s], 1e-9);
    traj_evaluation_free(&e);
}

static void joint_is_never_below_its_agents(void **state)
{
    traj_evaluation e = eval_set_run(*state, 1);
    static const char *const ladder[][3] = {{"min_ade", "min_jade", "avg_jade"},
                                            {"min_fde", "min_jfde", "avg_jfde"}};
    bool apart = false;
    for (int l = 0; l < 2; l++)
        for (int second = 0; second <= e.seconds; second++)
            for (size_t s = 0; s < e.scenes; s++) {
                double value[3];
                for (int i = 0; i < 3; i++)
                    value[i] = traj_evaluation_metric(&e, SET_NOISY, TRAJ_GROUP_ALL, second,
                                                      traj_metric_find(ladder[l][i]))[s];
                assert_true(value[0] <= value[1] && value[1] <= value[2]);
                apart = apart || (value[0] < value[1] && value[1] < value[2]);
            }
    assert_true(apart);
    traj_evaluation_free(&e);
}

/* All of a run that a source of noise could change. */
static bool same_bits(const traj_evaluation *a, const traj_evaluation *b)
{
    const size_t rows = (size_t)(a->sources * TRAJ_GROUPS) * a->scenes;
    const size_t metrics = rows * (size_t)((1 + a->seconds) * traj_metric_count());
    const size_t curves = rows * (size_t)(TRAJ_CURVES * a->frames);
    return a->scenes == b->scenes && !memcmp(a->metric, b->metric, metrics * sizeof *a->metric) &&
           !memcmp(a->curve, b->curve, curves * sizeof *a->curve);
}

static void threads_change_no_bit(void **state)
{
    eval_set *const set = *state;
    traj_evaluation one = eval_set_run(set, 1), three = eval_set_run(set, 3);
    set->job.seed++;
    traj_evaluation other = eval_set_run(set, 1);
    assert_true(same_bits(&one, &three));
    assert_false(same_bits(&one, &other));
    traj_evaluation_free(&one);
    traj_evaluation_free(&three);
    traj_evaluation_free(&other);
}

/* Who is missing in one frame of a window is forecast where he can be, and never judged. */
static void who_is_not_recorded_throughout_does_not_count(void **state)
{
    eval_set *const set = *state;
    eval_set_hide(set, 0, SET_WINDOW - 1, 2);                             /* scene 0: the end */
    eval_set_hide(set, 0, SET_WINDOW, 3);                                 /* scene 1: the past */
    for (size_t a = 0; a < SET_AGENTS; a++) eval_set_hide(set, 1, 20, a); /* scene 4: everybody */
    traj_evaluation e = eval_set_run(set, 2);
    assert_true(e.scenes == SET_PLACES - 1 && e.blocks == e.scenes);
    assert_int_equal(e.agents, 5 * SET_AGENTS - 2);
    const size_t places[] = {0, 1, 2, 3, 5};
    for (size_t s = 0; s < e.scenes; s++) {
        assert_int_equal(e.scene[s].place, places[s]);
        assert_int_equal(e.scene[s].agents, s < 2 ? SET_AGENTS - 1 : SET_AGENTS);
        assert_near(e.scene[s].time_s, (double)set->place[places[s]].frame / 5, 1e-9);
    }
    const double *const ball =
        traj_evaluation_metric(&e, SET_SHIFTED, TRAJ_GROUP_BALL, 0, traj_metric_find("min_ade"));
    assert_true(isnan(ball[1]));
    assert_near(ball[0], 5, 1e-6);
    traj_evaluation_free(&e);
}

static void a_set_of_no_scenes_is_an_error(void **state)
{
    eval_set *const set = *state;
    traj_pool *pool;
    traj_evaluation e;
    traj_error err = {TRAJ_OK, ""};
    for (int r = 0; r < SET_RECORDINGS; r++)
        for (size_t f = 0; f < SET_FRAMES; f += SET_WINDOW)
            for (size_t a = 0; a < SET_AGENTS; a++) eval_set_hide(set, r, f, a);
    assert_int_equal(traj_pool_new(&pool, 1, NULL), TRAJ_OK);
    assert_int_equal(traj_evaluation_run(&set->job, pool, &e, &err), TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "match 0: not one of 6 windows of 14 frames at 5 Hz"));
    assert_null(e.scene);
    traj_pool_destroy(pool);
}

/* Whichever worker is first, the first scene's error is told. */
static void the_first_error_is_told(void **state)
{
    eval_set *const set = *state;
    set->job.sources = SET_BROKEN + 1;
    for (int threads = 1; threads <= 3; threads++) {
        traj_pool *pool;
        traj_evaluation e;
        traj_error err = {TRAJ_OK, ""};
        assert_int_equal(traj_pool_new(&pool, threads, NULL), TRAJ_OK);
        assert_int_equal(traj_evaluation_run(&set->job, pool, &e, &err), TRAJ_E_DATA);
        assert_string_equal(err.text, "scene 1 is broken");
        assert_true(!e.scene && !e.metric && !e.curve && !e.histogram);
        traj_pool_destroy(pool);
    }
}

static void memory_may_end_anywhere(void **state)
{
    const eval_set *const set = *state;
    traj_pool *pool;
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    assert_int_equal(traj_pool_new(&pool, 1, NULL), TRAJ_OK);
    while (status != TRAJ_OK) {
        traj_evaluation e;
        traj_error err;
        traj_alloc_fail_at(++n);
        status = traj_evaluation_run(&set->job, pool, &e, &err);
        traj_alloc_fail_at(0);
        if (status == TRAJ_OK) {
            traj_evaluation_free(&e);
        } else {
            assert_int_equal(status, TRAJ_E_MEMORY);
            assert_int_equal(err.status, TRAJ_E_MEMORY);
        }
        assert_true(!e.scene && !e.metric && !e.curve && !e.histogram);
    }
    assert_true(n > 2 * SET_PLACES); /* each scene is cut twice */
    traj_pool_destroy(pool);
}

/* Windows a frame apart: what begins within two windows is one block. */
static void scenes_that_share_frames_are_blocks(void **state)
{
    eval_set *const set = *state;
    enum { ALL = SET_FRAMES - SET_WINDOW + 1 };
    traj_eval_place place[2 * ALL];
    int unit[2 * ALL];
    for (size_t i = 0; i < 2 * ALL; i++)
        place[i] = (traj_eval_place){.recording = i / ALL, .frame = i % ALL + SET_PAST - 1};
    set->job.place = place;
    set->job.places = 2 * ALL;
    traj_evaluation e = eval_set_run(set, 1);
    assert_true(e.scenes == 2 * ALL && e.blocks == 4);
    assert_int_equal(traj_evaluation_units(&e, &set->job, unit), TRAJ_DRAWN_BLOCKS);
    for (size_t s = 0; s < e.scenes; s++) {
        const size_t first = s % ALL;
        /* places are known to a frame, so a block is two frames short of two windows */
        assert_int_equal(unit[s], 2 * (s / ALL) + first / (2 * SET_WINDOW - 2));
        assert_int_equal(unit[s], e.scene[s].block);
    }
    traj_evaluation_free(&e);
}

static void scenes_of_their_own_are_no_blocks(void **state)
{
    eval_set *const set = *state;
    int unit[SET_PLACES];
    traj_evaluation e = eval_set_run(set, 1);
    assert_int_equal(traj_evaluation_units(&e, &set->job, unit), TRAJ_DRAWN_SCENES);
    for (int s = 0; s < SET_PLACES; s++) assert_int_equal(unit[s], s);
    traj_evaluation_free(&e);
}

/* From five matches on they are drawn as wholes, whether all of them have scenes or not. */
static void five_matches_are_drawn_whole(void **state)
{
    eval_set *const set = *state;
    traj_recording recording[SET_PLACES + 1];
    int unit[SET_PLACES];
    for (int i = 0; i < SET_PLACES; i++) {
        const int from = i < 3 ? 0 : 1, to = i < 4 ? i : i + 1; /* the fifth has none */
        recording[to] = set->recording[from];
        set->place[i].recording = (size_t)to;
    }
    recording[4] = set->recording[0];
    set->place[1].recording = 0;
    set->job.recording = recording;
    traj_evaluation e = eval_set_run(set, 1);
    assert_int_equal(traj_evaluation_units(&e, &set->job, unit), TRAJ_DRAWN_MATCHES);
    const int expected[SET_PLACES] = {0, 0, 1, 2, 3, 4};
    assert_memory_equal(unit, expected, sizeof unit);
    traj_evaluation_free(&e);
}

/* Counts of all scenes, of each half, and of scenes drawn twice. */
static void histograms_are_pooled(void **state)
{
    enum { SPEED = 0 };
    const eval_set *const set = *state;
    traj_evaluation e = eval_set_run(set, 1);
    const uint16_t twice[SET_PLACES] = {2, 2, 2, 2, 2, 2}, never[SET_PLACES] = {0};
    const size_t bins = (size_t)traj_quantity_bins(SPEED);
    double *const pooled = traj_alloc(5 * bins, sizeof *pooled);
    double *const all = pooled, *const even = pooled + bins, *const odd = pooled + 2 * bins;
    double sum = 0;
    traj_evaluation_pool(&e, SET_NOISY, TRAJ_GROUP_ALL, SPEED, TRAJ_BOTH_HALVES, NULL, all);
    traj_evaluation_pool(&e, SET_NOISY, TRAJ_GROUP_ALL, SPEED, TRAJ_EVEN_HALF, NULL, even);
    traj_evaluation_pool(&e, SET_NOISY, TRAJ_GROUP_ALL, SPEED, TRAJ_ODD_HALF, NULL, odd);
    traj_evaluation_pool(&e, SET_NOISY, TRAJ_GROUP_ALL, SPEED, TRAJ_BOTH_HALVES, twice,
                         pooled + 3 * bins);
    traj_evaluation_pool(&e, SET_NOISY, TRAJ_GROUP_ALL, SPEED, TRAJ_BOTH_HALVES, never,
                         pooled + 4 * bins);
    for (size_t b = 0; b < bins; b++) {
        assert_near(all[b], even[b] + odd[b], 0);
        assert_near(pooled[3 * bins + b], 2 * all[b], 0);
        assert_near(pooled[4 * bins + b], 0, 0);
        sum += all[b];
    }
    assert_near(sum, SET_PLACES * SET_AGENTS * SET_FUTURE * SET_SAMPLES, 0);
    assert_true(memcmp(even, odd, bins * sizeof *even) != 0);
    traj_free(pooled);
    traj_evaluation_free(&e);
}

int eval_run_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_set_of_no_scenes_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_error_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_may_end_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(perfect_is_zero_and_shifted_by_five_is_five, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(everybody_is_himself, setup, teardown),
        cmocka_unit_test_setup_teardown(curves_say_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(joint_is_never_below_its_agents, setup, teardown),
        cmocka_unit_test_setup_teardown(threads_change_no_bit, setup, teardown),
        cmocka_unit_test_setup_teardown(who_is_not_recorded_throughout_does_not_count, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(scenes_that_share_frames_are_blocks, setup, teardown),
        cmocka_unit_test_setup_teardown(scenes_of_their_own_are_no_blocks, setup, teardown),
        cmocka_unit_test_setup_teardown(five_matches_are_drawn_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(histograms_are_pooled, setup, teardown),
    };
    return cmocka_run_group_tests_name("evaluation", tests, NULL, NULL);
}
