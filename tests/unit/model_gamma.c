#include "../../src/model/gamma.h"
#include "unit/check.h"
#include "unit/model_groups.h"
#include <float.h>
#include <math.h>
#include <string.h>

enum { KINDS = TRAJ_GAMMA_MONOTONE + 1, SIZE = 3 * TRAJ_GAMMA_UNITS + 3 };

typedef struct fixture {
    traj_layout layout;
    traj_gamma gamma;
    traj_real data[SIZE], gradient[SIZE];
    traj_params params, grads;
} fixture;

static void fixture_init(fixture *f, traj_gamma_kind kind)
{
    memset(f, 0, sizeof *f);
    f->gamma = traj_gamma_declare(&f->layout, kind);
    assert_true(f->layout.size <= SIZE);
    f->params = (traj_params){&f->layout, f->data};
    f->grads = (traj_params){&f->layout, f->gradient};
}

/* Normal numbers of standard deviation 3, in steps of 2^-12: a difference quotient may add steps of
 * 2^-7 to them without a rounding, in float, too. */
static void draw(fixture *f, uint32_t which)
{
    const traj_noise noise = {11, TRAJ_STREAM_TEST, which};
    for (size_t i = 0; i < f->layout.size; i += TRAJ_GAMMA_UNITS) {
        const size_t left = f->layout.size - i;
        const size_t n = left < TRAJ_GAMMA_UNITS ? left : TRAJ_GAMMA_UNITS;
        traj_noise_normal(&noise, 0, (uint32_t)i, 0, f->data + i, n);
    }
    for (size_t i = 0; i < f->layout.size; i++)
        f->data[i] = TRAJ_R(rint(3 * 4096 * (double)f->data[i]) / 4096);
}

static double softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static double value_at(const fixture *f, double t)
{
    return traj_gamma_at(&f->gamma, f->params, t).value;
}

/* gamma and SNR = exp(-gamma) are strictly monotone whatever the parameters, the end points exact:
 * equal bits, not nearly. */
static void random_gammas_increase(void **state)
{
    (void)state;
    enum { DRAWS = 1000, TIMES = 16 };
    static fixture f;
    for (int kind = 0; kind < KINDS; kind++) {
        fixture_init(&f, (traj_gamma_kind)kind);
        for (uint32_t i = 0; i < (kind == TRAJ_GAMMA_FIXED ? 1 : DRAWS); i++) {
            draw(&f, i);
            double before = -INFINITY;
            for (int k = 0; k <= TIMES; k++) {
                const traj_gamma_value now = traj_gamma_at(&f.gamma, f.params, (double)k / TIMES);
                assert_true(now.value > before && now.slope > 0);
                before = now.value;
            }
            const bool fixed = kind == TRAJ_GAMMA_FIXED;
            const double first = fixed ? f.gamma.first : (double)f.data[0];
            const double last = fixed ? f.gamma.last : first + softplus((double)f.data[1]);
            assert_true(value_at(&f, 0) == first && value_at(&f, 1) == last);
        }
    }
}

static void training_starts_nearly_linear(void **state)
{
    (void)state;
    static fixture f;
    for (int kind = 0; kind < KINDS; kind++) {
        fixture_init(&f, (traj_gamma_kind)kind);
        traj_gamma_init(&f.gamma, f.params, 5);
        for (int k = 0; k <= 100; k++) {
            const traj_gamma_value now = traj_gamma_at(&f.gamma, f.params, k / 100.0);
            const double tolerance = kind == TRAJ_GAMMA_MONOTONE ? 0.07 : 4e-6; /* of float ends */
            assert_true(fabs(now.value - (-13.3 + 23.3 * k / 100)) < tolerance);
            assert_true(fabs(now.slope / 23.3 - 1) < 0.1);
        }
    }
}

/* Times from 0.1 to 0.9, because the quotient looks to both sides. */
static void slope_is_the_difference_quotient(void **state)
{
    (void)state;
    static fixture f;
    const double h = 1e-3;
    for (int kind = 0; kind < KINDS; kind++) {
        fixture_init(&f, (traj_gamma_kind)kind);
        draw(&f, 1);
        for (double t = 0.1; t < 0.95; t += 0.1) {
            const double near = value_at(&f, t + h) - value_at(&f, t - h);
            const double far = value_at(&f, t + 2 * h) - value_at(&f, t - 2 * h);
            const double quotient = (8 * near - far) / (12 * h);
            const double slope = traj_gamma_at(&f.gamma, f.params, t).slope;
            /* the quotient's own error: h^4, and roundings of 1e-15 / h */
            assert_true(fabs(slope / quotient - 1) < 1e-9);
        }
    }
}

static double loss(const fixture *f, double t, traj_gamma_value weight)
{
    const traj_gamma_value at = traj_gamma_at(&f->gamma, f->params, t);
    return weight.value * at.value + weight.slope * at.slope;
}

/* Central differences of fourth order. */
static double quotient(fixture *f, size_t i, double t, traj_gamma_value weight)
{
    const traj_real h = TRAJ_R(0x1p-7), old = f->data[i];
    const int steps[] = {-2, -1, 1, 2}, factors[] = {1, -8, 8, -1};
    double sum = 0;
    for (int k = 0; k < 4; k++) {
        f->data[i] = old + TRAJ_R(steps[k]) * h;
        sum += factors[k] * loss(f, t, weight);
    }
    f->data[i] = old;
    return sum / (12 * (double)h);
}

/* The end points' gradient is of one loss, the inner parameters' of another; two calls add up. */
static void gradient_is_the_difference_quotient(void **state)
{
    (void)state;
    static fixture f;
    const double times[] = {0, 0.3, 0.85, 1};
    const traj_gamma_value ends = {0.7, -0.4}, inner = {-1.1, 0.6};
    for (int kind = TRAJ_GAMMA_LINEAR; kind < KINDS; kind++) {
        fixture_init(&f, (traj_gamma_kind)kind);
        draw(&f, 2);
        for (int k = 0; k < 4; k++) {
            memset(f.gradient, 0, sizeof f.gradient);
            traj_gamma_gradient(&f.gamma, f.params, f.grads, times[k], ends, inner);
            traj_gamma_gradient(&f.gamma, f.params, f.grads, times[k], ends, inner);
            /* ends, slope and every 37th of the units' parameters */
            for (size_t i = 0; i < f.layout.size; i += i < 3 ? 1 : 37) {
                const double twin = 2 * quotient(&f, i, times[k], i < 2 ? ends : inner);
                /* h^4 and 1e-15 / h of a loss of about 10 */
                assert_true(fabs((double)f.gradient[i] - twin) <= 1e-6 * fabs(twin) + 1e-11);
            }
        }
    }
}

static void fixed_has_nothing_to_learn(void **state)
{
    (void)state;
    static fixture f;
    fixture_init(&f, TRAJ_GAMMA_FIXED);
    assert_true(f.layout.count == 0);
    traj_gamma_init(&f.gamma, f.params, 5);
    const traj_gamma_value one = {1, 1};
    traj_gamma_gradient(&f.gamma, f.params, f.grads, 0.5, one, one);
    for (int i = 0; i < SIZE; i++) assert_true(f.gradient[i] == 0);
}

static bool close_to(double value, long double twin)
{
    return fabs(value - (double)twin) <= 1e-10 * fabs((double)twin);
}

/* As for ddpm, q(z_t | z_s) q(z_s | x) completed to a square, with u = sigma_s^2 / alpha_s^2 and
 * sigma_{t|s}^2 = 1 - (1 + u) / (1 + v) = (v - u) / (1 + v), v - u = u expm1(gamma_t - gamma_s). */
static void check_between(double gamma_s, double gamma_t)
{
    const long double step = (long double)gamma_t - (long double)gamma_s;
    const long double u = expl((long double)gamma_s), v = expl((long double)gamma_t);
    const long double square = (1 + u) / (1 + v), added = u * expm1l(step) / (1 + v);
    const long double alpha = 1 / sqrtl(1 + u), sigma_square = u / (1 + u);
    const long double variance = 1 / (square / added + 1 / sigma_square);
    const traj_gamma_posterior p = traj_gamma_between(gamma_s, gamma_t);
    assert_true(close_to(p.variance, variance));
    assert_true(close_to(p.on_now, variance * sqrtl(square) / added));
    assert_true(close_to(p.on_start, variance * alpha / sigma_square));
    /* the marginal at t becomes that at s */
    const long double on_now = p.on_now;
    assert_true(close_to((double)(p.on_start + on_now / sqrtl(1 + v)), alpha));
    assert_true(close_to((double)(p.variance + on_now * on_now * v / (1 + v)), sigma_square));
}

static void posterior_completes_the_square(void **state)
{
    (void)state;
    const double from[] = {-30, -13.3, -5, -0.1, 0, 2, 5, 30};
    const double steps[] = {1e-9, 1e-6, 1e-3, 0.1, 1, 10, 23.3};
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < 7; k++) check_between(from[i], from[i] + steps[k]);
}

static void backwards(void)
{
    (void)traj_gamma_between(1, 0.5);
}

static void time_outside(void)
{
    static fixture f;
    f.gamma = traj_gamma_declare(&f.layout, TRAJ_GAMMA_FIXED);
    (void)traj_gamma_at(&f.gamma, f.params, 1.01);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(backwards));
    assert_true(check_aborts(time_outside));
}

int test_gamma(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(random_gammas_increase),
        cmocka_unit_test(training_starts_nearly_linear),
        cmocka_unit_test(slope_is_the_difference_quotient),
        cmocka_unit_test(gradient_is_the_difference_quotient),
        cmocka_unit_test(fixed_has_nothing_to_learn),
        cmocka_unit_test(posterior_completes_the_square),
    };
    return cmocka_run_group_tests_name("model: gamma", tests, NULL, NULL);
}
