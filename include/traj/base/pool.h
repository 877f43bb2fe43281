/* A pool of worker threads for jobs that do not depend on each other.
 *
 * Jobs are numbered; which worker takes which job is not fixed, so a job's result must depend on
 * its number alone and be stored under it. Worker w has the number 0..threads-1: use it to pick an
 * arena, never a result. */
#ifndef TRAJ_BASE_POOL_H
#define TRAJ_BASE_POOL_H

#include "traj/base/status.h"

typedef struct traj_pool traj_pool;
typedef void traj_job(void *context, int job, int worker);

/* threads >= 1; with 1 the caller does all the work and no thread is made. Errors: TRAJ_E_MEMORY,
 * TRAJ_E_FAILED. */
traj_status traj_pool_new(traj_pool **pool, int threads, traj_error *err);
void traj_pool_destroy(traj_pool *pool);
int traj_pool_threads(const traj_pool *pool);

/* Runs job(context, 0..jobs-1, worker) and returns when all are done. The caller works too, as
 * worker 0. */
void traj_pool_run(traj_pool *pool, traj_job *job, void *context, int jobs);

/* How many processors this process may use. */
int traj_processors(void);

#endif
