/* Parameter tables over flat memory: see traj/nn/param.h. */
#include "traj/nn/param.h"
#include "traj/base/assert.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static int layout_add(traj_layout *layout, const char *prefix, const char *name, traj_param param)
{
    TRAJ_ASSERT(layout->count < TRAJ_MAX_PARAMS);
    TRAJ_ASSERT(param.rows > 0 && param.cols > 0 && param.fan > 0);
    const int length = snprintf(param.name, sizeof param.name, "%s%s", prefix, name);
    TRAJ_ASSERT(length > 0 && (size_t)length < sizeof param.name);
    TRAJ_ASSERT(traj_layout_find(layout, param.name) < 0);
    param.offset = layout->size;
    layout->size += (size_t)param.rows * (size_t)param.cols;
    layout->param[layout->count] = param;
    return layout->count++;
}

int traj_layout_matrix(traj_layout *layout, const char *prefix, const char *name, int rows,
                       int cols, traj_init init)
{
    return layout_add(layout, prefix, name,
                      (traj_param){.rows = rows, .cols = cols, .init = init, .fan = cols});
}

int traj_layout_vector(traj_layout *layout, const char *prefix, const char *name, int rows, int fan,
                       traj_init init)
{
    return layout_add(
        layout, prefix, name,
        (traj_param){.rows = rows, .cols = 1, .vector = true, .init = init, .fan = fan});
}

traj_real *traj_param_vec(traj_params params, int index)
{
    TRAJ_ASSERT(index >= 0 && index < params.layout->count);
    /* no data: somebody asks a dry arena for sizes */
    return params.data ? params.data + params.layout->param[index].offset : NULL;
}

traj_mat traj_param_mat(traj_params params, int index)
{
    traj_real *const data = traj_param_vec(params, index);
    const traj_param *param = &params.layout->param[index];
    return traj_mat_view(data, param->rows, param->cols);
}

traj_mat traj_param_stack(traj_params params, int index, int rows)
{
    const traj_param *first = &params.layout->param[index];
    int stacked = 0;
    for (int i = index; stacked < rows; i++) {
        TRAJ_ASSERT(i < params.layout->count && params.layout->param[i].cols == first->cols);
        stacked += params.layout->param[i].rows;
    }
    TRAJ_ASSERT(stacked == rows);
    return traj_mat_view(traj_param_vec(params, index), rows, first->cols);
}

static void param_init(traj_real *data, const traj_param *param, uint64_t seed, int index)
{
    const size_t count = (size_t)param->rows * (size_t)param->cols;
    const traj_noise noise = {seed, TRAJ_STREAM_INIT, (uint32_t)index};
    const double bound = 1 / sqrt(param->fan) * (param->init == TRAJ_INIT_SMALL ? 0.1 : 1);
    if (param->init == TRAJ_INIT_ZERO) {
        memset(data, 0, count * sizeof *data);
        return;
    }
    enum { CHUNK = 1024 }; /* the most one call of traj_noise_uniform gives */
    for (size_t i = 0; i < count; i += CHUNK) {
        const size_t n = count - i < CHUNK ? count - i : CHUNK;
        traj_noise_uniform(&noise, (uint32_t)(i / CHUNK), 0, 0, data + i, n);
        for (size_t k = i; k < i + n; k++) data[k] = TRAJ_R(bound * (2 * (double)data[k] - 1));
    }
}

void traj_params_init(traj_params params, uint64_t seed)
{
    for (int i = 0; i < params.layout->count; i++)
        param_init(params.data + params.layout->param[i].offset, &params.layout->param[i], seed, i);
}

int traj_layout_find(const traj_layout *layout, const char *name)
{
    for (int i = 0; i < layout->count; i++)
        if (!strcmp(layout->param[i].name, name)) return i;
    return -1;
}
