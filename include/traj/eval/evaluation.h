/* The evaluation run: every scene of a set, every source's forecast of it, every figure of that.
 *
 * A source is the truth itself (source 0: what it says of recorded play, its own collisions for
 * one), a model or a baseline. All see the same scenes and count the same agents; models and
 * baselines forecast everybody recorded in the last observed frame. A job is one scene with all its
 * sources: what a source generated is gone when its figures are there. */
#ifndef TRAJ_EVAL_EVALUATION_H
#define TRAJ_EVAL_EVALUATION_H

#include "traj/base/pool.h"
#include "traj/data/clean.h"
#include "traj/eval/baseline.h"
#include "traj/eval/distribution.h"
#include "traj/eval/metric.h"
#include "traj/eval/protocol.h"
#include "traj/gen/rollout.h"

/* A moment that may be a scene: `frame` of the recording as read is the last observed. */
typedef struct traj_eval_place {
    size_t recording, sequence, frame;
    uint32_t number; /* of its noise: as traj_rollout.number */
} traj_eval_place;

/* With neither rollout nor baseline: the truth. */
typedef struct traj_eval_source {
    const char *key;               /* view: "constant_velocity", a model's name */
    const char *name;              /* view: the same for people */
    const traj_rollout *rollout;   /* view: a model's, but recording, sequence, last and number */
    const traj_baseline *baseline; /* view */
} traj_eval_source;

typedef struct traj_eval_job {
    const traj_recording *recording; /* view: as read, at their source rate */
    const traj_eval_place *place;    /* view [places]: in the order of time in each sequence */
    size_t places;
    const traj_protocol *protocol;  /* view */
    traj_clean_options clean;       /* of what is observed; the truth is freed of jumps only */
    const traj_eval_source *source; /* view [sources]; source 0 is the truth */
    int sources;
    const traj_neighbours *neighbours; /* view, or NULL where no source needs it */
    traj_metric_limits limits;
    int samples;
    uint64_t seed;
} traj_eval_job;

/* What a scene says frame by frame, besides its metrics. */
typedef enum traj_curve {
    TRAJ_CURVE_MIN,    /* m: mean error of the agents, of the sample where it is least there */
    TRAJ_CURVE_AVG,    /* m: mean error of the agents, mean over samples */
    TRAJ_CURVE_SPREAD, /* m^2: variance of the samples, mean over agents; NaN for one sample */
    TRAJ_CURVE_SKILL,  /* m^2: squared error of the samples' mean, mean over agents */
    TRAJ_CURVES
} traj_curve;

/* A scene that counts. Where windows overlap, their scenes share frames and say the same twice: a
 * block is a run of such scenes that begin within two windows of each other, and all others are a
 * block each. */
typedef struct traj_eval_found {
    size_t place;
    int agents;    /* that count */
    int block;     /* from 0, in the order of scenes */
    double time_s; /* of the last observed frame */
    traj_clean_counts clean;
} traj_eval_found;

typedef struct traj_evaluation {
    int sources, frames, seconds; /* seconds: whole ones within the horizon */
    size_t scenes, agents;        /* that count; agents: over all scenes */
    size_t blocks;                /* as many as scenes where no windows overlap */
    traj_clean_counts clean;      /* over all scenes */
    traj_eval_found *scene;       /* owned [scenes] */
    double *metric;               /* owned [sources, groups, 1 + seconds, metrics, scenes] */
    double *curve;                /* owned [sources, groups, TRAJ_CURVES, frames, scenes] */
    float *histogram;             /* owned [sources, players | ball, scenes, all bins] */
} traj_evaluation;

/* Errors: TRAJ_E_DATA when no scene counts or has more than TRAJ_MAX_SCENE_AGENTS agents;
 * TRAJ_E_MEMORY. Same job, same bits, on any pool. Free with traj_evaluation_free. */
traj_status traj_evaluation_run(const traj_eval_job *job, traj_pool *pool,
                                traj_evaluation *evaluation, traj_error *err);
void traj_evaluation_free(traj_evaluation *evaluation);

/* [scenes]: a metric of each scene over its first `second` seconds; 0 = the whole horizon. NaN
 * where it has none, and for seconds of metrics that are not marked `prefix`. */
double *traj_evaluation_metric(const traj_evaluation *evaluation, int source, traj_group group,
                               int second, int metric);

/* [scenes] */
double *traj_evaluation_curve(const traj_evaluation *evaluation, int source, traj_group group,
                              traj_curve curve, int frame);

/* What is drawn together when scenes are resampled. */
typedef enum traj_drawn { TRAJ_DRAWN_SCENES, TRAJ_DRAWN_BLOCKS, TRAJ_DRAWN_MATCHES } traj_drawn;

/* unit [scenes]: what each scene is drawn with, for traj_bootstrap_init. Scenes of one match
 * resemble each other, so from five recordings on these are the matches; with fewer, the blocks. */
traj_drawn traj_evaluation_units(const traj_evaluation *evaluation, const traj_eval_job *job,
                                 int *unit);

/* Which scenes: all of them, or one of two halves, every other block. */
typedef enum traj_half { TRAJ_BOTH_HALVES, TRAJ_EVEN_HALF, TRAJ_ODD_HALF } traj_half;

/* pooled [traj_quantity_bins]: counts of a quantity in these scenes, each times [scenes] times, or
 * once where times is NULL. */
void traj_evaluation_pool(const traj_evaluation *evaluation, int source, traj_group group,
                          int quantity, traj_half half, const uint16_t *times, double *pooled);

#endif
