/* What a model may know of one frame of one scene: used by batches and by rollouts, so that both
 * see the same numbers.
 *
 * Absent agents (present 0) get zero rows. Kinds as traj_kind. Threads: pure functions. */
#ifndef TRAJ_DATA_FEATURES_H
#define TRAJ_DATA_FEATURES_H

#include "traj/data/batch.h"
#include "traj/data/norm.h"

/* known [A,TRAJ_KNOWN] from pos_m [A,2] and displacement_m [A,2] (NaN: unknown), both of the same
 * frame. The displacement is a backward difference: a central one would leak the future. A player
 * sees the ball, with d and u as for an edge: 1, log(1 + d) / 3, (p_ball - p) / (d + 5), u / 2s;
 * zeros where there is none. */
void traj_features_known(const traj_norm *norm, int agents, const unsigned char *kind,
                         const traj_real *present, const traj_real *pos_m,
                         const traj_real *displacement_m, traj_real *known);

/* edge [A,A,TRAJ_EDGE_FEATURES] at (receiver i, sender j), with d = |p_j - p_i| in metres, u the
 * difference of their displacements (an unknown one counts as 0), d' = |p_j - p_i + u| and s the
 * players' scale:
 *   (p_j - p_i) / (d + 5),  log(1 + d) / 3,  exp(-d / 4),  same team,  ball involved,
 *   exp(-d),  exp(-d'),  u / 2s.
 * The last four tell who can reach the ball now and who is about to; without them kicks are rare
 * in what a model generates (docs/results.md). */
void traj_features_edge(const traj_norm *norm, int agents, const unsigned char *kind,
                        const traj_real *present, const traj_real *pos_m,
                        const traj_real *displacement_m, traj_real *edge);

#endif
