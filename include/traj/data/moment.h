/* One moment of a recording, cut out and resampled as if the match had just reached it.
 *
 * The past is resampled from frames up to the moment only, on a grid that ends exactly on it; the
 * future, where there is one, on the grid that goes on from it. Both are joined in one sequence. */
#ifndef TRAJ_DATA_MOMENT_H
#define TRAJ_DATA_MOMENT_H

#include "traj/data/recording.h"

typedef struct traj_moment {
    traj_recording recording; /* owned: one sequence at the wanted rate */
    size_t last;              /* its frame that is the moment */
} traj_moment;

/* raw: as read, at its source rate; frame: index into the sequence's frames. past, future: how many
 * resampled frames are wanted before (the moment included) and after; fewer where the recording
 * ends or has a gap. Errors: TRAJ_E_DATA when not even two frames of past are there; TRAJ_E_MEMORY.
 */
traj_status traj_moment_cut(const traj_recording *raw, size_t sequence, size_t frame,
                            double rate_hz, int past, int future, traj_moment *moment,
                            traj_error *err);
void traj_moment_free(traj_moment *moment);

#endif
