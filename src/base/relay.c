/* One mutex guards the counts. A slot belongs to whoever takes and makes it until it is made, then
 * to whoever uses it: mostly the same thread, in whose processor's cache it is. */
#include "traj/base/relay.h"
#include "traj/base/assert.h"
#include <pthread.h>

typedef struct relay_run {
    const traj_relay *relay; /* view */
    pthread_mutex_t lock;    /* guards all below */
    pthread_cond_t changed;
    unsigned long taken, used;
    bool taking, using; /* somebody is in take, in use */
    bool taken_last, stop;
    bool made[TRAJ_RELAY_SLOTS];
} relay_run;

static int slot_of(const relay_run *run, unsigned long number)
{
    return (int)(number % (unsigned long)run->relay->slots);
}

static bool can_take(const relay_run *run)
{
    return !run->stop && !run->taken_last && !run->taking &&
           run->taken - run->used < (unsigned long)run->relay->slots;
}

/* The lock is held before and after, not meanwhile: so it is in the next. */
static void take_and_make(relay_run *run)
{
    const traj_relay *const relay = run->relay;
    const int slot = slot_of(run, run->taken);
    run->taking = true;
    run->made[slot] = false;
    (void)pthread_mutex_unlock(&run->lock);
    const bool more = relay->take(relay->context, slot);
    (void)pthread_mutex_lock(&run->lock);
    run->taking = false;
    run->taken++;
    run->taken_last = !more;
    (void)pthread_cond_broadcast(&run->changed);
    (void)pthread_mutex_unlock(&run->lock);
    relay->make(relay->context, slot);
    (void)pthread_mutex_lock(&run->lock);
    run->made[slot] = true;
    (void)pthread_cond_broadcast(&run->changed);
}

static bool can_use(const relay_run *run)
{
    return !run->stop && !run->using && run->used < run->taken &&
           run->made[slot_of(run, run->used)];
}

static void use_one(relay_run *run)
{
    run->using = true;
    (void)pthread_mutex_unlock(&run->lock);
    const bool more = run->relay->use(run->relay->context, slot_of(run, run->used));
    (void)pthread_mutex_lock(&run->lock);
    run->using = false;
    run->used++;
    run->stop = !more;
    (void)pthread_cond_broadcast(&run->changed);
}

static void *work(void *argument)
{
    relay_run *const run = argument;
    (void)pthread_mutex_lock(&run->lock);
    while (!run->stop && !(run->taken_last && run->used == run->taken)) {
        if (can_use(run))
            use_one(run);
        else if (can_take(run))
            take_and_make(run);
        else
            (void)pthread_cond_wait(&run->changed, &run->lock);
    }
    (void)pthread_mutex_unlock(&run->lock);
    return NULL;
}

void traj_relay_run(const traj_relay *relay)
{
    TRAJ_ASSERT(relay->slots >= 1 && relay->slots <= TRAJ_RELAY_SLOTS && relay->threads >= 1);
    relay_run run = {.relay = relay};
    pthread_t helper[TRAJ_RELAY_SLOTS];
    int helpers = 0;
    /* With default attributes these two cannot fail on the systems we build for. */
    (void)pthread_mutex_init(&run.lock, NULL);
    (void)pthread_cond_init(&run.changed, NULL);
    while (helpers < relay->threads - 1 && helpers < relay->slots &&
           pthread_create(&helper[helpers], NULL, work, &run) == 0)
        helpers++;
    (void)work(&run);
    for (int h = 0; h < helpers; h++) (void)pthread_join(helper[h], NULL);
    (void)pthread_cond_destroy(&run.changed);
    (void)pthread_mutex_destroy(&run.lock);
}
