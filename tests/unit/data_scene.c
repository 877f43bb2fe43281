/* Scenes: what a batch may know of a window. */
#include "data_groups.h"
#include "data_small_match.h"

#include "traj/base/memory.h"
#include "traj/data/window.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct filled {
    traj_arena arena; /* owned */
    traj_batch batch;
} filled;

/* The whole recording as a scene of ROOM agents. Arenas hand out NaN: what is not written shows. */
static filled fill(const traj_recording *recording, traj_scene_options options)
{
    filled made;
    const traj_window window = {.slack = 0};
    assert_int_equal(traj_arena_init(&made.arena, 1 << 18, NULL), TRAJ_OK);
    made.arena.poison_nan = true;
    traj_batch_take(&made.batch, 1, ROOM, FRAMES - 1, &made.arena);
    traj_scene_fill(&made.batch, 0, recording, &window, &small_norm, options, &made.arena);
    return made;
}

static const traj_real *known_of(const filled *made, int t, int a)
{
    return made->batch.known + (t * ROOM + a) * TRAJ_KNOWN;
}

static const traj_real *edge_of(const filled *made, int t, int i, int j)
{
    return made->batch.edge + ((t * ROOM + i) * ROOM + j) * TRAJ_EDGE_FEATURES;
}

static void assert_zero(const traj_real *value, int count)
{
    for (int i = 0; i < count; i++) assert_true(value[i] == 0);
}

/* To a few roundings of a float position of at most 12 m. */
static bool near(traj_real value, double wanted)
{
    return fabs((double)value - wanted) < 100 * (double)FLT_EPSILON;
}

static void absent_agents_are_zero_and_nothing_is_nan(void **state)
{
    (void)state;
    traj_recording recording = small_substitution();
    filled made = fill(&recording, (traj_scene_options){0});
    for (int t = 0; t < FRAMES - 1; t++)
        for (int a = 0; a < ROOM; a++) {
            const int row = t * ROOM + a;
            const bool here = small_is_here(&recording, t, a),
                       steps = here && small_is_here(&recording, t + 1, a);
            assert_true(made.batch.present[row] == (here ? 1 : 0));
            assert_true(made.batch.target[row] == (steps ? 1 : 0));
            for (int k = 0; k < TRAJ_KNOWN; k++) assert_true(isfinite(known_of(&made, t, a)[k]));
            assert_true(isfinite(made.batch.x[2 * row]) && isfinite(made.batch.x[2 * row + 1]));
            if (!steps) assert_zero(made.batch.x + 2 * row, 2);
            if (here) continue;
            assert_zero(known_of(&made, t, a), TRAJ_KNOWN);
            assert_zero(edge_of(&made, t, a, 0), ROOM * TRAJ_EDGE_FEATURES);
            for (int i = 0; i < ROOM; i++) assert_zero(edge_of(&made, t, i, a), TRAJ_EDGE_FEATURES);
        }
    for (int a = 0; a < ROOM; a++) assert_true(isfinite(made.batch.log_scale[a]));
    assert_true(traj_batch_count(&made.batch) ==
                4 * 11 + 5 + 5); /* the two miss one step together */
    traj_arena_free(&made.arena);
    traj_recording_free(&recording);
}

static void steps_are_displacements_and_the_past(void **state)
{
    (void)state;
    traj_recording recording = small_substitution();
    const traj_sequence *const sequence = &recording.sequence[0];
    filled made = fill(&recording, (traj_scene_options){0});
    for (int t = 0; t < FRAMES - 1; t++)
        for (int a = 0; a < AGENTS; a++) {
            if (made.batch.present[t * ROOM + a] == 0) continue;
            const traj_real *const known = known_of(&made, t, a);
            const bool moved = t > 0 && small_is_here(&recording, t - 1, a);
            const double scale = small_norm.scale_m[small_kinds[a]];
            assert_true(known[TRAJ_KNOWN_MOVED] == (moved ? 1 : 0));
            for (int k = 0; k < TRAJ_KINDS; k++)
                assert_true(known[TRAJ_KNOWN_KIND + k] == ((int)small_kinds[a] == k ? 1 : 0));
            for (int k = 0; k < 2; k++) {
                const double now = (double)small_at(sequence, (size_t)t, (size_t)a)[k],
                             next = (double)small_at(sequence, (size_t)t + 1, (size_t)a)[k];
                const double before =
                    moved ? (double)small_at(sequence, (size_t)t - 1, (size_t)a)[k] : now;
                assert_true(near(known[TRAJ_KNOWN_POSITION + k], now / small_norm.half_m[k]));
                assert_true(near(known[TRAJ_KNOWN_PREVIOUS + k], (now - before) / scale));
                if (made.batch.target[t * ROOM + a] == 0) continue;
                assert_true(near(made.batch.x[2 * (t * ROOM + a) + k], (next - now) / scale));
            }
        }
    for (int a = 0; a < AGENTS; a++)
        assert_true(near(made.batch.log_scale[a], 2 * log(small_norm.scale_m[small_kinds[a]])));
    traj_arena_free(&made.arena);
    traj_recording_free(&recording);
}

/* From frame 4 to 5 the ball is put 30 m away: no step, and no velocity to start the next one from.
 * Where it lies is known all the time. */
static void jumps_are_no_steps(void **state)
{
    (void)state;
    enum { BALL = 4, BEFORE = 4 };
    traj_recording recording = small_match((const size_t[]){FRAMES}, 1);
    for (size_t f = BEFORE + 1; f < FRAMES; f++) small_at(&recording.sequence[0], f, BALL)[0] += 30;
    filled with = fill(&recording, (traj_scene_options){0});
    for (int t = 0; t < FRAMES - 1; t++) {
        const traj_real *const known = known_of(&with, t, BALL);
        const traj_real *const x = with.batch.x + 2 * (t * ROOM + BALL);
        const double pos_m = (double)small_at(&recording.sequence[0], (size_t)t, BALL)[0];
        assert_true(with.batch.present[t * ROOM + BALL] == 1);
        assert_true(with.batch.target[t * ROOM + BALL] == (t == BEFORE ? 0 : 1));
        assert_true(near(known[TRAJ_KNOWN_POSITION], pos_m / small_norm.half_m[0]));
        assert_true(known[TRAJ_KNOWN_MOVED] == (t > 0 && t != BEFORE + 1 ? 1 : 0));
        if (t == BEFORE) assert_zero(x, 2);
        if (t == BEFORE + 1) assert_zero(known + TRAJ_KNOWN_PREVIOUS, 2);
        assert_true(fabs((double)x[0]) < 1 && fabs((double)known[TRAJ_KNOWN_PREVIOUS]) < 1);
    }
    traj_arena_free(&with.arena);
    traj_recording_free(&recording);
}

/* Places wander and nothing else does: a random walk of the step asked for. */
static void drift_moves_places_only(void **state)
{
    (void)state;
    const double step_m = 0.5;
    const traj_noise noise = {5, TRAJ_STREAM_DRIFT, 0};
    traj_recording recording = small_match((const size_t[]){FRAMES}, 1);
    filled still = fill(&recording, (traj_scene_options){0});
    filled with = fill(&recording, (traj_scene_options){.drift = &noise, .drift_m = step_m});
    double squares = 0;
    const int steps = FRAMES - 1;
    for (int t = 0; t < steps; t++)
        for (int a = 0; a < AGENTS; a++) {
            const traj_real *const was = known_of(&still, t, a), *const is = known_of(&with, t, a);
            assert_memory_equal(was + TRAJ_KNOWN_PREVIOUS, is + TRAJ_KNOWN_PREVIOUS,
                                (TRAJ_KNOWN_BALL - TRAJ_KNOWN_PREVIOUS) * sizeof *is);
            assert_memory_equal(was + TRAJ_KNOWN_BALL_MOVED, is + TRAJ_KNOWN_BALL_MOVED,
                                2 * sizeof *is);
            for (int k = 0; k < 2; k++) {
                const int i = TRAJ_KNOWN_POSITION + k;
                const double off = small_norm.half_m[k] * ((double)is[i] - (double)was[i]);
                squares += off * off / ((t + 1) * step_m * step_m) / (2 * steps * AGENTS);
            }
        }
    assert_memory_equal(still.batch.x, with.batch.x,
                        (size_t)(2 * steps * ROOM) * sizeof *with.batch.x);
    assert_true(squares > 0.4 && squares < 1.8); /* mean 1; walks of few agents scatter */
    traj_arena_free(&still.arena);
    traj_arena_free(&with.arena);
    traj_recording_free(&recording);
}

/* How j lies from i in frame t, and how far it parts from it there: dx, dy, ux, uy. */
static void between(const traj_sequence *sequence, size_t t, int i, int j, double r[4])
{
    for (int k = 0; k < 2; k++) {
        r[k] = (double)small_at(sequence, t, (size_t)j)[k] -
               (double)small_at(sequence, t, (size_t)i)[k];
        r[2 + k] = r[k] - ((double)small_at(sequence, t - 1, (size_t)j)[k] -
                           (double)small_at(sequence, t - 1, (size_t)i)[k]);
    }
}

/* Where there is one; the ball sees nobody. */
static void players_see_the_ball(void **state)
{
    (void)state;
    enum { BALL = 4, T = 3, SEEN = TRAJ_KNOWN - TRAJ_KNOWN_BALL };
    traj_recording recording = small_match((const size_t[]){FRAMES}, 1);
    const traj_sequence *const sequence = &recording.sequence[0];
    const double unit = 2 * small_norm.scale_m[TRAJ_HOME];
    filled made = fill(&recording, (traj_scene_options){0});
    for (int a = 0; a < AGENTS; a++) {
        const traj_real *const seen = known_of(&made, T, a) + TRAJ_KNOWN_BALL;
        double r[4];
        if (a == BALL) {
            assert_zero(seen, SEEN);
            continue;
        }
        between(sequence, T, a, BALL, r);
        const double d = hypot(r[0], r[1]);
        assert_true(seen[0] == 1 && near(seen[1], log(1 + d) / 3));
        assert_true(near(seen[2], r[0] / (d + 5)) && near(seen[3], r[1] / (d + 5)));
        assert_true(near(seen[4], r[2] / unit) && near(seen[5], r[3] / unit));
    }
    traj_arena_free(&made.arena);
    for (size_t f = 0; f < FRAMES; f++)
        for (int k = 0; k < 2; k++) small_at(sequence, f, BALL)[k] = NAN;
    made = fill(&recording, (traj_scene_options){0});
    for (int a = 0; a < AGENTS; a++) assert_zero(known_of(&made, T, a) + TRAJ_KNOWN_BALL, SEEN);
    traj_arena_free(&made.arena);
    traj_recording_free(&recording);
}

static void edges_are_what_the_receiver_sees(void **state)
{
    (void)state;
    traj_recording recording = small_match((const size_t[]){FRAMES}, 1);
    const double unit = 2 * small_norm.scale_m[TRAJ_HOME];
    filled made = fill(&recording, (traj_scene_options){0});
    for (int i = 0; i < AGENTS; i++)
        for (int j = 0; j < AGENTS; j++) {
            const traj_real *const edge = edge_of(&made, 3, i, j);
            double r[4];
            if (i == j) {
                assert_zero(edge, TRAJ_EDGE_FEATURES);
                continue;
            }
            between(&recording.sequence[0], 3, i, j, r);
            const double d = hypot(r[0], r[1]);
            assert_true(near(edge[0], r[0] / (d + 5)) && near(edge[1], r[1] / (d + 5)));
            assert_true(near(edge[2], log(1 + d) / 3) && near(edge[3], exp(-d / 4)));
            assert_true(edge[4] ==
                        (small_team_of(small_kinds[i]) == small_team_of(small_kinds[j]) ? 1 : 0));
            assert_true(edge[5] ==
                        (small_kinds[i] == TRAJ_BALL || small_kinds[j] == TRAJ_BALL ? 1 : 0));
            assert_true(near(edge[6], exp(-d)) &&
                        near(edge[7], exp(-hypot(r[0] + r[2], r[1] + r[3]))));
            assert_true(near(edge[8], r[2] / unit) && near(edge[9], r[3] / unit));
        }
    traj_arena_free(&made.arena);
    traj_recording_free(&recording);
}

/* All numbers of two scenes, bit for bit. */
static bool same_scene(const filled *a, const filled *b)
{
    const size_t rows = (FRAMES - 1) * ROOM, real = sizeof(traj_real);
    return !memcmp(a->batch.x, b->batch.x, rows * 2 * real) &&
           !memcmp(a->batch.known, b->batch.known, rows * TRAJ_KNOWN * real) &&
           !memcmp(a->batch.edge, b->batch.edge, rows * ROOM * TRAJ_EDGE_FEATURES * real) &&
           !memcmp(a->batch.present, b->batch.present, rows * real) &&
           !memcmp(a->batch.target, b->batch.target, rows * real) &&
           !memcmp(a->batch.log_scale, b->batch.log_scale, ROOM * real);
}

/* Mirrored by hand, then by the flip: the scene as it was. Once is another one, with the teams
 * swapped when x is flipped and only then. */
static void two_flips_are_none(void **state)
{
    (void)state;
    static const traj_kind other[TRAJ_KINDS] = {TRAJ_AWAY, TRAJ_HOME, TRAJ_AWAY_GK, TRAJ_HOME_GK,
                                                TRAJ_BALL};
    for (int flips = 1; flips < 4; flips++) {
        const traj_scene_options flip = {.flip_x = flips & 1, .flip_y = flips & 2};
        traj_recording recording = small_substitution();
        traj_sequence *const sequence = &recording.sequence[0];
        filled plain = fill(&recording, (traj_scene_options){0}), once = fill(&recording, flip);
        for (int a = 0; a < 5; a++) {
            const traj_kind kind = flip.flip_x ? other[small_kinds[a]] : small_kinds[a];
            assert_true(known_of(&once, 2, a)[TRAJ_KNOWN_KIND + kind] == 1);
        }
        assert_false(same_scene(&plain, &once));
        for (size_t i = 0; i < FRAMES * AGENTS; i++) {
            if (flip.flip_x) sequence->pos_m[2 * i] *= -1;
            if (flip.flip_y) sequence->pos_m[2 * i + 1] *= -1;
        }
        for (int a = 0; flip.flip_x && a < AGENTS; a++) {
            sequence->agent[a].kind = other[small_kinds[a]];
            sequence->agent[a].team = small_team_of(other[small_kinds[a]]);
        }
        filled twice = fill(&recording, flip);
        assert_true(same_scene(&plain, &twice));
        traj_arena_free(&plain.arena);
        traj_arena_free(&once.arena);
        traj_arena_free(&twice.arena);
        traj_recording_free(&recording);
    }
}

static void dequantisation_stays_within_half_a_quantum(void **state)
{
    (void)state;
    const traj_noise noise = {5, TRAJ_STREAM_DEQUANT, 1};
    traj_recording recording = small_substitution();
    filled plain = fill(&recording, (traj_scene_options){0}),
           noisy = fill(&recording, (traj_scene_options){.dequant = &noise, .number = 3}),
           again = fill(&recording, (traj_scene_options){.dequant = &noise, .number = 3}),
           other = fill(&recording, (traj_scene_options){.dequant = &noise, .number = 4});
    double least = 1, most = -1;
    for (int t = 0; t < FRAMES - 1; t++)
        for (int a = 0; a < ROOM; a++)
            for (int k = 0; k < 2; k++) {
                const double moved_m = small_norm.half_m[k] *
                                       ((double)known_of(&noisy, t, a)[TRAJ_KNOWN_POSITION + k] -
                                        (double)known_of(&plain, t, a)[TRAJ_KNOWN_POSITION + k]);
                least = fmin(least, moved_m);
                most = fmax(most, moved_m);
            }
    /* of some 100 uniform draws the outermost are within a tenth of the ends but for 1 in 10^4 */
    assert_true(least > -0.00501 && least < -0.004 && most < 0.00501 && most > 0.004);
    assert_true(
        !memcmp(plain.batch.target, noisy.batch.target, (FRAMES - 1) * ROOM * sizeof(traj_real)));
    assert_true(same_scene(&noisy, &again));
    assert_false(same_scene(&noisy, &other));
    traj_arena_free(&plain.arena);
    traj_arena_free(&noisy.arena);
    traj_arena_free(&again.arena);
    traj_arena_free(&other.arena);
    traj_recording_free(&recording);
}

/* Frame t + 1 is what step t predicts: it may change x, nothing that is known, not even by who
 * leaves (agent 1) or jumps (the ball). */
static void the_next_frame_is_not_known(void **state)
{
    (void)state;
    enum { STEP = 4 };
    const size_t real = sizeof(traj_real), rows = (STEP + 1) * ROOM;
    traj_recording recording = small_match((const size_t[]){FRAMES}, 1);
    filled before = fill(&recording, (traj_scene_options){0});
    for (size_t f = STEP + 1; f < FRAMES; f++)
        for (size_t a = 0; a < AGENTS; a++)
            small_at(&recording.sequence[0], f, a)[0] += a == 1 ? (float)NAN : a == 4 ? 40 : 7;
    filled after = fill(&recording, (traj_scene_options){0});
    assert_true(!memcmp(before.batch.known, after.batch.known, rows * TRAJ_KNOWN * real));
    assert_true(
        !memcmp(before.batch.edge, after.batch.edge, rows * ROOM * TRAJ_EDGE_FEATURES * real));
    assert_true(!memcmp(before.batch.present, after.batch.present, rows * real));
    assert_true(!memcmp(before.batch.x, after.batch.x, STEP * ROOM * 2 * real));
    assert_true(after.batch.target[STEP * ROOM + 1] == 0 &&
                after.batch.target[STEP * ROOM + 4] == 0);
    for (int a = 0; a < AGENTS; a++)
        assert_true(before.batch.x[2 * (STEP * ROOM + a)] != after.batch.x[2 * (STEP * ROOM + a)]);
    traj_arena_free(&before.arena);
    traj_arena_free(&after.arena);
    traj_recording_free(&recording);
}

/* A shifted window is the window further right; chosen agents come in the chosen order. */
static void shifts_and_slots_choose(void **state)
{
    (void)state;
    traj_recording recording = small_match((const size_t[]){FRAMES + 3}, 1);
    const traj_window early = {.first = 0, .slack = 3}, late = {.first = 3};
    const int slot[2] = {4, 2};
    traj_batch batch[3];
    traj_arena arena;
    assert_int_equal(traj_arena_init(&arena, 1 << 18, NULL), TRAJ_OK);
    for (int b = 0; b < 3; b++)
        traj_batch_take(&batch[b], 1, b < 2 ? AGENTS : 2, FRAMES - 1, &arena);
    traj_scene_fill(&batch[0], 0, &recording, &early, &small_norm, (traj_scene_options){.shift = 3},
                    &arena);
    traj_scene_fill(&batch[1], 0, &recording, &late, &small_norm, (traj_scene_options){0}, &arena);
    traj_scene_fill(&batch[2], 0, &recording, &late, &small_norm,
                    (traj_scene_options){.slot = slot, .slots = 2}, &arena);
    assert_true(!memcmp(batch[0].x, batch[1].x, (FRAMES - 1) * AGENTS * 2 * sizeof(traj_real)));
    for (int t = 0; t < FRAMES - 1; t++)
        for (int a = 0; a < 2; a++)
            assert_true(batch[2].x[2 * (t * 2 + a)] == batch[1].x[2 * (t * AGENTS + slot[a])]);
    traj_arena_free(&arena);
    traj_recording_free(&recording);
}

int data_scene_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_agents_are_zero_and_nothing_is_nan),
        cmocka_unit_test(steps_are_displacements_and_the_past),
        cmocka_unit_test(jumps_are_no_steps),
        cmocka_unit_test(drift_moves_places_only),
        cmocka_unit_test(players_see_the_ball),
        cmocka_unit_test(edges_are_what_the_receiver_sees),
        cmocka_unit_test(two_flips_are_none),
        cmocka_unit_test(dequantisation_stays_within_half_a_quantum),
        cmocka_unit_test(the_next_frame_is_not_known),
        cmocka_unit_test(shifts_and_slots_choose),
    };
    return cmocka_run_group_tests_name("data: scenes", tests, NULL, NULL);
}
