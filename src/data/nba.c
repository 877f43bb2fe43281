/* NBA SportVU: one JSON object a game, as published for the season of 2015-16.
 *
 *   {"gameid": "0021500492", "gamedate": "2016-01-01", "events": [
 *     {"eventId": "1", "visitor": {"name": "...", "teamid": 1610612761, "players":
 *        [{"firstname": "...", "lastname": "...", "playerid": 200768, "jersey": "7"}, ...]},
 *      "home": {...},
 *      "moments": [[1, 1451690520012, 720.0, 24.0, null,
 *                   [[-1, -1, 47.2, 25.6, 5.1], [1610612761, 200768, 34.6, 40.3, 0.0], ...]]]}]}
 *
 * A moment: quarter, milliseconds since 1970, game clock, shot clock, nothing, and the rows, at
 * most eleven: team, player, x, y, height; the ball's team is -1. Feet from a corner of a court of
 * 94 x 50, 25 Hz. Events overlap: a moment that has been there is passed over. The game clock
 * stands still when play does, so the other one counts. Source: the files themselves. */
#include "formats.h"
#include "json_frames.h"
#include "lines.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BALL_TEAM (-1.0)

enum { QUARTER, EPOCH_MS, POSITIONS = 5 }; /* of a moment */
enum { TEAM, PLAYER, X, Y, ROW };          /* of a position */

static const char *const sides[] = {[TRAJ_TEAM_HOME] = "home", [TRAJ_TEAM_AWAY] = "visitor"};

typedef struct reader {
    traj_tracks *tracks; /* view */
    const char *file;    /* view */
    long line;           /* where the event begins */
    size_t event, moment;
    uint32_t sequence, row;
} reader;

bool traj_nba_sniff(const char *bytes, size_t size)
{
    return traj_text_first(bytes, size) == '{' && traj_text_holds(bytes, size, "\"gameid\"") &&
           traj_text_holds(bytes, size, "\"events\"");
}

static traj_status fail(const reader *in, traj_error *err, const char *sentence)
{
    return traj_fail(err, TRAJ_E_DATA, "%s:%ld: moment %zu of event %zu: %s", in->file, in->line,
                     in->moment, in->event, sentence);
}

/* Element i as a number; NaN where it is none. */
static double number_at(const traj_json *array, size_t i)
{
    double number;
    return traj_json_number(traj_json_at(array, i), &number) ? number : NAN;
}

/* ---- who plays ---- */

static traj_status read_member(const reader *in, const traj_json *member, traj_team team,
                               traj_error *err)
{
    const traj_field_place at = {in->file, in->line, "player"};
    traj_facts_player player = {.team = team, .jersey = -1};
    const char *const position = traj_json_string(traj_json_get(member, "position"));
    /* Some wear no number: "". */
    const char *const jersey = traj_json_string(traj_json_get(member, "jersey"));
    traj_json_id(traj_json_get(member, "playerid"), player.id, sizeof player.id);
    if (position != NULL) traj_text_copy(player.role, sizeof player.role, position);
    if (jersey == NULL || jersey[0] != '\0') {
        const traj_status status = traj_field_shirt(&at, member, "jersey", &player.jersey, err);
        if (status != TRAJ_OK) return status;
    }
    return traj_facts_player_add(&in->tracks->facts, &player, err);
}

/* Every event lists the teams; the first one's count, and later ones must name the same. */
static traj_status read_team(const reader *in, const traj_json *team, traj_team side,
                             traj_error *err)
{
    traj_facts_team *const known = &in->tracks->facts.team[side];
    const char *const name = traj_json_string(traj_json_get(team, "name"));
    const traj_json *member = traj_json_first(traj_json_get(team, "players"));
    char id[sizeof known->id];
    traj_status status = TRAJ_OK;
    traj_json_id(traj_json_get(team, "teamid"), id, sizeof id);
    if (id[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: event %zu: expected '%s' with a 'teamid'",
                         in->file, in->line, in->event, sides[side]);
    if (strcmp(known->id, id) == 0) return TRAJ_OK;
    if (known->id[0] != '\0')
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: event %zu: '%s' is team %s, but %s before; keep games in files "
                         "of their own",
                         in->file, in->line, in->event, sides[side], id, known->id);
    memcpy(known->id, id, sizeof id);
    if (name != NULL) traj_text_copy(known->name, sizeof known->name, name);
    for (; member != NULL && status == TRAJ_OK; member = traj_json_next(member))
        status = read_member(in, member, side, err);
    return status;
}

/* ---- where they are ---- */

static traj_status find_agent(const reader *in, double team, double player, uint32_t *agent,
                              traj_error *err)
{
    const traj_facts *const facts = &in->tracks->facts;
    traj_facts_player as = {.jersey = -1};
    char team_id[32];
    if (team == BALL_TEAM) return traj_tracks_ball(in->tracks, in->sequence, agent, err);
    snprintf(team_id, sizeof team_id, "%.0f", team);
    snprintf(as.id, sizeof as.id, "%.0f", player);
    as.team = strcmp(team_id, facts->team[TRAJ_TEAM_AWAY].id) == 0 ? TRAJ_TEAM_AWAY
                                                                   : TRAJ_TEAM_HOME;
    if (strcmp(team_id, facts->team[as.team].id) != 0)
        return fail(in, err, "a player of a team that is neither home nor visitor");
    const traj_facts_player *const known = traj_facts_player_of(facts, as.team, as.id);
    return traj_tracks_player(in->tracks, in->sequence, known != NULL ? known : &as, agent, err);
}

static traj_status read_position(const reader *in, const traj_json *position, traj_error *err)
{
    const double team = number_at(position, TEAM), player = number_at(position, PLAYER);
    uint32_t agent;
    if (traj_json_count(position) < ROW || !traj_is_whole(team) || !traj_is_whole(player))
        return fail(in, err, "expected rows [team, player, x, y, height] of numbers");
    const traj_status status = find_agent(in, team, player, &agent, err);
    if (status != TRAJ_OK) return status;
    return traj_tracks_sample(in->tracks, in->row, agent, number_at(position, X),
                              number_at(position, Y), err);
}

/* *added: the moment is none that an earlier event has. */
static traj_status begin_moment(reader *in, const traj_json *moment, bool *added, traj_error *err)
{
    const double quarter = number_at(moment, QUARTER), epoch_ms = number_at(moment, EPOCH_MS);
    char name[16];
    if (!traj_is_whole(quarter) || quarter < 1.0 || quarter > TRAJ_MOST_PERIODS)
        return fail(in, err, "its first number is no quarter from 1 to 8");
    if (!traj_is_whole(epoch_ms))
        return fail(in, err, "its second number is no time in milliseconds since 1970");
    snprintf(name, sizeof name, "%.0f", quarter);
    traj_status status = traj_tracks_sequence(in->tracks, name, &in->sequence, added, err);
    if (status != TRAJ_OK) return status;
    in->tracks->sequence[in->sequence].period_id = (int)quarter;
    status = traj_tracks_row(in->tracks, in->sequence, (int64_t)epoch_ms, &in->row, added, err);
    if (status != TRAJ_OK || !*added) return status;
    in->tracks->row[in->row].line = (uint32_t)in->line;
    in->tracks->row[in->row].time_s = epoch_ms * 1e-3;
    return TRAJ_OK;
}

static traj_status read_moment(reader *in, const traj_json *moment, traj_error *err)
{
    const traj_json *const positions = traj_json_at(moment, POSITIONS);
    bool added;
    if (!traj_json_is_array(positions))
        return fail(in, err, "expected [quarter, ms, game clock, shot clock, null, [rows]]");
    traj_status status = begin_moment(in, moment, &added, err);
    if (status != TRAJ_OK || !added) return status;
    for (const traj_json *position = traj_json_first(positions);
         position != NULL && status == TRAJ_OK; position = traj_json_next(position))
        status = read_position(in, position, err);
    return status;
}

static traj_status visit(void *context, const traj_json *event, long line, traj_error *err)
{
    reader *const in = context;
    const traj_json *const moments = traj_json_get(event, "moments");
    traj_status status = TRAJ_OK;
    in->line = line;
    in->event++;
    in->moment = 0;
    for (int side = 0; side < 2 && status == TRAJ_OK; side++)
        status = read_team(in, traj_json_get(event, sides[side]), (traj_team)side, err);
    if (status == TRAJ_OK && !traj_json_is_array(moments))
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: event %zu: expected an array 'moments'",
                         in->file, in->line, in->event);
    for (const traj_json *moment = traj_json_first(moments); moment != NULL && status == TRAJ_OK;
         moment = traj_json_next(moment)) {
        in->moment++;
        status = read_moment(in, moment, err);
    }
    return status;
}

traj_status traj_nba_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    reader in = {.tracks = tracks, .file = traj_input_name(from->data[0])};
    tracks->layout = (traj_layout){.name = "NBA SportVU file",
                                   .unit = "feet",
                                   .origin = "bottom-left",
                                   .length = 94.0,
                                   .width = 50.0,
                                   .rate = {25, 1},
                                   .no_keepers = true,
                                   .no_direction = true};
    tracks->wall_clock = true;
    return traj_json_stream(from->data[0], "events", true, visit, &in, err);
}
