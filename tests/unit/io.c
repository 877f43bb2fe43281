/* Room io: runs its groups and holds what they share. */
#include "io_tests.h"
#include "traj/io/file.h"
#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int io_folder_setup(void **state)
{
    char pattern[] = "/tmp/traj_io_XXXXXX";
    if (!mkdtemp(pattern)) return -1;
    *state = traj_strdup(pattern);
    return *state ? 0 : -1;
}

int io_folder_teardown(void **state)
{
    DIR *folder = opendir(*state);
    if (!folder) return -1;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (entry->d_name[0] != '.') remove(io_path(state, entry->d_name));
    closedir(folder);
    int left = rmdir(*state); /* fails when a test left a folder or a hidden file */
    traj_free(*state);
    return left;
}

const char *io_path(void *const *state, const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name);
    return path;
}

void io_write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

void io_assert_text(const char *path, const char *expected)
{
    char *bytes;
    size_t size;
    assert_int_equal(traj_file_read(path, &bytes, &size, NULL), TRAJ_OK);
    assert_string_equal(bytes, expected);
    assert_int_equal(size, strlen(expected));
    traj_free(bytes);
}

int io_folder_entries(const char *path)
{
    int entries = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) entries++;
    closedir(folder);
    return entries - 2; /* without . and .. */
}

static long json_countdown;

static void *counting_malloc(size_t size)
{
    if (json_countdown > 0 && --json_countdown == 0) {
        errno = ENOMEM;
        return NULL;
    }
    return malloc(size);
}

void io_json_fail_at(long n)
{
    json_countdown = n;
    cJSON_Hooks hooks = {counting_malloc, free};
    cJSON_InitHooks(n > 0 ? &hooks : NULL);
}

void io_assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("'%s' does not contain '%s'", text, part);
}

uint64_t io_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

int main(void)
{
    int failed = io_file_tests() + io_csv_tests() + io_number_tests() + io_json_tests() +
                 io_tensors_tests() + io_npy_tests() + io_input_tests() + io_unpack_tests() +
                 io_digest_tests();
    return failed != 0;
}
