/* Second Spectrum: JSON lines, a line a frame, with metadata as JSON, or as XML in Tracab's
 * dialect.
 *
 *   {"period": 1, "frameIdx": 0, "gameClock": 0.0,
 *    "homePlayers": [{"playerId": "20grw", "number": 18, "xyz": [47.1, -23.9, 0.0]}, ...],
 *    "awayPlayers": [...], "ball": {"xyz": [35.7, 7.9, 0.0]}, "live": true, "lastTouch": "home"}
 *
 * Metres from the centre spot, y up. `live` is whether the ball is in play; who touched it last
 * need not have it, so nobody is said to. gameClock restarts with the period. A ball that was not
 * seen has no xyz, or is 10 m below the ground. The metadata add the pitch, the rate, and who keeps
 * goal; what they call frames of a period are at times milliseconds, and are not needed: every
 * frame names its period. Source: the files themselves, and kloppy's reader of them. */
#include "formats.h"
#include "json_frames.h"
#include "tracab_meta.h"

#include <math.h>
#include <string.h>

#define LOST_Z (-10.0)

bool traj_secondspectrum_sniff(const char *bytes, size_t size)
{
    return traj_json_frames_sniff(bytes, size, "\"frameIdx\"", "\"homePlayers\"");
}

/* ---- metadata ---- */

static traj_status read_member(const traj_field_place *at, const traj_json *member, traj_team team,
                               traj_facts *facts, traj_error *err)
{
    traj_facts_player player = {.team = team};
    const traj_status status = traj_field_shirt(at, member, "number", &player.jersey, err);
    if (status != TRAJ_OK) return status;
    const char *const position = traj_json_string(traj_json_get(member, "position"));
    traj_json_id(traj_json_get(member, "optaId"), player.id, sizeof player.id);
    if (player.id[0] == '\0')
        traj_json_id(traj_json_get(member, "ssiId"), player.id, sizeof player.id);
    player.keeper = position != NULL && strcmp(position, "GK") == 0;
    traj_text_copy(player.role, sizeof player.role, position != NULL ? position : "");
    return traj_facts_player_add(facts, &player, err);
}

static traj_status read_match(const traj_field_place *at, const traj_json *match, traj_facts *facts,
                              traj_error *err)
{
    static const char *const teams[] = {
        [TRAJ_TEAM_HOME] = "homePlayers", [TRAJ_TEAM_AWAY] = "awayPlayers"};
    traj_status status = traj_field_size(at, match, "pitchLength", &facts->length_m, err);
    if (status == TRAJ_OK) status = traj_field_size(at, match, "pitchWidth", &facts->width_m, err);
    if (status == TRAJ_OK) status = traj_field_rate(at, match, "fps", &facts->rate, err);
    if (status == TRAJ_OK && !traj_json_is_array(traj_json_get(match, "periods")))
        return traj_facts_refuse(at->file, "no 'periods'", "Second Spectrum", err);
    for (int t = 0; t < 2; t++)
        for (const traj_json *member = traj_json_first(traj_json_get(match, teams[t]));
             member != NULL && status == TRAJ_OK; member = traj_json_next(member))
            status = read_member(at, member, (traj_team)t, facts, err);
    return status;
}

static traj_status read_json_meta(traj_input *input, traj_facts *facts, traj_error *err)
{
    const traj_field_place at = {traj_input_name(input), 1, "match"};
    traj_json *match;
    traj_status status = traj_json_input(input, &match, err);
    if (status != TRAJ_OK) return status;
    facts->file = at.file;
    status = read_match(&at, match, facts, err);
    traj_json_free(match);
    return status;
}

static traj_status read_meta(traj_input *input, traj_facts *facts, traj_error *err)
{
    const char *head;
    size_t size;
    traj_status status = traj_input_peek(input, &head, &size, err);
    if (status != TRAJ_OK) return status;
    if (size == 0 || head[0] != '<') return read_json_meta(input, facts, err);
    status = traj_tracab_meta_read(input, facts, err);
    facts->periods = 0; /* not by these numbers: see above */
    return status;
}

/* ---- frames ---- */

/* NaN where xyz is null or empty, or where the ball is lost. */
static traj_status read_xyz(const traj_field_place *at, const traj_json *object, double *x,
                            double *y, traj_error *err)
{
    double xyz[3];
    const traj_status status = traj_field_point(at, object, "xyz", xyz, err);
    *x = xyz[2] == LOST_Z ? NAN : xyz[0];
    *y = xyz[1];
    return status;
}

static traj_status read_player(traj_json_frames *in, const traj_json *player, traj_team team,
                               traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "player");
    traj_facts_player as = {.team = team};
    double x, y;
    traj_status status = read_xyz(&at, player, &x, &y, err);
    if (status == TRAJ_OK) status = traj_field_shirt(&at, player, "number", &as.jersey, err);
    if (status != TRAJ_OK) return status;
    traj_json_id(traj_json_get(player, "playerId"), as.id, sizeof as.id);
    if (as.id[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: player: expected an id as 'playerId'", in->file,
                         in->line);
    const traj_facts_player *const known = traj_facts_player_by_id(&in->tracks->facts, as.id);
    if (known != NULL) {
        as.keeper = known->keeper;
        memcpy(as.role, known->role, sizeof as.role);
    }
    return traj_json_frames_player(in, &as, x, y, err);
}

static traj_status read_ball(traj_json_frames *in, const traj_json *ball, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "ball");
    double x, y;
    const traj_status status = read_xyz(&at, ball, &x, &y, err);
    return status == TRAJ_OK ? traj_json_frames_ball(in, x, y, err) : status;
}

static traj_status visit(traj_json_frames *in, const traj_json *frame, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "frame");
    int64_t period, number;
    double time_s;
    traj_status status = traj_field_whole(&at, frame, "period", &period, err);
    if (status == TRAJ_OK) status = traj_field_whole(&at, frame, "frameIdx", &number, err);
    if (status == TRAJ_OK) status = traj_field_number(&at, frame, "gameClock", &time_s, err);
    if (status == TRAJ_OK) status = traj_json_frames_begin(in, period, number, time_s, err);
    if (status == TRAJ_OK) traj_json_frames_play(in, traj_json_ball_state(frame, "live"), "");
    if (status == TRAJ_OK)
        status = traj_json_frames_team(in, frame, "homePlayers", TRAJ_TEAM_HOME, read_player, err);
    if (status == TRAJ_OK)
        status = traj_json_frames_team(in, frame, "awayPlayers", TRAJ_TEAM_AWAY, read_player, err);
    return status == TRAJ_OK ? read_ball(in, traj_json_get(frame, "ball"), err) : status;
}

traj_status traj_secondspectrum_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_json_frames in = {.tracks = tracks};
    tracks->layout = (traj_layout){.name = "Second Spectrum file",
                                   .unit = "metres",
                                   .origin = "centre",
                                   .rate = {25, 1},
                                   .period_clock = true};
    const traj_status status = from->meta != NULL ? read_meta(from->meta, &tracks->facts, err)
                                                  : TRAJ_OK;
    return status == TRAJ_OK ? traj_json_frames_read(&in, from->data[0], visit, err) : status;
}
