/* Smoothers against answers that are known: polynomials, a textbook's coefficients, and the
 * posterior of a Gaussian written out in full. */
#include "gen_groups.h"

#include "traj/base/memory.h"
#include "traj/base/noise.h"
#include "traj/gen/smooth.h"

#include <math.h>
#include <string.h>

static void draw(uint32_t number, double *out, size_t count)
{
    const traj_noise noise = {11, TRAJ_STREAM_TEST, number};
    for (size_t t = 0; t < count; t++) {
        traj_real normal;
        traj_noise_normal(&noise, 0, (uint32_t)t, 0, &normal, 1);
        out[t] = (double)normal;
    }
}

static void gaps_are_filled_by_straight_lines(void **state)
{
    (void)state;
    double z[] = {NAN, 1, NAN, NAN, 4, 3, NAN, 1, NAN};
    const double filled[] = {1, 2, 3, 4, 3, 2, 1};
    traj_fill_gaps(z, 9);
    assert_true(isnan(z[0]) && isnan(z[8]));
    for (int t = 0; t < 7; t++) assert_true(fabs(z[t + 1] - filled[t]) < 1e-15);
    double nothing[] = {NAN, NAN};
    traj_fill_gaps(nothing, 2);
    assert_true(isnan(nothing[0]) && isnan(nothing[1]));
}

/* What an acceleration of 1 has made of p after h seconds. */
static long double response(const traj_kalman *kalman, long double h)
{
    const long double memory = kalman->memory_s;
    return memory > 0 ? memory * (h + memory * expm1l(-h / memory)) : h * h / 2;
}

/* Covariance of p_i and p_j under the smoother's own prior, by its definition: with h the time
 * from frame 0 and r the response, p = p_0 + h v_0 + r(h) a_0 + sqrt(q) int r(h - u) dW_u. The
 * integral by Simpson's rule. */
static long double prior_covariance(const traj_kalman *kalman, int i, int j)
{
    enum { PARTS = 1200 };
    const long double step = kalman->step_s, h = step * (i < j ? i : j), g = step * (i < j ? j : i);
    long double jerk = 0;
    for (int n = 0; n <= PARTS; n++) {
        const long double u = h * n / PARTS, weight = n % PARTS ? 2 + 2 * (n % 2) : 1;
        jerk += weight * response(kalman, h - u) * response(kalman, g - u) * h / (3 * PARTS);
    }
    return 1e4 + 1e2 * h * g + 1e2 * response(kalman, h) * response(kalman, g) +
           kalman->jerk * jerk;
}

/* Of z_i and z_j. */
static long double measured_covariance(const traj_kalman *kalman, int i, int j)
{
    const long double noise = kalman->noise_m;
    return prior_covariance(kalman, i, j) + (i == j ? noise * noise : 0);
}

enum { DENSE = 12 };

/* Gauss-Jordan: a <- a^-1; returns log |a|. Slow and obvious. */
static double invert(int size, long double a[DENSE][DENSE])
{
    long double log_determinant = 0;
    for (int p = 0; p < size; p++) {
        const long double pivot = a[p][p];
        log_determinant += logl(pivot);
        a[p][p] = 1;
        for (int j = 0; j < size; j++) a[p][j] /= pivot;
        for (int i = 0; i < size; i++) {
            const long double factor = a[i][p];
            if (i == p) continue;
            a[i][p] = 0;
            for (int j = 0; j < size; j++) a[i][j] -= factor * a[p][j];
        }
    }
    return (double)log_determinant;
}

static void check_posterior(double memory_s)
{
    const traj_kalman kalman = {.step_s = 0.1, .noise_m = 0.3, .jerk = 20, .memory_s = memory_s};
    double z[DENSE], mean[DENSE], sd[DENSE];
    int seen[DENSE], count = 0;
    draw(2, z, DENSE);
    z[3] = z[4] = z[9] = NAN;
    for (int t = 0; t < DENSE; t++)
        if (!isnan(z[t])) seen[count++] = t;
    long double inverse[DENSE][DENSE];
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            inverse[i][j] = measured_covariance(&kalman, seen[i], seen[j]);
    const double log_determinant = invert(count, inverse);
    assert_int_equal(traj_kalman_smooth(&kalman, z, DENSE, mean, sd, NULL), TRAJ_OK);
    long double square = 0;
    for (int t = 0; t < DENSE; t++) {
        long double weight[DENSE] = {0}, posterior_mean = 0;
        long double variance = prior_covariance(&kalman, t, t);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++)
                weight[i] += prior_covariance(&kalman, t, seen[j]) * inverse[j][i];
            posterior_mean += weight[i] * z[seen[i]];
        }
        /* var(p_t - sum_i w_i z_i), in which an error of the weights counts squared */
        for (int i = 0; i < count; i++) {
            variance -= 2 * weight[i] * prior_covariance(&kalman, t, seen[i]);
            for (int j = 0; j < count; j++)
                variance += weight[i] * weight[j] * measured_covariance(&kalman, seen[i], seen[j]);
        }
        assert_true(fabs(mean[t] - (double)posterior_mean) < 1e-9);
        assert_true(fabs(sd[t] - sqrt((double)variance)) < 1e-9);
    }
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) square += z[seen[i]] * inverse[i][j] * z[seen[j]];
    const double exact = -0.5 * ((double)square + log_determinant + count * log(2 * acos(-1)));
    assert_true(fabs(traj_kalman_log_likelihood(&kalman, z, DENSE) - exact) < 1e-9);
}

static void the_smoother_is_the_gaussian_posterior(void **state)
{
    (void)state;
    check_posterior(0);
    check_posterior(0.25);
    check_posterior(2);
}

static void a_forecast_is_a_track_without_an_end(void **state)
{
    (void)state;
    enum { SEEN = 12, AHEAD = 9 };
    for (int memory = 0; memory < 2; memory++) {
        const traj_kalman kalman = {0.1, 0.3, 20, 0.5 * memory};
        double z[SEEN + AHEAD], mean[SEEN + AHEAD], sd[SEEN + AHEAD], path[AHEAD];
        draw(5, z, SEEN);
        z[4] = NAN;
        for (int t = SEEN; t < SEEN + AHEAD; t++) z[t] = NAN;
        assert_int_equal(traj_kalman_smooth(&kalman, z, SEEN + AHEAD, mean, sd, NULL), TRAJ_OK);
        traj_kalman_forecast(&kalman, z, SEEN, AHEAD, path);
        for (int t = 0; t < AHEAD; t++) assert_true(fabs(path[t] - mean[SEEN + t]) < 1e-12);
    }
}

/* A track drawn from the model itself; at nodes of the grid the likelihood should find it within
 * one. */
static void the_jerk_is_found_by_likelihood(void **state)
{
    (void)state;
    enum { FRAMES = 600 };
    static double z[2 * FRAMES], noise[2 * FRAMES], kick[2 * FRAMES];
    const double h = 0.1;
    draw(3, noise, 2 * FRAMES);
    draw(4, kick, 2 * FRAMES);
    for (int decade = 0; decade <= 2; decade++) {
        const double jerk = pow(10, decade);
        for (int k = 0; k < 2; k++) {
            double p = 0, v = 0, a = 0;
            for (int t = 0; t < FRAMES; t++) {
                z[k * FRAMES + t] = p + 0.05 * noise[k * FRAMES + t];
                p += h * v + h * h / 2 * a;
                v += h * a;
                a += sqrt(jerk * h) * kick[k * FRAMES + t];
            }
        }
        const traj_kalman kalman = {.step_s = h, .noise_m = 0.05};
        const double found = traj_kalman_fit(&kalman, z, 2, FRAMES);
        assert_true(fabs(log10(found) - decade) < 0.51);
    }
}

/* Longer than any gap in play: the covariances grow by ten orders and must come back. */
static void a_long_gap_does_no_harm(void **state)
{
    (void)state;
    enum { FRAMES = 400 };
    double z[FRAMES], mean[FRAMES], sd[FRAMES];
    const traj_kalman kalman = {.step_s = 0.1, .noise_m = 0.1, .jerk = 100};
    for (int t = 0; t < FRAMES; t++) z[t] = t >= 100 && t < 300 ? NAN : 0.1 * t;
    assert_int_equal(traj_kalman_smooth(&kalman, z, FRAMES, mean, sd, NULL), TRAJ_OK);
    for (int t = 0; t < FRAMES; t++) {
        assert_true(fabs(mean[t] - 0.1 * t) < (isnan(z[t]) ? 0.5 : 0.01));
        assert_true(sd[t] > 0 && (isnan(z[t]) || sd[t] < 0.1));
    }
    assert_true(sd[200] > 1);
}

static void the_only_allocation_may_fail(void **state)
{
    (void)state;
    const traj_kalman kalman = {.step_s = 0.1, .noise_m = 0.1, .jerk = 100};
    const double z[] = {0, 1};
    double mean[2], sd[2];
    traj_alloc_fail_at(1);
    assert_int_equal(traj_kalman_smooth(&kalman, z, 2, mean, sd, NULL), TRAJ_E_MEMORY);
    traj_alloc_fail_at(0);
}

int gen_smooth_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_are_filled_by_straight_lines),
        cmocka_unit_test(the_smoother_is_the_gaussian_posterior),
        cmocka_unit_test(a_forecast_is_a_track_without_an_end),
        cmocka_unit_test(the_jerk_is_found_by_likelihood),
        cmocka_unit_test(a_long_gap_does_no_harm),
        cmocka_unit_test(the_only_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("gen: smoothers", tests, NULL, NULL);
}
