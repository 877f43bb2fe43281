/* Room data: runs its groups and holds what they share. */
#include "data_groups.h"

#include "traj/base/memory.h"

#include <dirent.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

int data_folder_setup(void **state)
{
    char pattern[] = "/tmp/traj_data_XXXXXX";
    if (mkdtemp(pattern) == NULL) return -1;
    *state = traj_strdup(pattern);
    return *state != NULL ? 0 : -1;
}

int data_folder_teardown(void **state)
{
    char path[512];
    DIR *folder = opendir(*state);
    if (folder == NULL) return -1;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%.200s", (const char *)*state, entry->d_name);
        remove(path);
    }
    closedir(folder);
    int left = rmdir(*state); /* fails when a test left something hidden */
    traj_free(*state);
    return left;
}

const char *data_path(void *const *state, const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name);
    return path;
}

const char *data_text(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
    return text;
}

const char *data_file(void *const *state, const char *name, const char *text)
{
    const char *path = data_path(state, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

traj_recording data_read(const char *path, const traj_read_options *options, traj_guesses *guesses)
{
    traj_recording recording;
    traj_error err = {0};
    guesses->count = 0;
    if (traj_recording_read(&path, 1, options, &recording, guesses, &err) != TRAJ_OK)
        fail_msg("%s", err.text);
    return recording;
}

traj_recording data_read_text(void *const *state, const char *text, traj_guesses *guesses)
{
    traj_read_options options;
    traj_read_options_init(&options);
    return data_read(data_file(state, "match.csv", text), &options, guesses);
}

traj_read_options data_told(void *const *state, const char *name, const char *metadata)
{
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.meta, metadata != NULL ? data_file(state, name, metadata) : "none");
    return options;
}

void data_refuse(void *const *state, const char *text, const traj_read_options *options,
                 traj_status status, const char *part)
{
    traj_read_options usual;
    traj_read_options_init(&usual);
    traj_recording recording;
    traj_guesses guesses = {.count = 0};
    traj_error err = {0};
    const char *path = data_file(state, "refused.csv", text);
    traj_status got = traj_recording_read(&path, 1, options == NULL ? &usual : options, &recording,
                                          &guesses, &err);
    assert_int_equal(got, status);
    assert_null(recording.sequence);
    assert_int_equal(recording.sequences, 0);
    if (strstr(err.text, part) == NULL) fail_msg("'%s' is not in '%s'", part, err.text);
}

void data_refuse_all(void *const *state, const data_case *cases, size_t count,
                     const traj_read_options *options)
{
    for (size_t c = 0; c < count; c++)
        data_refuse(state, cases[c].text, options, TRAJ_E_DATA, cases[c].part);
}

void data_refuse_metadata(void *const *state, const char *text, const char *name,
                          const data_case *cases, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        const traj_read_options options = data_told(state, name, cases[c].text);
        data_refuse(state, text, &options, TRAJ_E_DATA, cases[c].part);
    }
}

void data_fail_allocations(const char *path, const traj_read_options *options)
{
    unsigned long made = ULONG_MAX;
    for (unsigned long n = 1; n <= made; n++) {
        traj_recording recording;
        traj_guesses guesses = {.count = 0};
        traj_error err = {0};
        const unsigned long before = traj_alloc_count();
        traj_alloc_fail_at((long)n);
        const traj_status status =
            traj_recording_read(&path, 1, options, &recording, &guesses, &err);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_E_MEMORY || (status == TRAJ_OK && n > 20));
        if (status != TRAJ_OK) assert_int_equal(recording.sequences, 0);
        made = status == TRAJ_OK ? traj_alloc_count() - before : ULONG_MAX;
        traj_recording_free(&recording);
        assert_true(n < 2000);
    }
}

const char *data_guess_text(const traj_guesses *guesses, const char *subject)
{
    for (int g = 0; g < guesses->count; g++)
        if (strcmp(guesses->item[g].subject, subject) == 0) {
            assert_true(guesses->item[g].flag[0] != '\0');
            return guesses->item[g].text;
        }
    fail_msg("no guess on %s", subject);
    return "";
}

static size_t find_agent(const traj_sequence *sequence, const char *id)
{
    for (size_t a = 0; a < sequence->agents; a++)
        if (strcmp(sequence->agent[a].id, id) == 0) return a;
    fail_msg("no agent %s", id);
    return 0;
}

bool data_extrapolated(const traj_recording *recording, size_t s, size_t frame, const char *id)
{
    const traj_sequence *sequence = &recording->sequence[s];
    const size_t agent = (size_t)(data_agent(recording, s, id) - sequence->agent);
    assert_non_null(sequence->extrapolated);
    return sequence->extrapolated[frame * sequence->agents + agent] != 0;
}

void data_assert_play(const traj_recording *recording, size_t s, size_t frame, traj_ball_state ball,
                      traj_ball_owner owner)
{
    const traj_play *play = recording->sequence[s].play;
    assert_non_null(play);
    assert_int_equal(play[frame].ball, ball);
    assert_int_equal(play[frame].owner, owner);
}

const traj_agent *data_agent(const traj_recording *recording, size_t s, const char *id)
{
    assert_true(s < recording->sequences);
    return &recording->sequence[s].agent[find_agent(&recording->sequence[s], id)];
}

const float *data_pos(const traj_recording *recording, size_t s, size_t frame, const char *id)
{
    assert_true(s < recording->sequences && frame < recording->sequence[s].frames);
    const traj_sequence *sequence = &recording->sequence[s];
    return sequence->pos_m + (frame * sequence->agents + find_agent(sequence, id)) * 2;
}

/* Player n of a team: the goalkeeper on his line, ten men spread over their own half; all walk up
 * and down. */
static void stand(int team, int n, int frame, double *x, double *y)
{
    double left = n == 0 ? -50.0 : -45.0 + 4.0 * n;
    *x = (team == 0 ? left : -left) + 0.02 * (frame % 50);
    *y = n == 0 ? 0.0 : -33.0 + 6.6 * n + 0.01 * (frame % 25);
}

char *data_match(int frames, double scale, double move_x, double move_y, const char *name_format)
{
    size_t size = (size_t)(frames + 1) * 46 * 24, used = 0;
    char *text = traj_alloc(size, 1);
    char id[2][32];
    assert_non_null(text);
    used += (size_t)snprintf(text, size, "frame,timestamp");
    for (int p = 0; p < 22; p++) {
        snprintf(id[0], sizeof id[0], name_format, p < 11 ? "home" : "away", p % 11 + 1);
        used += (size_t)snprintf(text + used, size - used, ",%s_x,%s_y", id[0], id[0]);
    }
    used += (size_t)snprintf(text + used, size - used, ",ball_x,ball_y\n");
    for (int f = 0; f < frames; f++) {
        used += (size_t)snprintf(text + used, size - used, "%d,%.2f", f + 1, f * 0.04);
        for (int p = 0; p < 23; p++) {
            double x = 0.0, y = 0.0;
            if (p < 22) stand(p / 11, p % 11, f, &x, &y);
            used += (size_t)snprintf(text + used, size - used, ",%.6g,%.6g", x * scale + move_x,
                                     y * scale + move_y);
        }
        used += (size_t)snprintf(text + used, size - used, "\n");
    }
    return text;
}

int main(void)
{
    int failed = data_reader_tests();
    failed += data_grid_tests();
    failed += data_quality_tests();
    failed += data_rate_tests();
    failed += data_guess_tests();
    failed += data_home_tests();
    failed += data_resample_tests();
    failed += data_told_tests();
    failed += data_savgol_tests();
    failed += data_clean_tests();
    failed += data_missing_tests();
    failed += data_doubts_tests();
    failed += data_writer_tests();
    failed += data_shared_tests();
    failed += data_cache_tests();
    failed += data_simulate_tests();
    failed += data_window_tests();
    failed += data_scene_tests();
    failed += data_crowd_tests();
    failed += data_array_tests();
    failed += data_tracab_tests();
    failed += data_skillcorner_tests();
    failed += data_secondspectrum_tests();
    failed += data_pff_tests();
    failed += data_sportec_tests();
    failed += data_cdf_tests();
    failed += data_signality_tests();
    failed += data_nba_tests();
    failed += data_nfl_tests();
    failed += data_statsperform_tests();
    failed += data_epts_tests();
    failed += data_hawkeye_tests();
    failed += data_respovision_tests();
    return failed == 0 ? 0 : 1;
}
