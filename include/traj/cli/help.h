/* What traj says about itself, all of it generated from the command and option tables. */
#ifndef TRAJ_CLI_HELP_H
#define TRAJ_CLI_HELP_H

#include "traj/cli/command.h"
#include <stdio.h>

/* Summaries of all commands: `traj help`. */
void traj_help_print(FILE *stream);

/* One command: usage, description, options in groups with defaults, examples; at most 80 columns.
 */
void traj_help_print_page(FILE *stream, const traj_page *page);

/* "usage: traj train --players FILE...", one line or two. */
void traj_help_print_usage(FILE *stream, const traj_page *page);

/* The man page, roff with the man macros. */
void traj_help_print_man(FILE *stream);

/* A bash script to be sourced. */
void traj_help_print_completion(FILE *stream);

#endif
