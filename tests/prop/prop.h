/* What the properties are tested on: models with random weights, batches of random numbers. */
#ifndef TRAJ_TESTS_PROP_H
#define TRAJ_TESTS_PROP_H

#include "traj/model/model.h"

/* The models that every property is tested on; the first are recurrent, the others diffuse. */
typedef struct prop_row {
    const char *name;
    traj_model_config config;
} prop_row;

enum { PROP_RECURRENT = 5, PROP_MODELS = 8 };
extern const prop_row prop_models[PROP_MODELS];

/* A model with weights; all owned. */
typedef struct prop_model {
    const char *name; /* view */
    traj_model *model;
    traj_params params, grads;
    traj_objective objective;
} prop_model;

void prop_model_init(prop_model *m, const char *name, const traj_model_config *config);
void prop_model_free(prop_model *m);

/* A view of the weights of that name; a name that the model lacks fails the test. */
traj_mat prop_weights(const prop_model *m, const char *name);

/* The largest deviation that prop_quieten leaves to z. */
#define PROP_QUIET_SD 1e-12

/* The deviations of "encoder" or "prior" become the model's floor: with a floor of PROP_QUIET_SD z
 * is its mean, and a result no longer depends on which agent has which number. */
void prop_quieten(prop_model *m, const char *head);

/* A batch in its own memory. */
typedef struct prop_batch {
    traj_batch batch;
    traj_arena memory; /* owned */
} prop_batch;

/* Random numbers; the first agent is absent in every third step, with zero rows as data makes
 * them. */
void prop_batch_init(prop_batch *b, int scenes, int agents, int steps);
void prop_batch_free(prop_batch *b);

/* Scene s and agent a of `to` become scene scene[s] and agent agent[a] of `from`; agents of -1 are
 * left as they are. */
void prop_batch_copy(const traj_batch *to, const traj_batch *from, const int *scene,
                     const int *agent);

/* Random numbers wherever an agent is absent. */
void prop_batch_fill_absent(const traj_batch *batch);

/* The loss under the latent noise of this step; m->grads becomes its gradient. */
traj_loss prop_loss(prop_model *m, const traj_batch *batch, uint32_t noise_step);

/* Fills data with reproducible numbers in (-scale, scale). */
void prop_fill(traj_real *data, size_t n, double scale, uint64_t seed);

/* Fail the test unless the numbers agree within `rounding`, relative to the largest (at least 1).
 */
void prop_same(const char *what, double a, double b, double rounding);
void prop_same_all(const char *what, const traj_real *a, const traj_real *b, size_t n,
                   double rounding);
void prop_same_loss(const char *what, traj_loss a, traj_loss b, double rounding);

/* Sums of some hundred terms in another order. */
double prop_rounding(void);

#endif
