/* One step of filtering and of generation: the equations of recurrent_loss.c with T = 1 and without
 * gradients. */
#include "recurrent.h"
#include "traj/base/assert.h"
#include <string.h>

static traj_mat take(traj_arena *arena, int rows, int cols)
{
    return traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)cols), rows, cols);
}

/* A view of numbers that this file only reads. */
static traj_mat read_only(const traj_real *data, int rows, int cols)
{
    union {
        const traj_real *in;
        traj_real *out;
    } cast = {data};
    return traj_mat_view(cast.out, rows, cols);
}

static traj_scenes step_pairs(traj_step step, traj_arena *arena)
{
    const size_t pairs = (size_t)step.scenes * (size_t)step.agents * (size_t)step.agents;
    traj_real *const mean = traj_arena_reals(arena, pairs);
    if (arena->memory) traj_mean_weights(step.scenes, step.agents, step.present, mean);
    return (traj_scenes){step.scenes, step.agents, step.edge, mean};
}

/* raw = graph([first, y, h]); first has no data where the graph has no such input. */
static void graph_step(const traj_graph *graph, traj_params params, traj_scenes pairs,
                       const traj_mat input[3], const traj_mat block[3], traj_mat raw,
                       traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const traj_graph_fold fold = traj_graph_prepare(graph, params, arena, false);
    const traj_graph_trace trace = traj_graph_trace_take(graph, pairs.scenes, pairs.agents, arena);
    if (arena->memory) {
        traj_write write = TRAJ_SET;
        for (int k = 0; k < 3; k++) {
            if (!block[k].data || !block[k].cols) continue;
            traj_gemm_nt(trace.layer[0].p, input[k], block[k], write);
            write = TRAJ_ADD;
        }
        traj_graph_forward(graph, params, &fold, pairs, trace, raw);
    }
    traj_arena_release(arena, mark);
}

static void step_noise(traj_mat eps, traj_step step, const traj_noise *noise)
{
    for (int b = 0; b < step.scenes; b++)
        traj_noise_normal_rows(noise, step.scene[b], step.time, (uint32_t)step.agents,
                               traj_mat_row(eps, b * step.agents), (size_t)eps.cols);
}

void traj_recurrent_state_take(const traj_model *model, int rows, traj_state *state,
                               traj_arena *arena)
{
    const size_t size = (size_t)rows * (size_t)model->recurrent.hidden;
    state->h = traj_arena_reals(arena, size);
    state->feature = model->recurrent.latent ? traj_arena_reals(arena, size) : NULL;
    if (arena->memory) memset(state->h, 0, size * sizeof *state->h);
}

/* (3) z = mu + sd eps, phi_z(z) into the state */
static void latent_step(const traj_recurrent *core, traj_params params, traj_step step,
                        const traj_noise *noise, traj_mat raw, traj_state *state, traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const int rows = step.scenes * step.agents;
    const traj_mat eps = take(arena, rows, core->latent), z = take(arena, rows, core->latent);
    const traj_mat fz = traj_mat_view(state->feature, rows, core->hidden);
    if (arena->memory) {
        step_noise(eps, step, noise);
        traj_latent_forward(z, raw, eps, core->output.floor);
        traj_mlp_forward(&core->phi_z, params, z, &fz);
    }
    traj_arena_release(arena, mark);
}

/* (5) h = GRU([fx, phi_z(z)], h) */
static void recurrence(const traj_recurrent *core, traj_params params, traj_step step, traj_mat fx,
                       traj_state *state, traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const int rows = step.scenes * step.agents, width = core->hidden;
    const traj_mat gi = take(arena, rows, 3 * width), gh = take(arena, rows, 3 * width);
    const traj_mat next = take(arena, rows, width), h = traj_mat_view(state->h, rows, width);
    if (arena->memory) {
        const traj_recurrent_blocks w = traj_recurrent_blocks_of(core, params);
        traj_linear_forward(gi, fx, w.gru_x, traj_param_vec(params, core->gru.bias_ih), TRAJ_SET);
        if (core->latent)
            traj_gemm_nt(gi, traj_mat_view(state->feature, rows, width), w.gru_z, TRAJ_ADD);
        traj_gemm_nt(gh, h, w.gru_h, TRAJ_SET);
        traj_gru_forward(next, gi, gh, traj_param_vec(params, core->gru.bias_hh), h, step.target);
        memcpy(h.data, next.data, (size_t)rows * (size_t)width * sizeof(traj_real));
    }
    traj_arena_release(arena, mark);
}

/* phi_x(x): two layers, the second is the result. */
static traj_mat feature_step(const traj_recurrent *core, traj_params params, traj_step step,
                             const traj_real *x, traj_arena *arena)
{
    const int rows = step.scenes * step.agents;
    const traj_mat fx[2] = {take(arena, rows, core->hidden), take(arena, rows, core->hidden)};
    if (arena->memory) traj_mlp_forward(&core->phi_x, params, read_only(x, rows, 2), fx);
    return fx[1];
}

void traj_recurrent_filter(const traj_model *model, traj_params params, traj_step step,
                           const traj_real *x, traj_noise noise, traj_state *state,
                           traj_arena *arena)
{
    const traj_recurrent *const core = &model->recurrent;
    const size_t mark = traj_arena_mark(arena);
    const int rows = step.scenes * step.agents;
    const traj_mat fx = feature_step(core, params, step, x, arena);
    if (core->latent) {
        const traj_recurrent_blocks w = traj_recurrent_blocks_of(core, params);
        const traj_mat raw = take(arena, rows, 2 * core->latent);
        const traj_mat input[3] = {fx, read_only(step.known, rows, TRAJ_KNOWN),
                                   traj_mat_view(state->h, rows, core->hidden)};
        const traj_mat block[3] = {w.encoder_x, w.encoder_y, w.encoder_h};
        /* (2) */
        graph_step(&core->encoder, params, step_pairs(step, arena), input, block, raw, arena);
        latent_step(core, params, step, &noise, raw, state, arena);
    }
    recurrence(core, params, step, fx, state, arena);
    traj_arena_release(arena, mark);
}

/* The decoder's raw output -> x. */
static void emit(const traj_recurrent *core, traj_step step, const traj_noise *noise, int mean,
                 traj_mat raw, traj_real *x_data, traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const int rows = step.scenes * step.agents;
    const traj_mat normal = take(arena, rows, 2);
    traj_real *const uniform = traj_arena_reals(arena, (size_t)rows);
    if (arena->memory) {
        const traj_mat x = traj_mat_view(x_data, rows, 2);
        const traj_mat skip = traj_recurrent_skip(core, read_only(step.known, rows, TRAJ_KNOWN));
        if (mean) {
            traj_output_mean(&core->output, x, raw, skip);
        } else {
            const traj_noise component = {noise->seed, TRAJ_STREAM_COMPONENT, noise->step};
            step_noise(normal, step, noise);
            for (int r = 0; r < rows; r++)
                traj_noise_uniform(&component, step.scene[r / step.agents], step.time,
                                   (uint32_t)(r % step.agents), &uniform[r], 1);
            traj_output_sample(&core->output, x, raw, skip, normal, uniform);
        }
    }
    traj_arena_release(arena, mark);
}

void traj_recurrent_draw(const traj_model *model, traj_params params, traj_step step,
                         traj_noise latent, traj_noise output, int mean, traj_real *x,
                         traj_state *state, traj_arena *arena)
{
    const traj_recurrent *const core = &model->recurrent;
    const size_t mark = traj_arena_mark(arena);
    const int rows = step.scenes * step.agents, width = core->hidden;
    const traj_recurrent_blocks w = traj_recurrent_blocks_of(core, params);
    const traj_scenes pairs = step_pairs(step, arena);
    const traj_mat h = traj_mat_view(state->h, rows, width);
    const traj_mat known = read_only(step.known, rows, TRAJ_KNOWN);
    const traj_mat raw_x = take(arena, rows, traj_output_width(&core->output));
    if (core->latent) {
        const traj_mat raw_p = take(arena, rows, 2 * core->latent);
        const traj_mat input[3] = {h, known};
        const traj_mat block[3] = {w.prior_h, w.prior_y};
        /* (1) */
        graph_step(&core->prior, params, pairs, input, block, raw_p, arena);
        latent_step(core, params, step, &latent, raw_p, state, arena);
    }
    const traj_mat input[3] = {traj_mat_view(state->feature, rows, width), known, h};
    const traj_mat block[3] = {w.decoder_z, w.decoder_y, w.decoder_h};
    /* (4) */
    graph_step(&core->decoder, params, pairs, input, block, raw_x, arena);
    emit(core, step, &output, mean, raw_x, x, arena);
    traj_arena_release(arena, mark);
}

void traj_recurrent_advance(const traj_model *model, traj_params params, traj_step step,
                            const traj_real *x, traj_state *state, traj_arena *arena)
{
    const size_t mark = traj_arena_mark(arena);
    const traj_mat fx = feature_step(&model->recurrent, params, step, x, arena);
    recurrence(&model->recurrent, params, step, fx, state, arena);
    traj_arena_release(arena, mark);
}
