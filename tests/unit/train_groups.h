/* The groups of unit_train, one file each, and the small run that they share. */
#ifndef TRAJ_TESTS_TRAIN_GROUPS_H
#define TRAJ_TESTS_TRAIN_GROUPS_H

#include "traj/train/trainer.h"
#include "unit/check.h"

int train_step_tests(void);
int train_checkpoint_tests(void);
int train_run_tests(void);

/* Twelve seconds of a simulated match, a tiny model, and how to train it: eight steps an epoch. */
typedef struct train_fixture {
    traj_recording recording; /* owned */
    traj_windows train, valid;
    traj_norm norm;
    traj_model *model; /* owned */
    traj_train_config config;
    char folder[64]; /* a fresh one */
    traj_training training;
} train_fixture;

void train_fixture_init(train_fixture *fixture);
/* Removes the folder with its files. */
void train_fixture_free(train_fixture *fixture);

/* CMocka's set-up and tear-down of a test whose *state is a fixture. */
int train_setup(void **state);
int train_teardown(void **state);
#define TRAIN_TEST(test) cmocka_unit_test_setup_teardown(test, train_setup, train_teardown)

/* folder/name in one of four static buffers. */
const char *train_path(const train_fixture *fixture, const char *name);

#endif
