/* cJSON asks functions of ours for memory, which ask a pool while one is in use in their thread. */
#include "json_pool.h"
#include "traj/base/memory.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 1 << 16, ALIGNMENT = 16 };

struct traj_json_pool_block {
    traj_json_pool_block *next; /* owned */
    size_t used, size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

static _Thread_local traj_json_pool *in_use; /* view */

static traj_json_pool_block *add_block(traj_json_pool *pool, size_t bytes)
{
    const size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    traj_json_pool_block *const fresh = traj_alloc(sizeof *fresh + size, 1);
    if (!fresh) return NULL;
    fresh->size = size;
    *(pool->current ? &pool->current->next : &pool->first) = fresh;
    return fresh;
}

/* The next block with room for so many bytes; those that come before it are done with. */
static traj_json_pool_block *find_block(traj_json_pool *pool, size_t bytes)
{
    traj_json_pool_block *block = pool->current ? pool->current : pool->first;
    while (block && block->size - block->used < bytes) {
        pool->current = block;
        block = block->next;
    }
    return block ? block : add_block(pool, bytes);
}

static void *pool_malloc(size_t size)
{
    if (!in_use) return malloc(size);
    const size_t bytes = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    traj_json_pool_block *const block = bytes < size ? NULL : find_block(in_use, bytes);
    if (!block) {
        errno = ENOMEM; /* as malloc does */
        return NULL;
    }
    in_use->current = block;
    block->used += bytes;
    return block->bytes + block->used - bytes;
}

/* While a pool is in use, cJSON frees only what it allocated since: the rests of a broken text. */
static void pool_free(void *memory)
{
    if (!in_use) free(memory);
}

static void install(void)
{
    cJSON_Hooks hooks = {pool_malloc, pool_free};
    cJSON_InitHooks(&hooks);
}

void traj_json_pool_begin(traj_json_pool *pool)
{
    static pthread_once_t installed = PTHREAD_ONCE_INIT;
    (void)pthread_once(&installed, install);
    in_use = pool;
}

void traj_json_pool_end(void)
{
    in_use = NULL;
}

void traj_json_pool_delete(traj_json_pool *pool, cJSON *tree)
{
    const bool from_pool = pool->first && pool->first->used > 0;
    if (!from_pool) cJSON_Delete(tree); /* somebody else gives cJSON its memory: a test */
    for (traj_json_pool_block *block = pool->first; block; block = block->next) block->used = 0;
    pool->current = NULL;
}

void traj_json_pool_free(traj_json_pool *pool)
{
    while (pool->first) {
        traj_json_pool_block *const first = pool->first;
        pool->first = first->next;
        traj_free(first);
    }
    *pool = (traj_json_pool){0};
}
