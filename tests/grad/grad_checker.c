/* The checker checked: it accepts a right gradient and reports every kind of wrong one. */
#include "grad/grad_bench.h"
#include "grad/grad_groups.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { SIZE = 1000 };

/* f = sum_i (i % 7) sin(theta_i) */
static double sines(void *context)
{
    const traj_real *const theta = context;
    double sum = 0;
    for (int i = 0; i < SIZE; i++) sum += (i % 7) * sin((double)theta[i]);
    return sum;
}

static void right_gradient_is_accepted(void **state)
{
    (void)state;
    static traj_real theta[SIZE], gradient[SIZE], kept[SIZE];
    grad_fill(theta, SIZE, 1, 1);
    for (int i = 0; i < SIZE; i++) {
        gradient[i] = TRAJ_R((i % 7) * cos((double)theta[i]));
        kept[i] = theta[i];
    }
    assert_true(grad_error(sines, theta, theta, SIZE, gradient).error < 1e-8);
    assert_memory_equal(theta, kept, sizeof theta);
}

/* The first coordinate is always looked at; NaN there must not be forgotten later on. */
static void wrong_coordinate_is_reported(void **state)
{
    (void)state;
    static traj_real theta[SIZE], gradient[SIZE];
    const double wrong[] = {1e-5, -1e-5, 1, NAN, INFINITY};
    grad_fill(theta, SIZE, 1, 1);
    for (int n = 1; n <= SIZE; n += 333)
        for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++) {
            for (int i = 0; i < SIZE; i++) gradient[i] = TRAJ_R((i % 7) * cos((double)theta[i]));
            gradient[0] += TRAJ_R(wrong[w]);
            const grad_worst worst = grad_error(sines, theta, theta, (size_t)n, gradient);
            assert_true(worst.error >= GRAD_TOLERANCE);
            assert_int_equal(worst.at, 0);
        }
}

/* y = 3 x, with its backward pass right or wrong. */
typedef struct triple {
    traj_mat x, dx, y, dy;
} triple;

static void *make(grad_bench *bench, traj_write write)
{
    triple *const s = grad_state(bench, sizeof *s);
    s->x = grad_input(bench, "x", 2, 5, write, &s->dx);
    s->y = grad_mat(bench, 2, 5);
    s->dy = grad_data(bench, 2, 5);
    return s;
}

static void *make_set(grad_bench *bench, const grad_shape *shape)
{
    (void)shape;
    return make(bench, TRAJ_SET);
}

static void *make_add(grad_bench *bench, const grad_shape *shape)
{
    (void)shape;
    return make(bench, TRAJ_ADD);
}

static double value(void *state)
{
    const triple *const s = state;
    for (int r = 0; r < s->x.rows; r++)
        for (int c = 0; c < s->x.cols; c++) traj_mat_row(s->y, r)[c] = 3 * traj_mat_row(s->x, r)[c];
    return grad_dot(s->y, s->dy);
}

static void write_all(const triple *s, double factor, traj_write write, int cols)
{
    for (int r = 0; r < s->x.rows; r++)
        for (int c = 0; c < cols; c++) {
            traj_real *const dx = &traj_mat_row(s->dx, r)[c];
            *dx = TRAJ_R((write == TRAJ_ADD ? (double)*dx : 0) +
                         factor * (double)traj_mat_row(s->dy, r)[c % 5]);
        }
}

static void set_right(void *state)
{
    write_all(state, 3, TRAJ_SET, 5);
}

static void add_right(void *state)
{
    write_all(state, 3, TRAJ_ADD, 5);
}

static void set_wrong_factor(void *state)
{
    write_all(state, 3.0001, TRAJ_SET, 5);
}

static void set_too_little(void *state)
{
    write_all(state, 3, TRAJ_SET, 4);
}

static void set_too_much(void *state)
{
    write_all(state, 3, TRAJ_SET, 6);
}

static void right_rows_are_accepted(void **state)
{
    (void)state;
    static const grad_layer right[] = {{make_set, value, set_right}, {make_add, value, add_right}};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        char worst[GRAD_NAME];
        assert_true(grad_row_error(&(grad_row){.layer = &right[i]}, worst) < GRAD_TOLERANCE);
    }
}

static void wrong_rows_are_reported(void **state)
{
    (void)state;
    static const grad_layer wrong[] = {
        {make_set, value, set_wrong_factor}, {make_set, value, set_too_little}, /* poison is left */
        {make_set, value, set_too_much}, /* a guard is gone */
        {make_set, value, add_right},    /* adds to poison */
        {make_add, value, set_right},    /* forgets what was there */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char worst[GRAD_NAME];
        assert_true(grad_row_error(&(grad_row){.layer = &wrong[i]}, worst) >= GRAD_TOLERANCE);
    }
}

static void names_are_matched_whole(void **state)
{
    (void)state;
    const grad_row row = {.proves = "traj_a_backward traj_b_gradient"};
    assert_true(grad_row_proves(&row, "traj_a_backward"));
    assert_true(grad_row_proves(&row, "traj_b_gradient"));
    assert_false(grad_row_proves(&row, "traj_b"));
    assert_false(grad_row_proves(&row, "a_backward"));
}

int grad_checker_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_gradient_is_accepted),
        cmocka_unit_test(wrong_coordinate_is_reported),
        cmocka_unit_test(right_rows_are_accepted),
        cmocka_unit_test(wrong_rows_are_reported),
        cmocka_unit_test(names_are_matched_whole),
    };
    return cmocka_run_group_tests_name("the checker itself", tests, NULL, NULL);
}
