/* What Sportec's match information says; see sportec_meta.c. */
#ifndef TRAJ_DATA_SPORTEC_H
#define TRAJ_DATA_SPORTEC_H

#include "facts.h"

#include "traj/io/input.h"

/* The match information (DFL 02.01). Errors: TRAJ_E_IO, TRAJ_E_MEMORY, TRAJ_E_DATA with file:line.
 */
traj_status traj_sportec_meta_read(traj_input *input, traj_facts *facts, traj_error *err);

#endif
