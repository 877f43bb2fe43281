/* See traj/gen/smooth.h. */
#include "traj/gen/smooth.h"
#include "traj/base/memory.h"
#include <math.h>

void traj_fill_gaps(double *z, size_t frames)
{
    size_t known = frames; /* the last known frame; frames = none yet */
    for (size_t t = 0; t < frames; t++) {
        if (isnan(z[t])) continue;
        for (size_t gap = known + 1; gap < t; gap++)
            z[gap] = z[known] + (z[t] - z[known]) * (double)(gap - known) / (double)(t - known);
        known = t;
    }
}

/* What is believed of (p, v, a) at one frame. */
typedef struct belief {
    double mean[3], cov[3][3];
} belief;

/* x(t + dt) = F x(t) + N(0, Q). */
typedef struct dynamics {
    double f[3][3], q[3][3];
} dynamics;

/* What an acceleration of 1 has made of (p, v, a) after h seconds. */
static void response(const traj_kalman *kalman, double h, double out[3])
{
    const double memory = kalman->memory_s, fade = memory > 0 ? expm1(-h / memory) : 0;
    out[0] = memory > 0 ? memory * (h + memory * fade) : h * h / 2;
    out[1] = memory > 0 ? -memory * fade : h;
    out[2] = 1 + fade;
}

/* Q = q int_0^h r r' du, r(u) the response, by Gauss and Legendre: without a memory r r' is of
 * degree 4, and three points would be exact. */
static dynamics dynamics_of(const traj_kalman *kalman)
{
    static const double point[5] = {0.046910077030668018, 0.23076534494715845, 0.5,
                                    0.76923465505284155, 0.95308992296933198};
    static const double weight[5] = {0.11846344252809454, 0.23931433524968324, 0.28444444444444444,
                                     0.23931433524968324, 0.11846344252809454};
    const double h = kalman->step_s;
    double r[3];
    response(kalman, h, r);
    dynamics d = {.f = {{1, h, r[0]}, {0, 1, r[1]}, {0, 0, r[2]}}};
    for (int n = 0; n < 5; n++) {
        response(kalman, point[n] * h, r);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) d.q[i][j] += kalman->jerk * weight[n] * h * r[i] * r[j];
    }
    return d;
}

static belief belief_first(void)
{
    return (belief){.cov = {{1e4, 0, 0}, {0, 1e2, 0}, {0, 0, 1e2}}};
}

/* out = a b', out apart from both. */
static void multiply_transposed(double a[3][3], double b[3][3], double out[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[i][j] = a[i][0] * b[j][0] + a[i][1] * b[j][1] + a[i][2] * b[j][2];
}

/* m <- F m, P <- F P F' + Q. */
static belief predict(dynamics d, belief now)
{
    belief next = {0};
    double pf[3][3]; /* P F' = (F P)' */
    multiply_transposed(now.cov, d.f, pf);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            next.mean[i] += d.f[i][j] * now.mean[j];
            next.cov[i][j] = d.q[i][j];
            for (int k = 0; k < 3; k++) next.cov[i][j] += d.f[i][k] * pf[k][j];
        }
    return next;
}

/* Takes in the measurement z of p; returns log p(z | all before), 0 where there is none. */
static double update(belief *b, double z, double noise_m)
{
    if (isnan(z)) return 0;
    const double noise = noise_m * noise_m, variance = b->cov[0][0] + noise;
    const double innovation = z - b->mean[0];
    const double column[3] = {b->cov[0][0], b->cov[1][0], b->cov[2][0]};
    for (int i = 0; i < 3; i++) {
        b->mean[i] += column[i] / variance * innovation;
        for (int j = 0; j < 3; j++) b->cov[i][j] -= column[i] * column[j] / variance;
        /* the same without cancellation, which a wide prior makes severe */
        b->cov[i][0] = b->cov[0][i] = column[i] * noise / variance;
    }
    return -0.5 * (log(6.28318530717958647692 * variance) + innovation * innovation / variance);
}

double traj_kalman_log_likelihood(const traj_kalman *kalman, const double *z, size_t frames)
{
    const dynamics d = dynamics_of(kalman);
    belief b = belief_first();
    double sum = 0;
    for (size_t t = 0; t < frames; t++) {
        if (t) b = predict(d, b);
        sum += update(&b, z[t], kalman->noise_m);
    }
    return sum;
}

void traj_kalman_forecast(const traj_kalman *kalman, const double *z, size_t frames, size_t ahead,
                          double *path)
{
    const dynamics d = dynamics_of(kalman);
    belief b = belief_first();
    for (size_t t = 0; t < frames + ahead; t++) {
        if (t) b = predict(d, b);
        if (t < frames)
            update(&b, z[t], kalman->noise_m);
        else
            path[t - frames] = b.mean[0];
    }
}

double traj_kalman_fit(const traj_kalman *kalman, const double *z, int axes, size_t frames)
{
    double best = 0, greatest = -INFINITY;
    for (int half_decade = -8; half_decade <= 12; half_decade++) {
        traj_kalman tried = *kalman;
        tried.jerk = pow(10, half_decade / 2.0);
        double sum = 0;
        for (int k = 0; k < axes; k++)
            sum += traj_kalman_log_likelihood(&tried, z + (size_t)k * frames, frames);
        if (sum > greatest) best = tried.jerk;
        greatest = fmax(greatest, sum);
    }
    return best;
}

/* Cholesky: a = L L', L below and on the diagonal of out. */
static void factor(double a[3][3], double out[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++) {
            double rest = a[i][j];
            for (int k = 0; k < j; k++) rest -= out[i][k] * out[j][k];
            out[i][j] = i == j ? sqrt(rest) : rest / out[j][j];
        }
}

/* x <- (L L')^-1 x. */
static void solve(double l[3][3], double x[3])
{
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < i; k++) x[i] -= l[i][k] * x[k];
        x[i] /= l[i][i];
    }
    for (int i = 2; i >= 0; i--) {
        for (int k = i + 1; k < 3; k++) x[i] -= l[k][i] * x[k];
        x[i] /= l[i][i];
    }
}

/* Rauch-Tung-Striebel, from frame t + 1 to frame t:
 *   G = P_t F' P_{t+1|t}^-1,   m_t += G (m^s_{t+1} - m_{t+1|t}),   P_t += G (P^s - P_{t+1|t}) G' */
static void smooth_back(dynamics d, const belief *predicted, const belief *next, belief *now)
{
    double l[3][3] = {{0}}, gain[3][3], change[3][3], gained[3][3], spread[3][3];
    belief before = *predicted;
    factor(before.cov, l);
    multiply_transposed(now->cov, d.f, gain);
    for (int i = 0; i < 3; i++) solve(l, gain[i]); /* rows: P_{t+1|t} is symmetric */
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            now->mean[i] += gain[i][j] * (next->mean[j] - predicted->mean[j]);
            change[i][j] = next->cov[i][j] - predicted->cov[i][j];
        }
    multiply_transposed(gain, change, gained); /* change is symmetric */
    multiply_transposed(gained, gain, spread);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) now->cov[i][j] += spread[i][j];
}

traj_status traj_kalman_smooth(const traj_kalman *kalman, const double *z, size_t frames,
                               double *mean, double *sd, traj_error *err)
{
    const dynamics d = dynamics_of(kalman);
    belief *const predicted = traj_alloc(2 * frames, sizeof *predicted);
    if (!predicted) return traj_fail_memory(err, "the smoother");
    belief *const b = predicted + frames;
    for (size_t t = 0; t < frames; t++) {
        predicted[t] = t ? predict(d, b[t - 1]) : belief_first();
        b[t] = predicted[t];
        update(&b[t], z[t], kalman->noise_m);
    }
    for (size_t t = frames; t-- > 0;) {
        if (t + 1 < frames) smooth_back(d, &predicted[t + 1], &b[t + 1], &b[t]);
        mean[t] = b[t].mean[0];
        sd[t] = sqrt(fmax(b[t].cov[0][0], 0));
    }
    traj_free(predicted);
    return TRAJ_OK;
}

void traj_walk_smooth(const traj_walk *walk, const double *x, const double *z, int steps,
                      double *path, double *scratch)
{
    const double step = walk->step_m * walk->step_m, noise = walk->noise_m * walk->noise_m;
    double *const variance = scratch, *const mean = scratch + steps;
    double m = walk->start_m, v = walk->start_sd_m * walk->start_sd_m;
    for (int t = 0; t < steps; t++) {
        m += x[t];
        v += step;
        if (!isnan(z[t])) {
            m += v / (v + noise) * (z[t] - m);
            v *= noise / (v + noise);
        }
        mean[t] = m;
        variance[t] = v;
    }
    for (int t = steps - 1; t >= 0; t--) {
        path[t] = mean[t];
        if (t + 1 < steps)
            path[t] += variance[t] / (variance[t] + step) * (path[t + 1] - mean[t] - x[t + 1]);
    }
}
