/* A model's matrix products alone: the roofline of traj bench. See bench.h. */
#include "bench.h"
#include "traj/base/memory.h"
#include "traj/num/gemm.h"
#include <string.h>

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);
    return length >= tail && !strcmp(text + length - tail, end);
}

/* Edge features are added pair by pair and never are a product; generation asks no encoder. The
 * past of a diffusion model is one frame or none here. */
static bool is_product(const traj_products *products, const traj_param *param)
{
    if (param->vector || ends_with(param->name, ".edge.feature.weight")) return false;
    if (!strncmp(param->name, "past.", strlen("past."))) return false;
    return products->training || strncmp(param->name, "encoder.", strlen("encoder.")) != 0;
}

static void list_products(traj_products *products, const traj_layout *layout)
{
    bool joined = false; /* the parameter before was a product */
    products->count = 0;
    for (int p = 0; p < layout->count; p++) {
        const traj_param *const param = &layout->param[p];
        const bool product = is_product(products, param);
        if (product && joined && products->product[products->count - 1].in == param->cols) {
            products->product[products->count - 1].out += param->rows;
        } else if (product) {
            products->product[products->count].in = param->cols;
            products->product[products->count++].out = param->rows;
        }
        joined = product;
    }
}

/* The widest input or output. */
static size_t widest(const traj_products *products)
{
    int width = 0;
    for (int k = 0; k < products->count; k++) {
        if (products->product[k].in > width) width = products->product[k].in;
        if (products->product[k].out > width) width = products->product[k].out;
    }
    return (size_t)width;
}

traj_status traj_products_init(traj_products *products, const traj_layout *layout, traj_error *err)
{
    list_products(products, layout);
    const size_t width = widest(products);
    const size_t trace = (size_t)products->steps * (size_t)products->rows * width;
    products->share = 2 * trace + 2 * width * width; /* x, y; w, dw */
    products->memory =
        traj_alloc((size_t)traj_pool_threads(products->pool) * products->share, sizeof(traj_real));
    return products->memory ? TRAJ_OK : traj_fail_memory(err, "the matrix products");
}

void traj_products_free(traj_products *products)
{
    traj_free(products->memory);
    products->memory = NULL;
}

static void run_job(void *context, int job, int worker)
{
    (void)job;
    const traj_products *const p = context;
    const size_t width = widest(p), step = (size_t)p->rows * width;
    const int all = p->steps * p->rows;
    traj_real *const x = p->memory + (size_t)worker * p->share, *const y = x + p->steps * step;
    traj_real *const w = y + p->steps * step, *const dw = w + width * width;
    for (int t = 0; t < p->steps; t++)
        for (int k = 0; k < p->count; k++)
            traj_gemm_nt(traj_mat_view(y + t * step, p->rows, p->product[k].out),
                         traj_mat_view(x + t * step, p->rows, p->product[k].in),
                         traj_mat_view(w, p->product[k].out, p->product[k].in), TRAJ_SET);
    if (!p->training) return;
    for (int t = p->steps - 1; t >= 0; t--)
        for (int k = 0; k < p->count; k++)
            traj_gemm_nn(traj_mat_view(x + t * step, p->rows, p->product[k].in),
                         traj_mat_view(y + t * step, p->rows, p->product[k].out),
                         traj_mat_view(w, p->product[k].out, p->product[k].in), TRAJ_SET);
    for (int k = 0; k < p->count; k++)
        traj_gemm_tn(traj_mat_view(dw, p->product[k].out, p->product[k].in),
                     traj_mat_view(y, all, p->product[k].out),
                     traj_mat_view(x, all, p->product[k].in), TRAJ_ADD);
}

traj_status traj_products_run(void *products, traj_error *err)
{
    (void)err;
    traj_products *const p = products;
    traj_pool_run(p->pool, run_job, p, p->jobs);
    return TRAJ_OK;
}
