/* The groups of unit_gen, one file each, and the model and match that they share. */
#ifndef TRAJ_TESTS_GEN_GROUPS_H
#define TRAJ_TESTS_GEN_GROUPS_H

#include "traj/base/pool.h"
#include "traj/data/window.h"
#include "traj/model/model.h"
#include "unit/check.h"

int gen_rollout_tests(void);
int gen_score_tests(void);
int gen_smooth_tests(void);
int gen_impute_tests(void);
int gen_denoise_tests(void);
int gen_chain_tests(void);

/* Twelve seconds of a simulated match at 10 Hz and an untrained model with lively weights. */
typedef struct gen_fixture {
    traj_recording recording; /* owned */
    traj_norm norm;
    traj_model *model;  /* owned */
    traj_params params; /* data owned */
} gen_fixture;

/* latent 0: the rnn. */
void gen_fixture_init(gen_fixture *fixture, int latent);
void gen_fixture_free(gen_fixture *fixture);

#endif
