/* The way back from noise, the same for ddpm and vdm: see traj/model/model.h, struct traj_sampling.
 *
 *   x^ = E[y_0 | y_k] by the network;  y_j = on_start x^ + on_now y_k + sd eps   (j before k)
 *
 * with q's posterior at eta = 1 and DDIM's mean below (Song et al. 2021, eq. 12); sd is eta times
 * that of the model's own p, which is q's unless ddpm was told or has learned another. Known
 * entries replace x^, so the chain is led to them (Lugmayr et al. 2022 without resampling). */
#include "diffusion.h"
#include "recurrent.h"
#include <math.h>
#include <string.h>

/* Normalised displacements beyond this are a network's mistake at the noisy end, where it is
 * divided by a signal of almost nothing: no body moves ten times its kind's usual displacement. */
#define MOST 10.0

typedef struct chain {
    const traj_diffusion *core;
    const traj_sampling *sampling;
    traj_diffusion_run run;
    int variance;     /* traj_variance_kind */
    traj_real *start; /* [H,R,2]: x^, as the caller's hook takes it */
} chain;

/* x^ [H,R,2] from the network's answer to run.y. */
static void predict(chain *c, traj_params params, traj_level level)
{
    traj_diffusion_run *const run = &c->run;
    const traj_sampling *const s = c->sampling;
    const traj_start_of of = traj_diffusion_start_of(c->core->predict, level);
    for (int b = 0; b < run->scenes; b++) run->input[b] = level.input;
    traj_denoiser_forward(&c->core->net, params, &run->net, run->y, run->mask, run->input,
                          run->past.context);
    for (int t = 0; t < run->horizon; t++)
        for (int r = 0; r < run->rows; r++)
            for (int k = 0; k < 2; k++) {
                const size_t at = 2 * ((size_t)t * (size_t)run->rows + (size_t)r) + (size_t)k;
                const double y = (double)traj_mat_row(run->y, r)[2 * t + k],
                             value = (double)traj_mat_row(run->net.out, r)[2 * t + k];
                const double x = of.now * y + of.answer * value;
                const bool given = s->given && s->given[at / 2] != 0;
                c->start[at] = given ? s->x[at] : TRAJ_R(fmax(-MOST, fmin(MOST, x)));
            }
    if (s->correct) s->correct(s->context, level.noise / level.signal, c->start);
}

/* How the noise of one step is spread: its logarithms of variance at eta = 1. */
typedef struct spread {
    double log_small, log_large; /* of q(y_j | y_k, y_0), of q(y_k | y_j) */
} spread;

/* The standard deviation of entry i of row r: what --variance says, ddpm's own p. */
static double deviation(const chain *c, spread s, int r, int i)
{
    const traj_diffusion_run *const run = &c->run;
    double share = c->variance == TRAJ_VARIANCE_LARGE ? 1 : 0;
    if (c->variance == TRAJ_VARIANCE_LEARNED)
        share = ((double)traj_mat_row(run->net.out, r)[2 * run->horizon + i] + 1) / 2;
    return exp((share * s.log_large + (1 - share) * s.log_small) / 2);
}

/* run.y from level `from` to level `to`. */
static void go(chain *c, traj_level from, traj_level to, uint32_t time)
{
    traj_diffusion_run *const run = &c->run;
    if (to.noise >= from.noise) return; /* both beyond an end of vdm's gamma: the same level */
    const double eta = c->sampling->eta, fall = to.noise / from.noise;
    const double small =
        traj_gamma_between(2 * log(to.noise / to.signal), 2 * log(from.noise / from.signal))
            .variance;
    const double left = small / (fall * fall);
    const double on_now = sqrt(fmax(to.noise * to.noise - eta * eta * small, 0)) / from.noise;
    const traj_real now = TRAJ_R(on_now), start = TRAJ_R(to.signal - from.signal * on_now);
    const bool noisy = eta > 0;
    const spread s = noisy ? (spread){log(small), log(left)} : (spread){0, 0};
    if (noisy) traj_diffusion_draw(run, c->sampling->batch->scene, c->sampling->noise, time);
    for (int r = 0; r < run->rows; r++)
        for (int i = 0; i < 2 * run->horizon; i++) {
            const size_t at = 2 * ((size_t)(i / 2) * (size_t)run->rows + (size_t)r) +
                              (size_t)(i % 2);
            traj_real *const y = traj_mat_row(run->y, r) + i;
            *y = now * *y + start * c->start[at];
            if (noisy) *y += TRAJ_R(eta * deviation(c, s, r, i)) * traj_mat_row(run->eps, r)[i];
        }
}

/* run.y at the noisiest level: the prior's N(0, I), or what is known with as much noise as it has.
 */
static void begin(chain *c, traj_level level)
{
    traj_diffusion_run *const run = &c->run;
    const traj_sampling *const s = c->sampling;
    if (s->start <= 0 && !s->mean) traj_diffusion_draw(run, s->batch->scene, s->noise, 0);
    for (int r = 0; r < run->rows; r++)
        for (int i = 0; i < 2 * run->horizon; i++) {
            const size_t at = 2 * ((size_t)(i / 2) * (size_t)run->rows + (size_t)r) +
                              (size_t)(i % 2);
            traj_real *const y = traj_mat_row(run->y, r) + i;
            if (s->start > 0)
                *y = TRAJ_R(level.signal) * s->x[at];
            else
                *y = s->mean ? 0 : traj_mat_row(run->eps, r)[i];
        }
}

/* The levels of the steps that are asked for, or evenly chosen; returns how many. */
static int find_levels(const traj_model *model, traj_params params, const traj_sampling *sampling,
                       traj_diffusion_level *level, traj_level *levels)
{
    double even[TRAJ_SAMPLER_STEPS];
    const double *const list = sampling->list ? sampling->list : even;
    const int count = sampling->list ? sampling->steps
                                     : model->type->steps(model, sampling->steps, even);
    for (int i = 0; i < count; i++) levels[i] = level(model, params, list[i]);
    return count;
}

void traj_diffusion_sample(const traj_model *model, traj_params params,
                           const traj_sampling *sampling, traj_diffusion_level *level, traj_real *x,
                           traj_arena *arena)
{
    const traj_diffusion *const core = &model->diffusion;
    const size_t mark = traj_arena_mark(arena);
    traj_level levels[TRAJ_SAMPLER_STEPS];
    chain c = {.core = core, .sampling = sampling, .variance = model->config.variance};
    c.run =
        traj_diffusion_take(core, params, sampling->batch, sampling->observed, false, false, arena);
    const size_t size = 2 * (size_t)c.run.rows * (size_t)c.run.horizon;
    c.start = traj_arena_reals(arena, size);
    if (arena->memory) {
        const int count = find_levels(model, params, sampling, level, levels);
        int i = 0; /* the least noisy level with at least as much noise as the start has */
        while (sampling->start > 0 && i + 1 < count &&
               levels[i + 1].noise >= sampling->start * levels[i + 1].signal)
            i++;
        begin(&c, levels[i]);
        for (; i < count; i++) {
            const traj_sampling_point point = {i, count, levels[i].signal, levels[i].noise,
                                               c.run.y};
            if (sampling->watch) sampling->watch(sampling->context, &point);
            predict(&c, params, levels[i]);
            if (i + 1 < count) go(&c, levels[i], levels[i + 1], (uint32_t)i + 1);
        }
        memcpy(x, c.start, size * sizeof *x);
    }
    traj_arena_release(arena, mark);
}
