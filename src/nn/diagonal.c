/* p(x) = N(mu, diag(sd^2)), raw = mu_1 mu_2 s_1 s_2. */
#include "output_table.h"
#include "traj/base/vkernel.h"

#define HALF_LOG_2PI 0.91893853320467274178

static traj_real diagonal_nll(const traj_output *output, const traj_real *raw, const traj_real *x)
{
    traj_real sum = 0;
    for (int k = 0; k < 2; k++) {
        const traj_real sd = traj_softplus1(raw[2 + k]) + output->floor, u = (x[k] - raw[k]) / sd;
        sum += TRAJ_R(HALF_LOG_2PI) + traj_log1(sd) + TRAJ_R(0.5) * u * u;
    }
    return sum;
}

static void diagonal_backward(const traj_output *output, traj_real *d_raw, const traj_real *raw,
                              const traj_real *x, traj_real scale)
{
    for (int k = 0; k < 2; k++) {
        const traj_real sd = traj_softplus1(raw[2 + k]) + output->floor, u = (x[k] - raw[k]) / sd;
        d_raw[k] = -scale * u / sd;
        d_raw[2 + k] = scale * (1 - u * u) / sd * traj_sigmoid1(raw[2 + k]);
    }
}

static void diagonal_sample(const traj_output *output, traj_real *x, const traj_real *raw,
                            const traj_real *normal, traj_real uniform)
{
    (void)uniform;
    for (int k = 0; k < 2; k++)
        x[k] = raw[k] + (traj_softplus1(raw[2 + k]) + output->floor) * normal[k];
}

static void diagonal_mean(const traj_output *output, traj_real *x, const traj_real *raw)
{
    (void)output;
    x[0] = raw[0];
    x[1] = raw[1];
}

const traj_output_type traj_output_diagonal = {4, diagonal_nll, diagonal_backward, diagonal_sample,
                                               diagonal_mean};
