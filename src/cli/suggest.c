#include "suggest.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { WORD_LIMIT = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t traj_suggest_distance(const char *a, const char *b)
{
    /* cost[i % 3][j]: from the first i letters of a to the first j of b; a swap looks two rows
     * back. */
    size_t cost[3][WORD_LIMIT];
    size_t rows = strlen(a), cols = strlen(b);
    if (rows >= WORD_LIMIT || cols >= WORD_LIMIT) return SIZE_MAX;

    for (size_t j = 0; j <= cols; j++) cost[0][j] = j;
    for (size_t i = 1; i <= rows; i++) {
        size_t *here = cost[i % 3];
        const size_t *above = cost[(i - 1) % 3], *swapped = cost[(i + 1) % 3];
        here[0] = i;
        for (size_t j = 1; j <= cols; j++) {
            size_t replace = above[j - 1] + (a[i - 1] != b[j - 1]);
            here[j] = least(replace, least(above[j], here[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                here[j] = least(here[j], swapped[j - 2] + 1);
        }
    }
    return cost[rows % 3][cols];
}

void traj_suggest_start(traj_suggestion *suggestion, const char *typed)
{
    suggestion->typed = typed;
    suggestion->nearest = NULL;
    /* A slip leaves two thirds of a word in place. */
    suggestion->distance = strlen(typed) / 3 + 1;
    if (suggestion->distance > 4) suggestion->distance = 4;
}

void traj_suggest_offer(traj_suggestion *suggestion, const char *known)
{
    size_t typed = strlen(suggestion->typed);
    size_t distance = traj_suggest_distance(suggestion->typed, known);
    if (typed >= 3 && strncmp(suggestion->typed, known, typed) == 0)
        distance = least(distance, 1); /* an abbreviation */
    bool nearer = suggestion->nearest ? distance < suggestion->distance
                                      : distance <= suggestion->distance;
    if (nearer) {
        suggestion->nearest = known;
        suggestion->distance = distance;
    }
}

void traj_suggest_text(const traj_suggestion *suggestion, const char *prefix, char *text,
                       size_t size)
{
    text[0] = '\0';
    if (suggestion->nearest)
        snprintf(text, size, "; did you mean '%s%s'?", prefix, suggestion->nearest);
}
