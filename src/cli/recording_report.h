/* What `traj info` counts in a recording: who is missing how often, and how fast everybody moves.
 */
#ifndef TRAJ_CLI_RECORDING_REPORT_H
#define TRAJ_CLI_RECORDING_REPORT_H

#include "traj/data/recording.h"

/* Nobody runs, and no ball is kicked, as fast: steps beyond are jumps. */
#define TRAJ_FAST_MPS      12
#define TRAJ_FAST_BALL_MPS 40

typedef struct traj_report_agent {
    traj_agent agent;
    size_t frames;  /* of the sequences he is in */
    size_t missing; /* of these, without a position */
} traj_report_agent;

typedef struct traj_report_speed {
    size_t steps;               /* pairs of neighbouring frames with a position in both */
    size_t fast;                /* of these, faster than TRAJ_FAST_MPS or TRAJ_FAST_BALL_MPS */
    double median_mps, max_mps; /* NaN without steps */
} traj_report_speed;

typedef struct traj_recording_report {
    traj_report_agent *agent; /* owned [agents]: each (team, id) once, in order of appearance */
    size_t agents, capacity;
    traj_report_speed players, ball;
} traj_recording_report;

/* Speeds are backward differences |p_t - p_{t-1}| / (time_t - time_{t-1}); steps over a gap in the
 * frames do not count. Free with traj_recording_report_free. Errors: TRAJ_E_MEMORY; *report is then
 * empty. */
traj_status traj_recording_report_make(const traj_recording *recording,
                                       traj_recording_report *report, traj_error *err);
void traj_recording_report_free(traj_recording_report *report);

#endif
