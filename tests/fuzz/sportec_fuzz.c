/* Any bytes as a Sportec match: its positions, then, behind a form feed, its match information. See
 * reader_check.h. */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader_check_pair("sportec", traj_sportec_sniff, data, size);
    return 0;
}
