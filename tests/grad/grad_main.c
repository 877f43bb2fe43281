/* Runs every gradient check; only in the double build, where differences are exact enough to mean
 * something. */
#include "grad/grad_groups.h"
#include "traj/base/real.h"
#include "traj/base/status.h"
#include "traj/num/gemm.h"
#include <stdio.h>

int main(void)
{
    if (sizeof(traj_real) != sizeof(double)) {
        puts("skipped: gradient checks need the double build (cmake --preset double)");
        return 77;
    }
    traj_error err;
    if (traj_blas_start(&err) != TRAJ_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return grad_checker_tests() + grad_layer_tests() + grad_model_tests() +
               grad_diffusion_tests() !=
           0;
}
