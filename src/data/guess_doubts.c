/* What no match looks like: refused where nobody could learn from it, doubted where somebody might.
 * Judged only where there is enough to judge by. */
#include "guess.h"

#include "traj/data/quality.h"

#include <inttypes.h>

/* Nobody has run faster than 12.4 m/s; a ball flies at 37 m/s at most. */
#define FASTEST_PLAYER_MPS 12.5
#define FASTEST_BALL_MPS   TRAJ_FAST_BALL_MPS
#define HARDLY_MOVES_MPS   0.3
#define HARDLY_MOVES_M     3.0 /* a ball in all the time looked at */

#define ENOUGH_STEPS  1000 /* of an agent over TRAJ_SPEED_OVER_S: some seconds of a match */
#define ENOUGH_FRAMES 20
#define OFTEN         0.05 /* of the frames */
#define ON_PITCH      0.98 /* of the positions, of every set that was looked at */

static const char speed_flags[] = "--source-rate HZ, --unit metres|cm|..., --max-jump 12";

/* Half of the steps faster than anybody has ever moved. */
static traj_status refuse_speeds(const traj_reading *reading, const char *who,
                                 const traj_speeds *speeds, double fastest_mps, traj_error *err)
{
    const traj_recording *recording = reading->recording;
    if (speeds->steps < ENOUGH_STEPS || speeds->median_mps <= fastest_mps) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s: half of the time %s faster than %.3g m/s, at %g Hz and on a %.4g x %.4g "
                     "m pitch; correct the rate with --source-rate HZ, or the unit with --unit",
                     reading->tracks->file, who, speeds->median_mps,
                     traj_rate_hz(recording->source_rate), recording->pitch_length_m,
                     recording->pitch_width_m);
}

static void doubt_speeds(const traj_reading *reading, const traj_quality *quality)
{
    const traj_speeds *players = &quality->players, *ball = &quality->ball;
    if (players->steps >= ENOUGH_STEPS && players->high_mps > FASTEST_PLAYER_MPS)
        traj_guess_doubt(reading->guesses, "speed", speed_flags,
                         "players are faster than %.3g m/s for 1 %% of the time, and nobody runs "
                         "faster than 12.4: the rate or the unit may be wrong, or tracks jump",
                         players->high_mps);
    if (players->steps >= ENOUGH_STEPS && players->high_mps < HARDLY_MOVES_MPS)
        traj_guess_doubt(reading->guesses, "speed", speed_flags,
                         "hardly anybody moves: players are slower than %.2g m/s for 99 %% of the "
                         "time; the rate or the unit may be wrong",
                         players->high_mps);
    if (ball->steps >= ENOUGH_STEPS && ball->high_mps > FASTEST_BALL_MPS)
        traj_guess_doubt(reading->guesses, "speed", "--max-ball-jump 40",
                         "the ball is faster than %.3g m/s for 1 %% of the time, and none flies "
                         "faster than 37: its track jumps",
                         ball->high_mps);
}

/* A ball in another unit than the players, or one that was not tracked. */
static void doubt_ball(const traj_reading *reading, const traj_quality *quality)
{
    if (quality->balls < ENOUGH_STEPS) return;
    const double share = (double)quality->balls_on_pitch / (double)quality->balls;
    if (quality->ball_span_m < HARDLY_MOVES_M)
        traj_guess_doubt(reading->guesses, "ball", "--ball ID|none",
                         "it stays within %.2g m all the time: it was not tracked, or its unit is "
                         "not that of the players",
                         quality->ball_span_m);
    else if (share < 0.5)
        traj_guess_doubt(reading->guesses, "ball", "--ball ID|none",
                         "only %.0f %% of its positions lie on the pitch: its unit or origin is "
                         "not that of the players",
                         100.0 * share);
}

/* Substitutes on the bench, officials, both teams at half-time. */
static void doubt_players(const traj_reading *reading, const traj_quality *quality)
{
    const traj_recording *recording = reading->recording;
    const char *const names[] = {recording->home_name, recording->away_name};
    for (int t = 0; t < 2; t++) {
        const double share = (double)quality->over_eleven[t] / (double)quality->frames;
        if (share >= OFTEN)
            traj_guess_doubt(reading->guesses, "players", "--frames A:B, or leave them out",
                             "%s has more than eleven players in %.0f %% of the frames, and %zu "
                             "in frame %" PRId64 ": substitutes or officials may be among them",
                             names[t], 100.0 * share, quality->most_players[t],
                             quality->most_frame[t]);
    }
}

static traj_status refuse_players(const traj_reading *reading, const traj_quality *quality,
                                  traj_error *err)
{
    const traj_recording *recording = reading->recording;
    for (int t = 0; t < 2; t++)
        if (quality->median_players[t] > 2 * 11)
            return traj_fail(err, TRAJ_E_DATA,
                             "%s: %s has %zu players at a time, where eleven play: several "
                             "matches are mixed, or the players' ids change; add the column that "
                             "tells matches or plays apart (game_id, play_id), or name the one of "
                             "the players player_id",
                             reading->tracks->file,
                             t == TRAJ_TEAM_HOME ? recording->home_name : recording->away_name,
                             quality->median_players[t]);
    return TRAJ_OK;
}

static void doubt_pitch(const traj_reading *reading, const traj_quality *quality)
{
    const double share = (double)quality->on_pitch / (double)quality->positions;
    if (quality->positions >= ENOUGH_STEPS && share < ON_PITCH)
        traj_guess_doubt(reading->guesses, "pitch", "--pitch LENGTHxWIDTH, --unit, --origin",
                         "only %.1f %% of the players' positions lie within %g m of a %.4g x %.4g "
                         "m pitch",
                         100.0 * share, TRAJ_RUN_OFF_M, reading->recording->pitch_length_m,
                         reading->recording->pitch_width_m);
}

traj_status traj_guess_doubts(traj_reading *reading, traj_error *err)
{
    const traj_layout *layout = &reading->tracks->layout;
    traj_quality quality;
    if (layout->crowd) return TRAJ_OK; /* anybody, on any ground; carriages, too */
    traj_quality_measure(reading->recording, reading->until, &quality);
    if (reading->until == INT64_MAX) reading->guesses->quality = quality;
    traj_status status =
        refuse_speeds(reading, "the players are", &quality.players, FASTEST_PLAYER_MPS, err);
    if (status == TRAJ_OK)
        status = refuse_speeds(reading, "the ball is", &quality.ball, FASTEST_BALL_MPS, err);
    if (status == TRAJ_OK) status = refuse_players(reading, &quality, err);
    if (status != TRAJ_OK) return status;
    doubt_pitch(reading, &quality);
    doubt_speeds(reading, &quality);
    doubt_ball(reading, &quality);
    if (quality.frames >= ENOUGH_FRAMES) doubt_players(reading, &quality);
    return TRAJ_OK;
}
