/* Work that comes in order, is done side by side, and goes on in order: pieces of a file are taken
 * one after the other, made into something by several threads, and used one after the other. So the
 * result is that of taking, making and using in turn, whatever the threads do. */
#ifndef TRAJ_BASE_RELAY_H
#define TRAJ_BASE_RELAY_H

#include <stdbool.h>

enum { TRAJ_RELAY_SLOTS = 16 };

typedef struct traj_relay {
    void *context;                         /* view */
    bool (*take)(void *context, int slot); /* fills a slot; false: it is the last */
    void (*make)(void *context, int slot); /* of the slot alone */
    bool (*use)(void *context, int slot);  /* empties it; false: no more is wanted */
    int slots;   /* 1 to TRAJ_RELAY_SLOTS: so many are taken and not used */
    int threads; /* >= 1, the caller's among them */
} traj_relay;

/* Calls take, make and use for slots 0, 1, ... slots - 1, 0, ... until take or use says it is over;
 * all are idle when it returns. take and use are called in order, each by one thread at a time, but
 * not always the same one; make by any; for different slots all of them at the same time, so that
 * they must share nothing that one of them changes. The caller does its share: with one thread, or
 * where no other can be started, it does everything. */
void traj_relay_run(const traj_relay *relay);

#endif
