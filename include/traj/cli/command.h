/* Commands: one row each in the table of src/cli/command.c. docs/howto-add-a-command.md adds one.
 */
#ifndef TRAJ_CLI_COMMAND_H
#define TRAJ_CLI_COMMAND_H

#include "traj/cli/settings.h"

/* Does the command's work with settings that are checked and complete. Results go to stdout or to
 * files, all else to stderr. Errors: any status; the sentence in *err is printed by main. */
typedef traj_status traj_command_run(traj_settings *settings, traj_error *err);

/* What help, the man page and completion say about a command beside its options. */
typedef struct traj_page {
    const char *name;
    unsigned command;        /* its traj_command_bit */
    const char *usage;       /* "--players FILE... [options]" */
    const char *summary;     /* a phrase for lists: small first letter, no full stop */
    const char *description; /* paragraphs; lines are broken when printed, "\n" ends a paragraph */
    const char *examples;    /* lines as they stand, "" = none */
    const char *positional;  /* key of the list option that takes plain arguments, or NULL */
    bool announced;          /* print the effective configuration before running */
} traj_page;

typedef struct traj_command {
    const traj_page *page;
    traj_command_run *run;
} traj_command;

/* The whole table; *count rows. */
const traj_command *traj_command_table(size_t *count);

/* The command of that name. Errors: TRAJ_E_USAGE with the nearest known name. */
traj_status traj_command_find(const char *name, const traj_command **command, traj_error *err);

/* Gathers the settings from `count` arguments behind the name, announces them where the page asks
 * for it, and runs the command;
 * --help prints its page instead. */
traj_status traj_command_start(const traj_command *command, traj_settings *settings, int count,
                               char *const *arguments, traj_error *err);

extern const traj_page traj_page_train, traj_page_rollout, traj_page_evaluate, traj_page_score,
    traj_page_bench, traj_page_impute, traj_page_denoise, traj_page_info, traj_page_convert,
    traj_page_simulate, traj_page_help;

traj_command_run cmd_train, cmd_rollout, cmd_evaluate, cmd_impute, cmd_denoise, cmd_score,
    cmd_bench, cmd_info, cmd_convert, cmd_simulate, cmd_help;

#endif
