/* What cleaning does to tracks, said in one line. */
#ifndef TRAJ_CLI_CLEANING_H
#define TRAJ_CLI_CLEANING_H

#include "matches.h"

/* The options that ask for something, as they are typed, and what came of each: "12 of 34567
 * positions removed as jumps (--max-jump 12), 30 filled in 4 gaps (--max-gap 0.5)". */
typedef struct traj_cleaning_text {
    char line[320];
} traj_cleaning_text;

traj_cleaning_text traj_cleaning_describe(const traj_clean_options *options,
                                          const traj_clean_counts *counts);

/* Logs that line, `what` before it; nothing where nothing was asked for. */
void traj_cleaning_announce(const char *what, const traj_clean_options *options,
                            const traj_clean_counts *counts);

/* Cleans every match as settings->clean asks, a line for each unless settings->quiet. Errors: those
 * of traj_recording_clean. */
traj_status traj_matches_clean(const traj_settings *settings, traj_matches *matches,
                               traj_error *err);

#endif
