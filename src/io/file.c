#define _XOPEN_SOURCE 700 /* realpath */
#include "traj/io/file.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h> /* flock */
#include <sys/stat.h>
#include <unistd.h>

#define NAME_TRIES                                                                                 \
    1000 /* temporary names tried: left-overs of a killed process with our number may be there */
#define PIPE_CHUNK 65536

traj_status traj_file_fail(traj_error *err, const char *action, const char *path)
{
    int reason = errno;
    if (reason == 0) /* stdio met the error long before it was asked, and its reason is gone */
        return traj_fail(err, TRAJ_E_IO,
                         "cannot %s '%s': an earlier write failed; is the disk full?", action,
                         path);
    const char *remedy = "";
    if (reason == ENOENT) remedy = " (is the path spelled right, and does its folder exist?)";
    if (reason == EISDIR) remedy = " (name a file in it)";
    if (reason == ENOSPC) remedy = " (free some space or choose another folder)";
    return traj_fail(err, TRAJ_E_IO, "cannot %s '%s': %s%s", action, path, strerror(reason),
                     remedy);
}

/* The n-th temporary name beside path, unique to this process: path.PID.n.tmp. NULL when memory
 * ends. */
static char *temporary_name(const char *path, int n)
{
    size_t size = strlen(path) + 48;
    char *name = traj_alloc(size, 1);
    if (name) snprintf(name, size, "%s.%ld.%d.tmp", path, (long)getpid(), n);
    return name;
}

/* The folder that path lies in; the root and the current folder by their names. NULL when memory
 * ends. */
static char *folder_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    char *const folder = traj_strdup(slash ? path : ".");
    if (folder && slash) folder[slash == path ? 1 : slash - path] = '\0';
    return folder;
}

/* Makes a rename in path's folder survive a power cut. File systems that cannot sync a folder
 * answer EINVAL. */
static traj_status sync_folder(const char *path, traj_error *err)
{
    char *folder = folder_of(path);
    if (!folder) return traj_fail_memory(err, path);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool failed = descriptor < 0 || fsync(descriptor) != 0;
    traj_status status = TRAJ_OK;
    if (failed && errno != EINVAL && errno != EACCES)
        status = traj_file_fail(err, "sync the folder of", path);
    if (descriptor >= 0) close(descriptor);
    traj_free(folder);
    return status;
}

/* The file that writing to path would change: a link's goal, else path itself. NULL when memory
 * ends. */
static char *follow_link(const char *path)
{
    struct stat info;
    if (lstat(path, &info) != 0 || !S_ISLNK(info.st_mode)) return traj_strdup(path);
    char *goal = realpath(path, NULL);
    char *copy = traj_strdup(goal ? goal : path);
    free(goal);
    return copy;
}

static const char *skip_digits(const char *text)
{
    while (isdigit((unsigned char)*text)) text++;
    return text;
}

/* Whether name is base.PID.n.tmp, as temporary_name makes it. */
static bool is_temporary_of(const char *name, const char *base)
{
    const size_t length = strlen(base);
    if (strncmp(name, base, length) != 0 || name[length] != '.') return false;
    const char *const pid = name + length + 1, *const dot = skip_digits(pid);
    if (dot == pid || *dot != '.') return false;
    const char *const end = skip_digits(dot + 1);
    return end != dot + 1 && strcmp(end, ".tmp") == 0;
}

/* Removes what killed writers of path left in its folder. A living writer holds a lock on its
 * temporary file; a dead one's lock is gone with it. What cannot be opened or removed stays. */
static void sweep_leftovers(const char *folder, const char *path)
{
    const char *const slash = strrchr(path, '/');
    DIR *const list = opendir(folder);
    for (const struct dirent *entry; list && (entry = readdir(list));) {
        if (!is_temporary_of(entry->d_name, slash ? slash + 1 : path)) continue;
        const int descriptor =
            openat(dirfd(list), entry->d_name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
        if (descriptor < 0) continue;
        if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            (void)unlinkat(dirfd(list), entry->d_name, 0);
        close(descriptor);
    }
    if (list) closedir(list);
}

/* Locks a fresh temporary file. False when a sweep was faster and is removing it. */
static bool claim(int descriptor)
{
    struct stat info;
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return errno != EWOULDBLOCK; /* no locks on this file system: then no sweep removes it */
    return fstat(descriptor, &info) == 0 && info.st_nlink > 0;
}

/* Creates output->temporary; returns its descriptor, or -1 with errno set. */
static int create_temporary(traj_output *output)
{
    char *const folder = folder_of(output->path);
    if (!folder) {
        errno = ENOMEM;
        return -1;
    }
    sweep_leftovers(folder, output->path);
    traj_free(folder);
    for (int n = 0; n < NAME_TRIES; n++) {
        output->temporary = temporary_name(output->path, n);
        if (!output->temporary) {
            errno = ENOMEM;
            return -1;
        }
        int descriptor = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 && claim(descriptor)) return descriptor;
        int reason = descriptor >= 0 ? EEXIST : errno;
        if (descriptor >= 0) close(descriptor);
        traj_free(output->temporary);
        output->temporary = NULL;
        errno = reason;
        if (reason != EEXIST) return -1;
    }
    return -1;
}

/* Opens output->stream for output->path. Returns 0, or -1 with errno set and the rest for discard
 * to clean up. */
static int open_stream(traj_output *output)
{
    struct stat info;
    bool exists = stat(output->path, &info) == 0;
    if (exists && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    int descriptor;
    if (exists && !S_ISREG(info.st_mode)) { /* renaming over a device would replace the device */
        descriptor = open(output->path, O_WRONLY | O_CLOEXEC);
    } else {
        descriptor = create_temporary(output);
        if (descriptor >= 0 && exists) (void)fchmod(descriptor, info.st_mode & 0777);
    }
    if (descriptor < 0) return -1;
    output->stream = fdopen(descriptor, "w");
    if (output->stream) return 0;
    close(descriptor);
    errno = ENOMEM; /* the only way fdopen fails here */
    return -1;
}

traj_status traj_output_open(traj_output *output, const char *path, traj_error *err)
{
    TRAJ_ASSERT(output && path);
    if (strcmp(path, "-") == 0) {
        *output = (traj_output){.stream = stdout, .path = traj_strdup("stdout")};
        return output->path ? TRAJ_OK : traj_fail_memory(err, "an output");
    }
    traj_output opened = {.path = follow_link(path)};
    if (!opened.path) return traj_fail_memory(err, "an output");
    if (open_stream(&opened) != 0) {
        traj_status status = errno == ENOMEM ? traj_fail_memory(err, "an output")
                                             : traj_file_fail(err, "write", path);
        traj_output_discard(&opened);
        return status;
    }
    *output = opened;
    return TRAJ_OK;
}

/* Every byte handed to the system, and to the disk where there is one. Returns 0, or -1 with errno
 * set. */
static int flush_stream(const traj_output *output)
{
    errno = 0;
    if (fflush(output->stream) != 0 || ferror(output->stream)) return -1;
    return output->temporary ? fsync(fileno(output->stream)) : 0;
}

traj_status traj_output_commit(traj_output *output, traj_error *err)
{
    TRAJ_ASSERT(output && output->stream);
    /* renamed while open: its lock keeps it from being swept until it has its final name */
    bool failed = flush_stream(output) != 0 ||
                  (output->temporary && rename(output->temporary, output->path) != 0);
    traj_status status = failed ? traj_file_fail(err, "write", output->path) : TRAJ_OK;
    if (!failed && output->temporary) {
        traj_free(output->temporary);
        output->temporary = NULL; /* it has its final name: nothing to remove */
        status = sync_folder(output->path, err);
    }
    traj_output_discard(output);
    return status;
}

void traj_output_discard(traj_output *output)
{
    if (output->temporary) unlink(output->temporary); /* while its name is still locked */
    if (output->stream && output->stream != stdout) fclose(output->stream);
    traj_free(output->temporary);
    traj_free(output->path);
    *output = (traj_output){0};
}

/* Reads descriptor to its end into *bytes, which has *capacity bytes and grows. */
static traj_status read_all(int descriptor, const char *path, char **bytes, size_t *capacity,
                            size_t *size, traj_error *err)
{
    *size = 0;
    for (;;) {
        /* Room for one byte more than is known of, so that the end is seen without growing, and for
         * the NUL. */
        if (traj_grow(bytes, capacity, *size + 2, 1) != 0) return traj_fail_memory(err, path);
        ssize_t got = read(descriptor, *bytes + *size, *capacity - *size - 1);
        if (got == 0) break;
        if (got > 0) *size += (size_t)got;
        if (got < 0 && errno != EINTR) return traj_file_fail(err, "read", path);
    }
    (*bytes)[*size] = '\0';
    return TRAJ_OK;
}

traj_status traj_file_read(const char *path, char **bytes, size_t *size, traj_error *err)
{
    TRAJ_ASSERT(path && bytes && size);
    bool standard = strcmp(path, "-") == 0;
    int descriptor = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return traj_file_fail(err, "read", path);
    struct stat info;
    size_t capacity = PIPE_CHUNK;
    if (fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode)) capacity = (size_t)info.st_size + 2;
    char *buffer = traj_alloc(capacity, 1);
    traj_status status = buffer ? read_all(descriptor, path, &buffer, &capacity, size, err)
                                : traj_fail_memory(err, path);
    if (!standard) close(descriptor);
    if (status == TRAJ_OK)
        *bytes = buffer;
    else
        traj_free(buffer);
    return status;
}

/* One folder; fine when it is there already. */
static traj_status make_one(const char *path, traj_error *err)
{
    struct stat info;
    if (mkdir(path, 0777) == 0) return TRAJ_OK;
    int reason = errno;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return TRAJ_OK;
    errno = reason;
    return traj_file_fail(err, "make the folder", path);
}

traj_status traj_folder_make(const char *path, traj_error *err)
{
    TRAJ_ASSERT(path && *path);
    char *copy = traj_strdup(path);
    if (!copy) return traj_fail_memory(err, path);
    traj_status status = TRAJ_OK;
    for (char *slash = strchr(copy + 1, '/'); slash && !status; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = make_one(copy, err);
        *slash = '/';
    }
    if (!status) status = make_one(copy, err);
    traj_free(copy);
    return status;
}

traj_status traj_folder_visit(const char *path, traj_name_visit *visit, void *context,
                              traj_error *err)
{
    TRAJ_ASSERT(path && visit);
    DIR *const folder = opendir(path);
    traj_status status = TRAJ_OK;
    if (!folder) return traj_fail(err, TRAJ_E_IO, "cannot list '%s': %s", path, strerror(errno));
    for (const struct dirent *entry = readdir(folder); entry && !status; entry = readdir(folder))
        if (entry->d_name[0] != '.') status = visit(context, entry->d_name, err);
    closedir(folder);
    return status;
}

traj_status traj_link_replace(const char *target, const char *link, traj_error *err)
{
    TRAJ_ASSERT(target && link);
    for (int n = 0; n < NAME_TRIES; n++) {
        char *temporary = temporary_name(link, n);
        if (!temporary) return traj_fail_memory(err, link);
        bool made = symlink(target, temporary) == 0;
        bool retry = !made && errno == EEXIST;
        bool placed = made && rename(temporary, link) == 0;
        traj_status status = placed || retry ? TRAJ_OK : traj_file_fail(err, "make the link", link);
        if (made && !placed) unlink(temporary);
        traj_free(temporary);
        if (placed) return sync_folder(link, err);
        if (!retry) return status;
    }
    errno = EEXIST;
    return traj_file_fail(err, "make the link", link);
}

int traj_file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

int traj_file_is_plain(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

void traj_file_touch(const char *path)
{
    (void)utimensat(AT_FDCWD, path, NULL, 0);
}

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && strcmp(name + length - tail, ending) == 0;
}

static bool is_older(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

/* Bytes of all files with this ending; *oldest: the name of one. */
static uint64_t sum_sizes(DIR *list, const char *ending, char *oldest, size_t size)
{
    uint64_t sum = 0;
    struct timespec first = {0};
    *oldest = '\0';
    rewinddir(list);
    for (const struct dirent *entry; (entry = readdir(list));) {
        struct stat info;
        if (!ends_with(entry->d_name, ending) ||
            fstatat(dirfd(list), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(info.st_mode))
            continue;
        sum += (uint64_t)info.st_size;
        if (*oldest && !is_older(info.st_mtim, first)) continue;
        first = info.st_mtim;
        snprintf(oldest, size, "%s", entry->d_name);
    }
    return sum;
}

void traj_folder_trim(const char *folder, const char *ending, uint64_t most_bytes)
{
    char oldest[256];
    DIR *const list = opendir(folder);
    if (!list) return;
    while (sum_sizes(list, ending, oldest, sizeof oldest) > most_bytes)
        if (unlinkat(dirfd(list), oldest, 0) != 0) break;
    closedir(list);
}
