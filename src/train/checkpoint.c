/* The state of a training run and its file: see trainer_state.h.
 *
 * Arrays are whole flat tensors (weights, adam_m, adam_v, average, best), log is bytes, counters
 * are one tensor of doubles and integers bit for bit, so that a resumed run continues with the same
 * bits. */
#include "trainer_state.h"
#include "traj/base/memory.h"
#include "traj/io/tensors.h"
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ARRAYS = 5, COUNTERS = 4, NUMBERS = 8 };
static const char *const array_names[ARRAYS] = {"weights", "adam_m", "adam_v", "average", "best"};

static void arrays_of(traj_trainer_state *state, traj_params *out[ARRAYS])
{
    out[0] = &state->weights;
    out[1] = &state->m;
    out[2] = &state->v;
    out[3] = &state->average;
    out[4] = &state->best;
}

traj_status traj_trainer_state_init(traj_trainer_state *state, const traj_model *model,
                                    uint64_t seed, traj_error *err)
{
    const traj_layout *const layout = traj_model_layout(model);
    *state = (traj_trainer_state){.best_elbo = -INFINITY};
    traj_real *const data = traj_alloc(ARRAYS * layout->size, sizeof *data);
    if (!data) return traj_fail_memory(err, "weights and moments");
    traj_params *array[ARRAYS];
    arrays_of(state, array);
    for (int k = 0; k < ARRAYS; k++)
        *array[k] = (traj_params){layout, data + (size_t)k * layout->size};
    traj_model_init(model, state->weights, seed);
    memcpy(state->average.data, state->weights.data, layout->size * sizeof *data);
    memcpy(state->best.data, state->weights.data, layout->size * sizeof *data);
    return TRAJ_OK;
}

void traj_trainer_state_free(traj_trainer_state *state)
{
    traj_free(state->weights.data);
    traj_free(state->log);
    *state = (traj_trainer_state){0};
}

traj_status traj_trainer_log(traj_trainer_state *state, traj_error *err, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    const size_t size = length > 0 ? (size_t)length : 0;
    if (traj_grow(&state->log, &state->log_capacity, state->log_size + size + 1, 1))
        return traj_fail_memory(err, "the log");
    memcpy(state->log + state->log_size, line, size + 1);
    state->log_size += size;
    return TRAJ_OK;
}

void traj_trainer_fingerprint(const traj_training *training, char *text, size_t size)
{
    const traj_model_config *const m = traj_model_config_of(training->model);
    const traj_train_config *const c = training->config;
    snprintf(text, size,
             "%s hidden=%d latent=%d rounds=%d attention=%d output=%d/%d residual=%d floor=%g "
             "windows=%zu/%zu frames=%d scale=%.9g/%.9g real=%s seed=%" PRIu64 " batch=%d shard=%d",
             m->type, m->hidden, m->latent, m->rounds, m->attention, m->output, m->components,
             m->residual, m->sd_floor, training->train->count, training->valid->count,
             training->train->frames, training->norm->scale_m[TRAJ_HOME],
             training->norm->scale_m[TRAJ_BALL], TRAJ_REAL_NAME, c->seed, c->batch, c->shard);
}

/* Counters and numbers in the order of the file. */
static void pack(const traj_trainer_state *s, int64_t counter[COUNTERS], double number[NUMBERS])
{
    const int64_t counters[COUNTERS] = {s->step, s->epoch, s->next_batch, s->best_epoch};
    const double numbers[NUMBERS] = {s->train.nll,   s->train.kl,     s->train.objective,
                                     s->train.count, s->rate_sum,     s->best_elbo,
                                     s->seconds,     s->epoch_seconds};
    memcpy(counter, counters, sizeof counters);
    memcpy(number, numbers, sizeof numbers);
}

static void unpack(traj_trainer_state *s, const int64_t *counter, const double *number)
{
    s->step = (long)counter[0];
    s->epoch = (int)counter[1];
    s->next_batch = (int)counter[2];
    s->best_epoch = (int)counter[3];
    s->train = (traj_loss){number[0], number[1], number[2], number[3]};
    s->rate_sum = number[4];
    s->best_elbo = number[5];
    s->seconds = number[6];
    s->epoch_seconds = number[7];
}

traj_status traj_checkpoint_save(const char *path, const traj_training *training,
                                 const traj_trainer_state *state, traj_error *err)
{
    traj_trainer_state view = *state;
    traj_params *array[ARRAYS];
    int64_t counter[COUNTERS];
    double number[NUMBERS];
    char fingerprint[512], format[] = "traj checkpoint";
    traj_tensor tensor[ARRAYS + 3];
    arrays_of(&view, array);
    pack(state, counter, number);
    for (int k = 0; k < ARRAYS; k++) {
        tensor[k] = (traj_tensor){.dtype = sizeof(traj_real) == 4 ? TRAJ_F32 : TRAJ_F64,
                                  .dims = 1,
                                  .shape = {(int64_t)array[k]->layout->size},
                                  .data = array[k]->data};
        snprintf(tensor[k].name, sizeof tensor->name, "%s", array_names[k]);
    }
    tensor[ARRAYS] = (traj_tensor){"counters", TRAJ_I64, 1, {COUNTERS}, counter};
    tensor[ARRAYS + 1] = (traj_tensor){"numbers", TRAJ_F64, 1, {NUMBERS}, number};
    tensor[ARRAYS + 2] = (traj_tensor){"log", TRAJ_U8, 1, {(int64_t)state->log_size}, state->log};
    traj_trainer_fingerprint(training, fingerprint, sizeof fingerprint);
    const traj_meta meta[] = {{"format", format}, {"fingerprint", fingerprint}};
    return traj_tensors_write(path, tensor, ARRAYS + 3, meta, 2, err);
}

static const traj_tensor *need(const traj_tensors *file, const char *name, traj_dtype dtype,
                               size_t items)
{
    const traj_tensor *const tensor = traj_tensors_find(file, name);
    return tensor && tensor->dtype == dtype && (!items || traj_tensor_items(tensor) == items)
               ? tensor
               : NULL;
}

static traj_status restore(const char *path, const traj_tensors *file, traj_trainer_state *state,
                           traj_error *err)
{
    traj_params *array[ARRAYS];
    arrays_of(state, array);
    const size_t size = state->weights.layout->size;
    const traj_tensor *const counters = need(file, "counters", TRAJ_I64, COUNTERS);
    const traj_tensor *const numbers = need(file, "numbers", TRAJ_F64, NUMBERS);
    const traj_tensor *const log = need(file, "log", TRAJ_U8, 0);
    bool whole = counters && numbers && log;
    for (int k = 0; whole && k < ARRAYS; k++) {
        const traj_tensor *const tensor =
            need(file, array_names[k], sizeof(traj_real) == 4 ? TRAJ_F32 : TRAJ_F64, size);
        whole = tensor != NULL;
        if (whole) memcpy(array[k]->data, tensor->data, size * sizeof(traj_real));
    }
    if (whole) unpack(state, counters->data, numbers->data);
    if (!whole || state->step < 0 || state->epoch < 0 || state->next_batch < 0 ||
        state->best_epoch < 0 || state->best_epoch > state->epoch)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: the checkpoint is damaged; train again without --resume", path);
    const size_t log_size = traj_tensor_items(log);
    if (traj_grow(&state->log, &state->log_capacity, log_size + 1, 1))
        return traj_fail_memory(err, "the log");
    if (log_size) memcpy(state->log, log->data, log_size);
    state->log[log_size] = 0;
    state->log_size = log_size;
    return TRAJ_OK;
}

traj_status traj_checkpoint_load(const char *path, const traj_training *training,
                                 traj_trainer_state *state, traj_error *err)
{
    traj_tensors file;
    char fingerprint[512];
    traj_status status = traj_tensors_read(path, &file, err);
    if (status != TRAJ_OK) return status;
    traj_trainer_fingerprint(training, fingerprint, sizeof fingerprint);
    const char *const stored = traj_tensors_meta(&file, "fingerprint");
    if (!stored || strcmp(stored, fingerprint))
        status =
            traj_fail(err, TRAJ_E_DATA,
                      "%s: this checkpoint is of another run (%s) than the one asked for (%s); "
                      "use the same data and options, or train into another --out",
                      path, stored ? stored : "unknown", fingerprint);
    else
        status = restore(path, &file, state, err);
    traj_tensors_free(&file);
    return status;
}
