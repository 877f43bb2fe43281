/* Storage and resampling of recordings. The recordings are small enough to know every number. */
#include "data_groups.h"

#include "traj/base/memory.h"

#include <math.h>
#include <string.h>

/* frames at 25 Hz with ids first, first + 1, ...; agent 0 at x = id, agent 1 missing in every frame
 * whose id ends in 7. */
static traj_recording line(size_t frames, int64_t first)
{
    traj_recording recording;
    traj_sequence *sequence;
    traj_recording_init(&recording);
    recording.rate = recording.source_rate = (traj_rate){25, 1};
    assert_int_equal(traj_recording_add(&recording, frames, 2, &sequence, NULL), TRAJ_OK);
    strcpy(sequence->name, "1");
    sequence->period_id = 1;
    for (size_t f = 0; f < frames; f++) {
        float *pos = sequence->pos_m + 4 * f;
        sequence->frame_id[f] = first + (int64_t)f;
        sequence->time_s[f] = (double)f * 0.04;
        pos[0] = (float)sequence->frame_id[f];
        pos[1] = 1.0f;
        if (sequence->frame_id[f] % 10 != 7) pos[2] = pos[3] = 2.0f;
    }
    return recording;
}

/* line() with the ball dead, and away's, in every frame whose id ends in 5, and agent 1 estimated
 * in those that end in 3. */
static traj_recording told_line(size_t frames, int64_t first)
{
    traj_recording recording = line(frames, first);
    traj_sequence *sequence = &recording.sequence[0];
    assert_int_equal(traj_sequence_add_play(sequence, NULL), TRAJ_OK);
    assert_int_equal(traj_sequence_add_extrapolated(sequence, NULL), TRAJ_OK);
    for (size_t f = 0; f < frames; f++) {
        const int64_t last_digit = sequence->frame_id[f] % 10;
        sequence->play[f] = last_digit == 5 ? (traj_play){TRAJ_BALL_DEAD, TRAJ_OWNER_AWAY}
                                            : (traj_play){TRAJ_BALL_ALIVE, TRAJ_OWNER_HOME};
        sequence->extrapolated[2 * f + 1] = last_digit == 3;
    }
    sequence->direction = (traj_direction){-1, TRAJ_SIDE_BY_VOTE, 0.75, 1, true};
    return recording;
}

static traj_recording resample(const traj_recording *in, double rate_hz, int64_t last)
{
    traj_recording out;
    assert_int_equal(traj_recording_resample(in, rate_hz, last, &out, NULL), TRAJ_OK);
    return out;
}

/* Far up and far down, and back: on straight lines nothing is lost. */
static void any_rate_will_do(void **state)
{
    (void)state;
    const double rates_hz[] = {0.5, 3.0, 30000.0 / 1001.0, 101.0, 1000.0};
    for (int i = 0; i < 5; i++) {
        traj_recording in = line(101, 1), out = resample(&in, rates_hz[i], INT64_MIN);
        const traj_sequence *sequence = &out.sequence[0];
        assert_int_equal(sequence->frames, (size_t)floor(4.0 * rates_hz[i] + 1e-3) + 1);
        for (size_t f = 0; f < sequence->frames; f++) {
            const double time_s = (double)f / rates_hz[i];
            assert_true(fabs(sequence->time_s[f] - time_s) < 1e-9);
            assert_true(fabs((double)sequence->pos_m[4 * f] - (1.0 + 25.0 * time_s)) < 1e-3);
            assert_true(f == 0 || sequence->frame_id[f] >= sequence->frame_id[f - 1]);
        }
        traj_recording_free(&in);
        traj_recording_free(&out);
    }
}

static void failed_allocations_leak_nothing(void **state)
{
    (void)state;
    traj_recording in = told_line(9, 1), out;
    long n = 1;
    for (traj_status status = TRAJ_E_MEMORY; status != TRAJ_OK; n++) {
        traj_error err = {0};
        traj_alloc_fail_at(n);
        status = traj_recording_resample(&in, 10.0, INT64_MIN, &out, &err);
        traj_alloc_fail_at(0);
        if (status != TRAJ_OK) assert_int_equal(status, TRAJ_E_MEMORY);
        if (status != TRAJ_OK) assert_int_equal(out.sequences, 0);
        traj_recording_free(&out);
    }
    assert_int_equal(n, 9); /* the list and six arrays failed once each, then all went well */
    traj_recording_free(&in);
}

static void a_fresh_sequence_is_missing(void **state)
{
    (void)state;
    traj_recording recording;
    traj_sequence *sequence;
    traj_recording_init(&recording);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(traj_recording_add(&recording, 2, 3, &sequence, NULL), TRAJ_OK);
        for (int k = 0; k < 12; k++) assert_true(isnan(sequence->pos_m[k]));
        sequence->period_id = i;
    }
    assert_int_equal(recording.sequences, 5);
    for (int i = 0; i < 5; i++) assert_int_equal(recording.sequence[i].period_id, i);
    assert_int_equal(traj_recording_add(&recording, SIZE_MAX / 2, 3, &sequence, NULL),
                     TRAJ_E_MEMORY);
    assert_int_equal(recording.sequences, 5);
    traj_recording_free(&recording);
    assert_null(recording.sequence);
}

static void the_grid_starts_on_the_first_frame(void **state)
{
    (void)state;
    traj_recording in = line(11, 1), out = resample(&in, 10.0, INT64_MIN);
    assert_int_equal(out.sequences, 1);
    const traj_sequence *sequence = &out.sequence[0];
    assert_int_equal(sequence->frames, 5); /* 0, 0.1, ..., 0.4 s */
    const double x[] = {1.0, 3.5, 6.0, 8.5, 11.0};
    const int64_t id[] = {1, 4, 6, 9, 11};
    for (size_t f = 0; f < 5; f++) {
        assert_true(fabs(sequence->pos_m[4 * f] - x[f]) < 1e-5);
        assert_int_equal(sequence->frame_id[f], id[f]);
        assert_true(fabs(sequence->time_s[f] - 0.1 * (double)f) < 1e-9);
    }
    assert_true(traj_rate_hz(out.rate) == 10.0 && traj_rate_hz(out.source_rate) == 25.0);
    traj_recording_free(&in);
    traj_recording_free(&out);
}

static void missing_in_either_neighbour_is_missing(void **state)
{
    (void)state;
    traj_recording in = line(11, 3), out = resample(&in, 10.0, INT64_MIN);
    const float *pos = out.sequence[0].pos_m; /* at ids 3, 5.5, 8, 10.5, 13: only 7 is missing */
    for (size_t f = 0; f < 5; f++) assert_false(isnan(pos[4 * f + 2]));
    traj_recording_free(&out);
    traj_recording_free(&in);
    in = line(11, 4); /* at ids 4, 6.5, 9: 6.5 needs 7 */
    out = resample(&in, 10.0, INT64_MIN);
    assert_false(isnan(out.sequence[0].pos_m[2]));
    assert_true(isnan(out.sequence[0].pos_m[6]) && isnan(out.sequence[0].pos_m[7]));
    assert_false(isnan(out.sequence[0].pos_m[4]));
    traj_recording_free(&out);
    traj_recording_free(&in);
}

static void the_grid_ends_on_the_last_frame(void **state)
{
    (void)state;
    traj_recording in = line(40, 1), out = resample(&in, 10.0, 20);
    const traj_sequence *sequence = &out.sequence[0];
    size_t last = sequence->frames - 1;
    assert_int_equal(sequence->frame_id[last], 20);
    assert_true(sequence->pos_m[4 * last] == 20.0f);
    assert_true(fabs(sequence->pos_m[4 * (last - 1)] - 17.5) < 1e-5);
    assert_int_equal(sequence->frames, 8); /* 20, 17.5, ..., 2.5 */
    traj_recording_free(&in);
    traj_recording_free(&out);
}

/* Every position after the last frame is overwritten: the result must not change by a bit. */
static void nothing_later_reaches_the_result(void **state)
{
    (void)state;
    for (int64_t last = 2; last < 40; last++) {
        traj_recording in = line(40, 1), one = resample(&in, 10.0, last);
        for (size_t f = (size_t)last; f < 40; f++)
            for (size_t k = 0; k < 4; k++)
                in.sequence[0].pos_m[4 * f + k] = k % 2 == 0 ? NAN : 1e9f;
        traj_recording two = resample(&in, 10.0, last);
        assert_int_equal(one.sequences, two.sequences);
        if (one.sequences > 0) {
            assert_int_equal(one.sequence[0].frames, two.sequence[0].frames);
            assert_memory_equal(one.sequence[0].pos_m, two.sequence[0].pos_m,
                                one.sequence[0].frames * 4 * sizeof(float));
        }
        traj_recording_free(&in);
        traj_recording_free(&one);
        traj_recording_free(&two);
    }
}

static void gaps_cut(void **state)
{
    (void)state;
    traj_recording in = line(20, 1);
    for (size_t f = 5; f < 20; f++) in.sequence[0].frame_id[f] += 2;   /* two frames are missing */
    for (size_t f = 10; f < 20; f++) in.sequence[0].time_s[f] += 0.04; /* the clock jumps */
    for (size_t f = 19; f < 20; f++) in.sequence[0].frame_id[f] += 5;  /* one frame on its own */
    traj_recording out = resample(&in, 0.0, INT64_MIN);
    assert_int_equal(out.sequences, 3);
    assert_int_equal(out.sequence[0].frames, 5);
    assert_int_equal(out.sequence[1].frames, 5);
    assert_int_equal(out.sequence[2].frames, 9);
    assert_string_equal(out.sequence[2].name, "1");
    assert_true(traj_rate_hz(out.rate) == 25.0);
    traj_recording_free(&in);
    traj_recording_free(&out);
}

/* At 20 of 25 Hz ids go 1, 2, 4, 5, 6, 7, 9, ...: read again, no frame is missing. */
static void rounded_ids_are_no_gaps(void **state)
{
    (void)state;
    traj_recording in = line(101, 1), out = resample(&in, 20.0, INT64_MIN);
    assert_int_equal(out.sequence[0].frame_id[2] - out.sequence[0].frame_id[1], 2);
    traj_recording again = resample(&out, 5.0, INT64_MIN);
    assert_int_equal(again.sequences, 1);
    assert_int_equal(again.sequence[0].frames, 21);
    traj_recording_free(&again);
    traj_recording_free(&out);
    traj_recording_free(&in);
}

static void frames_are_kept_inclusively(void **state)
{
    (void)state;
    traj_recording in = line(20, 1);
    traj_recording_keep_frames(&in, 5, 9);
    assert_int_equal(in.sequence[0].frames, 5);
    assert_int_equal(in.sequence[0].frame_id[0], 5);
    assert_true(in.sequence[0].pos_m[0] == 5.0f && in.sequence[0].pos_m[16] == 9.0f);
    traj_recording_keep_frames(&in, 100, 200);
    assert_int_equal(in.sequences, 0);
    traj_recording_free(&in);
}

static void a_turn_changes_both_signs(void **state)
{
    (void)state;
    traj_recording in = line(3, 1);
    traj_sequence_turn(&in.sequence[0]);
    assert_true(in.sequence[0].pos_m[0] == -1.0f && in.sequence[0].pos_m[1] == -1.0f);
    traj_recording_free(&in);
}

static void who_is_missing_is_not_estimated(void **state)
{
    (void)state;
    traj_recording in = told_line(20, 1); /* agent 1 is missing in 7 and 17 */
    in.sequence[0].extrapolated[2 * 7 + 1] = 1;
    traj_recording out = resample(&in, 50.0, INT64_MIN);
    const traj_sequence *const sequence = &out.sequence[0];
    for (size_t f = 0; f < sequence->frames; f++)
        assert_false(isnan(sequence->pos_m[4 * f + 2]) && sequence->extrapolated[2 * f + 1]);
    assert_int_equal(sequence->extrapolated[2 * 14 + 1], 1); /* frame 8 itself */
    traj_recording_free(&out);
    traj_recording_free(&in);
}

static void the_game_and_marks_follow_the_frames(void **state)
{
    (void)state;
    traj_recording in = told_line(20, 1); /* at ids 1, 3.5, 6, 8.5, 11, 13.5, 16, 18.5 */
    traj_recording out = resample(&in, 10.0, INT64_MIN), none;
    const traj_sequence *sequence = &out.sequence[0];
    static const uint8_t marks[8] = {0, 1, 0, 0, 0, 1, 0, 0}; /* of 3 and 4, of 13 and 14 */
    assert_int_equal(sequence->frames, 8);
    for (size_t f = 0; f < 8; f++) {
        assert_int_equal(sequence->play[f].ball, TRAJ_BALL_ALIVE); /* of the frame before */
        assert_int_equal(sequence->extrapolated[2 * f + 1], marks[f]);
        assert_int_equal(sequence->extrapolated[2 * f], 0);
    }
    assert_true(sequence->direction.turned && sequence->direction.share == 0.75);
    traj_recording_free(&out);
    traj_recording_keep_frames(&in, 5, 13);
    sequence = &in.sequence[0];
    assert_int_equal(sequence->play[0].ball, TRAJ_BALL_DEAD);
    assert_int_equal(sequence->play[0].owner, TRAJ_OWNER_AWAY);
    assert_int_equal(sequence->play[1].owner, TRAJ_OWNER_HOME);
    assert_int_equal(sequence->extrapolated[2 * 8 + 1], 1);
    traj_recording_free(&in);
    in = line(20, 1); /* what no file told is not made up, nor given room */
    none = resample(&in, 10.0, INT64_MIN);
    assert_true(none.sequence[0].play == NULL && none.sequence[0].extrapolated == NULL);
    assert_true(isnan(none.sequence[0].direction.share));
    traj_recording_free(&none);
    traj_recording_free(&in);
}

int data_resample_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_rate_will_do),
        cmocka_unit_test(the_game_and_marks_follow_the_frames),
        cmocka_unit_test(who_is_missing_is_not_estimated),
        cmocka_unit_test(failed_allocations_leak_nothing),
        cmocka_unit_test(a_fresh_sequence_is_missing),
        cmocka_unit_test(the_grid_starts_on_the_first_frame),
        cmocka_unit_test(missing_in_either_neighbour_is_missing),
        cmocka_unit_test(the_grid_ends_on_the_last_frame),
        cmocka_unit_test(nothing_later_reaches_the_result),
        cmocka_unit_test(gaps_cut),
        cmocka_unit_test(rounded_ids_are_no_gaps),
        cmocka_unit_test(frames_are_kept_inclusively),
        cmocka_unit_test(a_turn_changes_both_signs),
    };
    return cmocka_run_group_tests_name("data: recording, resample", tests, NULL, NULL);
}
