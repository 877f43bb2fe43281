/* One mutex guards the counts; a slot belongs to the maker from when it is used until it is made
 * again. */
#include "traj/base/relay.h"
#include "traj/base/assert.h"
#include <pthread.h>

typedef struct relay_run {
    const traj_relay *relay; /* view */
    pthread_mutex_t lock;    /* guards all below */
    pthread_cond_t made_one, used_one;
    unsigned long made, used;
    bool made_last, stop;
} relay_run;

static int slot_of(const relay_run *run, unsigned long number)
{
    return (int)(number % (unsigned long)run->relay->slots);
}

static void *make_all(void *argument)
{
    relay_run *const run = argument;
    (void)pthread_mutex_lock(&run->lock);
    while (!run->made_last && !run->stop) {
        if (run->made - run->used == (unsigned long)run->relay->slots) {
            (void)pthread_cond_wait(&run->used_one, &run->lock);
            continue;
        }
        const int slot = slot_of(run, run->made);
        (void)pthread_mutex_unlock(&run->lock);
        const bool more = run->relay->make(run->relay->context, slot);
        (void)pthread_mutex_lock(&run->lock);
        run->made++;
        run->made_last = !more;
        (void)pthread_cond_signal(&run->made_one);
    }
    (void)pthread_mutex_unlock(&run->lock);
    return NULL;
}

static void use_all(relay_run *run)
{
    (void)pthread_mutex_lock(&run->lock);
    while (!run->stop && !(run->made_last && run->used == run->made)) {
        if (run->used == run->made) {
            (void)pthread_cond_wait(&run->made_one, &run->lock);
            continue;
        }
        const int slot = slot_of(run, run->used);
        (void)pthread_mutex_unlock(&run->lock);
        const bool more = run->relay->use(run->relay->context, slot);
        (void)pthread_mutex_lock(&run->lock);
        run->used++;
        run->stop = !more;
        (void)pthread_cond_signal(&run->used_one);
    }
    (void)pthread_mutex_unlock(&run->lock);
}

static void take_turns(const traj_relay *relay)
{
    for (bool more = true; more;) {
        more = relay->make(relay->context, 0);
        more = relay->use(relay->context, 0) && more;
    }
}

void traj_relay_run(const traj_relay *relay)
{
    TRAJ_ASSERT(relay->slots >= 1);
    relay_run run = {.relay = relay};
    pthread_t maker;
    /* With default attributes these three cannot fail on the systems we build for. */
    (void)pthread_mutex_init(&run.lock, NULL);
    (void)pthread_cond_init(&run.made_one, NULL);
    (void)pthread_cond_init(&run.used_one, NULL);
    if (pthread_create(&maker, NULL, make_all, &run) == 0) {
        use_all(&run);
        (void)pthread_join(maker, NULL);
    } else {
        take_turns(relay);
    }
    (void)pthread_cond_destroy(&run.used_one);
    (void)pthread_cond_destroy(&run.made_one);
    (void)pthread_mutex_destroy(&run.lock);
}
