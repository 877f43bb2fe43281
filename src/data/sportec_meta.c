/* Match information of the DFL (feed 02.01), walked as paths (traj/io/document.h):
 *
 *   /MatchInformation/Environment/{PitchX, PitchY}, metres
 *   /MatchInformation/Teams/Team/{TeamId, TeamName, Role}, Role being home or guest
 *   /MatchInformation/Teams/Team/Players/Player/{PersonId, ShirtNumber, PlayingPosition}, the
 *     position of a goalkeeper being TW (Torwart) */
#include "sportec.h"
#include "steps.h"
#include "tracks.h"

#include <string.h>

#define TEAM   "/MatchInformation/Teams/Team"
#define PLAYER TEAM "/Players/Player"

typedef struct metadata {
    traj_facts *facts;        /* view */
    traj_facts_team team;     /* being read */
    int side;                 /* its traj_team, -1: not told yet */
    size_t first;             /* of its players */
    traj_facts_player player; /* being read */
} metadata;

static traj_status read_player(metadata *in, const traj_step *step, traj_error *err)
{
    if (strcmp(step->name, "PersonId") == 0) {
        traj_text_copy(in->player.id, sizeof in->player.id, step->value);
    } else if (strcmp(step->name, "ShirtNumber") == 0) {
        return traj_step_shirt(step, &in->player.jersey, err);
    } else if (strcmp(step->name, "PlayingPosition") == 0) {
        in->player.keeper = strcmp(step->value, "TW") == 0;
        traj_text_copy(in->player.role, sizeof in->player.role, step->value);
    }
    return TRAJ_OK;
}

static traj_status end_player(metadata *in, traj_error *err)
{
    const traj_status status =
        in->player.id[0] == '\0' ? TRAJ_OK : traj_facts_player_add(in->facts, &in->player, err);
    in->player = (traj_facts_player){.jersey = -1};
    return status;
}

static traj_status read_team(metadata *in, const traj_step *step, traj_error *err)
{
    if (strcmp(step->name, "TeamId") == 0) {
        traj_text_copy(in->team.id, sizeof in->team.id, step->value);
    } else if (strcmp(step->name, "TeamName") == 0) {
        traj_text_copy(in->team.name, sizeof in->team.name, step->value);
    } else if (strcmp(step->name, "Role") == 0) {
        if (strcmp(step->value, "home") == 0)
            in->side = TRAJ_TEAM_HOME;
        else if (strcmp(step->value, "guest") == 0)
            in->side = TRAJ_TEAM_AWAY;
        else
            return traj_step_fail(err, step, "expected 'home' or 'guest', got '%.60s'",
                                  step->value);
    }
    return TRAJ_OK;
}

/* Attributes come in any order, so the players learn only here whose they are. */
static traj_status end_team(metadata *in, const traj_step *step, traj_error *err)
{
    if (in->side < 0 || in->team.id[0] == '\0')
        return traj_step_fail(err, step, "expected a TeamId and, as Role, 'home' or 'guest'");
    in->facts->team[in->side] = in->team;
    for (size_t p = in->first; p < in->facts->players; p++)
        in->facts->player[p].team = (traj_team)in->side;
    in->first = in->facts->players;
    in->team = (traj_facts_team){.id = ""};
    in->side = -1;
    return TRAJ_OK;
}

static traj_status visit(void *context, const traj_step *step, traj_error *err)
{
    metadata *const in = context;
    const char *const path = step->path;
    if (step->kind == TRAJ_STEP_END && strcmp(path, PLAYER) == 0) return end_player(in, err);
    if (step->kind == TRAJ_STEP_END && strcmp(path, TEAM) == 0) return end_team(in, step, err);
    if (step->kind != TRAJ_STEP_VALUE) return TRAJ_OK;
    if (traj_step_below(step, PLAYER "/")) return read_player(in, step, err);
    if (traj_step_below(step, TEAM "/Players")) return TRAJ_OK;
    if (traj_step_below(step, TEAM "/") && strchr(path + strlen(TEAM "/"), '/') == NULL)
        return read_team(in, step, err);
    if (strcmp(path, "/MatchInformation/Environment/PitchX") == 0)
        return traj_step_size(step, 1.0, &in->facts->length_m, err);
    if (strcmp(path, "/MatchInformation/Environment/PitchY") == 0)
        return traj_step_size(step, 1.0, &in->facts->width_m, err);
    return TRAJ_OK;
}

traj_status traj_sportec_meta_read(traj_input *input, traj_facts *facts, traj_error *err)
{
    metadata in = {.facts = facts, .side = -1, .player = {.jersey = -1}};
    facts->file = traj_input_name(input);
    const traj_status status = traj_document_read(input, visit, &in, err);
    if (status != TRAJ_OK || traj_facts_teams_told(facts)) return status;
    return traj_facts_refuse(facts->file, "names no home and guest team", "the DFL", err);
}
