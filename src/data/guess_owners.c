/* Whose the ball is: the owners' names in the file become home and away. */
#include "guess.h"

#include <string.h>

/* [owner + 1], the first for untold. Returns how many owners are a team. */
static size_t find_owners(const traj_reading *reading, size_t s,
                          uint8_t known[TRAJ_MOST_OWNERS + 1])
{
    static const uint8_t owner_of[] = {
        [TRAJ_TEAM_HOME] = TRAJ_OWNER_HOME, [TRAJ_TEAM_AWAY] = TRAJ_OWNER_AWAY};
    const traj_tracks *tracks = reading->tracks;
    size_t found = 0;
    known[0] = TRAJ_OWNER_UNKNOWN;
    for (size_t o = 0; o < tracks->owners; o++) {
        const int team = traj_guess_team(reading, s, tracks->owner[o]);
        known[o + 1] = team < 0 ? TRAJ_OWNER_UNKNOWN : owner_of[team];
        found += team >= 0;
    }
    return found;
}

void traj_guess_owners(traj_reading *reading)
{
    const traj_tracks *tracks = reading->tracks;
    uint8_t known[TRAJ_MOST_OWNERS + 1];
    size_t found = 0;
    for (size_t s = 0; s < reading->recording->sequences; s++) {
        traj_sequence *sequence = &reading->recording->sequence[s];
        found += find_owners(reading, s, known);
        for (size_t f = 0; sequence->play != NULL && f < sequence->frames; f++)
            sequence->play[f].owner = known[sequence->play[f].owner];
    }
    if (tracks->owners > 0 && found == 0)
        traj_guess_add(reading->guesses, "possession", "--meta FILE, or team names in the header",
                       "unknown: the file says '%s' has the ball, which is no team of it",
                       tracks->owner[0]);
}
