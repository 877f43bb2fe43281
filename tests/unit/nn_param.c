#include "traj/nn/graph.h"
#include "traj/nn/mlp.h"
#include "traj/nn/param.h"
#include "unit/check.h"
#include "unit/nn_groups.h"
#include <math.h>
#include <string.h>

static void twice_the_same_name(void)
{
    traj_layout layout = {0};
    traj_layout_vector(&layout, "a", ".bias", 3, 3, TRAJ_INIT_ZERO);
    traj_layout_matrix(&layout, "a", ".bias", 3, 2, TRAJ_INIT_ZERO);
}

static void too_long_a_name(void)
{
    traj_layout layout = {0};
    traj_layout_vector(&layout, "a.prefix.that.takes.most.of.the.sixty.four.characters",
                       ".and.a.name", 3, 3, TRAJ_INIT_ZERO);
}

static void too_many(void)
{
    traj_layout layout = {0};
    for (int i = 0; i <= TRAJ_MAX_PARAMS; i++) {
        const char name[] = {(char)('a' + i / 26), (char)('a' + i % 26), 0};
        traj_layout_vector(&layout, name, "", 1, 1, TRAJ_INIT_ZERO);
    }
}

static void no_rows(void)
{
    traj_layout layout = {0};
    traj_layout_matrix(&layout, "a", "", 0, 2, TRAJ_INIT_ZERO);
}

static void stack_of_unequal_columns(void)
{
    traj_real data[10] = {0};
    traj_layout layout = {0};
    const int first = traj_layout_matrix(&layout, "a", "", 2, 3, TRAJ_INIT_ZERO);
    traj_layout_matrix(&layout, "b", "", 2, 2, TRAJ_INIT_ZERO);
    traj_param_stack((traj_params){&layout, data}, first, 4);
}

static void stack_through_a_matrix(void)
{
    traj_real data[12] = {0};
    traj_layout layout = {0};
    const int first = traj_layout_matrix(&layout, "a", "", 2, 3, TRAJ_INIT_ZERO);
    traj_layout_matrix(&layout, "b", "", 2, 3, TRAJ_INIT_ZERO);
    traj_param_stack((traj_params){&layout, data}, first, 3);
}

static void no_such_parameter(void)
{
    traj_real data[1] = {0};
    traj_layout layout = {0};
    traj_param_mat((traj_params){&layout, data}, 0);
}

static void mistakes_abort(void **state)
{
    (void)state;
    void (*const mistake[])(void) = {
        twice_the_same_name,      too_long_a_name,        too_many,         no_rows,
        stack_of_unequal_columns, stack_through_a_matrix, no_such_parameter};
    for (size_t i = 0; i < sizeof mistake / sizeof *mistake; i++)
        assert_true(check_aborts(mistake[i]));
}

static void parameters_lie_one_behind_the_other(void **state)
{
    (void)state;
    traj_real data[30];
    for (int i = 0; i < 30; i++) data[i] = TRAJ_R(i);
    traj_layout layout = {0};
    const int a = traj_layout_matrix(&layout, "enc", ".a", 2, 3, TRAJ_INIT_FAN_IN);
    const int b = traj_layout_matrix(&layout, "enc", ".b", 4, 3, TRAJ_INIT_FAN_IN);
    const int c = traj_layout_vector(&layout, "enc", ".c", 5, 3, TRAJ_INIT_ZERO);
    const traj_params params = {&layout, data};
    assert_int_equal(layout.count, 3);
    assert_int_equal(layout.size, 6 + 12 + 5);
    assert_string_equal(layout.param[b].name, "enc.b");
    assert_true(layout.param[c].vector && !layout.param[a].vector);
    assert_int_equal(traj_layout_find(&layout, "enc.c"), c);
    assert_int_equal(traj_layout_find(&layout, "enc"), -1);
    const traj_mat second = traj_param_mat(params, b);
    assert_true(second.data == data + 6 && second.rows == 4 && second.cols == 3);
    assert_true(traj_param_vec(params, c) == data + 18);
    const traj_mat both = traj_param_stack(params, a, 6);
    assert_true(both.data == data && both.rows == 6 && both.cols == 3 && both.stride == 3);
    assert_true(traj_mat_row(both, 2) == second.data);
}

/* The names are those that PyTorch's users see in a file of weights. */
static void layers_name_their_parameters(void **state)
{
    (void)state;
    static const char *const names[] = {
        "phi_x.0.weight",
        "phi_x.0.bias",
        "phi_x.1.weight",
        "phi_x.1.bias",
        "prior.node.weight",
        "prior.edge.sender.weight",
        "prior.edge.receiver.weight",
        "prior.attention.query.weight",
        "prior.attention.key.weight",
        "prior.node.bias",
        "prior.edge.sender.bias",
        "prior.edge.feature.weight",
        "prior.message.weight",
        "prior.aggregate.weight",
        "prior.round1.node.weight",
        "prior.round1.edge.sender.weight",
        "prior.round1.edge.receiver.weight",
        "prior.round1.attention.query.weight",
        "prior.round1.attention.key.weight",
        "prior.round1.node.bias",
        "prior.round1.edge.sender.bias",
        "prior.round1.edge.feature.weight",
        "prior.round1.message.weight",
        "prior.round1.aggregate.weight",
        "prior.head.weight",
        "prior.head.bias",
    };
    traj_layout layout = {0};
    traj_mlp_declare(&layout, "phi_x", 2, 7, 2);
    const traj_graph graph = traj_graph_declare(
        &layout, "prior",
        (traj_graph_shape){
            .in = 5, .hidden = 7, .out = 4, .rounds = 2, .features = 6, .attention = 3});
    assert_int_equal(layout.count, sizeof names / sizeof *names);
    for (int p = 0; p < layout.count; p++) assert_string_equal(layout.param[p].name, names[p]);
    traj_real *const data = test_calloc(layout.size, sizeof *data);
    const traj_mat project = traj_graph_project(&graph, (traj_params){&layout, data});
    assert_true(project.rows == 3 * 7 + 2 * 3 && project.cols == 5);
    test_free(data);
}

static void check_bounds(const traj_real *data, size_t n, double bound)
{
    double largest = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs((double)data[i]));
        sum += (double)data[i];
    }
    assert_true(largest <= bound * (1 + 1e-6) && largest > 0.98 * bound);
    /* the mean of n numbers from U(-bound, bound) has standard deviation bound / sqrt(3 n) */
    assert_true(fabs(sum / (double)n) < 5 * bound / sqrt(3 * (double)n));
}

static void initial_values_lie_in_their_bounds(void **state)
{
    (void)state;
    enum { ROWS = 300, COLS = 9, VECTOR = 700 }; /* more than one call of the noise gives */
    traj_layout layout = {0};
    const int wide = traj_layout_matrix(&layout, "wide", "", ROWS, COLS, TRAJ_INIT_FAN_IN);
    const int small = traj_layout_matrix(&layout, "small", "", ROWS, COLS, TRAJ_INIT_SMALL);
    const int bias = traj_layout_vector(&layout, "bias", "", VECTOR, 25, TRAJ_INIT_FAN_IN);
    const int zero = traj_layout_vector(&layout, "zero", "", VECTOR, 25, TRAJ_INIT_ZERO);
    traj_params params = {&layout, test_malloc(layout.size * sizeof(traj_real))};
    traj_params again = {&layout, test_malloc(layout.size * sizeof(traj_real))};
    traj_params_init(params, 1);
    traj_params_init(again, 1);
    assert_memory_equal(params.data, again.data, layout.size * sizeof(traj_real));
    traj_params_init(again, 2);
    check_bounds(traj_param_vec(params, wide), (size_t)ROWS * COLS, 1 / sqrt(COLS));
    check_bounds(traj_param_vec(params, small), (size_t)ROWS * COLS, 0.1 / sqrt(COLS));
    check_bounds(traj_param_vec(params, bias), VECTOR, 0.2);
    int equal = 0, repeated = 0;
    const traj_real *const a = traj_param_vec(params, wide), *const b = traj_param_vec(again, wide);
    for (int i = 0; i < VECTOR; i++) {
        assert_true(traj_param_vec(params, zero)[i] == 0);
        equal += a[i] == b[i];
        repeated += a[i] == a[1024 + i]; /* the second call must not repeat the first */
    }
    assert_true(equal < 5 && repeated < 5);
    test_free(params.data);
    test_free(again.data);
}

int test_param(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(parameters_lie_one_behind_the_other),
        cmocka_unit_test(layers_name_their_parameters),
        cmocka_unit_test(initial_values_lie_in_their_bounds),
    };
    return cmocka_run_group_tests_name("nn: parameters", tests, NULL, NULL);
}
