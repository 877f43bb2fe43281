/* Every spelling of "missing" becomes NaN, in both coordinates, there and nowhere else; and what is
 * NaN is masked in a batch. */
#include "data_groups.h"

#include "traj/base/memory.h"
#include "traj/data/window.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The rows of a wide file; home_2's fields in frame 2 are replaced. */
#define WIDE(fields)                                                                               \
    "frame,timestamp,home_1_x,home_1_y,home_2_x,home_2_y,away_1_x,away_1_y\n"                      \
    "1,0.0,-50.11,0,-9,3,50.11,0\n2,0.1,-50.11,0," fields                                          \
    ",50.11,0\n3,0.2,-50.11,0,-9,3,50.11,0\n"

/* The same as a long file: home_2 is home's second. */
#define LONG_FRAME(frame, time)                                                                    \
    frame "," time ",home,home_1,-50.11,0\n" frame "," time ",away,away_1,50.11,0\n"
#define LONG(row)                                                                                  \
    "frame_id,timestamp,team,player_id,x,y\n" LONG_FRAME(                                          \
        "1", "0.0") "1,0.0,home,home_2,-9,3\n" LONG_FRAME("2", "0.1")                              \
        row LONG_FRAME("3", "0.2") "3,0.2,home,home_2,-9,3\n"

#define SECOND(frame, time, home_2)                                                                \
    "{\"period\":1,\"frameIdx\":" frame ",\"gameClock\":" time ",\"homePlayers\":["                \
    "{\"playerId\":\"home_1\",\"number\":1,\"xyz\":[-50.11,0,0]}" home_2 "],\"awayPlayers\":["     \
    "{\"playerId\":\"away_1\",\"number\":1,\"xyz\":[50.11,0,0]}],\"ball\":null,\"live\":true}\n"
#define SECOND_SEEN ",{\"playerId\":\"home_2\",\"number\":2,\"xyz\":[-9,3,0]}"
#define JSON(home_2)                                                                               \
    SECOND("1", "0.0", SECOND_SEEN) SECOND("2", "0.1", home_2) SECOND("3", "0.2", SECOND_SEEN)

#define DAT(frame, target) frame ":1,1,1,-5011,0,0;" target "0,3,1,5011,0,0;:;:\n"
#define DAT_SEEN           "1,2,2,-900,300,0;"
#define TRACAB(target)     DAT("1", DAT_SEEN) DAT("2", target) DAT("3", DAT_SEEN)

static void players_are_missing_in_every_spelling(void **state)
{
    static const char *const cases[] = {
        WIDE("NaN,NaN"),
        WIDE("nan,nan"),
        WIDE(","),
        WIDE("NA,NA"),
        WIDE("<NA>,<NA>"),
        WIDE("N/A,N/A"),
        WIDE("null,null"),
        WIDE("None,None"),
        WIDE("-999,-999"),
        WIDE("inf,-inf"),
        WIDE("1e999,3"),
        WIDE("-9,"),
        WIDE(",3"),
        WIDE("NaN,3"),
        LONG("2,0.1,home,home_2,,\n"),
        LONG("2,0.1,home,home_2,NaN,NaN\n"),
        LONG("2,0.1,home,home_2,NA,NA\n"),
        LONG("2,0.1,home,home_2,-999,-999\n"),
        LONG(""),
        JSON(""),
        JSON(",{\"playerId\":\"home_2\",\"number\":2,\"xyz\":null}"),
        JSON(",{\"playerId\":\"home_2\",\"number\":2}"),
        JSON(",{\"playerId\":\"home_2\",\"number\":2,\"xyz\":[]}"),
        JSON(",{\"playerId\":\"home_2\",\"number\":2,\"xyz\":[null,null,null]}"),
        JSON(",{\"playerId\":\"home_2\",\"number\":2,\"xyz\":[NaN,NaN,NaN]}"),
        JSON(",{\"playerId\":\"home_2\",\"number\":2,\"xyz\":[Infinity,0,0]}"),
        TRACAB(""),
        TRACAB("1,2,2,5550,4400,0;"),
        TRACAB("4,2,-1,5550,4400,0;"),
        TRACAB("-1,2,2,-900,300,0;"),
        TRACAB("3,2,2,-900,300,0;"),
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        traj_read_options options;
        traj_guesses guesses;
        traj_read_options_init(&options);
        traj_recording recording =
            data_read(data_file(state, "missing.csv", cases[c]), &options, &guesses);
        assert_int_equal(recording.sequences, 1);
        assert_int_equal(recording.sequence[0].frames, 3);
        for (size_t f = 0; f < 3; f++) {
            const float *pos = data_pos(&recording, 0, f, "home_2");
            if (f == 1 ? !isnan(pos[0]) || !isnan(pos[1]) : pos[0] != -9.0f || pos[1] != 3.0f)
                fail_msg("case %zu, frame %zu: (%g, %g)", c, f + 1, (double)pos[0], (double)pos[1]);
            assert_true(fabsf(data_pos(&recording, 0, f, "home_1")[0] + 50.11f) < 1e-5f);
        }
        traj_recording_free(&recording);
    }
}

#define BALL(fields)                                                                               \
    "frame,timestamp,ball_x,ball_y,ball_z,home_1_x,home_1_y,away_1_x,away_1_y\n"                   \
    "1,0.0,1,2,0,-50.11,0,50.11,0\n2,0.1," fields                                                  \
    ",-50.11,0,50.11,0\n3,0.2,1,2,0,-50.11,0,50.11,0\n"
#define LONG_BALL(row)                                                                             \
    "frame_id,timestamp,team,player_id,x,y,z\n1,0.0,home,1,-50.11,0,\n1,0.0,away,2,50.11,0,\n"     \
    "1,0.0,ball,ball,1,2,0\n2,0.1,home,1,-50.11,0,\n2,0.1,away,2,50.11,0,\n" row                   \
    "3,0.2,home,1,-50.11,0,\n3,0.2,away,2,50.11,0,\n3,0.2,ball,ball,1,2,0\n"

static void the_ball_is_missing_in_every_spelling(void **state)
{
    static const char *const cases[] = {
        BALL("NaN,NaN,NaN"),
        BALL(",,"),
        BALL("0,0,-10"),
        BALL("0.3,-0.2,-10.0"),
        LONG_BALL("2,0.1,ball,ball,0,0,-10\n"),
        LONG_BALL("2,0.1,ball,ball,,,\n"),
        LONG_BALL(""),
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        traj_read_options options;
        traj_guesses guesses;
        traj_read_options_init(&options);
        traj_recording recording =
            data_read(data_file(state, "missing.csv", cases[c]), &options, &guesses);
        if (!isnan(data_pos(&recording, 0, 1, "ball")[0])) fail_msg("case %zu", c);
        assert_true(data_pos(&recording, 0, 0, "ball")[1] == 2.0f);
        assert_true(data_pos(&recording, 0, 2, "ball")[1] == 2.0f);
        traj_recording_free(&recording);
    }
}

/* Pedestrians who have no line. */
static void an_absent_line_is_missing(void **state)
{
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    traj_recording recording = data_read(
        data_file(state, "eth.txt",
                  "0\t1.0\t8.5\t3.5\n0\t2.0\t1.5\t3.5\n10\t1.0\t8.5\t3.6\n20\t1.0\t8.5\t3.7\n"
                  "20\t2.0\t1.5\t3.7\n"),
        &options, &guesses);
    const traj_sequence *sequence = &recording.sequence[0];
    assert_int_equal(sequence->frames, 3);
    assert_false(isnan(sequence->pos_m[2]));
    assert_true(isnan(sequence->pos_m[4 + 2]) && isnan(sequence->pos_m[4 + 3]));
    assert_false(isnan(sequence->pos_m[8 + 2]));
    traj_recording_free(&recording);
}

/* Ten metres left and below of the centre spot is a place, in centimetres. */
static void minus_999_centimetres_are_a_place(void **state)
{
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    traj_recording recording =
        data_read(data_file(state, "match.dat", TRACAB("1,2,2,-999,-999,0;")), &options, &guesses);
    assert_true(fabsf(data_pos(&recording, 0, 1, "home_2")[0] + 9.99f) < 1e-5f);
    traj_recording_free(&recording);
}

static void what_is_missing_is_masked(void **state)
{
    traj_read_options options;
    traj_guesses guesses;
    traj_windows windows;
    traj_batch batch;
    traj_arena arena;
    traj_read_options_init(&options);
    traj_recording recording =
        data_read(data_file(state, "missing.csv", WIDE(",")), &options, &guesses);
    assert_int_equal(traj_windows_cut(&recording, 1, 3, 1, 0.0, 1.0, 0, &windows, NULL), TRAJ_OK);
    assert_int_equal(windows.count, 1);
    const traj_norm norm = {
        .rate_hz = 10.0, .scale_m = {1.0, 1.0, 1.0, 1.0, 1.0}, .half_m = {52.5, 34.0}};
    assert_int_equal(traj_arena_init(&arena, 1 << 20, NULL), TRAJ_OK);
    traj_batch_take(&batch, 1, 3, 2, &arena);
    const traj_scene_options as_it_is = {0};
    traj_scene_fill(&batch, 0, &recording, &windows.item[0], &norm, as_it_is, &arena);
    const traj_real present[2][3] = {{1, 1, 1}, {1, 0, 1}}; /* home_1, home_2, away_1 */
    const traj_real target[2][3] = {{1, 0, 1}, {1, 0, 1}};
    for (int t = 0; t < 2; t++)
        for (int a = 0; a < 3; a++) {
            assert_true(batch.present[3 * t + a] == present[t][a]);
            assert_true(batch.target[3 * t + a] == target[t][a]);
            assert_false(isnan((double)batch.x[2 * (3 * t + a)]));
        }
    traj_arena_free(&arena);
    traj_windows_free(&windows);
    traj_recording_free(&recording);
}

int data_missing_tests(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(players_are_missing_in_every_spelling),
        cmocka_unit_test(the_ball_is_missing_in_every_spelling),
        cmocka_unit_test(an_absent_line_is_missing),
        cmocka_unit_test(minus_999_centimetres_are_a_place),
        cmocka_unit_test(what_is_missing_is_masked),
    };
    return cmocka_run_group_tests_name("data: missing", tests, data_folder_setup,
                                       data_folder_teardown);
}
