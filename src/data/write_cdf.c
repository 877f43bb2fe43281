/* CDF, the Common Data Format (cdf.c describes it): JSON lines, and the metadata beside them.
 *
 * Recordings know no dates. Their first period begins on 1970-01-01 at midnight UTC, each later one
 * at the next full hour; the metadata say so, and reading takes it away again. */
#include "cdf.h"
#include "columns.h"
#include "guess.h"
#include "writers.h"

#include "traj/base/memory.h"
#include "traj/io/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#define HOUR_S 3600.0

static const char *const periods[] = {TRAJ_CDF_PERIODS};
#define PERIODS ((int)(sizeof periods / sizeof periods[0]))

typedef struct span { /* of one period; ids INT64_MAX and INT64_MIN: there is none */
    int64_t first_frame, last_frame;
    double start_s, end_s;
} span;

static bool is_there(const span *period)
{
    return period->first_frame <= period->last_frame;
}

static bool is_match(const traj_recording *recording)
{
    bool fits = !recording->crowd && traj_sequences_are_periods(recording);
    for (size_t s = 0; s < recording->sequences; s++)
        fits = fits && recording->sequence[s].period_id >= 1 &&
               recording->sequence[s].period_id <= PERIODS;
    return fits;
}

/* Which periods there are, and when. Errors: TRAJ_E_DATA where sequences are no periods. */
static traj_status find_spans(const traj_recording *recording, span period[], traj_error *err)
{
    double free_s = 0.0;
    if (!is_match(recording))
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: CDF holds periods 1 to %d of one match, and no plays or pedestrians; "
                         "write another format: --to long",
                         recording->source, PERIODS);
    for (int p = 0; p < PERIODS; p++) {
        period[p] = (span){INT64_MAX, INT64_MIN, free_s, free_s};
        for (size_t s = 0; s < recording->sequences; s++) {
            const traj_sequence *const sequence = &recording->sequence[s];
            if (sequence->period_id != p + 1 || sequence->frames == 0) continue;
            const size_t last = sequence->frames - 1;
            if (sequence->frame_id[0] < period[p].first_frame)
                period[p].first_frame = sequence->frame_id[0];
            if (sequence->frame_id[last] > period[p].last_frame)
                period[p].last_frame = sequence->frame_id[last];
            period[p].end_s = fmax(period[p].end_s, period[p].start_s + sequence->time_s[last]);
        }
        if (is_there(&period[p])) free_s = (floor(period[p].end_s / HOUR_S) + 1.0) * HOUR_S;
    }
    return TRAJ_OK;
}

/* "1970-01-01T00:00:00.040Z": to the microsecond, where milliseconds will not do. */
static void time_text(double seconds, char *text, size_t size)
{
    char date[32];
    struct tm parts;
    const long long micros = llround(seconds * 1e6);
    const long long rest = ((micros % 1000000) + 1000000) % 1000000;
    const time_t whole = (time_t)((micros - rest) / 1000000);
    if (gmtime_r(&whole, &parts) == NULL) memset(&parts, 0, sizeof parts);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest % 1000 == 0)
        snprintf(text, size, "%s.%03lldZ", date, rest / 1000);
    else
        snprintf(text, size, "%s.%06lldZ", date, rest);
}

static void match_id(const traj_recording *recording, char *id, size_t size)
{
    const char *const slash = strrchr(recording->source, '/');
    const char *const name = slash != NULL ? slash + 1 : recording->source;
    snprintf(id, size, "%s", name[0] != '\0' ? name : "match");
}

/* ---- frames ---- */

/* What stands in every line, as JSON; all owned. */
typedef struct texts {
    char *match;
    char **id; /* [agents] of one sequence */
    size_t agents;
} texts;

static void free_ids(texts *all)
{
    for (size_t a = 0; a < all->agents; a++) traj_free(all->id[a]);
    traj_free(all->id);
    all->id = NULL;
    all->agents = 0;
}

static traj_status quote_ids(texts *all, const traj_sequence *sequence, traj_error *err)
{
    free_ids(all);
    all->id = traj_alloc(sequence->agents, sizeof *all->id);
    if (all->id == NULL) return traj_fail_memory(err, "the ids of a CDF file");
    for (; all->agents < sequence->agents; all->agents++) {
        all->id[all->agents] = traj_json_quote(sequence->agent[all->agents].id);
        if (all->id[all->agents] == NULL) return traj_fail_memory(err, "the ids of a CDF file");
    }
    return TRAJ_OK;
}

static void write_position(FILE *stream, const float pos_m[2], int decimals)
{
    for (int axis = 0; axis < 2; axis++) {
        fputs(axis == 0 ? "\"x\":" : ",\"y\":", stream);
        if (isnan(pos_m[axis])) fputs("null", stream);
        traj_write_number(stream, pos_m[axis], decimals);
    }
}

/* Who is not seen is left out; a ball is not. */
static void write_team(FILE *stream, const traj_sequence *sequence, size_t frame, traj_team team,
                       const texts *all, int decimals)
{
    const char *comma = "";
    const char *const side = team == TRAJ_TEAM_HOME ? "home" : "away";
    fprintf(stream, "\"%s\":{\"id\":\"%s\",\"players\":[", side, side);
    for (size_t a = 0; a < sequence->agents; a++) {
        const float *const pos_m = sequence->pos_m + (frame * sequence->agents + a) * 2;
        if (sequence->agent[a].team != team || isnan(pos_m[0])) continue;
        fprintf(stream, "%s{\"id\":%s,", comma, all->id[a]);
        write_position(stream, pos_m, decimals);
        if (sequence->extrapolated != NULL)
            fprintf(stream, ",\"is_visible\":%s",
                    sequence->extrapolated[frame * sequence->agents + a] ? "false" : "true");
        fputc('}', stream);
        comma = ",";
    }
    fputs("]}", stream);
}

/* What is not known is left out. */
static void write_play(FILE *stream, const traj_sequence *sequence, size_t frame)
{
    static const char *const states[] = {
        [TRAJ_BALL_STATE_UNKNOWN] = "",
        [TRAJ_BALL_ALIVE] = "\"ball_status\":true,",
        [TRAJ_BALL_DEAD] = "\"ball_status\":false,",
    };
    static const char *const owners[] = {
        [TRAJ_OWNER_UNKNOWN] = "",
        [TRAJ_OWNER_HOME] = "\"ball_poss_team_id\":\"home\",",
        [TRAJ_OWNER_AWAY] = "\"ball_poss_team_id\":\"away\",",
    };
    if (sequence->play == NULL) return;
    fputs(states[sequence->play[frame].ball], stream);
    fputs(owners[sequence->play[frame].owner], stream);
}

static void write_ball(FILE *stream, const traj_sequence *sequence, size_t frame, int decimals)
{
    const float missing[2] = {NAN, NAN}, *pos_m = missing;
    for (size_t a = 0; a < sequence->agents; a++)
        if (sequence->agent[a].team == TRAJ_TEAM_BALL)
            pos_m = sequence->pos_m + (frame * sequence->agents + a) * 2;
    fputs("\"ball\":{", stream);
    write_position(stream, pos_m, decimals);
    fputs(",\"z\":null}", stream);
}

static void write_frames(FILE *stream, const traj_sequence *sequence, const span *period,
                         const texts *all, int decimals)
{
    char stamp[48];
    for (size_t f = 0; f < sequence->frames; f++) {
        time_text(period->start_s + sequence->time_s[f], stamp, sizeof stamp);
        fprintf(stream,
                "{\"frame_id\":%" PRId64 ",\"timestamp\":\"%s\",\"period\":\"%s\","
                "\"match\":{\"id\":%s},\"teams\":{",
                sequence->frame_id[f], stamp, periods[sequence->period_id - 1], all->match);
        write_team(stream, sequence, f, TRAJ_TEAM_HOME, all, decimals);
        fputc(',', stream);
        write_team(stream, sequence, f, TRAJ_TEAM_AWAY, all, decimals);
        fputs("},", stream);
        write_play(stream, sequence, f);
        write_ball(stream, sequence, f, decimals);
        fputs("}\n", stream);
    }
}

traj_status traj_cdf_write(const traj_recording *recording, FILE *stream, traj_error *err)
{
    const int decimals = traj_quantum_decimals(recording->quantum_m);
    span period[PERIODS];
    char id[sizeof recording->source];
    texts all = {0};
    traj_status status = find_spans(recording, period, err);
    if (status != TRAJ_OK) return status;
    match_id(recording, id, sizeof id);
    all.match = traj_json_quote(id);
    if (all.match == NULL) status = traj_fail_memory(err, "the name of a match");
    for (size_t s = 0; s < recording->sequences && status == TRAJ_OK; s++) {
        const traj_sequence *const sequence = &recording->sequence[s];
        status = quote_ids(&all, sequence, err);
        if (status == TRAJ_OK)
            write_frames(stream, sequence, &period[sequence->period_id - 1], &all, decimals);
    }
    free_ids(&all);
    traj_free(all.match);
    return status;
}

/* ---- metadata ---- */

/* Of both teams, as the recording has it, or else as each half shows it; "" is unknown. */
static const char *play_direction(const traj_recording *recording, int period_id)
{
    double share;
    int vote = recording->home_right ? 1 : 0;
    for (size_t s = 0; s < recording->sequences && vote == 0; s++) {
        const traj_sequence *const sequence = &recording->sequence[s];
        if (sequence->period_id == period_id)
            vote = traj_sequence_vote(sequence, sequence->frames, &share);
    }
    return vote == 0 ? "" : vote > 0 ? "left_right" : "right_left";
}

static void describe_periods(const traj_recording *recording, const span period[], traj_json *match)
{
    char text[48];
    traj_json *const list = traj_json_set_array(match, "periods");
    for (int p = 0; p < PERIODS; p++) {
        if (!is_there(&period[p])) continue;
        traj_json *const entry = traj_json_append_object(list);
        const char *const way = play_direction(recording, p + 1);
        traj_json_set_string(entry, "period", periods[p]);
        if (way[0] != '\0') traj_json_set_string(entry, "play_direction", way);
        time_text(period[p].start_s, text, sizeof text);
        traj_json_set_string(entry, "start_time", text);
        time_text(period[p].end_s, text, sizeof text);
        traj_json_set_string(entry, "end_time", text);
        traj_json_set_number(entry, "start_frame_id", (double)period[p].first_frame);
        traj_json_set_number(entry, "end_frame_id", (double)period[p].last_frame);
    }
}

/* Whether an earlier sequence has the player already. */
static bool is_listed(const traj_recording *recording, size_t s, const traj_agent *agent)
{
    for (size_t before = 0; before < s; before++)
        for (size_t a = 0; a < recording->sequence[before].agents; a++)
            if (traj_agent_same(&recording->sequence[before].agent[a], agent)) return true;
    return false;
}

/* The words that the format has. */
static const char positions[] = "GK LB LCB CB RCB RB LAM CAM RAM LM LCM CM RCM RM LDM CDM RDM LW "
                                "LCF CF RCF RW SUB";

static void describe_player(const traj_sequence *sequence, size_t a, bool first, const char *team,
                            traj_json *players)
{
    const traj_agent *const agent = &sequence->agent[a];
    const bool keeper = agent->kind == TRAJ_HOME_GK || agent->kind == TRAJ_AWAY_GK;
    traj_json *const entry = traj_json_append_object(players);
    traj_json_set_string(entry, "id", agent->id);
    traj_json_set_string(entry, "team_id", team);
    traj_json_set_number(entry, "jersey_number", agent->jersey);
    traj_json_set_bool(entry, "is_starter",
                       first && sequence->frames > 0 && !isnan(sequence->pos_m[2 * a]));
    if (keeper) traj_json_set_string(entry, "position_group", "GK");
    if (traj_text_among(agent->role, positions))
        traj_json_set_string(entry, "position", agent->role);
}

static void describe_team(const traj_recording *recording, traj_team team, traj_json *teams)
{
    const bool home = team == TRAJ_TEAM_HOME;
    const char *const side = home ? "home" : "away";
    const char *const name = home ? recording->home_name : recording->away_name;
    traj_json *const entry = traj_json_set_object(teams, side);
    traj_json_set_string(entry, "id", side);
    traj_json_set_string(entry, "name", name[0] != '\0' ? name : side);
    traj_json *const players = traj_json_set_array(entry, "players");
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *const sequence = &recording->sequence[s];
        for (size_t a = 0; a < sequence->agents; a++)
            if (sequence->agent[a].team == team && !is_listed(recording, s, &sequence->agent[a]))
                describe_player(sequence, a, s == 0, side, players);
    }
}

/* What CDF requires and a recording does not know. */
static void describe_unknown(traj_json *root)
{
    static const char *const objects[] = {"competition", "season"};
    for (size_t o = 0; o < sizeof objects / sizeof objects[0]; o++)
        traj_json_set_string(traj_json_set_object(root, objects[o]), "id", "unknown");
}

/* What recorded the data, and in which format it is; NaN is null. fps is a whole number: the
 * timestamps tell the rate. */
static void describe_source(const traj_recording *recording, traj_json *meta)
{
    static const char *const absent[] = {"video", "event", "landmarks", "ball"};
    for (size_t a = 0; a < sizeof absent / sizeof absent[0]; a++)
        traj_json_set_number(meta, absent[a], NAN);
    traj_json *const tracking = traj_json_set_object(meta, "tracking");
    traj_json_set_string(tracking, "version", TRAJ_VERSION);
    traj_json_set_string(tracking, "name", "traj");
    traj_json_set_number(tracking, "fps", fmax(round(traj_rate_hz(recording->rate)), 1.0));
    traj_json_set_string(tracking, "collection_timing", "post");
    traj_json *const self = traj_json_set_object(meta, "meta");
    traj_json_set_string(self, "version", TRAJ_VERSION);
    traj_json_set_string(self, "name", "traj");
    traj_json_set_string(traj_json_set_object(meta, "cdf"), "version", "0.2.3");
}

static void describe_match(const traj_recording *recording, const span period[], traj_json *root)
{
    char text[sizeof recording->source];
    traj_json *const match = traj_json_set_object(root, "match");
    match_id(recording, text, sizeof text);
    traj_json_set_string(match, "id", text);
    time_text(0.0, text, sizeof text);
    traj_json_set_string(match, "kickoff_time", text);
    describe_periods(recording, period, match);
    traj_json_set_array(match, "whistles");
    traj_json *const teams = traj_json_set_object(root, "teams");
    describe_team(recording, TRAJ_TEAM_HOME, teams);
    describe_team(recording, TRAJ_TEAM_AWAY, teams);
    traj_json *const stadium = traj_json_set_object(root, "stadium");
    traj_json_set_string(stadium, "id", "unknown");
    traj_json_set_number(stadium, "pitch_length", recording->pitch_length_m);
    traj_json_set_number(stadium, "pitch_width", recording->pitch_width_m);
}

traj_status traj_cdf_write_meta(const traj_recording *recording, FILE *stream, traj_error *err)
{
    span period[PERIODS];
    const traj_status status = find_spans(recording, period, err);
    if (status != TRAJ_OK) return status;
    traj_json *const root = traj_json_object();
    describe_unknown(root);
    describe_match(recording, period, root);
    describe_source(recording, traj_json_set_object(root, "meta"));
    char *const text = traj_json_text(root, true);
    traj_json_free(root);
    if (text == NULL) return traj_fail_memory(err, "the metadata of a match");
    fputs(text, stream);
    traj_free(text);
    return TRAJ_OK;
}
