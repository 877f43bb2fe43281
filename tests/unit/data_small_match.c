/* See data_small_match.h. */
#include "data_small_match.h"

#include "unit/check.h"

#include <math.h>

const traj_kind small_kinds[AGENTS] = {TRAJ_HOME_GK, TRAJ_HOME, TRAJ_AWAY,
                                       TRAJ_AWAY_GK, TRAJ_BALL, TRAJ_HOME};
const traj_norm small_norm = {.rate_hz = 10,
                              .scale_m = {0.5, 0.5, 0.5, 0.5, 2},
                              .jump_m = {9, 9, 9, 9, 9},
                              .half_m = {52.5, 34},
                              .quantum_m = 0.01};

traj_team small_team_of(traj_kind kind)
{
    if (kind == TRAJ_BALL) return TRAJ_TEAM_BALL;
    return kind == TRAJ_HOME || kind == TRAJ_HOME_GK ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY;
}

float *small_at(const traj_sequence *sequence, size_t frame, size_t agent)
{
    return sequence->pos_m + 2 * (frame * sequence->agents + agent);
}

/* Everybody on a curve of his own, never twice the same step. */
static void add_sequence(traj_recording *recording, size_t frames)
{
    traj_sequence *sequence;
    assert_int_equal(traj_recording_add(recording, frames, AGENTS, &sequence, NULL), TRAJ_OK);
    for (size_t a = 0; a < AGENTS; a++) {
        sequence->agent[a].kind = small_kinds[a];
        sequence->agent[a].team = small_team_of(small_kinds[a]);
        for (size_t f = 0; f < frames; f++) {
            small_at(sequence, f, a)[0] = (float)(10 * sin(0.1 * (double)f + (double)a));
            small_at(sequence, f, a)[1] = (float)(8 * cos(0.07 * (double)(f * (a + 1))));
            sequence->frame_id[f] = (int64_t)f + 1;
            sequence->time_s[f] = 0.1 * (double)f;
        }
    }
}

traj_recording small_match(const size_t *frames, size_t sequences)
{
    traj_recording recording;
    traj_recording_init(&recording);
    recording.rate = traj_rate_of(small_norm.rate_hz);
    recording.pitch_length_m = 105;
    recording.pitch_width_m = 68;
    recording.quantum_m = small_norm.quantum_m;
    for (size_t s = 0; s < sequences; s++) add_sequence(&recording, frames[s]);
    return recording;
}

traj_recording small_substitution(void)
{
    traj_recording recording = small_match((const size_t[]){FRAMES}, 1);
    for (size_t f = 0; f < FRAMES; f++) {
        float *const gone = small_at(&recording.sequence[0], f, f <= LEAVES ? OUT : 1);
        gone[0] = gone[1] = NAN;
    }
    return recording;
}

bool small_is_here(const traj_recording *recording, int frame, int agent)
{
    return agent < AGENTS &&
           isfinite(small_at(&recording->sequence[0], (size_t)frame, (size_t)agent)[0]);
}
