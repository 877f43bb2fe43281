/* Any bytes as an obsmat.txt: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.txt", (const char *)data, size};
    (void)traj_obsmat_sniff(file.bytes, file.size);
    reader_check("obsmat", &file, 1);
    return 0;
}
