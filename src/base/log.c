#include "traj/base/log.h"
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int log_level = TRAJ_LOG_INFO;

void traj_log_set_level(traj_log_level level)
{
    atomic_store_explicit(&log_level, (int)level, memory_order_relaxed);
}

bool traj_log_shows(traj_log_level level)
{
    return (int)level <= atomic_load_explicit(&log_level, memory_order_relaxed);
}

bool traj_log_colour(void)
{
    const char *no_color = getenv("NO_COLOR"); /* https://no-color.org: set and not empty */
    return isatty(STDERR_FILENO) && !(no_color && no_color[0]);
}

/* One fprintf per message, so that messages of several threads do not mix within a line. */
static void write_message(const char *prefix, const char *format, va_list arguments)
{
    char text[2048];
    (void)vsnprintf(text, sizeof text, format, arguments);
    (void)fprintf(stderr, "%s%s\n", prefix, text);
}

void traj_log_info(const char *format, ...)
{
    if (!traj_log_shows(TRAJ_LOG_INFO)) return;
    va_list arguments;
    va_start(arguments, format);
    write_message("", format, arguments);
    va_end(arguments);
}

void traj_log_warn(const char *format, ...)
{
    if (!traj_log_shows(TRAJ_LOG_WARN)) return;
    va_list arguments;
    va_start(arguments, format);
    write_message(traj_log_colour() ? "\033[33mwarning:\033[0m " : "warning: ", format, arguments);
    va_end(arguments);
}

void traj_log_debug(const char *format, ...)
{
    if (!traj_log_shows(TRAJ_LOG_DEBUG)) return;
    va_list arguments;
    va_start(arguments, format);
    write_message("debug: ", format, arguments);
    va_end(arguments);
}
