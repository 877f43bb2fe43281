/* Protocols: how fast, how long a past, how far ahead, and who counts. One row each in one table,
 * so that figures can stand beside published ones. */
#ifndef TRAJ_EVAL_PROTOCOL_H
#define TRAJ_EVAL_PROTOCOL_H

typedef struct traj_protocol {
    const char *name;
    double rate_hz;
    int burn_in, horizon; /* frames observed, frames to forecast */
    int stride;           /* frames from one window to the next */
    const char *source;   /* whose it is */
    const char *eligible; /* sentence: which agents count */
    const char *scenes;   /* sentence: which scenes count */
} traj_protocol;

int traj_protocol_count(void);
const traj_protocol *traj_protocol_at(int index);

/* NULL: no protocol of that name. */
const traj_protocol *traj_protocol_find(const char *name);

/* Their names, NULL-terminated. */
const char *const *traj_protocol_names(void);

#endif
