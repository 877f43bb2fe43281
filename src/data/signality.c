/* Signality: one JSON array of frames a period, each in a file of its own, with the teams' names in
 * another file, and the pitch in that of the venue.
 *
 *   {"phase": 1, "idx": 0, "state": "running", "match_time": 12, "referees": [...],
 *    "home_team": [{"jersey_number": 45, "role": 1, "position": [-41.2, 0.1], "track_id": "3"}],
 *    "away_team": [...], "ball": {"position": [2.5, 1.6, 0], "team": "home_team"}}
 *
 * Metres from the centre spot, y up, 25 Hz; match_time is milliseconds of the period, below 0
 * before it begins, and idx counts its frames. Players are known by team and shirt; those whose
 * shirt is not known, by their track. Source: the files themselves, and kloppy's reader of them. */
#include "formats.h"
#include "json_frames.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define HZ         25
#define MS_PER_S   1000.0
#define GOALKEEPER 1.0 /* role */

static const char *const team_key[] = {
    [TRAJ_TEAM_HOME] = "home_team", [TRAJ_TEAM_AWAY] = "away_team"};
static const char *const team_name[] = {[TRAJ_TEAM_HOME] = "home", [TRAJ_TEAM_AWAY] = "away"};

bool traj_signality_sniff(const char *bytes, size_t size)
{
    return traj_json_frames_sniff(bytes, size, "\"match_time\"", "\"home_team\"");
}

/* True when two names are the same but for the digit behind a p that begins a word: ..._p1_... and
 * ..._p2_..., but not cup1 and cup2, nor folders. */
bool traj_signality_joins(const char *a, const char *b)
{
    size_t at = 0;
    while (a[at] != '\0' && a[at] == b[at]) at++;
    const bool word = at > 0 && a[at - 1] == 'p' && (at == 1 || !isalnum((unsigned char)a[at - 2]));
    return word && isdigit((unsigned char)a[at]) && isdigit((unsigned char)b[at]) &&
           strcmp(a + at + 1, b + at + 1) == 0 && strchr(a + at, '/') == NULL;
}

/* ---- metadata and venue ---- */

static traj_status read_pitch(const traj_field_place *at, const traj_json *venue, traj_facts *facts,
                              traj_error *err)
{
    double size[3];
    const traj_status status = traj_field_point(at, venue, "pitch_size", size, err);
    if (status != TRAJ_OK) return status;
    if (!(size[0] > 0.0 && size[1] > 0.0))
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: expected 'pitch_size' to be the pitch's length and width in metres; "
                         "correct it, or read without: --meta none",
                         at->file);
    facts->length_m = size[0];
    facts->width_m = size[1];
    return TRAJ_OK;
}

/* The metadata and the venue alike: whichever it is, and it may be both. */
static traj_status read_match(const traj_field_place *at, const traj_json *match, traj_facts *facts,
                              traj_error *err)
{
    const char *const home = traj_json_string(traj_json_get(match, "team_home_name"));
    const char *const away = traj_json_string(traj_json_get(match, "team_away_name"));
    const bool venue = traj_json_get(match, "pitch_size") != NULL;
    facts->file = at->file;
    if (!venue && (home == NULL || away == NULL))
        return traj_facts_refuse(at->file,
                                 "neither 'team_home_name' and 'team_away_name' nor 'pitch_size'",
                                 "Signality", err);
    if (home != NULL)
        traj_text_copy(facts->team[TRAJ_TEAM_HOME].name, sizeof facts->team->name, home);
    if (away != NULL)
        traj_text_copy(facts->team[TRAJ_TEAM_AWAY].name, sizeof facts->team->name, away);
    return venue ? read_pitch(at, match, facts, err) : TRAJ_OK;
}

/* NULL: nothing. */
static traj_status read_meta(traj_input *input, traj_facts *facts, traj_error *err)
{
    traj_json *match;
    if (input == NULL) return TRAJ_OK;
    const traj_field_place at = {traj_input_name(input), 1, "match"};
    traj_status status = traj_json_input(input, &match, err);
    if (status != TRAJ_OK) return status;
    status = read_match(&at, match, facts, err);
    traj_json_free(match);
    return status;
}

/* ---- frames ---- */

static traj_status read_player(traj_json_frames *in, const traj_json *player, traj_team team,
                               traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "player");
    traj_track_text track;
    double position[3], role;
    int shirt;
    traj_status status = traj_field_shirt(&at, player, "jersey_number", &shirt, err);
    if (status == TRAJ_OK) status = traj_field_point(&at, player, "position", position, err);
    if (status == TRAJ_OK) status = traj_field_number(&at, player, "role", &role, err);
    if (status != TRAJ_OK) return status;
    traj_facts_player as = traj_facts_stranger(team, shirt);
    as.keeper = role == GOALKEEPER;
    traj_json_id(traj_json_get(player, "track_id"), track, sizeof track);
    if (shirt < 0) snprintf(as.id, sizeof as.id, "%s_track_%.32s", team_name[team], track);
    return traj_json_frames_player(in, &as, position[0], position[1], err);
}

static traj_status read_ball(traj_json_frames *in, const traj_json *ball, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "ball");
    const char *const owner = traj_json_string(traj_json_get(ball, "team"));
    double position[3];
    const traj_status status = traj_field_point(&at, ball, "position", position, err);
    for (int team = 0; team < 2; team++)
        if (owner != NULL && strcmp(owner, team_key[team]) == 0)
            traj_json_frames_play(in, TRAJ_BALL_STATE_UNKNOWN, team_name[team]);
    return status == TRAJ_OK ? traj_json_frames_ball(in, position[0], position[1], err) : status;
}

static traj_status visit(traj_json_frames *in, const traj_json *frame, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "frame");
    int64_t period, number, time_ms;
    traj_status status = traj_field_whole(&at, frame, "phase", &period, err);
    if (status == TRAJ_OK) status = traj_field_whole(&at, frame, "idx", &number, err);
    if (status == TRAJ_OK) status = traj_field_whole(&at, frame, "match_time", &time_ms, err);
    if (status != TRAJ_OK || time_ms < 0) return status;
    status = traj_json_frames_begin(in, period, number, (double)time_ms / MS_PER_S, err);
    for (int team = 0; team < 2 && status == TRAJ_OK; team++)
        status =
            traj_json_frames_team(in, frame, team_key[team], (traj_team)team, read_player, err);
    return status == TRAJ_OK ? read_ball(in, traj_json_get(frame, "ball"), err) : status;
}

traj_status traj_signality_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_json_frames in = {.tracks = tracks};
    tracks->layout = (traj_layout){.name = "Signality file",
                                   .unit = "metres",
                                   .origin = "centre",
                                   .rate = {HZ, 1},
                                   .period_clock = true};
    traj_status status = read_meta(from->venue, &tracks->facts, err);
    if (status == TRAJ_OK) status = read_meta(from->meta, &tracks->facts, err);
    for (int f = 0; f < from->count && status == TRAJ_OK; f++)
        status = traj_json_frames_read(&in, from->data[f], visit, err);
    return status;
}
