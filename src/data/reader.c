/* The table of formats, and the road from files to a recording. docs/howto-add-a-reader.md tells
 * how to add a row. */
#include "traj/data/reader.h"

#include "cache.h"
#include "companions.h"
#include "formats.h"
#include "guess.h"

#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* In the order in which they are tried: the narrowest first. */
#define FORMAT_LIST(X)                                                                             \
    X("npy", "by its first bytes", traj_array, .files = 1)                                         \
    X("trajnet", "by its first line", traj_trajnet, .files = 1)                                    \
    X("tracab", "by its first line", traj_tracab, .files = 1,                                      \
      .meta = "*.dat>*_metadata.xml *.dat>*_metadata.json *.dat>*.xml *.dat>*.json "               \
              "*_raw.dat>*_meta.xml *_raw.json>*_meta.json *>metadata.xml *>metadata.json")        \
    X("sportec", "by its first elements", traj_sportec, .files = 1,                                \
      .meta = "DFL_04_03_positions_raw_observed_*>DFL_02_01_matchinformation_* "                   \
              "*_positional.xml>*_meta.xml *_positions.xml>*_matchinformation.xml "                \
              "*>metadata.xml")                                                                    \
    X("statsperform", "by its first line", traj_statsperform, .files = 1,                          \
      .meta = "*ma25.txt>*ma1.json *ma25.txt>*ma1.xml *MA25.txt>*MA1.json *MA25.txt>*MA1.xml")     \
    X("epts", "by its first line", traj_epts, .files = 1,                                          \
      .meta = "*_tracking.txt>*_metadata.xml *.txt>*_metadata.xml *.txt>*.xml *>metadata.xml")     \
    X("skillcorner", "by its first line", traj_skillcorner, .files = 1,                            \
      .meta = "*_tracking_extrapolated.jsonl>*_match.json *>match.json "                           \
              "*_v3_raw_data.jsonl>*_meta_data.json *structured_data.json>*match_data.json")       \
    X("secondspectrum", "by its first line", traj_secondspectrum, .files = 1,                      \
      .meta = "*_tracking-produced.jsonl>*_metadata.json *_data.jsonl>*_metadata.json "            \
              "*_tracking-produced.jsonl>*_metadata.xml *_data.jsonl>*_metadata.xml "              \
              "*>metadata.json *>metadata.xml")                                                    \
    X("pff", "by its first line", traj_pff, .files = 1,                                            \
      .meta = "pff_*.jsonl>pff_metadata_*.json *.jsonl>../Metadata/*.json",                        \
      .roster = "pff_*.jsonl>pff_rosters_*.json *.jsonl>../Rosters/*.json")                        \
    X("cdf", "by its first line", traj_cdf, .files = 1,                                            \
      .meta = "*.jsonl>*_meta.json *tracking.jsonl>*meta.json tracking*.jsonl>meta*.json")         \
    X("respovision", "by its first line", traj_respovision, .files = 1)                            \
    X("hawkeye", "by its details", traj_hawkeye, .files = 400, .joins = traj_hawkeye_joins,        \
      .gathers = true,                                                                             \
      .meta = "*_#_#.football.samples.ball>*_meta.json *_#_#.football.samples.ball>*_meta.xml "    \
              "*_#_#.football.samples.centroids>*_meta.json "                                      \
              "*_#_#.football.samples.centroids>*_meta.xml *>metadata.json *>metadata.xml")        \
    X("signality", "by its first frame", traj_signality, .files = 5,                               \
      .joins = traj_signality_joins, .gathers = true,                                              \
      .meta = "*_p#_raw_data.json>*_meta_data.json *_p#_raw_data_subset.json>*_meta_data.json "    \
              "*>meta_data.json *>metadata.json",                                                  \
      .venue = "*_p#_raw_data.json>*_venue_information.json "                                      \
               "*_p#_raw_data_subset.json>*_venue_information.json *>venue_information.json")      \
    X("nba", "by its first keys", traj_nba, .files = 1)                                            \
    X("nfl2026", "by its header line", traj_nfl, .files = 2, .joins = traj_nfl_joins,              \
      .gathers = true)                                                                             \
    X("obsmat", "by eight columns of numbers, the fourth 0", traj_obsmat, .files = 1)              \
    X("ethucy", "by columns of numbers without a header", traj_ethucy, .files = 1)                 \
    X("metrica", "by its header line", traj_metrica, .files = 2, .joins = traj_metrica_joins,      \
      .pairs = true)                                                                               \
    X("long", "by its header line", traj_long, .files = 1)                                         \
    X("wide", "by its header line", traj_wide, .files = 1)

#define FORMAT_ROW(name, why, reader, ...)  {name, why, reader##_sniff, reader##_read, __VA_ARGS__},
#define FORMAT_NAME(name, why, reader, ...) name,
static const traj_format formats[] = {FORMAT_LIST(FORMAT_ROW)};
static const char *const names[] = {FORMAT_LIST(FORMAT_NAME) NULL};
#undef FORMAT_ROW
#undef FORMAT_NAME

#define FORMATS (sizeof formats / sizeof formats[0])

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

/* What a file of no format may be; NULL: who knows. */
static const char *name_stranger(const char *bytes, size_t size)
{
    static const struct stranger {
        const char *begins, *sentence;
    } strangers[] = {
        {"\xff\xfe", "this is UTF-16; save it as UTF-8"},
        {"\xfe\xff", "this is UTF-16; save it as UTF-8"},
        {"PK\x03\x04", "this is a spreadsheet or a zip archive; save it as CSV, or unpack it"},
        {"PAR1", "this is Parquet; write it as CSV: pandas.read_parquet(path).to_csv(...)"},
    };
    for (size_t s = 0; s < sizeof strangers / sizeof *strangers; s++)
        if (size >= strlen(strangers[s].begins) &&
            memcmp(bytes, strangers[s].begins, strlen(strangers[s].begins)) == 0)
            return strangers[s].sentence;
    return NULL;
}

static traj_status find_format(const traj_read_options *options, traj_input *input,
                               const traj_format **format, traj_error *err)
{
    const char *head;
    size_t size;
    char known[512] = "";
    traj_status status = traj_input_peek(input, &head, &size, err);
    if (status == TRAJ_OK && size == 0)
        status = traj_fail(err, TRAJ_E_DATA, "%s: the file is empty", traj_input_name(input));
    for (size_t f = 0; f < FORMATS; f++) {
        *format = &formats[f];
        if (strcmp(formats[f].name, options->format) == 0) return status;
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", f == 0 ? "" : ", ", formats[f].name);
    }
    if (options->format[0] != '\0')
        return traj_fail(err, TRAJ_E_USAGE, "--format %s: expected one of %s", options->format,
                         known);
    if (status != TRAJ_OK) return status;
    *format = recognise(head, size);
    if (*format != NULL) return TRAJ_OK;
    const char *const stranger = name_stranger(head, size);
    if (stranger != NULL)
        return traj_fail(err, TRAJ_E_DATA, "%s: %s", traj_input_name(input), stranger);
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s:1: no known format: expected a header line with columns <id>_x and <id>_y "
        "(one row a frame), or with x, y and player_id (one row a player), a Metrica file, "
        "pedestrians as text (frame id x y) or TrajNet++ lines, a NumPy array, or a provider's own "
        "format; say which with --format (%s)",
        traj_input_name(input), known);
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
    if (status == TRAJ_OK) traj_guess_owners(reading);
    if (status == TRAJ_OK) status = traj_guess_sides(reading, err);
    if (status == TRAJ_OK) status = traj_guess_keepers(reading, err);
    if (status != TRAJ_OK) return status;
    const traj_read_options *options = reading->options;
    traj_recording_keep_frames(reading->recording, options->first_frame, options->last_frame);
    if (reading->recording->sequences > 0) return traj_guess_doubts(reading, err);
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: no frame lies within --frames; `traj info` shows which there are",
                     reading->tracks->file);
}

static traj_status pour(const traj_format *format, const traj_sources *from, traj_tracks *tracks,
                        traj_error *err)
{
    if (from->count > format->files)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: in format %s a match has at most %d file%s, not %d; read the others "
                         "apart",
                         tracks->file, format->name, format->files, format->files == 1 ? "" : "s",
                         from->count);
    return format->read(from, tracks, err);
}

static void name_source(const traj_sources *from, traj_recording *recording)
{
    snprintf(recording->source, sizeof recording->source, "%s%s%s%s",
             traj_input_name(from->data[0]), from->count > 1 ? " + " : "",
             from->count > 1 ? traj_input_name(from->data[1]) : "",
             from->count > 2 ? " + ..." : "");
}

static traj_status parse(const traj_format *format, const traj_sources *from,
                         const traj_read_options *options, traj_recording *recording,
                         traj_guesses *guesses, traj_error *err)
{
    traj_tracks tracks;
    traj_tracks_init(&tracks, traj_input_name(from->data[0]));
    tracks.input = from->data[0];
    traj_status status = pour(format, from, &tracks, err);
    snprintf(recording->format, sizeof recording->format, "%s", format->name);
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
    if (status == TRAJ_OK)
        name_source(from, recording);
    else
        traj_recording_free(recording);
    return status;
}

traj_status traj_recording_parse(const traj_sources *from, const traj_read_options *options,
                                 traj_recording *recording, traj_guesses *guesses, traj_error *err)
{
    const traj_format *format;
    TRAJ_ASSERT(from->count >= 1);
    traj_recording_init(recording);
    guesses->quality = (traj_quality){0};
    const traj_status status = find_format(options, from->data[0], &format, err);
    if (status != TRAJ_OK) return status;
    return parse(format, from, options, recording, guesses, err);
}

traj_status traj_source_bytes(traj_input *input, traj_bytes *bytes, traj_error *err)
{
    bytes->file = traj_input_name(input);
    return traj_input_all(input, &bytes->bytes, &bytes->size, err);
}

/* NULL: unknown, or unreadable; what is read from a pipe, as from stdin, would be gone. */
static const traj_format *format_of(const char *path)
{
    traj_input *input;
    const char *head;
    size_t size;
    if (strcmp(path, "-") == 0 || !traj_file_is_plain(path) ||
        traj_input_open(&input, path, NULL) != TRAJ_OK)
        return NULL;
    const traj_format *format =
        traj_input_peek(input, &head, &size, NULL) == TRAJ_OK ? recognise(head, size) : NULL;
    traj_input_close(input);
    return format;
}

/* The same match may lie there in another format. */
static bool is_no_recording(const char *path)
{
    return format_of(path) == NULL;
}

/* A file that belongs to the data: as told, as found by its name, or none. */
typedef struct companion {
    const char *flag, *values; /* that say it otherwise */
    const char *subject, *what;
    const char *told, *rules;
} companion;

static traj_status open_companion(const companion *want, const char *data, traj_input **input,
                                  traj_guesses *guesses, traj_error *err)
{
    char path[1024], flag[64];
    if (strcmp(want->told, "none") == 0) return TRAJ_OK;
    if (want->told[0] != '\0' && want->rules == NULL)
        return traj_fail(err, TRAJ_E_USAGE, "%s %s: %s has a format without %s", want->flag,
                         want->told, data, want->what);
    if (want->told[0] != '\0') return traj_input_open(input, want->told, err);
    if (want->rules == NULL || strcmp(data, "-") == 0) return TRAJ_OK;
    if (!traj_companion_find(data, want->rules, is_no_recording, path, sizeof path)) return TRAJ_OK;
    snprintf(flag, sizeof flag, "%s %s", want->flag, want->values);
    traj_guess_add(guesses, want->subject, flag, "%s: found beside the data by its name", path);
    return traj_input_open(input, path, err);
}

static traj_status open_companions(const traj_format *format, const traj_read_options *options,
                                   traj_sources *from, traj_guesses *guesses, traj_error *err)
{
    const companion meta = {.flag = "--meta",
                            .values = "FILE|none",
                            .subject = "metadata",
                            .what = "metadata of its own",
                            .told = options->meta,
                            .rules = format->meta};
    const companion roster = {.flag = "--roster",
                              .values = "FILE|none",
                              .subject = "roster",
                              .what = "a file of players",
                              .told = options->roster,
                              .rules = format->roster};
    const companion venue = {.flag = "--pitch",
                             .values = "LENGTHxWIDTH",
                             .subject = "venue",
                             .told = strcmp(options->meta, "none") == 0 ? "none" : "",
                             .rules = format->venue};
    const char *data = traj_input_name(from->data[0]);
    traj_status status = open_companion(&meta, data, &from->meta, guesses, err);
    if (status == TRAJ_OK) status = open_companion(&roster, data, &from->roster, guesses, err);
    if (status == TRAJ_OK) status = open_companion(&venue, data, &from->venue, guesses, err);
    return status;
}

typedef struct data_files { /* of one match */
    traj_input **input;     /* owned [count], each owned */
    size_t count, capacity;
} data_files;

static void close_data(data_files *files)
{
    for (size_t f = 0; f < files->count; f++) traj_input_close(files->input[f]);
    traj_free(files->input);
    *files = (data_files){0};
}

static traj_status open_data(data_files *files, const char *const *paths, size_t count,
                             traj_error *err)
{
    traj_status status = TRAJ_OK;
    *files = (data_files){0};
    if (traj_grow(&files->input, &files->capacity, count, sizeof *files->input) != 0)
        return traj_fail_memory(err, "the list of files");
    for (; files->count < count && status == TRAJ_OK; files->count += status == TRAJ_OK)
        status = traj_input_open(&files->input[files->count], paths[files->count], err);
    if (status != TRAJ_OK) close_data(files);
    return status;
}

/* Instead of the one file that was named, all of its match that lie beside it. */
static traj_status gather_data(data_files *files, const traj_format *format, traj_guesses *guesses,
                               traj_error *err)
{
    const char *const named = traj_input_name(files->input[0]);
    traj_paths paths;
    data_files all;
    if (!format->gathers || files->count > 1 || strcmp(named, "-") == 0) return TRAJ_OK;
    traj_status status = traj_companions_gather(named, format->joins, &paths, err);
    if (status != TRAJ_OK) return status;
    if (paths.count > 1) {
        status = open_data(&all, (const char *const *)paths.path, paths.count, err);
        if (status == TRAJ_OK) {
            traj_guess_add(guesses, "files", "FILE FILE ...",
                           "%zu files of the match: those beside %s whose names go with it",
                           paths.count, named);
            close_data(files);
            *files = all;
        }
    }
    traj_paths_free(&paths);
    return status;
}

/* As parse, if these files have not been read before. */
static traj_status parse_once(const traj_format *format, const traj_sources *from,
                              const traj_read_options *options, traj_recording *recording,
                              traj_guesses *guesses, traj_error *err)
{
    const traj_cache cache = traj_cache_find(from, options);
    const int first = guesses->count;
    if (traj_cache_load(&cache, recording, guesses)) return TRAJ_OK;
    const traj_status status = parse(format, from, options, recording, guesses, err);
    if (status == TRAJ_OK) traj_cache_store(&cache, from, options, recording, guesses, first);
    return status;
}

traj_status traj_recording_read(const char *const *files, int count,
                                const traj_read_options *options, traj_recording *recording,
                                traj_guesses *guesses, traj_error *err)
{
    TRAJ_ASSERT(count >= 1);
    const traj_format *format;
    traj_sources from = {0};
    data_files data;
    traj_recording_init(recording);
    guesses->quality = (traj_quality){0};
    traj_status status = open_data(&data, files, (size_t)count, err);
    if (status != TRAJ_OK) return status;
    status = find_format(options, data.input[0], &format, err);
    if (status == TRAJ_OK) status = gather_data(&data, format, guesses, err);
    from.data = data.input;
    from.count = (int)data.count;
    if (status == TRAJ_OK) status = open_companions(format, options, &from, guesses, err);
    if (status == TRAJ_OK) status = parse_once(format, &from, options, recording, guesses, err);
    close_data(&data);
    traj_input_close(from.meta);
    traj_input_close(from.roster);
    traj_input_close(from.venue);
    return status;
}

/* Gives the number of file i to all of its match: those that join it by name, whatever is in them
 * where they would be gathered, too; without any, in a format that comes in pairs, the next that is
 * still alone. */
static void gather(const char *const *files, int count, const traj_format *const *format, int i,
                   int *group)
{
    int members = 1, next = -1;
    for (int j = i + 1; j < count && members < format[i]->files; j++) {
        const bool joins = group[j] < 0 && format[i]->joins(files[i], files[j]);
        if (group[j] >= 0 || (format[j] != format[i] && !(joins && format[i]->gathers))) continue;
        if (next < 0) next = j;
        if (!joins) continue;
        group[j] = group[i];
        members++;
    }
    if (members == 1 && format[i]->pairs && next >= 0) group[next] = group[i];
}

int traj_recording_group(const char *const *files, int count, int *group)
{
    int matches = 0;
    const traj_format **format = traj_alloc((size_t)count, sizeof *format);
    for (int i = 0; i < count; i++) {
        group[i] = -1;
        if (format != NULL && count > 1) format[i] = format_of(files[i]);
    }
    for (int i = 0; i < count; i++) {
        if (group[i] >= 0) continue;
        group[i] = matches++;
        if (format != NULL && format[i] != NULL && format[i]->files > 1)
            gather(files, count, format, i, group);
    }
    traj_free(format);
    return matches;
}
