/* One scene of an evaluation run: see evaluation.c. */
#ifndef TRAJ_EVAL_EVALUATION_SCENE_H
#define TRAJ_EVAL_EVALUATION_SCENE_H

#include "traj/eval/evaluation.h"

/* Whether the place is a scene that counts: found->agents is 0 when it is not. Errors:
 * TRAJ_E_MEMORY. */
traj_status traj_scene_look(const traj_eval_job *job, const traj_eval_place *place,
                            traj_eval_found *found, traj_error *err);

/* Forecasts and measures evaluation->scene[scene] for all sources. alone: a pool of one thread,
 * the caller's own. arena: traj_scene_judge_bytes. Errors: those of the forecasts. */
traj_status traj_scene_judge(const traj_eval_job *job, traj_evaluation *evaluation, size_t scene,
                             traj_pool *alone, traj_arena *arena, traj_error *err);

/* [traj_quantity_bins]: counts of a scene's players or of its ball. */
float *traj_scene_histogram(const traj_evaluation *evaluation, int source, bool is_ball,
                            size_t scene, int quantity);

/* agents: the most that any scene has. */
size_t traj_scene_judge_bytes(const traj_eval_job *job, int agents);

#endif
