#include "traj/base/progress.h"
#include "traj/base/log.h"
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 10, EIGHTHS = 8 };

static const double terminal_interval_s = 0.1;
static const double plain_interval_s = 10.0;

double traj_clock_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The bar in eighths of a column: ten columns, each an empty, partial or full block. */
static void format_bar(char *out, size_t size, double fraction)
{
    static const char *const blocks[EIGHTHS + 1] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
    int filled = (int)(fraction * BAR_WIDTH * EIGHTHS);
    size_t used = 0;
    for (int column = 0; column < BAR_WIDTH; ++column) {
        int eighths = filled - column * EIGHTHS;
        if (eighths < 0) eighths = 0;
        if (eighths > EIGHTHS) eighths = EIGHTHS;
        used += (size_t)snprintf(out + used, size - used, "%s", blocks[eighths]);
    }
}

/* mm:ss, or h:mm:ss from an hour on. */
static void format_time(char *out, size_t size, double seconds)
{
    long whole = (long)seconds;
    if (whole >= 3600) {
        (void)snprintf(out, size, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    } else {
        (void)snprintf(out, size, "%02ld:%02ld", whole / 60, whole % 60);
    }
}

static void format_line(const traj_progress *progress, double now_s, const char *note, char *out,
                        size_t size)
{
    double elapsed_s = now_s - progress->start_s;
    double rate = elapsed_s > 0 ? (double)progress->done / elapsed_s : 0;
    double fraction = progress->total > 0 ? (double)progress->done / (double)progress->total : 1;
    if (fraction > 1) fraction = 1;

    char bar[BAR_WIDTH * 4 + 1], elapsed[32], left[32] = "?";
    format_bar(bar, sizeof bar, fraction);
    format_time(elapsed, sizeof elapsed, elapsed_s);
    if (rate > 0) {
        format_time(left, sizeof left, (double)(progress->total - progress->done) / rate);
    }
    (void)snprintf(out, size, "%s: %3d%%|%s| %ld/%ld [%s<%s, %.3git/s]%s%s", progress->label,
                   (int)(100 * fraction), bar, progress->done, progress->total, elapsed, left, rate,
                   note ? " " : "", note ? note : "");
}

void traj_progress_start(traj_progress *progress, const char *label, long total)
{
    *progress = (traj_progress){.total = total, .start_s = traj_clock_s()};
    (void)snprintf(progress->label, sizeof progress->label, "%s", label);
    progress->terminal = isatty(STDERR_FILENO) != 0;
    progress->enabled = traj_log_shows(TRAJ_LOG_INFO);
    /* A terminal shows its line at the first update, a file only once the work proves to be long.
     */
    progress->last_s = progress->terminal ? 0 : progress->start_s;
}

void traj_progress_update(traj_progress *progress, long done, const char *note)
{
    progress->done = done;
    if (!progress->enabled) return;
    double now_s = traj_clock_s();
    double interval_s = progress->terminal ? terminal_interval_s : plain_interval_s;
    if (now_s - progress->last_s < interval_s) return;
    progress->last_s = now_s;

    char line[512];
    format_line(progress, now_s, note, line, sizeof line);
    if (progress->terminal) {
        /* Line wrap is off while we draw: a line longer than the terminal is cut, not broken in
         * two. */
        (void)fprintf(stderr, "\r\033[?7l%s\033[K\033[?7h", line);
        (void)fflush(stderr);
    } else {
        (void)fprintf(stderr, "%s\n", line);
    }
}

void traj_progress_finish(traj_progress *progress)
{
    if (progress->enabled && progress->terminal) {
        (void)fprintf(stderr, "\r\033[K");
        (void)fflush(stderr);
    }
}
