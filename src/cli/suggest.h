/* Did you mean ...? Offer every known word; the nearest one that is near enough to be a slip
 * remains. */
#ifndef TRAJ_CLI_SUGGEST_H
#define TRAJ_CLI_SUGGEST_H

#include <stddef.h>

typedef struct traj_suggestion {
    const char *typed;   /* view */
    const char *nearest; /* view; NULL = nothing near so far */
    size_t distance;
} traj_suggestion;

void traj_suggest_start(traj_suggestion *suggestion, const char *typed);
void traj_suggest_offer(traj_suggestion *suggestion, const char *known);

/* "; did you mean '--hidden'?" (prefix "--"), or the empty text. */
void traj_suggest_text(const traj_suggestion *suggestion, const char *prefix, char *text,
                       size_t size);

/* Edit distance: inserted, deleted, replaced letters and swapped neighbours each cost 1 (optimal
 * string alignment, Damerau 1964). Words of more than 63 letters are far from everything: SIZE_MAX.
 */
size_t traj_suggest_distance(const char *a, const char *b);

#endif
