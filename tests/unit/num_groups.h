/* The test groups of room num, one per file; each returns the number of failed tests. */
#ifndef TRAJ_TESTS_NUM_GROUPS_H
#define TRAJ_TESTS_NUM_GROUPS_H

int test_gemm(void);
int test_vmath(void);

#endif
