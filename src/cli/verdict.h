/* What `traj evaluate` has found, and the three forms it is given out in. */
#ifndef TRAJ_CLI_VERDICT_H
#define TRAJ_CLI_VERDICT_H

#include "contenders.h"
#include "traj/eval/figure.h"

/* All views. The sources are the truth, the contenders in their order, the baselines. */
typedef struct traj_verdict {
    const traj_settings *settings;
    const traj_matches *matches;
    const traj_contenders *contenders;
    const traj_eval_job *job;
    const traj_evaluation *evaluation;
    const traj_summary *summary;
    const traj_bootstrap *bootstrap;
    traj_drawn drawn; /* what the bootstrap's units are */
} traj_verdict;

/* The source that the first model is. */
enum { TRAJ_FIRST_CONTENDER = 1 };

/* Mean and standard deviation of a figure over models that were trained alike but for the seed. */
typedef struct traj_seeds {
    size_t first; /* the first of these contenders */
    size_t member[64];
    size_t count;
} traj_seeds;

/* The seeds of the configuration whose first contender is `first`: count 0 when another one is
 * its first, or when it has no second. */
traj_seeds traj_verdict_seeds(const traj_verdict *verdict, size_t first);
double traj_seeds_mean(const traj_verdict *verdict, const traj_seeds *seeds, traj_group group,
                       int figure, double *sd);

/* An aligned table for people, at most 100 columns. */
void traj_verdict_print(const traj_verdict *verdict, FILE *out);

/* docs/io.md has the keys. Errors: TRAJ_E_MEMORY. */
traj_status traj_verdict_to_json(const traj_verdict *verdict, traj_json *root, traj_error *err);

/* One row per scene, source and group. */
void traj_verdict_write_scenes(const traj_verdict *verdict, FILE *out);

#endif
