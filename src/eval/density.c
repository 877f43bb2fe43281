/* How likely the truth is under a density that is laid over the samples of one agent in one frame:
 * one normal distribution around each, all with the samples' covariance times h^2, h = K^(-1/6)
 * (Scott 1992, two dimensions). */
#include "metric_table.h"

enum { FEWEST = 3 }; /* samples: fewer span no area */
/* Added to both variances (a millimetre squared): identical samples have a density, too. */
static const double jitter_m2 = 1e-6;
/* A sample set may say nothing about a place; it is then this unlikely (Salzmann et al. 2020). */
static const double least_log_density = -20;

/* Of the kernels: the inverse of their covariance, and the logarithm of their height over K. */
typedef struct kernels {
    double xx, xy, yy;
    double log_height;
} kernels;

static kernels fit(const traj_eval_scene *scene, int t, int a)
{
    const double two_pi = 6.283185307179586, count = scene->samples, square_h = 1 / cbrt(count);
    double mean[2], xx = 0, xy = 0, yy = 0;
    traj_mean_error(scene, t, a, mean);
    for (int k = 0; k < scene->samples; k++) {
        double v[2];
        traj_between(traj_place(scene, TRAJ_TRUTH, t, a), traj_place(scene, k, t, a), v);
        xx += (v[0] - mean[0]) * (v[0] - mean[0]);
        xy += (v[0] - mean[0]) * (v[1] - mean[1]);
        yy += (v[1] - mean[1]) * (v[1] - mean[1]);
    }
    xx = square_h * (xx / (count - 1) + jitter_m2);
    xy = square_h * (xy / (count - 1));
    yy = square_h * (yy / (count - 1) + jitter_m2);
    const double determinant = xx * yy - xy * xy;
    return (kernels){yy / determinant, -xy / determinant, xx / determinant,
                     -log(count * two_pi * sqrt(determinant))};
}

/* -d' C^-1 d / 2 of sample k */
static double exponent(const traj_eval_scene *scene, int k, int t, int a, const kernels *kernel)
{
    double d[2];
    traj_between(traj_place(scene, TRAJ_TRUTH, t, a), traj_place(scene, k, t, a), d);
    return -0.5 *
           (kernel->xx * d[0] * d[0] + 2 * kernel->xy * d[0] * d[1] + kernel->yy * d[1] * d[1]);
}

static double log_density(const traj_eval_scene *scene, int t, int a)
{
    const kernels kernel = fit(scene, t, a);
    double largest = -INFINITY, sum = 0;
    for (int k = 0; k < scene->samples; k++)
        largest = fmax(largest, exponent(scene, k, t, a, &kernel));
    for (int k = 0; k < scene->samples; k++)
        sum += exp(exponent(scene, k, t, a, &kernel) - largest);
    return fmax(kernel.log_height + largest + log(sum), least_log_density);
}

double traj_kde_nll(const traj_eval_scene *scene, traj_group group,
                    const traj_metric_limits *limits, traj_arena *arena)
{
    (void)limits, (void)arena;
    double sum = 0, count = 0;
    if (scene->samples < FEWEST) return NAN;
    for (int a = 0; a < scene->agents; a++) {
        if (!traj_group_has(group, scene->kind[a])) continue;
        for (int t = 0; t < scene->frames; t++) {
            sum -= log_density(scene, t, a);
            count++;
        }
    }
    return traj_mean_of(sum, count);
}
