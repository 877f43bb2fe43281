/* NumPy's array (sequences, frames, agents, 2), and beside it who and what its indices stand for.
 *
 * Frames that are missing, and those behind the end of shorter sequences, are NaN. Agents stand as
 * array.c expects them: home, away, the ball last. */
#include "writers.h"

#include "traj/base/memory.h"
#include "traj/io/json.h"
#include "traj/io/npy.h"

#include <math.h>

/* Two gigabytes of numbers. */
#define MOST_POSITIONS ((double)(1 << 28))

static const unsigned groups[] = {1 << TRAJ_TEAM_HOME, 1 << TRAJ_TEAM_AWAY, 1 << TRAJ_TEAM_BALL, 0};

/* An index counts frames evenly: the one of frame f, where f - 1 has the one before `least`. */
static double index_of(const traj_recording *recording, const traj_sequence *sequence, size_t f,
                       double least)
{
    const double seconds = sequence->time_s[f] - sequence->time_s[0];
    return fmax(round(seconds * traj_rate_hz(recording->rate)), least);
}

/* Frames of the sequence, the missing ones among them. */
static double count_frames(const traj_recording *recording, const traj_sequence *sequence)
{
    double frames = 0.0;
    for (size_t f = 0; f < sequence->frames; f++)
        frames = index_of(recording, sequence, f, frames) + 1.0;
    return frames;
}

static double longest(const traj_recording *recording)
{
    double frames = 0.0;
    for (size_t s = 0; s < recording->sequences; s++)
        frames = fmax(frames, count_frames(recording, &recording->sequence[s]));
    return frames;
}

/* f: of the sequence; its `frames`: nobody is seen. */
static void write_frame(const traj_sequence *sequence, size_t f, const traj_cast *cast,
                        FILE *stream)
{
    for (size_t c = 0; c < cast->count; c++)
        for (int axis = 0; axis < 2; axis++)
            traj_npy_write_number(stream, f < sequence->frames
                                              ? traj_cast_position(cast, sequence, f, c)[axis]
                                              : NAN);
}

static void write_sequence(const traj_recording *recording, const traj_sequence *sequence,
                           size_t frames, traj_cast *cast, FILE *stream)
{
    size_t next = 0; /* index */
    traj_cast_find(cast, sequence);
    for (size_t f = 0; f < sequence->frames; f++) {
        const size_t index = (size_t)index_of(recording, sequence, f, (double)next);
        for (; next < index; next++) write_frame(sequence, sequence->frames, cast, stream);
        write_frame(sequence, f, cast, stream);
        next++;
    }
    for (; next < frames; next++) write_frame(sequence, sequence->frames, cast, stream);
}

static traj_status check_size(const traj_recording *recording, double frames, traj_error *err)
{
    double positions = 0.0;
    for (size_t s = 0; s < recording->sequences; s++)
        positions += frames * (double)recording->sequence[s].agents;
    if (positions < MOST_POSITIONS) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: an array of all its frames, those that are missing included, would hold "
                     "%.0f positions; cut it with --frames A:B, or write another format: --to long",
                     recording->source, positions);
}

traj_status traj_array_write(const traj_recording *recording, FILE *stream, traj_error *err)
{
    traj_cast cast;
    const double most = longest(recording);
    traj_status status = check_size(recording, most, err);
    if (status != TRAJ_OK) return status;
    status = traj_cast_make(recording, groups, &cast, err);
    if (status == TRAJ_OK) {
        const size_t frames = (size_t)most, shape[] = {recording->sequences, frames, cast.count, 2};
        traj_npy_write_header(stream, shape, 4);
        for (size_t s = 0; s < recording->sequences; s++)
            write_sequence(recording, &recording->sequence[s], frames, &cast, stream);
    }
    traj_cast_free(&cast);
    return status;
}

static void describe_agents(const traj_recording *recording, const traj_cast *cast, traj_json *list)
{
    for (size_t c = 0; c < cast->count; c++) {
        const traj_agent *const agent = &cast->agent[c];
        const bool keeper = agent->kind == TRAJ_HOME_GK || agent->kind == TRAJ_AWAY_GK;
        traj_json *const object = traj_json_append_object(list);
        traj_json_set_string(object, "id", agent->id);
        traj_json_set_string(object, "team", traj_team_name(recording, agent));
        traj_json_set_number(object, "jersey",
                             agent->jersey >= 0 ? (double)agent->jersey : (double)NAN);
        traj_json_set_bool(object, "goalkeeper", keeper);
    }
}

static void describe_sequences(const traj_recording *recording, traj_json *list)
{
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *const sequence = &recording->sequence[s];
        traj_json *const object = traj_json_append_object(list);
        traj_json_set_string(object, "name", sequence->name);
        traj_json_set_number(object, "period_id", sequence->period_id);
        traj_json_set_number(object, "frames", count_frames(recording, sequence));
        if (sequence->frames == 0) continue;
        traj_json_set_number(object, "first_frame_id", (double)sequence->frame_id[0]);
        traj_json_set_number(object, "first_timestamp", sequence->time_s[0]);
    }
}

traj_status traj_array_write_names(const traj_recording *recording, FILE *stream, traj_error *err)
{
    traj_cast cast;
    traj_json *const root = traj_json_object();
    traj_status status = traj_cast_make(recording, groups, &cast, err);
    if (status == TRAJ_OK) {
        traj_json_set_number(root, "rate_hz", traj_rate_hz(recording->rate));
        traj_json_set_string(root, "unit", "metres from the centre spot");
        describe_agents(recording, &cast, traj_json_set_array(root, "agents"));
        describe_sequences(recording, traj_json_set_array(root, "sequences"));
    }
    char *const text = status == TRAJ_OK ? traj_json_text(root, true) : NULL;
    if (status == TRAJ_OK && text == NULL) status = traj_fail_memory(err, "the names of an array");
    if (text != NULL) fprintf(stream, "%s\n", text);
    traj_free(text);
    traj_json_free(root);
    traj_cast_free(&cast);
    return status;
}
