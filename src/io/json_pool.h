/* Memory for the tree of one JSON text at a time: what cJSON allocates while it parses is taken
 * from blocks front to back, and given back all at once. A tree has ten allocations a player and
 * frame, which cost more than reading its text. Internal to io. Threads: one at a time for a pool;
 * what other threads do with cJSON meanwhile goes its usual way. */
#ifndef TRAJ_IO_JSON_POOL_H
#define TRAJ_IO_JSON_POOL_H

#include <cjson/cJSON.h>
#include <stddef.h>

typedef struct traj_json_pool_block traj_json_pool_block;

typedef struct traj_json_pool {            /* {0}: empty */
    traj_json_pool_block *first, *current; /* owned; view: the last one used, NULL: none is */
} traj_json_pool;

/* From here to the end, what cJSON allocates in this thread is of the pool. Errors are cJSON's. */
void traj_json_pool_begin(traj_json_pool *pool);
void traj_json_pool_end(void);

/* Gives a tree back that was parsed between the two, and with it all that is of the pool. */
void traj_json_pool_delete(traj_json_pool *pool, cJSON *tree);
void traj_json_pool_free(traj_json_pool *pool);

#endif
