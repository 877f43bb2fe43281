/* What tells contents apart: 128 bits of XXH3. Two different contents have the same digest once in
 * 10^38; it is no defence against who makes such a pair on purpose. Source: Y. Collet, xxHash. */
#ifndef TRAJ_IO_DIGEST_H
#define TRAJ_IO_DIGEST_H

#include "traj/base/status.h"
#include <stddef.h>
#include <stdint.h>

typedef struct traj_digest {
    uint64_t word[2];
} traj_digest;

/* Cost: some 10 GB/s. Threads: any. */
traj_digest traj_digest_of(const void *bytes, size_t size);

/* digest = that of what it was of, and then of these bytes. */
void traj_digest_add(traj_digest *digest, const void *bytes, size_t size);

/* Of a whole open file, whatever has been read of it, by several threads: its size and the digests
 * of its pieces. Where it stands in the file does not change. Errors: TRAJ_E_IO with the name (no
 * plain file, or one that becomes shorter meanwhile), TRAJ_E_MEMORY, TRAJ_E_FAILED (no threads). */
traj_status traj_digest_descriptor(int descriptor, const char *name, traj_digest *digest,
                                   traj_error *err);

/* Of the program that runs; where the system does not show it, TRAJ_E_IO. */
traj_status traj_digest_program(traj_digest *digest, traj_error *err);

#endif
