/* Steps of a track that nobody can have made. */
#ifndef TRAJ_DATA_JUMPS_H
#define TRAJ_DATA_JUMPS_H

#include "traj/data/recording.h"

/* Positions less than this further apart than max_mps allows are within reach: rounding is no jump.
 */
#define TRAJ_JUMP_SLACK_M 1e-3

/* A stretch of a track without a jump inside. */
typedef struct traj_jump_piece {
    size_t first, last; /* frames */
    size_t before;      /* positions of the track before the piece */
    size_t count;       /* positions of the piece */
    double cost;        /* least of all ways to keep it and go through what is before */
    size_t from;        /* the piece kept before it on that way, or its own number: none */
} traj_jump_piece;

/* Whether an agent can have come from one frame's position to a later one's; both are known. */
bool traj_within_reach(const traj_sequence *sequence, size_t agent, size_t from, size_t to,
                       double max_mps);

/* Removes positions (makes them NaN) so that removed + patience * jumps left is least; among equals
 * the fewest are removed. piece [frames]: scratch. Returns how many were removed. */
size_t traj_jumps_remove(traj_sequence *sequence, size_t agent, double max_mps, double patience,
                         traj_jump_piece *piece);

#endif
