/* Baselines on agents whose future is known beforehand. */
#include "eval_groups.h"

#include "traj/base/memory.h"
#include "traj/data/window.h"
#include "traj/eval/baseline.h"
#include "traj/gen/smooth.h"

#include <math.h>
#include <string.h>

enum { PAST = 6, FRAMES = 8, SAMPLES = 5, AGENTS = 4 };

/* Agents: one turns left while he speeds up, one stands, one was first seen in the last frame, and
 * the ball, which is missing in the frame before the last. */
typedef struct scene {
    traj_baseline_task task;
    unsigned char kind[AGENTS];
    float past_m[PAST][AGENTS][2];
    float forecast_m[SAMPLES][FRAMES][AGENTS][2];
} scene;

static void scene_init(scene *s, const traj_neighbours *neighbours)
{
    memset(s, 0, sizeof *s);
    memcpy(s->kind, (unsigned char[]){TRAJ_HOME, TRAJ_AWAY, TRAJ_AWAY_GK, TRAJ_BALL}, AGENTS);
    for (int t = 0; t < PAST; t++) {
        const float u = (float)t / PAST;
        memcpy(s->past_m[t][0], (float[]){3 + 4 * u, u * u}, sizeof s->past_m[t][0]);
        memcpy(s->past_m[t][1], (float[]){-7, 2}, sizeof s->past_m[t][1]);
        for (int axis = 0; axis < 2; axis++) {
            s->past_m[t][2][axis] = t == PAST - 1 ? 1 : NAN;
            s->past_m[t][3][axis] = t == PAST - 2 ? NAN : -10 * u;
        }
    }
    s->task = (traj_baseline_task){.past = PAST,
                                   .frames = FRAMES,
                                   .agents = AGENTS,
                                   .samples = SAMPLES,
                                   .rate_hz = 10,
                                   .kind = s->kind,
                                   .past_m = &s->past_m[0][0][0],
                                   .neighbours = neighbours,
                                   .seed = 3,
                                   .number = 2};
}

static const traj_baseline *find(const char *key)
{
    for (int i = 0; i < traj_baseline_count(); i++)
        if (!strcmp(traj_baseline_at(i)->key, key)) return traj_baseline_at(i);
    fail_msg("no baseline '%s'", key);
    return NULL;
}

static traj_status run(const char *key, scene *s)
{
    return find(key)->forecast(&s->task, &s->forecast_m[0][0][0][0], NULL);
}

/* A bank ---------------------------------------- */

static double draw(uint32_t number, uint32_t at)
{
    const traj_noise noise = {5, TRAJ_STREAM_TEST, number};
    traj_real normal;
    traj_noise_normal(&noise, 0, at, 0, &normal, 1);
    return (double)normal;
}

enum { BANK_AGENTS = 30, BANK_FRAMES = PAST + FRAMES };

/* One sequence, one window: players on wild ways, and balls in the last places. */
static void bank_recording(traj_recording *recording, int balls)
{
    traj_sequence *s;
    traj_recording_init(recording);
    assert_int_equal(traj_recording_add(recording, BANK_FRAMES, BANK_AGENTS, &s, NULL), TRAJ_OK);
    for (int a = 0; a < BANK_AGENTS; a++) {
        const bool ball = a >= BANK_AGENTS - balls;
        s->agent[a].kind = ball ? TRAJ_BALL : a % 2 ? TRAJ_AWAY : TRAJ_HOME;
        for (int axis = 0; axis < 2; axis++) {
            double at = draw(1, (uint32_t)(2 * a + axis)), step = 0.3;
            for (int t = 0; t < BANK_FRAMES; t++) {
                step += 0.2 * draw(2, (uint32_t)((2 * a + axis) * BANK_FRAMES + t));
                at += step;
                s->pos_m[2 * (t * BANK_AGENTS + a) + axis] = (float)at;
            }
        }
    }
}

static traj_neighbours *bank_of(const traj_recording *recording)
{
    traj_windows windows;
    traj_neighbours *neighbours;
    assert_int_equal(
        traj_windows_cut(recording, 1, BANK_FRAMES, BANK_FRAMES, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_int_equal(windows.count, 1);
    assert_int_equal(traj_neighbours_new(&neighbours, recording, &windows, PAST, FRAMES, NULL),
                     TRAJ_OK);
    traj_windows_free(&windows);
    return neighbours;
}

static traj_neighbours *bank_new(int balls)
{
    traj_recording recording;
    bank_recording(&recording, balls);
    traj_neighbours *const neighbours = bank_of(&recording);
    traj_recording_free(&recording);
    return neighbours;
}

/* All baselines ---------------------------------------- */

static void rows_have_different_keys(void **state)
{
    (void)state;
    assert_int_equal(traj_baseline_count(), 5);
    for (int i = 0; i < traj_baseline_count(); i++) {
        const traj_baseline *const row = traj_baseline_at(i);
        assert_true(row->name && *row->name && row->forecast);
        assert_ptr_equal(find(row->key), row);
    }
}

/* Sample k of agents who move: does it equal sample 0? */
static bool equals_first(const scene *s, int k)
{
    for (int t = 0; t < FRAMES; t++)
        if (memcmp(s->forecast_m[k][t][0], s->forecast_m[0][t][0], sizeof s->forecast_m[k][t][0]))
            return false;
    return true;
}

static void forecasts_are_whole_and_repeat(void **state)
{
    (void)state;
    traj_neighbours *const neighbours = bank_new(3);
    for (int i = 0; i < traj_baseline_count(); i++) {
        const traj_baseline *const row = traj_baseline_at(i);
        scene s, again;
        scene_init(&s, neighbours);
        scene_init(&again, neighbours);
        memset(s.forecast_m, 0xff, sizeof s.forecast_m); /* NaN */
        assert_int_equal(run(row->key, &s), TRAJ_OK);
        assert_int_equal(run(row->key, &again), TRAJ_OK);
        assert_memory_equal(s.forecast_m, again.forecast_m, sizeof s.forecast_m);
        const float *const value = &s.forecast_m[0][0][0][0];
        for (size_t n = 0; n < sizeof s.forecast_m / sizeof *value; n++)
            assert_true(isfinite(value[n]));
        for (int k = 1; k < SAMPLES; k++) assert_int_equal(equals_first(&s, k), !row->sampled);
    }
    traj_neighbours_free(neighbours);
}

/* One player's jump is nobody else's business. */
static void agents_are_forecast_apart(void **state)
{
    (void)state;
    traj_neighbours *const neighbours = bank_new(3);
    for (int i = 0; i < traj_baseline_count(); i++) {
        scene calm, wild;
        scene_init(&calm, neighbours);
        scene_init(&wild, neighbours);
        wild.past_m[PAST - 1][1][0] += 40;
        assert_int_equal(run(traj_baseline_at(i)->key, &calm), TRAJ_OK);
        assert_int_equal(run(traj_baseline_at(i)->key, &wild), TRAJ_OK);
        for (int k = 0; k < SAMPLES; k++)
            for (int t = 0; t < FRAMES; t++)
                for (int a = 0; a < AGENTS; a++) {
                    const int differ = memcmp(calm.forecast_m[k][t][a], wild.forecast_m[k][t][a],
                                              sizeof calm.forecast_m[k][t][a]);
                    assert_int_equal(differ != 0, a == 1);
                }
    }
    traj_neighbours_free(neighbours);
}

static void one_observed_frame_is_enough(void **state)
{
    (void)state;
    for (int i = 0; i < traj_baseline_count(); i++) {
        const traj_baseline *const row = traj_baseline_at(i);
        scene s;
        if (row->trained) continue;
        scene_init(&s, NULL);
        s.task.past = 1;
        s.task.past_m = s.past_m[PAST - 1][0];
        assert_int_equal(run(row->key, &s), TRAJ_OK);
        for (int t = 0; t < FRAMES; t++)
            for (int axis = 0; axis < 2; axis++)
                assert_true(fabsf(s.forecast_m[0][t][0][axis] - s.past_m[PAST - 1][0][axis]) <
                            1e-5F);
    }
}

/* Velocity ---------------------------------------- */

static void a_velocity_is_the_last_difference(void **state)
{
    (void)state;
    scene s;
    scene_init(&s, NULL);
    assert_int_equal(run("constant_velocity", &s), TRAJ_OK);
    for (int t = 0; t < FRAMES; t++) {
        const float(*const at)[2] = s.forecast_m[1][t];
        assert_true(fabs(at[0][0] - (3 + 20 / 6.0 + (t + 1) * 4 / 6.0)) < 1e-5);
        assert_true(fabs(at[0][1] - (25 / 36.0 + (t + 1) * 9 / 36.0)) < 1e-5);
        for (int a = 1; a < AGENTS; a++)
            assert_memory_equal(at[a], s.past_m[PAST - 1][a], sizeof at[a]);
    }
    assert_int_equal(run("constant_position", &s), TRAJ_OK);
    for (int k = 0; k < SAMPLES; k++)
        for (int t = 0; t < FRAMES; t++)
            assert_memory_equal(s.forecast_m[k][t], s.past_m[PAST - 1], sizeof s.past_m[0]);
}

/* Mean and variance of n values. */
typedef struct moments {
    double sum, square;
    int n;
} moments;

static void add(moments *m, double value)
{
    m->sum += value;
    m->square += value * value;
    m->n++;
}

static void check_moments(const moments *m, double mean, double sd)
{
    const double found = m->sum / m->n, variance = m->square / m->n - found * found;
    assert_true(fabs(found - mean) < 5 * sd / sqrt(m->n));
    assert_true(fabs(sqrt(variance) / sd - 1) < 5 / sqrt(2.0 * m->n));
}

/* Five standard errors of 2000 scenes x 5 samples: a right program fails once in 10^6. */
static void noise_turns_by_25_degrees_and_keeps_the_way_straight(void **state)
{
    (void)state;
    moments turn = {0}, factor = {0};
    scene s;
    scene_init(&s, NULL);
    const double u[2] = {4 / 6.0, 9 / 36.0}, length = hypot(u[0], u[1]);
    for (s.task.number = 0; s.task.number < 2000; s.task.number++) {
        assert_int_equal(run("constant_velocity_noise", &s), TRAJ_OK);
        for (int k = 0; k < SAMPLES; k++) {
            double v[2];
            for (int axis = 0; axis < 2; axis++) {
                v[axis] = ((double)s.forecast_m[k][FRAMES - 1][0][axis] -
                           (double)s.past_m[PAST - 1][0][axis]) /
                          FRAMES;
                const double middle = (double)s.past_m[PAST - 1][0][axis] + FRAMES / 2 * v[axis];
                assert_true(fabs(s.forecast_m[k][FRAMES / 2 - 1][0][axis] - middle) < 1e-5);
            }
            add(&turn, atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1]));
            add(&factor, hypot(v[0], v[1]) / length);
        }
    }
    check_moments(&turn, 0, 25 * acos(-1) / 180);
    check_moments(&factor, 1, 0.1);
}

static void noise_is_each_agents_own_and_does_not_depend_on_k(void **state)
{
    (void)state;
    scene s, fewer;
    scene_init(&s, NULL);
    for (int t = 0; t < PAST; t++) memcpy(s.past_m[t][1], s.past_m[t][0], sizeof s.past_m[t][0]);
    fewer = s;
    fewer.task.past_m = &fewer.past_m[0][0][0];
    fewer.task.samples = 2;
    assert_int_equal(run("constant_velocity_noise", &s), TRAJ_OK);
    assert_int_equal(run("constant_velocity_noise", &fewer), TRAJ_OK);
    assert_memory_equal(s.forecast_m, fewer.forecast_m, 2 * sizeof s.forecast_m[0]);
    for (int k = 0; k < SAMPLES; k++)
        assert_true(fabsf(s.forecast_m[k][0][0][0] - s.forecast_m[k][0][1][0]) > 1e-6F);
}

/* Kalman ---------------------------------------- */

enum { LONG = 20, AHEAD = 50 };

/* What the smoother believes of a track that was not seen further. */
static void check_smoothed(const float past_m[LONG][2][2], int agent, int axis, double jerk,
                           const float at[AHEAD][2][2])
{
    const traj_kalman kalman = {.step_s = 0.1, .noise_m = 0.03, .jerk = jerk, .memory_s = 0.25};
    double z[LONG + AHEAD], mean[LONG + AHEAD], sd[LONG + AHEAD];
    for (int t = 0; t < LONG + AHEAD; t++)
        z[t] = t < LONG ? (double)past_m[t][agent][axis] : (double)NAN;
    assert_int_equal(traj_kalman_smooth(&kalman, z, LONG + AHEAD, mean, sd, NULL), TRAJ_OK);
    for (int t = 0; t < AHEAD; t++)
        assert_true(fabs((double)at[t][agent][axis] - mean[LONG + t]) < 1e-5);
}

/* A player who speeds up by 3 m/s^2 and runs at 4 m/s by now gains no more than his acceleration
 * adds while it fades, 0.25 s times itself; a ball that goes straight on goes on. */
static void an_acceleration_fades(void **state)
{
    (void)state;
    const unsigned char kind[] = {TRAJ_HOME, TRAJ_BALL};
    float past_m[LONG][2][2], at[AHEAD][2][2];
    for (int t = 0; t < LONG; t++) {
        const double s = (t + 1 - LONG) / 10.0;
        past_m[t][0][0] = (float)(4 * s + 3 * s * s / 2);
        past_m[t][0][1] = 0;
        past_m[t][1][0] = (float)(10 * s);
        past_m[t][1][1] = (float)(-5 * s);
    }
    past_m[5][0][0] = past_m[5][0][1] = NAN;
    const traj_baseline_task task = {.past = LONG,
                                     .frames = AHEAD,
                                     .agents = 2,
                                     .samples = 1,
                                     .rate_hz = 10,
                                     .kind = kind,
                                     .past_m = &past_m[0][0][0]};
    assert_int_equal(find("kalman")->forecast(&task, &at[0][0][0], NULL), TRAJ_OK);
    const double speed = 10 * ((double)at[AHEAD - 1][0][0] - (double)at[AHEAD - 2][0][0]);
    assert_true(speed > 4 && speed < 4 + 0.25 * 3);
    for (int t = 0; t < AHEAD; t++) {
        assert_true(fabs(at[t][1][0] - 10 * (t + 1) / 10.0) < 0.1);
        assert_true(fabs(at[t][1][1] + 5 * (t + 1) / 10.0) < 0.1);
    }
    for (int axis = 0; axis < 2; axis++) {
        check_smoothed(past_m, 0, axis, 30, at);
        check_smoothed(past_m, 1, axis, 3000, at);
    }
}

/* Neighbours ---------------------------------------- */

/* Agent 0 and the ball of the scene do what a player and a ball of the recording did, elsewhere,
 * turned by `turned` and mirrored. Returns his future. */
static void copy_track(scene *s, int agent, const traj_recording *recording, int from,
                       double turned, double mirror, float future_m[FRAMES][2])
{
    const traj_sequence *const sequence = &recording->sequence[0];
    for (int t = 0; t < BANK_FRAMES; t++) {
        const float *const at = sequence->pos_m + 2 * (t * BANK_AGENTS + from);
        const double x = (double)at[0], y = mirror * (double)at[1];
        float *const to = t < PAST ? s->past_m[t][agent] : future_m[t - PAST];
        to[0] = (float)(20 + cos(turned) * x - sin(turned) * y);
        to[1] = (float)(-9 + sin(turned) * x + cos(turned) * y);
    }
}

static void who_moved_before_as_in_training_goes_on_so(void **state)
{
    (void)state;
    enum { BALLS = 3 };
    traj_recording recording;
    bank_recording(&recording, BALLS);
    traj_neighbours *const neighbours = bank_of(&recording);
    for (int from = 0; from < BANK_AGENTS; from++) {
        const int agent = from < BANK_AGENTS - BALLS ? 0 : AGENTS - 1;
        for (int way = 0; way < 8; way++) {
            scene s;
            float future_m[FRAMES][2];
            scene_init(&s, neighbours);
            copy_track(&s, agent, &recording, from, 0.8 * way, way % 2 ? -1 : 1, future_m);
            assert_int_equal(run("nearest_neighbour", &s), TRAJ_OK);
            for (int t = 0; t < FRAMES; t++)
                for (int axis = 0; axis < 2; axis++)
                    assert_true(fabsf(s.forecast_m[0][t][agent][axis] - future_m[t][axis]) < 1e-3F);
            /* three balls, five samples: they begin again */
            for (int k = BALLS; k < SAMPLES; k++)
                assert_memory_equal(s.forecast_m[k][0][AGENTS - 1],
                                    s.forecast_m[k - BALLS][0][AGENTS - 1], 2 * sizeof(float));
        }
    }
    traj_neighbours_free(neighbours);
    traj_recording_free(&recording);
}

static void an_empty_bank_means_constant_velocity(void **state)
{
    (void)state;
    traj_neighbours *const neighbours = bank_new(0);
    scene s, line;
    scene_init(&s, neighbours);
    scene_init(&line, NULL);
    memcpy(s.past_m[PAST - 2][3], (float[]){-9, -8}, sizeof s.past_m[0][0]);
    memcpy(line.past_m, s.past_m, sizeof s.past_m);
    assert_int_equal(run("nearest_neighbour", &s), TRAJ_OK);
    assert_int_equal(run("constant_velocity", &line), TRAJ_OK);
    for (int k = 0; k < SAMPLES; k++)
        for (int t = 0; t < FRAMES; t++)
            assert_memory_equal(s.forecast_m[k][t][3], line.forecast_m[k][t][3], 2 * sizeof(float));
    traj_neighbours_free(neighbours);
}

enum { CROWD = 120, CROWD_WINDOWS = 320, MOST = 32768 };

/* Windows of 2 + 1 frames: who steps along x by 1 plus something of his own, then jumps up by his
 * number. */
static void crowd_recording(traj_recording *recording, traj_windows *windows)
{
    traj_sequence *s;
    traj_recording_init(recording);
    assert_int_equal(traj_recording_add(recording, CROWD_WINDOWS * 3, CROWD, &s, NULL), TRAJ_OK);
    for (int w = 0; w < CROWD_WINDOWS; w++)
        for (int a = 0; a < CROWD; a++) {
            const int number = w * CROWD + a;
            const float step = 1 + (float)((number * 7919) % 10007) / 10007;
            const float x[] = {0, step, step}, y[] = {0, 0, (float)(1 + number)};
            for (int t = 0; t < 3; t++)
                memcpy(s->pos_m + 2 * ((3 * w + t) * CROWD + a), (float[]){x[t], y[t]},
                       2 * sizeof(float));
        }
    assert_int_equal(traj_windows_cut(recording, 1, 3, 3, 0, 1, 0, windows, NULL), TRAJ_OK);
    assert_int_equal(windows->count, CROWD_WINDOWS);
}

/* More tracks than a bank holds. With as many samples as it holds all of them come back, nearest
 * first: no two alike, and nowhere two left out in a row. */
static void a_bank_is_spread_evenly_and_searched_to_the_end(void **state)
{
    (void)state;
    static unsigned char seen[CROWD * CROWD_WINDOWS];
    traj_recording recording;
    traj_windows windows;
    traj_neighbours *neighbours;
    const unsigned char kind = TRAJ_HOME;
    const float past_m[] = {-1.5F, 0, 0, 0};
    float *const forecast_m = traj_alloc(MOST, 2 * sizeof *forecast_m);
    crowd_recording(&recording, &windows);
    assert_int_equal(traj_neighbours_new(&neighbours, &recording, &windows, 2, 1, NULL), TRAJ_OK);
    const traj_baseline_task task = {.past = 2,
                                     .frames = 1,
                                     .agents = 1,
                                     .samples = MOST,
                                     .rate_hz = 10,
                                     .kind = &kind,
                                     .past_m = past_m,
                                     .neighbours = neighbours};
    assert_int_equal(find("nearest_neighbour")->forecast(&task, forecast_m, NULL), TRAJ_OK);
    float before = 0;
    for (int k = 0; k < MOST; k++) {
        const int number = (int)lrintf(forecast_m[2 * k + 1]) - 1;
        const float step = 1 + (float)((number * 7919) % 10007) / 10007;
        assert_true(number >= 0 && number < CROWD * CROWD_WINDOWS && !seen[number]);
        seen[number] = 1;
        assert_true(fabsf(step - 1.5F) >= before - 1e-6F);
        before = fabsf(step - 1.5F);
    }
    assert_true(seen[0]);
    for (int n = 1; n < CROWD * CROWD_WINDOWS; n++) assert_true(seen[n - 1] || seen[n]);
    traj_neighbours_free(neighbours);
    traj_windows_free(&windows);
    traj_recording_free(&recording);
    traj_free(forecast_m);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    traj_recording recording;
    traj_windows windows;
    traj_neighbours *neighbours;
    scene s;
    bank_recording(&recording, 2);
    assert_int_equal(
        traj_windows_cut(&recording, 1, BANK_FRAMES, BANK_FRAMES, 0, 1, 0, &windows, NULL),
        TRAJ_OK);
    long n = 1;
    for (;; n++) {
        traj_alloc_fail_at(n);
        if (traj_neighbours_new(&neighbours, &recording, &windows, PAST, FRAMES, NULL) == TRAJ_OK)
            break;
        assert_null(neighbours);
    }
    assert_int_equal(n, 1 + 5);
    scene_init(&s, neighbours);
    const char *const keys[] = {"kalman", "nearest_neighbour"};
    for (int i = 0; i < 2; i++) {
        traj_alloc_fail_at(1);
        assert_int_equal(run(keys[i], &s), TRAJ_E_MEMORY);
    }
    traj_alloc_fail_at(0);
    traj_neighbours_free(neighbours);
    traj_neighbours_free(NULL);
    traj_windows_free(&windows);
    traj_recording_free(&recording);
}

int eval_baseline_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(rows_have_different_keys),
        cmocka_unit_test(forecasts_are_whole_and_repeat),
        cmocka_unit_test(one_observed_frame_is_enough),
        cmocka_unit_test(a_velocity_is_the_last_difference),
        cmocka_unit_test(noise_turns_by_25_degrees_and_keeps_the_way_straight),
        cmocka_unit_test(noise_is_each_agents_own_and_does_not_depend_on_k),
        cmocka_unit_test(an_acceleration_fades),
        cmocka_unit_test(agents_are_forecast_apart),
        cmocka_unit_test(who_moved_before_as_in_training_goes_on_so),
        cmocka_unit_test(an_empty_bank_means_constant_velocity),
        cmocka_unit_test(a_bank_is_spread_evenly_and_searched_to_the_end),
    };
    return cmocka_run_group_tests_name("eval: baselines", tests, NULL, NULL);
}
