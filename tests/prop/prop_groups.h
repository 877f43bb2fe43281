/* The groups of properties: each runs its tests and returns how many failed. */
#ifndef TRAJ_TESTS_PROP_GROUPS_H
#define TRAJ_TESTS_PROP_GROUPS_H

int prop_model_tests(void);
int prop_graph_tests(void);
int prop_denoiser_tests(void);
int prop_bound_tests(void);
int prop_threads_tests(void);
int prop_alloc_tests(void);
int prop_entropy_tests(void);
int prop_answers_tests(void);

#endif
