/* A match small enough to be checked by hand: a keeper and a player of each team, the ball, and a
 * substitute. */
#ifndef TRAJ_TESTS_DATA_SMALL_MATCH_H
#define TRAJ_TESTS_DATA_SMALL_MATCH_H

#include "traj/data/norm.h"
#include "traj/data/recording.h"

enum { FRAMES = 12, AGENTS = 6, ROOM = 8, OUT = 5, LEAVES = 5 };

extern const traj_kind small_kinds[AGENTS];
extern const traj_norm small_norm;

traj_team small_team_of(traj_kind kind);

/* [2] */
float *small_at(const traj_sequence *sequence, size_t frame, size_t agent);

/* A recording of sequences as long, everybody on a curve of his own, never twice the same step. */
traj_recording small_match(const size_t *frames, size_t sequences);

/* One of FRAMES in which agent OUT is there from frame LEAVES + 1 on, when home's player is gone.
 */
traj_recording small_substitution(void);

bool small_is_here(const traj_recording *recording, int frame, int agent);

#endif
