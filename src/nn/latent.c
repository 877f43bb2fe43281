/* Fused passes over diagonal Gaussians: see traj/nn/latent.h. */
#include "traj/nn/latent.h"
#include "traj/base/assert.h"
#include "traj/base/simd.h"
#include "traj/base/vkernel.h"

#define HALF_LOG_2PI 0.91893853320467274178

TRAJ_SIMD static void sample_row(int n, traj_real *restrict z, const traj_real *restrict raw,
                                 const traj_real *restrict eps, traj_real floor)
{
#pragma omp simd
    for (int k = 0; k < n; k++) z[k] = raw[k] + (traj_softplus1(raw[n + k]) + floor) * eps[k];
}

void traj_latent_forward(traj_mat z, traj_mat raw, traj_mat eps, traj_real floor)
{
    TRAJ_ASSERT(raw.cols == 2 * z.cols && eps.cols == z.cols);
    TRAJ_ASSERT(raw.rows == z.rows && eps.rows == z.rows);
    for (int r = 0; r < z.rows; r++)
        sample_row(z.cols, traj_mat_row(z, r), traj_mat_row(raw, r), traj_mat_row(eps, r), floor);
}

/* z = mu + (softplus(s) + floor) eps; softplus' = sigmoid */
TRAJ_SIMD static void sample_row_backward(int n, traj_real *restrict d_raw,
                                          const traj_real *restrict raw,
                                          const traj_real *restrict eps,
                                          const traj_real *restrict dz)
{
#pragma omp simd
    for (int k = 0; k < n; k++) {
        d_raw[k] += dz[k];
        d_raw[n + k] += dz[k] * eps[k] * traj_sigmoid1(raw[n + k]);
    }
}

void traj_latent_backward(traj_mat d_raw, traj_mat raw, traj_mat eps, traj_mat dz, traj_write write)
{
    TRAJ_ASSERT(raw.cols == 2 * dz.cols && d_raw.cols == raw.cols && eps.cols == dz.cols);
    for (int r = 0; r < dz.rows; r++) {
        traj_real *const row = traj_mat_row(d_raw, r);
        for (int k = 0; write == TRAJ_SET && k < d_raw.cols; k++) row[k] = 0;
        sample_row_backward(dz.cols, row, traj_mat_row(raw, r), traj_mat_row(eps, r),
                            traj_mat_row(dz, r));
    }
}

TRAJ_SIMD static traj_real kl_row(int n, const traj_real *restrict q, const traj_real *restrict p,
                                  traj_real floor)
{
    traj_real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int k = 0; k < n; k++) {
        const traj_real sd_p = traj_softplus1(p[n + k]) + floor;
        const traj_real ratio = (traj_softplus1(q[n + k]) + floor) / sd_p;
        const traj_real shift = (q[k] - p[k]) / sd_p;
        sum += TRAJ_R(0.5) * (ratio * ratio + shift * shift - 1) - traj_log1(ratio);
    }
    return sum;
}

void traj_kl_forward(traj_real *kl, traj_mat q, traj_mat p, const traj_real *weight,
                     traj_real floor)
{
    TRAJ_ASSERT(q.cols == p.cols && q.rows == p.rows);
    for (int r = 0; r < q.rows; r++)
        kl[r] = weight[r] == 0
                    ? 0
                    : weight[r] * kl_row(q.cols / 2, traj_mat_row(q, r), traj_mat_row(p, r), floor);
}

/* d/dmu_q = shift/sd_p = -d/dmu_p;  d/dsd_q = ratio/sd_p - 1/sd_q;  d/dsd_p = (1 - ratio^2 -
 * shift^2)/sd_p */
TRAJ_SIMD static void kl_row_backward(int n, traj_real *d_q, traj_real *d_p, const traj_real *q,
                                      const traj_real *p, traj_real scale, traj_real floor)
{
#pragma omp simd
    for (int k = 0; k < n; k++) {
        const traj_real s_q = q[n + k], s_p = p[n + k];
        const traj_real sd_p = traj_softplus1(s_p) + floor, sd_q = traj_softplus1(s_q) + floor;
        const traj_real ratio = sd_q / sd_p, shift = (q[k] - p[k]) / sd_p;
        const traj_real d_mu = scale * shift / sd_p;
        d_q[k] = d_mu;
        d_p[k] = -d_mu;
        d_q[n + k] = scale * (ratio / sd_p - 1 / sd_q) * traj_sigmoid1(s_q);
        d_p[n + k] = scale * ((1 - ratio * ratio - shift * shift) / sd_p) * traj_sigmoid1(s_p);
    }
}

void traj_kl_backward(traj_mat d_q, traj_mat d_p, traj_mat q, traj_mat p, const traj_real *scale,
                      traj_real floor)
{
    TRAJ_ASSERT(q.cols == p.cols && q.rows == p.rows && d_q.cols == q.cols && d_p.cols == p.cols);
    for (int r = 0; r < q.rows; r++)
        kl_row_backward(q.cols / 2, traj_mat_row(d_q, r), traj_mat_row(d_p, r), traj_mat_row(q, r),
                        traj_mat_row(p, r), scale[r], floor);
}

TRAJ_SIMD static traj_real density_row(int n, const traj_real *restrict raw,
                                       const traj_real *restrict z, traj_real floor)
{
    traj_real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int k = 0; k < n; k++) {
        const traj_real sd = traj_softplus1(raw[n + k]) + floor, u = (z[k] - raw[k]) / sd;
        sum -= traj_log1(sd) + TRAJ_R(0.5) * u * u + TRAJ_R(HALF_LOG_2PI);
    }
    return sum;
}

void traj_latent_density(double *density, traj_mat raw, traj_mat z, const traj_real *weight,
                         traj_real floor, double sign)
{
    TRAJ_ASSERT(raw.cols == 2 * z.cols && raw.rows == z.rows);
    for (int r = 0; r < z.rows; r++)
        if (weight[r] != 0)
            density[r] +=
                sign * (double)weight[r] *
                (double)density_row(z.cols, traj_mat_row(raw, r), traj_mat_row(z, r), floor);
}
