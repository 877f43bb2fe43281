/* The groups of golden tests: each runs its tests and returns how many failed. */
#ifndef TRAJ_TESTS_GOLDEN_GROUPS_H
#define TRAJ_TESTS_GOLDEN_GROUPS_H

/* Every test of a recurrent, of a diffusion model on one dump. */
int golden_model_tests(const char *name);
int golden_diffusion_tests(const char *name);
/* Every metric of an evaluation, on the scenes of tools/golden_metrics.py. */
int golden_metrics_tests(void);

#endif
