/* See traj/data/quality.h. Medians are read from histograms, so that no list of speeds is kept. */
#include "traj/data/quality.h"

#include "traj/base/simd.h"

#include <math.h>
#include <string.h>

#define BIN_MPS 0.05f

enum { BINS = 2000, NO_BIN = BINS }; /* up to 100 m/s; of a speed that is NaN */
enum { MOST_COUNTED = 63 };          /* players of a team */
enum { CHUNK = 64 };                 /* agents looked at side by side */

typedef struct histogram {
    size_t bin[BINS + 1]; /* the last but one: and all that is faster; NO_BIN */
    size_t fast;
    double max;
} histogram;

/* A chunk of a sequence's agents. */
typedef struct chunk {
    size_t first, count;
    size_t ball;         /* its place, count: it is not among them */
    int32_t home[CHUNK]; /* [count] 1: of the home team */
} chunk;

typedef struct measuring {
    traj_quality *quality;             /* view */
    float half_m[2];                   /* of what counts as on the pitch */
    histogram speeds[2];               /* of players, of the ball */
    chunk chunk;                       /* looked at last, of the sequence at hand */
    size_t teams[2][MOST_COUNTED + 1]; /* frames with so many players */
    float ball_low[2], ball_high[2];
} measuring;

/* What a share of the speeds stays below. */
static double quantile(const histogram *speeds, size_t count, double share)
{
    const double wanted = share * (double)count;
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
    size_t count = 0;
    for (size_t b = 0; b < BINS; b++) count += speeds->bin[b];
    return (traj_speeds){.steps = count,
                         .fast = speeds->fast,
                         .median_mps = count > 0 ? quantile(speeds, count, 0.5) : NAN,
                         .high_mps = count > 0 ? quantile(speeds, count, 0.99) : NAN,
                         .max_mps = count > 0 ? speeds->max : NAN};
}

static void count_estimates(traj_quality *quality, const traj_sequence *sequence, size_t frame)
{
    for (size_t a = 0; a < sequence->agents; a++) {
        const size_t at = frame * sequence->agents + a;
        if (isnan(sequence->pos_m[2 * at])) continue;
        quality->judged++;
        quality->estimated += sequence->extrapolated[at];
    }
}

/* The chunk that begins with agent `first`; the one of the frame before is mostly the same. */
static void turn_to(chunk *to, const traj_sequence *sequence, size_t first)
{
    const size_t left = sequence->agents - first;
    to->first = first;
    to->count = left < CHUNK ? left : CHUNK;
    to->ball = to->count;
    for (size_t i = 0; i < to->count; i++) {
        const traj_team team = sequence->agent[first + i].team;
        to->home[i] = team == TRAJ_TEAM_HOME;
        if (team == TRAJ_TEAM_BALL) to->ball = i;
    }
}

static void widen_box(measuring *in, const float pos[2])
{
    for (int d = 0; d < 2; d++) {
        in->ball_low[d] = fminf(in->ball_low[d], pos[d]);
        in->ball_high[d] = fmaxf(in->ball_high[d], pos[d]);
    }
}

/* How many a frame shows, by traj_team. */
typedef struct head_count {
    int32_t seen[3], inside[3];
} head_count;

/* Adds the agents of a chunk, who are at pos. */
TRAJ_SIMD static void count_heads(const chunk *of, const float *pos, const float half_m[2],
                                  head_count *heads)
{
    int32_t seen = 0, inside = 0, seen_home = 0, inside_home = 0;
    for (size_t i = 0; i < of->count; i++) {
        const float x = pos[2 * i], y = pos[2 * i + 1];
        const int32_t here = x == x; /* comparisons with NaN are false */
        const int32_t on = (fabsf(x) <= half_m[0]) & (fabsf(y) <= half_m[1]);
        seen += here;
        inside += on;
        seen_home += here & of->home[i];
        inside_home += on & of->home[i];
    }
    const bool ball = of->ball < of->count;
    const float *const at = pos + 2 * (ball ? of->ball : 0);
    const int32_t seen_ball = ball && at[0] == at[0];
    const int32_t inside_ball = ball && fabsf(at[0]) <= half_m[0] && fabsf(at[1]) <= half_m[1];
    heads->seen[TRAJ_TEAM_HOME] += seen_home;
    heads->inside[TRAJ_TEAM_HOME] += inside_home;
    heads->seen[TRAJ_TEAM_BALL] += seen_ball;
    heads->inside[TRAJ_TEAM_BALL] += inside_ball;
    heads->seen[TRAJ_TEAM_AWAY] += seen - seen_home - seen_ball;
    heads->inside[TRAJ_TEAM_AWAY] += inside - inside_home - inside_ball;
}

static void count_team(measuring *in, int team, const head_count *heads, int64_t frame_id)
{
    traj_quality *const quality = in->quality;
    const size_t seen = (size_t)heads->seen[team];
    quality->positions += seen;
    quality->on_pitch += (size_t)heads->inside[team];
    quality->over_eleven[team] += seen > 11;
    in->teams[team][seen < MOST_COUNTED ? seen : MOST_COUNTED]++;
    if (seen <= quality->most_players[team]) return;
    quality->most_players[team] = seen;
    quality->most_frame[team] = frame_id;
}

static void count_positions(measuring *in, const traj_sequence *sequence, size_t frame)
{
    head_count heads = {0};
    const float *const pos = sequence->pos_m + frame * sequence->agents * 2;
    for (size_t first = 0; first < sequence->agents; first += CHUNK) {
        if (in->chunk.first != first) turn_to(&in->chunk, sequence, first);
        count_heads(&in->chunk, pos + 2 * first, in->half_m, &heads);
        if (in->chunk.ball < in->chunk.count) widen_box(in, pos + 2 * (first + in->chunk.ball));
    }
    count_team(in, TRAJ_TEAM_HOME, &heads, sequence->frame_id[frame]);
    count_team(in, TRAJ_TEAM_AWAY, &heads, sequence->frame_id[frame]);
    in->quality->balls += (size_t)heads.seen[TRAJ_TEAM_BALL];
    in->quality->balls_on_pitch += (size_t)heads.inside[TRAJ_TEAM_BALL];
}

/* A step of the agents of a sequence: where each was and is, and how long it took. */
typedef struct step {
    const float *from, *to; /* view: [agents][2] */
    double seconds;
} step;

static step step_to(const traj_sequence *sequence, size_t frame, size_t apart)
{
    const float *const to = sequence->pos_m + frame * sequence->agents * 2;
    return (step){.from = to - apart * sequence->agents * 2,
                  .to = to,
                  .seconds = sequence->time_s[frame] - sequence->time_s[frame - apart]};
}

/* speed_mps[i] = |to - from| / seconds, NaN where he is missing, for count <= CHUNK agents from the
 * step's first on; bin[i]: of the histogram. */
TRAJ_SIMD static void measure_speeds(const step *of, size_t first, size_t count, float *speed_mps,
                                     int32_t *bin)
{
    const float *const from = of->from + 2 * first, *const to = of->to + 2 * first;
    const float per_second = (float)(1.0 / of->seconds);
    for (size_t i = 0; i < count; i++) {
        const float dx = to[2 * i] - from[2 * i], dy = to[2 * i + 1] - from[2 * i + 1];
        const float speed = sqrtf(dx * dx + dy * dy) * per_second;
        const float scaled = speed * (1.0f / BIN_MPS);
        speed_mps[i] = speed;
        bin[i] = scaled < BINS - 1 ? (int32_t)scaled : scaled == scaled ? BINS - 1 : NO_BIN;
    }
}

/* Did anybody go further than reach_m? */
TRAJ_SIMD static bool reaches(const step *of, size_t agents, float reach_m)
{
    int further = 0;
    for (size_t a = 0; a < agents; a++) {
        const float dx = of->to[2 * a] - of->from[2 * a];
        const float dy = of->to[2 * a + 1] - of->from[2 * a + 1];
        further |= dx * dx + dy * dy > reach_m * reach_m;
    }
    return further != 0;
}

/* Steps from one frame to the next beyond a limit. In most frames nobody is near the lower one. */
static void count_fast(measuring *in, const traj_sequence *sequence, const step *of)
{
    static const float limit_mps[] = {(float)TRAJ_FAST_MPS, (float)TRAJ_FAST_BALL_MPS};
    if (!reaches(of, sequence->agents, 0.99f * limit_mps[0] * (float)of->seconds)) return;
    for (size_t a = 0; a < sequence->agents; a++) {
        float speed_mps;
        int32_t bin;
        measure_speeds(of, a, 1, &speed_mps, &bin);
        const bool ball = sequence->agent[a].team == TRAJ_TEAM_BALL;
        in->speeds[ball].fast += speed_mps > limit_mps[ball];
    }
}

/* The fastest are shown, and held against limits, with all their digits. */
static double exact_speed(const step *of, size_t a)
{
    const double dx = of->to[2 * a] - of->from[2 * a];
    const double dy = of->to[2 * a + 1] - of->from[2 * a + 1];
    return sqrt(dx * dx + dy * dy) / of->seconds;
}

static void count_steps(measuring *in, const traj_sequence *sequence, const step *of)
{
    float speed_mps[CHUNK];
    int32_t bin[CHUNK];
    for (size_t first = 0; first < sequence->agents; first += CHUNK) {
        if (in->chunk.first != first) turn_to(&in->chunk, sequence, first);
        measure_speeds(of, first, in->chunk.count, speed_mps, bin);
        for (size_t i = 0; i < in->chunk.count; i++) {
            histogram *const speeds = &in->speeds[i == in->chunk.ball];
            speeds->bin[bin[i]]++;
            if (speed_mps[i] > speeds->max)
                speeds->max = fmax(speeds->max, exact_speed(of, first + i));
        }
    }
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
    if (is_whole(sequence, frame, 1, rate_hz)) {
        const step next = step_to(sequence, frame, 1);
        count_fast(in, sequence, &next);
    }
    if (is_whole(sequence, frame, apart, rate_hz)) {
        const step whole = step_to(sequence, frame, apart);
        count_steps(in, sequence, &whole);
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
    quality->players = summary(&in->speeds[0]);
    quality->ball = summary(&in->speeds[1]);
    for (int t = 0; t < 2; t++)
        quality->median_players[t] = median_count(in->teams[t], quality->frames);
    if (quality->balls > 0)
        quality->ball_span_m =
            fmaxf(in->ball_high[0] - in->ball_low[0], in->ball_high[1] - in->ball_low[1]);
}

void traj_quality_measure(const traj_recording *recording, int64_t last, traj_quality *quality)
{
    measuring in = {.quality = quality,
                    .half_m = {(float)(recording->pitch_length_m / 2.0 + TRAJ_RUN_OFF_M),
                               (float)(recording->pitch_width_m / 2.0 + TRAJ_RUN_OFF_M)},
                    .ball_low = {INFINITY, INFINITY},
                    .ball_high = {-INFINITY, -INFINITY}};
    const size_t apart =
        (size_t)fmax(round(TRAJ_SPEED_OVER_S * traj_rate_hz(recording->rate)), 1.0);
    memset(quality, 0, sizeof *quality);
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        turn_to(&in.chunk, sequence, 0);
        for (size_t f = 0; f < sequence->frames && sequence->frame_id[f] <= last; f++) {
            quality->frames++;
            count_positions(&in, sequence, f);
            if (sequence->extrapolated != NULL) count_estimates(quality, sequence, f);
            count_speeds(&in, sequence, f, apart, traj_rate_hz(recording->rate));
            if (sequence->play != NULL) count_play(quality, &sequence->play[f]);
        }
    }
    finish(&in);
}
