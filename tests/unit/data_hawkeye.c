/* Hawk-Eye: minutes in files of their own, the ball and the people apart. */
#include "data_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ID(number)       "{\"heId\":\"he-" number "\",\"fifaId\":\"" number "\"}"
#define BALL(time, x, y) "{\"pos\":[" x "," y ",0.1],\"time\":" time ",\"play\":\"In\"}"
#define OWNED(time, x, y)                                                                          \
    "{\"pos\":[" x "," y ",0.1],\"time\":" time                                                    \
    ",\"play\":\"Out\",\"possession\":{\"teamId\":" ID("2") "}}"
#define AT(time, x, y) "{\"time\":" time ",\"pos\":[" x "," y "]}"
#define PERSON(id, role, centroid)                                                                 \
    "{\"personId\":" ID(id) ",\"role\":{\"name\":\"" role "\"},\"centroid\":[" centroid "]}"
#define MEMBER(id, team, shirt)                                                                    \
    "{\"id\":" ID(id) ",\"teamId\":" ID(team) ",\"jerseyNumber\":\"" shirt "\"}"
#define TEAM(id, name, home) "{\"id\":" ID(id) ",\"name\":\"" name "\",\"home\":" home "}"
#define FILE_OF(minute, segment, samples)                                                          \
    "{\"details\":{\"teams\":[" PAIR(                                                              \
        TEAM("1", "Away", "false"),                                                                \
        TEAM("2", "Host",                                                                          \
             "true")) "],\"players\":[" PAIR(MEMBER("11", "2", "1"),                               \
                                             MEMBER(                                               \
                                                 "12", "1",                                        \
                                                 "9")) "]},\n\"samples\":{" samples                \
                                                       "},\"sequences\":{\"match-minute\":" minute \
                                                       ",\"segment\":" segment                     \
                                                       "},\"units\":{\"length\":\"metre\"}}"
#define KEEPER(x, time)                                                                            \
    PERSON("11", "Goalkeeper", PAIR(AT("0.00008", x "50", "0"), AT(time, x "49", "0")))
#define PEOPLE(x, time)                                                                            \
    "\"people\":[" TRIO(KEEPER(x, time), PERSON("12", "Outfielder", AT("0.00008", "1.5", "2")),    \
                        PERSON("13", "Referee", AT("0.00008", "3", "3"))) "]"
#define BALLS                                                                                      \
    PAIR(PAIR(BALL("8e-05", "1", "2"), BALL("0.020079", "null", "2")),                             \
         PAIR(OWNED("0.040078", "1.25", "-2"), BALL("59.9971", "9", "9")))

static const char ball[] = FILE_OF("1", "1", "\"ball\":[" BALLS "]");
static const char people[] = FILE_OF("1", "1", PEOPLE("-", "0.0399"));
static const char second[] = FILE_OF("46", "2", PEOPLE("", "0.02"));
static const char before[] = FILE_OF("0", "0", "\"ball\":[" BALL("1", "30", "30") "]");
static const char meta_xml[] =
    "<Match><stadium><pitch><length>106</length><width>69</width></pitch>"
    "</stadium></Match>";
static const char meta_json[] = "{\"Stadium\":{\"PitchLength\":104,\"PitchWidth\":67}}";

#define PART(name) name ".football.samples."

static void all_minutes_of_a_match_are_found(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.orient, "keep");
    data_file(state, PART("a_0_0") "ball", before);
    data_file(state, PART("a_1_1") "ball", ball);
    data_file(state, PART("a_2_46") "centroids", second);
    data_file(state, PART("b_1_1") "ball", "another match");
    data_file(state, "a_meta.json", meta_json);
    traj_recording recording =
        data_read(data_file(state, PART("a_1_1") "centroids", people), &options, &guesses);
    const traj_sequence *const first = &recording.sequence[0];
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(first->frames, 3); /* 59.9971 s is nearest to the first of the next minute */
    assert_int_equal(first->frame_id[0], 3000);
    assert_int_equal(recording.sequence[1].frame_id[0], 46 * 3000);
    assert_true(fabs(recording.sequence[1].time_s[1] - 0.02) < 1e-9);
    assert_true(traj_rate_hz(recording.rate) == 50.0);
    assert_int_equal(first->agents, 3); /* no referee */
    assert_true(data_pos(&recording, 0, 2, "11")[0] == -49.0f);
    assert_true(isnan(data_pos(&recording, 0, 1, "11")[0]));
    assert_true(isnan(data_pos(&recording, 0, 1, "ball")[0]));
    assert_true(data_pos(&recording, 0, 2, "ball")[0] == 1.25f);
    assert_int_equal(data_agent(&recording, 0, "11")->kind, TRAJ_HOME_GK);
    assert_int_equal(data_agent(&recording, 0, "12")->jersey, 9);
    assert_int_equal(first->play[0].ball, TRAJ_BALL_ALIVE);
    assert_int_equal(first->play[2].ball, TRAJ_BALL_DEAD);
    assert_int_equal(first->play[2].owner, TRAJ_OWNER_HOME);
    assert_string_equal(recording.home_name, "Host");
    assert_true(recording.pitch_length_m == 104.0 && recording.pitch_width_m == 67.0);
    assert_non_null(strstr(data_guess_text(&guesses, "files"), "4 files of the match"));
    traj_recording_free(&recording);
}

static void the_ball_alone_will_do(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "m.xml", meta_xml);
    traj_recording recording = data_read(data_file(state, "alone.ball", ball), &options, &guesses);
    assert_int_equal(recording.sequences, 1);
    assert_int_equal(recording.sequence[0].agents, 1);
    assert_true(data_pos(&recording, 0, 0, "ball")[1] == 2.0f);
    assert_true(recording.pitch_length_m == 106.0 && recording.pitch_width_m == 69.0);
    traj_recording_free(&recording);
}

static void files_of_a_match_are_told_by_name(void **state)
{
    int group[5];
    const char *const files[] = {
        data_file(state, PART("2024_c_1_1") "ball", ball),
        data_file(state, PART("2024_d_1_1") "ball", ball),
        data_file(state, PART("2024_c_2_46") "centroids", second),
        data_file(state, "c.ball", ball),
    };
    assert_int_equal(traj_recording_group(files, 4, group), 3);
    assert_int_equal(group[0], 0);
    assert_int_equal(group[1], 1);
    assert_int_equal(group[2], 0);
    assert_int_equal(group[3], 2);
}

static void broken_minutes_are_refused(void **state)
{
#define ONE(samples) FILE_OF("1", "1", samples)
    static const data_case cases[] = {
        {"{\"details\":{\"heId\":1}", ":1: this is not JSON"},
        {"{\"details\":{\"heId\":1}}", ":1: sequences: expected a whole number as 'match-minute'"},
        {FILE_OF("1", "9", "\"ball\":[]"), "minute 1 of segment 9: expected segments 1 and 2"},
        {ONE("\"ball\":7"), "expected an array 'ball' or 'people' in 'samples'"},
        {ONE("\"ball\":[" BALL("\"x\"", "1", "2") "]"), "ball: expected a number as 'time'"},
        {ONE("\"ball\":[" BALL("-1", "1", "2") "]"), "ball: 'time' is -1, expected seconds of a"},
        {ONE("\"ball\":[" BALL("1", "\"x\"", "2") "]"), "expected numbers [x, y, z] as 'pos'"},
        {ONE("\"ball\":[" BALL("1", "1", "2") "," BALL("1", "3", "2") "]"), "two different"},
        {ONE("\"ball\":[]"), "no frames"},
        {ONE("\"people\":[" PERSON("99", "Outfielder", "") "]"), "person '99' is not among the"},
        {"{\"details\":{\"heId\":1,\"teams\":[{}]},\"samples\":{\"ball\":[]},\"sequences\":"
         "{\"match-minute\":1,\"segment\":1}}",
         "teams: expected true or false as 'home'"},
        {"{\"details\":{\"heId\":1,\"players\":[{}]},\"samples\":{\"ball\":[]},\"sequences\":"
         "{\"match-minute\":1,\"segment\":1}}",
         "player '' has no id, or a team that is not among 'teams'"},
        {"{\"details\":{\"heId\":1},\"units\":{\"length\":\"feet\"},\"sequences\":"
         "{\"match-minute\":1,\"segment\":1}}",
         "lengths are in 'feet', expected 'metre'"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void bad_metadata_are_refused(void **state)
{
    static const data_case cases[] = {
        {"{}", "m.json: no length and width of the pitch, so these are no metadata of Hawk-Eye"},
        {"{\"Stadium\":{\"PitchLength\":\"x\"}}", "expected a number, got 'x'"},
        {"{\"Stadium\":{\"PitchLength\":1,\"PitchWidth\":2}}", "which is no football pitch"},
    };
    data_refuse_metadata(state, ball, "m.json", cases, sizeof cases / sizeof *cases);
}

static void failed_allocations_leak_nothing(void **state)
{
    const traj_read_options options = data_told(state, "m.json", meta_json);
    data_file(state, PART("e_1_1") "centroids", people);
    data_fail_allocations(data_file(state, PART("e_1_1") "ball", ball), &options);
}

int data_hawkeye_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_minutes_of_a_match_are_found),
        cmocka_unit_test(the_ball_alone_will_do),
        cmocka_unit_test(files_of_a_match_are_told_by_name),
        cmocka_unit_test(broken_minutes_are_refused),
        cmocka_unit_test(bad_metadata_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data_hawkeye", tests, data_folder_setup,
                                       data_folder_teardown);
}
