/* Real recordings, where they are to be had: TRAJ_SOURCE_DIR/../shared/data. What is known about
 * them is written in that folder's README. */
#include "data_groups.h"

#include "traj/io/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The path, in one of four static buffers; skips the test where the file is absent. */
static const char *shared(const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/../shared/data/%s", TRAJ_SOURCE_DIR, name);
    if (traj_file_exists(path)) return path;
    print_message("skipped: %s is not here\n", path);
    skip();
    return NULL;
}

static traj_recording read_shared(const char *name, traj_guesses *guesses)
{
    traj_read_options options;
    traj_read_options_init(&options);
    return data_read(shared(name), &options, guesses);
}

static size_t count_missing(const traj_sequence *sequence)
{
    size_t missing = 0;
    for (size_t i = 0; i < sequence->frames * sequence->agents; i++)
        missing += isnan(sequence->pos_m[2 * i]) != 0;
    return missing;
}

static void football_loads_without_flags(void **state)
{
    (void)state;
    traj_guesses guesses;
    traj_recording recording = read_shared("football_tracab/tracking_data.csv", &guesses);
    const traj_sequence *sequence = &recording.sequence[0];
    assert_int_equal(recording.sequences, 1);
    assert_int_equal(sequence->frames, 9000);
    assert_int_equal(sequence->agents, 23); /* substitutes' empty columns are nobody */
    assert_int_equal(count_missing(sequence), 0);
    assert_true(traj_rate_hz(recording.rate) == 25.0 && fabs(recording.quantum_m - 0.01) < 1e-9);
    assert_true(fabs(sequence->time_s[8999] - 359.96) < 1e-3);
    assert_true(data_pos(&recording, 0, 0, "home_1")[0] == -47.38f);
    assert_int_equal(data_agent(&recording, 0, "home_1")->kind, TRAJ_HOME_GK);
    assert_int_equal(data_agent(&recording, 0, "away_1")->kind, TRAJ_AWAY_GK);
    traj_recording_free(&recording);
}

static void nfl_loads_without_flags(void **state)
{
    (void)state;
    traj_guesses guesses;
    traj_recording recording = read_shared("nfl/plays_val.csv", &guesses);
    size_t frames = 0;
    for (size_t s = 0; s < recording.sequences; s++) {
        frames += recording.sequence[s].frames;
        assert_int_equal(recording.sequence[s].agents, 23);
        assert_int_equal(recording.sequence[s].agent[22].kind, TRAJ_BALL);
        assert_int_equal(count_missing(&recording.sequence[s]), 0);
        for (size_t a = 0; a < 22; a++)
            assert_true(recording.sequence[s].agent[a].kind <= TRAJ_AWAY);
    }
    assert_int_equal(recording.sequences, 60);
    assert_int_equal(frames, 9968);
    assert_true(fabs(recording.pitch_length_m - 109.728) < 1e-6 &&
                fabs(recording.pitch_width_m - 48.768) < 1e-6);
    assert_string_equal(recording.sequence[0].name, "2019101307/537");
    const float *pos = data_pos(&recording, 0, 0, "71461"); /* (43.41, 23.82) yards */
    assert_true(fabs(pos[0] - (43.41 - 60.0) * 0.9144) < 1e-4);
    assert_true(fabs(pos[1] - (23.82 * 0.9144 - 24.384)) < 1e-4);
    assert_non_null(strstr(data_guess_text(&guesses, "orientation"), "kept as it is"));
    traj_recording_free(&recording);
}

static void robocup_loads_without_flags(void **state)
{
    (void)state;
    traj_guesses guesses;
    traj_recording recording = read_shared("robocup/match.csv", &guesses), cut;
    assert_int_equal(recording.sequences, 1);
    assert_int_equal(recording.sequence[0].frames, 5999);
    assert_int_equal(recording.sequence[0].agents, 23);
    assert_true(traj_rate_hz(recording.rate) == 10.0);
    assert_int_equal(data_agent(&recording, 0, "MT2018_1")->kind, TRAJ_HOME_GK);
    assert_int_equal(data_agent(&recording, 0, "YuShan2018_1")->kind, TRAJ_AWAY_GK);
    const float *pos = data_pos(&recording, 0, 0, "MT2018_2"); /* (-21, -6), y down */
    assert_true(pos[0] == -21.0f && pos[1] == 6.0f);
    assert_int_equal(traj_recording_resample(&recording, 0.0, INT64_MIN, &cut, NULL), TRAJ_OK);
    assert_int_equal(cut.sequences, 2); /* cycle 3000 is not in the file */
    assert_int_equal(cut.sequence[0].frames, 2999);
    traj_recording_free(&recording);
    traj_recording_free(&cut);
}

/* An independent reader's table of the same two files; it mirrors y and leaves the second half as
 * it is. */
static void metrica_agrees_with_an_independent_reader(void **state)
{
    (void)state;
    const char *files[2];
    files[0] = shared("provider_fixtures/metrica_home.csv");
    files[1] = shared("provider_fixtures/metrica_away.csv");
    traj_read_options options;
    traj_recording ours;
    traj_guesses guesses = {.count = 0};
    traj_error err = {0};
    int group[2];
    assert_int_equal(traj_recording_group(files, 2, group), 1);
    traj_read_options_init(&options);
    strcpy(options.orient, "keep");
    if (traj_recording_read(files, 2, &options, &ours, &guesses, &err) != TRAJ_OK)
        fail_msg("%s", err.text);
    traj_recording theirs =
        data_read(shared("provider_expected/metrica_csv.csv"), &options, &guesses);
    assert_int_equal(ours.sequences, 2);
    assert_int_equal(theirs.sequences, 2);
    for (size_t s = 0; s < 2; s++) {
        const traj_sequence *sequence = &ours.sequence[s];
        assert_int_equal(sequence->agents, theirs.sequence[s].agents);
        for (size_t f = 0; f < sequence->frames; f++) {
            assert_int_equal(sequence->frame_id[f], theirs.sequence[s].frame_id[f]);
            for (size_t a = 0; a < sequence->agents; a++) {
                const float *one = sequence->pos_m + (f * sequence->agents + a) * 2;
                const float *two = data_pos(&theirs, s, f, sequence->agent[a].id);
                assert_true(isnan(one[0]) == isnan(two[0]));
                if (isnan(one[0])) continue;
                assert_true(fabsf(one[0] - two[0]) < 1e-4f && fabsf(one[1] + two[1]) < 1e-4f);
            }
        }
    }
    traj_recording_free(&ours);
    traj_recording_free(&theirs);
}

static void kloppy_tables_load_without_flags(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double rate_hz;
        size_t sequences;
    } tables[] = {
        {"metrica_csv", 25.0, 2},    {"pff", 30000.0 / 1001.0, 4}, {"secondspectrum", 25.0, 2},
        {"skillcorner_v3", 10.0, 2}, {"sportec", 25.0, 2},         {"tracab_dat", 25.0, 2},
    };
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        char name[128];
        traj_guesses guesses;
        snprintf(name, sizeof name, "provider_expected/%s.csv", tables[t].name);
        traj_recording recording = read_shared(name, &guesses);
        assert_true(fabs(traj_rate_hz(recording.rate) - tables[t].rate_hz) < 1e-9);
        assert_int_equal(recording.sequences, tables[t].sequences);
        size_t team[3] = {0, 0, 0};
        for (size_t a = 0; a < recording.sequence[0].agents; a++)
            team[recording.sequence[0].agent[a].team]++;
        assert_true(team[TRAJ_TEAM_HOME] > 0 && team[TRAJ_TEAM_AWAY] > 0);
        assert_int_equal(team[TRAJ_TEAM_BALL], 1);
        (void)data_guess_text(&guesses, "teams");
        traj_recording_free(&recording);
    }
}

int data_shared_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(football_loads_without_flags),
        cmocka_unit_test(nfl_loads_without_flags),
        cmocka_unit_test(robocup_loads_without_flags),
        cmocka_unit_test(metrica_agrees_with_an_independent_reader),
        cmocka_unit_test(kloppy_tables_load_without_flags),
    };
    return cmocka_run_group_tests_name("data: real recordings", tests, NULL, NULL);
}
