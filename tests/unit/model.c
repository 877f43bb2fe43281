#include "unit/model_groups.h"

int main(void)
{
    const int failed = test_noise_schedule() + test_gamma() + test_snr();
    return failed != 0;
}
