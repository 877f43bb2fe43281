/* What a user may choose about a model. One row each in the option table; stored in config.json and
 * the weights' header. */
#ifndef TRAJ_MODEL_MODEL_CONFIG_H
#define TRAJ_MODEL_MODEL_CONFIG_H

typedef enum traj_output_kind {
    TRAJ_OUTPUT_DIAGONAL,  /* N(mu, diag(sd^2)) */
    TRAJ_OUTPUT_BIVARIATE, /* full 2x2 covariance by a correlation */
    TRAJ_OUTPUT_MIXTURE    /* mixture of `components` bivariate Gaussians */
} traj_output_kind;

/* ddpm: how the noise grows over its steps. */
typedef enum traj_schedule_kind {
    TRAJ_SCHEDULE_LINEAR,
    TRAJ_SCHEDULE_QUAD,
    TRAJ_SCHEDULE_SIGMOID,
    TRAJ_SCHEDULE_COSINE,
    TRAJ_SCHEDULE_GEOMETRIC
} traj_schedule_kind;

/* What the network of ddpm and vdm predicts. */
typedef enum traj_predict_kind {
    TRAJ_PREDICT_EPS,
    TRAJ_PREDICT_X0,
    TRAJ_PREDICT_V,
    TRAJ_PREDICT_SCORE
} traj_predict_kind;

typedef enum traj_variance_kind {
    TRAJ_VARIANCE_SMALL, /* of q(y_{k-1} | y_k, y_0) */
    TRAJ_VARIANCE_LARGE, /* beta_k */
    TRAJ_VARIANCE_LEARNED
} traj_variance_kind;

/* What the network learns by; the bound reported is always the bound. */
typedef enum traj_diffusion_loss {
    TRAJ_LOSS_SIMPLE, /* ddpm: squared error of the prediction; vdm: the bound, exp(gamma / 2) fold
                       */
    TRAJ_LOSS_BOUND,  /* the variational bound */
    TRAJ_LOSS_HYBRID  /* ddpm: simple + 1e-3 bound, its mean a constant; vdm: 100 simple + bound */
} traj_diffusion_loss;

/* vdm: what of gamma is learned. */
typedef enum traj_gamma_kind {
    TRAJ_GAMMA_FIXED,
    TRAJ_GAMMA_LINEAR,
    TRAJ_GAMMA_MONOTONE
} traj_gamma_kind;

typedef struct traj_model_config {
    char type[16];   /* --model: a name in the model table: rnn, vrnn, gvrnn, ddpm, vdm */
    int hidden;      /* --hidden 64: width of the hidden state and of every layer */
    int latent;      /* --latent 16: size of z; the rnn has none */
    int rounds;      /* --rounds 1: message-passing rounds of gvrnn */
    int attention;   /* --attention 0: size of the attention score's vectors; 0 = plain mean over
                        senders */
    int output;      /* --output mixture: traj_output_kind */
    int components;  /* --components 5: of the mixture */
    double sd_floor; /* --sd-floor 1e-3: least standard deviation, normalised units */
    int residual;    /* --residual 1: the decoder's mean is the previous displacement plus the
                        network's output */
    int horizon;     /* --horizon 50: steps that ddpm and vdm generate at once */
    int width;       /* --width 128: of the denoiser's tokens */
    int blocks;      /* --blocks 3: of the denoiser */
    int fourier;     /* --fourier 0: Fourier features of each noisy input of vdm, in pairs */
    int diffusion_steps; /* --diffusion-steps 1000: K of ddpm; vdm: T of the discrete loss, 0 =
                            continuous time */
    int schedule;        /* --schedule cosine: traj_schedule_kind */
    int gamma;           /* --gamma monotone: traj_gamma_kind */
    int predict;         /* --predict v: traj_predict_kind */
    int variance;        /* --variance learned: traj_variance_kind */
    int loss;            /* --loss hybrid: traj_diffusion_loss */
} traj_model_config;

/* The defaults above, type "gvrnn". */
void traj_model_config_init(traj_model_config *config);

#endif
