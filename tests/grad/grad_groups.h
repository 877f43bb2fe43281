/* The groups of gradient checks: each runs its tests and returns how many failed. */
#ifndef TRAJ_TESTS_GRAD_GROUPS_H
#define TRAJ_TESTS_GRAD_GROUPS_H

int grad_checker_tests(void);
int grad_layer_tests(void);
int grad_model_tests(void);
int grad_diffusion_tests(void);

#endif
