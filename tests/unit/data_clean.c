/* Cleaning: what must go, what must stay, and what must not happen twice. */
#include "data_groups.h"

#include "traj/base/memory.h"
#include "traj/base/noise.h"
#include "traj/data/clean.h"

#include <math.h>
#include <string.h>

/* One player and the ball at 10 Hz, frame ids from 1; the player walks along x at 2 m/s, the ball
 * rests. */
static traj_recording walk(size_t frames)
{
    traj_recording recording;
    traj_sequence *sequence;
    traj_recording_init(&recording);
    recording.rate = recording.source_rate = (traj_rate){10, 1};
    recording.quantum_m = 0.01;
    assert_int_equal(traj_recording_add(&recording, frames, 2, &sequence, NULL), TRAJ_OK);
    strcpy(sequence->name, "1");
    sequence->agent[0].team = TRAJ_TEAM_HOME;
    sequence->agent[1].team = TRAJ_TEAM_BALL;
    for (size_t t = 0; t < frames; t++) {
        float *const pos = sequence->pos_m + 4 * t;
        sequence->frame_id[t] = (int64_t)t + 1;
        sequence->time_s[t] = 0.1 * (double)t;
        pos[0] = 0.2f * (float)t;
        pos[1] = pos[2] = pos[3] = 1;
    }
    return recording;
}

static float *player(const traj_recording *recording, size_t frame)
{
    return recording->sequence[0].pos_m + 4 * frame;
}

static void put(const traj_recording *recording, size_t frame, float x)
{
    player(recording, frame)[0] = x;
}

static void lose(const traj_recording *recording, size_t first, size_t last)
{
    for (size_t t = first; t <= last; t++) player(recording, t)[0] = player(recording, t)[1] = NAN;
}

static traj_clean_counts clean(traj_recording *recording, traj_clean_options options)
{
    traj_clean_counts counts = {0};
    assert_int_equal(traj_recording_clean(recording, &options, &counts, NULL), TRAJ_OK);
    return counts;
}

static bool is_missing(const traj_recording *recording, size_t frame)
{
    return isnan(player(recording, frame)[0]) && isnan(player(recording, frame)[1]);
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-5;
}

static const traj_clean_options jumps = {.max_jump_mps = 12};

static void unasked_nothing_happens(void **state)
{
    (void)state;
    traj_recording is = walk(50), was = walk(50);
    put(&is, 20, 60);
    put(&was, 20, 60);
    lose(&is, 30, 31);
    lose(&was, 30, 31);
    const traj_clean_counts counts = clean(&is, (traj_clean_options){0});
    assert_memory_equal(is.sequence[0].pos_m, was.sequence[0].pos_m, 200 * sizeof(float));
    assert_int_equal(counts.positions, 98);
    assert_int_equal(counts.removed + counts.filled + counts.smoothed, 0);
    traj_recording_free(&is);
    traj_recording_free(&was);
}

static void what_is_torn_off_goes(void **state)
{
    (void)state;
    traj_recording r = walk(60);
    put(&r, 0, 40); /* at the start, in the middle, two in a row, at the end */
    put(&r, 20, -30);
    put(&r, 30, 50);
    put(&r, 31, 50.5f);
    put(&r, 59, -60);
    assert_int_equal(clean(&r, jumps).removed, 5);
    const size_t gone[] = {0, 20, 30, 31, 59};
    for (int i = 0; i < 5; i++) assert_true(is_missing(&r, gone[i]));
    assert_false(is_missing(&r, 1) || is_missing(&r, 29) || is_missing(&r, 32));
    traj_recording_free(&r);
}

/* A second elsewhere is believed, nine tenths of one are not; nor is there a way back needed. */
static void a_longer_stay_elsewhere_is_believed(void **state)
{
    (void)state;
    for (size_t length = 1; length < 20; length++) {
        traj_recording r = walk(100);
        for (size_t t = 40; t < 40 + length; t++) put(&r, t, player(&r, t)[0] + 45);
        assert_int_equal(clean(&r, jumps).removed, length < 10 ? length : 0);
        traj_recording_free(&r);
    }
    traj_recording r = walk(100);
    for (size_t t = 60; t < 100; t++) put(&r, t, player(&r, t)[0] + 45); /* never comes back */
    assert_int_equal(clean(&r, jumps).removed, 0);
    traj_recording_free(&r);
}

static void the_ball_has_a_limit_of_its_own(void **state)
{
    (void)state;
    traj_recording r = walk(20);
    r.sequence[0].pos_m[4 * 10 + 2] = 4; /* 30 m/s there, 30 m/s back */
    assert_int_equal(clean(&r, jumps).removed, 0);
    assert_int_equal(clean(&r, (traj_clean_options){.max_ball_jump_mps = 40}).removed, 0);
    assert_int_equal(clean(&r, (traj_clean_options){.max_ball_jump_mps = 20}).removed, 1);
    assert_true(isnan(r.sequence[0].pos_m[4 * 10 + 2]));
    traj_recording_free(&r);
}

/* The slow twin: the least cost of keeping any subset of a short track, all of them tried. */
static double least_cost(const traj_recording *r, double max_mps, double patience)
{
    const size_t frames = r->sequence[0].frames;
    double least = INFINITY;
    for (unsigned kept = 1; kept < 1u << frames; kept++) {
        double cost = 0;
        size_t last = frames;
        for (size_t t = 0; t < frames; t++) {
            if (!(kept >> t & 1)) {
                cost++;
                continue;
            }
            const double step_m =
                last < frames ? fabs((double)player(r, t)[0] - (double)player(r, last)[0]) : 0;
            if (last < frames && step_m > max_mps * 0.1 * (double)(t - last) + 1e-3)
                cost += patience;
            last = t;
        }
        least = fmin(least, cost);
    }
    return least;
}

static double cost_of(const traj_recording *r, size_t removed, double max_mps, double patience)
{
    double cost = (double)removed;
    size_t last = 0;
    bool begun = false;
    for (size_t t = 0; t < r->sequence[0].frames; t++) {
        if (is_missing(r, t)) continue;
        const double step_m = fabs((double)player(r, t)[0] - (double)player(r, last)[0]);
        if (begun && step_m > max_mps * 0.1 * (double)(t - last) + 1e-3) cost += patience;
        last = t;
        begun = true;
    }
    return cost;
}

static double uniform(uint32_t number, uint32_t draw)
{
    const traj_noise noise = {5, TRAJ_STREAM_TEST, number};
    return (double)(traj_noise_bits(&noise, 0, draw) >> 11) * 0x1p-53;
}

/* Places 8 m apart in random order: of short tracks every subset can be tried. */
static void no_choice_removes_less(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 60; n++) {
        traj_recording r = walk(12);
        const double patience = 0.4995 * 10;
        for (uint32_t t = 0; t < 12; t++) put(&r, t, (float)(8 * floor(4 * uniform(n, t))));
        const double least = least_cost(&r, 12, patience);
        const size_t removed = clean(&r, jumps).removed;
        assert_true(fabs(cost_of(&r, removed, 12, patience) - least) < 1e-9);
        traj_recording_free(&r);
    }
}

static void short_gaps_are_filled_by_straight_lines(void **state)
{
    (void)state;
    traj_recording r = walk(60);
    lose(&r, 0, 1);   /* no position before */
    lose(&r, 10, 14); /* half a second */
    lose(&r, 30, 35); /* longer */
    lose(&r, 59, 59); /* none behind */
    const traj_clean_counts counts = clean(&r, (traj_clean_options){.max_gap_s = 0.5});
    assert_int_equal(counts.gaps, 1);
    assert_int_equal(counts.filled, 5);
    for (size_t t = 10; t < 15; t++) assert_true(near(player(&r, t)[0], 0.2 * (double)t));
    assert_true(is_missing(&r, 1) && is_missing(&r, 30) && is_missing(&r, 35));
    assert_true(is_missing(&r, 59));
    traj_recording_free(&r);
}

/* Takes frames [first, last] out of a recording. */
static void drop_frames(traj_recording *r, size_t first, size_t last)
{
    traj_sequence *const s = &r->sequence[0];
    const size_t gone = last - first + 1, behind = s->frames - last - 1;
    memmove(s->frame_id + first, s->frame_id + last + 1, behind * sizeof *s->frame_id);
    memmove(s->time_s + first, s->time_s + last + 1, behind * sizeof *s->time_s);
    memmove(s->pos_m + 4 * first, s->pos_m + 4 * (last + 1), 4 * behind * sizeof *s->pos_m);
    if (s->play) memmove(s->play + first, s->play + last + 1, behind * sizeof *s->play);
    s->frames -= gone;
}

/* What was filled was not seen, what was removed is not there, and a frame that comes back has the
 * game of the one before. */
static void marks_follow(void **state)
{
    (void)state;
    traj_recording r = walk(60);
    traj_sequence *const s = &r.sequence[0];
    assert_int_equal(traj_sequence_add_extrapolated(s, NULL), TRAJ_OK);
    assert_int_equal(traj_sequence_add_play(s, NULL), TRAJ_OK);
    for (size_t t = 0; t < 60; t++) s->play[t].ball = t < 40 ? TRAJ_BALL_ALIVE : TRAJ_BALL_DEAD;
    lose(&r, 10, 11);
    put(&r, 0, 40);
    s->extrapolated[0] = 1;
    drop_frames(&r, 40, 41);
    clean(&r, (traj_clean_options){.max_jump_mps = 12, .max_gap_s = 0.5});
    assert_int_equal(s->frames, 60);
    for (size_t t = 0; t < 60; t++) {
        const bool filled = t == 10 || t == 11 || t == 40 || t == 41;
        assert_int_equal(s->extrapolated[2 * t], filled);
        assert_int_equal(s->play[t].ball, t < 42 ? TRAJ_BALL_ALIVE : TRAJ_BALL_DEAD);
    }
    traj_recording_free(&r);
}

static void no_line_is_drawn_across_a_jump(void **state)
{
    (void)state;
    traj_recording r = walk(60);
    lose(&r, 30, 31);
    for (size_t t = 32; t < 60; t++) put(&r, t, player(&r, t)[0] - 40);
    assert_int_equal(clean(&r, (traj_clean_options){.max_jump_mps = 12, .max_gap_s = 1}).gaps, 0);
    assert_int_equal(clean(&r, (traj_clean_options){.max_gap_s = 1}).gaps, 1);
    traj_recording_free(&r);
}

/* A substitute is seen beside the pitch, then comes on in frame 20, and is lost once more. */
static void nobody_is_put_where_he_does_not_take_part(void **state)
{
    (void)state;
    traj_recording recording = walk(40);
    lose(&recording, 15, 21);
    lose(&recording, 30, 32);
    recording.sequence[0].agent[0].first_frame = 20;
    recording.sequence[0].agent[0].last_frame = 40;
    const traj_clean_counts counts = clean(&recording, (traj_clean_options){.max_gap_s = 1});
    assert_int_equal(counts.filled, 3);
    assert_true(is_missing(&recording, 15) && is_missing(&recording, 21));
    assert_false(is_missing(&recording, 31));
    traj_recording_free(&recording);
}

static void missing_frames_come_back(void **state)
{
    (void)state;
    traj_recording r = walk(60);
    drop_frames(&r, 40, 45);
    drop_frames(&r, 20, 22);
    const traj_clean_counts counts = clean(&r, (traj_clean_options){.max_gap_s = 0.3});
    assert_int_equal(counts.frames, 3);
    assert_int_equal(counts.filled, 6);
    assert_int_equal(r.sequence[0].frames, 54);
    for (size_t t = 0; t < 54; t++) {
        const size_t was = t < 40 ? t : t + 6; /* the longer gap stays */
        assert_int_equal(r.sequence[0].frame_id[t], was + 1);
        assert_true(near(r.sequence[0].time_s[t], 0.1 * (double)was));
        assert_true(near(player(&r, t)[0], 0.2 * (double)was));
    }
    traj_recording_free(&r);
}

/* 25 Hz resampled to 20: ids are 1, 2, 4, 5, 6, 7, 9, ... */
static void missing_frames_come_back_among_rounded_ids(void **state)
{
    (void)state;
    for (size_t gap = 10; gap < 20; gap++)
        for (size_t missing = 1; missing <= 4; missing++) {
            traj_recording r = walk(40);
            r.frame_id_step = 1.25;
            for (size_t t = 0; t < 40; t++)
                r.sequence[0].frame_id[t] = 1 + (int64_t)floor(1.25 * (double)t + 0.5);
            drop_frames(&r, gap, gap + missing - 1);
            assert_int_equal(clean(&r, (traj_clean_options){.max_gap_s = 1}).frames, missing);
            assert_int_equal(r.sequence[0].frames, 40);
            traj_recording_free(&r);
        }
}

/* A stopped clock, or ids that skip without time passing, is no gap to be filled. */
static void clock_and_ids_must_agree_on_missing_frames(void **state)
{
    (void)state;
    const traj_clean_options gaps = {.max_gap_s = 1};
    traj_recording r = walk(40);
    for (size_t t = 20; t < 40; t++) r.sequence[0].time_s[t] += 0.2;
    assert_int_equal(clean(&r, gaps).frames, 0);
    traj_recording_free(&r);
    r = walk(40);
    for (size_t t = 20; t < 40; t++) r.sequence[0].frame_id[t] += 2;
    assert_int_equal(clean(&r, gaps).frames, 0);
    traj_recording_free(&r);
}

static double parabola(size_t t)
{
    const double s = 0.1 * (double)t;
    return 3 - 2 * s + 0.7 * s * s;
}

static void parabolas_stay_and_noise_goes(void **state)
{
    (void)state;
    const traj_clean_options smooth = {.smooth_s = 0.7};
    traj_recording r = walk(80);
    for (size_t t = 0; t < 80; t++) put(&r, t, (float)parabola(t));
    lose(&r, 30, 33);
    const traj_clean_counts counts = clean(&r, smooth);
    assert_int_equal(counts.smoothed, 156);
    assert_true(is_missing(&r, 30) && is_missing(&r, 33));
    for (size_t t = 0; t < 80; t++)
        assert_true(is_missing(&r, t) || fabs((double)player(&r, t)[0] - parabola(t)) < 1e-4);
    assert_true(r.quantum_m == 1e-3);

    double before = 0, after = 0;
    float noise[80];
    for (size_t t = 0; t < 80; t++) {
        noise[t] = (float)(uniform(1, (uint32_t)t) - 0.5);
        put(&r, t, noise[t]);
        player(&r, t)[1] = 0;
    }
    clean(&r, smooth);
    for (size_t t = 0; t < 80; t++) {
        before += (double)noise[t] * (double)noise[t];
        after += (double)player(&r, t)[0] * (double)player(&r, t)[0];
    }
    assert_true(after < 0.6 * before); /* of noise 1/3 stays inside, more at the ends */
    traj_recording_free(&r);
}

/* What is behind a gap, of positions or of frames, changes nothing before it. */
static void smoothing_stops_at_gaps(void **state)
{
    (void)state;
    for (int frames_too = 0; frames_too < 2; frames_too++) {
        traj_recording one = walk(60), two = walk(60);
        for (size_t t = 0; t < 60; t++) put(&one, t, (float)uniform(2, (uint32_t)t));
        for (size_t t = 0; t < 60; t++) put(&two, t, (float)uniform(t > 30 ? 3 : 2, (uint32_t)t));
        lose(&one, 30, 30);
        lose(&two, 30, 30);
        if (frames_too) drop_frames(&one, 30, 30);
        if (frames_too) drop_frames(&two, 30, 30);
        clean(&one, (traj_clean_options){.smooth_s = 0.9});
        clean(&two, (traj_clean_options){.smooth_s = 0.9});
        for (size_t t = 0; t < 30; t++) assert_true(player(&one, t)[0] == player(&two, t)[0]);
        assert_true(player(&one, 40)[0] != player(&two, 40)[0]);
        traj_recording_free(&one);
        traj_recording_free(&two);
    }
}

static void windows_that_do_nothing_are_refused(void **state)
{
    (void)state;
    const double widths[] = {0.1, 0.39, 10.2, 60};
    for (int i = 0; i < 4; i++) {
        traj_recording r = walk(60);
        traj_clean_counts counts = {0};
        traj_error err;
        const traj_clean_options options = {.smooth_s = widths[i]};
        assert_int_equal(traj_recording_clean(&r, &options, &counts, &err), TRAJ_E_USAGE);
        assert_non_null(strstr(err.text, "ask for 0.5 to 10.1 s"));
        traj_recording_free(&r);
    }
}

/* Noise, jumps and gaps of all lengths. */
static traj_recording mess(uint32_t number)
{
    traj_recording r = walk(200);
    for (uint32_t t = 0; t < 200; t++) {
        const double u = uniform(number, t);
        put(&r, t, player(&r, t)[0] + (float)(0.1 * uniform(number, t + 1000)));
        if (u < 0.1) put(&r, t, (float)(100 * uniform(number, t + 2000) - 50));
        if (u > 0.9 || (t > 50 && t < 50 + 3 * number)) lose(&r, t, t);
    }
    drop_frames(&r, 120, 120 + number % 7);
    return r;
}

static void twice_is_once(void **state)
{
    (void)state;
    const traj_clean_options options = {
        .max_jump_mps = 9, .max_ball_jump_mps = 40, .max_gap_s = 0.4};
    for (uint32_t n = 0; n < 25; n++) {
        traj_recording once = mess(n), twice;
        assert_true(clean(&once, options).removed > 0);
        assert_int_equal(traj_recording_copy(&once, &twice, NULL), TRAJ_OK);
        const traj_clean_counts again = clean(&twice, options);
        assert_int_equal(again.removed + again.filled + again.frames, 0);
        assert_memory_equal(once.sequence[0].pos_m, twice.sequence[0].pos_m,
                            4 * once.sequence[0].frames * sizeof(float));
        traj_recording_free(&once);
        traj_recording_free(&twice);
    }
}

static void failed_allocations_leak_nothing(void **state)
{
    (void)state;
    const traj_clean_options options = {.max_jump_mps = 9, .max_gap_s = 0.4, .smooth_s = 0.5};
    long n = 1;
    for (traj_status status = TRAJ_E_MEMORY; status != TRAJ_OK; n++) {
        traj_recording r = mess(2);
        traj_clean_counts counts = {0};
        traj_alloc_fail_at(n);
        status = traj_recording_clean(&r, &options, &counts, NULL);
        traj_alloc_fail_at(0);
        if (status != TRAJ_OK) assert_int_equal(status, TRAJ_E_MEMORY);
        traj_recording_free(&r);
    }
    assert_int_equal(n, 9); /* pieces, five of a recording's, a track; then all went well */
}

int data_clean_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unasked_nothing_happens),
        cmocka_unit_test(what_is_torn_off_goes),
        cmocka_unit_test(a_longer_stay_elsewhere_is_believed),
        cmocka_unit_test(the_ball_has_a_limit_of_its_own),
        cmocka_unit_test(no_choice_removes_less),
        cmocka_unit_test(short_gaps_are_filled_by_straight_lines),
        cmocka_unit_test(marks_follow),
        cmocka_unit_test(no_line_is_drawn_across_a_jump),
        cmocka_unit_test(nobody_is_put_where_he_does_not_take_part),
        cmocka_unit_test(missing_frames_come_back),
        cmocka_unit_test(missing_frames_come_back_among_rounded_ids),
        cmocka_unit_test(clock_and_ids_must_agree_on_missing_frames),
        cmocka_unit_test(parabolas_stay_and_noise_goes),
        cmocka_unit_test(smoothing_stops_at_gaps),
        cmocka_unit_test(windows_that_do_nothing_are_refused),
        cmocka_unit_test(twice_is_once),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data: cleaning", tests, NULL, NULL);
}
