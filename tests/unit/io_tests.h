/* What the files of unit_io share. */
#ifndef TRAJ_TESTS_IO_TESTS_H
#define TRAJ_TESTS_IO_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "traj/base/memory.h"
#include "traj/base/status.h"

/* Group set-up: a fresh folder as *state. Group tear-down: removes it with its files. */
int io_folder_setup(void **state);
int io_folder_teardown(void **state);

/* folder/name in one of a few static buffers, so that one call of a test can use several. */
const char *io_path(void *const *state, const char *name);
void io_write_text(const char *path, const char *text);
void io_assert_text(const char *path, const char *expected);
int io_folder_entries(const char *path);

/* cJSON allocates by malloc: its n-th allocation from now fails (0: none). */
void io_json_fail_at(long n);

void io_assert_contains(const char *text, const char *part);

/* A stream of pseudo-random numbers (splitmix64), enough for tests. */
uint64_t io_random(uint64_t *seed);

int io_file_tests(void);
int io_csv_tests(void);
int io_number_tests(void);
int io_json_tests(void);
int io_tensors_tests(void);
int io_npy_tests(void);
int io_input_tests(void);
int io_unpack_tests(void);
int io_digest_tests(void);

#endif
