/* Files that appear whole or not at all, and files read whole. */
#ifndef TRAJ_IO_FILE_H
#define TRAJ_IO_FILE_H

#include "traj/base/status.h"
#include <stdio.h>

/* A file being written beside its destination: open, write to ->stream, then commit (flush, fsync, rename) or discard.
 * The destination "-" is stdout, written directly. Exactly one of commit and discard ends it. */
typedef struct traj_output {
    FILE *stream;      /* owned until commit or discard */
    char *path, *temporary; /* owned; temporary is NULL for stdout */
} traj_output;

traj_status traj_output_open(traj_output *output, const char *path, traj_error *err);
traj_status traj_output_commit(traj_output *output, traj_error *err);
void traj_output_discard(traj_output *output);

/* The whole file as bytes plus a final NUL that *size does not count; "-" is stdin. *bytes owned by the caller (traj_free). */
traj_status traj_file_read(const char *path, char **bytes, size_t *size, traj_error *err);

/* Makes a folder and its parents; an existing one is fine. */
traj_status traj_folder_make(const char *path, traj_error *err);

/* Points the symbolic link `link` at target, atomically. */
traj_status traj_link_replace(const char *target, const char *link, traj_error *err);

int traj_file_exists(const char *path);

#endif
