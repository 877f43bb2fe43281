/* Properties: statements that hold for all inputs, tested on random ones. `prop` runs those that
 * take a moment, `prop entropy` those that train first: the sanitizers do without them. */
#include "prop/prop_groups.h"
#include "traj/num/gemm.h"
#include <stdio.h>
#include <string.h>

int main(int count, char **argument)
{
    traj_error err;
    if (traj_blas_start(&err) != TRAJ_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    if (count > 1 && !strcmp(argument[1], "entropy")) return prop_entropy_tests() != 0;
    if (count > 1 && !strcmp(argument[1], "answers")) return prop_answers_tests() != 0;
    return (prop_model_tests() + prop_graph_tests() + prop_denoiser_tests() + prop_bound_tests() +
            prop_threads_tests() + prop_alloc_tests()) != 0;
}
