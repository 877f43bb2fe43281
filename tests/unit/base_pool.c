#include "traj/base/memory.h"
#include "traj/base/pool.h"
#include "unit/base_groups.h"
#include "unit/check.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { MOST_JOBS = 1000 };

typedef struct tally {
    atomic_int done[MOST_JOBS];
    atomic_int strange_workers;
    int threads;
    pthread_t caller;
    atomic_int strange_threads; /* jobs of worker 0 outside the calling thread */
} tally;

static void count_job(void *context, int job, int worker)
{
    tally *t = context;
    atomic_fetch_add(&t->done[job], 1);
    if (worker < 0 || worker >= t->threads) atomic_fetch_add(&t->strange_workers, 1);
    bool by_caller = pthread_equal(pthread_self(), t->caller) != 0;
    if (by_caller != (worker == 0)) atomic_fetch_add(&t->strange_threads, 1);
}

static void allocations_can_fail(void **state)
{
    (void)state;
    for (long n = 1; n <= 2; ++n) {
        traj_pool *pool;
        traj_error err;
        traj_alloc_fail_at(n);
        assert_int_equal(traj_pool_new(&pool, 2, &err), TRAJ_E_MEMORY);
        assert_null(pool);
    }
    traj_alloc_fail_at(3);
    traj_pool *pool;
    assert_int_equal(traj_pool_new(&pool, 2, NULL), TRAJ_OK); /* there is no third allocation */
    traj_alloc_fail_at(0);
    traj_pool_destroy(pool);
    traj_pool_destroy(NULL);
}

static void no_threads(void)
{
    traj_pool *pool;
    (void)traj_pool_new(&pool, 0, NULL);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(no_threads));
}

static void every_job_runs_once(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 4}, jobs[] = {0, 1, 3, 7, MOST_JOBS};
    static tally t;
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; ++i) {
        traj_pool *pool;
        assert_int_equal(traj_pool_new(&pool, threads[i], NULL), TRAJ_OK);
        assert_int_equal(traj_pool_threads(pool), threads[i]);
        for (size_t k = 0; k < sizeof jobs / sizeof jobs[0]; ++k) {
            memset(&t, 0, sizeof t);
            t.threads = threads[i];
            t.caller = pthread_self();
            traj_pool_run(pool, count_job, &t, jobs[k]);
            for (int job = 0; job < MOST_JOBS; ++job) {
                assert_int_equal(t.done[job], job < jobs[k] ? 1 : 0);
            }
            assert_int_equal(t.strange_workers, 0);
            assert_int_equal(t.strange_threads, 0);
        }
        traj_pool_destroy(pool);
    }
}

typedef struct squares {
    int factor;
    long result[16];
} squares;

static void square(void *context, int job, int worker)
{
    (void)worker;
    squares *s = context;
    s->result[job] = (long)s->factor * job * job;
}

/* Each run reads, without atomics, what the caller wrote before it, and the caller reads its
 * results: a missing barrier shows here, or at the latest under the thread sanitizer. */
static void many_runs_see_each_others_memory(void **state)
{
    (void)state;
    traj_pool *pool;
    assert_int_equal(traj_pool_new(&pool, 3, NULL), TRAJ_OK);
    squares s;
    for (int run = 1; run <= 3000; ++run) {
        s.factor = run;
        traj_pool_run(pool, square, &s, 16);
        for (int job = 0; job < 16; ++job) assert_int_equal(s.result[job], (long)run * job * job);
    }
    traj_pool_destroy(pool);
}

static pthread_mutex_t meeting_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t meeting_full = PTHREAD_COND_INITIALIZER;

/* Returns only once all jobs are in here together: with too few threads at work it would hang. */
static void meet(void *context, int job, int worker)
{
    (void)job, (void)worker;
    int *missing = context;
    (void)pthread_mutex_lock(&meeting_lock);
    if (--*missing == 0) (void)pthread_cond_broadcast(&meeting_full);
    while (*missing > 0) (void)pthread_cond_wait(&meeting_full, &meeting_lock);
    (void)pthread_mutex_unlock(&meeting_lock);
}

static void jobs_run_at_the_same_time(void **state)
{
    (void)state;
    traj_pool *pool;
    assert_int_equal(traj_pool_new(&pool, 4, NULL), TRAJ_OK);
    int missing = 4;
    traj_pool_run(pool, meet, &missing, 4);
    assert_int_equal(missing, 0);
    traj_pool_destroy(pool);
}

static void there_is_a_processor(void **state)
{
    (void)state;
    assert_in_range(traj_processors(), 1, 1 << 16);
}

int test_pool(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_can_fail),
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(every_job_runs_once),
        cmocka_unit_test(many_runs_see_each_others_memory),
        cmocka_unit_test(jobs_run_at_the_same_time),
        cmocka_unit_test(there_is_a_processor),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
