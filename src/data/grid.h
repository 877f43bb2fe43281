/* Where everybody is in each frame of a sequence, as its file is read: frames below one another in
 * the file's order, agents side by side in that of their first mention, NaN where nobody was seen.
 * A recording wants the positions so, too: they are written once, and given away. */
#ifndef TRAJ_DATA_GRID_H
#define TRAJ_DATA_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Positions of one sequence: two gigabytes. */
#define TRAJ_GRID_MOST ((size_t)1 << 28)

typedef struct traj_grid {
    float *pos_m;          /* owned [capacity][agents][2], in the file's unit */
    uint8_t *extrapolated; /* owned [capacity][agents]; NULL: nobody is */
    size_t frames, agents; /* agents: there is a place for, taken or not */
    size_t capacity;       /* frames there is room for */
} traj_grid;

void traj_grid_free(traj_grid *grid);

/* Whether there may be so many. */
bool traj_grid_allows(size_t frames, size_t agents);

/* Appends a frame without anybody. expected: how many there will be in the end, as far as that can
 * be told; 0: it cannot. Returns 0, or -1 when memory ends. */
int traj_grid_add_frame(traj_grid *grid, double expected);

/* Makes place for at least so many agents. Returns 0, or -1 when memory ends. */
int traj_grid_widen(traj_grid *grid, size_t agents);

/* Makes room for marks. Returns 0, or -1 when memory ends. */
int traj_grid_add_marks(traj_grid *grid);

/* The first or the last frame, as step is 1 or -1, that shows the agent; frames: none does. */
size_t traj_grid_find(const traj_grid *grid, size_t agent, int step);

/* Orders agents anew: agent a becomes place[a], and those from `kept` on are dropped. Returns 0, or
 * -1 when memory ends. */
int traj_grid_order_agents(traj_grid *grid, const uint32_t *place, size_t kept);

/* Orders frames anew: frame f becomes that which was from[f]. Returns 0, or -1 when memory ends. */
int traj_grid_order_frames(traj_grid *grid, const uint32_t *from);

/* Where an agent is in a frame. */
static inline float *traj_grid_at(const traj_grid *grid, size_t frame, size_t agent)
{
    return grid->pos_m + 2 * (frame * grid->agents + agent);
}

#endif
