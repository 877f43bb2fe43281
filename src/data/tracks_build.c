/* Samples in the order of the file -> sequences with frames in order and agents side by side.
 *
 *   1. frames are ranked within their sequence by frame id
 *   2. agents are ranked: those that were ever seen, players in order of appearance, the ball last
 *   3. every sample is stored at its (frame rank, agent rank) */
#include "tracks.h"

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

static void rank_sorted(const traj_tracks *tracks, ranked_row *order, uint32_t *rank)
{
    for (size_t r = 0; r < tracks->rows; r++)
        order[r] = (ranked_row){tracks->row[r].frame_id, tracks->row[r].sequence, (uint32_t)r};
    qsort(order, tracks->rows, sizeof *order, compare_rows);
    uint32_t place = 0;
    for (size_t r = 0; r < tracks->rows; r++) {
        if (r > 0 && order[r].sequence != order[r - 1].sequence) place = 0;
        rank[order[r].row] = place++;
    }
}

/* rank[row] = place of the row's frame in its sequence. Returns 0, or -1 when memory ends. */
static int rank_rows(traj_tracks *tracks, uint32_t *rank)
{
    if (tracks->shuffled) {
        ranked_row *const order = traj_alloc(tracks->rows, sizeof *order);
        if (order == NULL) return -1;
        rank_sorted(tracks, order, rank);
        traj_free(order);
        return 0;
    }
    for (size_t q = 0; q < tracks->sequences; q++) tracks->sequence[q].cursor = 0;
    for (size_t r = 0; r < tracks->rows; r++)
        rank[r] = tracks->sequence[tracks->row[r].sequence].cursor++;
    return 0;
}

/* first[s] = where the agents of sequence s begin in an array over the agents of all sequences. */
static size_t number_agents(const traj_tracks *tracks, size_t *first)
{
    size_t total = 0;
    for (size_t s = 0; s < tracks->sequences; s++) {
        first[s] = total;
        total += tracks->sequence[s].agents;
    }
    return total;
}

/* slot[first[s] + a] = final place of agent a, those never seen behind the others. */
static void rank_agents(traj_track_sequence *sequence, uint32_t *slot)
{
    uint32_t kept = 0;
    for (int ball = 0; ball <= 1; ball++)
        for (size_t a = 0; a < sequence->agents; a++)
            if (slot[a] != TRAJ_INDEX_NONE && sequence->agent[a].ball == (ball == 1))
                slot[a] = kept++;
    uint32_t unseen = kept;
    for (size_t a = 0; a < sequence->agents; a++)
        if (slot[a] == TRAJ_INDEX_NONE) slot[a] = unseen++;
    sequence->cursor = kept;
}

/* Each swap brings one agent home, so this ends; those never seen come last and are cut off. */
static void sort_agents(traj_track_sequence *sequence, uint32_t *slot, uint32_t *moved)
{
    memcpy(moved, slot, sequence->agents * sizeof *moved);
    for (size_t a = 0; a < sequence->agents; a++)
        while (moved[a] != a) {
            uint32_t home = moved[a];
            traj_track_agent agent = sequence->agent[home];
            sequence->agent[home] = sequence->agent[a];
            sequence->agent[a] = agent;
            moved[a] = moved[home];
            moved[home] = home;
        }
    sequence->agents = sequence->cursor;
}

static traj_status refuse_two(const traj_tracks *tracks, uint32_t row, uint32_t slot,
                              const float pos[2], const float other[2], traj_error *err)
{
    const traj_track_row *at = &tracks->row[row];
    const traj_track_sequence *sequence = &tracks->sequence[at->sequence];
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%" PRIu32 ": two different positions for '%s' in frame %" PRId64
                     " of sequence %s: (%g, %g) and (%g, %g); keep one row a frame and player, "
                     "or add the column that tells the matches or plays apart (game_id, play_id)",
                     traj_tracks_file(tracks, row), at->line, sequence->agent[slot].id,
                     at->frame_id, sequence->name, (double)pos[0], (double)pos[1], (double)other[0],
                     (double)other[1]);
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

static traj_status add_sequence(const traj_tracks *tracks, const traj_track_sequence *from,
                                traj_recording *recording, traj_error *err)
{
    traj_sequence *to;
    traj_status status = traj_recording_add(recording, from->rows, from->agents, &to, err);
    if (status != TRAJ_OK) return status;
    memcpy(to->name, from->name, sizeof to->name);
    to->period_id = from->period_id;
    for (size_t a = 0; a < from->agents; a++) to->agent[a] = describe_agent(&from->agent[a]);
    return tracks->detection_told ? traj_sequence_add_extrapolated(to, err) : TRAJ_OK;
}

static traj_status add_sequences(const traj_tracks *tracks, const uint32_t *rank,
                                 traj_recording *recording, traj_error *err)
{
    traj_status status = TRAJ_OK;
    for (size_t s = 0; s < tracks->sequences && status == TRAJ_OK; s++)
        status = add_sequence(tracks, &tracks->sequence[s], recording, err);
    for (size_t r = 0; r < tracks->rows && status == TRAJ_OK; r++) {
        const traj_track_row *const row = &tracks->row[r];
        traj_sequence *const to = &recording->sequence[row->sequence];
        to->frame_id[rank[r]] = row->frame_id;
        to->time_s[rank[r]] = row->time_s;
        if (row->ball == TRAJ_BALL_STATE_UNKNOWN && row->owner == 0) continue;
        status = traj_sequence_add_play(to, err);
        if (status == TRAJ_OK) to->play[rank[r]] = (traj_play){row->ball, row->owner};
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

/* No sport has more; a column that numbers the rows, taken for players, would. */
#define MOST_AGENTS 256

/* Positions of one sequence, agents side by side whether they are there or not: two gigabytes. */
#define MOST_POSITIONS ((size_t)1 << 28)

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
        if (count > MOST_AGENTS && !tracks->layout.crowd && !tracks->layout.loses_players)
            return traj_fail(
                err, TRAJ_E_DATA,
                "%s: sequence %s has %zu players ('%s', '%s', ...); name the column that "
                "tells them apart player_id",
                tracks->file, sequence->name, count, sequence->agent[0].id, sequence->agent[1].id);
        if (count > 0 && sequence->rows > MOST_POSITIONS / count)
            return traj_fail(err, TRAJ_E_DATA,
                             "%s: sequence %s has %zu agents over %zu frames, which is more than "
                             "is held at once; cut the file into stretches of time",
                             tracks->file, sequence->name, count, sequence->rows);
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
        tracks->sequence[s].cursor = tracks->sequence[s].rows > 0 ? kept++ : TRAJ_INDEX_NONE;
    if (kept == tracks->sequences) return;
    for (size_t r = 0; r < tracks->rows; r++)
        tracks->row[r].sequence = tracks->sequence[tracks->row[r].sequence].cursor;
    for (size_t s = 0; s < tracks->sequences; s++) {
        const uint32_t place = tracks->sequence[s].cursor;
        if (place == TRAJ_INDEX_NONE)
            traj_free(tracks->sequence[s].agent);
        else
            tracks->sequence[place] = tracks->sequence[s];
    }
    tracks->sequences = kept;
}

/* The scratch arrays of one build, all owned. */
typedef struct scratch {
    uint32_t *rank;         /* [rows] */
    size_t *first;          /* [sequences] */
    uint32_t *slot, *moved; /* [agents of all sequences] */
} scratch;

/* Neighbouring agents of one row: a run, or one sample of it where it goes along rows. */
typedef struct stretch {
    uint32_t row, agent, count;
    bool extrapolated;
    const float (*position)[2]; /* view: [count] */
} stretch;

/* The stretch of a run that begins with its sample i. */
static stretch stretch_at(const traj_sample_run *run, uint32_t i)
{
    return (stretch){.row = run->row + (run->along_rows ? i : 0),
                     .agent = run->agent,
                     .count = run->along_rows ? 1 : run->count,
                     .extrapolated = run->extrapolated,
                     .position = (const float(*)[2])run->position + i};
}

/* The places of the agents of a stretch, as far as they are known. */
static uint32_t *slots_of(const traj_tracks *tracks, const scratch *s, const stretch *of)
{
    return s->slot + s->first[tracks->row[of->row].sequence] + of->agent;
}

static void mark_seen(const traj_tracks *tracks, const scratch *s, const traj_sample_block *block)
{
    const traj_sample_run *run = NULL;
    while ((run = traj_block_run(block, run)))
        for (uint32_t i = 0; i < run->count;) {
            const stretch seen = stretch_at(run, i);
            memset(slots_of(tracks, s, &seen), 0, seen.count * sizeof *s->slot);
            i += seen.count;
        }
}

static traj_status store(const traj_tracks *tracks, const scratch *s, const stretch *from,
                         traj_recording *recording, traj_error *err)
{
    traj_sequence *const to = &recording->sequence[tracks->row[from->row].sequence];
    const size_t frame = (size_t)s->rank[from->row] * to->agents;
    const uint32_t *const slot = slots_of(tracks, s, from);
    for (uint32_t i = 0; i < from->count; i++) {
        const float *const new = from->position[i];
        float *const pos = to->pos_m + 2 * (frame + slot[i]);
        if (!isnan(pos[0]) && (pos[0] != new[0] || pos[1] != new[1]))
            return refuse_two(tracks, from->row, slot[i], pos, new, err);
        pos[0] = new[0];
        pos[1] = new[1];
        if (to->extrapolated != NULL) to->extrapolated[frame + slot[i]] = from->extrapolated;
    }
    return TRAJ_OK;
}

static traj_status store_run(const traj_tracks *tracks, const scratch *s,
                             const traj_sample_run *run, traj_recording *recording, traj_error *err)
{
    traj_status status = TRAJ_OK;
    for (uint32_t i = 0; i < run->count && status == TRAJ_OK;) {
        const stretch seen = stretch_at(run, i);
        status = store(tracks, s, &seen, recording, err);
        i += seen.count;
    }
    return status;
}

static traj_status store_block(const traj_tracks *tracks, const scratch *s,
                               const traj_sample_block *block, traj_recording *recording,
                               traj_error *err)
{
    traj_status status = TRAJ_OK;
    const traj_sample_run *run = NULL;
    while (status == TRAJ_OK && (run = traj_block_run(block, run)))
        status = store_run(tracks, s, run, recording, err);
    return status;
}

static traj_status fail_memory(traj_error *err)
{
    return traj_fail_memory(err, "sorting the frames of a file");
}

static traj_status build(traj_tracks *tracks, scratch *s, traj_recording *recording,
                         traj_error *err)
{
    if (rank_rows(tracks, s->rank) != 0) return fail_memory(err);
    for (const traj_sample_block *block = tracks->samples.block; block; block = block->next)
        mark_seen(tracks, s, block);
    for (size_t q = 0; q < tracks->sequences; q++) {
        rank_agents(&tracks->sequence[q], s->slot + s->first[q]);
        sort_agents(&tracks->sequence[q], s->slot + s->first[q], s->moved);
    }
    traj_status status = check_players(tracks, err);
    if (status == TRAJ_OK) status = add_sequences(tracks, s->rank, recording, err);
    for (; tracks->samples.block && status == TRAJ_OK; traj_samples_drop_block(&tracks->samples))
        status = store_block(tracks, s, tracks->samples.block, recording, err);
    if (status != TRAJ_OK) return status;
    for (size_t q = 0; q < tracks->sequences; q++)
        for (size_t a = 0; a < recording->sequence[q].agents; a++)
            find_presence(&tracks->sequence[q], &recording->sequence[q], a);
    return TRAJ_OK;
}

traj_status traj_tracks_build(traj_tracks *tracks, traj_recording *recording, traj_error *err)
{
    scratch s = {0};
    traj_status status = TRAJ_OK;
    drop_empty_sequences(tracks);
    traj_text_index_free(&tracks->row_index); /* megabytes, where the most memory is needed */
    s.rank = traj_alloc(tracks->rows, sizeof *s.rank);
    s.first = traj_alloc(tracks->sequences, sizeof *s.first);
    size_t agents = s.first == NULL ? 0 : number_agents(tracks, s.first);
    s.slot = traj_alloc(agents, sizeof *s.slot);
    s.moved = traj_alloc(agents, sizeof *s.moved);
    if (s.rank == NULL || s.first == NULL || s.slot == NULL || s.moved == NULL) {
        status = fail_memory(err);
    } else {
        memset(s.slot, 0xff, agents * sizeof *s.slot); /* TRAJ_INDEX_NONE */
        status = build(tracks, &s, recording, err);
    }
    traj_free(s.rank);
    traj_free(s.first);
    traj_free(s.slot);
    traj_free(s.moved);
    return status;
}
