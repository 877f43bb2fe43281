/* A set of scenes whose futures are known beforehand, and sources that are wrong by as much as one
 * likes, for tests of the whole path from places to figures. */
#ifndef TRAJ_TESTS_EVAL_SET_H
#define TRAJ_TESTS_EVAL_SET_H

#include "eval_groups.h"
#include "traj/eval/evaluation.h"

/* A protocol of its own: 5 Hz, 4 frames observed, 10 forecast, which are two seconds. */
enum { SET_PAST = 4, SET_FUTURE = 10, SET_WINDOW = 14, SET_SAMPLES = 3, SET_PLACES = 6 };
enum { SET_RECORDINGS = 2, SET_FRAMES = 3 * SET_WINDOW, SET_AGENTS = 4, SET_SOURCES = 6 };

/* Sources, by what they forecast. */
enum { SET_TRUTH, SET_PERFECT, SET_SHIFTED, SET_ALIKE, SET_NOISY, SET_BROKEN };

/* All but SET_NOISY know that everybody moves on a straight line by eighths of a metre, which are
 * exact. SET_SHIFTED and SET_ALIKE are 3 m too far along x and 4 m along y, the first with one
 * sample, the second with SET_SAMPLES equal ones. SET_BROKEN fails in all scenes but the first, and
 * is not in job.sources. */
typedef struct eval_set {
    traj_recording recording[SET_RECORDINGS]; /* owned */
    traj_eval_place place[SET_PLACES];        /* windows end to end */
    traj_eval_source source[SET_SOURCES];
    traj_eval_job job; /* views of what is above; never copy an eval_set */
} eval_set;

/* Two home players, one away and the ball, recorded throughout; agent a of recording r moves by
 * ((r + 1) (a + 1), 1) / 8 m a frame, a's odd to the left. */
void eval_set_init(eval_set *set);
void eval_set_free(eval_set *set);

/* Removes an agent from a frame. */
void eval_set_hide(eval_set *set, int recording, size_t frame, size_t agent);

/* On so many threads; fails the test unless the status is TRAJ_OK. */
traj_evaluation eval_set_run(const eval_set *set, int threads);

#endif
