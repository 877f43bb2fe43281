/* Messages to people, on stderr. Results never go through here: they go to stdout or files, from
 * cli. The level is one of the two globals of the library (the other is the BLAS set-up). Threads:
 * any. */
#ifndef TRAJ_BASE_LOG_H
#define TRAJ_BASE_LOG_H

#include <stdbool.h>

typedef enum traj_log_level {
    TRAJ_LOG_QUIET,
    TRAJ_LOG_WARN,
    TRAJ_LOG_INFO,
    TRAJ_LOG_DEBUG
} traj_log_level;

void traj_log_set_level(traj_log_level level);
/* True when messages of this level are written. */
bool traj_log_shows(traj_log_level level);
void traj_log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void traj_log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void traj_log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* True when stderr is a terminal and NO_COLOR is not set. */
bool traj_log_colour(void);

#endif
