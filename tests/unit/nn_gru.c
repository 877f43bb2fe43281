#include "traj/nn/gru.h"
#include "unit/nn_check.h"
#include "unit/nn_groups.h"
#include <string.h>

enum { MOST_ROWS = 7, MOST_HIDDEN = 37 };

typedef struct gru {
    traj_real i[MOST_ROWS * 3 * MOST_HIDDEN], g[MOST_ROWS * 3 * MOST_HIDDEN];
    traj_real bias[3 * MOST_HIDDEN], h[MOST_ROWS * MOST_HIDDEN], next[MOST_ROWS * MOST_HIDDEN];
} gru;

static void run(gru *m, int rows, int hidden, const traj_real *present)
{
    traj_gru_forward(traj_mat_view(m->next, rows, hidden), traj_mat_view(m->i, rows, 3 * hidden),
                     traj_mat_view(m->g, rows, 3 * hidden), m->bias,
                     traj_mat_view(m->h, rows, hidden), present);
}

static void fill(gru *m, double scale)
{
    nn_fill(m->i, sizeof m->i / sizeof *m->i, scale, 1);
    nn_fill(m->g, sizeof m->g / sizeof *m->g, scale, 2);
    nn_fill(m->bias, sizeof m->bias / sizeof *m->bias, scale, 3);
    nn_fill(m->h, sizeof m->h / sizeof *m->h, 1, 4);
    for (int k = 0; k < MOST_ROWS * MOST_HIDDEN; k++) m->next[k] = TRAJ_R(NAN);
}

/* The formulas of torch.nn.GRU, one number at a time. */
static double twin(const gru *m, int hidden, int row, int k)
{
    const traj_real *const i = m->i + row * 3 * hidden, *const g = m->g + row * 3 * hidden;
    double sum[3], inner[3];
    for (int block = 0; block < 3; block++) {
        inner[block] = (double)g[block * hidden + k] + (double)m->bias[block * hidden + k];
        sum[block] = (double)i[block * hidden + k];
    }
    const double r = nn_sigmoid(sum[0] + inner[0]), u = nn_sigmoid(sum[1] + inner[1]);
    const double n = tanh(sum[2] + r * inner[2]);
    return (1 - u) * n + u * (double)m->h[row * hidden + k];
}

static void check_sizes(int rows, int hidden, const traj_real *present)
{
    static gru before, after;
    fill(&before, 1.5);
    memcpy(&after, &before, sizeof after);
    run(&after, rows, hidden, present);
    for (int row = 0; row < rows; row++)
        for (int k = 0; k < hidden; k++) {
            const traj_real result = after.next[row * hidden + k];
            if (present && present[row] == 0)
                assert_true(result == before.h[row * hidden + k]);
            else
                assert_true(nn_close(result, twin(&before, hidden, row, k)));
        }
}

static void gru_is_pytorchs(void **state)
{
    (void)state;
    static const int hidden[] = {1, 2, 7, 8, 16, 17, 32, 37};
    const traj_real present[MOST_ROWS] = {1, 0, 1, 1, 0, 0, 1};
    for (size_t s = 0; s < sizeof hidden / sizeof *hidden; s++) {
        check_sizes(1, hidden[s], NULL);
        check_sizes(MOST_ROWS, hidden[s], NULL);
        check_sizes(MOST_ROWS, hidden[s], present);
    }
}

/* Saturated gates: the state stays between what it was and +-1, the gradients stay finite. */
static void extreme_inputs_stay_finite(void **state)
{
    (void)state;
    static gru m;
    static traj_real dh[MOST_ROWS * MOST_HIDDEN], dnext[MOST_ROWS * MOST_HIDDEN];
    const double scale[] = {50, 1e3, 1e6};
    for (size_t s = 0; s < 3; s++) {
        fill(&m, scale[s]);
        nn_fill(dnext, MOST_ROWS * MOST_HIDDEN, 1, 9);
        memset(dh, 0, sizeof dh);
        run(&m, MOST_ROWS, MOST_HIDDEN, NULL);
        for (int k = 0; k < MOST_ROWS * MOST_HIDDEN; k++)
            assert_true(fabs((double)m.next[k]) <=
                        fmax(1, fabs((double)m.h[k])) * (1 + 4 * NN_EPSILON));
        traj_gru_backward(traj_mat_view(dh, MOST_ROWS, MOST_HIDDEN),
                          traj_mat_view(m.i, MOST_ROWS, 3 * MOST_HIDDEN),
                          traj_mat_view(m.g, MOST_ROWS, 3 * MOST_HIDDEN),
                          traj_mat_view(dnext, MOST_ROWS, MOST_HIDDEN),
                          traj_mat_view(m.h, MOST_ROWS, MOST_HIDDEN), NULL);
        for (int k = 0; k < MOST_ROWS * MOST_HIDDEN; k++) assert_true(isfinite(dh[k]));
        for (int k = 0; k < MOST_ROWS * 3 * MOST_HIDDEN; k++)
            assert_true(isfinite(m.i[k]) && isfinite(m.g[k]));
    }
}

static void unequal_shapes(void)
{
    static gru m;
    traj_gru_forward(traj_mat_view(m.next, 2, 3), traj_mat_view(m.i, 2, 9),
                     traj_mat_view(m.g, 2, 8), m.bias, traj_mat_view(m.h, 2, 3), NULL);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(unequal_shapes));
}

int test_gru(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(gru_is_pytorchs),
        cmocka_unit_test(extreme_inputs_stay_finite),
    };
    return cmocka_run_group_tests_name("nn: gru", tests, NULL, NULL);
}
