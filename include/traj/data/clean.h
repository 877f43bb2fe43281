/* Cleaning a recording as it was read: steps that nobody can have made are taken out, short gaps
 * filled, tracks smoothed, in this order. Nothing happens that is not asked for.
 *
 *   jumps   Of each track the positions are removed that leave the least of
 *               removed positions + rate * 0.5 s * (steps faster than max_jump_mps that stay),
 *           so a stay elsewhere of less than a second goes, and a longer one is believed.
 *   gaps    Who is missing for at most max_gap_s is put on the straight line between the positions
 *           before and behind, unless that were a jump, or one of them lies where he does not take
 *           part; frames that are missing for at most as long come back, too.
 *   smooth  Savitzky-Golay, second order (savgol.h), within stretches without a gap.
 *
 * All of them look ahead. Where the future must not reach the result, a recording that ends at the
 * present is cleaned: traj_moment_cut does. Without smoothing, cleaning twice is cleaning once.
 * Note: docs/mathematics/clean.md. */
#ifndef TRAJ_DATA_CLEAN_H
#define TRAJ_DATA_CLEAN_H

#include "traj/data/recording.h"

/* Zeros: nothing. One row each in the option table. */
typedef struct traj_clean_options {
    double max_jump_mps, max_ball_jump_mps; /* --max-jump, --max-ball-jump */
    double max_gap_s;                       /* --max-gap */
    double smooth_s;                        /* --smooth: width of the window */
} traj_clean_options;

typedef struct traj_clean_counts {
    size_t positions;    /* that were there */
    size_t removed;      /* of them, as jumps */
    size_t gaps, filled; /* gaps closed, with so many positions */
    size_t frames;       /* that came back */
    size_t smoothed;     /* positions in stretches long enough to be smoothed */
} traj_clean_counts;

bool traj_clean_is_asked(const traj_clean_options *options);

/* *sum += more. */
void traj_clean_add(traj_clean_counts *sum, const traj_clean_counts *more);

/* Cleans in place and adds to *counts. Where tracks are smoothed a quantum becomes a
 * millimetre: positions are no longer multiples of the file's. Errors: TRAJ_E_USAGE where smooth_s
 * makes a window of fewer than 5 frames, which changes nothing, or of more than TRAJ_SAVGOL_WINDOW;
 * TRAJ_E_MEMORY, which leaves the recording cleaned in part. Cost: a pass per step; jumps besides,
 * per jump, as many looks back as there are others before it, 256 at most. Threads: any, different
 * recordings. */
traj_status traj_recording_clean(traj_recording *recording, const traj_clean_options *options,
                                 traj_clean_counts *counts, traj_error *err);

/* How many seconds before a position can change what cleaning makes of it, smoothing and gaps
 * counted exactly, jumps for all practical purposes. */
double traj_clean_reach_s(const traj_clean_options *options);

#endif
