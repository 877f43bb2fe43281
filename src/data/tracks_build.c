/* Positions in the order of the file -> sequences with frames and agents in theirs.
 *
 *   1. frames are ordered within their sequence by frame id, which they mostly are
 *   2. agents are ordered: those that were ever seen, players in order of appearance, the ball last
 *   3. the grids become the recording's positions */
#include "tracks.h"

#include "sequence_arrays.h"

#include "traj/base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct ranked_row {
    int64_t frame_id;
    uint32_t sequence, row;
} ranked_row;

static int compare_rows(const void *left, const void *right)
{
    const ranked_row *a = left, *b = right;
    if (a->sequence != b->sequence) return a->sequence < b->sequence ? -1 : 1;
    if (a->frame_id != b->frame_id) return a->frame_id < b->frame_id ? -1 : 1;
    return 0;
}

/* order[0..rows) = the rows by sequence and frame id. */
static void sort_rows(const traj_tracks *tracks, ranked_row *order)
{
    for (size_t r = 0; r < tracks->rows; r++)
        order[r] = (ranked_row){tracks->row[r].frame_id, tracks->row[r].sequence, (uint32_t)r};
    qsort(order, tracks->rows, sizeof *order, compare_rows);
}

/* Puts the grids' frames in the order of their ids. Returns 0, or -1 when memory ends. */
static int order_frames(traj_tracks *tracks)
{
    if (!tracks->shuffled) return 0;
    ranked_row *const order = traj_alloc(tracks->rows, sizeof *order);
    uint32_t *const from = traj_alloc(tracks->rows, sizeof *from);
    int result = order != NULL && from != NULL ? 0 : -1;
    if (result == 0) sort_rows(tracks, order);
    for (size_t s = 0, r = 0; s < tracks->sequences && result == 0; s++) {
        traj_grid *const grid = &tracks->sequence[s].grid;
        for (uint32_t f = 0; f < grid->frames; f++, r++) {
            from[f] = tracks->row[order[r].row].frame;
            tracks->row[order[r].row].frame = f;
        }
        result = traj_grid_order_frames(grid, from);
    }
    traj_free(order);
    traj_free(from);
    return result;
}

/* place[a] = final place of agent a, those never seen behind the others. */
static void rank_agents(const traj_track_sequence *sequence, uint32_t *place)
{
    uint32_t kept = 0, unseen = (uint32_t)sequence->grid.seated;
    for (int ball = 0; ball <= 1; ball++)
        for (size_t a = 0; a < sequence->agents; a++)
            if (sequence->agent[a].ball == (ball == 1))
                place[a] = traj_grid_column(&sequence->grid, a) != TRAJ_NO_SEAT ? kept++ : unseen++;
}

/* Each swap brings one agent home, so this ends; place becomes 0, 1, 2, ... */
static void sort_agents(traj_track_sequence *sequence, uint32_t *place)
{
    for (size_t a = 0; a < sequence->agents; a++)
        while (place[a] != a) {
            const uint32_t home = place[a];
            const traj_track_agent agent = sequence->agent[home];
            sequence->agent[home] = sequence->agent[a];
            sequence->agent[a] = agent;
            place[a] = place[home];
            place[home] = home;
        }
}

/* Leaves the agents that were seen, in their order. Returns 0, or -1 when memory ends. */
static int order_agents(traj_track_sequence *sequence)
{
    uint32_t *const place = traj_alloc(sequence->agents, sizeof *place);
    if (place == NULL) return -1;
    rank_agents(sequence, place);
    const int result = traj_grid_order_agents(&sequence->grid, place);
    sort_agents(sequence, place);
    sequence->agents = sequence->grid.seated;
    traj_free(place);
    return result;
}

static traj_agent describe_agent(const traj_track_agent *from)
{
    traj_agent agent = {.jersey = from->jersey};
    if (from->ball)
        return (traj_agent){.id = "ball", .team = TRAJ_TEAM_BALL, .kind = TRAJ_BALL, .jersey = -1};
    memcpy(agent.id, from->id, sizeof agent.id);
    memcpy(agent.role, from->role, sizeof agent.role);
    return agent;
}

static traj_status add_sequence(const traj_tracks *tracks, traj_track_sequence *from,
                                traj_recording *recording, traj_error *err)
{
    traj_sequence *to;
    traj_grid *const grid = &from->grid;
    traj_status status = traj_recording_add_filled(recording, grid->frames, grid->columns,
                                                   grid->pos_m, grid->extrapolated, &to, err);
    if (status != TRAJ_OK) return status;
    grid->pos_m = NULL;
    grid->extrapolated = NULL;
    memcpy(to->name, from->name, sizeof to->name);
    to->period_id = from->period_id;
    for (size_t a = 0; a < from->agents; a++) to->agent[a] = describe_agent(&from->agent[a]);
    return tracks->detection_told ? traj_sequence_add_extrapolated(to, err) : TRAJ_OK;
}

static traj_status add_sequences(traj_tracks *tracks, traj_recording *recording, traj_error *err)
{
    traj_status status = TRAJ_OK;
    for (size_t s = 0; s < tracks->sequences && status == TRAJ_OK; s++)
        status = add_sequence(tracks, &tracks->sequence[s], recording, err);
    for (size_t r = 0; r < tracks->rows && status == TRAJ_OK; r++) {
        const traj_track_row *const row = &tracks->row[r];
        traj_sequence *const to = &recording->sequence[row->sequence];
        to->frame_id[row->frame] = row->frame_id;
        to->time_s[row->frame] = row->time_s;
        if (row->ball == TRAJ_BALL_STATE_UNKNOWN && row->owner == 0) continue;
        status = traj_sequence_add_play(to, err);
        if (status == TRAJ_OK) to->play[row->frame] = (traj_play){row->ball, row->owner};
    }
    return status;
}

/* When each takes part: as the file says, as far as he is seen then at all. */
static void find_presence(const traj_track_sequence *from, traj_sequence *to, size_t a)
{
    traj_agent *const agent = &to->agent[a];
    const traj_track_agent *const told = &from->agent[a];
    size_t first = 0, last = to->frames - 1;
    while (isnan(to->pos_m[(first * to->agents + a) * 2])) first++;
    while (isnan(to->pos_m[(last * to->agents + a) * 2])) last--;
    agent->first_frame = to->frame_id[first];
    agent->last_frame = to->frame_id[last];
    if (told->last_frame == 0 || told->first_frame > agent->last_frame ||
        told->last_frame < agent->first_frame)
        return;
    agent->first_frame = told->first_frame > to->frame_id[0] ? told->first_frame : to->frame_id[0];
    agent->last_frame = told->last_frame < to->frame_id[to->frames - 1]
                            ? told->last_frame
                            : to->frame_id[to->frames - 1];
}

static traj_status check_players(const traj_tracks *tracks, traj_error *err)
{
    if (tracks->rows == 0)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: no frames: the file holds a header and nothing to read",
                         tracks->file);
    bool players = false, anybody = false;
    for (size_t s = 0; s < tracks->sequences; s++) {
        const traj_track_sequence *sequence = &tracks->sequence[s];
        size_t count = sequence->agents;
        if (count > 1 && sequence->agent[count - 2].ball)
            return traj_fail(err, TRAJ_E_DATA,
                             "%s: sequence %s has two balls, '%s' and '%s'; keep the rows of one",
                             tracks->file, sequence->name, sequence->agent[count - 2].key,
                             sequence->agent[count - 1].key);
        const traj_status status = traj_tracks_check_agents(tracks, sequence, err);
        if (status != TRAJ_OK) return status;
        players = players || (count > 0 && !sequence->agent[0].ball);
        anybody = anybody || count > 0;
    }
    if (players || (anybody && tracks->layout.ball_alone)) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: no players: no player has a position in any frame; look at the file's "
                     "coordinate columns",
                     tracks->file);
}

/* A sequence that was begun and has no frame is none: nobody from here on has to think of it. */
static void drop_empty_sequences(traj_tracks *tracks)
{
    uint32_t kept = 0;
    for (size_t s = 0; s < tracks->sequences; s++)
        tracks->sequence[s].cursor = tracks->sequence[s].grid.frames > 0 ? kept++ : TRAJ_INDEX_NONE;
    if (kept == tracks->sequences) return;
    for (size_t r = 0; r < tracks->rows; r++)
        tracks->row[r].sequence = tracks->sequence[tracks->row[r].sequence].cursor;
    for (size_t s = 0; s < tracks->sequences; s++) {
        const uint32_t place = tracks->sequence[s].cursor;
        if (place == TRAJ_INDEX_NONE) {
            traj_free(tracks->sequence[s].agent);
            traj_grid_free(&tracks->sequence[s].grid);
        } else {
            tracks->sequence[place] = tracks->sequence[s];
        }
    }
    tracks->sequences = kept;
}

traj_status traj_tracks_build(traj_tracks *tracks, traj_recording *recording, traj_error *err)
{
    drop_empty_sequences(tracks);
    traj_text_index_free(&tracks->row_index);
    int result = order_frames(tracks);
    for (size_t s = 0; s < tracks->sequences && result == 0; s++)
        result = order_agents(&tracks->sequence[s]);
    if (result != 0) return traj_fail_memory(err, "sorting the frames of a file");
    traj_status status = check_players(tracks, err);
    if (status == TRAJ_OK) status = add_sequences(tracks, recording, err);
    for (size_t s = 0; s < tracks->sequences && status == TRAJ_OK; s++)
        for (size_t a = 0; a < recording->sequence[s].agents; a++)
            find_presence(&tracks->sequence[s], &recording->sequence[s], a);
    return status;
}
