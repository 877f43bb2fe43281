/* Recordings -> CSV files that traj_recording_read reads back. */
#ifndef TRAJ_DATA_WRITER_H
#define TRAJ_DATA_WRITER_H

#include "traj/data/recording.h"

/* What the user calls the layouts: --layout wide|long. */
typedef enum traj_layout_kind {
    TRAJ_LAYOUT_WIDE, /* a row a frame:
                         frame,period_id,timestamp,ball_x,ball_y,home_1_x,home_1_y,... (databallpy's
                         names) */
    TRAJ_LAYOUT_LONG  /* a row an agent and frame: the columns of rollout.csv, every row observed */
} traj_layout_kind;

/* Writes the recording in the pitch frame, in metres; missing positions are empty fields. Where the
 * quantum is a power of ten, positions are rounded to it; otherwise each has as few digits as bring
 * back the same float. Reading the file gives the same sequences, agents and positions (wide: an id
 * gets home_ or away_ before it where it has none). Players never seen in any frame are left out
 * when it is read. path "-" is stdout; a file appears whole or not at all. Errors: TRAJ_E_IO,
 * TRAJ_E_MEMORY. Threads: any, different files. */
traj_status traj_recording_write(const traj_recording *recording, traj_layout_kind layout,
                                 const char *path, traj_error *err);

#endif
