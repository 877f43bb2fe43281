/* See traj/data/quality.h. Medians are read from histograms, so that no list of speeds is kept. */
#include "traj/data/quality.h"

#include <math.h>
#include <string.h>

#define BIN_MPS 0.05

enum { BINS = 2000, MOST_COUNTED = 63 }; /* up to 100 m/s; players of a team */

typedef struct histogram {
    size_t bin[BINS]; /* the last one: and all that is faster */
    size_t count, fast;
    double max;
} histogram;

typedef struct measuring {
    traj_quality *quality; /* view */
    double half_m[2];      /* of what counts as on the pitch */
    histogram players, ball;
    size_t teams[2][MOST_COUNTED + 1]; /* frames with so many players */
    float ball_low[2], ball_high[2];
} measuring;

static void add_speed(histogram *speeds, double speed_mps)
{
    const double bin = speed_mps / BIN_MPS;
    speeds->bin[bin < BINS - 1 ? (size_t)bin : BINS - 1]++;
    speeds->count++;
    speeds->max = fmax(speeds->max, speed_mps);
}

/* What a share of the speeds stays below. */
static double quantile(const histogram *speeds, double share)
{
    const double wanted = share * (double)speeds->count;
    double below = 0.0;
    for (size_t b = 0; b < BINS - 1; b++) {
        const double inside = (double)speeds->bin[b];
        if (below + inside >= wanted && inside > 0.0)
            return fmin(((double)b + (wanted - below) / inside) * BIN_MPS, speeds->max);
        below += inside;
    }
    return speeds->max;
}

static traj_speeds summary(const histogram *speeds)
{
    const bool any = speeds->count > 0;
    return (traj_speeds){.steps = speeds->count,
                         .fast = speeds->fast,
                         .median_mps = any ? quantile(speeds, 0.5) : NAN,
                         .high_mps = any ? quantile(speeds, 0.99) : NAN,
                         .max_mps = any ? speeds->max : NAN};
}

static void count_positions(measuring *in, const traj_sequence *sequence, size_t frame)
{
    traj_quality *const quality = in->quality;
    size_t players[2] = {0, 0};
    for (size_t a = 0; a < sequence->agents; a++) {
        const size_t at = frame * sequence->agents + a;
        const float *pos = sequence->pos_m + 2 * at;
        if (isnan(pos[0])) continue;
        const bool inside = fabsf(pos[0]) <= in->half_m[0] && fabsf(pos[1]) <= in->half_m[1];
        if (sequence->extrapolated != NULL) {
            quality->judged++;
            quality->estimated += sequence->extrapolated[at];
        }
        if (sequence->agent[a].team != TRAJ_TEAM_BALL) {
            players[sequence->agent[a].team]++;
            quality->on_pitch += inside;
            continue;
        }
        quality->balls++;
        quality->balls_on_pitch += inside;
        for (int d = 0; d < 2; d++) {
            in->ball_low[d] = fminf(in->ball_low[d], pos[d]);
            in->ball_high[d] = fmaxf(in->ball_high[d], pos[d]);
        }
    }
    for (int t = 0; t < 2; t++) {
        quality->positions += players[t];
        quality->over_eleven[t] += players[t] > 11;
        in->teams[t][players[t] < MOST_COUNTED ? players[t] : MOST_COUNTED]++;
        if (players[t] <= quality->most_players[t]) continue;
        quality->most_players[t] = players[t];
        quality->most_frame[t] = sequence->frame_id[frame];
    }
}

/* The speed of agent a over the `apart` frames up to this one; NaN where he is missing. */
static double speed_mps(const traj_sequence *sequence, size_t frame, size_t apart, size_t a)
{
    const double seconds = sequence->time_s[frame] - sequence->time_s[frame - apart];
    const float *to = sequence->pos_m + (frame * sequence->agents + a) * 2;
    const float *from = to - apart * sequence->agents * 2;
    const double dx = to[0] - from[0], dy = to[1] - from[1];
    return sqrt(dx * dx + dy * dy) / seconds;
}

/* Whether the last step of agent a was; NaN is not. Nearly all are far below the limit, which shows
 * without a root. */
static bool is_faster(const traj_sequence *sequence, size_t frame, size_t a, double limit_mps)
{
    const double reach_m = 0.99 * limit_mps *
                           (sequence->time_s[frame] - sequence->time_s[frame - 1]);
    const float *to = sequence->pos_m + (frame * sequence->agents + a) * 2;
    const float *from = to - sequence->agents * 2;
    const double dx = to[0] - from[0], dy = to[1] - from[1];
    if (dx * dx + dy * dy < reach_m * reach_m) return false;
    return speed_mps(sequence, frame, 1, a) > limit_mps;
}

/* Whether no frame is missing among the last `apart`. */
static bool is_whole(const traj_sequence *sequence, size_t frame, size_t apart, double rate_hz)
{
    if (frame < apart) return false;
    const double frames = (sequence->time_s[frame] - sequence->time_s[frame - apart]) * rate_hz;
    return frames > 0.0 && frames < (double)apart + 0.5;
}

/* Steps of `apart` frames, and of one, that end in this one. */
static void count_speeds(measuring *in, const traj_sequence *sequence, size_t frame, size_t apart,
                         double rate_hz)
{
    const bool next = is_whole(sequence, frame, 1, rate_hz);
    const bool whole = is_whole(sequence, frame, apart, rate_hz);
    for (size_t a = 0; a < sequence->agents; a++) {
        const bool ball = sequence->agent[a].team == TRAJ_TEAM_BALL;
        histogram *speeds = ball ? &in->ball : &in->players;
        const double limit_mps = ball ? TRAJ_FAST_BALL_MPS : TRAJ_FAST_MPS;
        if (next) speeds->fast += is_faster(sequence, frame, a, limit_mps);
        if (!whole) continue;
        const double speed = speed_mps(sequence, frame, apart, a);
        if (!isnan(speed)) add_speed(speeds, speed);
    }
}

static void count_play(traj_quality *quality, const traj_play *play)
{
    quality->alive += play->ball == TRAJ_BALL_ALIVE;
    quality->dead += play->ball == TRAJ_BALL_DEAD;
    quality->home_owns += play->owner == TRAJ_OWNER_HOME;
    quality->away_owns += play->owner == TRAJ_OWNER_AWAY;
}

static size_t median_count(const size_t *frames_with, size_t frames)
{
    size_t count = 0, below = frames_with[0];
    while (count < MOST_COUNTED && 2 * below < frames) below += frames_with[++count];
    return count;
}

static void finish(measuring *in)
{
    traj_quality *const quality = in->quality;
    quality->players = summary(&in->players);
    quality->ball = summary(&in->ball);
    for (int t = 0; t < 2; t++)
        quality->median_players[t] = median_count(in->teams[t], quality->frames);
    if (quality->balls > 0)
        quality->ball_span_m =
            fmaxf(in->ball_high[0] - in->ball_low[0], in->ball_high[1] - in->ball_low[1]);
}

void traj_quality_measure(const traj_recording *recording, int64_t last, traj_quality *quality)
{
    measuring in = {.quality = quality,
                    .half_m = {recording->pitch_length_m / 2.0 + TRAJ_RUN_OFF_M,
                               recording->pitch_width_m / 2.0 + TRAJ_RUN_OFF_M},
                    .ball_low = {INFINITY, INFINITY},
                    .ball_high = {-INFINITY, -INFINITY}};
    const size_t apart =
        (size_t)fmax(round(TRAJ_SPEED_OVER_S * traj_rate_hz(recording->rate)), 1.0);
    memset(quality, 0, sizeof *quality);
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        for (size_t f = 0; f < sequence->frames && sequence->frame_id[f] <= last; f++) {
            quality->frames++;
            count_positions(&in, sequence, f);
            count_speeds(&in, sequence, f, apart, traj_rate_hz(recording->rate));
            if (sequence->play != NULL) count_play(quality, &sequence->play[f]);
        }
    }
    finish(&in);
}
