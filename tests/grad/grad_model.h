/* A whole model with random weights on a batch of random numbers. */
#ifndef TRAJ_TESTS_GRAD_MODEL_H
#define TRAJ_TESTS_GRAD_MODEL_H

#include "grad/grad.h"
#include "traj/model/model.h"

typedef struct grad_model {
    const char *name; /* view */
    traj_model *model;
    traj_params params, grads, spare; /* spare: gradients that nobody looks at */
    traj_batch batch;
    traj_objective objective;
    traj_noise noise;
    traj_arena data, arena; /* owned: the batch and the parameters; what a loss needs */
} grad_model;

typedef struct grad_model_size {
    int scenes, agents, steps;
    int absent; /* this many agents come and go */
} grad_model_size;

void grad_model_open(grad_model *m, const char *name, const traj_model_config *config,
                     grad_model_size size);
void grad_model_close(grad_model *m);

/* The loss as evaluation makes it, and as training does: with a gradient, which is dropped. */
traj_loss grad_model_loss(grad_model *m);
traj_loss grad_model_training_loss(grad_model *m);
/* The latter, and m->grads becomes its gradient. */
traj_loss grad_model_gradient(grad_model *m);

/* grad_check of f(context) for parameter p, or for `count` of its numbers from `first` on. */
void grad_model_check(const grad_model *m, grad_function *f, void *context, int p);
void grad_model_check_part(const grad_model *m, grad_function *f, void *context, int p,
                           size_t first, size_t count);

#endif
