#include "traj/base/memory.h"
#include "unit/base_groups.h"
#include "unit/check.h"
#include <string.h>

static void overflow_gives_null(void **state)
{
    (void)state;
    assert_null(traj_alloc(SIZE_MAX / 2, 3));
    assert_null(traj_alloc(3, SIZE_MAX / 2));
    /* The product fits, rounding up to the alignment does not. */
    assert_null(traj_alloc(1, SIZE_MAX - 8));
}

static void nth_allocation_fails_once(void **state)
{
    (void)state;
    traj_alloc_fail_at(2);
    void *first = traj_alloc(1, 1);
    void *second = traj_alloc(1, 1);
    void *third = traj_alloc(1, 1);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    traj_free(first);
    traj_free(third);

    traj_alloc_fail_at(1);
    traj_alloc_fail_at(0);
    void *spared = traj_alloc(1, 1);
    assert_non_null(spared);
    traj_free(spared);
}

static void failed_growth_changes_nothing(void **state)
{
    (void)state;
    size_t capacity = 0;
    int *items = NULL;
    assert_int_equal(traj_grow(&items, &capacity, 3, sizeof *items), 0);
    int *before = items;
    size_t capacity_before = capacity;
    items[2] = 42;

    traj_alloc_fail_at(1);
    assert_int_equal(traj_grow(&items, &capacity, capacity + 1, sizeof *items), -1);
    assert_int_equal(traj_grow(&items, &capacity, SIZE_MAX / 2, sizeof *items), -1);
    assert_ptr_equal(items, before);
    assert_int_equal(capacity, capacity_before);
    assert_int_equal(items[2], 42);
    traj_free(items);
}

static void memory_is_zero_and_aligned(void **state)
{
    (void)state;
    for (size_t size = 0; size < 200; ++size) {
        unsigned char *memory = traj_alloc(size, 1);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % 64, 0);
        for (size_t i = 0; i < size; ++i) {
            assert_int_equal(memory[i], 0);
            memory[i] = 0xaa; /* the next round may get the same memory back */
        }
        traj_free(memory);
    }
    void *nothing = traj_alloc(5, 0);
    assert_non_null(nothing);
    traj_free(nothing);
}

static void growth_keeps_items_and_zeroes_new_ones(void **state)
{
    (void)state;
    size_t capacity = 0;
    double *items = NULL;
    size_t grown = 0;
    for (size_t n = 0; n < 1000; ++n) {
        size_t before = capacity;
        assert_int_equal(traj_grow(&items, &capacity, n + 1, sizeof *items), 0);
        assert_true(capacity > n);
        if (capacity != before) ++grown;
        assert_true(items[n] == 0.0);
        items[n] = (double)n;
    }
    for (size_t n = 0; n < 1000; ++n) assert_true(items[n] == (double)n);
    assert_in_range(grown, 1, 10); /* doubling: log2 1000 */
    traj_free(items);
}

/* Across the size from which blocks get pages of their own. */
static void resizing_keeps_what_is_held(void **state)
{
    (void)state;
    const size_t sizes[] = {3, 1000, 100, (size_t)1 << 20, (size_t)1 << 21, 50, 0};
    size_t held = 0;
    int *items = NULL;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        if (held > sizes[s]) held = sizes[s];
        assert_int_equal(traj_resize(&items, held, sizes[s], sizeof *items), 0);
        for (size_t i = 0; i < held; i++) assert_int_equal(items[i], (int)i);
        for (size_t i = held; i < sizes[s]; i++) items[i] = (int)i;
        held = sizes[s];
    }
    const int *const before = items;
    traj_alloc_fail_at(1);
    assert_int_equal(traj_resize(&items, 0, 10, sizeof *items), -1);
    assert_int_equal(traj_resize(&items, 0, SIZE_MAX / 2, sizeof *items), -1);
    assert_ptr_equal(items, before);
    traj_free(items);
}

static void allocations_are_counted(void **state)
{
    (void)state;
    unsigned long before = traj_alloc_count();
    traj_free(traj_alloc(1, 1));
    traj_free(traj_alloc(1, 1));
    assert_int_equal(traj_alloc_count() - before, 2);
}

static void text_is_copied(void **state)
{
    (void)state;
    traj_alloc_fail_at(1);
    assert_null(traj_strdup("text"));
    char *copy = traj_strdup("text");
    assert_string_equal(copy, "text");
    traj_free(copy);
}

int test_memory(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overflow_gives_null),
        cmocka_unit_test(nth_allocation_fails_once),
        cmocka_unit_test(failed_growth_changes_nothing),
        cmocka_unit_test(memory_is_zero_and_aligned),
        cmocka_unit_test(growth_keeps_items_and_zeroes_new_ones),
        cmocka_unit_test(resizing_keeps_what_is_held),
        cmocka_unit_test(allocations_are_counted),
        cmocka_unit_test(text_is_copied),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
