/* Any bytes as a Tracab match: its data, then, behind a form feed, its metadata. See
 * reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    traj_bytes file = {"fuzz.dat", (const char *)data, size}, meta = {"meta.xml", NULL, 0};
    const char *const feed = size > 0 ? memchr(data, '\f', size) : NULL;
    if (feed) {
        file.size = (size_t)(feed - file.bytes);
        meta.bytes = feed + 1;
        meta.size = size - file.size - 1;
    }
    (void)traj_tracab_sniff(file.bytes, file.size);
    reader_check_match("tracab",
                       &(reader_match){.data = &file, .count = 1, .meta = feed ? &meta : NULL});
    return 0;
}
