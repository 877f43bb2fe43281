/* Tracab's metadata, in all their dialects; Second Spectrum uses one of them. */
#ifndef TRAJ_DATA_TRACAB_META_H
#define TRAJ_DATA_TRACAB_META_H

#include "facts.h"
#include "traj/io/input.h"

/* Fills empty facts. Errors: TRAJ_E_IO, TRAJ_E_MEMORY, TRAJ_E_DATA (no XML or JSON, a number that
 * is none, a period that ends before it begins, no period at all). */
traj_status traj_tracab_meta_read(traj_input *input, traj_facts *facts, traj_error *err);

#endif
