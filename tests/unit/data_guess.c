/* What is guessed, on a made match of eleven a side whose truth is known (data_match). */
#include "data_groups.h"

#include "traj/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static traj_recording read_match(void *const *state, char *text, const traj_read_options *options,
                                 traj_guesses *guesses)
{
    traj_read_options usual;
    traj_read_options_init(&usual);
    const char *path = data_file(state, "match.csv", text);
    traj_free(text);
    return data_read(path, options == NULL ? &usual : options, guesses);
}

/* home_1 stands at (-50, 0) m, home_11 at (-5, 33) m in frame 1. */
static void assert_in_place(const traj_recording *recording, double tolerance_m, double up)
{
    const float *keeper = data_pos(recording, 0, 0, "home_1"),
                *wing = data_pos(recording, 0, 0, "home_11");
    assert_true(fabs(keeper[0] + 50.0) < tolerance_m && fabs((double)keeper[1]) < tolerance_m);
    assert_true(fabs(wing[0] + 5.0) < tolerance_m && fabs(wing[1] - up * 33.0) < tolerance_m);
}

static void units_and_origins_are_found(void **state)
{
    static const struct {
        double scale, move_x, move_y, up;
        const char *unit;
    } cases[] = {
        {1.0, 0.0, 0.0, 1.0, "metres"},
        {1.0, 52.5, 34.0, 1.0, "metres"},
        {100.0, 0.0, 0.0, 1.0, "cm"},
        {1.0 / 0.3048, 0.0, 0.0, 1.0, "feet"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        traj_guesses guesses;
        char *text = data_match(50, cases[c].scale, cases[c].move_x, cases[c].move_y, "%s_%d");
        traj_recording recording = read_match(state, text, NULL, &guesses);
        assert_in_place(&recording, 0.01, cases[c].up);
        assert_non_null(strstr(data_guess_text(&guesses, "units"), cases[c].unit));
        bool corner = strncmp(data_guess_text(&guesses, "origin"), "corner", 6) == 0;
        assert_true(corner == (cases[c].move_x > 0.0));
        traj_recording_free(&recording);
    }
}

static void told_units_win(void **state)
{
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.unit, "yards");
    strcpy(options.origin, "centre-down");
    options.pitch_length_m = 105.0;
    options.pitch_width_m = 68.0;
    traj_guesses guesses;
    char *text = data_match(50, 1.0 / 0.9144, 0.0, 0.0, "%s_%d");
    traj_recording recording = read_match(state, text, &options, &guesses);
    assert_in_place(&recording, 0.01, -1.0);
    for (int g = 0; g < guesses.count; g++) {
        assert_string_not_equal(guesses.item[g].subject, "units");
        assert_string_not_equal(guesses.item[g].subject, "origin");
        assert_string_not_equal(guesses.item[g].subject, "pitch");
    }
    traj_recording_free(&recording);
}

/* x and y are scaled differently, so these rows are written here. */
static void shares_of_the_pitch_are_found(void **state)
{
    static const struct {
        const char *rows;
        double up;
    } cases[] = {
        {"1,0,0.02,0.5,0.4,0.99,0.98,0.5,0.6,0.01\n2,0.04,0.02,0.5,0.4,0.99,0.98,0.5,0.6,0.01\n",
         -1.0},
        {"1,0,2,50,40,99,98,50,60,1\n2,0.04,2,50,40,99,98,50,60,1\n", 1.0},
    };
    for (size_t c = 0; c < 2; c++) {
        char text[512];
        traj_guesses guesses;
        traj_read_options options;
        traj_read_options_init(&options);
        snprintf(text, sizeof text,
                 "frame,timestamp,home_1_x,home_1_y,home_9_x,home_9_y,away_1_x,away_1_y,away_9_x,"
                 "away_9_y\n%s",
                 cases[c].rows);
        traj_recording recording =
            data_read(data_file(state, "match.csv", text), &options, &guesses);
        const float *pos = data_pos(&recording, 0, 0, "home_9");
        assert_true(fabs(pos[0] + 10.5) < 1e-3 && fabs(pos[1] - cases[c].up * 33.32) < 1e-3);
        assert_non_null(strstr(data_guess_text(&guesses, "origin"), c == 0 ? "y down" : "y up"));
        traj_recording_free(&recording);
    }
}

static void players_in_one_place_are_refused(void **state)
{
    data_refuse(
        state, "frame,timestamp,home_1_x,home_1_y,away_1_x,away_1_y\n1,0,3,4,3,4\n2,0.04,3,4,3,4\n",
        NULL, TRAJ_E_DATA, "all players are at (3, 4) all the time");
}

static void impossible_pitches_are_refused(void **state)
{
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.unit, "metres");
    char *text = data_match(50, 100.0, 0.0, 0.0, "%s_%d");
    data_refuse(state, text, &options, TRAJ_E_DATA,
                "which is no football pitch (90-120 x 45-90 m)");
    traj_free(text);
    options.pitch_length_m = 105.0;
    options.pitch_width_m = 68.0;
    text = data_match(50, 3.0, 0.0, 0.0, "%s_%d");
    data_refuse(state, text, &options, TRAJ_E_DATA,
                "% of the players' positions lie on a 105 x 68 m pitch");
    traj_free(text);
    data_refuse(
        state,
        "frame,timestamp,home_1_x,home_1_y,home_9_x,home_9_y,away_1_x,away_1_y,away_9_x,away_9_y\n"
        "1,0,0,-51,33,-5,0,51,-33,5\n2,0.04,0,-51,33,-5,0,51,-33,5\n",
        NULL, TRAJ_E_DATA, "the axes look swapped");
}

static void goalkeepers_are_the_last_men(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        read_match(state, data_match(50, 1.0, 0.0, 0.0, "%s_%d"), NULL, &guesses);
    for (size_t a = 0; a < 22; a++) {
        const traj_agent *agent = &recording.sequence[0].agent[a];
        bool home = agent->team == TRAJ_TEAM_HOME, keeper = agent->jersey == 1;
        assert_int_equal(agent->kind, keeper ? (home ? TRAJ_HOME_GK : TRAJ_AWAY_GK)
                                      : home ? TRAJ_HOME
                                             : TRAJ_AWAY);
    }
    assert_non_null(strstr(data_guess_text(&guesses, "goalkeeper"), "100 %"));
    traj_recording_free(&recording);
}

static void goalkeepers_may_be_told(void **state)
{
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    strcpy(options.keepers, "home_3,away_4");
    traj_recording recording =
        read_match(state, data_match(9, 1.0, 0.0, 0.0, "%s_%d"), &options, &guesses);
    assert_int_equal(data_agent(&recording, 0, "home_3")->kind, TRAJ_HOME_GK);
    assert_int_equal(data_agent(&recording, 0, "away_4")->kind, TRAJ_AWAY_GK);
    assert_int_equal(data_agent(&recording, 0, "home_1")->kind, TRAJ_HOME);
    traj_recording_free(&recording);
    strcpy(options.keepers, "none");
    recording = read_match(state, data_match(9, 1.0, 0.0, 0.0, "%s_%d"), &options, &guesses);
    for (size_t a = 0; a < 22; a++) assert_true(recording.sequence[0].agent[a].kind <= TRAJ_AWAY);
    traj_recording_free(&recording);
}

/* Scaled by -1 the match is turned by 180 degrees. */
static void sides_are_turned_unless_kept(void **state)
{
    traj_read_options options;
    traj_guesses guesses;
    traj_recording recording =
        read_match(state, data_match(50, -1.0, 0.0, 0.0, "%s_%d"), NULL, &guesses);
    assert_in_place(&recording, 0.01, 1.0);
    assert_non_null(strstr(data_guess_text(&guesses, "orientation"), "turned by 180 degrees"));
    assert_int_equal(data_agent(&recording, 0, "home_1")->kind, TRAJ_HOME_GK);
    traj_recording_free(&recording);
    traj_read_options_init(&options);
    strcpy(options.orient, "keep");
    recording = read_match(state, data_match(50, -1.0, 0.0, 0.0, "%s_%d"), &options, &guesses);
    assert_true(data_pos(&recording, 0, 0, "home_1")[0] == 50.0f);
    assert_int_equal(data_agent(&recording, 0, "home_1")->kind, TRAJ_HOME_GK);
    traj_recording_free(&recording);
    traj_read_options_init(&options);
    strcpy(options.sides, "right,left");
    recording = read_match(state, data_match(50, -1.0, 0.0, 0.0, "%s_%d"), &options, &guesses);
    assert_true(data_pos(&recording, 0, 0, "home_1")[0] == 50.0f); /* told right in period 1 */
    traj_recording_free(&recording);
}

static void home_may_be_told(void **state)
{
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    strcpy(options.home, "away");
    traj_recording recording =
        read_match(state, data_match(50, 1.0, 0.0, 0.0, "%s_%d"), &options, &guesses);
    assert_int_equal(data_agent(&recording, 0, "away_1")->team, TRAJ_TEAM_HOME);
    assert_int_equal(data_agent(&recording, 0, "away_1")->kind, TRAJ_HOME_GK);
    assert_true(data_pos(&recording, 0, 0, "away_1")[0] == -50.0f);
    assert_string_equal(recording.home_name, "away");
    traj_recording_free(&recording);
}

/* Ids that name no team: "DFL-home1" and the like have no underscore to split at. */
static void nameless_teams_are_split(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        read_match(state, data_match(50, 1.0, 0.0, 0.0, "OBJ-%s-%02d"), NULL, &guesses);
    for (size_t a = 0; a < 22; a++) {
        const traj_agent *agent = &recording.sequence[0].agent[a];
        assert_int_equal(agent->team,
                         strstr(agent->id, "home") != NULL ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY);
    }
    assert_non_null(strstr(data_guess_text(&guesses, "teams"), "100 % of 22 players"));
    traj_recording_free(&recording);
}

static void a_substitute_joins_the_team_that_is_short(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    traj_recording recording =
        data_read(data_file(state, "match.csv",
                            "frame,timestamp,a_x,a_y,b_x,b_y,c_x,c_y,d_x,d_y,e_x,e_y\n1,0,-50,0,-5,"
                            "33,50,0,5,-33,,\n"
                            "2,0.04,-50,0,-5,33,50,0,5,-33,,\n3,0.08,-50,0,-5,33,50,0,,,1,1\n"),
                  &options, &guesses);
    assert_int_equal(data_agent(&recording, 0, "b")->team, TRAJ_TEAM_HOME);
    assert_int_equal(data_agent(&recording, 0, "d")->team, TRAJ_TEAM_AWAY);
    assert_int_equal(data_agent(&recording, 0, "e")->team, TRAJ_TEAM_AWAY);
    assert_true(isnan(data_pos(&recording, 0, 0, "e")[0]) &&
                isnan(data_pos(&recording, 0, 2, "d")[0]));
    traj_recording_free(&recording);
}

static void clocks_in_any_spelling_give_the_rate(void **state)
{
    static const char *const clocks[][3] = {
        {"timestamp", "0.04", "0.08"},
        {"timestamp", "0 days 00:00:00.040000", "0 days 00:00:00.080000"},
        {"timestamp", "PT0.04S", "PT0.08S"},
        {"timestamp", "PT1M59.98S", "PT2M0.02S"},
        {"Time [s]", "10.00", "10.04"},
        {"timestamp", "00:00.040", "00:00.080"},
        {"timestamp", "01:10:59.980", "01:11:00.020"},
        {"time", "2019-12-31T23:59:59.980Z", "2020-01-01T00:00:00.020Z"},
        {"datetime", "2020-02-29 23:59:59.980+02:00", "2020-03-01 00:00:00.020+02:00"},
        {"datetime", "315586800000000000", "315586800040000000"},
        {"timestamp", "1600000000000", "1600000000040"},
        {"timestamp_ms", "40", "80"},
    };
    for (size_t c = 0; c < sizeof clocks / sizeof clocks[0]; c++) {
        char text[512];
        traj_guesses guesses;
        traj_read_options options;
        traj_read_options_init(&options);
        snprintf(text, sizeof text,
                 "frame,%s,home_1_x,home_1_y,away_1_x,away_1_y\n1,%s,-50,33,50,-33\n2,%s,-50,33,50,"
                 "-33\n",
                 clocks[c][0], clocks[c][1], clocks[c][2]);
        traj_recording recording =
            data_read(data_file(state, "match.csv", text), &options, &guesses);
        if (traj_rate_hz(recording.rate) != 25.0)
            fail_msg("%s %s: %g Hz", clocks[c][0], clocks[c][1], traj_rate_hz(recording.rate));
        const double *time_s = recording.sequence[0].time_s;
        assert_true(fabs(time_s[1] - time_s[0] - 0.04) < 1e-6);
        traj_recording_free(&recording);
    }
}

/* Whole seconds cannot tell one frame from the next, but many frames can. */
static void a_coarse_clock_still_gives_the_rate(void **state)
{
    size_t used, size = 64 * 400;
    char *text = traj_alloc(size, 1);
    used = (size_t)snprintf(text, size, "frame,gametime_td,home_1_x,home_1_y,away_1_x,away_1_y\n");
    for (int f = 0; f < 320; f++)
        used += (size_t)snprintf(text + used, size - used, "%d,00:%02d,-50,33,50,-33\n", f, f / 25);
    traj_guesses guesses;
    traj_recording recording = read_match(state, text, NULL, &guesses);
    assert_true(traj_rate_hz(recording.rate) == 25.0);
    assert_true(fabs(recording.sequence[0].time_s[1] - 0.04) < 1e-9);
    assert_non_null(strstr(data_guess_text(&guesses, "rate"), "whole seconds"));
    traj_recording_free(&recording);
}

static void the_rate_may_be_told(void **state)
{
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    options.source_rate_hz = 12.5;
    traj_recording recording = data_read(
        data_file(
            state, "match.csv",
            "frame,home_1_x,home_1_y,away_1_x,away_1_y\n10,-50,33,50,-33\n20,-50,33,50,-33\n"),
        &options, &guesses);
    assert_true(traj_rate_hz(recording.rate) == 12.5 && recording.frame_id_step == 10.0);
    assert_true(fabs(recording.sequence[0].time_s[1] - 0.08) < 1e-9);
    traj_recording_free(&recording);
}

static void the_resolution_is_measured(void **state)
{
    static const struct {
        double scale, quantum_m;
    } cases[] = {{1.0, 0.01}, {100.0, 0.01}, {1.0 / 3.0 * 3.0, 0.01}, {1.0 / 0.3048, 0.0}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        traj_guesses guesses;
        traj_recording recording =
            read_match(state, data_match(50, cases[c].scale, 0.0, 0.0, "%s_%d"), NULL, &guesses);
        if (cases[c].quantum_m > 0.0)
            assert_true(fabs(recording.quantum_m - cases[c].quantum_m) < 1e-9);
        else
            assert_true(recording.quantum_m < 1e-3); /* six digits of feet */
        traj_recording_free(&recording);
    }
}

/* Everybody walks along whole metres of y: x is not to be rounded to them. */
static void the_resolution_is_that_of_the_finer_axis(void **state)
{
    char text[2048] = "frame,timestamp,home_1_x,home_1_y,away_1_x,away_1_y\n";
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    for (int f = 0; f < 30; f++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d,%.2f,%.2f,30,%.2f,-25\n", f,
                 0.04 * f, -50.0 + 0.13 * f, 50.0 - 0.11 * f);
    traj_recording recording = data_read(data_file(state, "lanes.csv", text), &options, &guesses);
    assert_true(fabs(recording.quantum_m - 0.01) < 1e-9);
    traj_recording_free(&recording);
}

/* A ball twice as often as players, who stand in the second of each two frames: not every frame is
 * looked at, and yet they are seen. */
static void players_of_every_second_frame_are_seen(void **state)
{
    enum { FRAMES = 10001, LINE = 64 };
    char *const text = traj_alloc(2 * FRAMES * LINE, 1);
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(text, "frame,period_id,timestamp,ball_x,ball_y,home_1_x,home_1_y,away_1_x,away_1_y\n");
    size_t used = strlen(text);
    for (int i = 0; i < 2 * FRAMES; i++) {
        const int f = i % FRAMES;
        used += (size_t)snprintf(text + used, LINE, "%d,%d,%.2f,1,2,%s\n", i, 1 + i / FRAMES,
                                 0.04 * f, f % 2 == 0 ? ",,," : "50.25,30,-50.5,-30");
    }
    traj_recording recording = data_read(data_file(state, "often.csv", text), &options, &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_true(recording.home_right && recording.sequence[1].direction.turned);
    assert_int_equal(data_agent(&recording, 0, "home_1")->kind, TRAJ_HOME_GK);
    traj_recording_free(&recording);
    traj_free(text);
}

/* Somebody else's file may have the columns that ours have, in another unit. */
static void our_columns_in_shares_are_shares(void **state)
{
    char text[1024] = "frame,period_id,timestamp,home_1_x,home_1_y,away_1_x,away_1_y\n";
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    for (int f = 0; f < 10; f++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d,1,%.2f,%.4f,0.01,%.4f,0.99\n",
                 f, 0.04 * f, 0.01 + 0.001 * f, 0.99 - 0.001 * f);
    traj_recording recording = data_read(data_file(state, "shares.csv", text), &options, &guesses);
    assert_true(fabsf(data_pos(&recording, 0, 0, "home_1")[0] + 51.45f) < 1e-3f);
    traj_recording_free(&recording);
}

static void frames_may_be_chosen(void **state)
{
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    options.first_frame = 11;
    options.last_frame = 20;
    traj_recording recording =
        read_match(state, data_match(50, 1.0, 0.0, 0.0, "%s_%d"), &options, &guesses);
    assert_int_equal(recording.sequence[0].frames, 10);
    assert_int_equal(recording.sequence[0].frame_id[0], 11);
    assert_true(fabs(recording.sequence[0].time_s[0] - 0.4) < 1e-9);
    traj_recording_free(&recording);
}

int data_guess_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impossible_pitches_are_refused),
        cmocka_unit_test(units_and_origins_are_found),
        cmocka_unit_test(told_units_win),
        cmocka_unit_test(shares_of_the_pitch_are_found),
        cmocka_unit_test(goalkeepers_are_the_last_men),
        cmocka_unit_test(goalkeepers_may_be_told),
        cmocka_unit_test(sides_are_turned_unless_kept),
        cmocka_unit_test(home_may_be_told),
        cmocka_unit_test(nameless_teams_are_split),
        cmocka_unit_test(a_substitute_joins_the_team_that_is_short),
        cmocka_unit_test(clocks_in_any_spelling_give_the_rate),
        cmocka_unit_test(a_coarse_clock_still_gives_the_rate),
        cmocka_unit_test(players_in_one_place_are_refused),
        cmocka_unit_test(the_rate_may_be_told),
        cmocka_unit_test(the_resolution_is_measured),
        cmocka_unit_test(the_resolution_is_that_of_the_finer_axis),
        cmocka_unit_test(players_of_every_second_frame_are_seen),
        cmocka_unit_test(our_columns_in_shares_are_shares),
        cmocka_unit_test(frames_may_be_chosen),
    };
    return cmocka_run_group_tests_name("data: guesses", tests, data_folder_setup,
                                       data_folder_teardown);
}
