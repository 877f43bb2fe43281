/* One buffer, from which bytes are taken at `begin` and to which more are added at `end`. What is
 * compressed is unpacked on its way there. */
#include "traj/io/input.h"

#include "unpack.h"

#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct traj_input {
    char *name;         /* owned */
    int descriptor;     /* -1: memory */
    const char *memory; /* view [left] */
    size_t left;
    traj_unpack *unpack; /* owned; NULL: the file is not compressed */
    char *buffer;        /* owned [capacity]; one byte is kept free for a NUL */
    size_t capacity, begin, end;
    size_t expected;     /* bytes to be read; 0: unknown */
    atomic_size_t taken; /* bytes that have been: others than who reads may ask */
    bool started, ended;
    long line;
};

static const char mark[] = "\xef\xbb\xbf"; /* of byte order, in UTF-8 */

/* NULL: no memory. */
static traj_input *create(const char *name, traj_error *err)
{
    traj_input *const fresh = traj_alloc(1, sizeof *fresh);
    if (fresh) {
        fresh->descriptor = -1;
        fresh->name = traj_strdup(name);
        fresh->buffer = traj_alloc(TRAJ_INPUT_HEAD + 1, 1);
        fresh->capacity = TRAJ_INPUT_HEAD + 1;
    }
    if (fresh && fresh->name && fresh->buffer) return fresh;
    traj_input_close(fresh);
    (void)traj_fail_memory(err, name);
    return NULL;
}

traj_status traj_input_open(traj_input **input, const char *path, traj_error *err)
{
    TRAJ_ASSERT(input && path);
    traj_input *const fresh = create(path, err);
    if (!fresh) return TRAJ_E_MEMORY;
    const bool standard = strcmp(path, "-") == 0;
    fresh->descriptor = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fresh->descriptor < 0) {
        const traj_status status = traj_file_fail(err, "read", fresh->name);
        traj_input_close(fresh);
        return status;
    }
    fresh->expected = traj_input_file_size(fresh);
    *input = fresh;
    return TRAJ_OK;
}

traj_status traj_input_over(traj_input **input, const char *name, const char *bytes, size_t size,
                            traj_error *err)
{
    TRAJ_ASSERT(input && name && (bytes || size == 0));
    traj_input *const fresh = create(name, err);
    if (!fresh) return TRAJ_E_MEMORY;
    fresh->memory = bytes;
    fresh->left = fresh->expected = size;
    *input = fresh;
    return TRAJ_OK;
}

void traj_input_drop(traj_input *input)
{
    traj_unpack_close(input->unpack);
    input->unpack = NULL;
    traj_free(input->buffer);
    input->buffer = NULL;
    input->capacity = input->begin = input->end = input->left = 0;
}

void traj_input_close(traj_input *input)
{
    if (!input) return;
    if (input->descriptor > STDIN_FILENO) close(input->descriptor);
    traj_input_drop(input);
    traj_free(input->name);
    traj_free(input);
}

const char *traj_input_name(const traj_input *input)
{
    return input->name;
}

long traj_input_line_number(const traj_input *input)
{
    return input->line;
}

/* Of standard input a part may have been read before we came. */
size_t traj_input_file_size(const traj_input *input)
{
    struct stat info;
    const bool plain = input->descriptor > STDIN_FILENO && fstat(input->descriptor, &info) == 0 &&
                       S_ISREG(info.st_mode);
    return plain ? (size_t)info.st_size : 0;
}

double traj_input_share(const traj_input *input)
{
    const size_t taken = atomic_load_explicit(&input->taken, memory_order_relaxed);
    if (input->expected == 0 || taken >= input->expected) return 1.0;
    return (double)taken / (double)input->expected;
}

traj_status traj_input_digest(const traj_input *input, traj_digest *digest, traj_error *err)
{
    return traj_digest_descriptor(input->descriptor, input->name, digest, err);
}

/* The next bytes as they lie in the file. */
static traj_status pull(void *context, char *to, size_t room, size_t *got, traj_error *err)
{
    traj_input *const input = context;
    *got = 0;
    while (input->descriptor >= 0) {
        const ssize_t size = read(input->descriptor, to, room);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return traj_file_fail(err, "read", input->name);
        *got = (size_t)size;
        return TRAJ_OK;
    }
    *got = input->left < room ? input->left : room;
    if (*got > 0) memcpy(to, input->memory, *got);
    input->memory += *got;
    input->left -= *got;
    return TRAJ_OK;
}

/* At least one byte more behind `end`, or ended. What has been taken makes room first. */
static traj_status fill(traj_input *input, traj_error *err)
{
    if (input->begin > 0) {
        memmove(input->buffer, input->buffer + input->begin, input->end - input->begin);
        input->end -= input->begin;
        input->begin = 0;
    }
    if (traj_grow(&input->buffer, &input->capacity, input->end + 2, 1) != 0)
        return traj_fail_memory(err, input->name);
    char *const to = input->buffer + input->end;
    const size_t room = input->capacity - input->end - 1;
    size_t got;
    const traj_status status =
        input->unpack ? traj_unpack_read(input->unpack, pull, input, to, room, &got, err)
                      : pull(input, to, room, &got, err);
    if (status != TRAJ_OK) return status;
    input->end += got;
    atomic_fetch_add_explicit(&input->taken, got, memory_order_relaxed);
    input->ended = got == 0;
    return TRAJ_OK;
}

/* Fills the buffer with at least `size` bytes, if there are so many. */
static traj_status fill_to(traj_input *input, size_t size, traj_error *err)
{
    traj_status status = TRAJ_OK;
    while (status == TRAJ_OK && !input->ended && input->end - input->begin < size)
        status = fill(input, err);
    return status;
}

/* What was read so far is the beginning of an archive: hands it over. */
static traj_status unpack(traj_input *input, traj_error *err)
{
    const traj_status status =
        traj_unpack_open(&input->unpack, input->name, input->buffer, input->end, err);
    if (status != TRAJ_OK) return status;
    input->end = input->expected = 0;
    input->ended = false;
    return TRAJ_OK;
}

/* Fills the buffer with at least `size` bytes, if there are so many; at first finds out whether the
 * file is compressed, and skips the mark. */
static traj_status start(traj_input *input, size_t size, traj_error *err)
{
    const size_t length = sizeof mark - 1;
    traj_status status = TRAJ_OK;
    if (!input->started) {
        status = fill_to(input, TRAJ_UNPACK_MAGIC, err);
        if (status == TRAJ_OK && traj_unpack_knows(input->buffer, input->end))
            status = unpack(input, err);
        if (status == TRAJ_OK) status = fill_to(input, length, err);
        if (status != TRAJ_OK) return status;
        input->started = true;
        if (input->end >= length && memcmp(input->buffer, mark, length) == 0) input->begin = length;
    }
    return fill_to(input, size, err);
}

traj_status traj_input_peek(traj_input *input, const char **head, size_t *size, traj_error *err)
{
    const traj_status status = start(input, TRAJ_INPUT_HEAD, err);
    *head = input->buffer + input->begin;
    *size = input->end - input->begin;
    return status;
}

traj_status traj_input_piece(traj_input *input, const char **bytes, size_t *size, traj_error *err)
{
    traj_status status = start(input, 1, err);
    if (status == TRAJ_OK && input->begin == input->end && !input->ended) status = fill(input, err);
    *bytes = input->buffer + input->begin;
    *size = input->end - input->begin;
    input->begin = input->end;
    return status;
}

/* Bytes from `begin` on up to and with the last LF that is not among the first `seen`; 0: none. */
static size_t whole_lines(const traj_input *input, size_t seen)
{
    size_t size = input->end - input->begin;
    while (size > seen && input->buffer[input->begin + size - 1] != '\n') size--;
    return size > seen ? size : 0;
}

traj_status traj_input_whole_lines(traj_input *input, const char **bytes, size_t *size,
                                   traj_error *err)
{
    traj_status status = start(input, 1, err);
    size_t seen = 0;
    *size = whole_lines(input, seen);
    while (status == TRAJ_OK && *size == 0 && !input->ended) {
        seen = input->end - input->begin;
        status = fill(input, err);
        *size = whole_lines(input, seen);
    }
    if (input->ended && *size == 0) *size = input->end - input->begin;
    *bytes = input->buffer + input->begin;
    input->begin += *size;
    return status;
}

traj_status traj_input_all(traj_input *input, const char **bytes, size_t *size, traj_error *err)
{
    traj_status status = start(input, 1, err);
    /* one byte for the NUL, and one more so that the end is seen without growing */
    if (status == TRAJ_OK &&
        traj_grow(&input->buffer, &input->capacity, input->expected + 2, 1) != 0)
        status = traj_fail_memory(err, input->name);
    while (status == TRAJ_OK && !input->ended) status = fill(input, err);
    *bytes = input->buffer + input->begin;
    *size = input->end - input->begin;
    input->buffer[input->end] = '\0';
    input->begin = input->end;
    return status;
}

/* Up to the next LF, or to the end of the file; *length is SIZE_MAX where nothing is left. */
static traj_status find_line(traj_input *input, size_t *length, traj_error *err)
{
    size_t seen = 0; /* bytes of this line without LF */
    for (;;) {
        const char *const at = input->buffer + input->begin;
        const size_t left = input->end - input->begin;
        const char *const feed = memchr(at + seen, '\n', left - seen);
        *length = feed ? (size_t)(feed - at) : left > 0 ? left : SIZE_MAX;
        if (feed || input->ended) return TRAJ_OK;
        seen = left;
        const traj_status status = fill(input, err);
        if (status != TRAJ_OK) return status;
    }
}

traj_status traj_input_line(traj_input *input, char **text, size_t *length, traj_error *err)
{
    traj_status status = start(input, 1, err);
    *text = NULL;
    while (status == TRAJ_OK) {
        status = find_line(input, length, err);
        if (status != TRAJ_OK || *length == SIZE_MAX) return status;
        char *const line = input->buffer + input->begin;
        const size_t past = input->begin + *length + 1; /* of the LF */
        input->begin = past < input->end ? past : input->end;
        input->line++;
        if (*length > 0 && line[*length - 1] == '\r') --*length;
        line[*length] = '\0';
        if (memchr(line, '\0', *length))
            return traj_fail(err, TRAJ_E_DATA,
                             "%s:%ld: a NUL byte, so this is no text; is the file cut short or "
                             "UTF-16?",
                             input->name, input->line);
        if (line[strspn(line, " \t")] == '\0') continue;
        *text = line;
        return TRAJ_OK;
    }
    return status;
}

traj_status traj_input_lines(traj_input *input, traj_input_visit *visit, void *context,
                             traj_error *err)
{
    char *text;
    size_t length;
    traj_status status = traj_input_line(input, &text, &length, err);
    while (status == TRAJ_OK && text) {
        status = visit(context, text, length, input->line, err);
        if (status == TRAJ_OK) status = traj_input_line(input, &text, &length, err);
    }
    return status;
}
