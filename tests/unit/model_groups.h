/* The test groups of room model, one per file; each returns the number of failed tests. */
#ifndef TRAJ_TESTS_MODEL_GROUPS_H
#define TRAJ_TESTS_MODEL_GROUPS_H

int test_noise_schedule(void);
int test_gamma(void);
int test_snr(void);

#endif
