/* Matrix products, all through OpenBLAS, always on the calling thread.
 *
 * SET overwrites the result and never reads it (it may hold NaN), ADD accumulates. Results never
 * alias arguments. Shapes are asserted. Cost: 2 * rows * cols * inner flops. Threads: any, after
 * traj_blas_start. */
#ifndef TRAJ_NUM_GEMM_H
#define TRAJ_NUM_GEMM_H

#include "traj/base/status.h"
#include "traj/num/mat.h"

typedef enum traj_write { TRAJ_SET, TRAJ_ADD } traj_write;

/* Y [R,O] = or += X [R,I] * W' with W [O,I]: a linear layer's forward pass. */
void traj_gemm_nt(traj_mat y, traj_mat x, traj_mat w, traj_write write);

/* dX [R,I] = or += dY [R,O] * W [O,I]: its input gradient. */
void traj_gemm_nn(traj_mat dx, traj_mat dy, traj_mat w, traj_write write);

/* dW [O,I] = or += dY' [O,R] * X [R,I]: its weight gradient. */
void traj_gemm_tn(traj_mat dw, traj_mat dy, traj_mat x, traj_write write);

/* Makes OpenBLAS single-threaded and verifies that it is: traj's own threads call it side by side.
 * A build of OpenBLAS that cannot be called side by side is recognised; its products then wait for
 * each other, with a warning in the log. Call once, before the first product and before other
 * threads. Errors: TRAJ_E_FAILED with the remedy. */
traj_status traj_blas_start(traj_error *err);

/* Ends the threads that OpenBLAS starts when it is loaded, where its build has them: they would
 * busy the other processors for 2^28 cycles, a tenth of a second, with waiting for work. Nothing is
 * lost: whoever needs them starts them again. Threads: none may be in a product. */
void traj_blas_rest(void);

/* Name and version of the BLAS in use, for bench and --version. View of static text. */
const char *traj_blas_name(void);

#endif
