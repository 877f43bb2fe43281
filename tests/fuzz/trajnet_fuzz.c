/* Any bytes as TrajNet++ lines: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.ndjson", (const char *)data, size};
    (void)traj_trajnet_sniff(file.bytes, file.size);
    reader_check("trajnet", &file, 1);
    return 0;
}
