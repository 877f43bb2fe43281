/* The test groups of room base, one per file; each returns the number of failed tests. */
#ifndef TRAJ_TESTS_BASE_GROUPS_H
#define TRAJ_TESTS_BASE_GROUPS_H

int test_status(void);
int test_memory(void);
int test_arena(void);
int test_messages(void);
int test_pool(void);
int test_relay(void);
int test_noise(void);
int test_vkernel(void);

#endif
