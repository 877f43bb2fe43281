/* Any bytes as PFF's lines and as metadata and as a roster beside good lines: see reader_check.h.
 */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

static const char lines[] =
    "{\"frameNum\":1,\"period\":1,\"periodElapsedTime\":0,\"ballsSmoothed\":{\"x\":0,\"y\":0},"
    "\"homePlayersSmoothed\":[{\"jerseyNum\":\"1\",\"x\":-40,\"y\":0}],\"awayPlayersSmoothed\":"
    "[{\"jerseyNum\":\"1\",\"x\":40,\"y\":9}]}\n"
    "{\"frameNum\":2,\"period\":1,\"periodElapsedTime\":0.03,\"ballsSmoothed\":null,"
    "\"homePlayersSmoothed\":[{\"jerseyNum\":\"1\",\"x\":-41,\"y\":0}],\"awayPlayersSmoothed\":"
    "[{\"jerseyNum\":\"1\",\"x\":41,\"y\":9}]}\n";
static const char meta[] = "{\"homeTeam\":{\"id\":1},\"awayTeam\":{\"id\":2}}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.jsonl", (const char *)data, size};
    const traj_bytes good = {"good.jsonl", lines, strlen(lines)};
    (void)traj_pff_sniff(file.bytes, file.size);
    reader_check("pff", &file, 1);
    reader_check_match("pff", &(reader_match){.data = &good, .count = 1, .meta = &file});
    const traj_bytes good_meta = {"meta.json", meta, strlen(meta)};
    reader_check_match(
        "pff", &(reader_match){.data = &good, .count = 1, .meta = &good_meta, .roster = &file});
    return 0;
}
