/* CDF: lines, metadata, and what is written. */
#include "data_groups.h"

#include "traj/data/writer.h"
#include "traj/io/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLAYER(id, x, y)  "{\"id\":\"" id "\",\"x\":" x ",\"y\":" y "}"
#define TEAM(id, players) "{\"id\":\"" id "\",\"players\":" players "}"
#define FRAME(frame, period, stamp, home, away, ball)                                              \
    "{\"frame_id\":" frame ",\"timestamp\":\"" stamp "\",\"period\":\"" period                     \
    "\",\"match\":{\"id\":\"m\"},\"teams\":{\"home\":" home ",\"away\":" away "},\"ball\":" ball   \
    "}\n"
#define HOME(x) TEAM("t1", "[" PAIR(PLAYER("h1", x "50", "0"), PLAYER("h9", "1.25", "33")) "]")
#define AWAY(x) TEAM("t2", "[" PAIR(PLAYER("a1", x "50", "1"), PLAYER("h9", "null", "null")) "]")
#define BALL    "{\"x\":0.5,\"y\":-0.25,\"z\":null}"

static const char lines[] = FRAME("7", "first_half", "2023-10-01T12:00:01Z", HOME("-"), AWAY(""),
                                  BALL)
    FRAME("8", "first_half", "2023-10-01T12:00:01.04Z", HOME("-"), AWAY(""),
          "{\"x\":null,\"y\":null,\"z\":null}")
        FRAME("9", "first_half", "2023-10-01T12:00:01.08Z", HOME("-"), AWAY(""), BALL)
            FRAME("90", "second_half", "2023-10-01T13:00:00.5Z", HOME(""), AWAY("-"), BALL)
                FRAME("91", "second_half", "2023-10-01T13:00:00.54Z", HOME(""), AWAY("-"), BALL);

#define MEMBER(id, jersey, group)                                                                  \
    "{\"id\":\"" id "\",\"jersey_number\":" jersey ",\"position_group\":\"" group "\"}"
#define AJAX   PAIR(MEMBER("h1", "1", "GK"), MEMBER("h9", "9", "FW"))
#define OTHERS PAIR(MEMBER("a1", "1", "GK"), MEMBER("h9", "10", "FW"))
#define META(id, periods, length)                                                                  \
    "{\"match\":{\"periods\":[" periods "]},\"stadium\":{\"pitch_length\":" length                 \
    ",\"pitch_width\":67},\"teams\":{\"home\":{\"id\":\"" id                                       \
    "\",\"name\":\"Ajax\",\"players\":[" AJAX "]},\"away\":{\"id\":\"t2\",\"players\":[" OTHERS    \
    "]}},\"meta\":{\"tracking\":{\"fps\":25}}}"
#define PERIOD(name, key, start, way)                                                              \
    "{\"period\":\"" name "\",\"" key "\":\"" start "\",\"play_direction\":\"" way "\"}"
#define PERIODS                                                                                    \
    PAIR(PERIOD("first_half", "start_time", "2023-10-01T12:00:00Z", "left_right"),                 \
         PERIOD("second_half", "time_start", "2021-05-05T13:00:00Z", "right_left"))

static const char meta[] = META("t1", PERIODS, "106");

static void frames_are_read_as_they_stand(void **state)
{
    traj_guesses guesses;
    traj_read_options options = data_told(state, "m.json", NULL);
    strcpy(options.orient, "keep");
    traj_recording recording = data_read(data_file(state, "a.jsonl", lines), &options, &guesses);
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "cdf: CDF file"));
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(recording.sequence[1].period_id, 2);
    assert_int_equal(recording.sequence[1].frame_id[0], 90);
    assert_true(recording.sequence[1].time_s[0] == 0.0); /* nothing tells when it began */
    assert_true(traj_rate_hz(recording.rate) == 25.0);
    assert_int_equal(recording.sequence[0].agents, 4);
    assert_true(data_pos(&recording, 0, 2, "h9")[1] == 33.0f);
    assert_true(data_pos(&recording, 0, 0, "ball")[1] == -0.25f);
    assert_true(isnan(data_pos(&recording, 0, 1, "ball")[0]));
    assert_int_equal(data_agent(&recording, 1, "a1")->team, TRAJ_TEAM_AWAY);
    assert_int_equal(data_agent(&recording, 1, "a1")->jersey, -1);
    traj_recording_free(&recording);
}

static void metadata_are_found_and_say_the_rest(void **state)
{
    traj_guesses guesses;
    data_file(state, "match_meta.json", meta);
    traj_read_options options;
    traj_read_options_init(&options);
    traj_recording recording =
        data_read(data_file(state, "match.jsonl", lines), &options, &guesses);
    assert_non_null(strstr(data_guess_text(&guesses, "metadata"), "match_meta.json: found"));
    assert_non_null(strstr(data_guess_text(&guesses, "orientation"), "the metadata say, too"));
    assert_string_equal(recording.home_name, "Ajax");
    assert_string_equal(recording.away_name, "away");
    assert_true(recording.pitch_length_m == 106.0 && recording.pitch_width_m == 67.0);
    assert_true(recording.sequence[0].time_s[0] == 1.0);
    assert_true(recording.sequence[1].time_s[0] == 0.0);          /* that clock is of another day */
    assert_int_equal(data_agent(&recording, 0, "h9")->jersey, 9); /* away's h9 is never seen */
    assert_int_equal(data_agent(&recording, 0, "h1")->kind, TRAJ_HOME_GK);
    assert_true(data_pos(&recording, 1, 0, "h1")[0] == -50.0f); /* turned */
    traj_recording_free(&recording);
}

/* Version 0.3 has it with the ball. */
static void the_ball_has_a_state_and_an_owner(void **state)
{
    static const char *const keys[][2] = {
        {"\"ball_status\":true,\"ball_poss_team_id\":\"t2\",\"ball\":{", "\"ball\":{"},
        {"\"ball\":{\"status\":false,\"poss_team_id\":\"t1\",", "\"ball\":{"}};
    for (int v = 0; v < 2; v++) {
        char text[2 * sizeof lines];
        const char *const at = strstr(lines, keys[v][1]);
        const int length = (int)(at - lines);
        traj_guesses guesses;
        const traj_read_options options = data_told(state, "m.json", NULL);
        snprintf(text, sizeof text, "%.*s%s%s", length, lines, keys[v][0], at + strlen(keys[v][1]));
        traj_recording recording = data_read(data_file(state, "p.jsonl", text), &options, &guesses);
        const traj_play *const play = recording.sequence[0].play;
        assert_non_null(play);
        assert_int_equal(play[0].ball, v == 0 ? TRAJ_BALL_ALIVE : TRAJ_BALL_DEAD);
        assert_int_equal(play[0].owner, v == 0 ? TRAJ_OWNER_AWAY : TRAJ_OWNER_HOME);
        assert_int_equal(play[1].ball, TRAJ_BALL_STATE_UNKNOWN);
        assert_int_equal(play[1].owner, TRAJ_OWNER_UNKNOWN);
        traj_recording_free(&recording);
    }
}

static void broken_lines_are_refused(void **state)
{
#define STAMP "2023-10-01T12:00:00Z"
#define GOOD  FRAME("1", "first_half", STAMP, HOME("-"), AWAY(""), BALL)
    static const data_case cases[] = {
        {GOOD "{\"frame_id\":2", ":2: this is not JSON, near"},
        {GOOD "{}\n", ":2: period '': expected first_half, second_half"},
        {GOOD GOOD, ":2: frame 1 stands in line 1 already"},
        {FRAME("1", "3", STAMP, HOME("-"), AWAY(""), BALL), ":1: period '3': expected first_half"},
        {FRAME("null", "shootout", STAMP, HOME("-"), AWAY(""), BALL),
         ":1: frame: expected a whole number as 'frame_id'"},
        {FRAME("1", "first_half", "noon", HOME("-"), AWAY(""), BALL),
         ":1: expected a time as 'timestamp', got 'noon'"},
        {FRAME("1", "first_half", STAMP, "{}", AWAY(""), BALL), ":1: expected teams.home with"},
        {FRAME("1", "first_half", STAMP, TEAM("t1", "7"), AWAY(""), BALL),
         ":1: expected an array 'players'"},
        {GOOD FRAME("2", "first_half", STAMP, TEAM("t3", "[]"), AWAY(""), BALL),
         ":2: team home is 't3', but 't1' in the lines before"},
        {FRAME("1", "first_half", STAMP, TEAM("t1", "[{\"x\":1,\"y\":2}]"), AWAY(""), BALL),
         ":1: player: expected an 'id'"},
        {FRAME("1", "first_half", STAMP, TEAM("t1", "[" PLAYER("p", "\"x\"", "2") "]"), AWAY(""),
               BALL),
         ":1: player: expected a number as 'x', or null"},
        {FRAME("1", "first_half", STAMP, HOME("-"), AWAY(""), "7"), ":1: expected a 'ball'"},
        {FRAME("1", "first_half", STAMP, HOME("-"), AWAY(""), "{\"x\":1,\"y\":[]}"),
         ":1: ball: expected a number as 'y', or null"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void bad_metadata_are_refused(void **state)
{
    static const data_case cases[] = {
        {"{\"match\":{\"id\":\"n\"},\"teams\":{\"home\":{\"id\":\"t1\"},\"away\":{\"id\":\"t2\"}}}",
         ":1: this is match 'm', but "},
        {"[]", "m.json: no id in teams.home or teams.away, so these are no metadata of CDF"},
        {META("t3", PERIODS, "106"), ":1: team home is 't1', but 't3' in "},
        {META("t1", "{\"period\":\"third_half\"}", "106"), "'third_half' is no period"},
        {META("t1", PERIOD("first_half", "start_time", "noon", ""), "106"),
         "m.json: first_half: expected a time as 'start_time', got 'noon'"},
        {META("t1", PERIODS, "\"long\""), "metadata: expected a number as 'pitch_length'"},
        {META("t1", PERIODS, "7"), "its pitch is 7 x 67 m"},
    };
    data_refuse_metadata(state, lines, "m.json", cases, sizeof cases / sizeof *cases);
}

static traj_recording one_frame(void)
{
    static const float pos_m[8] = {-50.0f, 0.25f, NAN, NAN, 50.0f, -0.001f, 0.5f, 0.25f};
    traj_recording recording;
    traj_sequence *sequence;
    traj_recording_init(&recording);
    strcpy(recording.source, "folder/a \"match\".csv");
    strcpy(recording.home_name, "Ajax");
    recording.rate = (traj_rate){2997, 100};
    recording.quantum_m = 0.01;
    recording.home_right = true;
    recording.pitch_length_m = 105.0;
    recording.pitch_width_m = 67.5;
    assert_int_equal(traj_recording_add(&recording, 1, 4, &sequence, NULL), TRAJ_OK);
    strcpy(sequence->name, "2");
    sequence->period_id = 2;
    sequence->agent[0] = (traj_agent){"h1", TRAJ_TEAM_HOME, TRAJ_HOME_GK, 1, "GK", 7, 7};
    sequence->agent[1] = (traj_agent){"h9", TRAJ_TEAM_HOME, TRAJ_HOME, -1, "Stürmer", 7, 7};
    sequence->agent[2] = (traj_agent){"a1", TRAJ_TEAM_AWAY, TRAJ_AWAY, 1, "", 7, 7};
    sequence->agent[3] = (traj_agent){"ball", TRAJ_TEAM_BALL, TRAJ_BALL, -1, "", 7, 7};
    sequence->frame_id[0] = 7;
    sequence->time_s[0] = 1.2345678;
    memcpy(sequence->pos_m, pos_m, sizeof pos_m);
    assert_int_equal(traj_sequence_add_play(sequence, NULL), TRAJ_OK);
    sequence->play[0] = (traj_play){TRAJ_BALL_DEAD, TRAJ_OWNER_AWAY};
    assert_int_equal(traj_sequence_add_extrapolated(sequence, NULL), TRAJ_OK);
    sequence->extrapolated[2] = 1;
    return recording;
}

static void what_is_written_is_this(void **state)
{
    traj_recording recording = one_frame();
    char text[4096];
    const char *const path = data_file(state, "out.jsonl", "");
    assert_int_equal(traj_recording_write(&recording, "cdf", path, NULL), TRAJ_OK);
    assert_string_equal(
        data_text(path, text, sizeof text),
        "{\"frame_id\":7,\"timestamp\":\"1970-01-01T00:00:01.234568Z\",\"period\":\"second_half\","
        "\"match\":{\"id\":\"a "
        "\\\"match\\\".csv\"},\"teams\":{\"home\":{\"id\":\"home\",\"players\":["
        "{\"id\":\"h1\",\"x\":-50.00,\"y\":0.25,\"is_visible\":true}]},\"away\":{\"id\":\"away\","
        "\"players\":["
        "{\"id\":\"a1\",\"x\":50.00,\"y\":0.00,\"is_visible\":false}]}},\"ball_status\":false,"
        "\"ball_poss_team_id\":\"away\",\"ball\":{\"x\":0.50,\"y\":0.25,\"z\":null}}\n");
    data_text(data_path(state, "out_meta.json"), text, sizeof text);
    static const char *const parts[] = {
        "\"period\": \"second_half\",\n        \"play_direction\": \"left_right\"",
        "\"end_time\": \"1970-01-01T00:00:01.234568Z\"",
        "\"id\": \"h9\",\n          \"team_id\": \"home\",\n          \"jersey_number\": -1,\n"
        "          \"is_starter\": false\n",
        "\"jersey_number\": 1,\n          \"is_starter\": true,\n          \"position_group\": "
        "\"GK\"",
        "\"name\": \"Ajax\"",
        "\"pitch_width\": 67.5",
        "\"fps\": 30,",
        "\"video\": null",
    };
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
        if (strstr(text, parts[p]) == NULL) fail_msg("no '%s' in %s", parts[p], text);
    traj_recording_free(&recording);
}

/* Kept as it was, the frames say which way home attacks. */
static void directions_that_are_not_known_are_seen(void **state)
{
    traj_recording recording = one_frame();
    char text[4096];
    recording.home_right = false;
    traj_sequence_turn(&recording.sequence[0]);
    const char *const path = data_file(state, "left.jsonl", "");
    assert_int_equal(traj_recording_write(&recording, "cdf", path, NULL), TRAJ_OK);
    data_text(data_path(state, "left_meta.json"), text, sizeof text);
    assert_non_null(strstr(text, "\"play_direction\": \"right_left\""));
    traj_recording_free(&recording);
}

/* A second half starts on the hour, and where it did when it is read. */
static void clocks_of_halves_come_back(void **state)
{
    traj_recording recording = one_frame();
    traj_sequence *sequence;
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.orient, "keep");
    const traj_sequence half = recording.sequence[0]; /* which moves as the list grows */
    assert_int_equal(traj_recording_add_like(&recording, &half, 1, &sequence, NULL), TRAJ_OK);
    traj_sequence_copy(sequence, 0, &half, 0, 1);
    strcpy(recording.sequence[0].name, "1");
    recording.sequence[0].period_id = 1;
    recording.sequence[0].time_s[0] = 3600.0;
    options.source_rate_hz = 25.0;
    const char *const path = data_file(state, "clock.jsonl", "");
    assert_int_equal(traj_recording_write(&recording, "cdf", path, NULL), TRAJ_OK);
    traj_recording back = data_read(path, &options, &guesses);
    assert_string_equal(back.home_name, "Ajax");
    assert_int_equal(back.sequences, 2);
    traj_recording_free(&back);
    char text[4096];
    data_text(path, text, sizeof text);
    assert_non_null(strstr(text, "\"1970-01-01T01:00:00.000Z\",\"period\":\"first_half\""));
    assert_non_null(strstr(text, "\"1970-01-01T02:00:01.234568Z\",\"period\":\"second_half\""));
    traj_recording_free(&recording);
}

static void plays_and_crowds_are_not_written(void **state)
{
    const char *const path = data_path(state, "never.jsonl");
    for (int c = 0; c < 3; c++) {
        traj_recording recording = one_frame();
        traj_error err = {0};
        if (c == 0) strcpy(recording.sequence[0].name, "2019/7");
        if (c == 1) strcpy(recording.sequence[0].name, "6");
        if (c == 1) recording.sequence[0].period_id = 6;
        if (c == 2) recording.crowd = true;
        assert_int_equal(traj_recording_write(&recording, "cdf", path, &err), TRAJ_E_DATA);
        assert_non_null(strstr(err.text, "CDF holds periods 1 to 5 of one match"));
        assert_int_equal(traj_file_exists(path), 0);
        traj_recording_free(&recording);
    }
}

static void failed_allocations_leak_nothing(void **state)
{
    const traj_read_options options = data_told(state, "m.json", meta);
    data_fail_allocations(data_file(state, "memory.jsonl", lines), &options);
}

int data_cdf_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_read_as_they_stand),
        cmocka_unit_test(metadata_are_found_and_say_the_rest),
        cmocka_unit_test(the_ball_has_a_state_and_an_owner),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(bad_metadata_are_refused),
        cmocka_unit_test(what_is_written_is_this),
        cmocka_unit_test(directions_that_are_not_known_are_seen),
        cmocka_unit_test(clocks_of_halves_come_back),
        cmocka_unit_test(plays_and_crowds_are_not_written),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data: cdf", tests, data_folder_setup, data_folder_teardown);
}
