/* What metadata of all providers hold, read from steps (traj/io/document.h), with a sentence for
 * each value that is not what it should be. */
#ifndef TRAJ_DATA_STEPS_H
#define TRAJ_DATA_STEPS_H

#include "traj/data/rate.h"
#include "traj/io/document.h"

#include <stdbool.h>

/* Whether the step's path begins with this one. */
bool traj_step_below(const traj_step *step, const char *path);

/* Whether the step is a value that stands directly in an element, or object, of this name. */
bool traj_step_of(const traj_step *step, const char *element);

/* A number from 0 on, times unit; 0 where it is missing. Errors: TRAJ_E_DATA. */
traj_status traj_step_size(const traj_step *step, double unit, double *size, traj_error *err);

/* Frames a second, a rate of none where it is missing or 0. Errors: TRAJ_E_DATA. */
traj_status traj_step_rate(const traj_step *step, traj_rate *rate, traj_error *err);

/* The number of a shirt; -1 where it is missing or beyond 999. Errors: TRAJ_E_DATA for a text. */
traj_status traj_step_shirt(const traj_step *step, int *jersey, traj_error *err);

#endif
