/* Storage of recordings: sequences side by side, each owning its arrays, or sharing a packed file
 * in which they lie. */
#include "traj/data/recording.h"

#include "sequence_arrays.h"
#include "tracks.h"

#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/map.h"

#include <math.h>
#include <string.h>

/* What each array of a sequence holds, and for whom. */
#define ROW(MEMBER, FRAMES, AGENTS, COUNT, OPTIONAL)                                               \
    {                                                                                              \
        offsetof(traj_sequence, MEMBER), (COUNT) * sizeof *((traj_sequence *)0)->MEMBER, FRAMES,   \
            AGENTS, OPTIONAL                                                                       \
    }
static const struct {
    size_t offset;       /* of the pointer */
    size_t item;         /* bytes */
    bool frames, agents; /* whether there is one for each */
    bool optional;       /* the pointer may be NULL */
} arrays[TRAJ_SEQUENCE_ARRAYS] = {
    ROW(agent, false, true, 1, false),  ROW(frame_id, true, false, 1, false),
    ROW(time_s, true, false, 1, false), ROW(pos_m, true, true, 2, false),
    ROW(play, true, false, 1, true),    ROW(extrapolated, true, true, 1, true),
};
#undef ROW

/* Bytes of one row of array a: of a frame, or of all where it has none. */
static size_t row_size(const traj_sequence *sequence, int a)
{
    return arrays[a].item * (arrays[a].agents ? sequence->agents : 1);
}

size_t traj_sequence_array_size(const traj_sequence *sequence, int a)
{
    return row_size(sequence, a) * (arrays[a].frames ? sequence->frames : 1);
}

/* Pointers of any type are read and written by their bytes. */
void *traj_sequence_array_get(const traj_sequence *sequence, int a)
{
    void *array;
    memcpy(&array, (const char *)sequence + arrays[a].offset, sizeof array);
    return array;
}

void traj_sequence_array_set(traj_sequence *sequence, int a, void *array)
{
    memcpy((char *)sequence + arrays[a].offset, &array, sizeof array);
}

static bool is_view(const traj_sequence *sequence, const char *array)
{
    const traj_map *const map = sequence->packed;
    return map != NULL && array >= map->bytes && array < map->bytes + map->size;
}

static void sequence_free(traj_sequence *sequence)
{
    for (int a = 0; a < TRAJ_SEQUENCE_ARRAYS; a++) {
        void *const array = traj_sequence_array_get(sequence, a);
        if (!is_view(sequence, array)) traj_free(array);
    }
    traj_map_close(sequence->packed);
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

traj_status traj_recording_push(traj_recording *recording, const traj_sequence *sequence,
                                traj_error *err)
{
    if (list_grow(recording) != 0) return traj_fail_memory(err, "the list of sequences");
    recording->sequence[recording->sequences++] = *sequence;
    return TRAJ_OK;
}

/* The arrays that are not optional, as far as they are not there. */
static traj_status add_arrays(traj_sequence *sequence, traj_error *err)
{
    const size_t frames = sequence->frames, agents = sequence->agents;
    bool failed = agents > 0 && frames > SIZE_MAX / (2 * sizeof(float)) / agents;
    for (int a = 0; a < TRAJ_SEQUENCE_ARRAYS && !failed; a++) {
        if (arrays[a].optional || traj_sequence_array_get(sequence, a) != NULL) continue;
        void *const array = traj_alloc(traj_sequence_array_size(sequence, a), 1);
        traj_sequence_array_set(sequence, a, array);
        failed = array == NULL;
    }
    return failed ? traj_fail_memory(err, "a sequence of positions") : TRAJ_OK;
}

traj_status traj_recording_add_filled(traj_recording *recording, size_t frames, size_t agents,
                                      float *pos_m, uint8_t *extrapolated, traj_sequence **sequence,
                                      traj_error *err)
{
    traj_sequence fresh = {.frames = frames,
                           .agents = agents,
                           .pos_m = pos_m,
                           .extrapolated = extrapolated,
                           .direction.share = NAN};
    traj_status status = add_arrays(&fresh, err);
    if (status == TRAJ_OK) status = traj_recording_push(recording, &fresh, err);
    if (status != TRAJ_OK) {
        if (pos_m != NULL) fresh.pos_m = NULL;
        fresh.extrapolated = NULL;
        sequence_free(&fresh);
        return status;
    }
    *sequence = &recording->sequence[recording->sequences - 1];
    return TRAJ_OK;
}

traj_status traj_recording_add(traj_recording *recording, size_t frames, size_t agents,
                               traj_sequence **sequence, traj_error *err)
{
    const traj_status status =
        traj_recording_add_filled(recording, frames, agents, NULL, NULL, sequence, err);
    const size_t numbers = status == TRAJ_OK ? frames * agents * 2 : 0;
    for (size_t i = 0; i < numbers; i++) (*sequence)->pos_m[i] = NAN;
    return status;
}

size_t traj_sequence_until(const traj_sequence *sequence, int64_t last)
{
    size_t low = 0, high = sequence->frames;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sequence->frame_id[middle] <= last)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
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
    for (int a = 0; a < TRAJ_SEQUENCE_ARRAYS; a++) {
        char *const array = traj_sequence_array_get(sequence, a);
        const size_t row = row_size(sequence, a);
        if (arrays[a].frames && array != NULL)
            memmove(array, array + begin * row, (end - begin) * row);
    }
    sequence->frames = end - begin;
}

void traj_recording_keep_frames(traj_recording *recording, int64_t first, int64_t last)
{
    size_t kept = 0;
    for (size_t s = 0; s < recording->sequences; s++) {
        traj_sequence *sequence = &recording->sequence[s];
        const size_t begin = first == INT64_MIN ? 0 : traj_sequence_until(sequence, first - 1);
        const size_t end = traj_sequence_until(sequence, last);
        if (begin >= end || sequence->agents == 0) {
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
    TRAJ_ASSERT(to->agents == from->agents);
    TRAJ_ASSERT(at + frames <= to->frames && begin + frames <= from->frames);
    for (int a = 0; a < TRAJ_SEQUENCE_ARRAYS; a++) {
        char *const dst = traj_sequence_array_get(to, a);
        const char *const src = traj_sequence_array_get(from, a);
        const size_t row = row_size(from, a);
        if (arrays[a].frames && dst != NULL && src != NULL)
            memcpy(dst + at * row, src + begin * row, frames * row);
    }
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
