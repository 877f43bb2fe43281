#include "traj/num/vmath.h"
#include "unit/check.h"
#include "unit/num_groups.h"
#include "unit/ulp.h"

typedef void over_array(size_t n, const traj_real *x, traj_real *y);

static long double sigmoid_truth(long double x)
{
    return x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x));
}

static long double softplus_truth(long double x)
{
    return x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x));
}

/* The kernels compiled as the rest of this file: without the processor's fused operations, where
 * vmath.c may have them. Both must keep the bound. */
static void loop_exp(size_t n, const traj_real *x, traj_real *y)
{
    for (size_t i = 0; i < n; ++i) y[i] = traj_exp1(x[i]);
}

static void loop_log(size_t n, const traj_real *x, traj_real *y)
{
    for (size_t i = 0; i < n; ++i) y[i] = traj_log1(x[i]);
}

static void loop_tanh(size_t n, const traj_real *x, traj_real *y)
{
    for (size_t i = 0; i < n; ++i) y[i] = traj_tanh1(x[i]);
}

static void loop_sigmoid(size_t n, const traj_real *x, traj_real *y)
{
    for (size_t i = 0; i < n; ++i) y[i] = traj_sigmoid1(x[i]);
}

static void loop_softplus(size_t n, const traj_real *x, traj_real *y)
{
    for (size_t i = 0; i < n; ++i) y[i] = traj_softplus1(x[i]);
}

/* Bounds in ulp, as stated in num/vmath.h. */
static const struct {
    const char *name;
    over_array *array, *loop;
    long double (*truth)(long double);
    double bound;
} functions[] = {
    {"exp", traj_vexp, loop_exp, expl, 1.2},
    {"log", traj_vlog, loop_log, logl, 1.5},
    {"tanh", traj_vtanh, loop_tanh, tanhl, 3.0},
    {"sigmoid", traj_vsigmoid, loop_sigmoid, sigmoid_truth, 2.5},
    {"softplus", traj_vsoftplus, loop_softplus, softplus_truth, 2.2},
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0], POINTS = 1024 };

/* POINTS arguments of both signs spread over the numbers 2^exponent .. 2^(exponent+1). */
static void spread(traj_real *x, int exponent)
{
    for (int i = 0; i < POINTS; ++i) {
        double mantissa = 1 + (i + 0.618) / POINTS;
        double value = ldexp(mantissa, exponent);
        x[i] = (traj_real)(i % 2 ? -value : value);
    }
}

static void errors_keep_their_bounds_over_all_exponents(void **state)
{
    (void)state;
    traj_real x[POINTS], y[POINTS], y_loop[POINTS];
    for (int f = 0; f < FUNCTIONS; ++f) {
        const int lowest = 1 - TRAJ_EXPONENT_BIAS - TRAJ_MANTISSA_BITS;
        for (int exponent = lowest; exponent <= TRAJ_EXPONENT_BIAS; ++exponent) {
            spread(x, exponent);
            functions[f].array(POINTS, x, y);
            functions[f].loop(POINTS, x, y_loop);
            for (int i = 0; i < POINTS; ++i) {
                long double truth = functions[f].truth(x[i]);
                double error = fmax(ulp_error(y[i], truth), ulp_error(y_loop[i], truth));
                if (error > functions[f].bound) {
                    fail_msg("%s(%a) is off by %g ulp", functions[f].name, (double)x[i], error);
                }
            }
        }
    }
}

#define INF  ((traj_real)INFINITY)
#define NONE ((traj_real)NAN)

static void special_values(void **state)
{
    (void)state;
    static const struct {
        int function;
        traj_real x, y;
    } rows[] = {
        {0, 0, 1},
        {0, INF, INF},
        {0, -INF, 0},
        {0, NONE, NONE},
        {0, 800, INF},
        {0, -800, 0},
        {0, -(traj_real)0, 1},
        {0, TRAJ_REAL_LARGEST, INF},
        {0, -TRAJ_REAL_LARGEST, 0},
        {1, 1, 0},
        {1, 0, -INF},
        {1, -(traj_real)0, -INF},
        {1, -1, NONE},
        {1, INF, INF},
        {1, -INF, NONE},
        {1, NONE, NONE},
        {1, -TRAJ_REAL_NORMAL / 2, NONE},
        {2, 0, 0},
        {2, INF, 1},
        {2, -INF, -1},
        {2, NONE, NONE},
        {2, 30, 1},
        {2, -30, -1},
        {3, TRAJ_R(0), TRAJ_R(0.5)},
        {3, INF, 1},
        {3, -INF, 0},
        {3, NONE, NONE},
        {3, 800, 1},
        {3, -800, 0},
        {4, INF, INF},
        {4, -INF, 0},
        {4, NONE, NONE},
        {4, 800, 800},
        {4, -800, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        traj_real y;
        functions[rows[i].function].array(1, &rows[i].x, &y);
        if (!(y == rows[i].y || (isnan(y) && isnan(rows[i].y)))) {
            fail_msg("%s(%g) = %g, expected %g", functions[rows[i].function].name,
                     (double)rows[i].x, (double)y, (double)rows[i].y);
        }
    }
}

/* The bits of a NaN pass through integer arithmetic in exp: none of them may turn it into a number.
 */
static void every_nan_stays_nan(void **state)
{
    (void)state;
    for (int f = 0; f < FUNCTIONS; ++f) {
        for (int bit = 0; bit < TRAJ_MANTISSA_BITS; ++bit) {
            traj_bits quiet = traj_bits_of(INF) | (traj_bits)1 << (TRAJ_MANTISSA_BITS - 1);
            traj_real x[2] = {traj_real_of(quiet | (traj_bits)1 << bit)}, y[2];
            x[1] = traj_real_of(traj_bits_of(x[0]) | TRAJ_SIGN_MASK);
            functions[f].array(2, x, y);
            assert_true(isnan(y[0]) && isnan(y[1]));
        }
    }
}

static void the_limits_of_exp_are_sharp(void **state)
{
    (void)state;
    const traj_real x[4] = {TRAJ_EXP_LARGEST, TRAJ_EXP_SMALLEST,
                            traj_real_of(traj_bits_of(TRAJ_EXP_LARGEST) + 1),
                            traj_real_of(traj_bits_of(TRAJ_EXP_SMALLEST) + 1)};
    traj_real y[4];
    traj_vexp(4, x, y);
    assert_true(ulp_error(y[0], expl(x[0])) <= 1.2);
    assert_true(ulp_error(y[1], expl(x[1])) <= 1.2);
    assert_true(y[2] == INF);
    assert_true(y[3] == 0);
}

static void signs_and_ranges(void **state)
{
    (void)state;
    traj_real x[POINTS], y[POINTS];
    for (int exponent = -30; exponent <= 8; ++exponent) {
        spread(x, exponent);
        traj_vtanh(POINTS, x, y);
        for (int i = 0; i < POINTS; ++i) {
            assert_true(signbit(y[i]) == signbit(x[i]));
            assert_true(traj_abs1(y[i]) <= 1);
            assert_true(traj_tanh1(-x[i]) == -traj_tanh1(x[i]));
        }
        traj_vsigmoid(POINTS, x, y);
        for (int i = 0; i < POINTS; ++i) assert_true(y[i] >= 0 && y[i] <= 1);
        traj_vsoftplus(POINTS, x, y);
        for (int i = 0; i < POINTS; ++i) assert_true(y[i] >= 0 && y[i] >= x[i]);
    }
    traj_real zero = -(traj_real)0, result;
    traj_vtanh(1, &zero, &result);
    assert_true(result == 0 && signbit(result));
}

/* The end of an array that does not fill a vector takes another path through the machine code: it
 * must not show, nor may anything behind the end be written. In place and into another array. */
static void position_and_length_do_not_matter(void **state)
{
    (void)state;
    enum { LONGEST = 150 };
    for (int f = 0; f < FUNCTIONS; ++f) {
        traj_real x[LONGEST + 1], y[LONGEST + 1], expected;
        const traj_real argument = TRAJ_R(0.37);
        functions[f].array(1, &argument, &expected);
        for (size_t n = 0; n <= LONGEST; ++n) {
            for (size_t i = 0; i <= LONGEST; ++i) x[i] = argument;
            y[n] = 42;
            functions[f].array(n, x, y);
            functions[f].array(n, x, x);
            assert_true(y[n] == 42);
            assert_true(x[n] == argument);
            for (size_t i = 0; i < n; ++i) assert_true(x[i] == expected && y[i] == expected);
        }
    }
}

int test_vmath(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(special_values),
        cmocka_unit_test(every_nan_stays_nan),
        cmocka_unit_test(the_limits_of_exp_are_sharp),
        cmocka_unit_test(errors_keep_their_bounds_over_all_exponents),
        cmocka_unit_test(signs_and_ranges),
        cmocka_unit_test(position_and_length_do_not_matter),
    };
    return cmocka_run_group_tests_name("vmath", tests, NULL, NULL);
}
