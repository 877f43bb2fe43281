/* Storage of recordings: sequences side by side, each owning its arrays. */
#include "traj/data/recording.h"

#include "tracks.h"

#include "traj/base/assert.h"
#include "traj/base/memory.h"

#include <math.h>
#include <string.h>

static void sequence_free(traj_sequence *sequence)
{
    traj_free(sequence->agent);
    traj_free(sequence->frame_id);
    traj_free(sequence->time_s);
    traj_free(sequence->pos_m);
    traj_free(sequence->play);
    traj_free(sequence->extrapolated);
}

void traj_recording_init(traj_recording *recording)
{
    memset(recording, 0, sizeof *recording);
    recording->frame_id_step = 1.0;
}

void traj_recording_free(traj_recording *recording)
{
    for (size_t s = 0; s < recording->sequences; s++) sequence_free(&recording->sequence[s]);
    traj_free(recording->sequence);
    traj_recording_init(recording);
}

/* The list holds as many as the next power of two, so its capacity needs no field of its own. */
static int list_grow(traj_recording *recording)
{
    size_t count = recording->sequences;
    if (count > 0 && (count & (count - 1)) != 0) return 0;
    traj_sequence *list = traj_alloc(count == 0 ? 1 : 2 * count, sizeof *list);
    if (list == NULL) return -1;
    if (count > 0) memcpy(list, recording->sequence, count * sizeof *list);
    traj_free(recording->sequence);
    recording->sequence = list;
    return 0;
}

static int sequence_alloc(traj_sequence *sequence, size_t frames, size_t agents)
{
    memset(sequence, 0, sizeof *sequence);
    sequence->direction.share = NAN;
    if (agents > 0 && frames > SIZE_MAX / 2 / agents) return -1;
    size_t numbers = frames * agents * 2;
    sequence->frames = frames;
    sequence->agents = agents;
    sequence->agent = traj_alloc(agents, sizeof *sequence->agent);
    sequence->frame_id = traj_alloc(frames, sizeof *sequence->frame_id);
    sequence->time_s = traj_alloc(frames, sizeof *sequence->time_s);
    sequence->pos_m = traj_alloc(numbers, sizeof *sequence->pos_m);
    if (sequence->agent == NULL || sequence->frame_id == NULL || sequence->time_s == NULL ||
        sequence->pos_m == NULL) {
        sequence_free(sequence);
        return -1;
    }
    for (size_t i = 0; i < numbers; i++) sequence->pos_m[i] = NAN;
    return 0;
}

traj_status traj_recording_add(traj_recording *recording, size_t frames, size_t agents,
                               traj_sequence **sequence, traj_error *err)
{
    traj_sequence fresh;
    if (list_grow(recording) != 0 || sequence_alloc(&fresh, frames, agents) != 0)
        return traj_fail_memory(err, "a sequence of positions");
    recording->sequence[recording->sequences] = fresh;
    *sequence = &recording->sequence[recording->sequences++];
    return TRAJ_OK;
}

traj_status traj_sequence_add_play(traj_sequence *sequence, traj_error *err)
{
    if (sequence->play == NULL) sequence->play = traj_alloc(sequence->frames, sizeof(traj_play));
    if (sequence->play == NULL) return traj_fail_memory(err, "the states of the ball");
    return TRAJ_OK;
}

traj_status traj_sequence_add_extrapolated(traj_sequence *sequence, traj_error *err)
{
    if (sequence->extrapolated == NULL)
        sequence->extrapolated = traj_alloc(sequence->frames, sequence->agents);
    if (sequence->extrapolated == NULL)
        return traj_fail_memory(err, "the marks of positions that were not seen");
    return TRAJ_OK;
}

/* Keeps frames [begin, end) in place; the arrays are not made smaller. */
static void sequence_slice(traj_sequence *sequence, size_t begin, size_t end)
{
    const size_t frames = end - begin, agents = sequence->agents, row = 2 * agents;
    memmove(sequence->frame_id, sequence->frame_id + begin, frames * sizeof *sequence->frame_id);
    memmove(sequence->time_s, sequence->time_s + begin, frames * sizeof *sequence->time_s);
    memmove(sequence->pos_m, sequence->pos_m + begin * row, frames * row * sizeof(float));
    if (sequence->play != NULL)
        memmove(sequence->play, sequence->play + begin, frames * sizeof *sequence->play);
    if (sequence->extrapolated != NULL)
        memmove(sequence->extrapolated, sequence->extrapolated + begin * agents, frames * agents);
    sequence->frames = frames;
}

void traj_recording_keep_frames(traj_recording *recording, int64_t first, int64_t last)
{
    size_t kept = 0;
    for (size_t s = 0; s < recording->sequences; s++) {
        traj_sequence *sequence = &recording->sequence[s];
        size_t begin = 0, end = sequence->frames;
        while (begin < end && sequence->frame_id[begin] < first) begin++;
        while (end > begin && sequence->frame_id[end - 1] > last) end--;
        if (begin == end || sequence->agents == 0) {
            sequence_free(sequence);
            continue;
        }
        if (begin > 0 || end < sequence->frames) sequence_slice(sequence, begin, end);
        recording->sequence[kept++] = *sequence;
    }
    /* list_grow trusts the capacity implied by the count, and a larger one does it no harm. */
    recording->sequences = kept;
}

traj_status traj_recording_add_like(traj_recording *recording, const traj_sequence *from,
                                    size_t frames, traj_sequence **sequence, traj_error *err)
{
    traj_status status = traj_recording_add(recording, frames, from->agents, sequence, err);
    if (status != TRAJ_OK) return status;
    traj_sequence *const to = *sequence;
    memcpy(to->name, from->name, sizeof to->name);
    to->period_id = from->period_id;
    to->direction = from->direction;
    memcpy(to->agent, from->agent, from->agents * sizeof *to->agent);
    if (from->play != NULL) status = traj_sequence_add_play(to, err);
    if (status == TRAJ_OK && from->extrapolated != NULL)
        status = traj_sequence_add_extrapolated(to, err);
    return status;
}

void traj_sequence_copy(traj_sequence *to, size_t at, const traj_sequence *from, size_t begin,
                        size_t frames)
{
    const size_t row = 2 * from->agents;
    TRAJ_ASSERT(to->agents == from->agents);
    TRAJ_ASSERT(at + frames <= to->frames && begin + frames <= from->frames);
    memcpy(to->frame_id + at, from->frame_id + begin, frames * sizeof *to->frame_id);
    memcpy(to->time_s + at, from->time_s + begin, frames * sizeof *to->time_s);
    memcpy(to->pos_m + at * row, from->pos_m + begin * row, frames * row * sizeof *to->pos_m);
    if (to->play != NULL && from->play != NULL)
        memcpy(to->play + at, from->play + begin, frames * sizeof *to->play);
    if (to->extrapolated != NULL && from->extrapolated != NULL)
        memcpy(to->extrapolated + at * to->agents, from->extrapolated + begin * to->agents,
               frames * to->agents);
}

traj_status traj_recording_copy(const traj_recording *recording, traj_recording *copy,
                                traj_error *err)
{
    *copy = *recording;
    copy->sequence = NULL;
    copy->sequences = 0;
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *const from = &recording->sequence[s];
        traj_sequence *to;
        const traj_status status = traj_recording_add_like(copy, from, from->frames, &to, err);
        if (status != TRAJ_OK) {
            traj_recording_free(copy);
            return status;
        }
        traj_sequence_copy(to, 0, from, 0, from->frames);
    }
    return TRAJ_OK;
}

const char *traj_team_name(const traj_recording *recording, const traj_agent *agent)
{
    static const char *const names[] = {"home", "away", "ball"};
    return recording->crowd && agent->team == TRAJ_TEAM_HOME ? TRAJ_CROWD_TEAM : names[agent->team];
}

void traj_sequence_turn(traj_sequence *sequence)
{
    size_t numbers = sequence->frames * sequence->agents * 2;
    for (size_t i = 0; i < numbers; i++) sequence->pos_m[i] = -sequence->pos_m[i];
}
