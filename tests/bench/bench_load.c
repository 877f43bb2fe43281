/* One call of traj_recording_read, timed from within: what a library's user waits for, without the
 * start of a program.
 *
 *   usage: bench_load FILE     prints the seconds by the clock and of the processors
 *
 * bench_loading.py holds it against pandas.read_csv, timed likewise: in a fresh process, once. */
#include "traj/base/memory.h"
#include "traj/data/reader.h"
#include "traj/num/gemm.h"

#include <stdio.h>
#include <time.h>

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    traj_read_options options;
    traj_recording recording;
    traj_guesses guesses = {.count = 0};
    traj_error err;
    if (argc != 2) {
        fputs("usage: bench_load FILE\n", stderr);
        return 2;
    }
    traj_memory_settle(); /* as traj starts */
    traj_blas_rest();
    traj_read_options_init(&options);
    const char *const path = argv[1];
    const double began = seconds_of(CLOCK_MONOTONIC);
    const double began_cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    const traj_status status = traj_recording_read(&path, 1, &options, &recording, &guesses, &err);
    const double seconds = seconds_of(CLOCK_MONOTONIC) - began;
    const double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - began_cpu;
    if (status != TRAJ_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    printf("%.6f %.6f\n", seconds, cpu);
    traj_recording_free(&recording);
    return 0;
}
