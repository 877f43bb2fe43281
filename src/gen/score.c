/* See traj/gen/score.h. A job is one scene: its bits do not depend on its neighbours. */
#include "traj/gen/score.h"
#include "traj/base/memory.h"
#include <math.h>
#include <string.h>

typedef struct scoring {
    const traj_score_job *job;
    traj_scene_score *score;
    traj_arena *arena; /* owned [threads] */
} scoring;

static size_t scene_bytes(const traj_score_job *job)
{
    const int agents = job->windows->agents, frames = job->windows->frames;
    traj_arena dry;
    traj_batch batch;
    traj_arena_init_dry(&dry);
    traj_batch_take(&batch, 1, agents, frames - 1, &dry);
    const size_t loss = traj_model_loss_bytes(job->model, 1, agents, frames - 1, 0);
    const size_t scene = traj_scene_bytes(agents, frames);
    const traj_model_type *const type = traj_model_type_of(job->model);
    if (type->terms) traj_arena_take(&dry, 2 * (size_t)type->terms(job->model), sizeof(double));
    return dry.used + (loss > scene ? loss : scene);
}

/* The first `skip` steps. They see the same noise as in the whole, so that what is left of a
 * difference is what the steps behind them add. */
static traj_batch head_of(const traj_score_job *job, const traj_batch *batch)
{
    traj_batch head = *batch;
    head.steps = job->skip < batch->steps ? job->skip : batch->steps;
    return head;
}

static double log_weight(const traj_score_job *job, const traj_batch *batch, uint32_t draw,
                         traj_arena *arena)
{
    double weight;
    traj_model_type_of(job->model)
        ->log_weight(job->model, job->params, batch,
                     (traj_noise){job->seed, TRAJ_STREAM_LATENT, draw}, &weight, arena);
    return weight;
}

/* log mean_k exp(w_k) in one pass: the largest so far and the sum relative to it. */
static double importance_bound(const traj_score_job *job, const traj_batch *batch,
                               traj_arena *arena)
{
    const traj_batch head = head_of(job, batch);
    double largest = -INFINITY, sum = 0;
    for (uint32_t k = 1; k <= (uint32_t)job->importance; k++) {
        double weight = log_weight(job, batch, k, arena);
        if (head.steps) weight -= log_weight(job, &head, k, arena);
        if (weight > largest) {
            sum = sum * exp(largest - weight) + 1;
            largest = weight;
        } else {
            sum += exp(weight - largest);
        }
    }
    return largest + log(sum / job->importance);
}

static traj_scene_score score_recurrent(const traj_score_job *job, const traj_batch *batch,
                                        traj_arena *arena)
{
    const traj_batch head = head_of(job, batch);
    const traj_batch *const part[2] = {batch, &head};
    traj_loss loss[2] = {{.nll = 0}, {.nll = 0}};
    for (int i = 0; i < (head.steps ? 2 : 1); i++)
        traj_model_type_of(job->model)
            ->loss(job->model, job->params, part[i], (traj_noise){job->seed, TRAJ_STREAM_LATENT, 0},
                   (traj_objective){1, 0}, NULL, arena, &loss[i]);
    return (traj_scene_score){
        loss[0].nll - loss[1].nll, loss[0].kl - loss[1].kl, loss[0].count - loss[1].count,
        job->importance > 0 ? importance_bound(job, batch, arena) : (double)NAN};
}

static traj_scene_score score_diffusion(const traj_score_job *job, const traj_batch *batch,
                                        int scene, traj_arena *arena)
{
    const traj_model_type *const type = traj_model_type_of(job->model);
    const size_t terms = (size_t)type->terms(job->model), bytes = terms * sizeof(double);
    double *const nats = traj_arena_take(arena, 2 * terms, sizeof *nats);
    const size_t rows = (size_t)batch->scenes * (size_t)batch->agents;
    const size_t past = (size_t)(batch->steps - traj_model_config_of(job->model)->horizon) * rows;
    traj_scene_score score = {.iwae = (double)NAN};
    type->bound(job->model, job->params, batch, (traj_noise){job->seed, TRAJ_STREAM_DIFFUSION, 0},
                nats, nats + terms, arena);
    if (job->nats) memcpy(job->nats + (size_t)scene * terms, nats, bytes);
    if (job->error) memcpy(job->error + (size_t)scene * terms, nats + terms, bytes);
    score.nll = nats[0];
    for (size_t i = 1; i < terms; i++) score.kl += nats[i];
    for (size_t i = past; i < rows * (size_t)batch->steps; i++)
        score.count += (double)batch->target[i];
    return score;
}

static void score_scene(void *context, int scene, int worker)
{
    const scoring *const s = context;
    const traj_score_job *const job = s->job;
    traj_arena *const arena = &s->arena[worker];
    const size_t mark = traj_arena_mark(arena);
    const traj_noise dequant = {job->seed, TRAJ_STREAM_DEQUANT, 0};
    traj_batch batch;
    traj_batch_take(&batch, 1, job->windows->agents, job->windows->frames - 1, arena);
    traj_scene_fill(&batch, 0, job->recording, &job->windows->item[scene], job->norm,
                    (traj_scene_options){.dequant = job->dequantise ? &dequant : NULL,
                                         .edges_of = traj_model_edges_of(job->model, batch.steps),
                                         .number = (uint32_t)scene},
                    arena);
    s->score[scene] = traj_model_type_of(job->model)->bound
                          ? score_diffusion(job, &batch, scene, arena)
                          : score_recurrent(job, &batch, arena);
    traj_arena_release(arena, mark);
}

traj_status traj_score_run(const traj_score_job *job, traj_pool *pool, traj_scene_score *score,
                           traj_error *err)
{
    scoring s = {.job = job, .score = score};
    traj_status status = TRAJ_OK;
    const int threads = traj_pool_threads(pool);
    s.arena = traj_alloc((size_t)threads, sizeof *s.arena);
    if (!s.arena) return traj_fail_memory(err, "the workers");
    for (int w = 0; status == TRAJ_OK && w < threads; w++)
        status = traj_arena_init(&s.arena[w], scene_bytes(job), err);
    if (status == TRAJ_OK) traj_pool_run(pool, score_scene, &s, (int)job->windows->count);
    for (int w = 0; w < threads; w++) traj_arena_free(&s.arena[w]);
    traj_free(s.arena);
    return status;
}

traj_mean traj_score_mean(const traj_scene_score *score, size_t count,
                          double (*value)(const traj_scene_score *score))
{
    double sum = 0, steps = 0, square = 0;
    for (size_t i = 0; i < count; i++) {
        sum += value(&score[i]);
        steps += score[i].count;
    }
    /* a ratio of sums: its variance by the residuals of each scene (Cochran 1977, section 6.4) */
    const double mean = sum / steps, scenes = (double)count;
    for (size_t i = 0; i < count; i++) {
        const double residual = value(&score[i]) - mean * score[i].count;
        square += residual * residual;
    }
    const double error = count > 1 ? sqrt(square * scenes / (scenes - 1)) / steps
                                   : (double)INFINITY;
    return (traj_mean){mean, 1.96 * error};
}
