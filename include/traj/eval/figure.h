/* Figures of a whole set, with intervals: every metric's, and for every quantity how far its
 * distribution is from the true one. */
#ifndef TRAJ_EVAL_FIGURE_H
#define TRAJ_EVAL_FIGURE_H

#include "traj/eval/bootstrap.h"
#include "traj/eval/evaluation.h"

/* How two distributions are compared. */
typedef enum traj_divergence { TRAJ_W1, TRAJ_JS } traj_divergence;

typedef struct traj_figure {
    char key[48]; /* "min_jade", "speed_w1" */
    const char *unit;
    char definition[256];
    int metric;   /* -1: none, but */
    int quantity; /* this one's */
    traj_divergence divergence;
} traj_figure;

/* The metrics in their order, then W1 and JS of each quantity; W1 has only a one-dimensional one.
 */
int traj_figure_count(void);
traj_figure traj_figure_at(int index);
int traj_figure_find(const char *key); /* -1: no such figure */

typedef struct traj_summary {
    int sources, seconds, frames, figures, metrics;
    traj_interval *figure; /* owned [sources, groups, figures]; distances of the truth's
                              distributions, source 0, are those between its two halves */
    traj_interval *paired; /* owned [sources, groups, figures]: less the reference's, scene by
                              scene */
    traj_interval *prefix; /* owned [sources, groups, metrics, seconds] */
    traj_interval *curve;  /* owned [sources, groups, TRAJ_CURVES, frames]: the variance and the
                              squared error as their roots */
} traj_summary;

/* reference: the source that others are compared with, 0 = none: `paired` is then NaN. No interval
 * where a distribution is two-dimensional. Same input, same bits, on any pool. Errors:
 * TRAJ_E_MEMORY. Free with traj_summary_free. */
traj_status traj_summary_make(const traj_evaluation *evaluation, const traj_bootstrap *bootstrap,
                              int reference, traj_pool *pool, traj_summary *summary,
                              traj_error *err);
void traj_summary_free(traj_summary *summary);

const traj_interval *traj_summary_figure(const traj_summary *summary, int source, traj_group group,
                                         int figure);
const traj_interval *traj_summary_paired(const traj_summary *summary, int source, traj_group group,
                                         int figure);
/* [seconds] */
const traj_interval *traj_summary_prefix(const traj_summary *summary, int source, traj_group group,
                                         int metric);
/* [frames] */
const traj_interval *traj_summary_curve(const traj_summary *summary, int source, traj_group group,
                                        traj_curve curve);

#endif
