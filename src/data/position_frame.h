/* How positions of an unknown unit and origin lie on a pitch. Only measured here: guess_pitch.c
 * says what is found, and refuses it.
 *
 * The extent of the positions (all but the outermost 0.2 % at each end) is held against a pitch in
 * each unit, with the origin at the centre spot or in a corner. A pitch that the positions overflow
 * is worse than one they do not fill:
 *
 *   cost = sum over the four edges of 10 * (overflow beyond 1 %) + (unfilled), in pitch lengths and
 * widths */
#ifndef TRAJ_DATA_POSITION_FRAME_H
#define TRAJ_DATA_POSITION_FRAME_H

#include "guess.h"

#define TRAJ_USUAL_LENGTH_M 105.0
#define TRAJ_USUAL_WIDTH_M  68.0

enum { TRAJ_POSITIONS_MEASURED = 10000 };

/* metre: length of the unit; 0 = a share of the pitch, which is `whole` units long and wide. */
typedef struct traj_position_unit {
    const char *name;
    double metre, whole;
} traj_position_unit;

typedef struct traj_position_origin {
    const char *name;
    bool corner; /* else the centre spot */
    bool down;   /* y points down */
} traj_position_origin;

/* low..high along x and y, in the file's unit, of `count` positions. */
typedef struct traj_extent {
    double low[2], high[2];
    double step; /* decimal, that nearly all are multiples of, along both; 0: none */
    size_t count;
    size_t every; /* which frame was looked at */
} traj_extent;

typedef struct traj_position_frame { /* how positions are to be read */
    const traj_position_unit *unit;
    bool corner, down;
    double length_m, width_m;
} traj_position_frame;

/* The unit or origin of this name; NULL: none has it. */
const traj_position_unit *traj_position_unit_find(const char *name);
const traj_position_origin *traj_position_origin_find(const char *name);

/* The extent of the players' positions, or of the ball's where there is nobody else, but for the
 * outermost. at: scratch [2][TRAJ_POSITIONS_MEASURED]. */
void traj_extent_measure(const traj_reading *reading, double *const at[2], traj_extent *found);

/* The side along an axis of the smallest pitch around the positions, in the file's unit. */
double traj_extent_side(const traj_extent *found, int axis, bool corner);

/* The cheapest unit and origin, into *best; NULL leaves one open. swapped: as if x ran across.
 * Returns their cost. */
double traj_position_frame_fit(const traj_reading *reading, const traj_extent *found,
                               const traj_position_unit *unit, const traj_position_origin *origin,
                               bool swapped, traj_position_frame *best);

/* The share of the positions in these frames, in metres by now, that lie on the pitch or close to
 * it. */
double traj_position_frame_inside(const traj_reading *reading, const traj_extent *found,
                                  const traj_position_frame *as);

/* Metres per unit along an axis, for a frame whose pitch is known. */
double traj_position_frame_metres(const traj_position_frame *as, int axis);

#endif
