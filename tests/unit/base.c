#include "unit/base_groups.h"

int main(void)
{
    int failed = test_status() + test_memory() + test_arena() + test_messages() + test_pool() +
                 test_relay() + test_noise() + test_vkernel();
    return failed != 0;
}
