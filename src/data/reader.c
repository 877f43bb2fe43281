/* The table of formats, and the road from files to a recording. docs/howto-add-a-reader.md tells
 * how to add a row. */
#include "traj/data/reader.h"

#include "formats.h"
#include "guess.h"

#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/file.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* In the order in which they are tried: the narrowest first. */
#define FORMAT_LIST(X)                                                                             \
    X("npy", "by its first bytes", traj_array_sniff, traj_array_read)                              \
    X("trajnet", "by its first line", traj_trajnet_sniff, traj_trajnet_read)                       \
    X("obsmat", "by eight columns of numbers, the fourth 0", traj_obsmat_sniff, traj_obsmat_read)  \
    X("ethucy", "by columns of numbers without a header", traj_ethucy_sniff, traj_ethucy_read)     \
    X("metrica", "by its header line", traj_metrica_sniff, traj_metrica_read)                      \
    X("long", "by its header line", traj_long_sniff, traj_long_read)                               \
    X("wide", "by its header line", traj_wide_sniff, traj_wide_read)

#define FORMAT_ROW(name, why, sniff, read)  {name, why, sniff, read},
#define FORMAT_NAME(name, why, sniff, read) name,
static const traj_format formats[] = {FORMAT_LIST(FORMAT_ROW)};
static const char *const names[] = {FORMAT_LIST(FORMAT_NAME) NULL};
#undef FORMAT_ROW
#undef FORMAT_NAME

#define FORMATS    (sizeof formats / sizeof formats[0])
#define MOST_FILES 2 /* a Metrica pair */

/* Of a file's beginning, to recognise it without reading it whole: the header lines of a match fit
 * in. */
#define HEAD_BYTES 16384

void traj_read_options_init(traj_read_options *options)
{
    memset(options, 0, sizeof *options);
    options->quantum_m = -1.0;
    options->first_frame = INT64_MIN;
    options->last_frame = INT64_MAX;
    options->guess_until = INT64_MAX;
}

const char *const *traj_reader_names(void)
{
    return names;
}

static const traj_format *recognise(const char *bytes, size_t size)
{
    for (size_t f = 0; f < FORMATS; f++)
        if (formats[f].sniff(bytes, size)) return &formats[f];
    return NULL;
}

static traj_status find_format(const traj_read_options *options, const traj_bytes *file,
                               const traj_format **format, traj_error *err)
{
    char known[256] = "";
    for (size_t f = 0; f < FORMATS; f++) {
        *format = &formats[f];
        if (strcmp(formats[f].name, options->format) == 0) return TRAJ_OK;
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", f == 0 ? "" : ", ", formats[f].name);
    }
    if (options->format[0] != '\0')
        return traj_fail(err, TRAJ_E_USAGE, "--format %s: expected one of %s", options->format,
                         known);
    if (file->size == 0) return traj_fail(err, TRAJ_E_DATA, "%s: the file is empty", file->file);
    *format = recognise(file->bytes, file->size);
    if (*format != NULL) return TRAJ_OK;
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s:1: no known format: expected a header line with columns <id>_x and <id>_y "
        "(one row a frame), or with x, y and player_id (one row a player), a Metrica file, "
        "pedestrians as text (frame id x y) or TrajNet++ lines, or a NumPy array; say which with "
        "--format (%s)",
        file->file, known);
}

/* Where nobody is seen so early, there is nothing to guess from, and nothing to hide. */
static bool someone_seen(const traj_reading *reading)
{
    for (size_t s = 0; s < reading->recording->sequences; s++) {
        const traj_sequence *sequence = &reading->recording->sequence[s];
        const size_t count = traj_guess_frames(reading, s) * sequence->agents;
        for (size_t i = 0; i < count; i++)
            if (sequence->agent[i % sequence->agents].kind != TRAJ_BALL &&
                !isnan(sequence->pos_m[2 * i]))
                return true;
    }
    return false;
}

static traj_status guess_all(traj_reading *reading, traj_error *err)
{
    traj_status status = traj_guess_rate(reading, err);
    if (status == TRAJ_OK) status = traj_guess_pitch(reading, err);
    if (status == TRAJ_OK) status = traj_guess_teams(reading, err);
    if (status == TRAJ_OK) status = traj_guess_sides(reading, err);
    if (status == TRAJ_OK) status = traj_guess_keepers(reading, err);
    if (status != TRAJ_OK) return status;
    const traj_read_options *options = reading->options;
    traj_recording_keep_frames(reading->recording, options->first_frame, options->last_frame);
    if (reading->recording->sequences > 0) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: no frame lies within --frames; `traj info` shows which there are",
                     reading->tracks->file);
}

static traj_status parse(const traj_bytes *files, int count, const traj_read_options *options,
                         traj_recording *recording, traj_guesses *guesses, traj_error *err)
{
    traj_tracks tracks;
    const traj_format *format;
    traj_status status = find_format(options, &files[0], &format, err);
    if (status != TRAJ_OK) return status;
    traj_tracks_init(&tracks, files[0].file);
    status = format->read(files, count, &tracks, err);
    if (status == TRAJ_OK && options->format[0] == '\0')
        traj_guess_add(guesses, "format", "--format NAME", "%s: %s, %s", format->name,
                       tracks.layout.name, format->why);
    if (status == TRAJ_OK) status = traj_guess_roles(options, &tracks, guesses, err);
    if (status == TRAJ_OK) status = traj_tracks_build(&tracks, recording, err);
    if (status == TRAJ_OK) {
        traj_reading reading = {options, &tracks, recording, guesses, options->guess_until};
        if (!someone_seen(&reading)) reading.until = INT64_MAX;
        status = guess_all(&reading, err);
    }
    traj_tracks_free(&tracks);
    return status;
}

traj_status traj_recording_parse(const traj_bytes *files, int count,
                                 const traj_read_options *options, traj_recording *recording,
                                 traj_guesses *guesses, traj_error *err)
{
    TRAJ_ASSERT(count >= 1 && count <= MOST_FILES);
    traj_recording_init(recording);
    traj_status status = parse(files, count, options, recording, guesses, err);
    if (status != TRAJ_OK)
        traj_recording_free(recording);
    else
        snprintf(recording->source, sizeof recording->source, "%s%s%s", files[0].file,
                 count > 1 ? " + " : "", count > 1 ? files[1].file : "");
    return status;
}

traj_status traj_recording_read(const char *const *files, int count,
                                const traj_read_options *options, traj_recording *recording,
                                traj_guesses *guesses, traj_error *err)
{
    TRAJ_ASSERT(count >= 1 && count <= MOST_FILES);
    traj_bytes content[MOST_FILES] = {{0}};
    char *bytes[MOST_FILES] = {NULL};
    traj_status status = TRAJ_OK;
    traj_recording_init(recording);
    for (int f = 0; f < count && status == TRAJ_OK; f++) {
        status = traj_file_read(files[f], &bytes[f], &content[f].size, err);
        content[f].file = files[f];
        content[f].bytes = bytes[f];
    }
    if (status == TRAJ_OK)
        status = traj_recording_parse(content, count, options, recording, guesses, err);
    for (int f = 0; f < MOST_FILES; f++) traj_free(bytes[f]);
    return status;
}

static bool is_metrica_file(const char *path)
{
    char head[HEAD_BYTES];
    if (strcmp(path, "-") == 0) return false; /* what is read from stdin is gone */
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) return false;
    size_t size = fread(head, 1, sizeof head, stream);
    fclose(stream);
    return traj_metrica_sniff(head, size);
}

/* The end of `home` or `away` where text begins with it, whatever the case; else text. */
static const char *skip_side(const char *text)
{
    char word[5] = "";
    for (int i = 0; i < 4 && text[i] != '\0'; i++) word[i] = (char)tolower((unsigned char)text[i]);
    return strcmp(word, "home") == 0 || strcmp(word, "away") == 0 ? text + 4 : text;
}

/* True when two names are the same but for home and away in them. */
static bool names_pair(const char *a, const char *b)
{
    for (;;) {
        const char *past_a = skip_side(a), *past_b = skip_side(b);
        if ((past_a != a) != (past_b != b)) return false;
        if (past_a != a) {
            a = past_a;
            b = past_b;
            continue;
        }
        if (*a != *b) return false;
        if (*a == '\0') return true;
        a++;
        b++;
    }
}

/* The other half of file i, by name, else the next half that is still alone; -1: none. */
static int find_partner(const char *const *files, int count, const int *group, const bool *metrica,
                        int i)
{
    int next = -1;
    for (int j = i + 1; j < count; j++) {
        if (group[j] >= 0 || !metrica[j]) continue;
        if (names_pair(files[i], files[j])) return j;
        if (next < 0) next = j;
    }
    return next;
}

int traj_recording_group(const char *const *files, int count, int *group)
{
    int matches = 0;
    bool *metrica = traj_alloc((size_t)count, sizeof *metrica);
    for (int i = 0; i < count; i++) {
        group[i] = -1;
        if (metrica != NULL) metrica[i] = is_metrica_file(files[i]);
    }
    for (int i = 0; i < count; i++) {
        if (group[i] >= 0) continue;
        group[i] = matches;
        int partner = metrica != NULL && metrica[i] ? find_partner(files, count, group, metrica, i)
                                                    : -1;
        if (partner >= 0) group[partner] = matches;
        matches++;
    }
    traj_free(metrica);
    return matches;
}
