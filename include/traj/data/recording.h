/* What a reader makes of a file: who moved where, when.
 *
 * Pitch frame: metres, origin at the centre spot, x along the length, y up, home attacks right in
 * every period. A recording holds sequences; a sequence is a stretch of one period, play or cycle
 * run, with its own agents. Straight from a reader a sequence may have gaps in its frames;
 * traj_recording_resample cuts it there and makes the rate uniform. Missing positions are NaN here;
 * after traj_dataset they are a mask. */
#ifndef TRAJ_DATA_RECORDING_H
#define TRAJ_DATA_RECORDING_H

#include "traj/base/status.h"
#include "traj/data/rate.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum traj_kind {
    TRAJ_HOME,
    TRAJ_AWAY,
    TRAJ_HOME_GK,
    TRAJ_AWAY_GK,
    TRAJ_BALL,
    TRAJ_KINDS
} traj_kind;

typedef enum traj_team { TRAJ_TEAM_HOME, TRAJ_TEAM_AWAY, TRAJ_TEAM_BALL } traj_team;

typedef struct traj_agent {
    char id[48]; /* the provider's own, "ball" for the ball */
    traj_team team;
    traj_kind kind;
    int jersey;                      /* -1 = unknown, and for the ball */
    char role[24];                   /* the provider's word for his position; "" = untold */
    int64_t first_frame, last_frame; /* when he takes part, as the metadata say, else from his first
                                        position to his last; both within. Ids of the sequence as it
                                        was read, before anything was cut */
} traj_agent;

typedef enum traj_ball_state {
    TRAJ_BALL_STATE_UNKNOWN,
    TRAJ_BALL_ALIVE,
    TRAJ_BALL_DEAD
} traj_ball_state;

typedef enum traj_ball_owner {
    TRAJ_OWNER_UNKNOWN,
    TRAJ_OWNER_HOME,
    TRAJ_OWNER_AWAY
} traj_ball_owner;

typedef struct traj_play { /* what the file says of the game in a frame */
    uint8_t ball;          /* a traj_ball_state */
    uint8_t owner;         /* a traj_ball_owner */
} traj_play;

/* How it was decided which way home attacks. */
typedef enum traj_side_by {
    TRAJ_SIDE_BY_NOTHING,  /* it was not */
    TRAJ_SIDE_BY_OPTION,   /* --home-attacks */
    TRAJ_SIDE_BY_VOTE,     /* of the frames */
    TRAJ_SIDE_BY_METADATA, /* where the frames do not agree */
    TRAJ_SIDE_BY_FILE      /* a direction of play in every row */
} traj_side_by;

typedef struct traj_direction { /* of play, in the file */
    int home_attacks;           /* 1 right, -1 left, 0 not known */
    traj_side_by by;
    double share; /* of the frames that voted for it; NaN: none did */
    int told;     /* what the metadata say, as home_attacks */
    bool turned;  /* by 180 degrees, so that home attacks right now */
} traj_direction;

typedef struct traj_sequence {
    char name[64]; /* "1" for period 1, "2019122210/2421" for a play; unique in the recording before
                      resampling */
    int period_id;
    size_t frames, agents;
    traj_agent *agent; /* owned [agents]; players first in order of appearance, the ball last (if
                          there is one) */
    int64_t *frame_id; /* owned [frames], increasing: the provider's numbers */
    double *time_s;    /* owned [frames], increasing: seconds since the sequence's (period's) start
                          where known */
    float *pos_m;      /* owned [frames, agents, 2]; NaN = missing; both of x,y or neither */
    traj_play *play;   /* owned [frames]; NULL: the file tells none */
    uint8_t *extrapolated; /* owned [frames, agents]: 1 = not seen by the tracker but estimated; 0
                              too where missing. NULL: the file does not tell */
    traj_direction direction;
    struct traj_map *packed; /* shared: a file of the cache, and arrays may be views into it, which
                                may be written into; NULL: none */
} traj_sequence;

typedef struct traj_recording {
    char source[256];        /* file name(s), for messages and the model card */
    traj_sequence *sequence; /* owned [sequences] */
    size_t sequences;
    char format[24]; /* the reader's name for it, "" where nothing was read */
    char home_name[64], away_name[64];
    traj_rate rate;        /* of the frames as they are now */
    traj_rate source_rate; /* of the file */
    double frame_id_step;  /* frame ids per source frame: 1 almost always, 10 in ETH/UCY, 2.5 in
                              what was resampled from 25 to 10 Hz */
    double pitch_length_m, pitch_width_m;
    bool home_right;  /* home attacks right in every sequence; false: kept as the file has it */
    bool crowd;       /* pedestrians: everybody is TRAJ_HOME, and the pitch is only a box around the
                         origin that holds them; the frame of coordinates is the file's own */
    double quantum_m; /* resolution of the positions; 0 = none found */
} traj_recording;

/* A printed guess about data: what, why, and the flag that overrides it. Stored with the model. */
typedef struct traj_guess {
    char subject[32]; /* "units", "origin", "teams", "orientation", "rate", ... */
    char text[256];   /* "metres: 98 % of positions lie within 52.5 x 34 of the origin" */
    char flag[64];    /* "--unit yards|cm|..." */
    bool doubt;       /* something looks wrong: the text says what, the flag what may help */
} traj_guess;

/* What a recording looks like: see traj/data/quality.h. */
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

typedef struct traj_guesses {
    traj_guess item[32];
    int count;
    traj_quality quality; /* of the recording as it was read; frames 0: nobody measured all of it */
} traj_guesses;

/* Prepares an empty recording; traj_recording_free releases all it owns and empties it again. */
void traj_recording_init(traj_recording *recording);
void traj_recording_free(traj_recording *recording);

/* Appends an empty sequence with room for frames x agents, all positions NaN. Errors:
 * TRAJ_E_MEMORY. The pointer is valid until the next call. */
traj_status traj_recording_add(traj_recording *recording, size_t frames, size_t agents,
                               traj_sequence **sequence, traj_error *err);

/* Room for what the file says of the game, all unknown, and for marks of what was not seen, all 0;
 * nothing happens where there is room already. Errors: TRAJ_E_MEMORY. */
traj_status traj_sequence_add_play(traj_sequence *sequence, traj_error *err);
traj_status traj_sequence_add_extrapolated(traj_sequence *sequence, traj_error *err);

/* How many frames, from the first on, have ids up to `last`. Cost: some steps, as ids increase. */
size_t traj_sequence_until(const traj_sequence *sequence, int64_t last);

/* out = in at rate_hz, cut into uniform stretches wherever frames are missing (a step of more
 * than 1.5 frames in time, or 2.5 in id). A resampled frame is interpolated linearly between its
 * two neighbours in time, is missing for an agent missing in either, and extrapolated where one of
 * them is; play is that of the one before. When last_frame_id is not
 * INT64_MIN, frames after it are dropped first, and the grid ends exactly on it, so nothing later
 * can reach the result; otherwise the grid starts on the first frame of each stretch. frame_id of a
 * resampled frame: the provider's clock at its time, rounded. Any rate will do; a higher one puts
 * frames on straight lines. rate_hz 0 keeps the source rate and cuts only. A stretch of fewer than
 * two frames is dropped. Errors: TRAJ_E_MEMORY. */
traj_status traj_recording_resample(const traj_recording *in, double rate_hz, int64_t last_frame_id,
                                    traj_recording *out, traj_error *err);

/* Where a recording was resampled to more frames than it has ids: counts in frames as they are now,
 * each stretch from where the provider's clock would be. ids_per_frame: by how much that clock
 * moves from frame to frame. */
void traj_recording_renumber(traj_recording *recording, double ids_per_frame);

/* Keeps frame ids first..last (inclusive) of every sequence; sequences without frames or agents
 * vanish. */
void traj_recording_keep_frames(traj_recording *recording, int64_t first, int64_t last);

/* Appends an empty sequence with the name, period, direction and agents of `from`, and with room
 * for what it has room for; otherwise as traj_recording_add. */
traj_status traj_recording_add_like(traj_recording *recording, const traj_sequence *from,
                                    size_t frames, traj_sequence **sequence, traj_error *err);

/* Frames at.. of `to` = frames begin..begin+frames of `from`: ids, times, positions, and play and
 * marks where both have room. Both have the same agents. */
void traj_sequence_copy(traj_sequence *to, size_t at, const traj_sequence *from, size_t begin,
                        size_t frames);

/* *copy owns all of its own. Errors: TRAJ_E_MEMORY; it is empty then. */
traj_status traj_recording_copy(const traj_recording *recording, traj_recording *copy,
                                traj_error *err);

/* An agent's team as files name it: "home", "away" or "ball", "pedestrian" in a crowd. */
const char *traj_team_name(const traj_recording *recording, const traj_agent *agent);

/* Turns the sequence by 180 degrees about the centre spot (x and y change sign). */
void traj_sequence_turn(traj_sequence *sequence);

#endif
