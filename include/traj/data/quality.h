/* What a recording looks like: where everybody is, how many there are, how fast they move, and what
 * the file told beside positions. By it a reader doubts or refuses a file, and `traj info`
 * describes one. */
#ifndef TRAJ_DATA_QUALITY_H
#define TRAJ_DATA_QUALITY_H

#include "traj/data/recording.h"

/* Whoever is further beyond the lines than this is not on the pitch. */
#define TRAJ_RUN_OFF_M 5.0

/* Speeds are those over this time, or over a frame where frames are further apart: from one frame
 * to the next the noise of a tracking system is as fast as a player. */
#define TRAJ_SPEED_OVER_S 0.2

/* Nobody runs, and no ball is kicked, as fast: steps beyond are jumps. */
#define TRAJ_FAST_MPS      12.0
#define TRAJ_FAST_BALL_MPS 40.0

typedef struct traj_speeds {
    size_t steps; /* looked at */
    size_t fast;  /* steps from one frame to the next above TRAJ_FAST_MPS, or
                     TRAJ_FAST_BALL_MPS */
    double median_mps, high_mps, max_mps; /* high: of all but the fastest 1 %; NaN without steps;
                                             median and high to 0.05 m/s */
} traj_speeds;

typedef struct traj_quality {
    traj_speeds players, ball;
    size_t frames;
    size_t positions, on_pitch; /* of players */
    size_t median_players[2];   /* of a team in a frame, by traj_team */
    size_t most_players[2];     /* of a team, */
    int64_t most_frame[2];      /* in this frame, the first with so many, */
    size_t over_eleven[2];      /* and frames with more than eleven */
    size_t balls, balls_on_pitch;
    double ball_span_m;       /* the longer side of a box around all balls */
    size_t estimated, judged; /* positions not seen by the tracker, of those where the file tells */
    size_t alive, dead;       /* frames with the ball so told */
    size_t home_owns, away_owns; /* frames with the ball theirs */
} traj_quality;

/* Counts over all frames with ids up to `last`. The speed of a step from frame f to f + k, where k
 * frames take TRAJ_SPEED_OVER_S, is |p_{f+k} - p_f| / (t_{f+k} - t_f); steps over a gap in the
 * frames do not count. Cost: one pass over the positions, no memory. Threads: any. */
void traj_quality_measure(const traj_recording *recording, int64_t last, traj_quality *quality);

#endif
