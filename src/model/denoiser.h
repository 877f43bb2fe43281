/* The network of ddpm and vdm, private to this room: what the past says (past.c) and what the noise
 * in a noisy future is, given that (denoiser.c). Note: docs/mathematics/denoiser.md.
 *
 * Past. Over the observed steps t = 0 .. P-1 of a batch, all agents alike:
 *
 *   h_t = GRU(phi([x_t, y_t]), h_{t-1})      y_t: the batch's `known`; rows without target wait
 *   c   = graph([h_{P-1}, y_P])              one round of messages at the last observed frame
 *
 * Denoiser. One token per agent: its whole noisy future, W wide, through N blocks:
 *
 *   e   = W_l sin/cos(level) + b_l           of the scene; level in [0,1]
 *   s   = max(0, e + W_c c)                  the condition of each token
 *   v_0 = W_y [y, m] + b_y                   y [2H] noisy displacements, m [H] known mask
 *   u   = v + W_2 max(0, (1 + a) * (W_1 v + b_1) + d) + b_2,   [a, d] = W_s s + b_s    (film.h)
 *   v'  = u + graph(u)                       messages across agents, graph.h with one round
 *   out = W_o v_N + b_o                      [2H], or [4H] with learned variances
 *
 * Rows r = b*A + a as in a batch; a token's 2H columns are (x,y) of step 0, of step 1, ...
 * Agents absent at the last observed frame neither send nor receive. Edge features are those of
 * that frame. With fourier = F, sin and cos of 2^f pi y, f < F, stand between y and m: y | sin_0 |
 * cos_0 | sin_1 | ... | m, 2H columns each. Sources: Perez et al. 2018 (FiLM), Yeh et al. 2019, Ho
 * et al. 2020, Kingma et al. 2021 (appendix C). Threads: any, each with its own trace and arena. */
#ifndef TRAJ_MODEL_DENOISER_H
#define TRAJ_MODEL_DENOISER_H

#include "traj/data/batch.h"
#include "traj/model/model_config.h"
#include "traj/nn/film.h"
#include "traj/nn/graph.h"
#include "traj/nn/gru.h"
#include "traj/nn/mlp.h"

/* Beyond 8 frequencies a noisy y of 15 would leave the range of traj_sincos2pi1. */
enum { TRAJ_MAX_BLOCKS = 8, TRAJ_MAX_FOURIER = 8, TRAJ_LEVEL_FEATURES = 32 };

typedef struct traj_past {
    int hidden;
    traj_mlp phi; /* [2 + TRAJ_KNOWN] -> [hidden], two layers */
    traj_gru gru;
    traj_graph context; /* [hidden + TRAJ_KNOWN] -> [width] */
} traj_past;

typedef struct traj_denoiser {
    int width, horizon, outputs; /* W, H, numbers a displacement: 2, or 4 with variances */
    int fourier;                 /* pairs of Fourier features of each entry of y; 0 = none */
    int blocks;
    traj_past past;
    int level_weight, level_bias; /* [W, TRAJ_LEVEL_FEATURES], [W] */
    int context_weight;           /* [W, W] */
    int input_weight, input_bias; /* [W, 2H (1 + 2 fourier) + H], [W] */
    traj_film film[TRAJ_MAX_BLOCKS];
    traj_graph graph[TRAJ_MAX_BLOCKS];
    int output_weight, output_bias; /* [outputs H, W], [outputs H]; TRAJ_INIT_SMALL */
} traj_denoiser;

/* Adds past.phi, past.gru and past.context; the next function does it for its network. */
traj_past traj_past_declare(traj_layout *layout, const traj_model_config *config);

/* Adds all parameters. config: hidden (past), width, blocks, horizon, attention, fourier. outputs:
 * 2 or 4. */
traj_denoiser traj_denoiser_declare(traj_layout *layout, const traj_model_config *config,
                                    int outputs);

/* Everything that a forward pass over a batch keeps. Private to the two files but for the views
 * below. Carved from an arena, dry arenas count. */
typedef struct traj_past_trace {
    int observed, scenes, agents; /* P, B, A */
    traj_mat input, f[2];         /* [P*R, 2+known], phi's layers */
    traj_mat gi, gh, h;           /* [P*R,3H'], [P*R,3H'], [(P+1)*R,H'] */
    const traj_real *target;      /* view [P*R] */
    traj_scenes pairs;            /* of the last observed frame */
    traj_mat known;               /* view [R,known] of that frame */
    traj_graph_trace graph;
    traj_graph_fold fold;
    traj_mat context; /* [R,W]: the result */
} traj_past_trace;

/* The past of a batch: its first `observed` steps and the frame behind them, which the batch must
 * have as step `observed`. With observed = 0 the state is zero. */
traj_past_trace traj_past_take(const traj_denoiser *net, traj_params params,
                               const traj_batch *batch, int observed, bool with_gradient,
                               traj_arena *arena);
/* Fills trace->context. */
void traj_past_forward(const traj_denoiser *net, traj_params params, traj_past_trace *trace);
/* From d_context [R,W]: adds the gradients of the past's parameters. Scratch from arena. */
void traj_past_backward(const traj_denoiser *net, traj_params params, traj_params grads,
                        traj_past_trace *trace, traj_mat d_context, traj_arena *arena);

typedef struct traj_denoiser_trace {
    traj_scenes pairs;                                   /* view: the past's */
    traj_mat features;                                   /* [B, TRAJ_LEVEL_FEATURES] */
    traj_mat level;                                      /* [B, W] */
    traj_mat input;                                      /* [R, 2H (1 + 2 fourier) + H] */
    traj_mat condition;                                  /* [R, W]: s */
    traj_mat v[TRAJ_MAX_BLOCKS + 1], u[TRAJ_MAX_BLOCKS]; /* [R, W] */
    traj_film_trace film[TRAJ_MAX_BLOCKS];
    traj_graph_trace graph[TRAJ_MAX_BLOCKS];
    traj_graph_fold fold[TRAJ_MAX_BLOCKS];
    traj_mat out; /* [R, outputs H]: the result; columns 2H and on are those of the variances */
} traj_denoiser_trace;

traj_denoiser_trace traj_denoiser_take(const traj_denoiser *net, traj_params params,
                                       const traj_past_trace *past, bool with_gradient,
                                       traj_arena *arena);
/* y [R,2H] noisy futures, mask [R,H] 1 where an entry counts (y is 0 elsewhere), level [B] in
 * [0,1], context [R,W]: fills trace->out. May be run again on the same trace. */
void traj_denoiser_forward(const traj_denoiser *net, traj_params params, traj_denoiser_trace *trace,
                           traj_mat y, traj_mat mask, const double *level, traj_mat context);
/* From d_out [R,outputs H]: adds parameter gradients and d_context [R,W] +=; d_y [R,2H] and d_level
 * [B] are SET unless without data. To be called once after each forward, whose
 * trace it destroys. Scratch from arena. */
void traj_denoiser_backward(const traj_denoiser *net, traj_params params, traj_params grads,
                            traj_denoiser_trace *trace, traj_mat d_out, const double *level,
                            traj_mat context, traj_mat d_context, traj_mat d_y, double *d_level,
                            traj_arena *arena);

#endif
