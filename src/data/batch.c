/* Carving of batches: see traj/data/batch.h. */
#include "traj/data/batch.h"

void traj_batch_take(traj_batch *batch, int scenes, int agents, int steps, traj_arena *arena)
{
    const size_t rows = (size_t)scenes * (size_t)agents, all = rows * (size_t)steps;
    *batch = (traj_batch){.scenes = scenes, .agents = agents, .steps = steps};
    batch->x = traj_arena_reals(arena, all * 2);
    batch->known = traj_arena_reals(arena, all * TRAJ_KNOWN);
    batch->edge = traj_arena_reals(arena, all * (size_t)agents * TRAJ_EDGE_FEATURES);
    batch->present = traj_arena_reals(arena, all);
    batch->target = traj_arena_reals(arena, all);
    batch->log_scale = traj_arena_reals(arena, rows);
    batch->scene = traj_arena_take(arena, (size_t)scenes, sizeof *batch->scene);
}

double traj_batch_count(const traj_batch *batch)
{
    const size_t all = (size_t)batch->scenes * (size_t)batch->agents * (size_t)batch->steps;
    double count = 0;
    for (size_t r = 0; r < all; r++) count += (double)batch->target[r];
    return count;
}
