/* The football simulation: what it promises about its recordings, about bodies and about play.
 *
 * Play is measured on positions alone, as one would on a real recording, so that these tests know
 * nothing of the simulation's state: a player holds the ball when he is the nearest and within 1 m.
 */
#include "traj/base/memory.h"
#include "traj/data/simulate.h"
#include "unit/check.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

int data_simulate_tests(void);

enum { SIDE = 11, PLAYERS = 22, AGENTS = 23, BALL = 22 };

/* Tolerances. Positions are rounded to 0.01 m: a speed over 0.2 s is off by at most 0.07 m/s
 * (sqrt(2) * 0.01 / 0.2), an acceleration over 0.4 s by at most 0.36 m/s^2 (twice that / 0.4). */
#define SPEED_LIMIT_MPS         (9.0 + 0.07)
#define ACCELERATION_LIMIT_MPS2 (5.0 + 0.36)
#define BALL_LIMIT_MPS          (30.0 + 0.07)
#define OUTSIDE_LIMIT_M         2.0

static traj_simulate_options options_of(double minutes, uint64_t seed)
{
    traj_simulate_options options;
    traj_simulate_options_init(&options);
    options.minutes = minutes;
    options.seed = seed;
    return options;
}

static traj_recording simulate(const traj_simulate_options *options)
{
    traj_recording recording;
    traj_error err;
    assert_int_equal(traj_simulate(options, &recording, &err), TRAJ_OK);
    return recording;
}

static double at(const traj_sequence *s, size_t frame, size_t agent, size_t axis)
{
    return s->pos_m[(frame * AGENTS + agent) * 2 + axis];
}

static double between(const traj_sequence *s, size_t frame, size_t agent, size_t frame2,
                      size_t agent2)
{
    return hypot(at(s, frame, agent, 0) - at(s, frame2, agent2, 0),
                 at(s, frame, agent, 1) - at(s, frame2, agent2, 1));
}

static bool same_play(const traj_recording *a, const traj_recording *b)
{
    const traj_sequence *s = &a->sequence[0], *t = &b->sequence[0];
    assert_int_equal(s->frames, t->frames);
    return memcmp(s->pos_m, t->pos_m, s->frames * AGENTS * 2 * sizeof *s->pos_m) == 0;
}

static void no_minutes(void)
{
    traj_simulate_options options = options_of(0.0, 1);
    traj_recording recording;
    traj_simulate(&options, &recording, NULL);
}

static void no_rate(void)
{
    traj_simulate_options options = options_of(1.0, 1);
    options.rate_hz = 0.0;
    traj_recording recording;
    traj_simulate(&options, &recording, NULL);
}

static void no_pitch(void)
{
    traj_simulate_options options = options_of(1.0, 1);
    options.pitch_width_m = 39.0;
    traj_recording recording;
    traj_simulate(&options, &recording, NULL);
}

static void impossible_options_are_our_mistake(void **state)
{
    (void)state;
    assert_true(check_aborts(no_minutes));
    assert_true(check_aborts(no_rate));
    assert_true(check_aborts(no_pitch));
}

/* Two halves, so that the second may fail when the first is already there. */
static void failed_allocation_leaves_nothing(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(20.0, 1);
    options.rate_hz = 0.01; /* few frames; the play itself is not the point */
    traj_recording recording;
    traj_error err;
    long failures = 0;
    for (;;) {
        traj_alloc_fail_at(failures + 1);
        traj_status status = traj_simulate(&options, &recording, &err);
        traj_alloc_fail_at(0);
        if (status == TRAJ_OK) break;
        failures++;
        assert_int_equal(status, TRAJ_E_MEMORY);
        assert_int_equal(recording.sequences, 0);
        assert_null(recording.sequence);
        assert_true(strlen(err.text) > 0);
    }
    traj_recording_free(&recording);
    assert_true(failures >= 8); /* four arrays a half */
}

static void same_seed_same_bits(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(2.0, 7);
    traj_recording a = simulate(&options), b = simulate(&options);
    assert_true(same_play(&a, &b));
    traj_recording_free(&a);
    traj_recording_free(&b);
}

static void other_seeds_other_play(void **state)
{
    (void)state;
    enum { SEEDS = 4 };
    traj_recording recording[SEEDS];
    for (uint64_t i = 0; i < SEEDS; i++) {
        traj_simulate_options options = options_of(0.5, i);
        recording[i] = simulate(&options);
    }
    for (int i = 0; i < SEEDS; i++)
        for (int j = 0; j < i; j++) assert_false(same_play(&recording[i], &recording[j]));
    for (int i = 0; i < SEEDS; i++) traj_recording_free(&recording[i]);
}

static void agents_are_named(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(0.1, 1);
    traj_recording recording = simulate(&options);
    const traj_sequence *s = &recording.sequence[0];
    assert_int_equal(s->agents, AGENTS);
    for (int i = 0; i < PLAYERS; i++) {
        bool home = i < SIDE;
        int number = i % SIDE + 1;
        char id[16];
        snprintf(id, sizeof id, "%s_%d", home ? "home" : "away", number);
        assert_string_equal(s->agent[i].id, id);
        assert_int_equal(s->agent[i].jersey, number);
        assert_int_equal(s->agent[i].team, home ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY);
        traj_kind keeper = home ? TRAJ_HOME_GK : TRAJ_AWAY_GK, field = home ? TRAJ_HOME : TRAJ_AWAY;
        assert_int_equal(s->agent[i].kind, number == 1 ? keeper : field);
    }
    assert_string_equal(s->agent[BALL].id, "ball");
    assert_int_equal(s->agent[BALL].team, TRAJ_TEAM_BALL);
    assert_int_equal(s->agent[BALL].kind, TRAJ_BALL);
    assert_int_equal(s->agent[BALL].jersey, -1);
    traj_recording_free(&recording);
}

static void recording_is_described(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(0.2, 1);
    options.rate_hz = 10.0;
    options.pitch_length_m = 100.0;
    options.pitch_width_m = 64.0;
    traj_recording recording = simulate(&options);
    assert_int_equal(recording.sequences, 1);
    assert_true(traj_rate_hz(recording.rate) == 10.0 &&
                traj_rate_hz(recording.source_rate) == 10.0);
    assert_true(recording.frame_id_step == 1.0 && recording.quantum_m == 0.01);
    assert_true(recording.pitch_length_m == 100.0 && recording.pitch_width_m == 64.0);
    assert_true(strlen(recording.source) > 0);
    const traj_sequence *s = &recording.sequence[0];
    assert_string_equal(s->name, "1");
    assert_int_equal(s->period_id, 1);
    assert_int_equal(s->frames, 120);
    for (size_t f = 0; f < s->frames; f++) {
        assert_int_equal(s->frame_id[f], (int64_t)f + 1);
        assert_true(fabs(s->time_s[f] - 0.1 * (double)f) < 1e-9);
    }
    traj_recording_free(&recording);
}

static void positions_lie_on_the_quantum(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(0.2, 1);
    options.noise_m = 0.05;
    traj_recording recording = simulate(&options);
    const traj_sequence *s = &recording.sequence[0];
    for (size_t i = 0; i < s->frames * AGENTS * 2; i++) {
        float nearest = (float)(round(s->pos_m[i] * 100.0) * 0.01);
        assert_true(s->pos_m[i] == nearest);
    }
    traj_recording_free(&recording);
}

static size_t nearest_player(const traj_sequence *s, size_t frame)
{
    size_t nearest = 0;
    for (size_t i = 1; i < PLAYERS; i++)
        if (between(s, frame, i, frame, BALL) < between(s, frame, nearest, frame, BALL))
            nearest = i;
    return nearest;
}

static void two_halves_from_twenty_minutes_on(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(20.0, 3);
    options.rate_hz = 1.0;
    traj_recording recording = simulate(&options);
    assert_int_equal(recording.sequences, 2);
    for (size_t half = 0; half < 2; half++) {
        const traj_sequence *s = &recording.sequence[half];
        assert_string_equal(s->name, half == 0 ? "1" : "2");
        assert_int_equal(s->period_id, (int)half + 1);
        assert_int_equal(s->frames, 600);
        assert_int_equal(s->frame_id[0], half == 0 ? 1 : 601);
        assert_true(s->time_s[0] == 0.0);
        /* The home team kicks off first, the away team after the break. */
        assert_int_equal(nearest_player(s, 0) / SIDE, half);
        for (size_t i = 0; i < PLAYERS; i++) { /* the pitch frame: home attacks right, twice */
            double x = at(s, 0, i, 0) * (i < SIDE ? 1.0 : -1.0);
            assert_true(x < 1.0);
        }
    }
    traj_recording_free(&recording);
}

/* At every rate the same match is seen: a tenth of the frames are the frames at a tenth of the
 * rate. */
static void rate_only_samples(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(1.0, 5);
    options.rate_hz = 30.0; /* between the steps of 1/50 s */
    traj_recording fine = simulate(&options);
    options.rate_hz = 3.0;
    traj_recording coarse = simulate(&options);
    const traj_sequence *s = &fine.sequence[0], *t = &coarse.sequence[0];
    assert_int_equal(s->frames, 10 * t->frames);
    for (size_t f = 0; f < t->frames; f++)
        for (size_t a = 0; a < AGENTS; a++)
            for (size_t axis = 0; axis < 2; axis++) /* one quantum: times round differently */
                assert_true(fabs(at(s, 10 * f, a, axis) - at(t, f, a, axis)) < 0.011);
    traj_recording_free(&fine);
    traj_recording_free(&coarse);
}

/* 1500 * 46 draws: the mean lies within 5 sd / sqrt(69000) = 0.0038, the sd within 3 %. */
static void noise_lies_over_the_same_play(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(1.0, 5);
    traj_recording clean = simulate(&options);
    options.noise_m = 0.2;
    traj_recording noisy = simulate(&options);
    const traj_sequence *s = &clean.sequence[0], *t = &noisy.sequence[0];
    size_t count = s->frames * AGENTS * 2;
    double sum = 0.0, squares = 0.0, lagged = 0.0;
    for (size_t i = 0; i < count; i++) {
        double error = t->pos_m[i] - s->pos_m[i];
        sum += error;
        squares += error * error;
        if (i > 0) lagged += error * (double)(t->pos_m[i - 1] - s->pos_m[i - 1]);
    }
    assert_true(fabs(sum / (double)count) < 0.0038);
    assert_true(fabs(sqrt(squares / (double)count) / 0.2 - 1.0) < 0.03);
    assert_true(fabs(lagged / squares) < 0.02); /* x and y, and neighbours, are independent */
    traj_recording_free(&clean);
    traj_recording_free(&noisy);
}

/* Velocities over 0.2 s (5 frames), accelerations from two of them 0.4 s apart. */
static void check_body(const traj_sequence *s, size_t player)
{
    const size_t k = 5;
    for (size_t f = 3 * k; f < s->frames; f++) {
        double change[2];
        for (size_t axis = 0; axis < 2; axis++) {
            double now = at(s, f, player, axis) - at(s, f - k, player, axis);
            double then = at(s, f - 2 * k, player, axis) - at(s, f - 3 * k, player, axis);
            change[axis] = (now - then) / 0.2;
        }
        assert_true(between(s, f, player, f - k, player) / 0.2 <= SPEED_LIMIT_MPS);
        assert_true(hypot(change[0], change[1]) / 0.4 <= ACCELERATION_LIMIT_MPS2);
    }
}

static void bodies_have_limits(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        traj_simulate_options options = options_of(5.0, seed);
        traj_recording recording = simulate(&options);
        const traj_sequence *s = &recording.sequence[0];
        for (size_t i = 0; i < PLAYERS; i++) check_body(s, i);
        for (size_t f = 5; f < s->frames; f++)
            assert_true(between(s, f, BALL, f - 5, BALL) / 0.2 <= BALL_LIMIT_MPS);
        traj_recording_free(&recording);
    }
}

static void all_stay_on_pitches_of_any_size(void **state)
{
    (void)state;
    static const double sizes[][2] = {
        {105.0, 68.0}, {90.0, 45.0}, {120.0, 90.0}, {40.0, 40.0}, {200.0, 200.0}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        traj_simulate_options options = options_of(5.0, 11);
        options.pitch_length_m = sizes[i][0];
        options.pitch_width_m = sizes[i][1];
        traj_recording recording = simulate(&options);
        const traj_sequence *s = &recording.sequence[0];
        for (size_t f = 0; f < s->frames; f++)
            for (size_t a = 0; a < AGENTS; a++) {
                assert_true(fabs(at(s, f, a, 0)) <= sizes[i][0] / 2.0 + OUTSIDE_LIMIT_M);
                assert_true(fabs(at(s, f, a, 1)) <= sizes[i][1] / 2.0 + OUTSIDE_LIMIT_M);
            }
        traj_recording_free(&recording);
    }
}

/* Nobody stands still for ten seconds, and a body covers 60 to 220 m a minute, a goalkeeper less.
 */
static void nobody_freezes_and_nobody_flies(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(10.0, 2);
    traj_recording recording = simulate(&options);
    const traj_sequence *s = &recording.sequence[0];
    const size_t k = 5, window = 250;
    for (size_t i = 0; i < PLAYERS; i++) {
        double total = 0.0, in_window = 0.0;
        for (size_t f = k; f < s->frames; f += k) {
            double way = between(s, f, i, f - k, i);
            total += way;
            in_window += way;
            if (f % window != 0) continue;
            assert_true(in_window > 0.3);
            in_window = 0.0;
        }
        double a_minute = total / options.minutes;
        assert_true(a_minute > (i % SIDE == 0 ? 20.0 : 60.0) && a_minute < 220.0);
    }
    traj_recording_free(&recording);
}

static void goalkeepers_mind_their_goals(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(10.0, 4);
    traj_recording recording = simulate(&options);
    const traj_sequence *s = &recording.sequence[0];
    for (size_t f = 0; f < s->frames; f++)
        for (size_t team = 0; team < 2; team++) {
            double goal = team == 0 ? -52.5 : 52.5;
            double x = at(s, f, team * SIDE, 0) - goal, y = at(s, f, team * SIDE, 1);
            assert_true(hypot(x, y) < 35.0);
        }
    traj_recording_free(&recording);
}

/* Counts of a match: frames in which a team holds the ball, and how it changes holders. */
typedef struct play {
    size_t held[2], passes, turnovers;
} play;

static void count_play(const traj_sequence *s, play *counts)
{
    size_t holder = AGENTS;
    for (size_t f = 0; f < s->frames; f++) {
        size_t nearest = nearest_player(s, f);
        if (between(s, f, nearest, f, BALL) > 1.0) continue;
        counts->held[nearest / SIDE]++;
        if (holder != AGENTS && holder != nearest) {
            if (holder / SIDE == nearest / SIDE)
                counts->passes++;
            else
                counts->turnovers++;
        }
        holder = nearest;
    }
}

/* Half an hour of play. A real match shows a pass every 4.9 s and another team's touch every 6.7 s
 * by this count; the bounds leave a factor of two or three. */
static void play_looks_like_football(void **state)
{
    (void)state;
    play counts = {0};
    for (uint64_t seed = 1; seed <= 3; seed++) {
        traj_simulate_options options = options_of(10.0, seed);
        traj_recording recording = simulate(&options);
        count_play(&recording.sequence[0], &counts);
        traj_recording_free(&recording);
    }
    double seconds = 1800.0, share = (double)counts.held[0];
    share /= (double)(counts.held[0] + counts.held[1]);
    assert_true(share > 0.25 && share < 0.75);
    assert_true(seconds / (double)counts.passes > 2.0 && seconds / (double)counts.passes < 8.0);
    assert_true(seconds / (double)counts.turnovers > 3.0);
    assert_true(seconds / (double)counts.turnovers < 20.0);
}

/* Both teams move with the ball: the mean x of the 20 outfield players follows the ball's. */
static void teams_follow_the_ball(void **state)
{
    (void)state;
    traj_simulate_options options = options_of(10.0, 6);
    options.rate_hz = 5.0;
    traj_recording recording = simulate(&options);
    const traj_sequence *s = &recording.sequence[0];
    double xx = 0.0, xy = 0.0, yy = 0.0;
    for (size_t f = 0; f < s->frames; f++) {
        double ball = at(s, f, BALL, 0), mean = 0.0;
        for (size_t i = 0; i < PLAYERS; i++)
            if (i % SIDE != 0) mean += at(s, f, i, 0) / 20.0;
        xx += ball * ball;
        xy += ball * mean;
        yy += mean * mean;
    }
    assert_true(xy / sqrt(xx * yy) > 0.7);
    traj_recording_free(&recording);
}

int data_simulate_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impossible_options_are_our_mistake),
        cmocka_unit_test(failed_allocation_leaves_nothing),
        cmocka_unit_test(same_seed_same_bits),
        cmocka_unit_test(other_seeds_other_play),
        cmocka_unit_test(agents_are_named),
        cmocka_unit_test(recording_is_described),
        cmocka_unit_test(positions_lie_on_the_quantum),
        cmocka_unit_test(two_halves_from_twenty_minutes_on),
        cmocka_unit_test(rate_only_samples),
        cmocka_unit_test(noise_lies_over_the_same_play),
        cmocka_unit_test(bodies_have_limits),
        cmocka_unit_test(all_stay_on_pitches_of_any_size),
        cmocka_unit_test(nobody_freezes_and_nobody_flies),
        cmocka_unit_test(goalkeepers_mind_their_goals),
        cmocka_unit_test(play_looks_like_football),
        cmocka_unit_test(teams_follow_the_ball),
    };
    return cmocka_run_group_tests_name("data: simulate", tests, NULL, NULL);
}
