/* Any bytes as a period of Signality, beside a good one, and as metadata: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

static const char period[] =
    "[{\"phase\":2,\"idx\":0,\"match_time\":12,\"ball\":{\"position\":[0,1,0]},\"home_team\":"
    "[{\"jersey_number\":1,\"role\":1,\"position\":[-40,0]}],\"away_team\":[{\"jersey_number\":-1,"
    "\"role\":2,\"position\":[40,9],\"track_id\":\"3\"}]},{\"phase\":2,\"idx\":1,\"match_time\":52,"
    "\"ball\":{\"position\":null,\"team\":\"home_team\"},\"home_team\":[{\"jersey_number\":1,"
    "\"role\":1,\"position\":[-40,1]}],\"away_team\":[]}]";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz_p1.json", (const char *)data, size};
    const traj_bytes good = {"fuzz_p2.json", period, strlen(period)};
    const traj_bytes both[] = {file, good};
    (void)traj_signality_sniff(file.bytes, file.size);
    reader_check("signality", both, 1);
    reader_check("signality", both, 2);
    reader_check_match("signality", &(reader_match){.data = &good, .count = 1, .meta = &file});
    return 0;
}
