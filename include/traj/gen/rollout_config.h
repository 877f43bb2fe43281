/* What a user may choose about a rollout. One row each in the option table; recorded in
 * rollout.json. */
#ifndef TRAJ_GEN_ROLLOUT_CONFIG_H
#define TRAJ_GEN_ROLLOUT_CONFIG_H

#include <stdint.h>

typedef struct traj_rollout_config {
    int horizon; /* --horizon 50: frames generated */
    int burn_in; /* --burn-in 20: frames observed */
    int samples; /* --samples 20 */
    int mean; /* --mean: the decoder's mean instead of a draw from it; one sample unless --samples
                 is given */
    char at[32];    /* --at last: FRAME, last or all */
    int stride;     /* --stride 0: frames from one window of --at all to the next; 0 = its length */
    char hold[256]; /* --hold LIST: agents that follow the known future: ball, home, away, or player
                       ids, comma separated */
    char layout[8]; /* --layout long | wide */
    int decimals;   /* --decimals 3: of positions; millimetres are finer than any tracking system */
    char out[512];  /* --out rollout.csv; - is stdout */
    char chain[512];      /* --chain FILE: a diffusion model's chains; empty: none; - is stdout */
    double max_speed_mps; /* --max-speed 12: of a generated player; 0 = no limit */
    double max_ball_speed_mps; /* --max-ball-speed 40: of a generated ball; 0 = no limit */
    char steps[1024]; /* --steps 20: of a diffusion model's sampler, how many or which; 0 = all */
    double eta;       /* --eta 0 */
    int bounds;       /* --bounds: nobody goes further off the pitch than in training */
    uint64_t seed;    /* --seed 1 */
    int threads;      /* --threads 0 */
} traj_rollout_config;

/* The defaults above. */
void traj_rollout_config_init(traj_rollout_config *config);

#endif
