/* RespoVision: JSON lines, a line a frame, which hold all there is: no other file belongs to them.
 *
 *   {"frame_id": 0, "time": "00:00.000000", "period": "half_1",
 *    "pitch_side": {"left": "Colombia", "right": "Argentina"},
 *    "ball": {"x": 52.5, "y": 34.0, "z": 0.1},
 *    "players": [{"person_id": 17, "team_name": "Argentina", "jersey_number": 10,
 *                 "category_name": "player", "x": 40.1, "y": 30.2, "head_angle": NaN,
 *                 "is_imputed": false}, ...]}
 *
 * Metres from the bottom left corner, y up. Missing values are bare NaN, which is not JSON and is
 * read as null (json_frames.h). Teams go by name; the one that the file's name has first is home
 * (20240714-Argentina-Colombia-....jsonl). pitch_side tells whose goal is on which side. Imputed
 * positions are read and marked. People of other categories than player and goalkeeper are left
 * out, as are frames without a period. Source: descriptions of the format by kloppy and
 * fast-forward. */
#include "clock.h"
#include "columns.h"
#include "formats.h"
#include "json_frames.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool traj_respovision_sniff(const char *bytes, size_t size)
{
    return traj_json_frames_sniff(bytes, size, "\"pitch_side\"", "\"players\"");
}

/* ---- teams ---- */

/* Whether the file's name has both teams, and the second one first. */
static bool named_backwards(const char *file, const char *first, const char *second)
{
    const char *const slash = strrchr(file, '/');
    char name[256];
    traj_track_text one, other;
    traj_text_plain(name, sizeof name, slash != NULL ? slash + 1 : file);
    traj_text_plain(one, sizeof one, first);
    traj_text_plain(other, sizeof other, second);
    const char *const at = strstr(name, one), *const other_at = strstr(name, other);
    return at != NULL && other_at != NULL && other_at < at;
}

/* The side that each team defends, from the first frame of a period; home becomes the first label.
 */
static traj_status read_sides(traj_json_frames *in, const traj_json *sides, traj_error *err)
{
    static const char *const keys[] = {"left", "right"};
    traj_track_text name[2];
    int label, left;
    if (in->tracks->sequence[in->sequence].left > 0) return TRAJ_OK;
    for (int side = 0; side < 2; side++) {
        const char *const text = traj_json_string(traj_json_get(sides, keys[side]));
        if (text == NULL || text[0] == '\0') return TRAJ_OK;
        traj_text_copy(name[side], sizeof name[side], text);
    }
    const bool swapped = named_backwards(in->file, name[0], name[1]);
    traj_status status = traj_tracks_label(in->tracks, name[swapped], &label, err);
    if (status == TRAJ_OK) status = traj_tracks_label(in->tracks, name[0], &left, err);
    if (status == TRAJ_OK) in->tracks->sequence[in->sequence].left = left + 1;
    return status;
}

/* ---- frames ---- */

static traj_status read_player(traj_json_frames *in, const traj_json *player, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "player");
    const char *const category = traj_json_string(traj_json_get(player, "category_name"));
    const char *const team = traj_json_string(traj_json_get(player, "team_name"));
    const bool keeper = category != NULL && strcmp(category, "goalkeeper") == 0;
    traj_track_text key;
    traj_sighting seen = {.how = TRAJ_DETECTION_UNTOLD};
    uint32_t agent;
    int shirt;
    bool added, imputed;
    if (!keeper && (category == NULL || strcmp(category, "player") != 0)) return TRAJ_OK;
    if (team == NULL || team[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: player: expected a name as 'team_name'",
                         in->file, in->line);
    traj_status status = traj_field_xy(&at, player, &seen.x, &seen.y, err);
    if (status == TRAJ_OK) status = traj_field_shirt(&at, player, "jersey_number", &shirt, err);
    if (status != TRAJ_OK) return status;
    if (traj_json_bool(traj_json_get(player, "is_imputed"), &imputed))
        seen.how = imputed ? TRAJ_EXTRAPOLATED : TRAJ_DETECTED;
    traj_json_id(traj_json_get(player, "person_id"), key, sizeof key);
    if (key[0] == '\0') snprintf(key, sizeof key, "%.32s_%d", team, shirt);
    status = traj_tracks_agent(in->tracks, in->sequence, team, key, &agent, &added, err);
    if (status != TRAJ_OK) return status;
    if (added) {
        traj_track_agent *const fresh = &in->tracks->sequence[in->sequence].agent[agent];
        fresh->jersey = shirt;
        fresh->keeper = keeper;
    }
    return traj_tracks_sight(in->tracks, in->row, agent, seen, err);
}

static traj_status read_ball(traj_json_frames *in, const traj_json *ball, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "ball");
    double x, y;
    const traj_status status = traj_field_xy(&at, ball, &x, &y, err);
    return status == TRAJ_OK ? traj_json_frames_ball(in, x, y, err) : status;
}

/* half_1 and half_2; what follows them is counted on from there. */
static traj_status read_period(const traj_json_frames *in, const traj_json *period, int64_t *id,
                               traj_error *err)
{
    static const char *const words[] = {"half_1",       "half_2",       "extra_half_1",
                                        "extra_half_2", "extra_time_1", "extra_time_2",
                                        "half_3",       "half_4",       "penalties"};
    static const int ids[] = {1, 2, 3, 4, 3, 4, 3, 4, 5};
    const char *const text = traj_json_string(period);
    *id = 0;
    for (size_t w = 0; w < sizeof words / sizeof *words && text != NULL; w++)
        if (strcmp(text, words[w]) == 0) {
            *id = ids[w];
            return TRAJ_OK;
        }
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s:%ld: period '%.32s': expected half_1 or half_2, half_3 or half_4 for extra "
        "time, or penalties",
        in->file, in->line, text != NULL ? text : "");
}

static traj_status read_time(const traj_json_frames *in, const traj_json *frame, double *time_s,
                             traj_error *err)
{
    const char *const text = traj_json_string(traj_json_get(frame, "time"));
    bool wall;
    *time_s = NAN;
    if (text == NULL || traj_clock_parse(text, time_s, &wall) == 0) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA, "%s:%ld: expected a time as 'time', got '%.32s'", in->file,
                     in->line, text);
}

static traj_status visit(traj_json_frames *in, const traj_json *frame, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "frame");
    const traj_json *const players = traj_json_get(frame, "players");
    const traj_json *const name = traj_json_get(frame, "period");
    int64_t period, number;
    double time_s = NAN;
    if (!traj_json_is_array(players) || name == NULL)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: expected a frame with 'period' and an array 'players'", in->file,
                         in->line);
    if (traj_json_is_null(name)) return TRAJ_OK;
    traj_status status = read_period(in, name, &period, err);
    if (status == TRAJ_OK) status = traj_field_whole(&at, frame, "frame_id", &number, err);
    if (status == TRAJ_OK) status = read_time(in, frame, &time_s, err);
    if (status == TRAJ_OK) status = traj_json_frames_begin(in, period, number, time_s, err);
    if (status == TRAJ_OK) status = read_sides(in, traj_json_get(frame, "pitch_side"), err);
    for (const traj_json *player = traj_json_first(players); player != NULL && status == TRAJ_OK;
         player = traj_json_next(player))
        status = read_player(in, player, err);
    return status == TRAJ_OK ? read_ball(in, traj_json_get(frame, "ball"), err) : status;
}

traj_status traj_respovision_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_json_frames in = {.tracks = tracks};
    tracks->layout = (traj_layout){
        .name = "RespoVision file", .unit = "metres", .origin = "bottom-left", .rate = {25, 1}};
    tracks->facts.file = traj_input_name(from->data[0]); /* the metadata are in it */
    return traj_json_frames_read(&in, from->data[0], visit, err);
}
