/* See traj/io/digest.h. A file is cut into pieces that fit into a processor's own memory: reading
 * and digesting each in turn is as fast as reading alone. */
#include "traj/io/digest.h"

#include "traj/base/memory.h"
#include "traj/base/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { PIECE = 1 << 18, MOST_THREADS = 4 };

#define SMALL ((size_t)1 << 22) /* a thread costs more than it brings */

typedef struct pieces {
    int descriptor;
    size_t size;
    char *buffer;        /* owned [threads, PIECE] */
    traj_digest *digest; /* owned [pieces] */
    atomic_int reason;   /* errno of a read that failed; -1: the file has become shorter */
} pieces;

traj_digest traj_digest_of(const void *bytes, size_t size)
{
    const XXH128_hash_t hash = XXH3_128bits(bytes, size);
    return (traj_digest){{hash.low64, hash.high64}};
}

void traj_digest_add(traj_digest *digest, const void *bytes, size_t size)
{
    const traj_digest both[2] = {*digest, traj_digest_of(bytes, size)};
    *digest = traj_digest_of(both, sizeof both);
}

static void read_piece(void *context, int job, int worker)
{
    pieces *const all = context;
    char *const to = all->buffer + (size_t)worker * PIECE;
    const size_t begin = (size_t)job * PIECE, left = all->size - begin,
                 size = left < PIECE ? left : PIECE;
    for (size_t at = 0; at < size;) {
        const ssize_t got = pread(all->descriptor, to + at, size - at, (off_t)(begin + at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            atomic_store(&all->reason, got < 0 ? errno : -1);
            return;
        }
        at += (size_t)got;
    }
    all->digest[job] = traj_digest_of(to, size);
}

static traj_status read_pieces(pieces *all, int count, traj_error *err)
{
    const int processors = traj_processors();
    const int threads = all->size < SMALL           ? 1
                        : processors < MOST_THREADS ? processors
                                                    : MOST_THREADS;
    traj_pool *pool;
    all->buffer = traj_alloc((size_t)threads, PIECE);
    all->digest = traj_alloc((size_t)count, sizeof *all->digest);
    if (!all->buffer || !all->digest) return traj_fail_memory(err, "the digest of a file");
    const traj_status status = traj_pool_new(&pool, threads, err);
    if (status != TRAJ_OK) return status;
    traj_pool_run(pool, read_piece, all, count);
    traj_pool_destroy(pool);
    return TRAJ_OK;
}

traj_status traj_digest_descriptor(int descriptor, const char *name, traj_digest *digest,
                                   traj_error *err)
{
    struct stat info;
    if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size / PIECE >= INT_MAX)
        return traj_fail(err, TRAJ_E_IO, "%s: this is no plain file", name);
    pieces all = {.descriptor = descriptor, .size = (size_t)info.st_size};
    const size_t count = (all.size + PIECE - 1) / PIECE;
    traj_status status = read_pieces(&all, (int)count, err);
    const int reason = atomic_load(&all.reason);
    if (status == TRAJ_OK && reason != 0)
        status = traj_fail(err, TRAJ_E_IO, "cannot read '%s': %s", name,
                           reason > 0 ? strerror(reason) : "it has become shorter");
    if (status == TRAJ_OK) {
        const uint64_t size = all.size;
        *digest = traj_digest_of(&size, sizeof size);
        traj_digest_add(digest, all.digest, count * sizeof *all.digest);
    }
    traj_free(all.buffer);
    traj_free(all.digest);
    return status;
}

traj_status traj_digest_program(traj_digest *digest, traj_error *err)
{
    static const char path[] = "/proc/self/exe";
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return traj_fail(err, TRAJ_E_IO, "cannot read '%s'", path);
    const traj_status status = traj_digest_descriptor(descriptor, path, digest, err);
    close(descriptor);
    return status;
}
