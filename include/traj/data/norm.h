/* Normalisation: estimated on the training windows only, stored with the model, part of every
 * likelihood in metres. */
#ifndef TRAJ_DATA_NORM_H
#define TRAJ_DATA_NORM_H

#include "traj/data/recording.h"

typedef struct traj_norm {
    double rate_hz;
    double
        scale_m[TRAJ_KINDS]; /* root mean square displacement of the kind per frame and dimension */
    double half_m[2];        /* half the pitch: positions are divided by it */
    double quantum_m;        /* dequantisation noise; 0 = none */
} traj_norm;

#endif
