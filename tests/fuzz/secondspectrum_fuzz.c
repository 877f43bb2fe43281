/* Any bytes as Second Spectrum's lines and as metadata beside good lines: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

static const char lines[] =
    "{\"period\":1,\"frameIdx\":0,\"gameClock\":0,\"ball\":{\"xyz\":[0,0,0]},\"homePlayers\":"
    "[{\"playerId\":\"a\",\"xyz\":[-40,0,0]}],\"awayPlayers\":[{\"playerId\":\"b\","
    "\"xyz\":[40,9,0]}]}\n"
    "{\"period\":1,\"frameIdx\":1,\"gameClock\":0.04,\"ball\":{\"xyz\":[1,0,0]},\"homePlayers\":"
    "[{\"playerId\":\"a\",\"xyz\":[-41,0,0]}],\"awayPlayers\":[{\"playerId\":\"b\","
    "\"xyz\":[41,9,0]}]}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.jsonl", (const char *)data, size};
    const traj_bytes good = {"good.jsonl", lines, strlen(lines)};
    (void)traj_secondspectrum_sniff(file.bytes, file.size);
    reader_check("secondspectrum", &file, 1);
    reader_check_match("secondspectrum", &(reader_match){.data = &good, .count = 1, .meta = &file});
    return 0;
}
