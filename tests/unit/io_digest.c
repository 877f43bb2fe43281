/* Digests of files, files as memory, and folders that are kept small. */
#include "io_tests.h"
#include "traj/io/digest.h"
#include "traj/io/file.h"
#include "traj/io/input.h"
#include "traj/io/map.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE = 9000001, PIECE = 1 << 18 }; /* several threads, and a last piece that is shorter */

static char *random_bytes(void)
{
    char *const bytes = traj_alloc(SIZE, 1);
    uint64_t seed = 9;
    assert_non_null(bytes);
    for (size_t i = 0; i < SIZE; i++) bytes[i] = (char)io_random(&seed);
    return bytes;
}

static void write_bytes(const char *path, const char *bytes, size_t size)
{
    FILE *const file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static traj_digest digest_path(const char *path)
{
    traj_digest digest;
    traj_error err;
    const int descriptor = open(path, O_RDONLY);
    assert_true(descriptor >= 0);
    if (traj_digest_descriptor(descriptor, path, &digest, &err) != TRAJ_OK)
        fail_msg("%s", err.text);
    assert_int_equal(close(descriptor), 0);
    return digest;
}

/* The same, one piece after the other. */
static traj_digest digest_slowly(const char *bytes, uint64_t size)
{
    enum { PIECES = SIZE / PIECE + 1 };
    traj_digest piece[PIECES], digest = traj_digest_of(&size, sizeof size);
    for (size_t p = 0; p < PIECES; p++)
        piece[p] = traj_digest_of(bytes + p * PIECE, p + 1 < PIECES ? PIECE : SIZE % PIECE);
    traj_digest_add(&digest, piece, sizeof piece);
    return digest;
}

static void threads_do_not_show(void **state)
{
    char *const bytes = random_bytes();
    const char *const path = io_path(state, "large");
    write_bytes(path, bytes, SIZE);
    const traj_digest expected = digest_slowly(bytes, SIZE);
    for (int again = 0; again < 3; again++) {
        const traj_digest digest = digest_path(path);
        assert_memory_equal(&digest, &expected, sizeof digest);
    }
    traj_free(bytes);
}

static void every_byte_counts(void **state)
{
    static const size_t places[] = {0, 1000, PIECE - 1, PIECE, 5000000, SIZE - 1};
    char *const bytes = random_bytes();
    const char *const path = io_path(state, "large");
    write_bytes(path, bytes, SIZE);
    const traj_digest first = digest_path(path);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bytes[places[i]] ^= 1;
        write_bytes(path, bytes, SIZE);
        const traj_digest other = digest_path(path);
        assert_memory_not_equal(&first, &other, sizeof first);
        bytes[places[i]] ^= 1;
    }
    write_bytes(path, bytes, SIZE - 1);
    const traj_digest shorter = digest_path(path);
    assert_memory_not_equal(&first, &shorter, sizeof first);
    memmove(bytes, bytes + PIECE, PIECE); /* a piece twice */
    write_bytes(path, bytes, SIZE);
    const traj_digest moved = digest_path(path);
    assert_memory_not_equal(&first, &moved, sizeof first);
    traj_free(bytes);
}

static void digests_of_parts_know_their_order(void **state)
{
    (void)state;
    traj_digest ab = traj_digest_of("", 0), ba = ab, joined = ab;
    traj_digest_add(&ab, "a", 1);
    traj_digest_add(&ab, "b", 1);
    traj_digest_add(&ba, "b", 1);
    traj_digest_add(&ba, "a", 1);
    traj_digest_add(&joined, "ab", 2);
    assert_memory_not_equal(&ab, &ba, sizeof ab);
    assert_memory_not_equal(&ab, &joined, sizeof ab);
}

static void an_input_is_digested_as_it_lies_there(void **state)
{
    const char *const path = io_path(state, "lines"), *bytes;
    traj_input *input;
    traj_digest before, after;
    char *line;
    size_t size;
    io_write_text(path, "one\ntwo\n");
    assert_int_equal(traj_input_open(&input, path, NULL), TRAJ_OK);
    assert_int_equal(traj_input_file_size(input), 8);
    assert_int_equal(traj_input_digest(input, &before, NULL), TRAJ_OK);
    assert_int_equal(traj_input_line(input, &line, &size, NULL), TRAJ_OK);
    assert_int_equal(traj_input_digest(input, &after, NULL), TRAJ_OK);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(traj_input_all(input, &bytes, &size, NULL), TRAJ_OK);
    assert_string_equal(bytes, "two\n");
    io_write_text(path, "one\n2wo\n");
    assert_int_equal(traj_input_digest(input, &after, NULL), TRAJ_OK);
    assert_memory_not_equal(&before, &after, sizeof before);
    traj_input_close(input);
}

static void what_is_no_plain_file_has_no_digest(void **state)
{
    traj_digest digest;
    traj_error err;
    traj_input *input;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(traj_digest_descriptor(ends[0], "pipe", &digest, &err), TRAJ_E_IO);
    assert_string_equal(err.text, "pipe: this is no plain file");
    assert_int_equal(close(ends[0]) + close(ends[1]), 0);
    assert_int_equal(traj_input_over(&input, "memory", "x", 1, NULL), TRAJ_OK);
    assert_int_equal(traj_input_file_size(input), 0);
    assert_int_equal(traj_input_digest(input, &digest, &err), TRAJ_E_IO);
    traj_input_close(input);
    (void)state;
}

static void memory_of_a_file_is_our_own(void **state)
{
    const char *const path = io_path(state, "mapped");
    traj_map *map, *other;
    traj_error err;
    io_write_text(path, "text");
    assert_int_equal(traj_map_open(&map, path, NULL), TRAJ_OK);
    assert_int_equal(map->size, 4);
    assert_memory_equal(map->bytes, "text", 4);
    map->bytes[0] = 'n';
    assert_int_equal(remove(path), 0);
    io_write_text(path, "new!");
    assert_int_equal(traj_map_open(&other, path, NULL), TRAJ_OK);
    assert_memory_equal(other->bytes, "new!", 4);
    traj_map_close(other);
    assert_ptr_equal(traj_map_share(map), map);
    traj_map_close(map);
    assert_memory_equal(map->bytes, "next", 4);
    traj_map_close(map);
    traj_map_close(NULL);
    assert_int_equal(traj_map_open(&map, io_path(state, "none"), &err), TRAJ_E_IO);
    io_assert_contains(err.text, "none': No such file");
    io_write_text(path, "");
    assert_int_equal(traj_map_open(&map, path, &err), TRAJ_E_IO);
}

static void folders_lose_what_was_used_longest_ago(void **state)
{
    static const char *const names[] = {"a.pack", "b.pack", "c.pack", "d.other"};
    const char *const folder = io_path(state, "packs");
    char path[4][256];
    assert_int_equal(mkdir(folder, 0777), 0);
    for (int i = 0; i < 4; i++) {
        const struct timespec used[2] = {{.tv_sec = 1000 + i}, {.tv_sec = 1000 + i}};
        snprintf(path[i], sizeof path[i], "%s/%s", folder, names[i]);
        io_write_text(path[i], "0123456789");
        assert_int_equal(utimensat(AT_FDCWD, path[i], used, 0), 0);
    }
    traj_folder_trim(folder, ".pack", 30); /* they fit */
    assert_int_equal(io_folder_entries(folder), 4);
    traj_file_touch(path[0]);
    traj_folder_trim(folder, ".pack", 29);
    assert_false(traj_file_exists(path[1]));
    assert_int_equal(io_folder_entries(folder), 3);
    traj_folder_trim(folder, ".pack", 10);
    assert_true(traj_file_exists(path[0])); /* it was used last */
    traj_folder_trim(folder, ".pack", 0);
    assert_int_equal(io_folder_entries(folder), 1);
    assert_true(traj_file_exists(path[3]));
    traj_folder_trim(io_path(state, "none"), ".pack", 0);
    assert_int_equal(remove(path[3]), 0);
    assert_int_equal(remove(folder), 0);
}

static void every_allocation_may_fail(void **state)
{
    const char *const path = io_path(state, "some");
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    io_write_text(path, "some");
    const int descriptor = open(path, O_RDONLY);
    while (status == TRAJ_E_MEMORY) {
        traj_digest digest;
        traj_map *map = NULL;
        traj_alloc_fail_at(++n);
        status = traj_digest_descriptor(descriptor, path, &digest, NULL);
        if (status == TRAJ_OK) status = traj_map_open(&map, path, NULL);
        traj_alloc_fail_at(0);
        traj_map_close(map);
    }
    assert_int_equal(status, TRAJ_OK);
    assert_true(n > 3);
    assert_int_equal(close(descriptor), 0);
}

int io_digest_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_show),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(digests_of_parts_know_their_order),
        cmocka_unit_test(an_input_is_digested_as_it_lies_there),
        cmocka_unit_test(what_is_no_plain_file_has_no_digest),
        cmocka_unit_test(memory_of_a_file_is_our_own),
        cmocka_unit_test(folders_lose_what_was_used_longest_ago),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("io_digest", tests, io_folder_setup, io_folder_teardown);
}
