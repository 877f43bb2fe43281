/* Rows' layers: the Gaussian latent, the KL divergence, the output distributions. */
#include "grad/grad_layers.h"
#include "traj/nn/latent.h"
#include "traj/nn/output.h"
#include <math.h>

static const traj_real sd_floor = TRAJ_R(0.01);

/* z = mu + sd eps */
typedef struct latent {
    traj_mat raw, d_raw, eps, z, dz;
    traj_write write;
} latent;

static void *latent_make(grad_bench *bench, const grad_shape *shape)
{
    latent *const s = grad_state(bench, sizeof *s);
    s->write = shape->write;
    s->raw = grad_input(bench, "raw", shape->rows, 2 * shape->out, s->write, &s->d_raw);
    s->eps = grad_data(bench, shape->rows, shape->out);
    s->z = grad_mat(bench, shape->rows, shape->out);
    s->dz = grad_data(bench, shape->rows, shape->out);
    return s;
}

static double latent_value(void *state)
{
    const latent *const s = state;
    traj_latent_forward(s->z, s->raw, s->eps, sd_floor);
    return grad_dot(s->z, s->dz);
}

static void latent_gradient(void *state)
{
    const latent *const s = state;
    traj_latent_backward(s->d_raw, s->raw, s->eps, s->dz, s->write);
}

const grad_layer grad_latent = {latent_make, latent_value, latent_gradient};

/* Weights of rows in (0.5, 1.5); every third row does not count. */
static traj_mat make_weights(grad_bench *bench, int rows)
{
    const traj_mat weight = grad_data(bench, 1, rows);
    for (int r = 0; r < rows; r++)
        weight.data[r] = r % 3 == 1 ? 0 : 1 + TRAJ_R(0.5) * weight.data[r];
    return weight;
}

static double sum_of(traj_mat row)
{
    double sum = 0;
    for (int c = 0; c < row.cols; c++) sum += (double)row.data[c];
    return sum;
}

/* KL(q||p) */
typedef struct divergence {
    traj_mat q, p, d_q, d_p, weight, kl;
    bool alias;
} divergence;

static void *kl_make(grad_bench *bench, const grad_shape *shape)
{
    divergence *const s = grad_state(bench, sizeof *s);
    s->q = grad_input(bench, "q", shape->rows, 2 * shape->out, TRAJ_SET, &s->d_q);
    s->p = grad_input(bench, "p", shape->rows, 2 * shape->out, TRAJ_SET, &s->d_p);
    s->weight = make_weights(bench, shape->rows);
    s->kl = grad_mat(bench, 1, shape->rows);
    s->alias = shape->alias;
    return s;
}

static double kl_value(void *state)
{
    const divergence *const s = state;
    traj_kl_forward(s->kl.data, s->q, s->p, s->weight.data, sd_floor);
    return sum_of(s->kl);
}

static void kl_gradient(void *state)
{
    const divergence *const s = state;
    if (s->alias) {
        grad_copy(s->d_q, s->q);
        grad_copy(s->d_p, s->p);
        traj_kl_backward(s->d_q, s->d_p, s->d_q, s->d_p, s->weight.data, sd_floor);
    } else {
        traj_kl_backward(s->d_q, s->d_p, s->q, s->p, s->weight.data, sd_floor);
    }
}

const grad_layer grad_kl = {kl_make, kl_value, kl_gradient};

/* -log p(x | raw). Rows of weight 0 hold NaN in raw and x: they must not be read. */
typedef struct output {
    traj_output output;
    traj_mat raw, d_raw, x, skip, weight, nll;
} output;

static void *output_make(grad_bench *bench, const grad_shape *shape)
{
    output *const s = grad_state(bench, sizeof *s);
    const int rows = shape->rows;
    s->output = (traj_output){shape->kind, shape->components, sd_floor};
    const int width = traj_output_width(&s->output);
    s->raw = grad_input(bench, "raw", rows, width, TRAJ_SET, &s->d_raw);
    s->x = grad_data(bench, rows, 2);
    s->weight = make_weights(bench, rows);
    s->nll = grad_mat(bench, 1, rows);
    if (shape->skip) s->skip = grad_data(bench, rows, 2);
    for (int r = 0; r < rows; r++) {
        if (s->weight.data[r] != 0) continue;
        grad_poison(traj_mat_row(s->raw, r), (size_t)width);
        grad_poison(traj_mat_row(s->x, r), 2);
    }
    return s;
}

static double output_value(void *state)
{
    const output *const s = state;
    traj_output_forward(&s->output, s->nll.data, s->raw, s->x, s->skip, s->weight.data);
    return sum_of(s->nll);
}

static void output_gradient(void *state)
{
    const output *const s = state;
    traj_output_backward(&s->output, s->d_raw, s->raw, s->x, s->skip, s->weight.data);
}

const grad_layer grad_output = {output_make, output_value, output_gradient};
