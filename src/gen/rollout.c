/* See traj/gen/rollout.h. A job is a chunk of samples: a scene per sample, all on one worker's
 * arena. */
#include "traj/gen/rollout.h"
#include "rollout_state.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/data/features.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

void traj_rollout_config_init(traj_rollout_config *config)
{
    *config = (traj_rollout_config){.horizon = 50,
                                    .burn_in = 20,
                                    .samples = 20,
                                    .at = "last",
                                    .max_speed_mps = 12,
                                    .max_ball_speed_mps = 40,
                                    .steps = "20",
                                    .eta = 0,
                                    .bounds = 1,
                                    .layout = "long",
                                    .decimals = 3,
                                    .out = "rollout.csv",
                                    .seed = 1};
}

const float *traj_rollout_recorded(const rollout_plan *p, size_t frame, int agent)
{
    return p->sequence->pos_m +
           2 * (frame * p->sequence->agents + (size_t)p->forecast->slot[agent]);
}

static rollout_chunk chunk_take(const rollout_plan *p, int scenes, traj_arena *arena)
{
    const size_t agents = (size_t)p->forecast->agents, rows = (size_t)scenes * agents;
    rollout_chunk c = {.scenes = scenes};
    const traj_model_type *const type = traj_model_type_of(p->rollout->model);
    if (type->state_take) type->state_take(p->rollout->model, (int)rows, &c.state, arena);
    c.pos_m = traj_arena_reals(arena, 2 * rows);
    c.moved_m = traj_arena_reals(arena, 2 * rows);
    c.x = traj_arena_reals(arena, 2 * rows);
    c.known = traj_arena_reals(arena, TRAJ_KNOWN * rows);
    c.edge = traj_arena_reals(arena, TRAJ_EDGE_FEATURES * rows * agents);
    c.present = traj_arena_reals(arena, rows);
    c.target = traj_arena_reals(arena, rows);
    c.scene = traj_arena_take(arena, (size_t)scenes, sizeof *c.scene);
    return c;
}

static size_t chunk_bytes(const rollout_plan *p)
{
    const int agents = p->forecast->agents;
    traj_arena dry;
    traj_batch batch;
    traj_arena_init_dry(&dry);
    rollout_chunk c = chunk_take(p, TRAJ_ROLLOUT_CHUNK, &dry);
    const size_t mark = dry.used;
    if (traj_model_type_of(p->rollout->model)->sample) {
        traj_rollout_blocks(p, &c, &dry);
        return dry.peak;
    }
    traj_batch_take(&batch, TRAJ_ROLLOUT_CHUNK, agents, p->burn_in - 1, &dry);
    const size_t step = traj_model_step_bytes(p->rollout->model, TRAJ_ROLLOUT_CHUNK, agents);
    const size_t scene = traj_scene_bytes(agents, p->burn_in);
    const size_t burn_in = dry.used + (step > scene ? step : scene);
    return burn_in > mark + step ? burn_in : mark + step;
}

static traj_noise noise_of(const rollout_plan *p, traj_stream stream)
{
    return (traj_noise){p->rollout->seed, stream, p->rollout->number};
}

/* h after the observed frames, each sample with its own draws of z. */
static void burn_in(const rollout_plan *p, rollout_chunk *c, traj_arena *arena)
{
    const traj_rollout *const r = p->rollout;
    const size_t mark = traj_arena_mark(arena);
    const int rows = c->scenes * p->forecast->agents;
    const traj_window window = {.sequence = (uint32_t)r->sequence,
                                .first = r->last + 1 - (size_t)p->burn_in};
    traj_batch batch;
    traj_batch_take(&batch, c->scenes, p->forecast->agents, p->burn_in - 1, arena);
    for (int b = 0; b < c->scenes; b++)
        traj_scene_fill(&batch, b, r->recording, &window, r->norm,
                        (traj_scene_options){.number = (uint32_t)(c->first + b),
                                             .slot = p->forecast->slot,
                                             .slots = p->forecast->agents},
                        arena);
    for (int t = 0; t < batch.steps; t++) {
        const size_t row = (size_t)t * (size_t)rows;
        const traj_step step = {c->scenes,
                                p->forecast->agents,
                                batch.known + row * TRAJ_KNOWN,
                                batch.edge + row * (size_t)batch.agents * TRAJ_EDGE_FEATURES,
                                batch.present + row,
                                batch.target + row,
                                batch.scene,
                                (uint32_t)t};
        traj_model_type_of(r->model)->filter(r->model, r->params, step, batch.x + 2 * row,
                                             noise_of(p, TRAJ_STREAM_LATENT), &c->state, arena);
    }
    traj_arena_release(arena, mark);
}

/* The displacement into a frame; NaN where it is unknown or a jump. */
void traj_rollout_recorded_step(const rollout_plan *p, size_t frame, int agent, traj_real moved[2])
{
    const float *const to = traj_rollout_recorded(p, frame, agent), *const from =
                                                                        traj_rollout_recorded(
                                                                            p, frame - 1, agent);
    const double dx = (double)to[0] - (double)from[0], dy = (double)to[1] - (double)from[1];
    const bool steps = isfinite(dx + dy) &&
                       !traj_norm_jumps(p->rollout->norm, p->kind[agent], dx, dy);
    moved[0] = steps ? TRAJ_R(to[0]) - TRAJ_R(from[0]) : TRAJ_R(NAN);
    moved[1] = steps ? TRAJ_R(to[1]) - TRAJ_R(from[1]) : TRAJ_R(NAN);
}

static void start(const rollout_plan *p, rollout_chunk *c)
{
    const size_t last = p->rollout->last;
    for (int b = 0; b < c->scenes; b++) {
        c->scene[b] = (uint32_t)(c->first + b);
        for (int a = 0; a < p->forecast->agents; a++) {
            const int row = b * p->forecast->agents + a;
            for (int k = 0; k < 2; k++)
                c->pos_m[2 * row + k] = TRAJ_R(traj_rollout_recorded(p, last, a)[k]);
            traj_rollout_recorded_step(p, last, a, c->moved_m + 2 * row);
        }
    }
}

/* Whether held agent a is recorded to step in future step t (0 = the first after the last observed
 * frame). */
bool traj_rollout_held_known(const rollout_plan *p, int a, int t)
{
    const size_t frame = p->rollout->last + 1 + (size_t)t;
    traj_real moved[2] = {TRAJ_R(NAN), TRAJ_R(NAN)};
    if (frame < p->sequence->frames) traj_rollout_recorded_step(p, frame, a, moved);
    return isfinite(moved[0]);
}

void traj_rollout_inputs(const rollout_plan *p, const rollout_chunk *c, int t)
{
    const int agents = p->forecast->agents;
    for (int b = 0; b < c->scenes; b++) {
        traj_real *const present = c->present + b * agents;
        traj_real *const target = c->target + b * agents;
        for (int a = 0; a < agents; a++) {
            present[a] = isfinite(c->pos_m[2 * (b * agents + a)]) ? 1 : 0;
            target[a] = p->held[a] && !traj_rollout_held_known(p, a, t) ? 0 : 1;
        }
        traj_features_known(p->rollout->norm, agents, p->kind, present, c->pos_m + 2 * b * agents,
                            c->moved_m + 2 * b * agents, c->known + b * agents * TRAJ_KNOWN);
        traj_features_edge(p->rollout->norm, agents, p->kind, present, c->pos_m + 2 * b * agents,
                           c->moved_m + 2 * b * agents,
                           c->edge + b * agents * agents * TRAJ_EDGE_FEATURES);
    }
}

/* A held row goes where it is recorded, and is nowhere while it is not. */
static void move_held(const rollout_plan *p, const rollout_chunk *c, int row, int t)
{
    const int a = row % p->forecast->agents;
    const size_t frame = p->rollout->last + 1 + (size_t)t;
    const bool moved = c->target[row] != 0, recorded_now = frame < p->sequence->frames;
    for (int k = 0; k < 2; k++) {
        const int i = 2 * row + k;
        const traj_real next = TRAJ_R(recorded_now ? traj_rollout_recorded(p, frame, a)[k] : NAN);
        c->moved_m[i] = moved ? next - TRAJ_R(traj_rollout_recorded(p, frame - 1, a)[k])
                              : TRAJ_R(NAN);
        c->x[i] = moved ? c->moved_m[i] / TRAJ_R(p->rollout->norm->scale_m[p->kind[a]]) : 0;
        c->pos_m[i] = next;
    }
}

/* A step along axis k that would lead further out than anybody was seen ends on the edge; who is
 * out there already goes no further. */
static void stay_within(const traj_norm *norm, unsigned char kind, int k, traj_real pos_m,
                        traj_real *x, traj_real *moved_m)
{
    const double reach_m = norm->reach_m[kind == TRAJ_BALL][k], from_m = (double)pos_m;
    const double edge_m = fmax(reach_m, fabs(from_m)), to_m = from_m + (double)*moved_m;
    if (reach_m <= 0 || fabs(to_m) <= edge_m) return;
    *moved_m = TRAJ_R(copysign(edge_m, to_m) - from_m);
    *x = *moved_m / TRAJ_R(norm->scale_m[kind]);
}

/* A free row moves by what was drawn. The tails of a Gaussian know no legs: a draw beyond the speed
 * limit keeps its direction and is shortened, for the model too. */
static void move_free(const rollout_plan *p, const rollout_chunk *c, int row)
{
    const traj_rollout *const r = p->rollout;
    const unsigned char kind = p->kind[row % p->forecast->agents];
    const double limit_mps = kind == TRAJ_BALL ? r->max_ball_speed_mps : r->max_speed_mps;
    const double longest_m = limit_mps / r->norm->rate_hz;
    traj_real *const x = c->x + 2 * row, *const moved = c->moved_m + 2 * row;
    for (int k = 0; k < 2; k++) moved[k] = x[k] * TRAJ_R(r->norm->scale_m[kind]);
    const double length_m = hypot((double)moved[0], (double)moved[1]);
    const traj_real keep = TRAJ_R(longest_m > 0 && length_m > longest_m ? longest_m / length_m : 1);
    for (int k = 0; k < 2; k++) {
        x[k] *= keep;
        moved[k] *= keep;
        if (r->bounds) stay_within(r->norm, kind, k, c->pos_m[2 * row + k], &x[k], &moved[k]);
        c->pos_m[2 * row + k] += moved[k];
    }
}

void traj_rollout_move(const rollout_plan *p, const rollout_chunk *c, int t)
{
    const int agents = p->forecast->agents;
    for (int row = 0; row < c->scenes * agents; row++) {
        if (p->held[row % agents])
            move_held(p, c, row, t);
        else
            move_free(p, c, row);
    }
}

void traj_rollout_keep(const rollout_plan *p, const rollout_chunk *c, int t)
{
    const traj_forecast *const f = p->forecast;
    for (int b = 0; b < c->scenes; b++) {
        const size_t at = ((size_t)(c->first + b) * (size_t)f->horizon + (size_t)t) *
                          (size_t)f->agents * 2;
        for (int i = 0; i < 2 * f->agents; i++)
            f->pos_m[at + (size_t)i] = (float)c->pos_m[2 * b * f->agents + i];
    }
}

/* Step by step, each fed back. */
static void run_steps(const rollout_plan *p, rollout_chunk *c, traj_arena *arena)
{
    const traj_rollout *const r = p->rollout;
    burn_in(p, c, arena);
    for (int t = 0; t < r->horizon; t++) {
        traj_rollout_inputs(p, c, t);
        const traj_step step = {
            c->scenes,  p->forecast->agents, c->known, c->edge,
            c->present, c->target,           c->scene, (uint32_t)(p->burn_in - 1 + t)};
        traj_model_type_of(r->model)->draw(
            r->model, r->params, step, noise_of(p, TRAJ_STREAM_LATENT),
            noise_of(p, TRAJ_STREAM_OUTPUT), r->mean, c->x, &c->state, arena);
        traj_rollout_move(p, c, t);
        traj_rollout_keep(p, c, t);
        traj_model_type_of(r->model)->advance(r->model, r->params, step, c->x, &c->state, arena);
    }
}

static void run_chunk(void *context, int job, int worker)
{
    const rollout_plan *const p = context;
    const traj_rollout *const r = p->rollout;
    traj_arena *const arena = &p->arena[worker];
    const size_t mark = traj_arena_mark(arena);
    const int first = job * TRAJ_ROLLOUT_CHUNK, left = r->samples - first;
    rollout_chunk c = chunk_take(p, left < TRAJ_ROLLOUT_CHUNK ? left : TRAJ_ROLLOUT_CHUNK, arena);
    c.first = first;
    start(p, &c);
    if (traj_model_type_of(r->model)->sample)
        traj_rollout_blocks(p, &c, arena);
    else
        run_steps(p, &c, arena);
    traj_arena_release(arena, mark);
}

/* Who takes part, how many frames can be observed. */
static traj_status make_plan(rollout_plan *p, traj_error *err)
{
    const traj_rollout *const r = p->rollout;
    traj_forecast *const f = p->forecast;
    for (size_t a = 0; a < p->sequence->agents && f->agents < TRAJ_MAX_SCENE_AGENTS; a++) {
        if (!isfinite(p->sequence->pos_m[2 * (r->last * p->sequence->agents + a)])) continue;
        p->kind[f->agents] = (unsigned char)p->sequence->agent[a].kind;
        p->held[f->agents] = r->held ? r->held[a] : 0;
        f->slot[f->agents++] = (int)a;
    }
    p->burn_in = r->last + 1 < (size_t)r->burn_in ? (int)r->last + 1 : r->burn_in;
    if (!f->agents)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: nobody has a position in frame %lld; choose "
                         "another --at",
                         r->recording->source, (long long)p->sequence->frame_id[r->last]);
    if (p->burn_in < 2)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: frame %lld is the first of its stretch, but at "
                         "least two frames must be observed; choose a later --at",
                         r->recording->source, (long long)p->sequence->frame_id[r->last]);
    return TRAJ_OK;
}

static traj_status reserve(rollout_plan *p, traj_pool *pool, traj_error *err)
{
    traj_forecast *const f = p->forecast;
    const size_t bytes = chunk_bytes(p);
    f->pos_m = traj_alloc((size_t)f->samples * (size_t)f->horizon * (size_t)f->agents * 2,
                          sizeof *f->pos_m);
    p->arena = traj_alloc((size_t)traj_pool_threads(pool), sizeof *p->arena);
    if (!f->pos_m || !p->arena) return traj_fail_memory(err, "the rollout");
    if (p->rollout->chain) {
        const traj_status status = traj_rollout_chain_new(p, err);
        if (status != TRAJ_OK) return status;
    }
    for (int w = 0; w < traj_pool_threads(pool); w++) {
        const traj_status status = traj_arena_init(&p->arena[w], bytes, err);
        if (status != TRAJ_OK) return status;
    }
    return TRAJ_OK;
}

traj_status traj_rollout_run(const traj_rollout *rollout, traj_pool *pool, traj_forecast *forecast,
                             traj_error *err)
{
    rollout_plan p = {.rollout = rollout,
                      .sequence = &rollout->recording->sequence[rollout->sequence],
                      .forecast = forecast};
    *forecast = (traj_forecast){.samples = rollout->samples, .horizon = rollout->horizon};
    TRAJ_ASSERT(!rollout->chain || traj_model_type_of(rollout->model)->sample);
    if (rollout->chain) *rollout->chain = (traj_chain){0};
    traj_status status = make_plan(&p, err);
    if (status == TRAJ_OK) status = reserve(&p, pool, err);
    if (status == TRAJ_OK)
        traj_pool_run(pool, run_chunk, &p,
                      (rollout->samples + TRAJ_ROLLOUT_CHUNK - 1) / TRAJ_ROLLOUT_CHUNK);
    for (int w = 0; p.arena && w < traj_pool_threads(pool); w++) traj_arena_free(&p.arena[w]);
    traj_free(p.arena);
    if (status != TRAJ_OK) traj_forecast_free(forecast);
    if (status != TRAJ_OK && rollout->chain) traj_chain_free(rollout->chain);
    return status;
}

void traj_forecast_free(traj_forecast *forecast)
{
    traj_free(forecast->pos_m);
    *forecast = (traj_forecast){0};
}
