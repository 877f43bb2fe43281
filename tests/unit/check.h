/* What every unit test includes: CMocka with the headers it wants before it, and a check for
 * asserts. */
#ifndef TRAJ_TESTS_CHECK_H
#define TRAJ_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* True when mistake() aborts, as TRAJ_ASSERT does. It runs in a child process, whose message is
 * dropped; call it while the test has no other threads. */
static inline bool check_aborts(void (*mistake)(void))
{
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        if (nowhere >= 0) (void)dup2(nowhere, STDERR_FILENO);
        /* CMocka and the sanitizers catch the signal; here it should end the process. */
        (void)signal(SIGABRT, SIG_DFL);
        mistake();
        _exit(EXIT_SUCCESS);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

#endif
