/* Any bytes as lines of CDF, and as metadata beside good lines: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

#define FRAME(id, seconds, x)                                                                      \
    "{\"frame_id\":" id ",\"timestamp\":\"2023-10-01T12:00:" seconds                               \
    "Z\",\"period\":\"first_half\",\"match\":{\"id\":\"m\"},\"teams\":{\"home\":{\"id\":\"1\","    \
    "\"players\":[{\"id\":\"h\",\"x\":-" x ",\"y\":0}]},\"away\":{\"id\":\"2\",\"players\":[{"     \
    "\"id\":\"a\",\"x\":" x ",\"y\":9}]}},\"ball\":{\"x\":0,\"y\":0,\"z\":0}}\n"

static const char lines[] = FRAME("1", "00.00", "40") FRAME("2", "00.04", "40.1");

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.jsonl", (const char *)data, size};
    const traj_bytes good = {"good.jsonl", lines, strlen(lines)};
    (void)traj_cdf_sniff(file.bytes, file.size);
    reader_check("cdf", &file, 1);
    reader_check_match("cdf", &(reader_match){.data = &good, .count = 1, .meta = &file});
    return 0;
}
