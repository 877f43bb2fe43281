/* Uniform stretches at the wanted rate.
 *
 *   1. frames after last_frame_id are forgotten before anything is looked at
 *   2. what is left is cut wherever a frame is missing
 *   3. each stretch gets a grid of times, from its first frame on, or backwards from its last
 *      frame where that is the last one that may be seen
 *   4. each grid time is interpolated between the two frames around it, both inside the stretch
 *
 * No low-pass comes before a lower rate: one that keeps its time looks ahead, one that does not
 * lags behind, and players move too slowly to be mistaken at 10 Hz (docs/mathematics/clean.md). */
#include "traj/data/recording.h"

#include "traj/base/assert.h"

#include <math.h>
#include <string.h>

/* A grid time this close to a frame (as a share of the step between frames) is that frame: rounding
 * in the clock must not make a position depend on a neighbour, which may be missing. */
#define SNAP 1e-3

/* Rates closer than this are one, written with fewer digits. */
#define SAME 1e-9

typedef struct stretch {
    const traj_sequence *from;
    size_t begin, end; /* frames [begin, end) */
    bool ends_on_last; /* the grid is laid backwards from frame end - 1 */
} stretch;

/* By the clock; or by ids alone, but ids of frames that were resampled are rounded, and may be one
 * frame ahead. */
static bool is_gap(const traj_recording *in, const traj_sequence *sequence, size_t frame)
{
    double ids = (double)(sequence->frame_id[frame] - sequence->frame_id[frame - 1]);
    double seconds = sequence->time_s[frame] - sequence->time_s[frame - 1];
    return ids > 2.5 * in->frame_id_step || seconds * traj_rate_hz(in->rate) > 1.5;
}

static traj_status add_same_rate(const stretch *piece, traj_recording *out, traj_error *err)
{
    size_t frames = piece->end - piece->begin;
    traj_sequence *to;
    traj_status status = traj_recording_add_like(out, piece->from, frames, &to, err);
    if (status == TRAJ_OK) traj_sequence_copy(to, 0, piece->from, piece->begin, frames);
    return status;
}

/* Frame `at` of `to` = frame `left` of `from`, a share w of the way to the next frame. */
static void interpolate(const traj_sequence *from, size_t left, double w, traj_sequence *to,
                        size_t at)
{
    size_t row = 2 * from->agents, right = w > 0.0 ? left + 1 : left;
    const float *a = from->pos_m + left * row, *b = from->pos_m + right * row;
    float *out = to->pos_m + at * row;
    for (size_t i = 0; i < row; i++) out[i] = (float)(a[i] + w * ((double)b[i] - a[i]));
    double step = (double)(from->frame_id[right] - from->frame_id[left]);
    /* Halves go up, also those that the clock's rounding brought just below. */
    to->frame_id[at] = from->frame_id[left] + (int64_t)floor(w * step + 0.5 + SNAP);
    if (to->play != NULL) to->play[at] = from->play[left];
    for (size_t i = 0; to->extrapolated != NULL && i < to->agents; i++)
        to->extrapolated[at * to->agents + i] = !isnan(out[2 * i]) &&
                                                (from->extrapolated[left * to->agents + i] ||
                                                 from->extrapolated[right * to->agents + i]);
}

static traj_status add_new_rate(const stretch *piece, traj_recording *out, traj_error *err)
{
    const traj_sequence *from = piece->from;
    double first_s = from->time_s[piece->begin], last_s = from->time_s[piece->end - 1];
    size_t frames = (size_t)floor((last_s - first_s) * traj_rate_hz(out->rate) + SNAP) + 1;
    if (frames < 2) return TRAJ_OK;
    if (piece->ends_on_last) first_s = last_s - traj_rate_time(out->rate, (double)(frames - 1));
    traj_sequence *to;
    traj_status status = traj_recording_add_like(out, from, frames, &to, err);
    if (status != TRAJ_OK) return status;
    size_t left = piece->begin;
    for (size_t k = 0; k < frames; k++) {
        double time_s = first_s + traj_rate_time(out->rate, (double)k);
        if (piece->ends_on_last)
            time_s = last_s - traj_rate_time(out->rate, (double)(frames - 1 - k));
        while (left + 2 < piece->end && from->time_s[left + 1] <= time_s) left++;
        double step_s = from->time_s[left + 1] - from->time_s[left];
        double w = (time_s - from->time_s[left]) / step_s;
        size_t base = left;
        if (w > 1.0 - SNAP) base++;
        if (w < SNAP || w > 1.0 - SNAP) w = 0.0;
        to->time_s[k] = time_s;
        interpolate(from, base, w, to, k);
    }
    return TRAJ_OK;
}

/* The frames of a sequence that may be looked at, cut at gaps. */
static traj_status add_sequence(const traj_recording *in, const traj_sequence *sequence,
                                int64_t last_frame_id, traj_recording *out, traj_error *err)
{
    const bool limited = last_frame_id != INT64_MIN;
    const size_t frames = limited ? traj_sequence_until(sequence, last_frame_id) : sequence->frames;
    bool reaches_last =
        limited && frames > 0 &&
        (frames < sequence->frames || sequence->frame_id[frames - 1] == last_frame_id);
    traj_status status = TRAJ_OK;
    size_t begin = 0;
    for (size_t f = 1; f <= frames && status == TRAJ_OK; f++) {
        if (f < frames && !is_gap(in, sequence, f)) continue;
        stretch piece = {sequence, begin, f, reaches_last && f == frames};
        begin = f;
        if (piece.end - piece.begin < 2) continue;
        bool same = traj_rate_same(out->rate, in->rate);
        status = same ? add_same_rate(&piece, out, err) : add_new_rate(&piece, out, err);
    }
    return status;
}

traj_status traj_recording_resample(const traj_recording *in, double rate_hz, int64_t last_frame_id,
                                    traj_recording *out, traj_error *err)
{
    const double in_hz = traj_rate_hz(in->rate);
    TRAJ_ASSERT(in != out && in_hz > 0.0 && rate_hz >= 0.0);
    traj_recording_init(out);
    *out = *in;
    out->sequence = NULL;
    out->sequences = 0;
    if (rate_hz > 0.0 && fabs(rate_hz - in_hz) > SAME * in_hz) out->rate = traj_rate_of(rate_hz);
    for (size_t s = 0; s < in->sequences; s++) {
        traj_status status = add_sequence(in, &in->sequence[s], last_frame_id, out, err);
        if (status != TRAJ_OK) {
            traj_recording_free(out);
            return status;
        }
    }
    return TRAJ_OK;
}

void traj_recording_renumber(traj_recording *recording, double ids_per_frame)
{
    for (size_t s = 0; s < recording->sequences; s++) {
        traj_sequence *const sequence = &recording->sequence[s];
        const int64_t first = llround((double)sequence->frame_id[0] / ids_per_frame);
        for (size_t f = 0; f < sequence->frames; f++) sequence->frame_id[f] = first + (int64_t)f;
        for (size_t a = 0; a < sequence->agents; a++) {
            traj_agent *const agent = &sequence->agent[a];
            agent->first_frame = llround((double)agent->first_frame / ids_per_frame);
            agent->last_frame = llround((double)agent->last_frame / ids_per_frame);
        }
    }
    recording->frame_id_step = 1.0;
}
