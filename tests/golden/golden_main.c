/* Runs every dump of PyTorch and NumPy in this folder. */
#include "golden/golden_groups.h"
#include "traj/num/gemm.h"
#include <stdio.h>

/* One name per row of CASES in tools/golden_dump.py. */
static const char *const dumps[] = {"rnn_bivariate", "vrnn_diagonal", "vrnn_mixture",
                                    "gvrnn_bivariate", "gvrnn_attention"};
/* Likewise in tools/golden_diffusion.py. */
static const char *const diffusion_dumps[] = {"ddpm_learned", "vdm_monotone"};

int main(void)
{
    traj_error err;
    if (traj_blas_start(&err) != TRAJ_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    int failed = 0;
    for (size_t i = 0; i < sizeof dumps / sizeof *dumps; i++)
        failed += golden_model_tests(dumps[i]);
    for (size_t i = 0; i < sizeof diffusion_dumps / sizeof *diffusion_dumps; i++)
        failed += golden_diffusion_tests(diffusion_dumps[i]);
    failed += golden_metrics_tests();
    return failed != 0;
}
