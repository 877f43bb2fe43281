/* What the rows of traj bench share, private to this room. */
#ifndef TRAJ_CLI_BENCH_H
#define TRAJ_CLI_BENCH_H

#include "traj/base/pool.h"
#include "traj/data/window.h"
#include "traj/nn/param.h"
#include <stdio.h>

/* Workloads W1 and W2: agent-steps are scenes x steps x agents. */
enum {
    TRAJ_BENCH_SCENES = 64,
    TRAJ_BENCH_SHARD = 2, /* scenes a job: train's default */
    TRAJ_BENCH_DIFFUSION_SHARD = 8,
    TRAJ_BENCH_SAMPLES = 20,
    TRAJ_BENCH_STEPS = 50,
    TRAJ_BENCH_SAMPLER_STEPS = 20 /* of a diffusion model */
};

/* What every row measures on. */
typedef struct traj_bench {
    traj_pool *pool;          /* owned */
    traj_recording recording; /* owned: a simulated match at 10 Hz */
    traj_windows windows;     /* owned: of TRAJ_BENCH_STEPS + 1 frames */
    traj_norm norm;
    uint64_t seed;
    int repeats;
} traj_bench;

/* One line of the report. */
typedef struct traj_bench_row {
    const char *name, *model;                  /* model "" = none */
    int scenes, steps, agents, hidden, latent; /* of models, else 0 */
    double seconds;                            /* of one run: the fastest */
    double gemm_seconds;                       /* the same for its matrix products alone, or 0 */
    const char *unit;                          /* what `work` counts: "agent_steps" */
    double work;                               /* of one run */
} traj_bench_row;

/* Measures one row; name, model and unit are given. Errors: those of what is measured. */
typedef traj_status traj_bench_measure(const traj_bench *bench, traj_bench_row *row,
                                       traj_error *err);
traj_bench_measure traj_bench_train_step, traj_bench_rollout, traj_bench_gemm, traj_bench_csv_wide,
    traj_bench_csv_long, traj_bench_vmath;

typedef struct traj_bench_work {
    traj_status (*run)(void *context, traj_error *err);
    void *context;
} traj_bench_work;

/* Runs all works in turn, `repeats` rounds after one that does not count, so that a change of the
 * machine's mood meets all of them; seconds[w] = the fastest run of work w. */
traj_status traj_bench_time(int repeats, int works, const traj_bench_work *work, double *seconds,
                            traj_error *err);

/* The matrix products of a model without anything else: for every time step one product
 * [rows,in] x [in,out] per weight matrix (matrices that lie one behind the other with equal columns
 * are one), in training also the input gradient, and after all steps the weight gradient with inner
 * dimension steps * rows. Folding the model's products saves some of them: the measure is what the
 * equations need as they are written. */
typedef struct traj_products {
    traj_pool *pool; /* view */
    int jobs, rows, steps;
    bool training;
    struct {
        int in, out;
    } product[TRAJ_MAX_PARAMS];
    int count;
    size_t share;      /* reals of one worker */
    traj_real *memory; /* owned [threads, share] */
} traj_products;

/* pool, jobs, rows (of one job), steps and training are given. Errors: TRAJ_E_MEMORY. */
traj_status traj_products_init(traj_products *products, const traj_layout *layout, traj_error *err);
void traj_products_free(traj_products *products);
/* A traj_bench_work. */
traj_status traj_products_run(void *products, traj_error *err);

#endif
