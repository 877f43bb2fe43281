/* NumPy arrays of positions: [sequences, frames, agents, 2] or [frames, agents, 2].
 *
 * GroupNet, LED, MoFlow and others ship basketball so: 11 agents, ten players and the ball behind
 * them, 5 frames a second, feet from a corner of the court, or feet divided by 94/28, which they
 * call metres. An array says nothing about itself but its shape, so the number of agents decides
 * which sport it is. Agents are named by their place along the third axis, from 0 as NumPy counts,
 * and so are sequences and frames. */
#include "formats.h"

#include "traj/io/npy.h"

#include <stdio.h>

/* A National Basketball Association court: 94 x 50 feet. */
#define COURT_LENGTH_M (94 * 0.3048)
#define COURT_WIDTH_M  (50 * 0.3048)

enum { BASKETBALL = 11, FOOTBALL = 22 };

typedef struct extents {
    size_t sequences, frames, agents;
} extents;

bool traj_array_sniff(const char *bytes, size_t size)
{
    return traj_npy_begins(bytes, size);
}

static traj_layout find_layout(size_t agents)
{
    if (agents == BASKETBALL)
        return (traj_layout){.name = "NBA array",
                             .length = COURT_LENGTH_M,
                             .width = COURT_WIDTH_M,
                             .rate = {5, 1},
                             .no_keepers = true,
                             .no_direction = true,
                             .halves = true,
                             .ball_why = "agent 10, the last of 11: ten players, then the ball, as "
                                         "LED and GroupNet have it (UniTraj has it first: 0)"};
    if (agents == FOOTBALL + 1)
        return (traj_layout){.name = "football array",
                             .halves = true,
                             .ball_why = "agent 22, the last of 23: two elevens, then the ball, as "
                                         "in LED's arrays"};
    if (agents == FOOTBALL)
        return (traj_layout){.name = "football array",
                             .halves = true,
                             .ball_why = "none: 22 agents are two elevens"};
    return (traj_layout){.name = "array of agents",
                         .crowd = true,
                         .ball_why = "none: neither 11, 22 nor 23 agents, so no sport is known"};
}

static traj_status find_extents(const char *file, const traj_npy *array, extents *is,
                                traj_error *err)
{
    char shape[128];
    const int dims = array->dims;
    traj_npy_shape_text(array, shape, sizeof shape);
    if ((dims != 3 && dims != 4) || array->shape[dims - 1] != 2)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: the array has the shape %s, expected (sequences, frames, agents, 2) "
                         "or (frames, agents, 2): x and y last; select and transpose in NumPy",
                         file, shape);
    *is =
        (extents){dims == 4 ? array->shape[0] : 1, array->shape[dims - 3], array->shape[dims - 2]};
    if (array->count > 0 && array->count / 2 < UINT32_MAX) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA, "%s: the array of shape %s holds %s", file, shape,
                     array->count == 0 ? "no position" : "too many positions; cut it into several");
}

/* Agents are found for each sequence before its frames, so that they stand in their order there
 * whoever is seen first. */
static traj_status find_agents(traj_tracks *tracks, uint32_t sequence, size_t agents,
                               traj_error *err)
{
    const bool ball_last = agents == BASKETBALL || agents == FOOTBALL + 1;
    traj_status status = TRAJ_OK;
    for (size_t a = 0; a < agents && status == TRAJ_OK; a++) {
        traj_track_text id;
        uint32_t agent;
        bool added;
        snprintf(id, sizeof id, "%zu", a);
        status = traj_tracks_agent(tracks, sequence, "", id, &agent, &added, err);
        if (status == TRAJ_OK)
            tracks->sequence[sequence].agent[agent].ball = ball_last && a + 1 == agents;
    }
    return status;
}

/* at: the sequence's first number. */
static traj_status pour(const traj_npy *array, const extents *is, size_t at, size_t number,
                        traj_tracks *tracks, traj_error *err)
{
    char name[32];
    uint32_t sequence, row;
    bool added;
    snprintf(name, sizeof name, "%zu", number);
    traj_status status = traj_tracks_sequence(tracks, name, &sequence, &added, err);
    if (status == TRAJ_OK) status = find_agents(tracks, sequence, is->agents, err);
    for (size_t f = 0; f < is->frames && status == TRAJ_OK; f++) {
        status = traj_tracks_row(tracks, sequence, (int64_t)f, &row, &added, err);
        for (size_t a = 0; a < is->agents && status == TRAJ_OK; a++, at += 2)
            status = traj_tracks_sample(tracks, row, (uint32_t)a, traj_npy_at(array, at),
                                        traj_npy_at(array, at + 1), err);
    }
    return status;
}

traj_status traj_array_read(const traj_sources *from, traj_tracks *tracks, traj_error *err)
{
    traj_npy array;
    extents is = {0, 0, 0};
    traj_bytes file;
    traj_status status = traj_source_bytes(from->data[0], &file, err);
    if (status == TRAJ_OK) status = traj_npy_parse(file.file, file.bytes, file.size, &array, err);
    if (status == TRAJ_OK) status = find_extents(file.file, &array, &is, err);
    if (status != TRAJ_OK) return status;
    tracks->layout = find_layout(is.agents);
    for (size_t s = 0; s < is.sequences && status == TRAJ_OK; s++)
        status = pour(&array, &is, s * is.frames * is.agents * 2, s, tracks, err);
    return status;
}
