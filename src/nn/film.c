/* A residual perceptron under a condition: see traj/nn/film.h.
 *
 *   (1) p = v W_1' + b_1
 *   (2) [a, d] = s W_s' + b_s
 *   (3) q = max(0, (1 + a) * p + d)
 *   (4) u = v + q W_2' + b_2
 */
#include "traj/nn/film.h"
#include "traj/base/assert.h"
#include "traj/base/simd.h"
#include <string.h>

traj_film traj_film_declare(traj_layout *layout, const char *prefix, int width, int condition)
{
    traj_film film = {.width = width, .condition = condition};
    film.in_weight =
        traj_layout_matrix(layout, prefix, ".in.weight", width, width, TRAJ_INIT_FAN_IN);
    film.in_bias = traj_layout_vector(layout, prefix, ".in.bias", width, width, TRAJ_INIT_FAN_IN);
    film.condition_weight = traj_layout_matrix(layout, prefix, ".condition.weight", 2 * width,
                                               condition, TRAJ_INIT_FAN_IN);
    film.condition_bias = traj_layout_vector(layout, prefix, ".condition.bias", 2 * width,
                                             condition, TRAJ_INIT_FAN_IN);
    film.out_weight =
        traj_layout_matrix(layout, prefix, ".out.weight", width, width, TRAJ_INIT_SMALL);
    film.out_bias = traj_layout_vector(layout, prefix, ".out.bias", width, width, TRAJ_INIT_ZERO);
    return film;
}

static traj_mat take(traj_arena *arena, int rows, int cols)
{
    return traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)cols), rows, cols);
}

traj_film_trace traj_film_trace_take(const traj_film *film, int rows, traj_arena *arena)
{
    traj_film_trace trace = {.p = take(arena, rows, film->width)};
    trace.scale_shift = take(arena, rows, 2 * film->width);
    trace.q = take(arena, rows, film->width);
    return trace;
}

static void copy_rows(traj_mat to, traj_mat from)
{
    for (int r = 0; r < to.rows; r++)
        memcpy(traj_mat_row(to, r), traj_mat_row(from, r), (size_t)to.cols * sizeof(traj_real));
}

TRAJ_SIMD static void modulate_forward(int n, traj_real *restrict q, const traj_real *restrict p,
                                       const traj_real *restrict scale,
                                       const traj_real *restrict shift)
{
    for (int k = 0; k < n; k++) {
        const traj_real x = (1 + scale[k]) * p[k] + shift[k];
        q[k] = x > 0 ? x : 0;
    }
}

/* Every argument but dq and q is replaced by its gradient. */
TRAJ_SIMD static void modulate_backward(int n, const traj_real *restrict dq,
                                        const traj_real *restrict q, traj_real *restrict p,
                                        traj_real *restrict scale, traj_real *restrict shift)
{
    for (int k = 0; k < n; k++) {
        const traj_real dx = q[k] > 0 ? dq[k] : 0;
        const traj_real dp = dx * (1 + scale[k]);
        scale[k] = dx * p[k];
        shift[k] = dx;
        p[k] = dp;
    }
}

static void assert_shapes(const traj_film *film, traj_film_trace trace, traj_mat u, traj_mat v,
                          traj_mat s)
{
    const int width = film->width;
    TRAJ_ASSERT(trace.p.rows == v.rows && trace.q.rows == v.rows);
    TRAJ_ASSERT(u.rows == v.rows && s.rows == v.rows && trace.scale_shift.rows == v.rows);
    TRAJ_ASSERT(u.cols == width && v.cols == width && s.cols == film->condition);
    TRAJ_ASSERT(u.data != v.data);
}

void traj_film_forward(const traj_film *film, traj_params params, traj_film_trace trace, traj_mat u,
                       traj_mat v, traj_mat s)
{
    assert_shapes(film, trace, u, v, s);
    const int width = film->width;
    /* (1), (2) */
    traj_linear_forward(trace.p, v, traj_param_mat(params, film->in_weight),
                        traj_param_vec(params, film->in_bias), TRAJ_SET);
    traj_linear_forward(trace.scale_shift, s, traj_param_mat(params, film->condition_weight),
                        traj_param_vec(params, film->condition_bias), TRAJ_SET);
    /* (3) */
    for (int r = 0; r < v.rows; r++) {
        const traj_real *const scale = traj_mat_row(trace.scale_shift, r);
        modulate_forward(width, traj_mat_row(trace.q, r), traj_mat_row(trace.p, r), scale,
                         scale + width);
    }
    /* (4) */
    copy_rows(u, v);
    traj_linear_forward(u, trace.q, traj_param_mat(params, film->out_weight),
                        traj_param_vec(params, film->out_bias), TRAJ_ADD);
}

void traj_film_backward(const traj_film *film, traj_params params, traj_params grads,
                        traj_film_trace trace, traj_mat du, traj_mat v, traj_mat s, traj_mat dv,
                        traj_mat ds)
{
    assert_shapes(film, trace, du, v, s);
    TRAJ_ASSERT(dv.rows == v.rows && dv.cols == v.cols && dv.data != du.data);
    TRAJ_ASSERT(ds.rows == s.rows && ds.cols == s.cols);
    const int width = film->width;
    /* (4) u = v + q W_2' + b_2; dq stands in dv for a while */
    traj_linear_gradient(traj_param_mat(grads, film->out_weight),
                         traj_param_vec(grads, film->out_bias), du, trace.q);
    traj_linear_backward(dv, du, traj_param_mat(params, film->out_weight), TRAJ_SET);
    /* (3) q = max(0, (1 + a) * p + d) */
    for (int r = 0; r < v.rows; r++) {
        traj_real *const scale = traj_mat_row(trace.scale_shift, r);
        modulate_backward(width, traj_mat_row(dv, r), traj_mat_row(trace.q, r),
                          traj_mat_row(trace.p, r), scale, scale + width);
    }
    /* (2) [a, d] = s W_s' + b_s */
    traj_linear_gradient(traj_param_mat(grads, film->condition_weight),
                         traj_param_vec(grads, film->condition_bias), trace.scale_shift, s);
    traj_linear_backward(ds, trace.scale_shift, traj_param_mat(params, film->condition_weight),
                         TRAJ_ADD);
    /* (1) p = v W_1' + b_1, and the residual path of (4) */
    traj_linear_gradient(traj_param_mat(grads, film->in_weight),
                         traj_param_vec(grads, film->in_bias), trace.p, v);
    copy_rows(dv, du);
    traj_linear_backward(dv, trace.p, traj_param_mat(params, film->in_weight), TRAJ_ADD);
}
