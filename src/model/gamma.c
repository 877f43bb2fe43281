/* The learned noise schedule of vdm: see gamma.h. */
#include "gamma.h"
#include "traj/base/assert.h"
#include <math.h>

static double sigmoid(double x)
{
    const double e = exp(-fabs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
}

static double softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static traj_real inverse_softplus(double y)
{
    return TRAJ_R(y + log(-expm1(-y)));
}

traj_gamma traj_gamma_declare(traj_layout *layout, traj_gamma_kind kind)
{
    traj_gamma gamma = {kind, TRAJ_GAMMA_FIRST, TRAJ_GAMMA_LAST, -1, -1, -1, -1, -1};
    if (kind == TRAJ_GAMMA_FIXED) return gamma;
    const traj_init init = TRAJ_INIT_ZERO; /* until traj_gamma_init */
    gamma.ends = traj_layout_vector(layout, "gamma.", "ends", 2, 1, init);
    if (kind == TRAJ_GAMMA_LINEAR) return gamma;
    gamma.slope = traj_layout_vector(layout, "gamma.", "slope", 1, 1, init);
    gamma.weight = traj_layout_vector(layout, "gamma.", "weight", TRAJ_GAMMA_UNITS, 1, init);
    gamma.bias = traj_layout_vector(layout, "gamma.", "bias", TRAJ_GAMMA_UNITS, 1, init);
    gamma.out = traj_layout_vector(layout, "gamma.", "out", TRAJ_GAMMA_UNITS, 1, init);
    return gamma;
}

/* n(t) = t + 0.1 mean_j sigmoid(w_j (t - c_j)): the centres c_j are spread evenly over [0,1] and
 * the w_j are between 2 and 20, so that together the units rise almost linearly, and each can bend
 * gamma at its own place. */
static void units_init(const traj_gamma *gamma, traj_params params, uint64_t seed)
{
    traj_real *const weight = traj_param_vec(params, gamma->weight);
    traj_real *const bias = traj_param_vec(params, gamma->bias);
    traj_real *const out = traj_param_vec(params, gamma->out);
    const traj_noise noise = {seed, TRAJ_STREAM_INIT, (uint32_t)gamma->weight};
    traj_noise_uniform(&noise, 0, 0, 0, weight, TRAJ_GAMMA_UNITS);
    for (int j = 0; j < TRAJ_GAMMA_UNITS; j++) {
        const double steepness = 2 + 18 * (double)weight[j];
        weight[j] = inverse_softplus(steepness);
        bias[j] = TRAJ_R(-steepness * (j + 0.5) / TRAJ_GAMMA_UNITS);
        out[j] = inverse_softplus(0.1);
    }
}

void traj_gamma_init(const traj_gamma *gamma, traj_params params, uint64_t seed)
{
    if (gamma->kind == TRAJ_GAMMA_FIXED) return;
    traj_real *const ends = traj_param_vec(params, gamma->ends);
    ends[0] = TRAJ_R(gamma->first);
    ends[1] = inverse_softplus(gamma->last - gamma->first);
    if (gamma->kind == TRAJ_GAMMA_LINEAR) return;
    traj_param_vec(params, gamma->slope)[0] = inverse_softplus(1);
    units_init(gamma, params, seed);
}

/* g_0, g_1 and g_1 - g_0 */
typedef struct span {
    double first, last, length;
} span;

static span span_of(const traj_gamma *gamma, traj_params params)
{
    if (gamma->kind == TRAJ_GAMMA_FIXED)
        return (span){gamma->first, gamma->last, gamma->last - gamma->first};
    const traj_real *const ends = traj_param_vec(params, gamma->ends);
    const double first = (double)ends[0], length = softplus((double)ends[1]);
    return (span){first, first + length, length};
}

/* n(t) - n(0), n(1) - n(0) and n'(t). For t = 1 the first two are the same operations on the same
 * numbers, so that gamma(1) is exact. */
typedef struct rise {
    double here, whole, slope;
} rise;

static rise rise_at(const traj_gamma *gamma, traj_params params, double t)
{
    if (gamma->kind != TRAJ_GAMMA_MONOTONE) return (rise){t, 1, 1};
    const traj_real *const weight = traj_param_vec(params, gamma->weight);
    const traj_real *const bias = traj_param_vec(params, gamma->bias);
    const traj_real *const out = traj_param_vec(params, gamma->out);
    double here = 0, whole = 0, slope = 0;
    for (int j = 0; j < TRAJ_GAMMA_UNITS; j++) {
        const double w = softplus((double)weight[j]), b = (double)bias[j];
        const double c = softplus((double)out[j]);
        const double s_0 = sigmoid(b), s_t = sigmoid(w * t + b), s_1 = sigmoid(w + b);
        here += c * (s_t - s_0);
        whole += c * (s_1 - s_0);
        slope += c * (w * s_t * (1 - s_t));
    }
    const double w_1 = softplus((double)traj_param_vec(params, gamma->slope)[0]);
    return (rise){w_1 * t + here / TRAJ_GAMMA_UNITS, w_1 + whole / TRAJ_GAMMA_UNITS,
                  w_1 + slope / TRAJ_GAMMA_UNITS};
}

traj_gamma_value traj_gamma_at(const traj_gamma *gamma, traj_params params, double t)
{
    TRAJ_ASSERT(t >= 0 && t <= 1);
    const span ends = span_of(gamma, params);
    const rise n = rise_at(gamma, params, t);
    const double share = n.here / n.whole;
    return (traj_gamma_value){.value = (1 - share) * ends.first + share * ends.last,
                              .slope = ends.length * n.slope / n.whole};
}

/* From the gradient of a loss with respect to n(t) - n(0), n(1) - n(0) and n'(t). */
static void rise_backward(const traj_gamma *gamma, traj_params params, traj_params grads, double t,
                          rise d)
{
    const traj_real *const weight = traj_param_vec(params, gamma->weight);
    const traj_real *const bias = traj_param_vec(params, gamma->bias);
    const traj_real *const out = traj_param_vec(params, gamma->out);
    traj_real *const d_weight = traj_param_vec(grads, gamma->weight);
    traj_real *const d_bias = traj_param_vec(grads, gamma->bias);
    traj_real *const d_out = traj_param_vec(grads, gamma->out);
    for (int j = 0; j < TRAJ_GAMMA_UNITS; j++) {
        const double w = softplus((double)weight[j]), b = (double)bias[j];
        const double c = softplus((double)out[j]) / TRAJ_GAMMA_UNITS;
        const double s_0 = sigmoid(b), s_t = sigmoid(w * t + b), s_1 = sigmoid(w + b);
        /* first derivatives of the three, and the second of s_t */
        const double q_0 = s_0 * (1 - s_0), q_t = s_t * (1 - s_t), q_1 = s_1 * (1 - s_1);
        const double bend = q_t * (1 - 2 * s_t);
        /* here = c (s_t - s_0), whole = c (s_1 - s_0), slope = c w q_t */
        const double d_c = d.here * (s_t - s_0) + d.whole * (s_1 - s_0) + d.slope * w * q_t;
        const double d_w = d.here * q_t * t + d.whole * q_1 + d.slope * (q_t + w * t * bend);
        const double d_b = d.here * (q_t - q_0) + d.whole * (q_1 - q_0) + d.slope * w * bend;
        d_weight[j] += TRAJ_R(c * d_w * sigmoid((double)weight[j]));
        d_bias[j] += TRAJ_R(c * d_b);
        d_out[j] += TRAJ_R(d_c / TRAJ_GAMMA_UNITS * sigmoid((double)out[j]));
    }
    const double w_1 = (double)traj_param_vec(params, gamma->slope)[0];
    traj_param_vec(grads, gamma->slope)[0] +=
        TRAJ_R((d.here * t + d.whole + d.slope) * sigmoid(w_1));
}

/* value = g_0 + length here / whole,  slope = length slope / whole */
void traj_gamma_gradient(const traj_gamma *gamma, traj_params params, traj_params grads, double t,
                         traj_gamma_value ends, traj_gamma_value inner)
{
    TRAJ_ASSERT(t >= 0 && t <= 1);
    if (gamma->kind == TRAJ_GAMMA_FIXED) return;
    const rise n = rise_at(gamma, params, t);
    const traj_real length = traj_param_vec(params, gamma->ends)[1];
    const double d_length = (ends.value * n.here + ends.slope * n.slope) / n.whole;
    traj_real *const d_ends = traj_param_vec(grads, gamma->ends);
    d_ends[0] += TRAJ_R(ends.value);
    d_ends[1] += TRAJ_R(d_length * sigmoid((double)length));
    if (gamma->kind == TRAJ_GAMMA_LINEAR) return;
    const double scale = softplus((double)length) / n.whole;
    const double d_whole = -(inner.value * n.here + inner.slope * n.slope) / n.whole;
    rise_backward(gamma, params, grads, t,
                  (rise){scale * inner.value, scale * d_whole, scale * inner.slope});
}

/* log alpha^2 = -softplus(gamma), and sigma_{t|s}^2 / sigma_t^2 = 1 - SNR(t) / SNR(s) */
traj_gamma_posterior traj_gamma_between(double gamma_s, double gamma_t)
{
    TRAJ_ASSERT(gamma_s < gamma_t);
    const double added = -expm1(gamma_s - gamma_t);
    const double log_alpha_ratio = 0.5 * (softplus(gamma_t) - softplus(gamma_s)); /* of s to t */
    return (traj_gamma_posterior){.on_start = sqrt(sigmoid(-gamma_s)) * added,
                                  .on_now = exp(log_alpha_ratio + gamma_s - gamma_t),
                                  .variance = sigmoid(gamma_s) * added};
}
