/* See traj/io/map.h. */
#include "traj/io/map.h"

#include "traj/base/assert.h"
#include "traj/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file's memory and its size; NULL with errno set. */
static char *map_file(const char *path, size_t *size)
{
    struct stat info;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return NULL;
    void *bytes = MAP_FAILED;
    if (fstat(descriptor, &info) == 0) {
        *size = (size_t)info.st_size;
        bytes = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
    }
    const int reason = errno;
    close(descriptor);
    errno = reason;
    return bytes == MAP_FAILED ? NULL : bytes;
}

traj_status traj_map_open(traj_map **map, const char *path, traj_error *err)
{
    TRAJ_ASSERT(map && path);
    traj_map *const fresh = traj_alloc(1, sizeof *fresh);
    if (!fresh) return traj_fail_memory(err, path);
    fresh->bytes = map_file(path, &fresh->size);
    if (!fresh->bytes) {
        const traj_status status =
            traj_fail(err, TRAJ_E_IO, "cannot read '%s': %s", path, strerror(errno));
        traj_free(fresh);
        return status;
    }
    fresh->users = 1;
    *map = fresh;
    return TRAJ_OK;
}

traj_map *traj_map_share(traj_map *map)
{
    map->users++;
    return map;
}

void traj_map_close(traj_map *map)
{
    if (!map || --map->users > 0) return;
    munmap(map->bytes, map->size);
    traj_free(map);
}
