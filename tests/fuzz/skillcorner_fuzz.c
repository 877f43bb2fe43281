/* Any bytes as SkillCorner's lines and as metadata beside good lines: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

static const char lines[] =
    "{\"frame\":1,\"timestamp\":\"00:00:01.00\",\"period\":1,\"ball_data\":{\"x\":0,\"y\":1},"
    "\"player_data\":[{\"x\":-40,\"y\":0,\"player_id\":1},{\"x\":40,\"y\":9,\"player_id\":2}]}\n"
    "{\"frame\":2,\"timestamp\":\"00:00:01.10\",\"period\":1,\"ball_data\":{\"x\":1,\"y\":1},"
    "\"player_data\":[{\"x\":-41,\"y\":0,\"player_id\":1},{\"x\":41,\"y\":9,\"player_id\":2}]}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.jsonl", (const char *)data, size};
    const traj_bytes good = {"good.jsonl", lines, strlen(lines)};
    (void)traj_skillcorner_sniff(file.bytes, file.size);
    reader_check("skillcorner", &file, 1);
    reader_check_match("skillcorner", &(reader_match){.data = &good, .count = 1, .meta = &file});
    return 0;
}
