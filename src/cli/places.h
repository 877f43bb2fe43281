/* Moments of the data that --at names, and agents that a list like --hold names. */
#ifndef TRAJ_CLI_PLACES_H
#define TRAJ_CLI_PLACES_H

#include "matches.h"
#include "traj/gen/rollout_config.h"

/* A moment: match, sequence and frame of the data as read. */
typedef struct traj_place {
    size_t match, sequence, frame;
} traj_place;

typedef struct traj_places {
    traj_place *item; /* owned [count] */
    size_t count, capacity;
} traj_places;

/* What config->at names; `all` cuts windows of burn-in and horizon frames at rate_hz,
 * config->stride frames apart. Errors: TRAJ_E_USAGE for what is no frame, TRAJ_E_DATA for a frame
 * that is not there, TRAJ_E_MEMORY. */
traj_status traj_places_find(const traj_matches *matches, const traj_rollout_config *config,
                             double rate_hz, traj_places *places, traj_error *err);
void traj_places_free(traj_places *places);

const traj_sequence *traj_place_sequence(const traj_matches *matches, traj_place place);

/* The frame id of --at FRAME or SEQUENCE:FRAME; false for anything else. */
bool traj_place_frame(const char *at, int64_t *id);

/* Sets mark [agents of the sequence] to 1 for each agent that the list means: ids, home, away or
 * ball, comma separated. */
void traj_agents_mark(const char *list, const traj_sequence *sequence, unsigned char *mark);

/* Every item of the list must be somebody at one of the places: a slip would mean nobody. Errors:
 * TRAJ_E_USAGE, which begins with the option's name. */
traj_status traj_agents_check(const char *option, const char *list, const traj_matches *matches,
                              const traj_places *places, traj_error *err);

#endif
