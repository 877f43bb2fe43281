/* See matches.h. */
#include "matches.h"
#include "traj/base/log.h"
#include "traj/base/memory.h"
#include "traj/cli/error.h"
#include <stdlib.h>
#include <string.h>

/* "": there is none. */
static void find_cache(char *folder, size_t size)
{
    const char *const cache = getenv("XDG_CACHE_HOME"), *const home = getenv("HOME");
    int length = 0;
    if (cache && cache[0] == '/')
        length = snprintf(folder, size, "%s/traj", cache);
    else if (home && home[0] == '/')
        length = snprintf(folder, size, "%s/.cache/traj", home);
    if ((size_t)length >= size) folder[0] = '\0';
}

traj_status traj_match_read(const traj_settings *settings, const char *const *files, int count,
                            traj_recording *recording, traj_guesses *guesses, traj_error *err)
{
    traj_read_options read = settings->read;
    if (!read.cache[0])
        find_cache(read.cache, sizeof read.cache);
    else if (!strcmp(read.cache, "none"))
        memset(read.cache, 0, sizeof read.cache);
    return traj_recording_read(files, count, &read, recording, guesses, err);
}

static traj_status read_groups(const traj_settings *settings, const traj_text_list *files,
                               const int *group, const char **member, traj_matches *matches,
                               traj_error *err)
{
    for (size_t m = 0; m < matches->count; m++) {
        int count = 0;
        for (size_t i = 0; i < files->count; i++)
            if (group[i] == (int)m) member[count++] = files->item[i];
        const traj_status status =
            traj_match_read(settings, member, count, &matches->item[m], &matches->guesses[m], err);
        if (status != TRAJ_OK) return status;
        if (!settings->quiet) traj_guesses_print(stderr, &matches->guesses[m]);
    }
    return TRAJ_OK;
}

traj_status traj_matches_check_companions(const traj_read_options *read, size_t matches,
                                          traj_error *err)
{
    const char *const told[][2] = {{"--meta", read->meta}, {"--roster", read->roster}};
    for (size_t t = 0; t < sizeof told / sizeof *told; t++)
        if (matches > 1 && told[t][1][0] && strcmp(told[t][1], "none"))
            return traj_fail(err, TRAJ_E_USAGE,
                             "%s %s: there are %zu matches, and this belongs to one; leave it "
                             "out, and give it the name by which it is found beside its data "
                             "('traj info' says which it found)",
                             told[t][0], told[t][1], matches);
    return TRAJ_OK;
}

traj_status traj_matches_read(const traj_settings *settings, const traj_text_list *files,
                              traj_matches *matches, traj_error *err)
{
    *matches = (traj_matches){0};
    if (!files->count)
        return traj_fail(err, TRAJ_E_USAGE,
                         "there is no tracking data: name it with --players FILE");
    int *const group = traj_alloc(files->count, sizeof *group);
    const char **const member = traj_alloc(files->count, sizeof *member);
    traj_status status = TRAJ_OK;
    if (!group || !member) {
        status = traj_fail_memory(err, "the list of files");
        goto done;
    }
    const size_t count =
        (size_t)traj_recording_group((const char *const *)files->item, (int)files->count, group);
    status = traj_matches_check_companions(&settings->read, count, err);
    if (status != TRAJ_OK) goto done;
    matches->item = traj_alloc(count, sizeof *matches->item);
    matches->guesses = traj_alloc(count, sizeof *matches->guesses);
    if (!matches->item || !matches->guesses) {
        status = traj_fail_memory(err, "the matches");
        goto done;
    }
    matches->count = count;
    for (size_t m = 0; m < count; m++) traj_recording_init(&matches->item[m]);
    status = read_groups(settings, files, group, member, matches, err);
done:
    traj_free(group);
    traj_free(member);
    if (status != TRAJ_OK) traj_matches_free(matches);
    return status;
}

void traj_matches_free(traj_matches *matches)
{
    for (size_t m = 0; m < matches->count; m++) traj_recording_free(&matches->item[m]);
    traj_free(matches->item);
    traj_free(matches->guesses);
    *matches = (traj_matches){0};
}

static size_t count_frames(const traj_recording *recording)
{
    size_t frames = 0;
    for (size_t s = 0; s < recording->sequences; s++) frames += recording->sequence[s].frames;
    return frames;
}

static void announce_rate(const traj_recording *from, const traj_recording *to)
{
    const double from_hz = traj_rate_hz(from->rate), to_hz = traj_rate_hz(to->rate);
    if (from_hz == to_hz) return;
    traj_log_info("%s: resampled from %g to %g Hz, %zu frames became %zu%s", from->source, from_hz,
                  to_hz, count_frames(from), count_frames(to),
                  to_hz > from_hz ? ", those between on straight lines" : "");
}

traj_status traj_matches_resample(traj_matches *matches, double rate_hz, traj_error *err)
{
    size_t sequences = 0;
    for (size_t m = 0; m < matches->count; m++) {
        traj_recording *const recording = &matches->item[m];
        traj_recording resampled;
        const traj_status status =
            traj_recording_resample(recording, rate_hz, INT64_MIN, &resampled, err);
        if (status != TRAJ_OK) return status;
        const double ids = recording->frame_id_step * traj_rate_hz(recording->rate) /
                           traj_rate_hz(resampled.rate);
        if (ids < 1) traj_recording_renumber(&resampled, ids);
        announce_rate(recording, &resampled);
        traj_recording_free(recording);
        *recording = resampled;
        sequences += resampled.sequences;
    }
    if (sequences > 0) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: no two frames follow one another, so nothing can be resampled; 'traj "
                     "info' shows the frames that there are",
                     matches->item[0].source);
}

traj_status traj_rate_parse(const char *text, double *rate_hz, traj_error *err)
{
    char *end;
    *rate_hz = 0;
    if (!strcmp(text, "native")) return TRAJ_OK;
    *rate_hz = strtod(text, &end);
    if (end != text && !*end && *rate_hz >= 0.1 && *rate_hz <= 1000) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_USAGE,
                     "--rate: expected native or a number from 0.1 to 1000 Hz, got '%s'", text);
}

void traj_matches_to_json(const traj_matches *matches, traj_json *array)
{
    for (size_t m = 0; m < matches->count; m++) {
        const traj_recording *const recording = &matches->item[m];
        traj_json *const object = traj_json_append_object(array);
        traj_json_set_string(object, "source", recording->source);
        traj_json_set_number(object, "source_rate_hz", traj_rate_hz(recording->source_rate));
        traj_json_set_number(object, "pitch_length_m", recording->pitch_length_m);
        traj_json_set_number(object, "pitch_width_m", recording->pitch_width_m);
        traj_json_set_number(object, "quantum_m", recording->quantum_m);
        traj_json_set_number(object, "sequences", (double)recording->sequences);
        traj_json *const guesses = traj_json_set_array(object, "guesses");
        for (int i = 0; i < matches->guesses[m].count; i++) {
            const traj_guess *const guess = &matches->guesses[m].item[i];
            traj_json *const entry = traj_json_append_object(guesses);
            traj_json_set_string(entry, "subject", guess->subject);
            traj_json_set_string(entry, "text", guess->text);
            traj_json_set_string(entry, "flag", guess->flag);
        }
    }
}
