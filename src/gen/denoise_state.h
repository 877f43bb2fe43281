/* What the two ways of denoising share, private to this room. */
#ifndef TRAJ_GEN_DENOISE_STATE_H
#define TRAJ_GEN_DENOISE_STATE_H

#include "traj/gen/denoise.h"

/* pos_m and sd_m hold the Kalman smoother's answer; replaces it by the model's where it can. */
traj_status traj_denoise_blocks(const traj_denoise *denoise, const traj_recording *recording,
                                size_t sequence, traj_pool *pool, float *pos_m, float *sd_m,
                                traj_error *err);

#endif
