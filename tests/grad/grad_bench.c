/* See grad_bench.h. */
#include "grad/grad_bench.h"
#include "traj/base/assert.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN = 3, ARENA_BYTES = 4 << 20 };

static traj_mat whole_of(traj_mat m)
{
    return (traj_mat){m.data - MARGIN, m.rows, m.stride, m.stride};
}

traj_mat grad_mat(grad_bench *bench, int rows, int cols)
{
    const int stride = cols + 2 * MARGIN;
    TRAJ_ASSERT(bench->matrices < GRAD_MATRICES);
    const traj_mat whole = traj_mat_view(
        traj_arena_reals(&bench->memory, (size_t)rows * (size_t)stride), rows, stride);
    return bench->guarded[bench->matrices++] = traj_mat_cols(whole, MARGIN, cols);
}

traj_mat grad_data(grad_bench *bench, int rows, int cols)
{
    const traj_mat m = grad_mat(bench, rows, cols);
    for (int r = 0; r < rows; r++) grad_fill(traj_mat_row(m, r), (size_t)cols, 1, ++bench->seed);
    return m;
}

void *grad_state(grad_bench *bench, size_t size)
{
    return memset(traj_arena_take(&bench->memory, 1, size), 0, size);
}

static void set_all(traj_mat m, traj_real number)
{
    for (int r = 0; r < m.rows; r++)
        for (int c = 0; c < m.cols; c++) traj_mat_row(m, r)[c] = number;
}

static void declare(grad_bench *bench, grad_variable variable)
{
    TRAJ_ASSERT(bench->variables < GRAD_VARIABLES);
    bench->variable[bench->variables++] = variable;
}

traj_mat grad_input(grad_bench *bench, const char *name, int rows, int cols, traj_write write,
                    traj_mat *gradient)
{
    const traj_real before = write == TRAJ_ADD ? 1 : 0;
    const traj_mat value = grad_data(bench, rows, cols);
    *gradient = grad_mat(bench, rows, cols);
    if (write == TRAJ_ADD) set_all(*gradient, before);
    declare(bench, (grad_variable){name, value, *gradient, before});
    return value;
}

traj_mat grad_input_in_place(grad_bench *bench, const char *name, int rows, int cols,
                             traj_mat gradient)
{
    const traj_mat value = grad_data(bench, rows, cols);
    declare(bench, (grad_variable){name, value, gradient, 0});
    return value;
}

traj_params grad_params(grad_bench *bench, const traj_layout *layout, traj_params *grads)
{
    const traj_params params = {layout, traj_arena_reals(&bench->memory, layout->size)};
    *grads = (traj_params){layout, traj_arena_reals(&bench->memory, layout->size)};
    grad_fill(params.data, layout->size, 0.7, ++bench->seed);
    for (size_t i = 0; i < layout->size; i++) grads->data[i] = 1;
    for (int p = 0; p < layout->count; p++)
        declare(bench, (grad_variable){layout->param[p].name, traj_param_mat(params, p),
                                       traj_param_mat(*grads, p), 1});
    return params;
}

void grad_copy(traj_mat out, traj_mat in)
{
    TRAJ_ASSERT(out.rows == in.rows && out.cols == in.cols);
    for (int r = 0; r < in.rows; r++)
        memcpy(traj_mat_row(out, r), traj_mat_row(in, r), (size_t)in.cols * sizeof(traj_real));
}

double grad_dot(traj_mat a, traj_mat b)
{
    double sum = 0;
    TRAJ_ASSERT(a.rows == b.rows && a.cols == b.cols);
    for (int r = 0; r < a.rows; r++)
        for (int c = 0; c < a.cols; c++)
            sum += (double)traj_mat_row(a, r)[c] * (double)traj_mat_row(b, r)[c];
    return sum;
}

static bool guards_stand(const grad_bench *bench)
{
    for (int i = 0; i < bench->matrices; i++) {
        const traj_mat inner = bench->guarded[i], whole = whole_of(inner);
        for (int r = 0; r < whole.rows; r++)
            for (int c = 0; c < whole.cols; c++)
                if ((c < MARGIN || c >= MARGIN + inner.cols) && !isnan(traj_mat_row(whole, r)[c]))
                    return false;
    }
    return true;
}

/* The gradients without what stood there before, in memory that later forward passes leave alone.
 */
static void keep_gradients(grad_bench *bench)
{
    for (int v = 0; v < bench->variables; v++) {
        grad_variable *const variable = &bench->variable[v];
        const traj_mat from = variable->gradient;
        const traj_mat kept =
            traj_mat_view(traj_arena_reals(&bench->memory, (size_t)from.rows * (size_t)from.cols),
                          from.rows, from.cols);
        for (int r = 0; r < from.rows; r++)
            for (int c = 0; c < from.cols; c++)
                traj_mat_row(kept, r)[c] = traj_mat_row(from, r)[c] - variable->before;
        variable->gradient = kept;
    }
}

typedef struct pass {
    const grad_layer *layer;
    void *state;
} pass;

static double value_of(void *context)
{
    const pass *const p = context;
    return p->layer->value(p->state);
}

static double compare(const grad_bench *bench, pass *p, char worst[GRAD_NAME])
{
    double error = -1;
    for (int v = 0; v < bench->variables; v++) {
        const grad_variable *const variable = &bench->variable[v];
        for (int r = 0; r < variable->value.rows; r++) {
            const grad_worst row = grad_error(value_of, p, traj_mat_row(variable->value, r),
                                              (size_t)variable->value.cols,
                                              traj_mat_row(variable->gradient, r));
            if (row.error <= error) continue;
            error = row.error;
            snprintf(worst, GRAD_NAME, "%s[%d,%zu] is %.12g, central difference %.12g",
                     variable->name, r, row.at, row.analytic, row.numeric);
        }
    }
    return error;
}

static double bench_error(grad_bench *bench, const grad_row *row, char worst[GRAD_NAME])
{
    pass p = {row->layer, row->layer->make(bench, &row->shape)};
    TRAJ_ASSERT(bench->variables > 0);
    p.layer->value(p.state);
    p.layer->gradient(p.state);
    if (!guards_stand(bench)) {
        snprintf(worst, GRAD_NAME, "memory outside a view was written");
        return (double)INFINITY;
    }
    keep_gradients(bench);
    return compare(bench, &p, worst);
}

double grad_row_error(const grad_row *row, char worst[GRAD_NAME])
{
    grad_bench bench = {0};
    traj_error err;
    double error = (double)INFINITY;
    snprintf(worst, GRAD_NAME, "no memory");
    if (traj_arena_init(&bench.memory, ARENA_BYTES, &err) == TRAJ_OK &&
        traj_arena_init(&bench.scratch, ARENA_BYTES, &err) == TRAJ_OK) {
        bench.memory.poison_nan = bench.scratch.poison_nan = true;
        error = bench_error(&bench, row, worst);
    }
    traj_arena_free(&bench.scratch);
    traj_arena_free(&bench.memory);
    return error;
}

bool grad_row_proves(const grad_row *row, const char *function)
{
    const size_t length = strlen(function);
    for (const char *at = row->proves; (at = strstr(at, function)) != NULL; at += length) {
        const bool begins = at == row->proves || at[-1] == ' ';
        if (begins && (at[length] == ' ' || at[length] == '\0')) return true;
    }
    return false;
}
