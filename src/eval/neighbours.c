/* What happened to those who moved alike: see traj/eval/baseline.h, docs/mathematics/baselines.md.
 *
 * A track [P+T,2] is one agent in one window. How he moved is described by his mean steps
 *
 *   u_i = (x_{P-b_{i-1}} - x_{P-b_i}) / (b_i - b_{i-1}),   b = 0, 1, 2, 4, 8, ...
 *
 * between the last observed frame P and those b_i before it, turned so that the last step u_1
 * points along x, and mirrored so that the u_i lie to the left on the whole: the same run to the
 * left or to the right, up or down the pitch, is one track.
 *
 * 1. The bank holds the tracks of training windows, players and ball apart, so turned.
 * 2. For an agent to be forecast, the K tracks of least sum of |u_i - u_i'|^2 are found, by looking
 *    at all of them.
 * 3. Their futures, turned back and put where he is, are his samples. */
#include "baseline_table.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/base/simd.h"
#include "traj/data/window.h"
#include <math.h>

enum {
    MOST = 32768,  /* tracks of a bank */
    BLOCK = 512,   /* tracks compared at once: their distances stay in the first-level cache */
    MOST_STEPS = 8 /* mean steps: up to 128 frames back */
};

/* Tracks, turned. */
typedef struct track_bank {
    size_t count, room;
    float *step;   /* owned [steps,2,room]: tracks side by side, to be compared many at once */
    float *future; /* owned [room,T,2]: from the last observed position */
} track_bank;

struct traj_neighbours {
    int past, frames, steps; /* P, T, and how many mean steps P frames have */
    track_bank bank[2];      /* players, ball */
};

/* How an agent moved, turned. */
typedef struct turned_motion {
    float step[MOST_STEPS][2]; /* NaN where unknown */
    float cosine, sine;        /* of his heading */
    float mirror;              /* 1 or -1 */
} turned_motion;

static int steps_of(int past)
{
    int steps = 0;
    while (steps < MOST_STEPS && 1 << steps < past) steps++;
    return steps;
}

static void turn(const turned_motion *motion, const float in[2], float out[2])
{
    out[0] = motion->cosine * in[0] + motion->sine * in[1];
    out[1] = motion->mirror * (motion->cosine * in[1] - motion->sine * in[0]);
}

static void turn_back(const turned_motion *motion, const float in[2], float out[2])
{
    const float y = motion->mirror * in[1];
    out[0] = motion->cosine * in[0] - motion->sine * y;
    out[1] = motion->sine * in[0] + motion->cosine * y;
}

/* Of whom is at *last in the last observed frame, `stride` floats a frame. Who stands, or was not
 * there in the frame before, is not turned. */
static void motion_find(turned_motion *motion, const float *last, size_t stride, int steps)
{
    *motion = (turned_motion){.cosine = 1, .mirror = 1};
    for (size_t i = 0, from = 0; i < (size_t)steps; i++) {
        const size_t to = (size_t)1 << i;
        for (size_t axis = 0; axis < 2; axis++)
            motion->step[i][axis] = ((last - from * stride)[axis] - (last - to * stride)[axis]) /
                                    (float)(to - from);
        from = to;
    }
    const float dx = motion->step[0][0], dy = motion->step[0][1], length = sqrtf(dx * dx + dy * dy);
    if (steps > 0 && length > 0) { /* false for NaN */
        motion->cosine = dx / length;
        motion->sine = dy / length;
    }
    float side = 0;
    for (int i = 0; i < steps; i++) {
        const float step[2] = {motion->step[i][0], motion->step[i][1]};
        turn(motion, step, motion->step[i]);
        if (!isnan(step[0])) side += motion->step[i][1];
    }
    if (side >= 0) return;
    motion->mirror = -1;
    for (int i = 0; i < steps; i++) motion->step[i][1] *= -1;
}

/* The bank ---------------------------------------- */

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
    const size_t frames = (size_t)neighbours->frames, number = bank->count++;
    const float *const last = track + (size_t)(neighbours->past - 1) * stride;
    turned_motion motion;
    motion_find(&motion, last, stride, neighbours->steps);
    for (size_t i = 0; i < (size_t)neighbours->steps; i++)
        for (size_t axis = 0; axis < 2; axis++)
            bank->step[(2 * i + axis) * bank->room + number] = motion.step[i][axis];
    for (size_t t = 0; t < frames; t++) {
        const float *const pos_m = last + (t + 1) * stride;
        const float moved[2] = {pos_m[0] - last[0], pos_m[1] - last[1]};
        turn(&motion, moved, bank->future + 2 * (number * frames + t));
    }
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
    made->steps = steps_of(past);
    for (int b = 0; b < 2; b++) {
        track_bank *const bank = &made->bank[b];
        const size_t whole = add_tracks(made, b, recording, windows, 0);
        const size_t room = whole < MOST ? whole : MOST;
        bank->step = traj_alloc(room * (size_t)made->steps, 2 * sizeof *bank->step);
        bank->future = traj_alloc(room * (size_t)frames, 2 * sizeof *bank->future);
        if (!bank->step || !bank->future) {
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
        traj_free(neighbours->bank[b].step);
        traj_free(neighbours->bank[b].future);
    }
    traj_free(neighbours);
}

/* The search ---------------------------------------- */

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

/* distance [count] of tracks first .. to a motion, whose unknown steps do not count. */
TRAJ_SIMD static void compare(const track_bank *bank, const turned_motion *motion, int steps,
                              size_t first, size_t count, float *distance)
{
    for (size_t i = 0; i < count; i++) distance[i] = 0;
    for (size_t d = 0; d < 2 * (size_t)steps; d++) {
        const float *const step = bank->step + d * bank->room + first;
        const float own = motion->step[d / 2][d % 2];
        if (isnan(own)) continue;
        for (size_t i = 0; i < count; i++) distance[i] += (step[i] - own) * (step[i] - own);
    }
}

static void find_nearest(const track_bank *bank, const turned_motion *motion, int steps,
                         nearest_list *nearest)
{
    float distance[BLOCK];
    nearest->count = 0;
    for (size_t first = 0; first < bank->count; first += BLOCK) {
        const size_t left = bank->count - first, count = left < BLOCK ? left : BLOCK;
        compare(bank, motion, steps, first, count, distance);
        for (size_t i = 0; i < count; i++) keep(nearest, (neighbour){distance[i], first + i});
    }
}

/* nearest: work memory. */
static void forecast_agent(const traj_baseline_task *task, int agent, nearest_list *nearest,
                           float *forecast_m)
{
    const track_bank *const bank = &task->neighbours->bank[task->kind[agent] == TRAJ_BALL];
    const int steps = task->neighbours->steps;
    const float *const last = traj_past_at(task, task->past - 1, agent);
    turned_motion motion;
    motion_find(&motion, last, 2 * (size_t)task->agents, steps);
    find_nearest(bank, &motion, steps, nearest);
    for (int k = 0; k < task->samples; k++) {
        const size_t track = nearest->item[k % nearest->count].track;
        const float *const future = bank->future + 2 * track * (size_t)task->frames;
        for (int t = 0; t < task->frames; t++) {
            float *const pos_m = traj_future_at(task, forecast_m, k, t, agent);
            turn_back(&motion, future + 2 * t, pos_m);
            for (int axis = 0; axis < 2; axis++) pos_m[axis] += last[axis];
        }
    }
}

/* Who has no tracks of his kind in the bank. */
static void forecast_line(const traj_baseline_task *task, int agent, float *forecast_m)
{
    double step_m[2];
    traj_baseline_step(task, agent, step_m);
    for (int k = 0; k < task->samples; k++) traj_baseline_line(task, k, agent, step_m, forecast_m);
}

static traj_status forecast(const traj_baseline_task *task, float *forecast_m, traj_error *err)
{
    const traj_neighbours *const neighbours = task->neighbours;
    TRAJ_ASSERT(neighbours && neighbours->past == task->past);
    TRAJ_ASSERT(neighbours->frames == task->frames);
    nearest_list nearest = {traj_alloc((size_t)task->samples, sizeof(neighbour)), 0, task->samples};
    if (!nearest.item) return traj_fail_memory(err, "the nearest neighbours");
    for (int a = 0; a < task->agents; a++) {
        if (neighbours->bank[task->kind[a] == TRAJ_BALL].count)
            forecast_agent(task, a, &nearest, forecast_m);
        else
            forecast_line(task, a, forecast_m);
    }
    traj_free(nearest.item);
    return TRAJ_OK;
}

const traj_baseline traj_baseline_nearest_neighbour = {.key = "nearest_neighbour",
                                                       .name = "nearest neighbours",
                                                       .sampled = true,
                                                       .trained = true,
                                                       .forecast = forecast};
