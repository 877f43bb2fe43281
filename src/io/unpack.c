/* See unpack.h. The three libraries work alike: each call takes bytes of the archive, gives
 * unpacked ones, and says whether the archive has ended. */
#include "unpack.h"

#include "traj/base/assert.h"
#include "traj/base/memory.h"

#include <bzlib.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { CHUNK = TRAJ_UNPACK_CHUNK, MOST_TIMES = 256, GZIP_ONLY = 16 };

#define HARMLESS ((uint64_t)64 << 20) /* bytes that may be unpacked from whatever it is */

typedef enum outcome { GOES_ON, ENDED, DAMAGED, TOO_WIDE, NO_MEMORY } outcome;

typedef struct window { /* what one call may take and give; afterwards what it left */
    char *in;
    size_t in_size;
    char *out;
    size_t out_size;
} window;

typedef struct packer { /* a way to pack, and how to undo it */
    const char *name;
    bool (*knows)(const char *bytes, size_t size);
    outcome (*open)(traj_unpack *unpack);
    outcome (*step)(traj_unpack *unpack, window *at);
    void (*close)(traj_unpack *unpack);
} packer;

struct traj_unpack {
    const packer *packer;
    const char *name; /* view */
    union {
        z_stream gzip;
        bz_stream bzip2;
        ZSTD_DStream *zstd; /* owned */
    } state;
    char in[CHUNK];
    size_t begin, end;         /* of what is in `in` */
    uint64_t packed, unpacked; /* bytes so far */
    bool within;               /* an archive has begun and not ended */
};

/* ---- gzip ---- */

static void *alloc_for_gzip(void *context, unsigned count, unsigned size)
{
    (void)context;
    return traj_alloc(count, size);
}

static void release(void *context, void *pointer)
{
    (void)context;
    traj_free(pointer);
}

static bool is_gzip(const char *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0;
}

static outcome open_gzip(traj_unpack *unpack)
{
    unpack->state.gzip = (z_stream){.zalloc = alloc_for_gzip, .zfree = release};
    return inflateInit2(&unpack->state.gzip, GZIP_ONLY + MAX_WBITS) == Z_OK ? GOES_ON : NO_MEMORY;
}

static outcome step_gzip(traj_unpack *unpack, window *at)
{
    z_stream *const z = &unpack->state.gzip;
    z->next_in = (unsigned char *)at->in;
    z->avail_in = (unsigned)at->in_size;
    z->next_out = (unsigned char *)at->out;
    z->avail_out = (unsigned)at->out_size;
    const int result = inflate(z, Z_NO_FLUSH);
    at->in_size = z->avail_in;
    at->out_size = z->avail_out;
    if (result == Z_MEM_ERROR) return NO_MEMORY;
    if (result == Z_STREAM_END) return inflateReset(z) == Z_OK ? ENDED : DAMAGED;
    return result == Z_OK || result == Z_BUF_ERROR ? GOES_ON : DAMAGED;
}

static void close_gzip(traj_unpack *unpack)
{
    (void)inflateEnd(&unpack->state.gzip);
}

/* ---- bzip2 ---- */

static void *alloc_for_bzip2(void *context, int count, int size)
{
    (void)context;
    return traj_alloc((size_t)count, (size_t)size);
}

static bool is_bzip2(const char *bytes, size_t size)
{
    /* then a block of data, or the end at once */
    return size >= TRAJ_UNPACK_MAGIC && memcmp(bytes, "BZh", 3) == 0 && bytes[3] >= '1' &&
           bytes[3] <= '9' &&
           (memcmp(bytes + 4, "1AY&SY", 6) == 0 ||
            memcmp(bytes + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

static outcome open_bzip2(traj_unpack *unpack)
{
    unpack->state.bzip2 = (bz_stream){.bzalloc = alloc_for_bzip2, .bzfree = release};
    return BZ2_bzDecompressInit(&unpack->state.bzip2, 0, 0) == BZ_OK ? GOES_ON : NO_MEMORY;
}

static void close_bzip2(traj_unpack *unpack)
{
    (void)BZ2_bzDecompressEnd(&unpack->state.bzip2);
}

static outcome step_bzip2(traj_unpack *unpack, window *at)
{
    bz_stream *const b = &unpack->state.bzip2;
    b->next_in = at->in;
    b->avail_in = (unsigned)at->in_size;
    b->next_out = at->out;
    b->avail_out = (unsigned)at->out_size;
    const int result = BZ2_bzDecompress(b);
    at->in_size = b->avail_in;
    at->out_size = b->avail_out;
    if (result == BZ_OK) return GOES_ON;
    if (result == BZ_MEM_ERROR) return NO_MEMORY;
    if (result != BZ_STREAM_END) return DAMAGED;
    close_bzip2(unpack);
    return open_bzip2(unpack) == GOES_ON ? ENDED : NO_MEMORY;
}

/* ---- zstd ---- */

static bool is_zstd(const char *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0;
}

static outcome open_zstd(traj_unpack *unpack)
{
    unpack->state.zstd = ZSTD_createDStream();
    return unpack->state.zstd ? GOES_ON : NO_MEMORY;
}

static outcome step_zstd(traj_unpack *unpack, window *at)
{
    ZSTD_inBuffer in = {at->in, at->in_size, 0};
    ZSTD_outBuffer out = {at->out, at->out_size, 0};
    const size_t result = ZSTD_decompressStream(unpack->state.zstd, &out, &in);
    at->in_size -= in.pos;
    at->out_size -= out.pos;
    if (result == 0) return ENDED;
    if (!ZSTD_isError(result)) return GOES_ON;
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return NO_MEMORY;
    case ZSTD_error_frameParameter_windowTooLarge:
        return TOO_WIDE;
    default:
        return DAMAGED;
    }
}

static void close_zstd(traj_unpack *unpack)
{
    (void)ZSTD_freeDStream(unpack->state.zstd);
}

/* ---- all alike ---- */

static const packer packers[] = {
    {"gzip", is_gzip, open_gzip, step_gzip, close_gzip},
    {"bzip2", is_bzip2, open_bzip2, step_bzip2, close_bzip2},
    {"zstd", is_zstd, open_zstd, step_zstd, close_zstd},
};

static const packer *find_packer(const char *bytes, size_t size)
{
    for (size_t c = 0; c < sizeof packers / sizeof *packers; c++)
        if (packers[c].knows(bytes, size)) return &packers[c];
    return NULL;
}

bool traj_unpack_knows(const char *bytes, size_t size)
{
    return find_packer(bytes, size) != NULL;
}

traj_status traj_unpack_open(traj_unpack **unpack, const char *name, const char *bytes, size_t size,
                             traj_error *err)
{
    traj_unpack *const fresh = traj_alloc(1, sizeof *fresh);
    if (!fresh) return traj_fail_memory(err, name);
    fresh->name = name;
    fresh->packer = find_packer(bytes, size);
    TRAJ_ASSERT(fresh->packer && size <= CHUNK);
    memcpy(fresh->in, bytes, size);
    fresh->end = size;
    if (fresh->packer->open(fresh) != GOES_ON) {
        traj_free(fresh);
        return traj_fail_memory(err, name);
    }
    *unpack = fresh;
    return TRAJ_OK;
}

void traj_unpack_close(traj_unpack *unpack)
{
    if (!unpack) return;
    unpack->packer->close(unpack);
    traj_free(unpack);
}

/* One call of the library, on what is at hand. */
static outcome step(traj_unpack *unpack, char *to, size_t room, size_t *got)
{
    const size_t size = unpack->end - unpack->begin, most = room < CHUNK ? room : CHUNK;
    window at = {unpack->in + unpack->begin, size, to, most};
    const outcome result = unpack->packer->step(unpack, &at);
    unpack->begin += size - at.in_size;
    unpack->packed += size - at.in_size;
    *got = most - at.out_size;
    unpack->unpacked += *got;
    unpack->within = result != ENDED;
    return result;
}

static traj_status fail_step(const traj_unpack *unpack, outcome result, traj_error *err)
{
    const char *const name = unpack->name, *const how = unpack->packer->name;
    if (result == NO_MEMORY) return traj_fail_memory(err, name);
    if (result == TOO_WIDE)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: the %s archive wants more than 128 MiB to be unpacked; unpack it and "
                         "name the file itself",
                         name, how);
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: the %s archive is damaged near its byte %" PRIu64
                     ": copy it, or make it, again",
                     name, how, unpack->packed);
}

static traj_status check_size(const traj_unpack *unpack, traj_error *err)
{
    if (unpack->unpacked <= HARMLESS || unpack->unpacked / MOST_TIMES <= unpack->packed)
        return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: the %s archive unpacks to more than %d times its size, as tracking data "
                     "do not; if it is what it should be, unpack it and name the file itself",
                     unpack->name, unpack->packer->name, MOST_TIMES);
}

traj_status traj_unpack_read(traj_unpack *unpack, traj_unpack_pull *pull, void *context, char *to,
                             size_t room, size_t *got, traj_error *err)
{
    for (;;) {
        const size_t before = unpack->begin;
        outcome result = GOES_ON;
        *got = 0;
        if (unpack->within || unpack->begin < unpack->end) result = step(unpack, to, room, got);
        if (result != GOES_ON && result != ENDED) return fail_step(unpack, result, err);
        if (*got > 0) return check_size(unpack, err);
        if (unpack->begin > before) continue; /* taken, and nothing came of it yet */
        TRAJ_ASSERT(unpack->begin == unpack->end);
        unpack->begin = unpack->end = 0;
        const traj_status status = pull(context, unpack->in, CHUNK, &unpack->end, err);
        if (status != TRAJ_OK) return status;
        if (unpack->end > 0) continue;
        if (!unpack->within) return TRAJ_OK;
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: the %s archive breaks off after %" PRIu64
                         " bytes: was it copied in full?",
                         unpack->name, unpack->packer->name, unpack->packed);
    }
}
