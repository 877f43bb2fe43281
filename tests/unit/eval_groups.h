/* The groups of unit_eval, one file each, and the small scene that they share. */
#ifndef TRAJ_TESTS_EVAL_GROUPS_H
#define TRAJ_TESTS_EVAL_GROUPS_H

#include "traj/eval/metric.h"
#include "unit/check.h"

int eval_metric_tests(void);
int eval_motion_tests(void);
int eval_distribution_tests(void);
int eval_bootstrap_tests(void);
int eval_baseline_tests(void);
int eval_run_tests(void);
int eval_summary_tests(void);

/* A scene in storage of its own, to be changed at will. */
enum { EVAL_SAMPLES = 40, EVAL_FRAMES = 12, EVAL_AGENTS = 8 };
typedef struct eval_case {
    traj_eval_scene scene; /* views of what follows; never copy an eval_case */
    unsigned char kind[EVAL_AGENTS];
    float past[2 * EVAL_AGENTS * 2];
    float truth[EVAL_FRAMES * EVAL_AGENTS * 2];
    float forecast[EVAL_SAMPLES * EVAL_FRAMES * EVAL_AGENTS * 2];
} eval_case;

/* Home and away in turn, the last agent the ball; 10 Hz, a pitch of 105 x 68; all stand still, 10 m
 * apart from each other on a line through the centre spot, as all samples say. */
void eval_case_init(eval_case *c, int samples, int frames, int agents);
/* Adds normal noise to past, truth and samples: walks of their own. */
void eval_case_shake(eval_case *c, uint32_t number);

/* Position [2]; frame -2 and -1 are the observed ones. */
float *eval_truth(eval_case *c, int t, int a);
float *eval_sample(eval_case *c, int k, int t, int a);

/* The figure of that key, default limits, with no more memory than promised. */
double eval_figure(const eval_case *c, const char *key, traj_group group);

void assert_near(double actual, double expected, double tolerance);

#endif
