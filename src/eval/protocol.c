/* See traj/eval/protocol.h. */
#include "traj/eval/protocol.h"
#include <stddef.h>
#include <string.h>

/* All of them count by the same two rules today; a protocol with other rules gets other sentences
 * here, and a field that evaluation.c obeys. Windows lie end to end, but for pedestrians, of whom
 * papers judge every window there is. */
static const char in_every_frame[] =
    "an agent counts when recorded in every frame of burn-in and horizon and never put elsewhere "
    "(players faster than 15 m/s and half a metre a frame, the ball than 50 m/s and a metre); all "
    "agents recorded in the last observed frame are forecast";
static const char anybody[] =
    "windows of burn-in and horizon, a stride from one to the next, never across a gap, a period "
    "or a play; a scene counts when at least one of its agents does";

/* name, Hz, frames observed, forecast, and from one window to the next */
static const traj_protocol protocols[] = {
    {"traj", 10, 20, 50, 70, "our own: two seconds observed, five ahead", in_every_frame, anybody},
    {"bundes", 6.25, 10, 30, 40, "Bundesliga as in JointDiff (ICLR 2026)", in_every_frame, anybody},
    {"nba", 5, 10, 20, 30, "NBA SportVU as in LED (CVPR 2023)", in_every_frame, anybody},
    {"ethucy", 2.5, 8, 12, 1, "ETH/UCY pedestrians as in Social GAN (CVPR 2018)", in_every_frame,
     anybody},
    {"cobso", 10, 20, 40, 60, "J-League shots as in C-OBSO (Teranishi et al. 2022)", in_every_frame,
     anybody},
};
enum { PROTOCOLS = sizeof protocols / sizeof protocols[0] };

int traj_protocol_count(void)
{
    return PROTOCOLS;
}

const traj_protocol *traj_protocol_at(int index)
{
    return &protocols[index];
}

const traj_protocol *traj_protocol_find(const char *name)
{
    for (int i = 0; i < PROTOCOLS; i++)
        if (!strcmp(protocols[i].name, name)) return &protocols[i];
    return NULL;
}

const char *const *traj_protocol_names(void)
{
    static const char *const names[] = {"traj", "bundes", "nba", "ethucy", "cobso", NULL};
    return names;
}
