/* Metadata of EPTS, walked as paths (traj/io/document.h):
 *
 *   /Metadata/GlobalConfig/FrameRate
 *   /Metadata/GlobalConfig/ProviderGlobalParameters/ProviderParameter/{Name, Value}, the names
 * being first_half_start, first_half_end, second_half_start, ..., second_extra_half_end: frames
 *   /Metadata/Sessions/Session/FieldSize/{Width, Height}, metres along and across
 *   /Metadata/Sessions/Session/MatchParameters/Score/{idLocalTeam, idVisitingTeam}
 *   /Metadata/Teams/Team/{id, Name}, and attack_direction_first_half among its parameters
 *   /Metadata/Players/Player/{id, teamId, ShirtNumber}, and position_type among his
 *   /Metadata/Devices/.../Channel/{id, Unit}
 *   /Metadata/PlayerChannels/PlayerChannel/{id, channelId, playerId}
 *   /DataFormatSpecifications/DataFormatSpecification/{startFrame, endFrame, separator}
 *
 * and below the last a tree of registers, each a stretch of a line: SplitRegister/separator,
 * StringRegister/name, PlayerChannelRef/playerChannelId, BallChannelRef/channelId. Ids may be used
 * before what they name, so they are looked up in the end. */
#include "epts.h"
#include "lines.h"
#include "steps.h"
#include "tracks.h"

#include "traj/base/memory.h"

#include <inttypes.h>
#include <string.h>

#define LINES  "/DataFormatSpecifications/DataFormatSpecification"
#define PLAYER "/Metadata/Players/Player"
#define TEAM   "/Metadata/Teams/Team"

enum { MOST_TEAMS = 8 };

typedef char text[48];

typedef struct member { /* of a team, or nobody's */
    traj_facts_player player;
    text team;
} member;

typedef struct channel { /* what is measured of a player */
    text id, measure, player;
} channel;

typedef struct side {
    traj_facts_team team;
    int attacks; /* in the first half: 1 right, -1 left, 0 not told */
} side;

typedef struct reference { /* what a register's element says, for the end */
    text name, id;         /* of the element; of what it is about */
    size_t parent, line;
} reference;

typedef struct metadata {
    traj_facts *facts;     /* view */
    traj_epts *epts;       /* view */
    side side[MOST_TEAMS]; /* the last is being read */
    size_t sides;
    text local, visiting;
    text parameter, value; /* a provider's own, being read */
    text unit_of;          /* channel */
    member *member;        /* owned [members]; the last is being read */
    channel *channel;      /* owned [channels]; the last is being read */
    reference *reference;  /* owned, parallel to epts->item */
    size_t members, member_capacity, channels, channel_capacity, reference_capacity;
    size_t open; /* the register being read, SIZE_MAX: none */
} metadata;

static bool is(const traj_step *step, const char *name)
{
    return strcmp(step->name, name) == 0;
}

static void keep(text to, const traj_step *step)
{
    traj_text_copy(to, sizeof(text), step->value);
}

/* ---- halves, pitch, teams, players ---- */

static traj_status read_half(metadata *in, const traj_step *step, traj_error *err)
{
    static const char *const halves[] = {"first_half_", "second_half_", "first_extra_half_",
                                         "second_extra_half_"};
    int64_t frame;
    for (int h = 0; h < 4; h++) {
        const size_t length = strlen(halves[h]);
        if (strncmp(in->parameter, halves[h], length) != 0 || in->value[0] == '\0') continue;
        if (!traj_text_whole(in->value, TRAJ_LARGEST_FRAME, &frame))
            return traj_step_fail(err, step, "expected the number of a frame as %s, got '%s'",
                                  in->parameter, in->value);
        traj_facts_period *const period = traj_facts_period_add(in->facts, h + 1);
        if (strcmp(in->parameter + length, "start") == 0) period->first_frame = frame;
        if (strcmp(in->parameter + length, "end") == 0) period->last_frame = frame;
    }
    return TRAJ_OK;
}

/* A provider's own parameter, of the match, of a team or of a player. */
static traj_status end_parameter(metadata *in, const traj_step *step, traj_error *err)
{
    traj_status status = TRAJ_OK;
    if (traj_step_below(step, "/Metadata/GlobalConfig/")) status = read_half(in, step, err);
    if (traj_step_below(step, TEAM "/") && in->sides > 0 &&
        strcmp(in->parameter, "attack_direction_first_half") == 0)
        in->side[in->sides - 1].attacks = (strcmp(in->value, "left_to_right") == 0) -
                                          (strcmp(in->value, "right_to_left") == 0);
    if (traj_step_below(step, PLAYER "/") && in->members > 0 &&
        strcmp(in->parameter, "position_type") == 0 && strcmp(in->value, "Unknown") != 0) {
        traj_facts_player *const player = &in->member[in->members - 1].player;
        traj_text_copy(player->role, sizeof player->role, in->value);
        player->keeper = strcmp(in->value, "Goalkeeper") == 0;
    }
    in->parameter[0] = in->value[0] = '\0';
    return status;
}

static traj_status read_player(metadata *in, const traj_step *step, traj_error *err)
{
    if (in->members == 0) return TRAJ_OK;
    member *const last = &in->member[in->members - 1];
    if (is(step, "id")) keep(last->player.id, step);
    if (is(step, "teamId")) keep(last->team, step);
    return is(step, "ShirtNumber") ? traj_step_shirt(step, &last->player.jersey, err) : TRAJ_OK;
}

static void read_team(metadata *in, const traj_step *step)
{
    if (in->sides == 0) return;
    traj_facts_team *const team = &in->side[in->sides - 1].team;
    if (is(step, "id")) keep(team->id, step);
    if (is(step, "Name")) traj_text_copy(team->name, sizeof team->name, step->value);
}

/* ---- registers ---- */

static traj_status begin_register(metadata *in, const traj_step *step, traj_error *err)
{
    traj_epts *const epts = in->epts;
    const size_t fresh = epts->items;
    if (traj_grow(&epts->item, &epts->capacity, fresh + 1, sizeof *epts->item) != 0 ||
        traj_grow(&in->reference, &in->reference_capacity, fresh + 1, sizeof *in->reference) != 0)
        return traj_fail_memory(err, "the registers of a line");
    epts->items++;
    reference *const about = &in->reference[fresh];
    *about = (reference){.parent = in->open, .line = (size_t)step->line};
    traj_text_copy(about->name, sizeof about->name, step->name);
    in->open = fresh;
    if (!is(step, "SplitRegister") && !is(step, "DataFormatSpecification")) return TRAJ_OK;
    epts->item[fresh].kind = TRAJ_EPTS_SPLIT;
    if (about->parent != SIZE_MAX) return TRAJ_OK;
    if (traj_grow(&epts->lines, &epts->kind_capacity, epts->kinds + 1, sizeof *epts->lines) != 0)
        return traj_fail_memory(err, "the registers of a line");
    epts->lines[epts->kinds++] = (traj_epts_lines){INT64_MIN, INT64_MAX, fresh};
    return TRAJ_OK;
}

static traj_status read_frame(const traj_step *step, int64_t *frame, traj_error *err)
{
    if (step->value[0] == '\0' || traj_text_whole(step->value, TRAJ_LARGEST_FRAME, frame))
        return TRAJ_OK;
    return traj_step_fail(err, step, "expected the number of a frame, got '%.60s'", step->value);
}

static traj_status read_register(metadata *in, const traj_step *step, traj_error *err)
{
    traj_epts *const epts = in->epts;
    if (in->open == SIZE_MAX) return TRAJ_OK;
    traj_epts_register *const at = &epts->item[in->open];
    const bool outermost = at->kind == TRAJ_EPTS_SPLIT &&
                           in->reference[in->open].parent == SIZE_MAX;
    if (outermost && is(step, "startFrame"))
        return read_frame(step, &epts->lines[epts->kinds - 1].first_frame, err);
    if (outermost && is(step, "endFrame"))
        return read_frame(step, &epts->lines[epts->kinds - 1].last_frame, err);
    if (is(step, "name") || is(step, "playerChannelId") || is(step, "channelId"))
        keep(in->reference[in->open].id, step);
    if (!is(step, "separator")) return TRAJ_OK;
    at->separator = step->value[0];
    if (strlen(step->value) == 1) return TRAJ_OK;
    return traj_step_fail(err, step, "expected one character, got '%.60s'", step->value);
}

static traj_status end_register(metadata *in, const traj_step *step, traj_error *err)
{
    traj_epts_register *const at = &in->epts->item[in->open];
    at->end = in->epts->items;
    in->open = in->reference[in->open].parent;
    if (at->kind != TRAJ_EPTS_SPLIT || at->separator != '\0') return TRAJ_OK;
    return traj_step_fail(err, step, "expected a separator");
}

/* ---- the walk ---- */

static traj_status begin(metadata *in, const traj_step *step, traj_error *err)
{
    if (traj_step_below(step, LINES)) return begin_register(in, step, err);
    if (strcmp(step->path, TEAM) == 0) {
        if (in->sides == MOST_TEAMS)
            return traj_step_fail(err, step, "expected two teams, and officials");
        in->side[in->sides++] = (side){.attacks = 0};
    }
    if (strcmp(step->path, PLAYER) == 0) {
        if (traj_grow(&in->member, &in->member_capacity, in->members + 1, sizeof *in->member) != 0)
            return traj_fail_memory(err, "the list of players");
        in->member[in->members++] = (member){.player = {.jersey = -1}};
    }
    if (is(step, "PlayerChannel")) {
        if (traj_grow(&in->channel, &in->channel_capacity, in->channels + 1, sizeof *in->channel) !=
            0)
            return traj_fail_memory(err, "the list of channels");
        in->channel[in->channels++] = (channel){.id = ""};
    }
    return TRAJ_OK;
}

/* The unit of x is that of y, too. */
static void read_unit(metadata *in, const traj_step *step)
{
    static const char *const units[][2] = {{"normalized", "normalised"},
                                           {"m", "metres"},
                                           {"meter", "metres"},
                                           {"meters", "metres"},
                                           {"metre", "metres"},
                                           {"metres", "metres"},
                                           {"cm", "cm"}};
    if (is(step, "id")) keep(in->unit_of, step);
    if (!is(step, "Unit") || strcmp(in->unit_of, "x") != 0) return;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        if (strcmp(step->value, units[u][0]) == 0) in->epts->unit = units[u][1];
}

static traj_status read_value(metadata *in, const traj_step *step, traj_error *err)
{
    channel *const last = in->channels > 0 ? &in->channel[in->channels - 1] : NULL;
    if (traj_step_below(step, LINES)) return read_register(in, step, err);
    if (traj_step_of(step, "Player")) return read_player(in, step, err);
    if (traj_step_of(step, "Team")) read_team(in, step);
    if (traj_step_of(step, "ProviderParameter") && is(step, "Name")) keep(in->parameter, step);
    if (traj_step_of(step, "ProviderParameter") && is(step, "Value")) keep(in->value, step);
    if (traj_step_of(step, "FieldSize") && is(step, "Width"))
        return traj_step_size(step, 1.0, &in->facts->length_m, err);
    if (traj_step_of(step, "FieldSize") && is(step, "Height"))
        return traj_step_size(step, 1.0, &in->facts->width_m, err);
    if (traj_step_of(step, "GlobalConfig") && is(step, "FrameRate"))
        return traj_step_rate(step, &in->facts->rate, err);
    if (traj_step_of(step, "Score") && is(step, "idLocalTeam")) keep(in->local, step);
    if (traj_step_of(step, "Score") && is(step, "idVisitingTeam")) keep(in->visiting, step);
    if (traj_step_of(step, "Channel")) read_unit(in, step);
    if (!traj_step_of(step, "PlayerChannel") || last == NULL) return TRAJ_OK;
    if (is(step, "id")) keep(last->id, step);
    if (is(step, "channelId")) keep(last->measure, step);
    if (is(step, "playerId")) keep(last->player, step);
    return TRAJ_OK;
}

static traj_status visit(void *context, const traj_step *step, traj_error *err)
{
    metadata *const in = context;
    if (step->kind == TRAJ_STEP_BEGIN) return begin(in, step, err);
    if (step->kind == TRAJ_STEP_VALUE) return read_value(in, step, err);
    if (traj_step_below(step, LINES) && in->open != SIZE_MAX) return end_register(in, step, err);
    return is(step, "ProviderParameter") ? end_parameter(in, step, err) : TRAJ_OK;
}

/* ---- ids become indices ---- */

static traj_status add_teams(metadata *in, traj_error *err)
{
    traj_facts *const facts = in->facts;
    int home = -1, away = -1;
    if (in->sides < 2)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: names no two teams, so these are no metadata of EPTS; name others "
                         "with --meta FILE",
                         facts->file);
    for (size_t s = 0; s < in->sides; s++) {
        if (strcmp(in->side[s].team.id, in->local) == 0) home = (int)s;
        if (strcmp(in->side[s].team.id, in->visiting) == 0) away = (int)s;
    }
    in->epts->home_told = home >= 0 || away >= 0;
    if (home < 0) home = away == 0 ? 1 : 0;
    if (away < 0) away = home == 0 ? 1 : 0;
    facts->team[TRAJ_TEAM_HOME] = in->side[home].team;
    facts->team[TRAJ_TEAM_AWAY] = in->side[away].team;
    for (int p = 0; p < facts->periods; p++)
        if (facts->period[p].id == 1)
            facts->period[p].home_attacks = in->side[home].attacks != 0 ? in->side[home].attacks
                                                                        : -in->side[away].attacks;
    return TRAJ_OK;
}

/* Whoever is of neither team, an official, is nobody here. */
static traj_status add_players(metadata *in, traj_error *err)
{
    traj_facts *const facts = in->facts;
    for (size_t m = 0; m < in->members; m++) {
        member *const from = &in->member[m];
        const bool home = strcmp(from->team, facts->team[TRAJ_TEAM_HOME].id) == 0;
        if (!home && strcmp(from->team, facts->team[TRAJ_TEAM_AWAY].id) != 0) continue;
        from->player.team = home ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY;
        const traj_status status = traj_facts_player_add(facts, &from->player, err);
        if (status != TRAJ_OK) return status;
    }
    return TRAJ_OK;
}

static bool is_member(const metadata *in, const char *id)
{
    for (size_t m = 0; m < in->members; m++)
        if (strcmp(in->member[m].player.id, id) == 0) return true;
    return false;
}

static traj_status fail_reference(const metadata *in, const reference *about, const char *what,
                                  const char *id, traj_error *err)
{
    return traj_fail(err, TRAJ_E_DATA, "%s:%zu: %s: there is no %s '%s'; correct or remove it",
                     in->facts->file, about->line, about->name, what, id);
}

/* A register of x or y is read, others are not. */
static void place(traj_epts_register *at, const char *measure, int player)
{
    const bool x = strcmp(measure, "x") == 0;
    if (!x && strcmp(measure, "y") != 0) return;
    at->kind = TRAJ_EPTS_PLACE;
    at->player = player;
    at->axis = x ? 0 : 1;
}

static traj_status resolve(const metadata *in, size_t r, traj_error *err)
{
    const reference *const about = &in->reference[r];
    traj_epts_register *const at = &in->epts->item[r];
    if (strcmp(about->name, "StringRegister") == 0 && strncmp(about->id, "frame", 5) == 0)
        at->kind = TRAJ_EPTS_FRAME;
    if (strcmp(about->name, "BallChannelRef") == 0) place(at, about->id, TRAJ_EPTS_BALL);
    if (strcmp(about->name, "PlayerChannelRef") != 0) return TRAJ_OK;
    const channel *of = NULL;
    for (size_t c = 0; c < in->channels && of == NULL; c++)
        if (strcmp(in->channel[c].id, about->id) == 0) of = &in->channel[c];
    if (of == NULL) return fail_reference(in, about, "PlayerChannel", about->id, err);
    const traj_facts_player *const known = traj_facts_player_by_id(in->facts, of->player);
    if (known != NULL)
        place(at, of->measure, (int)(known - in->facts->player));
    else if (!is_member(in, of->player))
        return fail_reference(in, about, "Player", of->player, err);
    return TRAJ_OK;
}

static traj_status add_lines(const metadata *in, traj_error *err)
{
    const traj_epts *const epts = in->epts;
    for (size_t r = 0; r < epts->items; r++) {
        const traj_status status = resolve(in, r, err);
        if (status != TRAJ_OK) return status;
    }
    for (size_t k = 0; k < epts->kinds; k++) {
        const size_t line = epts->lines[k].line, first = line + 1;
        if (first < epts->item[line].end && epts->item[first].kind == TRAJ_EPTS_FRAME) continue;
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%zu: DataFormatSpecification: expected a StringRegister of the "
                         "frame's number ('frameCount') as its first register",
                         in->facts->file, in->reference[line].line);
    }
    if (epts->kinds > 0) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: has no DataFormatSpecification, so nothing tells how the data are "
                     "written; name other metadata with --meta FILE",
                     in->facts->file);
}

static traj_status check_halves(const traj_facts *facts, traj_error *err)
{
    for (int p = 0; p < facts->periods; p++) {
        const traj_facts_period *const period = &facts->period[p];
        if (period->first_frame <= period->last_frame) continue;
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: half %d lasts from frame %" PRId64 " to frame %" PRId64
                         "; correct it",
                         facts->file, period->id, period->first_frame, period->last_frame);
    }
    return TRAJ_OK;
}

traj_status traj_epts_meta_read(traj_input *input, traj_facts *facts, traj_epts *epts,
                                traj_error *err)
{
    metadata in = {.facts = facts, .epts = epts, .open = SIZE_MAX};
    facts->file = traj_input_name(input);
    traj_status status = traj_document_read(input, visit, &in, err);
    if (status == TRAJ_OK) status = check_halves(facts, err);
    if (status == TRAJ_OK) status = add_teams(&in, err);
    if (status == TRAJ_OK) status = add_players(&in, err);
    if (status == TRAJ_OK) status = add_lines(&in, err);
    traj_free(in.member);
    traj_free(in.channel);
    traj_free(in.reference);
    return status;
}

void traj_epts_free(traj_epts *epts)
{
    traj_free(epts->item);
    traj_free(epts->lines);
    *epts = (traj_epts){.unit = NULL};
}
