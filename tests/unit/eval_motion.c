/* Metrics of how bodies move: collisions, the pitch, physical limits, each on a scene made for it.
 */
#include "eval_groups.h"

#include <math.h>

static const float missing = NAN;

/* Sample k (or the truth, -1): agent a goes from x0 to x1 in its first frame, on the line y. */
static void move(eval_case *c, int k, int a, float x0, float x1, float y)
{
    for (int t = -2; t < c->scene.frames; t++) {
        float *const place = k < 0 ? eval_truth(c, t, a) : eval_sample(c, k, t, a);
        place[0] = t < 0 ? x0 : x1;
        place[1] = y;
    }
}

static void who_changes_places_collides(void **state)
{
    (void)state;
    eval_case c;
    eval_case_init(&c, 2, 3, 5); /* four players and the ball */
    assert_near(eval_figure(&c, "collision_rate", TRAJ_GROUP_ALL), 0, 0);
    /* the past is the truth's, so in all samples they start there; in sample 1 they stay there */
    move(&c, 1, 0, 0, 0, 20);
    move(&c, 1, 1, 2, 2, 20);
    move(&c, 0, 0, 0, 2, 20);
    move(&c, 0, 1, 2, 0, 20);
    assert_near(eval_figure(&c, "collision_rate", TRAJ_GROUP_ALL), 0.25, 1e-12);
    assert_near(eval_figure(&c, "collision_rate", TRAJ_GROUP_PLAYERS), 0.25, 1e-12);
    assert_true(isnan(eval_figure(&c, "collision_rate", TRAJ_GROUP_BALL)));
    assert_near(eval_figure(&c, "truth_collision_rate", TRAJ_GROUP_ALL), 0, 0);
    /* where the past is missing, so is the way to the first frame */
    eval_truth(&c, -1, 0)[0] = eval_truth(&c, -1, 0)[1] = missing;
    assert_near(eval_figure(&c, "collision_rate", TRAJ_GROUP_ALL), 0, 0);
    /* 0.61 m apart they pass each other, 0.59 m apart they do not */
    move(&c, 0, 0, 0, 2, 20);
    move(&c, 0, 1, 2, 0, 20.61F);
    assert_near(eval_figure(&c, "collision_rate", TRAJ_GROUP_ALL), 0, 0);
    move(&c, 0, 1, 2, 0, 20.59F);
    assert_near(eval_figure(&c, "collision_rate", TRAJ_GROUP_ALL), 0.25, 1e-12);
}

static void the_truth_collides_by_itself(void **state)
{
    (void)state;
    eval_case c;
    eval_case_init(&c, 2, 3, 4); /* three players */
    eval_truth(&c, 2, 0)[1] = eval_truth(&c, 2, 1)[1] = 9;
    eval_truth(&c, 2, 0)[0] = eval_truth(&c, 2, 1)[0];
    assert_near(eval_figure(&c, "truth_collision_rate", TRAJ_GROUP_ALL), 2.0 / 3, 1e-12);
    assert_near(eval_figure(&c, "collision_rate", TRAJ_GROUP_ALL), 0, 0);
    c.kind[1] = TRAJ_BALL;
    assert_near(eval_figure(&c, "truth_collision_rate", TRAJ_GROUP_ALL), 0, 0);
}

static void the_pitch_has_four_sides(void **state)
{
    (void)state;
    static const float out[4][2] = {{52.6F, 0}, {-52.6F, 0}, {0, 34.1F}, {0, -34.1F}};
    eval_case c;
    for (int side = 0; side < 4; side++) {
        eval_case_init(&c, 2, 5, 2);
        for (int i = 0; i < 2; i++) eval_sample(&c, 1, 3, 0)[i] = out[side][i];
        assert_near(eval_figure(&c, "off_pitch_rate", TRAJ_GROUP_ALL), 1.0 / 20, 1e-12);
        assert_near(eval_figure(&c, "off_pitch_rate", TRAJ_GROUP_PLAYERS), 1.0 / 10, 1e-12);
        assert_near(eval_figure(&c, "off_pitch_rate", TRAJ_GROUP_BALL), 0, 0);
        assert_near(eval_figure(&c, "truth_off_pitch_rate", TRAJ_GROUP_ALL), 0, 0);
        for (int i = 0; i < 2; i++) eval_truth(&c, 3, 0)[i] = out[side][i];
        assert_near(eval_figure(&c, "truth_off_pitch_rate", TRAJ_GROUP_ALL), 1.0 / 10, 1e-12);
    }
}

static void a_margin_widens_the_pitch(void **state)
{
    (void)state;
    eval_case c;
    traj_metric_limits limits;
    traj_arena none;
    traj_arena_init_dry(&none);
    traj_metric_limits_init(&limits);
    eval_case_init(&c, 1, 1, 1);
    eval_sample(&c, 0, 0, 0)[0] = 55;
    const traj_metric *const metric = traj_metric_at(traj_metric_find("off_pitch_rate"));
    assert_near(metric->value(&c.scene, TRAJ_GROUP_ALL, &limits, &none), 1, 0);
    limits.margin_m = 3;
    assert_near(metric->value(&c.scene, TRAJ_GROUP_ALL, &limits, &none), 0, 0);
}

static void the_first_frame_is_judged_by_the_past(void **state)
{
    (void)state;
    eval_case c;
    eval_case_init(&c, 1, 4, 2);
    /* at 10 Hz 2 m are 20 m/s: too fast for the player (agent 0), not for the ball */
    for (int a = 0; a < 2; a++) {
        const float x = eval_truth(&c, -1, a)[0];
        move(&c, 0, a, x, x + 2, 0);
    }
    assert_near(eval_figure(&c, "impossible_speed_rate", TRAJ_GROUP_PLAYERS), 1.0 / 4, 1e-12);
    assert_near(eval_figure(&c, "impossible_speed_rate", TRAJ_GROUP_BALL), 0, 0);
    /* from standing to running, and from running to standing */
    assert_near(eval_figure(&c, "impossible_acceleration_rate", TRAJ_GROUP_ALL), 2.0 / 4, 1e-12);
    assert_true(isnan(eval_figure(&c, "impossible_acceleration_rate", TRAJ_GROUP_BALL)));
    assert_near(eval_figure(&c, "path_length", TRAJ_GROUP_ALL), 2, 1e-5);
    assert_near(eval_figure(&c, "step_change", TRAJ_GROUP_ALL), 2 * 2.0 / 4, 1e-5);
    assert_near(eval_figure(&c, "truth_path_length", TRAJ_GROUP_ALL), 0, 0);
    assert_near(eval_figure(&c, "truth_impossible_speed_rate", TRAJ_GROUP_ALL), 0, 0);
    /* what reaches a missing past does not count: three steps are left, all of them of length 0 */
    eval_truth(&c, -1, 0)[0] = eval_truth(&c, -1, 0)[1] = missing;
    assert_near(eval_figure(&c, "impossible_speed_rate", TRAJ_GROUP_PLAYERS), 0, 0);
    assert_near(eval_figure(&c, "impossible_acceleration_rate", TRAJ_GROUP_PLAYERS), 0, 0);
    assert_near(eval_figure(&c, "path_length", TRAJ_GROUP_PLAYERS), 0, 0);
}

static void a_ball_has_its_own_limit(void **state)
{
    (void)state;
    eval_case c;
    eval_case_init(&c, 1, 4, 2);
    move(&c, 0, 1, 5, 9.5F, 0); /* 45 m/s */
    assert_near(eval_figure(&c, "impossible_speed_rate", TRAJ_GROUP_BALL), 1.0 / 4, 1e-12);
    assert_near(eval_figure(&c, "impossible_speed_rate", TRAJ_GROUP_ALL), 1.0 / 8, 1e-12);
}

int eval_motion_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_changes_places_collides),
        cmocka_unit_test(the_truth_collides_by_itself),
        cmocka_unit_test(the_pitch_has_four_sides),
        cmocka_unit_test(a_margin_widens_the_pitch),
        cmocka_unit_test(the_first_frame_is_judged_by_the_past),
        cmocka_unit_test(a_ball_has_its_own_limit),
    };
    return cmocka_run_group_tests_name("motion", tests, NULL, NULL);
}
