/* A hash index: finds the number of a thing by the hash of its name. The things themselves, and how
 * two of them compare, stay with the caller: it asks for candidates one after the other. */
#ifndef TRAJ_DATA_TEXT_INDEX_H
#define TRAJ_DATA_TEXT_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define TRAJ_INDEX_NONE UINT32_MAX

typedef struct traj_text_index {
    uint64_t *hash;  /* owned [capacity] */
    uint32_t *value; /* owned [capacity]; stored plus one, so that 0 means empty */
    size_t capacity; /* a power of two, or 0 */
    size_t count;
} traj_text_index;

/* FNV-1a (Fowler, Noll, Vo), continued from seed; the ending NUL counts, so "a","b" is not "ab". */
uint64_t traj_hash_text(uint64_t seed, const char *text);
uint64_t traj_hash_number(uint64_t seed, uint64_t number);

/* The next value stored under hash. *slot: SIZE_MAX asks for the first; pass it back for the one
 * after. */
uint32_t traj_text_index_next(const traj_text_index *index, uint64_t hash, size_t *slot);

/* Returns 0, or -1 when memory ends, leaving the index as it was. */
int traj_text_index_add(traj_text_index *index, uint64_t hash, uint32_t value);
void traj_text_index_free(traj_text_index *index);

#endif
