/* Any bytes as RespoVision's lines: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"20240714-A-B-fuzz.jsonl", (const char *)data, size};
    (void)traj_respovision_sniff(file.bytes, file.size);
    reader_check("respovision", &file, 1);
    return 0;
}
