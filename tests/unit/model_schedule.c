#include "../../src/model/noise_schedule.h"
#include "unit/check.h"
#include "unit/model_groups.h"
#include <math.h>

enum { KINDS = TRAJ_SCHEDULE_GEOMETRIC + 1, PREDICTIONS = TRAJ_PREDICT_SCORE + 1 };
static const int lengths[] = {50, 200, 1000};
static const double etas[] = {0, 0.3, 1};

/* The identities are exact; 1e-10 leaves room for roundings and for no wrong formula. */
static bool close_to(double value, double twin)
{
    return fabs(value - twin) <= 1e-10 * fabs(twin);
}

/* prod (1 - beta_i) for from < i <= to: what a sum of logarithms stands for. */
static long double kept(const traj_schedule *schedule, int from, int to)
{
    long double product = 1;
    for (int i = from + 1; i <= to; i++) product *= 1 - (long double)schedule->beta[i];
    return product;
}

typedef void check_pair(const traj_schedule *schedule, int k, int j);

/* Every schedule and length; k at both ends and in the middle; j next to k, halfway and 0. */
static void for_all(check_pair *check)
{
    static traj_schedule schedule;
    for (int kind = 0; kind < KINDS; kind++)
        for (int l = 0; l < 3; l++) {
            traj_schedule_init(&schedule, (traj_schedule_kind)kind, lengths[l]);
            const int ks[] = {1, 2, lengths[l] / 2, lengths[l] - 1, lengths[l]};
            for (int i = 0; i < 5; i++) {
                check(&schedule, ks[i], ks[i] - 1);
                check(&schedule, ks[i], ks[i] / 2);
                check(&schedule, ks[i], 0);
            }
        }
}

static void check_marginal(const traj_schedule *schedule, int k, int j)
{
    (void)j;
    const long double abar = kept(schedule, 0, k);
    assert_true(close_to(traj_schedule_signal(schedule, k), (double)sqrtl(abar)));
    assert_true(close_to(traj_schedule_noise(schedule, k), (double)sqrtl(1 - abar)));
}

static void marginals_are_products(void **state)
{
    (void)state;
    for_all(check_marginal);
}

/* q(y_j | y_k, y_0) ~ q(y_k | y_j) q(y_j | y_0) = N(y_k; r y_j, 1 - r^2) N(y_j; s y_0, n^2): the
 * precisions of y_j add, and so do the means times precisions. */
static void check_square(const traj_schedule *schedule, int k, int j)
{
    const traj_posterior p = traj_schedule_posterior(schedule, k, j, 1);
    if (j == 0) {
        assert_true(p.on_start == 1 && p.on_now == 0 && p.variance == 0);
        return;
    }
    const long double square = kept(schedule, j, k), abar = kept(schedule, 0, j);
    const long double variance = 1 / (square / (1 - square) + 1 / (1 - abar));
    assert_true(close_to(p.variance, (double)variance));
    assert_true(close_to(p.on_now, (double)(variance * sqrtl(square) / (1 - square))));
    assert_true(close_to(p.on_start, (double)(variance * sqrtl(abar) / (1 - abar))));
}

static void posterior_completes_the_square(void **state)
{
    (void)state;
    for_all(check_square);
}

/* Ho et al. 2020, eq. 7, for neighbours. */
static void check_ddpm(const traj_schedule *schedule, int k, int j)
{
    if (j != k - 1 || j == 0) return;
    const traj_posterior p = traj_schedule_posterior(schedule, k, j, 1);
    const double abar_k = (double)kept(schedule, 0, k), abar_j = (double)kept(schedule, 0, j);
    const double beta = schedule->beta[k];
    assert_true(close_to(p.on_start, sqrt(abar_j) * beta / (1 - abar_k)));
    assert_true(close_to(p.on_now, sqrt(1 - beta) * (1 - abar_j) / (1 - abar_k)));
    assert_true(close_to(p.variance, (1 - abar_j) / (1 - abar_k) * beta));
}

static void neighbours_are_ddpm(void **state)
{
    (void)state;
    for_all(check_ddpm);
}

/* y_k ~ N(s_k y_0, n_k^2) put through the step is y_j ~ N(s_j y_0, n_j^2), for every eta. */
static void check_kept_marginal(const traj_schedule *schedule, int k, int j)
{
    const double signal = traj_schedule_signal(schedule, j);
    const double noise = traj_schedule_noise(schedule, j);
    const double noise_k = traj_schedule_noise(schedule, k);
    for (int e = 0; e < 3; e++) {
        const traj_posterior p = traj_schedule_posterior(schedule, k, j, etas[e]);
        const double mean = p.on_start + p.on_now * traj_schedule_signal(schedule, k);
        assert_true(close_to(mean, signal));
        assert_true(close_to(p.variance + pow(p.on_now * noise_k, 2), noise * noise));
        const double full = traj_schedule_posterior(schedule, k, j, 1).variance;
        assert_true(close_to(p.variance, etas[e] * etas[e] * full));
    }
}

static void steps_keep_the_marginals(void **state)
{
    (void)state;
    for_all(check_kept_marginal);
}

/* Without noise the step keeps eps: y_j = s_j y_0 + n_j eps. */
static void check_ddim(const traj_schedule *schedule, int k, int j)
{
    const traj_posterior p = traj_schedule_posterior(schedule, k, j, 0);
    const double ratio = traj_schedule_noise(schedule, j) / traj_schedule_noise(schedule, k);
    const double start = traj_schedule_signal(schedule, j);
    assert_true(p.variance == 0 && close_to(p.on_now, ratio));
    /* a difference of about equal numbers, up to sqrt(abar): absolute */
    const double difference = start - ratio * traj_schedule_signal(schedule, k);
    assert_true(fabs(p.on_start - difference) <= 1e-12);
}

static void eta_zero_is_ddim(void **state)
{
    (void)state;
    for_all(check_ddim);
}

static void check_predictions(const traj_schedule *schedule, int k, int j)
{
    (void)j;
    const double start = 0.7, eps = -1.3;
    const double signal = traj_schedule_signal(schedule, k);
    const double noise = traj_schedule_noise(schedule, k), y = signal * start + noise * eps;
    for (int i = 0; i < PREDICTIONS; i++) {
        const traj_predict_kind kind = (traj_predict_kind)i;
        const double value = traj_predict_target(kind, signal, noise, start, eps);
        assert_true(close_to(traj_predicted_eps(kind, signal, noise, y, value), eps));
        assert_true(close_to(traj_predicted_start(kind, signal, noise, y, value), start));
    }
}

static void predictions_say_the_same(void **state)
{
    (void)state;
    for_all(check_predictions);
    /* and mean what their names say */
    assert_true(traj_predict_target(TRAJ_PREDICT_EPS, 0.6, 0.8, 2, 3) == 3);
    assert_true(traj_predict_target(TRAJ_PREDICT_X0, 0.6, 0.8, 2, 3) == 2);
    assert_true(close_to(traj_predict_target(TRAJ_PREDICT_V, 0.6, 0.8, 2, 3), 0.2));
    /* d/dy of -(y - 0.6 * 2)^2 / (2 * 0.8^2) at y = 0.6 * 2 + 0.8 * 3 */
    assert_true(close_to(traj_predict_target(TRAJ_PREDICT_SCORE, 0.6, 0.8, 2, 3), -3.75));
}

static void signal_to_noise_falls(void **state)
{
    (void)state;
    static traj_schedule schedule;
    const int steps[] = {1, 2, 3, 10, 50, 200, 1000};
    for (int kind = 0; kind < KINDS; kind++)
        for (int l = 0; l < 7; l++) {
            traj_schedule_init(&schedule, (traj_schedule_kind)kind, steps[l]);
            assert_true(schedule.steps == steps[l] && schedule.log_abar[0] == 0);
            double last = INFINITY;
            for (int k = 1; k <= steps[l]; k++) {
                const double signal = traj_schedule_signal(&schedule, k);
                const double ratio = signal / traj_schedule_noise(&schedule, k);
                assert_true(schedule.beta[k] > 0 && schedule.beta[k] <= 0.999);
                assert_true(ratio > 0 && ratio < last);
                last = ratio;
            }
        }
}

/* f(k) / f(0) with f = cos^2, as Nichol & Dhariwal define it; only beta_K is cut at 0.999. */
static void cosine_is_its_definition(void **state)
{
    (void)state;
    static traj_schedule schedule;
    for (int l = 0; l < 3; l++) {
        const int steps = lengths[l];
        traj_schedule_init(&schedule, TRAJ_SCHEDULE_COSINE, steps);
        const double start = cos(0.008 / 1.008 * acos(0));
        for (int k = 1; k < steps; k++) {
            const double now = cos(((double)k / steps + 0.008) / 1.008 * acos(0));
            assert_true(close_to(traj_schedule_signal(&schedule, k), now / start));
        }
        assert_true(schedule.beta[steps] == 0.999);
    }
}

typedef struct shape {
    traj_schedule_kind kind;
    double first, middle, last; /* beta of steps 1, 500 and 501 on average, 1000 */
} shape;

static void betas_have_their_shapes(void **state)
{
    (void)state;
    static traj_schedule schedule;
    const double low = 1e-4, high = 0.02, tail = 1 / (1 + exp(6));
    const shape shapes[] = {
        {TRAJ_SCHEDULE_LINEAR, low, (low + high) / 2, high},
        {TRAJ_SCHEDULE_QUAD, low, pow((sqrt(low) + sqrt(high)) / 2, 2), high},
        {TRAJ_SCHEDULE_SIGMOID, low + (high - low) * tail, (low + high) / 2,
         high - (high - low) * tail},
        {TRAJ_SCHEDULE_GEOMETRIC, low, sqrt(low * high), high},
    };
    for (int i = 0; i < 4; i++) {
        traj_schedule_init(&schedule, shapes[i].kind, 1000);
        const double middle = (schedule.beta[500] + schedule.beta[501]) / 2;
        assert_true(close_to(schedule.beta[1], shapes[i].first));
        /* the mean of two neighbours stands for the point between them: second order in 1/1000 */
        assert_true(fabs(middle / shapes[i].middle - 1) < 1e-5);
        assert_true(close_to(schedule.beta[1000], shapes[i].last));
        traj_schedule_init(&schedule, shapes[i].kind, 100);
        assert_true(close_to(schedule.beta[100], 10 * shapes[i].last));
    }
}

static traj_schedule ten;

static void step_behind_the_last(void)
{
    (void)traj_schedule_signal(&ten, 11);
}

static void posterior_forward(void)
{
    (void)traj_schedule_posterior(&ten, 3, 3, 1);
}

static void eta_above_one(void)
{
    (void)traj_schedule_posterior(&ten, 3, 2, 1.1);
}

static void too_many_steps(void)
{
    traj_schedule_init(&ten, TRAJ_SCHEDULE_LINEAR, TRAJ_MAX_DIFFUSION_STEPS + 1);
}

static void mistakes_abort(void **state)
{
    (void)state;
    traj_schedule_init(&ten, TRAJ_SCHEDULE_LINEAR, 10);
    assert_true(check_aborts(step_behind_the_last));
    assert_true(check_aborts(posterior_forward));
    assert_true(check_aborts(eta_above_one));
    assert_true(check_aborts(too_many_steps));
}

int test_noise_schedule(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(marginals_are_products),
        cmocka_unit_test(posterior_completes_the_square),
        cmocka_unit_test(neighbours_are_ddpm),
        cmocka_unit_test(steps_keep_the_marginals),
        cmocka_unit_test(eta_zero_is_ddim),
        cmocka_unit_test(predictions_say_the_same),
        cmocka_unit_test(signal_to_noise_falls),
        cmocka_unit_test(cosine_is_its_definition),
        cmocka_unit_test(betas_have_their_shapes),
    };
    return cmocka_run_group_tests_name("model: noise schedule", tests, NULL, NULL);
}
