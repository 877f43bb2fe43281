/* Normalisation: estimated on the training windows only, stored with the model, part of every
 * likelihood in metres. */
#ifndef TRAJ_DATA_NORM_H
#define TRAJ_DATA_NORM_H

#include "traj/data/recording.h"

typedef struct traj_norm {
    double rate_hz;
    double
        scale_m[TRAJ_KINDS]; /* root mean square displacement of the kind per frame and dimension */
    double jump_m[TRAJ_KINDS]; /* a longer displacement is a jump, no step; 0 = nothing is */
    double reach_m[2][2]; /* of players and of the ball: how far from the centre spot along x and
                             y they are found, at least half the pitch; 0 = anywhere */
    double half_m[2];     /* half the pitch: positions are divided by it */
    double quantum_m;     /* dequantisation noise; 0 = none */
} traj_norm;

struct traj_windows;

/* Estimates scales, jumps and reach over the windows' displacements; pitch, quantum and rate from
 * the first recording. A kind never seen gets the players' numbers.
 *
 * A jump is longer than any body can move (traj_longest_step_m), and longer than twice the
 * displacement that 99 % of the steps stay below: of Gaussian steps one in 10^8 is, whatever their
 * size. Whoever is put to another place at a restart, and a track that goes over to another body,
 * jumps. Such a displacement says nothing of how anybody moves, and a single one outweighs all else
 * in a batch; so it is no step: it is not learnt, not counted in a likelihood, and unknown as a
 * previous displacement.
 *
 * Reach is what 99.9 % of the positions stay within, so that neither a ball in the stands nor a
 * lost track stretches it. Pedestrians may go anywhere: another place has other ground.
 * Errors: TRAJ_E_DATA when nothing moves. */
traj_status traj_norm_fit(const traj_recording *recording, const struct traj_windows *windows,
                          traj_norm *norm, traj_error *err);

/* The longest displacement within a frame that a body can make: players 15 m/s and half a metre,
 * the ball 50 m/s and a metre. */
double traj_longest_step_m(int kind, double rate_hz);

/* Whether a displacement (dx,dy) in metres within a frame is a jump. */
bool traj_norm_jumps(const traj_norm *norm, int kind, double dx, double dy);

#endif
