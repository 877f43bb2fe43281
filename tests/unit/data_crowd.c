/* Pedestrians: ETH/UCY text, obsmat.txt, TrajNet++; and what the rest of the room does with
 * recordings that have neither teams nor a pitch, in which hundreds come and go. */
#include "data_groups.h"

#include "traj/base/memory.h"
#include "traj/data/window.h"
#include "traj/data/writer.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Frames 780, 790 and 800; pedestrian 1 in all of them, 2 in the last two. */
#define ETH                                                                                        \
    "780.0\t1.0\t8.46\t3.59\n790.0\t1.0\t9.57\t3.79\n800.0\t1.0\t10.67\t3.99\n"                    \
    "790.0\t2.0\t-1.25\t-6.50\n800.0\t2.0\t-0.25\t-6.50\n"

#define TRACK(f, p, x, y)                                                                          \
    "{\"track\": {\"f\": " #f ", \"p\": " #p ", \"x\": " #x ", \"y\": " #y "}}\n"
#define SCENE(s, e)                                                                                \
    "{\"scene\": {\"id\": 0, \"p\": 1, \"s\": " #s ", \"e\": " #e ", \"fps\": 2.5}}\n"

static traj_recording read_text(void *const *state, const char *text, const char *format,
                                traj_guesses *guesses)
{
    traj_read_options options;
    traj_read_options_init(&options);
    snprintf(options.format, sizeof options.format, "%s", format);
    return data_read(data_file(state, "walk.txt", text), &options, guesses);
}

static void eth_text_loads_in_every_spelling(void **state)
{
    static const char *const texts[] = {
        ETH,
        "780 1 8.46 3.59\r\n790 1 9.57 3.79\r\n\r\n800 1 10.67 3.99\r\n790 2 -1.25 -6.5\r\n800 2 "
        "-.25 -6.5",
        "\xef\xbb\xbf  7.8e2  1  8.46  3.59  0.5\n800 1 10.67 3.99 0\n 790 1 9.57 3.79 x\n"
        "790 2 -1.25 -6.50 0\n800 2 -0.25 -6.50 0\n780 2 nan 1 0\n",
    };
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        traj_guesses guesses;
        traj_recording recording = read_text(state, texts[t], "", &guesses);
        const traj_sequence *const sequence = &recording.sequence[0];
        assert_int_equal(recording.sequences, 1);
        assert_true(sequence->frames == 3 && sequence->agents == 2);
        assert_true(traj_rate_hz(recording.rate) == 2.5 && recording.frame_id_step == 10.0);
        assert_true(sequence->frame_id[2] == 800 && fabs(sequence->time_s[2] - 0.8) < 1e-9);
        assert_true(data_pos(&recording, 0, 0, "1")[0] == 8.46f);
        assert_true(data_pos(&recording, 0, 1, "1")[1] == 3.79f);
        assert_true(isnan(data_pos(&recording, 0, 0, "2")[0]));
        assert_true(data_pos(&recording, 0, 2, "2")[0] == -0.25f);
        assert_true(fabs(recording.quantum_m - 0.01) < 1e-9);
        assert_non_null(strstr(data_guess_text(&guesses, "format"), "ethucy: ETH/UCY text"));
        traj_recording_free(&recording);
    }
}

static void pedestrians_have_no_teams_and_no_pitch(void **state)
{
    traj_guesses guesses;
    traj_recording recording = read_text(state, ETH, "", &guesses);
    assert_true(recording.crowd && !recording.home_right);
    for (size_t a = 0; a < 2; a++) {
        assert_int_equal(recording.sequence[0].agent[a].kind, TRAJ_HOME);
        assert_int_equal(recording.sequence[0].agent[a].team, TRAJ_TEAM_HOME);
        assert_string_equal(traj_team_name(&recording, &recording.sequence[0].agent[a]),
                            "pedestrian");
    }
    /* x reaches 10.67 from the origin, y -6.5: boxes of 2 * 11 and 2 * 7 m. */
    assert_true(recording.pitch_length_m == 22.0 && recording.pitch_width_m == 14.0);
    assert_non_null(strstr(data_guess_text(&guesses, "pitch"), "a box around the origin"));
    assert_non_null(strstr(data_guess_text(&guesses, "origin"), "kept as they are"));
    assert_non_null(strstr(data_guess_text(&guesses, "teams"), "pedestrians have none"));
    assert_non_null(strstr(data_guess_text(&guesses, "rate"), "2.5 frames a second"));
    (void)data_guess_text(&guesses, "orientation");
    traj_recording_free(&recording);
}

static void obsmat_has_y_in_its_fifth_column(void **state)
{
    static const char text[] =
        "  7.8e+02   1.0e+00   8.5e+00   0.0e+00   3.5e+00   1.1   0   0.3\n"
        "  7.86e+02  1.0e+00   9.5e+00   0.0e+00   3.75e+00  1.1   0   0.3\n";
    traj_guesses guesses;
    traj_recording recording = read_text(state, text, "", &guesses);
    assert_true(traj_rate_hz(recording.rate) == 2.5 && recording.frame_id_step == 6.0);
    assert_true(data_pos(&recording, 0, 1, "1")[0] == 9.5f);
    assert_true(data_pos(&recording, 0, 1, "1")[1] == 3.75f);
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "obsmat: "));
    traj_recording_free(&recording);
    recording = read_text(state, text, "ethucy", &guesses); /* the user knows better */
    assert_true(data_pos(&recording, 0, 1, "1")[1] == 0.0f);
    traj_recording_free(&recording);
    /* eight columns whose fourth is no height */
    recording = read_text(state, "1 1 2 3 4 0 0 0\n2 1 2 0 4 0 0 0\n", "", &guesses);
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "ethucy: "));
    traj_recording_free(&recording);
}

/* Scenes 0-20 and 10-40 overlap, 50-60 stands apart; frame 45 belongs to what began before it. */
static void trajnet_scenes_that_overlap_are_one_sequence(void **state)
{
    static const char text[] = SCENE(50, 60) SCENE(10, 40) SCENE(0, 20) TRACK(
        0, 1, 1.25, 2.5) TRACK(10, 1, 1.5, 2.5) TRACK(20, 1, 1.75, 2.5) TRACK(30, 2, 4, 5)
        TRACK(40, 2, null, 5) TRACK(45, 2, 4, 6) TRACK(50, 1, 7, 8) TRACK(
            60, 3, 9,
            9) "{\"track\": {\"f\": 60, \"p\": 3, \"x\": 0, \"y\": 0, \"prediction_number\": 0, "
               "\"scene_id\": 0}}\n";
    traj_guesses guesses;
    traj_recording recording = read_text(state, text, "", &guesses);
    assert_true(recording.crowd && traj_rate_hz(recording.rate) == 2.5 &&
                recording.frame_id_step == 10.0);
    assert_non_null(strstr(data_guess_text(&guesses, "rate"), "so the scenes say"));
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "trajnet: "));
    assert_int_equal(recording.sequences, 2);
    assert_true(recording.sequence[0].frames == 6 && recording.sequence[0].agents == 2);
    assert_true(recording.sequence[1].frames == 2 && recording.sequence[1].agents == 2);
    assert_true(data_pos(&recording, 0, 1, "1")[0] == 1.5f);
    assert_true(isnan(data_pos(&recording, 0, 4, "2")[0]));
    assert_true(data_pos(&recording, 0, 5, "2")[1] == 6.0f);
    assert_true(data_pos(&recording, 1, 1, "3")[0] == 9.0f); /* as seen, not as predicted */
    traj_recording_free(&recording);
}

static void trajnet_needs_no_scenes(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        read_text(state, TRACK(0, 1, 1, 2) TRACK(10, 1, 2, 2) TRACK(20, 1, 3, 2), "", &guesses);
    assert_true(recording.sequences == 1 && recording.sequence[0].frames == 3);
    assert_non_null(strstr(data_guess_text(&guesses, "rate"), "the rate of every TrajNet++"));
    traj_recording_free(&recording);
}

static void broken_texts_are_refused(void **state)
{
    static const data_case cases[] = {
        {ETH "800 3 1.0\n", ":6: expected 4 columns as in the first line, got 3"},
        {ETH "800 3 1.0 2.0 3.0\n", ":6: expected 4 columns as in the first line, got 5"},
        {ETH "800 3 1.0 two\n", ":6: column 4 (y): expected a number, got 'two'; leave the line"},
        {ETH "8x0 3 1.0 2.0\n", ":6: column 1 (frame): expected a whole number, got '8x0'"},
        {ETH "nan 3 1.0 2.0\n", ":6: column 1 (frame): expected a whole number, got 'nan'"},
        {ETH "800 3.5 1.0 2.0\n", ":6: column 2 (pedestrian): expected a whole number, got '3.5'"},
        {ETH "800 2 5 5\n", "two different positions for '2' in frame 800"},
        {ETH "800 3 1e7 2\n", "frame 800 of sequence 1 has a position at (1e+07, 2)"},
        {"780 1 nan nan\n790 1 nan nan\n", "no players"},
        {"780 1 8.46\n790 1 8.46\n", ":1: no known format"},
        {SCENE(0, 10) "{\"track\": {\"f\": 0, \"p\": 1, \"x\": 1.0, \"y\": \n",
         ":2: this is not JSON"},
        {SCENE(0, 10) TRACK(0, 1, NaN, 1), ":2: "},
        {SCENE(0, 10) TRACK(0.5, 1, 1, 1), ":2: track: expected a whole number as 'f'"},
        {SCENE(0, 10) TRACK(1, "1", 1, 1), ":2: track: expected a whole number as 'p'"},
        {SCENE(0, 10) "{\"track\": {\"f\": 0, \"p\": 1, \"x\": 1.0}}\n",
         ":2: track: expected a number as 'y', or null"},
        {TRACK(0, 1, 1, 1) "{\"person\": 1}\n", ":2: expected {\"scene\": {...}} or"},
        {TRACK(0, 1, 1, 1) "[1, 2]\n", ":2: expected {\"scene\": {...}} or"},
        {SCENE(10, 0), ":1: scene: it ends in frame 0, before its first, 10; exchange"},
        {SCENE(0, 10) "{\"scene\": {\"s\": 0, \"e\": 1, \"fps\": 10}}\n",
         ":2: scene: 'fps' is 10 here and 2.5 before"},
        {"{\"scene\": {\"s\": 0, \"e\": 1, \"fps\": -1}}\n",
         ":1: scene: -1 is no number of frames"},
        {SCENE(0, 10), "no frames"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void bad_options_are_refused(void **state)
{
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.unit, "percent");
    data_refuse(state, ETH, &options, TRAJ_E_USAGE, "a share of what? Give the size with --pitch");
    traj_read_options_init(&options);
    strcpy(options.home, "red");
    data_refuse(state, ETH, &options, TRAJ_E_DATA,
                "--home red: there are no teams in ETH/UCY text");
    traj_read_options_init(&options);
    strcpy(options.ball, "7");
    data_refuse(state, ETH, &options, TRAJ_E_DATA, "--ball 7: no agent has such an id");
    traj_read_options_init(&options);
    options.pitch_length_m = options.pitch_width_m = 4.0;
    data_refuse(state, ETH, &options, TRAJ_E_DATA, "lie on a 4 x 4 m pitch");
    traj_read_options_init(&options);
    strcpy(options.format, "obsmat");
    data_refuse(state, ETH, &options, TRAJ_E_DATA, ":1: expected 5 columns or more, got 4");
}

static void the_ground_may_be_told(void **state)
{
    static const char text[] = "1 1 0 0\n2 1 10 20\n3 1 20 10\n";
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    strcpy(options.unit, "feet");
    strcpy(options.origin, "top-left");
    traj_recording recording = data_read(data_file(state, "walk.txt", text), &options, &guesses);
    assert_true(recording.pitch_length_m == 7.0 && recording.pitch_width_m == 7.0); /* 6.096 m */
    const float *const pos = data_pos(&recording, 0, 1, "1");
    assert_true(fabs(pos[0] - (10 * 0.3048 - 3.5)) < 1e-5);
    assert_true(fabs(pos[1] + (20 * 0.3048 - 3.5)) < 1e-5);
    traj_recording_free(&recording);
    options.pitch_length_m = 40.0;
    options.pitch_width_m = 30.0;
    strcpy(options.origin, "centre");
    recording = data_read(data_file(state, "walk.txt", text), &options, &guesses);
    assert_true(recording.pitch_length_m == 40.0 && recording.pitch_width_m == 30.0);
    assert_true(fabs(data_pos(&recording, 0, 2, "1")[0] - 20 * 0.3048) < 1e-5);
    traj_recording_free(&recording);
}

/* What comes after --at must not reach the box. */
static void the_box_looks_at_no_later_frame(void **state)
{
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    options.guess_until = 2;
    traj_recording recording = data_read(
        data_file(state, "walk.txt", "1 1 1.5 1.5\n2 1 2.5 2.5\n3 1 50 3\n"), &options, &guesses);
    assert_true(recording.pitch_length_m == 6.0 && recording.pitch_width_m == 6.0);
    traj_recording_free(&recording);
}

/* 400 walkers, one more each frame, each there for ten frames. Owned by the caller. */
static char *stream_of_walkers(void)
{
    const size_t size = 400 * 10 * 32;
    char *const text = traj_alloc(size, 1);
    size_t used = 0;
    assert_non_null(text);
    for (int p = 0; p < 400; p++)
        for (int f = p; f < p + 10; f++)
            used += (size_t)snprintf(text + used, size - used, "%d %d %.2f %.2f\n", 10 * f, p,
                                     -5.0 + 1.2 * (f - p), 0.5 * (p % 20));
    return text;
}

static void windows_carry_only_who_is_there(void **state)
{
    traj_guesses guesses;
    char *const text = stream_of_walkers();
    traj_recording recording = read_text(state, text, "", &guesses);
    traj_windows windows;
    assert_int_equal(recording.sequence[0].agents, 400);
    assert_int_equal(traj_windows_cut(&recording, 1, 20, 10, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_true(windows.count > 30);
    /* those who came within ten frames before a window, in it, and in its slack of nine */
    assert_int_equal(windows.agents, 9 + 20 + 9);
    assert_int_equal(windows.item[0].agents, 20 + 9);
    traj_windows_free(&windows);
    traj_recording_free(&recording);
    traj_free(text);
}

/* A stride of 110 frames would have 9 + 20 + 109 agents pass through: more than a scene holds. */
static void windows_give_up_slack_in_a_crowd(void **state)
{
    traj_guesses guesses;
    traj_error err;
    char *const text = stream_of_walkers();
    traj_recording recording = read_text(state, text, "", &guesses);
    traj_windows windows;
    assert_int_equal(traj_windows_cut(&recording, 1, 20, 110, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_true(windows.count > 2 && windows.agents <= TRAJ_MAX_SCENE_AGENTS);
    assert_int_equal(windows.item[1].slack, 109 / 2);
    traj_windows_free(&windows);
    assert_int_equal(traj_windows_cut(&recording, 1, 140, 10, 0, 1, 0, &windows, &err),
                     TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "140 agents within 140 frames; at most 128 are supported"));
    traj_recording_free(&recording);
    traj_free(text);
}

/* known [TRAJ_KNOWN] of the first agent in the first step of the first window. */
static void first_known(const traj_recording *recording, int flip_x, traj_real *known)
{
    traj_windows windows;
    traj_norm norm;
    traj_batch batch;
    traj_arena arena, scratch;
    assert_int_equal(traj_windows_cut(recording, 1, 3, 1, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_int_equal(traj_norm_fit(recording, &windows, &norm, NULL), TRAJ_OK);
    traj_arena_init_dry(&arena);
    traj_batch_take(&batch, 1, windows.agents, 2, &arena);
    assert_int_equal(traj_arena_init(&arena, arena.peak, NULL), TRAJ_OK);
    assert_int_equal(traj_arena_init(&scratch, traj_scene_bytes(windows.agents, 3), NULL), TRAJ_OK);
    traj_batch_take(&batch, 1, windows.agents, 2, &arena);
    traj_scene_fill(&batch, 0, recording, &windows.item[0], &norm,
                    (traj_scene_options){.flip_x = flip_x}, &scratch);
    memcpy(known, batch.known, TRAJ_KNOWN * sizeof *known);
    traj_arena_free(&scratch);
    traj_arena_free(&arena);
    traj_windows_free(&windows);
}

static void mirrored_pedestrians_stay_of_their_kind(void **state)
{
    traj_guesses guesses;
    traj_recording recording = read_text(state, ETH, "", &guesses);
    traj_real plain[TRAJ_KNOWN], mirrored[TRAJ_KNOWN];
    first_known(&recording, 0, plain);
    first_known(&recording, 1, mirrored);
    assert_true(plain[TRAJ_KNOWN_POSITION] > 0);
    assert_true(mirrored[TRAJ_KNOWN_POSITION] == -plain[TRAJ_KNOWN_POSITION]);
    for (int k = 0; k < TRAJ_KINDS; k++) {
        assert_true(plain[TRAJ_KNOWN_KIND + k] == (k == TRAJ_HOME));
        assert_true(mirrored[TRAJ_KNOWN_KIND + k] == (k == TRAJ_HOME));
    }
    traj_recording_free(&recording);
}

/* A model trained in one place forecasts in another: nothing may hold anybody to the first. */
static void pedestrians_may_go_anywhere(void **state)
{
    traj_guesses guesses;
    traj_recording recording = read_text(state, ETH, "", &guesses);
    traj_windows windows;
    traj_norm norm;
    assert_int_equal(traj_windows_cut(&recording, 1, 3, 1, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_int_equal(traj_norm_fit(&recording, &windows, &norm, NULL), TRAJ_OK);
    assert_true(norm.half_m[0] == 11.0 && norm.half_m[1] == 7.0);
    assert_true(norm.reach_m[0][0] == 0.0 && norm.reach_m[0][1] == 0.0);
    recording.crowd = false; /* players are held to where players were found */
    assert_int_equal(traj_norm_fit(&recording, &windows, &norm, NULL), TRAJ_OK);
    assert_true(norm.reach_m[0][0] >= 11.0 && norm.reach_m[0][1] >= 7.0);
    traj_windows_free(&windows);
    traj_recording_free(&recording);
}

/* Steps that a float cannot be divided by are none. */
static void steps_below_a_micrometre_are_no_movement(void **state)
{
    traj_guesses guesses;
    traj_error err = {0};
    traj_recording recording =
        read_text(state, "1 1 1e-20 0\n2 1 9e-20 0\n3 1 1e-20 0\n", "", &guesses);
    traj_windows windows;
    traj_norm norm;
    assert_int_equal(traj_windows_cut(&recording, 1, 3, 1, 0, 1, 0, &windows, NULL), TRAJ_OK);
    assert_int_equal(traj_norm_fit(&recording, &windows, &norm, &err), TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "nothing moves"));
    traj_windows_free(&windows);
    traj_recording_free(&recording);
}

static void written_crowds_come_back_as_crowds(void **state)
{
    static const char *const formats[] = {"wide", "long"};
    static const char *const ids[][2] = {{"pedestrian_1", "pedestrian_2"}, {"1", "2"}};
    traj_guesses guesses;
    traj_read_options options;
    traj_recording recording = read_text(state, ETH, "", &guesses);
    traj_read_options_init(&options);
    for (int to = 0; to < 2; to++) {
        const char *const path = data_file(state, "out.csv", "");
        assert_int_equal(traj_recording_write(&recording, formats[to], path, NULL), TRAJ_OK);
        traj_recording back = data_read(path, &options, &guesses);
        assert_true(back.crowd && traj_rate_hz(back.rate) == 2.5);
        assert_true(back.pitch_length_m == 22.0 && back.pitch_width_m == 14.0);
        assert_true(back.sequence[0].frame_id[0] == 780);
        for (size_t f = 0; f < 3; f++)
            for (size_t a = 0; a < 2; a++) {
                const float *const one = data_pos(&recording, 0, f, ids[1][a]);
                const float *const two = data_pos(&back, 0, f, ids[to][a]);
                assert_true((isnan(one[0]) && isnan(two[0])) ||
                            (one[0] == two[0] && one[1] == two[1]));
            }
        traj_recording_free(&back);
    }
    traj_recording_free(&recording);
}

static void failed_allocations_leak_nothing(void **state)
{
    static const char *const texts[] = {ETH, SCENE(0, 10) TRACK(0, 1, 1, 2) TRACK(10, 1, 2, 2)};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        const char *const path = data_file(state, "walk.txt", texts[t]);
        traj_read_options options;
        traj_read_options_init(&options);
        data_fail_allocations(path, &options);
    }
}

int data_crowd_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eth_text_loads_in_every_spelling),
        cmocka_unit_test(pedestrians_have_no_teams_and_no_pitch),
        cmocka_unit_test(obsmat_has_y_in_its_fifth_column),
        cmocka_unit_test(trajnet_scenes_that_overlap_are_one_sequence),
        cmocka_unit_test(trajnet_needs_no_scenes),
        cmocka_unit_test(broken_texts_are_refused),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(the_ground_may_be_told),
        cmocka_unit_test(the_box_looks_at_no_later_frame),
        cmocka_unit_test(windows_carry_only_who_is_there),
        cmocka_unit_test(windows_give_up_slack_in_a_crowd),
        cmocka_unit_test(mirrored_pedestrians_stay_of_their_kind),
        cmocka_unit_test(pedestrians_may_go_anywhere),
        cmocka_unit_test(steps_below_a_micrometre_are_no_movement),
        cmocka_unit_test(written_crowds_come_back_as_crowds),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data: pedestrians", tests, data_folder_setup,
                                       data_folder_teardown);
}
