/* traj evaluate: models and data -> scenes -> every source's figures -> table, JSON, scenes file.
 */
#include "cleaning.h"
#include "contenders.h"
#include "training_data.h"
#include "traj/base/log.h"
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/cli/options.h"
#include "traj/num/gemm.h"
#include "verdict.h"
#include <math.h>
#include <string.h>

typedef struct task {
    traj_settings *settings; /* view */
    const traj_protocol *protocol;
    traj_contenders contenders;
    traj_settings training; /* of the first model; its lists owned */
    bool is_trained;        /* there is one, and `training` says how */
    double skipped;         /* share at the start of each match that is not evaluated */
    traj_matches matches;
    traj_neighbours *neighbours; /* owned; NULL = none */
    traj_eval_place *place;      /* owned [places] */
    size_t places;
    traj_eval_source *source; /* owned [sources] */
    int sources;
    traj_pool *pool;
    traj_evaluation evaluation;
    traj_bootstrap bootstrap;
    traj_drawn drawn;
    traj_summary summary;
} task;

static void task_free(task *t)
{
    traj_summary_free(&t->summary);
    traj_bootstrap_free(&t->bootstrap);
    traj_evaluation_free(&t->evaluation);
    traj_pool_destroy(t->pool);
    traj_free(t->source);
    traj_free(t->place);
    traj_neighbours_free(t->neighbours);
    traj_matches_free(&t->matches);
    traj_settings_free(&t->training);
    traj_contenders_free(&t->contenders);
}

/* Data that is not named is the first model's, of which it has seen all but the end. */
static void inherit(task *t)
{
    traj_settings *const settings = t->settings;
    const double share = traj_training_share(&t->training);
    if (traj_option_source(settings, TRAJ_CMD_EVALUATE, "frames") == TRAJ_BY_DEFAULT) {
        settings->read.first_frame = t->training.read.first_frame;
        settings->read.last_frame = t->training.read.last_frame;
    }
    if (t->training.train.valid_file[0] || share >= 1) return;
    t->skipped = share;
    traj_log_info("evaluating the last %g %% of each match, which validated %s", 100 * (1 - share),
                  t->contenders.item[0].name);
}

static traj_status load_models(task *t, traj_error *err)
{
    traj_settings *const settings = t->settings;
    const bool named = settings->players.count > 0;
    traj_error reason;
    traj_status status = traj_contenders_load(settings, t->protocol, &t->contenders, err);
    if (status != TRAJ_OK || !t->contenders.count) return status;
    const char *const folder = settings->models.count ? settings->models.item[0]
                                                      : settings->model_folder;
    t->is_trained = traj_folder_training(folder, &t->training, &reason) == TRAJ_OK;
    if (!t->is_trained && !named) return traj_fail(err, reason.status, "%s", reason.text);
    if (t->is_trained && !named) inherit(t);
    if (t->is_trained && named)
        traj_training_warn(settings, &t->training, t->contenders.item[0].name);
    return TRAJ_OK;
}

/* Frames of the match before each sequence decide which places are behind the skipped share. */
static bool is_skipped(const task *t, traj_place place)
{
    const traj_recording *const recording = &t->matches.item[place.match];
    double all = 0, before = 0;
    for (size_t s = 0; s < recording->sequences; s++) {
        if (s == place.sequence) before = all;
        all += (double)recording->sequence[s].frames;
    }
    const double step = traj_rate_hz(recording->rate) / t->protocol->rate_hz;
    const double first = before + (double)place.frame - (t->protocol->burn_in - 1) * step;
    return first < t->skipped * all;
}

/* Every window that `traj rollout --at all` has, with its number there: the same noise. */
static traj_status find_places(task *t, traj_error *err)
{
    traj_places found = {0};
    traj_rollout_config config = t->settings->rollout;
    snprintf(config.at, sizeof config.at, "all");
    traj_status status = traj_places_find(&t->matches, &config, t->protocol->rate_hz, &found, err);
    if (status == TRAJ_OK) t->place = traj_alloc(found.count, sizeof *t->place);
    if (status == TRAJ_OK && !t->place) status = traj_fail_memory(err, "the scenes");
    for (size_t i = 0; status == TRAJ_OK && i < found.count; i++) {
        const traj_place p = found.item[i];
        if (!is_skipped(t, p))
            t->place[t->places++] = (traj_eval_place){p.match, p.sequence, p.frame, (uint32_t)i};
    }
    traj_places_free(&found);
    if (status == TRAJ_OK && !t->places)
        status = traj_fail(err, TRAJ_E_DATA,
                           "%s: no window of %d frames at %g Hz is left behind the training data",
                           t->matches.item[0].source, t->protocol->burn_in + t->protocol->horizon,
                           t->protocol->rate_hz);
    return status;
}

/* Whether --baselines has the key. */
static bool is_wanted(const char *list, const char *key)
{
    const size_t size = strlen(key);
    if (!strcmp(list, "all")) return true;
    for (const char *item = list; *item; item += *item == ',') {
        const size_t length = strcspn(item, ",");
        if (length == size && !strncmp(item, key, size)) return true;
        item += length;
    }
    return false;
}

static traj_status check_baselines(const char *list, traj_error *err)
{
    char known[256] = "";
    size_t used = 0;
    for (int b = 0; b < traj_baseline_count(); b++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", b ? ", " : "",
                                 traj_baseline_at(b)->key);
    if (!strcmp(list, "all") || !strcmp(list, "none")) return TRAJ_OK;
    for (const char *item = list; *item; item += *item == ',') {
        const size_t length = strcspn(item, ",");
        bool found = false;
        for (int b = 0; b < traj_baseline_count(); b++)
            found = found || (strlen(traj_baseline_at(b)->key) == length &&
                              !strncmp(traj_baseline_at(b)->key, item, length));
        if (!found)
            return traj_fail(err, TRAJ_E_USAGE,
                             "--baselines: there is no '%.*s'; choose all, none, or of %s",
                             (int)length, item, known);
        item += length;
    }
    return TRAJ_OK;
}

static traj_status gather_sources(task *t, traj_error *err)
{
    const char *const wanted = t->settings->baselines;
    const size_t models = t->contenders.count;
    t->source = traj_alloc(1 + models + (size_t)traj_baseline_count(), sizeof *t->source);
    if (!t->source) return traj_fail_memory(err, "the sources");
    t->source[t->sources++] = (traj_eval_source){.key = "truth", .name = "recorded play"};
    for (size_t i = 0; i < models; i++) {
        const traj_contender *const c = &t->contenders.item[i];
        t->source[t->sources++] =
            (traj_eval_source){.key = c->name, .name = c->name, .rollout = &c->rollout};
    }
    for (int b = 0; b < traj_baseline_count(); b++) {
        const traj_baseline *const baseline = traj_baseline_at(b);
        if (!is_wanted(wanted, baseline->key) || (baseline->trained && !t->neighbours)) continue;
        t->source[t->sources++] =
            (traj_eval_source){.key = baseline->key, .name = baseline->name, .baseline = baseline};
    }
    if (t->sources > 1) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_USAGE, "there is neither a model nor a baseline to evaluate");
}

static traj_status prepare(task *t, traj_error *err)
{
    traj_settings *const settings = t->settings;
    traj_rollout_config *const config = &settings->rollout;
    t->protocol = traj_protocol_find(settings->protocol);
    config->burn_in = t->protocol->burn_in;
    config->horizon = t->protocol->horizon;
    if (!config->stride) config->stride = t->protocol->stride;
    traj_status status = check_baselines(settings->baselines, err);
    if (status == TRAJ_OK) status = traj_blas_start(err);
    if (status == TRAJ_OK) status = load_models(t, err);
    if (status == TRAJ_OK)
        status = traj_matches_read(settings, &settings->players, &t->matches, err);
    if (status == TRAJ_OK) status = find_places(t, err);
    if (status == TRAJ_OK && is_wanted(settings->baselines, "nearest_neighbour"))
        status = traj_training_read(settings, t->is_trained ? &t->training : NULL, t->protocol,
                                    &t->neighbours, err);
    if (status == TRAJ_OK) status = gather_sources(t, err);
    if (status == TRAJ_OK)
        status =
            traj_pool_new(&t->pool, config->threads ? config->threads : traj_processors(), err);
    return status;
}

static traj_eval_job job_of(const task *t)
{
    return (traj_eval_job){.recording = t->matches.item,
                           .place = t->place,
                           .places = t->places,
                           .protocol = t->protocol,
                           .clean = t->settings->clean,
                           .source = t->source,
                           .sources = t->sources,
                           .neighbours = t->neighbours,
                           .limits = t->settings->limits,
                           .samples = t->settings->rollout.samples,
                           .seed = t->settings->rollout.seed};
}

static traj_status sum_up(task *t, traj_error *err)
{
    const traj_eval_job job = job_of(t);
    int *const unit = traj_alloc(t->evaluation.scenes, sizeof *unit);
    if (!unit) return traj_fail_memory(err, "the scenes");
    t->drawn = traj_evaluation_units(&t->evaluation, &job, unit);
    traj_status status = traj_bootstrap_init(&t->bootstrap, unit, t->evaluation.scenes,
                                             t->settings->resamples, t->settings->rollout.seed,
                                             err);
    if (status == TRAJ_OK)
        status = traj_summary_make(&t->evaluation, &t->bootstrap,
                                   t->contenders.count > 1 ? TRAJ_FIRST_CONTENDER : 0, t->pool,
                                   &t->summary, err);
    traj_free(unit);
    return status;
}

static traj_status write_scenes(const traj_verdict *verdict, traj_error *err)
{
    traj_output output;
    const traj_status status = traj_output_open(&output, verdict->settings->per_scene, err);
    if (status != TRAJ_OK) return status;
    traj_verdict_write_scenes(verdict, output.stream);
    return traj_output_commit(&output, err);
}

static traj_status give_out(const traj_verdict *verdict, traj_error *err)
{
    traj_status status = TRAJ_OK;
    if (verdict->settings->per_scene[0]) status = write_scenes(verdict, err);
    if (status != TRAJ_OK) return status;
    if (!verdict->settings->json) {
        traj_verdict_print(verdict, stdout);
        return TRAJ_OK;
    }
    traj_json *const root = traj_json_object();
    status = traj_verdict_to_json(verdict, root, err);
    if (status == TRAJ_OK) status = traj_json_write("-", root, err);
    traj_json_free(root);
    return status;
}

static void announce_cleaning(const task *t)
{
    char what[64];
    snprintf(what, sizeof what, "%zu scenes", t->evaluation.scenes);
    traj_cleaning_announce(what, &t->settings->clean, &t->evaluation.clean);
}

static traj_status evaluate(task *t, traj_error *err)
{
    const traj_eval_job job = job_of(t);
    traj_status status = traj_evaluation_run(&job, t->pool, &t->evaluation, err);
    if (status == TRAJ_OK) announce_cleaning(t);
    if (status == TRAJ_OK) status = sum_up(t, err);
    if (status == TRAJ_OK && t->settings->likelihood)
        status = traj_contenders_score(&t->contenders, t->settings, &t->matches, t->protocol,
                                       t->skipped, t->pool, err);
    if (status != TRAJ_OK) return status;
    const traj_verdict verdict = {t->settings,    &t->matches, &t->contenders, &job,
                                  &t->evaluation, &t->summary, &t->bootstrap,  t->drawn};
    return give_out(&verdict, err);
}

traj_status cmd_evaluate(traj_settings *settings, traj_error *err)
{
    task t;
    memset(&t, 0, sizeof t);
    t.settings = settings;
    traj_settings_init(&t.training);
    traj_status status = prepare(&t, err);
    if (status == TRAJ_OK) status = evaluate(&t, err);
    task_free(&t);
    return status;
}
