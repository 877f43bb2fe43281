/* A progress line in tqdm's form on a terminal, plain lines now and then otherwise, on stderr.
 *
 *   epoch 3/50:  42%|████▏     | 8/19 [00:02<00:03, 4.1it/s] elbo -1.23 */
#ifndef TRAJ_BASE_PROGRESS_H
#define TRAJ_BASE_PROGRESS_H

#include <stdbool.h>

typedef struct traj_progress {
    char label[64];
    long total, done;
    double start_s, last_s; /* monotonic seconds: start, and when the line was last drawn */
    bool terminal, enabled;
} traj_progress;

void traj_progress_start(traj_progress *progress, const char *label, long total);
/* note: a short text behind the bar, or NULL. Draws at most ten times a second. */
void traj_progress_update(traj_progress *progress, long done, const char *note);
/* Clears the line on a terminal. */
void traj_progress_finish(traj_progress *progress);

/* Monotonic seconds. */
double traj_clock_s(void);

#endif
