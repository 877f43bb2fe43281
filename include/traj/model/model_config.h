/* What a user may choose about a model. One row each in the option table; stored in config.json and
 * the weights' header. */
#ifndef TRAJ_MODEL_MODEL_CONFIG_H
#define TRAJ_MODEL_MODEL_CONFIG_H

typedef enum traj_output_kind {
    TRAJ_OUTPUT_DIAGONAL,  /* N(mu, diag(sd^2)) */
    TRAJ_OUTPUT_BIVARIATE, /* full 2x2 covariance by a correlation */
    TRAJ_OUTPUT_MIXTURE    /* mixture of `components` bivariate Gaussians */
} traj_output_kind;

typedef struct traj_model_config {
    char type[16];   /* --model: a name in the model table: rnn, vrnn, gvrnn */
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
} traj_model_config;

/* The defaults above, type "gvrnn". */
void traj_model_config_init(traj_model_config *config);

#endif
