/* Runs every property: statements that hold for all inputs, tested on random ones. */
#include "prop/prop_groups.h"
#include "traj/num/gemm.h"
#include <stdio.h>

int main(void)
{
    traj_error err;
    if (traj_blas_start(&err) != TRAJ_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return (prop_model_tests() + prop_graph_tests() + prop_bound_tests() + prop_threads_tests() +
            prop_entropy_tests()) != 0;
}
