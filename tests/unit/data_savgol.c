/* Savitzky-Golay against answers that are known: polynomials, and a textbook's coefficients. */
#include "data_groups.h"

#include "traj/base/noise.h"
#include "traj/data/savgol.h"

#include <math.h>

static void draw(uint32_t number, double *out, size_t count)
{
    const traj_noise noise = {11, TRAJ_STREAM_TEST, number};
    for (size_t t = 0; t < count; t++) {
        traj_real normal;
        traj_noise_normal(&noise, 0, (uint32_t)t, 0, &normal, 1);
        out[t] = (double)normal;
    }
}

/* Savitzky & Golay 1964, table I: five points, quadratic or cubic. */
static void coefficients_are_the_published_ones(void **state)
{
    (void)state;
    static const double published[] = {-3, 12, 17, 12, -3};
    traj_savgol filter;
    for (int order = 2; order <= 3; order++) {
        traj_savgol_init(&filter, 5, order);
        for (int i = 0; i < 5; i++)
            assert_true(fabs(traj_savgol_weight(&filter, 2, i) - published[i] / 35) < 1e-15);
    }
}

static double polynomial(int degree, double t)
{
    double value = 1;
    for (int k = 0; k < degree; k++) value = value * t / 10 - 0.3;
    return value;
}

/* The largest error on a polynomial of that degree, ends included. */
static double error_on(const traj_savgol *filter, int degree)
{
    enum { FRAMES = 40 };
    double z[FRAMES], smooth[FRAMES], worst = 0;
    for (int t = 0; t < FRAMES; t++) z[t] = polynomial(degree, t);
    traj_savgol_run(filter, z, FRAMES, smooth);
    for (int t = 0; t < FRAMES; t++) worst = fmax(worst, fabs(z[t] - smooth[t]));
    return worst;
}

static void polynomials_up_to_the_order_stay(void **state)
{
    (void)state;
    for (int order = 0; order <= TRAJ_SAVGOL_ORDER; order++)
        for (int window = order + 2 - (order + 1) % 2; window <= 39; window += 4) {
            traj_savgol filter;
            traj_savgol_init(&filter, window, order);
            for (int degree = 0; degree <= order; degree++)
                assert_true(error_on(&filter, degree) < 1e-10);
            if (window > order + 1) assert_true(error_on(&filter, order + 1) > 1e-6);
        }
}

static void short_tracks_take_a_shorter_window(void **state)
{
    (void)state;
    const double z[] = {0, 1, 4, 9, 16, 25}, bent[] = {0, 5, 0};
    double smooth[6];
    traj_savgol filter;
    traj_savgol_init(&filter, 21, 2);
    traj_savgol_run(&filter, z, 6, smooth);
    for (int t = 0; t < 6; t++) assert_true(fabs(smooth[t] - z[t]) < 1e-12);
    traj_savgol_run(&filter, bent, 2, smooth);
    assert_memory_equal(smooth, bent, 2 * sizeof *bent);
    traj_savgol_run(&filter, bent, 0, smooth);
}

/* On a line all but the line is noise, so the widest window is best; what jumps from frame to
 * frame by far more than the noise is no noise. */
static void the_window_follows_from_the_noise(void **state)
{
    (void)state;
    enum { FRAMES = 400 };
    double z[2 * FRAMES], scratch[FRAMES];
    draw(1, z, 2 * FRAMES);
    for (int t = 0; t < FRAMES; t++) z[t] += t;
    assert_true(traj_savgol_choose(z, 2, FRAMES, 2, 1, scratch) >= 41);
    assert_int_equal(traj_savgol_choose(z, 2, FRAMES, 2, 0.01, scratch), 5 - 2);
}

int data_savgol_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coefficients_are_the_published_ones),
        cmocka_unit_test(polynomials_up_to_the_order_stay),
        cmocka_unit_test(short_tracks_take_a_shorter_window),
        cmocka_unit_test(the_window_follows_from_the_noise),
    };
    return cmocka_run_group_tests_name("data: Savitzky-Golay", tests, NULL, NULL);
}
