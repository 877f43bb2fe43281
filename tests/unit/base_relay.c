#include "traj/base/relay.h"
#include "unit/base_groups.h"
#include "unit/check.h"
#include <sched.h>
#include <stdatomic.h>

enum { SLOTS = 4, FEW = 2 };

typedef struct piece {
    int number, made;
} piece;

typedef struct line { /* numbers 0, 1, 2, ... through slots */
    piece slot[TRAJ_RELAY_SLOTS];
    int slots, last, stop_at;
    int taken, taken_wrong; /* by whoever takes, one at a time */
    int used, used_wrong;   /* likewise */
    atomic_int taking, making, using, most_making;
} line;

static bool take(void *context, int slot)
{
    line *const l = context;
    l->taken_wrong += atomic_fetch_add(&l->taking, 1) != 0 || slot != l->taken % l->slots;
    l->slot[slot] = (piece){.number = l->taken, .made = -1};
    const bool more = l->taken++ != l->last;
    atomic_fetch_sub(&l->taking, 1);
    return more;
}

static void make(void *context, int slot)
{
    line *const l = context;
    const int making = atomic_fetch_add(&l->making, 1) + 1;
    int most = atomic_load(&l->most_making);
    while (making > most && !atomic_compare_exchange_weak(&l->most_making, &most, making)) {
    }
    if (l->slot[slot].number % 7 == 0) (void)sched_yield(); /* some take longer than others */
    l->slot[slot].made = 3 * l->slot[slot].number;
    atomic_fetch_sub(&l->making, 1);
}

static bool use(void *context, int slot)
{
    line *const l = context;
    const piece expected = {l->used, 3 * l->used};
    l->used_wrong += slot != l->used % l->slots || l->slot[slot].number != expected.number ||
                     l->slot[slot].made != expected.made;
    l->used_wrong += atomic_fetch_add(&l->using, 1) != 0;
    const bool more = l->used++ != l->stop_at;
    atomic_fetch_sub(&l->using, 1);
    return more;
}

static line run(int last, int stop_at, int slots, int threads)
{
    line l = {.slots = slots, .last = last, .stop_at = stop_at};
    const traj_relay relay = {&l, take, make, use, slots, threads};
    traj_relay_run(&relay);
    assert_int_equal(l.taken_wrong + l.used_wrong, 0);
    assert_in_range(l.most_making, 1, threads);
    return l;
}

static void everything_taken_is_made_and_used_in_order(void **state)
{
    (void)state;
    const int lasts[] = {0, 1, SLOTS - 1, SLOTS, 10000};
    for (size_t i = 0; i < sizeof lasts / sizeof *lasts; i++)
        for (int threads = 1; threads <= 3; threads++)
            for (int slots = 1; slots <= SLOTS; slots++) {
                const line l = run(lasts[i], -1, slots, threads);
                assert_int_equal(l.taken, lasts[i] + 1);
                assert_int_equal(l.used, lasts[i] + 1);
            }
}

static void no_more_is_taken_than_slots_when_the_user_stops(void **state)
{
    (void)state;
    for (int stop_at = 0; stop_at < 50; stop_at++) {
        const line l = run(1000000, stop_at, SLOTS, 3);
        assert_int_equal(l.used, stop_at + 1);
        assert_in_range(l.taken, stop_at + 1, stop_at + 1 + SLOTS);
    }
}

static void no_slots(void)
{
    const traj_relay relay = {NULL, take, make, use, 0, 1};
    traj_relay_run(&relay);
}

static void no_threads(void)
{
    const traj_relay relay = {NULL, take, make, use, FEW, 0};
    traj_relay_run(&relay);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(no_slots));
    assert_true(check_aborts(no_threads));
}

int test_relay(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_taken_is_made_and_used_in_order),
        cmocka_unit_test(no_more_is_taken_than_slots_when_the_user_stops),
        cmocka_unit_test(mistakes_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
