/* RespoVision: lines with bare NaN, teams by name, sides by frame. */
#include "data_groups.h"

#include <math.h>
#include <string.h>

#define PLAYER(id, team, shirt, category, x, y, imputed)                                           \
    "{\"person_id\":" id ",\"person_name\":\"NaN {\\\"\",\"team_name\":\"" team                    \
    "\",\"jersey_number\":" shirt ",\"category_name\":\"" category "\",\"x\":" x ",\"y\":" y       \
    ",\"head_angle\":NaN,\"is_imputed\":" imputed "}"
#define FRAME(id, time, period, left, right, players, ball)                                        \
    "{\"frame_id\":" id ",\"time\":" time ",\"period\":" period                                    \
    ",\"pitch_side\":{\"left\":\"" left "\",\"right\":\"" right "\"},\"ball\":" ball               \
    ",\"players\":[" players "]}\n"
#define BALL "{\"x\":53.0,\"y\":34.5,\"z\":0.1,\"x_velocity\":NaN}"
#define WEST PLAYER("1", "Colombia", "12", "goalkeeper", "3", "34", "false")
#define EAST PLAYER("2", "Argentina", "23", "goalkeeper", "102", "34", "true")
#define MORE                                                                                       \
    PLAYER("null", "Argentina", "10", "player", "60.5", "20", "false")                             \
    "," PLAYER("9", "Colombia", "NaN", "player", "NaN", "NaN",                                     \
               "true") "," PLAYER("7", "", "NaN", "referee", "50", "30", "false")
#define FIRST(id, time, players, ball)                                                             \
    FRAME(id, time, "\"half_1\"", "Colombia", "Argentina", players, ball)
#define SECOND(id, time, players, ball)                                                            \
    FRAME(id, time, "\"half_2\"", "Argentina", "Colombia", players, ball)
#define GOOD     FIRST("1", "\"00:00.040000\"", WEST "," EAST "," MORE, BALL)
#define EARLY    FRAME("0", "\"00:00.000000\"", "null", "Colombia", "Argentina", WEST, BALL)
#define LOST     FIRST("2", "\"00:00.080000\"", WEST "," EAST, "{\"x\":NaN,\"y\":NaN}")
#define EAST_NOW PLAYER("1", "Colombia", "12", "goalkeeper", "101", "34", "false")
#define WEST_NOW PLAYER("2", "Argentina", "23", "goalkeeper", "4", "34", "false")
#define RESTART  SECOND("90000", "\"60:00.000000\"", EAST_NOW "," WEST_NOW, "null")
#define NEXT     SECOND("90001", "\"60:00.040000\"", WEST_NOW, BALL)

static const char lines[] = EARLY GOOD LOST RESTART NEXT;

static traj_recording read_named(void *const *state, const char *name, const char *orient,
                                 traj_guesses *guesses)
{
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.orient, orient);
    return data_read(data_file(state, name, lines), &options, guesses);
}

static void frames_are_read_as_they_stand(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        read_named(state, "20240714-Argentina-Colombia-tracking.jsonl", "keep", &guesses);
    const traj_sequence *const first = &recording.sequence[0];
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(first->frames, 2); /* not the one without a period */
    assert_int_equal(first->agents, 4); /* nobody who was not seen, no referee */
    assert_int_equal(recording.sequence[1].frame_id[1], 90001);
    assert_true(traj_rate_hz(recording.rate) == 25.0);
    assert_true(fabs(recording.sequence[1].time_s[1] - 0.04) < 1e-6);
    assert_true(data_pos(&recording, 0, 0, "1")[0] == -49.5f); /* from the corner */
    assert_true(data_pos(&recording, 0, 0, "Argentina_10")[1] == -14.0f);
    assert_true(data_pos(&recording, 0, 0, "ball")[0] == 0.5f);
    assert_true(isnan(data_pos(&recording, 0, 1, "ball")[0]));
    assert_int_equal(data_agent(&recording, 0, "Argentina_10")->jersey, 10);
    traj_recording_free(&recording);
}

static void home_is_who_the_name_has_first(void **state)
{
    static const struct {
        const char *name, *home, *away;
    } cases[] = {
        {"20240714-Argentina-Colombia-tracking.jsonl", "Argentina", "Colombia"},
        {"20240714-Colombia-Argentina-tracking.jsonl", "Colombia", "Argentina"},
        {"tracking.jsonl", "Colombia", "Argentina"}, /* the first one on the left */
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        traj_guesses guesses;
        traj_recording recording = read_named(state, cases[c].name, "", &guesses);
        assert_string_equal(recording.home_name, cases[c].home);
        assert_string_equal(recording.away_name, cases[c].away);
        traj_recording_free(&recording);
    }
}

static void sides_are_told_and_keepers_known(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        read_named(state, "20240714-Argentina-Colombia-tracking.jsonl", "", &guesses);
    assert_int_equal(data_agent(&recording, 0, "2")->kind, TRAJ_HOME_GK);
    assert_int_equal(data_agent(&recording, 1, "1")->kind, TRAJ_AWAY_GK);
    assert_int_equal(recording.sequence[0].direction.told, -1);
    assert_int_equal(recording.sequence[1].direction.told, 1);
    assert_true(data_pos(&recording, 0, 0, "2")[0] == -49.5f); /* turned */
    assert_true(data_pos(&recording, 1, 0, "2")[0] == -48.5f); /* kept */
    traj_recording_free(&recording);
}

static void broken_lines_are_refused(void **state)
{
    static const data_case cases[] = {
        {GOOD "{\"frame_id\":2", ":2: this is not JSON, near"},
        {GOOD "{}\n", ":2: expected a frame with 'period' and an array 'players'"},
        {GOOD GOOD, ":2: frame 1 stands in line 1 already"},
        {FRAME("1", "null", "\"half_9\"", "A", "B", WEST, BALL),
         ":1: period 'half_9': expected half"},
        {FRAME("1", "\"x\"", "\"half_1\"", "A", "B", WEST, BALL), "a time as 'time', got 'x'"},
        {FRAME("NaN", "null", "\"half_1\"", "A", "B", WEST, BALL), "a whole number as 'frame_id'"},
        {FRAME("1", "null", "\"half_1\"", "A", "B",
               PLAYER("1", "", "1", "player", "1", "2", "false"), BALL),
         ":1: player: expected a name as 'team_name'"},
        {FRAME("1", "null", "\"half_1\"", "A", "B",
               PLAYER("1", "A", "1", "player", "\"x\"", "2", "false"), BALL),
         ":1: player: expected a number as 'x', or null"},
        {FRAME("1", "null", "\"half_1\"", "A", "B", WEST, "{\"x\":1,\"y\":\"z\"}"),
         ":1: ball: expected a number as 'y', or null"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void failed_allocations_leak_nothing(void **state)
{
    traj_read_options options;
    traj_read_options_init(&options);
    data_fail_allocations(data_file(state, "memory.jsonl", lines), &options);
}

int data_respovision_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_read_as_they_stand),
        cmocka_unit_test(home_is_who_the_name_has_first),
        cmocka_unit_test(sides_are_told_and_keepers_known),
        cmocka_unit_test(broken_lines_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data_respovision", tests, data_folder_setup,
                                       data_folder_teardown);
}
