/* Loops over whole blocks, which the compiler turns into straight code; few agents go one by one.
 */
#include "chunk.h"

#include "traj/base/simd.h"

#include <math.h>

/* Lane l of the chunk's blocks is agent i of the chunk. */
static void set_lane(traj_chunk *to, const traj_sequence *sequence, size_t l, size_t i, bool counts)
{
    const bool home = sequence->agent[to->first + i].team == TRAJ_TEAM_HOME;
    to->weight[l] = !counts ? 0 : home ? 1 + TRAJ_CHUNK_HOME : 1;
}

void traj_chunk_lay_out(traj_chunk *to, const traj_sequence *sequence)
{
    to->blocks =
        to->count < TRAJ_CHUNK_BLOCK ? 0 : (to->count + TRAJ_CHUNK_BLOCK - 1) / TRAJ_CHUNK_BLOCK;
    for (size_t b = 0; b < to->blocks; b++) {
        const size_t usual = b * TRAJ_CHUNK_BLOCK;
        to->block[b] = b + 1 < to->blocks ? usual : to->count - TRAJ_CHUNK_BLOCK;
        for (size_t l = 0; l < TRAJ_CHUNK_BLOCK; l++)
            set_lane(to, sequence, usual + l, to->block[b] + l, to->block[b] + l >= usual);
    }
    for (size_t i = 0; i < to->count && to->blocks == 0; i++) set_lane(to, sequence, i, i, true);
}

/* The bytes of the sum, from the lowest: somewhere; on the pitch; and of these, of home. */
TRAJ_INLINE uint32_t count_some(const float *pos, const float half_m[2], const uint32_t *weight,
                                size_t count)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        const float x = pos[2 * i], y = pos[2 * i + 1];
        const bool on = (fabsf(x) <= half_m[0]) & (fabsf(y) <= half_m[1]);
        sum += x == x ? weight[i] : 0; /* comparisons with NaN are false */
        sum += on ? weight[i] << 8 : 0;
    }
    return sum;
}

TRAJ_SIMD void traj_chunk_count(const traj_chunk *of, const float *pos, const float half_m[2],
                                traj_head_count *frame)
{
    uint32_t sum = 0;
    for (size_t b = 0; b < of->blocks; b++)
        sum += count_some(pos + 2 * of->block[b], half_m, of->weight + b * TRAJ_CHUNK_BLOCK,
                          TRAJ_CHUNK_BLOCK);
    if (of->blocks == 0) sum = count_some(pos, half_m, of->weight, of->count);
    const int32_t seen = sum & 0xff, inside = sum >> 8 & 0xff;
    const int32_t seen_home = sum >> 16 & 0xff, inside_home = sum >> 24;
    const bool ball = of->ball < of->count;
    const float *const at = pos + 2 * (ball ? of->ball : 0);
    const int32_t seen_ball = ball && at[0] == at[0];
    const int32_t inside_ball = ball && fabsf(at[0]) <= half_m[0] && fabsf(at[1]) <= half_m[1];
    frame->seen[TRAJ_TEAM_HOME] += seen_home;
    frame->inside[TRAJ_TEAM_HOME] += inside_home;
    frame->seen[TRAJ_TEAM_BALL] += seen_ball;
    frame->inside[TRAJ_TEAM_BALL] += inside_ball;
    frame->seen[TRAJ_TEAM_AWAY] += seen - seen_home - seen_ball;
    frame->inside[TRAJ_TEAM_AWAY] += inside - inside_home - inside_ball;
}

TRAJ_INLINE int measure_some(const float *from, const float *to, float per_second,
                             const float *fast_mps, size_t count, int32_t *bin)
{
    int faster = 0;
    for (size_t i = 0; i < count; i++) {
        const float dx = to[2 * i] - from[2 * i], dy = to[2 * i + 1] - from[2 * i + 1];
        const float speed = sqrtf(dx * dx + dy * dy) * per_second;
        const float scaled = speed * (1.0f / TRAJ_BIN_MPS);
        bin[i] = scaled < TRAJ_BINS - 1 ? (int32_t)scaled
                 : scaled == scaled     ? TRAJ_BINS - 1
                                        : TRAJ_NO_BIN;
        faster |= speed > fast_mps[i];
    }
    return faster;
}

TRAJ_SIMD bool traj_chunk_speeds(const traj_chunk *agents, const traj_step *of, int32_t *bin)
{
    const float *const from = of->from + 2 * agents->first, *const to = of->to + 2 * agents->first;
    const float per_second = (float)(1.0 / of->seconds);
    int faster = 0;
    for (size_t b = 0; b < agents->blocks; b++) {
        const size_t at = agents->block[b];
        faster |= measure_some(from + 2 * at, to + 2 * at, per_second, agents->fast_mps + at,
                               TRAJ_CHUNK_BLOCK, bin + at);
    }
    if (agents->blocks == 0)
        faster = measure_some(from, to, per_second, agents->fast_mps, agents->count, bin);
    return faster != 0;
}

TRAJ_INLINE int exceed_some(const float *from, const float *to, const float *limit_mps,
                            float seconds, size_t count)
{
    int faster = 0;
    for (size_t i = 0; i < count; i++) faster |= fabsf(to[i] - from[i]) > limit_mps[i] * seconds;
    return faster;
}

TRAJ_SIMD bool traj_chunk_may_be_fast(const traj_chunk *agents, const traj_step *of)
{
    const float *const from = of->from + 2 * agents->first, *const to = of->to + 2 * agents->first;
    const float seconds = (float)of->seconds;
    int faster = 0;
    for (size_t b = 0; b < agents->blocks; b++) {
        const size_t at = 2 * agents->block[b];
        faster |=
            exceed_some(from + at, to + at, agents->limit_mps + at, seconds, 2 * TRAJ_CHUNK_BLOCK);
    }
    if (agents->blocks == 0)
        faster = exceed_some(from, to, agents->limit_mps, seconds, 2 * agents->count);
    return faster != 0;
}
