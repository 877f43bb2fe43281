/* Histograms of motion and their distances, on counts that are known. */
#include "eval_groups.h"

#include "traj/eval/distribution.h"

#include <math.h>
#include <string.h>

enum { MOST_BINS = 1024 };

static int find(const char *key)
{
    for (int i = 0; i < traj_quantity_count(); i++)
        if (strcmp(traj_quantity_at(i)->key, key) == 0) return i;
    fail_msg("no quantity '%s'", key);
    return -1;
}

/* How many values there are, and in *bin where the first of them is. */
static int count_truth(const eval_case *c, const char *key, traj_group group, int *bin)
{
    double histogram[MOST_BINS] = {0};
    int sum = 0;
    const int quantity = find(key), bins = traj_quantity_bins(quantity);
    traj_quantity_count_truth(quantity, &c->scene, group, histogram);
    *bin = -1;
    for (int i = bins - 1; i >= 0; i--) {
        sum += (int)histogram[i];
        if (histogram[i] > 0) *bin = i;
    }
    return sum;
}

/* The bin that value falls into, along the first axis. */
static int bin_at(const char *key, double value)
{
    const traj_quantity *const q = traj_quantity_at(find(key));
    return (int)((value - q->low[0]) / (q->high[0] - q->low[0]) * q->bins[0]);
}

static void table_fits(void **state)
{
    (void)state;
    for (int i = 0; i < traj_quantity_count(); i++) {
        const traj_quantity *const q = traj_quantity_at(i);
        assert_int_equal(find(q->key), i);
        assert_in_range(traj_quantity_bins(i), 1, MOST_BINS);
        assert_true(q->high[0] > q->low[0] && q->high[1] > q->low[1]);
    }
}

static void known_motion_falls_into_its_bin(void **state)
{
    (void)state;
    eval_case c;
    int bin;
    eval_case_init(&c, 1, 5, 2);
    /* the player runs a polygon: 0.33 m a step, turning by 90 degrees; the ball stands */
    static const float corner[4][2] = {{0, 0}, {0.33F, 0}, {0.33F, 0.33F}, {0, 0.33F}};
    for (int t = -2; t < 5; t++)
        for (int i = 0; i < 2; i++) eval_truth(&c, t, 0)[i] = corner[(t + 2) % 4][i];
    assert_int_equal(count_truth(&c, "speed", TRAJ_GROUP_PLAYERS, &bin), 5);
    assert_int_equal(bin, bin_at("speed", 3.3 + 0.01));
    assert_int_equal(count_truth(&c, "accel", TRAJ_GROUP_PLAYERS, &bin), 5);
    assert_int_equal(bin, bin_at("accel", 33 * sqrt(2)));
    assert_int_equal(count_truth(&c, "turn_rate", TRAJ_GROUP_ALL, &bin), 5); /* not the ball's */
    assert_int_equal(bin, bin_at("turn_rate", 5 * 3.14159265));
    assert_int_equal(count_truth(&c, "speed", TRAJ_GROUP_BALL, &bin), 5);
    assert_int_equal(bin, 0);
    /* faster than all bins */
    eval_truth(&c, 4, 1)[0] = 500;
    eval_truth(&c, 3, 1)[0] = eval_truth(&c, 2, 1)[0] = -500;
    eval_truth(&c, 1, 1)[0] = eval_truth(&c, 0, 1)[0] = 500;
    eval_truth(&c, -1, 1)[0] = NAN; /* and one that is none */
    double histogram[MOST_BINS] = {0};
    traj_quantity_count_truth(find("speed"), &c.scene, TRAJ_GROUP_BALL, histogram);
    assert_true(histogram[traj_quantity_bins(find("speed")) - 1] == 2 && histogram[0] == 2);
}

static void opponents_are_of_the_other_team(void **state)
{
    (void)state;
    eval_case c;
    int bin;
    eval_case_init(&c, 1, 1, 4); /* home -15, away -5, home 5, ball 15 */
    c.kind[2] = TRAJ_HOME_GK;
    eval_truth(&c, 0, 2)[0] = -14; /* beside his own */
    assert_int_equal(count_truth(&c, "nearest_opponent", TRAJ_GROUP_ALL, &bin), 3);
    assert_int_equal(bin, bin_at("nearest_opponent", 9.01));
    assert_int_equal(count_truth(&c, "nearest_opponent", TRAJ_GROUP_BALL, &bin), 0);
    c.kind[1] = TRAJ_HOME;
    assert_int_equal(count_truth(&c, "nearest_opponent", TRAJ_GROUP_PLAYERS, &bin), 0);
}

static void samples_are_counted_together(void **state)
{
    (void)state;
    eval_case c;
    eval_case_init(&c, 3, 4, 5); /* samples are the truth */
    for (int q = 0; q < traj_quantity_count(); q++) {
        double truth[MOST_BINS] = {0}, forecast[MOST_BINS] = {0};
        traj_quantity_count_truth(q, &c.scene, TRAJ_GROUP_ALL, truth);
        traj_quantity_count_forecast(q, &c.scene, TRAJ_GROUP_ALL, forecast);
        for (int i = 0; i < traj_quantity_bins(q); i++) assert_true(forecast[i] == 3 * truth[i]);
    }
}

static void distances_of_known_histograms(void **state)
{
    (void)state;
    for (int q = 0; q < traj_quantity_count(); q++) {
        const traj_quantity *const quantity = traj_quantity_at(q);
        const bool flat = quantity->bins[1] == 1;
        const double width = (quantity->high[0] - quantity->low[0]) / quantity->bins[0];
        double a[MOST_BINS] = {0}, b[MOST_BINS] = {0};
        assert_true(isnan(traj_quantity_w1(q, a, b)) && isnan(traj_quantity_js(q, a, b)));
        a[3] = 2;
        assert_true(isnan(traj_quantity_w1(q, a, b)) && isnan(traj_quantity_js(q, b, a)));
        b[3] = 5; /* numbers of counts do not matter */
        assert_near(traj_quantity_js(q, a, b), 0, 1e-12);
        b[3] = 0;
        b[13] = 1;
        assert_near(traj_quantity_js(q, a, b), log(2), 1e-12);
        assert_int_equal(isnan(traj_quantity_w1(q, a, b)), !flat);
        if (flat) assert_near(traj_quantity_w1(q, a, b), 10 * width, 1e-9);
        if (flat) assert_near(traj_quantity_w1(q, b, a), 10 * width, 1e-9);
        b[3] = 1; /* half of it moved */
        if (flat) assert_near(traj_quantity_w1(q, a, b), 5 * width, 1e-9);
        assert_near(traj_quantity_js(q, a, b), traj_quantity_js(q, b, a), 1e-12);
    }
}

int eval_distribution_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_fits),
        cmocka_unit_test(known_motion_falls_into_its_bin),
        cmocka_unit_test(opponents_are_of_the_other_team),
        cmocka_unit_test(samples_are_counted_together),
        cmocka_unit_test(distances_of_known_histograms),
    };
    return cmocka_run_group_tests_name("distributions", tests, NULL, NULL);
}
