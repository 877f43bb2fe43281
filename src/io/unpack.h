/* gzip, bzip2 and zstd, taken apart as they are read. */
#ifndef TRAJ_IO_UNPACK_H
#define TRAJ_IO_UNPACK_H

#include "traj/base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct traj_unpack traj_unpack;

/* The next bytes of the archive, at most `room`; *got 0: there are no more. */
typedef traj_status traj_unpack_pull(void *context, char *to, size_t room, size_t *got,
                                     traj_error *err);

/* What an archive is known by lies in its first bytes, so many at most. */
enum { TRAJ_UNPACK_MAGIC = 10, TRAJ_UNPACK_CHUNK = 1 << 16 };
bool traj_unpack_knows(const char *bytes, size_t size);

/* bytes: the first of the archive, at most TRAJ_UNPACK_CHUNK; the rest is pulled. name: of the
 * file, a view, for messages. *unpack is set only on success. Errors: TRAJ_E_MEMORY. */
traj_status traj_unpack_open(traj_unpack **unpack, const char *name, const char *bytes, size_t size,
                             traj_error *err);
void traj_unpack_close(traj_unpack *unpack); /* NULL: nothing */

/* At least one unpacked byte into `to`, at most `room`; *got 0: the end. Archives one behind the
 * other are one. Errors: those of pull, TRAJ_E_MEMORY, TRAJ_E_DATA: cut short, damaged, or a bomb,
 * which is what unpacks to 64 MiB and more than 256 times its own size: tracking data unpack to
 * about 5 to 30 times, bombs to 1000 times and more. */
traj_status traj_unpack_read(traj_unpack *unpack, traj_unpack_pull *pull, void *context, char *to,
                             size_t room, size_t *got, traj_error *err);

#endif
