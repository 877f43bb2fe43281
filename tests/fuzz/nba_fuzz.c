/* Any bytes as a game of NBA SportVU: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.json", (const char *)data, size};
    (void)traj_nba_sniff(file.bytes, file.size);
    reader_check("nba", &file, 1);
    return 0;
}
