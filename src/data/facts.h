/* What a match's metadata say, whichever provider wrote them. Readers fill it; what it holds is not
 * guessed (guess.h), but for the direction of play, on which the frames vote and this is a hint. */
#ifndef TRAJ_DATA_FACTS_H
#define TRAJ_DATA_FACTS_H

#include "traj/data/recording.h"

enum { TRAJ_MOST_PERIODS = 8 };

typedef struct traj_facts_period {
    int id;                          /* 1 and 2: halves; 3 and 4: extra time; 5: shoot-out */
    int64_t first_frame, last_frame; /* both within; INT64_MIN and INT64_MAX: not told */
    double start_s;                  /* by the day's clock (clock.h); NaN: not told */
    int home_attacks;                /* 1 right, -1 left, 0 not told */
} traj_facts_period;

typedef struct traj_facts_team {
    char id[48], name[64]; /* "": not told */
} traj_facts_team;

typedef struct traj_facts_player {
    char id[48];
    char alias[24]; /* another id, where frames go by that one; "": none */
    traj_team team; /* home or away */
    int jersey;     /* -1: not told */
    bool keeper;
    char role[24];                   /* the provider's word for his position; "": not told */
    int64_t first_frame, last_frame; /* that he takes part in; last 0: not told */
} traj_facts_player;

typedef struct traj_facts {   /* all zero: nothing is known */
    const char *file;         /* view: the name of the metadata; NULL: there are none */
    double length_m, width_m; /* 0: not told */
    traj_rate rate;
    traj_facts_team team[2]; /* by traj_team */
    traj_facts_period period[TRAJ_MOST_PERIODS];
    int periods;
    traj_facts_player *player; /* owned [players] */
    size_t players, capacity;
} traj_facts;

void traj_facts_free(traj_facts *facts);

/* Whether both teams have an id. */
bool traj_facts_teams_told(const traj_facts *facts);

/* Says why the file is no metadata of the provider, "no id in home_team", and what to do. Returns
 * TRAJ_E_DATA. */
traj_status traj_facts_refuse(const char *file, const char *lack, const char *provider,
                              traj_error *err);

/* The period with this id, added with nothing told where it is new; NULL: there are too many. */
traj_facts_period *traj_facts_period_add(traj_facts *facts, int id);
/* NULL: none. */
const traj_facts_period *traj_facts_period_get(const traj_facts *facts, int id);
/* The period that the frame lies in; NULL: none. */
const traj_facts_period *traj_facts_period_at(const traj_facts *facts, int64_t frame);

/* Seconds from the start of the period, by its first frame and the rate; NaN: not told. */
double traj_facts_time(const traj_facts *facts, const traj_facts_period *period, int64_t frame);
/* Whether there may be a period with this id. Errors: TRAJ_E_DATA. */
traj_status traj_facts_period_check(const char *file, long line, int64_t id, traj_error *err);

/* Appends a player. Errors: TRAJ_E_MEMORY. */
traj_status traj_facts_player_add(traj_facts *facts, const traj_facts_player *player,
                                  traj_error *err);
/* Sets when he takes part, if these can be frames: metadata write 0 and 0 for who did not play. */
void traj_facts_player_present(traj_facts_player *player, double first, double last);
/* NULL: not among them. Cost: counts through. */
const traj_facts_player *traj_facts_player_by_id(const traj_facts *facts, const char *id);
const traj_facts_player *traj_facts_player_of(const traj_facts *facts, traj_team team,
                                              const char *id);
const traj_facts_player *traj_facts_player_by_alias(const traj_facts *facts, const char *alias);
const traj_facts_player *traj_facts_player_by_jersey(const traj_facts *facts, traj_team team,
                                                     int jersey);
/* A player of whom nothing but the shirt is known: home_9. */
traj_facts_player traj_facts_stranger(traj_team team, int jersey);
/* Whoever wears the shirt: as the metadata know him, else a stranger. */
traj_facts_player traj_facts_wearer(const traj_facts *facts, traj_team team, int jersey);

#endif
