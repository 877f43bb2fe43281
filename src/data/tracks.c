/* Collecting samples; tracks_build.c makes a recording of them. */
#include "tracks.h"

#include "columns.h"

#include "traj/base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FEW_ROWS = 256, MANY_ROWS = 1000, FEW_SEQUENCES = 8 };

/* No sport has more; a column that numbers the rows, taken for players, would. */
enum { MOST_AGENTS = 256, MANY_POSITIONS = 1 << 22 };

bool traj_is_whole(double number)
{
    return number == floor(number) && fabs(number) < TRAJ_LARGEST_FRAME;
}

void traj_text_copy(char *dst, size_t size, const char *src)
{
    size_t length = strlen(src);
    if (length >= size) length = size - 1;
    memcpy(dst, src, length);
    dst[length] = '\0';
}

void traj_tracks_init(traj_tracks *tracks, const char *file)
{
    memset(tracks, 0, sizeof *tracks);
    tracks->file = file;
    tracks->frames_told = true;
}

void traj_tracks_free(traj_tracks *tracks)
{
    for (size_t s = 0; s < tracks->sequences; s++) {
        traj_free(tracks->sequence[s].agent);
        traj_grid_free(&tracks->sequence[s].grid);
    }
    traj_facts_free(&tracks->facts);
    traj_free(tracks->sequence);
    traj_free(tracks->label);
    traj_free(tracks->row);
    traj_text_index_free(&tracks->sequence_index);
    traj_text_index_free(&tracks->row_index);
    traj_text_index_free(&tracks->agent_index);
    traj_tracks_init(tracks, NULL);
}

traj_status traj_tracks_sequence(traj_tracks *tracks, const char *name, uint32_t *sequence,
                                 bool *added, traj_error *err)
{
    uint64_t hash = traj_hash_text(0, name);
    size_t slot = SIZE_MAX;
    *added = false;
    while ((*sequence = traj_text_index_next(&tracks->sequence_index, hash, &slot)) !=
           TRAJ_INDEX_NONE)
        if (strcmp(tracks->sequence[*sequence].name, name) == 0) return TRAJ_OK;
    *sequence = (uint32_t)tracks->sequences;
    if (traj_grow(&tracks->sequence, &tracks->sequence_capacity, tracks->sequences + 1,
                  sizeof *tracks->sequence) != 0 ||
        traj_text_index_add(&tracks->sequence_index, hash, *sequence) != 0)
        return traj_fail_memory(err, "the list of sequences");
    traj_track_sequence *fresh = &tracks->sequence[tracks->sequences++];
    memset(fresh, 0, sizeof *fresh);
    traj_text_copy(fresh->name, sizeof fresh->name, name);
    fresh->period_id = 1;
    *added = true;
    return TRAJ_OK;
}

static uint64_t hash_row(uint32_t sequence, int64_t frame_id)
{
    return traj_hash_number(traj_hash_number(0, sequence), (uint64_t)frame_id);
}

/* Catches up with the rows that came in order. Returns 0, or -1 when memory ends. */
static int index_rows(traj_tracks *tracks)
{
    for (; tracks->rows_indexed < tracks->rows; tracks->rows_indexed++) {
        const uint32_t next = (uint32_t)tracks->rows_indexed;
        const uint64_t hash = hash_row(tracks->row[next].sequence, tracks->row[next].frame_id);
        if (traj_text_index_add(&tracks->row_index, hash, next) != 0) return -1;
    }
    return 0;
}

/* TRAJ_INDEX_NONE: it is not among those in the index. */
static uint32_t find_row(const traj_tracks *tracks, uint32_t sequence, int64_t frame_id)
{
    size_t slot = SIZE_MAX;
    uint32_t row;
    while ((row = traj_text_index_next(&tracks->row_index, hash_row(sequence, frame_id), &slot)) !=
           TRAJ_INDEX_NONE)
        if (tracks->row[row].sequence == sequence && tracks->row[row].frame_id == frame_id) break;
    return row;
}

static traj_status refuse_size(const traj_tracks *tracks, const traj_track_sequence *sequence,
                               traj_error *err)
{
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: sequence %s has %zu agents over %zu frames and more, which is more than "
                     "is held at once; cut the file into stretches of time",
                     tracks->file, sequence->name, sequence->grid.seated, sequence->grid.frames);
}

static traj_status fail_frames(traj_error *err)
{
    return traj_fail_memory(err, "the list of frames");
}

/* How many rows are still to come, as far as that can be told, and as many to spare, for what is
 * not needed is not touched; 0: not yet. A file of many sequences has short ones. */
static double rows_to_come(const traj_tracks *tracks)
{
    if (tracks->rows < MANY_ROWS || tracks->sequences > FEW_SEQUENCES || !tracks->input) return 0.0;
    return 2.0 * (double)tracks->rows * (1.0 / traj_input_share(tracks->input) - 1.0);
}

static int set_row_room(traj_tracks *tracks, size_t rows)
{
    if (traj_resize(&tracks->row, tracks->rows, rows, sizeof *tracks->row) != 0) return -1;
    tracks->row_capacity = rows;
    return 0;
}

/* Room for another row, and for all those to come once there are many. */
static int make_row_room(traj_tracks *tracks)
{
    const size_t rows = tracks->rows;
    if (rows < tracks->row_capacity) return 0;
    const double expected = (double)rows + rows_to_come(tracks);
    const size_t twice = rows < FEW_ROWS ? FEW_ROWS : 2 * rows;
    if (expected > (double)twice && expected < (double)UINT32_MAX &&
        set_row_room(tracks, (size_t)expected) == 0)
        return 0;
    return set_row_room(tracks, twice);
}

static int add_frame(const traj_tracks *tracks, traj_grid *grid)
{
    const bool full = grid->frames == grid->capacity;
    return traj_grid_add_frame(grid, full ? (double)grid->frames + rows_to_come(tracks) : 0.0);
}

traj_status traj_tracks_row(traj_tracks *tracks, uint32_t sequence, int64_t frame_id, uint32_t *row,
                            bool *added, traj_error *err)
{
    traj_track_sequence *const in = &tracks->sequence[sequence];
    const bool later = in->grid.frames == 0 || frame_id > in->latest;
    *added = false;
    if (!later && index_rows(tracks) != 0) return fail_frames(err);
    if (!later && (*row = find_row(tracks, sequence, frame_id)) != TRAJ_INDEX_NONE) return TRAJ_OK;
    *row = (uint32_t)tracks->rows;
    if (!traj_grid_allows(in->grid.frames + 1, in->grid.columns))
        return refuse_size(tracks, in, err);
    if (*row == TRAJ_INDEX_NONE || make_row_room(tracks) != 0 || add_frame(tracks, &in->grid) != 0)
        return fail_frames(err);
    tracks->row[tracks->rows++] = (traj_track_row){.frame_id = frame_id,
                                                   .time_s = NAN,
                                                   .sequence = sequence,
                                                   .frame = (uint32_t)(in->grid.frames - 1)};
    if (later) in->latest = frame_id;
    tracks->shuffled = tracks->shuffled || !later;
    *added = true;
    return TRAJ_OK;
}

const char *traj_tracks_file(const traj_tracks *tracks, uint32_t row)
{
    const char *const file = tracks->row[row].file;
    return file != NULL ? file : tracks->file;
}

traj_status traj_tracks_period(traj_tracks *tracks, int period, uint32_t *sequence, traj_error *err)
{
    char name[16];
    bool added;
    snprintf(name, sizeof name, "%d", period);
    const traj_status status = traj_tracks_sequence(tracks, name, sequence, &added, err);
    if (status == TRAJ_OK) tracks->sequence[*sequence].period_id = period;
    return status;
}

traj_status traj_tracks_frame(traj_tracks *tracks, const traj_track_frame *frame,
                              uint32_t *sequence, uint32_t *row, traj_error *err)
{
    bool added;
    traj_status status = traj_tracks_period(tracks, frame->period, sequence, err);
    if (status == TRAJ_OK)
        status = traj_tracks_row(tracks, *sequence, frame->frame_id, row, &added, err);
    if (status != TRAJ_OK) return status;
    traj_track_row *const fresh = &tracks->row[*row];
    if (!added)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: frame %" PRId64 " stands in line %" PRIu32
                         "%s%s already; remove one of them",
                         frame->file, frame->line, frame->frame_id, fresh->line,
                         fresh->file == frame->file ? "" : " of ",
                         fresh->file == frame->file ? "" : fresh->file);
    fresh->file = frame->file;
    fresh->line = (uint32_t)frame->line;
    fresh->time_s = frame->time_s;
    return TRAJ_OK;
}

traj_status traj_tracks_label(traj_tracks *tracks, const char *text, int *label, traj_error *err)
{
    *label = -1;
    if (text[0] == '\0') return TRAJ_OK;
    for (size_t l = 0; l < tracks->labels; l++)
        if (strcmp(tracks->label[l], text) == 0) {
            *label = (int)l;
            return TRAJ_OK;
        }
    if (traj_grow(&tracks->label, &tracks->label_capacity, tracks->labels + 1,
                  sizeof *tracks->label) != 0)
        return traj_fail_memory(err, "the list of teams");
    *label = (int)tracks->labels;
    traj_text_copy(tracks->label[tracks->labels++], sizeof *tracks->label, text);
    return TRAJ_OK;
}

static bool agent_is(const traj_tracks *tracks, const traj_track_agent *agent, const char *label,
                     const char *key)
{
    const char *name = agent->label < 0 ? "" : tracks->label[agent->label];
    return strcmp(agent->key, key) == 0 && strcmp(name, label) == 0;
}

static traj_status agent_add(traj_tracks *tracks, uint32_t sequence, uint64_t hash,
                             const char *label, const char *key, traj_error *err)
{
    traj_track_sequence *in = &tracks->sequence[sequence];
    int number;
    traj_status status = traj_tracks_label(tracks, label, &number, err);
    if (status != TRAJ_OK) return status;
    if (traj_grow(&in->agent, &in->capacity, in->agents + 1, sizeof *in->agent) != 0 ||
        traj_text_index_add(&tracks->agent_index, hash, (uint32_t)in->agents) != 0)
        return traj_fail_memory(err, "the list of players");
    traj_track_agent *fresh = &in->agent[in->agents];
    memset(fresh, 0, sizeof *fresh);
    traj_text_copy(fresh->key, sizeof fresh->key, key);
    traj_text_copy(fresh->id, sizeof fresh->id, key);
    fresh->label = number;
    fresh->jersey = -1;
    in->cursor = (uint32_t)in->agents++;
    return TRAJ_OK;
}

traj_status traj_tracks_agent(traj_tracks *tracks, uint32_t sequence, const char *label,
                              const char *key, uint32_t *agent, bool *added, traj_error *err)
{
    traj_track_text short_label, short_key; /* as they will be stored */
    if (strlen(label) >= sizeof short_label || strlen(key) >= sizeof short_key) {
        traj_text_copy(short_label, sizeof short_label, label);
        traj_text_copy(short_key, sizeof short_key, key);
        label = short_label;
        key = short_key;
    }
    traj_track_sequence *in = &tracks->sequence[sequence];
    *added = false;
    uint32_t next = in->cursor + 1 < in->agents ? in->cursor + 1 : 0;
    if (next < in->agents && agent_is(tracks, &in->agent[next], label, key)) {
        *agent = in->cursor = next;
        return TRAJ_OK;
    }
    uint64_t hash = traj_hash_text(traj_hash_text(traj_hash_number(0, sequence), label), key);
    size_t slot = SIZE_MAX;
    while ((*agent = traj_text_index_next(&tracks->agent_index, hash, &slot)) != TRAJ_INDEX_NONE)
        if (*agent < in->agents && agent_is(tracks, &in->agent[*agent], label, key)) {
            in->cursor = *agent;
            return TRAJ_OK;
        }
    traj_status status = agent_add(tracks, sequence, hash, label, key, err);
    *agent = in->cursor;
    *added = status == TRAJ_OK;
    return status;
}

traj_status traj_tracks_player(traj_tracks *tracks, uint32_t sequence,
                               const traj_facts_player *player, uint32_t *agent, traj_error *err)
{
    bool added;
    const traj_status status = traj_tracks_agent(tracks, sequence,
                                                 player->team == TRAJ_TEAM_HOME ? "home" : "away",
                                                 player->id, agent, &added, err);
    if (status != TRAJ_OK || !added) return status;
    traj_track_agent *const fresh = &tracks->sequence[sequence].agent[*agent];
    fresh->jersey = player->jersey;
    fresh->keeper = player->keeper;
    memcpy(fresh->role, player->role, sizeof fresh->role);
    fresh->first_frame = player->first_frame;
    fresh->last_frame = player->last_frame;
    return TRAJ_OK;
}

traj_status traj_tracks_ball(traj_tracks *tracks, uint32_t sequence, uint32_t *agent,
                             traj_error *err)
{
    bool added;
    const traj_status status = traj_tracks_agent(tracks, sequence, "", "ball", agent, &added, err);
    if (status == TRAJ_OK) tracks->sequence[sequence].agent[*agent].ball = true;
    return status;
}

static traj_status fail_positions(traj_error *err)
{
    return traj_fail_memory(err, "the positions of a file");
}

static bool is_missing_number(const traj_tracks *tracks, double x, double y)
{
    const char *unit = tracks->layout.unit;
    return x == TRAJ_MISSING && y == TRAJ_MISSING && (unit == NULL || strcmp(unit, "cm") != 0);
}

/* A position that is none, or cannot be. */
static traj_status sight_nowhere(const traj_tracks *tracks, uint32_t row, double x, double y,
                                 traj_error *err)
{
    if (!isfinite(x) || !isfinite(y)) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: frame %" PRId64 " of sequence %s has a position at (%g, %g), which "
                     "is on no pitch in any unit; leave the fields empty where it is missing",
                     traj_tracks_file(tracks, row), tracks->row[row].frame_id,
                     tracks->sequence[tracks->row[row].sequence].name, x, y);
}

bool traj_tracks_crowd(const traj_tracks *tracks)
{
    return tracks->layout.crowd ||
           (tracks->labels == 1 && strcmp(tracks->label[0], TRAJ_CROWD_TEAM) == 0);
}

/* Number `which` of the agents that have a position, by when they had their first. */
static const char *seated_id(const traj_track_sequence *sequence, uint32_t which)
{
    for (size_t a = 0; a < sequence->agents; a++)
        if (traj_grid_column(&sequence->grid, a) == which) return sequence->agent[a].id;
    return "";
}

traj_status traj_tracks_check_agents(const traj_tracks *tracks, const traj_track_sequence *sequence,
                                     traj_error *err)
{
    const size_t seen = sequence->grid.seated;
    if (seen <= MOST_AGENTS || tracks->layout.loses_players || traj_tracks_crowd(tracks))
        return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: sequence %s has %zu players ('%s', '%s', ...); name the column that "
                     "tells them apart player_id",
                     tracks->file, sequence->name, seen, seated_id(sequence, 0),
                     seated_id(sequence, 1));
}

/* Gives an agent who was not seen before his place. Too many are refused in the end, when more is
 * known of them, but not before memory is. */
static traj_status seat(const traj_tracks *tracks, traj_track_sequence *sequence, uint32_t agent,
                        traj_error *err)
{
    traj_grid *const grid = &sequence->grid;
    if (grid->seated == grid->columns && grid->frames * grid->columns > MANY_POSITIONS) {
        const traj_status status = traj_tracks_check_agents(tracks, sequence, err);
        if (status != TRAJ_OK) return status;
    }
    if (!traj_grid_allows(grid->frames, grid->seated + 1))
        return refuse_size(tracks, sequence, err);
    return traj_grid_seat(grid, agent) == 0 ? TRAJ_OK : fail_positions(err);
}

static traj_status refuse_two(const traj_tracks *tracks, uint32_t row, uint32_t agent,
                              const float pos[2], const float other[2], traj_error *err)
{
    const traj_track_row *const at = &tracks->row[row];
    const traj_track_sequence *const sequence = &tracks->sequence[at->sequence];
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%" PRIu32 ": two different positions for '%s' in frame %" PRId64
                     " of sequence %s: (%g, %g) and (%g, %g); keep one row a frame and player, "
                     "or add the column that tells the matches or plays apart (game_id, play_id)",
                     traj_tracks_file(tracks, row), at->line, sequence->agent[agent].id,
                     at->frame_id, sequence->name, (double)pos[0], (double)pos[1], (double)other[0],
                     (double)other[1]);
}

/* Says how a position was found; those nobody told of were seen. */
static int mark(traj_grid *grid, uint32_t frame, uint32_t column, bool extrapolated)
{
    if (extrapolated && traj_grid_add_marks(grid) != 0) return -1;
    if (grid->extrapolated) grid->extrapolated[frame * grid->columns + column] = extrapolated;
    return 0;
}

traj_status traj_tracks_sight(traj_tracks *tracks, uint32_t row, uint32_t agent,
                              traj_sighting sighting, traj_error *err)
{
    const double x = sighting.x, y = sighting.y;
    const bool somewhere = fabs(x) <= TRAJ_FURTHEST && fabs(y) <= TRAJ_FURTHEST; /* NaN is not */
    if (!somewhere) return sight_nowhere(tracks, row, x, y, err);
    if (x == TRAJ_MISSING && is_missing_number(tracks, x, y)) return TRAJ_OK;
    const uint32_t frame = tracks->row[row].frame;
    traj_track_sequence *const sequence = &tracks->sequence[tracks->row[row].sequence];
    traj_grid *const grid = &sequence->grid;
    if (traj_grid_column(grid, agent) == TRAJ_NO_SEAT) {
        const traj_status status = seat(tracks, sequence, agent, err);
        if (status != TRAJ_OK) return status;
    }
    const uint32_t column = traj_grid_column(grid, agent);
    if (sighting.how != TRAJ_DETECTION_UNTOLD) tracks->detection_told = true;
    float *const pos = traj_grid_at(grid, frame, column);
    const float new[2] = {(float)x, (float)y};
    if (!isnan(pos[0]) && (pos[0] != new[0] || pos[1] != new[1]))
        return refuse_two(tracks, row, agent, pos, new, err);
    memcpy(pos, new, sizeof new);
    return mark(grid, frame, column, sighting.how == TRAJ_EXTRAPOLATED) == 0 ? TRAJ_OK
                                                                             : fail_positions(err);
}

traj_ball_state traj_ball_state_of(const char *word)
{
    char plain[16];
    traj_text_plain(plain, sizeof plain, word);
    if (traj_text_among(plain, "alive live in true 1")) return TRAJ_BALL_ALIVE;
    if (traj_text_among(plain, "dead out false 0")) return TRAJ_BALL_DEAD;
    return TRAJ_BALL_STATE_UNKNOWN;
}

/* 1 + the owner's index, 0 where there is no room for another: such a column names no teams. */
static uint8_t find_owner(traj_tracks *tracks, const char *owner)
{
    traj_track_text name;
    traj_text_copy(name, sizeof name, owner);
    for (size_t o = 0; o < tracks->owners; o++)
        if (strcmp(tracks->owner[o], name) == 0) return (uint8_t)(o + 1);
    if (tracks->owners == TRAJ_MOST_OWNERS) return 0;
    memcpy(tracks->owner[tracks->owners++], name, sizeof name);
    return (uint8_t)tracks->owners;
}

void traj_tracks_play(traj_tracks *tracks, uint32_t row, traj_ball_state ball, const char *owner)
{
    traj_track_row *const at = &tracks->row[row];
    if (ball != TRAJ_BALL_STATE_UNKNOWN) at->ball = (uint8_t)ball;
    if (owner[0] != '\0') at->owner = find_owner(tracks, owner);
}
