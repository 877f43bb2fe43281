/* Where everybody is in each frame of a sequence, as its file is read: frames below one another in
 * the file's order, agents side by side, each in a column from his first position on, NaN where
 * nobody was seen. A recording wants the positions so, too: they are written once, and given away.
 */
#ifndef TRAJ_DATA_GRID_H
#define TRAJ_DATA_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Positions of one sequence: two gigabytes. */
#define TRAJ_GRID_MOST ((size_t)1 << 28)

#define TRAJ_NO_SEAT UINT32_MAX

typedef struct traj_grid {
    float *pos_m;           /* owned [capacity][columns][2], in the file's unit */
    uint8_t *extrapolated;  /* owned [capacity][columns]; NULL: nobody is */
    size_t frames, columns; /* columns: there are, taken or not */
    size_t capacity;        /* frames there is room for */
    uint32_t *column;       /* owned [agents]: each one's, TRAJ_NO_SEAT: he has none */
    size_t agents, agent_capacity;
    size_t seated; /* so many columns are taken */
} traj_grid;

void traj_grid_free(traj_grid *grid);

/* Whether there may be so many. */
bool traj_grid_allows(size_t frames, size_t columns);

/* Appends a frame without anybody. expected: how many there will be in the end, as far as that can
 * be told; 0: it cannot. Returns 0, or -1 when memory ends. */
int traj_grid_add_frame(traj_grid *grid, double expected);

/* Gives an agent who has none the next column. Returns 0, or -1 when memory ends. */
int traj_grid_seat(traj_grid *grid, size_t agent);

/* Makes room for marks. Returns 0, or -1 when memory ends. */
int traj_grid_add_marks(traj_grid *grid);

/* Orders agents anew, of whom each has the same number as his column afterwards: place[0..agents)
 * of those who have one are 0, 1, ... seated - 1. Returns 0, or -1 when memory ends. */
int traj_grid_order_agents(traj_grid *grid, const uint32_t *place);

/* Orders frames anew: frame f becomes that which was from[f]. Returns 0, or -1 when memory ends. */
int traj_grid_order_frames(traj_grid *grid, const uint32_t *from);

static inline uint32_t traj_grid_column(const traj_grid *grid, size_t agent)
{
    return agent < grid->agents ? grid->column[agent] : TRAJ_NO_SEAT;
}

/* Where somebody is in a frame. */
static inline float *traj_grid_at(const traj_grid *grid, size_t frame, size_t column)
{
    return grid->pos_m + 2 * (frame * grid->columns + column);
}

#endif
