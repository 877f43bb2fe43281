/* Any bytes as a Metrica pair: the home file, a form feed, the away file. Without a form feed it is
 * one file, which is refused. See reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    traj_bytes files[2] = {{"home.csv", (const char *)data, size}, {"away.csv", NULL, 0}};
    const char *const feed = size > 0 ? memchr(data, '\f', size) : NULL;
    if (feed) {
        files[0].size = (size_t)(feed - files[0].bytes);
        files[1].bytes = feed + 1;
        files[1].size = size - files[0].size - 1;
    }
    (void)traj_metrica_sniff(files[0].bytes, files[0].size);
    reader_check("metrica", files, feed ? 2 : 1);
    return 0;
}
