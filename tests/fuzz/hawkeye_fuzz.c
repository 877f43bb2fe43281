/* Any bytes as a minute of Hawk-Eye, alone and beside a good one of the ball, and as metadata: see
 * reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

static const char ball[] =
    "{\"details\":{\"teams\":[{\"id\":{\"heId\":\"1\"},\"name\":\"A\",\"home\":true},{\"id\":"
    "{\"heId\":\"2\"},\"home\":false}]},\"samples\":{\"ball\":[{\"time\":0,\"pos\":[1,2,0],"
    "\"play\":\"In\",\"possession\":{\"teamId\":{\"heId\":\"1\"}}},{\"time\":0.02,\"pos\":[2,2]},"
    "{\"time\":0.04,\"pos\":[3,2]}]},\"sequences\":{\"match-minute\":1,\"segment\":1}}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz_1_2.football.samples.ball", (const char *)data, size};
    const traj_bytes good = {"fuzz_1_1.football.samples.ball", ball, strlen(ball)};
    const traj_bytes both[] = {good, file};
    (void)traj_hawkeye_sniff(file.bytes, file.size);
    reader_check("hawkeye", &file, 1);
    reader_check("hawkeye", both, 2);
    reader_check_match("hawkeye", &(reader_match){.data = &good, .count = 1, .meta = &file});
    return 0;
}
