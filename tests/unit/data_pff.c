/* PFF: lines, metadata, rosters. */
#include "data_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLAYER(shirt, x, y)                                                                        \
    "{\"jerseyNum\":\"" shirt "\",\"visibility\":\"VISIBLE\",\"x\":" x ",\"y\":" y "}"
#define FRAME(frame, period, time, home, away, ball)                                               \
    "{\"frameNum\":" frame ",\"period\":" period ",\"periodElapsedTime\":" time                    \
    ",\"homePlayers\":[],\"homePlayersSmoothed\":" home ",\"awayPlayersSmoothed\":" away           \
    ",\"ballsSmoothed\":" ball "}\n"
#define HOME(x) "[" PLAYER("1", x "50", "0") "," PLAYER("9", "1.25", "33") "]"
#define AWAY(x) "[" PLAYER("1", x "50", "1") "," PLAYER("10", "0.5", "-33") "]"
#define BALL    "{\"visibility\":\"ESTIMATED\",\"x\":0.5,\"y\":-0.25,\"z\":0}"

static const char lines[] = FRAME("4226", "1", "0.0", HOME(""), AWAY("-"), BALL)
    FRAME("4227", "1", "0.033367", HOME(""), AWAY("-"), "null")
        FRAME("4228", "1", "0.066733", "null", "null", BALL)
            FRAME("91129", "2", "0.334007", HOME("-"), AWAY(""), BALL)
                FRAME("91130", "2", "0.367374", HOME("-"), AWAY(""), BALL);

static const char meta[] =
    "[{\"homeTeam\":{\"id\":\"372\",\"name\":\"Senegal\"},\"awayTeam\":{\"id\":366,"
    "\"name\":\"Netherlands\"},\"homeTeamStartLeft\":false,\"homeTeamStartLeftExtraTime\":null,"
    "\"fps\":29.97,\"stadium\":{\"pitches\":[{\"length\":106.0,\"width\":67.0}]}}]";
#define MEMBER(id, shirt, team, role)                                                              \
    "{\"player\":{\"id\":\"" id "\"},\"shirtNumber\":\"" shirt "\",\"team\":{\"id\":\"" team       \
    "\"},\"positionGroupType\":\"" role "\"}"
static const char roster[] = "[" MEMBER("700", "1", "372", "GK") "," MEMBER(
    "709", "9", "372", "CF") "," MEMBER("801", "1", "366", "GK") "]";

static traj_read_options told(void *const *state, const char *metadata, const char *players)
{
    traj_read_options options = data_told(state, "m.json", metadata);
    strcpy(options.roster, players != NULL ? data_file(state, "r.json", players) : "none");
    return options;
}

static void frames_are_read_as_they_stand(void **state)
{
    traj_guesses guesses;
    traj_read_options options = told(state, NULL, NULL);
    strcpy(options.orient, "keep");
    traj_recording recording = data_read(data_file(state, "only.jsonl", lines), &options, &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(recording.sequence[0].frames, 3);
    assert_int_equal(recording.sequence[1].frame_id[0], 91129);
    assert_true(fabs(recording.sequence[1].time_s[0] - 0.334007) < 1e-9);
    assert_true(traj_rate_same(recording.rate, (traj_rate){30000, 1001}));
    assert_true(data_pos(&recording, 0, 1, "home_9")[0] == 1.25f);
    assert_true(isnan(data_pos(&recording, 0, 2, "home_9")[0]));
    assert_true(isnan(data_pos(&recording, 0, 1, "ball")[0]));
    assert_true(data_pos(&recording, 0, 2, "ball")[1] == -0.25f);
    assert_true(data_extrapolated(&recording, 0, 2, "ball"));
    assert_false(data_extrapolated(&recording, 0, 1, "ball")); /* missing is not estimated */
    assert_false(data_extrapolated(&recording, 0, 0, "home_9"));
    assert_null(recording.sequence[0].play); /* there are no events */
    traj_recording_free(&recording);
}

static void metadata_and_roster_say_who_plays(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = told(state, meta, roster);
    traj_recording recording = data_read(data_file(state, "only.jsonl", lines), &options, &guesses);
    assert_string_equal(recording.home_name, "Senegal");
    assert_string_equal(recording.away_name, "Netherlands");
    assert_true(recording.pitch_length_m == 106.0 && recording.pitch_width_m == 67.0);
    assert_int_equal(data_agent(&recording, 0, "709")->jersey, 9);
    assert_int_equal(data_agent(&recording, 0, "700")->kind, TRAJ_HOME_GK);
    assert_string_equal(data_agent(&recording, 0, "709")->role, "CF");
    assert_int_equal(data_agent(&recording, 1, "801")->kind, TRAJ_AWAY_GK);
    assert_int_equal(data_agent(&recording, 1, "away_10")->jersey, 10); /* in no roster */
    assert_true(data_pos(&recording, 0, 0, "700")[0] == -50.0f);        /* turned */
    assert_true(data_pos(&recording, 1, 0, "700")[0] == -50.0f);
    assert_non_null(strstr(data_guess_text(&guesses, "orientation"), "the metadata say, too"));
    traj_recording_free(&recording);
}

/* What an event says of the ball holds until the next one, but not in another period. */
static void events_say_whose_the_ball_is(void **state)
{
#define EVENT(frame, period, time, event)                                                          \
    "{\"frameNum\":" frame ",\"period\":" period ",\"periodElapsedTime\":" time                    \
    ",\"homePlayersSmoothed\":" HOME("") ",\"awayPlayersSmoothed\":" AWAY(                         \
        "-") ",\"ballsSmoothed\":" BALL ",\"game_event\":" event "}\n"
#define TYPE(type, home) "{\"game_event_type\":\"" type "\",\"home_ball\":" home "}"
    static const char text[] = EVENT("1", "1", "0.0", "null")
        EVENT("2", "1", "0.1", TYPE("FIRSTKICKOFF", "false")) EVENT("3", "1", "0.2", "null")
            EVENT("4", "1", "0.3", TYPE("SUB", "null")) EVENT("5", "1", "0.4", TYPE("OUT", "true"))
                EVENT("6", "1", "0.5", "{}") EVENT("7", "1", "0.6", TYPE("OTB", "true"))
                    EVENT("8", "1", "0.7", "7") EVENT("9", "1", "0.8", TYPE("END", "false"))
                        EVENT("10", "2", "0.0", "null")
                            EVENT("11", "2", "0.1", TYPE("SECONDKICKOFF", "true"));
    static const char balls[] = "?aaaddaad?a", owners[] = "?22211112?1";
    traj_guesses guesses;
    const traj_read_options options = told(state, NULL, NULL);
    traj_recording recording = data_read(data_file(state, "only.jsonl", text), &options, &guesses);
    for (size_t k = 0; k < 11; k++) {
        const traj_play play = k < 9 ? recording.sequence[0].play[k]
                                     : recording.sequence[1].play[k - 9];
        assert_int_equal("?ad"[play.ball], balls[k]);
        assert_int_equal("?12"[play.owner], owners[k]);
    }
    traj_recording_free(&recording);
}

#define THINNED                                                                                    \
    FRAME("10", "1", "0.0", HOME(""), AWAY("-"), BALL)                                             \
    FRAME("13", "1", "0.1001", HOME(""), AWAY("-"), BALL)                                          \
    FRAME("16", "1", "0.2002", HOME(""), AWAY("-"), BALL)

#define APART                                                                                      \
    FRAME("1", "1", "null", HOME(""), AWAY("-"), BALL)                                             \
    FRAME("1000000000001", "1", "null", HOME(""), AWAY("-"), BALL)

/* The metadata's rate is that of all frames, of which every third is there. */
static void thinned_frames_are_no_faster(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = told(state, meta, roster);
    traj_recording recording =
        data_read(data_file(state, "thin.jsonl", THINNED), &options, &guesses);
    assert_true(traj_rate_same(recording.rate, (traj_rate){10000, 1001}));
    assert_true(fabs(recording.sequence[0].time_s[2] - 0.2002) < 1e-9);
    traj_recording_free(&recording);
    recording = data_read(data_file(state, "apart.jsonl", APART), &options, &guesses);
    assert_true(traj_rate_same(recording.rate, (traj_rate){30000, 1001})); /* no video's */
    traj_recording_free(&recording);
}

static void a_clock_that_disagrees_is_doubted(void **state)
{
    traj_guesses guesses;
    char fast[sizeof meta];
    strcpy(fast, meta);
    memcpy(strstr(fast, "29.97"), "50.00", 5);
    const traj_read_options options = told(state, fast, roster);
    traj_recording recording = data_read(data_file(state, "only.jsonl", lines), &options, &guesses);
    assert_true(traj_rate_hz(recording.rate) == 50.0);
    assert_non_null(strstr(data_guess_text(&guesses, "rate"),
                           "make it 50 frames a second, but the clock advances by 0.03337 s"));
    traj_recording_free(&recording);
}

static void companions_are_found_by_their_names(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    data_file(state, "pff_metadata_7.json", meta);
    data_file(state, "pff_rosters_7.json", roster);
    traj_recording recording =
        data_read(data_file(state, "pff_7.jsonl", lines), &options, &guesses);
    assert_int_equal(data_agent(&recording, 0, "709")->jersey, 9);
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "pff: PFF file"));
    assert_non_null(strstr(data_guess_text(&guesses, "roster"), "pff_rosters_7.json: found"));
    traj_recording_free(&recording);
}

static void broken_lines_are_refused(void **state)
{
#define GOOD FRAME("1", "1", "0", HOME(""), AWAY("-"), BALL)
    static const data_case cases[] = {
        {GOOD "{\"frameNum\":2", ":2: this is not JSON, near"},
        {GOOD "{}\n", ":2: frame: expected a whole number as 'period'"},
        {GOOD GOOD, ":2: frame 1 stands in line 1 already"},
        {FRAME("1", "0", "0", HOME(""), AWAY("-"), BALL), ":1: period 0: expected 1 or 2"},
        {FRAME("null", "1", "0", HOME(""), AWAY("-"), BALL), "a whole number as 'frameNum'"},
        {FRAME("1", "1", "[]", HOME(""), AWAY("-"), BALL), "a number as 'periodElapsedTime'"},
        {FRAME("1", "1", "0", "{}", AWAY("-"), BALL), ":1: expected an array 'homePlayersSmoothed"},
        {FRAME("1", "1", "0", "[" PLAYER("x", "1", "2") "]", AWAY("-"), BALL),
         ":1: player: expected a whole number as 'jerseyNum', got 'x'"},
        {FRAME("1", "1", "0", "[" PLAYER("1000", "1", "2") "]", AWAY("-"), BALL),
         ":1: player: 1000 is no number of a shirt"},
        {FRAME("1", "1", "0", "[" PLAYER("1", "\"x\"", "2") "]", AWAY("-"), BALL),
         ":1: player: expected a number as 'x', or null"},
        {FRAME("1", "1", "0", HOME(""), AWAY("-"), "{\"x\":1,\"y\":\"z\"}"),
         ":1: ballsSmoothed: expected a number as 'y', or null"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void bad_companions_are_refused(void **state)
{
    static const struct {
        const char *meta, *roster, *part;
    } cases[] = {
        {"[]", NULL, "m.json: no id in homeTeam or awayTeam, so these are no metadata of PFF"},
        {"{\"homeTeam\":{\"id\":1},\"awayTeam\":{\"id\":2},\"fps\":\"x\"}", NULL,
         "m.json:1: match: expected a number as 'fps', or null"},
        {NULL, roster, "r.json: the roster names teams by number, and only the metadata tell"},
        {meta, "{}", "r.json: expected an array of players"},
        {meta, "[" MEMBER("1", "x", "372", "GK") "]", "a whole number as 'shirtNumber', got 'x'"},
        {meta, "[" MEMBER("1", "9", "3", "GK") "]",
         "m.json: its teams are '372' and '366', but in "},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const traj_read_options options = told(state, cases[c].meta, cases[c].roster);
        data_refuse(state, lines, &options, TRAJ_E_DATA, cases[c].part);
    }
}

static void failed_allocations_leak_nothing(void **state)
{
    const traj_read_options options = told(state, meta, roster);
    data_fail_allocations(data_file(state, "memory.jsonl", lines), &options);
}

int data_pff_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_read_as_they_stand),
        cmocka_unit_test(metadata_and_roster_say_who_plays),
        cmocka_unit_test(events_say_whose_the_ball_is),
        cmocka_unit_test(thinned_frames_are_no_faster),
        cmocka_unit_test(a_clock_that_disagrees_is_doubted),
        cmocka_unit_test(companions_are_found_by_their_names),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(bad_companions_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data_pff", tests, data_folder_setup, data_folder_teardown);
}
