/* One row per output distribution, private to this room. Every function works on one row. */
#ifndef TRAJ_NN_OUTPUT_TABLE_H
#define TRAJ_NN_OUTPUT_TABLE_H

#include "traj/nn/output.h"

typedef struct traj_output_type {
    int width; /* of raw, per component */
    traj_real (*nll)(const traj_output *output, const traj_real *raw, const traj_real *x);
    /* d_raw [width] = scale * gradient of nll */
    void (*backward)(const traj_output *output, traj_real *d_raw, const traj_real *raw,
                     const traj_real *x, traj_real scale);
    void (*sample)(const traj_output *output, traj_real *x, const traj_real *raw,
                   const traj_real *normal, traj_real uniform);
    void (*mean)(const traj_output *output, traj_real *x, const traj_real *raw);
} traj_output_type;

extern const traj_output_type traj_output_diagonal, traj_output_bivariate, traj_output_mixture;

#endif
