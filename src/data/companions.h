/* Files that belong to a recording and are found beside it by their names. */
#ifndef TRAJ_DATA_COMPANIONS_H
#define TRAJ_DATA_COMPANIONS_H

#include "traj/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether a file that is there may be the one. */
typedef bool traj_companion_accepts(const char *path);

/* rules: "PATTERN>NAME" separated by blanks, at most one * in each; # in a pattern is any number.
 * The first rule whose pattern is
 * the data file's name, and whose file is there and accepted, decides: "*.dat>*_metadata.xml" finds
 * FOLDER/17_metadata.xml for FOLDER/17.dat. NAME counts from the data's folder, and may go through
 * another ("../Rosters/" and the like). Both files may be compressed, by .gz, .bz2 or .zst behind
 * their names: the pattern is of the data's name without it. False: there is none. */
bool traj_companion_find(const char *data, const char *rules, traj_companion_accepts *accepts,
                         char *path, size_t size);

/* Whether two files, by their names, are of one match. */
typedef bool traj_companion_joins(const char *a, const char *b);

typedef struct traj_paths {
    char **path; /* owned [count], each owned */
    size_t count, capacity;
} traj_paths;

/* The data file and all beside it that join it, in the order of their names; the file alone where
 * its folder cannot be listed. Errors: TRAJ_E_MEMORY. */
traj_status traj_companions_gather(const char *data, traj_companion_joins *joins, traj_paths *paths,
                                   traj_error *err);
void traj_paths_free(traj_paths *paths);

#endif
