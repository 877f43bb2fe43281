/* NBA SportVU: events that overlap, moments with fewer rows, quarters. */
#include "data_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MEMBER(id, jersey) "{\"playerid\":" id ",\"jersey\":" jersey ",\"position\":\"G\"}"
#define TEAM(name, id, members)                                                                    \
    "{\"name\":\"" name "\",\"teamid\":" id ",\"players\":[" members "]}"
#define HOME    TEAM("Raptors", "1610612761", MEMBER("200768", "\"7\"") "," MEMBER("5", "\"\""))
#define VISITOR TEAM("Hornets", "1610612766", MEMBER("101107", "\"30\""))
#define EVENT(home, visitor, moments)                                                              \
    "{\"eventId\":\"1\",\"visitor\":" visitor ",\"home\":" home ",\"moments\":[" moments "]}"
#define GAME(events)                                                                               \
    "{\"gameid\":\"0021500492\",\"gamedate\":\"2016-01-01\",\"events\":[" events "]}"
#define MOMENT(quarter, ms, clock, rows) "[" quarter "," ms "," clock ",24.0,null,[" rows "]]"
#define ROW(team, player, x, y)          "[" team "," player "," x "," y ",0.5]"
#define SEEN(x)                          ROW("1610612761", "200768", x, "10.0")
#define ROWS(x)                                                                                    \
    TRIO(ROW("-1", "-1", "47.0", "25.0"), SEEN(x), ROW("1610612766", "101107", "90.5", "40.0"))
#define UNKNOWN     ROW("1610612761", "77", "null", "10.0")
#define BEGUN       MOMENT("1", "1451690520012", "720.0", ROWS("4.5"))
#define STOPPED     MOMENT("1", "1451690520052", "720.0", ROWS("4.75"))
#define RUNNING     MOMENT("1", "1451690520052", "719.9", ROWS("4.75"))
#define ALONE       MOMENT("1", "1451690520092", "719.9", SEEN("5.0"))
#define LATER       MOMENT("2", "1451692520012", "720.0", ROWS("6.0"))
#define LAST        MOMENT("2", "1451692520052", "719.9", PAIR(UNKNOWN, ROWS("6.25")))
#define FIRST_EVENT EVENT(HOME, VISITOR, PAIR(BEGUN, STOPPED))
#define LAST_EVENT  EVENT(HOME, VISITOR, TRIO(RUNNING, PAIR(ALONE, LATER), LAST))

static const char game[] = GAME(TRIO(FIRST_EVENT, EVENT(HOME, VISITOR, ""), LAST_EVENT));

static void moments_are_read_once(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    traj_recording recording = data_read(data_file(state, "g.json", game), &options, &guesses);
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "nba: NBA SportVU file"));
    assert_int_equal(recording.sequences, 2);
    const traj_sequence *const quarter = &recording.sequence[0];
    assert_int_equal(quarter->frames, 3);
    assert_int_equal(quarter->agents, 3);
    assert_int_equal(recording.sequence[1].period_id, 2);
    assert_int_equal(recording.sequence[1].agents, 3); /* 77 is never seen */
    assert_true(quarter->frame_id[1] == 1451690520052);
    assert_true(quarter->time_s[0] == 0.0 && quarter->time_s[2] == 0.08);
    assert_true(traj_rate_hz(recording.rate) == 25.0);
    assert_true(fabs(recording.pitch_length_m - 94 * 0.3048) < 1e-9);
    assert_string_equal(recording.home_name, "Raptors");
    assert_string_equal(recording.away_name, "Hornets");
    const traj_agent *const agent = data_agent(&recording, 0, "200768");
    assert_int_equal(agent->jersey, 7);
    assert_int_equal(agent->kind, TRAJ_HOME);
    assert_string_equal(agent->role, "G");
    assert_int_equal(data_agent(&recording, 0, "101107")->team, TRAJ_TEAM_AWAY);
    assert_true(fabsf(data_pos(&recording, 0, 1, "200768")[0] - (4.75f - 47.0f) * 0.3048f) < 1e-5f);
    assert_true(fabsf(data_pos(&recording, 0, 0, "101107")[1] - 15.0f * 0.3048f) < 1e-5f);
    assert_true(isnan(data_pos(&recording, 0, 2, "ball")[0]));
    traj_recording_free(&recording);
}

static void broken_games_are_refused(void **state)
{
#define ONE(moments) GAME(EVENT(HOME, VISITOR, moments))
    static const data_case cases[] = {
        {"{\"gameid\":\"1\",\"events\":{}}", "there is no array 'events'"},
        {GAME("7"), ":1: event 1: expected 'home' with a 'teamid'"},
        {GAME(EVENT("{}", VISITOR, "")), ":1: event 1: expected 'home' with a 'teamid'"},
        {GAME(EVENT(TEAM("x", "1", MEMBER("2", "\"x\"")), VISITOR, "")),
         "player: expected a whole number as 'jersey', got 'x'"},
        {GAME(EVENT(HOME, VISITOR, "") "," EVENT(TEAM("x", "1", ""), VISITOR, "")),
         ":1: event 2: 'home' is team 1, but 1610612761 before; keep games in files"},
        {GAME("{\"home\":" HOME ",\"visitor\":" VISITOR "}"),
         "event 1: expected an array 'moments'"},
        {ONE("7"), ":1: moment 1 of event 1: expected [quarter, ms, game clock"},
        {ONE(MOMENT("9", "1451690520012", "1", ROWS("4"))), "no quarter from 1 to 8"},
        {ONE(MOMENT("1", "null", "1", ROWS("4"))), "no time in milliseconds since 1970"},
        {ONE(MOMENT("1", "1451690520012", "1", "[1,2]")), "expected rows [team, player, x, y"},
        {ONE(MOMENT("1", "1451690520012", "1", ROW("null", "2", "3", "4"))), "expected rows [team"},
        {ONE(MOMENT("1", "1451690520012", "1", ROW("3", "2", "3", "4"))),
         "moment 1 of event 1: a player of a team that is neither home nor visitor"},
        {ONE(MOMENT("1", "1451690520012", "1", ROW("-1", "-1", "3", "4"))), "no players"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void failed_allocations_leak_nothing(void **state)
{
    traj_read_options options;
    traj_read_options_init(&options);
    data_fail_allocations(data_file(state, "memory.json", game), &options);
}

int data_nba_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_read_once),
        cmocka_unit_test(broken_games_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data: nba", tests, data_folder_setup, data_folder_teardown);
}
