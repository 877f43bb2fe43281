/* Whom a recording holds, over all its sequences: what `traj info` lists. */
#ifndef TRAJ_CLI_RECORDING_REPORT_H
#define TRAJ_CLI_RECORDING_REPORT_H

#include "traj/data/recording.h"

typedef struct traj_report_agent {
    traj_agent agent; /* first_frame and last_frame over all sequences that he is in */
    size_t sequences; /* that he is in */
    size_t frames;    /* in which he takes part */
    size_t missing;   /* of these, without a position */
    size_t estimated; /* of these, with one that the tracker did not see */
} traj_report_agent;

typedef struct traj_recording_report {
    traj_report_agent *agent; /* owned [agents]: each (team, id) once; home, away, the ball, and in
                                 a team by the first frame, then by shirt */
    size_t agents, capacity;
} traj_recording_report;

/* Free with traj_recording_report_free. Errors: TRAJ_E_MEMORY; *report is then empty. */
traj_status traj_recording_report_make(const traj_recording *recording,
                                       traj_recording_report *report, traj_error *err);
void traj_recording_report_free(traj_recording_report *report);

#endif
