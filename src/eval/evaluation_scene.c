/* See evaluation_scene.h. */
#include "evaluation_scene.h"
#include "traj/base/assert.h"
#include "traj/data/moment.h"
#include "traj/data/norm.h"
#include <math.h>
#include <string.h>

/* A scene cut out of its recording. present: who is recorded in the last observed frame and is
 * forecast; counted: who of them is recorded throughout, as places in `slot`. */
typedef struct cut {
    traj_moment moment;
    const traj_sequence *sequence; /* view: of the moment */
    int present, counted;
    int slot[TRAJ_MAX_SCENE_AGENTS];
    int pick[TRAJ_MAX_SCENE_AGENTS];
    unsigned char kind[TRAJ_MAX_SCENE_AGENTS];        /* of those present */
    unsigned char picked_kind[TRAJ_MAX_SCENE_AGENTS]; /* of those counted */
} cut;

static const float *position(const cut *c, size_t frame, int slot)
{
    return c->sequence->pos_m + 2 * (frame * c->sequence->agents + (size_t)slot);
}

/* In every frame, and nowhere put to another place: no forecast foresees what no body can do. */
static bool moves_throughout(const cut *c, int slot)
{
    const double most_m = traj_longest_step_m((int)c->sequence->agent[slot].kind,
                                              traj_rate_hz(c->moment.recording.rate));
    for (size_t t = 0; t < c->sequence->frames; t++) {
        const float *const to = position(c, t, slot), *const from = t ? position(c, t - 1, slot)
                                                                      : to;
        const double dx = (double)to[0] - (double)from[0], dy = (double)to[1] - (double)from[1];
        if (!(hypot(dx, dy) <= most_m)) return false; /* NaN: not recorded */
    }
    return true;
}

/* Nobody counts where frames are missing. */
static void find_agents(const traj_eval_job *job, cut *c)
{
    const size_t past = (size_t)job->protocol->burn_in, future = (size_t)job->protocol->horizon;
    const bool whole = c->moment.last + 1 == past && c->sequence->frames == past + future;
    for (int a = 0; a < (int)c->sequence->agents && c->present < TRAJ_MAX_SCENE_AGENTS; a++) {
        const unsigned char kind = (unsigned char)c->sequence->agent[a].kind;
        if (!isfinite(position(c, c->moment.last, a)[0])) continue;
        if (whole && moves_throughout(c, a)) {
            c->picked_kind[c->counted] = kind;
            c->pick[c->counted++] = c->present;
        }
        c->kind[c->present] = kind;
        c->slot[c->present++] = a;
    }
}

/* Free the moment after a success. */
static traj_status cut_scene(const traj_eval_job *job, const traj_eval_place *place, cut *c,
                             traj_error *err)
{
    const traj_moment_plan plan = {.rate_hz = job->protocol->rate_hz,
                                   .past = job->protocol->burn_in,
                                   .future = job->protocol->horizon,
                                   .clean = job->clean};
    *c = (cut){.present = 0};
    const traj_status status = traj_moment_cut(&job->recording[place->recording], place->sequence,
                                               place->frame, &plan, &c->moment, err);
    if (status != TRAJ_OK) return status;
    c->sequence = &c->moment.recording.sequence[0];
    find_agents(job, c);
    return TRAJ_OK;
}

traj_status traj_scene_look(const traj_eval_job *job, const traj_eval_place *place,
                            traj_eval_found *found, traj_error *err)
{
    cut c;
    *found = (traj_eval_found){.place = (size_t)(place - job->place)};
    const traj_status status = cut_scene(job, place, &c, err);
    if (status == TRAJ_E_DATA) return TRAJ_OK; /* nothing to observe there */
    if (status != TRAJ_OK) return status;
    found->agents = c.counted;
    found->time_s = c.sequence->time_s[c.moment.last];
    found->clean = c.moment.clean;
    traj_moment_free(&c.moment);
    return TRAJ_OK;
}

/* A scene under judgement: what it needs of the arena, and where its figures go. */
typedef struct trial {
    const traj_eval_job *job;
    traj_evaluation *evaluation;
    size_t scene;
    const traj_eval_place *place;
    cut cut;
    traj_pool *alone;
    traj_arena *arena;
    float *past_m;     /* [P,present,2] */
    float *last_m;     /* [2,counted,2] */
    float *truth_m;    /* [T,counted,2] */
    float *forecast_m; /* [K,T,present,2]: of a source that has no memory of its own */
    float *picked_m;   /* [K,T,counted,2] */
    double *count;     /* [most bins of any quantity] */
} trial;

static size_t most_bins(void)
{
    size_t most = 0;
    for (int q = 0; q < traj_quantity_count(); q++)
        if ((size_t)traj_quantity_bins(q) > most) most = (size_t)traj_quantity_bins(q);
    return most;
}

/* agents: present, and counted, at most. */
static void trial_take(trial *t, int agents)
{
    const traj_protocol *const protocol = t->job->protocol;
    const size_t frame = 2 * (size_t)agents, future = frame * (size_t)protocol->horizon;
    const size_t samples = (size_t)t->job->samples;
    t->past_m = traj_arena_take(t->arena, frame * (size_t)protocol->burn_in, sizeof(float));
    t->last_m = traj_arena_take(t->arena, 2 * frame, sizeof(float));
    t->truth_m = traj_arena_take(t->arena, future, sizeof(float));
    t->forecast_m = traj_arena_take(t->arena, samples * future, sizeof(float));
    t->picked_m = traj_arena_take(t->arena, samples * future, sizeof(float));
    t->count = traj_arena_take(t->arena, most_bins(), sizeof *t->count);
}

size_t traj_scene_judge_bytes(const traj_eval_job *job, int agents)
{
    traj_arena dry;
    traj_arena_init_dry(&dry);
    trial t = {.job = job, .arena = &dry};
    trial_take(&t, agents);
    return dry.used + traj_metric_bytes(job->samples, job->protocol->horizon, agents);
}

static void fill_truth(trial *t)
{
    const cut *const c = &t->cut;
    const size_t last = c->moment.last;
    for (size_t f = 0; f <= last; f++)
        for (int a = 0; a < c->present; a++)
            memcpy(t->past_m + 2 * (f * (size_t)c->present + (size_t)a), position(c, f, c->slot[a]),
                   2 * sizeof(float));
    for (int a = 0; a < c->counted; a++) {
        const int slot = c->slot[c->pick[a]];
        for (size_t f = 0; f < 2; f++)
            memcpy(t->last_m + 2 * (f * (size_t)c->counted + (size_t)a),
                   position(c, last - 1 + f, slot), 2 * sizeof(float));
        for (size_t f = 0; f < (size_t)t->job->protocol->horizon; f++)
            memcpy(t->truth_m + 2 * (f * (size_t)c->counted + (size_t)a),
                   position(c, last + 1 + f, slot), 2 * sizeof(float));
    }
}

/* picked_m from forecast [samples, T, present, 2]. */
static void pick(trial *t, int samples, const float *forecast_m)
{
    const cut *const c = &t->cut;
    const size_t rows = (size_t)samples * (size_t)t->job->protocol->horizon;
    for (size_t row = 0; row < rows; row++)
        for (int a = 0; a < c->counted; a++)
            memcpy(t->picked_m + 2 * (row * (size_t)c->counted + (size_t)a),
                   forecast_m + 2 * (row * (size_t)c->present + (size_t)c->pick[a]),
                   2 * sizeof(float));
}

static traj_status forecast_model(trial *t, const traj_rollout *model, traj_error *err)
{
    traj_forecast forecast;
    traj_rollout rollout = *model;
    rollout.recording = &t->cut.moment.recording;
    rollout.sequence = 0;
    rollout.last = t->cut.moment.last;
    rollout.number = t->place->number;
    const traj_status status = traj_rollout_run(&rollout, t->alone, &forecast, err);
    if (status != TRAJ_OK) return status;
    TRAJ_ASSERT(forecast.agents == t->cut.present && forecast.samples == t->job->samples);
    pick(t, forecast.samples, forecast.pos_m);
    traj_forecast_free(&forecast);
    return TRAJ_OK;
}

static traj_status forecast_baseline(trial *t, const traj_baseline *baseline, int samples,
                                     traj_error *err)
{
    const traj_protocol *const protocol = t->job->protocol;
    const traj_baseline_task task = {.past = protocol->burn_in,
                                     .frames = protocol->horizon,
                                     .agents = t->cut.present,
                                     .samples = samples,
                                     .rate_hz = protocol->rate_hz,
                                     .kind = t->cut.kind,
                                     .past_m = t->past_m,
                                     .neighbours = t->job->neighbours,
                                     .seed = t->job->seed,
                                     .number = t->place->number};
    const traj_status status = baseline->forecast(&task, t->forecast_m, err);
    if (status == TRAJ_OK) pick(t, samples, t->forecast_m);
    return status;
}

/* picked_m and how many samples it has: one where more would be the same again. */
static traj_status forecast(trial *t, const traj_eval_source *source, int *samples, traj_error *err)
{
    *samples = t->job->samples;
    if (source->rollout) return forecast_model(t, source->rollout, err);
    if (source->baseline && source->baseline->sampled)
        return forecast_baseline(t, source->baseline, *samples, err);
    *samples = 1;
    if (source->baseline) return forecast_baseline(t, source->baseline, 1, err);
    memcpy(t->picked_m, t->truth_m,
           2 * (size_t)t->job->protocol->horizon * (size_t)t->cut.counted * sizeof(float));
    return TRAJ_OK;
}

static traj_eval_scene scene_of(const trial *t, int samples)
{
    const traj_recording *const recording = &t->cut.moment.recording;
    return (traj_eval_scene){
        .samples = samples,
        .frames = t->job->protocol->horizon,
        .agents = t->cut.counted,
        .rate_hz = t->job->protocol->rate_hz,
        .half_m = {recording->pitch_length_m / 2, recording->pitch_width_m / 2},
        .kind = t->cut.picked_kind,
        .past_m = t->last_m,
        .truth_m = t->truth_m,
        .forecast_m = t->picked_m};
}

/* Metrics over the whole horizon, then over its first second, two, ... */
static void measure(const trial *t, int source, const traj_eval_scene *whole)
{
    const traj_evaluation *const e = t->evaluation;
    for (int second = 0; second <= e->seconds; second++) {
        const size_t mark = traj_arena_mark(t->arena);
        const int frames = (int)lround(second * whole->rate_hz);
        const traj_eval_scene scene = second ? traj_eval_prefix(whole, frames, t->arena) : *whole;
        for (int m = 0; m < traj_metric_count(); m++) {
            const traj_metric *const metric = traj_metric_at(m);
            for (int g = 0; g < TRAJ_GROUPS; g++) {
                double *const value = traj_evaluation_metric(e, source, (traj_group)g, second, m) +
                                      t->scene;
                *value = second && !metric->prefix
                             ? (double)NAN
                             : metric->value(&scene, (traj_group)g, &t->job->limits, t->arena);
            }
        }
        traj_arena_release(t->arena, mark);
    }
}

/* Mean and variance of the samples of one agent in one frame, against the truth. */
static void spread_and_skill(const traj_eval_scene *scene, int frame, int agent, double *spread,
                             double *skill)
{
    const size_t at = (size_t)frame * (size_t)scene->agents + (size_t)agent;
    const size_t step = (size_t)scene->frames * (size_t)scene->agents;
    for (int axis = 0; axis < 2; axis++) {
        double sum = 0, square = 0;
        for (size_t k = 0; k < (size_t)scene->samples; k++)
            sum += (double)scene->forecast_m[2 * (k * step + at) + (size_t)axis];
        const double mean = sum / scene->samples;
        for (size_t k = 0; k < (size_t)scene->samples; k++) {
            const double off = (double)scene->forecast_m[2 * (k * step + at) + (size_t)axis] - mean;
            square += off * off;
        }
        const double off = mean - (double)scene->truth_m[2 * at + (size_t)axis];
        *skill += off * off;
        *spread += scene->samples > 1 ? square / (scene->samples - 1) : (double)NAN;
    }
}

static double error_of(const traj_eval_scene *scene, int sample, int frame, int agent)
{
    const size_t at = (size_t)frame * (size_t)scene->agents + (size_t)agent;
    const size_t step = (size_t)scene->frames * (size_t)scene->agents;
    const float *const x = scene->forecast_m + 2 * ((size_t)sample * step + at);
    const float *const y = scene->truth_m + 2 * at;
    return hypot((double)x[0] - (double)y[0], (double)x[1] - (double)y[1]);
}

/* The curves' values of one frame; NaN where the group has nobody. */
static void judge_frame(const traj_eval_scene *scene, traj_group group, int frame,
                        double value[TRAJ_CURVES])
{
    double least = INFINITY, all = 0, spread = 0, skill = 0;
    int members = 0;
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        members++;
        spread_and_skill(scene, frame, a, &spread, &skill);
    }
    for (int k = 0; k < scene->samples; k++) {
        double sum = 0;
        for (int a = 0; a < scene->agents; a++)
            if (traj_group_has(group, scene->kind[a])) sum += error_of(scene, k, frame, a);
        least = fmin(least, sum);
        all += sum;
    }
    const double share = members ? 1.0 / members : (double)NAN;
    value[TRAJ_CURVE_MIN] = least * share;
    value[TRAJ_CURVE_AVG] = all / scene->samples * share;
    value[TRAJ_CURVE_SPREAD] = spread * share;
    value[TRAJ_CURVE_SKILL] = skill * share;
}

static void draw_curves(const trial *t, int source, const traj_eval_scene *scene)
{
    for (int g = 0; g < TRAJ_GROUPS; g++)
        for (int f = 0; f < scene->frames; f++) {
            double value[TRAJ_CURVES];
            judge_frame(scene, (traj_group)g, f, value);
            for (int c = 0; c < TRAJ_CURVES; c++)
                traj_evaluation_curve(t->evaluation, source, (traj_group)g, (traj_curve)c,
                                      f)[t->scene] = value[c];
        }
}

/* Whole numbers of this size are exact in a float. */
static void count_quantities(const trial *t, int source, const traj_eval_scene *scene)
{
    static const traj_group groups[2] = {TRAJ_GROUP_PLAYERS, TRAJ_GROUP_BALL};
    for (int q = 0; q < traj_quantity_count(); q++)
        for (int g = 0; g < 2; g++) {
            const size_t bins = (size_t)traj_quantity_bins(q);
            float *const histogram =
                traj_scene_histogram(t->evaluation, source, g == 1, t->scene, q);
            memset(t->count, 0, bins * sizeof *t->count);
            if (source == 0)
                traj_quantity_count_truth(q, scene, groups[g], t->count);
            else
                traj_quantity_count_forecast(q, scene, groups[g], t->count);
            for (size_t b = 0; b < bins; b++) histogram[b] = (float)t->count[b];
        }
}

static traj_status judge_source(trial *t, int source, traj_error *err)
{
    int samples;
    const traj_status status = forecast(t, &t->job->source[source], &samples, err);
    if (status != TRAJ_OK) return status;
    const traj_eval_scene scene = scene_of(t, samples);
    measure(t, source, &scene);
    draw_curves(t, source, &scene);
    count_quantities(t, source, &scene);
    return TRAJ_OK;
}

traj_status traj_scene_judge(const traj_eval_job *job, traj_evaluation *evaluation, size_t scene,
                             traj_pool *alone, traj_arena *arena, traj_error *err)
{
    const size_t mark = traj_arena_mark(arena);
    trial t = {.job = job,
               .evaluation = evaluation,
               .scene = scene,
               .place = &job->place[evaluation->scene[scene].place],
               .alone = alone,
               .arena = arena};
    traj_status status = cut_scene(job, t.place, &t.cut, err);
    if (status != TRAJ_OK) return status;
    trial_take(&t, t.cut.present);
    fill_truth(&t);
    for (int s = 0; status == TRAJ_OK && s < job->sources; s++) status = judge_source(&t, s, err);
    traj_moment_free(&t.cut.moment);
    traj_arena_release(arena, mark);
    return status;
}
