#ifdef __linux__
#define _DEFAULT_SOURCE /* madvise */
#endif
#include "traj/base/memory.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { ALIGNMENT = 64, HUGE_PAGE = 1 << 21, LARGE = 2 * HUGE_PAGE, SMALLEST_CAPACITY = 8 };

static atomic_ulong allocations;
static long fail_countdown; /* for tests: 0 = off */

static bool must_fail(void)
{
    return fail_countdown > 0 && --fail_countdown == 0;
}

/* A model's trace is tens of megabytes that are walked from end to end: on pages of 4 KiB every few
 * rows would miss the table of addresses. Advice only: a kernel that says no changes nothing. */
static void advise_huge_pages(void *memory, size_t bytes)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    (void)madvise(memory, bytes, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)bytes;
#endif
}

/* Counts an allocation. False: it must fail. */
static bool allowed(size_t count, size_t size)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    return !must_fail() && (size == 0 || count <= (SIZE_MAX - HUGE_PAGE) / size);
}

/* For at least so many bytes; *bytes: of the block, set here. */
static void *allocate(size_t *bytes)
{
    /* aligned_alloc wants a multiple of the alignment; never 0, whose result may be NULL. */
    const size_t alignment = *bytes < LARGE ? ALIGNMENT : HUGE_PAGE;
    *bytes = (*bytes + alignment - 1) / alignment * alignment;
    if (*bytes == 0) *bytes = alignment;
    void *memory = aligned_alloc(alignment, *bytes);
    if (memory && alignment == HUGE_PAGE) advise_huge_pages(memory, *bytes);
    return memory;
}

void *traj_alloc(size_t count, size_t size)
{
    if (!allowed(count, size)) return NULL;
    size_t bytes = count * size;
    void *memory = allocate(&bytes);
    if (memory) memset(memory, 0, bytes);
    return memory;
}

/* A block that is large gets pages of its own, and what is held is copied: the C library would move
 * it to where huge pages fall apart. */
static void *reallocate(void *old, size_t held_bytes, size_t bytes)
{
    if (bytes < LARGE) return realloc(old, bytes > 0 ? bytes : 1);
    void *larger = allocate(&bytes);
    if (!larger) return NULL;
    if (held_bytes > 0) memcpy(larger, old, held_bytes);
    traj_free(old);
    return larger;
}

int traj_resize(void *items, size_t held, size_t count, size_t size)
{
    if (!allowed(count, size)) return -1;
    /* *items is a pointer of the caller's type: read and written by its bytes, as its type is
     * unknown here. */
    void *old = NULL;
    memcpy(&old, items, sizeof old);
    void *const larger = reallocate(old, held * size, count * size);
    if (!larger) return -1;
    memcpy(items, &larger, sizeof larger);
    return 0;
}

void traj_memory_settle(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, LARGE); /* otherwise it rises with what is freed */
#endif
}

int traj_grow(void *items, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity) return 0;
    size_t wanted = *capacity <= SIZE_MAX / 2 ? *capacity * 2 : needed;
    if (wanted < needed) wanted = needed;
    if (wanted < SMALLEST_CAPACITY) wanted = SMALLEST_CAPACITY;

    void *larger = traj_alloc(wanted, size);
    if (!larger) return -1;
    void *old = NULL; /* by its bytes, as above */
    memcpy(&old, items, sizeof old);
    if (old) memcpy(larger, old, *capacity * size);
    memcpy(items, &larger, sizeof larger);
    traj_free(old);
    *capacity = wanted;
    return 0;
}

char *traj_strdup(const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = traj_alloc(bytes, 1);
    if (copy) memcpy(copy, text, bytes);
    return copy;
}

void traj_free(void *pointer)
{
    free(pointer);
}

void traj_alloc_fail_at(long n)
{
    fail_countdown = n;
}

unsigned long traj_alloc_count(void)
{
    return atomic_load_explicit(&allocations, memory_order_relaxed);
}
