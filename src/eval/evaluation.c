/* See traj/eval/evaluation.h.
 *
 * 1. every place is cut once to see whether it is a scene that counts
 * 2. one job per scene: cut again, then source by source: forecast, pick who counts, measure. A
 *    model's rollout runs inside its scene's job, on a pool of one.
 * Results are stored under the scene's number, so no order of jobs shows. */
#include "traj/eval/evaluation.h"
#include "evaluation_scene.h"
#include "traj/base/memory.h"
#include "traj/base/progress.h"
#include <math.h>
#include <string.h>

/* Jobs handed out between two looks at the progress line. */
enum { SCENES_AT_ONCE = 16 };

/* Fewer say nothing about how matches differ. */
enum { FEWEST_MATCHES = 5 };

/* Where windows overlap, scenes more than one window apart share none of their frames. Blocks as
 * long as a window would give two thirds of the variance of a mean over scenes, those of two five
 * sixths; longer ones would be too few to be drawn from (docs/mathematics/metrics.md). */
enum { BLOCK_WINDOWS = 2 };

typedef struct worker {
    traj_arena arena; /* owned */
    traj_pool *alone; /* owned: one thread */
    size_t failed;    /* 1 + the scene that failed first; 0 = none */
    traj_error err;
} worker;

typedef struct run {
    const traj_eval_job *job;
    traj_evaluation *evaluation;
    traj_eval_found *found; /* owned [places]: agents 0 where the place is no scene */
    worker *worker;         /* owned [threads] */
    int threads;
    size_t first; /* scene or place of job 0 */
} run;

double *traj_evaluation_metric(const traj_evaluation *e, int source, traj_group group, int second,
                               int metric)
{
    const int lengths = 1 + e->seconds, metrics = traj_metric_count();
    const int row = ((source * TRAJ_GROUPS + (int)group) * lengths + second) * metrics + metric;
    return e->metric + (size_t)row * e->scenes;
}

double *traj_evaluation_curve(const traj_evaluation *e, int source, traj_group group,
                              traj_curve curve, int frame)
{
    const int row = ((source * TRAJ_GROUPS + (int)group) * TRAJ_CURVES + (int)curve) * e->frames +
                    frame;
    return e->curve + (size_t)row * e->scenes;
}

/* Bins of all quantities before this one. */
static size_t bins_before(int quantity)
{
    size_t bins = 0;
    for (int q = 0; q < quantity; q++) bins += (size_t)traj_quantity_bins(q);
    return bins;
}

float *traj_scene_histogram(const traj_evaluation *e, int source, bool is_ball, size_t scene,
                            int quantity)
{
    const size_t row = (size_t)(2 * source + is_ball) * e->scenes + scene;
    return e->histogram + row * bins_before(traj_quantity_count()) + bins_before(quantity);
}

static void add_times(double *pooled, const float *histogram, double times, size_t bins)
{
    for (size_t b = 0; b < bins; b++) pooled[b] += times * (double)histogram[b];
}

void traj_evaluation_pool(const traj_evaluation *e, int source, traj_group group, int quantity,
                          traj_half half, const uint16_t *times, double *pooled)
{
    const size_t bins = (size_t)traj_quantity_bins(quantity);
    memset(pooled, 0, bins * sizeof *pooled);
    for (size_t s = 0; s < e->scenes; s++) {
        const traj_half mine = e->scene[s].block % 2 ? TRAJ_ODD_HALF : TRAJ_EVEN_HALF;
        if (half != TRAJ_BOTH_HALVES && half != mine) continue;
        const double count = times ? times[s] : 1;
        if (count > 0 && group != TRAJ_GROUP_BALL)
            add_times(pooled, traj_scene_histogram(e, source, false, s, quantity), count, bins);
        if (count > 0 && group != TRAJ_GROUP_PLAYERS)
            add_times(pooled, traj_scene_histogram(e, source, true, s, quantity), count, bins);
    }
}

/* The first failing scene's error is the run's, whichever worker had it. */
static void note_failure(worker *w, size_t scene, const traj_error *err)
{
    if (w->failed && w->failed <= scene + 1) return;
    w->failed = scene + 1;
    w->err = *err;
}

static traj_status first_failure(const run *r, traj_error *err)
{
    const worker *first = NULL;
    for (int w = 0; w < r->threads; w++)
        if (r->worker[w].failed && (!first || r->worker[w].failed < first->failed))
            first = &r->worker[w];
    if (!first) return TRAJ_OK;
    if (err) *err = first->err;
    return first->err.status;
}

static void look(void *context, int number, int w)
{
    const run *const r = context;
    const size_t place = r->first + (size_t)number;
    traj_error err;
    const traj_status status =
        traj_scene_look(r->job, &r->job->place[place], &r->found[place], &err);
    if (status != TRAJ_OK) note_failure(&r->worker[w], place, &err);
}

static void judge(void *context, int number, int w)
{
    const run *const r = context;
    const size_t scene = r->first + (size_t)number;
    worker *const mine = &r->worker[w];
    traj_error err;
    const traj_status status =
        traj_scene_judge(r->job, r->evaluation, scene, mine->alone, &mine->arena, &err);
    if (status != TRAJ_OK) note_failure(mine, scene, &err);
}

/* Runs the jobs a few at a time, so that there is something to show in between. */
static traj_status run_all(run *r, traj_pool *pool, traj_job *job, size_t jobs, const char *label,
                           traj_error *err)
{
    traj_progress progress;
    traj_status status = TRAJ_OK;
    const size_t chunk = (size_t)SCENES_AT_ONCE * (size_t)r->threads;
    traj_progress_start(&progress, label, (long)jobs);
    for (r->first = 0; status == TRAJ_OK && r->first < jobs; r->first += chunk) {
        const size_t left = jobs - r->first;
        traj_pool_run(pool, job, r, (int)(left < chunk ? left : chunk));
        traj_progress_update(&progress, (long)(left < chunk ? jobs : r->first + chunk), NULL);
        status = first_failure(r, err);
    }
    traj_progress_finish(&progress);
    return status;
}

/* Numbers the blocks. Places are rounded to whole frames of their recording, hence the one less. */
static void find_blocks(const traj_eval_job *job, traj_evaluation *e)
{
    const traj_protocol *const protocol = job->protocol;
    const traj_eval_place *first = NULL, *before = NULL;
    for (size_t s = 0; s < e->scenes; s++) {
        const traj_eval_place *const place = &job->place[e->scene[s].place];
        const double frames = (protocol->burn_in + protocol->horizon) *
                                  traj_rate_hz(job->recording[place->recording].rate) /
                                  protocol->rate_hz -
                              1;
        const bool alone = !before || before->recording != place->recording ||
                           before->sequence != place->sequence ||
                           (double)(place->frame - before->frame) >= frames ||
                           (double)(place->frame - first->frame) >= BLOCK_WINDOWS * frames;
        if (alone) first = place;
        e->blocks += alone;
        e->scene[s].block = (int)e->blocks - 1;
        before = place;
    }
}

traj_drawn traj_evaluation_units(const traj_evaluation *e, const traj_eval_job *job, int *unit)
{
    int match = -1;
    size_t recording = 0;
    for (size_t s = 0; s < e->scenes; s++) {
        const size_t mine = job->place[e->scene[s].place].recording;
        match += match < 0 || mine != recording;
        recording = mine;
        unit[s] = match;
    }
    if (match + 1 >= FEWEST_MATCHES) return TRAJ_DRAWN_MATCHES;
    for (size_t s = 0; s < e->scenes; s++) unit[s] = e->scene[s].block;
    return e->blocks < e->scenes ? TRAJ_DRAWN_BLOCKS : TRAJ_DRAWN_SCENES;
}

static traj_status keep_scenes(run *r, traj_error *err)
{
    const traj_eval_job *const job = r->job;
    traj_evaluation *const e = r->evaluation;
    e->scene = r->found;
    r->found = NULL;
    for (size_t p = 0; p < job->places; p++) {
        if (!e->scene[p].agents) continue;
        e->agents += (size_t)e->scene[p].agents;
        traj_clean_add(&e->clean, &e->scene[p].clean);
        e->scene[e->scenes++] = e->scene[p];
    }
    find_blocks(job, e);
    if (e->scenes) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: not one of %zu windows of %d frames at %g Hz has an agent that is "
                     "recorded in all of them; choose another --protocol, or other data",
                     job->recording[0].source, job->places,
                     job->protocol->burn_in + job->protocol->horizon, job->protocol->rate_hz);
}

static traj_status reserve_results(run *r, traj_error *err)
{
    traj_evaluation *const e = r->evaluation;
    const size_t rows = (size_t)(e->sources * TRAJ_GROUPS);
    e->metric = traj_alloc(rows * (size_t)((1 + e->seconds) * traj_metric_count()) * e->scenes,
                           sizeof *e->metric);
    e->curve = traj_alloc(rows * (size_t)(TRAJ_CURVES * e->frames) * e->scenes, sizeof *e->curve);
    e->histogram =
        traj_alloc(2 * (size_t)e->sources * e->scenes * bins_before(traj_quantity_count()),
                   sizeof *e->histogram);
    return e->metric && e->curve && e->histogram ? TRAJ_OK : traj_fail_memory(err, "the figures");
}

static traj_status reserve_workers(run *r, traj_error *err)
{
    int agents = 0;
    for (size_t i = 0; i < r->job->places; i++) {
        const traj_eval_place *const place = &r->job->place[i];
        const size_t all = r->job->recording[place->recording].sequence[place->sequence].agents;
        const int most = all < TRAJ_MAX_SCENE_AGENTS ? (int)all : TRAJ_MAX_SCENE_AGENTS;
        if (most > agents) agents = most;
    }
    const size_t bytes = traj_scene_judge_bytes(r->job, agents);
    for (int w = 0; w < r->threads; w++) {
        traj_status status = traj_arena_init(&r->worker[w].arena, bytes, err);
        if (status == TRAJ_OK) status = traj_pool_new(&r->worker[w].alone, 1, err);
        if (status != TRAJ_OK) return status;
    }
    return TRAJ_OK;
}

static void run_free(run *r)
{
    for (int w = 0; r->worker && w < r->threads; w++) {
        traj_arena_free(&r->worker[w].arena);
        traj_pool_destroy(r->worker[w].alone);
    }
    traj_free(r->worker);
    traj_free(r->found);
}

traj_status traj_evaluation_run(const traj_eval_job *job, traj_pool *pool,
                                traj_evaluation *evaluation, traj_error *err)
{
    const traj_protocol *const protocol = job->protocol;
    run r = {.job = job, .evaluation = evaluation, .threads = traj_pool_threads(pool)};
    *evaluation =
        (traj_evaluation){.sources = job->sources,
                          .frames = protocol->horizon,
                          .seconds = (int)floor(protocol->horizon / protocol->rate_hz + 1e-9)};
    r.found = traj_alloc(job->places, sizeof *r.found);
    r.worker = traj_alloc((size_t)r.threads, sizeof *r.worker);
    traj_status status = r.found && r.worker ? TRAJ_OK : traj_fail_memory(err, "the scenes");
    if (status == TRAJ_OK) status = run_all(&r, pool, look, job->places, "finding scenes", err);
    if (status == TRAJ_OK) status = keep_scenes(&r, err);
    if (status == TRAJ_OK) status = reserve_results(&r, err);
    if (status == TRAJ_OK) status = reserve_workers(&r, err);
    if (status == TRAJ_OK) status = run_all(&r, pool, judge, evaluation->scenes, "scenes", err);
    run_free(&r);
    if (status != TRAJ_OK) traj_evaluation_free(evaluation);
    return status;
}

void traj_evaluation_free(traj_evaluation *evaluation)
{
    traj_free(evaluation->scene);
    traj_free(evaluation->metric);
    traj_free(evaluation->curve);
    traj_free(evaluation->histogram);
    *evaluation = (traj_evaluation){0};
}
