/* See jumps.h.
 *
 *   1. the track is cut into pieces wherever a step is too fast
 *   2. forwards, for each piece, the cheapest way to it: from any piece before it, what lies
 * between removed, and a jump paid for where it is out of reach
 *   3. backwards from the cheapest end, what is not on the way is removed
 *
 * Within a piece there is nothing to choose, so there are as many choices as there are jumps, not
 * positions. */
#include "jumps.h"

#include <math.h>

/* Looks back at most so many pieces: only noise all over has more of them in a row. */
enum { LOOK_BACK = 256 };

static float *position(const traj_sequence *sequence, size_t agent, size_t frame)
{
    return sequence->pos_m + 2 * (frame * sequence->agents + agent);
}

bool traj_within_reach(const traj_sequence *sequence, size_t agent, size_t from, size_t to,
                       double max_mps)
{
    const float *const a = position(sequence, agent, from), *const b =
                                                                position(sequence, agent, to);
    const double seconds = sequence->time_s[to] - sequence->time_s[from];
    return hypot((double)b[0] - (double)a[0], (double)b[1] - (double)a[1]) <=
           max_mps * seconds + TRAJ_JUMP_SLACK_M;
}

/* Returns the number of pieces. */
static size_t cut(const traj_sequence *sequence, size_t agent, double max_mps,
                  traj_jump_piece *piece)
{
    size_t pieces = 0, seen = 0;
    for (size_t t = 0; t < sequence->frames; t++) {
        if (isnan(position(sequence, agent, t)[0])) continue;
        if (!pieces || !traj_within_reach(sequence, agent, piece[pieces - 1].last, t, max_mps))
            piece[pieces++] = (traj_jump_piece){.first = t, .before = seen};
        piece[pieces - 1].last = t;
        piece[pieces - 1].count++;
        seen++;
    }
    return pieces;
}

/* The cheapest way to piece p, all pieces before it known. */
static void connect(const traj_sequence *sequence, size_t agent, double max_mps, double patience,
                    traj_jump_piece *piece, size_t p)
{
    traj_jump_piece *const to = &piece[p];
    to->cost = (double)to->before; /* all before it removed */
    to->from = p;
    for (size_t q = p; q > 0 && p - q < LOOK_BACK; q--) {
        const traj_jump_piece *const from = &piece[q - 1];
        double cost = from->cost + (double)(to->before - from->before - from->count);
        if (!traj_within_reach(sequence, agent, from->last, to->first, max_mps)) cost += patience;
        if (cost >= to->cost) continue;
        to->cost = cost;
        to->from = q - 1;
    }
}

static void forget(traj_sequence *sequence, size_t agent, const traj_jump_piece *piece)
{
    for (size_t t = piece->first; t <= piece->last; t++) {
        float *const at = position(sequence, agent, t);
        at[0] = at[1] = NAN;
        if (sequence->extrapolated) sequence->extrapolated[t * sequence->agents + agent] = 0;
    }
}

/* The piece at which the cheapest way of all ends. */
static size_t cheapest_end(const traj_jump_piece *piece, size_t pieces)
{
    const traj_jump_piece *const last = &piece[pieces - 1];
    const size_t all = last->before + last->count;
    size_t end = pieces - 1;
    double least = last->cost;
    for (size_t p = pieces - 1; p-- > 0;) {
        const double cost = piece[p].cost + (double)(all - piece[p].before - piece[p].count);
        if (cost < least) end = p;
        least = fmin(least, cost);
    }
    return end;
}

size_t traj_jumps_remove(traj_sequence *sequence, size_t agent, double max_mps, double patience,
                         traj_jump_piece *piece)
{
    const size_t pieces = cut(sequence, agent, max_mps, piece);
    size_t removed = 0;
    if (pieces < 2) return 0;
    for (size_t p = 0; p < pieces; p++) connect(sequence, agent, max_mps, patience, piece, p);
    size_t kept = cheapest_end(piece, pieces);
    for (size_t p = pieces; p-- > 0;) {
        if (p == kept) {
            kept = piece[p].from;
            continue;
        }
        forget(sequence, agent, &piece[p]);
        removed += piece[p].count;
    }
    return removed;
}
