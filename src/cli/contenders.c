/* See contenders.h. */
#include "contenders.h"
#include "traj/base/log.h"
#include "traj/base/memory.h"
#include "traj/cli/options.h"
#include <string.h>

/* The folder's own name, or all of its path where another contender has that name already. */
static void choose_name(const traj_contenders *before, const char *folder, char name[TRAJ_PATH])
{
    size_t end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/') end--;
    size_t begin = end;
    while (begin > 0 && folder[begin - 1] != '/') begin--;
    snprintf(name, TRAJ_PATH, "%.*s", (int)(end - begin), folder + begin);
    for (size_t i = 0; i < before->count; i++)
        if (!strcmp(before->item[i].name, name)) snprintf(name, TRAJ_PATH, "%s", folder);
}

static traj_status check(const traj_contenders *before, const traj_contender *c,
                         const traj_protocol *protocol, traj_error *err)
{
    const double rate_hz = c->trained.norm.rate_hz;
    for (size_t i = 0; i < before->count; i++)
        if (!strcmp(before->item[i].name, c->name))
            return traj_fail(err, TRAJ_E_USAGE, "--model: %s is named twice", c->name);
    if (rate_hz > 0.999 * protocol->rate_hz && rate_hz < 1.001 * protocol->rate_hz) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_USAGE,
                     "%s works at %g Hz, but protocol %s is at %g Hz: train a model for it with "
                     "'traj train --rate %g --burn-in %d --horizon %d', or choose another "
                     "--protocol",
                     c->name, rate_hz, protocol->name, protocol->rate_hz, protocol->rate_hz,
                     protocol->burn_in, protocol->horizon);
}

static traj_status load(traj_settings *settings, const char *folder, const traj_protocol *protocol,
                        traj_contenders *contenders, traj_error *err)
{
    traj_contender *const c = &contenders->item[contenders->count];
    snprintf(settings->model_folder, sizeof settings->model_folder, "%s", folder);
    choose_name(contenders, folder, c->name);
    traj_status status = traj_folder_load(settings, TRAJ_CMD_EVALUATE, &c->trained, err);
    if (status == TRAJ_OK) status = check(contenders, c, protocol, err);
    contenders->count++;
    if (status == TRAJ_OK)
        status = traj_sampler_read(settings->rollout.steps, c->trained.model, &c->sampler, err);
    if (status != TRAJ_OK) return status;
    c->rollout = traj_rollout_of(&settings->rollout, &c->trained, &c->sampler);
    c->configuration = traj_folder_configuration(folder);
    return TRAJ_OK;
}

traj_status traj_contenders_load(traj_settings *settings, const traj_protocol *protocol,
                                 traj_contenders *contenders, traj_error *err)
{
    static char latest[] = "models/latest";
    char *only[1] = {latest};
    const traj_text_list standard = {only, 1, 1};
    const traj_text_list *const folders = settings->models.count ? &settings->models : &standard;
    *contenders = (traj_contenders){0};
    if (folders->count == 1 && !strcmp(folders->item[0], "none")) return TRAJ_OK;
    contenders->item = traj_alloc(folders->count, sizeof *contenders->item);
    if (!contenders->item) return traj_fail_memory(err, "the models");
    for (size_t i = 0; i < folders->count; i++) {
        const traj_status status = load(settings, folders->item[i], protocol, contenders, err);
        if (status != TRAJ_OK) return status;
    }
    return TRAJ_OK;
}

void traj_contenders_free(traj_contenders *contenders)
{
    for (size_t i = 0; i < contenders->count; i++) {
        traj_trained_free(&contenders->item[i].trained);
        traj_free(contenders->item[i].configuration);
        traj_free(contenders->item[i].score);
    }
    traj_free(contenders->item);
    *contenders = (traj_contenders){0};
}

static traj_status score(traj_contender *c, const traj_settings *settings,
                         const traj_matches *matches, const traj_windows *windows,
                         const traj_protocol *protocol, traj_pool *pool, traj_error *err)
{
    const traj_model_type *const type = traj_model_type_of(c->trained.model);
    if (type->bound && traj_model_config_of(c->trained.model)->horizon != protocol->horizon) {
        traj_log_warn("%s: no likelihood, because its bound is of %d frames at once and protocol "
                      "%s has %d",
                      c->name, traj_model_config_of(c->trained.model)->horizon, protocol->name,
                      protocol->horizon);
        return TRAJ_OK;
    }
    const traj_score_job job = {.model = c->trained.model,
                                .params = c->trained.params,
                                .norm = &c->trained.norm,
                                .recording = matches->item,
                                .windows = windows,
                                .importance = type->bound ? 0 : settings->evaluate_importance,
                                .skip = protocol->burn_in - 1,
                                .dequantise = true,
                                .seed = settings->rollout.seed};
    c->score = traj_alloc(windows->count, sizeof *c->score);
    if (!c->score) return traj_fail_memory(err, "the scores");
    c->scored = windows->count;
    traj_log_info("%s: likelihood of %zu scenes", c->name, windows->count);
    return traj_score_run(&job, pool, c->score, err);
}

/* A match cleaned and at another rate; what was read stays as it is. Smoothed tracks would be
 * likelier than what happened. */
static traj_status prepare(const traj_recording *raw, const traj_clean_options *clean,
                           double rate_hz, traj_recording *out, traj_error *err)
{
    traj_clean_options honest = *clean;
    traj_clean_counts counts = {0};
    traj_recording copy;
    honest.smooth_s = 0;
    traj_status status = traj_recording_copy(raw, &copy, err);
    if (status == TRAJ_OK) status = traj_recording_clean(&copy, &honest, &counts, err);
    if (status == TRAJ_OK) status = traj_recording_resample(&copy, rate_hz, INT64_MIN, out, err);
    traj_recording_free(&copy);
    return status;
}

static traj_status prepare_all(const traj_matches *matches, const traj_clean_options *clean,
                               double rate_hz, traj_matches *prepared, traj_error *err)
{
    *prepared = (traj_matches){.item = traj_alloc(matches->count, sizeof *prepared->item)};
    if (!prepared->item) return traj_fail_memory(err, "the matches");
    for (size_t m = 0; m < matches->count; m++) {
        const traj_status status =
            prepare(&matches->item[m], clean, rate_hz, &prepared->item[m], err);
        if (status != TRAJ_OK) return status;
        prepared->count++;
    }
    return TRAJ_OK;
}

traj_status traj_contenders_score(traj_contenders *contenders, const traj_settings *settings,
                                  const traj_matches *matches, const traj_protocol *protocol,
                                  double skipped, traj_pool *pool, traj_error *err)
{
    const int frames = protocol->burn_in + protocol->horizon;
    traj_matches resampled;
    traj_windows windows = {0};
    traj_status status = prepare_all(matches, &settings->clean, protocol->rate_hz, &resampled, err);
    if (status == TRAJ_OK)
        status = traj_windows_cut(resampled.item, resampled.count, frames, frames, skipped, 1, 0,
                                  &windows, err);
    for (size_t i = 0; status == TRAJ_OK && windows.count && i < contenders->count; i++)
        status = score(&contenders->item[i], settings, &resampled, &windows, protocol, pool, err);
    traj_windows_free(&windows);
    traj_matches_free(&resampled);
    return status;
}

bool traj_contenders_alike(const traj_contender *a, const traj_contender *b)
{
    return a->configuration && b->configuration && !strcmp(a->configuration, b->configuration);
}
