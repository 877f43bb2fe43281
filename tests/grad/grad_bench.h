/* What a row of the table of layers stands on: variables and results in guarded, poisoned memory,
 * and the run that compares a layer's backward pass with differences of its forward pass.
 *
 *   | NaN NaN NaN | a row of a matrix | NaN NaN NaN |     every matrix is a block of wider rows
 *
 * A pass that reads beyond its view meets NaN; one that writes there is found by the missing NaN.
 */
#ifndef TRAJ_TESTS_GRAD_BENCH_H
#define TRAJ_TESTS_GRAD_BENCH_H

#include "grad/grad.h"
#include "traj/base/arena.h"
#include "traj/nn/param.h"
#include "traj/num/gemm.h"

enum { GRAD_VARIABLES = 96, GRAD_MATRICES = 64, GRAD_NAME = 160 };

/* What the value depends on, and where the backward pass leaves its derivative. */
typedef struct grad_variable {
    const char *name;
    traj_mat value, gradient;
    traj_real before; /* what stands in gradient before the backward pass, to be subtracted */
} grad_variable;

typedef struct grad_bench {
    traj_arena memory;  /* owned: lives as long as the row */
    traj_arena scratch; /* owned: for the layer, which releases it at every forward pass */
    grad_variable variable[GRAD_VARIABLES];
    int variables;
    traj_mat guarded[GRAD_MATRICES];
    int matrices;
    unsigned seed; /* of the next data */
} grad_bench;

/* Sizes of a row; each layer reads its own. */
typedef struct grad_shape {
    int rows, in, out, layers;
    int scenes, agents, absent; /* absent: how many of the agents are not there */
    int features, attention, rounds;
    int kind, components;
    int observed, horizon, outputs, fourier; /* of the denoiser; layers are its blocks */
    bool no_bias, no_input, no_edges, skip, alias;
    traj_write write;
} grad_shape;

/* A layer in the form that can be checked. */
typedef struct grad_layer {
    void *(*make)(grad_bench *bench, const grad_shape *shape); /* variables; the layer's state */
    double (*value)(void *state);  /* the forward pass, reduced to a number */
    void (*gradient)(void *state); /* the backward pass, right after value */
} grad_layer;

typedef struct grad_row {
    const char *proves; /* the functions under test, separated by spaces */
    const char *name;
    const grad_layer *layer;
    grad_shape shape;
} grad_row;

/* [rows,cols] of NaN; of numbers in (-1,1). */
traj_mat grad_mat(grad_bench *bench, int rows, int cols);
traj_mat grad_data(grad_bench *bench, int rows, int cols);

/* A state of size bytes, zero. */
void *grad_state(grad_bench *bench, size_t size);

/* A variable [rows,cols] of data; *gradient is NaN for TRAJ_SET, 1 for TRAJ_ADD. */
traj_mat grad_input(grad_bench *bench, const char *name, int rows, int cols, traj_write write,
                    traj_mat *gradient);

/* A variable [rows,cols] of data whose gradient the layer leaves in memory of its own. */
traj_mat grad_input_in_place(grad_bench *bench, const char *name, int rows, int cols,
                             traj_mat gradient);

/* Every parameter a variable of data; *grads is 1 everywhere. */
traj_params grad_params(grad_bench *bench, const traj_layout *layout, traj_params *grads);

/* Copies in to out; both have the same shape. */
void grad_copy(traj_mat out, traj_mat in);

/* sum_ij a_ij b_ij: with fixed b, every output counts in the value and b is its gradient. */
double grad_dot(traj_mat a, traj_mat b);

/* Runs the row; the largest error of all variables, infinite when memory outside a view was
 * written. worst names the coordinate. */
double grad_row_error(const grad_row *row, char worst[GRAD_NAME]);

/* Whether the row proves the function of this name. */
bool grad_row_proves(const grad_row *row, const char *function);

#endif
