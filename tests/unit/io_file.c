#include "io_tests.h"
#include "traj/io/file.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static traj_status write_file(const char *path, const char *text, traj_error *err)
{
    traj_output output;
    traj_status status = traj_output_open(&output, path, err);
    if (status) return status;
    fputs(text, output.stream);
    return traj_output_commit(&output, err);
}

static void unwritable_paths_are_errors(void **state)
{
    traj_error err;
    assert_int_equal(write_file(io_path(state, "none/x"), "a", &err), TRAJ_E_IO);
    io_assert_contains(err.text, "none/x");
    io_assert_contains(err.text, "No such file");
    assert_int_equal(write_file(*state, "a", &err), TRAJ_E_IO);
    io_assert_contains(err.text, "directory");
    assert_int_equal(io_folder_entries(*state), 0);
}

static void full_disk_is_an_error(void **state)
{
    (void)state;
    traj_error err;
    assert_int_equal(write_file("/dev/full", "a", &err), TRAJ_E_IO);
    io_assert_contains(err.text, "No space left");

    /* The error shows in the middle, when stdio's buffer is full, and must not be forgotten until
     * the end. */
    traj_output output;
    assert_int_equal(traj_output_open(&output, "/dev/full", NULL), TRAJ_OK);
    for (int i = 0; i < 100000; i++) fputs("0123456789", output.stream);
    assert_int_equal(traj_output_commit(&output, &err), TRAJ_E_IO);
}

static void devices_are_not_replaced(void **state)
{
    (void)state;
    assert_int_equal(write_file("/dev/null", "a", NULL), TRAJ_OK);
    struct stat info;
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void file_appears_only_at_commit(void **state)
{
    const char *path = io_path(state, "whole");
    traj_output output;
    assert_int_equal(traj_output_open(&output, path, NULL), TRAJ_OK);
    fputs("new", output.stream);
    fflush(output.stream);
    assert_false(traj_file_exists(path));
    assert_int_equal(traj_output_commit(&output, NULL), TRAJ_OK);
    io_assert_text(path, "new");
    assert_int_equal(io_folder_entries(*state), 1);
    assert_int_equal(remove(path), 0);
}

static void discard_leaves_the_old_file(void **state)
{
    const char *path = io_path(state, "kept");
    io_write_text(path, "old");
    traj_output output;
    assert_int_equal(traj_output_open(&output, path, NULL), TRAJ_OK);
    fputs("new", output.stream);
    traj_output_discard(&output);
    io_assert_text(path, "old");
    assert_int_equal(io_folder_entries(*state), 1);
    assert_int_equal(remove(path), 0);
}

static void two_writers_of_one_path_do_not_mix(void **state)
{
    const char *path = io_path(state, "twice");
    traj_output first, second;
    assert_int_equal(traj_output_open(&first, path, NULL), TRAJ_OK);
    assert_int_equal(traj_output_open(&second, path, NULL), TRAJ_OK);
    fputs("first", first.stream);
    fputs("second", second.stream);
    assert_int_equal(traj_output_commit(&second, NULL), TRAJ_OK);
    io_assert_text(path, "second");
    assert_int_equal(traj_output_commit(&first, NULL), TRAJ_OK);
    io_assert_text(path, "first");
    assert_int_equal(io_folder_entries(*state), 1);
    assert_int_equal(remove(path), 0);
}

/* A killed writer's file is nobody's: a child that opens and is killed leaves one, the next writer
 * removes it, and it alone. Files that only look alike stay. */
static void leftovers_of_killed_writers_are_removed(void **state)
{
    const char *path = io_path(state, "model"), *one = io_path(state, "model.1.tmp"),
               *other = io_path(state, "models.1.0.tmp");
    io_write_text(one, "mine");
    io_write_text(other, "mine");
    for (int n = 0; n < 3; n++) {
        const pid_t child = fork();
        if (child == 0) {
            traj_output output;
            if (traj_output_open(&output, path, NULL) == TRAJ_OK) (void)raise(SIGKILL);
            _exit(EXIT_FAILURE);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_int_equal(io_folder_entries(*state), 3); /* each sweeps the one before */
    }
    assert_int_equal(write_file(path, "whole", NULL), TRAJ_OK);
    assert_int_equal(io_folder_entries(*state), 3);
    io_assert_text(path, "whole");
    assert_true(remove(path) == 0 && remove(one) == 0 && remove(other) == 0);
}

static void permissions_and_links_survive(void **state)
{
    const char *path = io_path(state, "private"), *link = io_path(state, "alias");
    io_write_text(path, "old");
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(symlink("private", link), 0);
    assert_int_equal(write_file(link, "new", NULL), TRAJ_OK);
    struct stat info;
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    io_assert_text(path, "new");
    assert_int_equal(remove(link), 0);
    assert_int_equal(remove(path), 0);
}

/* Writes text to "-" while stdout is the given file, which is how a shell's > works. */
static traj_status write_stdout(const char *path, const char *text, traj_error *err)
{
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    assert_non_null(freopen(path, "w", stdout));
    traj_status status = write_file("-", text, err);
    clearerr(stdout);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    return status;
}

static void dash_is_stdout_and_is_checked(void **state)
{
    const char *path = io_path(state, "stdout");
    traj_error err;
    traj_status full = write_stdout("/dev/full", "a", &err);
    traj_status fine = write_stdout(path, "text", NULL);
    assert_int_equal(full, TRAJ_E_IO);
    io_assert_contains(err.text, "stdout");
    assert_int_equal(fine, TRAJ_OK);
    io_assert_text(path, "text");
    assert_int_equal(remove(path), 0);
}

static void unreadable_paths_are_errors(void **state)
{
    char *bytes;
    size_t size;
    traj_error err;
    assert_int_equal(traj_file_read(io_path(state, "none"), &bytes, &size, &err), TRAJ_E_IO);
    io_assert_contains(err.text, "cannot read");
    assert_int_equal(traj_file_read(*state, &bytes, &size, &err), TRAJ_E_IO);
    io_assert_contains(err.text, "directory");
}

static void files_are_read_whole(void **state)
{
    const char *path = io_path(state, "read");
    io_write_text(path, "");
    io_assert_text(path, "");
    io_write_text(path, "two\nlines\n");
    io_assert_text(path, "two\nlines\n");
    if (traj_file_exists("/proc/sys/kernel/ostype")) /* Linux: a file that says its size is 0 */
        io_assert_text("/proc/sys/kernel/ostype", "Linux\n");
    assert_int_equal(remove(path), 0);
}

/* A child writes count bytes 'x' into the pipe that becomes our stdin. */
static pid_t pipe_to_stdin(size_t count)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        for (size_t i = 0; i < count; i++)
            if (write(ends[1], "x", 1) != 1) _exit(1);
        _exit(0);
    }
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
    return child;
}

static void dash_is_stdin_of_any_length(void **state)
{
    (void)state;
    enum { COUNT = 150000 }; /* more than the first buffer */
    int saved = dup(STDIN_FILENO), result;
    pid_t child = pipe_to_stdin(COUNT);
    char *bytes;
    size_t size;
    traj_status status = traj_file_read("-", &bytes, &size, NULL);
    dup2(saved, STDIN_FILENO);
    close(saved);
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(result, 0);
    assert_int_equal(status, TRAJ_OK);
    assert_int_equal(size, COUNT);
    assert_int_equal(strspn(bytes, "x"), COUNT);
    traj_free(bytes);
}

static void folders_are_made_with_parents(void **state)
{
    const char *path = io_path(state, "a/b//c");
    assert_int_equal(traj_folder_make(path, NULL), TRAJ_OK);
    assert_int_equal(traj_folder_make(path, NULL), TRAJ_OK);
    assert_true(traj_file_exists(path) && !traj_file_is_plain(path));
    io_write_text(io_path(state, "a/file"), "");
    assert_true(traj_file_is_plain(io_path(state, "a/file")));
    assert_false(traj_file_is_plain("/dev/null") || traj_file_is_plain(io_path(state, "none")));
    traj_error err;
    assert_int_equal(traj_folder_make(io_path(state, "a/file"), &err), TRAJ_E_IO);
    assert_int_equal(traj_folder_make(io_path(state, "a/file/b"), &err), TRAJ_E_IO);
    io_assert_contains(err.text, "a/file");
    assert_int_equal(remove(io_path(state, "a/file")), 0);
    assert_int_equal(rmdir(io_path(state, "a/b/c")), 0);
    assert_int_equal(rmdir(io_path(state, "a/b")), 0);
    assert_int_equal(rmdir(io_path(state, "a")), 0);
}

static traj_status count_names(void *context, const char *name, traj_error *err)
{
    int *const seen = context;
    assert_true(strcmp(name, "a") == 0 || strcmp(name, "b") == 0);
    return ++*seen == 3 ? traj_fail(err, TRAJ_E_DATA, "enough") : TRAJ_OK;
}

static void folders_show_their_names(void **state)
{
    const char *const hidden[] = {"a", "b", ".c"};
    traj_error err;
    int seen = 0;
    for (int f = 0; f < 3; f++) io_write_text(io_path(state, hidden[f]), "");
    assert_int_equal(traj_folder_visit(*state, count_names, &seen, &err), TRAJ_OK);
    assert_int_equal(seen, 2);
    assert_int_equal(traj_folder_visit(*state, count_names, &seen, &err), TRAJ_E_DATA);
    assert_int_equal(seen, 3); /* stopped */
    assert_int_equal(traj_folder_visit(io_path(state, "d"), count_names, &seen, &err), TRAJ_E_IO);
    io_assert_contains(err.text, "cannot list '");
    for (int f = 0; f < 3; f++) assert_int_equal(remove(io_path(state, hidden[f])), 0);
}

static void links_are_replaced(void **state)
{
    const char *link = io_path(state, "latest");
    traj_error err;
    assert_int_equal(traj_link_replace("x", io_path(state, "none/latest"), &err), TRAJ_E_IO);
    io_assert_contains(err.text, "none/latest");
    assert_int_equal(traj_link_replace("one", link, NULL), TRAJ_OK);
    assert_int_equal(traj_link_replace("two", link, NULL), TRAJ_OK);
    char target[16] = "";
    assert_int_equal(readlink(link, target, sizeof target - 1), 3);
    assert_string_equal(target, "two");
    assert_false(traj_file_exists(link)); /* points nowhere */
    assert_int_equal(io_folder_entries(*state), 1);
    assert_int_equal(remove(link), 0);
}

static traj_status everything(void *const *state, traj_error *err)
{
    const char *path = io_path(state, "all");
    char *bytes;
    size_t size;
    traj_status status = traj_folder_make(*state, err);
    if (!status) status = write_file(path, "x", err);
    if (!status) status = traj_link_replace("all", io_path(state, "link"), err);
    if (!status) status = traj_file_read(path, &bytes, &size, err);
    if (!status) traj_free(bytes);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    traj_error err;
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    while (status) {
        traj_alloc_fail_at(++n);
        status = everything(state, &err);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
    }
    assert_true(n > 5);
    assert_int_equal(io_folder_entries(*state), 2); /* no temporary is left */
}

int io_file_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unwritable_paths_are_errors),
        cmocka_unit_test(full_disk_is_an_error),
        cmocka_unit_test(devices_are_not_replaced),
        cmocka_unit_test(file_appears_only_at_commit),
        cmocka_unit_test(discard_leaves_the_old_file),
        cmocka_unit_test(two_writers_of_one_path_do_not_mix),
        cmocka_unit_test(leftovers_of_killed_writers_are_removed),
        cmocka_unit_test(permissions_and_links_survive),
        cmocka_unit_test(dash_is_stdout_and_is_checked),
        cmocka_unit_test(unreadable_paths_are_errors),
        cmocka_unit_test(files_are_read_whole),
        cmocka_unit_test(dash_is_stdin_of_any_length),
        cmocka_unit_test(folders_are_made_with_parents),
        cmocka_unit_test(folders_show_their_names),
        cmocka_unit_test(links_are_replaced),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("io_file", tests, io_folder_setup, io_folder_teardown);
}
