/* SkillCorner: JSON, frame by frame, with the metadata of the match in a file of their own.
 *
 * V3, in lines:
 *
 *   {"frame": 20, "timestamp": "00:00:01.00", "period": 1,
 *    "ball_data": {"x": 0.0, "y": -0.31, "z": 0.2, "is_detected": true},
 *    "possession": {"player_id": 76, "group": "home team"},
 *    "player_data": [{"x": -41.97, "y": -0.61, "player_id": 76, "is_detected": false}, ...]}
 *
 * V2, in one array or in lines:
 *
 *   {"frame": 20, "timestamp": "0:01.00", "period": 1,
 *    "possession": {"trackable_object": 1148, "group": "away team"},
 *    "data": [{"x": -41.97, "y": -0.61, "track_id": 7, "trackable_object": 1148},
 *             {"x": 12.5, "y": 3.2, "track_id": 31, "group_name": "home team"},
 *             {"x": 0.0, "y": -0.31, "z": 0.2, "track_id": 55, "trackable_object": 55}, ...]}
 *
 * Metres from the centre spot, y up. In V3, players off camera are extrapolated, read like the
 * others and marked. V2 has only what is on the screen: players, officials and the ball, by the
 * trackable_object that the metadata know them by, or, where they could not be told, by the group
 * alone; then a track that was lost and found again is another. Frames without a period lie before
 * kick-off or behind the end, and in frames without players nobody was watched: neither is read.
 * The clock of the second half starts at 45 minutes. Teams are known from the metadata alone.
 * Source: the files themselves, SkillCorner's open data, and kloppy's reader of them. */
#include "clock.h"
#include "formats.h"
#include "json_frames.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HZ 10

bool traj_skillcorner_sniff(const char *bytes, size_t size)
{
    return traj_json_frames_sniff(bytes, size, "\"player_data\"", "\"ball_data\"") ||
           traj_json_frames_sniff(bytes, size, "\"trackable_object\"", "\"data\"");
}

/* ---- metadata ---- */

/* The frames that a player took part in; not all metadata have them. */
static traj_status read_presence(const traj_field_place *at, const traj_json *member,
                                 traj_facts_player *player, traj_error *err)
{
    const traj_json *const total = traj_json_get(traj_json_get(member, "playing_time"), "total");
    double first, last;
    traj_status status = traj_field_number(at, total, "start_frame", &first, err);
    if (status == TRAJ_OK) status = traj_field_number(at, total, "end_frame", &last, err);
    if (status == TRAJ_OK) traj_facts_player_present(player, first, last);
    return status;
}

static traj_status read_member(const traj_field_place *at, const traj_json *member,
                               traj_facts *facts, traj_error *err)
{
    traj_facts_player player = {0};
    char team[sizeof facts->team[0].id];
    traj_status status = traj_field_shirt(at, member, "number", &player.jersey, err);
    if (status == TRAJ_OK) status = read_presence(at, member, &player, err);
    if (status != TRAJ_OK) return status;
    traj_json_id(traj_json_get(member, "id"), player.id, sizeof player.id);
    traj_json_id(traj_json_get(member, "trackable_object"), player.alias, sizeof player.alias);
    traj_json_id(traj_json_get(member, "team_id"), team, sizeof team);
    const char *const role =
        traj_json_string(traj_json_get(traj_json_get(member, "player_role"), "name"));
    const bool home = strcmp(team, facts->team[TRAJ_TEAM_HOME].id) == 0;
    if (player.id[0] == '\0' || (!home && strcmp(team, facts->team[TRAJ_TEAM_AWAY].id) != 0))
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: player '%.40s' is of team '%.40s', expected the id of a player of "
                         "team '%s' or '%s'",
                         at->file, player.id, team, facts->team[TRAJ_TEAM_HOME].id,
                         facts->team[TRAJ_TEAM_AWAY].id);
    player.team = home ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY;
    player.keeper = role != NULL && strcmp(role, "Goalkeeper") == 0;
    traj_text_copy(player.role, sizeof player.role, role != NULL ? role : "");
    return traj_facts_player_add(facts, &player, err);
}

static traj_status read_team(const traj_field_place *at, const traj_json *team,
                             traj_facts_team *into, traj_error *err)
{
    traj_json_team(team, into);
    if (into->id[0] != '\0') return TRAJ_OK;
    return traj_facts_refuse(at->file, "no id in home_team or away_team", "SkillCorner", err);
}

/* One word a period: "left_to_right" is the way home attacks. */
static void read_sides(const traj_json *sides, traj_facts *facts)
{
    int id = 1;
    for (const traj_json *side = traj_json_first(sides); side != NULL && id <= TRAJ_MOST_PERIODS;
         side = traj_json_next(side), id++) {
        const char *const word = traj_json_string(side);
        if (word == NULL) continue;
        traj_facts_period *const period = traj_facts_period_add(facts, id);
        period->home_attacks = (strcmp(word, "left_to_right") == 0) -
                               (strcmp(word, "right_to_left") == 0);
    }
}

static traj_status read_match(const char *file, const traj_json *match, traj_facts *facts,
                              traj_error *err)
{
    const traj_field_place at = {file, 1, "match"};
    const traj_json *const players = traj_json_get(match, "players");
    facts->file = file;
    traj_status status = traj_field_size(&at, match, "pitch_length", &facts->length_m, err);
    if (status == TRAJ_OK)
        status = traj_field_size(&at, match, "pitch_width", &facts->width_m, err);
    for (int t = 0; t < 2 && status == TRAJ_OK; t++)
        status = read_team(&at,
                           traj_json_get(match, t == TRAJ_TEAM_HOME ? "home_team" : "away_team"),
                           &facts->team[t], err);
    for (const traj_json *player = traj_json_first(players); player != NULL && status == TRAJ_OK;
         player = traj_json_next(player))
        status = read_member(&at, player, facts, err);
    if (status == TRAJ_OK) read_sides(traj_json_get(match, "home_team_side"), facts);
    return status;
}

/* ---- frames ---- */

static traj_status read_sighting(const traj_field_place *at, const traj_json *object,
                                 traj_sighting *sighting, traj_error *err)
{
    sighting->how = traj_json_detection(object, "is_detected");
    return traj_field_xy(at, object, &sighting->x, &sighting->y, err);
}

static traj_status fail_stranger(const traj_json_frames *in, const char *id, traj_error *err)
{
    const char *const file = in->tracks->facts.file;
    if (file == NULL)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: only the metadata tell who object %s is; name them with --meta "
                         "FILE",
                         in->file, in->line, id);
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: player %s is not among the players of %s; name the metadata of this "
                     "match with --meta FILE, or read without: --meta none",
                     in->file, in->line, id, file);
}

/* Of a player whom no metadata know only the id is told. */
static traj_status place_stranger(traj_json_frames *in, const char *id, traj_sighting sighting,
                                  traj_error *err)
{
    uint32_t agent;
    bool added;
    const traj_status status =
        traj_tracks_agent(in->tracks, in->sequence, "", id, &agent, &added, err);
    return status == TRAJ_OK ? traj_tracks_sight(in->tracks, in->row, agent, sighting, err)
                             : status;
}

static traj_status read_player(traj_json_frames *in, const traj_json *player, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "player_data");
    const traj_facts *const facts = &in->tracks->facts;
    traj_track_text id;
    traj_sighting sighting;
    traj_json_id(traj_json_get(player, "player_id"), id, sizeof id);
    const traj_status status = read_sighting(&at, player, &sighting, err);
    if (status != TRAJ_OK) return status;
    if (id[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: player_data: expected an id as 'player_id'",
                         in->file, in->line);
    if (facts->file == NULL) return place_stranger(in, id, sighting, err);
    const traj_facts_player *const known = traj_facts_player_by_id(facts, id);
    if (known != NULL) return traj_json_frames_sight_player(in, known, sighting, err);
    return fail_stranger(in, id, err);
}

static traj_status read_ball(traj_json_frames *in, const traj_json *ball, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "ball_data");
    traj_sighting sighting;
    const traj_status status = read_sighting(&at, ball, &sighting, err);
    return status == TRAJ_OK ? traj_json_frames_sight_ball(in, sighting, err) : status;
}

/* "home team" or "away team". */
static void read_possession(traj_json_frames *in, const traj_json *possession)
{
    const char *const group = traj_json_string(traj_json_get(possession, "group"));
    if (group == NULL) return;
    traj_json_frames_play(in, TRAJ_BALL_STATE_UNKNOWN,
                          strcmp(group, "home team") == 0   ? "home"
                          : strcmp(group, "away team") == 0 ? "away"
                                                            : "");
}

/* Seconds since the period began; the clock shows those of the match, as on the scoreboard. */
static traj_status read_time(traj_json_frames *in, const traj_json *frame, int64_t period,
                             double *time_s, traj_error *err)
{
    static const double start_s[] = {0.0, 0.0, 2700.0, 5400.0, 6300.0, 7200.0};
    const traj_json *const stamp = traj_json_get(frame, "timestamp");
    const char *const text = traj_json_string(stamp != NULL ? stamp : traj_json_get(frame, "time"));
    bool wall;
    *time_s = NAN;
    if (text == NULL) return TRAJ_OK;
    if (traj_clock_parse(text, time_s, &wall) != 0)
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: expected a time as 'timestamp', got '%.32s'",
                         in->file, in->line, text);
    if (period >= 1 && period < (int64_t)(sizeof start_s / sizeof *start_s))
        *time_s -= start_s[period];
    return TRAJ_OK;
}

static traj_status begin_frame(traj_json_frames *in, const traj_json *frame, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "frame");
    int64_t period, number;
    double time_s = NAN;
    traj_status status = traj_field_whole(&at, frame, "period", &period, err);
    if (status == TRAJ_OK) status = traj_field_whole(&at, frame, "frame", &number, err);
    if (status == TRAJ_OK) status = read_time(in, frame, period, &time_s, err);
    return status == TRAJ_OK ? traj_json_frames_begin(in, period, number, time_s, err) : status;
}

/* ---- objects of V2 ---- */

/* Whether one of the members, or the one there is, is the object with this id. */
static bool is_among(const traj_json *members, const char *id)
{
    const bool array = traj_json_is_array(members);
    for (const traj_json *member = array ? traj_json_first(members) : members; member != NULL;
         member = array ? traj_json_next(member) : NULL) {
        traj_track_text known;
        traj_json_id(traj_json_get(member, "trackable_object"), known, sizeof known);
        if (known[0] != '\0' && strcmp(known, id) == 0) return true;
    }
    return false;
}

static const char *group_of(const traj_json *object)
{
    const char *const group = traj_json_string(traj_json_get(object, "group_name"));
    return group != NULL ? group : "";
}

static bool is_known_ball(const traj_json_frames *in, const traj_json *object)
{
    traj_track_text id;
    traj_json_id(traj_json_get(object, "trackable_object"), id, sizeof id);
    return is_among(traj_json_get(in->match, "ball"), id);
}

/* "ball" or "balls", or as the metadata know it; nothing else has a height. */
static bool is_ball(const traj_json_frames *in, const traj_json *object)
{
    double z;
    return strncmp(group_of(object), "ball", 4) == 0 || is_known_ball(in, object) ||
           traj_json_number(traj_json_get(object, "z"), &z);
}

/* Somebody of whom only the group is known. Other groups are of no team and left out. */
static traj_status read_anonymous(traj_json_frames *in, const traj_json *object,
                                  traj_sighting sighting, traj_error *err)
{
    const char *const group = group_of(object);
    const bool home = strncmp(group, "home ", 5) == 0;
    traj_facts_player player = {.team = home ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY, .jersey = -1};
    traj_track_text track;
    if (!home && strncmp(group, "away ", 5) != 0) return TRAJ_OK;
    traj_json_id(traj_json_get(object, "track_id"), track, sizeof track);
    if (track[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: data: expected an id as 'track_id'", in->file,
                         in->line);
    snprintf(player.id, sizeof player.id, "%s_anon_%.32s", home ? "home" : "away", track);
    player.keeper = strcmp(group + 5, "goalkeeper") == 0;
    return traj_json_frames_sight_player(in, &player, sighting, err);
}

static traj_status read_object(traj_json_frames *in, const traj_json *object, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "data");
    traj_track_text id;
    traj_sighting sighting;
    const traj_status status = read_sighting(&at, object, &sighting, err);
    if (status != TRAJ_OK) return status;
    traj_json_id(traj_json_get(object, "trackable_object"), id, sizeof id);
    if (id[0] == '\0') return read_anonymous(in, object, sighting, err);
    if (is_among(traj_json_get(in->match, "referees"), id)) return TRAJ_OK;
    const traj_facts_player *const known = traj_facts_player_by_alias(&in->tracks->facts, id);
    if (known != NULL) return traj_json_frames_sight_player(in, known, sighting, err);
    return fail_stranger(in, id, err);
}

/* Of several balls on the screen the first counts, but for one that the metadata know. */
static traj_status read_objects(traj_json_frames *in, const traj_json *objects, traj_error *err)
{
    const traj_field_place at = traj_json_frames_place(in, "data");
    const traj_json *ball = NULL;
    traj_sighting sighting;
    traj_status status = TRAJ_OK;
    for (const traj_json *object = traj_json_first(objects); object != NULL && status == TRAJ_OK;
         object = traj_json_next(object)) {
        if (!is_ball(in, object))
            status = read_object(in, object, err);
        else if (ball == NULL || (is_known_ball(in, object) && !is_known_ball(in, ball)))
            ball = object;
    }
    if (status != TRAJ_OK || ball == NULL) return status;
    status = read_sighting(&at, ball, &sighting, err);
    return status == TRAJ_OK ? traj_json_frames_sight_ball(in, sighting, err) : status;
}

/* ---- both ---- */

static traj_status visit(traj_json_frames *in, const traj_json *frame, traj_error *err)
{
    const traj_json *const objects = traj_json_get(frame, "data");
    const traj_json *const players = objects ? objects : traj_json_get(frame, "player_data");
    const traj_json *const period = traj_json_get(frame, "period");
    if (!traj_json_is_array(players) || period == NULL)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: expected a frame with 'period' and an array 'player_data', or "
                         "'data' in V2",
                         in->file, in->line);
    if (traj_json_is_null(period) || traj_json_count(players) == 0) return TRAJ_OK;
    traj_status status = begin_frame(in, frame, err);
    if (status != TRAJ_OK) return status;
    read_possession(in, traj_json_get(frame, "possession"));
    if (objects != NULL) return read_objects(in, objects, err);
    for (const traj_json *player = traj_json_first(players); player != NULL && status == TRAJ_OK;
         player = traj_json_next(player))
        status = read_player(in, player, err);
    return status == TRAJ_OK ? read_ball(in, traj_json_get(frame, "ball_data"), err) : status;
}

traj_status traj_skillcorner_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_json_frames in = {.tracks = tracks};
    traj_json *match = NULL;
    traj_status status = TRAJ_OK;
    tracks->layout = (traj_layout){.name = "SkillCorner file",
                                   .unit = "metres",
                                   .origin = "centre",
                                   .rate = {HZ, 1},
                                   .loses_players = true,
                                   .period_clock = true};
    if (from->meta != NULL) status = traj_json_input(from->meta, &match, err);
    if (status == TRAJ_OK && match != NULL)
        status = read_match(traj_input_name(from->meta), match, &tracks->facts, err);
    in.match = match;
    if (status == TRAJ_OK) status = traj_json_frames_read(&in, from->data[0], visit, err);
    traj_json_free(match);
    return status;
}
