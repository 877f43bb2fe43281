/* --steps: which steps the sampler of a diffusion model takes. Private to this room. */
#ifndef TRAJ_CLI_SAMPLER_LIST_H
#define TRAJ_CLI_SAMPLER_LIST_H

#include "traj/io/json.h"
#include "traj/model/model.h"

typedef struct traj_sampler_list {
    double step[TRAJ_SAMPLER_STEPS]; /* from noise to data, as the model numbers them */
    int count;
} traj_sampler_list;

/* From a number of steps, or the steps themselves with commas between. A model without a sampler
 * has none, whatever the text. Errors: TRAJ_E_USAGE. */
traj_status traj_sampler_read(const char *text, const traj_model *model, traj_sampler_list *list,
                              traj_error *err);

/* A line for the user; nothing without steps. */
void traj_sampler_announce(const traj_sampler_list *list);

/* The sidecar's "sampler_steps"; nothing without steps. */
void traj_sampler_to_json(const traj_sampler_list *list, traj_json *root);

#endif
