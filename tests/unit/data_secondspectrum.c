/* Second Spectrum: lines, both kinds of metadata, lost balls. */
#include "data_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLAYER(id, number, xyz) "{\"playerId\":\"" id "\",\"number\":" number ",\"xyz\":" xyz "}"
#define FRAME(period, frame, clock, home, away, ball)                                              \
    "{\"period\":" period ",\"frameIdx\":" frame ",\"gameClock\":" clock ",\"homePlayers\":" home  \
    ",\"awayPlayers\":" away ",\"ball\":" ball ",\"live\":true,\"lastTouch\":\"home\"}\n"
#define HOME(x) "[" PLAYER("h1", "1", "[" x "50,0,0]") "," PLAYER("h9", "9", "[1.25,33,0]") "]"
#define AWAY(x) "[" PLAYER("a1", "1", "[" x "50,1,0]") "," PLAYER("a9", "null", "[]") "]"
#define BALL    "{\"xyz\":[0.5,-0.25,0]}"

static const char lines[] = FRAME("1", "0", "0.0", HOME("-"), AWAY(""), BALL)
    FRAME("1", "1", "0.04", HOME("-"), AWAY(""), "{\"xyz\":[0.3,-0.2,-10.0]}")
        FRAME("1", "2", "0.08", HOME("-"), AWAY(""), "{\"xyz\":null}")
            FRAME("2", "90", "3.6", HOME(""), AWAY("-"), BALL)
                FRAME("2", "91", "3.64", HOME(""), AWAY("-"), "null");

#define MEMBER(id, number, position)                                                               \
    "{\"optaId\":\"" id "\",\"number\":" number ",\"position\":\"" position "\"}"
static const char json[] =
    "{\"pitchLength\":106,\"pitchWidth\":67,\"fps\":25.0,\"periods\":[{\"number\":1}],"
    "\"homePlayers\":[" PAIR(
        MEMBER("h1", "1", "GK"),
        MEMBER("h9", "9",
               "CF")) "],\"awayPlayers\":[" PAIR(MEMBER("a1", "1", "GK"),
                                                 "{\"ssiId\":\"s\",\"number\":null}") "]}";
static const char xml[] =
    "<MetaData><match iFrameRateFps=\"25\" fPitchXSizeMeters=\"106\" fPitchYSizeMeters=\"67\">"
    "<period iId=\"1\" iStartFrame=\"7000\" iEndFrame=\"9000\"/></match></MetaData>";

static traj_recording read_lines(void *const *state, const char *meta, const char *orient,
                                 traj_guesses *guesses)
{
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.meta, meta);
    strcpy(options.orient, orient);
    return data_read(data_file(state, "only.jsonl", lines), &options, guesses);
}

static void check_frames(const traj_recording *recording)
{
    assert_int_equal(recording->sequences, 2);
    assert_int_equal(recording->sequence[0].frames, 3);
    assert_true(fabs(recording->sequence[1].time_s[0] - 3.6) < 1e-9); /* of the half */
    assert_true(traj_rate_hz(recording->rate) == 25.0);
    assert_true(data_pos(recording, 0, 0, "ball")[1] == -0.25f);
    assert_true(isnan(data_pos(recording, 0, 1, "ball")[0])); /* below the ground */
    assert_true(isnan(data_pos(recording, 0, 2, "ball")[0]));
    assert_true(isnan(data_pos(recording, 1, 1, "ball")[0]));
    assert_int_equal(data_agent(recording, 0, "h9")->jersey, 9);
    data_assert_play(recording, 1, 1, TRAJ_BALL_ALIVE, TRAJ_OWNER_UNKNOWN);
    assert_null(recording->sequence[0].extrapolated);
    assert_int_equal(data_agent(recording, 0, "a1")->team, TRAJ_TEAM_AWAY);
    assert_true(data_pos(recording, 0, 2, "h9")[1] == 33.0f);
}

static void both_metadata_say_the_same(void **state)
{
    for (int m = 0; m < 3; m++) {
        traj_guesses guesses;
        const char *const meta = m == 0   ? data_file(state, "m.json", json)
                                 : m == 1 ? data_file(state, "m.xml", xml)
                                          : "none";
        traj_recording recording = read_lines(state, meta, "keep", &guesses);
        check_frames(&recording);
        assert_true(recording.pitch_length_m == (m < 2 ? 106.0 : 105.0));
        if (m == 0) assert_int_equal(data_agent(&recording, 1, "h1")->kind, TRAJ_HOME_GK);
        assert_string_equal(data_agent(&recording, 0, "h9")->role, m == 0 ? "CF" : "");
        traj_recording_free(&recording);
    }
}

static void frames_decide_on_sides(void **state)
{
    traj_guesses guesses;
    traj_recording recording = read_lines(state, data_file(state, "m.json", json), "", &guesses);
    assert_true(data_pos(&recording, 0, 0, "h1")[0] == -50.0f);
    assert_true(data_pos(&recording, 1, 0, "h1")[0] == -50.0f); /* turned */
    traj_recording_free(&recording);
}

static void a_byte_order_mark_does_no_harm(void **state)
{
    char text[sizeof lines + 3] = "\xef\xbb\xbf";
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    data_file(state, "7_metadata.xml", xml);
    traj_recording recording =
        data_read(data_file(state, "7_data.jsonl", strcat(text, lines)), &options, &guesses);
    assert_int_equal(recording.sequence[0].frames, 3);
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "secondspectrum: "));
    assert_non_null(strstr(data_guess_text(&guesses, "metadata"), "7_metadata.xml: found beside"));
    traj_recording_free(&recording);
}

static void broken_lines_are_refused(void **state)
{
#define GOOD FRAME("1", "0", "0", HOME("-"), AWAY(""), BALL)
    static const data_case cases[] = {
        {GOOD "{\"period\":1", ":2: this is not JSON, near"},
        {GOOD "{}\n", ":2: frame: expected a whole number as 'period'"},
        {GOOD GOOD, ":2: frame 0 stands in line 1 already"},
        {FRAME("9", "0", "0", HOME("-"), AWAY(""), BALL), ":1: period 9: expected 1 or 2"},
        {FRAME("1", "0.5", "0", HOME("-"), AWAY(""), BALL), "expected a whole number as 'frameIdx"},
        {FRAME("1", "0", "\"x\"", HOME("-"), AWAY(""), BALL), "expected a number as 'gameClock'"},
        {FRAME("1", "0", "0", "3", AWAY(""), BALL), ":1: expected an array 'homePlayers'"},
        {FRAME("1", "0", "0", "[{\"xyz\":[]}]", AWAY(""), BALL), ":1: player: expected an id as"},
        {FRAME("1", "0", "0", HOME("-"), "[" PLAYER("a", "\"x\"", "[]") "]", BALL),
         ":1: player: expected a whole number as 'number', got "},
        {FRAME("1", "0", "0", HOME("-"), AWAY(""), "{\"xyz\":7}"),
         ":1: ball: expected numbers [x, y, z] as 'xyz', or null"},
        {FRAME("1", "0", "0", HOME("-"), AWAY(""), "{\"xyz\":[1,\"x\"]}"),
         ":1: ball: expected numbers [x, y, z] as 'xyz', or null"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void bad_metadata_are_refused(void **state)
{
    static const data_case cases[] = {
        {"{}", "m: no 'periods', so these are no metadata of Second Spectrum"},
        {"{\"fps\":-25}", "m:1: match: 'fps' is -25, expected a number above 0"},
        {"{\"periods\":[],\"homePlayers\":[{\"number\":\"x\"}]}",
         "expected a whole number as 'number'"},
        {"<MetaData/>", "m: no period has a first and a last frame"},
    };
    data_refuse_metadata(state, lines, "m", cases, sizeof cases / sizeof *cases);
}

static void failed_allocations_leak_nothing(void **state)
{
    const traj_read_options options = data_told(state, "m.json", json);
    data_fail_allocations(data_file(state, "memory.jsonl", lines), &options);
}

int data_secondspectrum_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_metadata_say_the_same),
        cmocka_unit_test(frames_decide_on_sides),
        cmocka_unit_test(a_byte_order_mark_does_no_harm),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(bad_metadata_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data_secondspectrum", tests, data_folder_setup,
                                       data_folder_teardown);
}
