/* p(x) = sum_g softmax(a)_g N_g(x), raw = G times (a | mu_1 mu_2 s_1 s_2 c). Source: Graves 2013,
 * eq. 23. */
#include "bivariate.h"
#include "output_table.h"
#include "traj/base/assert.h"
#include <math.h>

enum { WIDTH = 6, MAX_COMPONENTS = 64 };

/* log sum_g exp(value_g); value becomes the shares exp(value_g - result). */
static double log_sum_exp(int n, double *value)
{
    double largest = -INFINITY, sum = 0;
    for (int g = 0; g < n; g++) largest = fmax(largest, value[g]);
    for (int g = 0; g < n; g++) sum += value[g] = exp(value[g] - largest);
    for (int g = 0; g < n; g++) value[g] /= sum;
    return largest + log(sum);
}

static double log_weights(int n, const traj_real *raw, double *weight)
{
    for (int g = 0; g < n; g++) weight[g] = (double)raw[WIDTH * g];
    return log_sum_exp(n, weight);
}

/* log p(x); prior and posterior [G]: the components' shares before and after seeing x. */
static double mixture_density(const traj_output *output, const traj_real *raw, const traj_real *x,
                              double *prior, double *posterior)
{
    const int n = output->components;
    TRAJ_ASSERT(n >= 1 && n <= MAX_COMPONENTS);
    const double normaliser = log_weights(n, raw, prior);
    for (int g = 0; g < n; g++)
        posterior[g] = (double)raw[WIDTH * g] - normaliser -
                       (double)traj_bivariate_nll(raw + WIDTH * g + 1, x, output->floor);
    return log_sum_exp(n, posterior);
}

static traj_real mixture_nll(const traj_output *output, const traj_real *raw, const traj_real *x)
{
    double prior[MAX_COMPONENTS], posterior[MAX_COMPONENTS];
    return TRAJ_R(-mixture_density(output, raw, x, prior, posterior));
}

static void mixture_backward(const traj_output *output, traj_real *d_raw, const traj_real *raw,
                             const traj_real *x, traj_real scale)
{
    double prior[MAX_COMPONENTS], posterior[MAX_COMPONENTS];
    mixture_density(output, raw, x, prior, posterior);
    for (int g = 0; g < output->components; g++) {
        d_raw[WIDTH * g] = scale * TRAJ_R(prior[g] - posterior[g]);
        traj_bivariate_backward(d_raw + WIDTH * g + 1, raw + WIDTH * g + 1, x,
                                scale * TRAJ_R(posterior[g]), output->floor);
    }
}

static void mixture_sample(const traj_output *output, traj_real *x, const traj_real *raw,
                           const traj_real *normal, traj_real uniform)
{
    double weight[MAX_COMPONENTS];
    log_weights(output->components, raw, weight);
    int g = 0;
    for (double left = (double)uniform; g < output->components - 1 && left >= weight[g]; g++)
        left -= weight[g];
    traj_bivariate_sample(x, raw + WIDTH * g + 1, normal, output->floor);
}

static void mixture_mean(const traj_output *output, traj_real *x, const traj_real *raw)
{
    double weight[MAX_COMPONENTS], mean[2] = {0, 0};
    log_weights(output->components, raw, weight);
    for (int g = 0; g < output->components; g++)
        for (int k = 0; k < 2; k++) mean[k] += weight[g] * (double)raw[WIDTH * g + 1 + k];
    x[0] = TRAJ_R(mean[0]);
    x[1] = TRAJ_R(mean[1]);
}

const traj_output_type traj_output_mixture = {WIDTH, mixture_nll, mixture_backward, mixture_sample,
                                              mixture_mean};
