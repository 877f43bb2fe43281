#include "traj/nn/output.h"
#include "unit/nn_check.h"
#include "unit/nn_groups.h"

enum { DIAGONAL, BIVARIATE, MIXTURE, KINDS, PART = 7, MOST_WIDTH = 3 * PART };
static const double sd_floor = 1e-3;
static const double pi = 3.14159265358979323846;

static const traj_output outputs[KINDS] = {
    {DIAGONAL, 1, TRAJ_R(1e-3)}, {BIVARIATE, 1, TRAJ_R(1e-3)}, {MIXTURE, 3, TRAJ_R(1e-3)}};

/* Ordinary parameters of each kind. */
static const traj_real usual[KINDS][MOST_WIDTH] = {
    {TRAJ_R(0.3), TRAJ_R(-0.4), TRAJ_R(0.5), TRAJ_R(-0.5)},
    {TRAJ_R(0.3), TRAJ_R(-0.4), TRAJ_R(0.5), TRAJ_R(-0.5), TRAJ_R(0.8)},
    /* clang-format off */
    {TRAJ_R(0.2), 1, 0, 0, TRAJ_R(-0.3), TRAJ_R(0.7), TRAJ_R(-0.6),
     TRAJ_R(-0.5), -1, TRAJ_R(0.5), TRAJ_R(-0.2), TRAJ_R(0.3), TRAJ_R(-0.9), TRAJ_R(0.2),
     TRAJ_R(0.4), TRAJ_R(0.2), TRAJ_R(-0.8), TRAJ_R(0.1), TRAJ_R(0.1), 0, 0}
    /* clang-format on */
};
static const traj_real no_skip[2] = {0, 0};

/* raw and x are read only, but views have no const. */
static traj_real nll_of(const traj_output *output, const traj_real *raw, const traj_real x[2])
{
    traj_real copy[MOST_WIDTH], at[2] = {x[0], x[1]}, nll;
    const traj_real one = 1;
    const int width = traj_output_width(output);
    for (int k = 0; k < width; k++) copy[k] = raw[k];
    traj_output_forward(output, &nll, traj_mat_view(copy, 1, width), traj_mat_view(at, 1, 2),
                        (traj_mat){0}, &one);
    return nll;
}

/* p(x) of a bivariate Gaussian by its inverse covariance matrix. */
static double twin_density(const traj_real *raw, double rho, const double x[2])
{
    const double sd_1 = nn_softplus((double)raw[2]) + sd_floor;
    const double sd_2 = nn_softplus((double)raw[3]) + sd_floor;
    const double a = sd_1 * sd_1, b = rho * sd_1 * sd_2, c = sd_2 * sd_2, det = a * c - b * b;
    const double d_1 = x[0] - (double)raw[0], d_2 = x[1] - (double)raw[1];
    const double form = (c * d_1 * d_1 - 2 * b * d_1 * d_2 + a * d_2 * d_2) / det;
    return exp(-form / 2) / (2 * pi * sqrt(det));
}

/* Of x less the skip: a mixture's component carries the skip on by its last number. */
static double twin(int kind, const traj_real *raw, const double x[2], const traj_real skip[2])
{
    if (kind == DIAGONAL) return twin_density(raw, 0, x);
    if (kind == BIVARIATE) return twin_density(raw, 0.999 * tanh((double)raw[4]), x);
    double sum = 0, weights = 0;
    for (int g = 0; g < 3; g++) {
        const traj_real *const part = raw + PART * g;
        const double weight = exp((double)part[0]), carry = (double)part[6];
        const double seen[2] = {x[0] - carry * (double)skip[0], x[1] - carry * (double)skip[1]};
        weights += weight;
        sum += weight * twin(BIVARIATE, part + 1, seen, no_skip);
    }
    return sum / weights;
}

static void nll_is_the_formula(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++)
        for (int c = 0; c < 200; c++) {
            traj_real raw[MOST_WIDTH], x[2];
            nn_fill(raw, MOST_WIDTH, 1, (uint32_t)(10 + c));
            nn_fill(x, 2, 1, (uint32_t)(1000 + c));
            const double at[2] = {(double)x[0], (double)x[1]};
            assert_true(
                nn_close(nll_of(&outputs[kind], raw, x), -log(twin(kind, raw, at, no_skip))));
        }
}

static void weight_and_skip(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        const traj_output *const output = &outputs[kind];
        const int width = traj_output_width(output);
        traj_real raw[3 * MOST_WIDTH], x[6], skip[6], nll[3];
        const traj_real weight[3] = {1, 0, TRAJ_R(0.5)};
        nn_fill(raw, (size_t)(3 * width), 1, 1);
        nn_fill(x, 6, 1, 2);
        nn_fill(skip, 6, 1, 3);
        for (int k = 0; k < width; k++) raw[width + k] = TRAJ_R(NAN);
        traj_output_forward(output, nll, traj_mat_view(raw, 3, width), traj_mat_view(x, 3, 2),
                            traj_mat_view(skip, 3, 2), weight);
        assert_true(nll[1] == 0);
        for (int r = 0; r < 3; r += 2) {
            const double centred[2] = {(double)x[2 * r] - (double)skip[2 * r],
                                       (double)x[2 * r + 1] - (double)skip[2 * r + 1]};
            const double density = twin(kind, raw + r * width, centred, skip + 2 * r);
            assert_true(nn_close(nll[r], -(double)weight[r] * log(density)));
        }
    }
}

static void mixture_of_one_is_bivariate(void **state)
{
    (void)state;
    const traj_output one = {MIXTURE, 1, TRAJ_R(1e-3)};
    for (int c = 0; c < 50; c++) {
        traj_real raw[PART], x[2];
        nn_fill(raw, PART, 2, (uint32_t)c);
        nn_fill(x, 2, 2, (uint32_t)(500 + c));
        assert_true(
            nn_close(nll_of(&one, raw, x), (double)nll_of(&outputs[BIVARIATE], raw + 1, x)));
    }
}

/* What the head says with weights of zero: a start that fits neither nothing nor everything. */
static void first_bias_spreads_the_deviations(void **state)
{
    (void)state;
    const traj_output mixture = {MIXTURE, 3, TRAJ_R(1e-3)};
    traj_real bias[3 * PART], single[5];
    nn_fill(bias, 3 * PART, 9, 1); /* whatever was there is overwritten */
    traj_output_init(&mixture, bias);
    traj_output_init(&outputs[BIVARIATE], single);
    const double sd[3] = {0.02, sqrt(0.02), 1};
    for (int g = 0; g < 3; g++) {
        const traj_real *const b = bias + PART * g;
        assert_true(b[0] == 0 && b[1] == 0 && b[2] == 0 && b[5] == 0 && b[6] == 0);
        for (int k = 3; k < 5; k++) assert_true(fabs(log1p(exp((double)b[k])) - sd[g]) < 1e-5);
    }
    assert_true(fabs(log1p(exp((double)single[2])) - 0.2) < 1e-5);
}

/* A sum over a grid much finer than the narrowest standard deviation, over more than 8 of the
 * widest. */
static void density_integrates_to_one(void **state)
{
    (void)state;
    enum { CELLS = 300 };
    const double width = 20, step = width / CELLS;
    for (int kind = 0; kind < KINDS; kind++) {
        double sum = 0;
        for (int i = 0; i < CELLS * CELLS; i++) {
            const traj_real x[2] = {TRAJ_R((i % CELLS + 0.5) * step - width / 2),
                                    TRAJ_R((i / CELLS + 0.5) * step - width / 2)};
            sum += exp(-(double)nll_of(&outputs[kind], usual[kind], x)) * step * step;
        }
        assert_true(fabs(sum - 1) < 1e-5);
    }
}

/* Mean and second moments about it: xx, xy, yy. */
typedef struct moments {
    double mean[2], second[3];
} moments;

static moments twin_moments(int kind, const traj_real *raw, const traj_real skip[2])
{
    if (kind != MIXTURE) {
        const double rho = kind == DIAGONAL ? 0 : 0.999 * tanh((double)raw[4]);
        const double sd[2] = {nn_softplus((double)raw[2]) + sd_floor,
                              nn_softplus((double)raw[3]) + sd_floor};
        return (moments){{(double)raw[0], (double)raw[1]},
                         {sd[0] * sd[0], rho * sd[0] * sd[1], sd[1] * sd[1]}};
    }
    double weights = 0, about_zero[3] = {0};
    moments all = {0};
    for (int g = 0; g < 3; g++) weights += exp((double)raw[PART * g]);
    for (int g = 0; g < 3; g++) {
        moments part = twin_moments(BIVARIATE, raw + PART * g + 1, no_skip);
        const double share = exp((double)raw[PART * g]) / weights;
        for (int k = 0; k < 2; k++) part.mean[k] += (double)raw[PART * g + 6] * (double)skip[k];
        for (int k = 0; k < 2; k++) all.mean[k] += share * part.mean[k];
        for (int k = 0; k < 3; k++)
            about_zero[k] += share * (part.second[k] + part.mean[k / 2] * part.mean[(k + 1) / 2]);
    }
    for (int k = 0; k < 3; k++)
        all.second[k] = about_zero[k] - all.mean[k / 2] * all.mean[(k + 1) / 2];
    return all;
}

enum { DRAWS = 100000, BLOCK = 1000 };

/* Draws relative to the skip, [DRAWS,2]. */
static void draw(int kind, traj_real *x, const traj_real skip[2])
{
    static traj_real raw[BLOCK * MOST_WIDTH], normal[BLOCK * 2], uniform[BLOCK], skips[BLOCK * 2];
    const int width = traj_output_width(&outputs[kind]);
    const traj_noise noise[2] = {{8, TRAJ_STREAM_TEST, 0}, {8, TRAJ_STREAM_TEST, 1}};
    for (int r = 0; r < BLOCK; r++) {
        for (int k = 0; k < width; k++) raw[r * width + k] = usual[kind][k];
        for (int k = 0; k < 2; k++) skips[2 * r + k] = skip[k];
    }
    for (uint32_t block = 0; block < DRAWS / BLOCK; block++) {
        traj_noise_normal_rows(&noise[0], block, 0, BLOCK, normal, 2);
        for (uint32_t r = 0; r < BLOCK; r++)
            traj_noise_uniform(&noise[1], block, 0, r, &uniform[r], 1);
        traj_output_sample(&outputs[kind], traj_mat_view(x + (size_t)block * BLOCK * 2, BLOCK, 2),
                           traj_mat_view(raw, BLOCK, width), traj_mat_view(skips, BLOCK, 2),
                           traj_mat_view(normal, BLOCK, 2), uniform);
    }
}

/* Averages of 1e5 draws lie within 5 standard errors. A product of two Gaussian deviations has a
 * variance of at most 2 sd^2 sd^2; a mixture's is allowed 3. */
static void samples_have_the_moments(void **state)
{
    (void)state;
    static traj_real x[DRAWS * 2];
    const traj_real skip[2] = {2, -3};
    for (int kind = 0; kind < KINDS; kind++) {
        const moments expected = twin_moments(kind, usual[kind], skip);
        moments found = {0};
        draw(kind, x, skip);
        for (int i = 0; i < DRAWS; i++) {
            const double d[2] = {
                (double)x[2 * i] - (double)skip[0] - expected.mean[0],
                (double)x[2 * i + 1] - (double)skip[1] - expected.mean[1],
            };
            for (int k = 0; k < 2; k++) found.mean[k] += d[k] / DRAWS;
            for (int k = 0; k < 3; k++) found.second[k] += d[k / 2] * d[(k + 1) / 2] / DRAWS;
        }
        const double sd[2] = {sqrt(expected.second[0]), sqrt(expected.second[2])};
        for (int k = 0; k < 2; k++) assert_true(fabs(found.mean[k]) < 5 * sd[k] / sqrt(DRAWS));
        for (int k = 0; k < 3; k++)
            assert_true(fabs(found.second[k] - expected.second[k]) <
                        5 * sqrt(3) * sd[k / 2] * sd[(k + 1) / 2] / sqrt(DRAWS));
    }
}

/* -E log p over draws is the entropy, which for a Gaussian is known: the sampler and the density
 * agree. */
static void samples_have_the_entropy(void **state)
{
    (void)state;
    static traj_real x[DRAWS * 2];
    const traj_real none[2] = {0, 0};
    for (int kind = DIAGONAL; kind <= BIVARIATE; kind++) {
        const moments m = twin_moments(kind, usual[kind], none);
        const double det = m.second[0] * m.second[2] - m.second[1] * m.second[1];
        double mean = 0;
        draw(kind, x, none);
        for (int i = 0; i < DRAWS; i++)
            mean += (double)nll_of(&outputs[kind], usual[kind], x + 2 * i) / DRAWS;
        /* -log p has variance 1: half a chi-square of two degrees of freedom */
        assert_true(fabs(mean - (log(2 * pi) + 1 + log(det) / 2)) < 5 / sqrt(DRAWS));
    }
}

static void mean_is_the_mean(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        const int width = traj_output_width(&outputs[kind]);
        traj_real raw[MOST_WIDTH], x[2], skip[2] = {5, -6};
        const moments expected = twin_moments(kind, usual[kind], skip);
        for (int k = 0; k < width; k++) raw[k] = usual[kind][k];
        traj_output_mean(&outputs[kind], traj_mat_view(x, 1, 2), traj_mat_view(raw, 1, width),
                         traj_mat_view(skip, 1, 2));
        for (int k = 0; k < 2; k++) assert_true(nn_close(x[k], expected.mean[k] + (double)skip[k]));
    }
}

/* Any row of raw made of extreme numbers: the loss and its gradient stay finite. */
static void extreme_raw_stays_finite(void **state)
{
    (void)state;
    const traj_real extreme[] = {-1000, -50, 0, 50, 1000}, one = 1;
    const traj_noise noise = {2, TRAJ_STREAM_TEST, 0};
    for (int kind = 0; kind < KINDS; kind++)
        for (uint32_t c = 0; c < 5000; c++) {
            const int width = traj_output_width(&outputs[kind]);
            traj_real raw[MOST_WIDTH], d_raw[MOST_WIDTH], x[2] = {1, -1}, nll;
            traj_noise_uniform(&noise, c, 0, 0, raw, MOST_WIDTH);
            for (int k = 0; k < width; k++) raw[k] = extreme[(int)(5 * raw[k])];
            const traj_mat view = traj_mat_view(raw, 1, width), at = traj_mat_view(x, 1, 2);
            traj_output_forward(&outputs[kind], &nll, view, at, (traj_mat){0}, &one);
            traj_output_backward(&outputs[kind], traj_mat_view(d_raw, 1, width), view, at,
                                 (traj_mat){0}, &one);
            assert_true(isfinite(nll));
            for (int k = 0; k < width; k++) assert_true(isfinite(d_raw[k]));
        }
}

/* However small s is, sd is the floor: the density at the mean is that of the floor. */
static void floor_holds(void **state)
{
    (void)state;
    const traj_real extreme[] = {-20, -50, -1000}, zero[2] = {0, 0};
    for (int c = 0; c < 3; c++) {
        const traj_real raw[4] = {0, 0, extreme[c], extreme[c]};
        const double sd = nn_softplus((double)extreme[c]) + sd_floor;
        const double expected = log(2 * pi) + 2 * log(sd);
        assert_true(nn_close(nll_of(&outputs[DIAGONAL], raw, zero), expected));
        const traj_real with_rho[5] = {0, 0, extreme[c], extreme[c], 0};
        assert_true(nn_close(nll_of(&outputs[BIVARIATE], with_rho, zero), expected));
    }
}

static void unknown_kind(void)
{
    const traj_output output = {KINDS, 1, 0};
    traj_output_width(&output);
}

static void wrong_width(void)
{
    traj_real raw[6] = {0}, x[2] = {0}, nll;
    const traj_real one = 1;
    traj_output_forward(&outputs[DIAGONAL], &nll, traj_mat_view(raw, 1, 5), traj_mat_view(x, 1, 2),
                        (traj_mat){0}, &one);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(unknown_kind));
    assert_true(check_aborts(wrong_width));
}

int test_output(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(nll_is_the_formula),
        cmocka_unit_test(weight_and_skip),
        cmocka_unit_test(mixture_of_one_is_bivariate),
        cmocka_unit_test(first_bias_spreads_the_deviations),
        cmocka_unit_test(density_integrates_to_one),
        cmocka_unit_test(samples_have_the_moments),
        cmocka_unit_test(samples_have_the_entropy),
        cmocka_unit_test(mean_is_the_mean),
        cmocka_unit_test(extreme_raw_stays_finite),
        cmocka_unit_test(floor_holds),
    };
    return cmocka_run_group_tests_name("nn: output distributions", tests, NULL, NULL);
}
