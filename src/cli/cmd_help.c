/* traj help: all commands, some commands, the version, the man page or completion. */
#include "traj/base/real.h"
#include "traj/cli/command.h"
#include "traj/cli/help.h"
#include "traj/num/gemm.h"

static void print_version(void)
{
    printf("traj %s (%s, %s)\n", TRAJ_VERSION, TRAJ_REAL_NAME, traj_blas_name());
}

static traj_status print_topics(const traj_text_list *topics, traj_error *err)
{
    for (size_t i = 0; i < topics->count; i++) {
        const traj_command *command;
        traj_status status = traj_command_find(topics->item[i], &command, err);
        if (status != TRAJ_OK) return status;
        if (i > 0) putchar('\n');
        traj_help_print_page(stdout, command->page);
    }
    return TRAJ_OK;
}

traj_status cmd_help(traj_settings *settings, traj_error *err)
{
    if (settings->topics.count) return print_topics(&settings->topics, err);
    if (settings->version)
        print_version();
    else if (settings->man)
        traj_help_print_man(stdout);
    else if (settings->completion)
        traj_help_print_completion(stdout);
    else
        traj_help_print(stdout);
    return TRAJ_OK;
}
