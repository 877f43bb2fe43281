/* Denoising: what tracks were before independent Gaussian noise of known standard deviation s was
 * added to every coordinate.
 *
 * By smoothers (smooth.h), agent by agent, or by a diffusion model, all agents together, in windows
 * of the model's horizon. Let D be the displacements of a window and z its noisy positions. The
 * reverse chain is entered at the level whose noise is that of displacements, sqrt(2) s, with the
 * Kalman smoother's D as a first guess; each prediction x^ of D with standard deviation r is
 * combined with what was seen:
 *
 *   p_{t+1} = p_t + x^_t + N(0, r^2),   z_t = p_t + N(0, s^2),   x^_t <- E[p_{t+1} - p_t | z]
 *
 * The mean over samples is the answer, their scatter its spread. Note: docs/mathematics/denoise.md.
 */
#ifndef TRAJ_GEN_DENOISE_H
#define TRAJ_GEN_DENOISE_H

#include "traj/base/pool.h"
#include "traj/data/norm.h"
#include "traj/model/model.h"

typedef enum traj_denoise_method {
    TRAJ_DENOISE_MODEL,
    TRAJ_DENOISE_KALMAN,
    TRAJ_DENOISE_SAVGOL /* quadratic; the window chosen by estimated error unless given */
} traj_denoise_method;

typedef struct traj_denoise {
    traj_denoise_method method;
    double noise_m; /* s > 0 */
    int window;     /* of savgol: odd; 0 chooses one for each track */
    /* The rest is for the model only. */
    const traj_model *model; /* view: one that has `sample` */
    traj_params params;      /* view */
    const traj_norm *norm;   /* view */
    int burn_in;             /* frames of past that the model is given */
    int samples, steps;      /* steps: evaluations of the network, 0 = all it has */
    const double *step_list; /* view [steps]: which ones; NULL: evenly */
    double eta;
    uint64_t seed;
} traj_denoise;

/* sequence: noisy, at the model's rate rate_hz. pos_m [frames,agents,2]: the posterior mean where
 * there is a noisy position, NaN elsewhere; sd_m [frames,agents]: its standard deviation per
 * coordinate (of savgol: what is left of the noise). The first burn_in frames, tracks that begin
 * within a window and windows that nobody is in are the Kalman smoother's, also by a model. Same
 * arguments, same bits, on any pool. Errors: TRAJ_E_MEMORY. Threads: one call at a time per pool.
 */
traj_status traj_denoise_run(const traj_denoise *denoise, const traj_recording *recording,
                             size_t sequence, traj_pool *pool, float *pos_m, float *sd_m,
                             traj_error *err);

/* Adds N(0, noise_m^2) to every coordinate of every sequence. */
void traj_denoise_add(traj_recording *recording, double noise_m, uint64_t seed);

/* Sum of squared differences per coordinate and how many, where both are known. count positions. */
typedef struct traj_square_error {
    double sum_m2, count;
} traj_square_error;
traj_square_error traj_denoise_measure(const float *truth_m, const float *pos_m, size_t count);

#endif
