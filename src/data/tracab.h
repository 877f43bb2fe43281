/* What Tracab's two formats share: frames, players by team and shirt, the ball; centimetres. */
#ifndef TRAJ_DATA_TRACAB_H
#define TRAJ_DATA_TRACAB_H

#include "formats.h"

enum { TRAJ_TRACAB_SHIRTS = 1000 };

typedef struct traj_tracab {
    traj_tracks *tracks; /* view */
    const char *file;    /* view */
    long line;           /* being read */
    int64_t frame;       /* the last one, INT64_MIN before the first */
    int period;          /* it lies in, counted where nobody says */
    uint32_t sequence, row;
    uint32_t agent[2][TRAJ_TRACAB_SHIRTS + 1]; /* of the sequence, by traj_team and shirt + 1;
                                                  TRAJ_INDEX_NONE: not seen in it yet */
    uint32_t ball;
} traj_tracab;

/* Begins a frame. phase: its period, 0 where the file does not say. False in *inside: it lies in no
 * period and is left out. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (the frame stands in the file twice).
 */
traj_status traj_tracab_frame(traj_tracab *in, int64_t frame, int phase, bool *inside,
                              traj_error *err);

/* One target of the frame: team 1 home, 0 away; 3 officials, 4 unused and -1 unknown are left out.
 * Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (another team, a shirt beyond 999). */
traj_status traj_tracab_target(traj_tracab *in, int64_t team, int64_t jersey, double x, double y,
                               traj_error *err);
traj_status traj_tracab_ball(traj_tracab *in, double x, double y, traj_error *err);

/* The game in the frame: owner H or A, state Alive or Dead; anything else is unknown. */
void traj_tracab_play(traj_tracab *in, const char *owner, const char *state);

/* The JSON of in->file. */
traj_status traj_tracab_json_read(traj_tracab *in, traj_input *input, traj_error *err);

#endif
