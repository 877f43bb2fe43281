/* Recordings -> files that traj_recording_read reads back. One row per format in the table of
 * src/data/writer.c, one file per format beside it. docs/formats.md describes them. */
#ifndef TRAJ_DATA_WRITER_H
#define TRAJ_DATA_WRITER_H

#include "traj/data/recording.h"

/* Writes the recording in the pitch frame, in metres. Where the quantum is a power of ten,
 * positions are rounded to it; otherwise each has as few digits as bring back the same float.
 * Reading the file gives the same sequences, agents and positions, as far as the format can hold
 * them (wide: an id gets home_ or away_ before it where it has none). Players never seen in any
 * frame are left out when it is read. path "-" is stdout; a file appears whole or not at all.
 * A format with metadata writes them beside the file (match.jsonl: match_meta.json), but not beside
 * stdout, devices and pipes. Errors: TRAJ_E_IO, TRAJ_E_MEMORY, TRAJ_E_DATA (the format cannot hold
 * such a recording), TRAJ_E_USAGE (no such format). Threads: any, different files. */
traj_status traj_recording_write(const traj_recording *recording, const char *format,
                                 const char *path, traj_error *err);

/* Names of the formats, for help: NULL-terminated. */
const char *const *traj_writer_names(void);

/* What the names of a format's files end in: ".csv". NULL: no such format. */
const char *traj_writer_suffix(const char *format);

#endif
