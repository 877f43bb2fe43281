/* Any bytes as a long CSV, one row a player: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.csv", (const char *)data, size};
    (void)traj_long_sniff(file.bytes, file.size);
    reader_check("long", &file, 1);
    return 0;
}
