/* Windows and scenes: where they may be cut, and what a batch may know of them. */
#include "data_groups.h"

#include "traj/base/memory.h"
#include "traj/data/window.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { FRAMES = 12, AGENTS = 6, ROOM = 8, OUT = 5, LEAVES = 5 };

/* A keeper and a player of each team, the ball, and a substitute who is there from frame LEAVES + 1
 * on, when home's player is gone. */
static const traj_kind kinds[AGENTS] = {TRAJ_HOME_GK, TRAJ_HOME, TRAJ_AWAY,
                                        TRAJ_AWAY_GK, TRAJ_BALL, TRAJ_HOME};
static const traj_norm norm = {.rate_hz = 10,
                               .scale_m = {0.5, 0.5, 0.5, 0.5, 2},
                               .jump_m = {9, 9, 9, 9, 9},
                               .half_m = {52.5, 34},
                               .quantum_m = 0.01};

static traj_team team_of(traj_kind kind)
{
    if (kind == TRAJ_BALL) return TRAJ_TEAM_BALL;
    return kind == TRAJ_HOME || kind == TRAJ_HOME_GK ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY;
}

static float *at(const traj_sequence *sequence, size_t frame, size_t agent)
{
    return sequence->pos_m + 2 * (frame * sequence->agents + agent);
}

/* Everybody on a curve of his own, never twice the same step. */
static void add_sequence(traj_recording *recording, size_t frames)
{
    traj_sequence *sequence;
    assert_int_equal(traj_recording_add(recording, frames, AGENTS, &sequence, NULL), TRAJ_OK);
    for (size_t a = 0; a < AGENTS; a++) {
        sequence->agent[a].kind = kinds[a];
        sequence->agent[a].team = team_of(kinds[a]);
        for (size_t f = 0; f < frames; f++) {
            at(sequence, f, a)[0] = (float)(10 * sin(0.1 * (double)f + (double)a));
            at(sequence, f, a)[1] = (float)(8 * cos(0.07 * (double)(f * (a + 1))));
            sequence->frame_id[f] = (int64_t)f + 1;
            sequence->time_s[f] = 0.1 * (double)f;
        }
    }
}

static traj_recording match_of(const size_t *frames, size_t sequences)
{
    traj_recording recording;
    traj_recording_init(&recording);
    recording.rate_hz = norm.rate_hz;
    recording.pitch_length_m = 105;
    recording.pitch_width_m = 68;
    recording.quantum_m = norm.quantum_m;
    for (size_t s = 0; s < sequences; s++) add_sequence(&recording, frames[s]);
    return recording;
}

static traj_recording substitution(void)
{
    traj_recording recording = match_of((const size_t[]){FRAMES}, 1);
    for (size_t f = 0; f < FRAMES; f++) {
        float *const gone = at(&recording.sequence[0], f, f <= LEAVES ? OUT : 1);
        gone[0] = gone[1] = NAN;
    }
    return recording;
}

static bool is_here(const traj_recording *recording, int frame, int agent)
{
    return agent < AGENTS && isfinite(at(&recording->sequence[0], (size_t)frame, (size_t)agent)[0]);
}

/* ---- windows ---- */

/* Frames of the match before each sequence make positions in the match comparable. */
static void windows_cross_neither_sequence_nor_split(void **state)
{
    (void)state;
    enum { WINDOW = 20, STRIDE = 7 };
    const size_t frames[] = {100, 57, 19, 31};
    traj_recording recording = match_of(frames, 4);
    const size_t split = (size_t)llround(207 * 0.8), start[] = {0, 100, 157, 176};
    traj_windows train, valid;
    assert_int_equal(traj_windows_cut(&recording, 1, WINDOW, STRIDE, 0, 0.8, WINDOW, &train, NULL),
                     TRAJ_OK);
    assert_int_equal(traj_windows_cut(&recording, 1, WINDOW, WINDOW, 0.8, 1, 0, &valid, NULL),
                     TRAJ_OK);
    size_t expected = 0;
    for (size_t s = 0; s < 4; s++)
        for (size_t first = 0; first + WINDOW <= frames[s]; first += STRIDE)
            expected += start[s] + first + WINDOW <= split - WINDOW;
    assert_int_equal(train.count, expected);
    for (size_t w = 0; w < train.count; w++) {
        const traj_window *const window = &train.item[w];
        const size_t end = window->first + window->slack + WINDOW;
        assert_true(end <= frames[window->sequence]);
        assert_true(start[window->sequence] + end <= split - WINDOW);
        assert_true(window->slack < STRIDE);
        if (w > 0 && window[-1].sequence == window->sequence) /* no frame is left out */
            assert_true(window[-1].first + window[-1].slack + 1 == window->first);
    }
    assert_int_equal(valid.count, 1); /* frames 166 to 206 of the match: 10 of sequence 2, then 3 */
    assert_true(valid.item[0].sequence == 3 && valid.item[0].first == 0);
    assert_true(start[3] >= split);
    assert_int_equal(train.agents, AGENTS);
    traj_windows_free(&train);
    traj_windows_free(&valid);
    traj_recording_free(&recording);
}

/* Frames in which nobody is there twice in a row teach nothing: no shift may end up in them. */
static void slack_ends_where_nobody_is(void **state)
{
    (void)state;
    traj_recording recording = match_of((const size_t[]){60}, 1);
    traj_windows windows;
    for (size_t f = 12; f < 40; f++)
        for (size_t a = 0; a < AGENTS; a++)
            at(&recording.sequence[0], f, a)[0] = at(&recording.sequence[0], f, a)[1] = NAN;
    assert_int_equal(traj_windows_cut(&recording, 1, 10, 10, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_int_equal(windows.count, 4); /* at 0, 10, 40 and 50 */
    assert_int_equal(windows.item[0].slack, 9);
    assert_true(windows.item[1].first == 10 && windows.item[1].slack == 0);
    assert_int_equal(windows.item[2].first, 40);
    traj_windows_free(&windows);
    traj_recording_free(&recording);
}

static void impossible_windows_are_none_or_errors(void **state)
{
    (void)state;
    traj_recording recording = match_of((const size_t[]){30}, 1);
    traj_windows windows;
    traj_error err;
    assert_int_equal(traj_windows_cut(&recording, 1, 31, 1, 0, 1, 0, &windows, &err), TRAJ_OK);
    assert_int_equal(windows.count, 0);
    traj_windows_free(&windows);
    traj_alloc_fail_at(1);
    assert_int_equal(traj_windows_cut(&recording, 1, 10, 1, 0, 1, 0, &windows, &err),
                     TRAJ_E_MEMORY);
    traj_alloc_fail_at(0);
    traj_recording_free(&recording);

    traj_sequence *crowd;
    traj_recording_init(&recording);
    assert_int_equal(traj_recording_add(&recording, 4, TRAJ_MAX_SCENE_AGENTS + 1, &crowd, NULL),
                     TRAJ_OK);
    for (size_t i = 0; i < 8 * crowd->agents; i++) crowd->pos_m[i] = (float)i;
    assert_int_equal(traj_windows_cut(&recording, 1, 4, 1, 0, 1, 0, &windows, &err), TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "129 agents"));
    traj_recording_free(&recording);
}

/* Steps of (0.3, 0.4) m have a root mean square of sqrt(0.125) m a dimension. */
static void scales_are_root_mean_squares(void **state)
{
    (void)state;
    traj_recording recording = match_of((const size_t[]){30}, 1);
    traj_windows windows;
    traj_norm fitted;
    traj_error err;
    for (size_t f = 0; f < 30; f++)
        for (size_t a = 0; a < AGENTS; a++) {
            const float times = kinds[a] == TRAJ_BALL ? 4 : 1;
            at(&recording.sequence[0], f, a)[0] = 0.3f * times * (float)f;
            at(&recording.sequence[0], f, a)[1] = -0.4f * times * (float)f;
        }
    assert_int_equal(traj_windows_cut(&recording, 1, 10, 10, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_int_equal(traj_norm_fit(&recording, &windows, &fitted, &err), TRAJ_OK);
    for (int k = 0; k < TRAJ_KINDS; k++) /* float positions up to 48 m: steps to 4e-6 */
        assert_true(fabs(fitted.scale_m[k] - sqrt(0.125) * (k == TRAJ_BALL ? 4 : 1)) < 1e-4);
    assert_true(fitted.half_m[0] == 52.5 && fitted.half_m[1] == 34 && fitted.rate_hz == 10);
    memset(recording.sequence[0].pos_m, 0, 30 * AGENTS * 2 * sizeof(float));
    assert_int_equal(traj_norm_fit(&recording, &windows, &fitted, &err), TRAJ_E_DATA);
    traj_windows_free(&windows);
    traj_recording_free(&recording);
}

/* A walk of steps of a metre or less in which 3 of 400 frames put everybody 40 m away, and back. */
static void scales_leave_jumps_out(void **state)
{
    (void)state;
    enum { LENGTH = 400 };
    traj_norm fitted[2];
    for (int jumps = 0; jumps < 2; jumps++) {
        traj_recording recording = match_of((const size_t[]){LENGTH}, 1);
        traj_windows windows;
        for (size_t f = 100; jumps && f < 200; f++)
            for (size_t a = 0; a < AGENTS; a++) at(&recording.sequence[0], f, a)[1] += 40;
        assert_int_equal(traj_windows_cut(&recording, 1, 10, 5, 0, 1, 0, &windows, NULL), TRAJ_OK);
        assert_int_equal(traj_norm_fit(&recording, &windows, &fitted[jumps], NULL), TRAJ_OK);
        traj_windows_free(&windows);
        traj_recording_free(&recording);
    }
    for (int k = 0; k < TRAJ_KINDS; k++) {
        assert_true(fitted[1].jump_m[k] > 0 && fitted[1].jump_m[k] < 20);
        assert_true(fitted[1].jump_m[k] == fitted[0].jump_m[k]);
        assert_true(fabs(fitted[1].scale_m[k] / fitted[0].scale_m[k] - 1) < 0.02);
    }
    assert_true(traj_norm_jumps(&fitted[1], TRAJ_HOME, 40, 0));
    assert_false(traj_norm_jumps(&fitted[1], TRAJ_HOME, 0.9, 0.9));
}

/* Whatever the unit: Gaussian steps as large as a pitch are steps. */
static void large_steps_are_no_jumps(void **state)
{
    (void)state;
    enum { LENGTH = 4000 };
    const traj_noise noise = {7, TRAJ_STREAM_TEST, 0};
    traj_recording recording = match_of((const size_t[]){LENGTH}, 1);
    traj_sequence *const sequence = &recording.sequence[0];
    traj_windows windows;
    traj_norm fitted;
    for (size_t f = 1; f < LENGTH; f++)
        for (size_t a = 0; a < AGENTS; a++) {
            traj_real step[2];
            traj_noise_normal(&noise, 0, (uint32_t)f, (uint32_t)a, step, 2);
            for (int k = 0; k < 2; k++)
                at(sequence, f, a)[k] = at(sequence, f - 1, a)[k] + 50 * (float)step[k];
        }
    assert_int_equal(traj_windows_cut(&recording, 1, 10, 10, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_int_equal(traj_norm_fit(&recording, &windows, &fitted, NULL), TRAJ_OK);
    for (size_t f = 1; f < LENGTH; f++)
        for (size_t a = 0; a < AGENTS; a++)
            assert_false(
                traj_norm_jumps(&fitted, (int)kinds[a],
                                (double)at(sequence, f, a)[0] - (double)at(sequence, f - 1, a)[0],
                                (double)at(sequence, f, a)[1] - (double)at(sequence, f - 1, a)[1]));
    traj_windows_free(&windows);
    traj_recording_free(&recording);
}

/* ---- scenes ---- */

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
    traj_scene_fill(&made.batch, 0, recording, &window, &norm, options, &made.arena);
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
    traj_recording recording = substitution();
    filled made = fill(&recording, (traj_scene_options){0});
    for (int t = 0; t < FRAMES - 1; t++)
        for (int a = 0; a < ROOM; a++) {
            const int row = t * ROOM + a;
            const bool here = is_here(&recording, t, a),
                       steps = here && is_here(&recording, t + 1, a);
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
    traj_recording recording = substitution();
    const traj_sequence *const sequence = &recording.sequence[0];
    filled made = fill(&recording, (traj_scene_options){0});
    for (int t = 0; t < FRAMES - 1; t++)
        for (int a = 0; a < AGENTS; a++) {
            if (made.batch.present[t * ROOM + a] == 0) continue;
            const traj_real *const known = known_of(&made, t, a);
            const bool moved = t > 0 && is_here(&recording, t - 1, a);
            const double scale = norm.scale_m[kinds[a]];
            assert_true(known[TRAJ_KNOWN_MOVED] == (moved ? 1 : 0));
            for (int k = 0; k < TRAJ_KINDS; k++)
                assert_true(known[TRAJ_KNOWN_KIND + k] == ((int)kinds[a] == k ? 1 : 0));
            for (int k = 0; k < 2; k++) {
                const double now = (double)at(sequence, (size_t)t, (size_t)a)[k],
                             next = (double)at(sequence, (size_t)t + 1, (size_t)a)[k];
                const double before = moved ? (double)at(sequence, (size_t)t - 1, (size_t)a)[k]
                                            : now;
                assert_true(near(known[TRAJ_KNOWN_POSITION + k], now / norm.half_m[k]));
                assert_true(near(known[TRAJ_KNOWN_PREVIOUS + k], (now - before) / scale));
                if (made.batch.target[t * ROOM + a] == 0) continue;
                assert_true(near(made.batch.x[2 * (t * ROOM + a) + k], (next - now) / scale));
            }
        }
    for (int a = 0; a < AGENTS; a++)
        assert_true(near(made.batch.log_scale[a], 2 * log(norm.scale_m[kinds[a]])));
    traj_arena_free(&made.arena);
    traj_recording_free(&recording);
}

/* From frame 4 to 5 the ball is put 30 m away: no step, and no velocity to start the next one from.
 * Where it lies is known all the time. */
static void jumps_are_no_steps(void **state)
{
    (void)state;
    enum { BALL = 4, BEFORE = 4 };
    traj_recording recording = match_of((const size_t[]){FRAMES}, 1);
    for (size_t f = BEFORE + 1; f < FRAMES; f++) at(&recording.sequence[0], f, BALL)[0] += 30;
    filled with = fill(&recording, (traj_scene_options){0});
    for (int t = 0; t < FRAMES - 1; t++) {
        const traj_real *const known = known_of(&with, t, BALL), *const x = with.batch.x +
                                                                            2 * (t * ROOM + BALL);
        const double pos_m = (double)at(&recording.sequence[0], (size_t)t, BALL)[0];
        assert_true(with.batch.present[t * ROOM + BALL] == 1);
        assert_true(with.batch.target[t * ROOM + BALL] == (t == BEFORE ? 0 : 1));
        assert_true(near(known[TRAJ_KNOWN_POSITION], pos_m / norm.half_m[0]));
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
    traj_recording recording = match_of((const size_t[]){FRAMES}, 1);
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
                const double off = norm.half_m[k] * ((double)is[i] - (double)was[i]);
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

/* Where there is one; the ball sees nobody. */
static void players_see_the_ball(void **state)
{
    (void)state;
    enum { BALL = 4, T = 3 };
    traj_recording recording = match_of((const size_t[]){FRAMES}, 1);
    const traj_sequence *const sequence = &recording.sequence[0];
    const float *const ball = at(sequence, T, BALL), *const ball_was = at(sequence, T - 1, BALL);
    filled made = fill(&recording, (traj_scene_options){0});
    for (int a = 0; a < AGENTS; a++) {
        if (a == BALL) continue;
        const float *const now = at(sequence, T, (size_t)a), *const was =
                                                                 at(sequence, T - 1, (size_t)a);
        const traj_real *const seen = known_of(&made, T, a) + TRAJ_KNOWN_BALL;
        const double dx = (double)ball[0] - (double)now[0], dy = (double)ball[1] - (double)now[1];
        const double ux = dx - ((double)ball_was[0] - (double)was[0]),
                     uy = dy - ((double)ball_was[1] - (double)was[1]);
        const double d = hypot(dx, dy), unit = 2 * norm.scale_m[TRAJ_HOME];
        assert_true(seen[0] == 1 && near(seen[1], log(1 + d) / 3));
        assert_true(near(seen[2], dx / (d + 5)) && near(seen[3], dy / (d + 5)));
        assert_true(near(seen[4], ux / unit) && near(seen[5], uy / unit));
    }
    assert_zero(known_of(&made, T, BALL) + TRAJ_KNOWN_BALL, TRAJ_KNOWN - TRAJ_KNOWN_BALL);
    traj_arena_free(&made.arena);
    for (size_t f = 0; f < FRAMES; f++) at(sequence, f, BALL)[0] = NAN;
    for (size_t f = 0; f < FRAMES; f++) at(sequence, f, BALL)[1] = NAN;
    made = fill(&recording, (traj_scene_options){0});
    for (int a = 0; a < AGENTS; a++)
        assert_zero(known_of(&made, T, a) + TRAJ_KNOWN_BALL, TRAJ_KNOWN - TRAJ_KNOWN_BALL);
    traj_arena_free(&made.arena);
    traj_recording_free(&recording);
}

static void edges_are_what_the_receiver_sees(void **state)
{
    (void)state;
    traj_recording recording = match_of((const size_t[]){FRAMES}, 1);
    filled made = fill(&recording, (traj_scene_options){0});
    for (int i = 0; i < AGENTS; i++)
        for (int j = 0; j < AGENTS; j++) {
            const traj_real *const edge = edge_of(&made, 3, i, j);
            const float *const to = at(&recording.sequence[0], 3, (size_t)i),
                               *const from = at(&recording.sequence[0], 3, (size_t)j);
            const float *const to_was = at(&recording.sequence[0], 2, (size_t)i),
                               *const from_was = at(&recording.sequence[0], 2, (size_t)j);
            const double dx = (double)from[0] - (double)to[0], dy = (double)from[1] - (double)to[1];
            const double ux = dx - ((double)from_was[0] - (double)to_was[0]),
                         uy = dy - ((double)from_was[1] - (double)to_was[1]);
            const double d = sqrt(dx * dx + dy * dy), unit = 2 * norm.scale_m[TRAJ_HOME];
            if (i == j) {
                assert_zero(edge, TRAJ_EDGE_FEATURES);
                continue;
            }
            assert_true(near(edge[0], dx / (d + 5)) && near(edge[1], dy / (d + 5)));
            assert_true(near(edge[2], log(1 + d) / 3) && near(edge[3], exp(-d / 4)));
            assert_true(edge[4] == (team_of(kinds[i]) == team_of(kinds[j]) ? 1 : 0));
            assert_true(edge[5] == (kinds[i] == TRAJ_BALL || kinds[j] == TRAJ_BALL ? 1 : 0));
            assert_true(near(edge[6], exp(-d)) && near(edge[7], exp(-hypot(dx + ux, dy + uy))));
            assert_true(near(edge[8], ux / unit) && near(edge[9], uy / unit));
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
        traj_recording recording = substitution();
        traj_sequence *const sequence = &recording.sequence[0];
        filled plain = fill(&recording, (traj_scene_options){0}), once = fill(&recording, flip);
        for (int a = 0; a < 5; a++) {
            const traj_kind kind = flip.flip_x ? other[kinds[a]] : kinds[a];
            assert_true(known_of(&once, 2, a)[TRAJ_KNOWN_KIND + kind] == 1);
        }
        assert_false(same_scene(&plain, &once));
        for (size_t i = 0; i < FRAMES * AGENTS; i++) {
            if (flip.flip_x) sequence->pos_m[2 * i] *= -1;
            if (flip.flip_y) sequence->pos_m[2 * i + 1] *= -1;
        }
        for (int a = 0; flip.flip_x && a < AGENTS; a++) {
            sequence->agent[a].kind = other[kinds[a]];
            sequence->agent[a].team = team_of(other[kinds[a]]);
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
    traj_recording recording = substitution();
    filled plain = fill(&recording, (traj_scene_options){0}),
           noisy = fill(&recording, (traj_scene_options){.dequant = &noise, .number = 3}),
           again = fill(&recording, (traj_scene_options){.dequant = &noise, .number = 3}),
           other = fill(&recording, (traj_scene_options){.dequant = &noise, .number = 4});
    double least = 1, most = -1;
    for (int t = 0; t < FRAMES - 1; t++)
        for (int a = 0; a < ROOM; a++)
            for (int k = 0; k < 2; k++) {
                const double moved_m = norm.half_m[k] *
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
    traj_recording recording = match_of((const size_t[]){FRAMES}, 1);
    filled before = fill(&recording, (traj_scene_options){0});
    for (size_t f = STEP + 1; f < FRAMES; f++)
        for (size_t a = 0; a < AGENTS; a++)
            at(&recording.sequence[0], f, a)[0] += a == 1 ? (float)NAN : a == 4 ? 40 : 7;
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
    traj_recording recording = match_of((const size_t[]){FRAMES + 3}, 1);
    const traj_window early = {.first = 0, .slack = 3}, late = {.first = 3};
    const int slot[2] = {4, 2};
    traj_batch batch[3];
    traj_arena arena;
    assert_int_equal(traj_arena_init(&arena, 1 << 18, NULL), TRAJ_OK);
    for (int b = 0; b < 3; b++)
        traj_batch_take(&batch[b], 1, b < 2 ? AGENTS : 2, FRAMES - 1, &arena);
    traj_scene_fill(&batch[0], 0, &recording, &early, &norm, (traj_scene_options){.shift = 3},
                    &arena);
    traj_scene_fill(&batch[1], 0, &recording, &late, &norm, (traj_scene_options){0}, &arena);
    traj_scene_fill(&batch[2], 0, &recording, &late, &norm,
                    (traj_scene_options){.slot = slot, .slots = 2}, &arena);
    assert_true(!memcmp(batch[0].x, batch[1].x, (FRAMES - 1) * AGENTS * 2 * sizeof(traj_real)));
    for (int t = 0; t < FRAMES - 1; t++)
        for (int a = 0; a < 2; a++)
            assert_true(batch[2].x[2 * (t * 2 + a)] == batch[1].x[2 * (t * AGENTS + slot[a])]);
    traj_arena_free(&arena);
    traj_recording_free(&recording);
}

int data_window_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_cross_neither_sequence_nor_split),
        cmocka_unit_test(slack_ends_where_nobody_is),
        cmocka_unit_test(impossible_windows_are_none_or_errors),
        cmocka_unit_test(scales_are_root_mean_squares),
        cmocka_unit_test(scales_leave_jumps_out),
        cmocka_unit_test(large_steps_are_no_jumps),
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
    return cmocka_run_group_tests_name("data: windows and scenes", tests, NULL, NULL);
}
