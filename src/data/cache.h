/* Recordings as they came out of a reader, packed into a file for the next time.
 *
 * The file's name is a digest of all that the recording depends on: every byte of the files that
 * are read and their names, every option, and the program itself. Whatever of it changes, the name
 * changes, so that nothing stale is ever found; what is no longer asked for is removed in time. A
 * file that is not as it was written (its own digests tell) counts as none. docs/io.md describes
 * the file. */
#ifndef TRAJ_DATA_CACHE_H
#define TRAJ_DATA_CACHE_H

#include "formats.h"

typedef struct traj_cache {
    traj_digest key;
    char folder[512], path[576]; /* "": nothing is kept */
} traj_cache;

/* Where the recording of these files is kept, or would be. Nowhere without options->cache, where
 * the files are small or not all plain files, and where the system does not show the program. */
traj_cache traj_cache_find(const traj_sources *from, const traj_read_options *options);

/* True: *recording is what a reader made of the same files, its arrays in the packed file, and the
 * guesses of then are appended to *guesses. False: there is none, and both are as they were. */
bool traj_cache_load(const traj_cache *cache, traj_recording *recording, traj_guesses *guesses);

/* Keeps a recording, with the guesses from `first` on, unless the files have changed since
 * traj_cache_find. Whether it could be kept makes no difference to anybody, so no error is told. */
void traj_cache_store(const traj_cache *cache, const traj_sources *from,
                      const traj_read_options *options, const traj_recording *recording,
                      const traj_guesses *guesses, int first);

#endif
