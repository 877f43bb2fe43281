/* Stats Perform's match feed MA1, XML and JSON, walked as steps (traj/io/document.h). Lists are
 * wrapped in XML and bare in JSON (contestants/contestant, contestant), so that elements are known
 * by their own names:
 *
 *   contestant/{id, name, position}, position being home or away
 *   lineUp/contestantId, and for each of its players
 *   player/{playerId, shirtNumber, position}, where Goalkeeper keeps the goal */
#include "statsperform.h"
#include "steps.h"
#include "tracks.h"

#include <string.h>

typedef struct metadata {
    traj_facts *facts;        /* view */
    traj_facts_team team;     /* being read */
    int side;                 /* its traj_team, -1: not told yet */
    char contestant[48];      /* whose line-up is being read */
    size_t first;             /* of its players */
    traj_facts_player player; /* being read */
} metadata;

static bool is(const traj_step *step, const char *name)
{
    return strcmp(step->name, name) == 0;
}

static traj_status read_contestant(metadata *in, const traj_step *step, traj_error *err)
{
    if (is(step, "id")) traj_text_copy(in->team.id, sizeof in->team.id, step->value);
    if (is(step, "name")) traj_text_copy(in->team.name, sizeof in->team.name, step->value);
    if (!is(step, "position")) return TRAJ_OK;
    if (strcmp(step->value, "home") == 0)
        in->side = TRAJ_TEAM_HOME;
    else if (strcmp(step->value, "away") == 0)
        in->side = TRAJ_TEAM_AWAY;
    else
        return traj_step_fail(err, step, "expected 'home' or 'away', got '%.60s'", step->value);
    return TRAJ_OK;
}

static traj_status read_player(metadata *in, const traj_step *step, traj_error *err)
{
    if (is(step, "playerId")) traj_text_copy(in->player.id, sizeof in->player.id, step->value);
    if (is(step, "shirtNumber")) return traj_step_shirt(step, &in->player.jersey, err);
    if (!is(step, "position")) return TRAJ_OK;
    traj_text_copy(in->player.role, sizeof in->player.role, step->value);
    in->player.keeper = strcmp(step->value, "Goalkeeper") == 0;
    return TRAJ_OK;
}

static traj_status end_contestant(metadata *in, const traj_step *step, traj_error *err)
{
    if (in->side < 0 || in->team.id[0] == '\0')
        return traj_step_fail(err, step, "expected an id and, as position, 'home' or 'away'");
    in->facts->team[in->side] = in->team;
    in->team = (traj_facts_team){.id = ""};
    in->side = -1;
    return TRAJ_OK;
}

static traj_status end_player(metadata *in, traj_error *err)
{
    const traj_status status =
        in->player.id[0] == '\0' ? TRAJ_OK : traj_facts_player_add(in->facts, &in->player, err);
    in->player = (traj_facts_player){.jersey = -1};
    return status;
}

static traj_status end_line_up(metadata *in, const traj_step *step, traj_error *err)
{
    traj_facts *const facts = in->facts;
    int side = 0;
    while (side < 2 && strcmp(facts->team[side].id, in->contestant) != 0) side++;
    if (side == 2 || in->contestant[0] == '\0')
        return traj_step_fail(err, step, "its contestantId '%s' is neither of the contestants",
                              in->contestant);
    for (; in->first < facts->players; in->first++) facts->player[in->first].team = (traj_team)side;
    in->contestant[0] = '\0';
    return TRAJ_OK;
}

static traj_status visit(void *context, const traj_step *step, traj_error *err)
{
    metadata *const in = context;
    if (step->kind == TRAJ_STEP_END) {
        if (is(step, "contestant")) return end_contestant(in, step, err);
        if (is(step, "player")) return end_player(in, err);
        if (is(step, "lineUp")) return end_line_up(in, step, err);
    }
    if (traj_step_of(step, "contestant")) return read_contestant(in, step, err);
    if (traj_step_of(step, "player")) return read_player(in, step, err);
    if (traj_step_of(step, "lineUp") && is(step, "contestantId"))
        traj_text_copy(in->contestant, sizeof in->contestant, step->value);
    return TRAJ_OK;
}

traj_status traj_statsperform_meta_read(traj_input *input, traj_facts *facts, traj_error *err)
{
    metadata in = {.facts = facts, .side = -1, .player = {.jersey = -1}};
    facts->file = traj_input_name(input);
    const traj_status status = traj_document_read(input, visit, &in, err);
    if (status != TRAJ_OK || traj_facts_teams_told(facts)) return status;
    return traj_facts_refuse(facts->file, "names no home and away contestant", "Stats Perform",
                             err);
}
