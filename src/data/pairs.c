/* One row a frame, two columns an agent. */
#include "formats.h"
#include "keys.h"

#include "traj/base/memory.h"

#include <inttypes.h>
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

/* All pairs of a row; those who are known and have plain numbers without further ado. */
static traj_status pour(traj_pairs *pairs, const traj_csv_row *from, uint32_t row, traj_error *err)
{
    const traj_tracks *const tracks = pairs->tracks;
    const uint32_t sequence = tracks->row[row].sequence, frame = tracks->row[row].frame;
    const traj_grid *const grid = &tracks->sequence[sequence].grid;
    traj_status status = TRAJ_OK;
    for (size_t p = 0; p < pairs->count && status == TRAJ_OK; p++) {
        traj_pair *const pair = &pairs->pair[p];
        const double x = from->number[pair->x], y = from->number[pair->y];
        if (pair->sequence != sequence || pair->z != TRAJ_NO_COLUMN ||
            !traj_tracks_put(grid, frame, pair->agent, x, y))
            status = pour_pair(pairs, pair, from, row, err);
    }
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
    return pour(pairs, row, number, err);
}
