/* Files that belong to a recording and are found beside it by their names. */
#ifndef TRAJ_DATA_COMPANIONS_H
#define TRAJ_DATA_COMPANIONS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a file that is there may be the one. */
typedef bool traj_companion_accepts(const char *path);

/* rules: "PATTERN>NAME" separated by blanks, at most one * in each. The first rule whose pattern is
 * the data file's name, and whose file is there and accepted, decides: "*.dat>*_metadata.xml" finds
 * FOLDER/17_metadata.xml for FOLDER/17.dat. NAME counts from the data's folder, and may go through
 * another ("../Rosters/" and the like). Both files may be compressed, by .gz, .bz2 or .zst behind
 * their names: the pattern is of the data's name without it. False: there is none. */
bool traj_companion_find(const char *data, const char *rules, traj_companion_accepts *accepts,
                         char *path, size_t size);

#endif
