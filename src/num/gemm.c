/* The only file that knows OpenBLAS. */
#ifdef __linux__
#define _GNU_SOURCE /* RTLD_DEFAULT */
#endif
#include "traj/num/gemm.h"
#include "traj/base/assert.h"
#include "traj/base/log.h"
#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#ifdef TRAJ_REAL_DOUBLE
#define BLAS_GEMM cblas_dgemm
#else
#define BLAS_GEMM cblas_sgemm
#endif

/* The set-up, written once by traj_blas_start: whether products must wait for each other. */
static bool one_at_a_time;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void check(traj_mat m)
{
    TRAJ_ASSERT(m.rows >= 0 && m.cols >= 0 && m.stride >= m.cols);
    TRAJ_ASSERT(m.data || m.rows == 0 || m.cols == 0);
}

static void set_zero(traj_mat m)
{
    for (int row = 0; row < m.rows; ++row) {
        memset(traj_mat_row(m, row), 0, (size_t)m.cols * sizeof *m.data);
    }
}

/* c [rows,cols] = or += op(a) op(b), op(a) [rows,inner] and op(b) [inner,cols]. */
static void multiply(traj_mat c, CBLAS_TRANSPOSE op_a, traj_mat a, CBLAS_TRANSPOSE op_b, traj_mat b,
                     traj_write write)
{
    check(a);
    check(b);
    check(c);
    const int inner = op_a == CblasNoTrans ? a.cols : a.rows;
    TRAJ_ASSERT(c.rows == (op_a == CblasNoTrans ? a.rows : a.cols));
    TRAJ_ASSERT(c.cols == (op_b == CblasNoTrans ? b.cols : b.rows));
    TRAJ_ASSERT(inner == (op_b == CblasNoTrans ? b.rows : b.cols));

    /* An empty sum is zero; BLAS refuses the strides that empty matrices may have. */
    if (c.rows == 0 || c.cols == 0) return;
    if (inner == 0) {
        if (write == TRAJ_SET) set_zero(c);
        return;
    }
    TRAJ_ASSERT(c.data != a.data && c.data != b.data);

    const traj_real beta = write == TRAJ_SET ? TRAJ_R(0) : TRAJ_R(1);
    if (one_at_a_time) (void)pthread_mutex_lock(&turn);
    BLAS_GEMM(CblasRowMajor, op_a, op_b, c.rows, c.cols, inner, TRAJ_R(1), a.data, a.stride, b.data,
              b.stride, beta, c.data, c.stride);
    if (one_at_a_time) (void)pthread_mutex_unlock(&turn);
}

void traj_gemm_nt(traj_mat y, traj_mat x, traj_mat w, traj_write write)
{
    multiply(y, CblasNoTrans, x, CblasTrans, w, write);
}

void traj_gemm_nn(traj_mat dx, traj_mat dy, traj_mat w, traj_write write)
{
    multiply(dx, CblasNoTrans, dy, CblasNoTrans, w, write);
}

void traj_gemm_tn(traj_mat dw, traj_mat dy, traj_mat x, traj_write write)
{
    multiply(dw, CblasTrans, dy, CblasNoTrans, x, write);
}

/* Stores the address of a function that only some builds have, NULL where it is missing. It is not
 * ours to link; POSIX promises that this works, ISO C has no cast for it. */
static void find_function(const char *name, void *function)
{
    void *const symbol = dlsym(RTLD_DEFAULT, name);
    memcpy(function, &symbol, sizeof symbol);
}

/* An OpenMP build of OpenBLAS asks OpenMP for its threads, and brought that runtime along. */
static void set_openmp_threads(int threads)
{
    void (*omp_set_num_threads)(int) = NULL;
    find_function("omp_set_num_threads", &omp_set_num_threads);
    if (omp_set_num_threads) omp_set_num_threads(threads);
}

void traj_blas_rest(void)
{
    int (*blas_thread_shutdown)(void) = NULL;
    find_function("blas_thread_shutdown_", &blas_thread_shutdown);
    if (blas_thread_shutdown) (void)blas_thread_shutdown();
}

traj_status traj_blas_start(traj_error *err)
{
    if (openblas_get_parallel() == OPENBLAS_OPENMP) set_openmp_threads(1);
    openblas_set_num_threads(1);
    const int threads = openblas_get_num_threads();
    if (threads != 1) {
        return traj_fail(err, TRAJ_E_FAILED,
                         "OpenBLAS (%s) insists on %d threads of its own, which would compete with "
                         "traj's: set OPENBLAS_NUM_THREADS=1 and OMP_NUM_THREADS=1",
                         traj_blas_name(), threads);
    }
    /* A single-threaded build shares its work buffers between callers, unless it was made with
     * USE_LOCKING=1, which it does not tell: products at the same time would be silently wrong. */
    one_at_a_time = openblas_get_parallel() == OPENBLAS_SEQUENTIAL;
    if (one_at_a_time) {
        traj_log_warn(
            "this OpenBLAS (%s) is a single-threaded build, so matrix products of several "
            "threads wait for each other; the pthread build is faster (Debian and "
            "Ubuntu: apt-get install libopenblas0-pthread)",
            traj_blas_name());
    }
    return TRAJ_OK;
}

const char *traj_blas_name(void)
{
    return openblas_get_config();
}
