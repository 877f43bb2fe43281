/* A batch: scenes of agents over steps, as arrays that a model can work on. All that the model
 * rooms know of football.
 *
 * B scenes, A agents, R = B*A rows (row b*A + a), T steps. Step t predicts the displacement from
 * frame t to frame t+1; everything but x and target is from frame t or before it, so that nobody's
 * leaving is known before he is gone. Rows of absent agents are zero with present = 0. No NaN.
 * Memory: views into the arena given to traj_batch_take.
 */
#ifndef TRAJ_DATA_BATCH_H
#define TRAJ_DATA_BATCH_H

#include "traj/base/arena.h"
#include <stdint.h>

/* Columns of `known`: position / pitch half-size, previous displacement (normalised, 0 when
 * unknown), one-hot kind, whether the previous displacement is known; then, of a player, the ball:
 * whether there is one, log distance, direction times closeness (2), relative velocity (2). */
enum {
    TRAJ_KNOWN_POSITION = 0,
    TRAJ_KNOWN_PREVIOUS = 2,
    TRAJ_KNOWN_KIND = 4,
    TRAJ_KNOWN_MOVED = 9,
    TRAJ_KNOWN_BALL = 10,
    TRAJ_KNOWN_BALL_MOVED = 14,
    TRAJ_KNOWN = 16
};

/* Edge features of sender j as receiver i sees it: direction times closeness (2), log distance,
 * closeness, same team, ball involved, touch now and in the next frame, relative velocity (2). */
enum { TRAJ_EDGE_FEATURES = 10 };

typedef struct traj_batch {
    int scenes, agents, steps;
    traj_real *x;         /* [T,R,2] displacement, normalised by the kind's scale */
    traj_real *known;     /* [T,R,TRAJ_KNOWN] */
    traj_real *edge;      /* [T,B,A,A,TRAJ_EDGE_FEATURES]: receiver, sender */
    traj_real *present;   /* [T,R] 1 where the agent is there in frame t, else 0: others see him */
    traj_real *target;    /* [T,R] 1 where he steps to frame t+1: x is known, and counts; else 0 */
    traj_real *log_scale; /* [R] log of metres per normalised unit, both dimensions together: 2
                             log(scale_m) */
    uint32_t *scene;      /* [B] the scene's number in the whole batch: its noise */
} traj_batch;

/* Carves a batch; dry arenas count. */
void traj_batch_take(traj_batch *batch, int scenes, int agents, int steps, traj_arena *arena);

/* Agent-steps that count: the sum of target. */
double traj_batch_count(const traj_batch *batch);

#endif
