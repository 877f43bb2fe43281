/* The bivariate Gaussian of a block of rows, private to this room: used alone and as a component of
 * the mixture. raw [5, lanes] = mu_1 mu_2 s_1 s_2 c, x [2, lanes]; formulas in traj/nn/output.h. */
#ifndef TRAJ_NN_BIVARIATE_H
#define TRAJ_NN_BIVARIATE_H

#include "output_table.h"
#include "traj/base/simd.h"
#include "traj/base/vkernel.h"

#define TRAJ_LOG_2PI 1.83787706640934548356
/* Keeps 1 - rho^2 away from 0 whatever the network says. */
#define TRAJ_RHO_MAX 0.999

/* Everything that the density and its gradient share, of one row. */
typedef struct traj_bivariate {
    traj_real sd_1, sd_2, u, v, tanh_c, rho, w, quadratic;
} traj_bivariate;

/* `step` is the distance from one column to the next: the lanes of a block, or 1 for a row of its
 * own. */
TRAJ_INLINE traj_bivariate traj_bivariate_at(const traj_real *raw, int step, traj_real x_1,
                                             traj_real x_2, traj_real floor)
{
    traj_bivariate b;
    b.sd_1 = traj_softplus1(raw[2 * step]) + floor;
    b.sd_2 = traj_softplus1(raw[3 * step]) + floor;
    b.u = (x_1 - raw[0]) / b.sd_1;
    b.v = (x_2 - raw[step]) / b.sd_2;
    b.tanh_c = traj_tanh1(raw[4 * step]);
    b.rho = TRAJ_R(TRAJ_RHO_MAX) * b.tanh_c;
    b.w = (1 - b.rho) * (1 + b.rho);
    b.quadratic = b.u * b.u - 2 * b.rho * b.u * b.v + b.v * b.v;
    return b;
}

/* nll [lanes] = -log N(x). */
TRAJ_INLINE void traj_bivariate_nll(traj_real *restrict nll, const traj_real *restrict raw,
                                    const traj_real *restrict x, traj_real floor)
{
    enum { LANES = TRAJ_OUTPUT_LANES };
#pragma omp simd
    for (int l = 0; l < LANES; l++) {
        const traj_bivariate b = traj_bivariate_at(raw + l, LANES, x[l], x[LANES + l], floor);
        nll[l] = TRAJ_R(TRAJ_LOG_2PI) + traj_log1(b.sd_1 * b.sd_2) +
                 TRAJ_R(0.5) * (traj_log1(b.w) + b.quadratic / b.w);
    }
}

/* d_raw [5, lanes] = scale * d(-log N)/d raw. */
TRAJ_INLINE void traj_bivariate_backward(traj_real *restrict d_raw, const traj_real *restrict raw,
                                         const traj_real *restrict x,
                                         const traj_real *restrict scale, traj_real floor)
{
    enum { LANES = TRAJ_OUTPUT_LANES };
#pragma omp simd
    for (int l = 0; l < LANES; l++) {
        const traj_bivariate b = traj_bivariate_at(raw + l, LANES, x[l], x[LANES + l], floor);
        const traj_real d_u = (b.u - b.rho * b.v) / b.w, d_v = (b.v - b.rho * b.u) / b.w;
        /* of (log w + quadratic / w) / 2 */
        const traj_real d_rho = (b.rho * b.quadratic / b.w - b.u * b.v - b.rho) / b.w;
        d_raw[l] = -scale[l] * d_u / b.sd_1;
        d_raw[LANES + l] = -scale[l] * d_v / b.sd_2;
        d_raw[2 * LANES + l] = scale[l] * (1 - b.u * d_u) / b.sd_1 *
                               traj_sigmoid1(raw[2 * LANES + l]);
        d_raw[3 * LANES + l] = scale[l] * (1 - b.v * d_v) / b.sd_2 *
                               traj_sigmoid1(raw[3 * LANES + l]);
        d_raw[4 * LANES + l] = scale[l] * d_rho * TRAJ_R(TRAJ_RHO_MAX) * (1 - b.tanh_c * b.tanh_c);
    }
}

/* One row: x = mu + L normal with L L' the covariance. */
TRAJ_INLINE void traj_bivariate_sample(traj_real *x, const traj_real *raw, const traj_real *normal,
                                       traj_real floor)
{
    const traj_bivariate b = traj_bivariate_at(raw, 1, 0, 0, floor);
    x[0] = raw[0] + b.sd_1 * normal[0];
    x[1] = raw[1] + b.sd_2 * (b.rho * normal[0] + traj_sqrt1(b.w) * normal[1]);
}

#endif
