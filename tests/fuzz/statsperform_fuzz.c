/* Any bytes as a Stats Perform match: its tracking feed, then, behind a form feed, its match feed.
 * See reader_check.h. */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader_check_pair("statsperform", traj_statsperform_sniff, data, size);
    return 0;
}
