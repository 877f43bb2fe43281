/* A whole horizon at once: see rollout_state.h. The last frames of every sample are kept as the
 * past of the next horizon. */
#include "rollout_state.h"
#include "traj/data/features.h"
#include <math.h>
#include <string.h>

typedef struct block {
    const rollout_plan *plan;
    rollout_chunk *chunk;
    int ahead;          /* H */
    traj_real *past_m;  /* [burn_in,R,2]: positions of the last frames, the oldest first */
    traj_real *moved_m; /* [A,2] scratch */
    traj_batch batch;   /* burn_in steps: the last is the frame that the horizon starts from */
    traj_real *x, *given, *known_x; /* [H,R,2], [H,R], [H,R,2] */
} block;

static int rows_of(const block *b)
{
    return b->chunk->scenes * b->plan->forecast->agents;
}

static const traj_real *past_frame(const block *b, int t)
{
    return b->past_m + 2 * (size_t)t * (size_t)rows_of(b);
}

static void begin(const block *b)
{
    const rollout_plan *const p = b->plan;
    const size_t first = p->rollout->last + 1 - (size_t)p->burn_in;
    const int agents = p->forecast->agents, rows = rows_of(b);
    for (int t = 0; t < p->burn_in; t++)
        for (int r = 0; r < rows; r++)
            for (int k = 0; k < 2; k++)
                b->past_m[2 * (t * rows + r) + k] =
                    TRAJ_R(traj_rollout_recorded(p, first + (size_t)t, r % agents)[k]);
}

/* The displacement of row r from past frame t - 1 to t; NaN where there is none. */
static void past_step(const block *b, int t, int r, traj_real moved[2])
{
    const rollout_plan *const p = b->plan;
    moved[0] = moved[1] = TRAJ_R(NAN);
    if (t < 1 || t >= p->burn_in) return;
    const traj_real *const to = past_frame(b, t) + 2 * r, *const from = past_frame(b, t - 1) +
                                                                        2 * r;
    const double dx = (double)to[0] - (double)from[0], dy = (double)to[1] - (double)from[1];
    if (!isfinite(dx + dy)) return;
    if (traj_norm_jumps(p->rollout->norm, p->kind[r % p->forecast->agents], dx, dy)) return;
    moved[0] = to[0] - from[0];
    moved[1] = to[1] - from[1];
}

/* Step t of the batch, scene s. */
static void fill_step(const block *b, int t, int s)
{
    const rollout_plan *const p = b->plan;
    const int agents = p->forecast->agents, rows = rows_of(b), first = s * agents;
    const traj_batch *const batch = &b->batch;
    const size_t row = (size_t)(t * rows + first);
    const traj_real *const pos = past_frame(b, t) + 2 * first;
    for (int a = 0; a < agents; a++) {
        traj_real next[2];
        past_step(b, t + 1, first + a, next);
        past_step(b, t, first + a, b->moved_m + 2 * a);
        const bool steps = isfinite(next[0]);
        const traj_real scale = TRAJ_R(p->rollout->norm->scale_m[p->kind[a]]);
        batch->present[row + (size_t)a] = isfinite(pos[2 * a]) ? 1 : 0;
        batch->target[row + (size_t)a] = steps ? 1 : 0;
        for (int k = 0; k < 2; k++)
            batch->x[2 * (row + (size_t)a) + (size_t)k] = steps ? next[k] / scale : 0;
    }
    traj_features_known(p->rollout->norm, agents, p->kind, batch->present + row, pos, b->moved_m,
                        batch->known + row * TRAJ_KNOWN);
    traj_features_edge(p->rollout->norm, agents, p->kind, batch->present + row, pos, b->moved_m,
                       batch->edge + row * (size_t)agents * TRAJ_EDGE_FEATURES);
}

static void fill_past(const block *b)
{
    for (int s = 0; s < b->chunk->scenes; s++) {
        b->batch.scene[s] = (uint32_t)(b->chunk->first + s);
        for (int t = 0; t < b->plan->burn_in; t++) fill_step(b, t, s);
    }
}

/* What is known of held agents in the horizon that begins at future step `from`. */
static bool fill_given(const block *b, int from)
{
    const rollout_plan *const p = b->plan;
    const int agents = p->forecast->agents, rows = rows_of(b);
    bool any = false;
    for (int t = 0; t < b->ahead; t++)
        for (int r = 0; r < rows; r++) {
            const int a = r % agents, at = t * rows + r;
            traj_real moved[2] = {0, 0};
            const bool given = p->held[a] && traj_rollout_held_known(p, a, from + t);
            if (given)
                traj_rollout_recorded_step(p, p->rollout->last + 1 + (size_t)(from + t), a, moved);
            any = any || given;
            b->given[at] = given ? 1 : 0;
            for (int k = 0; k < 2; k++)
                b->known_x[2 * at + k] = moved[k] / TRAJ_R(p->rollout->norm->scale_m[p->kind[a]]);
        }
    return any;
}

static void generate(const block *b, int from, traj_arena *arena)
{
    const traj_rollout *const r = b->plan->rollout;
    const traj_noise noise = {r->seed, TRAJ_STREAM_DIFFUSION,
                              r->number + UINT32_C(0x9e3779b9) * (uint32_t)from};
    const bool given = arena->memory && fill_given(b, from);
    const bool watched = arena->memory && r->chain && b->chunk->first == 0 && from == 0;
    const rollout_plan *plan = b->plan;
    const traj_sampling sampling = {.batch = &b->batch,
                                    .observed = b->plan->burn_in - 1,
                                    .given = given ? b->given : NULL,
                                    .x = b->known_x,
                                    .steps = r->steps,
                                    .list = r->step_list,
                                    .eta = r->mean ? 0 : r->eta,
                                    .mean = r->mean != 0,
                                    .noise = noise,
                                    .watch = watched ? traj_rollout_watch : NULL,
                                    .context = &plan};
    traj_model_type_of(r->model)->sample(r->model, r->params, &sampling, b->x, arena);
    if (watched) traj_rollout_chain_end(plan, b->x, rows_of(b));
}

/* Positions move on by step t of the horizon that begins at `from`, and are remembered. */
static void advance(const block *b, int from, int t)
{
    const rollout_plan *const p = b->plan;
    rollout_chunk *const c = b->chunk;
    const int agents = p->forecast->agents, rows = rows_of(b);
    const size_t frame = 2 * (size_t)rows;
    memcpy(c->x, b->x + (size_t)t * frame, frame * sizeof *c->x);
    for (int r = 0; r < rows; r++) {
        const int a = r % agents;
        c->target[r] = p->held[a] && !traj_rollout_held_known(p, a, from + t) ? 0 : 1;
    }
    traj_rollout_move(p, c, from + t);
    traj_rollout_keep(p, c, from + t);
    memmove(b->past_m, b->past_m + frame, (size_t)(p->burn_in - 1) * frame * sizeof *b->past_m);
    memcpy(b->past_m + (size_t)(p->burn_in - 1) * frame, c->pos_m, frame * sizeof *b->past_m);
}

void traj_rollout_blocks(const rollout_plan *p, rollout_chunk *c, traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const int agents = p->forecast->agents, horizon = p->rollout->horizon;
    const size_t rows = (size_t)c->scenes * (size_t)agents;
    block b = {.plan = p, .chunk = c, .ahead = traj_model_config_of(p->rollout->model)->horizon};
    const size_t ahead = (size_t)b.ahead;
    b.past_m = traj_arena_reals(arena, (size_t)p->burn_in * rows * 2);
    b.moved_m = traj_arena_reals(arena, (size_t)agents * 2);
    b.x = traj_arena_reals(arena, ahead * rows * 2);
    b.given = traj_arena_reals(arena, ahead * rows);
    b.known_x = traj_arena_reals(arena, ahead * rows * 2);
    traj_batch_take(&b.batch, c->scenes, agents, p->burn_in, arena);
    if (arena->memory) begin(&b);
    for (int from = 0; from < (arena->memory ? horizon : 1); from += b.ahead) {
        if (arena->memory) fill_past(&b);
        generate(&b, from, arena);
        for (int t = 0; arena->memory && t < b.ahead && from + t < horizon; t++)
            advance(&b, from, t);
    }
    traj_arena_release(arena, mark);
}
