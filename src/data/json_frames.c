/* See json_frames.h. */
#include "json_frames.h"

#include "lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool traj_json_frames_sniff(const char *bytes, size_t size, const char *key, const char *other)
{
    traj_lines lines;
    const char *text = bytes;
    const char first = traj_text_first(bytes, size);
    traj_lines_init(&lines, bytes, size);
    if (first == '{' && !traj_lines_next(&lines, &text, &size)) return false;
    return (first == '{' || first == '[') && traj_text_holds(text, size, key) &&
           traj_text_holds(text, size, other);
}

typedef struct reading { /* of one file */
    traj_json_frames *in;
    traj_json_frames_visit *visit;
} reading;

static traj_status visit_frame(void *context, const traj_json *frame, long line, traj_error *err)
{
    const reading *const file = context;
    file->in->line = line;
    if (traj_json_is_object(frame)) return file->visit(file->in, frame, err);
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: expected a frame, as in {...}; correct or remove it", file->in->file,
                     line);
}

traj_status traj_json_frames_read(traj_json_frames *in, traj_input *input,
                                  traj_json_frames_visit *visit, traj_error *err)
{
    reading file = {in, visit};
    const char *head;
    size_t size;
    in->file = traj_input_name(input);
    const traj_status status = traj_input_peek(input, &head, &size, err);
    if (status != TRAJ_OK) return status;
    return traj_text_first(head, size) == '['
               ? traj_json_stream(input, NULL, true, visit_frame, &file, err)
               : traj_json_lines(input, true, visit_frame, &file, err);
}

traj_status traj_json_frames_begin(traj_json_frames *in, int64_t period, int64_t frame,
                                   double time_s, traj_error *err)
{
    const traj_track_frame fresh = {in->file, in->line, (int)period, frame, time_s};
    const traj_status status = traj_facts_period_check(in->file, in->line, period, err);
    return status == TRAJ_OK ? traj_tracks_frame(in->tracks, &fresh, &in->sequence, &in->row, err)
                             : status;
}

traj_status traj_json_frames_team(traj_json_frames *in, const traj_json *frame, const char *key,
                                  traj_team team, traj_json_frames_visit_player *visit,
                                  traj_error *err)
{
    const traj_json *const players = traj_json_get(frame, key);
    traj_status status = TRAJ_OK;
    if (!traj_json_is_array(players) && !traj_json_is_null(players))
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: expected an array '%s', or null", in->file,
                         in->line, key);
    for (const traj_json *player = traj_json_first(players); player != NULL && status == TRAJ_OK;
         player = traj_json_next(player))
        status = visit(in, player, team, err);
    return status;
}

traj_status traj_json_frames_player(traj_json_frames *in, const traj_facts_player *player, double x,
                                    double y, traj_error *err)
{
    return traj_json_frames_sight_player(in, player, (traj_sighting){x, y, TRAJ_DETECTION_UNTOLD},
                                         err);
}

traj_status traj_json_frames_sight_player(traj_json_frames *in, const traj_facts_player *player,
                                          traj_sighting sighting, traj_error *err)
{
    uint32_t agent;
    const traj_status status = traj_tracks_player(in->tracks, in->sequence, player, &agent, err);
    return status == TRAJ_OK ? traj_tracks_sight(in->tracks, in->row, agent, sighting, err)
                             : status;
}

traj_status traj_json_frames_ball(traj_json_frames *in, double x, double y, traj_error *err)
{
    return traj_json_frames_sight_ball(in, (traj_sighting){x, y, TRAJ_DETECTION_UNTOLD}, err);
}

traj_status traj_json_frames_sight_ball(traj_json_frames *in, traj_sighting sighting,
                                        traj_error *err)
{
    uint32_t agent;
    const traj_status status = traj_tracks_ball(in->tracks, in->sequence, &agent, err);
    return status == TRAJ_OK ? traj_tracks_sight(in->tracks, in->row, agent, sighting, err)
                             : status;
}

traj_detection traj_json_detection(const traj_json *object, const char *key)
{
    bool seen;
    if (!traj_json_bool(traj_json_get(object, key), &seen)) return TRAJ_DETECTION_UNTOLD;
    return seen ? TRAJ_DETECTED : TRAJ_EXTRAPOLATED;
}

traj_ball_state traj_json_ball_state(const traj_json *object, const char *key)
{
    bool alive;
    if (!traj_json_bool(traj_json_get(object, key), &alive)) return TRAJ_BALL_STATE_UNKNOWN;
    return alive ? TRAJ_BALL_ALIVE : TRAJ_BALL_DEAD;
}

void traj_json_frames_play(traj_json_frames *in, traj_ball_state ball, const char *owner)
{
    traj_tracks_play(in->tracks, in->row, ball, owner);
}

traj_field_place traj_json_frames_place(const traj_json_frames *in, const char *what)
{
    return (traj_field_place){in->file, in->line, what};
}

traj_status traj_json_input(traj_input *input, traj_json **root, traj_error *err)
{
    const traj_json_part part = {traj_input_name(input), 1, true};
    const char *text;
    size_t size;
    traj_status status = traj_input_all(input, &text, &size, err);
    if (status == TRAJ_OK) status = traj_json_parse_part(&part, text, size, root, err);
    traj_input_drop(input);
    return status;
}

void traj_json_id(const traj_json *value, char *id, size_t size)
{
    const char *const text = traj_json_string(value);
    double number;
    id[0] = '\0';
    if (text != NULL)
        traj_text_copy(id, size, text);
    else if (traj_json_number(value, &number) && traj_is_whole(number))
        snprintf(id, size, "%.0f", number);
}

void traj_json_team(const traj_json *team, traj_facts_team *into)
{
    const char *const name = traj_json_string(traj_json_get(team, "name"));
    traj_json_id(traj_json_get(team, "id"), into->id, sizeof into->id);
    if (name != NULL) traj_text_copy(into->name, sizeof into->name, name);
}
