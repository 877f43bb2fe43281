/* One scene to be judged: what happened, and K samples of what could have.
 *
 * All positions are metres in the pitch frame (data/recording.h). An agent counts when his whole
 * future is known: protocols say who is eligible, and metrics see nobody else. */
#ifndef TRAJ_EVAL_SCENE_H
#define TRAJ_EVAL_SCENE_H

#include "traj/data/recording.h"

/* Whom a figure is about. */
typedef enum traj_group {
    TRAJ_GROUP_ALL,
    TRAJ_GROUP_PLAYERS,
    TRAJ_GROUP_BALL,
    TRAJ_GROUPS
} traj_group;

typedef struct traj_eval_scene {
    int samples, frames, agents; /* K, T, A */
    double rate_hz;              /* of the frames */
    double half_m[2];            /* half the pitch's length and width */
    const unsigned char *kind;   /* view [A]: traj_kind */
    const float *past_m;         /* view [2,A,2]: the last two observed frames, NaN = missing */
    const float *truth_m;        /* view [T,A,2]: no NaN */
    const float *forecast_m;     /* view [K,T,A,2]: no NaN */
} traj_eval_scene;

/* Whether agent a belongs to the group. */
bool traj_group_has(traj_group group, unsigned char kind);

/* "all", "players", "ball" */
const char *traj_group_name(traj_group group);

#endif
