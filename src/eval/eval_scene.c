/* See traj/eval/scene.h. */
#include "traj/base/assert.h"
#include "traj/eval/scene.h"

bool traj_group_has(traj_group group, unsigned char kind)
{
    return group == TRAJ_GROUP_ALL || (group == TRAJ_GROUP_BALL) == (kind == TRAJ_BALL);
}

const char *traj_group_name(traj_group group)
{
    static const char *const name[TRAJ_GROUPS] = {"all", "players", "ball"};
    TRAJ_ASSERT(group < TRAJ_GROUPS);
    return name[group];
}
