/* What Stats Perform's match feed says; see statsperform_meta.c. */
#ifndef TRAJ_DATA_STATSPERFORM_H
#define TRAJ_DATA_STATSPERFORM_H

#include "facts.h"

#include "traj/io/input.h"

/* The match feed MA1, XML or JSON. Errors: TRAJ_E_IO, TRAJ_E_MEMORY, TRAJ_E_DATA with the place. */
traj_status traj_statsperform_meta_read(traj_input *input, traj_facts *facts, traj_error *err);

#endif
