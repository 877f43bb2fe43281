/* See futures.h. */
#include "futures.h"
#include "cleaning.h"
#include "sidecar.h"
#include "traj/cli/options.h"
#include "traj/num/gemm.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

static traj_status check(const traj_futures *f, traj_error *err)
{
    const traj_rollout_config *const config = &f->settings->rollout;
    if (config->burn_in < 2)
        return traj_fail(
            err, TRAJ_E_USAGE,
            "--burn-in %d: at least 2 frames must be observed, to know how everybody moves",
            config->burn_in);
    if (f->places.count > 1 && !strcmp(config->layout, "wide"))
        return traj_fail(err, TRAJ_E_USAGE,
                         "--layout wide holds one rollout; --at %s gives %zu: use --layout long",
                         config->at, f->places.count);
    return TRAJ_OK;
}

traj_status traj_futures_open(traj_futures *f, traj_settings *settings, unsigned command,
                              bool with_model, traj_error *err)
{
    traj_rollout_config *const config = &settings->rollout;
    *f = (traj_futures){.settings = settings, .command = command};
    int64_t at;
    if (traj_place_frame(config->at, &at)) settings->read.guess_until = at;
    if (config->mean && traj_option_source(settings, command, "samples") == TRAJ_BY_DEFAULT)
        config->samples = 1;
    traj_status status = traj_blas_start(err);
    if (status == TRAJ_OK && with_model)
        status = traj_folder_load(settings, command, &f->trained, err);
    if (status == TRAJ_OK)
        status = traj_sampler_read(config->steps, f->trained.model, &f->sampler, err);
    if (status == TRAJ_OK)
        status = traj_matches_read(settings, &settings->players, &f->matches, err);
    if (status != TRAJ_OK) return status;
    f->rate_hz = with_model ? f->trained.norm.rate_hz : traj_rate_hz(f->matches.item[0].rate);
    status = traj_places_find(&f->matches, config, f->rate_hz, &f->places, err);
    if (status == TRAJ_OK) status = check(f, err);
    if (status == TRAJ_OK)
        status =
            traj_pool_new(&f->pool, config->threads ? config->threads : traj_processors(), err);
    if (status == TRAJ_OK) traj_sampler_announce(&f->sampler);
    return status;
}

void traj_futures_close(traj_futures *f)
{
    traj_pool_destroy(f->pool);
    traj_places_free(&f->places);
    traj_matches_free(&f->matches);
    traj_trained_free(&f->trained);
}

traj_status traj_futures_cut(traj_futures *f, size_t number, int future, traj_moment *moment,
                             traj_error *err)
{
    const traj_place place = f->places.item[number];
    const traj_moment_plan plan = {.rate_hz = f->rate_hz,
                                   .past = f->settings->rollout.burn_in,
                                   .future = future,
                                   .clean = f->settings->clean};
    const traj_status status = traj_moment_cut(&f->matches.item[place.match], place.sequence,
                                               place.frame, &plan, moment, err);
    if (status == TRAJ_OK) traj_clean_add(&f->clean, &moment->clean);
    return status;
}

traj_rollout traj_rollout_of(const traj_rollout_config *config, const traj_trained *trained,
                             const traj_sampler_list *sampler)
{
    return (traj_rollout){.model = trained->model,
                          .params = trained->params,
                          .norm = &trained->norm,
                          .burn_in = config->burn_in,
                          .horizon = config->horizon,
                          .samples = config->samples,
                          .mean = config->mean,
                          .max_speed_mps = config->max_speed_mps,
                          .max_ball_speed_mps = config->max_ball_speed_mps,
                          .steps = sampler->count,
                          .step_list = sampler->count ? sampler->step : NULL,
                          .eta = config->eta,
                          .bounds = config->bounds,
                          .seed = config->seed};
}

traj_rollout traj_futures_rollout(const traj_futures *f, size_t number, const traj_moment *moment,
                                  const unsigned char *held)
{
    traj_rollout rollout = traj_rollout_of(&f->settings->rollout, &f->trained, &f->sampler);
    rollout.recording = &moment->recording;
    rollout.last = moment->last;
    rollout.held = held;
    rollout.number = (uint32_t)number;
    return rollout;
}

traj_status traj_futures_begin(const traj_futures *f, const char *out, traj_output *output,
                               traj_error *err)
{
    const traj_status status = traj_output_open(output, out, err);
    if (status == TRAJ_OK && strcmp(f->settings->rollout.layout, "wide"))
        traj_rollout_write_header(output->stream);
    return status;
}

typedef struct record_name {
    char text[128];
} record_name;

/* The record of the number-th moment; *name holds its name. */
static traj_rollout_record record_of(const traj_futures *f, size_t number,
                                     const traj_moment *moment, const traj_forecast *forecast,
                                     record_name *name)
{
    const traj_recording *const raw = &f->matches.item[f->places.item[number].match];
    const traj_sequence *const sequence = &moment->recording.sequence[0];
    if (f->places.count > 1)
        snprintf(name->text, sizeof name->text, "%s:%" PRId64, sequence->name,
                 sequence->frame_id[moment->last]);
    else
        snprintf(name->text, sizeof name->text, "%s", sequence->name);
    return (traj_rollout_record){
        .name = name->text,
        .decimals = f->settings->rollout.decimals,
        .moment = moment,
        .forecast = forecast,
        .burn_in = f->settings->rollout.burn_in,
        .frame_ids_per_step = fmax(1, raw->frame_id_step * traj_rate_hz(raw->rate) /
                                          traj_rate_hz(moment->recording.rate))};
}

void traj_futures_write_chain(const traj_futures *f, size_t number, const traj_moment *moment,
                              const traj_forecast *forecast, const traj_chain *chain, FILE *stream)
{
    record_name name;
    const traj_rollout_record record = record_of(f, number, moment, forecast, &name);
    traj_rollout_write_chain(stream, &record, chain);
}

void traj_futures_write(const traj_futures *f, size_t number, const traj_moment *moment,
                        const traj_forecast *forecast, FILE *stream)
{
    record_name name;
    const traj_rollout_record record = record_of(f, number, moment, forecast, &name);
    if (strcmp(f->settings->rollout.layout, "wide"))
        traj_rollout_write_long(stream, &record);
    else
        traj_rollout_write_wide(stream, &record);
}

static traj_status write_sidecar(const traj_futures *f, const char *out, traj_error *err)
{
    traj_json *const root =
        traj_sidecar_new(f->settings, f->command, &f->trained, &f->matches, f->rate_hz);
    traj_json_set_number(root, "rollouts", (double)f->places.count);
    traj_json_set_number(root, "seed", (double)f->settings->rollout.seed);
    traj_sampler_to_json(&f->sampler, root);
    const traj_status status = traj_sidecar_write(root, out, err);
    traj_json_free(root);
    return status;
}

traj_status traj_futures_end(const traj_futures *f, const char *out, traj_output *output,
                             traj_status status, traj_error *err)
{
    if (status != TRAJ_OK) {
        traj_output_discard(output);
        return status;
    }
    const bool is_file = output->temporary != NULL;
    status = traj_output_commit(output, err);
    if (status == TRAJ_OK && is_file) status = write_sidecar(f, out, err);
    return status;
}

void traj_futures_announce(const traj_futures *f)
{
    char what[64];
    snprintf(what, sizeof what, "%zu moment%s", f->places.count, f->places.count == 1 ? "" : "s");
    traj_cleaning_announce(what, &f->settings->clean, &f->clean);
}
