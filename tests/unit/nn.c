#include "traj/num/gemm.h"
#include "unit/nn_groups.h"
#include <stdio.h>

int main(void)
{
    traj_error err;
    if (traj_blas_start(&err) != TRAJ_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    const int failed = test_param() + test_linear() + test_film() + test_gru() + test_message() +
                       test_latent() + test_output();
    return failed != 0;
}
