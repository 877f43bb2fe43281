/* EPTS: lines as their metadata declare them, and the metadata. */
#include "data_groups.h"

#include <math.h>
#include <string.h>

/* clang-format off */
#define PARAMETER(name, value)                                                                     \
    "<ProviderParameter><Name>" name "</Name><Value>" value "</Value></ProviderParameter>"
#define CONFIG(halves)                                                                             \
    "<main><Metadata>\n<GlobalConfig><FrameRate>25.0</FrameRate><ProviderGlobalParameters>" halves \
    "</ProviderGlobalParameters></GlobalConfig>"
#define HALVES                                                                                     \
    PARAMETER("first_half_start", "450") PARAMETER("first_half_end", "499")                        \
    PARAMETER("second_half_start", "650") PARAMETER("second_half_end", "699")                      \
    "<ProviderParameter><Name>first_extra_half_start</Name><Value/></ProviderParameter>"
#define SESSION(score)                                                                             \
    "<Sessions><Session><MatchParameters>" score "</MatchParameters><FieldSize><Width>104</Width>" \
    "<Height>69</Height></FieldSize></Session></Sessions>"
#define SCORE "<Score idVisitingTeam=\"A\" idLocalTeam=\"B\"/>"
#define TEAM(id, direction)                                                                        \
    "<Team id=\"" id "\"><Name>Team " id "</Name><ProviderTeamsParameters>"                        \
    PARAMETER("attack_direction_first_half", direction) "</ProviderTeamsParameters></Team>"
#define TEAMS "<Teams>" TEAM("A", "left_to_right") TEAM("B", "right_to_left") "</Teams>"
#define PLAYER(id, team, shirt, position)                                                          \
    "<Player id=\"" id "\" teamId=\"" team "\"><Name>x</Name><ShirtNumber>" shirt "</ShirtNumber>" \
    "<ProviderPlayerParameters>" PARAMETER("position_type", position)                              \
    "</ProviderPlayerParameters></Player>"
#define PLAYERS                                                                                    \
    "<Players>" PLAYER("a1", "A", "1", "Goalkeeper") PLAYER("a9", "A", "9", "Unknown")             \
    PLAYER("b1", "B", "21", "Goalkeeper") PLAYER("b8", "B", "8", "Midfielder")                     \
    PLAYER("ref", "C", "0", "Referee") "</Players>"
#define DEVICES(unit)                                                                              \
    "<Devices><Device><Sensors><Sensor id=\"position\"><Channels>"                                 \
    "<Channel id=\"x\"><Unit>" unit "</Unit></Channel>"                                            \
    "<Channel id=\"y\"><Unit>" unit "</Unit></Channel>"                                            \
    "<Channel id=\"s\"><Unit>kph</Unit></Channel>"                                                 \
    "</Channels></Sensor></Sensors></Device></Devices>"
#define CHANNEL(measure, player)                                                                   \
    "<PlayerChannel channelId=\"" measure "\" id=\"" player "_" measure                            \
    "\" playerId=\"" player "\"/>"
#define CHANNELS(player) CHANNEL("x", player) CHANNEL("y", player) CHANNEL("s", player)
#define ALL_CHANNELS                                                                               \
    "<PlayerChannels>" CHANNELS("a1") CHANNELS("a9") CHANNELS("b1") CHANNELS("b8") CHANNELS("ref") \
    "</PlayerChannels></Metadata>"
#define REF(channel) "<PlayerChannelRef playerChannelId=\"" channel "\"/>"
#define SPLIT(separator, parts)                                                                    \
    "<SplitRegister separator=\"" separator "\">\n" parts "</SplitRegister>"
#define ONE(player) SPLIT(",", REF(player "_x") REF(player "_y") REF(player "_s"))
#define BALL "<BallChannelRef channelId=\"x\"/><BallChannelRef channelId=\"y\"/>"
#define LINES(first, last, separator, parts)                                                       \
    "<DataFormatSpecification startFrame=\"" first "\" endFrame=\"" last "\" separator=\""         \
    separator "\">" parts "</DataFormatSpecification>"
#define FRAME "<StringRegister name=\"frameCount\"/>"
/* a9 goes off and b8 comes on at half-time, and the separators change. */
#define FORMATS                                                                                    \
    "<DataFormatSpecifications>"                                                                   \
    LINES("1", "600", ":", FRAME SPLIT(";", ONE("a1") ONE("a9") ONE("ref") ONE("b1"))              \
                           SPLIT(",", BALL))                                                       \
    LINES("601", "900", "|", FRAME "<StringRegister name=\"clock\"/>"                              \
                             SPLIT("/", SPLIT(" ", REF("b8_y") REF("b8_x")) ONE("b1") ONE("a1"))   \
                             SPLIT(",", BALL))                                                     \
    "</DataFormatSpecifications></main>"
#define META(score, unit)                                                                          \
    CONFIG(HALVES) SESSION(score) TEAMS PLAYERS DEVICES(unit) ALL_CHANNELS FORMATS

static const char meta[] = META(SCORE, "normalized");
static const char lines[] =
    "449:0.9,0.5,0;0.5,0.25,0;0.5,0,0;0.1,0.5,0:0.5,0.5\n"
    "450:0.05,0.5,1.5;0.5,0.25,0;0.5,0,0;0.95,0.5,0:0.5,0.75\n"
    "451:0.05,0.5,1.5;NaN,NaN,;;0.95,0.5,0;:,\n"
    "650|half|0.75 0.25/0.05,0.5,0/0.95,0.5,0|0.5,0.5\n"
    "652|half|/0.05,0.5,0/0.95,0.5,0|0.5,0.5\n";
/* clang-format on */

static traj_read_options told(void *const *state, const char *metadata)
{
    traj_read_options options = data_told(state, "m.xml", metadata);
    strcpy(options.format, "epts");
    return options;
}

static void metadata_say_how_to_read(void **state)
{
    traj_guesses guesses;
    traj_read_options options = told(state, meta);
    strcpy(options.orient, "keep");
    traj_recording recording = data_read(data_file(state, "a.txt", lines), &options, &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(recording.sequence[0].frames, 2); /* frame 449 is in no half */
    assert_int_equal(recording.sequence[0].frame_id[0], 450);
    assert_int_equal(recording.sequence[0].agents, 4); /* no official */
    assert_true(traj_rate_hz(recording.rate) == 25.0);
    assert_true(recording.sequence[1].time_s[1] == 0.08); /* from frame 650 on */
    assert_true(recording.pitch_length_m == 104.0 && recording.pitch_width_m == 69.0);
    const float *nine = data_pos(&recording, 0, 0, "a9");
    assert_true(nine[0] == 0.0f && nine[1] == 17.25f); /* from the top left, y down */
    assert_true(isnan(data_pos(&recording, 0, 1, "a9")[0]));
    assert_true(data_pos(&recording, 0, 0, "ball")[1] == -17.25f);
    assert_true(isnan(data_pos(&recording, 0, 1, "ball")[0]));
    const float *eight = data_pos(&recording, 1, 0, "b8"); /* y before x */
    assert_true(eight[0] == -26.0f && eight[1] == -17.25f);
    assert_true(isnan(data_pos(&recording, 1, 1, "b8")[0]));
    traj_recording_free(&recording);
}

static void metadata_say_who_plays(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = told(state, meta);
    traj_recording recording = data_read(data_file(state, "a.txt", lines), &options, &guesses);
    assert_string_equal(recording.home_name, "Team B");
    assert_string_equal(recording.away_name, "Team A");
    assert_int_equal(data_agent(&recording, 0, "b1")->kind, TRAJ_HOME_GK);
    assert_int_equal(data_agent(&recording, 0, "b1")->jersey, 21);
    assert_int_equal(data_agent(&recording, 1, "a1")->kind, TRAJ_AWAY_GK);
    assert_string_equal(data_agent(&recording, 1, "b8")->role, "Midfielder");
    assert_string_equal(data_agent(&recording, 0, "a9")->role, "");
    assert_int_equal(recording.sequence[0].direction.told, -1);
    assert_int_equal(recording.sequence[1].direction.told, 0); /* of the first half alone */
    traj_recording_free(&recording);
}

static void without_a_score_the_first_team_is_home(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = told(state, META("", "normalized"));
    traj_recording recording = data_read(data_file(state, "a.txt", lines), &options, &guesses);
    assert_string_equal(recording.home_name, "Team A");
    assert_non_null(strstr(data_guess_text(&guesses, "teams"), "name no home team"));
    traj_recording_free(&recording);
}

static void metres_are_metres(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = told(state, META(SCORE, "m"));
    traj_recording recording =
        data_read(data_file(state, "a.txt",
                            "450:-50,0,1;-5,30,0;;50,0,0:1,2\n451:-50,1,1;-5,30,0;;50,0,0:1,2\n"),
                  &options, &guesses);
    assert_true(data_pos(&recording, 0, 0, "a9")[0] == 5.0f); /* turned: team B is home */
    assert_non_null(strstr(data_guess_text(&guesses, "units"), "metres: the unit of every EPTS"));
    traj_recording_free(&recording);
}

static void metadata_are_found_beside_the_data(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    data_file(state, "game_metadata.xml", meta);
    const char *path = data_file(state, "game_tracking.txt", lines);
    traj_recording recording = data_read(path, &options, &guesses);
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "epts: EPTS file"));
    assert_non_null(strstr(data_guess_text(&guesses, "metadata"), "game_metadata.xml: found"));
    traj_recording_free(&recording);
    options = told(state, NULL);
    data_refuse(state, lines, &options, TRAJ_E_DATA, "declared in metadata (XML), and none were");
}

static void broken_lines_are_refused(void **state)
{
    static const data_case cases[] = {
        {"words", ":1: expected a frame's number within a DataFormatSpecification, as "},
        {"450", "got '450'; the line may be cut short"},
        {"601:0,0,0;0,0,0;0,0,0;0,0,0:0,0", "got '601:0,0,0;"},
        {"450:0,0,0;0,0,0;0,0,0", ":1: expected more registers, as "},
        {"450:0,0,0;0,0", "expected more registers"},
        {"450:0,0,0;0,0,0;0,0,0;0,0,0:0", "expected more registers"},
        {"450:0,0,0;0,0,0;0,0,0;0,0,0;9:0,0", "expected the end of a list of registers, as "},
        {"450:0,0,0;0,0,0;0,0,0;0,0,0,7:0,0", "got '7'"},
        {"450:0,0,0;0,left,0;0,0,0;0,0,0:0,0", "expected a number as y, as "},
        {"450:0,0,0;0,0,0;0,0,0;0,0,0:right,0", "expected a number as x, as "},
        {"450:1e7,0,0;0,0,0;0,0,0;0,0,0:0,0", "which is on no pitch"},
        {"450:,,;,,;,,;,,:,", "no players"},
        {"450:0,0,0;;;:,\n450:0,0,0;;;:,", ":2: frame 450 stands in line 1 already"},
        {"449:0,0,0;;;:,\n", "none of its frames lies in a half of "},
    };
    const traj_read_options options = told(state, meta);
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, &options);
}

static void bad_metadata_are_refused(void **state)
{
#define LIKE(players, channels, lines)                                                             \
    CONFIG("")                                                                                     \
    TEAMS players "<PlayerChannels>" channels "</PlayerChannels></Metadata>"                       \
                  "<DataFormatSpecifications>" lines "</DataFormatSpecifications></main>"
    static const data_case cases[] = {
        {"<main/>", "m.xml: names no two teams, so these are no metadata of EPTS"},
        {"{}", "names no two teams"},
        {"<main>", "m.xml:1: column 7: this is not XML"},
        {CONFIG("") TEAMS "</Metadata></main>", "m.xml: has no DataFormatSpecification, so noth"},
        {CONFIG(PARAMETER("first_half_start", "soon")), "a frame as first_half_start, got 'soon'"},
        {CONFIG(PARAMETER("first_half_start", "9")
                    PARAMETER("first_half_end", "3")) "</Metadata></main>",
         "m.xml: half 1 lasts from frame 9 to frame 3"},
        {"<main><Metadata><GlobalConfig><FrameRate>5000</FrameRate>", "is no number of frames a s"},
        {LIKE("<Players>" PLAYER("p", "A", "one", "") "</Players>", "", ""),
         "/ShirtNumber: expected a number, got 'one'"},
        {LIKE("", "", LINES("1", "9", ":", "")),
         "m.xml:2: DataFormatSpecification: expected a Str"},
        {LIKE("", "", LINES("1", "9", ":", SPLIT(",", BALL) FRAME)), "as its first register"},
        {LIKE("", "", LINES("one", "9", ":", FRAME)),
         "/startFrame: expected the number of a frame"},
        {LIKE("", "", LINES("1", "9", "::", FRAME)),
         "/separator: expected one character, got '::'"},
        {LIKE("", "", LINES("1", "9", ":", FRAME "<SplitRegister/>")), "expected a separator"},
        {LIKE("", "", LINES("1", "9", ":", FRAME SPLIT(",", REF("p_x")))),
         "m.xml:3: PlayerChannelRef: there is no PlayerChannel 'p_x'; correct or remove it"},
        {LIKE("", CHANNEL("x", "p"), LINES("1", "9", ":", FRAME SPLIT(",", REF("p_x")))),
         "PlayerChannelRef: there is no Player 'p'"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const traj_read_options options = told(state, cases[c].text);
        data_refuse(state, lines, &options, TRAJ_E_DATA, cases[c].part);
    }
}

static void failed_allocations_leak_nothing(void **state)
{
    const traj_read_options options = told(state, meta);
    data_fail_allocations(data_file(state, "memory.txt", lines), &options);
}

int data_epts_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metadata_say_how_to_read),
        cmocka_unit_test(metadata_say_who_plays),
        cmocka_unit_test(without_a_score_the_first_team_is_home),
        cmocka_unit_test(metres_are_metres),
        cmocka_unit_test(metadata_are_found_beside_the_data),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(bad_metadata_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data_epts", tests, data_folder_setup, data_folder_teardown);
}
