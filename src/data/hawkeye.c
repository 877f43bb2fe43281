/* Hawk-Eye 2D: JSON, for each minute of the match a file of the ball and one of the people; the
 * pitch in a file of its own.
 *
 *   {"details": {"teams": [{"id": {"fifaId": "1888609"}, "name": "Team B", "home": true}, ...],
 *                "players": [{"id": {...}, "teamId": {...}, "jerseyNumber": "7"}, ...]},
 *    "samples": {"ball": [{"time": 8e-05, "pos": [0.1, -0.1, 0.2], "play": "In",
 *                          "possession": {"teamId": {...}}}, ...],
 *                "people": [{"personId": {...}, "role": {"name": "Goalkeeper"},
 *                            "centroid": [{"time": 8e-05, "pos": [-41.2, 0.3]}, ...]}, ...]},
 *    "sequences": {"match-minute": 46, "segment": 2}, "units": {"length": "metre"}}
 *
 * Metres from the centre spot, y up, 50 Hz. A segment is a period, 0 lies before the match and is
 * not read. time is seconds of the minute; frame = (60 minute + time) * 50, rounded, so that both
 * files of a minute meet in it. The second half begins with minute 46, whenever the first one
 * ended. Officials are left out. Source: the files themselves, and kloppy's reader of them. */
#include "formats.h"
#include "json_frames.h"
#include "lines.h"
#include "steps.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define HZ       50
#define MINUTE_S 60

/* ---- names of files ---- */

bool traj_hawkeye_sniff(const char *bytes, size_t size)
{
    size_t blanks = 0;
    while (blanks < size && isspace((unsigned char)bytes[blanks])) blanks++;
    return blanks < size && bytes[blanks] == '{' && traj_text_holds(bytes, size, "\"details\"") &&
           traj_text_holds(bytes, size, "\"heId\"");
}

/* *length: of what stands before PERIOD_MINUTE.football.samples., which is the match. False: it is
 * no such name. */
static bool match_of(const char *name, size_t *length)
{
    const char *const end = strstr(name, ".football.samples."), *at = end;
    for (int number = 0; number < 2 && at != NULL; number++) {
        const char *const stop = at;
        while (at > name && isdigit((unsigned char)at[-1])) at--;
        if (at == stop) return false;
        if (number == 0 && (at == name || *--at != '_')) return false;
    }
    *length = at != NULL ? (size_t)(at - name) : 0;
    return at != NULL;
}

/* True for two files of one match, be they of the ball or of the people. */
bool traj_hawkeye_joins(const char *a, const char *b)
{
    size_t length, other;
    return match_of(a, &length) && match_of(b, &other) && length == other &&
           strncmp(a, b, length) == 0 && strcmp(a, b) != 0;
}

/* ---- the pitch ---- */

static traj_status visit_meta(void *context, const traj_step *step, traj_error *err)
{
    traj_facts *const facts = context;
    const char *const path = step->path;
    if (step->kind != TRAJ_STEP_VALUE) return TRAJ_OK;
    if (strcmp(path, "/Stadium/PitchLength") == 0 || strcmp(path, "/stadium/pitch/length") == 0)
        return traj_step_size(step, 1.0, &facts->length_m, err);
    if (strcmp(path, "/Stadium/PitchWidth") == 0 || strcmp(path, "/stadium/pitch/width") == 0)
        return traj_step_size(step, 1.0, &facts->width_m, err);
    return TRAJ_OK;
}

/* NULL: nothing. */
static traj_status read_meta(traj_input *input, traj_facts *facts, traj_error *err)
{
    if (input == NULL) return TRAJ_OK;
    facts->file = traj_input_name(input);
    const traj_status status = traj_document_read(input, visit_meta, facts, err);
    if (status != TRAJ_OK || (facts->length_m > 0.0 && facts->width_m > 0.0)) return status;
    return traj_facts_refuse(facts->file, "no length and width of the pitch", "Hawk-Eye", err);
}

/* ---- who takes part ---- */

/* The first of its ids: {"heId", "fifaId", "uefaId"}; "" where it has none. */
static void read_id(const traj_json *ids, char *id, size_t size)
{
    static const char *const keys[] = {"fifaId", "uefaId", "heId"};
    id[0] = '\0';
    for (size_t k = 0; k < sizeof keys / sizeof *keys && id[0] == '\0'; k++)
        traj_json_id(traj_json_get(ids, keys[k]), id, size);
}

/* -1: neither. */
static int team_of(const traj_facts *facts, const traj_json *ids)
{
    char id[sizeof facts->team[0].id];
    read_id(ids, id, sizeof id);
    for (int team = 0; team < 2; team++)
        if (id[0] != '\0' && strcmp(facts->team[team].id, id) == 0) return team;
    return -1;
}

static traj_status read_teams(const char *file, const traj_json *teams, traj_facts *facts,
                              traj_error *err)
{
    for (const traj_json *team = traj_json_first(teams); team != NULL;
         team = traj_json_next(team)) {
        const char *const name = traj_json_string(traj_json_get(team, "name"));
        bool home;
        if (!traj_json_bool(traj_json_get(team, "home"), &home))
            return traj_fail(err, TRAJ_E_DATA, "%s: teams: expected true or false as 'home'", file);
        traj_facts_team *const into = &facts->team[home ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY];
        read_id(traj_json_get(team, "id"), into->id, sizeof into->id);
        if (name != NULL) traj_text_copy(into->name, sizeof into->name, name);
    }
    return TRAJ_OK;
}

static traj_status read_player(const traj_field_place *at, const traj_json *member,
                               traj_facts *facts, traj_error *err)
{
    const int team = team_of(facts, traj_json_get(member, "teamId"));
    traj_facts_player player = {.team = (traj_team)team};
    const traj_status status = traj_field_shirt(at, member, "jerseyNumber", &player.jersey, err);
    if (status != TRAJ_OK) return status;
    read_id(traj_json_get(member, "id"), player.id, sizeof player.id);
    if (traj_facts_player_by_id(facts, player.id) != NULL) return TRAJ_OK;
    if (player.id[0] == '\0' || team < 0)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: player '%s' has no id, or a team that is not among 'teams'", at->file,
                         player.id);
    return traj_facts_player_add(facts, &player, err);
}

/* Every file tells it again, and adds who came on. */
static traj_status read_details(const char *file, const traj_json *details, traj_facts *facts,
                                traj_error *err)
{
    const traj_field_place at = {file, 1, "players"};
    const traj_json *const players = traj_json_get(details, "players");
    traj_status status = read_teams(file, traj_json_get(details, "teams"), facts, err);
    for (const traj_json *player = traj_json_first(players); player != NULL && status == TRAJ_OK;
         player = traj_json_next(player))
        status = read_player(&at, player, facts, err);
    return status;
}

/* ---- a minute ---- */

typedef struct minute {
    traj_tracks *tracks; /* view */
    const char *file;    /* view */
    int64_t number;      /* of the match */
    int period;
    uint32_t sequence;
} minute;

/* Seconds of the match clock at which a period begins. */
static double start_s(int period)
{
    static const int minutes[] = {0, 1, 46, 91, 106, 121};
    const int last = (int)(sizeof minutes / sizeof *minutes) - 1;
    return MINUTE_S * minutes[period < last ? period : last];
}

/* The row of a sample; *inside is false where it has none: the last one of a minute may be nearer
 * to the first of the next, which stands in the next file. */
static traj_status find_row(const minute *in, const traj_field_place *at, const traj_json *sample,
                            uint32_t *row, bool *inside, traj_error *err)
{
    double time_s;
    bool added;
    traj_status status = traj_field_number(at, sample, "time", &time_s, err);
    if (status != TRAJ_OK) return status;
    if (!(time_s >= 0.0 && time_s < MINUTE_S + 1.0))
        return traj_fail(err, TRAJ_E_DATA, "%s: %s: 'time' is %g, expected seconds of a minute",
                         at->file, at->what, time_s);
    const int64_t of_minute = llround(time_s * HZ);
    const int64_t frame = in->number * MINUTE_S * HZ + of_minute;
    *inside = of_minute < MINUTE_S * HZ;
    if (!*inside) return TRAJ_OK;
    status = traj_tracks_row(in->tracks, in->sequence, frame, row, &added, err);
    if (status != TRAJ_OK || !added) return status;
    traj_track_row *const fresh = &in->tracks->row[*row];
    fresh->time_s = (double)frame / HZ - start_s(in->period);
    fresh->file = in->file;
    fresh->line = 1;
    return TRAJ_OK;
}

static traj_status place(const minute *in, const char *what, const traj_json *sample,
                         uint32_t agent, uint32_t *row, bool *inside, traj_error *err)
{
    const traj_field_place at = {in->file, 1, what};
    double pos[3];
    traj_status status = find_row(in, &at, sample, row, inside, err);
    if (status == TRAJ_OK) status = traj_field_point(&at, sample, "pos", pos, err);
    if (status != TRAJ_OK || !*inside) return status;
    return traj_tracks_sample(in->tracks, *row, agent, pos[0], pos[1], err);
}

static traj_status read_ball(const minute *in, const traj_json *samples, traj_error *err)
{
    uint32_t agent, row;
    bool inside;
    traj_status status = traj_tracks_ball(in->tracks, in->sequence, &agent, err);
    for (const traj_json *sample = traj_json_first(samples); sample != NULL && status == TRAJ_OK;
         sample = traj_json_next(sample)) {
        static const char *const owner[] = {[TRAJ_TEAM_HOME] = "home", [TRAJ_TEAM_AWAY] = "away"};
        const char *const play = traj_json_string(traj_json_get(sample, "play"));
        const int team = team_of(&in->tracks->facts,
                                 traj_json_get(traj_json_get(sample, "possession"), "teamId"));
        const traj_ball_state state = play == NULL              ? TRAJ_BALL_STATE_UNKNOWN
                                      : strcmp(play, "In") == 0 ? TRAJ_BALL_ALIVE
                                                                : TRAJ_BALL_DEAD;
        status = place(in, "ball", sample, agent, &row, &inside, err);
        if (status == TRAJ_OK && inside)
            traj_tracks_play(in->tracks, row, state, team >= 0 ? owner[team] : "");
    }
    return status;
}

static traj_status read_person(const minute *in, const traj_json *person, traj_error *err)
{
    const char *const role = traj_json_string(traj_json_get(traj_json_get(person, "role"), "name"));
    const traj_json *const samples = traj_json_get(person, "centroid");
    traj_track_text id;
    uint32_t agent, row;
    bool inside;
    const bool keeper = role != NULL && strcmp(role, "Goalkeeper") == 0;
    if (!keeper && (role == NULL || strcmp(role, "Outfielder") != 0)) return TRAJ_OK;
    read_id(traj_json_get(person, "personId"), id, sizeof id);
    const traj_facts_player *const known = traj_facts_player_by_id(&in->tracks->facts, id);
    if (known == NULL)
        return traj_fail(err, TRAJ_E_DATA, "%s: person '%s' is not among the 'players' in details",
                         in->file, id);
    traj_facts_player as = *known;
    as.keeper = keeper;
    traj_text_copy(as.role, sizeof as.role, role);
    traj_status status = traj_tracks_player(in->tracks, in->sequence, &as, &agent, err);
    for (const traj_json *sample = traj_json_first(samples); sample != NULL && status == TRAJ_OK;
         sample = traj_json_next(sample))
        status = place(in, "centroid", sample, agent, &row, &inside, err);
    return status;
}

/* Which minute it is; period 0: none of the match. */
static traj_status begin_minute(minute *in, const traj_json *root, traj_error *err)
{
    const traj_field_place at = {in->file, 1, "sequences"};
    const traj_json *const sequences = traj_json_get(root, "sequences");
    const char *const unit =
        traj_json_string(traj_json_get(traj_json_get(root, "units"), "length"));
    int64_t segment;
    traj_status status = traj_field_whole(&at, sequences, "match-minute", &in->number, err);
    if (status == TRAJ_OK) status = traj_field_whole(&at, sequences, "segment", &segment, err);
    if (status != TRAJ_OK) return status;
    if (segment < 0 || segment > TRAJ_MOST_PERIODS || in->number < 0 || in->number > 1000)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: minute %" PRId64 " of segment %" PRId64 ": expected segments 1 and 2 "
                         "for halves, 3 and 4 for extra time, 0 before the match",
                         in->file, in->number, segment);
    if (unit != NULL && strcmp(unit, "metre") != 0)
        return traj_fail(err, TRAJ_E_DATA, "%s: lengths are in '%.32s', expected 'metre'", in->file,
                         unit);
    in->period = (int)segment;
    return TRAJ_OK;
}

static traj_status read_minute(minute *in, const traj_json *root, traj_error *err)
{
    const traj_json *const samples = traj_json_get(root, "samples");
    const traj_json *const ball = traj_json_get(samples, "ball");
    const traj_json *const people = traj_json_get(samples, "people");
    traj_status status = begin_minute(in, root, err);
    if (status != TRAJ_OK || in->period == 0) return status;
    if (!traj_json_is_array(ball) && !traj_json_is_array(people))
        return traj_fail(err, TRAJ_E_DATA, "%s: expected an array 'ball' or 'people' in 'samples'",
                         in->file);
    status = traj_tracks_period(in->tracks, in->period, &in->sequence, err);
    if (status == TRAJ_OK)
        status = read_details(in->file, traj_json_get(root, "details"), &in->tracks->facts, err);
    if (status == TRAJ_OK && ball != NULL) status = read_ball(in, ball, err);
    for (const traj_json *person = traj_json_first(people); person != NULL && status == TRAJ_OK;
         person = traj_json_next(person))
        status = read_person(in, person, err);
    return status;
}

traj_status traj_hawkeye_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    minute in = {.tracks = tracks};
    tracks->layout = (traj_layout){.name = "Hawk-Eye file",
                                   .unit = "metres",
                                   .origin = "centre",
                                   .rate = {HZ, 1},
                                   .ball_alone = true,
                                   .period_clock = true};
    traj_status status = read_meta(from->meta, &tracks->facts, err);
    for (int f = 0; f < from->count && status == TRAJ_OK; f++) {
        traj_json *root;
        in.file = traj_input_name(from->data[f]);
        status = traj_json_input(from->data[f], &root, err);
        if (status != TRAJ_OK) break;
        status = read_minute(&in, root, err);
        traj_json_free(root);
    }
    return status;
}
