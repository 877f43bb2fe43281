/* Sportec: positions grouped by person, in any order, and the match information. */
#include "data_groups.h"

#include "traj/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FRAME(n, clock, x, y)                                                                      \
    "<Frame N=\"" n "\" T=\"2020-06-05T20:" clock "+02:00\" X=\"" x "\" Y=\"" y                    \
    "\" D=\"72.08\" S=\"65.59\" M=\"1\"/>\n"
#define SET(section, team, person, frames)                                                         \
    "<FrameSet GameSection=\"" section "\" MatchId=\"M\" TeamId=\"" team "\" PersonId=\"" person   \
    "\">\n" frames "</FrameSet>\n"
#define FEED(sets)                                                                                 \
    "<?xml version=\"1.0\"?>\n<PutDataRequest><Positions>\n" sets "</Positions></"                 \
    "PutDataRequest>\n"
#define PITCH                                                                                      \
    "<MetaData MatchId=\"M\" Type=\"pitch-size\"><PitchSize X=\"104.00\" "                         \
    "Y=\"69.00\"/></MetaData>\n"
#define STILL_1(x, y) FRAME("10000", "29:57.840", x, y) FRAME("10001", "29:57.880", x, y)
#define STILL_2(x, y) FRAME("100000", "59:24.920", x, y) FRAME("100001", "59:24.960", x, y)

/* Home stands on the right in the first half. There was no extra time. A second half comes before
 * the first, a player before the ball, a referee between them; g10 comes on later than the others.
 */
/* clang-format off */
static const char feed[] = FEED(
    PITCH
    SET("secondHalf", "G", "g1", STILL_2("50", "1"))
    SET("firstHalf", "G", "g1", STILL_1("-50", "1"))
    SET("firstHalfExtra", "G", "g1", "")
    SET("firstHalf", "referee", "r", STILL_1("0", "33"))
    SET("firstHalf", "H", "h1", STILL_1("50.00", "0.25"))
    SET("firstHalf", "G", "g10", FRAME("10001", "29:57.880", "1.5", "-33"))
    SET("firstHalf", "H", "h9", STILL_1("0.5", "32.75"))
    SET("secondHalf", "H", "h1", STILL_2("-50", "0"))
    SET("firstHalf", "BALL", "b",
        "<Frame N=\"10000\" X=\"2.69\" Y=\"0.26\" BallPossession=\"2\" BallStatus=\"1\"/>"));
/* clang-format on */

#define PLAYER(id, shirt, position)                                                                \
    "<Player PersonId=\"" id "\" ShirtNumber=\"" shirt "\" PlayingPosition=\"" position "\"/>"
#define TEAM(id, name, role, players)                                                              \
    "<Team Role=\"" role "\" TeamId=\"" id "\" TeamName=\"" name "\"><Players>" players            \
    "</Players></Team>"
#define HOME  TEAM("H", "Freiburg", "home", PLAYER("h1", "1", "TW") PLAYER("h9", "9", "STR"))
#define GUEST TEAM("G", "Gladbach", "guest", PLAYER("g1", "21", "TW") PLAYER("g10", "10", "ZO"))
#define INFORMATION(teams)                                                                         \
    "<PutDataRequest><MatchInformation>\n<Environment PitchX=\"105.0\" PitchY=\"68.0\"/>"          \
    "<Teams>" teams "</Teams></MatchInformation></PutDataRequest>"
static const char information[] = INFORMATION(GUEST HOME);

static void match_information_says_who_plays(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "m.xml", information);
    traj_recording recording = data_read(data_file(state, "a.xml", feed), &options, &guesses);
    assert_string_equal(recording.home_name, "Freiburg");
    assert_string_equal(recording.away_name, "Gladbach");
    assert_true(recording.pitch_length_m == 105.0 && recording.pitch_width_m == 68.0);
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(data_agent(&recording, 1, "h9")->jersey, 9);
    assert_int_equal(data_agent(&recording, 1, "h1")->kind, TRAJ_HOME_GK);
    assert_int_equal(data_agent(&recording, 0, "g1")->kind, TRAJ_AWAY_GK);
    assert_int_equal(recording.sequence[1].agents, 5);    /* no referee */
    assert_int_equal(recording.sequence[0].period_id, 2); /* in the order of the file */
    assert_int_equal(recording.sequence[1].frame_id[1], 10001);
    assert_true(data_pos(&recording, 1, 0, "h1")[0] == -50.0f); /* turned */
    assert_true(data_pos(&recording, 1, 0, "h9")[1] == -32.75f);
    assert_true(isnan(data_pos(&recording, 1, 0, "g10")[0]));
    assert_true(isnan(data_pos(&recording, 1, 1, "ball")[0]));
    assert_int_equal(recording.sequence[1].play[0].ball, TRAJ_BALL_ALIVE);
    assert_int_equal(recording.sequence[1].play[0].owner, TRAJ_OWNER_AWAY);
    assert_int_equal(recording.sequence[1].play[1].owner, TRAJ_OWNER_UNKNOWN);
    assert_string_equal(data_agent(&recording, 1, "h9")->role, "STR");
    traj_recording_free(&recording);
}

static void without_it_the_file_must_do(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "m.xml", NULL);
    traj_recording recording = data_read(data_file(state, "a.xml", feed), &options, &guesses);
    assert_string_equal(recording.home_name, "G"); /* the first */
    assert_non_null(strstr(data_guess_text(&guesses, "teams"), "the file names it first"));
    assert_true(recording.pitch_length_m == 104.0 && recording.pitch_width_m == 69.0);
    assert_int_equal(recording.sequence[1].agents, 5);
    assert_int_equal(recording.sequence[1].play[0].owner, TRAJ_OWNER_UNKNOWN);
    traj_recording_free(&recording);
}

/* The guests, named first, are at the ball whenever they have it. */
static void without_it_the_ball_shows_who_is_home(void **state)
{
    enum { FRAMES = 300, SIZE = FRAMES * 400 };
    static const char *const sets[][2] = {{"G", "g"}, {"H", "h"}, {"BALL", "b"}};
    char *const text = traj_alloc(SIZE, 1);
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "m.xml", NULL);
    size_t used = (size_t)snprintf(text, SIZE, "<PutDataRequest><Positions>\n");
    for (int s = 0; s < 3; s++) {
        used +=
            (size_t)snprintf(text + used, SIZE - used,
                             "<FrameSet GameSection=\"firstHalf\" TeamId=\"%s\" PersonId=\"%s\">",
                             sets[s][0], sets[s][1]);
        for (int f = 0; f < FRAMES; f++) {
            const int home = f % 3 == 0, x = s == 0 ? 10 : s == 1 ? -10 : home ? -11 : 11;
            used += (size_t)snprintf(text + used, SIZE - used, "<Frame N=\"%d\" X=\"%d\" Y=\"1\" ",
                                     f, x);
            used += (size_t)snprintf(text + used, SIZE - used,
                                     "BallPossession=\"%d\" BallStatus=\"1\"/>\n", 2 - home);
        }
        used += (size_t)snprintf(text + used, SIZE - used, "</FrameSet>\n");
    }
    snprintf(text + used, SIZE - used, "</Positions></PutDataRequest>\n");
    traj_recording recording = data_read(data_file(state, "a.xml", text), &options, &guesses);
    traj_free(text);
    assert_string_equal(recording.home_name, "H");
    assert_non_null(strstr(data_guess_text(&guesses, "teams"), "100 % of the 300 frames"));
    assert_int_equal(recording.sequence[0].play[0].owner, TRAJ_OWNER_HOME);
    assert_int_equal(recording.sequence[0].play[1].owner, TRAJ_OWNER_AWAY);
    traj_recording_free(&recording);
}

/* Seconds since 1970 leave a quarter of a microsecond of noise in a double; the times have none. */
static void times_count_from_the_first_frame(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = data_told(state, "m.xml", NULL);
    traj_recording recording = data_read(data_file(state, "a.xml", feed), &options, &guesses);
    for (size_t s = 0; s < 2; s++) {
        assert_true(recording.sequence[s].time_s[0] == 0.0);
        assert_true(recording.sequence[s].time_s[1] == 0.04);
    }
    assert_non_null(strstr(data_guess_text(&guesses, "rate"), "25 frames a second: the clock"));
    traj_recording_free(&recording);
    recording = data_read(data_file(state, "b.xml",
                                    FEED(SET("firstHalf", "H", "h",
                                             "<Frame N=\"7\" X=\"1\" Y=\"2\"/>\n"
                                             "<Frame N=\"9\" X=\"1\" Y=\"2\"/>\n"))),
                          &options, &guesses);
    assert_non_null(strstr(data_guess_text(&guesses, "rate"), "the rate of every Sportec file"));
    traj_recording_free(&recording);
}

static void match_information_is_found_by_its_name(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    data_file(state, "DFL_02_01_matchinformation_DFL-COM-1_DFL-MAT-2.xml", information);
    traj_recording recording = data_read(
        data_file(state, "DFL_04_03_positions_raw_observed_DFL-COM-1_DFL-MAT-2.xml", feed),
        &options, &guesses);
    assert_string_equal(recording.home_name, "Freiburg");
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "sportec: Sportec file"));
    assert_non_null(strstr(data_guess_text(&guesses, "metadata"), "DFL-MAT-2.xml: found"));
    traj_recording_free(&recording);
}

static void broken_positions_are_refused(void **state)
{
#define ONE(frame) FEED(SET("firstHalf", "H", "h", frame))
    static const data_case cases[] = {
        {ONE(FRAME("1", "29:57.840", "1", "2") "<Frame N=\""), "refused.csv:5: column "},
        {ONE("<Frame X=\"1\"/>"), ":4: column 1: expected a whole number as N of <Frame>, got not"},
        {ONE("<Frame N=\"1.5\"/>"), "expected a whole number as N of <Frame>, got '1.5'"},
        {ONE("<Frame N=\"1e300\"/>"), "expected a whole number as N of <Frame>, got '1e300'"},
        {ONE(FRAME("1", "29:57.840", "left", "2")), "a number as X of <Frame>, got 'left'"},
        {ONE(FRAME("1", "29:57.840", "1", "2m")), "a number as Y of <Frame>, got '2m'"},
        {ONE(FRAME("1", "half past", "1", "2")), "a date and time as T of <Frame>, got '2020-06"},
        {ONE(FRAME("1", "29:57.840", "2000000", "2")), "which is on no pitch"},
        {ONE(""), "no frames"},
        {ONE(FRAME("1", "29:57.840", "", "")), "no players"},
        {ONE(STILL_1("1", "2") FRAME("10000", "29:57.840", "3", "4")),
         "two different positions for 'h' in frame 10000"},
        {ONE(STILL_1("1", "2") FRAME("10002", "29:57.880", "1", "2")),
         "time stands still or runs backwards"},
        {FEED(SET("halfTime", "H", "h", STILL_1("1", "2"))),
         ":3: column 1: expected firstHalf, secondHalf, firstHalfExtra or secondHalfExtra as"},
        {FEED(SET("firstHalf", "", "h", STILL_1("1", "2"))), "expected a team, or BALL as TeamId"},
        {FEED(SET("firstHalf", "H", "", STILL_1("1", "2"))), "expected a player as PersonId"},
        {FEED(SET("firstHalf", "A", "a", STILL_1("1", "2"))
                  SET("firstHalf", "B", "b", STILL_1("1", "2"))
                      SET("firstHalf", "C", "c", STILL_1("1", "3"))),
         "more than two teams"},
        {FEED("<MetaData><PitchSize X=\"long\"/></MetaData><FrameSet/>"),
         "expected a number as X of <PitchSize>, got 'long'"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void bad_match_information_is_refused(void **state)
{
    static const data_case cases[] = {
        {"<a/>", "m.xml: names no home and guest team, so these are no metadata of the DFL"},
        {INFORMATION(HOME), "m.xml: names no home and guest team"},
        {INFORMATION(TEAM("H", "Freiburg", "hosts", "")),
         "expected 'home' or 'guest', got 'hosts'"},
        {INFORMATION(TEAM("", "Freiburg", "home", "")),
         "m.xml:2: /MatchInformation/Teams/Team: exp"},
        {INFORMATION(TEAM("H", "Freiburg", "home", PLAYER("h1", "one", "TW"))),
         "/Player/ShirtNumber: expected a number, got 'one'"},
        {"<a><MatchInformation><Environment PitchX=\"-1\"/></MatchInformation></a>",
         "PitchX: expected a number above 0, got '-1'"},
        {INFORMATION(TEAM("X", "Ulm", "home", "") TEAM("Y", "Kiel", "guest", "")),
         "nobody in it plays for X or Y, the teams of "},
        {"<a>", "m.xml:1: column 4: this is not XML"},
    };
    data_refuse_metadata(state, feed, "m.xml", cases, sizeof cases / sizeof *cases);
}

static void failed_allocations_leak_nothing(void **state)
{
    const traj_read_options options = data_told(state, "m.xml", information);
    data_fail_allocations(data_file(state, "memory.xml", feed), &options);
}

int data_sportec_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match_information_says_who_plays),
        cmocka_unit_test(without_it_the_file_must_do),
        cmocka_unit_test(without_it_the_ball_shows_who_is_home),
        cmocka_unit_test(times_count_from_the_first_frame),
        cmocka_unit_test(match_information_is_found_by_its_name),
        cmocka_unit_test(broken_positions_are_refused),
        cmocka_unit_test(bad_match_information_is_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data_sportec", tests, data_folder_setup,
                                       data_folder_teardown);
}
