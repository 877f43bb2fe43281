/* Inputs from positions: see traj/data/features.h. */
#include "traj/data/features.h"
#include "traj/base/assert.h"
#include "traj/base/simd.h"
#include "traj/base/vkernel.h"
#include <math.h>
#include <string.h>

/* Distances at which players stop mattering one by one (direction) and at all (closeness), and
 * within which a ball is played (touch); log(1 + 20 m) is about 3. */
#define DIRECTION_M 5
#define CLOSENESS_M 4
#define TOUCH_M     1
#define LOG_UNIT    3

/* Half pitches from the centre spot, beyond which a position is a mistake and must not drown
 * everything else. */
#define FURTHEST TRAJ_R(4)

/* known[TRAJ_KNOWN_BALL..] of player a. */
static void see_ball(const traj_norm *norm, const traj_real *pos_m, const traj_real *displacement_m,
                     int a, int ball, traj_real *seen)
{
    const traj_real metres = 2 * TRAJ_R(norm->scale_m[TRAJ_HOME]);
    const traj_real x = pos_m[2 * ball] - pos_m[2 * a], y = pos_m[2 * ball + 1] - pos_m[2 * a + 1];
    const traj_real d = traj_sqrt1(x * x + y * y);
    seen[0] = 1;
    seen[1] = traj_log1(1 + d) / LOG_UNIT;
    seen[2] = x / (d + DIRECTION_M);
    seen[3] = y / (d + DIRECTION_M);
    for (int k = 0; k < 2; k++) {
        const traj_real u = displacement_m[2 * ball + k] - displacement_m[2 * a + k];
        if (isfinite(u)) seen[4 + k] = u / metres;
    }
}

/* The ball among the agents, or -1. */
static int find_ball(int agents, const unsigned char *kind, const traj_real *present)
{
    int ball = agents - 1;
    while (ball >= 0 && (kind[ball] != TRAJ_BALL || present[ball] == 0)) ball--;
    return ball;
}

void traj_features_known(const traj_norm *norm, int agents, const unsigned char *kind,
                         const traj_real *present, const traj_real *pos_m,
                         const traj_real *displacement_m, traj_real *known)
{
    const int ball = find_ball(agents, kind, present);
    memset(known, 0, (size_t)agents * TRAJ_KNOWN * sizeof *known);
    for (int a = 0; a < agents; a++, known += TRAJ_KNOWN) {
        if (present[a] == 0) continue;
        const traj_real *const moved = displacement_m + 2 * a;
        known[TRAJ_KNOWN_KIND + kind[a]] = 1;
        known[TRAJ_KNOWN_MOVED] = isfinite(moved[0]) ? 1 : 0;
        for (int k = 0; k < 2; k++) {
            const traj_real place = pos_m[2 * a + k] / TRAJ_R(norm->half_m[k]);
            known[TRAJ_KNOWN_POSITION + k] = place < -FURTHEST  ? -FURTHEST
                                             : place > FURTHEST ? FURTHEST
                                                                : place;
            if (isfinite(moved[0]))
                known[TRAJ_KNOWN_PREVIOUS + k] = moved[k] / TRAJ_R(norm->scale_m[kind[a]]);
        }
        if (ball >= 0 && a != ball)
            see_ball(norm, pos_m, displacement_m, a, ball, known + TRAJ_KNOWN_BALL);
    }
}

/* Team of a kind: 0 home, 1 away, 2 ball. */
static int team_of(unsigned char kind)
{
    return kind == TRAJ_BALL ? 2 : kind == TRAJ_AWAY || kind == TRAJ_AWAY_GK;
}

/* What edges are made of, agent by agent. */
enum { ROW = 128 };
typedef struct senders {
    int agents;
    const traj_real *pos_m;         /* view [A,2] */
    traj_real moved[2 * ROW];       /* displacements over 2s; 0 where unknown */
    traj_real same[ROW], ball[ROW]; /* as the receiver at hand sees them */
} senders;

/* One receiver: its edges to all senders, whatever their presence. metres: of a unit of moved. */
TRAJ_SIMD static void edge_row(const senders *all, int receiver, traj_real metres,
                               traj_real *restrict edge)
{
    const traj_real *const restrict pos = all->pos_m, *const restrict moved = all->moved;
    const traj_real x = pos[2 * receiver], y = pos[2 * receiver + 1];
    const traj_real vx = moved[2 * receiver], vy = moved[2 * receiver + 1];
#pragma omp simd
    for (int j = 0; j < all->agents; j++) {
        const traj_real dx = pos[2 * j] - x, dy = pos[2 * j + 1] - y;
        const traj_real ux = moved[2 * j] - vx, uy = moved[2 * j + 1] - vy;
        const traj_real nx = dx + metres * ux, ny = dy + metres * uy;
        const traj_real d = traj_sqrt1(dx * dx + dy * dy);
        traj_real *const f = edge + TRAJ_EDGE_FEATURES * j;
        f[0] = dx / (d + DIRECTION_M);
        f[1] = dy / (d + DIRECTION_M);
        f[2] = traj_log1(1 + d) / LOG_UNIT;
        f[3] = traj_exp1(-d / CLOSENESS_M);
        f[4] = all->same[j];
        f[5] = all->ball[j];
        f[6] = traj_exp1(-d / TOUCH_M);
        f[7] = traj_exp1(-traj_sqrt1(nx * nx + ny * ny) / TOUCH_M);
        f[8] = ux;
        f[9] = uy;
    }
}

void traj_features_edge(const traj_norm *norm, int agents, const unsigned char *kind,
                        const traj_real *present, const traj_real *pos_m,
                        const traj_real *displacement_m, traj_real *edge)
{
    senders all = {.agents = agents, .pos_m = pos_m};
    const traj_real metres = 2 * TRAJ_R(norm->scale_m[TRAJ_HOME]);
    const int row = agents * TRAJ_EDGE_FEATURES;
    TRAJ_ASSERT(agents <= ROW);
    for (int k = 0; k < 2 * agents; k++)
        all.moved[k] = isfinite(displacement_m[k]) ? displacement_m[k] / metres : 0;
    for (int i = 0; i < agents; i++, edge += row) {
        if (present[i] == 0) {
            memset(edge, 0, (size_t)row * sizeof *edge);
            continue;
        }
        for (int j = 0; j < agents; j++) {
            all.same[j] = team_of(kind[i]) == team_of(kind[j]) ? 1 : 0;
            all.ball[j] = kind[i] == TRAJ_BALL || kind[j] == TRAJ_BALL ? 1 : 0;
        }
        edge_row(&all, i, metres, edge);
        for (int j = 0; j < agents; j++)
            if (present[j] == 0 || j == i)
                memset(edge + j * TRAJ_EDGE_FEATURES, 0, TRAJ_EDGE_FEATURES * sizeof *edge);
    }
}
