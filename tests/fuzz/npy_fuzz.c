/* Any bytes as a NumPy array: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.npy", (const char *)data, size};
    (void)traj_array_sniff(file.bytes, file.size);
    reader_check("npy", &file, 1);
    return 0;
}
