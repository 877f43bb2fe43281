/* Cutting recordings into windows: see traj/data/window.h. */
#include "traj/data/window.h"
#include "traj/base/memory.h"
#include <math.h>
#include <string.h>

static const float *frame_pos(const traj_sequence *sequence, size_t frame, size_t agent)
{
    return sequence->pos_m + 2 * (frame * sequence->agents + agent);
}

int traj_window_agents(const traj_sequence *sequence, size_t first, int frames, int *slot)
{
    int count = 0;
    for (size_t a = 0; a < sequence->agents; a++)
        for (size_t t = first; t < first + (size_t)frames; t++)
            if (isfinite(frame_pos(sequence, t, a)[0])) {
                if (count < TRAJ_MAX_SCENE_AGENTS) slot[count] = (int)a;
                count++;
                break;
            }
    return count;
}

/* Whether some agent is there in two frames in a row: otherwise nothing could be learnt from it. */
static int has_steps(const traj_sequence *sequence, size_t first, int frames, const int *slot,
                     int agents)
{
    for (int k = 0; k < agents; k++)
        for (size_t t = first + 1; t < first + (size_t)frames; t++)
            if (isfinite(frame_pos(sequence, t, (size_t)slot[k])[0]) &&
                isfinite(frame_pos(sequence, t - 1, (size_t)slot[k])[0]))
                return 1;
    return 0;
}

static traj_status append(traj_windows *windows, size_t *capacity, const traj_recording *recording,
                          traj_window window, traj_error *err)
{
    int slot[TRAJ_MAX_SCENE_AGENTS];
    const traj_sequence *const sequence = &recording->sequence[window.sequence];
    int agents;
    /* Where people come and go, there are more of them the longer one looks. */
    while ((agents = traj_window_agents(sequence, window.first, windows->frames + (int)window.slack,
                                        slot)) > TRAJ_MAX_SCENE_AGENTS &&
           window.slack > 0)
        window.slack /= 2;
    if (agents > TRAJ_MAX_SCENE_AGENTS)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: sequence %s has %d agents within %d frames; at most %d are "
                         "supported: use shorter windows (--burn-in, --horizon), or leave some "
                         "agents out",
                         recording->source, sequence->name, agents, windows->frames,
                         TRAJ_MAX_SCENE_AGENTS);
    if (!has_steps(sequence, window.first, windows->frames, slot, agents)) return TRAJ_OK;
    const size_t slack = window.slack;
    for (window.slack = 0; window.slack < slack; window.slack++)
        if (!has_steps(sequence, window.first + window.slack + 1, windows->frames, slot, agents))
            break;
    if (traj_grow(&windows->item, capacity, windows->count + 1, sizeof *windows->item))
        return traj_fail_memory(err, "the list of windows");
    window.agents = agents;
    windows->item[windows->count++] = window;
    if (agents > windows->agents) windows->agents = agents;
    return TRAJ_OK;
}

/* Windows of one sequence inside its frames [from, to). */
static traj_status cut_sequence(traj_windows *windows, size_t *capacity,
                                const traj_recording *recording, uint32_t number, uint32_t sequence,
                                size_t from, size_t to, size_t stride, traj_error *err)
{
    const size_t frames = (size_t)windows->frames;
    for (size_t first = from; first + frames <= to; first += stride) {
        const size_t room = to - frames - first;
        const traj_window window = {.recording = number,
                                    .sequence = sequence,
                                    .first = first,
                                    .slack = room < stride ? room : stride - 1};
        const traj_status status = append(windows, capacity, recording, window, err);
        if (status != TRAJ_OK) return status;
    }
    return TRAJ_OK;
}

static size_t total_frames(const traj_recording *recording)
{
    size_t total = 0;
    for (size_t s = 0; s < recording->sequences; s++) total += recording->sequence[s].frames;
    return total;
}

/* Frames of the match before `from` or from `to` on, clipped to a sequence that starts at frame
 * `start` of the match. */
static size_t clip(size_t bound, size_t start, size_t frames)
{
    return bound <= start ? 0 : bound - start < frames ? bound - start : frames;
}

static traj_status cut_recording(traj_windows *windows, size_t *capacity,
                                 const traj_recording *recording, uint32_t number, double from,
                                 double to, int gap, size_t stride, traj_error *err)
{
    const double total = (double)total_frames(recording);
    const size_t first = (size_t)llround(total * from), end = (size_t)llround(total * to);
    const size_t last = end > (size_t)gap ? end - (size_t)gap : 0;
    size_t start = 0;
    for (uint32_t s = 0; s < recording->sequences; s++) {
        const size_t frames = recording->sequence[s].frames;
        const traj_status status = cut_sequence(windows, capacity, recording, number, s,
                                                clip(first, start, frames),
                                                clip(last, start, frames), stride, err);
        if (status != TRAJ_OK) return status;
        start += frames;
    }
    return TRAJ_OK;
}

traj_status traj_windows_cut(const traj_recording *recording, size_t recordings, int frames,
                             int stride, double from, double to, int gap, traj_windows *windows,
                             traj_error *err)
{
    *windows = (traj_windows){.frames = frames};
    size_t capacity = 0;
    for (size_t r = 0; r < recordings; r++) {
        const traj_status status = cut_recording(windows, &capacity, &recording[r], (uint32_t)r,
                                                 from, to, gap, (size_t)stride, err);
        if (status != TRAJ_OK) {
            traj_windows_free(windows);
            return status;
        }
    }
    return TRAJ_OK;
}

void traj_windows_free(traj_windows *windows)
{
    traj_free(windows->item);
    *windows = (traj_windows){0};
}
