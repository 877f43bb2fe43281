/* The JSON file beside a file of tracks: what they were made of, and how. docs/io.md. */
#ifndef TRAJ_CLI_SIDECAR_H
#define TRAJ_CLI_SIDECAR_H

#include "matches.h"
#include "model_folder.h"
#include "traj/io/json.h"
#include "traj/train/weights.h"

/* What all of them say. trained->model may be NULL: no model took part. The caller adds what is
 * its own and frees. */
traj_json *traj_sidecar_new(const traj_settings *settings, unsigned command,
                            const traj_trained *trained, const traj_matches *matches,
                            double rate_hz);

/* Writes root where tracks in `out` have it: rollout.csv -> rollout.json. Errors: TRAJ_E_IO. */
traj_status traj_sidecar_write(const traj_json *root, const char *out, traj_error *err);

/* The name of a file of tracks: as told, or, where that is empty, the stem with the suffix of the
 * format's files. */
void traj_tracks_name(char name[TRAJ_PATH], const char *told, const char *stem, const char *format);

#endif
