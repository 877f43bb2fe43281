/* Heap memory with overflow-checked sizes and a way for tests to make the n-th allocation fail. */
#ifndef TRAJ_BASE_MEMORY_H
#define TRAJ_BASE_MEMORY_H

#include <stddef.h>

/* count * size bytes, zeroed, 64-byte aligned; NULL when memory ends or the product overflows. Free
 * with traj_free. count or size 0 gives a valid pointer. Blocks from 4 MiB on ask Linux for huge
 * pages. Threads: any. */
void *traj_alloc(size_t count, size_t size);

/* Grows *items (owned, from traj_alloc or NULL) so that it holds at least `needed` items of `size`
 * bytes, doubling *capacity; new items are zero. Returns 0, or -1 leaving everything as it was. */
int traj_grow(void *items, size_t *capacity, size_t needed, size_t size);

/* Gives *items (owned or NULL) room for `count` items of `size` bytes and keeps the first `held`.
 * The others are not zeroed, and their memory is not touched: room that is not needed costs
 * addresses only. Small blocks are aligned as malloc does it, otherwise as traj_alloc. Returns 0,
 * or -1 leaving everything as it was. */
int traj_resize(void *items, size_t held, size_t count, size_t size);

/* For the start of a program: has the C library give large blocks back to the system as soon as
 * they are freed, rather than keep them between others. */
void traj_memory_settle(void);

/* A copy of text, or NULL when memory ends. */
char *traj_strdup(const char *text);

void traj_free(void *pointer);

/* For tests: the n-th allocation from now (1 = the next) fails once; 0 turns this off. Not for
 * threads. */
void traj_alloc_fail_at(long n);

/* How many allocations were made since the start of the process: the training loop must not change
 * it. */
unsigned long traj_alloc_count(void);

#endif
