#include "unit/num_groups.h"

int main(void)
{
    int failed = test_gemm() + test_vmath();
    return failed != 0;
}
