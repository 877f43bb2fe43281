/* A window becomes one scene of a batch: see traj/data/window.h. */
#include "traj/base/assert.h"
#include "traj/data/features.h"
#include "traj/data/window.h"
#include <math.h>
#include <string.h>

/* One scene in metres before it is normalised. A slots, W frames. */
typedef struct raw_scene {
    int agents, frames;
    traj_real *pos_m;    /* [W,A,2], NaN where absent */
    traj_real *place_m;  /* [W,A,2]: where they are said to be; pos_m but for the drift */
    traj_real *moved;    /* [A,2] */
    unsigned char *kind; /* [A] */
} raw_scene;

static raw_scene raw_take(int agents, int frames, traj_arena *arena)
{
    raw_scene raw = {.agents = agents, .frames = frames};
    raw.pos_m = traj_arena_reals(arena, (size_t)frames * (size_t)agents * 2);
    raw.place_m = traj_arena_reals(arena, (size_t)frames * (size_t)agents * 2);
    raw.moved = traj_arena_reals(arena, (size_t)agents * 2);
    raw.kind = traj_arena_take(arena, (size_t)agents, 1);
    return raw;
}

size_t traj_scene_bytes(int agents, int frames)
{
    traj_arena dry;
    traj_arena_init_dry(&dry);
    raw_take(agents, frames, &dry);
    return dry.peak;
}

static unsigned char mirrored(traj_kind kind)
{
    static const unsigned char other[TRAJ_KINDS] = {
        [TRAJ_HOME] = TRAJ_AWAY,       [TRAJ_AWAY] = TRAJ_HOME, [TRAJ_HOME_GK] = TRAJ_AWAY_GK,
        [TRAJ_AWAY_GK] = TRAJ_HOME_GK, [TRAJ_BALL] = TRAJ_BALL,
    };
    return other[kind];
}

/* Uniform noise of one quantum around each recorded position: a density of rounded numbers would
 * grow without bound. */
static void dequantise(const raw_scene *raw, const traj_noise *noise, double quantum_m,
                       uint32_t number)
{
    for (int t = 0; t < raw->frames; t++)
        for (int a = 0; a < raw->agents; a++) {
            traj_real u[2];
            traj_real *const pos = raw->pos_m + 2 * (t * raw->agents + a);
            traj_noise_uniform(noise, number, (uint32_t)t, (uint32_t)a, u, 2);
            for (int k = 0; k < 2; k++) pos[k] += TRAJ_R(quantum_m) * (u[k] - TRAJ_R(0.5));
        }
}

/* teams: whether they change sides when x is mirrored. */
/* place_m: what others and oneself take for the position. A rollout ends up where no recording was;
 * a random walk of the places, with displacements as they are, shows such scenes in training. */
static void wander(const raw_scene *raw, traj_scene_options options)
{
    const int row = 2 * raw->agents;
    memcpy(raw->place_m, raw->pos_m, (size_t)(raw->frames * row) * sizeof *raw->place_m);
    if (!options.drift) return;
    for (int a = 0; a < raw->agents; a++) {
        traj_real off[2] = {0, 0}, step[2];
        for (int t = 0; t < raw->frames; t++) {
            traj_noise_normal(options.drift, options.number, (uint32_t)t, (uint32_t)a, step, 2);
            for (int k = 0; k < 2; k++) {
                off[k] += TRAJ_R(options.drift_m) * step[k];
                raw->place_m[t * row + 2 * a + k] += off[k];
            }
        }
    }
}

static void raw_fill(const raw_scene *raw, const traj_sequence *sequence, size_t first, bool teams,
                     traj_scene_options options)
{
    int all[TRAJ_MAX_SCENE_AGENTS];
    const int *const slot = options.slot ? options.slot : all;
    const int present = options.slot ? options.slots
                                     : traj_window_agents(sequence, first, raw->frames, all);
    TRAJ_ASSERT(present <= raw->agents);
    for (int a = 0; a < raw->agents; a++) {
        const traj_kind kind = a < present ? sequence->agent[slot[a]].kind : TRAJ_HOME;
        raw->kind[a] = options.flip_x && teams ? mirrored(kind) : (unsigned char)kind;
        for (int t = 0; t < raw->frames; t++) {
            traj_real *const pos = raw->pos_m + 2 * (t * raw->agents + a);
            pos[0] = pos[1] = TRAJ_R(NAN);
            if (a >= present) continue;
            const float *const from =
                sequence->pos_m + 2 * ((first + (size_t)t) * sequence->agents + (size_t)slot[a]);
            pos[0] = TRAJ_R(options.flip_x ? -from[0] : from[0]);
            pos[1] = TRAJ_R(options.flip_y ? -from[1] : from[1]);
        }
    }
}

/* Whether agent a goes from one frame to the next by a step: not absent, no jump. */
static bool steps(const raw_scene *raw, const traj_norm *norm, int t, int a)
{
    const traj_real *const from = raw->pos_m + 2 * (t * raw->agents + a), *const to =
                                                                              from +
                                                                              2 * raw->agents;
    const double dx = (double)to[0] - (double)from[0], dy = (double)to[1] - (double)from[1];
    return isfinite(dx + dy) && !traj_norm_jumps(norm, raw->kind[a], dx, dy);
}

/* Step t: from frame t to frame t+1 of the scene into row block b. */
static void fill_step(traj_batch *batch, int b, const raw_scene *raw, const traj_norm *norm, int t,
                      bool edges)
{
    const int agents = raw->agents;
    const size_t row = ((size_t)t * (size_t)batch->scenes + (size_t)b) * (size_t)agents;
    const traj_real *const now = raw->pos_m + 2 * t * agents, *const next = now + 2 * agents;
    const traj_real *const place = raw->place_m + 2 * t * agents;
    traj_real *const present = batch->present + row, *const target = batch->target + row;
    for (int a = 0; a < agents; a++) {
        const bool step = steps(raw, norm, t, a), known = t > 0 && steps(raw, norm, t - 1, a);
        present[a] = isfinite(now[2 * a]) ? 1 : 0;
        target[a] = step ? 1 : 0;
        for (int k = 0; k < 2; k++) {
            batch->x[2 * (row + (size_t)a) + (size_t)k] =
                step ? (next[2 * a + k] - now[2 * a + k]) / TRAJ_R(norm->scale_m[raw->kind[a]]) : 0;
            raw->moved[2 * a + k] = known ? now[2 * a + k] - (now - 2 * agents)[2 * a + k]
                                          : TRAJ_R(NAN);
        }
    }
    traj_features_known(norm, agents, raw->kind, present, place, raw->moved,
                        batch->known + row * TRAJ_KNOWN);
    if (!edges) return;
    traj_features_edge(norm, agents, raw->kind, present, place, raw->moved,
                       batch->edge + row * (size_t)agents * TRAJ_EDGE_FEATURES);
}

void traj_scene_fill(traj_batch *batch, int b, const traj_recording *recording,
                     const traj_window *window, const traj_norm *norm, traj_scene_options options,
                     traj_arena *scratch)
{
    const size_t mark = traj_arena_mark(scratch);
    const raw_scene raw = raw_take(batch->agents, batch->steps + 1, scratch);
    const traj_recording *const from = &recording[window->recording];
    const traj_sequence *const sequence = &from->sequence[window->sequence];
    TRAJ_ASSERT(options.shift <= window->slack);
    raw_fill(&raw, sequence, window->first + options.shift, !from->crowd, options);
    if (options.dequant && norm->quantum_m > 0)
        dequantise(&raw, options.dequant, norm->quantum_m, options.number);
    wander(&raw, options);
    for (int a = 0; a < raw.agents; a++)
        batch->log_scale[b * raw.agents + a] = TRAJ_R(2 * log(norm->scale_m[raw.kind[a]]));
    batch->scene[b] = options.number;
    for (int t = 0; t < batch->steps; t++)
        fill_step(batch, b, &raw, norm, t, !options.edges_of || options.edges_of == t + 1);
    traj_arena_release(scratch, mark);
}
