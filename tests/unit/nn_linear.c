#include "traj/nn/linear.h"
#include "traj/nn/mlp.h"
#include "unit/nn_check.h"
#include "unit/nn_groups.h"

enum { R = 5, I = 4, O = 19 };

/* Row r, column o of x W' + b with x and W read through their strides. */
static double twin_linear(traj_mat x, traj_mat w, const traj_real *bias, int r, int o)
{
    double sum = bias ? (double)bias[o] : 0;
    for (int i = 0; i < x.cols; i++)
        sum += (double)traj_mat_row(x, r)[i] * (double)traj_mat_row(w, o)[i];
    return sum;
}

static void linear_is_x_w_plus_b(void **state)
{
    (void)state;
    traj_real x_data[R * I], w_data[O * (I + 3)], bias[O], y_data[R * O];
    nn_fill(x_data, R * I, 1, 1);
    nn_fill(w_data, O * (I + 3), 1, 2);
    nn_fill(bias, O, 1, 3);
    for (int i = 0; i < R * O; i++) y_data[i] = TRAJ_R(NAN); /* SET must not read it */
    const traj_mat x = traj_mat_view(x_data, R, I), y = traj_mat_view(y_data, R, O);
    const traj_mat w = traj_mat_cols(traj_mat_view(w_data, O, I + 3), 2, I);
    traj_linear_forward(y, x, w, bias, TRAJ_SET);
    for (int r = 0; r < R; r++)
        for (int o = 0; o < O; o++)
            assert_true(nn_close(traj_mat_row(y, r)[o], twin_linear(x, w, bias, r, o)));
    traj_linear_forward(y, x, w, NULL, TRAJ_ADD);
    for (int r = 0; r < R; r++)
        for (int o = 0; o < O; o++)
            assert_true(nn_close(traj_mat_row(y, r)[o],
                                 2 * twin_linear(x, w, bias, r, o) - (double)bias[o]));
}

static void relu_keeps_what_is_above_zero(void **state)
{
    (void)state;
    traj_real y[6] = {-1, 1, 0, -3, 5, 2};
    const traj_real bias[3] = {2, -1, TRAJ_R(-0.5)};
    const traj_real expected[6] = {1, 0, 0, 0, 4, TRAJ_R(1.5)};
    traj_real dy[6] = {1, 2, 3, 4, 5, 6};
    const traj_real expected_dy[6] = {1, 0, 0, 0, 5, 6};
    traj_relu_forward(traj_mat_view(y, 2, 3), bias);
    traj_relu_backward(traj_mat_view(dy, 2, 3), traj_mat_view(y, 2, 3));
    for (int i = 0; i < 6; i++) {
        assert_true(y[i] == expected[i]);
        assert_true(dy[i] == expected_dy[i]);
    }
    traj_relu_forward(traj_mat_view(y, 2, 3), NULL);
    for (int i = 0; i < 6; i++) assert_true(y[i] == expected[i]);
}

static void mlp_is_its_layers_in_a_row(void **state)
{
    (void)state;
    enum { WIDTH = 6, LAYERS = 3 };
    traj_layout layout = {0};
    const traj_mlp mlp = traj_mlp_declare(&layout, "m", I, WIDTH, LAYERS);
    traj_real data[512], x_data[R * I], a_data[LAYERS][R * WIDTH], in_data[R * WIDTH];
    assert_true(layout.size <= 512);
    const traj_params params = {&layout, data};
    traj_params_init(params, 4);
    nn_fill(x_data, R * I, 1, 5);
    traj_mat a[LAYERS], in = traj_mat_view(x_data, R, I);
    for (int k = 0; k < LAYERS; k++) a[k] = traj_mat_view(a_data[k], R, WIDTH);
    traj_mlp_forward(&mlp, params, in, a);
    for (int k = 0; k < LAYERS; k++) {
        for (int r = 0; r < R; r++)
            for (int o = 0; o < WIDTH; o++) {
                const double sum = twin_linear(in, traj_param_mat(params, mlp.weight[k]),
                                               traj_param_vec(params, mlp.bias[k]), r, o);
                assert_true(nn_close(traj_mat_row(a[k], r)[o], fmax(0, sum)));
            }
        for (int i = 0; i < R * WIDTH; i++) in_data[i] = a_data[k][i];
        in = traj_mat_view(in_data, R, WIDTH);
    }
}

static void mlp_without_layers(void)
{
    traj_layout layout = {0};
    traj_mlp_declare(&layout, "m", 2, 3, 0);
}

static void relu_of_unequal_shapes(void)
{
    traj_real data[6] = {0};
    traj_relu_backward(traj_mat_view(data, 2, 3), traj_mat_view(data, 3, 2));
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(mlp_without_layers));
    assert_true(check_aborts(relu_of_unequal_shapes));
}

int test_linear(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(linear_is_x_w_plus_b),
        cmocka_unit_test(relu_keeps_what_is_above_zero),
        cmocka_unit_test(mlp_is_its_layers_in_a_row),
    };
    return cmocka_run_group_tests_name("nn: linear, relu, mlp", tests, NULL, NULL);
}
