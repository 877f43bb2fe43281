/* Windows: where they may be cut, and what scales them. */
#include "data_groups.h"
#include "data_small_match.h"

#include "traj/base/memory.h"
#include "traj/data/window.h"

#include <math.h>
#include <string.h>

/* Frames of the match before each sequence make positions in the match comparable. */
static void windows_cross_neither_sequence_nor_split(void **state)
{
    (void)state;
    enum { WINDOW = 20, STRIDE = 7 };
    const size_t frames[] = {100, 57, 19, 31};
    traj_recording recording = small_match(frames, 4);
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
    traj_recording recording = small_match((const size_t[]){60}, 1);
    traj_windows windows;
    for (size_t f = 12; f < 40; f++)
        for (size_t a = 0; a < AGENTS; a++)
            small_at(&recording.sequence[0], f, a)[0] = small_at(&recording.sequence[0], f, a)[1] =
                NAN;
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
    traj_recording recording = small_match((const size_t[]){30}, 1);
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
    traj_recording recording = small_match((const size_t[]){30}, 1);
    traj_windows windows;
    traj_norm fitted;
    traj_error err;
    for (size_t f = 0; f < 30; f++)
        for (size_t a = 0; a < AGENTS; a++) {
            const float times = small_kinds[a] == TRAJ_BALL ? 4 : 1;
            small_at(&recording.sequence[0], f, a)[0] = 0.3f * times * (float)f;
            small_at(&recording.sequence[0], f, a)[1] = -0.4f * times * (float)f;
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
        traj_recording recording = small_match((const size_t[]){LENGTH}, 1);
        traj_windows windows;
        for (size_t f = 100; jumps && f < 200; f++)
            for (size_t a = 0; a < AGENTS; a++) small_at(&recording.sequence[0], f, a)[1] += 40;
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
    traj_recording recording = small_match((const size_t[]){LENGTH}, 1);
    traj_sequence *const sequence = &recording.sequence[0];
    traj_windows windows;
    traj_norm fitted;
    for (size_t f = 1; f < LENGTH; f++)
        for (size_t a = 0; a < AGENTS; a++) {
            traj_real step[2];
            traj_noise_normal(&noise, 0, (uint32_t)f, (uint32_t)a, step, 2);
            for (int k = 0; k < 2; k++)
                small_at(sequence, f, a)[k] = small_at(sequence, f - 1, a)[k] + 50 * (float)step[k];
        }
    assert_int_equal(traj_windows_cut(&recording, 1, 10, 10, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_int_equal(traj_norm_fit(&recording, &windows, &fitted, NULL), TRAJ_OK);
    for (size_t f = 1; f < LENGTH; f++)
        for (size_t a = 0; a < AGENTS; a++)
            assert_false(traj_norm_jumps(
                &fitted, (int)small_kinds[a],
                (double)small_at(sequence, f, a)[0] - (double)small_at(sequence, f - 1, a)[0],
                (double)small_at(sequence, f, a)[1] - (double)small_at(sequence, f - 1, a)[1]));
    traj_windows_free(&windows);
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
    };
    return cmocka_run_group_tests_name("data: windows", tests, NULL, NULL);
}
