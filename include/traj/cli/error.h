/* What goes to stderr: the error sentence at the end of a failed run, and the guesses a reader made
 * about data. */
#ifndef TRAJ_CLI_ERROR_H
#define TRAJ_CLI_ERROR_H

#include "traj/cli/command.h"
#include <stdio.h>

/* "traj: error: sentence"; after a usage error also the usage of `command` (NULL: of none) and
 * where to read more. Red on a terminal unless NO_COLOR is set. */
void traj_error_print(const traj_error *err, const traj_command *command);

/* One aligned entry per guess, at most 80 columns, doubts last:
 * guess  units        metres: 98 % of positions lie inside the pitch (override: --unit yards)
 * doubt  ball         it stays within 2 m all the time: it was not tracked (remedy: --ball none) */
void traj_guesses_print(FILE *stream, const traj_guesses *guesses);

#endif
