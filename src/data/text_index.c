/* Open addressing with linear steps; at most half full. */
#include "text_index.h"

#include "traj/base/memory.h"

#include <string.h>

#define FNV_PRIME UINT64_C(0x100000001b3)

uint64_t traj_hash_text(uint64_t seed, const char *text)
{
    uint64_t hash = seed ^ UINT64_C(0xcbf29ce484222325);
    for (;; text++) {
        hash = (hash ^ (unsigned char)*text) * FNV_PRIME;
        if (*text == '\0') return hash ^ (hash >> 29);
    }
}

uint64_t traj_hash_number(uint64_t seed, uint64_t number)
{
    uint64_t hash = (seed ^ number) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 32);
}

uint32_t traj_text_index_next(const traj_text_index *index, uint64_t hash, size_t *slot)
{
    if (index->capacity == 0) return TRAJ_INDEX_NONE;
    size_t mask = index->capacity - 1;
    size_t at = *slot == SIZE_MAX ? (size_t)hash & mask : (*slot + 1) & mask;
    for (; index->value[at] != 0; at = (at + 1) & mask) {
        if (index->hash[at] != hash) continue;
        *slot = at;
        return index->value[at] - 1;
    }
    return TRAJ_INDEX_NONE;
}

static void put(traj_text_index *index, uint64_t hash, uint32_t stored)
{
    size_t mask = index->capacity - 1, at = (size_t)hash & mask;
    while (index->value[at] != 0) at = (at + 1) & mask;
    index->hash[at] = hash;
    index->value[at] = stored;
    index->count++;
}

static int rehash(traj_text_index *index, size_t capacity)
{
    traj_text_index larger = {.capacity = capacity};
    larger.hash = traj_alloc(capacity, sizeof *larger.hash);
    larger.value = traj_alloc(capacity, sizeof *larger.value);
    if (larger.hash == NULL || larger.value == NULL) {
        traj_text_index_free(&larger);
        return -1;
    }
    for (size_t i = 0; i < index->capacity; i++)
        if (index->value[i] != 0) put(&larger, index->hash[i], index->value[i]);
    traj_text_index_free(index);
    *index = larger;
    return 0;
}

int traj_text_index_add(traj_text_index *index, uint64_t hash, uint32_t value)
{
    if (2 * (index->count + 1) > index->capacity &&
        rehash(index, index->capacity == 0 ? 64 : 2 * index->capacity) != 0)
        return -1;
    put(index, hash, value + 1);
    return 0;
}

void traj_text_index_free(traj_text_index *index)
{
    traj_free(index->hash);
    traj_free(index->value);
    memset(index, 0, sizeof *index);
}
