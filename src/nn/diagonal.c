/* p(x) = N(mu, diag(sd^2)), raw = mu_1 mu_2 s_1 s_2. */
#include "output_table.h"
#include "traj/base/simd.h"
#include "traj/base/vkernel.h"

#define HALF_LOG_2PI 0.91893853320467274178

enum { LANES = TRAJ_OUTPUT_LANES };

TRAJ_SIMD static void diagonal_nll(const traj_output *output, traj_real *restrict nll,
                                   const traj_real *restrict raw, const traj_real *restrict x,
                                   const traj_real *skip)
{
    (void)skip;
    for (int l = 0; l < LANES; l++) nll[l] = 0;
    for (int k = 0; k < 2 * LANES; k += LANES) {
#pragma omp simd
        for (int l = 0; l < LANES; l++) {
            const traj_real sd = traj_softplus1(raw[2 * LANES + k + l]) + output->floor;
            const traj_real u = (x[k + l] - raw[k + l]) / sd;
            nll[l] += TRAJ_R(HALF_LOG_2PI) + traj_log1(sd) + TRAJ_R(0.5) * u * u;
        }
    }
}

TRAJ_SIMD static void diagonal_backward(const traj_output *output, traj_real *restrict d_raw,
                                        const traj_real *restrict raw, const traj_real *restrict x,
                                        const traj_real *skip, const traj_real *restrict scale)
{
    (void)skip;
    for (int k = 0; k < 2 * LANES; k += LANES) {
#pragma omp simd
        for (int l = 0; l < LANES; l++) {
            const traj_real s = raw[2 * LANES + k + l], sd = traj_softplus1(s) + output->floor;
            const traj_real u = (x[k + l] - raw[k + l]) / sd;
            d_raw[k + l] = -scale[l] * u / sd;
            d_raw[2 * LANES + k + l] = scale[l] * (1 - u * u) / sd * traj_sigmoid1(s);
        }
    }
}

static void diagonal_sample(const traj_output *output, traj_real *x, const traj_real *raw,
                            const traj_real *skip, const traj_real *normal, traj_real uniform)
{
    (void)skip;
    (void)uniform;
    for (int k = 0; k < 2; k++)
        x[k] = raw[k] + (traj_softplus1(raw[2 + k]) + output->floor) * normal[k];
}

static void diagonal_mean(const traj_output *output, traj_real *x, const traj_real *raw,
                          const traj_real *skip)
{
    (void)output;
    (void)skip;
    x[0] = raw[0];
    x[1] = raw[1];
}

const traj_output_type traj_output_diagonal = {4, diagonal_nll, diagonal_backward, diagonal_sample,
                                               diagonal_mean};
