/* Two dialects, walked as paths (traj/io/document.h), each with or without teams:
 *
 *   hierarchical XML: /match/{iFrameRateFps, fPitchXSizeMeters, fPitchYSizeMeters}, metres;
 *     /match/period/{iId, iStartFrame, iEndFrame}; the root is TracabMetaData, OptaMetaData or
 *     MetaData; decimal commas occur
 *   flat XML or JSON: /{FrameRate, PitchLongSide, PitchShortSide}, centimetres;
 *     /PhaseN{StartFrame, EndFrame, HomeGKLeft}
 *   both: /{Home,Away}Team/{LongName, ShortName, TeamID}, and for each player
 *     /{Home,Away}Team/Players[/item or /Player]/{PlayerID, JerseyNo, StartingPosition,
 *     StartFrameCount, EndFrameCount}
 *
 * A period that was not played lasts from frame 0 to frame 0. */
#include "tracab_meta.h"

#include "columns.h"
#include "steps.h"
#include "tracks.h"

#include "traj/io/csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct phase {
    double first, last; /* frames; NaN: not told */
    int home_attacks;
} phase;

typedef struct metadata {
    traj_facts *facts;              /* view */
    phase phase[TRAJ_MOST_PERIODS]; /* by id - 1 */
    phase period;                   /* the one being read, its number not known yet */
    double id;
    traj_facts_player player; /* being read */
    double first, last;       /* frames that he takes part in; NaN: not told */
    bool any;                 /* something of it was read */
} metadata;

static const phase untold = {NAN, NAN, 0};

/* Whether the name, in small letters, is one of the space-separated words. */
static bool is_one_of(const traj_step *step, const char *words)
{
    char plain[32];
    traj_text_plain(plain, sizeof plain, step->name);
    return traj_text_among(plain, words);
}

/* Where the home goalkeeper stands on the left, home attacks right. */
static int side_of(const char *keeper_left)
{
    if (strcmp(keeper_left, "true") == 0) return 1;
    return strcmp(keeper_left, "false") == 0 ? -1 : 0;
}

/* /PhaseNStartFrame, /PhaseNEndFrame, /PhaseNHomeGKLeft. */
static traj_status read_phase(metadata *in, const traj_step *step, traj_error *err)
{
    const char *const digit = step->path + strlen("/Phase");
    const int id = *digit - '0';
    if (id < 1 || id > TRAJ_MOST_PERIODS) return TRAJ_OK;
    phase *const at = &in->phase[id - 1];
    const char *const what = digit + 1;
    if (strcmp(what, "StartFrame") == 0) return traj_step_number(step, &at->first, err);
    if (strcmp(what, "EndFrame") == 0) return traj_step_number(step, &at->last, err);
    if (strcmp(what, "HomeGKLeft") == 0) at->home_attacks = side_of(step->value);
    return TRAJ_OK;
}

static traj_status read_period(metadata *in, const traj_step *step, traj_error *err)
{
    if (is_one_of(step, "iid")) return traj_step_number(step, &in->id, err);
    if (is_one_of(step, "istartframe")) return traj_step_number(step, &in->period.first, err);
    if (is_one_of(step, "iendframe")) return traj_step_number(step, &in->period.last, err);
    return TRAJ_OK;
}

static traj_status end_period(metadata *in, const traj_step *step, traj_error *err)
{
    if (!(in->id >= 1.0 && in->id <= TRAJ_MOST_PERIODS))
        return traj_step_fail(err, step, "expected a number from 1 to %d as iId",
                              TRAJ_MOST_PERIODS);
    in->phase[(int)in->id - 1] = in->period;
    in->period = untold;
    in->id = NAN;
    return TRAJ_OK;
}

/* There are files with a letter O for the 0 of who did not play. */
static double frame_or_nan(const char *text)
{
    double frame;
    return traj_csv_number(text, &frame) == 0 ? frame : NAN;
}

static traj_status read_player(metadata *in, const traj_step *step, traj_error *err)
{
    if (is_one_of(step, "playerid")) {
        traj_text_copy(in->player.id, sizeof in->player.id, step->value);
        in->any = true;
    } else if (is_one_of(step, "jerseyno")) {
        in->any = true;
        return traj_step_shirt(step, &in->player.jersey, err);
    } else if (is_one_of(step, "startingposition")) {
        in->player.keeper = step->value[0] == 'G';
        traj_text_copy(in->player.role, sizeof in->player.role, step->value);
    } else if (is_one_of(step, "startframecount")) {
        in->first = frame_or_nan(step->value);
    } else if (is_one_of(step, "endframecount")) {
        in->last = frame_or_nan(step->value);
    }
    return TRAJ_OK;
}

static traj_status end_player(metadata *in, traj_team team, traj_error *err)
{
    in->player.team = team;
    if (in->player.id[0] == '\0') in->player = traj_facts_stranger(team, in->player.jersey);
    traj_facts_player_present(&in->player, in->first, in->last);
    const traj_status status = in->any ? traj_facts_player_add(in->facts, &in->player, err)
                                       : TRAJ_OK;
    in->player = (traj_facts_player){.jersey = -1};
    in->first = in->last = NAN;
    in->any = false;
    return status;
}

static size_t parts_of(const char *path)
{
    size_t parts = 0;
    for (; *path != '\0'; path++) parts += *path == '/';
    return parts;
}

static traj_status visit_team(metadata *in, const traj_step *step, traj_team side, traj_error *err)
{
    static const char players[] = "/HomeTeam/Players"; /* as long as the other team's */
    traj_facts_team *const team = &in->facts->team[side];
    const bool of_player = strncmp(step->path + 5, players + 5, sizeof players - 1 - 5) == 0;
    if (step->kind == TRAJ_STEP_END && of_player && parts_of(step->path) <= 3)
        return end_player(in, side, err);
    if (step->kind != TRAJ_STEP_VALUE) return TRAJ_OK;
    if (of_player) return read_player(in, step, err);
    if (is_one_of(step, "longname") || (is_one_of(step, "shortname") && team->name[0] == '\0'))
        traj_text_copy(team->name, sizeof team->name, step->value);
    if (is_one_of(step, "teamid")) traj_text_copy(team->id, sizeof team->id, step->value);
    return TRAJ_OK;
}

static traj_status visit(void *context, const traj_step *step, traj_error *err)
{
    metadata *const in = context;
    const char *const path = step->path;
    if (traj_step_below(step, "/HomeTeam/")) return visit_team(in, step, TRAJ_TEAM_HOME, err);
    if (traj_step_below(step, "/AwayTeam/")) return visit_team(in, step, TRAJ_TEAM_AWAY, err);
    if (step->kind == TRAJ_STEP_END && strcmp(path, "/match/period") == 0)
        return end_period(in, step, err);
    if (step->kind != TRAJ_STEP_VALUE) return TRAJ_OK;
    if (traj_step_below(step, "/match/period/")) return read_period(in, step, err);
    if (traj_step_below(step, "/Phase")) return read_phase(in, step, err);
    if (strcmp(path, "/match/iFrameRateFps") == 0 || strcmp(path, "/FrameRate") == 0)
        return traj_step_rate(step, &in->facts->rate, err);
    if (strcmp(path, "/match/fPitchXSizeMeters") == 0)
        return traj_step_size(step, 1.0, &in->facts->length_m, err);
    if (strcmp(path, "/match/fPitchYSizeMeters") == 0)
        return traj_step_size(step, 1.0, &in->facts->width_m, err);
    if (strcmp(path, "/PitchLongSide") == 0)
        return traj_step_size(step, 0.01, &in->facts->length_m, err);
    if (strcmp(path, "/PitchShortSide") == 0)
        return traj_step_size(step, 0.01, &in->facts->width_m, err);
    return TRAJ_OK;
}

static bool is_frame(double number)
{
    return number >= 0.0 && traj_is_whole(number);
}

static traj_status add_periods(const metadata *in, const char *file, traj_error *err)
{
    for (int id = 1; id <= TRAJ_MOST_PERIODS; id++) {
        const phase *const from = &in->phase[id - 1];
        if (isnan(from->first) && isnan(from->last)) continue;
        if (from->first == 0.0 && from->last == 0.0) continue;
        if (!is_frame(from->first) || !is_frame(from->last) || from->last < from->first)
            return traj_fail(err, TRAJ_E_DATA,
                             "%s: period %d lasts from frame %.17g to frame %.17g; correct it, or "
                             "read without: --meta none",
                             file, id, from->first, from->last);
        traj_facts_period *const to = traj_facts_period_add(in->facts, id);
        to->first_frame = (int64_t)from->first;
        to->last_frame = (int64_t)from->last;
        to->home_attacks = from->home_attacks;
    }
    if (in->facts->periods > 0) return TRAJ_OK;
    return traj_facts_refuse(file, "no period has a first and a last frame", "Tracab", err);
}

traj_status traj_tracab_meta_read(traj_input *input, traj_facts *facts, traj_error *err)
{
    metadata in = {.facts = facts,
                   .period = untold,
                   .id = NAN,
                   .player = {.jersey = -1},
                   .first = NAN,
                   .last = NAN};
    for (int p = 0; p < TRAJ_MOST_PERIODS; p++) in.phase[p] = untold;
    facts->file = traj_input_name(input);
    const traj_status status = traj_document_read(input, visit, &in, err);
    return status == TRAJ_OK ? add_periods(&in, facts->file, err) : status;
}
