/* See traj/train/weights.h. */
#include "traj/train/weights.h"
#include "traj/base/memory.h"
#include "traj/io/tensors.h"
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row per number in the header: key, where it is. Text keys are handled by hand: there is one.
 */
typedef struct fact {
    const char *key;
    size_t offset;
    bool real;
    bool diffusion; /* of ddpm and vdm only */
} fact;

typedef struct header {
    traj_model_config config;
    traj_norm norm;
    int burn_in, horizon;
} header;

#define INTEGER(key, field)                                                                        \
    {                                                                                              \
        key, offsetof(header, field), false, false                                                 \
    }
#define REAL(key, field)                                                                           \
    {                                                                                              \
        key, offsetof(header, field), true, false                                                  \
    }
#define DIFFUSION(key, field)                                                                      \
    {                                                                                              \
        key, offsetof(header, field), false, true                                                  \
    }
static const fact facts[] = {
    INTEGER("hidden", config.hidden),
    INTEGER("latent", config.latent),
    INTEGER("rounds", config.rounds),
    INTEGER("attention", config.attention),
    INTEGER("output", config.output),
    INTEGER("components", config.components),
    INTEGER("residual", config.residual),
    DIFFUSION("steps_ahead", config.horizon),
    DIFFUSION("width", config.width),
    DIFFUSION("blocks", config.blocks),
    DIFFUSION("fourier", config.fourier),
    DIFFUSION("diffusion_steps", config.diffusion_steps),
    DIFFUSION("schedule", config.schedule),
    DIFFUSION("gamma", config.gamma),
    DIFFUSION("predict", config.predict),
    DIFFUSION("variance", config.variance),
    DIFFUSION("loss", config.loss),
    REAL("sd_floor", config.sd_floor),
    REAL("rate_hz", norm.rate_hz),
    REAL("half_length_m", norm.half_m[0]),
    REAL("half_width_m", norm.half_m[1]),
    REAL("quantum_m", norm.quantum_m),
    REAL("scale_home_m", norm.scale_m[TRAJ_HOME]),
    REAL("scale_away_m", norm.scale_m[TRAJ_AWAY]),
    REAL("scale_home_gk_m", norm.scale_m[TRAJ_HOME_GK]),
    REAL("scale_away_gk_m", norm.scale_m[TRAJ_AWAY_GK]),
    REAL("scale_ball_m", norm.scale_m[TRAJ_BALL]),
    REAL("jump_home_m", norm.jump_m[TRAJ_HOME]),
    REAL("jump_away_m", norm.jump_m[TRAJ_AWAY]),
    REAL("jump_home_gk_m", norm.jump_m[TRAJ_HOME_GK]),
    REAL("jump_away_gk_m", norm.jump_m[TRAJ_AWAY_GK]),
    REAL("jump_ball_m", norm.jump_m[TRAJ_BALL]),
    REAL("reach_players_x_m", norm.reach_m[0][0]),
    REAL("reach_players_y_m", norm.reach_m[0][1]),
    REAL("reach_ball_x_m", norm.reach_m[1][0]),
    REAL("reach_ball_y_m", norm.reach_m[1][1]),
    INTEGER("burn_in", burn_in),
    INTEGER("horizon", horizon),
};
enum { FACTS = sizeof facts / sizeof *facts, VALUE = 32 };

static void *fact_of(header *head, const fact *f)
{
    return (char *)head + f->offset;
}

uint64_t traj_weights_hash(traj_params params)
{
    const unsigned char *const bytes = (const unsigned char *)params.data;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < params.layout->size * sizeof *params.data; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void describe(const traj_params *params, traj_tensor *tensor)
{
    for (int p = 0; p < params->layout->count; p++) {
        const traj_param *const param = &params->layout->param[p];
        tensor[p] = (traj_tensor){.dtype = sizeof(traj_real) == 4 ? TRAJ_F32 : TRAJ_F64,
                                  .dims = param->vector ? 1 : 2,
                                  .shape = {param->rows, param->cols},
                                  .data = params->data + param->offset};
        memcpy(tensor[p].name, param->name, sizeof param->name);
    }
}

traj_status traj_weights_save(const char *path, const traj_trained *trained, traj_error *err)
{
    static const char version[] = TRAJ_VERSION;
    header head = {*traj_model_config_of(trained->model), trained->norm, trained->burn_in,
                   trained->horizon};
    char value[FACTS][VALUE], type[sizeof head.config.type], format[] = "traj",
                                                             traj[sizeof version];
    traj_meta meta[FACTS + 3] = {{"format", format}, {"version", traj}, {"model", type}};
    memcpy(traj, version, sizeof version);
    memcpy(type, head.config.type, sizeof type);
    const bool diffusion = traj_model_type_of(trained->model)->sample != NULL;
    size_t count = 3;
    for (int i = 0; i < FACTS; i++) {
        if (facts[i].diffusion && !diffusion) continue;
        if (facts[i].real)
            snprintf(value[i], VALUE, "%.17g", *(double *)fact_of(&head, &facts[i]));
        else
            snprintf(value[i], VALUE, "%d", *(int *)fact_of(&head, &facts[i]));
        snprintf(meta[count].key, sizeof meta->key, "%s", facts[i].key);
        meta[count++].value = value[i];
    }
    traj_tensor *const tensor = traj_alloc((size_t)trained->params.layout->count, sizeof *tensor);
    if (!tensor) return traj_fail_memory(err, "the list of weights");
    describe(&trained->params, tensor);
    const traj_status status =
        traj_tensors_write(path, tensor, (size_t)trained->params.layout->count, meta, count, err);
    traj_free(tensor);
    return status;
}

static traj_status read_header(const char *path, const traj_tensors *file, header *head,
                               traj_error *err)
{
    const char *const type = traj_tensors_meta(file, "model");
    if (!type || strlen(type) >= sizeof head->config.type)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: the header has no 'model'; is this file written by traj train?",
                         path);
    traj_model_config_init(&head->config);
    memcpy(head->config.type, type, strlen(type) + 1);
    for (int i = 0; i < FACTS; i++) {
        const char *const text = traj_tensors_meta(file, facts[i].key);
        if (!text && facts[i].diffusion) continue; /* a recurrent model's default */
        char *end = NULL;
        const double number = text ? strtod(text, &end) : 0;
        const bool fits = facts[i].real || (number >= INT_MIN && number <= INT_MAX);
        if (!text || end == text || *end || !fits)
            return traj_fail(err, TRAJ_E_DATA,
                             "%s: the header's '%s' is %s; the file is damaged or "
                             "from another version",
                             path, facts[i].key, text ? text : "missing");
        if (facts[i].real)
            *(double *)fact_of(head, &facts[i]) = number;
        else
            *(int *)fact_of(head, &facts[i]) = (int)number;
    }
    return TRAJ_OK;
}

static double item(const traj_tensor *tensor, size_t i)
{
    return tensor->dtype == TRAJ_F64 ? ((const double *)tensor->data)[i]
                                     : (double)((const float *)tensor->data)[i];
}

static traj_status read_weights(const char *path, const traj_tensors *file, traj_params params,
                                traj_error *err)
{
    for (int p = 0; p < params.layout->count; p++) {
        const traj_param *const param = &params.layout->param[p];
        const traj_tensor *const tensor = traj_tensors_find(file, param->name);
        const size_t items = (size_t)param->rows * (size_t)param->cols;
        if (!tensor)
            return traj_fail(err, TRAJ_E_DATA,
                             "%s: weight '%s' is missing; the file is damaged or from another "
                             "version",
                             path, param->name);
        if (tensor->dims != (param->vector ? 1 : 2) || tensor->shape[0] != param->rows ||
            (!param->vector && tensor->shape[1] != param->cols) ||
            (tensor->dtype != TRAJ_F32 && tensor->dtype != TRAJ_F64))
            return traj_fail(
                err, TRAJ_E_DATA,
                "%s: weight '%s' is not a float tensor of [%d, %d] as the header says; "
                "the file is damaged or was put together from several models",
                path, param->name, param->rows, param->cols);
        for (size_t i = 0; i < items; i++) {
            const double value = item(tensor, i);
            if (!(value - value == 0)) /* NaN or infinite */
                return traj_fail(err, TRAJ_E_DATA, "%s: weight '%s' holds %g at %zu", path,
                                 param->name, value, i);
            params.data[param->offset + i] = TRAJ_R(value);
        }
    }
    return TRAJ_OK;
}

static traj_status build(const char *path, const traj_tensors *file, traj_trained *trained,
                         traj_error *err)
{
    header head = {0};
    traj_error reason;
    traj_status status = read_header(path, file, &head, err);
    if (status != TRAJ_OK) return status;
    status = traj_model_new(&head.config, &trained->model, &reason);
    if (status == TRAJ_E_USAGE) /* the file's fault here, not the command line's */
        return traj_fail(err, TRAJ_E_DATA, "%s: the header is not one of a model: %s", path,
                         reason.text);
    if (status != TRAJ_OK) return traj_fail(err, status, "%s", reason.text);
    const traj_layout *const layout = traj_model_layout(trained->model);
    trained->params = (traj_params){layout, traj_alloc(layout->size, sizeof(traj_real))};
    if (!trained->params.data) return traj_fail_memory(err, "the weights");
    trained->norm = head.norm;
    trained->burn_in = head.burn_in;
    trained->horizon = head.horizon;
    status = read_weights(path, file, trained->params, err);
    trained->hash = traj_weights_hash(trained->params);
    return status;
}

traj_status traj_weights_load(const char *path, traj_trained *trained, traj_error *err)
{
    traj_tensors file;
    *trained = (traj_trained){0};
    traj_status status = traj_tensors_read(path, &file, err);
    if (status != TRAJ_OK) return status;
    status = build(path, &file, trained, err);
    traj_tensors_free(&file);
    if (status != TRAJ_OK) traj_trained_free(trained);
    return status;
}

void traj_trained_free(traj_trained *trained)
{
    traj_model_destroy(trained->model);
    traj_free(trained->params.data);
    *trained = (traj_trained){0};
}
