/* See traj/data/clean.h. */
#include "traj/data/clean.h"

#include "jumps.h"
#include "traj/base/memory.h"
#include "traj/base/simd.h"
#include "traj/data/savgol.h"

#include <math.h>

/* What a jump that stays costs. A stay elsewhere, between two of them, is believed when it lasts a
 * second: a substitute, a ball put down, a clock that was stopped. A little less than half of one,
 * so that of a jump and as many positions the jump stays. */
#define PATIENCE_S 0.4995

/* Clocks are rounded: this share of a frame is no time. */
#define SNAP 1e-3

enum { ORDER = 2, NARROWEST = ORDER + 3 };

bool traj_clean_is_asked(const traj_clean_options *options)
{
    return options->max_jump_mps > 0 || options->max_ball_jump_mps > 0 || options->max_gap_s > 0 ||
           options->smooth_s > 0;
}

void traj_clean_add(traj_clean_counts *sum, const traj_clean_counts *more)
{
    sum->positions += more->positions;
    sum->removed += more->removed;
    sum->gaps += more->gaps;
    sum->filled += more->filled;
    sum->frames += more->frames;
    sum->smoothed += more->smoothed;
}

double traj_clean_reach_s(const traj_clean_options *options)
{
    const bool jumps = options->max_jump_mps > 0 || options->max_ball_jump_mps > 0;
    return options->max_gap_s + options->smooth_s + (jumps ? 2 : 0);
}

static float *position(const traj_sequence *sequence, size_t agent, size_t frame)
{
    return sequence->pos_m + 2 * (frame * sequence->agents + agent);
}

static bool is_known(const traj_sequence *sequence, size_t agent, size_t frame)
{
    return !isnan(position(sequence, agent, frame)[0]);
}

/* One recording's cleaning. */
typedef struct cleaning {
    const traj_clean_options *options; /* view */
    double rate_hz, frame_id_step;
    const traj_savgol *filter; /* view; NULL = none */
    traj_clean_counts *counts; /* view */
} cleaning;

/* 0 = all stay. */
static double fastest_mps(const cleaning *c, const traj_agent *agent)
{
    return agent->team == TRAJ_TEAM_BALL ? c->options->max_ball_jump_mps : c->options->max_jump_mps;
}

/* ---- 1. jumps ---- */

static traj_status remove_jumps(const cleaning *c, traj_sequence *sequence, traj_error *err)
{
    if (!(c->options->max_jump_mps > 0) && !(c->options->max_ball_jump_mps > 0)) return TRAJ_OK;
    traj_jump_piece *const piece = traj_alloc(sequence->frames, sizeof *piece);
    if (!piece) return traj_fail_memory(err, "the pieces of a track");
    for (size_t a = 0; a < sequence->agents; a++) {
        const double max_mps = fastest_mps(c, &sequence->agent[a]);
        if (max_mps > 0)
            c->counts->removed +=
                traj_jumps_remove(sequence, a, max_mps, PATIENCE_S * c->rate_hz, piece);
    }
    traj_free(piece);
    return TRAJ_OK;
}

/* ---- 2. gaps ---- */

/* How many frames are missing right before this one, where the gap is short enough and ids and
 * clock agree on them; else 0. Ids are rounded where frames were resampled. */
static size_t frames_missing(const cleaning *c, const traj_sequence *sequence, size_t frame)
{
    const double steps = (sequence->time_s[frame] - sequence->time_s[frame - 1]) * c->rate_hz;
    const double ids = (double)(sequence->frame_id[frame] - sequence->frame_id[frame - 1]);
    const double missing = floor(steps + 0.5) - 1;
    if (missing < 1 || missing > c->options->max_gap_s * c->rate_hz + SNAP) return 0;
    const double rounding = c->frame_id_step == floor(c->frame_id_step) ? 0.0 : 1.0 + SNAP;
    const double off = fabs(ids - (missing + 1) * c->frame_id_step);
    return off < fmax(0.5 * c->frame_id_step, rounding) ? (size_t)missing : 0;
}

/* Frames at.. of `to` = those missing before `frame` of `from`. */
static void add_frames(const traj_sequence *from, size_t frame, size_t missing, traj_sequence *to,
                       size_t at)
{
    const double share = 1.0 / (double)(missing + 1);
    const double step_s = (from->time_s[frame] - from->time_s[frame - 1]) * share;
    const double step = (double)(from->frame_id[frame] - from->frame_id[frame - 1]) * share;
    for (size_t k = 0; k < missing; k++) {
        to->time_s[at + k] = from->time_s[frame - 1] + (double)(k + 1) * step_s;
        to->frame_id[at + k] = from->frame_id[frame - 1] + llround((double)(k + 1) * step);
        if (to->play) to->play[at + k] = from->play[frame - 1];
    }
}

/* Puts the frames of short gaps back, nobody seen in them. */
static traj_status restore_frames(const cleaning *c, traj_sequence *sequence, traj_error *err)
{
    size_t missing = 0, done = 0;
    for (size_t t = 1; t < sequence->frames; t++) missing += frames_missing(c, sequence, t);
    if (!missing) return TRAJ_OK;
    traj_recording whole;
    traj_sequence *to;
    traj_recording_init(&whole);
    const traj_status status =
        traj_recording_add_like(&whole, sequence, sequence->frames + missing, &to, err);
    if (status != TRAJ_OK) {
        traj_recording_free(&whole);
        return status;
    }
    for (size_t t = 0; t < sequence->frames; t++) {
        const size_t before = t ? frames_missing(c, sequence, t) : 0;
        if (before) add_frames(sequence, t, before, to, t + done);
        done += before;
        traj_sequence_copy(to, t + done, sequence, t, 1);
    }
    const traj_sequence broken = *sequence;
    *sequence = *to;
    *to = broken;
    traj_recording_free(&whole);
    c->counts->frames += missing;
    return TRAJ_OK;
}

/* Whether he takes part in both frames; recordings made by hand do not say. */
static bool takes_part(const traj_sequence *sequence, size_t agent, size_t before, size_t behind)
{
    const traj_agent *const who = &sequence->agent[agent];
    return who->first_frame == who->last_frame || (sequence->frame_id[before] >= who->first_frame &&
                                                   sequence->frame_id[behind] <= who->last_frame);
}

/* Between two known positions of an agent, nobody known in between. */
static void fill_gap(const cleaning *c, traj_sequence *sequence, size_t agent, size_t before,
                     size_t behind)
{
    const double *const time_s = sequence->time_s;
    const double span_s = time_s[behind] - time_s[before];
    const double max_mps = fastest_mps(c, &sequence->agent[agent]);
    if (span_s * c->rate_hz - 1 > c->options->max_gap_s * c->rate_hz + SNAP) return;
    if (!takes_part(sequence, agent, before, behind)) return; /* he warms up, or walks off */
    if (max_mps > 0 && !traj_within_reach(sequence, agent, before, behind, max_mps)) return;
    const float *const a = position(sequence, agent, before);
    const float *const b = position(sequence, agent, behind);
    for (size_t t = before + 1; t < behind; t++) {
        const double w = (time_s[t] - time_s[before]) / span_s;
        float *const to = position(sequence, agent, t);
        for (int k = 0; k < 2; k++)
            to[k] = (float)((double)a[k] + w * ((double)b[k] - (double)a[k]));
        if (sequence->extrapolated) sequence->extrapolated[t * sequence->agents + agent] = 1;
    }
    c->counts->gaps++;
    c->counts->filled += behind - before - 1;
}

static void fill_gaps(const cleaning *c, traj_sequence *sequence, size_t agent)
{
    size_t known = sequence->frames; /* the last known frame; frames = none yet */
    for (size_t t = 0; t < sequence->frames; t++) {
        if (!is_known(sequence, agent, t)) continue;
        if (t > known + 1) fill_gap(c, sequence, agent, known, t);
        known = t;
    }
}

static traj_status close_gaps(const cleaning *c, traj_sequence *sequence, traj_error *err)
{
    if (!(c->options->max_gap_s > 0)) return TRAJ_OK;
    const traj_status status = restore_frames(c, sequence, err);
    for (size_t a = 0; status == TRAJ_OK && a < sequence->agents; a++) fill_gaps(c, sequence, a);
    return status;
}

/* ---- 3. smoothing ---- */

/* Frames [begin, end) of a track; z [2,frames]: scratch. */
static void smooth_stretch(const cleaning *c, traj_sequence *sequence, size_t agent, size_t begin,
                           size_t end, double *z)
{
    const size_t frames = end - begin;
    double *const smooth = z + sequence->frames;
    if (frames < NARROWEST) return;
    for (int k = 0; k < 2; k++) {
        for (size_t t = 0; t < frames; t++) z[t] = (double)position(sequence, agent, begin + t)[k];
        traj_savgol_run(c->filter, z, frames, smooth);
        for (size_t t = 0; t < frames; t++)
            position(sequence, agent, begin + t)[k] = (float)smooth[t];
    }
    c->counts->smoothed += frames;
}

/* Whether a track goes on from the frame before this one to this one. */
static bool goes_on(const cleaning *c, const traj_sequence *sequence, size_t agent, size_t frame)
{
    const double step_s = sequence->time_s[frame] - sequence->time_s[frame - 1];
    return step_s * c->rate_hz <= 1.5 && is_known(sequence, agent, frame - 1) &&
           is_known(sequence, agent, frame);
}

static traj_status smooth(const cleaning *c, traj_sequence *sequence, traj_error *err)
{
    if (!c->filter) return TRAJ_OK;
    double *const z = traj_alloc(2 * sequence->frames, sizeof *z);
    if (!z) return traj_fail_memory(err, "a smoothed track");
    for (size_t a = 0; a < sequence->agents; a++) {
        size_t begin = 0;
        for (size_t t = 1; t <= sequence->frames; t++) {
            if (t < sequence->frames && goes_on(c, sequence, a, t)) continue;
            smooth_stretch(c, sequence, a, begin, t, z);
            begin = t;
        }
    }
    traj_free(z);
    return TRAJ_OK;
}

/* ---- all of it ---- */

/* With the odd number of frames nearest to the width asked for. */
static traj_status start_filter(double smooth_s, double rate_hz, traj_savgol *filter,
                                traj_error *err)
{
    const double half = floor(smooth_s * rate_hz / 2 + SNAP);
    if (half < NARROWEST / 2 || 2 * half + 1 > TRAJ_SAVGOL_WINDOW)
        return traj_fail(err, TRAJ_E_USAGE,
                         "--smooth %g: at %g frames a second these are %.0f frames, and the "
                         "smoother takes %d to %d; ask for %.3g to %.3g s",
                         smooth_s, rate_hz, 2 * half + 1, NARROWEST, TRAJ_SAVGOL_WINDOW,
                         NARROWEST / rate_hz, TRAJ_SAVGOL_WINDOW / rate_hz);
    traj_savgol_init(filter, 2 * (int)half + 1, ORDER);
    return TRAJ_OK;
}

TRAJ_SIMD static size_t count_known(const traj_sequence *sequence)
{
    size_t count = 0;
    for (size_t t = 0; t < sequence->frames; t++) {
        const float *const pos = sequence->pos_m + 2 * t * sequence->agents;
        uint32_t here = 0; /* side by side with positions, as both have four bytes */
        for (size_t a = 0; a < sequence->agents; a++) here += pos[2 * a] == pos[2 * a];
        count += here;
    }
    return count;
}

traj_status traj_recording_clean(traj_recording *recording, const traj_clean_options *options,
                                 traj_clean_counts *counts, traj_error *err)
{
    traj_savgol filter;
    cleaning c = {options, traj_rate_hz(recording->rate), recording->frame_id_step, NULL, counts};
    traj_status status = TRAJ_OK;
    if (options->smooth_s > 0) {
        status = start_filter(options->smooth_s, traj_rate_hz(recording->rate), &filter, err);
        if (status != TRAJ_OK) return status;
        c.filter = &filter;
        if (recording->quantum_m > 0) recording->quantum_m = 1e-3;
    }
    for (size_t s = 0; s < recording->sequences && status == TRAJ_OK; s++) {
        traj_sequence *const sequence = &recording->sequence[s];
        counts->positions += count_known(sequence);
        status = remove_jumps(&c, sequence, err);
        if (status == TRAJ_OK) status = close_gaps(&c, sequence, err);
        if (status == TRAJ_OK) status = smooth(&c, sequence, err);
    }
    return status;
}
