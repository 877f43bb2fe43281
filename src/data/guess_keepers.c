/* Who keeps the goal: told by --keepers, by the file, or the player who is nearest to the own goal
 * line of his team in nearly every frame that he plays in. */
#include "columns.h"
#include "guess.h"

#include "traj/base/memory.h"

#include <math.h>
#include <string.h>

#define REARMOST       0.8  /* share of frames in which a goalkeeper is his team's last man */
#define KEEPER_REACH_M 30.0 /* his mean distance from the own goal line is below this */
#define SHORT_PLAY     0.02 /* share of all frames below which a player says nothing */

typedef struct watch { /* one player of one team over the whole recording */
    traj_track_text id;
    traj_team team;
    size_t frames, rearmost; /* seen; seen as the last man */
    double distance_m;       /* sum over frames: from the own goal line */
    bool told, keeper;
} watch;

typedef struct watches {
    watch *item; /* owned [count] */
    size_t count, capacity;
    size_t frames; /* of all sequences */
} watches;

static watch *find_watch(watches *all, const traj_agent *agent)
{
    for (size_t w = 0; w < all->count; w++)
        if (all->item[w].team == agent->team && strcmp(all->item[w].id, agent->id) == 0)
            return &all->item[w];
    if (traj_grow(&all->item, &all->capacity, all->count + 1, sizeof *all->item) != 0) return NULL;
    watch *fresh = &all->item[all->count++];
    memset(fresh, 0, sizeof *fresh);
    memcpy(fresh->id, agent->id, sizeof fresh->id);
    fresh->team = agent->team;
    return fresh;
}

/* Distances from the own goal line are counted in the direction of attack, `side` being home's. */
static double from_own_line(const traj_recording *recording, const traj_sequence *sequence,
                            size_t frame, size_t agent, int side)
{
    double x = sequence->pos_m[(frame * sequence->agents + agent) * 2];
    double attack = sequence->agent[agent].team == TRAJ_TEAM_HOME ? side : -side;
    return attack * x + recording->pitch_length_m / 2.0;
}

/* of[a] = number of the watch over agent a. */
static void watch_frame(const traj_recording *recording, const traj_sequence *sequence,
                        size_t frame, int side, const size_t *of, watches *all)
{
    size_t last[2] = {SIZE_MAX, SIZE_MAX};
    double least[2] = {INFINITY, INFINITY};
    for (size_t a = 0; a < sequence->agents; a++) {
        const traj_agent *agent = &sequence->agent[a];
        double distance_m = from_own_line(recording, sequence, frame, a, side);
        if (agent->kind == TRAJ_BALL || isnan(distance_m)) continue;
        all->item[of[a]].frames++;
        all->item[of[a]].distance_m += distance_m;
        if (distance_m >= least[agent->team]) continue;
        least[agent->team] = distance_m;
        last[agent->team] = of[a];
    }
    for (int team = 0; team < 2; team++)
        if (last[team] != SIZE_MAX) all->item[last[team]].rearmost++;
}

/* Returns 0, or -1 when memory ends. */
static int watch_sequence(const traj_recording *recording, const traj_sequence *sequence,
                          size_t frames, int side, watches *all)
{
    size_t *of = traj_alloc(sequence->agents, sizeof *of);
    if (of == NULL) return -1;
    int result = 0;
    for (size_t a = 0; a < sequence->agents && result == 0; a++) {
        if (sequence->agent[a].kind == TRAJ_BALL) continue;
        const watch *player = find_watch(all, &sequence->agent[a]);
        if (player == NULL)
            result = -1;
        else
            of[a] = (size_t)(player - all->item);
    }
    const size_t stride = traj_guess_stride(frames, TRAJ_ENOUGH_FRAMES);
    for (size_t f = 0; f < frames && result == 0; f += stride, all->frames++) {
        traj_guess_fetch(sequence, f, stride);
        watch_frame(recording, sequence, f, side, of, all);
    }
    traj_free(of);
    return result;
}

static bool looks_like_keeper(const watch *player, size_t frames)
{
    double seen = (double)player->frames;
    return seen > SHORT_PLAY * (double)frames && (double)player->rearmost >= REARMOST * seen &&
           player->distance_m <= KEEPER_REACH_M * seen;
}

static void tell_keeper(const traj_reading *reading, const watch *player)
{
    if (player->told)
        traj_guess_add(reading->guesses, "goalkeeper", "--keepers ID,ID|none",
                       "%s (%s): so the file says", player->id,
                       player->team == TRAJ_TEAM_HOME ? "home" : "away");
    else
        traj_guess_add(
            reading->guesses, "goalkeeper", "--keepers ID,ID|none",
            "%s (%s): last man of the team in %.0f %% of the frames, on average %.0f m from its "
            "goal line",
            player->id, player->team == TRAJ_TEAM_HOME ? "home" : "away",
            100.0 * (double)player->rearmost / (double)player->frames,
            player->distance_m / (double)player->frames);
}

static void choose_keepers(const traj_reading *reading, watches *all)
{
    bool told[2] = {false, false};
    for (size_t w = 0; w < all->count; w++) told[all->item[w].team] |= all->item[w].told;
    bool any = false;
    for (size_t w = 0; w < all->count; w++) {
        watch *player = &all->item[w];
        player->keeper = told[player->team] ? player->told : looks_like_keeper(player, all->frames);
        if (player->keeper) tell_keeper(reading, player);
        any = any || player->keeper;
    }
    if (!any)
        traj_guess_add(reading->guesses, "goalkeeper", "--keepers ID,ID",
                       "none: nobody stays near a goal line");
}

static void set_kind(traj_agent *agent, bool keeper)
{
    if (agent->kind == TRAJ_BALL) return;
    bool home = agent->team == TRAJ_TEAM_HOME;
    agent->kind = keeper ? (home ? TRAJ_HOME_GK : TRAJ_AWAY_GK) : (home ? TRAJ_HOME : TRAJ_AWAY);
}

static traj_status keepers_by_option(traj_reading *reading, traj_error *err)
{
    char ids[sizeof reading->options->keepers];
    bool none = strcmp(reading->options->keepers, "none") == 0, found = none;
    traj_text_copy(ids, sizeof ids, none ? "" : reading->options->keepers);
    for (char *comma = strchr(ids, ','); comma != NULL; comma = strchr(comma, ',')) *comma = ' ';
    for (size_t s = 0; s < reading->recording->sequences; s++)
        for (size_t a = 0; a < reading->recording->sequence[s].agents; a++) {
            traj_agent *agent = &reading->recording->sequence[s].agent[a];
            bool keeper = traj_text_among(agent->id, ids);
            found = found || keeper;
            set_kind(agent, keeper);
        }
    if (found) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: --keepers %s: no player has such an id; `traj info` lists them",
                     reading->tracks->file, reading->options->keepers);
}

static void no_keepers(traj_reading *reading)
{
    const traj_layout *layout = &reading->tracks->layout;
    for (size_t s = 0; s < reading->recording->sequences; s++)
        for (size_t a = 0; a < reading->recording->sequence[s].agents; a++)
            set_kind(&reading->recording->sequence[s].agent[a], false);
    if (!layout->crowd)
        traj_guess_add(reading->guesses, "goalkeeper", "--keepers ID,ID",
                       "none: there are none in %s", layout->name);
}

/* The way home attacks by what the frames show now; the vote of before they were turned knows it.
 */
static int side_shown(const traj_sequence *sequence, size_t frames)
{
    const traj_direction *const direction = &sequence->direction;
    double share;
    if (direction->by == TRAJ_SIDE_BY_VOTE) return direction->turned ? 1 : direction->home_attacks;
    return traj_sequence_vote(sequence, frames, &share);
}

static int watch_all(const traj_reading *reading, watches *all)
{
    const traj_recording *recording = reading->recording;
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        const size_t frames = traj_guess_frames(reading, s);
        const int side = side_shown(sequence, frames);
        if (side != 0 && watch_sequence(recording, sequence, frames, side, all) != 0) return -1;
        for (size_t a = 0; a < sequence->agents; a++) {
            if (!reading->tracks->sequence[s].agent[a].keeper) continue;
            watch *player = find_watch(all, &sequence->agent[a]);
            if (player == NULL) return -1;
            player->told = true;
        }
    }
    return 0;
}

traj_status traj_guess_keepers(traj_reading *reading, traj_error *err)
{
    if (reading->options->keepers[0] != '\0') return keepers_by_option(reading, err);
    if (reading->tracks->layout.no_keepers || reading->tracks->layout.crowd) {
        no_keepers(reading);
        return TRAJ_OK;
    }
    watches all = {0};
    traj_status status = TRAJ_OK;
    if (watch_all(reading, &all) != 0) {
        status = traj_fail_memory(err, "the goalkeepers");
    } else {
        choose_keepers(reading, &all);
        for (size_t s = 0; s < reading->recording->sequences; s++)
            for (size_t a = 0; a < reading->recording->sequence[s].agents; a++) {
                traj_agent *agent = &reading->recording->sequence[s].agent[a];
                if (agent->kind != TRAJ_BALL) {
                    const watch *player = find_watch(&all, agent);
                    set_kind(agent, player != NULL && player->keeper);
                }
            }
    }
    traj_free(all.item);
    return status;
}
