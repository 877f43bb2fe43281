/* traj train: options -> data -> trainer -> report. */
#include "cleaning.h"
#include "matches.h"
#include "model_folder.h"
#include "traj/base/log.h"
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/cli/options.h"
#include "traj/io/file.h"
#include "traj/num/gemm.h"
#include "traj/train/trainer.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t stop_requested;

/* The first Ctrl-C asks for a checkpoint; the second ends the program the ordinary way. */
static void request_stop(int signal_number)
{
    (void)signal_number;
    stop_requested = 1;
}

/* By sigaction: signal() makes system calls fail in between, and is unknown to ThreadSanitizer, in
 * whose runtime the handler could then wait for itself. */
static void stop_on(int signal_number)
{
    struct sigaction action = {.sa_handler = request_stop, .sa_flags = SA_RESETHAND | SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(signal_number, &action, NULL);
}

/* All that training needs, from the files to the windows. */
typedef struct task {
    traj_matches matches, valid_matches;
    traj_recording *recording; /* owned array of views: both lists of matches, training first */
    traj_windows train, valid;
    traj_norm norm;
    traj_model *model;
    char folder[TRAJ_PATH];
    const traj_settings *settings; /* view */
    bool resumed;                  /* goes on from a checkpoint */
    bool saved;                    /* this sitting has saved something */
} task;

static void task_free(task *t)
{
    traj_windows_free(&t->train);
    traj_windows_free(&t->valid);
    traj_free(t->recording);
    traj_matches_free(&t->matches);
    traj_matches_free(&t->valid_matches);
    traj_model_destroy(t->model);
}

/* The files, cleaned and at the model's rate. */
static traj_status read_matches(const traj_settings *settings, const traj_text_list *files,
                                traj_matches *matches, traj_error *err)
{
    traj_status status = traj_matches_read(settings, files, matches, err);
    if (status == TRAJ_OK) status = traj_matches_clean(settings, matches, err);
    if (status == TRAJ_OK) status = traj_matches_resample(matches, settings->train.rate_hz, err);
    return status;
}

static traj_status read_data(const traj_settings *settings, task *t, traj_error *err)
{
    char file[sizeof settings->train.valid_file];
    memcpy(file, settings->train.valid_file, sizeof file);
    char *item[1] = {file};
    const traj_text_list valid = {item, 1, 1};
    const traj_status status = read_matches(settings, &settings->players, &t->matches, err);
    if (status != TRAJ_OK || !file[0]) return status;
    traj_settings how = *settings;                /* shares the lists */
    how.read.meta[0] = how.read.roster[0] = '\0'; /* they are of --players */
    return read_matches(&how, &valid, &t->valid_matches, err);
}

/* Training windows overlap by the stride; validation windows do not. */
static traj_status cut_windows(const traj_settings *settings, task *t, traj_error *err)
{
    const traj_train_config *const train = &settings->train;
    const int frames = train->burn_in + train->horizon;
    const size_t matches = t->matches.count, valid_matches = t->valid_matches.count;
    const double share = valid_matches ? 0 : train->valid_fraction;
    t->recording = traj_alloc(matches + valid_matches, sizeof *t->recording);
    if (!t->recording) return traj_fail_memory(err, "the list of matches");
    memcpy(t->recording, t->matches.item, matches * sizeof *t->recording);
    if (valid_matches)
        memcpy(t->recording + matches, t->valid_matches.item, valid_matches * sizeof *t->recording);
    traj_status status = traj_windows_cut(t->recording, matches, frames, train->stride, 0,
                                          1 - share, share > 0 ? frames : 0, &t->train, err);
    if (status != TRAJ_OK) return status;
    status = valid_matches ? traj_windows_cut(t->recording + matches, valid_matches, frames, frames,
                                              0, 1, 0, &t->valid, err)
                           : traj_windows_cut(t->recording, matches, frames, frames, 1 - share, 1,
                                              0, &t->valid, err);
    for (size_t w = 0; valid_matches && w < t->valid.count; w++)
        t->valid.item[w].recording += (uint32_t)matches;
    return status;
}

static traj_status check_windows(const traj_settings *settings, const task *t, traj_error *err)
{
    if (!t->train.count)
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s: no stretch of %d frames at %g Hz is left to train on; lower --burn-in "
            "or --horizon, or give more data",
            t->matches.item[0].source, settings->train.burn_in + settings->train.horizon,
            settings->train.rate_hz);
    if (!t->valid.count)
        traj_log_warn("no window is left for validation, so the training loss decides which "
                      "weights are best; give --valid FILE or more data");
    return TRAJ_OK;
}

static void announce(const traj_settings *settings, const task *t)
{
    const traj_norm *const norm = &t->norm;
    traj_log_info("%zu training and %zu validation windows of %d frames at %g Hz, up to %d agents",
                  t->train.count, t->valid.count, t->train.frames, norm->rate_hz, t->train.agents);
    if (settings->clean.smooth_s > 0)
        traj_log_warn(
            "--smooth: the ELBO is of smoother play than was recorded, and smoothed frames "
            "know the next ones: compare it with no other");
    traj_log_info("displacement scale %.3f m (players), %.3f m (ball) a frame; positions +- %.4g m",
                  norm->scale_m[TRAJ_HOME], norm->scale_m[TRAJ_BALL], norm->quantum_m / 2);
    traj_log_info("%s: %zu parameters; writing to %s", settings->model.type,
                  traj_model_layout(t->model)->size, t->folder);
}

static traj_status prepare(const traj_settings *settings, task *t, traj_error *err)
{
    traj_model_config config = settings->model;
    config.horizon = settings->train.horizon;
    traj_status status = traj_model_new(&config, &t->model, err);
    if (status == TRAJ_OK) status = read_data(settings, t, err);
    if (status == TRAJ_OK) status = cut_windows(settings, t, err);
    if (status == TRAJ_OK) status = check_windows(settings, t, err);
    if (status == TRAJ_OK) status = traj_norm_fit(t->recording, &t->train, &t->norm, err);
    return status;
}

static void print_report(const task *t, const traj_report *report)
{
    printf("%s: best validation ELBO %.4f nats per agent-step (metres) in epoch %d; %d epochs, "
           "%ld steps, %.1f s; ended because %s\n",
           t->folder, report->best_elbo, report->best_epoch, report->epochs, report->steps,
           report->seconds, report->reason);
}

/* A new run's config.json must be there before the first checkpoint, so that a killed run can be
 * resumed with its options; a resumed run's may only change once its checkpoint was accepted. */
static traj_status begin(const traj_settings *settings, task *t, traj_error *err)
{
    t->settings = settings;
    t->resumed = settings->resume && traj_folder_has_checkpoint(t->folder);
    traj_status status = traj_folder_make(t->folder, err);
    if (status != TRAJ_OK || t->resumed) return status;
    status = traj_folder_clear(t->folder, err);
    return status == TRAJ_OK
               ? traj_folder_write_config(t->folder, settings, &t->matches, &t->norm, err)
               : status;
}

/* The first time the folder is whole. */
static traj_status saved(void *context, traj_error *err)
{
    task *const t = context;
    traj_status status = TRAJ_OK;
    if (t->saved) return TRAJ_OK;
    t->saved = true;
    if (t->resumed)
        status = traj_folder_write_config(t->folder, t->settings, &t->matches, &t->norm, err);
    return status == TRAJ_OK ? traj_folder_point(t->folder, err) : status;
}

static traj_status run(const traj_settings *settings, task *t, traj_error *err)
{
    traj_report report;
    const traj_training training = {.config = &settings->train,
                                    .model = t->model,
                                    .recording = t->recording,
                                    .train = &t->train,
                                    .valid = &t->valid,
                                    .norm = &t->norm,
                                    .folder = t->folder,
                                    .resume = settings->resume != 0,
                                    .stop = &stop_requested,
                                    .quiet = settings->quiet != 0,
                                    .saved = saved,
                                    .context = t};
    traj_status status = begin(settings, t, err);
    if (status != TRAJ_OK) return status;
    stop_on(SIGINT);
    stop_on(SIGTERM);
    status = traj_train(&training, NULL, &report, err);
    if (status == TRAJ_OK || status == TRAJ_E_INTERRUPTED) {
        traj_error second;
        const traj_status wrote = traj_folder_write_card(t->folder, settings, &t->matches, &report,
                                                         traj_model_layout(t->model)->size,
                                                         status == TRAJ_OK ? err : &second);
        if (status == TRAJ_OK) status = wrote;
    }
    if (status == TRAJ_OK) print_report(t, &report);
    return status;
}

traj_status cmd_train(traj_settings *settings, traj_error *err)
{
    task t;
    memset(&t, 0, sizeof t);
    traj_status status = traj_blas_start(err);
    if (status == TRAJ_OK) status = traj_folder_choose(settings, t.folder, err);
    if (status == TRAJ_OK && settings->resume) status = traj_folder_resume(settings, t.folder, err);
    if (status == TRAJ_OK) status = prepare(settings, &t, err);
    if (status == TRAJ_OK) {
        announce(settings, &t);
        if (!settings->dry_run) status = run(settings, &t, err);
    }
    task_free(&t);
    return status;
}
