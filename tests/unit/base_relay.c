#include "traj/base/relay.h"
#include "unit/base_groups.h"
#include "unit/check.h"
#include <pthread.h>
#include <sched.h>

enum { SLOTS = 3 };

typedef struct line { /* numbers 0, 1, 2, ... through slots */
    int slot[SLOTS];
    int made, last, used, stop_at;
    int made_wrong, used_wrong;
    pthread_t caller;
} line;

static bool make(void *context, int slot)
{
    line *const l = context;
    l->made_wrong += slot != l->made % SLOTS;
    l->slot[slot] = l->made;
    return l->made++ != l->last;
}

static bool use(void *context, int slot)
{
    line *const l = context;
    l->used_wrong += slot != l->used % SLOTS || l->slot[slot] != l->used;
    l->used_wrong += pthread_equal(pthread_self(), l->caller) == 0;
    if (l->used % 7 == 0) (void)sched_yield(); /* neither is always the faster one */
    return l->used++ != l->stop_at;
}

static line run(int last, int stop_at)
{
    line l = {.last = last, .stop_at = stop_at, .caller = pthread_self()};
    const traj_relay relay = {&l, make, use, SLOTS};
    traj_relay_run(&relay);
    return l;
}

static void everything_made_is_used_in_order(void **state)
{
    (void)state;
    const int lasts[] = {0, 1, SLOTS - 1, SLOTS, 10000};
    for (size_t i = 0; i < sizeof lasts / sizeof *lasts; i++) {
        const line l = run(lasts[i], -1);
        assert_int_equal(l.made_wrong + l.used_wrong, 0);
        assert_int_equal(l.made, lasts[i] + 1);
        assert_int_equal(l.used, lasts[i] + 1);
    }
}

static void no_more_is_made_than_slots_when_the_user_stops(void **state)
{
    (void)state;
    for (int stop_at = 0; stop_at < 50; stop_at++) {
        const line l = run(1000000, stop_at);
        assert_int_equal(l.made_wrong + l.used_wrong, 0);
        assert_int_equal(l.used, stop_at + 1);
        assert_in_range(l.made, stop_at + 1, stop_at + 1 + SLOTS);
    }
}

static void no_slots(void)
{
    const traj_relay relay = {NULL, make, use, 0};
    traj_relay_run(&relay);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(no_slots));
}

int test_relay(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_made_is_used_in_order),
        cmocka_unit_test(no_more_is_made_than_slots_when_the_user_stops),
        cmocka_unit_test(mistakes_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
