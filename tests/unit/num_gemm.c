#include "traj/base/noise.h"
#include "traj/base/pool.h"
#include "traj/num/gemm.h"
#include "unit/check.h"
#include "unit/num_groups.h"
#include <float.h>
#include <math.h>
#include <string.h>

enum { LARGEST = 160, MARGIN = 3, SIZE = LARGEST * (LARGEST + 2 * MARGIN) };

#ifdef TRAJ_REAL_DOUBLE
static const double epsilon = DBL_EPSILON;
#else
static const double epsilon = FLT_EPSILON;
#endif
static const traj_real guard = 42; /* stands in every margin, which no product may touch */

typedef void product(traj_mat c, traj_mat a, traj_mat b, traj_write write);

/* rows: a product, and whether its arguments are read transposed. */
static const struct {
    const char *name;
    product *product;
    bool a_transposed, b_transposed;
} products[] = {
    {"nt", traj_gemm_nt, false, true},
    {"nn", traj_gemm_nn, false, false},
    {"tn", traj_gemm_tn, true, false},
};

/* rows, cols of the result and the inner dimension: empty, single, odd, as in training. */
static const int shapes[][3] = {
    {0, 5, 4},   {5, 0, 4},    {5, 4, 0},     {1, 1, 1},       {1, 1, 150},   {1, 7, 5},
    {7, 1, 5},   {7, 5, 1},    {1, 150, 33},  {150, 1, 33},    {150, 150, 1}, {2, 3, 4},
    {23, 48, 7}, {23, 64, 48}, {33, 17, 129}, {160, 160, 160},
};

static traj_mat block_of(traj_real *memory, int rows, int cols)
{
    traj_mat whole = traj_mat_view(memory, rows, cols + 2 * MARGIN);
    return traj_mat_cols(whole, MARGIN, cols);
}

/* A column block full of noise (or of `value`) inside guards. */
static traj_mat make(traj_real *memory, int rows, int cols, uint32_t which)
{
    const traj_noise noise = {.seed = 1, .stream = TRAJ_STREAM_TEST, .step = which};
    for (int i = 0; i < SIZE; ++i) memory[i] = guard;
    traj_mat m = block_of(memory, rows, cols);
    for (int row = 0; row < rows; ++row) {
        traj_noise_normal(&noise, 0, 0, (uint32_t)row, traj_mat_row(m, row), (size_t)cols);
    }
    return m;
}

static void check_guards(const traj_real *memory, traj_mat m)
{
    for (int i = 0; i < SIZE; ++i) {
        int row = i / m.stride, col = i % m.stride - MARGIN;
        if (row >= m.rows || col < 0 || col >= m.cols) assert_true(memory[i] == guard);
    }
}

static double element(traj_mat m, bool transposed, int row, int col)
{
    return (double)(transposed ? traj_mat_row(m, col)[row] : traj_mat_row(m, row)[col]);
}

/* One product against the obvious triple loop in double. The bound of a sum of n rounded products
 * is n eps sum |a b|; its terms are about 1, so (n + 2) eps sum |a b| leaves room for the addition
 * to c. */
static void check_product(size_t which, const int *shape, traj_write write)
{
    static traj_real a_memory[SIZE], b_memory[SIZE], c_memory[SIZE], before[SIZE];
    const int rows = shape[0], cols = shape[1], inner = shape[2];
    const bool at = products[which].a_transposed, bt = products[which].b_transposed;
    traj_mat a = make(a_memory, at ? inner : rows, at ? rows : inner, 1);
    traj_mat b = make(b_memory, bt ? cols : inner, bt ? inner : cols, 2);
    traj_mat c = make(c_memory, rows, cols, 3);
    for (int row = 0; write == TRAJ_SET && row < rows; ++row) {
        for (int col = 0; col < cols; ++col) traj_mat_row(c, row)[col] = (traj_real)NAN;
    }
    memcpy(before, c_memory, sizeof before);
    products[which].product(c, a, b, write);

    check_guards(c_memory, c);
    for (int row = 0; row < rows; ++row) {
        for (int col = 0; col < cols; ++col) {
            double old = (double)before[row * c.stride + MARGIN + col];
            double sum = write == TRAJ_ADD ? old : 0, size = fabs(sum);
            for (int k = 0; k < inner; ++k) {
                double term = element(a, at, row, k) * element(b, bt, k, col);
                sum += term;
                size += fabs(term);
            }
            double error = fabs((double)traj_mat_row(c, row)[col] - sum);
            if (!(error <= (inner + 2) * epsilon * size)) {
                fail_msg("%s [%d,%d] inner %d, write %d: error %g at (%d,%d)", products[which].name,
                         rows, cols, inner, (int)write, error, row, col);
            }
        }
    }
}

static void products_equal_the_triple_loop(void **state)
{
    (void)state;
    for (size_t which = 0; which < sizeof products / sizeof products[0]; ++which) {
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; ++i) {
            check_product(which, shapes[i], TRAJ_SET);
            check_product(which, shapes[i], TRAJ_ADD);
        }
    }
}

static traj_real some_reals[64];

static void inner_dimensions_differ(void)
{
    traj_gemm_nt(traj_mat_view(some_reals, 2, 2), traj_mat_view(some_reals + 8, 2, 3),
                 traj_mat_view(some_reals + 16, 2, 4), TRAJ_SET);
}

static void result_has_another_shape(void)
{
    traj_gemm_tn(traj_mat_view(some_reals, 2, 3), traj_mat_view(some_reals + 8, 4, 3),
                 traj_mat_view(some_reals + 24, 4, 2), TRAJ_SET);
}

static void stride_below_columns(void)
{
    traj_mat x = {some_reals + 8, 2, 3, 2};
    traj_gemm_nn(traj_mat_view(some_reals, 2, 2), x, traj_mat_view(some_reals + 24, 3, 2),
                 TRAJ_SET);
}

static void result_is_an_argument(void)
{
    traj_mat m = traj_mat_view(some_reals, 2, 2);
    traj_gemm_nn(m, m, traj_mat_view(some_reals + 8, 2, 2), TRAJ_SET);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(inner_dimensions_differ));
    assert_true(check_aborts(result_has_another_shape));
    assert_true(check_aborts(stride_below_columns));
    assert_true(check_aborts(result_is_an_argument));
}

static void blas_starts(void **state)
{
    (void)state;
    traj_error err;
    traj_status status = traj_blas_start(&err);
    if (status != TRAJ_OK) fail_msg("%s", err.text);
    assert_non_null(strstr(traj_blas_name(), "OpenBLAS"));
}

enum { JOB_SIZE = 96, JOBS = 400 };

typedef struct side_by_side {
    traj_mat a, b;
    traj_real expected[JOB_SIZE * JOB_SIZE];
    bool equal[JOBS];
} side_by_side;

static void multiply_job(void *context, int job, int worker)
{
    (void)worker;
    side_by_side *s = context;
    traj_real c[JOB_SIZE * JOB_SIZE];
    traj_gemm_nt(traj_mat_view(c, JOB_SIZE, JOB_SIZE), s->a, s->b, TRAJ_SET);
    s->equal[job] = memcmp(c, s->expected, sizeof c) == 0;
}

/* The single-threaded build of OpenBLAS fails here unless its products take turns. */
static void products_side_by_side_give_the_same_bits(void **state)
{
    (void)state;
    static traj_real a_memory[SIZE], b_memory[SIZE];
    static side_by_side s;
    s.a = make(a_memory, JOB_SIZE, JOB_SIZE, 1);
    s.b = make(b_memory, JOB_SIZE, JOB_SIZE, 2);
    traj_gemm_nt(traj_mat_view(s.expected, JOB_SIZE, JOB_SIZE), s.a, s.b, TRAJ_SET);

    traj_pool *pool;
    assert_int_equal(traj_pool_new(&pool, 4, NULL), TRAJ_OK);
    for (int run = 0; run < 10; ++run) {
        traj_pool_run(pool, multiply_job, &s, JOBS);
        for (int job = 0; job < JOBS; ++job) assert_true(s.equal[job]);
    }
    traj_pool_destroy(pool);
}

int test_gemm(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(blas_starts),
        cmocka_unit_test(products_equal_the_triple_loop),
        cmocka_unit_test(products_side_by_side_give_the_same_bits),
    };
    return cmocka_run_group_tests_name("gemm", tests, NULL, NULL);
}
