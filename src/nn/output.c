/* Output distributions, block by block: see traj/nn/output.h. */
#include "traj/nn/output.h"
#include "output_table.h"
#include "traj/base/assert.h"
#include <math.h>
#include <stdbool.h>
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

/* The s of softplus(s) = sd. */
static traj_real inverse_softplus(double sd)
{
    return TRAJ_R(log(expm1(sd)));
}

void traj_output_init(const traj_output *output, traj_real *bias)
{
    const double smallest = 0.02, single = 0.2;
    const bool mixture = output_type(output) == &traj_output_mixture;
    const int width = output_type(output)->width, components = mixture ? output->components : 1;
    for (int g = 0; g < components; g++, bias += width) {
        const double share = components > 1 ? (double)g / (components - 1) : 0;
        const double sd = components > 1 ? smallest * pow(1 / smallest, share) : single;
        traj_real *const s = bias + (mixture ? 3 : 2); /* behind the weight and the means */
        memset(bias, 0, (size_t)width * sizeof *bias);
        s[0] = s[1] = inverse_softplus(sd);
    }
}

enum { LANES = TRAJ_OUTPUT_LANES, MOST_WIDTH = 7 * TRAJ_OUTPUT_COMPONENTS };

/* A block of at most LANES rows on its side; lanes without a row, and rows of weight 0, are zero.
 */
typedef struct block {
    traj_real raw[MOST_WIDTH * LANES], x[2 * LANES], skip[2 * LANES]; /* x less the skip */
} block;

static int block_rows(int first, int rows)
{
    return rows - first < LANES ? rows - first : LANES;
}

static void block_fill(block *b, int first, traj_mat raw, traj_mat x, traj_mat skip,
                       const traj_real *weight)
{
    const int rows = block_rows(first, raw.rows);
    memset(b->raw, 0, (size_t)raw.cols * LANES * sizeof *b->raw);
    memset(b->x, 0, sizeof b->x);
    memset(b->skip, 0, sizeof b->skip);
    for (int l = 0; l < rows; l++) {
        const int row = first + l;
        if (weight[row] == 0) continue;
        const traj_real *const from = traj_mat_row(raw, row);
        for (int k = 0; k < raw.cols; k++) b->raw[k * LANES + l] = from[k];
        for (int k = 0; k < 2; k++) {
            if (skip.data) b->skip[k * LANES + l] = traj_mat_row(skip, row)[k];
            b->x[k * LANES + l] = traj_mat_row(x, row)[k] - b->skip[k * LANES + l];
        }
    }
}

static const traj_real *skip_row(traj_mat skip, int row)
{
    static const traj_real none[2] = {0, 0};
    return skip.data ? traj_mat_row(skip, row) : none;
}

static void add_skip(traj_real *x, const traj_real *skip)
{
    for (int k = 0; k < 2; k++) x[k] += skip[k];
}

static void assert_shapes(const traj_output *output, traj_mat raw, traj_mat x)
{
    TRAJ_ASSERT(raw.cols == traj_output_width(output) && x.cols == 2 && x.rows == raw.rows);
    TRAJ_ASSERT(raw.cols >= 1 && raw.cols <= MOST_WIDTH);
}

void traj_output_forward(const traj_output *output, traj_real *nll, traj_mat raw, traj_mat x,
                         traj_mat skip, const traj_real *weight)
{
    assert_shapes(output, raw, x);
    for (int first = 0; first < raw.rows; first += LANES) {
        block b;
        traj_real result[LANES];
        block_fill(&b, first, raw, x, skip, weight);
        output_type(output)->nll(output, result, b.raw, b.x, b.skip);
        for (int l = 0; l < block_rows(first, raw.rows); l++)
            nll[first + l] = weight[first + l] == 0 ? 0 : weight[first + l] * result[l];
    }
}

void traj_output_backward(const traj_output *output, traj_mat d_raw, traj_mat raw, traj_mat x,
                          traj_mat skip, const traj_real *scale)
{
    assert_shapes(output, raw, x);
    TRAJ_ASSERT(d_raw.cols == raw.cols && d_raw.rows == raw.rows);
    for (int first = 0; first < raw.rows; first += LANES) {
        block b;
        const int rows = block_rows(first, raw.rows);
        traj_real d[MOST_WIDTH * LANES], scales[LANES] = {0};
        memcpy(scales, scale + first, (size_t)rows * sizeof *scales);
        block_fill(&b, first, raw, x, skip, scale);
        output_type(output)->backward(output, d, b.raw, b.x, b.skip, scales);
        for (int l = 0; l < rows; l++)
            for (int k = 0; k < raw.cols; k++) traj_mat_row(d_raw, first + l)[k] = d[k * LANES + l];
    }
}

void traj_output_sample(const traj_output *output, traj_mat x, traj_mat raw, traj_mat skip,
                        traj_mat normal, const traj_real *uniform)
{
    TRAJ_ASSERT(raw.cols == traj_output_width(output) && normal.cols == 2);
    const traj_output_type *const type = output_type(output);
    for (int r = 0; r < raw.rows; r++) {
        type->sample(output, traj_mat_row(x, r), traj_mat_row(raw, r), skip_row(skip, r),
                     traj_mat_row(normal, r), uniform ? uniform[r] : 0);
        add_skip(traj_mat_row(x, r), skip_row(skip, r));
    }
}

void traj_output_mean(const traj_output *output, traj_mat x, traj_mat raw, traj_mat skip)
{
    const traj_output_type *const type = output_type(output);
    for (int r = 0; r < raw.rows; r++) {
        type->mean(output, traj_mat_row(x, r), traj_mat_row(raw, r), skip_row(skip, r));
        add_skip(traj_mat_row(x, r), skip_row(skip, r));
    }
}
