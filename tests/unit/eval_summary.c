/* From scenes to figures of a set: the list of figures, protocols, means, pairs, intervals. */
#include "eval_set.h"

#include "traj/base/memory.h"
#include "traj/eval/figure.h"

#include <math.h>
#include <string.h>

enum { RESAMPLES = 60 };

typedef struct fixture {
    eval_set set;
    traj_evaluation evaluation;
    traj_bootstrap bootstrap;
    traj_pool *pool;
} fixture;

static int setup(void **state)
{
    fixture *const f = *state = traj_alloc(1, sizeof *f);
    int unit[SET_PLACES];
    eval_set_init(&f->set);
    f->evaluation = eval_set_run(&f->set, 1);
    traj_evaluation_units(&f->evaluation, &f->set.job, unit);
    assert_int_equal(traj_bootstrap_init(&f->bootstrap, unit, SET_PLACES, RESAMPLES, 1, NULL),
                     TRAJ_OK);
    assert_int_equal(traj_pool_new(&f->pool, 1, NULL), TRAJ_OK);
    return 0;
}

static int teardown(void **state)
{
    fixture *const f = *state;
    traj_pool_destroy(f->pool);
    traj_bootstrap_free(&f->bootstrap);
    traj_evaluation_free(&f->evaluation);
    eval_set_free(&f->set);
    traj_free(f);
    return 0;
}

static traj_summary summary_of(const fixture *f, int reference)
{
    traj_summary s;
    assert_int_equal(traj_summary_make(&f->evaluation, &f->bootstrap, reference, f->pool, &s, NULL),
                     TRAJ_OK);
    return s;
}

static traj_interval figure_of(const traj_summary *s, int source, traj_group group, const char *key)
{
    return *traj_summary_figure(s, source, group, traj_figure_find(key));
}

static double mean_of(const fixture *f, int source, int second, const char *key)
{
    const double *const value = traj_evaluation_metric(&f->evaluation, source, TRAJ_GROUP_ALL,
                                                       second, traj_metric_find(key));
    double sum = 0;
    for (size_t s = 0; s < f->evaluation.scenes; s++) sum += value[s];
    return sum / (double)f->evaluation.scenes;
}

static void figures_have_names(void **state)
{
    (void)state;
    assert_int_equal(traj_figure_find("no such figure"), -1);
    assert_int_equal(traj_figure_find("location_w1"), -1); /* two-dimensional */
    for (int i = 0; i < traj_figure_count(); i++) {
        const traj_figure f = traj_figure_at(i);
        assert_int_equal(traj_figure_find(f.key), i);
        assert_true((f.metric >= 0) != (f.quantity >= 0));
        assert_true(strlen(f.definition) > 10 && strlen(f.definition) < sizeof f.definition - 1);
    }
    assert_string_equal(traj_figure_at(traj_figure_find("speed_w1")).unit, "m/s");
    assert_string_equal(traj_figure_at(traj_figure_find("speed_js")).unit, "nats");
}

static void below_the_first_figure(void)
{
    (void)traj_figure_at(-1);
}

static void behind_the_last_figure(void)
{
    (void)traj_figure_at(traj_figure_count());
}

static void figures_end(void **state)
{
    (void)state;
    assert_true(check_aborts(below_the_first_figure) && check_aborts(behind_the_last_figure));
}

static void protocols_have_names(void **state)
{
    (void)state;
    const char *const *const names = traj_protocol_names();
    assert_null(traj_protocol_find("no such protocol"));
    for (int i = 0; i < traj_protocol_count(); i++) {
        const traj_protocol *const p = traj_protocol_at(i);
        assert_string_equal(p->name, names[i]);
        assert_ptr_equal(traj_protocol_find(names[i]), p);
        assert_true(p->rate_hz > 0 && p->burn_in >= 2 && p->horizon > 0);
        assert_true(p->stride == (strcmp(p->name, "ethucy") ? p->burn_in + p->horizon : 1));
        assert_true(strlen(p->source) && strlen(p->eligible) && strlen(p->scenes));
    }
    assert_null(names[traj_protocol_count()]);
}

static void memory_may_end_anywhere(void **state)
{
    const fixture *const f = *state;
    traj_status status = TRAJ_E_MEMORY;
    for (long n = 1; status != TRAJ_OK; n++) {
        traj_summary s;
        traj_error err;
        traj_alloc_fail_at(n);
        status = traj_summary_make(&f->evaluation, &f->bootstrap, 0, f->pool, &s, &err);
        traj_alloc_fail_at(0);
        assert_true(n <= 9); /* four results, the workers, and what one of them owns */
        if (status == TRAJ_OK) {
            assert_int_equal(n, 9);
            traj_summary_free(&s);
        } else {
            assert_int_equal(status, TRAJ_E_MEMORY);
        }
        assert_true(!s.figure && !s.paired && !s.prefix && !s.curve);
    }
}

static void a_figure_is_the_mean_of_its_scenes(void **state)
{
    const fixture *const f = *state;
    traj_summary s = summary_of(f, 0);
    static const char *const keys[] = {"min_jade", "avg_fde", "energy_score", "miss_rate"};
    for (int i = 0; i < 4; i++) {
        const traj_interval all = figure_of(&s, SET_NOISY, TRAJ_GROUP_ALL, keys[i]);
        const traj_interval *const second =
            traj_summary_prefix(&s, SET_NOISY, TRAJ_GROUP_ALL, traj_metric_find(keys[i]));
        assert_near(all.value, mean_of(f, SET_NOISY, 0, keys[i]), 1e-12);
        assert_near(second[0].value, mean_of(f, SET_NOISY, 1, keys[i]), 1e-12);
        assert_near(second[1].value, all.value, 1e-12); /* two seconds are the horizon */
        assert_true(all.low <= all.value && all.value <= all.high);
    }
    assert_near(figure_of(&s, SET_SHIFTED, TRAJ_GROUP_BALL, "min_jade").value, 5, 1e-6);
    assert_near(figure_of(&s, SET_SHIFTED, TRAJ_GROUP_BALL, "min_jade").high, 5, 1e-6);
    traj_summary_free(&s);
}

/* Spread and skill of a set are roots of means, and so is their ratio. */
static void roots_come_last(void **state)
{
    const fixture *const f = *state;
    traj_summary s = summary_of(f, 0);
    double over = 0, under = 0, square = 0;
    const traj_evaluation *const e = &f->evaluation;
    const double *const ratio =
        traj_evaluation_metric(e, SET_NOISY, TRAJ_GROUP_ALL, 0, traj_metric_find("spread_skill"));
    const double *const skill =
        traj_evaluation_metric(e, SET_NOISY, TRAJ_GROUP_ALL, 0, traj_metric_find("skill"));
    for (size_t i = 0; i < e->scenes; i++) {
        over += ratio[i] * ratio[i] * skill[i] * skill[i];
        under += skill[i] * skill[i];
        square += traj_evaluation_curve(e, SET_NOISY, TRAJ_GROUP_ALL, TRAJ_CURVE_SKILL, 3)[i];
    }
    assert_near(figure_of(&s, SET_NOISY, TRAJ_GROUP_ALL, "spread_skill").value, sqrt(over / under),
                1e-12);
    assert_near(traj_summary_curve(&s, SET_NOISY, TRAJ_GROUP_ALL, TRAJ_CURVE_SKILL)[3].value,
                sqrt(square / (double)e->scenes), 1e-12);
    assert_near(traj_summary_curve(&s, SET_SHIFTED, TRAJ_GROUP_ALL, TRAJ_CURVE_SKILL)[3].value, 5,
                1e-6);
    traj_summary_free(&s);
}

static void pairs_are_differences(void **state)
{
    const fixture *const f = *state;
    traj_summary s = summary_of(f, SET_NOISY);
    static const char *const keys[] = {"min_ade", "energy_score", "speed_w1"};
    for (int i = 0; i < 3; i++)
        for (int source = SET_PERFECT; source <= SET_ALIKE; source++) {
            const traj_interval pair =
                *traj_summary_paired(&s, source, TRAJ_GROUP_ALL, traj_figure_find(keys[i]));
            assert_near(pair.value,
                        figure_of(&s, source, TRAJ_GROUP_ALL, keys[i]).value -
                            figure_of(&s, SET_NOISY, TRAJ_GROUP_ALL, keys[i]).value,
                        1e-12);
            assert_true(pair.low <= pair.high);
        }
    const int figure = traj_figure_find("min_ade"), ratio = traj_figure_find("spread_skill");
    assert_true(isnan(traj_summary_paired(&s, SET_NOISY, TRAJ_GROUP_ALL, figure)->value));
    assert_true(isnan(traj_summary_paired(&s, SET_TRUTH, TRAJ_GROUP_ALL, figure)->value));
    assert_true(isnan(traj_summary_paired(&s, SET_ALIKE, TRAJ_GROUP_ALL, ratio)->value));
    traj_summary_free(&s);
    s = summary_of(f, 0);
    assert_true(isnan(traj_summary_paired(&s, SET_SHIFTED, TRAJ_GROUP_ALL, figure)->value));
    traj_summary_free(&s);
}

/* The truth's distance is that of its halves, everybody else's from the truth. */
static void distributions_are_compared_with_the_truth(void **state)
{
    fixture *const f = *state;
    traj_summary s = summary_of(f, 0);
    assert_near(figure_of(&s, SET_PERFECT, TRAJ_GROUP_ALL, "speed_w1").value, 0, 1e-12);
    assert_near(figure_of(&s, SET_PERFECT, TRAJ_GROUP_ALL, "location_js").value, 0, 1e-12);
    assert_true(isnan(figure_of(&s, SET_PERFECT, TRAJ_GROUP_ALL, "location_js").low));
    assert_true(figure_of(&s, SET_NOISY, TRAJ_GROUP_ALL, "speed_w1").value > 0);
    /* scenes 0, 2, 4 against 1, 3, 5: two and one of each match, whose speeds differ */
    assert_true(figure_of(&s, SET_TRUTH, TRAJ_GROUP_ALL, "speed_w1").value > 0.01);
    traj_summary_free(&s);
}

/* A crowd, say. */
static void a_group_of_nobody_has_no_figures(void **state)
{
    fixture *const f = *state;
    for (int r = 0; r < SET_RECORDINGS; r++)
        f->set.recording[r].sequence[0].agent[SET_AGENTS - 1].kind = TRAJ_HOME;
    traj_evaluation_free(&f->evaluation);
    f->evaluation = eval_set_run(&f->set, 1);
    traj_summary s = summary_of(f, SET_PERFECT);
    for (int source = 0; source < s.sources; source++)
        for (int i = 0; i < s.figures; i++) {
            assert_true(isnan(traj_summary_figure(&s, source, TRAJ_GROUP_BALL, i)->value));
            assert_true(isnan(traj_summary_paired(&s, source, TRAJ_GROUP_BALL, i)->value));
        }
    assert_near(figure_of(&s, SET_SHIFTED, TRAJ_GROUP_PLAYERS, "min_jade").value, 5, 1e-6);
    traj_summary_free(&s);
}

static void threads_change_no_bit(void **state)
{
    fixture *const f = *state;
    traj_summary one = summary_of(f, SET_PERFECT);
    traj_pool_destroy(f->pool);
    assert_int_equal(traj_pool_new(&f->pool, 3, NULL), TRAJ_OK);
    traj_summary three = summary_of(f, SET_PERFECT);
    const size_t size = (size_t)(one.sources * TRAJ_GROUPS * one.figures) * sizeof *one.figure;
    assert_memory_equal(one.figure, three.figure, size);
    assert_memory_equal(one.paired, three.paired, size);
    traj_summary_free(&one);
    traj_summary_free(&three);
}

int eval_summary_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_have_names),
        cmocka_unit_test(figures_end),
        cmocka_unit_test(protocols_have_names),
        cmocka_unit_test_setup_teardown(memory_may_end_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(a_figure_is_the_mean_of_its_scenes, setup, teardown),
        cmocka_unit_test_setup_teardown(roots_come_last, setup, teardown),
        cmocka_unit_test_setup_teardown(pairs_are_differences, setup, teardown),
        cmocka_unit_test_setup_teardown(distributions_are_compared_with_the_truth, setup, teardown),
        cmocka_unit_test_setup_teardown(a_group_of_nobody_has_no_figures, setup, teardown),
        cmocka_unit_test_setup_teardown(threads_change_no_bit, setup, teardown),
    };
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
