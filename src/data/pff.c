/* PFF FC (Gradient Sports): JSON lines, a line a frame; metadata and the roster in files of their
 * own.
 *
 *   {"frameNum": 4226, "period": 1, "periodElapsedTime": 0.0,
 *    "homePlayersSmoothed": [{"jerseyNum": "21", "visibility": "VISIBLE", "x": 14.0, "y": 18.3}],
 *    "awayPlayersSmoothed": [...], "ballsSmoothed": {"visibility": "VISIBLE", "x": 2.5, "y": 1.6},
 *    "game_event": {"game_event_type": "OTB", "home_ball": true}}
 *
 * Metres from the centre spot, y up, 29.97 Hz. The smoothed positions are read, estimated ones like
 * visible ones, but marked; where they are null nobody is seen. Players are known by team and
 * shirt; the roster tells who wears it. The metadata say which side home starts on, and are at
 * times wrong. Most game_events are null: what the last one of the period says of the ball holds
 * until the next, and before the first nothing is known. Possession events (passes, fouls, ...) do
 * not stop the game. Source: the files of the World Cup of 2022, and kloppy's reader of them. */
#include "formats.h"
#include "json_frames.h"

#include <string.h>

bool traj_pff_sniff(const char *bytes, size_t size)
{
    return traj_json_frames_sniff(bytes, size, "\"frameNum\"", "\"homePlayersSmoothed\"");
}

/* ---- metadata ---- */

static void read_team(const traj_json *team, traj_facts_team *into)
{
    const char *const name = traj_json_string(traj_json_get(team, "name"));
    traj_json_id(traj_json_get(team, "id"), into->id, sizeof into->id);
    if (name != NULL) traj_text_copy(into->name, sizeof into->name, name);
}

/* Where home starts on the left, it attacks right, and left in the period after. */
static void read_start(const traj_json *left, int id, traj_facts *facts)
{
    bool starts_left;
    if (!traj_json_bool(left, &starts_left)) return;
    traj_facts_period_add(facts, id)->home_attacks = starts_left ? 1 : -1;
    traj_facts_period_add(facts, id + 1)->home_attacks = starts_left ? -1 : 1;
}

static traj_status read_match(const traj_field_place *at, const traj_json *match, traj_facts *facts,
                              traj_error *err)
{
    const traj_json *const pitches = traj_json_get(traj_json_get(match, "stadium"), "pitches");
    const traj_json *const pitch = traj_json_first(pitches);
    facts->file = at->file;
    read_team(traj_json_get(match, "homeTeam"), &facts->team[TRAJ_TEAM_HOME]);
    read_team(traj_json_get(match, "awayTeam"), &facts->team[TRAJ_TEAM_AWAY]);
    if (facts->team[TRAJ_TEAM_HOME].id[0] == '\0' || facts->team[TRAJ_TEAM_AWAY].id[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: no id in homeTeam or awayTeam, so these are no metadata of PFF; name "
                         "others with --meta FILE, or read without: --meta none --roster none",
                         at->file);
    read_start(traj_json_get(match, "homeTeamStartLeft"), 1, facts);
    read_start(traj_json_get(match, "homeTeamStartLeftExtraTime"), 3, facts);
    traj_status status = traj_field_rate(at, match, "fps", &facts->rate, err);
    if (status == TRAJ_OK) status = traj_field_size(at, pitch, "length", &facts->length_m, err);
    return status == TRAJ_OK ? traj_field_size(at, pitch, "width", &facts->width_m, err) : status;
}

/* An array of one match, or the match alone. */
static traj_status read_meta(traj_input *input, traj_facts *facts, traj_error *err)
{
    const traj_field_place at = {traj_input_name(input), 1, "match"};
    traj_json *root;
    traj_status status = traj_json_input(input, &root, err);
    if (status != TRAJ_OK) return status;
    status = read_match(&at, traj_json_is_array(root) ? traj_json_first(root) : root, facts, err);
    traj_json_free(root);
    return status;
}

/* ---- the roster ---- */

static traj_status read_member(const char *file, const traj_json *member, traj_facts *facts,
                               traj_error *err)
{
    const traj_field_place at = {file, 1, "player"};
    traj_facts_player player = {0};
    char team[sizeof facts->team[0].id];
    const traj_status status = traj_field_shirt(&at, member, "shirtNumber", &player.jersey, err);
    if (status != TRAJ_OK) return status;
    const char *const role = traj_json_string(traj_json_get(member, "positionGroupType"));
    traj_json_id(traj_json_get(traj_json_get(member, "player"), "id"), player.id, sizeof player.id);
    traj_json_id(traj_json_get(traj_json_get(member, "team"), "id"), team, sizeof team);
    const bool home = strcmp(team, facts->team[TRAJ_TEAM_HOME].id) == 0;
    if (player.id[0] == '\0' || (!home && strcmp(team, facts->team[TRAJ_TEAM_AWAY].id) != 0))
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: its teams are '%s' and '%s', but in %s player '%.40s' is of team "
                         "'%.40s'; name the roster of this match with --roster FILE, or read "
                         "without: --roster none",
                         facts->file, facts->team[TRAJ_TEAM_HOME].id,
                         facts->team[TRAJ_TEAM_AWAY].id, file, player.id, team);
    player.team = home ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY;
    player.keeper = role != NULL && strcmp(role, "GK") == 0;
    traj_text_copy(player.role, sizeof player.role, role != NULL ? role : "");
    return traj_facts_player_add(facts, &player, err);
}

static traj_status read_roster(traj_input *input, traj_facts *facts, traj_error *err)
{
    const char *const file = traj_input_name(input);
    traj_json *root;
    if (facts->file == NULL)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: the roster names teams by number, and only the metadata tell which "
                         "is home; name them with --meta FILE, or read without: --roster none",
                         file);
    traj_status status = traj_json_input(input, &root, err);
    if (status != TRAJ_OK) return status;
    if (!traj_json_is_array(root))
        status = traj_fail(err, TRAJ_E_DATA,
                           "%s: expected an array of players; name the roster of this match with "
                           "--roster FILE, or read without: --roster none",
                           file);
    for (const traj_json *member = traj_json_first(root); member != NULL && status == TRAJ_OK;
         member = traj_json_next(member))
        status = read_member(file, member, facts, err);
    traj_json_free(root);
    return status;
}

/* ---- frames ---- */

static traj_status read_sighting(const traj_field_place *at, const traj_json *object,
                                 traj_sighting *sighting, traj_error *err)
{
    const char *const visibility = traj_json_string(traj_json_get(object, "visibility"));
    sighting->how = visibility == NULL                     ? TRAJ_DETECTION_UNTOLD
                    : strcmp(visibility, "ESTIMATED") == 0 ? TRAJ_EXTRAPOLATED
                                                           : TRAJ_DETECTED;
    return traj_field_xy(at, object, &sighting->x, &sighting->y, err);
}

static traj_status read_player(traj_json_frames *in, const traj_json *player, traj_team team,
                               traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "player");
    int shirt;
    traj_sighting sighting;
    traj_status status = traj_field_shirt(&at, player, "jerseyNum", &shirt, err);
    if (status == TRAJ_OK) status = read_sighting(&at, player, &sighting, err);
    if (status != TRAJ_OK) return status;
    const traj_facts_player wearer = traj_facts_wearer(&in->tracks->facts, team, shirt);
    return traj_json_frames_sight_player(in, &wearer, sighting, err);
}

static traj_status read_ball(traj_json_frames *in, const traj_json *ball, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "ballsSmoothed");
    traj_sighting sighting;
    const traj_status status =
        read_sighting(&at, traj_json_is_array(ball) ? traj_json_first(ball) : ball, &sighting, err);
    return status == TRAJ_OK ? traj_json_frames_sight_ball(in, sighting, err) : status;
}

/* Kick-offs and on the ball; out and the end of a period. Substitutions and others stop nothing
 * that an event of its own does not. */
static traj_ball_state state_after(const char *type)
{
    if (traj_text_among(type, "FIRSTKICKOFF SECONDKICKOFF THIRDKICKOFF FOURTHKICKOFF OTB"))
        return TRAJ_BALL_ALIVE;
    return traj_text_among(type, "OUT END") ? TRAJ_BALL_DEAD : TRAJ_BALL_STATE_UNKNOWN;
}

/* As in the frame before, unless there is an event. */
static void read_play(traj_json_frames *in, const traj_json *event)
{
    const char *const type = traj_json_string(traj_json_get(event, "game_event_type"));
    traj_track_row *const row = &in->tracks->row[in->row];
    bool home;
    if (in->row > 0 && row[-1].sequence == row->sequence) {
        row->ball = row[-1].ball;
        row->owner = row[-1].owner;
    }
    const bool owned = traj_json_bool(traj_json_get(event, "home_ball"), &home);
    traj_json_frames_play(in, type != NULL ? state_after(type) : TRAJ_BALL_STATE_UNKNOWN,
                          !owned ? ""
                          : home ? "home"
                                 : "away");
}

static traj_status visit(traj_json_frames *in, const traj_json *frame, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "frame");
    int64_t period, number;
    double time_s;
    traj_status status = traj_field_whole(&at, frame, "period", &period, err);
    if (status == TRAJ_OK) status = traj_field_whole(&at, frame, "frameNum", &number, err);
    if (status == TRAJ_OK)
        status = traj_field_number(&at, frame, "periodElapsedTime", &time_s, err);
    if (status == TRAJ_OK) status = traj_json_frames_begin(in, period, number, time_s, err);
    if (status == TRAJ_OK) read_play(in, traj_json_get(frame, "game_event"));
    if (status == TRAJ_OK)
        status = traj_json_frames_team(in, frame, "homePlayersSmoothed", TRAJ_TEAM_HOME,
                                       read_player, err);
    if (status == TRAJ_OK)
        status = traj_json_frames_team(in, frame, "awayPlayersSmoothed", TRAJ_TEAM_AWAY,
                                       read_player, err);
    return status == TRAJ_OK ? read_ball(in, traj_json_get(frame, "ballsSmoothed"), err) : status;
}

traj_status traj_pff_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_json_frames in = {.tracks = tracks};
    traj_status status = TRAJ_OK;
    tracks->layout = (traj_layout){.name = "PFF file",
                                   .unit = "metres",
                                   .origin = "centre",
                                   .rate = {30000, 1001},
                                   .period_clock = true};
    if (from->meta != NULL) status = read_meta(from->meta, &tracks->facts, err);
    if (status == TRAJ_OK && from->roster != NULL)
        status = read_roster(from->roster, &tracks->facts, err);
    return status == TRAJ_OK ? traj_json_frames_read(&in, from->data[0], visit, err) : status;
}
