/* What ddpm and vdm share, private to this room: futures as tokens, noise on them, the network's
 * answer, and the way back from noise.
 *
 *   y_0 [R,2H]   the H displacements behind the P observed ones, one token an agent
 *   y = a y_0 + s eps      a: signal, s: noise, of the scene's level;  a^2 + s^2 = 1
 *
 * A batch of T steps has P = T - H. Entries without target are 0 in y and count nowhere. */
#ifndef TRAJ_MODEL_DIFFUSION_H
#define TRAJ_MODEL_DIFFUSION_H

#include "denoiser.h"
#include "gamma.h"
#include "noise_schedule.h"
#include "traj/model/model.h"

typedef struct traj_diffusion {
    traj_denoiser net;
    traj_schedule schedule; /* ddpm */
    traj_gamma gamma;       /* vdm */
    traj_predict_kind predict;
} traj_diffusion;

/* How noisy a scene is. */
typedef struct traj_level {
    double signal, noise; /* a, s */
    double input;         /* what the network is told, in [0,1] */
} traj_level;

/* One batch under way. Views into an arena. */
typedef struct traj_diffusion_run {
    int observed, horizon, scenes, agents, rows;
    traj_past_trace past;
    traj_denoiser_trace net;
    traj_mat start, mask, eps, y; /* [R,2H], [R,H], [R,2H], [R,2H] */
    traj_level *level;            /* [B] */
    double *input;                /* [B]: level[b].input, as the network takes it */
} traj_diffusion_run;

/* Adds the network's parameters for model->config. */
void traj_diffusion_declare(traj_model *model, int outputs);

/* Carves a run; unless the arena is dry, takes y_0 and its mask from the batch (steps = observed +
 * H; with from_future false only the past is there, and y_0 is 0 and all counts) and encodes the
 * past. */
traj_diffusion_run traj_diffusion_take(const traj_diffusion *core, traj_params params,
                                       const traj_batch *batch, int observed, bool from_future,
                                       bool with_gradient, traj_arena *arena);

/* eps of all rows, as the scenes' numbers and `time` say; 0 where nothing counts. */
void traj_diffusion_draw(traj_diffusion_run *run, const uint32_t *scene, traj_noise noise,
                         uint32_t time);

/* y from y_0, eps and the levels, then the network's answer in run->net.out. */
void traj_diffusion_answer(const traj_diffusion *core, traj_params params, traj_diffusion_run *run);

/* A number in [0,1) for each scene, spread evenly over the scenes of a batch (a Kronecker sequence
 * by the golden ratio, shifted at random per step): Kingma et al. 2021, appendix I.1. */
double traj_diffusion_uniform(traj_noise noise, uint32_t scene);

/* y_0 = now * y + answer * value for what the network predicts. */
typedef struct traj_start_of {
    double now, answer;
} traj_start_of;
traj_start_of traj_diffusion_start_of(traj_predict_kind predict, traj_level level);

/* Adds the agent-steps that count, and to nll their log-Jacobian to metres. */
void traj_diffusion_count(const traj_diffusion_run *run, const traj_batch *batch, traj_loss *loss);

/* The level of a sampler's step, as traj_model_type.steps numbers it. */
typedef traj_level traj_diffusion_level(const traj_model *model, traj_params params, double step);

/* The way back along the sampling's steps, then to y_0 itself, with the noise of
 * model->config.variance. */
void traj_diffusion_sample(const traj_model *model, traj_params params,
                           const traj_sampling *sampling, traj_diffusion_level *level, traj_real *x,
                           traj_arena *arena);

#endif
