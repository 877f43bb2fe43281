/* The residual perceptron under a condition, against its formula in double, number by number. */
#include "traj/nn/film.h"
#include "unit/nn_check.h"
#include "unit/nn_groups.h"

enum { ROWS = 5, WIDTH = 19, CONDITION = 3 };

/* What the layer stands on. */
typedef struct fixture {
    traj_layout layout;
    traj_film film;
    traj_params params;
    traj_arena arena; /* owned */
    traj_mat v, s, u;
    traj_film_trace trace;
} fixture;

static traj_mat filled(traj_arena *arena, int rows, int cols, uint32_t which)
{
    const size_t size = (size_t)rows * (size_t)cols;
    const traj_mat m = traj_mat_view(traj_arena_reals(arena, size), rows, cols);
    nn_fill(m.data, size, 0.5, which);
    return m;
}

static void fixture_init(fixture *f)
{
    traj_error err;
    *f = (fixture){0};
    f->film = traj_film_declare(&f->layout, "film", WIDTH, CONDITION);
    assert_int_equal(traj_arena_init(&f->arena, 1 << 16, &err), TRAJ_OK);
    f->arena.poison_nan = true;
    f->params = (traj_params){&f->layout, traj_arena_reals(&f->arena, f->layout.size)};
    nn_fill(f->params.data, f->layout.size, 0.5, 1);
    f->v = filled(&f->arena, ROWS, WIDTH, 2);
    f->s = filled(&f->arena, ROWS, CONDITION, 3);
    f->u = filled(&f->arena, ROWS, WIDTH, 4);
    f->trace = traj_film_trace_take(&f->film, ROWS, &f->arena);
}

/* Row r of x times row o of the weights, and the bias. */
static double twin_linear(traj_params params, int weight, int bias, const double *x, int o)
{
    const traj_mat w = traj_param_mat(params, weight);
    double sum = (double)traj_param_vec(params, bias)[o];
    for (int i = 0; i < w.cols; i++) sum += x[i] * (double)traj_mat_row(w, o)[i];
    return sum;
}

static void twin_row(const fixture *f, int r, double *u)
{
    const traj_film *const film = &f->film;
    double v[WIDTH], s[CONDITION], q[WIDTH];
    for (int k = 0; k < WIDTH; k++) v[k] = (double)traj_mat_row(f->v, r)[k];
    for (int k = 0; k < CONDITION; k++) s[k] = (double)traj_mat_row(f->s, r)[k];
    for (int k = 0; k < WIDTH; k++) {
        const double p = twin_linear(f->params, film->in_weight, film->in_bias, v, k);
        const int weight = film->condition_weight, bias = film->condition_bias;
        const double scale = twin_linear(f->params, weight, bias, s, k);
        const double shift = twin_linear(f->params, weight, bias, s, WIDTH + k);
        q[k] = fmax(0, (1 + scale) * p + shift);
    }
    for (int k = 0; k < WIDTH; k++)
        u[k] = v[k] + twin_linear(f->params, film->out_weight, film->out_bias, q, k);
}

static void film_is_its_formula(void **state)
{
    (void)state;
    static fixture f; /* too large for a stack */
    fixture_init(&f);
    traj_film_forward(&f.film, f.params, f.trace, f.u, f.v, f.s);
    for (int r = 0; r < ROWS; r++) {
        double twin[WIDTH];
        twin_row(&f, r, twin);
        for (int k = 0; k < WIDTH; k++) assert_true(nn_close(traj_mat_row(f.u, r)[k], twin[k]));
    }
    traj_arena_free(&f.arena);
}

/* Small second weights: a deep stack of blocks starts as nearly nothing but its residual paths. */
static void film_starts_near_the_identity(void **state)
{
    (void)state;
    static fixture f;
    fixture_init(&f);
    traj_params_init(f.params, 7);
    traj_film_forward(&f.film, f.params, f.trace, f.u, f.v, f.s);
    double change = 0, size = 0;
    for (int i = 0; i < ROWS * WIDTH; i++) {
        change += pow((double)(f.u.data[i] - f.v.data[i]), 2);
        size += pow((double)f.v.data[i], 2);
    }
    assert_true(change > 0 && change < 0.01 * size);
    traj_arena_free(&f.arena);
}

static void in_place(void)
{
    static fixture f;
    fixture_init(&f);
    traj_film_forward(&f.film, f.params, f.trace, f.v, f.v, f.s);
}

static void wrong_condition(void)
{
    static fixture f;
    fixture_init(&f);
    traj_film_forward(&f.film, f.params, f.trace, f.u, f.v,
                      filled(&f.arena, ROWS, CONDITION + 1, 5));
}

static void film_refuses_wrong_arguments(void **state)
{
    (void)state;
    assert_true(check_aborts(in_place));
    assert_true(check_aborts(wrong_condition));
}

int test_film(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(film_refuses_wrong_arguments),
        cmocka_unit_test(film_is_its_formula),
        cmocka_unit_test(film_starts_near_the_identity),
    };
    return cmocka_run_group_tests_name("film", tests, NULL, NULL);
}
