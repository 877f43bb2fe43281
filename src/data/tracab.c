/* Tracab (ChyronHego): .dat, a line a frame, with metadata in a file of their own.
 *
 *   frame:team,target,jersey,x,y,speed;...;:x,y,z,speed,owner,state[,more];:
 *
 * A target is a channel of the tracker, not a player: players are known by team and shirt. Speeds
 * are left alone; the ball's is in no unit that fits its positions. Periods are the metadata's
 * ranges of frames, and frames outside of them are left out; without metadata a new period begins
 * where a minute of frames is missing. Source: the files themselves, and kloppy's reader of them.
 */
#include "tracab.h"
#include "lines.h"
#include "tracab_meta.h"

#include "traj/base/memory.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define USUAL_HZ 25
#define BREAK_FRAMES                                                                               \
    (60 * USUAL_HZ)     /* without metadata: only half-time explains so many missing               \
                         */
#define PARKED_X 5550.0 /* where the tracker keeps the targets that it does not use */
#define PARKED_Y 4400.0

enum { AWAY = 0, HOME = 1, OFFICIAL = 3, UNUSED = 4, UNKNOWN = -1 }; /* teams in the file */

/* ---- frames, players and the ball: for the lines here and the JSON beside ---- */

/* The number of the frame's period; 0: none. */
static int find_period(const traj_tracab *in, int64_t frame, int phase)
{
    const traj_facts *const facts = &in->tracks->facts;
    if (facts->periods > 0) {
        const traj_facts_period *const period = traj_facts_period_at(facts, frame);
        return period != NULL ? period->id : 0;
    }
    if (phase > 0 || in->frame == INT64_MIN) return phase > 0 ? phase : 1;
    return in->period + (frame - in->frame > BREAK_FRAMES);
}

traj_status traj_tracab_frame(traj_tracab *in, int64_t frame, int phase, bool *inside,
                              traj_error *err)
{
    const traj_facts *const facts = &in->tracks->facts;
    const int period = find_period(in, frame, phase);
    const traj_facts_period *const told = traj_facts_period_get(facts, period);
    const traj_track_frame fresh = {in->file, in->line, period, frame,
                                    traj_facts_time(facts, told, frame)};
    in->frame = frame;
    *inside = period > 0;
    if (!*inside) return TRAJ_OK;
    if (period != in->period) {                    /* other agents */
        memset(in->agent, 0xff, sizeof in->agent); /* TRAJ_INDEX_NONE */
        in->ball = TRAJ_INDEX_NONE;
    }
    in->period = period;
    return traj_tracks_frame(in->tracks, &fresh, &in->sequence, &in->row, err);
}

static traj_status find_player(traj_tracab *in, traj_team team, int jersey, uint32_t *agent,
                               traj_error *err)
{
    const traj_facts_player wearer = traj_facts_wearer(&in->tracks->facts, team, jersey);
    return traj_tracks_player(in->tracks, in->sequence, &wearer, agent, err);
}

static traj_status pour(traj_tracab *in, uint32_t agent, double x, double y, traj_error *err)
{
    if (x == PARKED_X && y == PARKED_Y) return TRAJ_OK;
    return traj_tracks_sample(in->tracks, in->row, agent, x, y, err);
}

traj_status traj_tracab_target(traj_tracab *in, int64_t team, int64_t jersey, double x, double y,
                               traj_error *err)
{
    if (team == OFFICIAL || team == UNUSED || team == UNKNOWN) return TRAJ_OK;
    if (team != HOME && team != AWAY)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: team %" PRId64 ": expected 1 (home), 0 (away), 3, 4 or -1",
                         in->file, in->line, team);
    if (jersey < -1 || jersey >= TRAJ_TRACAB_SHIRTS)
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %" PRId64 " is no number of a shirt", in->file,
                         in->line, jersey);
    const traj_team side = team == HOME ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY;
    uint32_t *const agent = &in->agent[side][jersey + 1];
    traj_status status = TRAJ_OK;
    if (*agent == TRAJ_INDEX_NONE) status = find_player(in, side, (int)jersey, agent, err);
    return status == TRAJ_OK ? pour(in, *agent, x, y, err) : status;
}

traj_status traj_tracab_ball(traj_tracab *in, double x, double y, traj_error *err)
{
    traj_status status = TRAJ_OK;
    if (in->ball == TRAJ_INDEX_NONE)
        status = traj_tracks_ball(in->tracks, in->sequence, &in->ball, err);
    return status == TRAJ_OK ? pour(in, in->ball, x, y, err) : status;
}

void traj_tracab_play(traj_tracab *in, const char *owner, const char *state)
{
    const char *const team = owner[0] == 'H' ? "home" : owner[0] == 'A' ? "away" : "";
    traj_tracks_play(in->tracks, in->row, traj_ball_state_of(state), team);
}

/* ---- lines ---- */

enum { MOST_DIGITS = 17 };

/* A number without an exponent from *text on, which then points behind it. False: there is none. */
static bool take_number(const char **text, double *number)
{
    const char *at = *text + (**text == '-');
    double value = 0.0, unit = 1.0;
    int digits = 0;
    for (; isdigit((unsigned char)*at); at++, digits++) value = 10.0 * value + (*at - '0');
    if (*at == '.')
        for (at++; isdigit((unsigned char)*at); at++, digits++) {
            value = 10.0 * value + (*at - '0');
            unit *= 10.0;
        }
    if (digits == 0 || digits > MOST_DIGITS) return false;
    *number = (**text == '-' ? -value : value) / unit;
    *text = at;
    return true;
}

/* A whole number of a few digits and the character behind it. */
static bool take_whole(const char **text, int64_t *number, char end)
{
    double value;
    if (!take_number(text, &value) || **text != end || !traj_is_whole(value)) return false;
    *number = (int64_t)value;
    ++*text;
    return true;
}

static bool take_real(const char **text, double *number)
{
    if (!take_number(text, number) || **text != ',') return false;
    ++*text;
    return true;
}

static traj_status fail_line(const traj_tracab *in, const char *expected, const char *got,
                             traj_error *err)
{
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: expected %s, got '%.32s'; the line may be cut short: correct or "
                     "remove it",
                     in->file, in->line, expected, got);
}

/* team,target,jersey,x,y,speed; until the section ends with ':'. */
static traj_status read_targets(traj_tracab *in, const char **text, traj_error *err)
{
    traj_status status = TRAJ_OK;
    while (status == TRAJ_OK && **text != ':') {
        const char *at = *text;
        int64_t team, target, jersey;
        double x, y;
        if (!take_whole(&at, &team, ',') || !take_whole(&at, &target, ',') ||
            !take_whole(&at, &jersey, ',') || !take_real(&at, &x) || !take_real(&at, &y) ||
            at[strcspn(at, ";:")] != ';')
            return fail_line(in, "team,target,jersey,x,y,speed;", *text, err);
        *text = at + strcspn(at, ";") + 1;
        status = traj_tracab_target(in, team, jersey, x, y, err);
    }
    if (status == TRAJ_OK) ++*text;
    return status;
}

/* The text up to the next comma or the end of the section; *text then points behind the comma. */
static void take_text(const char **text, traj_track_text field)
{
    const size_t length = strcspn(*text, ",;");
    const size_t kept = length < sizeof(traj_track_text) ? length : sizeof(traj_track_text) - 1;
    memcpy(field, *text, kept);
    field[kept] = '\0';
    *text += length + ((*text)[length] == ',');
}

/* z,speed,owner,state of the ball. */
static void read_play(traj_tracab *in, const char *text)
{
    traj_track_text field, owner, state;
    take_text(&text, field);
    take_text(&text, field);
    take_text(&text, owner);
    take_text(&text, state);
    traj_tracab_play(in, owner, state);
}

/* x,y,z,speed,owner,state; or nothing, then the end of the line. */
static traj_status read_ball(traj_tracab *in, const char *text, traj_error *err)
{
    const char *at = text + strcspn(text, ";");
    double x, y;
    const bool nothing = at == text || *text == ':' || *text == '\0';
    if (!nothing && (!take_real(&text, &x) || !take_real(&text, &y) || *at != ';'))
        return fail_line(in, "x,y,z,speed,owner,state; of the ball", text, err);
    if (!nothing) read_play(in, text);
    at += nothing ? strspn(at, ";:") : 1 + strspn(at + 1, ":");
    if (*at != '\0') return fail_line(in, "the end of the line behind the ball", at, err);
    return nothing ? TRAJ_OK : traj_tracab_ball(in, x, y, err);
}

static traj_status visit(void *context, char *text, size_t length, long line, traj_error *err)
{
    traj_tracab *const in = context;
    const char *at = text;
    int64_t frame;
    bool inside;
    (void)length;
    in->line = line;
    if (!take_whole(&at, &frame, ':')) return fail_line(in, "a frame's number and ':'", text, err);
    traj_status status = traj_tracab_frame(in, frame, 0, &inside, err);
    if (status != TRAJ_OK || !inside) return status;
    status = read_targets(in, &at, err);
    return status == TRAJ_OK ? read_ball(in, at, err) : status;
}

/* ---- the format ---- */

static bool is_json(const char *bytes, size_t size)
{
    return size > 0 && bytes[0] == '{' && traj_text_holds(bytes, size, "\"FrameData\"");
}

/* frame:team,target,jersey, with a team that there is. */
bool traj_tracab_sniff(const char *bytes, size_t size)
{
    char head[96];
    const size_t length = size < sizeof head ? size : sizeof head - 1;
    const char *at = head;
    int64_t frame, team, target, jersey;
    memcpy(head, bytes, length);
    head[length] = '\0';
    if (is_json(bytes, size)) return true;
    return take_whole(&at, &frame, ':') && take_whole(&at, &team, ',') && team >= UNKNOWN &&
           team <= UNUSED && take_whole(&at, &target, ',') && take_whole(&at, &jersey, ',');
}

static traj_status check_frames(const traj_tracab *in, traj_error *err)
{
    const traj_facts *const facts = &in->tracks->facts;
    if (in->tracks->rows > 0 || facts->periods == 0 || in->frame == INT64_MIN) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: none of its frames, frame %" PRId64 " for one, lies in a period of %s "
                     "(period %d: %" PRId64 " to %" PRId64 "); name the metadata of this match "
                     "with --meta FILE, or read without: --meta none",
                     in->file, in->frame, facts->file, facts->period[0].id,
                     facts->period[0].first_frame, facts->period[0].last_frame);
}

traj_status traj_tracab_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_input *const input = from->data[0];
    const char *head;
    size_t size;
    traj_tracab *const in = traj_alloc(1, sizeof *in);
    if (in == NULL) return traj_fail_memory(err, "the players of a match");
    *in = (traj_tracab){.tracks = tracks, .file = traj_input_name(input), .frame = INT64_MIN};
    tracks->layout = (traj_layout){.name = "Tracab file",
                                   .unit = "cm",
                                   .origin = "centre",
                                   .rate = {USUAL_HZ, 1},
                                   .period_clock = true};
    traj_status status = from->meta != NULL ? traj_tracab_meta_read(from->meta, &tracks->facts, err)
                                            : TRAJ_OK;
    if (status == TRAJ_OK) status = traj_input_peek(input, &head, &size, err);
    if (status == TRAJ_OK && is_json(head, size)) {
        status = traj_tracab_json_read(in, input, err);
    } else if (status == TRAJ_OK) {
        if (from->meta == NULL)
            tracks->layout.periods_why =
                "there are no metadata: a new one begins where a minute of frames is missing";
        status = traj_input_lines(input, visit, in, err);
    }
    if (status == TRAJ_OK) status = check_frames(in, err);
    traj_free(in);
    return status;
}
