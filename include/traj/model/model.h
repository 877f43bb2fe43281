/* A model: parameters' layout, loss with gradient, and one step of generation, on a batch.
 *
 * One row of the table in src/model/model.c per model, one file each; docs/howto-add-a-model.md. A
 * model opens no file and holds no parameters: they are arguments, so that weights, their average
 * and a checkpoint's are all used alike. Sums are in nats and in metres: the log-Jacobian of the
 * normalisation is included. Threads: a model is read-only. */
#ifndef TRAJ_MODEL_MODEL_H
#define TRAJ_MODEL_MODEL_H

#include "traj/base/arena.h"
#include "traj/base/noise.h"
#include "traj/data/batch.h"
#include "traj/model/model_config.h"
#include "traj/nn/param.h"
#include "traj/num/mat.h"

typedef struct traj_model traj_model;

/* How the training objective differs from the ELBO: sum over agent-steps of nll + kl_weight *
 * max(kl, free_bits). */
typedef struct traj_objective {
    double kl_weight, free_bits;
} traj_objective;

/* Sums over the counted agent-steps of a batch, nats, metres. ELBO = -(nll + kl), always at
 * weight 1. */
typedef struct traj_loss {
    double nll, kl;
    double objective; /* what the gradient is of; in normalised units, so without the Jacobian */
    double count;     /* agent-steps */
} traj_loss;

/* Adds b to *a. */
void traj_loss_add(traj_loss *a, traj_loss b);

/* What generation carries from step to step, for the rows of the scenes it was made for. */
typedef struct traj_state {
    traj_real *h; /* view [R,H] */
    traj_real
        *feature; /* view [R,H]: phi_z(z) of the step being generated; NULL in a model without z */
} traj_state;

/* One step's inputs, sliced from a batch or made by the rollout: as in traj_batch with T = 1. */
typedef struct traj_step {
    int scenes, agents;
    const traj_real *known, *edge, *present; /* views [R,..], [B,A,A,..], [R] */
    const traj_real *target;                 /* view [R]: whose x is known when it advances */
    const uint32_t *scene;                   /* view [B] */
    uint32_t time;                           /* the step's number: its noise */
} traj_step;

/* Where the way back from noise is: y = signal x + noise eps, signal^2 + noise^2 = 1. */
typedef struct traj_sampling_point {
    int number, count; /* 0 is the noisiest, count - 1 the last before x itself */
    double signal, noise;
    traj_mat y; /* view [R,2H], normalised */
} traj_sampling_point;

enum { TRAJ_SAMPLER_STEPS = 1000 }; /* at most */

/* What a model that generates all its H steps at once (ddpm, vdm) is asked for. */
typedef struct traj_sampling {
    const traj_batch *batch; /* view: steps [0, observed) and the known, edge, present of the frame
                                behind them, which is step `observed` */
    int observed;
    const traj_real *given; /* view [H,R]: 1 where x is known and kept, else 0; NULL: nowhere */
    const traj_real *x;     /* view [H,R,2]: the known displacements, and where to start */
    int steps;              /* evaluations of the network; 0 = as many as the model has */
    const double *list; /* view [steps]: which ones, as traj_model_type.steps numbers them; NULL:
                           evenly */
    double eta;         /* 1: ancestral, 0: deterministic (DDIM) */
    double start;       /* 0: from pure noise; else from x, as if it had this standard deviation
                           of noise in normalised units */
    bool mean;          /* start from zeros instead of noise */
    traj_noise noise;   /* stream TRAJ_STREAM_DIFFUSION */
    /* Called with each prediction of the noiseless x [H,R,2] and the standard deviation it stands
     * for, before it is used: may improve it by what else is known. NULL: nothing. */
    void (*correct)(void *context, double sd, traj_real *x);
    /* Called with every y that the network is shown, before it is; changes nothing. NULL: nobody
     * watches. */
    void (*watch)(void *context, const traj_sampling_point *point);
    void *context; /* of both */
} traj_sampling;

typedef struct traj_model_type {
    const char *name, *summary;
    /* Mends the configuration (the rnn has no latent) and adds the parameters. */
    void (*declare)(traj_model *model);
    /* After traj_params_init: what a model knows of good first values; NULL: nothing. */
    void (*init)(const traj_model *model, traj_params params);
    /* Sum of losses over the batch; adds the gradient of the objective to *grads unless it is NULL.
     * Dry arenas count. */
    void (*loss)(const traj_model *model, traj_params params, const traj_batch *batch,
                 traj_noise noise, traj_objective objective, traj_params *grads, traj_arena *arena,
                 traj_loss *loss);
    /* log p(x,z) - log q(z|x) of each scene, nats, metres, with z drawn from q: weight [B]. */
    void (*log_weight)(const traj_model *model, traj_params params, const traj_batch *batch,
                       traj_noise noise, double *weight, traj_arena *arena);
    void (*state_take)(const traj_model *model, int rows, traj_state *state, traj_arena *arena);
    /* Observed step: z from the encoder, then the recurrence. x [R,2]. */
    void (*filter)(const traj_model *model, traj_params params, traj_step step, const traj_real *x,
                   traj_noise noise, traj_state *state, traj_arena *arena);
    /* Free step, first half: z from the prior, x [R,2] from the decoder (its mean when mean is
     * set). */
    void (*draw)(const traj_model *model, traj_params params, traj_step step, traj_noise latent,
                 traj_noise output, int mean, traj_real *x, traj_state *state, traj_arena *arena);
    /* Second half, after the caller has overwritten the rows that are held: the recurrence with x.
     */
    void (*advance)(const traj_model *model, traj_params params, traj_step step, const traj_real *x,
                    traj_state *state, traj_arena *arena);
    /* Models that generate their H = config.horizon steps at once have this instead of the four
     * above, which are NULL: x [H,R,2] from the past. Dry arenas count. */
    void (*sample)(const traj_model *model, traj_params params, const traj_sampling *sampling,
                   traj_real *x, traj_arena *arena);
    /* The steps of a sampler that is asked for so many (0 = all), from noise to data: ddpm's k out
     * of 1..K, vdm's quarter turns out of (0,1]. list [TRAJ_SAMPLER_STEPS]; returns how many. */
    int (*steps)(const traj_model *model, int wanted, double *list);
    /* Their bound term by term instead of log_weight, which is NULL: how many terms there are, and
     * each one's nats (metres) and squared error of the predicted noise, sums over a batch. [0] is
     * the reconstruction, the last the prior, which have no error of their own but for ddpm's [0].
     * nats, error [terms]. */
    int (*terms)(const traj_model *model);
    void (*bound)(const traj_model *model, traj_params params, const traj_batch *batch,
                  traj_noise noise, double *nats, double *error, traj_arena *arena);
    /* How noisy each term is: log_snr [terms] = log(signal^2 / noise^2) of the noisier end of its
     * step. Where time is continuous, of the middle of its stretch. The reconstruction's is that
     * of the least noise, the prior's of the most. */
    void (*log_snr)(const traj_model *model, traj_params params, double *log_snr);
} traj_model_type;

/* Errors: TRAJ_E_USAGE for an unknown type or impossible sizes; TRAJ_E_MEMORY. */
traj_status traj_model_new(const traj_model_config *config, traj_model **model, traj_error *err);
void traj_model_destroy(traj_model *model);

const traj_model_type *traj_model_type_of(const traj_model *model);
const traj_model_config *traj_model_config_of(const traj_model *model);
const traj_layout *traj_model_layout(const traj_model *model);

/* Draws initial weights: a pure function of model and seed. */
void traj_model_init(const traj_model *model, traj_params params, uint64_t seed);

/* Names of all models, NULL-terminated. */
const char *const *traj_model_names(void);

/* Whose edges a model wants of a batch of so many steps: traj_scene_options.edges_of. */
int traj_model_edges_of(const traj_model *model, int steps);

/* Bytes of arena that loss (with or without gradient) or log_weight needs for such a batch. */
size_t traj_model_loss_bytes(const traj_model *model, int scenes, int agents, int steps,
                             int with_gradient);
/* Bytes that filter, draw and advance need for rows of so many scenes, the state included. */
size_t traj_model_step_bytes(const traj_model *model, int scenes, int agents);

#endif
