/* Tracab: lines, JSON, every dialect of metadata, and what metadata save guessing. */
#include "data_groups.h"

#include "../../src/data/companions.h"
#include "../../src/data/tracab_meta.h"

#include "traj/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Two a side: home's keeper stands on the right in period 1. Frames 1-99 and 1001-1099 are periods.
 */
#define TARGETS_1                                                                                  \
    "1,1,1,5000,0,0.1;1,2,9,100,3300,2;0,3,1,-5000,13,0;0,4,10,-100,-3300,1.5;3,5,0,0,3400,0;"     \
    "4,6,-1,5550,4400,0;-1,7,3,1,2,0;:50,-60,11,0.4,H,Alive,SetHome;:\n"
#define TARGETS_2                                                                                  \
    "0,3,1,5000,10,0;1,1,1,-5000,0,0;1,2,9,-100,3300,0;0,4,10,100,-3300,0;:5550,4400,0,0,A,Dead;"  \
    "\n"
static const char lines[] = "1:" TARGETS_1 "2:" TARGETS_1 "100:" TARGETS_1 "1005:" TARGETS_2
                            "1006:" TARGETS_2;

#define PLAYER(tag, id, shirt, position)                                                           \
    "<" tag "><PlayerID>" id "</PlayerID><JerseyNo>" shirt                                         \
    "</JerseyNo><StartingPosition>" position "</StartingPosition><StartFrameCount>2"               \
    "</StartFrameCount><EndFrameCount>1005</EndFrameCount></" tag ">"
#define TEAM(name, id, tag, keeper, other, shirt)                                                  \
    "<LongName>" name "</LongName><ShortName>x</ShortName><TeamID>" id                             \
    "</TeamID><Players>" PLAYER(tag, keeper, "1", "G") PLAYER(tag, other, shirt, "M") "</Players>"
#define HOME(tag)  "<HomeTeam>" TEAM("Ajax", "7", tag, "h1", "h9", "9") "</HomeTeam>"
#define AWAY(tag)  "<AwayTeam>" TEAM("Brest", "8", tag, "a1", "a10", "10") "</AwayTeam>"
#define TEAMS(tag) HOME(tag) AWAY(tag)
#define JSON_TEAM(name, id, keeper, other, shirt)                                                  \
    "{\"LongName\":\"" name "\",\"TeamID\":" id ",\"Players\":[{\"PlayerID\":\"" keeper            \
    "\",\"JerseyNo\":1,\"StartingPosition\":\"G\"},{\"JerseyNo\":" shirt ",\"PlayerID\":\"" other  \
    "\",\"StartingPosition\":\"D\"}]}"
#define JSON_HOME JSON_TEAM("Ajax", "7", "h1", "h9", "9")
#define JSON_AWAY JSON_TEAM("Brest", "8", "a1", "a10", "10")

static const struct dialect {
    const char *name, *text;
    bool teams, sides;
} dialects[] = {
    {"m.xml",
     "<?xml version=\"1.0\"?>\n<root><FrameRate>25</FrameRate><PitchShortSide>6800</PitchShortSide>"
     "<PitchLongSide>10500</PitchLongSide><Phase1StartFrame>1</Phase1StartFrame>"
     "<Phase1EndFrame>99</Phase1EndFrame><Phase2StartFrame>1001</Phase2StartFrame>"
     "<Phase2EndFrame>1099</Phase2EndFrame><Phase3StartFrame>0</Phase3StartFrame>"
     "<Phase3EndFrame>0</Phase3EndFrame><Phase1HomeGKLeft>false</Phase1HomeGKLeft>"
     "<Phase2HomeGKLeft>true</Phase2HomeGKLeft><Phase3HomeGKLeft></Phase3HomeGKLeft>" TEAMS(
         "item") "</root>",
     true, true},
    {"m.json",
     "{\"FrameRate\":25,\"PitchShortSide\":6800,\"PitchLongSide\":10500,\"Phase1StartFrame\":1,"
     "\"Phase1EndFrame\":99,\"Phase2StartFrame\":1001,\"Phase2EndFrame\":1099,"
     "\"Phase5StartFrame\":0,\"Phase5EndFrame\":0,\"Phase1HomeGKLeft\":false,"
     "\"Phase2HomeGKLeft\":true,\"Phase5HomeGKLeft\":null,\"HomeTeam\":" JSON_HOME
     ",\"AwayTeam\":" JSON_AWAY "}",
     true, true},
    {"m.xml",
     "<TracabMetaData><match iFrameRateFps=\"25\" fPitchXSizeMeters=\"105.00\" "
     "fPitchYSizeMeters=\"68.00\" fTrackingAreaXSizeMeters=\"unknown\">"
     "<period iId=\"1\" iStartFrame=\"1\" iEndFrame=\"99\"/>"
     "<period iEndFrame=\"1099\" iId=\"2\" iStartFrame=\"1001\"/>"
     "<period iId=\"3\" iStartFrame=\"0\" iEndFrame=\"0\"/></match>" TEAMS(
         "Player") "</TracabMetaData>",
     true, false},
    {"m.xml",
     "<OptaMetaData><match iFrameRateFps=\"25\" fPitchXSizeMeters=\"105,00\" "
     "fPitchYSizeMeters=\"68,00\"><period iId=\"1\" iStartFrame=\"1\" iEndFrame=\"99\"/>"
     "<period iId=\"2\" iStartFrame=\"1001\" iEndFrame=\"1099\"/></match></OptaMetaData>",
     false, false},
};
enum { DIALECTS = sizeof dialects / sizeof *dialects };

static traj_status read_meta(const char *text, traj_facts *facts, traj_error *err)
{
    traj_input *input;
    *facts = (traj_facts){0};
    assert_int_equal(traj_input_over(&input, "m", text, strlen(text), NULL), TRAJ_OK);
    const traj_status status = traj_tracab_meta_read(input, facts, err);
    traj_input_close(input);
    return status;
}

static void check_teams(const traj_facts *facts)
{
    assert_string_equal(facts->team[TRAJ_TEAM_HOME].name, "Ajax");
    assert_string_equal(facts->team[TRAJ_TEAM_AWAY].id, "8");
    assert_int_equal(facts->players, 4);
    const traj_facts_player *nine = traj_facts_player_by_jersey(facts, TRAJ_TEAM_HOME, 9);
    assert_string_equal(nine->id, "h9");
    assert_false(nine->keeper);
    assert_true(traj_facts_player_by_id(facts, "a1")->keeper);
    assert_null(traj_facts_player_by_jersey(facts, TRAJ_TEAM_AWAY, 9));
    assert_null(traj_facts_player_by_id(facts, "a9"));
}

static void every_dialect_says_the_same(void **state)
{
    (void)state;
    for (size_t d = 0; d < DIALECTS; d++) {
        traj_facts facts;
        traj_error err;
        if (read_meta(dialects[d].text, &facts, &err) != TRAJ_OK) fail_msg("%s", err.text);
        assert_true(traj_rate_hz(facts.rate) == 25.0 && facts.length_m == 105.0 &&
                    facts.width_m == 68.0);
        assert_int_equal(facts.periods, 2);
        assert_int_equal(traj_facts_period_at(&facts, 99)->id, 1);
        assert_int_equal(traj_facts_period_at(&facts, 1001)->id, 2);
        assert_null(traj_facts_period_at(&facts, 100));
        assert_int_equal(facts.period[0].home_attacks, dialects[d].sides ? -1 : 0);
        assert_int_equal(facts.period[1].home_attacks, dialects[d].sides ? 1 : 0);
        if (dialects[d].teams) check_teams(&facts);
        traj_facts_free(&facts);
    }
}

static void bad_metadata_are_refused(void **state)
{
    (void)state;
    static const data_case cases[] = {
        {"<a/>", "m: no period has a first and a last frame"},
        {"{}", "m: no period has a first and a last frame"},
        {"<a><FrameRate>fast</FrameRate></a>", "m:1: /FrameRate: expected a number, got 'fast'"},
        {"<a>\n<FrameRate>1e9</FrameRate></a>", "m:2: /FrameRate: 1e9 is no number of frames"},
        {"<a><PitchLongSide>-1</PitchLongSide></a>", "/PitchLongSide: expected a number above 0"},
        {"{\"Phase1StartFrame\": \"x\"}", "m: /Phase1StartFrame: expected a number, got 'x'"},
        {"{\"Phase1StartFrame\": 9, \"Phase1EndFrame\": 3}", "period 1 lasts from frame 9 to"},
        {"{\"Phase1StartFrame\": 9}", "period 1 lasts from frame 9 to frame nan"},
        {"<a><match>\n<period iId=\"9\"/></match></a>",
         "m:2: /match/period: expected a number from"},
        {"<a><HomeTeam>", "m:1: column 14: this is not XML"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        traj_facts facts;
        traj_error err;
        assert_int_equal(read_meta(cases[c].text, &facts, &err), TRAJ_E_DATA);
        if (strstr(err.text, cases[c].part) == NULL)
            fail_msg("'%s' is not in '%s'", cases[c].part, err.text);
        traj_facts_free(&facts);
    }
}

/* Reads the lines with the d-th metadata. */
static traj_recording read_lines(void *const *state, size_t d, const char *orient,
                                 traj_guesses *guesses)
{
    traj_read_options options = data_told(state, dialects[d].name, dialects[d].text);
    strcpy(options.orient, orient);
    return data_read(data_file(state, "match.dat", lines), &options, guesses);
}

static bool is_guessed(const traj_guesses *guesses, const char *subject)
{
    for (int g = 0; g < guesses->count; g++)
        if (strcmp(guesses->item[g].subject, subject) == 0) return true;
    return false;
}

static void metadata_say_who_and_when(void **state)
{
    for (size_t d = 0; d < DIALECTS; d++) {
        traj_guesses guesses;
        traj_recording recording = read_lines(state, d, "keep", &guesses);
        const bool teams = dialects[d].teams;
        const traj_sequence *first = &recording.sequence[0];
        assert_int_equal(recording.sequences, 2);
        assert_int_equal(first->frames, 2); /* frame 100 is in no period */
        assert_int_equal(first->agents, 5); /* no official, no unused target */
        assert_int_equal(recording.sequence[1].period_id, 2);
        assert_int_equal(recording.sequence[1].agents, 4); /* the ball is parked */
        assert_true(traj_rate_hz(recording.rate) == 25.0 && recording.pitch_length_m == 105.0);
        assert_true(fabs(recording.quantum_m - 0.01) < 1e-9);
        assert_true(fabs(recording.sequence[1].time_s[0] - 0.16) < 1e-9); /* (1005 - 1001) / 25 */
        assert_string_equal(recording.home_name, teams ? "Ajax" : "home");
        const traj_agent *nine = data_agent(&recording, 0, teams ? "h9" : "home_9");
        assert_true(nine->team == TRAJ_TEAM_HOME && nine->jersey == 9);
        const float *pos = data_pos(&recording, 0, 1, nine->id);
        assert_true(fabsf(pos[0] - 1.0f) < 1e-6f && fabsf(pos[1] - 33.0f) < 1e-5f);
        assert_true(fabsf(data_pos(&recording, 0, 0, "ball")[1] + 0.6f) < 1e-6f);
        assert_false(is_guessed(&guesses, "rate"));
        assert_false(is_guessed(&guesses, "pitch"));
        assert_false(is_guessed(&guesses, "metadata"));
        data_assert_play(&recording, 0, 0, TRAJ_BALL_ALIVE, TRAJ_OWNER_HOME);
        data_assert_play(&recording, 1, 1, TRAJ_BALL_DEAD, TRAJ_OWNER_AWAY);
        if (teams) assert_int_equal(data_agent(&recording, 1, "a1")->kind, TRAJ_AWAY_GK);
        if (dialects[d].name[2] == 'x' && teams) {
            assert_true(nine->first_frame == 2 && nine->last_frame == 2); /* of this period */
            nine = data_agent(&recording, 1, "h9");
            assert_true(nine->first_frame == 1005 && nine->last_frame == 1005);
            assert_string_equal(nine->role, "M");
        }
        traj_recording_free(&recording);
    }
}

static void frames_vote_on_sides_and_metadata_hint(void **state)
{
    traj_guesses guesses;
    traj_recording recording = read_lines(state, 0, "", &guesses);
    assert_true(data_pos(&recording, 0, 0, "h1")[0] == -50.0f); /* turned */
    assert_true(data_pos(&recording, 1, 0, "h1")[0] == -50.0f);
    assert_non_null(strstr(data_guess_text(&guesses, "orientation"), "the metadata say, too"));
    traj_recording_free(&recording);
    char *wrong = traj_strdup(dialects[0].text), *at = strstr(wrong, "GKLeft>false");
    memcpy(at, "GKLeft>true ", 12); /* as long, and wrong */
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.meta, data_file(state, "m.xml", wrong));
    recording = data_read(data_file(state, "match.dat", lines), &options, &guesses);
    assert_non_null(strstr(data_guess_text(&guesses, "orientation"), "say otherwise"));
    assert_true(data_pos(&recording, 0, 0, "h1")[0] == -50.0f); /* the frames are believed */
    traj_recording_free(&recording);
    traj_free(wrong);
    /* One of each team, both in the middle: no vote, but a hint */
    strcpy(options.meta, data_file(state, "m.xml", dialects[0].text));
    recording = data_read(data_file(state, "match.dat",
                                    "1:1,1,1,0,5,0;:;:\n2:1,1,1,0,5,0;:;:\n"
                                    "3:1,1,1,0,5,0;0,3,10,0,7,0;:;:\n"),
                          &options, &guesses);
    assert_non_null(strstr(data_guess_text(&guesses, "orientation"), "home attacks left, so "));
    traj_recording_free(&recording);
}

static void home_is_named_as_metadata_name_it(void **state)
{
    static const char *const names[] = {"Brest", "8", "away"};
    for (size_t n = 0; n < 3; n++) {
        traj_guesses guesses;
        traj_read_options options;
        traj_read_options_init(&options);
        strcpy(options.meta, data_file(state, "m.xml", dialects[0].text));
        strcpy(options.home, names[n]);
        traj_recording recording =
            data_read(data_file(state, "match.dat", lines), &options, &guesses);
        assert_string_equal(recording.home_name, "Brest");
        assert_int_equal(data_agent(&recording, 0, "a1")->kind, TRAJ_HOME_GK);
        traj_recording_free(&recording);
    }
}

static void without_metadata_gaps_make_periods(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    traj_recording recording =
        data_read(data_file(state, "alone.dat",
                            "1:" TARGETS_1 "3:" TARGETS_1 "1501:" TARGETS_1 "3100:" TARGETS_2),
                  &options, &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(recording.sequence[0].frames, 3); /* a gap of 60 s is no break yet */
    assert_int_equal(recording.sequence[1].period_id, 2);
    assert_string_equal(recording.sequence[0].agent[1].id, "home_9");
    assert_non_null(strstr(data_guess_text(&guesses, "periods"), "no metadata"));
    assert_non_null(strstr(data_guess_text(&guesses, "rate"), "25 frames a second"));
    traj_recording_free(&recording);
}

static void metadata_are_found_beside_the_data(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    const char *path = data_file(state, "17.dat", lines);
    data_file(state, "17.json", "{\"FrameData\":[]}"); /* the match again, no metadata */
    data_file(state, "17_metadata.xml", dialects[2].text);
    traj_recording recording = data_read(path, &options, &guesses);
    assert_string_equal(recording.home_name, "Ajax");
    assert_non_null(strstr(data_guess_text(&guesses, "metadata"), "17_metadata.xml: found"));
    traj_recording_free(&recording);
    strcpy(options.meta, "none");
    recording = data_read(path, &options, &guesses);
    assert_string_equal(recording.home_name, "home");
    traj_recording_free(&recording);
    strcpy(options.meta, "/nonexistent/meta.xml");
    data_refuse(state, lines, &options, TRAJ_E_IO, "cannot read '/nonexistent/meta.xml'");
    data_refuse(state, "frame,a_x,a_y\n", &options, TRAJ_E_USAGE,
                "has a format without metadata of its own");
}

static bool any_file(const char *path)
{
    (void)path;
    return true;
}

static void rules_find_companions(void **state)
{
    static const struct {
        const char *data, *rules, *found; /* NULL: nothing */
    } cases[] = {
        {"a_tracking.jsonl", "*.dat>b.xml *_tracking.jsonl>*_match.json", "a_match.json"},
        {"a_tracking.jsonl", "*>b.xml", "b.xml"},
        {"b.xml", "*>b.xml", NULL}, /* itself */
        {"x_1.dat", "x_*.dat>a_match.json", "a_match.json"},
        {"x.dat", "xx*.dat>b.xml x*x.dat>b.xml", NULL},
        {"exact", "exact>b.xml", "b.xml"},
        {"exactly", "exact>b.xml", NULL},
        {"a.dat", "*.dat>*_gone.xml", NULL},
        {"a_tracking.jsonl.gz", "*_tracking.jsonl>*_match.json", "a_match.json"},
        {"x.dat.zst", "*.dat>*_packed.xml", "x_packed.xml.bz2"},
        {"x.dat", "*.dat>*_packed.xml", "x_packed.xml.bz2"},
        {"b.xml.gz", "*>b.xml", "b.xml"}, /* the same match, read from another file */
        {".gz", "*.dat>b.xml", NULL},
    };
    data_file(state, "a_match.json", "");
    data_file(state, "b.xml", "");
    data_file(state, "x_packed.xml.bz2", "");
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char data[256], path[256];
        snprintf(data, sizeof data, "%s/%s", (const char *)*state, cases[c].data);
        const bool found = traj_companion_find(data, cases[c].rules, any_file, path, sizeof path);
        assert_int_equal(found, cases[c].found != NULL);
        if (found) assert_string_equal(strrchr(path, '/') + 1, cases[c].found);
        assert_false(traj_companion_find(data, cases[c].rules, any_file, path, 4)); /* no room */
    }
}

static void broken_lines_are_refused(void **state)
{
    static const data_case cases[] = {
        {"1:1,1,1,5000,0,0.1;:50,60\n", ":1: expected x,y,z,speed,owner,state; of the ball, got"},
        {"1:1,1,1,5000,0,0.1;\n", ":1: expected team,target,jersey,x,y,speed;, got ''"},
        {"1:1,1,1,5000,0\n", ":1: expected team,target,jersey,x,y,speed;, got '1,1,1,5000,0'"},
        {"1:1,1,1,5000,0:\n", "the line may be cut short"},
        {"1:1,1,1,x,0,0;:;:\n", "got '1,1,1,x,0,0;:;:'"},
        {"1:1,1,1,1.2.3,0,0;:;:\n", "got '1,1,1,1.2.3,0,0;:;:'"},
        {"1:1,1,1,99999999999999999999,0,0;:;:\n", "got '1,1,1,9999"},
        {"1:1,1,1,0,0,0;:;:\nframe:\n", ":2: expected a frame's number and ':', got 'frame:'"},
        {"1:1,1,1,0,0,0;:1,2,0,0,H,Alive;:3\n", ":1: expected the end of the line"},
        {"1:1,1,1,0,0,0;:;:\n1:1,1,1,0,0,0;:;:\n", ":2: frame 1 stands in line 1 already"},
        {"1:1,1,1,0,0,0;1,2,1,9,0,0;:;:\n", "two different positions for 'home_1' in frame 1"},
        {"1:1,1,1,0,0,0;7,2,1,0,0,0;:;:\n", ":1: team 7: expected 1 (home), 0 (away), 3, 4 or -1"},
        {"1:1,1,1000,0,0,0;:;:\n", ":1: 1000 is no number of a shirt"},
        {"1:1,1,1,2000000,0,0;:;:\n", "which is on no pitch"},
        {"1:4,1,-1,5550,4400,0;:;:\n", "no players"},
        {"{\"FrameData\": [", "refused.csv:1: the JSON text ends"},
        {"{\"FrameData\": [{}]}", ":1: FrameData: expected a whole number as 'FrameCount'"},
        {"{\"FrameData\": [\n{\"FrameCount\": 1}]}", ":2: FrameData: expected an array 'Player"},
        {"{\"FrameData\": [{\"FrameCount\": 1, \"PlayerPositions\": [{\"Team\": 1}]}]}",
         ":1: PlayerPositions: expected a whole number as 'JerseyNumber'"},
        {"{\"FrameData\": [{\"FrameCount\": 1, \"PlayerPositions\": [{\"Team\": 1, "
         "\"JerseyNumber\": \"x\"}]}]}",
         "expected a whole number as 'JerseyNumber', got 'x'"},
        {"{\"FrameData\": [{\"FrameCount\": 1, \"PlayerPositions\": [{\"Team\": 1, "
         "\"JerseyNumber\": 1, \"X\": \"left\"}]}]}",
         "PlayerPositions: expected a number as 'X', or null"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.meta, data_file(state, "m.xml", dialects[3].text));
    data_refuse(state, "500:" TARGETS_1, &options, TRAJ_E_DATA,
                "none of its frames, frame 500 for one, lies in a period of");
}

static void json_is_the_same_match(void **state)
{
    static const char text[] =
        "{\"FrameData\":[\n{\"FrameCount\":1,\"Phase\":1,\"PlayerPositions\":["
        "{\"Team\":1,\"JerseyNumber\":1,\"X\":5000,\"Y\":0},"
        "{\"Team\":1,\"JerseyNumber\":\"9\",\"X\":100,\"Y\":3300},"
        "{\"Team\":0,\"JerseyNumber\":1,\"X\":-5000,\"Y\":10},"
        "{\"Team\":0,\"JerseyNumber\":10,\"X\":null,\"Y\":NaN},"
        "{\"Team\":4,\"JerseyNumber\":0,\"X\":5550,\"Y\":4400}],"
        "\"BallPosition\":[{\"X\":50,\"Y\":-60,\"Z\":11}]},\n"
        "{\"FrameCount\":5,\"Phase\":2,\"PlayerPositions\":["
        "{\"Team\":1,\"JerseyNumber\":1,\"X\":-5000,\"Y\":0},"
        "{\"Team\":0,\"JerseyNumber\":1,\"X\":5000,\"Y\":10}],\"BallPosition\":{}}]}";
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    traj_recording recording = data_read(data_file(state, "only.json", text), &options, &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(recording.sequence[0].agents, 4);
    assert_int_equal(recording.sequence[1].period_id, 2);
    assert_int_equal(recording.sequence[1].agents, 2);
    assert_true(data_pos(&recording, 0, 0, "home_9")[0] == -1.0f); /* turned */
    assert_true(fabsf(data_pos(&recording, 0, 0, "ball")[1] - 0.6f) < 1e-6f);
    assert_false(is_guessed(&guesses, "periods"));
    traj_recording_free(&recording);
}

static void failed_allocations_leak_nothing(void **state)
{
    const char *path = data_file(state, "memory.dat", lines);
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.format, "tracab");
    strcpy(options.meta, data_file(state, "m.xml", dialects[0].text));
    data_fail_allocations(path, &options);
}

int data_tracab_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dialect_says_the_same),
        cmocka_unit_test(bad_metadata_are_refused),
        cmocka_unit_test(metadata_say_who_and_when),
        cmocka_unit_test(frames_vote_on_sides_and_metadata_hint),
        cmocka_unit_test(home_is_named_as_metadata_name_it),
        cmocka_unit_test(without_metadata_gaps_make_periods),
        cmocka_unit_test(metadata_are_found_beside_the_data),
        cmocka_unit_test(rules_find_companions),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(json_is_the_same_match),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data: Tracab", tests, data_folder_setup,
                                       data_folder_teardown);
}
