#include "traj/base/arena.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include <stdint.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TRAJ_ASAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define TRAJ_ASAN
#endif

#ifdef TRAJ_ASAN
#include <sanitizer/asan_interface.h>
#endif

enum { ALIGNMENT = 64 };

/* Forbids the bytes [begin, end) to everybody, so that ASan reports a pointer kept past its
 * release. */
static void poison(traj_arena *arena, size_t begin, size_t end)
{
#ifdef TRAJ_ASAN
    if (arena->memory) __asan_poison_memory_region(arena->memory + begin, end - begin);
#else
    (void)arena, (void)begin, (void)end;
#endif
}

static void unpoison(traj_arena *arena, size_t begin, size_t end)
{
#ifdef TRAJ_ASAN
    if (arena->memory) __asan_unpoison_memory_region(arena->memory + begin, end - begin);
#else
    (void)arena, (void)begin, (void)end;
#endif
}

void traj_arena_init_dry(traj_arena *arena)
{
    *arena = (traj_arena){0};
}

traj_status traj_arena_init(traj_arena *arena, size_t size, traj_error *err)
{
    traj_arena_init_dry(arena);
    arena->memory = traj_alloc(size, 1);
    if (!arena->memory) {
        return traj_fail(err, TRAJ_E_MEMORY,
                         "cannot reserve %zu bytes of working memory: choose a smaller batch, "
                         "model or number of threads",
                         size);
    }
    arena->size = size;
    poison(arena, 0, size);
    return TRAJ_OK;
}

void traj_arena_free(traj_arena *arena)
{
    unpoison(arena, 0, arena->size);
    traj_free(arena->memory);
    traj_arena_init_dry(arena);
}

void *traj_arena_take(traj_arena *arena, size_t count, size_t size)
{
    TRAJ_ASSERT(size == 0 || count <= (SIZE_MAX - ALIGNMENT) / size);
    size_t bytes = count * size;
    size_t first = arena->used;
    size_t reserved = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    TRAJ_ASSERT(reserved <= SIZE_MAX - first);
    arena->used = first + reserved;
    if (arena->used > arena->peak) arena->peak = arena->used;
    if (!arena->memory) return NULL;

    TRAJ_ASSERT(arena->used <= arena->size);
    unpoison(arena, first, first + bytes);
    /* All bits set is a NaN in float and in double. */
    if (arena->poison_nan) memset(arena->memory + first, 0xff, bytes);
    return arena->memory + first;
}

traj_real *traj_arena_reals(traj_arena *arena, size_t count)
{
    return traj_arena_take(arena, count, sizeof(traj_real));
}

size_t traj_arena_mark(const traj_arena *arena)
{
    return arena->used;
}

void traj_arena_release(traj_arena *arena, size_t mark)
{
    TRAJ_ASSERT(mark <= arena->used && mark % ALIGNMENT == 0);
    poison(arena, mark, arena->used);
    arena->used = mark;
}
