/* The test groups of room nn, one per file; each returns the number of failed tests. */
#ifndef TRAJ_TESTS_NN_GROUPS_H
#define TRAJ_TESTS_NN_GROUPS_H

int test_param(void);
int test_linear(void);
int test_film(void);
int test_gru(void);
int test_message(void);
int test_latent(void);
int test_output(void);

#endif
