/* Tracab as JSON: {"FrameData": [frame, ...]}, a frame being
 *
 *   {"FrameCount": 1848508, "Phase": 1,
 *    "PlayerPositions": [{"Team": 1, "JerseyNumber": 9, "X": 6, "Y": -913}, ...],
 *    "BallPosition": [{"X": 2710, "Y": 3722, "Z": 11, "BallOwningTeam": "H",
 *                      "BallStatus": "Alive"}]}
 *
 * A match has hundreds of megabytes of them, so they are read frame by frame. */
#include "fields.h"
#include "tracab.h"

#include <math.h>

static traj_status read_target(traj_tracab *in, const traj_json *target, traj_error *err)
{
    const traj_field_place at = {in->file, in->line, "PlayerPositions"};
    int64_t team, jersey;
    double x, y;
    traj_status status = traj_field_whole(&at, target, "Team", &team, err);
    if (status == TRAJ_OK) status = traj_field_whole(&at, target, "JerseyNumber", &jersey, err);
    if (status == TRAJ_OK) status = traj_field_number(&at, target, "X", &x, err);
    if (status == TRAJ_OK) status = traj_field_number(&at, target, "Y", &y, err);
    return status == TRAJ_OK ? traj_tracab_target(in, team, jersey, x, y, err) : status;
}

static traj_status read_ball(traj_tracab *in, const traj_json *ball, traj_error *err)
{
    const traj_field_place at = {in->file, in->line, "BallPosition"};
    const char *const owner = traj_json_string(traj_json_get(ball, "BallOwningTeam"));
    const char *const state = traj_json_string(traj_json_get(ball, "BallStatus"));
    double x, y;
    traj_tracab_play(in, owner != NULL ? owner : "", state != NULL ? state : "");
    traj_status status = traj_field_number(&at, ball, "X", &x, err);
    if (status == TRAJ_OK) status = traj_field_number(&at, ball, "Y", &y, err);
    return status == TRAJ_OK ? traj_tracab_ball(in, x, y, err) : status;
}

static traj_status read_phase(const traj_tracab *in, const traj_json *frame, int *phase,
                              traj_error *err)
{
    const traj_field_place at = {in->file, in->line, "FrameData"};
    double number;
    const traj_status status = traj_field_number(&at, frame, "Phase", &number, err);
    if (status != TRAJ_OK) return status;
    *phase = number >= 1.0 && number <= TRAJ_MOST_PERIODS ? (int)number : 0;
    return TRAJ_OK;
}

static traj_status visit(void *context, const traj_json *frame, long line, traj_error *err)
{
    traj_tracab *const in = context;
    const traj_field_place at = {in->file, line, "FrameData"};
    const traj_json *const targets = traj_json_get(frame, "PlayerPositions");
    const traj_json *const ball = traj_json_get(frame, "BallPosition");
    int64_t number;
    int phase = 0;
    bool inside = false;
    in->line = line;
    traj_status status = traj_field_whole(&at, frame, "FrameCount", &number, err);
    if (status == TRAJ_OK) status = read_phase(in, frame, &phase, err);
    if (status == TRAJ_OK) status = traj_tracab_frame(in, number, phase, &inside, err);
    if (status != TRAJ_OK || !inside) return status;
    if (!traj_json_is_array(targets))
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: FrameData: expected an array 'PlayerPositions'",
                         in->file, line);
    for (const traj_json *target = traj_json_first(targets); target != NULL && status == TRAJ_OK;
         target = traj_json_next(target))
        status = read_target(in, target, err);
    if (status != TRAJ_OK) return status;
    return read_ball(in, traj_json_is_array(ball) ? traj_json_first(ball) : ball, err);
}

traj_status traj_tracab_json_read(traj_tracab *in, traj_input *input, traj_error *err)
{
    return traj_json_stream(input, "FrameData", true, visit, in, err);
}
