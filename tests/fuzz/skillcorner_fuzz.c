/* Any bytes as SkillCorner's frames, with metadata and without, and as metadata beside good frames
 * of both versions: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

static const char lines[] =
    "{\"frame\":1,\"timestamp\":\"00:00:01.00\",\"period\":1,\"ball_data\":{\"x\":0,\"y\":1},"
    "\"player_data\":[{\"x\":-40,\"y\":0,\"player_id\":1},{\"x\":40,\"y\":9,\"player_id\":2}]}\n"
    "{\"frame\":2,\"timestamp\":\"00:00:01.10\",\"period\":1,\"ball_data\":{\"x\":1,\"y\":1},"
    "\"player_data\":[{\"x\":-41,\"y\":0,\"player_id\":1},{\"x\":41,\"y\":9,\"player_id\":2}]}\n";

static const char frames[] = "[{\"frame\":1,\"period\":1,\"data\":[{\"x\":-40,\"y\":0,\"trackable_"
                             "object\":1},{\"x\":9,\"y\":3,"
                             "\"track_id\":7,\"group_name\":\"away "
                             "team\"},{\"x\":0,\"y\":1,\"z\":0}]},{\"frame\":2,\"period\":1,"
                             "\"data\":[{\"x\":-41,\"y\":0,\"trackable_object\":1}],\"possession\":"
                             "{\"group\":\"home team\"}}]";
static const char match[] =
    "{\"home_team\":{\"id\":1},\"away_team\":{\"id\":2},\"ball\":{\"trackable_object\":55},"
    "\"referees\":[{\"trackable_object\":9}],\"players\":[{\"id\":1,\"trackable_object\":1,"
    "\"team_id\":1,\"number\":1},{\"id\":2,\"trackable_object\":2,\"team_id\":2,\"number\":5}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.jsonl", (const char *)data, size};
    const traj_bytes good = {"good.jsonl", lines, strlen(lines)};
    (void)traj_skillcorner_sniff(file.bytes, file.size);
    const traj_bytes objects = {"good.json", frames, strlen(frames)};
    const traj_bytes meta = {"match.json", match, strlen(match)};
    reader_check("skillcorner", &file, 1);
    reader_check_match("skillcorner", &(reader_match){.data = &file, .count = 1, .meta = &meta});
    reader_check_match("skillcorner", &(reader_match){.data = &objects, .count = 1, .meta = &file});
    reader_check_match("skillcorner", &(reader_match){.data = &good, .count = 1, .meta = &file});
    return 0;
}
