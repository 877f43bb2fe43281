/* SkillCorner: frames of both versions, metadata, and what is left out. */
#include "data_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLAYER(id, x, y) "{\"x\":" x ",\"y\":" y ",\"player_id\":" id ",\"is_detected\":false}"
#define FRAME(frame, period, stamp, players, ball)                                                 \
    "{\"frame\":" frame ",\"timestamp\":" stamp ",\"period\":" period ",\"ball_data\":" ball       \
    ",\"possession\":{\"player_id\":29,\"group\":\"away team\"},\"player_data\":[" players "]}\n"
#define BALL "{\"x\":0.5,\"y\":-0.31,\"z\":0.2,\"is_detected\":true}"
#define FOUR                                                                                       \
    PAIR(PAIR(PLAYER("1", "50", "0"), PLAYER("9", "1.25", "33")),                                  \
         PAIR(PLAYER("21", "-50", "0.1"), PLAYER("29", "-1", "-33")))
#define BACK PAIR(PLAYER("1", "-50", "0"), PLAYER("21", "50", "0.1"))

static const char lines[] = FRAME("8", "null", "null", "", "{\"x\":null,\"y\":null}")
    FRAME("9", "1", "\"00:00:00.90\"", "", BALL) FRAME("10", "1", "\"00:00:01.00\"", FOUR, BALL)
        FRAME("11", "1", "\"00:00:01.10\"", FOUR, "{\"x\":null,\"y\":NaN,\"z\":null}")
            FRAME("900", "2", "\"00:45:10.00\"", BACK, "null")
                FRAME("901", "2", "\"00:45:10.10\"", BACK, BALL);

#define MEMBER(id, team, number, role)                                                             \
    "{\"id\":" id ",\"team_id\":" team ",\"number\":" number ",\"player_role\":{\"name\":\"" role  \
    "\"},\"playing_time\":{\"total\":{\"start_frame\":11,\"end_frame\":900}}}"
#define HOSTS  PAIR(MEMBER("1", "3", "30", "Goalkeeper"), MEMBER("9", "3", "7", "Midfielder"))
#define GUESTS PAIR(MEMBER("21", "4", "1", "Goalkeeper"), MEMBER("29", "4", "null", "Substitute"))
static const char match[] =
    "{\"home_team\":{\"id\":3,\"name\":\"Ajax\"},\"away_team\":{\"id\":4,\"name\":\"Brest\"},"
    "\"pitch_length\":106,\"pitch_width\":null,\"home_team_side\":[\"right_to_left\",null],"
    "\"players\":[" PAIR(HOSTS, GUESTS) "]}";

static traj_recording read_lines(void *const *state, const char *meta, const char *orient,
                                 traj_guesses *guesses)
{
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.meta, meta);
    strcpy(options.orient, orient);
    return data_read(data_file(state, "only.jsonl", lines), &options, guesses);
}

static void frames_are_read_as_they_stand(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        read_lines(state, data_file(state, "m.json", match), "keep", &guesses);
    const traj_sequence *const second = &recording.sequence[1];
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(recording.sequence[0].frames, 2); /* not before kick-off, not the empty one */
    assert_int_equal(recording.sequence[0].frame_id[0], 10);
    assert_int_equal(second->period_id, 2);
    assert_true(fabs(second->time_s[1] - 10.1) < 1e-9); /* of the half */
    assert_true(traj_rate_hz(recording.rate) == 10.0);
    assert_true(data_pos(&recording, 0, 1, "9")[0] == 1.25f);
    assert_true(data_pos(&recording, 0, 0, "ball")[1] == -0.31f);
    assert_true(isnan(data_pos(&recording, 0, 1, "ball")[0]));
    assert_true(isnan(data_pos(&recording, 1, 0, "ball")[0]));
    assert_true(data_extrapolated(&recording, 0, 0, "9"));
    assert_false(data_extrapolated(&recording, 0, 0, "ball"));
    data_assert_play(&recording, 0, 1, TRAJ_BALL_STATE_UNKNOWN, TRAJ_OWNER_AWAY);
    traj_recording_free(&recording);
}

static void metadata_say_who_plays_where(void **state)
{
    traj_guesses guesses;
    traj_recording recording = read_lines(state, data_file(state, "m.json", match), "", &guesses);
    const traj_agent *const nine = data_agent(&recording, 0, "9");
    assert_string_equal(recording.home_name, "Ajax");
    assert_string_equal(recording.away_name, "Brest");
    assert_true(nine->team == TRAJ_TEAM_HOME && nine->jersey == 7 && nine->kind == TRAJ_HOME);
    assert_string_equal(nine->role, "Midfielder");
    assert_true(nine->first_frame == 11 && nine->last_frame == 11);
    assert_true(data_agent(&recording, 1, "21")->last_frame == 900);
    assert_int_equal(data_agent(&recording, 1, "21")->kind, TRAJ_AWAY_GK);
    assert_int_equal(data_agent(&recording, 0, "29")->jersey, -1);
    assert_true(data_pos(&recording, 0, 0, "1")[0] == -50.0f); /* turned */
    assert_true(data_pos(&recording, 1, 0, "1")[0] == -50.0f); /* kept */
    assert_non_null(strstr(data_guess_text(&guesses, "orientation"), "the metadata say, too"));
    traj_recording_free(&recording);
}

static void without_metadata_teams_are_guessed(void **state)
{
    traj_guesses guesses;
    traj_recording recording = read_lines(state, "none", "", &guesses);
    assert_int_not_equal(data_agent(&recording, 0, "1")->team,
                         data_agent(&recording, 0, "21")->team);
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "skillcorner: SkillCorner file"));
    traj_recording_free(&recording);
}

static void metadata_are_found_beside_the_data(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    data_file(state, "17_match.json", match);
    traj_recording recording =
        data_read(data_file(state, "17_tracking_extrapolated.jsonl", lines), &options, &guesses);
    assert_string_equal(recording.home_name, "Ajax");
    assert_non_null(strstr(data_guess_text(&guesses, "metadata"), "17_match.json: found beside"));
    traj_recording_free(&recording);
}

static void broken_lines_are_refused(void **state)
{
    static const data_case cases[] = {
        {FRAME("1", "1", "null", FOUR, BALL) "{\"frame\":2,\n", ":2: this is not JSON, near"},
        {FRAME("1", "1", "null", FOUR, BALL) "[]\n", ":2: expected a frame, as in {...}"},
        {FRAME("1", "1", "null", FOUR, BALL) "{}\n", ":2: expected a frame with 'period' and an"},
        {FRAME("1", "1", "null", FOUR, BALL) FRAME("1", "1", "null", FOUR, BALL),
         ":2: frame 1 stands in line 1 already; remove one"},
        {FRAME("1", "0", "null", FOUR, BALL), ":1: period 0: expected 1 or 2 for a half"},
        {FRAME("1", "99", "null", FOUR, BALL), ":1: period 99: expected 1 or 2 for a half"},
        {FRAME("null", "1", "null", FOUR, BALL), ":1: frame: expected a whole number as 'frame'"},
        {FRAME("1.5", "1", "null", FOUR, BALL), ":1: frame: expected a whole number as 'frame'"},
        {FRAME("1", "1", "\"soon\"", FOUR, BALL), ":1: expected a time as 'timestamp', got 'soon'"},
        {FRAME("1", "1", "null", "{\"x\":1,\"y\":2}", BALL), ":1: player_data: expected an id as"},
        {FRAME("1", "1", "null", PLAYER("1", "\"a\"", "2"), BALL),
         ":1: player_data: expected a number as 'x', or null"},
        {FRAME("1", "1", "null", FOUR, "{\"x\":0,\"y\":[]}"), ":1: ball_data: expected a number"},
        {FRAME("1", "1", "null", PLAYER("1", "1e300", "2"), BALL), "which is on no pitch"},
        {FRAME("1", "1", "null", FOUR "," PLAYER("1", "3", "4"), BALL), "two different positions"},
        {FRAME("1", "null", "null", FOUR, BALL), "no frames"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void bad_metadata_are_refused(void **state)
{
#define TEAMS "\"home_team\":{\"id\":3},\"away_team\":{\"id\":\"4\"}"
    static const data_case cases[] = {
        {"", "m.json:1: "},
        {"{}", "m.json: no id in home_team or away_team, so these are no metadata of"},
        {"{\"pitch_length\":-1}", "m.json:1: match: 'pitch_length' is -1, expected a number above"},
        {"{\"pitch_width\":\"wide\"}", "match: expected a number as 'pitch_width', or null"},
        {"{" TEAMS ",\"players\":[" MEMBER("1", "5", "1", "x") "]}",
         "m.json: player '1' is of team '5', expected the id of a player of team '3' or '4'"},
        {"{" TEAMS ",\"players\":[" MEMBER("1", "3", "\"x\"", "x") "]}",
         "a whole number as 'number'"},
        {"{" TEAMS ",\"players\":[" MEMBER("1", "3", "1", "x") "]}",
         ".csv:3: player 9 is not among the players of "},
    };
    data_refuse_metadata(state, lines, "m.json", cases, sizeof cases / sizeof *cases);
}

static void failed_allocations_leak_nothing(void **state)
{
    const traj_read_options options = data_told(state, "m.json", match);
    data_fail_allocations(data_file(state, "memory.jsonl", lines), &options);
}

/* ---- V2 ---- */

#define KNOWN(id, x, y) "{\"track_id\":" id ",\"trackable_object\":" id ",\"x\":" x ",\"y\":" y "}"
#define TRACK(id, group, x, y)                                                                     \
    "{\"track_id\":" id ",\"trackable_object\":null,\"group_name\":\"" group "\",\"x\":" x         \
    ",\"y\":" y "}"
#define HIGH(x, y) "{\"trackable_object\":55,\"x\":" x ",\"y\":" y ",\"z\":1.5}"
#define SHOT(frame, period, time, objects)                                                         \
    "{\"period\":" period ",\"frame\":" frame ",\"timestamp\":" time ",\"data\":[" objects         \
    "],\"possession\":{\"trackable_object\":null,\"group\":\"away team\"}}"
#define STRANGERS                                                                                  \
    TRIO(TRACK("7", "home team", "-20", "3"), TRACK("8", "away goalkeeper", "49", "0"),            \
         TRACK("9", "referee", "0", "1"))
#define SEEN                                                                                       \
    TRIO(KNOWN("1010", "-50", "0"), KNOWN("1020", "50", "1"),                                      \
         PAIR(KNOWN("900", "5", "5"), STRANGERS))
#define BALLS      TRACK("60", "balls", "7", "7")
#define EARLY      SHOT("1", "null", "null", "")
#define REPLAY     SHOT("2", "1", "\"0:00.20\"", "")
#define ONE_BALL   SHOT("3", "1", "\"0:00.30\"", SEEN "," HIGH("1", "2"))
#define TWO_BALLS  SHOT("4", "1", "\"0:00.40\"", SEEN "," BALLS "," TRACK("61", "ball", "8", "8"))
#define KNOWN_BALL SHOT("5", "1", "\"0:00.50\"", SEEN "," BALLS "," HIGH("1.5", "2"))
#define TURNED     KNOWN("1010", "50", "0") "," KNOWN("1020", "-50", "1")
#define SECOND     SHOT("900", "2", "\"45:10.00\"", TURNED)

static const char shots[] = "[\n" EARLY ",\n" REPLAY ",\n" ONE_BALL ",\n" TWO_BALLS ",\n" KNOWN_BALL
                            ",\n" SECOND "\n]\n";
#define OBJECT(id, object, team, role)                                                             \
    "{\"id\":" id ",\"trackable_object\":" object ",\"team_id\":" team                             \
    ",\"number\":5,\"player_role\":{\"name\":\"" role "\"}}"
#define TEAM(id, name) "{\"id\":" id ",\"name\":\"" name "\"}"
#define KEEPER         OBJECT("1000", "1010", "100", "Goalkeeper")
#define RUNNER         OBJECT("1010", "1020", "103", "Midfielder")
static const char roster[] = "{\"home_team\":" TEAM("100", "Bayern") ",\"away_team\":" TEAM(
    "103", "Dortmund") ",\"ball\":{\"trackable_object\":55},\"referees\":[{\"trackable_object\":"
                       "900,\"id\":246}],"
                       "\"players\":[" PAIR(KEEPER, RUNNER) "]}";

static void v2_is_read_as_it_stands(void **state)
{
    traj_guesses guesses;
    traj_read_options options = data_told(state, "roster.json", roster);
    strcpy(options.orient, "keep");
    traj_recording recording = data_read(data_file(state, "v2.json", shots), &options, &guesses);
    const traj_sequence *const first = &recording.sequence[0];
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(first->frames, 3);
    assert_int_equal(first->agents, 5); /* no officials */
    assert_true(fabs(recording.sequence[1].time_s[0] - 10.0) < 1e-9);
    assert_int_equal(data_agent(&recording, 0, "1000")->kind, TRAJ_HOME_GK);
    assert_int_equal(data_agent(&recording, 0, "1010")->team, TRAJ_TEAM_AWAY);
    assert_int_equal(data_agent(&recording, 0, "home_anon_7")->jersey, -1);
    assert_int_equal(data_agent(&recording, 0, "away_anon_8")->kind, TRAJ_AWAY_GK);
    assert_true(data_pos(&recording, 0, 0, "home_anon_7")[0] == -20.0f);
    assert_true(data_pos(&recording, 0, 0, "ball")[0] == 1.0f);
    assert_true(data_pos(&recording, 0, 1, "ball")[0] == 7.0f); /* the first of two */
    assert_true(data_pos(&recording, 0, 2, "ball")[0] == 1.5f); /* the one that is known */
    assert_int_equal(first->play[0].owner, TRAJ_OWNER_AWAY);
    assert_string_equal(recording.home_name, "Bayern");
    traj_recording_free(&recording);
}

static void v2_comes_in_lines_too(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "roster.json", roster);
    const char *const text = ONE_BALL "\n" TWO_BALLS "\n";
    traj_recording recording = data_read(data_file(state, "v2.jsonl", text), &options, &guesses);
    assert_int_equal(recording.sequence[0].frames, 2);
    assert_int_equal(recording.sequence[0].agents, 5);
    traj_recording_free(&recording);
}

static void v2_metadata_are_found_beside_it(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    data_file(state, "match_data.json", roster);
    traj_recording recording =
        data_read(data_file(state, "structured_data.json", shots), &options, &guesses);
    assert_string_equal(recording.away_name, "Dortmund");
    assert_non_null(strstr(data_guess_text(&guesses, "metadata"), "match_data.json: found"));
    traj_recording_free(&recording);
}

static void broken_v2_is_refused(void **state)
{
    static const data_case cases[] = {
        {"[" SHOT("3", "1", "null", SEEN) ",\n" SHOT("3", "1", "null", SEEN) "]",
         ":2: frame 3 stands in line 1 already"},
        {"[" SHOT("3", "1", "null", KNOWN("77", "1", "2")) "]", ":1: player 77 is not among the"},
        {"[" SHOT("3", "1", "null", KNOWN("1010", "\"x\"", "2")) "]", "expected a number as 'x'"},
        {"[" SHOT("3", "1", "null", TRACK("null", "home team", "1", "2")) "]",
         ":1: data: expected an id as 'track_id'"},
        {"[{\"trackable_object\":1,\"data\":7}]",
         ":1: expected a frame with 'period' and an array"},
        {"[" SHOT("3", "1", "null", KNOWN("1010", "1", "2") "," KNOWN("1010", "7", "2")) "]",
         "two different positions for '1000'"},
    };
    const traj_read_options options = data_told(state, "roster.json", roster);
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, &options);
    data_refuse(state, shots, NULL, TRAJ_E_DATA,
                ":4: only the metadata tell who object 1010 is; name them with --meta FILE");
}

static void failed_allocations_of_v2_leak_nothing(void **state)
{
    const traj_read_options options = data_told(state, "roster.json", roster);
    data_fail_allocations(data_file(state, "v2.json", shots), &options);
}

int data_skillcorner_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_read_as_they_stand),
        cmocka_unit_test(metadata_say_who_plays_where),
        cmocka_unit_test(without_metadata_teams_are_guessed),
        cmocka_unit_test(metadata_are_found_beside_the_data),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(bad_metadata_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
        cmocka_unit_test(v2_is_read_as_it_stands),
        cmocka_unit_test(v2_comes_in_lines_too),
        cmocka_unit_test(v2_metadata_are_found_beside_it),
        cmocka_unit_test(broken_v2_is_refused),
        cmocka_unit_test(failed_allocations_of_v2_leak_nothing),
    };
    return cmocka_run_group_tests_name("data_skillcorner", tests, data_folder_setup,
                                       data_folder_teardown);
}
