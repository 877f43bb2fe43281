/* TrajNet++: newline-delimited JSON, a line is a scene or a pedestrian in a frame.
 *
 *   {"scene": {"id": 0, "p": 3, "s": 240, "e": 440, "fps": 2.5, "tag": 0}}
 *   {"track": {"f": 240, "p": 3, "x": 5.59, "y": 1.98}}
 *
 *   1. all lines are read: scenes are stretches of frames s..e of one recording, and overlap where
 *      several pedestrians of one crowd are asked for
 *   2. overlapping scenes are joined; a frame belongs to the last joined stretch that begins before
 *      it, so that each position is read once and no window leads from one stretch to the next
 *   3. the positions are poured, each into the sequence of its stretch
 *
 * Tracks with a prediction_number are generated and not read. Source: Kothari, Kreiss and Alahi
 * 2021, the trajnetplusplustools. */
#include "formats.h"
#include "lines.h"

#include "traj/base/memory.h"
#include "traj/io/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const traj_rate usual = {5, 2};

typedef struct stretch { /* frames first..last */
    int64_t first, last;
} stretch;

typedef struct position {
    int64_t frame, person;
    double x, y; /* NaN: missing */
    long line;
} position;

typedef struct reader {
    const char *file; /* view */
    long line;        /* being read */
    stretch *scene;   /* owned [scenes]; after joining, sorted and apart */
    position *track;  /* owned [tracks] */
    size_t scenes, scene_capacity, tracks, track_capacity;
    traj_rate rate; /* of the scenes so far, none before the first that says it */
} reader;

/* The first key of the first line says it. */
bool traj_trajnet_sniff(const char *bytes, size_t size)
{
    static const char *const keys[] = {"\"scene\"", "\"track\""};
    traj_lines lines;
    const char *text;
    size_t length;
    traj_lines_init(&lines, bytes, size);
    if (!traj_lines_next(&lines, &text, &length)) return false;
    const char *const end = text + length;
    while (text < end && (*text == ' ' || *text == '\t')) text++;
    if (text == end || *text++ != '{') return false;
    while (text < end && (*text == ' ' || *text == '\t')) text++;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if ((size_t)(end - text) >= strlen(keys[k]) && !memcmp(text, keys[k], strlen(keys[k])))
            return true;
    return false;
}

static traj_status read_whole(const reader *in, const traj_json *object, const char *what,
                              const char *key, int64_t *number, traj_error *err)
{
    double value;
    if (!traj_json_number(traj_json_get(object, key), &value) || !traj_is_whole(value))
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %s: expected a whole number as '%s'", in->file,
                         in->line, what, key);
    *number = (int64_t)value;
    return TRAJ_OK;
}

/* An absent key is a mistake, null a missing position. */
static traj_status read_place(const reader *in, const traj_json *track, const char *key,
                              double *number, traj_error *err)
{
    const traj_json *const value = traj_json_get(track, key);
    *number = NAN;
    if (traj_json_number(value, number) || (value != NULL && traj_json_is_null(value)))
        return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA, "%s:%ld: track: expected a number as '%s', or null",
                     in->file, in->line, key);
}

static traj_status read_rate(reader *in, const traj_json *scene, traj_error *err)
{
    double fps;
    traj_rate rate;
    if (!traj_json_number(traj_json_get(scene, "fps"), &fps)) return TRAJ_OK;
    if (!traj_rate_tell(fps, &rate))
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: scene: %g is no number of frames a second",
                         in->file, in->line, fps);
    if (in->rate.num > 0 && !traj_rate_same(in->rate, rate))
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: scene: 'fps' is %g here and %g before; put scenes of different "
                         "rates into different files",
                         in->file, in->line, fps, traj_rate_hz(in->rate));
    in->rate = rate;
    return TRAJ_OK;
}

static traj_status read_scene(reader *in, const traj_json *scene, traj_error *err)
{
    stretch frames = {0};
    traj_status status = read_whole(in, scene, "scene", "s", &frames.first, err);
    if (status == TRAJ_OK) status = read_whole(in, scene, "scene", "e", &frames.last, err);
    if (status == TRAJ_OK) status = read_rate(in, scene, err);
    if (status != TRAJ_OK) return status;
    if (frames.first > frames.last)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: scene: it ends in frame %" PRId64 ", before its first, %" PRId64
                         "; exchange 's' and 'e'",
                         in->file, in->line, frames.last, frames.first);
    if (traj_grow(&in->scene, &in->scene_capacity, in->scenes + 1, sizeof *in->scene) != 0)
        return traj_fail_memory(err, "the list of scenes");
    in->scene[in->scenes++] = frames;
    return TRAJ_OK;
}

static traj_status read_track(reader *in, const traj_json *track, traj_error *err)
{
    position at = {.line = in->line};
    if (traj_json_get(track, "prediction_number") != NULL) return TRAJ_OK;
    traj_status status = read_whole(in, track, "track", "f", &at.frame, err);
    if (status == TRAJ_OK) status = read_whole(in, track, "track", "p", &at.person, err);
    if (status == TRAJ_OK) status = read_place(in, track, "x", &at.x, err);
    if (status == TRAJ_OK) status = read_place(in, track, "y", &at.y, err);
    if (status != TRAJ_OK) return status;
    if (traj_grow(&in->track, &in->track_capacity, in->tracks + 1, sizeof *in->track) != 0)
        return traj_fail_memory(err, "the list of positions");
    in->track[in->tracks++] = at;
    return TRAJ_OK;
}

static traj_status read_line(void *context, char *text, size_t length, long line, traj_error *err)
{
    reader *const in = context;
    const traj_json_part part = {.file = in->file, .line = line};
    traj_json *root;
    in->line = line;
    traj_status status = traj_json_parse_part(&part, text, length, &root, err);
    if (status != TRAJ_OK) return status;
    const traj_json *const scene = traj_json_get(root, "scene"), *const track =
                                                                     traj_json_get(root, "track");
    if (traj_json_is_object(scene))
        status = read_scene(in, scene, err);
    else if (traj_json_is_object(track))
        status = read_track(in, track, err);
    else
        status = traj_fail(err, TRAJ_E_DATA,
                           "%s:%ld: expected {\"scene\": {...}} or {\"track\": {...}}", in->file,
                           in->line);
    traj_json_free(root);
    return status;
}

static int by_first_frame(const void *left, const void *right)
{
    const stretch *const a = left, *const b = right;
    return a->first < b->first ? -1 : a->first > b->first;
}

static void join_scenes(reader *in)
{
    size_t kept = 0;
    if (in->scenes > 0) qsort(in->scene, in->scenes, sizeof *in->scene, by_first_frame);
    for (size_t s = 0; s < in->scenes; s++) {
        stretch *const before = kept > 0 ? &in->scene[kept - 1] : NULL;
        if (before == NULL || in->scene[s].first > before->last)
            in->scene[kept++] = in->scene[s];
        else if (in->scene[s].last > before->last)
            before->last = in->scene[s].last;
    }
    in->scenes = kept;
}

/* The last stretch that begins at or before the frame; the first, or 0 without any, else. */
static size_t find_stretch(const reader *in, int64_t frame)
{
    size_t low = 0, high = in->scenes;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (in->scene[middle].first <= frame)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static traj_status pour_track(const position *at, uint32_t sequence, traj_tracks *tracks,
                              traj_error *err)
{
    traj_track_text key;
    uint32_t row, agent;
    bool added;
    snprintf(key, sizeof key, "%" PRId64, at->person);
    traj_status status = traj_tracks_row(tracks, sequence, at->frame, &row, &added, err);
    if (status != TRAJ_OK) return status;
    if (added) tracks->row[row].line = (uint32_t)at->line;
    status = traj_tracks_agent(tracks, sequence, "", key, &agent, &added, err);
    if (status != TRAJ_OK) return status;
    return traj_tracks_sample(tracks, row, agent, at->x, at->y, err);
}

/* Sequences are numbered as they are met; one without tracks never comes to be. */
static traj_status pour(const reader *in, traj_tracks *tracks, traj_error *err)
{
    traj_status status = TRAJ_OK;
    for (size_t t = 0; t < in->tracks && status == TRAJ_OK; t++) {
        char name[32];
        uint32_t sequence;
        bool added;
        snprintf(name, sizeof name, "%zu", find_stretch(in, in->track[t].frame) + 1);
        status = traj_tracks_sequence(tracks, name, &sequence, &added, err);
        if (status == TRAJ_OK) status = pour_track(&in->track[t], sequence, tracks, err);
    }
    return status;
}

traj_status traj_trajnet_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_input *const input = from->data[0];
    reader in = {.file = traj_input_name(input)};
    traj_status status = traj_input_lines(input, read_line, &in, err);
    tracks->layout = (traj_layout){.name = "TrajNet++ file",
                                   .unit = "metres",
                                   .rate = in.rate.num > 0 ? in.rate : usual,
                                   .rate_why = in.rate.num > 0 ? "so the scenes say" : NULL,
                                   .crowd = true};
    join_scenes(&in);
    if (status == TRAJ_OK) status = pour(&in, tracks, err);
    traj_free(in.scene);
    traj_free(in.track);
    return status;
}
