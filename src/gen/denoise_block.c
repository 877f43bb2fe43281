/* Denoising by a diffusion model, window by window: see traj/gen/denoise.h. A window's past is what
 * was denoised before it. A job is a chunk of samples, a scene each. */
#include "denoise_state.h"
#include "traj/base/memory.h"
#include "traj/data/window.h"
#include "traj/gen/rollout.h"
#include "traj/gen/smooth.h"
#include <math.h>
#include <string.h>

/* The last frames of a window have nothing behind them; they are done again by the next. */
enum { OVERLAP = 10 };

typedef struct blocks {
    const traj_denoise *denoise;
    const traj_sequence *noisy; /* view */
    traj_recording work;        /* one sequence: denoised up to `last`, the smoother's behind it */
    float *sd_m;                /* view [frames,agents] */
    size_t last;                /* the frame that the window starts from */
    int ahead, past;            /* frames of the window, and before it, `last` included */
    int agents, slot[TRAJ_MAX_SCENE_AGENTS];
    double start;      /* noise of displacements in normalised units */
    float *pos_m;      /* owned [samples,ahead,agents,2] */
    traj_arena *arena; /* owned [threads] */
} blocks;

/* One chunk while the chain runs. */
typedef struct chunk {
    const blocks *b;
    int rows;
    double *z, *x, *path, *scratch; /* [ahead] each, scratch [2 ahead] */
} chunk;

static const traj_sequence *work_of(const blocks *b)
{
    return &b->work.sequence[0];
}

static float *denoised(const blocks *b, size_t frame, int a)
{
    return work_of(b)->pos_m + 2 * (frame * work_of(b)->agents + (size_t)b->slot[a]);
}

static double scale_of(const blocks *b, int a)
{
    return b->denoise->norm->scale_m[work_of(b)->agent[b->slot[a]].kind];
}

/* What was seen of coordinate k of agent a in the t-th frame of the window. */
static double seen(const blocks *b, int t, int a, int k)
{
    const size_t frame = b->last + 1 + (size_t)t;
    if (frame >= b->noisy->frames) return (double)NAN;
    return (double)b->noisy->pos_m[2 * (frame * b->noisy->agents + (size_t)b->slot[a]) + (size_t)k];
}

/* x^ of one row and coordinate, every step, combined with what was seen. Displacements are those of
 * unit variance behind the network's noise sd: knowing both leaves sd^2 / (1 + sd^2). */
static void combine(const chunk *c, double sd, int row, int k, traj_real *x)
{
    const blocks *const b = c->b;
    const int a = row % b->agents;
    const size_t from = b->last * work_of(b)->agents + (size_t)b->slot[a];
    const double scale = scale_of(b, a), start = (double)denoised(b, b->last, a)[k];
    const traj_walk walk = {.start_m = start,
                            .start_sd_m = fmax((double)b->sd_m[from], 1e-3),
                            .step_m = scale * sd / sqrt(1 + sd * sd),
                            .noise_m = b->denoise->noise_m};
    for (int t = 0; t < b->ahead; t++) {
        c->x[t] = (double)x[2 * (t * c->rows + row) + k] * scale;
        c->z[t] = seen(b, t, a, k);
    }
    traj_walk_smooth(&walk, c->x, c->z, b->ahead, c->path, c->scratch);
    for (int t = 0; t < b->ahead; t++)
        x[2 * (t * c->rows + row) + k] =
            TRAJ_R((c->path[t] - (t ? c->path[t - 1] : start)) / scale);
}

static void correct(void *context, double sd, traj_real *x)
{
    const chunk *const c = context;
    for (int row = 0; row < c->rows; row++)
        for (int k = 0; k < 2; k++) combine(c, sd, row, k, x);
}

/* The smoother's displacements with fresh noise: where the chain is entered. */
static void guess(const chunk *c, const traj_batch *batch, traj_real *x)
{
    const blocks *const b = c->b;
    const traj_noise noise = {b->denoise->seed, TRAJ_STREAM_DENOISE, (uint32_t)b->last};
    for (int t = 0; t < b->ahead; t++)
        for (int row = 0; row < c->rows; row++) {
            const int a = row % b->agents;
            const size_t to = b->last + 1 + (size_t)t;
            traj_real normal[2];
            traj_noise_normal(&noise, batch->scene[row / b->agents], (uint32_t)t, (uint32_t)a,
                              normal, 2);
            for (int k = 0; k < 2; k++) {
                const double moved = to < b->noisy->frames ? (double)denoised(b, to, a)[k] -
                                                                 (double)denoised(b, to - 1, a)[k]
                                                           : 0;
                x[2 * (t * c->rows + row) + k] = TRAJ_R(isnan(moved) ? 0 : moved / scale_of(b, a)) +
                                                 TRAJ_R(b->start) * normal[k];
            }
        }
}

static void keep(const chunk *c, int first, const traj_real *x)
{
    const blocks *const b = c->b;
    for (int row = 0; row < c->rows; row++)
        for (int k = 0; k < 2; k++) {
            const int a = row % b->agents, sample = first + row / b->agents;
            double pos = (double)denoised(b, b->last, a)[k];
            for (int t = 0; t < b->ahead; t++) {
                pos += (double)x[2 * (t * c->rows + row) + k] * scale_of(b, a);
                b->pos_m[2 * (((size_t)sample * (size_t)b->ahead + (size_t)t) * (size_t)b->agents +
                              (size_t)a) +
                         (size_t)k] = (float)pos;
            }
        }
}

static void fill_past(const blocks *b, traj_batch *batch, int first, traj_arena *arena)
{
    const traj_window window = {.first = b->last + 1 - (size_t)b->past};
    for (int s = 0; s < batch->scenes; s++)
        traj_scene_fill(batch, s, &b->work, &window, b->denoise->norm,
                        (traj_scene_options){
                            .number = (uint32_t)(first + s), .slot = b->slot, .slots = b->agents},
                        arena);
}

/* Samples first .. first + scenes - 1. A dry arena counts. */
static void sample(const blocks *b, int first, int scenes, traj_arena *arena)
{
    const traj_denoise *const d = b->denoise;
    const size_t mark = traj_arena_mark(arena), ahead = (size_t)b->ahead;
    chunk c = {.b = b, .rows = scenes * b->agents};
    traj_batch batch;
    traj_batch_take(&batch, scenes, b->agents, b->past, arena);
    traj_real *const guessed = traj_arena_reals(arena, 2 * ahead * (size_t)c.rows);
    traj_real *const x = traj_arena_reals(arena, 2 * ahead * (size_t)c.rows);
    c.z = traj_arena_take(arena, ahead, sizeof *c.z);
    c.x = traj_arena_take(arena, ahead, sizeof *c.x);
    c.path = traj_arena_take(arena, ahead, sizeof *c.path);
    c.scratch = traj_arena_take(arena, 2 * ahead, sizeof *c.scratch);
    if (arena->memory) {
        fill_past(b, &batch, first, arena);
        guess(&c, &batch, guessed);
    }
    const traj_sampling sampling = {.batch = &batch,
                                    .observed = b->past - 1,
                                    .x = guessed,
                                    .steps = d->steps,
                                    .list = d->step_list,
                                    .eta = d->eta,
                                    .start = b->start,
                                    .noise = {d->seed, TRAJ_STREAM_DIFFUSION, (uint32_t)b->last},
                                    .correct = correct,
                                    .context = &c};
    traj_model_type_of(d->model)->sample(d->model, d->params, &sampling, x, arena);
    if (arena->memory) keep(&c, first, x);
    traj_arena_release(arena, mark);
}

static void run_chunk(void *context, int job, int worker)
{
    const blocks *const b = context;
    const int first = job * TRAJ_ROLLOUT_CHUNK, left = b->denoise->samples - first;
    sample(b, first, left < TRAJ_ROLLOUT_CHUNK ? left : TRAJ_ROLLOUT_CHUNK, &b->arena[worker]);
}

/* Mean and scatter over the samples, of the first `frames` frames of the window. */
static void average(const blocks *b, int frames)
{
    const int samples = b->denoise->samples;
    for (int t = 0; t < frames; t++)
        for (int a = 0; a < b->agents; a++) {
            const size_t frame = b->last + 1 + (size_t)t;
            double square = 0;
            if (isnan(seen(b, t, a, 0))) continue;
            for (int k = 0; k < 2; k++) {
                const size_t at = 2 * ((size_t)t * (size_t)b->agents + (size_t)a) + (size_t)k;
                const size_t stride = 2 * (size_t)b->ahead * (size_t)b->agents;
                double mean = 0;
                for (int s = 0; s < samples; s++)
                    mean += (double)b->pos_m[at + (size_t)s * stride] / samples;
                for (int s = 0; s < samples; s++)
                    square += pow((double)b->pos_m[at + (size_t)s * stride] - mean, 2);
                denoised(b, frame, a)[k] = (float)mean;
            }
            if (samples > 1)
                b->sd_m[frame * work_of(b)->agents + (size_t)b->slot[a]] =
                    (float)sqrt(square / (2.0 * (samples - 1)));
        }
}

/* Who is there at the window's start; the chain's level is that of the noisiest of them. */
static void gather(blocks *b)
{
    b->agents = 0;
    b->start = 0;
    for (size_t a = 0; a < work_of(b)->agents && b->agents < TRAJ_MAX_SCENE_AGENTS; a++) {
        if (isnan(work_of(b)->pos_m[2 * (b->last * work_of(b)->agents + a)])) continue;
        b->slot[b->agents] = (int)a;
        b->start = fmax(b->start, sqrt(2) * b->denoise->noise_m / scale_of(b, b->agents));
        b->agents++;
    }
}

static traj_status reserve(blocks *b, traj_pool *pool, traj_error *err)
{
    traj_arena dry;
    traj_arena_init_dry(&dry);
    b->agents = work_of(b)->agents < TRAJ_MAX_SCENE_AGENTS ? (int)work_of(b)->agents
                                                           : TRAJ_MAX_SCENE_AGENTS;
    sample(b, 0, TRAJ_ROLLOUT_CHUNK, &dry);
    const size_t bytes = dry.peak + traj_scene_bytes(b->agents, b->past + 1);
    b->pos_m = traj_alloc((size_t)b->denoise->samples * (size_t)b->ahead * (size_t)b->agents * 2,
                          sizeof *b->pos_m);
    b->arena = traj_alloc((size_t)traj_pool_threads(pool), sizeof *b->arena);
    if (!b->pos_m || !b->arena) return traj_fail_memory(err, "the samples");
    for (int w = 0; w < traj_pool_threads(pool); w++) {
        const traj_status status = traj_arena_init(&b->arena[w], bytes, err);
        if (status != TRAJ_OK) return status;
    }
    return TRAJ_OK;
}

/* A copy of the recording with this one sequence, holding the smoother's answer. */
static traj_status copy(const traj_recording *recording, const traj_sequence *sequence,
                        const float *pos_m, traj_recording *work, traj_error *err)
{
    traj_sequence *to;
    *work = *recording;
    work->sequence = NULL;
    work->sequences = 0;
    const traj_status status = traj_recording_add_like(work, sequence, sequence->frames, &to, err);
    if (status != TRAJ_OK) return status;
    traj_sequence_copy(to, 0, sequence, 0, sequence->frames);
    memcpy(to->pos_m, pos_m, 2 * sequence->frames * sequence->agents * sizeof *pos_m);
    return TRAJ_OK;
}

traj_status traj_denoise_blocks(const traj_denoise *denoise, const traj_recording *recording,
                                size_t sequence, traj_pool *pool, float *pos_m, float *sd_m,
                                traj_error *err)
{
    const traj_sequence *const noisy = &recording->sequence[sequence];
    blocks b = {.denoise = denoise, .noisy = noisy, .sd_m = sd_m, .past = denoise->burn_in};
    b.ahead = traj_model_config_of(denoise->model)->horizon;
    const int again = b.ahead / 2 < OVERLAP ? b.ahead / 2 : OVERLAP;
    if (noisy->frames < (size_t)b.past + 1) return TRAJ_OK;
    traj_status status = copy(recording, noisy, pos_m, &b.work, err);
    if (status == TRAJ_OK) status = reserve(&b, pool, err);
    b.last = (size_t)b.past - 1;
    while (status == TRAJ_OK && b.last + 1 < noisy->frames) {
        const size_t left = noisy->frames - 1 - b.last;
        const int frames = left > (size_t)b.ahead ? b.ahead - again : (int)left;
        gather(&b);
        if (b.agents) {
            traj_pool_run(pool, run_chunk, &b,
                          (denoise->samples + TRAJ_ROLLOUT_CHUNK - 1) / TRAJ_ROLLOUT_CHUNK);
            average(&b, frames);
        }
        b.last += (size_t)frames;
    }
    if (status == TRAJ_OK)
        memcpy(pos_m, work_of(&b)->pos_m, 2 * noisy->frames * noisy->agents * sizeof *pos_m);
    for (int w = 0; b.arena && w < traj_pool_threads(pool); w++) traj_arena_free(&b.arena[w]);
    traj_free(b.arena);
    traj_free(b.pos_m);
    traj_recording_free(&b.work);
    return status;
}
