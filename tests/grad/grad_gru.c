/* Rows' layer: the gated recurrent unit. */
#include "grad/grad_layers.h"
#include "traj/nn/gru.h"
#include "traj/nn/linear.h"

/* i and g are variables of their own: their products are the caller's. */
typedef struct gru {
    traj_mat i, g, h, bias, dh, dbias;
    traj_mat work_i, work_g; /* gates, then gradients */
    traj_mat present, next, dnext;
} gru;

static void *gru_make(grad_bench *bench, const grad_shape *shape)
{
    gru *const s = grad_state(bench, sizeof *s);
    const int rows = shape->rows, hidden = shape->out;
    s->work_i = grad_mat(bench, rows, 3 * hidden);
    s->work_g = grad_mat(bench, rows, 3 * hidden);
    s->i = grad_input_in_place(bench, "i", rows, 3 * hidden, s->work_i);
    s->g = grad_input_in_place(bench, "g", rows, 3 * hidden, s->work_g);
    s->h = grad_input(bench, "h", rows, hidden, TRAJ_ADD, &s->dh);
    s->bias = grad_input(bench, "bias", 1, 3 * hidden, TRAJ_ADD, &s->dbias);
    s->next = grad_mat(bench, rows, hidden);
    s->dnext = grad_data(bench, rows, hidden);
    if (!shape->absent) return s;
    s->present = grad_data(bench, 1, rows);
    for (int r = 0; r < rows; r++) s->present.data[r] = r % 3 < shape->absent ? 0 : 1;
    return s;
}

static double gru_value(void *state)
{
    const gru *const s = state;
    grad_copy(s->work_i, s->i);
    grad_copy(s->work_g, s->g);
    traj_gru_forward(s->next, s->work_i, s->work_g, s->bias.data, s->h, s->present.data);
    return grad_dot(s->next, s->dnext);
}

static void gru_gradient(void *state)
{
    const gru *const s = state;
    traj_gru_backward(s->dh, s->work_i, s->work_g, s->dnext, s->h, s->present.data);
    traj_bias_gradient(s->dbias.data, s->work_g);
}

const grad_layer grad_gru = {gru_make, gru_value, gru_gradient};
