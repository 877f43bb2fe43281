/* A view of a row-major matrix in somebody else's memory. Without data (a dry arena's) it is a
 * shape only, and so are its parts. */
#ifndef TRAJ_NUM_MAT_H
#define TRAJ_NUM_MAT_H

#include "traj/base/real.h"
#include <stddef.h>

typedef struct traj_mat {
    traj_real *data; /* view */
    int rows, cols;
    int stride; /* reals from one row to the next, >= cols */
} traj_mat;

/* The whole of data as [rows, cols], rows one behind the other. */
static inline traj_mat traj_mat_view(traj_real *data, int rows, int cols)
{
    return (traj_mat){data, rows, cols, cols};
}

/* Columns [first, first + cols) of m, all rows: a column block, nothing is copied. */
static inline traj_mat traj_mat_cols(traj_mat m, int first, int cols)
{
    return (traj_mat){m.data ? m.data + first : NULL, m.rows, cols, m.stride};
}

/* Rows [first, first + rows) of m. */
static inline traj_mat traj_mat_rows(traj_mat m, int first, int rows)
{
    traj_real *const data = m.data ? m.data + (size_t)first * (size_t)m.stride : NULL;
    return (traj_mat){data, rows, m.cols, m.stride};
}

static inline traj_real *traj_mat_row(traj_mat m, int row)
{
    return m.data + (size_t)row * (size_t)m.stride;
}

#endif
