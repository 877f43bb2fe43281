/* rollout.csv and its sidecar rollout.json: docs/io.md describes the columns. */
#ifndef TRAJ_CLI_ROLLOUT_FILE_H
#define TRAJ_CLI_ROLLOUT_FILE_H

#include "traj/data/moment.h"
#include "traj/gen/rollout.h"
#include <stdio.h>

/* One rollout with the data around it. */
typedef struct traj_rollout_record {
    const char *name;              /* view: the `sequence` column, unique in the file */
    const traj_moment *moment;     /* view */
    const traj_forecast *forecast; /* view */
    int burn_in;                   /* frames observed */
    double frame_ids_per_step;     /* how far the provider's frame number moves in one step; at
                                      least 1, for no two frames have one number */
    int decimals;                  /* of positions in metres */
} traj_rollout_record;

/* Long: one row per agent, frame and sample. Call the header once, then the record of each rollout.
 */
void traj_rollout_write_header(FILE *out);
void traj_rollout_write_long(FILE *out, const traj_rollout_record *record);

/* The chains of the record's first sample, one row per agent, frame and level: header and rows. */
void traj_rollout_write_chain(FILE *out, const traj_rollout_record *record,
                              const traj_chain *chain);

/* Wide: one row per frame and sample, one pair of columns per agent of the first record; one record
 * a file. */
void traj_rollout_write_wide(FILE *out, const traj_rollout_record *record);

#endif
