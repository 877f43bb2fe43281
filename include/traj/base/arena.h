/* A fixed block of scratch memory, handed out front to back and taken back by marks.
 *
 *   base                 mark                  used                                  size
 *    |  kept by the caller |  this time step's   |  free (poisoned under ASan)          |
 *
 * One arena per worker; sized before work starts, never grows. Overrun is our own mistake and
 * asserts. A dry arena (memory == NULL) counts only: run the same carving code against it to learn
 * the size. */
#ifndef TRAJ_BASE_ARENA_H
#define TRAJ_BASE_ARENA_H

#include "traj/base/real.h"
#include "traj/base/status.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct traj_arena {
    unsigned char *memory; /* owned; NULL in a dry arena */
    size_t size;           /* bytes */
    size_t used;           /* bytes, multiple of 64 */
    size_t peak;           /* largest `used` so far */
    bool poison_nan;       /* tests: fill what is handed out with NaN */
} traj_arena;

/* A dry arena: traj_arena_take returns NULL and only counts. */
void traj_arena_init_dry(traj_arena *arena);

/* Reserves size bytes. Errors: TRAJ_E_MEMORY. Free with traj_arena_free. */
traj_status traj_arena_init(traj_arena *arena, size_t size, traj_error *err);
void traj_arena_free(traj_arena *arena);

/* count items of size bytes, 64-byte aligned, uninitialised (NaN under poison_nan). NULL only in a
 * dry arena. */
void *traj_arena_take(traj_arena *arena, size_t count, size_t size);

/* The usual case: count reals. */
traj_real *traj_arena_reals(traj_arena *arena, size_t count);

size_t traj_arena_mark(const traj_arena *arena);
void traj_arena_release(traj_arena *arena, size_t mark);

#endif
