/* Parameters: one table of names and shapes, flat memory in the same order. Weights, gradients,
 * Adam's moments and the weight average are all this one struct over the same layout.
 *
 *   layout   | phi_x.0.weight [H,2] | phi_x.0.bias [H] | ... |
 *   data     |  offset 0            |  offset 2H       | ... |  size reals in all
 *
 * Parameters added one behind the other with equal cols lie in memory as one tall matrix; layers
 * use that to make several projections with one product. */
#ifndef TRAJ_NN_PARAM_H
#define TRAJ_NN_PARAM_H

#include "traj/base/noise.h"
#include "traj/base/status.h"
#include "traj/num/mat.h"
#include <stdbool.h>

typedef enum traj_init {
    TRAJ_INIT_ZERO,
    TRAJ_INIT_FAN_IN, /* U(-1/sqrt(fan), 1/sqrt(fan)), as torch.nn.Linear does for weight and bias
                       */
    TRAJ_INIT_SMALL   /* a tenth of that: heads, so that training starts near a plain guess */
} traj_init;

typedef struct traj_param {
    char name[64];
    int rows, cols; /* a vector is [rows, 1] */
    bool vector;
    size_t offset; /* reals */
    traj_init init;
    int fan; /* for the initial scale */
} traj_param;

enum { TRAJ_MAX_PARAMS = 192 };

typedef struct traj_layout {
    traj_param param[TRAJ_MAX_PARAMS];
    int count;
    size_t size; /* reals in all */
} traj_layout;

typedef struct traj_params {
    const traj_layout *layout; /* view */
    traj_real *data;           /* view or owned, as its holder says: layout->size reals */
} traj_params;

/* Appends a matrix [rows, cols] or a vector [rows]; returns its index. Too many is our mistake. */
int traj_layout_matrix(traj_layout *layout, const char *prefix, const char *name, int rows,
                       int cols, traj_init init);
int traj_layout_vector(traj_layout *layout, const char *prefix, const char *name, int rows, int fan,
                       traj_init init);

/* A view of one parameter. */
traj_mat traj_param_mat(traj_params params, int index);
traj_real *traj_param_vec(traj_params params, int index);

/* rows from `index` on as one tall matrix: they must lie one behind the other with equal cols. */
traj_mat traj_param_stack(traj_params params, int index, int rows);

/* Draws initial values: a pure function of the seed and the parameter's index. */
void traj_params_init(traj_params params, uint64_t seed);

/* Index of a name, or -1. */
int traj_layout_find(const traj_layout *layout, const char *name);

#endif
