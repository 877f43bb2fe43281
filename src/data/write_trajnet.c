/* TrajNet++ (trajnet.c describes it): a scene a sequence, then its positions.
 *
 * A scene knows only its frames, and scenes that overlap are one: where the frames of a sequence do
 * not lie behind those of the one before, they are counted on from there. Pedestrians are numbers:
 * their ids, where all are such, else their places among all. */
#include "writers.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIGITS 9

static bool is_number(const char *id)
{
    const size_t digits = strspn(id, "0123456789");
    return digits > 0 && digits <= MOST_DIGITS && id[digits] == '\0';
}

static bool are_numbers(const traj_cast *cast)
{
    for (size_t c = 0; c < cast->count; c++)
        if (!is_number(cast->agent[c].id)) return false;
    return true;
}

/* from: what is added to the sequence's frame ids. */
static void write_tracks(const traj_sequence *sequence, int64_t from, const traj_cast *cast,
                         bool numbers, int decimals, FILE *stream)
{
    for (size_t f = 0; f < sequence->frames; f++)
        for (size_t c = 0; c < cast->count; c++) {
            const float *const pos_m = traj_cast_position(cast, sequence, f, c);
            if (isnan(pos_m[0])) continue;
            fprintf(stream, "{\"track\": {\"f\": %" PRId64 ", \"p\": %ld, \"x\": ",
                    sequence->frame_id[f] + from,
                    numbers ? strtol(cast->agent[c].id, NULL, 10) : (long)c);
            traj_write_number(stream, pos_m[0], decimals);
            fputs(", \"y\": ", stream);
            traj_write_number(stream, pos_m[1], decimals);
            fputs("}}\n", stream);
        }
}

static void write_scenes(const traj_recording *recording, traj_cast *cast, FILE *stream)
{
    const bool numbers = are_numbers(cast);
    const int decimals = traj_quantum_decimals(recording->quantum_m);
    int64_t last = INT64_MIN;
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *const sequence = &recording->sequence[s];
        if (sequence->frames == 0) continue;
        const int64_t first = sequence->frame_id[0];
        const int64_t from = s == 0 || first > last ? 0 : last + 1 - first;
        last = sequence->frame_id[sequence->frames - 1] + from;
        fprintf(stream,
                "{\"scene\": {\"id\": %zu, \"p\": 0, \"s\": %" PRId64 ", \"e\": %" PRId64
                ", \"fps\": %.10g, \"tag\": 0}}\n",
                s, first + from, last, traj_rate_hz(recording->rate));
        traj_cast_find(cast, sequence);
        write_tracks(sequence, from, cast, numbers, decimals, stream);
    }
}

traj_status traj_trajnet_write(const traj_recording *recording, FILE *stream, traj_error *err)
{
    static const unsigned groups[] = {
        1 << TRAJ_TEAM_HOME | 1 << TRAJ_TEAM_AWAY | 1 << TRAJ_TEAM_BALL, 0};
    traj_cast cast;
    const traj_status status = traj_cast_make(recording, groups, &cast, err);
    if (status == TRAJ_OK) write_scenes(recording, &cast, stream);
    traj_cast_free(&cast);
    return status;
}
