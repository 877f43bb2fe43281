/* The arrays of a sequence as a list, for who treats them all alike. */
#ifndef TRAJ_DATA_SEQUENCE_ARRAYS_H
#define TRAJ_DATA_SEQUENCE_ARRAYS_H

#include "traj/data/recording.h"

/* agent, frame_id, time_s, pos_m, play, extrapolated */
enum { TRAJ_SEQUENCE_ARRAYS = 6 };

/* Bytes of array a with so many frames and agents as the sequence has. */
size_t traj_sequence_array_size(const traj_sequence *sequence, int a);
/* NULL: the file tells none. */
void *traj_sequence_array_get(const traj_sequence *sequence, int a);
void traj_sequence_array_set(traj_sequence *sequence, int a, void *array);

/* Appends a sequence as it is. Errors: TRAJ_E_MEMORY; the arrays are the caller's then. */
traj_status traj_recording_push(traj_recording *recording, const traj_sequence *sequence,
                                traj_error *err);

/* As traj_recording_add, with positions [frames, agents, 2] and marks [frames, agents] (NULL: none)
 * that are there already. Errors: TRAJ_E_MEMORY; both are the caller's then. */
traj_status traj_recording_add_filled(traj_recording *recording, size_t frames, size_t agents,
                                      float *pos_m, uint8_t *extrapolated, traj_sequence **sequence,
                                      traj_error *err);

#endif
