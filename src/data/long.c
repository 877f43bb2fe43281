/* Long CSV: one row for each player in each frame, columns found by their names.
 *
 * kloppy and fast-forward long tables, unravelsports, Last-Row, NFL Big Data Bowl, Kinexon exports,
 * RoboCup 2D logs (the ball repeated in each row) and our own rollout.csv, of which the observed
 * rows are read. */
#include "formats.h"
#include "keys.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Columns as plain names, in order of preference. */
enum { X, Y, Z, BALL_X, BALL_Y, BALL_Z, PLAYER, JERSEY, TEAM, ROLE, SAMPLE, OBSERVED, ROLES };
static const char *const role_names[ROLES] = {
    [X] = "x posx playerx xinm xm positionx",
    [Y] = "y posy playery yinm ym positiony",
    [Z] = "z posz playerz zinm zm positionz",
    [BALL_X] = "ballx",
    [BALL_Y] = "bally",
    [BALL_Z] = "ballz",
    [PLAYER] = "playerid nflid trackid objectid mappedid sensorid id player agentid pid",
    [JERSEY] = "jersey jerseynumber jerseyno playernum shirtnumber unum number num",
    [TEAM] = "team teamname groupname teamid club playerside groupid side",
    [ROLE] = "role positionname position playerposition",
    [SAMPLE] = "sample",
    [OBSERVED] = "observed",
};

/* What column names alone give away. The first row whose columns are all there holds. */
static const struct known {
    const char *columns[3];
    traj_layout layout;
} known[] = {
    {{"playid", "frameid", "nflid"},
     {.name = "NFL Big Data Bowl",
      .unit = "yards",
      .origin = "bottom-left",
      .length = 120.0,
      .width = 160.0 / 3.0,
      .rate = {10, 1},
      .no_keepers = true,
      .no_direction = true}},
    {{"cycle", "playernum", "playerx"},
     {.name = "RoboCup 2D log",
      .unit = "metres",
      .origin = "centre-down",
      .length = 105.0,
      .width = 68.0,
      .rate = {10, 1}}},
    {{"bgcolor", "edgecolor", "play"},
     {.name = "Last-Row", .unit = "percent", .origin = "bottom-left", .rate = {20, 1}}},
    {{"bgcolor", "edgecolor", "playerobj"},
     {.name = "Last-Row", .unit = "percent", .origin = "bottom-left", .rate = {20, 1}}},
    {{"sequence", "sample", "observed"},
     {.name = "rollout.csv",
      .unit = "metres",
      .origin = "centre",
      .ball_alone = true,
      .period_clock = true}},
    {{"framecount", "jerseyno", "posx"},
     {.name = "StatsPerform open CSV", .unit = "metres", .origin = "centre"}},
    {{"xinm", "yinm", "tsinms"}, {.name = "Kinexon CSV", .unit = "metres"}},
};

typedef struct reader {
    traj_columns columns; /* owned */
    traj_keys keys;
    size_t role[ROLES];
    bool number_is_id;   /* players are told by their jersey numbers alone */
    traj_tracks *tracks; /* view */
} reader;

static traj_layout find_layout(const traj_columns *columns)
{
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        bool all = true;
        for (int c = 0; c < 3; c++)
            all = all && traj_columns_find(columns, known[k].columns[c]) != TRAJ_NO_COLUMN;
        if (all) return known[k].layout;
    }
    return (traj_layout){.name = "long CSV"};
}

/* The pairs x,y and ball_x,ball_y hold together or not at all. */
static void find_roles(const traj_columns *columns, size_t *role)
{
    for (int r = 0; r < ROLES; r++) role[r] = traj_columns_find(columns, role_names[r]);
    if (role[BALL_Y] == TRAJ_NO_COLUMN) role[BALL_X] = TRAJ_NO_COLUMN;
}

static bool is_long(const size_t *role)
{
    return role[X] != TRAJ_NO_COLUMN && role[Y] != TRAJ_NO_COLUMN &&
           (role[PLAYER] != TRAJ_NO_COLUMN || role[JERSEY] != TRAJ_NO_COLUMN);
}

bool traj_long_sniff(const char *bytes, size_t size)
{
    traj_columns columns;
    size_t role[ROLES];
    if (!traj_columns_peek(&columns, bytes, size)) return false;
    find_roles(&columns, role);
    traj_columns_free(&columns);
    return is_long(role);
}

static traj_status read_header(reader *in, const traj_csv_row *row, traj_error *err)
{
    traj_status status = traj_columns_copy(&in->columns, row, err);
    if (status != TRAJ_OK) return status;
    find_roles(&in->columns, in->role);
    if (!is_long(in->role))
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s:%ld: the header needs columns x, y and player_id (and better team, frame_id, "
            "period_id, timestamp); rename yours, or try --format wide",
            row->file, row->line);
    traj_keys_init(&in->keys, &in->columns);
    in->tracks->layout = find_layout(&in->columns);
    /* In NFL files `position` is a spot on the field, not a goalkeeper's mark. */
    if (in->tracks->layout.no_keepers) in->role[ROLE] = TRAJ_NO_COLUMN;
    if (in->role[PLAYER] == TRAJ_NO_COLUMN) {
        in->role[PLAYER] = in->role[JERSEY];
        in->number_is_id = true;
    }
    return TRAJ_OK;
}

static bool is_ball(const reader *in, const char *team, const char *player)
{
    char plain[32];
    traj_text_plain(plain, sizeof plain, team);
    if (traj_text_among(plain, "ball balls football")) return true;
    if (team[0] == '\0' && (strcmp(player, "0") == 0 || strcmp(player, "-1") == 0)) return true;
    if (strcmp(in->tracks->layout.name, "StatsPerform open CSV") == 0 && strcmp(plain, "4") == 0)
        return true;
    traj_text_plain(plain, sizeof plain, player);
    return (team[0] == '\0' && player[0] == '\0') || traj_text_among(plain, "ball balls football");
}

/* Marks of goalkeepers in role and position columns; NFL's G is a guard, so G alone says nothing.
 */
static bool is_keeper(const char *role)
{
    char plain[32];
    traj_text_plain(plain, sizeof plain, role);
    return traj_text_among(plain, "gk goalkeeper keeper tw homegoalkeeper awaygoalkeeper");
}

/* Errors: TRAJ_E_DATA for a player without an id, who may be anybody of his team. */
static traj_status describe_agent(const reader *in, const traj_csv_row *row, const char *team,
                                  const char *player, traj_track_agent *agent, traj_error *err)
{
    agent->ball = is_ball(in, team, player);
    if (agent->ball) return TRAJ_OK;
    if (player[0] == '\0')
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: column %zu ('%s'): a player of team '%.40s' has no id (the "
                         "ball has neither team nor id, or is called so); name him, or leave the "
                         "row out",
                         row->file, row->line, in->role[PLAYER] + 1,
                         in->columns.name[in->role[PLAYER]], team);
    const char *jersey = traj_columns_text(row, in->role[JERSEY]);
    size_t digits = strspn(jersey, "0123456789");
    if (digits > 0 && digits <= 3) agent->jersey = atoi(jersey);
    if (in->number_is_id && team[0] != '\0')
        snprintf(agent->id, sizeof agent->id, "%.40s_%.6s", team, player);
    const char *role = traj_columns_text(row, in->role[ROLE]);
    agent->keeper = is_keeper(role);
    traj_text_copy(agent->role, sizeof agent->role, role);
    if (strcmp(in->tracks->layout.name, "RoboCup 2D log") == 0) agent->keeper = agent->jersey == 1;
    return TRAJ_OK;
}

/* Referees are no agents of the game. */
static bool is_official(const char *team)
{
    char plain[32];
    if ((team[0] | 0x20) != 'r' && (team[0] | 0x20) != 'o') return false;
    traj_text_plain(plain, sizeof plain, team);
    return traj_text_among(plain, "referee referees official officials");
}

static traj_status pour(reader *in, const traj_csv_row *row, uint32_t frame, size_t x, size_t y,
                        size_t z, uint32_t agent, traj_error *err)
{
    double x_value, y_value, z_value;
    traj_status status = traj_columns_number(&in->columns, row, x, &x_value, err);
    if (status == TRAJ_OK) status = traj_columns_number(&in->columns, row, y, &y_value, err);
    if (status != TRAJ_OK) return status;
    /* Second Spectrum's mark for a lost ball. */
    if (z != TRAJ_NO_COLUMN && traj_csv_row_number(row, z, &z_value) == 0 && z_value == -10.0)
        return TRAJ_OK;
    return traj_tracks_sample(in->tracks, frame, agent, x_value, y_value, err);
}

static traj_status pour_ball(reader *in, const traj_csv_row *row, uint32_t frame, traj_error *err)
{
    uint32_t agent;
    bool added;
    traj_status status =
        traj_tracks_agent(in->tracks, in->keys.sequence, "", "ball", &agent, &added, err);
    if (status != TRAJ_OK) return status;
    in->tracks->sequence[in->keys.sequence].agent[agent].ball = true;
    return pour(in, row, frame, in->role[BALL_X], in->role[BALL_Y], in->role[BALL_Z], agent, err);
}

static traj_status read_row(reader *in, const traj_csv_row *row, traj_error *err)
{
    uint32_t frame, agent;
    bool added;
    traj_status status = traj_columns_check(&in->columns, row, err);
    if (status != TRAJ_OK) return status;
    /* A rollout's generated and held-out rows are not what was seen. */
    if (traj_columns_text(row, in->role[SAMPLE])[0] != '\0') return TRAJ_OK;
    if (in->role[SAMPLE] != TRAJ_NO_COLUMN && traj_columns_text(row, in->role[OBSERVED])[0] == '0')
        return TRAJ_OK;
    const char *team = traj_columns_text(row, in->role[TEAM]);
    const char *player = traj_columns_text(row, in->role[PLAYER]);
    if (is_official(team)) return TRAJ_OK;
    status = traj_keys_row(&in->keys, &in->columns, row, in->tracks, &frame, &added, err);
    if (status != TRAJ_OK || frame == TRAJ_INDEX_NONE) return status;
    if (added && in->role[BALL_X] != TRAJ_NO_COLUMN) status = pour_ball(in, row, frame, err);
    if (status != TRAJ_OK) return status;
    status = traj_tracks_agent(in->tracks, in->keys.sequence, team, player, &agent, &added, err);
    if (status != TRAJ_OK) return status;
    if (added)
        status = describe_agent(in, row, team, player,
                                &in->tracks->sequence[in->keys.sequence].agent[agent], err);
    if (status != TRAJ_OK) return status;
    bool ball = in->tracks->sequence[in->keys.sequence].agent[agent].ball;
    return pour(in, row, frame, in->role[X], in->role[Y], ball ? in->role[Z] : TRAJ_NO_COLUMN,
                agent, err);
}

static traj_status visit(void *context, const traj_csv_row *row, traj_error *err)
{
    reader *in = context;
    return in->columns.count == 0 ? read_header(in, row, err) : read_row(in, row, err);
}

traj_status traj_long_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    reader in = {.tracks = tracks};
    const traj_status status = traj_csv_read(from->data[0], visit, &in, err);
    traj_columns_free(&in.columns);
    return status;
}
