/* Loss and gradient of rnn, vrnn and gvrnn on a batch, by the numbers of docs/mathematics/vrnn.md:
 *
 *   (1) prior      z_t ~ N(mu_p, sd_p)           graph_prior([h_{t-1}, y_{t-1}])
 *   (2) encoder    z_t ~ N(mu_q, sd_q)           graph_enc([phi_x(x_t), y_{t-1}, h_{t-1}])
 *   (3) sample     z_t = mu_q + sd_q eps
 *   (4) decoder    x_t ~ p(x; raw_x)             graph_dec([phi_z(z_t), y_{t-1}, h_{t-1}])
 *   (5) recurrence h_t = GRU([phi_x(x_t), phi_z(z_t)], h_{t-1})
 *
 * Only (2), (3) and (5) need the time before: they alone stand in the loop over t. What does not
 * depend on h is made before the loop, prior and decoder after it, and weight gradients after the
 * loop back; each of these is one product over T*R rows. Rows of [T,R,.] at time t: t*R .. t*R + R.
 */
#include "recurrent.h"
#include "traj/base/assert.h"
#include <string.h>

/* Everything that one batch's forward pass keeps; [T*R, .] unless said. */
typedef struct trace {
    int steps, scenes, agents, rows; /* T, B, A, R */
    traj_mat x, known, skip;
    const traj_real *present, *target; /* [T*R] */
    traj_scenes pairs;                 /* of all T*B scenes */
    traj_mat fx[2];                    /* phi_x's two layers; fx[1] is the result */
    traj_mat eps, z, fz;               /* [.,Z], [.,Z], [.,H] */
    traj_graph_trace prior, encoder, decoder;
    traj_graph_fold prior_fold, encoder_fold, decoder_fold;
    traj_mat raw_p, raw_q, raw_x;
    traj_mat gi, gh; /* [T*R,3H] */
    traj_mat h;      /* [(T+1)*R,H]: h_t at block t, h_0 = 0 */
    traj_real *kl, *nll;
} trace;

static traj_mat take(traj_arena *arena, int rows, int cols)
{
    return traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)cols), rows, cols);
}

static traj_mat at(const trace *tr, traj_mat m, int t)
{
    return traj_mat_rows(m, t * tr->rows, tr->rows);
}

static traj_scenes pairs_at(const trace *tr, int t)
{
    const size_t pairs = (size_t)tr->scenes * (size_t)tr->agents * (size_t)tr->agents;
    return (traj_scenes){tr->scenes, tr->agents,
                         tr->pairs.feature + (size_t)t * pairs * TRAJ_EDGE_FEATURES,
                         tr->pairs.mean + (size_t)t * pairs};
}

/* Carves everything from the arena. */
static trace trace_take(const traj_recurrent *core, traj_params params, const traj_batch *batch,
                        bool with_gradient, traj_arena *arena)
{
    trace tr = {.steps = batch->steps, .scenes = batch->scenes, .agents = batch->agents};
    const int rows = tr.rows = batch->scenes * batch->agents, all = batch->steps * rows;
    const int width = core->hidden, scenes = batch->steps * batch->scenes;
    tr.x = traj_mat_view(batch->x, all, 2);
    tr.known = traj_mat_view(batch->known, all, TRAJ_KNOWN);
    tr.skip = traj_recurrent_skip(core, tr.known);
    tr.present = batch->present;
    tr.target = batch->target;
    traj_real *const mean = traj_arena_reals(arena, (size_t)all * (size_t)batch->agents);
    tr.pairs = (traj_scenes){scenes, batch->agents, batch->edge, mean};
    if (arena->memory) traj_mean_weights(scenes, batch->agents, batch->present, mean);
    tr.fx[0] = take(arena, all, width);
    tr.fx[1] = take(arena, all, width);
    if (core->latent) {
        tr.eps = take(arena, all, core->latent);
        tr.z = take(arena, all, core->latent);
        tr.fz = take(arena, all, width);
        tr.prior = traj_graph_trace_take(&core->prior, scenes, batch->agents, arena);
        tr.encoder = traj_graph_trace_take(&core->encoder, scenes, batch->agents, arena);
        tr.prior_fold = traj_graph_prepare(&core->prior, params, arena, with_gradient);
        tr.encoder_fold = traj_graph_prepare(&core->encoder, params, arena, with_gradient);
        tr.raw_p = take(arena, all, 2 * core->latent);
        tr.raw_q = take(arena, all, 2 * core->latent);
        tr.kl = traj_arena_reals(arena, (size_t)all);
    }
    tr.decoder = traj_graph_trace_take(&core->decoder, scenes, batch->agents, arena);
    tr.decoder_fold = traj_graph_prepare(&core->decoder, params, arena, with_gradient);
    tr.raw_x = take(arena, all, traj_output_width(&core->output));
    tr.nll = traj_arena_reals(arena, (size_t)all);
    tr.gi = take(arena, all, 3 * width);
    tr.gh = take(arena, all, 3 * width);
    tr.h = take(arena, all + rows, width);
    return tr;
}

static void draw_eps(const trace *tr, const traj_batch *batch, const traj_noise *noise)
{
    for (int t = 0; t < tr->steps; t++)
        for (int b = 0; b < tr->scenes; b++)
            traj_noise_normal_rows(noise, batch->scene[b], (uint32_t)t, (uint32_t)tr->agents,
                                   traj_mat_row(at(tr, tr->eps, t), b * tr->agents),
                                   (size_t)tr->eps.cols);
}

/* (2), (3), (5) at time t; the parts of P and gi that do not depend on h are there already. */
static void step_forward(const traj_recurrent *core, traj_params params,
                         const traj_recurrent_blocks *w, const trace *tr, int t)
{
    const traj_mat h = at(tr, tr->h, t), gi = at(tr, tr->gi, t), gh = at(tr, tr->gh, t);
    if (core->latent) {
        const traj_graph_trace encoder = traj_graph_trace_rows(
            &core->encoder, tr->encoder, t * tr->scenes, tr->scenes, tr->agents);
        const traj_mat raw_q = at(tr, tr->raw_q, t), z = at(tr, tr->z, t), fz = at(tr, tr->fz, t);
        /* (2) */
        traj_gemm_nt(encoder.layer[0].p, h, w->encoder_h, TRAJ_ADD);
        traj_graph_forward(&core->encoder, params, &tr->encoder_fold, pairs_at(tr, t), encoder,
                           raw_q);
        /* (3) */
        traj_latent_forward(z, raw_q, at(tr, tr->eps, t), core->output.floor);
        traj_mlp_forward(&core->phi_z, params, z, &fz);
        traj_gemm_nt(gi, fz, w->gru_z, TRAJ_ADD);
    }
    /* (5) */
    traj_gemm_nt(gh, h, w->gru_h, TRAJ_SET);
    traj_gru_forward(at(tr, tr->h, t + 1), gi, gh, traj_param_vec(params, core->gru.bias_hh), h,
                     tr->target + (size_t)t * (size_t)tr->rows);
}

static void forward(const traj_recurrent *core, traj_params params, const traj_batch *batch,
                    const traj_noise *noise, const trace *tr)
{
    const traj_recurrent_blocks w = traj_recurrent_blocks_of(core, params);
    const traj_mat before = traj_mat_rows(tr->h, 0, tr->steps * tr->rows); /* h_{t-1} */
    /* what does not depend on h */
    traj_mlp_forward(&core->phi_x, params, tr->x, tr->fx);
    traj_linear_forward(tr->gi, tr->fx[1], w.gru_x, traj_param_vec(params, core->gru.bias_ih),
                        TRAJ_SET);
    if (core->latent) {
        draw_eps(tr, batch, noise);
        traj_gemm_nt(tr->encoder.layer[0].p, tr->fx[1], w.encoder_x, TRAJ_SET);
        traj_gemm_nt(tr->encoder.layer[0].p, tr->known, w.encoder_y, TRAJ_ADD);
    }
    memset(tr->h.data, 0, (size_t)tr->rows * (size_t)tr->h.cols * sizeof(traj_real));
    for (int t = 0; t < tr->steps; t++) step_forward(core, params, &w, tr, t);
    /* (4) */
    const traj_mat p_decoder = tr->decoder.layer[0].p;
    traj_gemm_nt(p_decoder, tr->known, w.decoder_y, TRAJ_SET);
    traj_gemm_nt(p_decoder, before, w.decoder_h, TRAJ_ADD);
    if (core->latent) traj_gemm_nt(p_decoder, tr->fz, w.decoder_z, TRAJ_ADD);
    traj_graph_forward(&core->decoder, params, &tr->decoder_fold, tr->pairs, tr->decoder,
                       tr->raw_x);
    traj_output_forward(&core->output, tr->nll, tr->raw_x, tr->x, tr->skip, tr->target);
    if (!core->latent) return;
    /* (1) */
    traj_gemm_nt(tr->prior.layer[0].p, before, w.prior_h, TRAJ_SET);
    traj_gemm_nt(tr->prior.layer[0].p, tr->known, w.prior_y, TRAJ_ADD);
    traj_graph_forward(&core->prior, params, &tr->prior_fold, tr->pairs, tr->prior, tr->raw_p);
}

/* Gradients on their way back; [T*R, .] unless said. */
typedef struct back {
    traj_mat raw_p, raw_q, raw_x;
    traj_mat fz, z; /* [T*R,H], [R,Z] */
    traj_mat h;     /* [(T+1)*R,H] */
    traj_mat fx, fx_scratch;
} back;

static back back_take(const traj_recurrent *core, const trace *tr, traj_arena *arena)
{
    const int all = tr->steps * tr->rows, width = core->hidden;
    back d = {0};
    if (core->latent) {
        d.raw_p = take(arena, all, 2 * core->latent);
        d.raw_q = take(arena, all, 2 * core->latent);
        d.fz = take(arena, all, width);
        d.z = take(arena, tr->rows, core->latent);
    }
    d.raw_x = take(arena, all, tr->raw_x.cols);
    d.h = take(arena, all + tr->rows, width);
    d.fx = take(arena, all, width);
    d.fx_scratch = take(arena, all, width);
    return d;
}

/* (5), (3), (2) undone at time t: from dh_t (block t+1 of d->h) to dh_{t-1} (block t). */
static void step_backward(const traj_recurrent *core, traj_params params, traj_params grads,
                          const traj_recurrent_blocks *w, trace *tr, const back *d, int t,
                          traj_arena *arena)
{
    const traj_mat h = at(tr, tr->h, t), dh = at(tr, d->h, t);
    const traj_mat gi = at(tr, tr->gi, t), gh = at(tr, tr->gh, t);
    /* (5) h_t = GRU(gi, gh, h_{t-1}); gi and gh become their gradients */
    traj_gru_backward(dh, gi, gh, at(tr, d->h, t + 1), h,
                      tr->target + (size_t)t * (size_t)tr->rows);
    traj_gemm_nn(dh, gh, w->gru_h, TRAJ_ADD);
    if (!core->latent) return;
    const traj_mat z = at(tr, tr->z, t), fz = at(tr, tr->fz, t), dfz = at(tr, d->fz, t);
    const traj_mat raw_q = at(tr, tr->raw_q, t), d_raw_q = at(tr, d->raw_q, t);
    const traj_graph_trace encoder =
        traj_graph_trace_rows(&core->encoder, tr->encoder, t * tr->scenes, tr->scenes, tr->agents);
    /* (3) gi += phi_z(z) W', z = mu_q + sd_q eps */
    traj_gemm_nn(dfz, gi, w->gru_z, TRAJ_ADD);
    traj_mlp_backward(&core->phi_z, params, grads, z, &fz, dfz, (traj_mat){0}, d->z);
    traj_latent_backward(d_raw_q, raw_q, at(tr, tr->eps, t), d->z, TRAJ_ADD);
    /* (2) raw_q = graph_enc(P), P += h_{t-1} W' */
    traj_graph_backward(&core->encoder, params, &tr->encoder_fold, pairs_at(tr, t), encoder,
                        d_raw_q, arena);
    traj_gemm_nn(dh, encoder.layer[0].p, w->encoder_h, TRAJ_ADD);
}

/* Weight gradients that wait for all steps: one product each with inner dimension T*R. */
static void deferred_gradients(const traj_recurrent *core, traj_params params, traj_params grads,
                               trace *tr, const back *d)
{
    const traj_recurrent_blocks w = traj_recurrent_blocks_of(core, params);
    const traj_recurrent_blocks g = traj_recurrent_blocks_of(core, grads);
    const traj_mat before = traj_mat_rows(tr->h, 0, tr->steps * tr->rows);
    const traj_mat d_decoder = tr->decoder.layer[0].p;
    traj_graph_gradient(&core->decoder, params, grads, &tr->decoder_fold, tr->decoder, d->raw_x);
    traj_gemm_tn(g.decoder_y, d_decoder, tr->known, TRAJ_ADD);
    traj_gemm_tn(g.decoder_h, d_decoder, before, TRAJ_ADD);
    traj_linear_gradient(g.gru_x, traj_param_vec(grads, core->gru.bias_ih), tr->gi, tr->fx[1]);
    traj_linear_gradient(g.gru_h, traj_param_vec(grads, core->gru.bias_hh), tr->gh, before);
    traj_gemm_nn(d->fx, tr->gi, w.gru_x, TRAJ_SET);
    if (core->latent) {
        const traj_mat d_prior = tr->prior.layer[0].p, d_encoder = tr->encoder.layer[0].p;
        traj_gemm_tn(g.decoder_z, d_decoder, tr->fz, TRAJ_ADD);
        traj_gemm_tn(g.gru_z, tr->gi, tr->fz, TRAJ_ADD);
        traj_graph_gradient(&core->prior, params, grads, &tr->prior_fold, tr->prior, d->raw_p);
        traj_gemm_tn(g.prior_h, d_prior, before, TRAJ_ADD);
        traj_gemm_tn(g.prior_y, d_prior, tr->known, TRAJ_ADD);
        traj_graph_gradient(&core->encoder, params, grads, &tr->encoder_fold, tr->encoder,
                            d->raw_q);
        traj_gemm_tn(g.encoder_x, d_encoder, tr->fx[1], TRAJ_ADD);
        traj_gemm_tn(g.encoder_y, d_encoder, tr->known, TRAJ_ADD);
        traj_gemm_tn(g.encoder_h, d_encoder, before, TRAJ_ADD);
        traj_gemm_nn(d->fx, d_encoder, w.encoder_x, TRAJ_ADD);
    }
    traj_mlp_backward(&core->phi_x, params, grads, tr->x, tr->fx, d->fx, d->fx_scratch,
                      (traj_mat){0});
}

/* nll and kl [T*R] become the gradient's scales: 1 or 0, and kl_weight where it is above the free
 * bits. */
static void objective_scales(const trace *tr, traj_objective objective)
{
    for (int r = 0; r < tr->steps * tr->rows; r++) {
        tr->nll[r] = tr->target[r];
        if (tr->kl)
            tr->kl[r] = (double)tr->kl[r] > objective.free_bits
                            ? tr->present[r] * TRAJ_R(objective.kl_weight)
                            : 0;
    }
}

static void backward(const traj_recurrent *core, traj_params params, traj_params grads, trace *tr,
                     traj_objective objective, traj_arena *arena)
{
    const back d = back_take(core, tr, arena);
    const int all = tr->steps * tr->rows;
    const traj_mat dh = traj_mat_rows(d.h, 0, all); /* gradient of h_{t-1} */
    if (!arena->memory) { /* a dry arena asks for the scratch of the two graphs over all rows */
        traj_graph_backward(&core->decoder, params, &tr->decoder_fold, tr->pairs, tr->decoder,
                            d.raw_x, arena);
        return;
    }
    const traj_recurrent_blocks w = traj_recurrent_blocks_of(core, params);
    objective_scales(tr, objective);
    /* (4) */
    traj_output_backward(&core->output, d.raw_x, tr->raw_x, tr->x, tr->skip, tr->nll);
    traj_graph_backward(&core->decoder, params, &tr->decoder_fold, tr->pairs, tr->decoder, d.raw_x,
                        arena);
    traj_gemm_nn(dh, tr->decoder.layer[0].p, w.decoder_h, TRAJ_SET);
    memset(at(tr, d.h, tr->steps).data, 0,
           (size_t)tr->rows * (size_t)core->hidden * sizeof(traj_real));
    if (core->latent) {
        traj_gemm_nn(d.fz, tr->decoder.layer[0].p, w.decoder_z, TRAJ_SET);
        /* (1) */
        traj_kl_backward(d.raw_q, d.raw_p, tr->raw_q, tr->raw_p, tr->kl, core->output.floor);
        traj_graph_backward(&core->prior, params, &tr->prior_fold, tr->pairs, tr->prior, d.raw_p,
                            arena);
        traj_gemm_nn(dh, tr->prior.layer[0].p, w.prior_h, TRAJ_ADD);
    }
    for (int t = tr->steps - 1; t >= 0; t--)
        step_backward(core, params, grads, &w, tr, &d, t, arena);
    deferred_gradients(core, params, grads, tr, &d);
}

static traj_loss sums(const trace *tr, const traj_batch *batch, traj_objective objective)
{
    traj_loss loss = {0};
    for (int r = 0; r < tr->steps * tr->rows; r++) {
        if (tr->present[r] == 0) continue;
        const double nll = (double)tr->nll[r], kl = tr->kl ? (double)tr->kl[r] : 0;
        const bool counts = tr->target[r] != 0;
        if (counts) loss.nll += nll + (double)batch->log_scale[r % tr->rows];
        loss.kl += kl;
        loss.objective += nll;
        if (tr->kl)
            loss.objective += objective.kl_weight *
                              (kl > objective.free_bits ? kl : objective.free_bits);
        loss.count += counts;
    }
    return loss;
}

void traj_recurrent_loss(const traj_model *model, traj_params params, const traj_batch *batch,
                         traj_noise noise, traj_objective objective, traj_params *grads,
                         traj_arena *arena, traj_loss *loss)
{
    const traj_recurrent *const core = &model->recurrent;
    const size_t mark = traj_arena_mark(arena);
    trace tr = trace_take(core, params, batch, grads != NULL, arena);
    if (arena->memory) {
        forward(core, params, batch, &noise, &tr);
        if (core->latent)
            traj_kl_forward(tr.kl, tr.raw_q, tr.raw_p, tr.present, core->output.floor);
        *loss = sums(&tr, batch, objective);
    }
    if (grads) backward(core, params, *grads, &tr, objective, arena);
    traj_arena_release(arena, mark);
}

void traj_recurrent_log_weight(const traj_model *model, traj_params params, const traj_batch *batch,
                               traj_noise noise, double *weight, traj_arena *arena)
{
    const traj_recurrent *const core = &model->recurrent;
    const size_t mark = traj_arena_mark(arena);
    trace tr = trace_take(core, params, batch, false, arena);
    const int all = tr.steps * tr.rows;
    double *const density = traj_arena_take(arena, (size_t)all, sizeof *density);
    if (arena->memory) {
        forward(core, params, batch, &noise, &tr);
        for (int r = 0; r < all; r++)
            density[r] = -(double)tr.nll[r] -
                         (double)tr.target[r] * (double)batch->log_scale[r % tr.rows];
        if (core->latent) {
            traj_latent_density(density, tr.raw_p, tr.z, tr.present, core->output.floor, 1);
            traj_latent_density(density, tr.raw_q, tr.z, tr.present, core->output.floor, -1);
        }
        for (int b = 0; b < tr.scenes; b++) weight[b] = 0;
        for (int r = 0; r < all; r++) weight[r % tr.rows / tr.agents] += density[r];
    }
    traj_arena_release(arena, mark);
}
