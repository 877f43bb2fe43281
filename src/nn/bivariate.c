/* p(x) = N(mu, S) with a correlation: see bivariate.h. */
#include "bivariate.h"

TRAJ_SIMD static void bivariate_nll(const traj_output *output, traj_real *nll, const traj_real *raw,
                                    const traj_real *x, const traj_real *skip)
{
    (void)skip;
    traj_bivariate_nll(nll, raw, x, output->floor);
}

TRAJ_SIMD static void bivariate_backward(const traj_output *output, traj_real *d_raw,
                                         const traj_real *raw, const traj_real *x,
                                         const traj_real *skip, const traj_real *scale)
{
    (void)skip;
    traj_bivariate_backward(d_raw, raw, x, scale, output->floor);
}

static void bivariate_sample(const traj_output *output, traj_real *x, const traj_real *raw,
                             const traj_real *skip, const traj_real *normal, traj_real uniform)
{
    (void)skip;
    (void)uniform;
    traj_bivariate_sample(x, raw, normal, output->floor);
}

static void bivariate_mean(const traj_output *output, traj_real *x, const traj_real *raw,
                           const traj_real *skip)
{
    (void)output;
    (void)skip;
    x[0] = raw[0];
    x[1] = raw[1];
}

const traj_output_type traj_output_bivariate = {5, bivariate_nll, bivariate_backward,
                                                bivariate_sample, bivariate_mean};
