/* See json_frames.h. */
#include "json_frames.h"

#include "lines.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool traj_json_frames_sniff(const char *bytes, size_t size, const char *key, const char *other)
{
    traj_lines lines;
    const char *text;
    size_t length;
    traj_lines_init(&lines, bytes, size);
    return traj_lines_next(&lines, &text, &length) && text[strspn(text, " \t")] == '{' &&
           traj_text_holds(text, length, key) && traj_text_holds(text, length, other);
}

static traj_status read_line(traj_json_frames *in, const char *text, size_t length,
                             traj_json_frames_visit *visit, traj_error *err)
{
    const traj_json_part part = {in->file, in->line, true};
    traj_json *frame;
    traj_status status = traj_json_parse_part(&part, text, length, &frame, err);
    if (status != TRAJ_OK) return status;
    if (traj_json_is_object(frame))
        status = visit(in, frame, err);
    else
        status = traj_fail(err, TRAJ_E_DATA,
                           "%s:%ld: expected a frame, as in {...}, got '%.32s'; correct or remove "
                           "the line",
                           in->file, in->line, text);
    traj_json_free(frame);
    return status;
}

traj_status traj_json_frames_read(traj_json_frames *in, traj_input *input,
                                  traj_json_frames_visit *visit, traj_error *err)
{
    char *text;
    size_t length;
    in->file = traj_input_name(input);
    traj_status status = traj_input_line(input, &text, &length, err);
    while (status == TRAJ_OK && text != NULL) {
        in->line = traj_input_line_number(input);
        status = read_line(in, text, length, visit, err);
        if (status == TRAJ_OK) status = traj_input_line(input, &text, &length, err);
    }
    return status;
}

static traj_status begin_period(traj_json_frames *in, int64_t period, traj_error *err)
{
    char name[24];
    bool added;
    if (period < 1 || period > TRAJ_MOST_PERIODS)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: period %" PRId64 ": expected 1 or 2 for a half, 3 or 4 for extra "
                         "time, 5 for a shoot-out",
                         in->file, in->line, period);
    if (period == in->period) return TRAJ_OK;
    snprintf(name, sizeof name, "%" PRId64, period);
    const traj_status status = traj_tracks_sequence(in->tracks, name, &in->sequence, &added, err);
    if (status != TRAJ_OK) return status;
    in->tracks->sequence[in->sequence].period_id = (int)period;
    in->period = period;
    return TRAJ_OK;
}

traj_status traj_json_frames_begin(traj_json_frames *in, int64_t period, int64_t frame,
                                   double time_s, traj_error *err)
{
    bool added;
    traj_status status = begin_period(in, period, err);
    if (status == TRAJ_OK)
        status = traj_tracks_row(in->tracks, in->sequence, frame, &in->row, &added, err);
    if (status != TRAJ_OK) return status;
    traj_track_row *const row = &in->tracks->row[in->row];
    if (!added)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: frame %" PRId64 " stands in line %" PRIu32
                         " already; remove one of them",
                         in->file, in->line, frame, row->line);
    row->line = (uint32_t)in->line;
    row->time_s = time_s;
    return TRAJ_OK;
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
    const traj_status status = traj_input_all(input, &text, &size, err);
    return status == TRAJ_OK ? traj_json_parse_part(&part, text, size, root, err) : status;
}

void traj_json_id(const traj_json *value, char *id, size_t size)
{
    const char *const text = traj_json_string(value);
    double number;
    id[0] = '\0';
    if (text != NULL)
        traj_text_copy(id, size, text);
    else if (traj_json_number(value, &number) && number == floor(number) &&
             fabs(number) < TRAJ_LARGEST_FRAME)
        snprintf(id, size, "%.0f", number);
}
