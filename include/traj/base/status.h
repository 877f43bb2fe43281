/* What can go wrong in the world (files, memory, data, divergence), and how a function says so.
 *
 * A function that can fail returns traj_status and fills a caller's traj_error with one whole
 * sentence and the remedy; nobody below cli prints it. Mistakes of our own code are TRAJ_ASSERT
 * (assert.h), not status codes. Threads: no shared state; one traj_error per thread. */
#ifndef TRAJ_BASE_STATUS_H
#define TRAJ_BASE_STATUS_H

/* One list: code, exit code of the program, short text. */
#define TRAJ_STATUS_LIST(X)                                                                        \
    X(TRAJ_OK, 0, "ok")                                                                            \
    X(TRAJ_E_FAILED, 1, "failed")                                                                  \
    X(TRAJ_E_MEMORY, 1, "out of memory")                                                           \
    X(TRAJ_E_IO, 1, "cannot read or write a file")                                                 \
    X(TRAJ_E_USAGE, 2, "wrong usage")                                                              \
    X(TRAJ_E_DATA, 3, "bad data")                                                                  \
    X(TRAJ_E_DIVERGED, 4, "training diverged")                                                     \
    X(TRAJ_E_INTERRUPTED, 130, "interrupted")

typedef enum traj_status {
#define TRAJ_STATUS_ENUM(code, exit_code, text) code,
    TRAJ_STATUS_LIST(TRAJ_STATUS_ENUM)
#undef TRAJ_STATUS_ENUM
} traj_status;

typedef struct traj_error {
    traj_status status;
    char text[1024]; /* a whole sentence, without a line feed */
} traj_error;

/* Writes the sentence into *err (err may be NULL) and returns status: `return traj_fail(err,
 * TRAJ_E_DATA, "...")`. */
traj_status traj_fail(traj_error *err, traj_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The sentence for a failed allocation of count items of size bytes. */
traj_status traj_fail_memory(traj_error *err, const char *what);

const char *traj_status_text(traj_status status);
int traj_status_exit_code(traj_status status);

#endif
