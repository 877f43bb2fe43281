/* The table of baselines: see traj/eval/baseline.h. */
#include "baseline_table.h"
#include "traj/base/assert.h"

/* To add a baseline: one file, one row here. */
static const traj_baseline *const rows[] = {
    &traj_baseline_constant_position, &traj_baseline_constant_velocity,
    &traj_baseline_constant_velocity_noise, &traj_baseline_kalman,
    &traj_baseline_nearest_neighbour};
enum { ROWS = sizeof rows / sizeof *rows };

int traj_baseline_count(void)
{
    return ROWS;
}

const traj_baseline *traj_baseline_at(int index)
{
    TRAJ_ASSERT(index >= 0 && index < ROWS);
    return rows[index];
}
