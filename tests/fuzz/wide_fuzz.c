/* Any bytes as a wide CSV, one row a frame: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.csv", (const char *)data, size};
    (void)traj_wide_sniff(file.bytes, file.size);
    reader_check("wide", &file, 1);
    return 0;
}
