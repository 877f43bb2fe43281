/* traj bench: this machine's speed, against its own matrix products. */
#include "bench.h"
#include "traj/base/memory.h"
#include "traj/base/progress.h"
#include "traj/cli/command.h"
#include "traj/data/simulate.h"
#include "traj/io/json.h"
#include "traj/num/gemm.h"
#include <math.h>
#include <string.h>

typedef struct entry {
    const char *name, *model, *unit;
    traj_bench_measure *measure;
} entry;

/* To add a row: one line here, its function in bench_*.c. */
static const entry entries[] = {
    {"train_step", "gvrnn", "agent_steps", traj_bench_train_step},
    {"rollout", "gvrnn", "agent_steps", traj_bench_rollout},
    {"train_step", "ddpm", "agent_steps", traj_bench_train_step},
    {"rollout", "ddpm", "agent_steps", traj_bench_rollout},
    {"train_step", "vrnn", "agent_steps", traj_bench_train_step},
    {"rollout", "vrnn", "agent_steps", traj_bench_rollout},
    {"train_step", "rnn", "agent_steps", traj_bench_train_step},
    {"rollout", "rnn", "agent_steps", traj_bench_rollout},
    {"gemm", "", "flops", traj_bench_gemm},
    {"csv_read", "", "bytes", traj_bench_csv_wide},
    {"csv_read_long", "", "bytes", traj_bench_csv_long},
    {"vmath", "", "values", traj_bench_vmath},
};
enum { ENTRIES = sizeof entries / sizeof *entries };

traj_status traj_bench_time(int repeats, int works, const traj_bench_work *work, double *seconds,
                            traj_error *err)
{
    for (int w = 0; w < works; w++) seconds[w] = INFINITY;
    for (int round = 0; round <= repeats; round++)
        for (int w = 0; w < works; w++) {
            const double start = traj_clock_s();
            const traj_status status = work[w].run(work[w].context, err);
            if (status != TRAJ_OK) return status;
            if (round) seconds[w] = fmin(seconds[w], traj_clock_s() - start);
        }
    return TRAJ_OK;
}

/* Enough play for windows that overlap by half. */
static traj_status bench_init(traj_bench *bench, const traj_settings *settings, traj_error *err)
{
    const int frames = TRAJ_BENCH_STEPS + 1;
    const int threads = settings->threads ? settings->threads : traj_processors();
    traj_simulate_options play;
    memset(bench, 0, sizeof *bench);
    traj_recording_init(&bench->recording);
    bench->seed = settings->seed;
    bench->repeats = settings->repeats;
    traj_simulate_options_init(&play);
    play.minutes = 3;
    play.rate_hz = 10;
    traj_status status = traj_blas_start(err);
    if (status == TRAJ_OK) status = traj_pool_new(&bench->pool, threads, err);
    if (status == TRAJ_OK) status = traj_simulate(&play, &bench->recording, err);
    if (status == TRAJ_OK)
        status = traj_windows_cut(&bench->recording, 1, frames, frames / 2, 0, 1, 0,
                                  &bench->windows, err);
    if (status == TRAJ_OK)
        status = traj_norm_fit(&bench->recording, &bench->windows, &bench->norm, err);
    return status;
}

static void bench_free(traj_bench *bench)
{
    traj_pool_destroy(bench->pool);
    traj_windows_free(&bench->windows);
    traj_recording_free(&bench->recording);
}

/* One object a line; keys without a meaning for the row are left out. */
static traj_status print_json(const traj_bench_row *row, int threads, traj_error *err)
{
    const struct {
        const char *key;
        double value;
    } number[] = {{"scenes", row->scenes},  {"steps", row->steps},   {"agents", row->agents},
                  {"hidden", row->hidden},  {"latent", row->latent}, {"threads", threads},
                  {"seconds", row->seconds}};
    char rate[64];
    traj_json *const root = traj_json_object();
    traj_json_set_string(root, "name", row->name);
    if (*row->model) traj_json_set_string(root, "model", row->model);
    for (size_t k = *row->model ? 0 : 5; k < sizeof number / sizeof *number; k++)
        traj_json_set_number(root, number[k].key, number[k].value);
    snprintf(rate, sizeof rate, "%s_per_s", row->unit);
    traj_json_set_number(root, rate, row->work / row->seconds);
    if (row->gemm_seconds > 0) {
        traj_json_set_number(root, "gemm_seconds", row->gemm_seconds);
        traj_json_set_number(root, "fraction_of_roofline", row->gemm_seconds / row->seconds);
    }
    char *const text = traj_json_text(root, false);
    traj_json_free(root);
    if (!text) return traj_fail_memory(err, "a row");
    printf("%s\n", text);
    traj_free(text);
    return TRAJ_OK;
}

static void print_head(int threads)
{
    printf("%d threads, %s\n%-13s  %-5s  %10s  %10s  %-13s  %s\n", threads, traj_blas_name(),
           "name", "model", "seconds", "million/s", "of", "share of roofline");
}

static void print_line(const traj_bench_row *row)
{
    printf("%-13s  %-5s  %10.6f  %10.4g  %-13s", row->name, row->model, row->seconds,
           1e-6 * row->work / row->seconds, row->unit);
    if (row->gemm_seconds > 0) printf("  %.2f", row->gemm_seconds / row->seconds);
    printf("\n");
}

static traj_status measure_all(const traj_bench *bench, bool json, traj_error *err)
{
    const int threads = traj_pool_threads(bench->pool);
    traj_status status = TRAJ_OK;
    if (!json) print_head(threads);
    for (int k = 0; status == TRAJ_OK && k < ENTRIES; k++) {
        traj_bench_row row = {
            .name = entries[k].name, .model = entries[k].model, .unit = entries[k].unit};
        status = entries[k].measure(bench, &row, err);
        if (status != TRAJ_OK) break;
        if (json)
            status = print_json(&row, threads, err);
        else
            print_line(&row);
        fflush(stdout); /* rows take a while: show each when it is there */
    }
    return status;
}

traj_status cmd_bench(traj_settings *settings, traj_error *err)
{
    traj_bench bench;
    traj_status status = bench_init(&bench, settings, err);
    if (status == TRAJ_OK) status = measure_all(&bench, settings->json != 0, err);
    bench_free(&bench);
    return status;
}
