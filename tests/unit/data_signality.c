/* Signality: periods in files of their own, what lies beside them, and unknown shirts. */
#include "data_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLAYER(shirt, role, xy, track)                                                             \
    "{\"jersey_number\":" shirt ",\"role\":" role ",\"position\":" xy ",\"track_id\":\"" track     \
    "\",\"speed\":0}"
#define FRAME(phase, idx, time, home, away, ball)                                                  \
    "{\"utc_time\":1,\"phase\":" phase ",\"idx\":" idx                                             \
    ",\"state\":\"running\",\"match_time\":" time                                                  \
    ",\"referees\":[" PLAYER("-1", "3", "[0,0]", "9") "],\n\"away_team\":" away                    \
                                                      ",\"home_team\":" home ",\"ball\":" ball "}"
#define HOME(x) "[" PLAYER("1", "1", "[" x "50,0]", "1") "," PLAYER("9", "2", "[1.25,33]", "2") "]"
#define AWAY(x) "[" PLAYER("1", "1", "[" x "50,1]", "3") "," PLAYER("-1", "2", "[2,3]", "4") "]"
#define BALL    "{\"position\":[0.5,-0.25,0],\"team\":\"away_team\"}"
#define LOST    "{\"position\":null,\"team\":null}"
#define GOOD    FRAME("1", "0", "12", HOME("-"), AWAY(""), BALL)

static const char first[] = "[\n" FRAME("1", "0", "-28", "[]", "[]", LOST) ",\n" FRAME(
    "1", "1", "12", HOME("-"), AWAY(""), BALL) ",\n" FRAME("1", "2", "52", HOME("-"), AWAY(""),
                                                           LOST) "\n]\n";
static const char second[] = "[" FRAME("2", "0", "8", HOME(""), AWAY("-"), LOST) "," FRAME(
    "2", "1", "48", HOME(""), AWAY("-"), BALL) "]";
static const char meta[] = "{\"team_home_name\":\"Malmo\",\"team_away_name\":\"Hammarby\","
                           "\"team_home_players\":[{\"name\":\"x\",\"jersey_number\":9}]}";
static const char venue[] = "{\"id\":0,\"pitch_size\":[104.5,67.5]}";

static void frames_are_read_as_they_stand(void **state)
{
    traj_guesses guesses;
    traj_read_options options = data_told(state, "m.json", NULL);
    strcpy(options.orient, "keep");
    traj_recording recording = data_read(data_file(state, "alone.json", first), &options, &guesses);
    const traj_sequence *const only = &recording.sequence[0];
    assert_int_equal(recording.sequences, 1);
    assert_int_equal(only->frames, 2); /* not the one before kick-off */
    assert_int_equal(only->frame_id[0], 1);
    assert_true(fabs(only->time_s[1] - 0.052) < 1e-9);
    assert_int_equal(only->agents, 5); /* no referee */
    assert_true(data_pos(&recording, 0, 1, "home_9")[0] == 1.25f);
    assert_true(data_pos(&recording, 0, 0, "away_track_4")[1] == 3.0f);
    assert_int_equal(data_agent(&recording, 0, "away_track_4")->jersey, -1);
    assert_int_equal(data_agent(&recording, 0, "home_1")->kind, TRAJ_HOME_GK);
    assert_true(data_pos(&recording, 0, 0, "ball")[1] == -0.25f);
    assert_true(isnan(data_pos(&recording, 0, 1, "ball")[0]));
    assert_int_equal(only->play[0].owner, TRAJ_OWNER_AWAY);
    assert_int_equal(only->play[1].owner, TRAJ_OWNER_UNKNOWN);
    assert_true(recording.pitch_length_m == 105.0);
    traj_recording_free(&recording);
}

static void the_other_period_and_metadata_are_found_beside_it(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    data_file(state, "7_p1_raw_data.json", first);
    data_file(state, "8_p1_raw_data.json", "another match");
    data_file(state, "7_meta_data.json", meta);
    data_file(state, "7_venue_information.json", venue);
    traj_recording recording =
        data_read(data_file(state, "7_p2_raw_data.json", second), &options, &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(recording.sequence[0].period_id, 1);
    assert_int_equal(recording.sequence[1].frame_id[0], 0);
    assert_string_equal(recording.home_name, "Malmo");
    assert_string_equal(recording.away_name, "Hammarby");
    assert_true(recording.pitch_length_m == 104.5 && recording.pitch_width_m == 67.5);
    assert_true(data_pos(&recording, 0, 0, "home_1")[0] == -50.0f); /* kept */
    assert_true(data_pos(&recording, 1, 0, "home_1")[0] == -50.0f); /* turned */
    assert_non_null(strstr(data_guess_text(&guesses, "files"), "2 files of the match"));
    assert_non_null(strstr(data_guess_text(&guesses, "metadata"), "7_meta_data.json: found"));
    assert_non_null(strstr(data_guess_text(&guesses, "venue"), "7_venue_information.json: found"));
    traj_recording_free(&recording);
}

static void what_is_told_is_not_looked_for(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "m.json", NULL);
    data_file(state, "9_meta_data.json", meta);
    data_file(state, "9_venue_information.json", venue);
    data_file(state, "9_p2_raw_data.json", second);
    const char *const both[] = {data_file(state, "9_p1_raw_data.json", first),
                                data_file(state, "other_p1_raw_data.json", second)};
    traj_recording recording;
    traj_error err = {0};
    guesses.count = 0;
    assert_int_equal(traj_recording_read(both, 2, &options, &recording, &guesses, &err), TRAJ_OK);
    assert_int_equal(recording.sequences, 2);
    assert_string_equal(recording.home_name, "home");
    assert_true(recording.pitch_length_m == 105.0);
    traj_recording_free(&recording);
}

static void periods_on_the_command_line_are_one_match(void **state)
{
    int group[4];
    const char *const files[] = {data_file(state, "a_p1_raw_data.json", first),
                                 data_file(state, "b_p1_raw_data.json", first),
                                 data_file(state, "a_p2_raw_data.json", second),
                                 data_file(state, "c.json", second)};
    assert_int_equal(traj_recording_group(files, 4, group), 3);
    assert_int_equal(group[0], 0);
    assert_int_equal(group[1], 1);
    assert_int_equal(group[2], 0);
    assert_int_equal(group[3], 2);
    const char *const cups[] = {data_file(state, "cup1_p1_raw_data.json", first),
                                data_file(state, "cup2_p1_raw_data.json", first)};
    assert_int_equal(traj_recording_group(cups, 2, group), 2);
}

static void the_venue_alone_will_do(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "m.json", venue);
    traj_recording recording = data_read(data_file(state, "alone.json", first), &options, &guesses);
    assert_true(recording.pitch_length_m == 104.5 && recording.pitch_width_m == 67.5);
    assert_string_equal(recording.home_name, "home");
    traj_recording_free(&recording);
}

static void broken_frames_are_refused(void **state)
{
    static const data_case cases[] = {
        {"[" GOOD ",\n{\"phase\":1", "the JSON text ends or breaks off here"},
        {"[" GOOD ",\n{}]", ":3: frame: expected a whole number as 'phase'"},
        {"[" GOOD ",\n" GOOD "]", ":3: frame 0 stands in line 1 already"},
        {"[" GOOD ",7]", ":2: expected a frame, as in {...}"},
        {"[" FRAME("0", "0", "12", HOME(""), AWAY("-"), BALL) "]", ":1: period 0: expected 1 or 2"},
        {"[" FRAME("1", "\"x\"", "1", HOME(""), AWAY("-"), BALL) "]", "number as 'idx', got 'x'"},
        {"[" FRAME("1", "0", "null", HOME(""), AWAY("-"), BALL) "]", "number as 'match_time'"},
        {"[" FRAME("1", "0", "1", "{}", AWAY("-"), BALL) "]", "expected an array 'home_team', or"},
        {"[" FRAME("1", "0", "1", HOME(""), AWAY("-"), "{\"position\":[1,\"x\"]}") "]",
         ":1: ball: expected numbers [x, y, z] as 'position', or null"},
        {"[" FRAME("1", "0", "1", "[" PLAYER("5000", "2", "[1,2]", "1") "]", "[]", BALL) "]",
         ":1: player: 5000 is no number of a shirt"},
        {"[" FRAME("1", "0", "1",
                   "[" PLAYER("5", "2", "[1,2]", "1") "," PLAYER("5", "2", "[7,2]", "2") "]", "[]",
                   BALL) "]",
         "two different positions for 'home_5'"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void the_same_frames_in_two_files_are_refused(void **state)
{
    traj_read_options options = data_told(state, "m.json", NULL);
    const char *const both[] = {data_file(state, "d_p1_raw_data.json", first),
                                data_file(state, "d_p3_raw_data.json", first)};
    traj_recording recording;
    traj_guesses guesses = {.count = 0};
    traj_error err = {0};
    assert_int_equal(traj_recording_read(both, 2, &options, &recording, &guesses, &err),
                     TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "d_p3_raw_data.json:4: frame 1 stands in line 4 of "));
    assert_non_null(strstr(err.text, "d_p1_raw_data.json already; remove one of them"));
}

static void bad_metadata_are_refused(void **state)
{
    static const data_case cases[] = {
        {"", "m.json:1: "},
        {"{}", "m.json: neither 'team_home_name' and 'team_away_name' nor 'pitch_size', so these"},
        {"{\"pitch_size\":[100]}", "m.json: expected 'pitch_size' to be the pitch's length and"},
        {"{\"pitch_size\":\"x\"}", "m.json:1: match: expected numbers [x, y, z] as 'pitch_size'"},
        {"{\"pitch_size\":[10,20]}", "m.json: its pitch is 10 x 20 m, which is no football pitch"},
    };
    data_refuse_metadata(state, first, "m.json", cases, sizeof cases / sizeof *cases);
}

static void failed_allocations_leak_nothing(void **state)
{
    const traj_read_options options = data_told(state, "m.json", meta);
    data_file(state, "e_p1_raw_data.json", first);
    data_fail_allocations(data_file(state, "e_p2_raw_data.json", second), &options);
}

int data_signality_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_read_as_they_stand),
        cmocka_unit_test(the_other_period_and_metadata_are_found_beside_it),
        cmocka_unit_test(what_is_told_is_not_looked_for),
        cmocka_unit_test(periods_on_the_command_line_are_one_match),
        cmocka_unit_test(the_venue_alone_will_do),
        cmocka_unit_test(broken_frames_are_refused),
        cmocka_unit_test(the_same_frames_in_two_files_are_refused),
        cmocka_unit_test(bad_metadata_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data_signality", tests, data_folder_setup,
                                       data_folder_teardown);
}
