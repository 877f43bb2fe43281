/* What a recording looks like: where everybody is, how many there are, how fast they move, and what
 * the file told beside positions. By it a reader doubts or refuses a file, and `traj info`
 * describes one. */
#ifndef TRAJ_DATA_QUALITY_H
#define TRAJ_DATA_QUALITY_H

#include "traj/data/recording.h"

/* Whoever is further beyond the lines than this is not on the pitch. */
#define TRAJ_RUN_OFF_M 5.0

/* Speeds are those over this time, or over a frame where frames are further apart: from one frame
 * to the next the noise of a tracking system is as fast as a player. */
#define TRAJ_SPEED_OVER_S 0.2

/* Nobody runs, and no ball is kicked, as fast: steps beyond are jumps. */
#define TRAJ_FAST_MPS      12.0
#define TRAJ_FAST_BALL_MPS 40.0

/* Counts over all frames with ids up to `last`. The speed of a step from frame f to f + k, where k
 * frames take TRAJ_SPEED_OVER_S, is |p_{f+k} - p_f| / (t_{f+k} - t_f); steps over a gap in the
 * frames do not count. Cost: one pass over the positions, no memory. Threads: any. */
void traj_quality_measure(const traj_recording *recording, int64_t last, traj_quality *quality);

#endif
