/* Rows are moved in place where they can be: a match's positions are the most that is in memory. */
#include "grid.h"

#include "traj/base/memory.h"

#include <math.h>
#include <string.h>

enum { FEW_FRAMES = 64, MANY_FRAMES = 1000 };

/* A place in the grid: of a position, and of a mark. */
enum { POSITION = 2 * sizeof(float), MARK = 1 };

void traj_grid_free(traj_grid *grid)
{
    traj_free(grid->pos_m);
    traj_free(grid->extrapolated);
    *grid = (traj_grid){0};
}

bool traj_grid_allows(size_t frames, size_t agents)
{
    return agents == 0 || frames <= TRAJ_GRID_MOST / agents;
}

static void leave_empty(float *pos_m, size_t agents)
{
    for (size_t i = 0; i < 2 * agents; i++) pos_m[i] = NAN;
}

/* Room for so many frames of so many agents; what is there stays where it is. */
static int make_room(traj_grid *grid, size_t frames, size_t agents)
{
    const size_t held = grid->frames * grid->agents;
    if (agents == 0) return 0;
    if (frames > SIZE_MAX / POSITION / agents) return -1;
    if (traj_resize(&grid->pos_m, held, frames * agents, POSITION) != 0) return -1;
    return grid->extrapolated ? traj_resize(&grid->extrapolated, held, frames * agents, MARK) : 0;
}

static int make_frame_room(traj_grid *grid, size_t frames)
{
    if (make_room(grid, frames, grid->agents) != 0) return -1;
    grid->capacity = frames;
    return 0;
}

/* As much as is expected to be needed, as a grid is moved each time; twice what there is at least.
 */
static int make_more_room(traj_grid *grid, double expected)
{
    const size_t twice = grid->capacity == 0 ? FEW_FRAMES : 2 * grid->capacity;
    if (grid->agents > 0 && expected > (double)twice &&
        expected * (double)grid->agents < TRAJ_GRID_MOST &&
        make_frame_room(grid, (size_t)expected) == 0)
        return 0;
    return make_frame_room(grid, twice);
}

int traj_grid_add_frame(traj_grid *grid, double expected)
{
    if (grid->frames == grid->capacity && make_more_room(grid, expected) != 0) return -1;
    if (grid->agents > 0) leave_empty(traj_grid_at(grid, grid->frames, 0), grid->agents);
    if (grid->extrapolated)
        memset(grid->extrapolated + grid->frames * grid->agents, 0, grid->agents);
    grid->frames++;
    return 0;
}

/* From the last frame on: each moves away from the ones before it. */
static void spread(traj_grid *grid, size_t agents)
{
    const size_t more = agents - grid->agents;
    for (size_t f = grid->frames; f-- > 0;) {
        float *const to = grid->pos_m + 2 * f * agents;
        if (grid->agents > 0) memmove(to, traj_grid_at(grid, f, 0), grid->agents * POSITION);
        leave_empty(to + 2 * grid->agents, more);
        if (grid->extrapolated == NULL) continue;
        uint8_t *const marks = grid->extrapolated + f * agents;
        memmove(marks, grid->extrapolated + f * grid->agents, grid->agents);
        memset(marks + grid->agents, 0, more);
    }
}

/* Room for frames to come may have been made when there were few agents, and be too much now. */
static int make_agent_room(traj_grid *grid, size_t agents)
{
    if (traj_grid_allows(grid->capacity, agents) && make_room(grid, grid->capacity, agents) == 0)
        return 0;
    if (grid->capacity <= MANY_FRAMES || make_room(grid, grid->frames, agents) != 0) return -1;
    grid->capacity = grid->frames;
    return 0;
}

/* In the first frames everybody is met; who comes later may not be the last. */
int traj_grid_widen(traj_grid *grid, size_t agents)
{
    if (agents <= grid->agents) return 0;
    if (grid->frames > FEW_FRAMES) {
        const size_t roomy = agents + agents / 4;
        if (traj_grid_allows(grid->frames, roomy)) agents = roomy;
    }
    if (make_agent_room(grid, agents) != 0) return -1;
    spread(grid, agents);
    grid->agents = agents;
    return 0;
}

int traj_grid_add_marks(traj_grid *grid)
{
    if (grid->extrapolated == NULL)
        grid->extrapolated = traj_alloc(grid->capacity * grid->agents, MARK);
    return grid->extrapolated ? 0 : -1;
}

size_t traj_grid_find(const traj_grid *grid, size_t agent, int step)
{
    if (agent >= grid->agents) return grid->frames;
    for (size_t i = 0; i < grid->frames; i++) {
        const size_t frame = step > 0 ? i : grid->frames - 1 - i;
        if (!isnan(traj_grid_at(grid, frame, agent)[0])) return frame;
    }
    return grid->frames;
}

static bool is_ordered(const traj_grid *grid, const uint32_t *place, size_t kept)
{
    bool ordered = kept == grid->agents;
    for (size_t a = 0; a < kept && ordered; a++) ordered = place[a] == a;
    return ordered;
}

int traj_grid_order_agents(traj_grid *grid, const uint32_t *place, size_t kept)
{
    if (is_ordered(grid, place, kept)) return 0;
    const size_t agents = grid->agents;
    char *const row = traj_alloc(agents, POSITION + MARK);
    if (row == NULL) return -1;
    float(*const pos_m)[2] = (void *)row;
    uint8_t *const marks = (uint8_t *)row + agents * POSITION;
    for (size_t f = 0; f < grid->frames; f++) { /* frames shrink: none reaches into the next */
        memcpy(pos_m, traj_grid_at(grid, f, 0), agents * POSITION);
        float *const to = grid->pos_m + 2 * f * kept;
        for (size_t a = 0; a < agents; a++)
            if (place[a] < kept) memcpy(to + 2 * (size_t)place[a], pos_m[a], POSITION);
        if (grid->extrapolated == NULL) continue;
        memcpy(marks, grid->extrapolated + f * agents, agents);
        for (size_t a = 0; a < agents; a++)
            if (place[a] < kept) grid->extrapolated[f * kept + place[a]] = marks[a];
    }
    grid->agents = kept;
    traj_free(row);
    return 0;
}

int traj_grid_order_frames(traj_grid *grid, const uint32_t *from)
{
    traj_grid fresh = {.agents = grid->agents, .capacity = grid->frames};
    if (make_room(&fresh, grid->frames, grid->agents) != 0 ||
        (grid->extrapolated && traj_grid_add_marks(&fresh) != 0)) {
        traj_grid_free(&fresh);
        return -1;
    }
    for (; fresh.frames < grid->frames; fresh.frames++) {
        const size_t f = fresh.frames, agents = grid->agents;
        if (agents == 0) continue;
        memcpy(traj_grid_at(&fresh, f, 0), traj_grid_at(grid, from[f], 0), agents * POSITION);
        if (grid->extrapolated)
            memcpy(fresh.extrapolated + f * agents, grid->extrapolated + from[f] * agents, agents);
    }
    traj_grid_free(grid);
    *grid = fresh;
    return 0;
}
