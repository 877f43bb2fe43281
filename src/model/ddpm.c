/* Denoising diffusion: the future of all agents at once, out of noise, in K steps. The equations
 * are those of docs/mathematics/ddpm.md:
 *
 *   (1) L_K      KL(q(y_K | y_0) || N(0, I))
 *   (2) L_{k-1}  KL(q(y_{k-1} | y_k, y_0) || p(y_{k-1} | y_k)),  k = 2..K
 *   (3) L_0      -log p(y_0 | y_1)
 *
 * with p(y_{k-1} | y_k) = N(mean of q at the predicted y_0, a variance of the schedule's or
 * learned). Sources: Ho et al. 2020; Nichol & Dhariwal 2021. */
#include "diffusion.h"
#include "model_table.h"
#include "recurrent.h"
#include <math.h>
#include <string.h>

static const double log_2pi = 1.8378770664093454836;

/* Weight of the bound in the hybrid loss (Nichol & Dhariwal 2021, section 3.1). */
#define HYBRID 1e-3

/* Without a gradient the bound is estimated by step 1, where most of it is, and so many others. */
enum { OTHERS = 16 };

static void ddpm_declare(traj_model *model)
{
    const bool learned = model->config.variance == TRAJ_VARIANCE_LEARNED;
    traj_diffusion_declare(model, learned ? 4 : 2);
    traj_schedule_init(&model->diffusion.schedule, (traj_schedule_kind)model->config.schedule,
                       model->config.diffusion_steps);
}

static traj_level level_of(const traj_schedule *schedule, int k)
{
    return (traj_level){traj_schedule_signal(schedule, k), traj_schedule_noise(schedule, k),
                        (double)k / schedule->steps};
}

/* Numbers of step k that all entries share. */
typedef struct step {
    traj_level level;
    traj_posterior q;            /* q(y_{k-1} | y_k, y_0) */
    double log_small, log_large; /* variances that p's may lie between */
    traj_start_of start;
} step;

static step step_of(const traj_diffusion *core, int k)
{
    const traj_schedule *const s = &core->schedule;
    /* q knows y_0 after step 1, so its variance is 0 there: that of step 2 stands in (Ho et al.) */
    const double second = traj_schedule_posterior(s, 2, 1, 1).variance;
    step made = {.level = level_of(s, k), .q = traj_schedule_posterior(s, k, k - 1, 1)};
    made.log_small = log(k > 1 ? made.q.variance : second);
    made.log_large = log(s->beta[k]);
    made.start = traj_diffusion_start_of(core->predict, made.level);
    return made;
}

/* What one entry says: nats of (2) or (3), the gradient with respect to the network's prediction
 * and to the logarithm of p's variance. */
typedef struct entry {
    double nats, d_value, d_log_variance;
} entry;

static entry compare(const step *s, double log_variance, double y0, double y, double value)
{
    const double start = s->start.now * y + s->start.answer * value;
    const double off = s->q.on_start * (start - y0), variance = exp(log_variance);
    const bool last = s->q.variance <= 0; /* (3): a density, not a divergence */
    const double constant = last ? log_2pi : -log(s->q.variance) - 1;
    const double ratio = (s->q.variance + off * off) / variance;
    return (entry){(constant + log_variance + ratio) / 2,
                   off / variance * s->q.on_start * s->start.answer, (1 - ratio) / 2};
}

/* How the terms of the scenes' steps count. */
typedef struct tally {
    double *nats;  /* [B]: the step's term, summed over a scene's entries */
    double *error; /* [B]: squared errors of the predicted eps, or NULL */
    double objective;
    traj_mat d_out; /* [R,outputs H], or no data */
} tally;

/* The logarithm of p's variance of entry i. */
static double log_variance_of(const traj_model *model, const step *s, const traj_real *out, int i)
{
    const int kind = model->config.variance, values = 2 * model->config.horizon;
    if (kind == TRAJ_VARIANCE_SMALL) return s->log_small;
    if (kind == TRAJ_VARIANCE_LARGE) return s->log_large;
    const double v = ((double)out[values + i] + 1) / 2;
    return v * s->log_large + (1 - v) * s->log_small;
}

static void add_row(const traj_model *model, const traj_diffusion_run *run, const step *s, int r,
                    tally *sum)
{
    const traj_model_config *const config = &model->config;
    const int b = r / run->agents, values = run->y.cols;
    const bool bound = config->loss == TRAJ_LOSS_BOUND;
    const double steps = model->diffusion.schedule.steps;
    const double weight = bound ? steps : config->loss == TRAJ_LOSS_HYBRID ? HYBRID * steps : 0;
    const traj_real *const out = traj_mat_row(run->net.out, r);
    traj_real *const d = sum->d_out.data ? traj_mat_row(sum->d_out, r) : NULL;
    if (d) memset(d, 0, (size_t)sum->d_out.cols * sizeof *d);
    for (int i = 0; i < values; i++) {
        if (traj_mat_row(run->mask, r)[i / 2] == 0) continue;
        const double y0 = (double)traj_mat_row(run->start, r)[i],
                     y = (double)traj_mat_row(run->y, r)[i],
                     eps = (double)traj_mat_row(run->eps, r)[i], value = (double)out[i];
        const double signal = s->level.signal, noise = s->level.noise;
        const entry e = compare(s, log_variance_of(model, s, out, i), y0, y, value);
        const double off = value -
                           traj_predict_target(model->diffusion.predict, signal, noise, y0, eps);
        sum->nats[b] += e.nats;
        sum->objective += weight * e.nats + (bound ? 0 : off * off / 2);
        if (sum->error) {
            const double miss =
                traj_predicted_eps(model->diffusion.predict, signal, noise, y, value) - eps;
            sum->error[b] += miss * miss;
        }
        if (!d) continue;
        d[i] = TRAJ_R(bound ? weight * e.d_value : off);
        if (config->variance == TRAJ_VARIANCE_LEARNED)
            d[values + i] = TRAJ_R(weight * e.d_log_variance * (s->log_large - s->log_small) / 2);
    }
}

/* Every scene b at step k[b] with the run's eps. */
static void add_steps(const traj_model *model, traj_params params, traj_diffusion_run *run,
                      const int *k, tally *sum)
{
    for (int b = 0; b < run->scenes; b++) {
        run->level[b] = level_of(&model->diffusion.schedule, k[b]);
        sum->nats[b] = 0;
        if (sum->error) sum->error[b] = 0;
    }
    traj_diffusion_answer(&model->diffusion, params, run);
    for (int b = 0; b < run->scenes; b++) {
        const step s = step_of(&model->diffusion, k[b]);
        for (int a = 0; a < run->agents; a++) add_row(model, run, &s, b * run->agents + a, sum);
    }
}

/* (1) of scene b. */
static double prior_nats(const traj_model *model, const traj_diffusion_run *run, int b)
{
    const traj_schedule *const s = &model->diffusion.schedule;
    const double abar = exp(s->log_abar[s->steps]), noise = -expm1(s->log_abar[s->steps]);
    double nats = 0;
    for (int r = b * run->agents; r < (b + 1) * run->agents; r++)
        for (int i = 0; i < run->y.cols; i++) {
            if (traj_mat_row(run->mask, r)[i / 2] == 0) continue;
            const double y0 = (double)traj_mat_row(run->start, r)[i];
            nats += (abar * y0 * y0 - abar - log(noise)) / 2;
        }
    return nats;
}

static void add_bound(traj_loss *loss, int k, double nats)
{
    if (k == 1)
        loss->nll += nats;
    else
        loss->kl += nats;
}

/* One step a scene: a noisy bound, and the objective with its gradient. */
static void one_step(const traj_model *model, traj_params params, traj_diffusion_run *run,
                     const traj_batch *batch, traj_noise noise, traj_params *grads,
                     traj_arena *arena, traj_loss *loss)
{
    const traj_diffusion *const core = &model->diffusion;
    const size_t mark = traj_arena_mark(arena);
    int *const k = traj_arena_take(arena, (size_t)run->scenes, sizeof *k);
    tally sum = {.nats = traj_arena_take(arena, (size_t)run->scenes, sizeof *sum.nats)};
    const traj_mat d_context =
        traj_mat_view(traj_arena_reals(arena, (size_t)run->rows * (size_t)core->net.width),
                      run->rows, core->net.width);
    sum.d_out =
        traj_mat_view(traj_arena_reals(arena, (size_t)run->rows * (size_t)run->net.out.cols),
                      run->rows, run->net.out.cols);
    if (arena->memory) {
        const int steps = core->schedule.steps;
        for (int b = 0; b < run->scenes; b++)
            k[b] = 1 + (int)(steps * traj_diffusion_uniform(noise, batch->scene[b]));
        noise.stream = TRAJ_STREAM_DIFFUSION;
        traj_diffusion_draw(run, batch->scene, noise, 0);
        add_steps(model, params, run, k, &sum);
        for (int b = 0; b < run->scenes; b++) add_bound(loss, k[b], steps * sum.nats[b]);
        loss->objective += sum.objective;
        memset(d_context.data, 0, (size_t)run->rows * (size_t)core->net.width * sizeof(traj_real));
    }
    traj_denoiser_backward(&core->net, params, *grads, &run->net, sum.d_out, run->input,
                           run->past.context, d_context, (traj_mat){0}, NULL, arena);
    traj_past_backward(&core->net, params, *grads, &run->past, d_context, arena);
    traj_arena_release(arena, mark);
}

/* Step 1, and OTHERS of the steps 2..K in strata of equal sqrt(k): low steps differ most. */
static void some_steps(const traj_model *model, traj_params params, traj_diffusion_run *run,
                       const traj_batch *batch, traj_noise noise, traj_arena *arena,
                       traj_loss *loss)
{
    const size_t mark = traj_arena_mark(arena);
    int *const k = traj_arena_take(arena, (size_t)run->scenes, sizeof *k);
    tally sum = {.nats = traj_arena_take(arena, (size_t)run->scenes, sizeof *sum.nats)};
    const double rest = model->diffusion.schedule.steps - 1;
    noise.stream = TRAJ_STREAM_DIFFUSION;
    for (int i = 0; arena->memory && i <= OTHERS; i++) {
        traj_diffusion_draw(run, batch->scene, noise, (uint32_t)i);
        for (int b = 0; b < run->scenes; b++) {
            const double u = (i - 1 + traj_diffusion_uniform(noise, batch->scene[b])) / OTHERS;
            k[b] = i == 0 ? 1 : 2 + (int)fmin(rest - 1, rest * u * u);
        }
        sum.objective = 0;
        add_steps(model, params, run, k, &sum);
        loss->objective += sum.objective / (OTHERS + 1);
        for (int b = 0; b < run->scenes; b++) {
            const double share = sqrt((k[b] - 1) / rest) - sqrt((k[b] - 2) / rest);
            add_bound(loss, k[b], i == 0 ? sum.nats[b] : sum.nats[b] / (OTHERS * share));
        }
    }
    traj_arena_release(arena, mark);
}

static void ddpm_loss(const traj_model *model, traj_params params, const traj_batch *batch,
                      traj_noise noise, traj_objective objective, traj_params *grads,
                      traj_arena *arena, traj_loss *loss)
{
    (void)objective;
    const size_t mark = traj_arena_mark(arena);
    traj_diffusion_run run = traj_diffusion_take(&model->diffusion, params, batch,
                                                 batch->steps - model->config.horizon, true,
                                                 grads != NULL, arena);
    if (arena->memory) {
        *loss = (traj_loss){0};
        traj_diffusion_count(&run, batch, loss);
        for (int b = 0; b < run.scenes; b++) loss->kl += prior_nats(model, &run, b);
    }
    if (grads)
        one_step(model, params, &run, batch, noise, grads, arena, loss);
    else
        some_steps(model, params, &run, batch, noise, arena, loss);
    traj_arena_release(arena, mark);
}

static int ddpm_terms(const traj_model *model)
{
    return model->diffusion.schedule.steps + 1;
}

static void ddpm_bound(const traj_model *model, traj_params params, const traj_batch *batch,
                       traj_noise noise, double *nats, double *error, traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const int steps = model->diffusion.schedule.steps;
    traj_diffusion_run run = traj_diffusion_take(
        &model->diffusion, params, batch, batch->steps - model->config.horizon, true, false, arena);
    const size_t scenes = (size_t)run.scenes;
    int *const k = traj_arena_take(arena, scenes, sizeof *k);
    tally sum = {.nats = traj_arena_take(arena, scenes, sizeof *sum.nats),
                 .error = traj_arena_take(arena, scenes, sizeof *sum.error)};
    noise.stream = TRAJ_STREAM_DIFFUSION;
    for (int i = 0; arena->memory && i <= steps; i++) {
        nats[i] = error[i] = 0;
        for (int b = 0; b < run.scenes; b++) k[b] = i + 1;
        if (i < steps) {
            traj_diffusion_draw(&run, batch->scene, noise, (uint32_t)i);
            add_steps(model, params, &run, k, &sum);
        }
        for (int b = 0; b < run.scenes; b++) {
            nats[i] += i < steps ? sum.nats[b] : prior_nats(model, &run, b);
            if (i < steps) error[i] += sum.error[b];
        }
    }
    if (arena->memory) {
        traj_loss jacobian = {0};
        traj_diffusion_count(&run, batch, &jacobian);
        nats[0] += jacobian.nll;
    }
    traj_arena_release(arena, mark);
}

/* Terms 0..K-1 are of the steps 1..K, and the prior is what step K leaves. */
static void ddpm_log_snr(const traj_model *model, traj_params params, double *log_snr)
{
    const traj_schedule *const s = &model->diffusion.schedule;
    (void)params;
    for (int i = 0; i <= s->steps; i++) {
        const double log_abar = s->log_abar[i < s->steps ? i + 1 : s->steps];
        log_snr[i] = log_abar - log(-expm1(log_abar));
    }
}

/* Step i of `count` out of 1..steps, evenly, the first and the last among them. */
static int strided(int steps, int count, int i)
{
    if (count == 1) return steps;
    return 1 + (int)lround((double)(steps - 1) * (count - 1 - i) / (count - 1));
}

static int ddpm_steps(const traj_model *model, int wanted, double *list)
{
    const int steps = model->diffusion.schedule.steps;
    const int count = wanted > 0 && wanted < steps ? wanted : steps;
    for (int i = 0; i < count; i++) list[i] = strided(steps, count, i);
    return count;
}

static traj_level sampler_level(const traj_model *model, traj_params params, double k)
{
    (void)params;
    return level_of(&model->diffusion.schedule, (int)k);
}

static void ddpm_sample(const traj_model *model, traj_params params, const traj_sampling *sampling,
                        traj_real *x, traj_arena *arena)
{
    traj_diffusion_sample(model, params, sampling, sampler_level, x, arena);
}

const traj_model_type traj_model_ddpm = {
    .name = "ddpm",
    .summary = "denoising diffusion over the whole future at once (Ho et al. 2020)",
    .declare = ddpm_declare,
    .loss = ddpm_loss,
    .terms = ddpm_terms,
    .bound = ddpm_bound,
    .log_snr = ddpm_log_snr,
    .sample = ddpm_sample,
    .steps = ddpm_steps,
};
