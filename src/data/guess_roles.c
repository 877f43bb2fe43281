/* Who is what, before the tracks are built: see guess.h. */
#include "guess.h"

#include <string.h>

/* Marks the agent with this id as the ball, and nobody else. Returns whether it was there. */
static bool mark_ball(traj_tracks *tracks, const char *id)
{
    bool found = false;
    for (size_t s = 0; s < tracks->sequences; s++)
        for (size_t a = 0; a < tracks->sequence[s].agents; a++) {
            traj_track_agent *agent = &tracks->sequence[s].agent[a];
            agent->ball = strcmp(agent->id, id) == 0;
            found = found || agent->ball;
        }
    return found;
}

static traj_status choose_ball(const traj_read_options *options, traj_tracks *tracks,
                               traj_guesses *guesses, traj_error *err)
{
    if (options->ball[0] == '\0') {
        if (tracks->layout.ball_why != NULL)
            traj_guess_add(guesses, "ball", "--ball ID|none", "%s", tracks->layout.ball_why);
        return TRAJ_OK;
    }
    if (mark_ball(tracks, options->ball) || strcmp(options->ball, "none") == 0) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: --ball %s: no agent has such an id; `traj info` lists them", tracks->file,
                     options->ball);
}

static traj_status split_in_halves(traj_tracks *tracks, traj_error *err)
{
    tracks->layout.home_why =
        "the first half of the agents is taken for home, the file names no teams";
    int label[2];
    traj_status status = traj_tracks_label(tracks, "home", &label[0], err);
    if (status == TRAJ_OK) status = traj_tracks_label(tracks, "away", &label[1], err);
    for (size_t s = 0; s < tracks->sequences && status == TRAJ_OK; s++) {
        traj_track_sequence *sequence = &tracks->sequence[s];
        size_t players = 0, rank = 0;
        for (size_t a = 0; a < sequence->agents; a++) players += !sequence->agent[a].ball;
        for (size_t a = 0; a < sequence->agents; a++)
            if (!sequence->agent[a].ball)
                sequence->agent[a].label = label[rank++ < (players + 1) / 2 ? 0 : 1];
    }
    return status;
}

traj_status traj_guess_roles(const traj_read_options *options, traj_tracks *tracks,
                             traj_guesses *guesses, traj_error *err)
{
    tracks->layout.crowd = traj_tracks_crowd(tracks);
    if (tracks->layout.periods_why != NULL)
        traj_guess_add(guesses, "periods", "--meta FILE", "%s", tracks->layout.periods_why);
    const traj_status status = choose_ball(options, tracks, guesses, err);
    if (status != TRAJ_OK || !tracks->layout.halves) return status;
    return split_in_halves(tracks, err);
}
