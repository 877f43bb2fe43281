/* The two chains of a diffusion model as positions, to be looked at: how a sample came out of
 * noise, and how noise covers what really happened.
 *
 *   position = last observed position + sum over the frames so far of scale y
 *
 * with y = signal x + noise eps as it is: towards the noise everybody walks at random from where he
 * stood. Reverse are y of the sampler and, at level 0, its x, before speed limit and bounds;
 * forward is q(y | x) of the recorded x with one eps for all levels. */
#ifndef TRAJ_GEN_CHAIN_H
#define TRAJ_GEN_CHAIN_H

#include "traj/base/status.h"
#include <stddef.h>

/* Of the sampler's levels so many are kept: those nearest to even angles between signal and noise,
 * 0 to 90 degrees. A schedule may spend most of its steps where little is to be seen. Fewer where
 * the sampler passes an angle by. */
enum { TRAJ_CHAIN_LEVELS = 6 };

typedef struct traj_chain {
    int levels, frames, agents;      /* frame 0 is the last observed one */
    double noise[TRAJ_CHAIN_LEVELS]; /* noise / signal, from 0 at level 0 up */
    float *reverse;                  /* owned [levels,frames,agents,2], metres */
    float *forward;                  /* the same; NULL where not all is recorded */
} traj_chain;

/* The positions of a level in one of the two parts: [frames,agents,2]. */
static inline float *traj_chain_level(const traj_chain *chain, float *part, int level)
{
    return part + 2 * (size_t)level * (size_t)chain->frames * (size_t)chain->agents;
}

void traj_chain_free(traj_chain *chain);

#endif
