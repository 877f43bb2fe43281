/* NFL Big Data Bowl of 2026: how plays begin, and how they go on. */
#include "data_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HEADER                                                                                     \
    "game_id,play_id,player_to_predict,nfl_id,frame_id,play_direction,player_side,x,y,"            \
    "num_frames_output\n"
#define ROW(play, player, frame, side, x)                                                          \
    "7," play ",True," player "," frame ",right," side "," x ",20,2\n"
#define OUTPUT_HEADER                      "game_id,play_id,nfl_id,frame_id,x,y\n"
#define OUTPUT_ROW(play, player, frame, x) "7," play "," player "," frame "," x ",20\n"

/* Two plays of two frames each; then 77 goes on in both, 88 only in the second, and one frame less.
 */
static const char input[] = HEADER ROW("1", "77", "1", "Offense", "60")
    ROW("1", "88", "1", "Defense", "70") ROW("1", "77", "2", "Offense", "61")
        ROW("1", "88", "2", "Defense", "71") ROW("2", "77", "1", "Offense", "40")
            ROW("2", "88", "1", "Defense", "50") ROW("2", "77", "2", "Offense", "41")
                ROW("2", "88", "2", "Defense", "51");
static const char output[] = OUTPUT_HEADER OUTPUT_ROW("2", "88", "1", "52")
    OUTPUT_ROW("2", "77", "1", "42") OUTPUT_ROW("2", "77", "2", "43")
        OUTPUT_ROW("1", "77", "1", "62") OUTPUT_ROW("1", "77", "2", "63");

static float x_yards(const traj_recording *recording, size_t play, size_t frame, const char *player)
{
    return data_pos(recording, play, frame, player)[0] / 0.9144f + 60.0f;
}

static void assert_joined(const traj_recording *recording)
{
    assert_int_equal(recording->sequences, 2);
    for (size_t s = 0; s < 2; s++) {
        const traj_sequence *const play = &recording->sequence[s];
        const float first = s == 0 ? 60.0f : 40.0f;
        assert_int_equal(play->agents, 2);
        assert_int_equal(play->frames, 4);
        for (size_t f = 0; f < 4; f++) {
            assert_int_equal(play->frame_id[f], f + 1);
            assert_true(play->time_s[f] == (double)f / 10.0);
            assert_true(fabsf(x_yards(recording, s, f, "77") - first - (float)f) < 1e-3f);
        }
        assert_int_equal(data_agent(recording, s, "77")->team, TRAJ_TEAM_HOME);
        assert_int_equal(data_agent(recording, s, "88")->team, TRAJ_TEAM_AWAY);
    }
    assert_true(fabsf(x_yards(recording, 1, 2, "88") - 52.0f) < 1e-3f);
    assert_true(isnan(x_yards(recording, 1, 3, "88")));
    assert_true(isnan(x_yards(recording, 0, 2, "88")));
}

/* Whichever of both is named. */
static void the_output_goes_on_where_the_input_ends(void **state)
{
    const char *const files[] = {data_file(state, "input_w01.csv", input),
                                 data_file(state, "output_w01.csv", output)};
    for (int named = 0; named < 2; named++) {
        traj_guesses guesses;
        traj_read_options options;
        traj_read_options_init(&options);
        traj_recording recording = data_read(files[named], &options, &guesses);
        assert_joined(&recording);
        assert_non_null(strstr(recording.source, "input_w01.csv + "));
        assert_non_null(strstr(data_guess_text(&guesses, "format"), "nfl2026: NFL Big Data Bowl"));
        assert_non_null(strstr(data_guess_text(&guesses, "files"), "2 files of the match"));
        traj_recording_free(&recording);
    }
    remove(files[0]);
    remove(files[1]);
}

static void both_may_be_named_in_any_order(void **state)
{
    const char *const files[] = {data_file(state, "output_w02.csv", output),
                                 data_file(state, "input_w02.csv", input)};
    traj_guesses guesses = {.count = 0};
    traj_read_options options;
    traj_recording recording;
    traj_error err = {0};
    int group[2];
    assert_int_equal(traj_recording_group(files, 2, group), 1);
    traj_read_options_init(&options);
    if (traj_recording_read(files, 2, &options, &recording, &guesses, &err) != TRAJ_OK)
        fail_msg("%s", err.text);
    assert_joined(&recording);
    traj_recording_free(&recording);
    remove(files[0]);
    remove(files[1]);
}

/* Weeks are no pair, and one of both will do. */
static void either_may_be_read_alone(void **state)
{
    const char *const files[] = {data_file(state, "input_w03.csv", input),
                                 data_file(state, "input_w04.csv", input),
                                 data_file(state, "output_w05.csv", output)};
    traj_guesses guesses;
    traj_read_options options;
    int group[3];
    assert_int_equal(traj_recording_group(files, 3, group), 3);
    traj_read_options_init(&options);
    traj_recording recording = data_read(files[0], &options, &guesses);
    assert_int_equal(recording.sequence[0].frames, 2);
    traj_recording_free(&recording);
    recording = data_read(files[2], &options, &guesses);
    assert_string_equal(recording.sequence[0].name, "7/2");
    assert_int_equal(recording.sequence[0].frame_id[0], 1);
    traj_recording_free(&recording);
}

static void bad_outputs_are_refused(void **state)
{
    static const data_case cases[] = {
        {input, ":1: expected the columns game_id,play_id,nfl_id,frame_id,x,y, and no others, of"},
        {OUTPUT_HEADER OUTPUT_ROW("3", "77", "1", "62"), ":2: play 7/3 is not in "},
        {OUTPUT_HEADER OUTPUT_ROW("1", "99", "1", "62"), ":2: player '99' is not in play 7/1 of "},
        {OUTPUT_HEADER OUTPUT_ROW("1", "77", "x", "62"), "a whole frame number, got 'x'"},
        {OUTPUT_HEADER OUTPUT_ROW("1", "77", "1", "x"), ":2: column 5 ('x'): expected a number"},
        {OUTPUT_HEADER "7,1,77\n", ":2: expected 6 fields as in the header, got 3"},
        {OUTPUT_HEADER OUTPUT_ROW("1", "77", "1", "62") OUTPUT_ROW("1", "77", "1", "63"),
         "two different positions for '77' in frame 3"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const char *const files[] = {data_file(state, "first.csv", input),
                                     data_file(state, "second.csv", cases[c].text)};
        traj_read_options options;
        traj_guesses guesses = {.count = 0};
        traj_recording recording;
        traj_error err = {0};
        traj_read_options_init(&options);
        assert_int_equal(traj_recording_read(files, 2, &options, &recording, &guesses, &err),
                         TRAJ_E_DATA);
        if (strstr(err.text, cases[c].part) == NULL)
            fail_msg("'%s' is not in '%s'", cases[c].part, err.text);
    }
}

static void failed_allocations_leak_nothing(void **state)
{
    traj_read_options options;
    traj_read_options_init(&options);
    const char *const path = data_file(state, "input_w06.csv", input);
    data_file(state, "output_w06.csv", output);
    data_fail_allocations(path, &options);
}

int data_nfl_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_output_goes_on_where_the_input_ends),
        cmocka_unit_test(both_may_be_named_in_any_order),
        cmocka_unit_test(either_may_be_read_alone),
        cmocka_unit_test(bad_outputs_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data: nfl", tests, data_folder_setup, data_folder_teardown);
}
