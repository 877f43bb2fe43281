/* p(x) = sum_g softmax(a)_g N_g(x), raw = G times (a | mu_1 mu_2 s_1 s_2 c | k), the mean of N_g
 * being mu + k skip. Source: Graves 2013, eq. 23; k is ours. */
#include "bivariate.h"

enum { WIDTH = 7, CARRY = 6, LANES = TRAJ_OUTPUT_LANES, MOST = TRAJ_OUTPUT_COMPONENTS };

/* Of each lane: result = log sum_g exp(value_g); value [G, lanes] becomes the shares exp(value_g -
 * result). */
TRAJ_INLINE void log_sum_exp(int components, traj_real *restrict value, traj_real *restrict result)
{
    traj_real largest[LANES], sum[LANES];
    for (int l = 0; l < LANES; l++) largest[l] = value[l];
    for (int g = 1; g < components; g++)
        for (int l = 0; l < LANES; l++) {
            const traj_real v = value[g * LANES + l];
            largest[l] = v > largest[l] ? v : largest[l];
        }
    for (int l = 0; l < LANES; l++) sum[l] = 0;
    for (int g = 0; g < components; g++) {
#pragma omp simd
        for (int l = 0; l < LANES; l++) {
            const traj_real share = traj_exp1(value[g * LANES + l] - largest[l]);
            value[g * LANES + l] = share;
            sum[l] += share;
        }
    }
#pragma omp simd
    for (int l = 0; l < LANES; l++) {
        result[l] = largest[l] + traj_log1(sum[l]);
        sum[l] = 1 / sum[l];
    }
    for (int g = 0; g < components; g++)
        for (int l = 0; l < LANES; l++) value[g * LANES + l] *= sum[l];
}

/* x [2, lanes] as component a sees it: less k skip. */
TRAJ_INLINE void less_carried(traj_real *restrict seen, const traj_real *restrict a,
                              const traj_real *restrict x, const traj_real *restrict skip)
{
    for (int k = 0; k < 2 * LANES; k += LANES)
        for (int l = 0; l < LANES; l++) seen[k + l] = x[k + l] - a[CARRY * LANES + l] * skip[k + l];
}

/* nll of each lane; prior and posterior [G, lanes]: the components' shares before and after seeing
 * x. */
TRAJ_INLINE void mixture_shares(const traj_output *output, traj_real *nll, const traj_real *raw,
                                const traj_real *x, const traj_real *skip, traj_real *prior,
                                traj_real *posterior)
{
    const int components = output->components > 1 ? output->components : 1;
    traj_real component[LANES], all[LANES], joint[LANES], seen[2 * LANES];
    for (int g = 0; g < components; g++) {
        const traj_real *const a = raw + g * WIDTH * LANES;
        less_carried(seen, a, x, skip);
        traj_bivariate_nll(component, a + LANES, seen, output->floor);
        for (int l = 0; l < LANES; l++) {
            prior[g * LANES + l] = a[l];
            posterior[g * LANES + l] = a[l] - component[l];
        }
    }
    log_sum_exp(components, prior, all);
    log_sum_exp(components, posterior, joint);
    for (int l = 0; l < LANES; l++) nll[l] = all[l] - joint[l];
}

TRAJ_SIMD static void mixture_nll(const traj_output *output, traj_real *nll, const traj_real *raw,
                                  const traj_real *x, const traj_real *skip)
{
    traj_real prior[MOST * LANES], posterior[MOST * LANES];
    mixture_shares(output, nll, raw, x, skip, prior, posterior);
}

TRAJ_SIMD static void mixture_backward(const traj_output *output, traj_real *d_raw,
                                       const traj_real *raw, const traj_real *x,
                                       const traj_real *skip, const traj_real *scale)
{
    traj_real prior[MOST * LANES], posterior[MOST * LANES], nll[LANES], share[LANES];
    traj_real seen[2 * LANES];
    mixture_shares(output, nll, raw, x, skip, prior, posterior);
    for (int g = 0; g < output->components; g++) {
        const traj_real *const a = raw + g * WIDTH * LANES;
        traj_real *const d_a = d_raw + g * WIDTH * LANES;
        for (int l = 0; l < LANES; l++) {
            d_a[l] = scale[l] * (prior[g * LANES + l] - posterior[g * LANES + l]);
            share[l] = scale[l] * posterior[g * LANES + l];
        }
        less_carried(seen, a, x, skip);
        traj_bivariate_backward(d_a + LANES, a + LANES, seen, share, output->floor);
        for (int l = 0; l < LANES; l++)
            d_a[CARRY * LANES + l] = d_a[LANES + l] * skip[l] +
                                     d_a[2 * LANES + l] * skip[LANES + l];
    }
}

/* softmax(a) of one row. */
static void row_weights(const traj_output *output, const traj_real *raw, traj_real *weight)
{
    traj_real largest = raw[0], sum = 0;
    for (int g = 1; g < output->components; g++)
        largest = raw[WIDTH * g] > largest ? raw[WIDTH * g] : largest;
    for (int g = 0; g < output->components; g++)
        sum += weight[g] = traj_exp1(raw[WIDTH * g] - largest);
    for (int g = 0; g < output->components; g++) weight[g] /= sum;
}

static void mixture_sample(const traj_output *output, traj_real *x, const traj_real *raw,
                           const traj_real *skip, const traj_real *normal, traj_real uniform)
{
    traj_real weight[MOST], left = uniform;
    int g = 0;
    row_weights(output, raw, weight);
    for (; g < output->components - 1 && left >= weight[g]; g++) left -= weight[g];
    traj_bivariate_sample(x, raw + WIDTH * g + 1, normal, output->floor);
    for (int k = 0; k < 2; k++) x[k] += raw[WIDTH * g + CARRY] * skip[k];
}

static void mixture_mean(const traj_output *output, traj_real *x, const traj_real *raw,
                         const traj_real *skip)
{
    traj_real weight[MOST];
    row_weights(output, raw, weight);
    x[0] = x[1] = 0;
    for (int g = 0; g < output->components; g++)
        for (int k = 0; k < 2; k++)
            x[k] += weight[g] * (raw[WIDTH * g + 1 + k] + raw[WIDTH * g + CARRY] * skip[k]);
}

const traj_output_type traj_output_mixture = {WIDTH, mixture_nll, mixture_backward, mixture_sample,
                                              mixture_mean};
