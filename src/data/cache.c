/* See cache.h. A packed file is
 *
 *   header | facts: recording and guesses | sequences | arrays of the first one | of the second...
 *
 * each part at a multiple of 64 bytes and as it lies in memory. No other program reads it, not even
 * this one built anew, so that it needs no format; pointers in it only tell which arrays there are.
 */
#include "cache.h"

#include "sequence_arrays.h"

#include "traj/base/log.h"
#include "traj/io/file.h"
#include "traj/io/map.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { ALIGNMENT = 64 };

/* Files smaller than this are read in less time than anybody notices. */
#define LEAST_BYTES ((size_t)4 << 20)

/* The folder may hold so much: some 80 matches. */
#define MOST_BYTES ((uint64_t)2 << 30)

static const char magic[8] = "trajpack", ending[] = ".pack";

typedef struct header {
    char magic[8];
    uint64_t size, sequences; /* of the file, and how many */
    traj_digest key;
    traj_digest heads, arrays; /* of facts and sequences; of all arrays, one by one */
} header;

typedef struct facts {
    traj_recording recording;
    traj_guesses guesses;
} facts;

/* ---- the key ---- */

static traj_status add_input(traj_digest *key, const traj_input *input, traj_error *err)
{
    traj_digest content = {{0}};
    const char *const name = input != NULL ? traj_input_name(input) : "";
    traj_status status = TRAJ_OK;
    if (input != NULL) status = traj_input_digest(input, &content, err);
    traj_digest_add(key, name, strlen(name));
    traj_digest_add(key, &content, sizeof content);
    return status;
}

/* The options go in as they lie in memory, also those that are yet to come. */
static traj_status find_key(const traj_sources *from, const traj_read_options *options,
                            traj_digest *key, traj_error *err)
{
    const traj_input *const others[] = {from->meta, from->roster, from->venue};
    _Static_assert(sizeof *from == sizeof others + 2 * sizeof(void *),
                   "another file is read: it belongs to the key");
    traj_read_options plain = *options;
    memset(plain.cache, 0, sizeof plain.cache);
    traj_status status = traj_digest_program(key, err);
    traj_digest_add(key, &plain, sizeof plain);
    for (int f = 0; f < from->count && status == TRAJ_OK; f++)
        status = add_input(key, from->data[f], err);
    for (size_t o = 0; o < sizeof others / sizeof *others && status == TRAJ_OK; o++)
        status = add_input(key, others[o], err);
    return status;
}

static size_t data_size(const traj_sources *from)
{
    size_t size = 0;
    for (int f = 0; f < from->count; f++) size += traj_input_file_size(from->data[f]);
    return size;
}

traj_cache traj_cache_find(const traj_sources *from, const traj_read_options *options)
{
    traj_cache cache = {.path = ""};
    traj_error reason;
    if (options->cache[0] == '\0' || data_size(from) < LEAST_BYTES) return cache;
    if (find_key(from, options, &cache.key, &reason) != TRAJ_OK) {
        traj_log_debug("nothing is cached: %s", reason.text);
        return cache;
    }
    traj_text_copy(cache.folder, sizeof cache.folder, options->cache);
    snprintf(cache.path, sizeof cache.path, "%s/%016" PRIx64 "%016" PRIx64 "%s", cache.folder,
             cache.key.word[1], cache.key.word[0], ending);
    return cache;
}

/* ---- what both ways share ---- */

static bool is_same(traj_digest a, traj_digest b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* Where the next part of `size` bytes lies; *at: behind it. */
static size_t place(size_t *at, size_t size)
{
    const size_t begin = *at;
    *at += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return begin;
}

static traj_digest digest_heads(const facts *all, const traj_sequence *sequence, size_t count)
{
    traj_digest digest = traj_digest_of(all, sizeof *all);
    traj_digest_add(&digest, sequence, count * sizeof *sequence);
    return digest;
}

/* ---- writing ---- */

static void write_part(FILE *stream, const void *bytes, size_t size, size_t *at)
{
    static const char zeros[ALIGNMENT];
    const size_t begin = place(at, size);
    fwrite(bytes, 1, size, stream);
    fwrite(zeros, 1, *at - begin - size, stream);
}

static header make_header(const traj_cache *cache, const facts *all)
{
    const traj_recording *const recording = &all->recording;
    header head = {.sequences = recording->sequences, .key = cache->key};
    size_t at = 0;
    memcpy(head.magic, magic, sizeof magic);
    head.heads = digest_heads(all, recording->sequence, recording->sequences);
    place(&at, sizeof head);
    place(&at, sizeof *all);
    place(&at, recording->sequences * sizeof *recording->sequence);
    for (size_t s = 0; s < recording->sequences; s++)
        for (int a = 0; a < TRAJ_SEQUENCE_ARRAYS; a++) {
            const void *const array = traj_sequence_array_get(&recording->sequence[s], a);
            if (array == NULL) continue;
            const size_t size = traj_sequence_array_size(&recording->sequence[s], a);
            traj_digest_add(&head.arrays, array, size);
            place(&at, size);
        }
    head.size = at;
    return head;
}

static void write_parts(const header *head, const facts *all, FILE *stream)
{
    const traj_recording *const recording = &all->recording;
    size_t at = 0;
    write_part(stream, head, sizeof *head, &at);
    write_part(stream, all, sizeof *all, &at);
    write_part(stream, recording->sequence, recording->sequences * sizeof *recording->sequence,
               &at);
    for (size_t s = 0; s < recording->sequences; s++)
        for (int a = 0; a < TRAJ_SEQUENCE_ARRAYS; a++) {
            const void *const array = traj_sequence_array_get(&recording->sequence[s], a);
            if (array != NULL)
                write_part(stream, array, traj_sequence_array_size(&recording->sequence[s], a),
                           &at);
        }
}

/* What lies in the cache is for its owner alone, as the data may be. */
static traj_status write_file(const traj_cache *cache, const facts *all, traj_error *err)
{
    traj_output output;
    traj_status status = traj_folder_make(cache->folder, err);
    if (status == TRAJ_OK) status = traj_output_open(&output, cache->path, err);
    if (status != TRAJ_OK) return status;
    (void)fchmod(fileno(output.stream), S_IRUSR | S_IWUSR);
    const header head = make_header(cache, all);
    write_parts(&head, all, output.stream);
    return traj_output_commit(&output, err);
}

void traj_cache_store(const traj_cache *cache, const traj_sources *from,
                      const traj_read_options *options, const traj_recording *recording,
                      const traj_guesses *guesses, int first)
{
    traj_digest now;
    traj_error reason;
    if (cache->path[0] == '\0') return;
    traj_status status = find_key(from, options, &now, &reason);
    if (status == TRAJ_OK && !is_same(now, cache->key))
        status = traj_fail(&reason, TRAJ_E_DATA, "%s has changed meanwhile", recording->source);
    if (status == TRAJ_OK) {
        facts all = {.recording = *recording,
                     .guesses = {.count = guesses->count - first, .quality = guesses->quality}};
        memcpy(all.guesses.item, guesses->item + first,
               (size_t)all.guesses.count * sizeof *guesses->item);
        status = write_file(cache, &all, &reason);
    }
    if (status == TRAJ_OK) traj_folder_trim(cache->folder, ending, MOST_BYTES);
    if (status != TRAJ_OK) traj_log_debug("nothing is cached: %s", reason.text);
}

/* ---- loading ---- */

typedef struct parts { /* of a mapped file, views into it */
    const header *head;
    const facts *all;
    const traj_sequence *sequence;
    size_t at; /* where the arrays begin */
} parts;

/* False: this is not what was written for the key. */
static bool find_parts(const traj_map *map, const traj_digest *key, parts *found)
{
    const header *const head = (const header *)map->bytes;
    size_t at = 0;
    place(&at, sizeof *head);
    found->head = head;
    found->all = (const facts *)(map->bytes + place(&at, sizeof *found->all));
    found->sequence = (const traj_sequence *)(map->bytes + at);
    if (map->size < at || memcmp(head->magic, magic, sizeof magic) != 0 ||
        head->size != map->size || !is_same(head->key, *key) ||
        head->sequences > (map->size - at) / sizeof *found->sequence)
        return false;
    place(&at, head->sequences * sizeof *found->sequence);
    found->at = at;
    return is_same(digest_heads(found->all, found->sequence, head->sequences), head->heads);
}

/* Points the sequence's arrays to where they lie. False: they would lie behind the end. */
static bool find_arrays(traj_map *map, traj_sequence *sequence, size_t *at, traj_digest *digest)
{
    for (int a = 0; a < TRAJ_SEQUENCE_ARRAYS; a++) {
        if (traj_sequence_array_get(sequence, a) == NULL) continue;
        const size_t size = traj_sequence_array_size(sequence, a), begin = place(at, size);
        if (size > map->size || begin > map->size - size) return false;
        traj_digest_add(digest, map->bytes + begin, size);
        traj_sequence_array_set(sequence, a, map->bytes + begin);
    }
    return true;
}

static bool load_sequences(traj_map *map, const parts *from, traj_recording *recording)
{
    traj_digest digest = {{0}};
    size_t at = from->at;
    for (size_t s = 0; s < from->head->sequences; s++) {
        traj_sequence next = from->sequence[s];
        if (!find_arrays(map, &next, &at, &digest)) return false;
        next.packed = map;
        if (traj_recording_push(recording, &next, NULL) != TRAJ_OK) return false;
        (void)traj_map_share(map);
    }
    return is_same(digest, from->head->arrays);
}

static bool load(traj_map *map, const traj_digest *key, traj_recording *recording,
                 traj_guesses *guesses)
{
    parts from;
    const int most = (int)(sizeof guesses->item / sizeof *guesses->item);
    if (!find_parts(map, key, &from)) return false;
    const traj_guesses *const kept = &from.all->guesses;
    if (guesses->count + kept->count > most) return false;
    *recording = from.all->recording;
    recording->sequence = NULL;
    recording->sequences = 0;
    if (!load_sequences(map, &from, recording)) {
        traj_recording_free(recording);
        return false;
    }
    memcpy(guesses->item + guesses->count, kept->item, (size_t)kept->count * sizeof *kept->item);
    guesses->count += kept->count;
    guesses->quality = kept->quality;
    return true;
}

bool traj_cache_load(const traj_cache *cache, traj_recording *recording, traj_guesses *guesses)
{
    traj_map *map;
    if (cache->path[0] == '\0' || traj_map_open(&map, cache->path, NULL) != TRAJ_OK) return false;
    const bool loaded = load(map, &cache->key, recording, guesses);
    traj_map_close(map); /* what is used of it lives on */
    if (loaded) traj_file_touch(cache->path);
    traj_log_debug(loaded ? "read from %s" : "%s is not as it was written, and made anew",
                   cache->path);
    return loaded;
}
