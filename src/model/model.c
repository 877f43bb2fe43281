/* The table of models: see traj/model/model.h. */
#include "model_table.h"
#include "recurrent.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include <stdio.h>
#include <string.h>

/* To add a model: one file, one row here (docs/howto-add-a-model.md). */
static const traj_model_type *const types[] = {&traj_model_rnn, &traj_model_vrnn, &traj_model_gvrnn,
                                               &traj_model_ddpm, &traj_model_vdm};
enum { TYPES = sizeof types / sizeof *types };

void traj_model_config_init(traj_model_config *config)
{
    *config = (traj_model_config){.type = "gvrnn",
                                  .hidden = 64,
                                  .latent = 16,
                                  .rounds = 1,
                                  .output = TRAJ_OUTPUT_MIXTURE,
                                  .components = 5,
                                  .sd_floor = 1e-3,
                                  .residual = 1,
                                  .horizon = 50,
                                  .width = 128,
                                  .blocks = 3,
                                  .diffusion_steps = 1000,
                                  .schedule = TRAJ_SCHEDULE_COSINE,
                                  .gamma = TRAJ_GAMMA_MONOTONE,
                                  .predict = TRAJ_PREDICT_V,
                                  .variance = TRAJ_VARIANCE_LEARNED,
                                  .loss = TRAJ_LOSS_HYBRID};
}

void traj_loss_add(traj_loss *a, traj_loss b)
{
    a->nll += b.nll;
    a->kl += b.kl;
    a->objective += b.objective;
    a->count += b.count;
}

const char *const *traj_model_names(void)
{
    static const char *names[TYPES + 1]; /* filled alike by whoever comes first */
    for (int i = 0; i < TYPES; i++) names[i] = types[i]->name;
    return names;
}

static const traj_model_type *find_type(const char *name)
{
    for (int i = 0; i < TYPES; i++)
        if (!strcmp(types[i]->name, name)) return types[i];
    return NULL;
}

static traj_status check_diffusion(const traj_model_config *config, traj_error *err)
{
    if (config->horizon < 1 || config->horizon > 500)
        return traj_fail(err, TRAJ_E_USAGE,
                         "ddpm and vdm generate 1..500 steps at once, not %d; lower --horizon",
                         config->horizon);
    if (config->width < 1 || config->width > 1024)
        return traj_fail(err, TRAJ_E_USAGE, "width must lie in 1..1024, not %d", config->width);
    if (config->blocks < 1 || config->blocks > TRAJ_MAX_BLOCKS)
        return traj_fail(err, TRAJ_E_USAGE, "blocks must lie in 1..%d, not %d", TRAJ_MAX_BLOCKS,
                         config->blocks);
    if (config->diffusion_steps < 0 || config->diffusion_steps > TRAJ_MAX_DIFFUSION_STEPS)
        return traj_fail(err, TRAJ_E_USAGE, "diffusion-steps must lie in 0..%d, not %d",
                         TRAJ_MAX_DIFFUSION_STEPS, config->diffusion_steps);
    if (!strcmp(config->type, "ddpm") && config->diffusion_steps < 2)
        return traj_fail(err, TRAJ_E_USAGE,
                         "ddpm needs at least 2 diffusion-steps, not %d; continuous time is vdm's",
                         config->diffusion_steps);
    return TRAJ_OK;
}

static traj_status check(const traj_model_config *config, traj_error *err)
{
    if (config->hidden < 1 || config->hidden > 1024)
        return traj_fail(err, TRAJ_E_USAGE, "hidden must lie in 1..1024, not %d", config->hidden);
    if (config->latent < 0 || config->latent > 512)
        return traj_fail(err, TRAJ_E_USAGE, "latent must lie in 0..512, not %d", config->latent);
    if (config->rounds < 0 || config->rounds > TRAJ_MAX_ROUNDS)
        return traj_fail(err, TRAJ_E_USAGE, "rounds must lie in 0..%d, not %d", TRAJ_MAX_ROUNDS,
                         config->rounds);
    if (config->attention < 0 || config->attention > 256)
        return traj_fail(err, TRAJ_E_USAGE, "attention must lie in 0..256, not %d",
                         config->attention);
    if (config->components < 1 || config->components > 64)
        return traj_fail(err, TRAJ_E_USAGE, "components must lie in 1..64, not %d",
                         config->components);
    if (!(config->sd_floor > 0))
        return traj_fail(err, TRAJ_E_USAGE, "sd-floor must be above 0, not %g", config->sd_floor);
    return TRAJ_OK;
}

traj_status traj_model_new(const traj_model_config *config, traj_model **model, traj_error *err)
{
    *model = NULL;
    const traj_model_type *const type = find_type(config->type);
    if (!type)
        return traj_fail(err, TRAJ_E_USAGE,
                         "there is no model '%s'; the models are rnn, vrnn, gvrnn, ddpm, vdm",
                         config->type);
    traj_status status = check(config, err);
    if (status == TRAJ_OK && type->sample) status = check_diffusion(config, err);
    if (status != TRAJ_OK) return status;
    traj_model *const made = traj_alloc(1, sizeof *made);
    if (!made) return traj_fail_memory(err, "a model");
    made->type = type;
    made->config = *config;
    type->declare(made);
    *model = made;
    return TRAJ_OK;
}

void traj_model_destroy(traj_model *model)
{
    traj_free(model);
}

const traj_model_type *traj_model_type_of(const traj_model *model)
{
    return model->type;
}

const traj_model_config *traj_model_config_of(const traj_model *model)
{
    return &model->config;
}

const traj_layout *traj_model_layout(const traj_model *model)
{
    return &model->layout;
}

void traj_model_init(const traj_model *model, traj_params params, uint64_t seed)
{
    traj_params_init(params, seed);
    if (model->type->init) model->type->init(model, params);
}

int traj_model_edges_of(const traj_model *model, int steps)
{
    return model->type->sample ? 1 + steps - model->config.horizon : 0;
}

size_t traj_model_loss_bytes(const traj_model *model, int scenes, int agents, int steps,
                             int with_gradient)
{
    traj_arena dry;
    traj_batch batch;
    traj_arena_init_dry(&dry);
    traj_batch_take(&batch, scenes, agents, steps, &dry);
    traj_arena_init_dry(&dry); /* the batch is its holder's */
    traj_params none = {&model->layout, NULL};
    traj_loss loss;
    model->type->loss(model, none, &batch, (traj_noise){0}, (traj_objective){0},
                      with_gradient ? &none : NULL, &dry, &loss);
    const size_t loss_peak = dry.peak;
    traj_arena_init_dry(&dry);
    if (model->type->log_weight)
        model->type->log_weight(model, none, &batch, (traj_noise){0}, NULL, &dry);
    if (model->type->bound)
        model->type->bound(model, none, &batch, (traj_noise){0}, NULL, NULL, &dry);
    return dry.peak > loss_peak ? dry.peak : loss_peak;
}

size_t traj_model_step_bytes(const traj_model *model, int scenes, int agents)
{
    traj_arena dry;
    traj_arena_init_dry(&dry);
    const traj_params none = {&model->layout, NULL};
    const traj_step step = {.scenes = scenes, .agents = agents};
    traj_state state;
    TRAJ_ASSERT(!model->type->sample);
    model->type->state_take(model, scenes * agents, &state, &dry);
    model->type->filter(model, none, step, NULL, (traj_noise){0}, &state, &dry);
    model->type->draw(model, none, step, (traj_noise){0}, (traj_noise){0}, 0, NULL, &state, &dry);
    model->type->advance(model, none, step, NULL, &state, &dry);
    return dry.peak;
}
