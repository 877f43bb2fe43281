/* The learned noise schedule of vdm: private to this room.
 *
 *   q(z_t | x) = N(alpha_t x, sigma_t^2 I),  sigma_t^2 = sigmoid(gamma(t)),  alpha_t^2 =
 *   sigmoid(-gamma(t)),  SNR(t) = exp(-gamma(t)),  gamma increasing on [0,1]
 *
 *   fixed     gamma = g_0 + (g_1 - g_0) t, ends fixed
 *   linear    the same, ends learned
 *   monotone  gamma = g_0 + (g_1 - g_0) (n(t) - n(0)) / (n(1) - n(0)),  ends learned,
 *             n(t) = w_1 t + sum_j w_3j sigmoid(w_2j t + b_2j) / count, every w > 0 by softplus of
 *             its parameter; a learned g_1 - g_0 is kept above 0 by softplus, too
 *
 * Cost: monotone 0.04 ms a time t, the gradient twice that; no memory.
 * Source: Kingma et al. 2021, sections 4 and H, I. Threads: pure functions. Note:
 * docs/mathematics/gamma.md. */
#ifndef TRAJ_MODEL_GAMMA_H
#define TRAJ_MODEL_GAMMA_H

#include "traj/model/model_config.h"
#include "traj/nn/param.h"

enum { TRAJ_GAMMA_UNITS = 1024 };

/* g_0 and g_1 where fixed, and where learned ones start: a standard deviation of 1.3e-3 at t = 0,
 * as Kingma et al.; at t = 1 a signal-to-noise ratio of 5e-5, not their 0.7 %, of which too much
 * would be left in the sum of many displacements. */
#define TRAJ_GAMMA_FIRST (-13.3)
#define TRAJ_GAMMA_LAST  10.0

typedef struct traj_gamma {
    traj_gamma_kind kind;  /* of model_config.h */
    double first, last;    /* g_0 and g_1 when fixed; where learned ones start */
    int ends;              /* [2]: g_0, inverse softplus of g_1 - g_0; -1 when fixed */
    int slope;             /* monotone: [1] w_1; -1 otherwise */
    int weight, bias, out; /* monotone: [units] each */
} traj_gamma;

/* Adds gamma.ends, gamma.slope, gamma.weight, gamma.bias, gamma.out as the kind needs them. */
traj_gamma traj_gamma_declare(traj_layout *layout, traj_gamma_kind kind);
/* First values: a nearly linear gamma from first to last. */
void traj_gamma_init(const traj_gamma *gamma, traj_params params, uint64_t seed);

/* gamma(t) and gamma'(t), t in [0,1]; gamma(0) = g_0 and gamma(1) = g_1 exactly. */
typedef struct traj_gamma_value {
    double value, slope;
} traj_gamma_value;
traj_gamma_value traj_gamma_at(const traj_gamma *gamma, traj_params params, double t);

/* Adds to grads the gradient of a loss with dL/dvalue and dL/dslope at t: those of the end points
 * from `ends`, those of everything between them from `inner` (which vdm trains on another loss). */
void traj_gamma_gradient(const traj_gamma *gamma, traj_params params, traj_params grads, double t,
                         traj_gamma_value ends, traj_gamma_value inner);

/* q(z_s | z_t, x) for gamma(s) < gamma(t): mean = on_start x + on_now z_t, variance; by expm1 and
 * softplus, which do not cancel. */
typedef struct traj_gamma_posterior {
    double on_start, on_now, variance;
} traj_gamma_posterior;
traj_gamma_posterior traj_gamma_between(double gamma_s, double gamma_t);

#endif
