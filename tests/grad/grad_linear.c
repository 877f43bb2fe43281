/* Rows' layers: linear, bias, relu, multi-layer perceptron. */
#include "grad/grad_layers.h"
#include "traj/nn/mlp.h"

/* y = x_1 W_1' + x_2 W_2' + b with W_1 and W_2 column blocks of one W: what models do instead of
 * concatenating. */
typedef struct linear {
    traj_mat x[2], dx[2], w, dw, bias, dbias, y, dy;
} linear;

static traj_mat block_of(const linear *s, traj_mat w, int which)
{
    return traj_mat_cols(w, which ? s->x[0].cols : 0, s->x[which].cols);
}

static void *linear_make(grad_bench *bench, const grad_shape *shape)
{
    linear *const s = grad_state(bench, sizeof *s);
    const int rows = shape->rows, in = shape->in, out = shape->out;
    s->x[0] = grad_input(bench, "x_1", rows, in, TRAJ_SET, &s->dx[0]);
    s->x[1] = grad_input(bench, "x_2", rows, in + 1, TRAJ_ADD, &s->dx[1]);
    s->w = grad_input(bench, "w", out, 2 * in + 1, TRAJ_ADD, &s->dw);
    s->bias = grad_input(bench, "bias", 1, out, TRAJ_ADD, &s->dbias);
    s->y = grad_mat(bench, rows, out);
    s->dy = grad_data(bench, rows, out);
    return s;
}

static double linear_value(void *state)
{
    const linear *const s = state;
    traj_linear_forward(s->y, s->x[0], block_of(s, s->w, 0), NULL, TRAJ_SET);
    traj_linear_forward(s->y, s->x[1], block_of(s, s->w, 1), s->bias.data, TRAJ_ADD);
    return grad_dot(s->y, s->dy);
}

static void linear_gradient(void *state)
{
    const linear *const s = state;
    traj_linear_backward(s->dx[0], s->dy, block_of(s, s->w, 0), TRAJ_SET);
    traj_linear_backward(s->dx[1], s->dy, block_of(s, s->w, 1), TRAJ_ADD);
    traj_linear_gradient(block_of(s, s->dw, 0), NULL, s->dy, s->x[0]);
    traj_linear_gradient(block_of(s, s->dw, 1), s->dbias.data, s->dy, s->x[1]);
}

const grad_layer grad_linear = {linear_make, linear_value, linear_gradient};

/* y = x + b */
typedef struct shift {
    traj_mat x, dx, bias, dbias, y, dy;
} shift;

static void *bias_make(grad_bench *bench, const grad_shape *shape)
{
    shift *const s = grad_state(bench, sizeof *s);
    s->x = grad_data(bench, shape->rows, shape->out);
    s->bias = grad_input(bench, "bias", 1, shape->out, TRAJ_ADD, &s->dbias);
    s->y = grad_mat(bench, shape->rows, shape->out);
    s->dy = grad_data(bench, shape->rows, shape->out);
    return s;
}

static double bias_value(void *state)
{
    const shift *const s = state;
    grad_copy(s->y, s->x);
    traj_bias_forward(s->y, s->bias.data);
    return grad_dot(s->y, s->dy);
}

static void bias_gradient(void *state)
{
    const shift *const s = state;
    traj_bias_gradient(s->dbias.data, s->dy);
}

const grad_layer grad_bias = {bias_make, bias_value, bias_gradient};

/* y = max(0, x + b); dx is dy's memory, in place */
static void *relu_make(grad_bench *bench, const grad_shape *shape)
{
    shift *const s = grad_state(bench, sizeof *s);
    s->dx = grad_mat(bench, shape->rows, shape->out);
    s->x = grad_input_in_place(bench, "x", shape->rows, shape->out, s->dx);
    if (!shape->no_bias) s->bias = grad_input(bench, "bias", 1, shape->out, TRAJ_ADD, &s->dbias);
    s->y = grad_mat(bench, shape->rows, shape->out);
    s->dy = grad_data(bench, shape->rows, shape->out);
    return s;
}

static double relu_value(void *state)
{
    const shift *const s = state;
    grad_copy(s->y, s->x);
    traj_relu_forward(s->y, s->bias.data);
    return grad_dot(s->y, s->dy);
}

static void relu_gradient(void *state)
{
    const shift *const s = state;
    grad_copy(s->dx, s->dy);
    traj_relu_backward(s->dx, s->y);
    if (s->bias.data) traj_bias_gradient(s->dbias.data, s->dx);
}

const grad_layer grad_relu = {relu_make, relu_value, relu_gradient};

/* The perceptron. */
typedef struct perceptron {
    traj_layout layout;
    traj_mlp mlp;
    traj_params params, grads;
    traj_mat x, dx, a[TRAJ_MLP_LAYERS], dy, da, scratch;
} perceptron;

static void *mlp_make(grad_bench *bench, const grad_shape *shape)
{
    perceptron *const s = grad_state(bench, sizeof *s);
    s->mlp = traj_mlp_declare(&s->layout, "mlp", shape->in, shape->out, shape->layers);
    s->params = grad_params(bench, &s->layout, &s->grads);
    if (shape->no_input)
        s->x = grad_data(bench, shape->rows, shape->in);
    else
        s->x = grad_input(bench, "x", shape->rows, shape->in, TRAJ_SET, &s->dx);
    for (int k = 0; k < shape->layers; k++) s->a[k] = grad_mat(bench, shape->rows, shape->out);
    s->dy = grad_data(bench, shape->rows, shape->out);
    s->da = grad_mat(bench, shape->rows, shape->out);
    if (shape->layers > 1) s->scratch = grad_mat(bench, shape->rows, shape->out);
    return s;
}

static double mlp_value(void *state)
{
    const perceptron *const s = state;
    traj_mlp_forward(&s->mlp, s->params, s->x, s->a);
    return grad_dot(s->a[s->mlp.layers - 1], s->dy);
}

static void mlp_gradient(void *state)
{
    const perceptron *const s = state;
    grad_copy(s->da, s->dy);
    traj_mlp_backward(&s->mlp, s->params, s->grads, s->x, s->a, s->da, s->scratch, s->dx);
}

const grad_layer grad_mlp = {mlp_make, mlp_value, mlp_gradient};
