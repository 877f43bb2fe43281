/* Any bytes as an EPTS match: its lines, then, behind a form feed, its metadata. See
 * reader_check.h.
 */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader_check_pair("epts", traj_epts_sniff, data, size);
    return 0;
}
