/* traj COMMAND [options]: finds the command, runs it, and answers for what reached stdout. */
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/cli/error.h"
#include "traj/cli/help.h"
#include "traj/num/gemm.h"

#include <errno.h>
#include <string.h>

/* "traj --version" is "traj help --version". */
static traj_status run(int argc, char **argv, traj_settings *settings, const traj_command **command,
                       traj_error *err)
{
    bool named = argv[1][0] != '-';
    traj_status status = traj_command_find(named ? argv[1] : "help", command, err);
    if (status != TRAJ_OK) return status;
    int skipped = named ? 2 : 1;
    return traj_command_start(*command, settings, argc - skipped, argv + skipped, err);
}

/* A full disk or a closed pipe shows only when the buffer is written. */
static traj_status check_stdout(traj_error *err)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_IO, "cannot write to stdout: %s", strerror(errno));
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        traj_help_print(stderr);
        return traj_status_exit_code(TRAJ_E_USAGE);
    }
    traj_error err = {TRAJ_OK, ""};
    traj_settings settings;
    const traj_command *command = NULL;
    traj_settings_init(&settings);
    traj_memory_settle();
    traj_blas_rest();
    traj_status status = run(argc, argv, &settings, &command, &err);
    if (status == TRAJ_OK) status = check_stdout(&err);
    if (status != TRAJ_OK) traj_error_print(&err, command);
    traj_settings_free(&settings);
    return traj_status_exit_code(status);
}
