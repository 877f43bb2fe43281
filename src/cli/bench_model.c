/* The rows train_step and rollout of traj bench. */
#include "bench.h"
#include "traj/base/memory.h"
#include "traj/gen/rollout.h"
#include "traj/train/step.h"
#include <string.h>

/* A model of fixed size, whatever the defaults become, and the row's columns. The output is the one
 * of the PyTorch program in docs/performance.md. */
static traj_status make_model(traj_bench_row *row, int scenes, traj_model **model, traj_error *err)
{
    traj_model_config config;
    traj_model_config_init(&config);
    config.hidden = 64;
    config.latent = 16;
    config.output = TRAJ_OUTPUT_DIAGONAL;
    config.horizon = TRAJ_BENCH_STEPS;
    snprintf(config.type, sizeof config.type, "%s", row->model);
    const traj_status status = traj_model_new(&config, model, err);
    if (status != TRAJ_OK) return status;
    const traj_model_config *const made = traj_model_config_of(*model);
    row->scenes = scenes;
    row->steps = TRAJ_BENCH_STEPS;
    row->hidden = made->hidden;
    row->latent = traj_model_type_of(*model)->sample ? 0 : made->latent;
    return TRAJ_OK;
}

static int shard_of(const traj_model *model)
{
    return traj_model_type_of(model)->sample ? TRAJ_BENCH_DIFFUSION_SHARD : TRAJ_BENCH_SHARD;
}

/* How often each product is made: a diffusion model looks at all steps of an agent at once. */
static int product_steps(const traj_model *model, int otherwise)
{
    return traj_model_type_of(model)->sample ? otherwise : TRAJ_BENCH_STEPS;
}

/* After the measurement: seconds of the model, then of its products. */
static void fill_row(traj_bench_row *row, int agents, const double seconds[2])
{
    row->agents = agents;
    row->seconds = seconds[0];
    row->gemm_seconds = seconds[1];
    row->work = (double)row->scenes * row->steps * agents;
}

/* What one training step needs beside the shards. */
typedef struct training {
    traj_shards shards;
    traj_shard_run run;
    traj_update update;
    traj_train_config config;
    traj_scene_pick pick[TRAJ_BENCH_SCENES];
    traj_real *parameters; /* owned: weights, gradient, two moments, average */
} training;

static traj_status training_init(training *t, const traj_bench *bench, const traj_model *model,
                                 traj_error *err)
{
    const traj_layout *const layout = traj_model_layout(model);
    t->shards = (traj_shards){.model = model,
                              .recording = &bench->recording,
                              .norm = &bench->norm,
                              .agents = bench->windows.agents,
                              .frames = bench->windows.frames,
                              .scenes = shard_of(model),
                              .most = TRAJ_BENCH_SCENES / shard_of(model),
                              .pool = bench->pool};
    const traj_status status = traj_shards_init(&t->shards, true, err);
    if (status != TRAJ_OK) return status;
    t->parameters = traj_alloc(5 * layout->size, sizeof *t->parameters);
    if (!t->parameters) return traj_fail_memory(err, "the weights");
    traj_params part[5];
    for (int k = 0; k < 5; k++)
        part[k] = (traj_params){layout, t->parameters + (size_t)k * layout->size};
    traj_params_init(part[0], bench->seed);
    traj_train_config_init(&t->config);
    for (size_t b = 0; b < TRAJ_BENCH_SCENES; b++) t->pick[b].window = b % bench->windows.count;
    t->run = (traj_shard_run){.windows = &bench->windows,
                              .pick = t->pick,
                              .count = TRAJ_BENCH_SCENES,
                              .params = part[0],
                              .latent = {bench->seed, TRAJ_STREAM_LATENT, 0},
                              .dequant = {bench->seed, TRAJ_STREAM_DEQUANT, 0},
                              .dequantise = true,
                              .objective = {1, 0}};
    t->update = (traj_update){.config = &t->config,
                              .grads = part[1],
                              .m = part[2],
                              .v = part[3],
                              .average = part[4],
                              .epoch = 1,
                              .rate = t->config.learning_rate};
    return TRAJ_OK;
}

static traj_status train_once(void *context, traj_error *err)
{
    training *const t = context;
    traj_loss loss;
    t->update.step++;
    t->run.latent.step++;
    t->run.dequant.step++;
    return traj_train_step(&t->shards, &t->run, &t->update, &loss, err);
}

traj_status traj_bench_train_step(const traj_bench *bench, traj_bench_row *row, traj_error *err)
{
    training t = {.parameters = NULL};
    traj_model *model = NULL;
    traj_products products = {.pool = bench->pool, .training = true};
    const traj_bench_work work[2] = {{train_once, &t}, {traj_products_run, &products}};
    double seconds[2];
    traj_status status = make_model(row, TRAJ_BENCH_SCENES, &model, err);
    if (status == TRAJ_OK) status = training_init(&t, bench, model, err);
    if (status == TRAJ_OK) {
        products.steps = product_steps(model, 1);
        products.jobs = TRAJ_BENCH_SCENES / shard_of(model);
        products.rows = shard_of(model) * bench->windows.agents;
    }
    if (status == TRAJ_OK) status = traj_products_init(&products, traj_model_layout(model), err);
    if (status == TRAJ_OK) status = traj_bench_time(bench->repeats, 2, work, seconds, err);
    if (status == TRAJ_OK) fill_row(row, bench->windows.agents, seconds);
    traj_products_free(&products);
    traj_free(t.parameters);
    traj_shards_free(&t.shards);
    traj_model_destroy(model);
    return status;
}

typedef struct generation {
    traj_rollout rollout;
    traj_pool *pool;
} generation;

static traj_status rollout_once(void *context, traj_error *err)
{
    const generation *const g = context;
    traj_forecast forecast;
    const traj_status status = traj_rollout_run(&g->rollout, g->pool, &forecast, err);
    if (status == TRAJ_OK) traj_forecast_free(&forecast);
    return status;
}

/* Two observed frames, the fewest there can be: one step of filtering, then generation. */
traj_status traj_bench_rollout(const traj_bench *bench, traj_bench_row *row, traj_error *err)
{
    traj_model *model = NULL;
    traj_real *weights = NULL;
    traj_products products = {.pool = bench->pool,
                              .jobs = TRAJ_BENCH_SAMPLES / TRAJ_ROLLOUT_CHUNK,
                              .rows = TRAJ_ROLLOUT_CHUNK * bench->windows.agents};
    generation g = {.pool = bench->pool};
    const traj_bench_work work[2] = {{rollout_once, &g}, {traj_products_run, &products}};
    double seconds[2];
    traj_status status = make_model(row, TRAJ_BENCH_SAMPLES, &model, err);
    if (status != TRAJ_OK) return status;
    products.steps = product_steps(model, TRAJ_BENCH_SAMPLER_STEPS);
    const traj_layout *const layout = traj_model_layout(model);
    weights = traj_alloc(layout->size, sizeof *weights);
    if (!weights) status = traj_fail_memory(err, "the weights");
    if (status == TRAJ_OK) status = traj_products_init(&products, layout, err);
    if (status == TRAJ_OK) {
        const traj_params params = {layout, weights};
        traj_params_init(params, bench->seed);
        g.rollout = (traj_rollout){.model = model,
                                   .params = params,
                                   .norm = &bench->norm,
                                   .recording = &bench->recording,
                                   .last = bench->recording.sequence[0].frames / 2,
                                   .burn_in = 2,
                                   .horizon = TRAJ_BENCH_STEPS,
                                   .samples = TRAJ_BENCH_SAMPLES,
                                   .steps = TRAJ_BENCH_SAMPLER_STEPS,
                                   .eta = 1,
                                   .seed = bench->seed};
        status = traj_bench_time(bench->repeats, 2, work, seconds, err);
    }
    if (status == TRAJ_OK) fill_row(row, bench->windows.agents, seconds);
    traj_products_free(&products);
    traj_free(weights);
    traj_model_destroy(model);
    return status;
}
