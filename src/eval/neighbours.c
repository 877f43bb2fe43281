/* What happened to those who moved alike: see traj/eval/baseline.h, docs/mathematics/baselines.md.
 *
 * A track [P+T,2] is one agent in one window. In its own frame of reference its last observed
 * position is the origin, its last step points along x, and its past lies to the left (y > 0) on
 * the whole, so that the same run to the left or to the right, up or down the pitch, is one track.
 *
 * 1. The bank holds the tracks of training windows, players and ball apart, in their own frames.
 * 2. For an agent to be forecast, the K tracks whose pasts are nearest in the sum of squared
 *    distances are found, by looking at all of them.
 * 3. Their futures, turned back into the pitch's frame, are his samples. */
#include "baseline_table.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/base/simd.h"
#include "traj/data/window.h"
#include <math.h>

enum {
    MOST = 16384, /* tracks of a bank: about 1 ms per agent to be forecast */
    BLOCK = 512   /* tracks compared at once: distances stay in the first-level cache */
};

/* Tracks in their own frames. */
typedef struct track_bank {
    size_t count, room;
    float *past;   /* owned [P-1,2,room]: tracks side by side, to be compared many at once */
    float *future; /* owned [room,T,2] */
} track_bank;

struct traj_neighbours {
    int past, frames;   /* P, T */
    track_bank bank[2]; /* players, ball */
};

/* An agent's own frame: x' = M R (x - origin). */
typedef struct own_frame {
    float origin_m[2];
    float cosine, sine; /* R turns by minus his heading */
    float mirror;       /* M: y' is multiplied by 1 or -1 */
} own_frame;

static void to_own(const own_frame *own, const float pos_m[2], float out[2])
{
    const float x = pos_m[0] - own->origin_m[0], y = pos_m[1] - own->origin_m[1];
    out[0] = own->cosine * x + own->sine * y;
    out[1] = own->mirror * (own->cosine * y - own->sine * x);
}

static void from_own(const own_frame *own, const float in[2], float pos_m[2])
{
    const float x = in[0], y = own->mirror * in[1];
    pos_m[0] = own->origin_m[0] + own->cosine * x - own->sine * y;
    pos_m[1] = own->origin_m[1] + own->sine * x + own->cosine * y;
}

/* Of a track whose observed positions are past_m [P], `stride` floats apart. Who stands, or was not
 * seen before, is not turned. */
static own_frame own_frame_of(const float *past_m, size_t stride, int past)
{
    const float *const last = past_m + (size_t)(past - 1) * stride;
    own_frame own = {{last[0], last[1]}, 1, 0, 1};
    const float dx = past > 1 ? last[0] - (last - stride)[0] : 0;
    const float dy = past > 1 ? last[1] - (last - stride)[1] : 0;
    const float step = sqrtf(dx * dx + dy * dy);
    if (step > 0) { /* false for NaN */
        own.cosine = dx / step;
        own.sine = dy / step;
    }
    float side = 0;
    for (int t = 0; t < past - 1; t++) {
        float at[2];
        to_own(&own, past_m + (size_t)t * stride, at);
        if (!isnan(at[1])) side += at[1];
    }
    own.mirror = side < 0 ? -1 : 1;
    return own;
}

/* The bank --------------------------------------------------------------------------------------
 */

/* Where an agent of a window is in its first frame; *stride: floats from frame to frame. NULL when
 * he is not of that bank or not known in each of its frames. */
static const float *whole_track(const traj_sequence *sequence, const traj_windows *windows,
                                const traj_window *window, size_t agent, int bank, size_t *stride)
{
    if ((sequence->agent[agent].kind == TRAJ_BALL) != bank) return NULL;
    *stride = 2 * sequence->agents;
    const float *const first = sequence->pos_m + window->first * *stride + 2 * agent;
    for (size_t t = 0; t < (size_t)windows->frames; t++)
        if (isnan(first[t * *stride])) return NULL;
    return first;
}

static void add_track(const traj_neighbours *neighbours, track_bank *bank, const float *track,
                      size_t stride)
{
    const size_t past = (size_t)neighbours->past, frames = (size_t)neighbours->frames;
    const own_frame own = own_frame_of(track, stride, neighbours->past);
    const size_t number = bank->count++;
    for (size_t t = 0; t + 1 < past; t++) {
        float at[2];
        to_own(&own, track + t * stride, at);
        for (size_t axis = 0; axis < 2; axis++)
            bank->past[(2 * t + axis) * bank->room + number] = at[axis];
    }
    for (size_t t = 0; t < frames; t++)
        to_own(&own, track + (past + t) * stride, bank->future + 2 * (number * frames + t));
}

/* Adds `room` of the `whole` tracks, evenly spread; room 0 counts only. Returns how many tracks
 * there are. */
static size_t add_tracks(traj_neighbours *neighbours, int number, const traj_recording *recording,
                         const traj_windows *windows, size_t whole)
{
    track_bank *const bank = &neighbours->bank[number];
    size_t seen = 0;
    for (size_t w = 0; w < windows->count; w++) {
        const traj_window *const window = &windows->item[w];
        const traj_sequence *const sequence =
            &recording[window->recording].sequence[window->sequence];
        for (size_t a = 0; a < sequence->agents; a++) {
            size_t stride;
            const float *const track = whole_track(sequence, windows, window, a, number, &stride);
            if (!track) continue;
            if (bank->room && seen * bank->room / whole == bank->count)
                add_track(neighbours, bank, track, stride);
            seen++;
        }
    }
    return seen;
}

traj_status traj_neighbours_new(traj_neighbours **neighbours, const traj_recording *recording,
                                const traj_windows *windows, int past, int frames, traj_error *err)
{
    TRAJ_ASSERT(past >= 1 && frames >= 1 && windows->frames == past + frames);
    traj_neighbours *const made = traj_alloc(1, sizeof *made);
    *neighbours = made;
    if (!made) return traj_fail_memory(err, "the bank of neighbours");
    made->past = past;
    made->frames = frames;
    for (int b = 0; b < 2; b++) {
        track_bank *const bank = &made->bank[b];
        const size_t whole = add_tracks(made, b, recording, windows, 0);
        const size_t room = whole < MOST ? whole : MOST;
        bank->past = traj_alloc(room * (size_t)(past - 1), 2 * sizeof *bank->past);
        bank->future = traj_alloc(room * (size_t)frames, 2 * sizeof *bank->future);
        if (!bank->past || !bank->future) {
            traj_neighbours_free(made);
            *neighbours = NULL;
            return traj_fail_memory(err, "the bank of neighbours");
        }
        bank->room = room;
        add_tracks(made, b, recording, windows, whole);
    }
    return TRAJ_OK;
}

void traj_neighbours_free(traj_neighbours *neighbours)
{
    if (!neighbours) return;
    for (int b = 0; b < 2; b++) {
        traj_free(neighbours->bank[b].past);
        traj_free(neighbours->bank[b].future);
    }
    traj_free(neighbours);
}

/* The search ------------------------------------------------------------------------------------
 */

typedef struct neighbour {
    float distance; /* squared, summed over frames */
    size_t track;
} neighbour;

/* The nearest so far, nearest first. */
typedef struct nearest_list {
    neighbour *item; /* view [most] */
    int count, most;
} nearest_list;

static void keep(nearest_list *nearest, neighbour candidate)
{
    if (nearest->count == nearest->most) {
        if (!(candidate.distance < nearest->item[nearest->most - 1].distance)) return;
        nearest->count--;
    }
    int at = nearest->count++;
    for (; at > 0 && candidate.distance < nearest->item[at - 1].distance; at--)
        nearest->item[at] = nearest->item[at - 1];
    nearest->item[at] = candidate;
}

/* distance [count] of tracks first .. to own [size], which may have NaN: they do not count. */
TRAJ_SIMD static void compare(const track_bank *bank, const float *own, size_t size, size_t first,
                              size_t count, float *distance)
{
    for (size_t i = 0; i < count; i++) distance[i] = 0;
    for (size_t d = 0; d < size; d++) {
        const float *const past = bank->past + d * bank->room + first, at = own[d];
        if (isnan(at)) continue;
        for (size_t i = 0; i < count; i++) distance[i] += (past[i] - at) * (past[i] - at);
    }
}

static void find_nearest(const track_bank *bank, const float *own, size_t size,
                         nearest_list *nearest)
{
    float distance[BLOCK];
    nearest->count = 0;
    for (size_t first = 0; first < bank->count; first += BLOCK) {
        const size_t left = bank->count - first, count = left < BLOCK ? left : BLOCK;
        compare(bank, own, size, first, count, distance);
        for (size_t i = 0; i < count; i++) keep(nearest, (neighbour){distance[i], first + i});
    }
}

/* own [P-1,2]: the agent's past in his frame. Returns how many of its numbers are known. */
static size_t own_past(const traj_baseline_task *task, int agent, const own_frame *frame,
                       float *own)
{
    size_t known = 0;
    for (int t = 0; t < task->past - 1; t++, own += 2) {
        to_own(frame, traj_past_at(task, t, agent), own);
        known += !isnan(own[0]);
    }
    return known;
}

static void forecast_agent(const traj_baseline_task *task, int agent, float *own,
                           nearest_list *nearest, float *forecast_m)
{
    const track_bank *const bank = &task->neighbours->bank[task->kind[agent] == TRAJ_BALL];
    const own_frame frame =
        own_frame_of(traj_past_at(task, 0, agent), 2 * (size_t)task->agents, task->past);
    const size_t known = own_past(task, agent, &frame, own);
    double step_m[2];
    traj_baseline_step(task, agent, step_m);
    if (known) find_nearest(bank, own, 2 * (size_t)(task->past - 1), nearest);
    for (int k = 0; k < task->samples; k++) {
        if (!known || !nearest->count) {
            traj_baseline_line(task, k, agent, step_m, forecast_m);
            continue;
        }
        const size_t track = nearest->item[k % nearest->count].track;
        const float *const future = bank->future + 2 * track * (size_t)task->frames;
        for (int t = 0; t < task->frames; t++)
            from_own(&frame, future + 2 * t, traj_future_at(task, forecast_m, k, t, agent));
    }
}

static traj_status forecast(const traj_baseline_task *task, float *forecast_m, traj_error *err)
{
    const traj_neighbours *const neighbours = task->neighbours;
    TRAJ_ASSERT(neighbours && neighbours->past == task->past);
    TRAJ_ASSERT(neighbours->frames == task->frames);
    float *const own = traj_alloc((size_t)task->past, 2 * sizeof *own);
    nearest_list nearest = {traj_alloc((size_t)task->samples, sizeof(neighbour)), 0, task->samples};
    const bool there = own && nearest.item;
    for (int a = 0; there && a < task->agents; a++)
        forecast_agent(task, a, own, &nearest, forecast_m);
    traj_free(own);
    traj_free(nearest.item);
    return there ? TRAJ_OK : traj_fail_memory(err, "the nearest neighbours");
}

const traj_baseline traj_baseline_nearest_neighbour = {.key = "nearest_neighbour",
                                                       .name = "nearest neighbours",
                                                       .sampled = true,
                                                       .trained = true,
                                                       .forecast = forecast};
