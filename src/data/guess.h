/* What a file does not say, found out from its numbers: many frames vote, and each finding is
 * written down with its reason and the flag that overrides it. The calls stand here in the order in
 * which reader.c makes them; each relies on those before it. */
#ifndef TRAJ_DATA_GUESS_H
#define TRAJ_DATA_GUESS_H

#include "tracks.h"
#include "traj/data/reader.h"

typedef struct traj_reading { /* one file being read; all views */
    const traj_read_options *options;
    traj_tracks *tracks;
    traj_recording *recording; /* sequence[s].agent[a] is tracks->sequence[s].agent[a] */
    traj_guesses *guesses;
    int64_t until; /* no position after this frame id is looked at */
} traj_reading;

/* Which agent is the ball, as --ball or the layout has it; which half of the players is which team
 * where the layout goes by their order; and whether all are a crowd, as our own files say by the
 * team's name. Before the tracks are built, since unseen agents count in an order. Errors:
 * TRAJ_E_MEMORY, TRAJ_E_DATA (--ball names nobody). */
traj_status traj_guess_roles(const traj_read_options *options, traj_tracks *tracks,
                             traj_guesses *guesses, traj_error *err);

/* How many frames of sequence s may be looked at, the first ones. */
size_t traj_guess_frames(const traj_reading *reading, size_t s);

/* Rate, frame id step and a time for every frame. Errors: TRAJ_E_DATA (time runs backwards, rate
 * unknown). */
traj_status traj_guess_rate(traj_reading *reading, traj_error *err);

/* Unit, origin, pitch and quantum; afterwards positions are metres from the centre spot, y up.
 * Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (nothing fits, axes swapped, players off the pitch). */
traj_status traj_guess_pitch(traj_reading *reading, traj_error *err);

/* team of every agent, the teams' names. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (not two teams, --home
 * unknown). */
traj_status traj_guess_teams(traj_reading *reading, traj_error *err);

/* The team of the players with this label in sequence s, or of the players whom it means by itself
 * or by the metadata ("home", an id, a name); -1: none. */
int traj_guess_team(const traj_reading *reading, size_t s, const char *name);

/* Whose the word is that names a team by itself, as "visitors"; -1: it names none. */
int traj_plain_side(const char *name);

typedef struct traj_home_vote { /* of the frames */
    bool asked;                 /* the file calls the ball's owners home and away */
    size_t frames, first;       /* with a player at the ball, and those for label[0] being home */
    int home;                   /* of the two labels, -1: too few frames, or they do not agree */
} traj_home_vote;

/* Which of two labels is home, by who is at the ball that the file says home has. */
traj_home_vote traj_guess_home(const traj_reading *reading, const int label[2]);

/* From here on the ball is nobody's, for home and away are not known. */
void traj_forget_owners(traj_reading *reading);

/* Owners of the ball, by the names that the teams have now. */
void traj_guess_owners(traj_reading *reading);

/* direction of every sequence; turns those where home attacks left, unless --orient keep. Errors:
 * TRAJ_E_USAGE (a bad --home-attacks or --orient). */
traj_status traj_guess_sides(traj_reading *reading, traj_error *err);

/* So many frames show what changes slowly: of 90 minutes, nearly one a second. */
enum { TRAJ_ENOUGH_FRAMES = 5000 };

/* Every which of `count` things in time is looked at, where some `enough` of them will do. There
 * are files with players in every second or fifth frame alone, so it is no multiple of 2, 3 or 5.
 */
size_t traj_guess_stride(size_t count, size_t enough);

/* For who looks at every stride-th frame and is at `frame`: has one of the next brought into the
 * cache, as processors foresee only what lies close together. */
static inline void traj_guess_fetch(const traj_sequence *sequence, size_t frame, size_t stride)
{
    enum { AHEAD = 4, LINE = 64 };
    const size_t size = 2 * sequence->agents * sizeof *sequence->pos_m;
    if (frame + AHEAD * stride >= sequence->frames) return;
    const char *const next = (const char *)sequence->pos_m + (frame + AHEAD * stride) * size;
    for (size_t byte = 0; byte < size; byte += LINE) __builtin_prefetch(next + byte);
}

/* 1: home attacks right in most of the sequence's first frames, -1: left, 0: they do not agree.
 * *share: of votes for it. */
int traj_sequence_vote(const traj_sequence *sequence, size_t frames, double *share);

/* kind of every agent. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (--keepers names nobody). */
traj_status traj_guess_keepers(traj_reading *reading, traj_error *err);

/* Refuses what no match looks like, and doubts what hardly any does: speeds, players in a frame,
 * positions off the pitch. Errors: TRAJ_E_DATA. */
traj_status traj_guess_doubts(traj_reading *reading, traj_error *err);

/* Appends a line; a full list drops it. */
void traj_guess_add(traj_guesses *guesses, const char *subject, const char *flag,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same for what looks wrong. */
void traj_guess_doubt(traj_guesses *guesses, const char *subject, const char *flag,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* qsort order of doubles. */
int traj_compare_doubles(const void *left, const void *right);

#endif
