/* See traj/train/shards.h. */
#include "traj/train/shards.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/base/simd.h"
#include <string.h>

static size_t parameters(const traj_shards *shards)
{
    return traj_model_layout(shards->model)->size;
}

/* Bytes of one worker: its batch, then whatever the loss or the filling of a scene needs. */
static size_t worker_bytes(const traj_shards *shards, bool with_gradient)
{
    traj_arena dry;
    traj_batch batch;
    traj_arena_init_dry(&dry);
    traj_batch_take(&batch, shards->scenes, shards->agents, shards->frames - 1, &dry);
    const size_t loss = traj_model_loss_bytes(shards->model, shards->scenes, shards->agents,
                                              shards->frames - 1, with_gradient);
    const size_t scene = traj_scene_bytes(shards->agents, shards->frames);
    return dry.used + (loss > scene ? loss : scene);
}

static traj_status make_workers(traj_shards *shards, bool with_gradient, traj_error *err)
{
    const int threads = traj_pool_threads(shards->pool);
    const size_t bytes = worker_bytes(shards, with_gradient);
    shards->arena = traj_alloc((size_t)threads, sizeof *shards->arena);
    shards->batch = traj_alloc((size_t)threads, sizeof *shards->batch);
    if (!shards->arena || !shards->batch) return traj_fail_memory(err, "the workers");
    for (int w = 0; w < threads; w++) {
        const traj_status status = traj_arena_init(&shards->arena[w], bytes, err);
        if (status != TRAJ_OK) return status;
    }
    return TRAJ_OK;
}

traj_status traj_shards_init(traj_shards *shards, bool with_gradient, traj_error *err)
{
    traj_status status = make_workers(shards, with_gradient, err);
    if (status == TRAJ_OK) {
        shards->loss = traj_alloc((size_t)shards->most, sizeof *shards->loss);
        if (with_gradient)
            shards->gradient =
                traj_alloc((size_t)shards->most * parameters(shards), sizeof(traj_real));
        if (!shards->loss || (with_gradient && !shards->gradient))
            status = traj_fail_memory(err, "the shards' gradients");
    }
    if (status != TRAJ_OK) traj_shards_free(shards);
    return status;
}

void traj_shards_free(traj_shards *shards)
{
    for (int w = 0; shards->arena && w < traj_pool_threads(shards->pool); w++)
        traj_arena_free(&shards->arena[w]);
    traj_free(shards->arena);
    traj_free(shards->batch);
    traj_free(shards->gradient);
    traj_free(shards->loss);
    shards->arena = NULL;
    shards->batch = NULL;
    shards->gradient = NULL;
    shards->loss = NULL;
}

typedef struct job {
    traj_shards *shards;
    const traj_shard_run *run;
    bool with_gradient;
} job;

static void fill(traj_batch *batch, const job *j, int first, traj_arena *arena)
{
    for (int b = 0; b < batch->scenes; b++) {
        const traj_scene_pick *const pick = &j->run->pick[first + b];
        traj_scene_fill(
            batch, b, j->shards->recording, &j->run->windows->item[pick->window], j->shards->norm,
            (traj_scene_options){.shift = pick->shift,
                                 .flip_x = pick->flip_x,
                                 .flip_y = pick->flip_y,
                                 .dequant = j->run->dequantise ? &j->run->dequant : NULL,
                                 .drift = j->run->drift_m > 0 ? &j->run->drift : NULL,
                                 .drift_m = j->run->drift_m,
                                 .edges_of = traj_model_edges_of(j->shards->model, batch->steps),
                                 .number = (uint32_t)(first + b)},
            arena);
    }
}

/* The most agents of the scenes [first, first + scenes): of pedestrians far fewer than in the
 * fullest window, which the workers have room for. */
static int most_agents(const traj_shard_run *run, int first, int scenes)
{
    int most = 0;
    for (int b = first; b < first + scenes; b++) {
        const int agents = run->windows->item[run->pick[b].window].agents;
        if (agents > most) most = agents;
    }
    return most;
}

/* Job s: scenes s*scenes .. of the batch, on this worker's arena, results under number s. */
static void run_shard(void *context, int s, int worker)
{
    const job *const j = context;
    traj_shards *const shards = j->shards;
    traj_arena *const arena = &shards->arena[worker];
    traj_batch *const batch = &shards->batch[worker];
    const int first = s * shards->scenes, left = j->run->count - first;
    const int scenes = left < shards->scenes ? left : shards->scenes;
    const size_t mark = traj_arena_mark(arena);
    traj_params grads = {traj_model_layout(shards->model), NULL};
    if (j->with_gradient) {
        grads.data = shards->gradient + (size_t)s * parameters(shards);
        memset(grads.data, 0, parameters(shards) * sizeof *grads.data);
    }
    traj_batch_take(batch, scenes, most_agents(j->run, first, scenes), shards->frames - 1, arena);
    fill(batch, j, first, arena);
    traj_model_type_of(shards->model)
        ->loss(shards->model, j->run->params, batch, j->run->latent, j->run->objective,
               j->with_gradient ? &grads : NULL, arena, &shards->loss[s]);
    traj_arena_release(arena, mark);
}

TRAJ_SIMD static void add(size_t n, traj_real *restrict sum, const traj_real *restrict x)
{
    for (size_t i = 0; i < n; i++) sum[i] += x[i];
}

traj_loss traj_shards_run(traj_shards *shards, const traj_shard_run *run, traj_params *grads)
{
    const int jobs = (run->count + shards->scenes - 1) / shards->scenes;
    traj_loss sum = {0};
    job j = {shards, run, grads != NULL};
    TRAJ_ASSERT(jobs <= shards->most && (!grads || shards->gradient));
    traj_pool_run(shards->pool, run_shard, &j, jobs);
    for (int s = 0; s < jobs; s++) traj_loss_add(&sum, shards->loss[s]);
    if (!grads) return sum;
    memset(grads->data, 0, parameters(shards) * sizeof *grads->data);
    for (int s = 0; s < jobs; s++)
        add(parameters(shards), grads->data, shards->gradient + (size_t)s * parameters(shards));
    return sum;
}
