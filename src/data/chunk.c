/* Loops over whole blocks, which the compiler turns into straight code; few agents go one by one.
 */
#include "chunk.h"

#include "traj/base/simd.h"

#include <math.h>

/* Lane l of the chunk's blocks is agent i of the chunk. */
static void set_lane(traj_chunk *to, const traj_sequence *sequence, size_t l, size_t i, bool counts)
{
    to->counts[l] = counts;
    to->home[l] = counts && sequence->agent[to->first + i].team == TRAJ_TEAM_HOME;
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

/* How many of some agents are somewhere, and on the pitch; and of these, how many of home. */
typedef struct heads {
    int32_t seen, inside, seen_home, inside_home;
} heads;

/* Adds count agents, who are at pos. */
TRAJ_INLINE void count_some(const float *pos, const float half_m[2], const int32_t *counts,
                            const int32_t *home, size_t count, heads *sum)
{
    for (size_t i = 0; i < count; i++) {
        const float x = pos[2 * i], y = pos[2 * i + 1];
        const int32_t here = x == x; /* comparisons with NaN are false */
        const int32_t on = (fabsf(x) <= half_m[0]) & (fabsf(y) <= half_m[1]);
        sum->seen += here & counts[i];
        sum->inside += on & counts[i];
        sum->seen_home += here & home[i];
        sum->inside_home += on & home[i];
    }
}

TRAJ_SIMD void traj_chunk_count(const traj_chunk *of, const float *pos, const float half_m[2],
                                traj_head_count *frame)
{
    heads all = {0};
    for (size_t b = 0; b < of->blocks; b++)
        count_some(pos + 2 * of->block[b], half_m, of->counts + b * TRAJ_CHUNK_BLOCK,
                   of->home + b * TRAJ_CHUNK_BLOCK, TRAJ_CHUNK_BLOCK, &all);
    if (of->blocks == 0) count_some(pos, half_m, of->counts, of->home, of->count, &all);
    const bool ball = of->ball < of->count;
    const float *const at = pos + 2 * (ball ? of->ball : 0);
    const int32_t seen_ball = ball && at[0] == at[0];
    const int32_t inside_ball = ball && fabsf(at[0]) <= half_m[0] && fabsf(at[1]) <= half_m[1];
    frame->seen[TRAJ_TEAM_HOME] += all.seen_home;
    frame->inside[TRAJ_TEAM_HOME] += all.inside_home;
    frame->seen[TRAJ_TEAM_BALL] += seen_ball;
    frame->inside[TRAJ_TEAM_BALL] += inside_ball;
    frame->seen[TRAJ_TEAM_AWAY] += all.seen - all.seen_home - seen_ball;
    frame->inside[TRAJ_TEAM_AWAY] += all.inside - all.inside_home - inside_ball;
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
