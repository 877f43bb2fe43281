/* traj score: how likely recorded play is under a model. */
#include "cleaning.h"
#include "likelihood.h"
#include "matches.h"
#include "model_folder.h"
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/cli/options.h"
#include "traj/gen/score.h"
#include "traj/io/json.h"
#include "traj/num/gemm.h"
#include <math.h>
#include <string.h>

typedef struct task {
    traj_trained trained;
    traj_matches matches;
    traj_windows windows;
    traj_scene_score *score; /* owned [windows.count] */
    traj_pool *pool;
    int importance;
    int terms;            /* of a diffusion model's bound that are asked for, else 0 */
    double *nats, *error; /* owned [windows.count, terms] */
    double *log_snr;      /* owned [terms] */
} task;

/* Of all scenes together: nats of a term per agent-step, and root mean square of the noise's error.
 */
static double term_nats(const task *t, int term)
{
    double sum = 0, count = 0;
    for (size_t s = 0; s < t->windows.count; s++) {
        sum += t->nats[s * (size_t)t->terms + (size_t)term];
        count += t->score[s].count;
    }
    return sum / count;
}

static double term_error(const task *t, int term)
{
    double sum = 0, count = 0;
    for (size_t s = 0; s < t->windows.count; s++) {
        sum += t->error[s * (size_t)t->terms + (size_t)term];
        count += 2 * t->score[s].count;
    }
    return sqrt(sum / count);
}

static const char *term_name(const task *t, int term)
{
    return term == 0 ? "reconstruction" : term == t->terms - 1 ? "prior" : "diffusion";
}

static void terms_to_json(const task *t, traj_json *root)
{
    traj_json *const list = traj_json_set_array(root, "terms");
    for (int i = 0; i < t->terms; i++) {
        traj_json *const term = traj_json_append_object(list);
        traj_json_set_number(term, "k", i);
        traj_json_set_string(term, "part", term_name(t, i));
        traj_json_set_number(term, "nats", term_nats(t, i));
        traj_json_set_number(term, "noise_rmse", term_error(t, i));
        traj_json_set_number(term, "log_snr", t->log_snr[i]);
    }
}

static void print_terms(const task *t)
{
    printf("%6s  %12s  %10s  %8s\n", "k", "nats", "noise rmse", "log snr");
    for (int i = 0; i < t->terms; i++)
        printf("%6d  %12.6f  %10.4f  %8.4f  %s\n", i, term_nats(t, i), term_error(t, i),
               t->log_snr[i], i == 0 || i == t->terms - 1 ? term_name(t, i) : "");
}

static void print_json(const task *t, const traj_settings *settings, traj_json *root)
{
    traj_json_set_string(root, "model", settings->model_folder);
    traj_json_set_number(root, "scenes", (double)t->windows.count);
    traj_json_set_number(root, "frames", t->windows.frames);
    traj_json_set_number(root, "importance_samples", t->importance);
    traj_likelihood_to_json(t->score, t->windows.count, t->importance > 0,
                            traj_json_set_object(root, "likelihood"));
    if (t->terms) terms_to_json(t, root);
}

static void print_table(const task *t, const traj_settings *settings)
{
    printf("%s on %zu scenes of %d frames at %g Hz\n", settings->model_folder, t->windows.count,
           t->windows.frames, t->trained.norm.rate_hz);
    for (int i = 0; i < traj_likelihood_count(); i++) {
        const traj_likelihood *const figure = traj_likelihood_at(i);
        if (figure->importance && !t->importance) continue;
        const traj_mean m = traj_score_mean(t->score, t->windows.count, figure->sum);
        printf("  %-12s %9.4f +- %.4f  %s\n", figure->key, m.mean, m.half_width, figure->unit);
    }
    if (t->terms) print_terms(t);
}

static traj_status print_scores(const task *t, const traj_settings *settings, traj_error *err)
{
    if (!settings->json) {
        print_table(t, settings);
        return TRAJ_OK;
    }
    traj_json *const root = traj_json_object();
    print_json(t, settings, root);
    const traj_status status = traj_json_write("-", root, err);
    traj_json_free(root);
    return status;
}

static traj_status score(task *t, const traj_settings *settings, traj_error *err)
{
    const int frames = t->trained.burn_in + t->trained.horizon;
    traj_status status = traj_matches_clean(settings, &t->matches, err);
    if (status == TRAJ_OK)
        status = traj_matches_resample(&t->matches, t->trained.norm.rate_hz, err);
    if (status == TRAJ_OK)
        status = traj_windows_cut(t->matches.item, t->matches.count, frames, frames, 0, 1, 0,
                                  &t->windows, err);
    if (status != TRAJ_OK) return status;
    if (!t->windows.count)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: no stretch of the %d frames the model was trained "
                         "for",
                         t->matches.item[0].source, frames);
    const size_t terms = t->windows.count * (size_t)t->terms;
    t->score = traj_alloc(t->windows.count, sizeof *t->score);
    if (terms) t->nats = traj_alloc(terms, sizeof *t->nats);
    if (terms) t->error = traj_alloc(terms, sizeof *t->error);
    if (terms) t->log_snr = traj_alloc((size_t)t->terms, sizeof *t->log_snr);
    if (!t->score || (terms && (!t->nats || !t->error || !t->log_snr)))
        return traj_fail_memory(err, "the scores");
    if (terms)
        traj_model_type_of(t->trained.model)
            ->log_snr(t->trained.model, t->trained.params, t->log_snr);
    const traj_score_job job = {.model = t->trained.model,
                                .params = t->trained.params,
                                .norm = &t->trained.norm,
                                .recording = t->matches.item,
                                .windows = &t->windows,
                                .importance = t->importance,
                                .skip = settings->score_future ? t->trained.burn_in - 1 : 0,
                                .nats = t->nats,
                                .error = t->error,
                                .dequantise = true,
                                .seed = settings->seed};
    status = traj_score_run(&job, t->pool, t->score, err);
    return status == TRAJ_OK ? print_scores(t, settings, err) : status;
}

/* Each kind of model has bounds of its own. */
static traj_status check_model(const traj_settings *settings, task *t, traj_error *err)
{
    const traj_model_type *const type = traj_model_type_of(t->trained.model);
    if (type->terms && t->importance)
        return traj_fail(err, TRAJ_E_USAGE,
                         "--samples: %s has no importance-weighted bound; its bound is exact up to "
                         "the noise drawn; leave --samples out",
                         type->name);
    if (!type->terms && settings->score_terms)
        return traj_fail(err, TRAJ_E_USAGE,
                         "--terms: the bound of %s has two terms only, which are printed anyway",
                         type->name);
    t->terms = settings->score_terms ? type->terms(t->trained.model) : 0;
    return TRAJ_OK;
}

traj_status cmd_score(traj_settings *settings, traj_error *err)
{
    task t;
    memset(&t, 0, sizeof t);
    t.importance = settings->importance_samples;
    const int threads = settings->threads;
    traj_status status = traj_blas_start(err);
    if (status == TRAJ_OK) status = traj_folder_load(settings, TRAJ_CMD_SCORE, &t.trained, err);
    if (status == TRAJ_OK) status = check_model(settings, &t, err);
    if (status == TRAJ_OK)
        status = traj_matches_read(settings, &settings->players, &t.matches, err);
    if (status == TRAJ_OK)
        status = traj_pool_new(&t.pool, threads ? threads : traj_processors(), err);
    if (status == TRAJ_OK) status = score(&t, settings, err);
    traj_pool_destroy(t.pool);
    traj_free(t.score);
    traj_free(t.nats);
    traj_free(t.error);
    traj_free(t.log_snr);
    traj_windows_free(&t.windows);
    traj_matches_free(&t.matches);
    traj_trained_free(&t.trained);
    return status;
}
