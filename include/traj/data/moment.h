/* One moment of a recording, cut out, cleaned and resampled as if the match had just reached it.
 *
 * The past is cleaned and resampled from frames up to the moment only, on a grid that ends exactly
 * on it; the future, where there is one, on the grid that goes on from it. Both are joined in one
 * sequence. The future is what others are measured against: it is freed of jumps, but neither
 * filled nor smoothed. */
#ifndef TRAJ_DATA_MOMENT_H
#define TRAJ_DATA_MOMENT_H

#include "traj/data/clean.h"

/* What is wanted around a moment. */
typedef struct traj_moment_plan {
    double rate_hz;
    int past, future; /* resampled frames before (the moment included) and after; fewer where the
                         recording ends or has a gap */
    traj_clean_options clean;
} traj_moment_plan;

typedef struct traj_moment {
    traj_recording recording; /* owned: one sequence at the wanted rate */
    size_t last;              /* its frame that is the moment */
    traj_clean_counts clean;  /* what cleaning did to the frames looked at */
} traj_moment;

/* raw: as read, at its source rate; frame: index into the sequence's frames. Errors: TRAJ_E_DATA
 * when not even two frames of past are there; those of traj_recording_clean; TRAJ_E_MEMORY. */
traj_status traj_moment_cut(const traj_recording *raw, size_t sequence, size_t frame,
                            const traj_moment_plan *plan, traj_moment *moment, traj_error *err);
void traj_moment_free(traj_moment *moment);

#endif
