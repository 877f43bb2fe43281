/* CDF, the Common Data Format: JSON lines, a line a frame, with the metadata of the match in a JSON
 * file of their own.
 *
 *   {"frame_id": 0, "timestamp": "2023-10-01T12:00:00Z", "period": "first_half",
 *    "match": {"id": "17"}, "ball_status": true, "ball": {"x": 0.5, "y": -0.25, "z": 0.1},
 *    "teams": {"home": {"id": "1", "players": [{"id": "11", "x": -50.1, "y": 0.2}, ...]},
 *              "away": {...}}}
 *
 * Metres from the centre spot, y up. Values may be null, keys may not be absent; a player who is
 * not seen may be. Times are of the day, and the metadata tell when a period began. Source: Anzer
 * et al., Common Data Format (CDF), arXiv 2505.15820, and the schemas of version 0.2.3, to which
 * later ones (stadium is venue, and officials, ball.status) only add. */
#include "cdf.h"

#include "clock.h"
#include "formats.h"
#include "json_frames.h"

#include <math.h>
#include <string.h>

/* Further apart, the clocks of data and metadata are not the same. */
#define SAME_DAY_S 14400.0

static const char *const periods[] = {TRAJ_CDF_PERIODS};
#define PERIODS ((int)(sizeof periods / sizeof periods[0]))

static const char *const sides[] = {[TRAJ_TEAM_HOME] = "home", [TRAJ_TEAM_AWAY] = "away"};

bool traj_cdf_sniff(const char *bytes, size_t size)
{
    return traj_json_frames_sniff(bytes, size, "\"frame_id\"", "\"teams\"");
}

/* 1 for "first_half"; 0: no such period. */
static int period_number(const char *name)
{
    for (int p = 0; name != NULL && p < PERIODS; p++)
        if (strcmp(name, periods[p]) == 0) return p + 1;
    return 0;
}

/* ---- metadata ---- */

static traj_status read_member(const traj_field_place *at, const traj_json *member, traj_team team,
                               traj_facts *facts, traj_error *err)
{
    traj_facts_player player = {.team = team, .jersey = -1};
    const traj_status status = traj_field_shirt(at, member, "jersey_number", &player.jersey, err);
    if (status != TRAJ_OK) return status;
    const char *const group = traj_json_string(traj_json_get(member, "position_group"));
    const char *const position = traj_json_string(traj_json_get(member, "position"));
    const char *const role = position != NULL ? position : group;
    traj_json_id(traj_json_get(member, "id"), player.id, sizeof player.id);
    if (player.id[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA, "%s: a player of team %s has no 'id'", at->file,
                         sides[team]);
    if (role != NULL) traj_text_copy(player.role, sizeof player.role, role);
    player.keeper = group != NULL && strcmp(group, "GK") == 0;
    return traj_facts_player_add(facts, &player, err);
}

static traj_status read_team(const traj_field_place *at, const traj_json *team, traj_team side,
                             traj_facts *facts, traj_error *err)
{
    traj_status status = TRAJ_OK;
    traj_json_team(team, &facts->team[side]);
    if (facts->team[side].id[0] == '\0')
        return traj_facts_refuse(at->file, "no id in teams.home or teams.away", "CDF", err);
    for (const traj_json *member = traj_json_first(traj_json_get(team, "players"));
         member != NULL && status == TRAJ_OK; member = traj_json_next(member))
        status = read_member(at, member, side, facts, err);
    return status;
}

/* play_direction is that of the home team. */
static traj_status read_period(const traj_field_place *at, const traj_json *period,
                               traj_facts *facts, traj_error *err)
{
    const char *const name = traj_json_string(traj_json_get(period, "period"));
    const char *const way = traj_json_string(traj_json_get(period, "play_direction"));
    const char *start = traj_json_string(traj_json_get(period, "start_time"));
    const int id = period_number(name);
    bool wall;
    if (id == 0)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: match.periods: '%.40s' is no period; expected first_half, "
                         "second_half, first_half_extratime, second_half_extratime or shootout",
                         at->file, name != NULL ? name : "");
    if (start == NULL) start = traj_json_string(traj_json_get(period, "time_start"));
    traj_facts_period *const into = traj_facts_period_add(facts, id);
    if (way != NULL)
        into->home_attacks = (strcmp(way, "left_right") == 0) - (strcmp(way, "right_left") == 0);
    if (start != NULL && traj_clock_parse(start, &into->start_s, &wall) != 0)
        return traj_fail(err, TRAJ_E_DATA, "%s: %s: expected a time as 'start_time', got '%.40s'",
                         at->file, name, start);
    return TRAJ_OK;
}

static traj_status read_match(const traj_field_place *at, const traj_json *root, traj_facts *facts,
                              traj_error *err)
{
    const traj_json *const stadium = traj_json_get(root, "stadium");
    const traj_json *const place = stadium != NULL ? stadium : traj_json_get(root, "venue");
    const traj_json *const teams = traj_json_get(root, "teams");
    const traj_json *const list = traj_json_get(traj_json_get(root, "match"), "periods");
    traj_status status = traj_field_size(at, place, "pitch_length", &facts->length_m, err);
    if (status == TRAJ_OK) status = traj_field_size(at, place, "pitch_width", &facts->width_m, err);
    for (int side = 0; side < 2 && status == TRAJ_OK; side++)
        status = read_team(at, traj_json_get(teams, sides[side]), (traj_team)side, facts, err);
    for (const traj_json *period = traj_json_first(list); period != NULL && status == TRAJ_OK;
         period = traj_json_next(period))
        status = read_period(at, period, facts, err);
    return status;
}

/* fps is a whole number there, so the clock goes before it. The caller frees *root, also after a
 * failure. */
static traj_status read_meta(traj_input *input, traj_tracks *tracks, traj_json **root,
                             traj_error *err)
{
    const traj_field_place at = {traj_input_name(input), 1, "metadata"};
    traj_status status = traj_json_input(input, root, err);
    if (status != TRAJ_OK) return status;
    const traj_json *const tracking = traj_json_get(traj_json_get(*root, "meta"), "tracking");
    tracks->facts.file = at.file;
    tracks->layout.rate_why = "so the metadata say; the file has no clock";
    status = traj_field_rate(&at, tracking, "fps", &tracks->layout.rate, err);
    return status == TRAJ_OK ? read_match(&at, *root, &tracks->facts, err) : status;
}

/* ---- frames ---- */

/* Metadata of another match may lie beside the file, whose teams may be home and away there, too.
 */
static traj_status check_match(const traj_json_frames *in, const traj_json *frame, traj_error *err)
{
    char here[64], told[64];
    traj_json_id(traj_json_get(traj_json_get(frame, "match"), "id"), here, sizeof here);
    traj_json_id(traj_json_get(traj_json_get(in->match, "match"), "id"), told, sizeof told);
    if (here[0] == '\0' || told[0] == '\0' || strcmp(here, told) == 0) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: this is match '%s', but %s is of match '%s'; name the metadata of "
                     "this match with --meta FILE, or read without: --meta none",
                     in->file, in->line, here, in->tracks->facts.file, told);
}

static traj_status read_player(traj_json_frames *in, const traj_json *player, traj_team team,
                               traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "player");
    traj_facts_player stranger = {.team = team, .jersey = -1};
    traj_sighting at_m = {.how = traj_json_detection(player, "is_visible")};
    const traj_status status = traj_field_xy(&at, player, &at_m.x, &at_m.y, err);
    if (status != TRAJ_OK) return status;
    traj_json_id(traj_json_get(player, "id"), stranger.id, sizeof stranger.id);
    if (stranger.id[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: player: expected an 'id'", in->file, in->line);
    const traj_facts_player *const known =
        traj_facts_player_of(&in->tracks->facts, team, stranger.id);
    return traj_json_frames_sight_player(in, known != NULL ? known : &stranger, at_m, err);
}

/* Who the teams are, the metadata say, or else the first frame. */
static traj_status check_team(traj_json_frames *in, const traj_json *team, traj_team side,
                              traj_error *err)
{
    traj_facts_team *const known = &in->tracks->facts.team[side];
    const char *const name = traj_json_string(traj_json_get(team, "name"));
    char id[sizeof known->id];
    traj_json_id(traj_json_get(team, "id"), id, sizeof id);
    if (id[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: expected teams.%s with an 'id'", in->file,
                         in->line, sides[side]);
    if (known->id[0] == '\0') memcpy(known->id, id, sizeof id);
    if (known->name[0] == '\0' && name != NULL)
        traj_text_copy(known->name, sizeof known->name, name);
    if (strcmp(known->id, id) == 0) return TRAJ_OK;
    return traj_fail(
        err, TRAJ_E_DATA,
        "%s:%ld: team %s is '%s', but '%s' in %s; name the metadata of this match with "
        "--meta FILE, and keep matches in files of their own",
        in->file, in->line, sides[side], id, known->id,
        in->tracks->facts.file != NULL ? in->tracks->facts.file : "the lines before");
}

static traj_status read_teams(traj_json_frames *in, const traj_json *frame, traj_error *err)
{
    traj_status status = TRAJ_OK;
    for (int side = 0; side < 2 && status == TRAJ_OK; side++) {
        const traj_json *const team = traj_json_get(traj_json_get(frame, "teams"), sides[side]);
        status = check_team(in, team, (traj_team)side, err);
        if (status == TRAJ_OK)
            status = traj_json_frames_team(in, team, "players", (traj_team)side, read_player, err);
    }
    return status;
}

static traj_status read_ball(traj_json_frames *in, const traj_json *ball, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "ball");
    double x, y;
    if (!traj_json_is_object(ball) && !traj_json_is_null(ball))
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: expected a 'ball', or null", in->file,
                         in->line);
    const traj_status status = traj_field_xy(&at, ball, &x, &y, err);
    return status == TRAJ_OK ? traj_json_frames_ball(in, x, y, err) : status;
}

/* Of the game: by keys of the frame until version 0.2, of the ball since 0.3. */
static void read_play(traj_json_frames *in, const traj_json *frame)
{
    const traj_json *const ball = traj_json_get(frame, "ball");
    const char *owner = traj_json_string(traj_json_get(frame, "ball_poss_team_id"));
    traj_ball_state state = traj_json_ball_state(frame, "ball_status");
    if (owner == NULL) owner = traj_json_string(traj_json_get(ball, "poss_team_id"));
    if (state == TRAJ_BALL_STATE_UNKNOWN) state = traj_json_ball_state(ball, "status");
    traj_json_frames_play(in, state, owner != NULL ? owner : "");
}

/* Seconds since the period began, as the metadata have it, or else with its first frame. */
static traj_status read_time(traj_json_frames *in, const traj_json *frame, int id, double *time_s,
                             traj_error *err)
{
    const char *const text = traj_json_string(traj_json_get(frame, "timestamp"));
    bool wall;
    if (text == NULL || traj_clock_parse(text, time_s, &wall) != 0)
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: expected a time as 'timestamp'%s%.40s%s",
                         in->file, in->line, text != NULL ? ", got '" : "",
                         text != NULL ? text : "", text != NULL ? "'" : "");
    if (!wall) return TRAJ_OK;
    traj_facts_period *const period = traj_facts_period_add(&in->tracks->facts, id);
    if (!(fabs(*time_s - period->start_s) < SAME_DAY_S)) period->start_s = *time_s;
    *time_s = traj_clock_since(*time_s, period->start_s);
    return TRAJ_OK;
}

static traj_status visit(traj_json_frames *in, const traj_json *frame, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "frame");
    const char *const name = traj_json_string(traj_json_get(frame, "period"));
    const int period = period_number(name);
    int64_t number;
    double time_s;
    if (period == 0)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: period '%.40s': expected first_half, second_half, "
                         "first_half_extratime, second_half_extratime or shootout",
                         in->file, in->line, name != NULL ? name : "");
    traj_status status = check_match(in, frame, err);
    if (status == TRAJ_OK) status = traj_field_whole(&at, frame, "frame_id", &number, err);
    if (status == TRAJ_OK) status = read_time(in, frame, period, &time_s, err);
    if (status == TRAJ_OK) status = traj_json_frames_begin(in, period, number, time_s, err);
    if (status == TRAJ_OK) status = read_teams(in, frame, err);
    if (status == TRAJ_OK) read_play(in, frame);
    return status == TRAJ_OK ? read_ball(in, traj_json_get(frame, "ball"), err) : status;
}

traj_status traj_cdf_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_json_frames in = {.tracks = tracks};
    tracks->layout = (traj_layout){.name = "CDF file",
                                   .unit = "metres",
                                   .origin = "centre",
                                   .ball_alone = true,
                                   .period_clock = true};
    traj_json *meta = NULL;
    traj_status status = from->meta != NULL ? read_meta(from->meta, tracks, &meta, err) : TRAJ_OK;
    in.match = meta;
    if (status == TRAJ_OK) status = traj_json_frames_read(&in, from->data[0], visit, err);
    traj_json_free(meta);
    return status;
}
