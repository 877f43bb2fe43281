/* One match as `traj info` shows it, as text or as JSON. */
#ifndef TRAJ_CLI_INFO_MATCH_H
#define TRAJ_CLI_INFO_MATCH_H

#include "cleaning.h"
#include "recording_report.h"
#include "traj/data/quality.h"
#include "traj/io/json.h"

typedef struct info_match {
    traj_recording recording;
    traj_guesses guesses;
    traj_clean_options asked; /* --max-jump and its like */
    traj_clean_counts clean;
    traj_quality quality;
    traj_recording_report report;
} info_match;

/* Onto stdout. */
void traj_info_print(const info_match *match);

/* Into an empty object. */
void traj_info_write(const info_match *match, traj_json *object);

/* What he does: "goalkeeper", the provider's word, "player", "ball". */
const char *traj_info_role(const traj_agent *agent);

/* Of the frames in which he takes part, those without a position. */
double traj_info_missing(const traj_report_agent *agent);

/* How many of the guesses are doubts. */
int traj_info_doubts(const traj_guesses *guesses);

#endif
