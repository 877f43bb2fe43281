/* One row per output distribution, private to this room.
 *
 * Likelihoods work on blocks of TRAJ_OUTPUT_LANES rows turned on their side, so that one vector
 * holds the same number of many rows: column k of row l stands at [k * TRAJ_OUTPUT_LANES + l].
 * Drawing is rare and works on one row. */
#ifndef TRAJ_NN_OUTPUT_TABLE_H
#define TRAJ_NN_OUTPUT_TABLE_H

#include "traj/nn/output.h"

enum { TRAJ_OUTPUT_LANES = 16, TRAJ_OUTPUT_COMPONENTS = 64 /* at most */ };

typedef struct traj_output_type {
    int width; /* of raw, per component */
    /* nll [lanes] from raw [width, lanes], x and skip [2, lanes]; no argument aliases another. x is
     * given, drawn and averaged less the skip; skip is read by what `carry` adds only. */
    void (*nll)(const traj_output *output, traj_real *nll, const traj_real *raw, const traj_real *x,
                const traj_real *skip);
    /* d_raw [width, lanes] = scale [lanes] * gradient of nll */
    void (*backward)(const traj_output *output, traj_real *d_raw, const traj_real *raw,
                     const traj_real *x, const traj_real *skip, const traj_real *scale);
    /* one row */
    void (*sample)(const traj_output *output, traj_real *x, const traj_real *raw,
                   const traj_real *skip, const traj_real *normal, traj_real uniform);
    void (*mean)(const traj_output *output, traj_real *x, const traj_real *raw,
                 const traj_real *skip);
} traj_output_type;

extern const traj_output_type traj_output_diagonal, traj_output_bivariate, traj_output_mixture;

#endif
