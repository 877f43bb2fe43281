/* The training loop: see traj/train/trainer.h. */
#include "traj/train/trainer.h"
#include "trainer_state.h"
#include "traj/base/memory.h"
#include "traj/base/progress.h"
#include "traj/io/file.h"
#include "traj/train/schedule.h"
#include "traj/train/shards.h"
#include "traj/train/step.h"
#include "traj/train/weights.h"
#include <stdio.h>
#include <string.h>

/* Long epochs are saved on the way, so that a kill loses at most this much. */
#define SAVE_EVERY_S 60

/* Validation always draws the same noise; no training step has this number. */
static const uint32_t validation_step = UINT32_MAX;

typedef struct trainer {
    const traj_training *job; /* view */
    traj_trainer_state state;
    traj_pool *pool;
    traj_shards shards;
    traj_params grads;     /* data owned */
    uint32_t *order;       /* owned [windows]: the epoch's order */
    traj_scene_pick *pick; /* owned [max(batch, shard)] */
    int batches;           /* of an epoch */
    double started_s; /* when this sitting's clock started, less the seconds of earlier sittings */
    double epoch_started_s;
    double saved_s;
    traj_report *report;
} trainer;

void traj_train_config_init(traj_train_config *config)
{
    *config = (traj_train_config){.epochs = 50,
                                  .batch = 4,
                                  .shard = 2,
                                  .seed = 1,
                                  .rate_hz = 10,
                                  .burn_in = 20,
                                  .horizon = 50,
                                  .stride = 10,
                                  .learning_rate = 4e-3,
                                  .lr_floor = 0.02,
                                  .lr_epochs = 50,
                                  .warmup_steps = 100,
                                  .weight_decay = 1e-4,
                                  .beta1 = 0.9,
                                  .beta2 = 0.99,
                                  .adam_epsilon = 1e-8,
                                  .clip = 1,
                                  .ema = 0.998,
                                  .patience = 15,
                                  .kl_weight = 1,
                                  .kl_schedule = TRAJ_KL_CONSTANT,
                                  .kl_steps = 500,
                                  .dequantise = 1,
                                  .mirror = 1,
                                  .valid_fraction = 0.2};
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int batch_size(const trainer *tr)
{
    return least(tr->job->config->batch, (int)tr->job->train->count);
}

static traj_status trainer_init(trainer *tr, const traj_training *job, traj_report *report,
                                traj_error *err)
{
    const traj_train_config *const config = job->config;
    *tr = (trainer){.job = job, .report = report};
    if (!job->train->count)
        return traj_fail(err, TRAJ_E_DATA,
                         "there is no training window of %d frames; use a shorter "
                         "--burn-in or --horizon, or more data",
                         job->train->frames);
    traj_status status = traj_trainer_state_init(&tr->state, job->model, config->seed, err);
    if (status == TRAJ_OK)
        status =
            traj_pool_new(&tr->pool, config->threads ? config->threads : traj_processors(), err);
    if (status != TRAJ_OK) return status;
    const int most_agents = job->valid->agents > job->train->agents ? job->valid->agents
                                                                    : job->train->agents;
    tr->batches = (int)job->train->count / batch_size(tr);
    tr->shards = (traj_shards){.model = job->model,
                               .recording = job->recording,
                               .norm = job->norm,
                               .agents = most_agents,
                               .frames = job->train->frames,
                               .scenes = least(config->shard, config->batch),
                               .pool = tr->pool};
    tr->shards.most = (config->batch + tr->shards.scenes - 1) / tr->shards.scenes;
    status = traj_shards_init(&tr->shards, true, err);
    if (status != TRAJ_OK) return status;
    tr->grads = (traj_params){tr->state.weights.layout,
                              traj_alloc(tr->state.weights.layout->size, sizeof(traj_real))};
    tr->order = traj_alloc(job->train->count, sizeof *tr->order);
    tr->pick = traj_alloc((size_t)config->batch, sizeof *tr->pick);
    if (!tr->grads.data || !tr->order || !tr->pick) return traj_fail_memory(err, "the trainer");
    return TRAJ_OK;
}

static void trainer_free(trainer *tr)
{
    traj_shards_free(&tr->shards);
    traj_pool_destroy(tr->pool);
    traj_free(tr->grads.data);
    traj_free(tr->order);
    traj_free(tr->pick);
    traj_trainer_state_free(&tr->state);
}

static bool on_disk(const trainer *tr)
{
    return tr->job->folder[0] != 0;
}

static traj_status save_checkpoint(trainer *tr, traj_error *err)
{
    char path[1024];
    if (!on_disk(tr)) return TRAJ_OK;
    tr->state.seconds = traj_clock_s() - tr->started_s;
    tr->state.epoch_seconds = traj_clock_s() - tr->epoch_started_s;
    tr->saved_s = traj_clock_s();
    snprintf(path, sizeof path, "%s/checkpoint.safetensors", tr->job->folder);
    return traj_checkpoint_save(path, tr->job, &tr->state, err);
}

static traj_status save_log(const trainer *tr, traj_error *err)
{
    char path[1024];
    traj_output file;
    snprintf(path, sizeof path, "%s/log.csv", tr->job->folder);
    const traj_status status = traj_output_open(&file, path, err);
    if (status != TRAJ_OK) return status;
    fwrite(tr->state.log, 1, tr->state.log_size, file.stream);
    return traj_output_commit(&file, err);
}

static traj_status save_model(const trainer *tr, traj_error *err)
{
    char path[1024];
    union {
        const traj_model *in;
        traj_model *out;
    } cast = {tr->job->model}; /* traj_trained owns its model; here it is only written */
    const traj_trained trained = {.model = cast.out,
                                  .params = tr->state.best,
                                  .norm = *tr->job->norm,
                                  .burn_in = tr->job->config->burn_in,
                                  .horizon = tr->job->config->horizon};
    snprintf(path, sizeof path, "%s/model.safetensors", tr->job->folder);
    return traj_weights_save(path, &trained, err);
}

/* Checkpoint first: it holds the best weights and the log too, so whatever is lost after it is made
 * again on resume. Before the first validation there is no model worth keeping. */
static traj_status save_all(trainer *tr, traj_error *err)
{
    const traj_training *const job = tr->job;
    traj_status status = save_checkpoint(tr, err);
    if (status != TRAJ_OK || !on_disk(tr)) return status;
    status = save_log(tr, err);
    if (status == TRAJ_OK && tr->state.best_epoch) status = save_model(tr, err);
    if (status == TRAJ_OK && job->saved) status = job->saved(job->context, err);
    return status;
}

static traj_status start(trainer *tr, traj_error *err)
{
    char path[1024];
    traj_status status = TRAJ_OK;
    snprintf(path, sizeof path, "%s/checkpoint.safetensors", tr->job->folder);
    if (tr->job->resume && on_disk(tr) && traj_file_exists(path))
        status = traj_checkpoint_load(path, tr->job, &tr->state, err);
    else
        status = traj_trainer_log(&tr->state, err,
                                  "epoch,step,train_elbo,train_recon,train_kl,valid_elbo,"
                                  "valid_recon,valid_kl,learning_rate,seconds,"
                                  "agent_steps_per_s\n");
    tr->started_s = traj_clock_s() - tr->state.seconds;
    tr->saved_s = traj_clock_s();
    /* a run killed between the checkpoint and its other files gets them now */
    if (status == TRAJ_OK && on_disk(tr) && tr->state.step) status = save_all(tr, err);
    return status;
}

/* The epoch's order of windows: a pure function of seed and epoch (Fisher and Yates). */
static void shuffle(trainer *tr)
{
    const traj_noise noise = {tr->job->config->seed, TRAJ_STREAM_SHUFFLE,
                              (uint32_t)tr->state.epoch};
    const size_t count = tr->job->train->count;
    for (size_t i = 0; i < count; i++) tr->order[i] = (uint32_t)i;
    for (size_t i = count - 1; i > 0; i--) {
        const size_t j = traj_noise_bits(&noise, 0, (uint32_t)i) % (i + 1);
        const uint32_t swap = tr->order[i];
        tr->order[i] = tr->order[j];
        tr->order[j] = swap;
    }
}

/* Which windows the step takes, how far they are shifted, and whether mirrored. */
static void pick_batch(trainer *tr)
{
    const traj_noise noise = {tr->job->config->seed, TRAJ_STREAM_WINDOW, (uint32_t)tr->state.epoch};
    const int size = batch_size(tr), first = tr->state.next_batch * size;
    for (int b = 0; b < size; b++) {
        const size_t window = tr->order[first + b];
        const size_t slack = tr->job->train->item[window].slack;
        const uint64_t bits = traj_noise_bits(&noise, 1, (uint32_t)(first + b));
        tr->pick[b] = (traj_scene_pick){.window = window,
                                        .shift = (size_t)(bits >> 8) % (slack + 1),
                                        .flip_x = tr->job->config->mirror && (bits & 1),
                                        .flip_y = tr->job->config->mirror && (bits & 2)};
    }
}

/* How far the learning-rate schedule has come, 0..1: by epochs, or by the clock when --minutes says
 * so. */
static double schedule_progress(const trainer *tr)
{
    const traj_train_config *const config = tr->job->config;
    if (config->minutes > 0) return (traj_clock_s() - tr->started_s) / (60 * config->minutes);
    return config->lr_epochs > 0
               ? (double)tr->state.step / ((double)config->lr_epochs * tr->batches)
               : 1;
}

static traj_status train_step(trainer *tr, traj_error *err)
{
    const traj_train_config *const config = tr->job->config;
    traj_trainer_state *const s = &tr->state;
    const uint32_t step = (uint32_t)s->step;
    pick_batch(tr);
    const traj_shard_run run = {
        .windows = tr->job->train,
        .pick = tr->pick,
        .count = batch_size(tr),
        .params = s->weights,
        .latent = {config->seed, TRAJ_STREAM_LATENT, step},
        .dequant = {config->seed, TRAJ_STREAM_DEQUANT, step},
        .dequantise = config->dequantise != 0,
        .drift = {config->seed, TRAJ_STREAM_DRIFT, step},
        .drift_m = config->drift * tr->job->norm->scale_m[TRAJ_HOME],
        .objective = {traj_schedule_kl(config, s->step), config->free_bits}};
    const traj_update update = {.config = config,
                                .m = s->m,
                                .v = s->v,
                                .average = s->average,
                                .grads = tr->grads,
                                .epoch = s->epoch + 1,
                                .step = s->step + 1,
                                .rate = traj_schedule_rate(config, s->step, schedule_progress(tr))};
    traj_loss loss;
    const traj_status status = traj_train_step(&tr->shards, &run, &update, &loss, err);
    if (status != TRAJ_OK) return status;
    s->step++;
    traj_loss_add(&s->train, loss);
    s->rate_sum += update.rate;
    s->next_batch++;
    return TRAJ_OK;
}

/* The loss over all validation windows, with the averaged weights and the same noise every time. */
static traj_loss validate(trainer *tr)
{
    const traj_train_config *const config = tr->job->config;
    traj_loss sum = {0};
    for (size_t first = 0; first < tr->job->valid->count;) {
        const size_t left = tr->job->valid->count - first;
        const int count = least(config->batch, (int)(left < INT32_MAX ? left : INT32_MAX));
        for (int b = 0; b < count; b++)
            tr->pick[b] = (traj_scene_pick){.window = first + (size_t)b};
        const uint32_t step = validation_step - (uint32_t)(first / (size_t)config->batch);
        const traj_shard_run run = {.windows = tr->job->valid,
                                    .pick = tr->pick,
                                    .count = count,
                                    .params = tr->state.average,
                                    .latent = {config->seed, TRAJ_STREAM_LATENT, step},
                                    .dequant = {config->seed, TRAJ_STREAM_DEQUANT, step},
                                    .dequantise = config->dequantise != 0,
                                    .objective = {1, 0}};
        traj_loss_add(&sum, traj_shards_run(&tr->shards, &run, NULL));
        first += (size_t)count;
    }
    return sum;
}

static double elbo(traj_loss loss)
{
    return -(loss.nll + loss.kl) / loss.count;
}

/* Validation, the log's line, the best weights; then everything to disk. */
static traj_status end_epoch(trainer *tr, traj_error *err)
{
    traj_trainer_state *const s = &tr->state;
    const double seconds = traj_clock_s() - tr->epoch_started_s;
    const traj_loss train = s->train, valid = validate(tr);
    const traj_loss judge = valid.count > 0 ? valid : train;
    if (traj_loss_exploded(elbo(judge)))
        return traj_fail_diverged(tr->grads, s->epoch + 1, s->step, -elbo(judge), err);
    const traj_status status = traj_trainer_log(
        s, err, "%d,%ld,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f,%.6g,%.2f,%.0f\n", s->epoch + 1, s->step,
        elbo(train), -train.nll / train.count, train.kl / train.count, elbo(judge),
        -judge.nll / judge.count, judge.kl / judge.count, s->rate_sum / tr->batches,
        traj_clock_s() - tr->started_s, train.count / seconds);
    if (status != TRAJ_OK) return status;
    s->epoch++;
    s->next_batch = 0;
    s->train = (traj_loss){0};
    s->rate_sum = 0;
    tr->report->last_train = train;
    tr->report->last_valid = valid;
    if (elbo(judge) > s->best_elbo) {
        s->best_elbo = elbo(judge);
        s->best_epoch = s->epoch;
        memcpy(s->best.data, s->average.data, s->best.layout->size * sizeof *s->best.data);
    }
    tr->epoch_started_s = traj_clock_s();
    return save_all(tr, err);
}

static bool time_is_up(const trainer *tr)
{
    const double minutes = tr->job->config->minutes;
    return minutes > 0 && traj_clock_s() - tr->started_s >= 60 * minutes;
}

static traj_status interrupted(trainer *tr, traj_error *err)
{
    const traj_status status = save_all(tr, err);
    if (status != TRAJ_OK) return status;
    tr->report->reason = "it was interrupted";
    return traj_fail(err, TRAJ_E_INTERRUPTED,
                     "interrupted in epoch %d after step %ld; all of it is saved: go on with "
                     "'traj train --resume --out %s'",
                     tr->state.epoch + 1, tr->state.step, tr->job->folder);
}

static traj_status run_epoch(trainer *tr, traj_error *err)
{
    traj_trainer_state *const s = &tr->state;
    traj_progress progress;
    char label[64], note[96];
    traj_status status = TRAJ_OK;
    if (tr->job->config->minutes > 0) /* then the clock decides how many there are */
        snprintf(label, sizeof label, "epoch %d", s->epoch + 1);
    else
        snprintf(label, sizeof label, "epoch %d/%d", s->epoch + 1, tr->job->config->epochs);
    traj_progress_start(&progress, label, tr->batches);
    progress.enabled = progress.enabled && !tr->job->quiet;
    shuffle(tr);
    tr->epoch_started_s = traj_clock_s() - (s->next_batch ? s->epoch_seconds : 0);
    while (status == TRAJ_OK && s->next_batch < tr->batches &&
           (s->next_batch == 0 || !time_is_up(tr))) {
        status = train_step(tr, err);
        if (status != TRAJ_OK) break;
        snprintf(note, sizeof note, "elbo %.3f", elbo(s->train));
        traj_progress_update(&progress, s->next_batch, note);
        if (tr->job->stop && *tr->job->stop)
            status = interrupted(tr, err);
        else if (on_disk(tr) && traj_clock_s() - tr->saved_s > SAVE_EVERY_S)
            status = save_checkpoint(tr, err);
    }
    traj_progress_finish(&progress);
    return status == TRAJ_OK && s->train.count > 0 ? end_epoch(tr, err) : status;
}

/* A plateau at a high learning rate is not the end: the last quarter of the cosine is worth more
 * than many epochs before it. */
static bool has_stalled(const trainer *tr)
{
    const int patience = tr->job->config->patience;
    return patience > 0 && tr->state.epoch - tr->state.best_epoch >= patience &&
           schedule_progress(tr) >= 0.75;
}

/* NULL while training should go on. */
static const char *end_reason(const trainer *tr)
{
    const traj_train_config *const config = tr->job->config;
    if (time_is_up(tr) && tr->state.epoch > 0) return "the time of --minutes is up";
    if (tr->state.epoch >= config->epochs && !(config->minutes > 0)) return "all epochs done";
    if (has_stalled(tr)) return "validation has stopped getting better";
    return NULL;
}

static traj_status loop(trainer *tr, traj_error *err)
{
    traj_status status = start(tr, err);
    tr->report->reason = "failed";
    for (const char *reason = NULL; status == TRAJ_OK && !reason;) {
        reason = end_reason(tr);
        if (reason)
            tr->report->reason = reason;
        else
            status = run_epoch(tr, err);
    }
    return status;
}

traj_status traj_train(const traj_training *training, traj_real *weights, traj_report *report,
                       traj_error *err)
{
    trainer tr;
    *report = (traj_report){0};
    traj_status status = trainer_init(&tr, training, report, err);
    if (status == TRAJ_OK) status = loop(&tr, err);
    report->epochs = tr.state.epoch;
    report->steps = tr.state.step;
    report->best_elbo = tr.state.best_elbo;
    report->best_epoch = tr.state.best_epoch;
    report->seconds = traj_clock_s() - tr.started_s;
    if (weights && tr.state.best.data)
        memcpy(weights, tr.state.best.data, tr.state.best.layout->size * sizeof *weights);
    trainer_free(&tr);
    return status;
}
