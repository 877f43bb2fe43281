/* Rates: exact wherever they come from, and what is counted by them. */
#include "data_groups.h"

#include "traj/base/memory.h"
#include "traj/data/rate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const traj_rate video = {30000, 1001};

static void assert_rate(traj_rate rate, traj_rate wanted)
{
    if (!traj_rate_same(rate, wanted))
        fail_msg("%" PRId64 "/%" PRId64 ", not %" PRId64 "/%" PRId64, rate.num, rate.den,
                 wanted.num, wanted.den);
}

static void no_rate_is_told_by_what_cannot_be_one(void **state)
{
    static const double bad[] = {0.0, -25.0, 0.00099, 1000.1, 1e300, (double)INFINITY, (double)NAN};
    traj_rate rate = video;
    (void)state;
    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
        assert_false(traj_rate_tell(bad[b], &rate));
        assert_rate(rate, video);
    }
}

static void a_decimal_number_means_a_ratio(void **state)
{
    static const struct {
        double hz;
        traj_rate rate;
    } cases[] = {
        {25.0, {25, 1}},          {10.0, {10, 1}},         {12.5, {25, 2}},
        {6.25, {25, 4}},          {2.5, {5, 2}},           {1.0 / 0.04, {25, 1}},
        {1.0 / 0.06, {50, 3}},    {16.667, {16667, 1000}}, {16.6666666667, {50, 3}},
        {24.9999999999, {25, 1}}, {29.97, {30000, 1001}},  {30000.0 / 1001.0, {30000, 1001}},
        {59.94, {60000, 1001}},   {23.976, {24000, 1001}}, {119.88, {120000, 1001}},
        {9.99, {10000, 1001}},    {29.98, {1499, 50}},     {0.5, {1, 2}},
        {1000.0, {1000, 1}},      {0.001, {1, 1000}}};
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        traj_rate rate;
        assert_true(traj_rate_tell(cases[c].hz, &rate));
        assert_rate(rate, cases[c].rate);
    }
}

/* So a model's rate, which is stored as a number, is the data's again. (999/25 would be
 * 40000/1001.) */
static void a_ratio_comes_back_from_its_number(void **state)
{
    (void)state;
    for (int64_t den = 1; den <= 24; den++)
        for (int64_t num = 1; num <= 50 * den; num += den % 7 + 1) {
            const traj_rate rate = traj_rate_of((double)num / (double)den);
            if (num * rate.den != den * rate.num)
                fail_msg("%" PRId64 "/%" PRId64 " as %" PRId64 "/%" PRId64, num, den, rate.num,
                         rate.den);
        }
}

static void a_measured_rate_is_the_simplest_that_fits(void **state)
{
    (void)state;
    assert_rate(traj_rate_near(24.993, 1e-3), (traj_rate){25, 1});
    assert_rate(traj_rate_near(23.9761, 1e-4), (traj_rate){24000, 1001});
    assert_rate(traj_rate_near(23.99, 1e-3), (traj_rate){24, 1});
    assert_rate(traj_rate_near(16.6389, 1e-5), (traj_rate){599, 36});
    assert_rate(traj_rate_near(1.0 / 0.0601, 0.0), (traj_rate){10000, 601});
}

static void a_rate_is_read_by_people(void **state)
{
    char text[TRAJ_RATE_TEXT];
    (void)state;
    assert_string_equal(traj_rate_text((traj_rate){25, 1}, text), "25 Hz");
    assert_string_equal(traj_rate_text((traj_rate){25, 2}, text), "12.5 Hz");
    assert_string_equal(traj_rate_text(video, text), "29.97 Hz (30000/1001)");
    assert_string_equal(traj_rate_text((traj_rate){50, 3}, text), "16.6667 Hz (50/3)");
}

/* ---- from files ---- */

/* frames of a clock that shows k/rate seconds, rounded to so many digits. */
static traj_rate rate_of_clock(void *const *state, traj_rate rate, int digits, int frames)
{
    const size_t size = 80 * ((size_t)frames + 1);
    char *const text = traj_alloc(size, 1);
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    size_t used =
        (size_t)snprintf(text, size, "frame,timestamp,home_1_x,home_1_y,away_1_x,away_1_y\n");
    for (int f = 0; f < frames; f++)
        used += (size_t)snprintf(text + used, size - used, "%d,%.*f,-50,33,50,-33\n", f, digits,
                                 traj_rate_time(rate, f));
    traj_recording recording = data_read(data_file(state, "match.csv", text), &options, &guesses);
    const traj_rate found = recording.source_rate;
    traj_recording_free(&recording);
    traj_free(text);
    return found;
}

static void a_clock_gives_the_ratio(void **state)
{
    static const struct {
        traj_rate rate;
        int digits, frames;
    } cases[] = {
        {{25, 1}, 2, 2},          {{10, 1}, 1, 2},         {{25, 2}, 2, 3},
        {{50, 3}, 2, 3},          {{10000, 601}, 4, 50},   {{30, 1}, 2, 300},
        {{30, 1}, 3, 12},         {{60, 1}, 2, 600},       {{30000, 1001}, 3, 330},
        {{30000, 1001}, 2, 2000}, {{30000, 1001}, 6, 10},  {{60000, 1001}, 3, 600},
        {{24000, 1001}, 3, 600},  {{10000, 1001}, 4, 200}, {{100, 3}, 3, 500},
        {{200, 7}, 6, 500},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        assert_rate(rate_of_clock(state, cases[c].rate, cases[c].digits, cases[c].frames),
                    cases[c].rate);
}

static void bad_rates_are_refused(void **state)
{
    traj_read_options options;
    traj_read_options_init(&options);
    options.source_rate_hz = 1e-5;
    data_refuse(state,
                "frame,home_1_x,home_1_y,away_1_x,away_1_y\n1,-50,33,50,-33\n2,-50,33,50,-33\n",
                &options, TRAJ_E_DATA, "--source-rate: 1e-05 is no number of frames a second");
}

/* The last frame of an hour lies where it belongs to the last bit, whatever is missing before. */
static void an_hour_does_not_drift(void **state)
{
    const char *const path =
        data_file(state, "match.csv",
                  "frame,home_1_x,home_1_y,away_1_x,away_1_y\n0,-50,33,50,-33\n1,-50,33,50,-33\n"
                  "2,-50,33,50,-33\n107892,-50,33,50,-33\n");
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    options.source_rate_hz = 29.97;
    traj_recording recording = data_read(path, &options, &guesses);
    assert_rate(recording.rate, video);
    assert_true(recording.sequence[0].time_s[1] == 1001.0 / 30000.0);
    assert_true(recording.sequence[0].time_s[3] == 107892 * 1001.0 / 30000.0);
    traj_recording_free(&recording);
}

/* ---- an hour, resampled ---- */

enum { HOUR = 107893 };

/* One who walks along x by 1 cm/s for an hour at 29.97 Hz. */
static traj_recording walk(void)
{
    traj_recording recording;
    traj_sequence *sequence;
    traj_recording_init(&recording);
    recording.rate = recording.source_rate = video;
    recording.frame_id_step = 1.0;
    assert_int_equal(traj_recording_add(&recording, HOUR, 1, &sequence, NULL), TRAJ_OK);
    for (size_t f = 0; f < HOUR; f++) {
        sequence->frame_id[f] = (int64_t)f;
        sequence->time_s[f] = traj_rate_time(video, (double)f);
        sequence->pos_m[2 * f] = (float)(0.01 * sequence->time_s[f]);
        sequence->pos_m[2 * f + 1] = 0.0f;
    }
    return recording;
}

static void assert_walks(const traj_recording *recording, traj_rate rate, size_t frames)
{
    const traj_sequence *const sequence = &recording->sequence[0];
    assert_rate(recording->rate, rate);
    assert_rate(recording->source_rate, video);
    assert_int_equal(recording->sequences, 1);
    assert_int_equal(sequence->frames, frames);
    for (size_t f = 0; f < frames; f++) {
        assert_true(sequence->time_s[f] == (double)f * (double)rate.den / (double)rate.num);
        /* floats at 36 m are 4e-6 m apart */
        assert_true(fabs(sequence->pos_m[2 * f] - 0.01 * sequence->time_s[f]) < 8e-6);
    }
}

static void an_hour_resampled_does_not_drift(void **state)
{
    traj_recording in = walk(), slow, fast;
    (void)state;
    assert_int_equal(traj_recording_resample(&in, 10.0, INT64_MIN, &slow, NULL), TRAJ_OK);
    assert_walks(&slow, (traj_rate){10, 1}, 36000);
    assert_int_equal(traj_recording_resample(&in, 59.94, INT64_MIN, &fast, NULL), TRAJ_OK);
    assert_walks(&fast, (traj_rate){60000, 1001}, 2 * HOUR - 1);
    traj_recording_free(&fast);
    traj_recording_free(&slow);
    /* 29.97 is what it has: nothing moves. */
    assert_int_equal(traj_recording_resample(&in, 29.97, INT64_MIN, &slow, NULL), TRAJ_OK);
    assert_walks(&slow, video, HOUR);
    traj_recording_free(&slow);
    traj_recording_free(&in);
}

int data_rate_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rate_is_told_by_what_cannot_be_one),
        cmocka_unit_test(a_decimal_number_means_a_ratio),
        cmocka_unit_test(a_ratio_comes_back_from_its_number),
        cmocka_unit_test(a_measured_rate_is_the_simplest_that_fits),
        cmocka_unit_test(a_rate_is_read_by_people),
        cmocka_unit_test(a_clock_gives_the_ratio),
        cmocka_unit_test(bad_rates_are_refused),
        cmocka_unit_test(an_hour_does_not_drift),
        cmocka_unit_test(an_hour_resampled_does_not_drift),
    };
    return cmocka_run_group_tests_name("data: rate", tests, data_folder_setup,
                                       data_folder_teardown);
}
