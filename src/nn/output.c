/* Output distributions, row by row: see traj/nn/output.h. */
#include "traj/nn/output.h"
#include "output_table.h"
#include "traj/base/assert.h"
#include <string.h>

static const traj_output_type *const types[] = {&traj_output_diagonal, &traj_output_bivariate,
                                                &traj_output_mixture};

static const traj_output_type *output_type(const traj_output *output)
{
    TRAJ_ASSERT(output->kind >= 0 && output->kind < (int)(sizeof types / sizeof *types));
    return types[output->kind];
}

int traj_output_width(const traj_output *output)
{
    const traj_output_type *const type = output_type(output);
    return type->width * (type == &traj_output_mixture ? output->components : 1);
}

/* x - skip: what the means without their skip see. */
static void centre(traj_real out[2], traj_mat x, traj_mat skip, int row)
{
    for (int k = 0; k < 2; k++)
        out[k] = traj_mat_row(x, row)[k] - (skip.data ? traj_mat_row(skip, row)[k] : 0);
}

static void add_skip(traj_real *x, traj_mat skip, int row)
{
    for (int k = 0; skip.data && k < 2; k++) x[k] += traj_mat_row(skip, row)[k];
}

void traj_output_forward(const traj_output *output, traj_real *nll, traj_mat raw, traj_mat x,
                         traj_mat skip, const traj_real *weight)
{
    TRAJ_ASSERT(raw.cols == traj_output_width(output) && x.cols == 2 && x.rows == raw.rows);
    const traj_output_type *const type = output_type(output);
    for (int r = 0; r < raw.rows; r++) {
        traj_real centred[2];
        nll[r] = 0;
        if (weight[r] == 0) continue;
        centre(centred, x, skip, r);
        nll[r] = weight[r] * type->nll(output, traj_mat_row(raw, r), centred);
    }
}

void traj_output_backward(const traj_output *output, traj_mat d_raw, traj_mat raw, traj_mat x,
                          traj_mat skip, const traj_real *scale)
{
    TRAJ_ASSERT(raw.cols == traj_output_width(output) && d_raw.cols == raw.cols);
    const traj_output_type *const type = output_type(output);
    for (int r = 0; r < raw.rows; r++) {
        traj_real centred[2];
        traj_real *const row = traj_mat_row(d_raw, r);
        if (scale[r] == 0) {
            memset(row, 0, (size_t)raw.cols * sizeof *row);
            continue;
        }
        centre(centred, x, skip, r);
        type->backward(output, row, traj_mat_row(raw, r), centred, scale[r]);
    }
}

void traj_output_sample(const traj_output *output, traj_mat x, traj_mat raw, traj_mat skip,
                        traj_mat normal, const traj_real *uniform)
{
    TRAJ_ASSERT(raw.cols == traj_output_width(output) && normal.cols == 2);
    const traj_output_type *const type = output_type(output);
    for (int r = 0; r < raw.rows; r++) {
        type->sample(output, traj_mat_row(x, r), traj_mat_row(raw, r), traj_mat_row(normal, r),
                     uniform ? uniform[r] : 0);
        add_skip(traj_mat_row(x, r), skip, r);
    }
}

void traj_output_mean(const traj_output *output, traj_mat x, traj_mat raw, traj_mat skip)
{
    const traj_output_type *const type = output_type(output);
    for (int r = 0; r < raw.rows; r++) {
        type->mean(output, traj_mat_row(x, r), traj_mat_row(raw, r));
        add_skip(traj_mat_row(x, r), skip, r);
    }
}
