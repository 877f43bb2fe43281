/* Stats Perform: lines of MA25, and MA1 in both its dialects. */
#include "data_groups.h"

#include <math.h>
#include <string.h>

#define HOME(keeper_x) "3,h1,1," keeper_x ",34;0,h9,9,52.75,0.5;"
#define AWAY(keeper_x) "4,a1,1," keeper_x ",33;1,a10,10,52,67.5;"
#define OFFICIAL       "2,r,0,0,0;"
/* Home stands on the right in the first half. */
/* clang-format off */
static const char lines[] =
    "1598184000000;0,1,1:" HOME("102.5") AWAY("2.5") OFFICIAL ":52.35,33.25,0.5;\n"
    "1598184000100;100,1,0:" HOME("102.5") AWAY("2.5") ":;\n"
    "1598184000200;200,1,0:;:50,30,0;\n"
    "1598184000300;300,1,0:" HOME("102.5") AWAY("2.5") "\n"
    "1598187600400;400,2,0:" HOME("2.5") AWAY("102.5") ":52,,0;\n"
    "1598187600500;500,2,0:" HOME("2.5") AWAY("102.5") ":\n";

static const char *const feeds[] = {
    "<?xml version=\"1.0\"?>\n<match><matchInfo id=\"m\"><contestants>"
    "<contestant id=\"A\" name=\"Reims\" position=\"away\"><country id=\"f\">France</country>"
    "</contestant><contestant id=\"H\" name=\"Monaco\" position=\"home\"/></contestants>"
    "<venue id=\"v\"/></matchInfo><liveData><lineUp contestantId=\"H\">"
    "<player playerId=\"h1\" shirtNumber=\"40\" position=\"Goalkeeper\"/>"
    "<player playerId=\"h9\" shirtNumber=\"9\" position=\"Striker\"/>"
    "<teamOfficial id=\"t\" type=\"manager\"/></lineUp><lineUp contestantId=\"A\">"
    "<player playerId=\"a1\" shirtNumber=\"1\" position=\"Goalkeeper\"/>"
    "<player playerId=\"a10\" shirtNumber=\"10\" position=\"Substitute\"/></lineUp>"
    "</liveData></match>",
    "{\"matchInfo\": {\"id\": \"m\", \"contestant\": ["
    "{\"id\": \"H\", \"name\": \"Monaco\", \"position\": \"home\", \"country\": {\"id\": \"x\"}},"
    "{\"id\": \"A\", \"name\": \"Reims\", \"position\": \"away\"}]},"
    "\"liveData\": {\"lineUp\": [{\"contestantId\": \"A\", \"player\": ["
    "{\"playerId\": \"a1\", \"shirtNumber\": 1, \"position\": \"Goalkeeper\"},"
    "{\"playerId\": \"a10\", \"shirtNumber\": 10, \"position\": \"Substitute\"}]},"
    "{\"player\": [{\"playerId\": \"h1\", \"shirtNumber\": 40, \"position\": \"Goalkeeper\"},"
    "{\"position\": \"Striker\", \"playerId\": \"h9\", \"shirtNumber\": 9}],"
    "\"contestantId\": \"H\"}]}}"};
/* clang-format on */

static void both_dialects_say_who_plays(void **state)
{
    for (int f = 0; f < 2; f++) {
        traj_guesses guesses;
        const traj_read_options options = data_told(state, "m.xml", feeds[f]);
        traj_recording recording = data_read(data_file(state, "a.txt", lines), &options, &guesses);
        assert_string_equal(recording.home_name, "Monaco");
        assert_string_equal(recording.away_name, "Reims");
        assert_string_equal(data_agent(&recording, 0, "h9")->role, "Striker");
        assert_int_equal(data_agent(&recording, 0, "h1")->kind, TRAJ_HOME_GK);
        assert_int_equal(data_agent(&recording, 1, "a1")->kind, TRAJ_AWAY_GK);
        traj_recording_free(&recording);
    }
}

static void positions_count_from_the_top_left(void **state)
{
    traj_guesses guesses;
    traj_read_options options = data_told(state, "m.xml", NULL);
    strcpy(options.orient, "keep");
    traj_recording recording = data_read(data_file(state, "a.txt", lines), &options, &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(recording.sequence[0].agents, 5); /* no official */
    assert_true(recording.pitch_length_m == 105.0 && recording.pitch_width_m == 68.0);
    assert_non_null(strstr(data_guess_text(&guesses, "pitch"), "the usual size"));
    const float *nine = data_pos(&recording, 0, 1, "h9");
    assert_true(nine[0] == 0.25f && nine[1] == 33.5f);
    assert_true(data_pos(&recording, 0, 0, "ball")[1] == 0.75f);
    assert_int_equal(data_agent(&recording, 0, "h1")->kind, TRAJ_HOME_GK); /* side 3 */
    assert_int_equal(data_agent(&recording, 0, "h9")->jersey, 9);
    traj_recording_free(&recording);
    options.pitch_length_m = 100.0;
    options.pitch_width_m = 64.0;
    recording = data_read(data_file(state, "a.txt", lines), &options, &guesses);
    nine = data_pos(&recording, 0, 1, "h9");
    assert_true(nine[0] == 2.75f && nine[1] == 31.5f);
    traj_recording_free(&recording);
}

static void lines_need_neither_players_nor_ball(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "m.xml", NULL);
    traj_recording recording = data_read(data_file(state, "a.txt", lines), &options, &guesses);
    assert_int_equal(recording.sequence[0].frames, 4);
    assert_true(isnan(data_pos(&recording, 0, 1, "ball")[0]));
    assert_true(isnan(data_pos(&recording, 0, 2, "h1")[0]));
    assert_true(isnan(data_pos(&recording, 0, 3, "ball")[0]));
    assert_int_equal(recording.sequence[1].agents, 4); /* the ball lacks a coordinate */
    traj_recording_free(&recording);
}

static void frames_are_times_of_day(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "m.xml", NULL);
    traj_recording recording = data_read(data_file(state, "a.txt", lines), &options, &guesses);
    assert_true(traj_rate_hz(recording.rate) == 10.0);
    assert_true(recording.sequence[1].frame_id[1] == 1598187600500);
    assert_true(recording.sequence[1].time_s[0] == 0.4); /* of the period */
    assert_int_equal(recording.sequence[0].play[0].ball, TRAJ_BALL_DEAD);
    assert_int_equal(recording.sequence[0].play[1].ball, TRAJ_BALL_ALIVE);
    traj_recording_free(&recording);
}

static void match_feed_is_found_by_its_name(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    data_file(state, "x_ma1.json", feeds[1]);
    traj_recording recording = data_read(data_file(state, "x_ma25.txt", lines), &options, &guesses);
    assert_string_equal(recording.home_name, "Monaco");
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "statsperform: Stats Perform"));
    assert_non_null(strstr(data_guess_text(&guesses, "metadata"), "x_ma1.json: found"));
    traj_recording_free(&recording);
}

static void broken_lines_are_refused(void **state)
{
#define HEAD "1598184000000;0,1,1:"
    static const data_case cases[] = {
        {HEAD "0,a,9,1,2", ":1: expected side,player,shirt,x,y;, got '0,a,9,1,2'"},
        {HEAD "0,a,9,1;:", ":1: expected side,player,shirt,x,y;, got '0,a,9,1'"},
        {HEAD "0,a,9,1,2,3;:", "got '0,a,9,1,2,3'"},
        {HEAD "0,a,9,x,2;:", "got '0,a,9,x,2'"},
        {HEAD "0,a,9,1,2y;:", "the line may be cut short"},
        {HEAD "0,a,1000,1,2;:", "got '0,a,1000,1,2'"},
        {HEAD "0,,9,1,2;:", "got '0,,9,1,2'"},
        {HEAD "5,a,9,1,2;:", "got '5,a,9,1,2'"},
        {HEAD "-1,a,9,1,2;:", "got '-1,a,9,1,2'"},
        {HEAD "0,a,9,1,2;:1,2,3", ":1: expected x,y,z; of the ball and the end of the line, got"},
        {HEAD "0,a,9,1,2;:1,2;", "got '1,2;'"},
        {HEAD "0,a,9,1,2;:1,2,3;4", "got '1,2,3;4'"},
        {HEAD "0,a,9,1,2;:1,two,3;", "got '1,two,3;'"},
        {HEAD "0,a,9,2000000,2;:", "which is on no pitch"},
        {HEAD "2,r,0,0,0;:", "no players"},
        {HEAD "0,a,9,1,2;:\n1598184000100;100,1,0\n", ":2: expected players behind ':'"},
        {HEAD "0,a,9,1,2;:\n1598184000100\n", ":2: expected epoch_ms;ms,period,status:, got '1598"},
        {HEAD "0,a,9,1,2;:\n1598184000100;100,1.5,0:\n", "got '1598184000100;100,1.5,0'"},
        {HEAD "0,a,9,1,2;:\n1598184000100;100,0,0:\n", ":2: period 0: expected 1 or 2 for a half"},
        {HEAD "0,a,9,1,2;:\n" HEAD "0,a,9,1,2;:\n", ":2: frame 1598184000000 stands in line 1"},
        {HEAD "0,a,9,1,2;0,a,9,3,4;:", "two different positions for 'a' in frame 1598184000000"},
        {HEAD "0,a,9,1,2;:\n1598184000100;100,1,0:\n1598184000200;100,1,0:\n",
         "time stands still or runs backwards"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void bad_match_feeds_are_refused(void **state)
{
#define INFO(side) "<match><contestant id=\"H\" position=\"" side "\"/>"
    static const data_case cases[] = {
        {"{}", "m.xml: names no home and away contestant, so these are no metadata of"},
        {INFO("home") "</match>", "names no home and away contestant"},
        {INFO("left") "</match>", "expected 'home' or 'away', got 'left'"},
        {"<match>\n<contestant id=\"H\"/></match>", "m.xml:2: /contestant: expected an id and, as"},
        {INFO("home") "<lineUp contestantId=\"X\"/></match>",
         "/lineUp: its contestantId 'X' is neither of the contestants"},
        {INFO("home") "<lineUp contestantId=\"H\"><player shirtNumber=\"x\"/></lineUp></match>",
         "/lineUp/player/shirtNumber: expected a number, got 'x'"},
        {INFO("home") "<contestant id=\"A\" position=\"away\"/></match>",
         ":1: player h1 is not in the home team of "},
        {INFO("home") "<contestant id=\"A\" position=\"away\"/><lineUp contestantId=\"A\">"
                      "<player playerId=\"h1\"/></lineUp></match>",
         ":1: player h1 is not in the home team of "},
    };
    data_refuse_metadata(state, lines, "m.xml", cases, sizeof cases / sizeof *cases);
}

static void failed_allocations_leak_nothing(void **state)
{
    const traj_read_options options = data_told(state, "m.xml", feeds[0]);
    data_fail_allocations(data_file(state, "memory.txt", lines), &options);
}

int data_statsperform_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_dialects_say_who_plays),
        cmocka_unit_test(positions_count_from_the_top_left),
        cmocka_unit_test(lines_need_neither_players_nor_ball),
        cmocka_unit_test(frames_are_times_of_day),
        cmocka_unit_test(match_feed_is_found_by_its_name),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(bad_match_feeds_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data_statsperform", tests, data_folder_setup,
                                       data_folder_teardown);
}
