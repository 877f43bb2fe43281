/* The recurrent core that rnn, vrnn and gvrnn share, private to this room. What differs between
 * them is two numbers: the size of z (0: rnn) and the rounds of message passing (0: rnn, vrnn). */
#ifndef TRAJ_MODEL_RECURRENT_H
#define TRAJ_MODEL_RECURRENT_H

#include "diffusion.h"
#include "traj/model/model.h"
#include "traj/nn/graph.h"
#include "traj/nn/gru.h"
#include "traj/nn/latent.h"
#include "traj/nn/mlp.h"
#include "traj/nn/output.h"

/* Parameter indices, and where each part of an input stands among a projection's columns. */
typedef struct traj_recurrent {
    int hidden, latent;
    traj_mlp phi_x, phi_z;
    traj_graph prior, encoder, decoder; /* v = [h, y], [phi_x, y, h], [phi_z, y, h] */
    traj_gru gru;
    traj_output output;
    bool residual;
} traj_recurrent;

struct traj_model {
    const traj_model_type *type; /* view */
    traj_model_config config;
    traj_layout layout;
    traj_recurrent recurrent; /* rnn, vrnn, gvrnn */
    traj_diffusion diffusion; /* ddpm, vdm */
};

/* Adds all parameters for config.latent and config.rounds as they are. */
void traj_recurrent_declare(traj_model *model);

/* The decoder's head starts with spread-out standard deviations. */
void traj_recurrent_init(const traj_model *model, traj_params params);

/* Column blocks of the graphs' projections and of the GRU's input weights, for weights and
 * gradients alike. */
typedef struct traj_recurrent_blocks {
    traj_mat prior_h, prior_y;
    traj_mat encoder_x, encoder_y, encoder_h;
    traj_mat decoder_z, decoder_y, decoder_h;
    traj_mat gru_x, gru_z, gru_h;
} traj_recurrent_blocks;

traj_recurrent_blocks traj_recurrent_blocks_of(const traj_recurrent *core, traj_params params);

/* The mean of p(x) is relative to the previous displacement, a block of `known`; no data without
 * --residual. */
traj_mat traj_recurrent_skip(const traj_recurrent *core, traj_mat known);

/* The functions of traj_model_type, the same for all three models. */
void traj_recurrent_loss(const traj_model *model, traj_params params, const traj_batch *batch,
                         traj_noise noise, traj_objective objective, traj_params *grads,
                         traj_arena *arena, traj_loss *loss);
void traj_recurrent_log_weight(const traj_model *model, traj_params params, const traj_batch *batch,
                               traj_noise noise, double *weight, traj_arena *arena);
void traj_recurrent_state_take(const traj_model *model, int rows, traj_state *state,
                               traj_arena *arena);
void traj_recurrent_filter(const traj_model *model, traj_params params, traj_step step,
                           const traj_real *x, traj_noise noise, traj_state *state,
                           traj_arena *arena);
void traj_recurrent_draw(const traj_model *model, traj_params params, traj_step step,
                         traj_noise latent, traj_noise output, int mean, traj_real *x,
                         traj_state *state, traj_arena *arena);
void traj_recurrent_advance(const traj_model *model, traj_params params, traj_step step,
                            const traj_real *x, traj_state *state, traj_arena *arena);

/* What the rows of rnn, vrnn and gvrnn have in common. */
#define TRAJ_RECURRENT_FUNCTIONS                                                                   \
    .init = traj_recurrent_init, .loss = traj_recurrent_loss,                                      \
    .log_weight = traj_recurrent_log_weight, .state_take = traj_recurrent_state_take,              \
    .filter = traj_recurrent_filter, .draw = traj_recurrent_draw,                                  \
    .advance = traj_recurrent_advance

#endif
