/* Rows are moved in place where they can be: a match's positions are the most that is in memory. */
#include "grid.h"

#include "traj/base/memory.h"

#include <math.h>
#include <string.h>

enum { FIRST_FRAMES = 8, FEW_FRAMES = 64, MANY_FRAMES = 1000, FEW_AGENTS = 32 };

/* A place in the grid: of a position, and of a mark. */
enum { POSITION = 2 * sizeof(float), MARK = 1 };

void traj_grid_free(traj_grid *grid)
{
    traj_free(grid->pos_m);
    traj_free(grid->extrapolated);
    traj_free(grid->column);
    *grid = (traj_grid){0};
}

bool traj_grid_allows(size_t frames, size_t columns)
{
    return columns == 0 || frames <= TRAJ_GRID_MOST / columns;
}

static void leave_empty(float *pos_m, size_t columns)
{
    for (size_t i = 0; i < 2 * columns; i++) pos_m[i] = NAN;
}

/* Room for so many frames of so many columns; what is there stays where it is. */
static int make_room(traj_grid *grid, size_t frames, size_t columns)
{
    const size_t held = grid->frames * grid->columns;
    if (columns == 0) return 0;
    if (frames > SIZE_MAX / POSITION / columns) return -1;
    if (traj_resize(&grid->pos_m, held, frames * columns, POSITION) != 0) return -1;
    return grid->extrapolated ? traj_resize(&grid->extrapolated, held, frames * columns, MARK) : 0;
}

static int make_frame_room(traj_grid *grid, size_t frames)
{
    if (make_room(grid, frames, grid->columns) != 0) return -1;
    grid->capacity = frames;
    return 0;
}

/* As much as is expected to be needed, as a grid is moved each time; twice what there is at least.
 */
static int make_more_room(traj_grid *grid, double expected)
{
    const size_t twice = grid->capacity == 0 ? FIRST_FRAMES : 2 * grid->capacity;
    if (grid->columns > 0 && expected > (double)twice &&
        expected * (double)grid->columns < TRAJ_GRID_MOST &&
        make_frame_room(grid, (size_t)expected) == 0)
        return 0;
    return make_frame_room(grid, twice);
}

int traj_grid_add_frame(traj_grid *grid, double expected)
{
    if (grid->frames == grid->capacity && make_more_room(grid, expected) != 0) return -1;
    if (grid->columns > 0) leave_empty(traj_grid_at(grid, grid->frames, 0), grid->columns);
    if (grid->extrapolated)
        memset(grid->extrapolated + grid->frames * grid->columns, 0, grid->columns);
    grid->frames++;
    return 0;
}

/* From the last frame on: each moves away from the ones before it. */
static void spread(traj_grid *grid, size_t columns)
{
    const size_t more = columns - grid->columns;
    for (size_t f = grid->frames; f-- > 0;) {
        float *const to = grid->pos_m + 2 * f * columns;
        if (grid->columns > 0) memmove(to, traj_grid_at(grid, f, 0), grid->columns * POSITION);
        leave_empty(to + 2 * grid->columns, more);
        if (grid->extrapolated == NULL) continue;
        uint8_t *const marks = grid->extrapolated + f * columns;
        memmove(marks, grid->extrapolated + f * grid->columns, grid->columns);
        memset(marks + grid->columns, 0, more);
    }
}

/* Room for frames to come may have been made when there were few, and be too much now. */
static int make_column_room(traj_grid *grid, size_t columns)
{
    size_t capacity = traj_grid_allows(grid->capacity, columns) ? grid->capacity : grid->frames;
    int result = make_room(grid, capacity, columns);
    if (result != 0 && capacity > MANY_FRAMES) {
        capacity = grid->frames;
        result = make_room(grid, capacity, columns);
    }
    if (result == 0) grid->capacity = capacity;
    return result;
}

/* In the first frames everybody is met; who comes later, or in a crowd, may not be the last. */
static int add_column(traj_grid *grid)
{
    size_t columns = grid->columns + 1;
    if (grid->frames > FEW_FRAMES || columns > FEW_AGENTS) {
        const size_t roomy = columns + columns / 4;
        if (traj_grid_allows(grid->frames, roomy)) columns = roomy;
    }
    if (make_column_room(grid, columns) != 0) return -1;
    spread(grid, columns);
    grid->columns = columns;
    return 0;
}

int traj_grid_seat(traj_grid *grid, size_t agent)
{
    if (traj_grow(&grid->column, &grid->agent_capacity, agent + 1, sizeof *grid->column) != 0)
        return -1;
    if (grid->seated == grid->columns && add_column(grid) != 0) return -1;
    while (grid->agents <= agent) grid->column[grid->agents++] = TRAJ_NO_SEAT;
    grid->column[agent] = (uint32_t)grid->seated++;
    return 0;
}

int traj_grid_add_marks(traj_grid *grid)
{
    if (grid->extrapolated == NULL)
        grid->extrapolated = traj_alloc(grid->capacity * grid->columns, MARK);
    return grid->extrapolated ? 0 : -1;
}

/* column[c] becomes that which it is to be, the spare ones behind the others. Returns whether they
 * all are in order. */
static bool new_columns(const traj_grid *grid, const uint32_t *place, uint32_t *column)
{
    bool ordered = grid->seated == grid->columns;
    for (size_t c = 0; c < grid->columns; c++) column[c] = TRAJ_NO_SEAT;
    for (size_t a = 0; a < grid->agents; a++) {
        const uint32_t c = grid->column[a];
        if (c == TRAJ_NO_SEAT) continue;
        column[c] = place[a];
        ordered = ordered && place[a] == c;
    }
    return ordered;
}

/* row: scratch, of columns positions and as many marks. Frames shrink: none reaches into the next.
 */
static void move_columns(traj_grid *grid, const uint32_t *column, char *row)
{
    const size_t columns = grid->columns, kept = grid->seated;
    float(*const pos_m)[2] = (void *)row;
    uint8_t *const marks = (uint8_t *)row + columns * POSITION;
    for (size_t f = 0; f < grid->frames; f++) {
        memcpy(pos_m, traj_grid_at(grid, f, 0), columns * POSITION);
        float *const to = grid->pos_m + 2 * f * kept;
        for (size_t c = 0; c < columns; c++)
            if (column[c] < kept) memcpy(to + 2 * (size_t)column[c], pos_m[c], POSITION);
        if (grid->extrapolated == NULL) continue;
        memcpy(marks, grid->extrapolated + f * columns, columns);
        for (size_t c = 0; c < columns; c++)
            if (column[c] < kept) grid->extrapolated[f * kept + column[c]] = marks[c];
    }
    grid->columns = kept;
}

int traj_grid_order_agents(traj_grid *grid, const uint32_t *place)
{
    uint32_t *const column = traj_alloc(grid->columns, sizeof *column);
    char *const row = traj_alloc(grid->columns, POSITION + MARK);
    const bool failed = column == NULL || row == NULL;
    if (!failed && !new_columns(grid, place, column)) move_columns(grid, column, row);
    for (size_t c = 0; c < grid->seated && !failed; c++) grid->column[c] = (uint32_t)c;
    if (!failed) grid->agents = grid->seated;
    traj_free(column);
    traj_free(row);
    return failed ? -1 : 0;
}

int traj_grid_order_frames(traj_grid *grid, const uint32_t *from)
{
    const size_t columns = grid->columns;
    traj_grid fresh = {.columns = columns, .capacity = grid->frames};
    if (make_room(&fresh, grid->frames, columns) != 0 ||
        (grid->extrapolated && traj_grid_add_marks(&fresh) != 0)) {
        traj_grid_free(&fresh);
        return -1;
    }
    for (size_t f = 0; f < grid->frames && columns > 0; f++) {
        memcpy(traj_grid_at(&fresh, f, 0), traj_grid_at(grid, from[f], 0), columns * POSITION);
        if (grid->extrapolated)
            memcpy(fresh.extrapolated + f * columns, grid->extrapolated + from[f] * columns,
                   columns);
    }
    traj_free(grid->pos_m);
    traj_free(grid->extrapolated);
    grid->pos_m = fresh.pos_m;
    grid->extrapolated = fresh.extrapolated;
    grid->capacity = fresh.capacity;
    return 0;
}
