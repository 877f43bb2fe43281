#include "traj/cli/command.h"

#include "suggest.h"
#include "traj/base/log.h"
#include "traj/cli/help.h"
#include "traj/cli/options.h"

#include <string.h>

/* To add a command: docs/howto-add-a-command.md. Help lists them in this order. */
/* clang-format off */
static const traj_command commands[] = {
    {&traj_page_train, cmd_train},
    {&traj_page_rollout, cmd_rollout},
    {&traj_page_evaluate, cmd_evaluate},
    {&traj_page_impute, cmd_impute},
    {&traj_page_denoise, cmd_denoise},
    {&traj_page_score, cmd_score},
    {&traj_page_bench, cmd_bench},
    {&traj_page_info, cmd_info},
    {&traj_page_convert, cmd_convert},
    {&traj_page_simulate, cmd_simulate},
    {&traj_page_help, cmd_help},
};
/* clang-format on */

const traj_command *traj_command_table(size_t *count)
{
    *count = sizeof commands / sizeof commands[0];
    return commands;
}

traj_status traj_command_find(const char *name, const traj_command **command, traj_error *err)
{
    size_t count = sizeof commands / sizeof commands[0];
    traj_suggestion near;
    traj_suggest_start(&near, name);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(commands[i].page->name, name) == 0) {
            *command = &commands[i];
            return TRAJ_OK;
        }
        traj_suggest_offer(&near, commands[i].page->name);
    }
    char hint[96];
    traj_suggest_text(&near, "", hint, sizeof hint);
    return traj_fail(err, TRAJ_E_USAGE, "there is no command '%s'%s", name, hint);
}

/* Like --help, --quiet and --verbose mean the same for every command. */
static traj_status set_log_level(const traj_settings *settings, traj_error *err)
{
    if (settings->quiet && settings->verbose)
        return traj_fail(err, TRAJ_E_USAGE, "--quiet and --verbose exclude each other");
    if (settings->quiet) traj_log_set_level(TRAJ_LOG_QUIET);
    if (settings->verbose) traj_log_set_level(TRAJ_LOG_DEBUG);
    return TRAJ_OK;
}

traj_status traj_command_start(const traj_command *command, traj_settings *settings, int count,
                               char *const *arguments, traj_error *err)
{
    const traj_page *page = command->page;
    traj_status status =
        traj_options_parse(settings, page->command, page->positional, count, arguments, err);
    if (status != TRAJ_OK) return status;
    if (settings->help && page->command != TRAJ_CMD_HELP) {
        traj_help_print_page(stdout, page);
        return TRAJ_OK;
    }
    status = set_log_level(settings, err);
    if (status == TRAJ_OK) status = traj_options_complete(settings, page->command, err);
    if (status != TRAJ_OK) return status;
    if (page->announced && !settings->quiet) {
        fprintf(stderr, "traj %s %s (* = not the default)\n", TRAJ_VERSION, page->name);
        traj_options_print(stderr, settings, page->command);
    }
    return command->run(settings, err);
}
