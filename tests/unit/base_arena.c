#include "traj/base/arena.h"
#include "traj/base/memory.h"
#include "unit/base_groups.h"
#include "unit/check.h"
#include <math.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN
#endif
#ifdef UNDER_ASAN
#include <sanitizer/asan_interface.h>
#endif

static void reserving_can_fail(void **state)
{
    (void)state;
    traj_arena arena;
    traj_error err;
    traj_alloc_fail_at(1);
    assert_int_equal(traj_arena_init(&arena, 4096, &err), TRAJ_E_MEMORY);
    assert_non_null(strstr(err.text, "4096"));
    traj_arena_free(&arena); /* harmless after a failure */
}

static void overrun(void)
{
    traj_arena arena;
    if (traj_arena_init(&arena, 128, NULL) != TRAJ_OK) return;
    (void)traj_arena_take(&arena, 129, 1);
}

static void size_overflow(void)
{
    traj_arena arena;
    traj_arena_init_dry(&arena);
    (void)traj_arena_take(&arena, SIZE_MAX / 2, 3);
}

static void release_of_the_future(void)
{
    traj_arena arena;
    traj_arena_init_dry(&arena);
    traj_arena_release(&arena, 64);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(overrun));
    assert_true(check_aborts(size_overflow));
    assert_true(check_aborts(release_of_the_future));
}

/* Carves odd sizes with a mark in between; returns the addresses through out [3]. */
static void carve(traj_arena *arena, void **out)
{
    out[0] = traj_arena_take(arena, 3, 7);
    size_t mark = traj_arena_mark(arena);
    out[1] = traj_arena_reals(arena, 100);
    traj_arena_release(arena, mark);
    out[2] = traj_arena_reals(arena, 1);
}

static void dry_run_learns_the_size(void **state)
{
    (void)state;
    traj_arena dry, arena;
    void *nowhere[3], *place[3];
    traj_arena_init_dry(&dry);
    carve(&dry, nowhere);
    for (int i = 0; i < 3; ++i) assert_null(nowhere[i]);
    assert_int_equal(dry.peak, 64 + (100 * sizeof(traj_real) + 63) / 64 * 64);

    assert_int_equal(traj_arena_init(&arena, dry.peak, NULL), TRAJ_OK);
    carve(&arena, place);
    assert_int_equal(arena.used, dry.used);
    assert_int_equal(arena.peak, dry.peak);
    traj_arena_free(&arena);
}

static void pieces_are_aligned_and_reused_after_release(void **state)
{
    (void)state;
    traj_arena arena;
    void *place[3];
    assert_int_equal(traj_arena_init(&arena, 4096, NULL), TRAJ_OK);
    carve(&arena, place);
    for (int i = 0; i < 3; ++i) assert_int_equal((uintptr_t)place[i] % 64, 0);
    assert_ptr_equal((unsigned char *)place[0] + 64, place[1]);
    assert_ptr_equal(place[1], place[2]);
    traj_arena_free(&arena);
}

static void empty_piece_takes_no_room(void **state)
{
    (void)state;
    traj_arena arena;
    assert_int_equal(traj_arena_init(&arena, 0, NULL), TRAJ_OK);
    assert_non_null(traj_arena_take(&arena, 0, 8));
    assert_int_equal(arena.used, 0);
    traj_arena_free(&arena);
}

static void nan_fills_what_is_handed_out(void **state)
{
    (void)state;
    traj_arena arena;
    assert_int_equal(traj_arena_init(&arena, 4096, NULL), TRAJ_OK);
    arena.poison_nan = true;
    for (int round = 0; round < 2; ++round) { /* used memory is filled again */
        size_t mark = traj_arena_mark(&arena);
        traj_real *reals = traj_arena_reals(&arena, 33);
        for (int i = 0; i < 33; ++i) {
            assert_true(isnan(reals[i]));
            reals[i] = 1;
        }
        traj_arena_release(&arena, mark);
    }
    traj_arena_free(&arena);
}

static void released_memory_is_forbidden_under_asan(void **state)
{
    (void)state;
#ifdef UNDER_ASAN
    traj_arena arena;
    assert_int_equal(traj_arena_init(&arena, 4096, NULL), TRAJ_OK);
    assert_true(__asan_address_is_poisoned(arena.memory));
    unsigned char *piece = traj_arena_take(&arena, 8, 1);
    assert_false(__asan_address_is_poisoned(piece + 7));
    assert_true(__asan_address_is_poisoned(piece + 8));
    traj_arena_release(&arena, 0);
    assert_true(__asan_address_is_poisoned(piece));
    traj_arena_free(&arena);
#else
    skip();
#endif
}

int test_arena(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reserving_can_fail),
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(dry_run_learns_the_size),
        cmocka_unit_test(pieces_are_aligned_and_reused_after_release),
        cmocka_unit_test(empty_piece_takes_no_room),
        cmocka_unit_test(nan_fills_what_is_handed_out),
        cmocka_unit_test(released_memory_is_forbidden_under_asan),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
