/* What the two ways of generating share, private to this room: step by step (rollout.c) and a whole
 * horizon at once (rollout_block.c). */
#ifndef TRAJ_GEN_ROLLOUT_STATE_H
#define TRAJ_GEN_ROLLOUT_STATE_H

#include "traj/gen/rollout.h"

typedef struct rollout_plan {
    const traj_rollout *rollout;
    const traj_sequence *sequence;
    traj_forecast *forecast;
    unsigned char kind[TRAJ_MAX_SCENE_AGENTS];
    unsigned char held[TRAJ_MAX_SCENE_AGENTS];
    int burn_in;       /* frames really there */
    traj_arena *arena; /* owned [threads] */
} rollout_plan;

/* The scenes of one chunk while they move. [S,A,2] in metres. */
typedef struct rollout_chunk {
    int first, scenes;
    traj_state state;
    traj_real *pos_m, *moved_m, *x, *known, *edge, *present, *target;
    uint32_t *scene;
} rollout_chunk;

/* The recorded position of an agent of the forecast, and the displacement into that frame: NaN
 * where it is unknown or a jump. */
const float *traj_rollout_recorded(const rollout_plan *p, size_t frame, int agent);
void traj_rollout_recorded_step(const rollout_plan *p, size_t frame, int agent, traj_real moved[2]);

/* Whether held agent a is recorded to step in future step t (0 = the first after the last observed
 * frame). */
bool traj_rollout_held_known(const rollout_plan *p, int a, int t);

/* present, target, known and edge of the chunk's positions, before future step t. */
void traj_rollout_inputs(const rollout_plan *p, const rollout_chunk *c, int t);
/* Applies x, or what is recorded of held agents, to the positions. */
void traj_rollout_move(const rollout_plan *p, const rollout_chunk *c, int t);
/* Stores the positions as step t of the forecast. */
void traj_rollout_keep(const rollout_plan *p, const rollout_chunk *c, int t);

/* All steps of a chunk by a model that generates a horizon at once; longer forecasts go on from
 * what was generated. Dry arenas count. */
void traj_rollout_blocks(const rollout_plan *p, rollout_chunk *c, traj_arena *arena);

/* rollout->chain: memory for it; every point of the first sample's sampler, as traj_sampling.watch
 * whose context is the address of a view of the plan; then its x [H,rows,2]. */
traj_status traj_rollout_chain_new(const rollout_plan *p, traj_error *err);
void traj_rollout_watch(void *context, const traj_sampling_point *point);
void traj_rollout_chain_end(const rollout_plan *p, const traj_real *x, int rows);

#endif
