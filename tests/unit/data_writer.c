/* What is written is read back, number for number. */
#include "data_groups.h"

#include "traj/base/memory.h"
#include "traj/data/simulate.h"
#include "traj/data/writer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The first two hold anything, all of them matches. */
static const char *const formats[] = {"wide", "long", "cdf", "kloppy"};
enum { FORMATS = sizeof formats / sizeof *formats };

static traj_recording small(double quantum_m, float x)
{
    traj_recording recording;
    traj_sequence *sequence;
    traj_recording_init(&recording);
    recording.rate = recording.source_rate = (traj_rate){10, 1};
    recording.quantum_m = quantum_m;
    assert_int_equal(traj_recording_add(&recording, 2, 3, &sequence, NULL), TRAJ_OK);
    strcpy(sequence->name, "1");
    sequence->period_id = 1;
    sequence->agent[0] =
        (traj_agent){.id = "P,1", .team = TRAJ_TEAM_HOME, .kind = TRAJ_HOME, .jersey = -1};
    sequence->agent[1] =
        (traj_agent){.id = "away_7", .team = TRAJ_TEAM_AWAY, .kind = TRAJ_AWAY, .jersey = 7};
    sequence->agent[2] =
        (traj_agent){.id = "ball", .team = TRAJ_TEAM_BALL, .kind = TRAJ_BALL, .jersey = -1};
    for (int f = 0; f < 2; f++) {
        sequence->frame_id[f] = 10 + f;
        sequence->time_s[f] = 0.1 * f;
        float pos[6] = {x, -30.0f, 50.0f, -0.001f, NAN, NAN};
        memcpy(sequence->pos_m + 6 * f, pos, sizeof pos);
    }
    return recording;
}

/* A file named as those of the format are. */
static const char *path_for(void *const *state, const char *stem, const char *format)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s", stem, traj_writer_suffix(format));
    return data_file(state, name, "");
}

static const char *written(void *const *state, const traj_recording *recording, const char *format)
{
    static char text[4096];
    const char *path = data_file(state, "out.csv", "");
    traj_error err = {0};
    if (traj_recording_write(recording, format, path, &err) != TRAJ_OK) fail_msg("%s", err.text);
    return data_text(path, text, sizeof text);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    traj_recording recording = small(0.01, 1.0f);
    traj_error err = {0};
    assert_int_equal(traj_recording_write(&recording, "wide", "/nonexistent/a.csv", &err),
                     TRAJ_E_IO);
    assert_true(err.text[0] != '\0');
    traj_recording_free(&recording);
}

static void an_unknown_format_is_an_error(void **state)
{
    (void)state;
    traj_recording recording = small(0.01, 1.0f);
    traj_error err = {0};
    assert_int_equal(traj_recording_write(&recording, "papyrus", "/tmp/never", &err), TRAJ_E_USAGE);
    assert_non_null(strstr(err.text, "'papyrus' is no format"));
    assert_null(traj_writer_suffix("papyrus"));
    for (const char *const *name = traj_writer_names(); *name != NULL; name++)
        assert_int_equal(traj_writer_suffix(*name)[0], '.');
    traj_recording_free(&recording);
}

static void the_layouts_are_these(void **state)
{
    traj_recording recording = small(0.01, -50.0f);
    assert_string_equal(
        written(state, &recording, "wide"),
        "frame,period_id,timestamp,ball_x,ball_y,\"home_P,1_x\",\"home_P,1_y\",away_7_x,away_7_y\n"
        "10,1,0,,,-50.00,-30.00,50.00,0.00\n11,1,0.1,,,-50.00,-30.00,50.00,0.00\n");
    assert_string_equal(
        written(state, &recording, "long"),
        "sequence,sample,period_id,frame_id,timestamp,team,player_id,jersey,x,y,observed\n"
        "1,,1,10,0,home,\"P,1\",,-50.00,-30.00,1\n1,,1,10,0,away,away_7,7,50.00,0.00,1\n"
        "1,,1,10,0,ball,ball,,,,1\n1,,1,11,0.1,home,\"P,1\",,-50.00,-30.00,1\n"
        "1,,1,11,0.1,away,away_7,7,50.00,0.00,1\n1,,1,11,0.1,ball,ball,,,,1\n");
    traj_recording_free(&recording);
}

/* Without a quantum the digits suffice for the same float: a third is no decimal number. */
static void floats_come_back_exactly(void **state)
{
    const float values[] = {-100.0f / 3.0f, 0.1f, -52.123456f, 1e-7f, 12.5f};
    for (size_t v = 0; v < sizeof values / sizeof values[0]; v++)
        for (int layout = 0; layout < FORMATS; layout++) {
            traj_recording recording = small(0.0, values[v]);
            traj_read_options options;
            traj_guesses guesses;
            traj_read_options_init(&options);
            strcpy(options.unit, "metres");
            strcpy(options.origin, "centre");
            strcpy(options.orient, "keep");
            const char *path = path_for(state, "exact", formats[layout]);
            assert_int_equal(traj_recording_write(&recording, formats[layout], path, NULL),
                             TRAJ_OK);
            traj_recording back = data_read(path, &options, &guesses);
            const char *id = layout == 0 ? "home_P,1" : "P,1";
            assert_true(data_pos(&back, 0, 0, id)[0] == values[v]);
            assert_int_equal(data_agent(&back, 0, id)->team, TRAJ_TEAM_HOME);
            assert_true(data_pos(&back, 0, 1, "away_7")[1] == -0.001f);
            assert_int_equal(back.sequence[0].agents, 2); /* the ball was never seen */
            traj_recording_free(&recording);
            traj_recording_free(&back);
        }
}

static void a_simulated_match_comes_back_exactly(void **state)
{
    for (int run = 0; run < 2 * FORMATS; run++) {
        const int layout = run % FORMATS;
        traj_simulate_options simulation;
        traj_simulate_options_init(&simulation);
        simulation.minutes = 0.5;
        if (run >= FORMATS) simulation.rate_hz = 29.97;
        traj_recording match, back;
        assert_int_equal(traj_simulate(&simulation, &match, NULL), TRAJ_OK);
        traj_read_options options;
        traj_guesses guesses;
        traj_read_options_init(&options);
        const char *path = path_for(state, "match", formats[layout]);
        assert_int_equal(traj_recording_write(&match, formats[layout], path, NULL), TRAJ_OK);
        back = data_read(path, &options, &guesses);
        assert_int_equal(back.sequences, match.sequences);
        const traj_sequence *one = &match.sequence[0], *two = &back.sequence[0];
        assert_int_equal(one->frames, two->frames);
        assert_int_equal(one->agents, two->agents);
        assert_true(traj_rate_same(back.rate, match.rate));
        assert_true(fabs(back.quantum_m - 0.01) < 1e-9);
        for (size_t f = 0; f < one->frames; f++) {
            assert_int_equal(one->frame_id[f], two->frame_id[f]);
            assert_true(fabs(one->time_s[f] - two->time_s[f]) < 1e-6);
            for (size_t k = 0; k < 2 * one->agents; k++)
                assert_true(one->pos_m[2 * one->agents * f + k] ==
                            two->pos_m[2 * one->agents * f + k]);
        }
        for (size_t a = 0; a < one->agents; a++) {
            assert_int_equal(one->agent[a].kind, two->agent[a].kind);
            assert_int_equal(one->agent[a].jersey, two->agent[a].jersey);
        }
        traj_recording_free(&back);
        traj_recording_free(&match);
    }
}

/* Players roam over more than 108 x 70 m here, which would be taken for yards if nothing told. */
static void a_large_pitch_comes_back_in_metres(void **state)
{
    static const char *const held[] = {"wide", "long", "cdf"};
    traj_simulate_options simulation;
    traj_read_options options;
    traj_guesses guesses;
    traj_recording match;
    traj_simulate_options_init(&simulation);
    traj_read_options_init(&options);
    simulation.minutes = 1.0;
    simulation.pitch_length_m = 112.0;
    simulation.pitch_width_m = 78.0;
    assert_int_equal(traj_simulate(&simulation, &match, NULL), TRAJ_OK);
    traj_sequence *one = &match.sequence[0];
    for (size_t f = 0; f < one->frames; f++) one->time_s[f] += 7.0; /* begins late, and is cut */
    for (size_t layout = 0; layout < 3; layout++) {
        const char *path = path_for(state, "large", held[layout]);
        assert_int_equal(traj_recording_write(&match, held[layout], path, NULL), TRAJ_OK);
        traj_recording back = data_read(path, &options, &guesses);
        const traj_sequence *two = &back.sequence[0];
        assert_true(back.pitch_width_m > 70.0);
        assert_true(fabs(two->time_s[0] - 7.0) < 1e-9);
        for (size_t k = 0; k < 2 * one->frames * one->agents; k++)
            assert_true(one->pos_m[k] == two->pos_m[k]);
        traj_recording_free(&back);
    }
    traj_recording_free(&match);
}

/* As Hawk-Eye's balls are. */
static void a_ball_alone_comes_back(void **state)
{
    traj_recording ball = small(0.01, 1.0f), back;
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    for (size_t i = 0; i < 12; i++) ball.sequence[0].pos_m[i] = i % 6 < 4 ? NAN : (float)i;
    for (int layout = 1; layout <= 2; layout++) { /* long and cdf */
        const char *path = path_for(state, "ball", formats[layout]);
        assert_int_equal(traj_recording_write(&ball, formats[layout], path, NULL), TRAJ_OK);
        back = data_read(path, &options, &guesses);
        assert_int_equal(back.sequence[0].agents, 1);
        assert_true(data_pos(&back, 0, 1, "ball")[0] == 10.0f);
        traj_recording_free(&back);
    }
    traj_recording_free(&ball);
}

/* Ids between two frames are rounded; on average they are what they were. */
static void resampled_frames_keep_their_ids(void **state)
{
    static const double rates_hz[] = {20.0, 10.0, 5.0, 7.0};
    traj_simulate_options simulation;
    traj_read_options options;
    traj_guesses guesses;
    traj_recording match, resampled;
    traj_simulate_options_init(&simulation);
    traj_read_options_init(&options);
    simulation.minutes = 0.5;
    assert_int_equal(traj_simulate(&simulation, &match, NULL), TRAJ_OK);
    for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++) {
        const char *path = path_for(state, "resampled", "long");
        assert_int_equal(traj_recording_resample(&match, rates_hz[r], INT64_MIN, &resampled, NULL),
                         TRAJ_OK);
        assert_int_equal(traj_recording_write(&resampled, "long", path, NULL), TRAJ_OK);
        traj_recording back = data_read(path, &options, &guesses);
        assert_true(traj_rate_hz(back.rate) == rates_hz[r]);
        assert_true(fabs(back.frame_id_step - 25.0 / rates_hz[r]) < 0.02);
        assert_int_equal(back.sequence[0].frames, resampled.sequence[0].frames);
        traj_recording_free(&back);
        traj_recording_free(&resampled);
    }
    traj_recording_free(&match);
}

static void plays_keep_their_names(void **state)
{
    traj_recording recording = small(0.01, -50.0f);
    strcpy(recording.sequence[0].name, "2019/7");
    for (int layout = 0; layout <= 1; layout++) {
        traj_read_options options;
        traj_guesses guesses;
        traj_read_options_init(&options);
        const char *path = data_file(state, "plays.csv", "");
        assert_int_equal(traj_recording_write(&recording, formats[layout], path, NULL), TRAJ_OK);
        traj_recording back = data_read(path, &options, &guesses);
        assert_string_equal(back.sequence[0].name, "2019/7");
        traj_recording_free(&back);
    }
    traj_recording_free(&recording);
}

static void failed_allocations_are_told(void **state)
{
    for (const char *const *format = traj_writer_names(); *format != NULL; format++) {
        traj_recording recording = small(0.01, 1.0f);
        const char *path = path_for(state, *format, *format);
        traj_status status = TRAJ_E_MEMORY;
        for (long n = 1; status != TRAJ_OK; n++) {
            traj_error err = {0};
            traj_alloc_fail_at(n);
            status = traj_recording_write(&recording, *format, path, &err);
            traj_alloc_fail_at(0);
            assert_true(status == TRAJ_OK || (status == TRAJ_E_MEMORY && n < 1000));
            assert_true(status == TRAJ_OK || err.text[0] != '\0');
        }
        traj_recording_free(&recording);
    }
}

static void the_columns_of_kloppy_are_these(void **state)
{
    traj_recording recording = small(0.01, -50.0f);
    assert_int_equal(traj_sequence_add_play(&recording.sequence[0], NULL), TRAJ_OK);
    recording.sequence[0].play[1] = (traj_play){TRAJ_BALL_DEAD, TRAJ_OWNER_AWAY};
    assert_string_equal(
        written(state, &recording, "kloppy"),
        "period_id,timestamp,frame_id,ball_state,ball_owning_team_id,ball_x,ball_y,\"P,1_x\","
        "\"P,1_y\",away_7_x,away_7_y\n1,0,10,,,,,-50.00,-30.00,50.00,0.00\n"
        "1,0.1,11,dead,away,,,-50.00,-30.00,50.00,0.00\n");
    traj_recording_free(&recording);
}

/* No two columns may have one name. */
static void ids_of_both_teams_are_told_apart(void **state)
{
    traj_recording recording = small(0.01, -50.0f);
    strcpy(recording.sequence[0].agent[0].id, "7");
    strcpy(recording.sequence[0].agent[1].id, "7");
    const char *text = written(state, &recording, "kloppy");
    assert_non_null(strstr(text, ",ball_x,ball_y,home_7_x,home_7_y,away_7_x,away_7_y\n"));
    traj_recording_free(&recording);
}

/* Two plays of pedestrians whose frames overlap, the second longer and with somebody else. */
static traj_recording two_walks(void)
{
    traj_recording recording;
    traj_sequence *sequence;
    traj_recording_init(&recording);
    recording.rate = recording.source_rate = (traj_rate){5, 2};
    recording.crowd = true;
    for (size_t s = 0; s < 2; s++) {
        const size_t frames = 10 + 5 * s;
        assert_int_equal(traj_recording_add(&recording, frames, 2, &sequence, NULL), TRAJ_OK);
        snprintf(sequence->name, sizeof sequence->name, "walk %zu", s);
        for (size_t a = 0; a < 2; a++) {
            sequence->agent[a] =
                (traj_agent){.team = TRAJ_TEAM_HOME, .kind = TRAJ_HOME, .jersey = -1};
            snprintf(sequence->agent[a].id, sizeof sequence->agent[a].id, "%zu", 40 + s + a);
        }
        for (size_t f = 0; f < frames; f++) {
            sequence->frame_id[f] = 5 + (int64_t)f;
            sequence->time_s[f] = 0.4 * (double)f;
            const float pos[4] = {1.0f / 3.0f + 0.2f * (float)f, (float)s, 0.125f, -2.5f};
            memcpy(sequence->pos_m + 4 * f, pos, (f == 3 ? 2 : 4) * sizeof *pos);
        }
    }
    return recording;
}

/* Frames in which they are not seen hold no line. */
static void trajnet_gives_scenes_that_do_not_overlap(void **state)
{
    traj_recording walks = two_walks();
    traj_read_options options;
    traj_guesses guesses;
    traj_read_options_init(&options);
    const char *path = data_file(state, "walks.ndjson", "");
    assert_int_equal(traj_recording_write(&walks, "trajnet", path, NULL), TRAJ_OK);
    traj_recording back = data_read(path, &options, &guesses);
    assert_int_equal(back.sequences, 2);
    assert_true(back.crowd && traj_rate_hz(back.rate) == 2.5);
    for (size_t s = 0; s < 2; s++) {
        assert_int_equal(back.sequence[s].frames, walks.sequence[s].frames);
        assert_int_equal(back.sequence[s].frame_id[0], s == 0 ? 5 : 15);
        for (size_t f = 0; f < back.sequence[s].frames; f++)
            for (size_t a = 0; a < 2; a++) {
                const char *id = walks.sequence[s].agent[a].id;
                const float *one = data_pos(&walks, s, f, id), *two = data_pos(&back, s, f, id);
                assert_true(isnan(one[0]) ? isnan(two[0]) : one[0] == two[0] && one[1] == two[1]);
            }
    }
    strcpy(walks.sequence[0].agent[0].id, "somebody"); /* so all are numbered */
    walks.sequence[0].frames = 1;
    walks.sequences = 1;
    assert_string_equal(
        written(state, &walks, "trajnet"),
        "{\"scene\": {\"id\": 0, \"p\": 0, \"s\": 5, \"e\": 5, \"fps\": 2.5, \"tag\": 0}}\n"
        "{\"track\": {\"f\": 5, \"p\": 0, \"x\": 0.33333334, \"y\": 0.00}}\n"
        "{\"track\": {\"f\": 5, \"p\": 1, \"x\": 0.125, \"y\": -2.50}}\n");
    walks.sequences = 2;
    traj_recording_free(&walks);
    traj_recording_free(&back);
}

static void arrays_hold_everybody_in_every_frame(void **state)
{
    traj_recording walks = two_walks();
    traj_read_options options;
    traj_guesses guesses;
    char text[4096];
    traj_read_options_init(&options);
    options.source_rate_hz = 2.5;
    const char *path = data_file(state, "walks.npy", "");
    assert_int_equal(traj_recording_write(&walks, "npy", path, NULL), TRAJ_OK);
    traj_recording back = data_read(path, &options, &guesses);
    assert_int_equal(back.sequences, 2);
    for (size_t s = 0; s < 2; s++) {
        assert_int_equal(back.sequence[s].frames, 15); /* the shorter one is filled up */
        for (size_t f = 0; f < 15; f++)
            for (size_t a = 0; a < 2; a++) { /* 40, 41, then 41, 42 */
                char place[8];
                snprintf(place, sizeof place, "%zu", s + a);
                const float *two = data_pos(&back, s, f, place);
                if (f >= walks.sequence[s].frames || (f == 3 && a == 1)) {
                    assert_true(isnan(two[0]) && isnan(two[1]));
                    continue;
                }
                const float *one = data_pos(&walks, s, f, walks.sequence[s].agent[a].id);
                assert_true(one[0] == two[0] && one[1] == two[1]);
            }
    }
    char names[512];
    snprintf(names, sizeof names, "%s/walks_names.json", (const char *)*state);
    data_text(names, text, sizeof text);
    assert_non_null(strstr(text, "\"rate_hz\": 2.5"));
    assert_non_null(strstr(text, "\"id\": \"42\""));
    assert_non_null(strstr(text, "\"team\": \"pedestrian\""));
    assert_non_null(strstr(text, "\"name\": \"walk 1\""));
    assert_non_null(strstr(text, "\"first_frame_id\": 5"));
    traj_recording_free(&walks);
    traj_recording_free(&back);
}

/* Frames 13 and 14 are lost, and the clock is not quite even. */
static void arrays_leave_room_for_missing_frames(void **state)
{
    traj_recording walks = two_walks(), back;
    traj_read_options options;
    traj_guesses guesses;
    char names[512], text[4096];
    traj_sequence *const one = &walks.sequence[1];
    traj_read_options_init(&options);
    options.source_rate_hz = 2.5;
    for (size_t f = 8; f < 15; f++) {
        one->frame_id[f] += 2;
        one->time_s[f] += 0.81;
    }
    const char *path = data_file(state, "holes.npy", "");
    assert_int_equal(traj_recording_write(&walks, "npy", path, NULL), TRAJ_OK);
    back = data_read(path, &options, &guesses);
    assert_int_equal(back.sequence[1].frames, 17);
    for (size_t f = 0; f < 15; f++)
        assert_true(data_pos(&back, 1, f < 8 ? f : f + 2, "1")[0] ==
                    data_pos(&walks, 1, f, "41")[0]);
    assert_true(isnan(data_pos(&back, 1, 8, "1")[0]) && isnan(data_pos(&back, 1, 9, "1")[0]));
    snprintf(names, sizeof names, "%s/holes_names.json", (const char *)*state);
    assert_non_null(strstr(data_text(names, text, sizeof text), "\"frames\": 17"));
    traj_recording_free(&back);
    one->time_s[14] = 1e9;
    traj_error err = {0};
    assert_int_equal(traj_recording_write(&walks, "npy", path, &err), TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "cut it with --frames"));
    traj_recording_free(&walks);
}

/* A match comes back from an array as who stands where: home, away, the ball. */
static void arrays_keep_matches(void **state)
{
    traj_simulate_options simulation;
    traj_read_options options;
    traj_guesses guesses;
    traj_recording match;
    traj_simulate_options_init(&simulation);
    traj_read_options_init(&options);
    simulation.minutes = 0.2;
    options.source_rate_hz = simulation.rate_hz;
    assert_int_equal(traj_simulate(&simulation, &match, NULL), TRAJ_OK);
    const char *path = data_file(state, "match.npy", "");
    assert_int_equal(traj_recording_write(&match, "npy", path, NULL), TRAJ_OK);
    traj_recording back = data_read(path, &options, &guesses);
    const traj_sequence *one = &match.sequence[0], *two = &back.sequence[0];
    assert_int_equal(one->frames, two->frames);
    assert_int_equal(one->agents, two->agents);
    assert_memory_equal(one->pos_m, two->pos_m, 2 * one->frames * one->agents * sizeof *one->pos_m);
    for (size_t a = 0; a < one->agents; a++)
        assert_int_equal(one->agent[a].team, two->agent[a].team);
    traj_recording_free(&match);
    traj_recording_free(&back);
}

int data_writer_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
        cmocka_unit_test(an_unknown_format_is_an_error),
        cmocka_unit_test(the_layouts_are_these),
        cmocka_unit_test(floats_come_back_exactly),
        cmocka_unit_test(a_simulated_match_comes_back_exactly),
        cmocka_unit_test(a_large_pitch_comes_back_in_metres),
        cmocka_unit_test(a_ball_alone_comes_back),
        cmocka_unit_test(resampled_frames_keep_their_ids),
        cmocka_unit_test(plays_keep_their_names),
        cmocka_unit_test(the_columns_of_kloppy_are_these),
        cmocka_unit_test(ids_of_both_teams_are_told_apart),
        cmocka_unit_test(trajnet_gives_scenes_that_do_not_overlap),
        cmocka_unit_test(arrays_hold_everybody_in_every_frame),
        cmocka_unit_test(arrays_leave_room_for_missing_frames),
        cmocka_unit_test(arrays_keep_matches),
        cmocka_unit_test(failed_allocations_are_told),
    };
    return cmocka_run_group_tests_name("data: writer", tests, data_folder_setup,
                                       data_folder_teardown);
}
