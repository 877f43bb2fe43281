/* Stats Perform (SportVU): the tracking feed MA25, a line a frame, with the match feed MA1 in a
 * file of its own.
 *
 *   epoch_ms;ms,period,status:side,player,shirt,x,y;...;:x,y,z;
 *
 * Metres from the top left corner, y down; how large the pitch is stands nowhere. A frame's number
 * is its time of day; ms counts from the start of the period, and status 0 means that the ball is
 * alive. Side 0 is home, 1 away, 3 and 4 are their goalkeepers and 2 officials, who are left out.
 * There are lines without players, and without a ball. Source: the files themselves, and kloppy's
 * reader of them. */
#include "statsperform.h"
#include "formats.h"
#include "lines.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define USUAL_HZ 10

enum { SHIRTS = 1000, PLAYER_FIELDS = 5, BALL_FIELDS = 3 };

typedef struct statsperform {
    traj_tracks *tracks; /* view */
    const char *file;    /* view */
    long line;           /* being read */
    uint32_t sequence, row;
} statsperform;

static const struct side {
    bool plays, keeper;
    traj_team team;
} sides[] = {[0] = {true, false, TRAJ_TEAM_HOME},
             [1] = {true, false, TRAJ_TEAM_AWAY},
             [2] = {.plays = false},
             [3] = {true, true, TRAJ_TEAM_HOME},
             [4] = {true, true, TRAJ_TEAM_AWAY}};
enum { SIDES = sizeof sides / sizeof *sides };

static traj_status fail_line(const statsperform *in, const char *expected, const char *got,
                             traj_error *err)
{
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: expected %s, got '%.40s'; the line may be cut short: correct or "
                     "remove it",
                     in->file, in->line, expected, got);
}

/* Cuts text into exactly `count` fields at its commas. */
static bool cut_fields(char *text, char **field, int count)
{
    int found = 0;
    while (text != NULL && found < count) field[found++] = traj_text_cut(&text, ',');
    return text == NULL && found == count;
}

/* ---- one line ---- */

/* epoch_ms;ms,period,status */
static traj_status read_head(statsperform *in, char *text, traj_error *err)
{
    char shown[41], *field[3], *rest = text;
    int64_t epoch_ms, ms, period, state;
    traj_text_copy(shown, sizeof shown, text);
    const bool whole = traj_text_whole(traj_text_cut(&rest, ';'), TRAJ_LARGEST_FRAME, &epoch_ms);
    if (!whole || rest == NULL || !cut_fields(rest, field, 3) ||
        !traj_text_whole(field[0], TRAJ_LARGEST_FRAME, &ms) ||
        !traj_text_whole(field[1], 1e6, &period) || !traj_text_whole(field[2], 1e6, &state))
        return fail_line(in, "epoch_ms;ms,period,status:", shown, err);
    traj_status status = traj_facts_period_check(in->file, in->line, period, err);
    const traj_track_frame fresh = {in->file, in->line, (int)period, epoch_ms, (double)ms / 1e3};
    if (status == TRAJ_OK)
        status = traj_tracks_frame(in->tracks, &fresh, &in->sequence, &in->row, err);
    if (status == TRAJ_OK)
        traj_tracks_play(in->tracks, in->row, state == 0 ? TRAJ_BALL_ALIVE : TRAJ_BALL_DEAD, "");
    return status;
}

static traj_status find_player(statsperform *in, const struct side *side, const char *id,
                               int jersey, uint32_t *agent, traj_error *err)
{
    const traj_facts *const facts = &in->tracks->facts;
    const traj_facts_player *const known = traj_facts_player_by_id(facts, id);
    traj_facts_player player = {.jersey = -1};
    if (facts->file != NULL && (known == NULL || known->team != side->team))
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s:%ld: player %.40s is not in the %s team of %s; name the match feed of this "
            "match with --meta FILE, or read without: --meta none",
            in->file, in->line, id, side->team == TRAJ_TEAM_HOME ? "home" : "away", facts->file);
    if (known != NULL) player = *known;
    traj_text_copy(player.id, sizeof player.id, id);
    player.team = side->team;
    player.keeper = player.keeper || side->keeper;
    if (jersey >= 0) player.jersey = jersey;
    return traj_tracks_player(in->tracks, in->sequence, &player, agent, err);
}

/* side,player,shirt,x,y */
static traj_status read_player(statsperform *in, char *text, traj_error *err)
{
    char shown[41], *field[PLAYER_FIELDS];
    int64_t number, jersey = -1;
    double x, y;
    uint32_t agent;
    traj_text_copy(shown, sizeof shown, text);
    if (!cut_fields(text, field, PLAYER_FIELDS) || !traj_text_whole(field[0], SIDES, &number) ||
        number < 0 || field[1][0] == '\0' ||
        (field[2][0] != '\0' && !traj_text_whole(field[2], SHIRTS, &jersey)) ||
        traj_csv_number(field[3], &x) != 0 || traj_csv_number(field[4], &y) != 0)
        return fail_line(in, "side,player,shirt,x,y;", shown, err);
    if (!sides[number].plays) return TRAJ_OK;
    const traj_status status = find_player(in, &sides[number], field[1], (int)jersey, &agent, err);
    return status == TRAJ_OK ? traj_tracks_sample(in->tracks, in->row, agent, x, y, err) : status;
}

/* x,y,z; */
static traj_status read_ball(statsperform *in, char *text, traj_error *err)
{
    char shown[41], *field[BALL_FIELDS], *rest = text;
    double x, y;
    uint32_t agent;
    if (text == NULL || text[strspn(text, ";:")] == '\0') return TRAJ_OK;
    traj_text_copy(shown, sizeof shown, text);
    const bool fields = cut_fields(traj_text_cut(&rest, ';'), field, BALL_FIELDS);
    if (!fields || rest == NULL || rest[strspn(rest, ":")] != '\0' ||
        traj_csv_number(field[0], &x) != 0 || traj_csv_number(field[1], &y) != 0)
        return fail_line(in, "x,y,z; of the ball and the end of the line", shown, err);
    const traj_status status = traj_tracks_ball(in->tracks, in->sequence, &agent, err);
    return status == TRAJ_OK ? traj_tracks_sample(in->tracks, in->row, agent, x, y, err) : status;
}

static traj_status visit(void *context, char *text, size_t length, long line, traj_error *err)
{
    statsperform *const in = context;
    char *rest = text;
    (void)length;
    in->line = line;
    traj_status status = read_head(in, traj_text_cut(&rest, ':'), err);
    if (status != TRAJ_OK) return status;
    if (rest == NULL) return fail_line(in, "players behind ':'", "", err);
    char *players = traj_text_cut(&rest, ':');
    while (status == TRAJ_OK && players[0] != '\0') {
        char *const player = traj_text_cut(&players, ';');
        if (players == NULL) return fail_line(in, "side,player,shirt,x,y;", player, err);
        if (player[0] != '\0') status = read_player(in, player, err);
    }
    return status == TRAJ_OK ? read_ball(in, rest, err) : status;
}

/* ---- the format ---- */

/* Thirteen digits or more, which are a time since 1970, and three numbers behind them. */
bool traj_statsperform_sniff(const char *bytes, size_t size)
{
    char head[64], *rest = head, *field[3];
    int64_t number;
    const size_t length = size < sizeof head ? size : sizeof head - 1;
    memcpy(head, bytes, length);
    head[length] = '\0';
    char *const epoch_ms = traj_text_cut(&rest, ';');
    if (rest == NULL || strspn(epoch_ms, "0123456789") < 13 || strlen(epoch_ms) > 16) return false;
    char *const clock = traj_text_cut(&rest, ':');
    if (rest == NULL || !cut_fields(clock, field, 3)) return false;
    for (int f = 0; f < 3; f++)
        if (!traj_text_whole(field[f], TRAJ_LARGEST_FRAME, &number)) return false;
    return true;
}

traj_status traj_statsperform_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_input *const input = from->data[0];
    statsperform in = {.tracks = tracks, .file = traj_input_name(input)};
    traj_status status = TRAJ_OK;
    tracks->layout = (traj_layout){.name = "Stats Perform file",
                                   .unit = "metres",
                                   .origin = "top-left",
                                   .rate = {USUAL_HZ, 1},
                                   .period_clock = true};
    if (from->meta != NULL) status = traj_statsperform_meta_read(from->meta, &tracks->facts, err);
    return status == TRAJ_OK ? traj_input_lines(input, visit, &in, err) : status;
}
