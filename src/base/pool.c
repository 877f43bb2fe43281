/* One mutex guards the description of the run; the jobs themselves are taken by an atomic counter.
 *
 *   caller:  describe the run, ++run, wake all | take jobs until none is left | wait until busy ==
 * 0 worker:  sleep until run changes           | take jobs until none is left | --busy, the last
 * wakes the caller */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "traj/base/pool.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#ifdef __linux__
#include <sched.h>
#endif
#include <unistd.h>

typedef struct pool_worker {
    traj_pool *pool; /* view */
    pthread_t thread;
    int number; /* 1..threads-1: worker 0 is the caller */
} pool_worker;

struct traj_pool {
    int threads;
    int started;          /* threads that were really made, <= threads - 1 */
    pool_worker *workers; /* owned, [threads - 1] */
    pthread_mutex_t lock; /* guards everything down to `stop` */
    pthread_cond_t run_changed, all_idle;
    unsigned long run; /* number of the current run */
    int busy;          /* workers that have not yet finished it */
    bool stop;
    traj_job *job; /* constant during a run, as are the next two */
    void *context; /* view */
    int jobs;
    atomic_int next; /* the first job nobody has taken */
};

static void take_jobs(traj_pool *pool, int worker)
{
    for (;;) {
        int job = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (job >= pool->jobs) return;
        pool->job(pool->context, job, worker);
    }
}

static void *worker_main(void *argument)
{
    pool_worker *self = argument;
    traj_pool *pool = self->pool;
    unsigned long last_run = 0;
    (void)pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->stop && pool->run == last_run) {
            (void)pthread_cond_wait(&pool->run_changed, &pool->lock);
        }
        if (pool->stop) break;
        last_run = pool->run;
        (void)pthread_mutex_unlock(&pool->lock);
        take_jobs(pool, self->number);
        (void)pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0) (void)pthread_cond_signal(&pool->all_idle);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static traj_status start_workers(traj_pool *pool, traj_error *err)
{
    for (int i = 0; i < pool->threads - 1; ++i) {
        pool_worker *worker = &pool->workers[i];
        worker->pool = pool;
        worker->number = i + 1;
        int code = pthread_create(&worker->thread, NULL, worker_main, worker);
        if (code != 0) {
            return traj_fail(err, TRAJ_E_FAILED,
                             "cannot start thread %d of %d (%s): choose fewer threads", i + 2,
                             pool->threads, strerror(code));
        }
        ++pool->started;
    }
    return TRAJ_OK;
}

traj_status traj_pool_new(traj_pool **pool, int threads, traj_error *err)
{
    TRAJ_ASSERT(threads >= 1);
    *pool = NULL;
    traj_pool *made = traj_alloc(1, sizeof *made);
    if (!made) return traj_fail_memory(err, "the thread pool");
    made->workers = traj_alloc((size_t)threads - 1, sizeof *made->workers);
    if (!made->workers) {
        traj_free(made);
        return traj_fail_memory(err, "the thread pool");
    }
    made->threads = threads;
    /* With default attributes these three cannot fail on the systems we build for. */
    (void)pthread_mutex_init(&made->lock, NULL);
    (void)pthread_cond_init(&made->run_changed, NULL);
    (void)pthread_cond_init(&made->all_idle, NULL);

    traj_status status = start_workers(made, err);
    if (status != TRAJ_OK) {
        traj_pool_destroy(made);
        return status;
    }
    *pool = made;
    return TRAJ_OK;
}

void traj_pool_destroy(traj_pool *pool)
{
    if (!pool) return;
    (void)pthread_mutex_lock(&pool->lock);
    pool->stop = true;
    (void)pthread_cond_broadcast(&pool->run_changed);
    (void)pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->started; ++i) (void)pthread_join(pool->workers[i].thread, NULL);
    (void)pthread_cond_destroy(&pool->all_idle);
    (void)pthread_cond_destroy(&pool->run_changed);
    (void)pthread_mutex_destroy(&pool->lock);
    traj_free(pool->workers);
    traj_free(pool);
}

int traj_pool_threads(const traj_pool *pool)
{
    return pool->threads;
}

void traj_pool_run(traj_pool *pool, traj_job *job, void *context, int jobs)
{
    (void)pthread_mutex_lock(&pool->lock);
    TRAJ_ASSERT(jobs >= 0);
    TRAJ_ASSERT(pool->busy == 0); /* one run at a time: a job must not run its own pool */
    pool->job = job;
    pool->context = context;
    pool->jobs = jobs;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    pool->busy = pool->threads - 1;
    ++pool->run;
    (void)pthread_cond_broadcast(&pool->run_changed);
    (void)pthread_mutex_unlock(&pool->lock);

    take_jobs(pool, 0);

    (void)pthread_mutex_lock(&pool->lock);
    while (pool->busy > 0) (void)pthread_cond_wait(&pool->all_idle, &pool->lock);
    (void)pthread_mutex_unlock(&pool->lock);
}

int traj_processors(void)
{
#ifdef __linux__
    /* The affinity mask knows about taskset, containers and job schedulers; the count of processors
     * does not. */
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}
