/* Files that appear whole or not at all, and files read whole.
 *
 * Errors: TRAJ_E_IO with the path and the system's reason, TRAJ_E_MEMORY. Threads: any; several
 * writers of one path do not disturb each other, the last commit wins. What a killed writer leaves
 * behind (path.PID.n.tmp) is removed by the next writer of the same path. */
#ifndef TRAJ_IO_FILE_H
#define TRAJ_IO_FILE_H

#include "traj/base/status.h"
#include <stdint.h>
#include <stdio.h>

/* A file being written beside its destination: open, write to ->stream, then commit (flush, fsync,
 * rename) or discard. The destination "-" is stdout, and it, devices and pipes are written
 * directly. Writes to ->stream need no check of their own: commit reports the first that failed.
 * Exactly one of commit (also a failing one) and discard ends it. */
typedef struct traj_output {
    FILE *stream; /* owned until commit or discard; stdout stays open */
    char *path;   /* owned: the destination, symbolic links followed */
    char *
        temporary; /* owned: what is being written; NULL when the destination is written directly */
} traj_output;

/* The new file keeps the permissions of the one it replaces. Fills *output only on success. */
traj_status traj_output_open(traj_output *output, const char *path, traj_error *err);

/* On failure the destination is as it was before (stdout, devices and pipes excepted). If only
 * syncing its folder failed, the sentence says so and the new file is in place. */
traj_status traj_output_commit(traj_output *output, traj_error *err);
void traj_output_discard(traj_output *output);

/* The whole file as bytes plus a final NUL that *size does not count; "-" is stdin. *bytes owned by
 * the caller (traj_free), 64-byte aligned. */
traj_status traj_file_read(const char *path, char **bytes, size_t *size, traj_error *err);

/* Makes a folder and its parents; an existing one is fine. */
traj_status traj_folder_make(const char *path, traj_error *err);

/* Shows the names in a folder to visit, in no order, without those that begin with a point. A
 * status other than TRAJ_OK stops it and is passed on. */
typedef traj_status traj_name_visit(void *context, const char *name, traj_error *err);
traj_status traj_folder_visit(const char *path, traj_name_visit *visit, void *context,
                              traj_error *err);

/* Points the symbolic link `link` at target, atomically. target is stored as it is: relative to the
 * link's folder. */
traj_status traj_link_replace(const char *target, const char *link, traj_error *err);

/* Says by errno why a file could not be read (or what `action` names), and what may help. Returns
 * TRAJ_E_IO. */
traj_status traj_file_fail(traj_error *err, const char *action, const char *path);

/* 1 when something of that name exists (a link that points nowhere does not), else 0. */
int traj_file_exists(const char *path);

/* 1 for a plain file, or a link to one, which may be read more than once; else 0. */
int traj_file_is_plain(const char *path);

/* Marks a file as used now; where that may not be, nothing happens. */
void traj_file_touch(const char *path);

/* Of the files in a folder whose names end so, removes those used longest ago, until the others
 * have most_bytes at most. What cannot be removed stays. */
void traj_folder_trim(const char *folder, const char *ending, uint64_t most_bytes);

#endif
