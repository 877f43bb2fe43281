/* What a user may choose about training. One row each in the option table; stored in config.json.
 */
#ifndef TRAJ_TRAIN_TRAIN_CONFIG_H
#define TRAJ_TRAIN_TRAIN_CONFIG_H

#include <stdint.h>

typedef enum traj_kl_schedule {
    TRAJ_KL_CONSTANT,
    TRAJ_KL_LINEAR,
    TRAJ_KL_CYCLICAL
} traj_kl_schedule;

typedef struct traj_train_config {
    int epochs;     /* --epochs 50 */
    double minutes; /* --minutes 0: stop after this much wall time, the rate annealed by the clock;
                       0 = no limit */
    int batch;      /* --batch 4: scenes a step */
    int shard;      /* --shard 2: scenes a job; part of the result's bits, unlike threads */
    uint64_t seed;  /* --seed 1 */
    int threads;    /* --threads 0: 0 = all processors */
    double rate_hz; /* --rate 10 */
    int burn_in;    /* --burn-in 20: frames observed */
    int horizon;    /* --horizon 50: frames generated */
    int stride;     /* --stride 10: frames from one training window to the next */
    double learning_rate; /* --lr 4e-3 */
    double lr_floor;      /* --lr-floor 0.02: the cosine ends at this fraction of --lr */
    int lr_epochs;    /* --lr-epochs 50: length of the cosine; it stays at the floor afterwards */
    int warmup_steps; /* --warmup 100: steps of linear warm-up */
    double weight_decay;               /* --weight-decay 1e-4: decoupled (AdamW), matrices only */
    double beta1, beta2, adam_epsilon; /* --beta1 0.9 --beta2 0.99 --adam-epsilon 1e-8 */
    double clip;                       /* --clip 1: largest gradient norm; 0 = no clipping */
    double ema;   /* --ema 0.998: decay of the weight average, warmed up; 0 = none */
    int patience; /* --patience 15: epochs without a better validation ELBO, in the last quarter of
                     the schedule or after; 0 = never stop early */
    double kl_weight;      /* --kl-weight 1: after the schedule */
    int kl_schedule;       /* --kl-schedule constant: traj_kl_schedule */
    int kl_steps;          /* --kl-steps 500: warm-up length or cycle length */
    double free_bits;      /* --free-bits 0: nats of KL per agent-step that cost nothing */
    int dequantise;        /* --dequantise 1: add uniform noise of one quantum */
    double drift;          /* --drift 0: the places known in training wander by this part of a
                              player's mean step a frame */
    int mirror;            /* --mirror 1: flip x and y at random (the x flip swaps the teams) */
    double valid_fraction; /* --valid 0.2 or a file */
    char valid_file[512];
} traj_train_config;

/* The defaults above. */
void traj_train_config_init(traj_train_config *config);

#endif
