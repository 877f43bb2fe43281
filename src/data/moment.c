/* See traj/data/moment.h. */
#include "traj/data/moment.h"
#include <math.h>
#include <string.h>

/* Frames [begin, end) of a sequence as a recording of their own. */
static traj_status copy_frames(const traj_recording *raw, const traj_sequence *from, size_t begin,
                               size_t end, traj_recording *out, traj_error *err)
{
    traj_sequence *to;
    traj_recording_init(out);
    *out = *raw;
    out->sequence = NULL;
    out->sequences = 0;
    const traj_status status = traj_recording_add_like(out, from, end - begin, &to, err);
    if (status == TRAJ_OK) traj_sequence_copy(to, 0, from, begin, end - begin);
    return status;
}

/* A stretch of a sequence on its way to the wanted rate. */
typedef struct stretch {
    size_t begin, end; /* frames [begin, end) */
    int64_t last_id;   /* the grid ends on this frame; INT64_MIN: it starts on the first */
    traj_clean_options clean;
} stretch;

static traj_status resample_frames(const traj_recording *raw, const traj_sequence *from,
                                   const stretch *wanted, double rate_hz, traj_moment *moment,
                                   traj_recording *out, traj_error *err)
{
    traj_recording piece;
    traj_recording_init(out);
    traj_status status = copy_frames(raw, from, wanted->begin, wanted->end, &piece, err);
    if (status == TRAJ_OK)
        status = traj_recording_clean(&piece, &wanted->clean, &moment->clean, err);
    if (status == TRAJ_OK)
        status = traj_recording_resample(&piece, rate_hz, wanted->last_id, out, err);
    traj_recording_free(&piece);
    return status;
}

/* Frames up to the moment, with as many more before them as cleaning looks back. */
static stretch past_of(const traj_recording *raw, const traj_sequence *from, size_t frame,
                       const traj_moment_plan *plan)
{
    const double seconds = (plan->past + 1) / plan->rate_hz + traj_clean_reach_s(&plan->clean);
    const size_t before = (size_t)ceil(seconds * traj_rate_hz(raw->rate));
    return (stretch){.begin = frame > before ? frame - before : 0,
                     .end = frame + 1,
                     .last_id = from->frame_id[frame],
                     .clean = plan->clean};
}

static stretch future_of(const traj_recording *raw, const traj_sequence *from, size_t frame,
                         const traj_moment_plan *plan)
{
    const size_t after = (size_t)ceil((plan->future + 1) * traj_rate_hz(raw->rate) / plan->rate_hz);
    return (stretch){.begin = frame,
                     .end = from->frames - frame > after ? frame + after + 1 : from->frames,
                     .last_id = INT64_MIN,
                     .clean = {.max_jump_mps = plan->clean.max_jump_mps,
                               .max_ball_jump_mps = plan->clean.max_ball_jump_mps}};
}

/* The last `past` frames of a, then at most `future` frames of b behind its first, which is the
 * same moment. */
static traj_status join(const traj_sequence *a, const traj_sequence *b, int past, int future,
                        traj_moment *moment, traj_error *err)
{
    const size_t before = a->frames < (size_t)past ? a->frames : (size_t)past;
    size_t after = b ? b->frames - 1 : 0;
    if (after > (size_t)future) after = (size_t)future;
    traj_sequence *to;
    const traj_status status =
        traj_recording_add_like(&moment->recording, a, before + after, &to, err);
    if (status != TRAJ_OK) return status;
    traj_sequence_copy(to, 0, a, a->frames - before, before);
    if (after) traj_sequence_copy(to, before, b, 1, after);
    moment->last = before - 1;
    return TRAJ_OK;
}

traj_status traj_moment_cut(const traj_recording *raw, size_t sequence, size_t frame,
                            const traj_moment_plan *plan, traj_moment *moment, traj_error *err)
{
    const traj_sequence *const from = &raw->sequence[sequence];
    const stretch past = past_of(raw, from, frame, plan);
    const stretch future = future_of(raw, from, frame, plan);
    traj_recording old, next;
    traj_recording_init(&next);
    *moment = (traj_moment){.last = 0};
    traj_recording_init(&moment->recording);
    traj_status status = resample_frames(raw, from, &past, plan->rate_hz, moment, &old, err);
    if (status == TRAJ_OK)
        status = resample_frames(raw, from, &future, plan->rate_hz, moment, &next, err);
    if (status != TRAJ_OK) goto done;
    const traj_sequence *const a = old.sequences ? &old.sequence[old.sequences - 1] : NULL;
    if (!a || a->frame_id[a->frames - 1] != from->frame_id[frame]) {
        status =
            traj_fail(err, TRAJ_E_DATA,
                      "%s: nothing is recorded right before frame %lld, so there is nothing to "
                      "observe; choose a later --at",
                      raw->source, (long long)from->frame_id[frame]);
        goto done;
    }
    moment->recording = old;
    moment->recording.sequence = NULL;
    moment->recording.sequences = 0;
    const bool goes_on = next.sequences && next.sequence[0].frame_id[0] == from->frame_id[frame];
    status = join(a, goes_on ? &next.sequence[0] : NULL, plan->past, plan->future, moment, err);
done:
    traj_recording_free(&old);
    traj_recording_free(&next);
    if (status != TRAJ_OK) traj_moment_free(moment);
    return status;
}

void traj_moment_free(traj_moment *moment)
{
    traj_recording_free(&moment->recording);
    moment->last = 0;
}
