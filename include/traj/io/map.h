/* A file as memory. */
#ifndef TRAJ_IO_MAP_H
#define TRAJ_IO_MAP_H

#include "traj/base/status.h"
#include <stddef.h>

typedef struct traj_map {
    char *bytes; /* owned [size], at the beginning of a page: the file's */
    size_t size;
    int users; /* the last who closes it ends it */
} traj_map;

/* Nothing is read before it is looked at, and what is written into the memory stays in this
 * process. The file must not be cut shorter meanwhile; it may be replaced or removed. *map is set
 * only on success. Errors: TRAJ_E_IO (an empty file, too), TRAJ_E_MEMORY. Threads: one at
 * a time. */
traj_status traj_map_open(traj_map **map, const char *path, traj_error *err);
traj_map *traj_map_share(traj_map *map); /* one user more: the map itself */
void traj_map_close(traj_map *map);      /* NULL: nothing */

#endif
