/* One row a frame, two columns an agent. */
#include "formats.h"
#include "keys.h"

#include "traj/base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Second Spectrum writes this height where it lost the ball. */
#define LOST_BALL_Z (-10.0)

traj_status traj_pairs_add(traj_pairs *pairs, const traj_pair *pair, traj_error *err)
{
    if (traj_grow(&pairs->pair, &pairs->capacity, pairs->count + 1, sizeof *pairs->pair) != 0)
        return traj_fail_memory(err, "the columns of players");
    traj_pair *fresh = &pairs->pair[pairs->count++];
    *fresh = *pair;
    fresh->sequence = TRAJ_INDEX_NONE;
    return TRAJ_OK;
}

void traj_pairs_free(traj_pairs *pairs)
{
    traj_free(pairs->pair);
    traj_free(pairs->place);
    traj_columns_free(&pairs->columns);
    memset(pairs, 0, sizeof *pairs);
}

static traj_status find_agent(traj_pairs *pairs, traj_pair *pair, uint32_t sequence,
                              traj_error *err)
{
    bool added;
    traj_status status = traj_tracks_agent(pairs->tracks, sequence, pair->label, pair->id,
                                           &pair->agent, &added, err);
    if (status != TRAJ_OK) return status;
    pair->sequence = sequence;
    if (added) {
        traj_track_agent *agent = &pairs->tracks->sequence[sequence].agent[pair->agent];
        agent->jersey = pair->jersey;
        agent->ball = pair->ball;
    }
    return TRAJ_OK;
}

static traj_status pour_pair(traj_pairs *pairs, traj_pair *pair, const traj_csv_row *from,
                             uint32_t row, traj_error *err)
{
    if (from->length[pair->x] == 0) return TRAJ_OK;
    double x, y, z = 0.0;
    traj_status status = traj_columns_number(&pairs->columns, from, pair->x, &x, err);
    if (status == TRAJ_OK) status = traj_columns_number(&pairs->columns, from, pair->y, &y, err);
    if (status != TRAJ_OK || x != x || y != y) return status;
    if (pair->z != TRAJ_NO_COLUMN && traj_csv_row_number(from, pair->z, &z) == 0 &&
        z == LOST_BALL_Z)
        return TRAJ_OK;
    uint32_t sequence = pairs->tracks->row[row].sequence;
    if (pair->sequence != sequence) {
        status = find_agent(pairs, pair, sequence, err);
        if (status != TRAJ_OK) return status;
    }
    return traj_tracks_sample(pairs->tracks, row, pair->agent, x, y, err);
}

static bool has_twins(const traj_pairs *pairs)
{
    for (size_t p = 1; p < pairs->count; p++)
        for (size_t q = 0; q < p; q++)
            if (strcmp(pairs->pair[p].id, pairs->pair[q].id) == 0 &&
                strcmp(pairs->pair[p].label, pairs->pair[q].label) == 0)
                return true;
    return false;
}

/* Notes where a row of the sequence has everybody. */
static traj_status note_places(traj_pairs *pairs, uint32_t sequence, traj_error *err)
{
    if (!pairs->place) {
        pairs->place = traj_alloc(pairs->count, sizeof *pairs->place);
        if (!pairs->place) return traj_fail_memory(err, "the columns of players");
        pairs->twins = has_twins(pairs);
    }
    const traj_grid *const grid = &pairs->tracks->sequence[sequence].grid;
    for (size_t p = 0; p < pairs->count; p++) {
        const traj_pair *const pair = &pairs->pair[p];
        pairs->place[p] = (traj_pair_place){
            .x = (uint32_t)pair->x,
            .y = (uint32_t)pair->y,
            .z = pair->z == TRAJ_NO_COLUMN ? TRAJ_INDEX_NONE : (uint32_t)pair->z,
            .column = pair->sequence == sequence ? traj_grid_column(grid, pair->agent)
                                                 : TRAJ_NO_SEAT};
    }
    pairs->placed = sequence;
    pairs->seated = grid->seated;
    return TRAJ_OK;
}

/* Height of the ball; NaN where it is missing, or no plain number. */
static double height(const traj_csv_row *from, const traj_pair_place *at)
{
    return at->z == TRAJ_INDEX_NONE ? 0.0 : from->number[at->z];
}

/* All pairs of the first row of a frame, who are at pos then: plain numbers, or nothing. False: the
 * row holds something else, or somebody new, and nothing was done. Nearly all rows go this way, so
 * that little is asked of each number. */
static bool put_row(const traj_pairs *pairs, const traj_csv_row *from, const traj_grid *grid,
                    float *pos)
{
    bool plain = true;
    for (size_t p = 0; p < pairs->count && plain; p++) {
        const traj_pair_place *const at = &pairs->place[p];
        const double x = from->number[at->x], y = from->number[at->y], z = height(from, at);
        const bool empty = from->length[at->x] == 0;
        const bool here = fabs(x) <= TRAJ_FURTHEST && fabs(y) <= TRAJ_FURTHEST && x != TRAJ_MISSING;
        plain = empty ||
                (here && at->column != TRAJ_NO_SEAT && (!isnan(z) || from->length[at->z] == 0));
        if (!plain || empty || z == LOST_BALL_Z) continue;
        pos[2 * at->column] = (float)x;
        pos[2 * at->column + 1] = (float)y;
    }
    for (size_t i = 0; i < 2 * grid->columns && !plain; i++) pos[i] = NAN;
    return plain;
}

/* All pairs of a row. */
static traj_status pour(traj_pairs *pairs, const traj_csv_row *from, uint32_t row, bool first,
                        traj_error *err)
{
    const traj_tracks *const tracks = pairs->tracks;
    const uint32_t sequence = tracks->row[row].sequence;
    const traj_grid *const grid = &tracks->sequence[sequence].grid;
    if (first && pairs->place && !pairs->twins && pairs->placed == sequence && grid->columns > 0 &&
        put_row(pairs, from, grid, traj_grid_at(grid, tracks->row[row].frame, 0)))
        return TRAJ_OK;
    traj_status status = TRAJ_OK;
    for (size_t p = 0; p < pairs->count && status == TRAJ_OK; p++)
        status = pour_pair(pairs, &pairs->pair[p], from, row, err);
    if (status == TRAJ_OK &&
        (!pairs->place || pairs->placed != sequence || pairs->seated != grid->seated))
        status = note_places(pairs, sequence, err);
    return status;
}

traj_status traj_pairs_row(traj_pairs *pairs, const traj_csv_row *row, traj_error *err)
{
    uint32_t number;
    bool added;
    traj_status status = traj_columns_check(&pairs->columns, row, err);
    if (status == TRAJ_OK)
        status =
            traj_keys_row(pairs->keys, &pairs->columns, row, pairs->tracks, &number, &added, err);
    if (status != TRAJ_OK || number == TRAJ_INDEX_NONE) return status;
    const traj_track_row *frame = &pairs->tracks->row[number];
    if (!added && !pairs->joins)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: frame %" PRId64 " of sequence %s stands in line %" PRIu32
                         " already; keep one row a frame, or add a period_id column if frames "
                         "restart at half-time",
                         row->file, row->line, frame->frame_id,
                         pairs->tracks->sequence[frame->sequence].name, frame->line);
    return pour(pairs, row, number, added, err);
}
