/* TRAJ_ASSERT: our own mistakes (shape, NULL, order of calls). Stays on in release builds: it is
 * never in a hot loop. Prints file, line and condition, then aborts. Bad input from the world is
 * never an assert: see status.h. */
#ifndef TRAJ_BASE_ASSERT_H
#define TRAJ_BASE_ASSERT_H

#define TRAJ_ASSERT(condition)                                                                     \
    ((condition) ? (void)0 : traj_assert_failed(__FILE__, __LINE__, #condition))

_Noreturn void traj_assert_failed(const char *file, int line, const char *condition);

#endif
