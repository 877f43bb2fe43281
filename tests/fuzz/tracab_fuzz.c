/* Any bytes as a Tracab match: its data, then, behind a form feed, its metadata. See
 * reader_check.h. */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader_check_pair("tracab", traj_tracab_sniff, data, size);
    return 0;
}
