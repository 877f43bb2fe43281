/* The groups of unit_gen, one file each, and the model and match that they share. */
#ifndef TRAJ_TESTS_GEN_GROUPS_H
#define TRAJ_TESTS_GEN_GROUPS_H

#include "traj/base/pool.h"
#include "traj/data/window.h"
#include "traj/gen/rollout.h"
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

enum { GEN_AGENTS = 23, GEN_LATENT = 3 };

/* latent 0: the rnn. */
void gen_fixture_init(gen_fixture *fixture, int latent);
void gen_fixture_free(gen_fixture *fixture);

/* CMocka's set-up and tear-down of a test whose *state is a fixture with GEN_LATENT. */
int gen_setup(void **state);
int gen_teardown(void **state);
#define GEN_TEST(test) cmocka_unit_test_setup_teardown(test, gen_setup, gen_teardown)

/* A rollout that must succeed; the caller frees the forecast. */
traj_forecast gen_roll(const traj_rollout *rollout, int threads);

/* Position [2] of the match; and of a forecast, t from 0. */
float *gen_recorded(const gen_fixture *fixture, size_t frame, size_t agent);
float *gen_forecast(const traj_forecast *forecast, int sample, int t, int agent);

/* Nobody saw the agent in the match's frames from..to-1. */
void gen_hide(const gen_fixture *fixture, size_t from, size_t to, size_t agent);

#endif
