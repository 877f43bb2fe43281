/* Noise schedules and the algebra of q: see noise_schedule.h. */
#include "noise_schedule.h"
#include "traj/base/assert.h"
#include <math.h>
#include <stdbool.h>

#define BETA_FIRST   1e-4 /* at K = 1000 */
#define BETA_LAST    0.02
#define BETA_MOST    0.999
#define COSINE_SHIFT 0.008 /* s: keeps the first betas off 0 */
#define HALF_PI      1.57079632679489661923

/* abar_k / abar_0 = cos^2 a_k / cos^2 a_0, hence beta_k = 1 - cos^2 a_k / cos^2 a_{k-1}; as a
 * product of sines, the small betas keep all their digits. */
static double cosine_beta(int k, int steps)
{
    const double now = ((double)k / steps + COSINE_SHIFT) / (1 + COSINE_SHIFT) * HALF_PI;
    const double step = HALF_PI / (steps * (1 + COSINE_SHIFT));
    const double cosine = cos(now - step);
    return sin(step) * sin(2 * now - step) / (cosine * cosine);
}

static double beta_at(traj_schedule_kind kind, int k, int steps)
{
    const double scale = (double)TRAJ_MAX_DIFFUSION_STEPS / steps;
    const double first = BETA_FIRST * scale, last = BETA_LAST * scale;
    const double share = steps > 1 ? (double)(k - 1) / (steps - 1) : 1;
    switch (kind) {
    case TRAJ_SCHEDULE_LINEAR:
        return first + share * (last - first);
    case TRAJ_SCHEDULE_QUAD:
        return pow(sqrt(first) + share * (sqrt(last) - sqrt(first)), 2);
    case TRAJ_SCHEDULE_SIGMOID:
        return first + (last - first) / (1 + exp(6 - 12 * share));
    case TRAJ_SCHEDULE_COSINE:
        return cosine_beta(k, steps);
    case TRAJ_SCHEDULE_GEOMETRIC:
        return first * pow(last / first, share);
    }
    TRAJ_ASSERT(false);
    return 0;
}

void traj_schedule_init(traj_schedule *schedule, traj_schedule_kind kind, int steps)
{
    TRAJ_ASSERT(steps >= 1 && steps <= TRAJ_MAX_DIFFUSION_STEPS);
    *schedule = (traj_schedule){.steps = steps};
    for (int k = 1; k <= steps; k++) {
        const double beta = fmin(beta_at(kind, k, steps), BETA_MOST);
        schedule->beta[k] = beta;
        schedule->log_abar[k] = schedule->log_abar[k - 1] + log1p(-beta);
    }
}

double traj_schedule_signal(const traj_schedule *schedule, int k)
{
    TRAJ_ASSERT(k >= 0 && k <= schedule->steps);
    return exp(0.5 * schedule->log_abar[k]);
}

double traj_schedule_noise(const traj_schedule *schedule, int k)
{
    TRAJ_ASSERT(k >= 0 && k <= schedule->steps);
    return sqrt(-expm1(schedule->log_abar[k]));
}

/* With N_j = 1 - abar_j, N_k = 1 - abar_k, a = abar_k / abar_j, g = 1 - a and P = a N_j:
 *
 *   variance = eta^2 N_j g / N_k
 *   on_now   = sqrt(N_j - variance) / sqrt(N_k),       N_j - variance = N_j (N_k - eta^2 g) / N_k
 *   on_start = sqrt(abar_j) - sqrt(abar_k) on_now = sqrt(abar_j) (1 - x),     x = sqrt(a) on_now
 *
 * N_k = g + P turns every difference into a sum of positive terms: N_k - eta^2 g = (1 - eta^2) g +
 * P, and 1 - x = (1 - x^2) / (1 + x) with 1 - x^2 = g (N_k + eta^2 P) / N_k^2. */
traj_posterior traj_schedule_posterior(const traj_schedule *schedule, int k, int j, double eta)
{
    TRAJ_ASSERT(j >= 0 && j < k && k <= schedule->steps);
    TRAJ_ASSERT(eta >= 0 && eta <= 1);
    const double log_ratio = schedule->log_abar[k] - schedule->log_abar[j];
    const double noise_j = -expm1(schedule->log_abar[j]), noise_k = -expm1(schedule->log_abar[k]);
    const double gap = -expm1(log_ratio), kept = exp(log_ratio) * noise_j, square = eta * eta;
    const double on_now = sqrt(noise_j * ((1 - square) * gap + kept)) / noise_k;
    const double x = exp(0.5 * log_ratio) * on_now;
    const double rest = gap * (noise_k + square * kept) / (noise_k * noise_k * (1 + x));
    return (traj_posterior){.on_start = traj_schedule_signal(schedule, j) * rest,
                            .on_now = on_now,
                            .variance = square * noise_j * gap / noise_k};
}

double traj_predicted_eps(traj_predict_kind kind, double signal, double noise, double y,
                          double value)
{
    switch (kind) {
    case TRAJ_PREDICT_EPS:
        return value;
    case TRAJ_PREDICT_X0:
        return (y - signal * value) / noise;
    case TRAJ_PREDICT_V:
        return signal * value + noise * y;
    case TRAJ_PREDICT_SCORE:
        return -noise * value;
    }
    TRAJ_ASSERT(false);
    return 0;
}

double traj_predicted_start(traj_predict_kind kind, double signal, double noise, double y,
                            double value)
{
    switch (kind) {
    case TRAJ_PREDICT_EPS:
        return (y - noise * value) / signal;
    case TRAJ_PREDICT_X0:
        return value;
    case TRAJ_PREDICT_V:
        return signal * y - noise * value;
    case TRAJ_PREDICT_SCORE:
        return (y + noise * noise * value) / signal;
    }
    TRAJ_ASSERT(false);
    return 0;
}

double traj_predict_target(traj_predict_kind kind, double signal, double noise, double start,
                           double eps)
{
    switch (kind) {
    case TRAJ_PREDICT_EPS:
        return eps;
    case TRAJ_PREDICT_X0:
        return start;
    case TRAJ_PREDICT_V:
        return signal * eps - noise * start;
    case TRAJ_PREDICT_SCORE:
        return -eps / noise;
    }
    TRAJ_ASSERT(false);
    return 0;
}
