/* Any bytes as an output of the NFL's contest behind a good input, and as an input before a good
 * output: see reader_check.h. */
#include "reader_check.h"
#include <stdint.h>
#include <string.h>

static const char input[] =
    "game_id,play_id,nfl_id,frame_id,play_direction,player_side,x,y,num_frames_output\n"
    "7,1,77,1,right,Offense,60,20,2\n7,1,88,1,right,Defense,70,21,2\n"
    "7,1,77,2,right,Offense,61,20,2\n7,1,88,2,right,Defense,71,21,2\n";
static const char output[] =
    "game_id,play_id,nfl_id,frame_id,x,y\n7,1,77,1,62,20\n7,1,77,2,63,20\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const traj_bytes file = {"fuzz.csv", (const char *)data, size};
    const traj_bytes before[] = {{"input.csv", input, strlen(input)}, file};
    const traj_bytes behind[] = {file, {"output.csv", output, strlen(output)}};
    (void)traj_nfl_sniff(file.bytes, file.size);
    reader_check("nfl2026", before, 2);
    reader_check("nfl2026", behind, 2);
    return 0;
}
