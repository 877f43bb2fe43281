/* Two stages of one piece of work: what the first makes, a thread ahead, the second uses, in the
 * caller's thread and in order. So the result is that of making and using in turn, whatever the
 * threads do. */
#ifndef TRAJ_BASE_RELAY_H
#define TRAJ_BASE_RELAY_H

#include <stdbool.h>

typedef struct traj_relay {
    void *context;                         /* view */
    bool (*make)(void *context, int slot); /* fills a slot; false: it is the last */
    bool (*use)(void *context, int slot);  /* empties it; false: no more is wanted */
    int slots;                             /* >= 1: as many may be made and not yet used */
} traj_relay;

/* Calls make and use for slots 0, 1, ... slots - 1, 0, ... until one says it is over; both are idle
 * when it returns. A slot is never made and used at once; different slots are, so that they must
 * share nothing that either changes. Without a thread (there are none left) make and use take
 * turns. */
void traj_relay_run(const traj_relay *relay);

#endif
