/* One dump of tools/golden_dump.py or golden_diffusion.py, read into a model, its weights and a
 * batch. */
#ifndef TRAJ_TESTS_GOLDEN_H
#define TRAJ_TESTS_GOLDEN_H

#include "traj/io/tensors.h"
#include "traj/model/model.h"
#include "traj/train/adamw.h"

typedef struct golden {
    const char *name;  /* view: the file's, without ending */
    traj_tensors file; /* owned */
    bool diffusion;    /* a dump of golden_diffusion.py: no free step, objective, optimiser */
    traj_model *model; /* owned */
    traj_arena memory; /* owned: the batch, params, grads */
    traj_batch batch;
    traj_params params, grads;         /* grads [layout->size] is the tests' own */
    traj_real *free_known, *free_edge; /* [R,TRAJ_KNOWN], [B,A,A,E]: the step behind the batch */
    traj_noise latent, output;
    traj_objective objective;
    traj_adamw adamw;
} golden;

/* Fills *g from tests/golden/<name>.safetensors; a file that does not fit fails the test. */
void golden_open(golden *g, const char *name);
void golden_close(golden *g);

/* The weights as they are in the file, into g->params. */
void golden_reset(golden *g);

/* The tensor called prefix + name; one that is missing fails the test. */
const traj_tensor *golden_tensor(const golden *g, const char *prefix, const char *name);

/* Item i of an F32 or F64 tensor. */
double golden_item(const traj_tensor *tensor, size_t i);

/* Fails the test unless every actual[i] is within tolerance * max(1, largest |expected|) of the
 * tensor's item i; says which is worst. */
void golden_compare(const golden *g, const traj_tensor *expected, const traj_real *actual,
                    double tolerance);

#endif
