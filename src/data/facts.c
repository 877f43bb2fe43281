/* See facts.h. */
#include "facts.h"

#include "tracks.h"

#include "traj/base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void traj_facts_free(traj_facts *facts)
{
    traj_free(facts->player);
    memset(facts, 0, sizeof *facts);
}

bool traj_facts_teams_told(const traj_facts *facts)
{
    return facts->team[TRAJ_TEAM_HOME].id[0] != '\0' && facts->team[TRAJ_TEAM_AWAY].id[0] != '\0';
}

traj_status traj_facts_refuse(const char *file, const char *lack, const char *provider,
                              traj_error *err)
{
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: %s, so these are no metadata of %s; name others with --meta FILE, or "
                     "read without: --meta none",
                     file, lack, provider);
}

const traj_facts_period *traj_facts_period_get(const traj_facts *facts, int id)
{
    for (int p = 0; p < facts->periods; p++)
        if (facts->period[p].id == id) return &facts->period[p];
    return NULL;
}

traj_facts_period *traj_facts_period_add(traj_facts *facts, int id)
{
    const traj_facts_period *const known = traj_facts_period_get(facts, id);
    if (known != NULL) return &facts->period[known - facts->period];
    if (facts->periods == TRAJ_MOST_PERIODS) return NULL;
    traj_facts_period *const fresh = &facts->period[facts->periods++];
    *fresh = (traj_facts_period){
        .id = id, .first_frame = INT64_MIN, .last_frame = INT64_MAX, .start_s = NAN};
    return fresh;
}

const traj_facts_period *traj_facts_period_at(const traj_facts *facts, int64_t frame)
{
    for (int p = 0; p < facts->periods; p++)
        if (frame >= facts->period[p].first_frame && frame <= facts->period[p].last_frame)
            return &facts->period[p];
    return NULL;
}

double traj_facts_time(const traj_facts *facts, const traj_facts_period *period, int64_t frame)
{
    if (period == NULL || period->first_frame == INT64_MIN || facts->rate.num == 0) return NAN;
    return traj_rate_time(facts->rate, (double)(frame - period->first_frame));
}

traj_status traj_facts_period_check(const char *file, long line, int64_t id, traj_error *err)
{
    if (id >= 1 && id <= TRAJ_MOST_PERIODS) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: period %" PRId64 ": expected 1 or 2 for a half, 3 or 4 for extra "
                     "time, 5 for a shoot-out",
                     file, line, id);
}

traj_status traj_facts_player_add(traj_facts *facts, const traj_facts_player *player,
                                  traj_error *err)
{
    if (traj_grow(&facts->player, &facts->capacity, facts->players + 1, sizeof *facts->player) != 0)
        return traj_fail_memory(err, "the list of players");
    facts->player[facts->players++] = *player;
    return TRAJ_OK;
}

void traj_facts_player_present(traj_facts_player *player, double first, double last)
{
    if (!(first >= 0.0 && first <= last && last < TRAJ_LARGEST_FRAME)) return;
    player->first_frame = (int64_t)first;
    player->last_frame = (int64_t)last;
}

const traj_facts_player *traj_facts_player_by_id(const traj_facts *facts, const char *id)
{
    for (size_t p = 0; p < facts->players; p++)
        if (strcmp(facts->player[p].id, id) == 0) return &facts->player[p];
    return NULL;
}

const traj_facts_player *traj_facts_player_of(const traj_facts *facts, traj_team team,
                                              const char *id)
{
    for (size_t p = 0; p < facts->players; p++)
        if (facts->player[p].team == team && strcmp(facts->player[p].id, id) == 0)
            return &facts->player[p];
    return NULL;
}

const traj_facts_player *traj_facts_player_by_alias(const traj_facts *facts, const char *alias)
{
    for (size_t p = 0; p < facts->players; p++)
        if (strcmp(facts->player[p].alias, alias) == 0) return &facts->player[p];
    return NULL;
}

const traj_facts_player *traj_facts_player_by_jersey(const traj_facts *facts, traj_team team,
                                                     int jersey)
{
    for (size_t p = 0; p < facts->players; p++)
        if (facts->player[p].team == team && facts->player[p].jersey == jersey)
            return &facts->player[p];
    return NULL;
}

traj_facts_player traj_facts_stranger(traj_team team, int jersey)
{
    traj_facts_player player = {.team = team, .jersey = jersey};
    snprintf(player.id, sizeof player.id, "%s_%d", team == TRAJ_TEAM_HOME ? "home" : "away",
             jersey);
    return player;
}

traj_facts_player traj_facts_wearer(const traj_facts *facts, traj_team team, int jersey)
{
    const traj_facts_player *const known = traj_facts_player_by_jersey(facts, team, jersey);
    return known != NULL ? *known : traj_facts_stranger(team, jersey);
}
