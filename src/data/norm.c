/* See traj/data/norm.h. Two passes over the windows: how long steps are, then their scales without
 * the jumps, and where they lead. */
#include "traj/data/norm.h"
#include "traj/data/window.h"
#include <math.h>

/* Displacements by their logarithm: bins of 1 % from 1e-6 m to 1e4 m. */
enum { BINS = 2304 };
#define BIN_LOG   0.01
#define FIRST_LOG (-13.82)

typedef struct lengths {
    size_t bin[BINS];
    size_t count;
} lengths;

/* Distances from the centre spot along an axis: bins of 0.25 m up to 512 m. */
enum { CELLS = 2048 };
#define CELL_M 0.25

typedef struct distances {
    size_t cell[CELLS];
    size_t count;
} distances;

typedef struct squares {
    double sum, count;
} squares;

typedef struct step_sums {
    lengths length[2]; /* players, ball */
    squares square[2];
    distances distance[2][2];
    const traj_norm *norm; /* its jumps are left out of the squares */
} step_sums;

double traj_longest_step_m(int kind, double rate_hz)
{
    return kind == TRAJ_BALL ? 50 / rate_hz + 1 : 15 / rate_hz + 0.5;
}

bool traj_norm_jumps(const traj_norm *norm, int kind, double dx, double dy)
{
    const double limit = norm->jump_m[kind];
    return limit > 0 && dx * dx + dy * dy > limit * limit;
}

/* Adds the step from one position to the next. */
typedef void add_step(step_sums *sum, traj_kind kind, const float from_m[2], const float to_m[2]);

static void add_length(step_sums *sum, traj_kind kind, const float from_m[2], const float to_m[2])
{
    lengths *const length = &sum->length[kind == TRAJ_BALL];
    const double step_m =
        hypot((double)to_m[0] - (double)from_m[0], (double)to_m[1] - (double)from_m[1]);
    const double bin = floor((log(step_m + 1e-30) - FIRST_LOG) / BIN_LOG);
    length->bin[bin < 0 ? 0 : bin >= BINS ? BINS - 1 : (size_t)bin]++;
    length->count++;
}

static void add_square(step_sums *sum, traj_kind kind, const float from_m[2], const float to_m[2])
{
    squares *const square = &sum->square[kind == TRAJ_BALL];
    const double dx = (double)to_m[0] - (double)from_m[0], dy = (double)to_m[1] - (double)from_m[1];
    if (!traj_norm_jumps(sum->norm, kind, dx, dy)) {
        square->sum += dx * dx + dy * dy;
        square->count += 2;
    }
    for (int k = 0; k < 2; k++) {
        distances *const distance = &sum->distance[kind == TRAJ_BALL][k];
        const double cell = floor(fabs((double)to_m[k]) / CELL_M);
        distance->cell[cell >= CELLS ? CELLS - 1 : (size_t)cell]++;
        distance->count++;
    }
}

static void each_step(const traj_recording *recording, const traj_windows *windows, step_sums *sum,
                      add_step *add)
{
    for (size_t w = 0; w < windows->count; w++) {
        const traj_window *const window = &windows->item[w];
        const traj_sequence *const sequence =
            &recording[window->recording].sequence[window->sequence];
        const size_t row = 2 * sequence->agents;
        for (int t = 1; t < windows->frames; t++) {
            const float *const now = sequence->pos_m + (window->first + (size_t)t) * row;
            for (size_t a = 0; a < sequence->agents; a++)
                if (isfinite(now[2 * a]) && isfinite((now - row)[2 * a]))
                    add(sum, sequence->agent[a].kind, now - row + 2 * a, now + 2 * a);
        }
    }
}

/* The length that 99 % of the steps stay below, to 1 %. */
static double most(const lengths *length)
{
    size_t seen = 0;
    for (int b = 0; b < BINS; b++) {
        seen += length->bin[b];
        if ((double)seen >= 0.99 * (double)length->count) return exp(FIRST_LOG + BIN_LOG * (b + 1));
    }
    return 0;
}

/* The distance that 99.9 % of the positions stay within. */
static double furthest_m(const distances *distance)
{
    size_t seen = 0;
    for (int c = 0; c < CELLS; c++) {
        seen += distance->cell[c];
        if ((double)seen >= 0.999 * (double)distance->count) return CELL_M * (c + 1);
    }
    return 0;
}

/* A root mean square step below this is rounding, no movement; a float could not divide by it. */
#define LEAST_M 1e-6

static double root_mean(double sum, double count)
{
    return count > 0 ? sqrt(sum / count) : 0;
}

traj_status traj_norm_fit(const traj_recording *recording, const traj_windows *windows,
                          traj_norm *norm, traj_error *err)
{
    step_sums sum = {.norm = norm};
    const double rate_hz = traj_rate_hz(recording->rate);
    *norm = (traj_norm){.rate_hz = rate_hz,
                        .half_m = {recording->pitch_length_m / 2, recording->pitch_width_m / 2},
                        .quantum_m = recording->quantum_m};
    each_step(recording, windows, &sum, add_length);
    for (int k = 0; k < TRAJ_KINDS; k++)
        norm->jump_m[k] = fmax(traj_longest_step_m(k, rate_hz), 2 * most(&sum.length[0]));
    norm->jump_m[TRAJ_BALL] =
        fmax(traj_longest_step_m(TRAJ_BALL, rate_hz), 2 * most(&sum.length[1]));
    each_step(recording, windows, &sum, add_square);
    const squares players = sum.square[0], balls = sum.square[1];
    const double players_m = root_mean(players.sum, players.count),
                 balls_m = root_mean(balls.sum, balls.count),
                 all_m = root_mean(players.sum + balls.sum, players.count + balls.count);
    if (!(fmax(players_m, balls_m) >= LEAST_M))
        return traj_fail(err, TRAJ_E_DATA,
                         "%s: nothing moves in the training frames, so there is "
                         "nothing to learn; check --frames and the columns",
                         recording->source);
    /* goalkeepers share the players' scale: they have too few frames and too much standing for one
     * of their own */
    for (int k = 0; k < TRAJ_KINDS; k++)
        norm->scale_m[k] = players_m >= LEAST_M ? players_m : all_m;
    if (balls_m >= LEAST_M) norm->scale_m[TRAJ_BALL] = balls_m;
    for (int ball = 0; ball < 2 && !recording->crowd; ball++)
        for (int k = 0; k < 2; k++)
            norm->reach_m[ball][k] = fmax(norm->half_m[k], furthest_m(&sum.distance[ball][k]));
    return TRAJ_OK;
}
