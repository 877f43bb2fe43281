/* A row's layer: the residual perceptron under a condition. */
#include "grad/grad_layers.h"
#include "traj/nn/film.h"

typedef struct modulated {
    traj_layout layout;
    traj_params params, grads;
    traj_film film;
    traj_film_trace trace;
    traj_mat v, s, dv, ds, u, du;
} modulated;

static void *film_make(grad_bench *bench, const grad_shape *shape)
{
    modulated *const m = grad_state(bench, sizeof *m);
    const int rows = shape->rows, width = shape->out;
    m->film = traj_film_declare(&m->layout, "film", width, shape->in);
    m->params = grad_params(bench, &m->layout, &m->grads);
    m->v = grad_input(bench, "v", rows, width, TRAJ_SET, &m->dv);
    m->s = grad_input(bench, "s", rows, shape->in, TRAJ_ADD, &m->ds);
    m->trace = (traj_film_trace){.p = grad_mat(bench, rows, width),
                                 .scale_shift = grad_mat(bench, rows, 2 * width),
                                 .q = grad_mat(bench, rows, width)};
    m->u = grad_mat(bench, rows, width);
    m->du = grad_data(bench, rows, width);
    return m;
}

static double film_value(void *state)
{
    const modulated *const m = state;
    traj_film_forward(&m->film, m->params, m->trace, m->u, m->v, m->s);
    return grad_dot(m->u, m->du);
}

static void film_gradient(void *state)
{
    const modulated *const m = state;
    traj_film_backward(&m->film, m->params, m->grads, m->trace, m->du, m->v, m->s, m->dv, m->ds);
}

const grad_layer grad_film = {film_make, film_value, film_gradient};
