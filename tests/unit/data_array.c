/* NumPy arrays of positions: what their shape gives away, and what is refused. */
#include "data_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SEQUENCES = 3, FRAMES = 4, MOST_AGENTS = 24, MOST = SEQUENCES * FRAMES * MOST_AGENTS * 2 };

/* Positions that fill a ground of length x width from (0,0) on, each agent at a place of its own,
 * all moving a little. value [sequences,frames,agents,2]. */
static void fill(float *value, int sequences, int frames, int agents, float length, float width)
{
    for (int s = 0; s < sequences; s++)
        for (int f = 0; f < frames; f++)
            for (int a = 0; a < agents; a++, value += 2) {
                const float along = (float)a / (float)(agents - 1);
                const float across = (float)(a * 5 % agents) / (float)(agents - 1);
                value[0] = length * (0.02f + 0.95f * along) + 0.01f * (float)f;
                value[1] = width * (0.02f + 0.95f * across) + 0.01f * (float)s;
            }
}

/* Writes folder/array.npy: version 1, little-endian floats. */
static const char *write_npy(void *const *state, const char *shape, const float *value,
                             size_t count)
{
    char header[128];
    const char *const path = data_file(state, "array.npy", "");
    FILE *const file = fopen(path, "wb");
    assert_non_null(file);
    const int length = snprintf(header, sizeof header,
                                "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }\n", shape);
    const unsigned char begin[] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (unsigned char)length, 0};
    assert_int_equal(fwrite(begin, 1, sizeof begin, file), sizeof begin);
    assert_int_equal(fwrite(header, 1, (size_t)length, file), (size_t)length);
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &value[i], sizeof bits);
        for (int b = 0; b < 4; b++) assert_true(fputc((int)(bits >> (8 * b) & 255), file) != EOF);
    }
    assert_int_equal(fclose(file), 0);
    return path;
}

static void refuse(const char *path, const traj_read_options *options, const char *part)
{
    traj_recording recording;
    traj_guesses guesses = {.count = 0};
    traj_error err = {0};
    assert_int_equal(traj_recording_read(&path, 1, options, &recording, &guesses, &err),
                     TRAJ_E_DATA);
    assert_int_equal(recording.sequences, 0);
    if (strstr(err.text, part) == NULL) fail_msg("'%s' is not in '%s'", part, err.text);
}

/* The same arrays in feet, as LED ships them, and divided by 94/28, as it trains on them. */
static void eleven_agents_are_basketball(void **state)
{
    static const struct {
        float length, width;
        const char *unit;
        double metre;
    } cases[] = {{94, 50, "feet: ", 0.3048}, {28, 50 * 28 / 94.f, "metres: ", 1.0}};
    float value[MOST];
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    for (size_t c = 0; c < 2; c++) {
        fill(value, SEQUENCES, FRAMES, 11, cases[c].length, cases[c].width);
        traj_recording recording = data_read(
            write_npy(state, "(3, 4, 11, 2)", value, SEQUENCES * FRAMES * 22), &options, &guesses);
        assert_true(recording.sequences == 3 && traj_rate_hz(recording.rate) == 5.0 &&
                    !recording.crowd);
        assert_true(fabs(recording.pitch_length_m - 28.6512) < 1e-9 &&
                    fabs(recording.pitch_width_m - 15.24) < 1e-9);
        assert_string_equal(recording.sequence[2].name, "2");
        assert_true(recording.sequence[2].frames == 4 && recording.sequence[2].agents == 11);
        for (size_t a = 0; a < 11; a++)
            assert_int_equal(recording.sequence[2].agent[a].kind, a == 10  ? TRAJ_BALL
                                                                  : a >= 5 ? TRAJ_AWAY
                                                                           : TRAJ_HOME);
        const float *const from = value + ((2 * FRAMES + 3) * 11 + 7) * 2;
        const float *const pos = data_pos(&recording, 2, 3, "7");
        assert_true(fabs(pos[0] - (from[0] * cases[c].metre - 14.3256)) < 1e-4);
        assert_true(fabs(pos[1] - (from[1] * cases[c].metre - 7.62)) < 1e-4);
        assert_non_null(strstr(data_guess_text(&guesses, "ball"), "agent 10, the last of 11"));
        assert_non_null(strstr(data_guess_text(&guesses, "teams"), "the first half"));
        const char *const unit = data_guess_text(&guesses, "units");
        assert_true(strncmp(unit, cases[c].unit, strlen(cases[c].unit)) == 0);
        traj_recording_free(&recording);
    }
}

static void the_ball_may_be_told(void **state)
{
    float value[MOST];
    traj_read_options options;
    traj_guesses guesses;
    fill(value, 1, FRAMES, 11, 94, 50);
    traj_read_options_init(&options);
    strcpy(options.ball, "0"); /* UniTraj's order */
    const char *const path = write_npy(state, "(4, 11, 2)", value, FRAMES * 22);
    traj_recording recording = data_read(path, &options, &guesses);
    const traj_sequence *const sequence = &recording.sequence[0];
    assert_true(recording.sequences == 1 && sequence->agents == 11);
    assert_string_equal(sequence->agent[0].id, "1");
    assert_int_equal(data_agent(&recording, 0, "5")->team, TRAJ_TEAM_HOME);
    assert_int_equal(data_agent(&recording, 0, "6")->team, TRAJ_TEAM_AWAY);
    assert_int_equal(sequence->agent[10].kind, TRAJ_BALL);
    assert_true(fabs(data_pos(&recording, 0, 0, "ball")[0] - (1.88 * 0.3048 - 14.3256)) < 1e-4);
    for (int g = 0; g < guesses.count; g++) /* what was told is not guessed */
        assert_string_not_equal(guesses.item[g].subject, "ball");
    traj_recording_free(&recording);
    strcpy(options.ball, "none");
    recording = data_read(path, &options, &guesses);
    assert_int_equal(data_agent(&recording, 0, "10")->kind, TRAJ_AWAY);
    traj_recording_free(&recording);
    strcpy(options.ball, "11");
    refuse(path, &options, "--ball 11: no agent has such an id");
}

/* A player never seen leaves a hole in the order: his neighbours keep their teams. */
static void missing_players_move_nobody_to_the_other_team(void **state)
{
    float value[MOST];
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    fill(value, 1, FRAMES, 11, 94, 50);
    for (int f = 0; f < FRAMES; f++) value[f * 22] = value[f * 22 + 1] = NAN;
    value[22 + 3] = NAN; /* agent 1 in frame 1: one coordinate is enough */
    traj_recording recording =
        data_read(write_npy(state, "(1, 4, 11, 2)", value, FRAMES * 22), &options, &guesses);
    assert_int_equal(recording.sequence[0].agents, 10);
    assert_int_equal(data_agent(&recording, 0, "4")->team, TRAJ_TEAM_HOME);
    assert_int_equal(data_agent(&recording, 0, "5")->team, TRAJ_TEAM_AWAY);
    assert_true(isnan(data_pos(&recording, 0, 1, "1")[0]));
    assert_false(isnan(data_pos(&recording, 0, 2, "1")[0]));
    traj_recording_free(&recording);
}

static void other_numbers_of_agents_are_other_sports(void **state)
{
    static const struct {
        int agents;
        float length, width;
        const char *shape, *sport;
        bool crowd, ball;
    } cases[] = {{22, 105, 68, "(4, 22, 2)", "npy: football array", false, false},
                 {23, 105, 68, "(4, 23, 2)", "npy: football array", false, true},
                 {7, 9, 5, "(4, 7, 2)", "npy: array of agents", true, false}};
    float value[MOST];
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        traj_read_options options;
        traj_guesses guesses;
        const int agents = cases[c].agents;
        traj_read_options_init(&options);
        fill(value, 1, FRAMES, agents, cases[c].length, cases[c].width);
        const char *const path =
            write_npy(state, cases[c].shape, value, (size_t)(FRAMES * agents * 2));
        refuse(path, &options, "say it with --source-rate HZ");
        options.source_rate_hz = 10.0;
        traj_recording recording = data_read(path, &options, &guesses);
        assert_non_null(strstr(data_guess_text(&guesses, "format"), cases[c].sport));
        assert_true(recording.crowd == cases[c].crowd);
        const traj_agent *const last = &recording.sequence[0].agent[agents - 1];
        assert_true((last->kind == TRAJ_BALL) == cases[c].ball);
        traj_recording_free(&recording);
    }
}

static void other_shapes_and_numbers_are_refused(void **state)
{
    static const struct {
        const char *shape;
        size_t count;
        const char *part;
    } cases[] = {
        {"(88,)", 88, "the array has the shape (88,), expected (sequences, frames, agents, 2)"},
        {"(44, 2)", 88, "shape (44, 2), expected"},
        {"(2, 11, 4)", 88, "shape (2, 11, 4), expected"},
        {"(1, 1, 4, 11, 2)", 88, "shape (1, 1, 4, 11, 2), expected"},
        {"(0, 4, 11, 2)", 0, "shape (0, 4, 11, 2) holds no position"},
        {"(9000000000000, 0, 11, 2)", 0, "holds no position"},
        {"(4, 0, 2)", 0, "holds no position"},
        {"(5, 11, 2)", 88, "110 numbers of 4 bytes should follow the header, but 352 bytes do"},
        {"(2, -11, -2, 2)", 88, "a negative size"},
    };
    float value[MOST];
    traj_read_options options;
    traj_read_options_init(&options);
    fill(value, 1, FRAMES, 11, 94, 50);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        refuse(write_npy(state, cases[c].shape, value, cases[c].count), &options, cases[c].part);
    value[4] = 1e30f;
    refuse(write_npy(state, "(4, 11, 2)", value, 88), &options,
           "frame 0 of sequence 0 has a position at (1e+30, ");
    for (size_t i = 0; i < 88; i++) value[i] = NAN;
    refuse(write_npy(state, "(4, 11, 2)", value, 88), &options, "no players");
}

static void failed_allocations_leak_nothing(void **state)
{
    float value[MOST];
    traj_read_options options;
    traj_read_options_init(&options);
    fill(value, SEQUENCES, FRAMES, 11, 94, 50);
    const char *const path = write_npy(state, "(3, 4, 11, 2)", value, SEQUENCES * FRAMES * 22);
    data_fail_allocations(path, &options);
}

int data_array_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eleven_agents_are_basketball),
        cmocka_unit_test(the_ball_may_be_told),
        cmocka_unit_test(missing_players_move_nobody_to_the_other_team),
        cmocka_unit_test(other_numbers_of_agents_are_other_sports),
        cmocka_unit_test(other_shapes_and_numbers_are_refused),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests_name("data: arrays", tests, data_folder_setup,
                                       data_folder_teardown);
}
