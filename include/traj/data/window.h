/* Windows: stretches of `frames` frames of resampled recordings, cut into training and validation,
 * made into batches.
 *
 * A window never crosses a sequence (period, play, gap) or the split. The split takes the last
 * fraction of each match in time; training windows end one window before it. */
#ifndef TRAJ_DATA_WINDOW_H
#define TRAJ_DATA_WINDOW_H

#include "traj/base/noise.h"
#include "traj/data/batch.h"
#include "traj/data/norm.h"

typedef struct traj_window {
    uint32_t recording, sequence;
    size_t first; /* frame */
    size_t slack; /* how many frames it may move to the right and still be legal */
    int agents;   /* at most so many are in it, wherever it moves */
} traj_window;

typedef struct traj_windows {
    traj_window *item; /* owned */
    size_t count;
    int frames; /* of each window */
    int agents; /* most agents that any window has */
} traj_windows;

enum { TRAJ_MAX_SCENE_AGENTS = 128 };

/* Frames [from, to) of each match, as fractions of its length, cut into windows `stride` frames
 * apart; `gap` frames are left free at the end. Slack is as much as the stride, the sequence's end
 * and TRAJ_MAX_SCENE_AGENTS leave. Errors: TRAJ_E_MEMORY; TRAJ_E_DATA when a window has more than
 * TRAJ_MAX_SCENE_AGENTS agents without any slack. No window at all is no error. */
traj_status traj_windows_cut(const traj_recording *recording, size_t recordings, int frames,
                             int stride, double from, double to, int gap, traj_windows *windows,
                             traj_error *err);
void traj_windows_free(traj_windows *windows);

/* The agents of a window: those with a position in at least one of its frames. slot
 * [TRAJ_MAX_SCENE_AGENTS]; returns how many. */
int traj_window_agents(const traj_sequence *sequence, size_t first, int frames, int *slot);

/* How a window becomes a scene. */
typedef struct traj_scene_options {
    size_t shift;              /* frames to the right, <= slack */
    int flip_x, flip_y;        /* mirror about the pitch's axes; the x flip swaps the teams, where
                                  there are any */
    const traj_noise *dequant; /* NULL: positions as they are */
    const traj_noise *drift;   /* NULL, or the places that a model knows wander, displacements do
                                  not: a random walk of drift_m a frame and dimension from the
                                  window's start, each agent his own */
    double drift_m;
    uint32_t number; /* the scene's number in the whole batch */
    int edges_of;    /* 1 + the only step whose edges are wanted; 0: all are */
    const int *slot; /* view: the agents that take part, or NULL: all of the window */
    int slots;
} traj_scene_options;

/* Fills scene b of the batch (steps = frames - 1, agents >= the window's). scratch:
 * traj_scene_bytes, released again. */
void traj_scene_fill(traj_batch *batch, int b, const traj_recording *recording,
                     const traj_window *window, const traj_norm *norm, traj_scene_options options,
                     traj_arena *scratch);
size_t traj_scene_bytes(int agents, int frames);

#endif
