/* p(x) = N(mu, S) with a correlation, raw = mu_1 mu_2 s_1 s_2 c: formulas in traj/nn/output.h. */
#include "bivariate.h"
#include "output_table.h"
#include "traj/base/vkernel.h"
#include <math.h>

#define LOG_2PI 1.83787706640934548356
/* Keeps 1 - rho^2 away from 0 whatever the network says. */
#define RHO_MAX 0.999

/* Everything that the density and its gradient share. */
typedef struct bivariate {
    traj_real sd[2], u[2], tanh_c, rho, w;
} bivariate;

static bivariate bivariate_at(const traj_real *raw, const traj_real *x, traj_real floor)
{
    bivariate b;
    for (int k = 0; k < 2; k++) {
        b.sd[k] = traj_softplus1(raw[2 + k]) + floor;
        b.u[k] = (x[k] - raw[k]) / b.sd[k];
    }
    b.tanh_c = traj_tanh1(raw[4]);
    b.rho = TRAJ_R(RHO_MAX) * b.tanh_c;
    b.w = (1 - b.rho) * (1 + b.rho);
    return b;
}

static traj_real quadratic(const bivariate *b)
{
    return b->u[0] * b->u[0] - 2 * b->rho * b->u[0] * b->u[1] + b->u[1] * b->u[1];
}

traj_real traj_bivariate_nll(const traj_real *raw, const traj_real *x, traj_real floor)
{
    const bivariate b = bivariate_at(raw, x, floor);
    return TRAJ_R(LOG_2PI) + traj_log1(b.sd[0] * b.sd[1]) +
           TRAJ_R(0.5) * (traj_log1(b.w) + quadratic(&b) / b.w);
}

void traj_bivariate_backward(traj_real *d_raw, const traj_real *raw, const traj_real *x,
                             traj_real scale, traj_real floor)
{
    const bivariate b = bivariate_at(raw, x, floor);
    for (int k = 0; k < 2; k++) {
        const traj_real d_u = (b.u[k] - b.rho * b.u[1 - k]) / b.w;
        d_raw[k] = -scale * d_u / b.sd[k];
        d_raw[2 + k] = scale * (1 - b.u[k] * d_u) / b.sd[k] * traj_sigmoid1(raw[2 + k]);
    }
    const traj_real d_rho = (b.rho * quadratic(&b) / b.w - b.u[0] * b.u[1] - b.rho) /
                            b.w; /* of (log w + Q/w)/2 */
    d_raw[4] = scale * d_rho * TRAJ_R(RHO_MAX) * (1 - b.tanh_c * b.tanh_c);
}

void traj_bivariate_sample(traj_real *x, const traj_real *raw, const traj_real *normal,
                           traj_real floor)
{
    const bivariate b = bivariate_at(raw, (const traj_real[2]){0, 0}, floor);
    x[0] = raw[0] + b.sd[0] * normal[0];
    x[1] = raw[1] + b.sd[1] * (b.rho * normal[0] + TRAJ_R(sqrt((double)b.w)) * normal[1]);
}

static traj_real output_nll(const traj_output *output, const traj_real *raw, const traj_real *x)
{
    return traj_bivariate_nll(raw, x, output->floor);
}

static void output_backward(const traj_output *output, traj_real *d_raw, const traj_real *raw,
                            const traj_real *x, traj_real scale)
{
    traj_bivariate_backward(d_raw, raw, x, scale, output->floor);
}

static void output_sample(const traj_output *output, traj_real *x, const traj_real *raw,
                          const traj_real *normal, traj_real uniform)
{
    (void)uniform;
    traj_bivariate_sample(x, raw, normal, output->floor);
}

static void output_mean(const traj_output *output, traj_real *x, const traj_real *raw)
{
    (void)output;
    x[0] = raw[0];
    x[1] = raw[1];
}

const traj_output_type traj_output_bivariate = {5, output_nll, output_backward, output_sample,
                                                output_mean};
