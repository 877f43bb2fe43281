/* Variational diffusion: like ddpm, in continuous time and with a learned noise schedule. The
 * equations are those of docs/mathematics/vdm.md; x = y_0, n its entries that count, D(t) = |eps -
 * eps^(z_t)|^2 / 2:
 *
 *   (1) prior           KL(q(z_1 | x) || N(0, I))
 *   (2) diffusion       T sum: expm1(gamma(t) - gamma(s)) D(t);   T = infinity: gamma'(t) D(t)
 *   (3) reconstruction  -log N(x; z_0 / alpha_0, exp(gamma_0) I) = n (log 2 pi + 1 + gamma_0) / 2
 *
 * The network learns by (2), too, each level weighted by
 *
 *   (4) emphasis        exp(gamma / 2) (simple), 1 (bound) or 1 + 100 exp(gamma / 2) (hybrid)
 *
 * gamma's ends by the bound, and what lies between by the variance of (2), which it alone depends
 * on. Source: Kingma et al. 2021, eq. 11-18 and appendix I; (4) Kingma and Gao 2023, table 1. */
#include "diffusion.h"
#include "model_table.h"
#include "recurrent.h"
#include <math.h>
#include <string.h>

static const double log_2pi = 1.8378770664093454836;

/* Strata of time by which the bound is estimated without a gradient, and evaluated when it has no
 * steps of its own. */
enum { STRATA = 16, TERMS = 100, SAMPLER_STEPS = 50 };

/* Of the simple loss in the hybrid one. */
static const double simple_share = 100;

static void vdm_declare(traj_model *model)
{
    model->config.variance = TRAJ_VARIANCE_SMALL; /* of its sampler: that of q(z_s | z_t, x) */
    traj_diffusion_declare(model, 2);
    model->diffusion.gamma =
        traj_gamma_declare(&model->layout, (traj_gamma_kind)model->config.gamma);
}

static void vdm_init(const traj_model *model, traj_params params)
{
    traj_gamma_init(&model->diffusion.gamma, params, 0);
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

/* gamma is told to the network on the scale of its first ends, wherever they are learned to be. */
static traj_level level_of(const traj_gamma *gamma, double value)
{
    return (traj_level){sqrt(sigmoid(-value)), sqrt(sigmoid(value)),
                        (value - gamma->first) / (gamma->last - gamma->first)};
}

/* One scene's time: gamma there, and what D is multiplied by. */
typedef struct moment {
    double t;
    traj_gamma_value gamma;
    double weight, before; /* of D; gamma(s) of the discrete loss */
    double lesson;         /* of D in what the network learns by */
} moment;

/* (4), over the bound's 1. */
static double emphasis(const traj_model *model, double gamma)
{
    switch ((traj_diffusion_loss)model->config.loss) {
    case TRAJ_LOSS_SIMPLE:
        return exp(gamma / 2);
    case TRAJ_LOSS_HYBRID:
        return 1 + simple_share * exp(gamma / 2);
    default:
        return 1;
    }
}

static moment moment_of(const traj_model *model, traj_params params, double t)
{
    const traj_gamma *const gamma = &model->diffusion.gamma;
    const int steps = model->config.diffusion_steps;
    moment m = {.t = t};
    if (!steps) {
        m.gamma = traj_gamma_at(gamma, params, t);
        m.weight = m.gamma.slope;
        m.lesson = m.weight * emphasis(model, m.gamma.value);
        return m;
    }
    m.t = fmax(1, ceil(t * steps)) / steps;
    m.gamma = traj_gamma_at(gamma, params, m.t);
    m.before = traj_gamma_at(gamma, params, m.t - 1.0 / steps).value;
    m.weight = steps * expm1(m.gamma.value - m.before);
    m.lesson = m.weight * emphasis(model, m.gamma.value);
    return m;
}

/* eps^ = on_value * value + on_y * y, and how the two factors move with gamma. */
typedef struct eps_of {
    double on_value, on_y, d_on_value, d_on_y;
} eps_of;

static eps_of eps_from(traj_predict_kind predict, traj_level level)
{
    const double a = level.signal, s = level.noise;
    const double da = -a * s * s / 2, ds = s * a * a / 2;
    eps_of of = {.on_value = traj_predicted_eps(predict, a, s, 0, 1),
                 .on_y = traj_predicted_eps(predict, a, s, 1, 0)};
    if (predict == TRAJ_PREDICT_X0) {
        of.d_on_value = (a * ds - s * da) / (s * s);
        of.d_on_y = -ds / (s * s);
    } else if (predict == TRAJ_PREDICT_V) {
        of.d_on_value = da;
        of.d_on_y = ds;
    } else if (predict == TRAJ_PREDICT_SCORE) {
        of.d_on_value = -ds;
    }
    return of;
}

/* D of every scene, and what its gradient needs. */
typedef struct tally {
    double *d;       /* [B] */
    double *d_gamma; /* [B]: dD/dgamma as far as it does not go through the network; or NULL */
    traj_mat d_out;  /* [R,2H]: dD/dvalue times the scene's weight, or no data */
} tally;

static void add_row(const traj_model *model, const traj_diffusion_run *run, const moment *m, int r,
                    tally *sum)
{
    const int b = r / run->agents;
    const traj_level level = run->level[b];
    const eps_of of = eps_from(model->diffusion.predict, level);
    const double a = level.signal, s = level.noise;
    for (int i = 0; i < run->y.cols; i++) {
        const double x = (double)traj_mat_row(run->start, r)[i],
                     y = (double)traj_mat_row(run->y, r)[i],
                     eps = (double)traj_mat_row(run->eps, r)[i],
                     value = (double)traj_mat_row(run->net.out, r)[i];
        const bool counts = traj_mat_row(run->mask, r)[i / 2] != 0;
        const double off = counts ? of.on_value * value + of.on_y * y - eps : 0;
        sum->d[b] += off * off / 2;
        if (!sum->d_gamma) continue;
        const double dy = -a * s * s / 2 * x + s * a * a / 2 * eps;
        sum->d_gamma[b] += off * (of.d_on_value * value + of.d_on_y * y + of.on_y * dy);
        traj_mat_row(sum->d_out, r)[i] = TRAJ_R(m->lesson * off * of.on_value);
    }
}

/* Every scene at its moment with the run's eps. */
static void add_moments(const traj_model *model, traj_params params, traj_diffusion_run *run,
                        const moment *m, tally *sum)
{
    for (int b = 0; b < run->scenes; b++) {
        run->level[b] = level_of(&model->diffusion.gamma, m[b].gamma.value);
        sum->d[b] = 0;
        if (sum->d_gamma) sum->d_gamma[b] = 0;
    }
    traj_diffusion_answer(&model->diffusion, params, run);
    for (int r = 0; r < run->rows; r++) add_row(model, run, &m[r / run->agents], r, sum);
}

/* (1) and (3), and their gradients with respect to the ends of gamma. */
typedef struct ends {
    double prior, reconstruction, d_first, d_last;
} ends;

static ends ends_of(const traj_model *model, traj_params params, const traj_diffusion_run *run)
{
    const traj_gamma *const gamma = &model->diffusion.gamma;
    const double first = traj_gamma_at(gamma, params, 0).value,
                 last = traj_gamma_at(gamma, params, 1).value;
    const double signal = sigmoid(-last), noise = sigmoid(last);
    ends sum = {0};
    for (int r = 0; r < run->rows; r++)
        for (int i = 0; i < run->y.cols; i++) {
            const double x = (double)traj_mat_row(run->start, r)[i];
            if (traj_mat_row(run->mask, r)[i / 2] == 0) continue;
            sum.prior += (signal * x * x + noise - 1 - log(noise)) / 2;
            sum.d_last += signal * (noise - noise * x * x - 1) / 2;
            sum.reconstruction += (log_2pi + 1 + first) / 2;
            sum.d_first += 0.5;
        }
    return sum;
}

/* Agent-steps of scene b that count. */
static double count_of(const traj_diffusion_run *run, int b)
{
    double count = 0;
    for (int r = b * run->agents; r < (b + 1) * run->agents; r++)
        for (int t = 0; t < run->horizon; t++) count += (double)traj_mat_row(run->mask, r)[t];
    return count;
}

/* The scene's whole dD/dgamma: by its factors, through y, and through the level's number. */
static double through_gamma(const traj_model *model, const traj_diffusion_run *run,
                            const tally *sum, traj_mat d_y, const double *d_level, double lesson,
                            int b)
{
    const traj_gamma *const gamma = &model->diffusion.gamma;
    const double a = run->level[b].signal, s = run->level[b].noise;
    double by_network = d_level[b] / (gamma->last - gamma->first);
    for (int r = b * run->agents; r < (b + 1) * run->agents; r++)
        for (int i = 0; i < run->y.cols; i++) {
            const double x = (double)traj_mat_row(run->start, r)[i],
                         eps = (double)traj_mat_row(run->eps, r)[i];
            by_network += (double)traj_mat_row(d_y, r)[i] *
                          (-a * s * s / 2 * x + s * a * a / 2 * eps);
        }
    return sum->d_gamma[b] + (lesson > 0 ? by_network / lesson : 0);
}

/* Adds the gradient with respect to gamma of one scene, loss = weight(gamma(t), gamma'(t))
 * D(gamma(t)): to the ends that of the loss, to what lies between that of loss^2 / count, count its
 * agent-steps. The mean of the loss does not depend on the latter, so its square is its variance up
 * to a constant. */
static void gamma_gradient(const traj_model *model, traj_params params, traj_params grads,
                           const moment *m, double d, double d_gamma, double count)
{
    const traj_gamma *const gamma = &model->diffusion.gamma;
    const int steps = model->config.diffusion_steps;
    const double variance = count > 0 ? 2 * m->weight * d / count : 0;
    if (!steps) {
        const traj_gamma_value plain = {m->weight * d_gamma, d};
        traj_gamma_gradient(gamma, params, grads, m->t, plain,
                            (traj_gamma_value){variance * plain.value, variance * plain.slope});
        return;
    }
    const double growth = steps * exp(m->gamma.value - m->before);
    const traj_gamma_value now = {m->weight * d_gamma + growth * d, 0}, before = {-growth * d, 0};
    traj_gamma_gradient(gamma, params, grads, m->t, now,
                        (traj_gamma_value){variance * now.value, 0});
    traj_gamma_gradient(gamma, params, grads, m->t - 1.0 / steps, before,
                        (traj_gamma_value){variance * before.value, 0});
}

static void with_gradient(const traj_model *model, traj_params params, traj_diffusion_run *run,
                          const traj_batch *batch, traj_noise noise, traj_params grads,
                          traj_arena *arena, traj_loss *loss)
{
    const traj_diffusion *const core = &model->diffusion;
    const size_t scenes = (size_t)run->scenes, rows = (size_t)run->rows;
    const size_t size = rows * (size_t)run->y.cols, width = (size_t)core->net.width;
    moment *const m = traj_arena_take(arena, scenes, sizeof *m);
    double *const d_level = traj_arena_take(arena, scenes, sizeof *d_level);
    tally sum = {traj_arena_take(arena, scenes, sizeof *sum.d),
                 traj_arena_take(arena, scenes, sizeof *sum.d_gamma),
                 traj_mat_view(traj_arena_reals(arena, size), run->rows, run->y.cols)};
    const traj_mat d_y = traj_mat_view(traj_arena_reals(arena, size), run->rows, run->y.cols);
    const traj_mat d_context =
        traj_mat_view(traj_arena_reals(arena, rows * width), run->rows, core->net.width);
    if (arena->memory) {
        for (int b = 0; b < run->scenes; b++)
            m[b] = moment_of(model, params, traj_diffusion_uniform(noise, batch->scene[b]));
        noise.stream = TRAJ_STREAM_DIFFUSION;
        traj_diffusion_draw(run, batch->scene, noise, 0);
        add_moments(model, params, run, m, &sum);
        for (int b = 0; b < run->scenes; b++) {
            loss->kl += m[b].weight * sum.d[b];
            loss->objective += (m[b].lesson - m[b].weight) * sum.d[b];
        }
        memset(d_context.data, 0, rows * width * sizeof(traj_real));
    }
    traj_denoiser_backward(&core->net, params, grads, &run->net, sum.d_out, run->input,
                           run->past.context, d_context, d_y, d_level, arena);
    traj_past_backward(&core->net, params, grads, &run->past, d_context, arena);
    if (!arena->memory || core->gamma.kind == TRAJ_GAMMA_FIXED) return;
    const ends all = ends_of(model, params, run);
    for (int b = 0; b < run->scenes; b++)
        gamma_gradient(model, params, grads, &m[b], sum.d[b],
                       through_gamma(model, run, &sum, d_y, d_level, m[b].lesson, b),
                       count_of(run, b));
    traj_gamma_gradient(&core->gamma, params, grads, 0, (traj_gamma_value){all.d_first, 0},
                        (traj_gamma_value){0, 0});
    traj_gamma_gradient(&core->gamma, params, grads, 1, (traj_gamma_value){all.d_last, 0},
                        (traj_gamma_value){0, 0});
}

static void without_gradient(const traj_model *model, traj_params params, traj_diffusion_run *run,
                             const traj_batch *batch, traj_noise noise, traj_arena *arena,
                             traj_loss *loss)
{
    moment *const m = traj_arena_take(arena, (size_t)run->scenes, sizeof *m);
    tally sum = {.d = traj_arena_take(arena, (size_t)run->scenes, sizeof *sum.d)};
    for (uint32_t i = 0; arena->memory && i < STRATA; i++) {
        for (int b = 0; b < run->scenes; b++)
            m[b] = moment_of(model, params,
                             (i + traj_diffusion_uniform(noise, batch->scene[b])) / STRATA);
        traj_noise eps = noise;
        eps.stream = TRAJ_STREAM_DIFFUSION;
        traj_diffusion_draw(run, batch->scene, eps, i);
        add_moments(model, params, run, m, &sum);
        for (int b = 0; b < run->scenes; b++) loss->kl += m[b].weight * sum.d[b] / STRATA;
    }
}

static void vdm_loss(const traj_model *model, traj_params params, const traj_batch *batch,
                     traj_noise noise, traj_objective objective, traj_params *grads,
                     traj_arena *arena, traj_loss *loss)
{
    (void)objective;
    const size_t mark = traj_arena_mark(arena);
    traj_diffusion_run run = traj_diffusion_take(&model->diffusion, params, batch,
                                                 batch->steps - model->config.horizon, true,
                                                 grads != NULL, arena);
    *loss = (traj_loss){0};
    if (grads)
        with_gradient(model, params, &run, batch, noise, *grads, arena, loss);
    else
        without_gradient(model, params, &run, batch, noise, arena, loss);
    if (arena->memory) {
        const ends all = ends_of(model, params, &run);
        loss->kl += all.prior;
        loss->objective += loss->kl + all.reconstruction;
        loss->nll = all.reconstruction;
        traj_diffusion_count(&run, batch, loss);
    }
    traj_arena_release(arena, mark);
}

static int strata(const traj_model *model)
{
    return model->config.diffusion_steps ? model->config.diffusion_steps : TERMS;
}

static int vdm_terms(const traj_model *model)
{
    return strata(model) + 2;
}

static void vdm_bound(const traj_model *model, traj_params params, const traj_batch *batch,
                      traj_noise noise, double *nats, double *error, traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const int steps = strata(model);
    traj_diffusion_run run = traj_diffusion_take(
        &model->diffusion, params, batch, batch->steps - model->config.horizon, true, false, arena);
    moment *const m = traj_arena_take(arena, (size_t)run.scenes, sizeof *m);
    tally sum = {.d = traj_arena_take(arena, (size_t)run.scenes, sizeof *sum.d)};
    for (int i = 0; arena->memory && i < steps; i++) {
        nats[i + 1] = error[i + 1] = 0;
        for (int b = 0; b < run.scenes; b++)
            m[b] = moment_of(model, params,
                             (i + traj_diffusion_uniform(noise, batch->scene[b])) / steps);
        traj_noise eps = noise;
        eps.stream = TRAJ_STREAM_DIFFUSION;
        traj_diffusion_draw(&run, batch->scene, eps, (uint32_t)i);
        add_moments(model, params, &run, m, &sum);
        for (int b = 0; b < run.scenes; b++) {
            nats[i + 1] += m[b].weight * sum.d[b] / steps;
            error[i + 1] += 2 * sum.d[b];
        }
    }
    if (arena->memory) {
        const ends all = ends_of(model, params, &run);
        traj_loss jacobian = {0};
        traj_diffusion_count(&run, batch, &jacobian);
        nats[0] = all.reconstruction + jacobian.nll;
        nats[steps + 1] = all.prior;
        error[0] = error[steps + 1] = 0;
    }
    traj_arena_release(arena, mark);
}

/* SNR = exp(-gamma): at the end of each step, or in the middle of each stratum where there are
 * none. */
static void vdm_log_snr(const traj_model *model, traj_params params, double *log_snr)
{
    const traj_gamma *const gamma = &model->diffusion.gamma;
    const int steps = strata(model);
    const double inside = model->config.diffusion_steps ? 1 : 0.5;
    log_snr[0] = -traj_gamma_at(gamma, params, 0).value;
    for (int i = 0; i < steps; i++)
        log_snr[i + 1] = -traj_gamma_at(gamma, params, (i + inside) / steps).value;
    log_snr[steps + 1] = -traj_gamma_at(gamma, params, 1).value;
}

static int vdm_steps(const traj_model *model, int wanted, double *list)
{
    const int usual = model->config.diffusion_steps ? model->config.diffusion_steps : SAMPLER_STEPS;
    const int count = wanted <= 0                   ? usual
                      : wanted < TRAJ_SAMPLER_STEPS ? wanted
                                                    : TRAJ_SAMPLER_STEPS;
    for (int i = 0; i < count; i++) list[i] = 1 - (double)i / count;
    return count;
}

/* Step u of the sampler: the angle of noise to signal, arctan(exp(gamma / 2)), is u quarter turns
 * as far as gamma reaches. Even times would spend most steps where the noise is so small that
 * nothing is left to decide. */
static traj_level sampler_level(const traj_model *model, traj_params params, double u)
{
    const traj_gamma *const gamma = &model->diffusion.gamma;
    const double quarter = 1.57079632679489661923;
    const double first = traj_gamma_at(gamma, params, 0).value,
                 last = traj_gamma_at(gamma, params, 1).value;
    return level_of(gamma, u >= 1 ? last : fmin(last, fmax(first, 2 * log(tan(quarter * u)))));
}

static void vdm_sample(const traj_model *model, traj_params params, const traj_sampling *sampling,
                       traj_real *x, traj_arena *arena)
{
    traj_diffusion_sample(model, params, sampling, sampler_level, x, arena);
}

const traj_model_type traj_model_vdm = {
    .name = "vdm",
    .summary = "variational diffusion with a learned noise schedule (Kingma et al. 2021)",
    .declare = vdm_declare,
    .init = vdm_init,
    .loss = vdm_loss,
    .terms = vdm_terms,
    .bound = vdm_bound,
    .log_snr = vdm_log_snr,
    .sample = vdm_sample,
    .steps = vdm_steps,
};
