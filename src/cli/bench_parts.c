/* The rows of traj bench that no model is in: a matrix product, elementary functions, reading. */
#include "bench.h"
#include "traj/base/memory.h"
#include "traj/data/reader.h"
#include "traj/data/simulate.h"
#include "traj/data/writer.h"
#include "traj/num/gemm.h"
#include "traj/num/vmath.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The model's largest product at one time step, as many times as a training step takes it. */
enum { ROWS = 184, IN = 128, OUT = 192, PRODUCTS = 400 };

static traj_status multiply(void *context, traj_error *err)
{
    (void)err;
    traj_real *const x = context, *const w = x + ROWS * IN, *const y = w + OUT * IN;
    for (int k = 0; k < PRODUCTS; k++)
        traj_gemm_nt(traj_mat_view(y, ROWS, OUT), traj_mat_view(x, ROWS, IN),
                     traj_mat_view(w, OUT, IN), TRAJ_SET);
    return TRAJ_OK;
}

traj_status traj_bench_gemm(const traj_bench *bench, traj_bench_row *row, traj_error *err)
{
    traj_real *const memory = traj_alloc(ROWS * IN + OUT * IN + ROWS * OUT, sizeof *memory);
    if (!memory) return traj_fail_memory(err, "a matrix product");
    const traj_bench_work work = {multiply, memory};
    const traj_status status = traj_bench_time(bench->repeats, 1, &work, &row->seconds, err);
    row->work = 2.0 * ROWS * IN * OUT * PRODUCTS;
    traj_free(memory);
    return status;
}

/* Half a core's first-level cache, again and again. */
enum { VALUES = 4096, PASSES = 500 };

static traj_status functions(void *context, traj_error *err)
{
    static void (*const function[])(size_t, const traj_real *, traj_real *) = {
        traj_vexp, traj_vlog, traj_vtanh, traj_vsigmoid, traj_vsoftplus};
    (void)err;
    traj_real *const x = context;
    for (int pass = 0; pass < PASSES; pass++) function[pass % 5](VALUES, x, x + VALUES);
    return TRAJ_OK;
}

traj_status traj_bench_vmath(const traj_bench *bench, traj_bench_row *row, traj_error *err)
{
    traj_real *const memory = traj_alloc(2 * VALUES, sizeof *memory);
    if (!memory) return traj_fail_memory(err, "the elementary functions");
    for (int i = 0; i < VALUES; i++) memory[i] = TRAJ_R(1e-3) * (traj_real)(i + 1);
    const traj_bench_work work = {functions, memory};
    const traj_status status = traj_bench_time(bench->repeats, 1, &work, &row->seconds, err);
    row->work = (double)VALUES * PASSES;
    traj_free(memory);
    return status;
}

static traj_status read_file(void *context, traj_error *err)
{
    const char *const path = context;
    traj_read_options options;
    traj_recording recording;
    traj_guesses guesses = {.count = 0};
    traj_read_options_init(&options);
    const traj_status status = traj_recording_read(&path, 1, &options, &recording, &guesses, err);
    if (status == TRAJ_OK) traj_recording_free(&recording);
    return status;
}

/* Ten minutes of play at 25 Hz. */
static traj_status write_match(const char *format, const char *path, traj_error *err)
{
    traj_simulate_options options;
    traj_recording match;
    traj_simulate_options_init(&options);
    traj_recording_init(&match);
    traj_status status = traj_simulate(&options, &match, err);
    if (status == TRAJ_OK) status = traj_recording_write(&match, format, path, err);
    traj_recording_free(&match);
    return status;
}

static traj_status measure_file(const traj_bench *bench, const char *path, traj_bench_row *row,
                                traj_error *err)
{
    struct stat file;
    union {
        const char *in;
        void *out;
    } cast = {path}; /* read_file only reads it */
    const traj_bench_work work = {read_file, cast.out};
    if (stat(path, &file))
        return traj_fail(err, TRAJ_E_IO, "%s: cannot be read: %s", path, strerror(errno));
    row->work = (double)file.st_size;
    return traj_bench_time(bench->repeats, 1, &work, &row->seconds, err);
}

static traj_status measure_csv(const traj_bench *bench, const char *format, traj_bench_row *row,
                               traj_error *err)
{
    char folder[512], path[544];
    const char *const place = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/traj-bench-XXXXXX", place && *place ? place : "/tmp");
    if (!mkdtemp(folder))
        return traj_fail(err, TRAJ_E_IO, "%s: cannot make a temporary folder: %s (set TMPDIR)",
                         folder, strerror(errno));
    snprintf(path, sizeof path, "%s/match.csv", folder);
    traj_status status = write_match(format, path, err);
    if (status == TRAJ_OK) status = measure_file(bench, path, row, err);
    (void)unlink(path);
    (void)rmdir(folder);
    return status;
}

traj_status traj_bench_csv_wide(const traj_bench *bench, traj_bench_row *row, traj_error *err)
{
    return measure_csv(bench, "wide", row, err);
}

traj_status traj_bench_csv_long(const traj_bench *bench, traj_bench_row *row, traj_error *err)
{
    return measure_csv(bench, "long", row, err);
}
