/* See traj/data/quality.h. Medians are read from histograms, so that no list of speeds is kept. */
#include "traj/data/quality.h"

#include "chunk.h"

#include "traj/base/pool.h"

#include <math.h>

/* Speeds as floats are right to this share of them. */
#define ROUNDING 1e-5

/* Who is as fast as this is so along x or y by a little more than this share of it. */
#define ALONG 0.7f

enum { MOST_COUNTED = 63 }; /* players of a team */
enum { MOST_THREADS = 4, PARTS = 16, FEW_POSITIONS = 300000 };

/* Of players, of the ball: faster steps from one frame to the next count as fast. */
static const double fast_from_mps[] = {TRAJ_FAST_MPS, TRAJ_FAST_BALL_MPS};

typedef struct histogram {
    size_t bin[TRAJ_BINS + 1]; /* and TRAJ_NO_BIN */
    size_t fast;
    double max;
} histogram;

/* Frames of a sequence that are measured by one thread. */
typedef struct stretch {
    const traj_sequence *sequence; /* view */
    size_t begin, end;
    size_t before; /* frames of the sequences before */
} stretch;

typedef struct measuring {
    traj_quality quality;
    float half_m[2]; /* of what counts as on the pitch */
    double rate_hz;
    size_t apart;                      /* frames that a step goes over */
    histogram speeds[2];               /* of players, of the ball */
    traj_chunk chunk;                  /* looked at last, of the sequence at hand */
    size_t teams[2][MOST_COUNTED + 1]; /* frames with so many players */
    size_t most_at[2];                 /* which frame of all was the first with the most */
    float ball_low[2], ball_high[2];
} measuring;

/* What a share of the speeds stays below. */
static double quantile(const histogram *speeds, size_t count, double share)
{
    const double wanted = share * (double)count;
    double below = 0.0;
    for (size_t b = 0; b < TRAJ_BINS - 1; b++) {
        const double inside = (double)speeds->bin[b];
        if (below + inside >= wanted && inside > 0.0)
            return fmin(((double)b + (wanted - below) / inside) * TRAJ_BIN_MPS, speeds->max);
        below += inside;
    }
    return speeds->max;
}

static traj_speeds summary(const histogram *speeds)
{
    size_t count = 0;
    for (size_t b = 0; b < TRAJ_BINS; b++) count += speeds->bin[b];
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

/* Looks at the chunk that begins with agent `first`; that of the frame before is mostly the same.
 */
static void turn_to(measuring *in, const traj_sequence *sequence, size_t first)
{
    traj_chunk *const to = &in->chunk;
    const size_t left = sequence->agents - first;
    to->first = first;
    to->count = left < TRAJ_CHUNK ? left : TRAJ_CHUNK;
    to->ball = to->count;
    for (size_t i = 0; i < to->count; i++) {
        const bool ball = sequence->agent[first + i].team == TRAJ_TEAM_BALL;
        if (ball) to->ball = i;
        to->fast_mps[i] = (float)(in->speeds[ball].max * (1.0 - ROUNDING));
        to->limit_mps[2 * i] = to->limit_mps[2 * i + 1] = ALONG * (float)fast_from_mps[ball];
    }
    traj_chunk_lay_out(to, sequence);
}

static void widen_box(measuring *in, const float pos[2])
{
    for (int d = 0; d < 2; d++) {
        in->ball_low[d] = fminf(in->ball_low[d], pos[d]);
        in->ball_high[d] = fmaxf(in->ball_high[d], pos[d]);
    }
}

static void count_team(measuring *in, int team, const traj_head_count *shown, int64_t frame_id,
                       size_t at)
{
    traj_quality *const quality = &in->quality;
    const size_t seen = (size_t)shown->seen[team];
    quality->positions += seen;
    quality->on_pitch += (size_t)shown->inside[team];
    quality->over_eleven[team] += seen > 11;
    in->teams[team][seen < MOST_COUNTED ? seen : MOST_COUNTED]++;
    if (seen <= quality->most_players[team]) return;
    quality->most_players[team] = seen;
    quality->most_frame[team] = frame_id;
    in->most_at[team] = at;
}

/* at: which frame of all it is. */
static void count_positions(measuring *in, const traj_sequence *sequence, size_t frame, size_t at)
{
    traj_head_count shown = {0};
    const float *const pos = sequence->pos_m + frame * sequence->agents * 2;
    for (size_t first = 0; first < sequence->agents; first += TRAJ_CHUNK) {
        if (in->chunk.first != first) turn_to(in, sequence, first);
        traj_chunk_count(&in->chunk, pos + 2 * first, in->half_m, &shown);
        if (in->chunk.ball < in->chunk.count) widen_box(in, pos + 2 * (first + in->chunk.ball));
    }
    count_team(in, TRAJ_TEAM_HOME, &shown, sequence->frame_id[frame], at);
    count_team(in, TRAJ_TEAM_AWAY, &shown, sequence->frame_id[frame], at);
    in->quality.balls += (size_t)shown.seen[TRAJ_TEAM_BALL];
    in->quality.balls_on_pitch += (size_t)shown.inside[TRAJ_TEAM_BALL];
}

static traj_step step_to(const traj_sequence *sequence, size_t frame, size_t apart)
{
    const float *const to = sequence->pos_m + frame * sequence->agents * 2;
    return (traj_step){.from = to - apart * sequence->agents * 2,
                       .to = to,
                       .seconds = sequence->time_s[frame] - sequence->time_s[frame - apart]};
}

/* The speed that counts, with all its digits: the fastest are shown, and held against limits. */
static double exact_speed(const traj_step *of, size_t a)
{
    const double dx = of->to[2 * a] - of->from[2 * a];
    const double dy = of->to[2 * a + 1] - of->from[2 * a + 1];
    return sqrt(dx * dx + dy * dy) / of->seconds;
}

/* Steps from one frame to the next beyond a limit. In most frames nobody is near it. */
static void count_fast(measuring *in, const traj_step *of)
{
    const traj_chunk *const agents = &in->chunk;
    if (!traj_chunk_may_be_fast(agents, of)) return;
    for (size_t i = 0; i < agents->count; i++) {
        const bool ball = i == agents->ball;
        in->speeds[ball].fast += exact_speed(of, agents->first + i) > fast_from_mps[ball];
    }
}

static void count_chunk(measuring *in, const traj_sequence *sequence, const traj_step *of)
{
    int32_t bin[TRAJ_CHUNK];
    const size_t first = in->chunk.first, count = in->chunk.count, ball = in->chunk.ball;
    size_t *const players = in->speeds[0].bin;
    const bool faster = traj_chunk_speeds(&in->chunk, of, bin);
    for (size_t i = 0; i < count; i++) players[bin[i]]++;
    if (ball < count) { /* he was none of them */
        players[bin[ball]]--;
        in->speeds[1].bin[bin[ball]]++;
    }
    if (!faster) return;
    for (size_t i = 0; i < count; i++) {
        histogram *const speeds = &in->speeds[i == ball];
        speeds->max = fmax(speeds->max, exact_speed(of, first + i)); /* NaN is no number to fmax */
    }
    turn_to(in, sequence, first);
}

/* Whether no frame is missing among the last `apart`. */
static bool is_whole(const traj_sequence *sequence, size_t frame, size_t apart, double rate_hz)
{
    if (frame < apart) return false;
    const double frames = (sequence->time_s[frame] - sequence->time_s[frame - apart]) * rate_hz;
    return frames > 0.0 && frames < (double)apart + 0.5;
}

/* Steps of several frames, and of one, that end in this one. */
static void count_speeds(measuring *in, const traj_sequence *sequence, size_t frame)
{
    const bool next = is_whole(sequence, frame, 1, in->rate_hz);
    const bool whole = is_whole(sequence, frame, in->apart, in->rate_hz);
    const traj_step one = next ? step_to(sequence, frame, 1) : (traj_step){0};
    const traj_step several = whole ? step_to(sequence, frame, in->apart) : (traj_step){0};
    for (size_t first = 0; first < sequence->agents; first += TRAJ_CHUNK) {
        if (in->chunk.first != first) turn_to(in, sequence, first);
        if (next) count_fast(in, &one);
        if (whole) count_chunk(in, sequence, &several);
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

static void measure(measuring *in, const stretch *of)
{
    const traj_sequence *const sequence = of->sequence;
    turn_to(in, sequence, 0);
    for (size_t f = of->begin; f < of->end; f++) {
        in->quality.frames++;
        count_positions(in, sequence, f, of->before + f);
        if (sequence->extrapolated != NULL) count_estimates(&in->quality, sequence, f);
        count_speeds(in, sequence, f);
        if (sequence->play != NULL) count_play(&in->quality, &sequence->play[f]);
    }
}

/* ---- several threads ---- */

static void add_most(measuring *sum, const measuring *part, int team)
{
    traj_quality *const quality = &sum->quality;
    const size_t most = quality->most_players[team], other = part->quality.most_players[team];
    if (other < most || other == 0) return;
    if (other == most && part->most_at[team] > sum->most_at[team]) return;
    quality->most_players[team] = other;
    quality->most_frame[team] = part->quality.most_frame[team];
    sum->most_at[team] = part->most_at[team];
}

/* sum += part; the same whatever was measured in which. */
static void add(measuring *sum, const measuring *part)
{
    traj_quality *const to = &sum->quality;
    const traj_quality *const from = &part->quality;
    to->frames += from->frames;
    to->positions += from->positions;
    to->on_pitch += from->on_pitch;
    to->balls += from->balls;
    to->balls_on_pitch += from->balls_on_pitch;
    to->estimated += from->estimated;
    to->judged += from->judged;
    to->alive += from->alive;
    to->dead += from->dead;
    to->home_owns += from->home_owns;
    to->away_owns += from->away_owns;
    for (int t = 0; t < 2; t++) {
        histogram *const speeds = &sum->speeds[t];
        add_most(sum, part, t);
        to->over_eleven[t] += from->over_eleven[t];
        for (size_t c = 0; c <= MOST_COUNTED; c++) sum->teams[t][c] += part->teams[t][c];
        for (size_t b = 0; b <= TRAJ_BINS; b++) speeds->bin[b] += part->speeds[t].bin[b];
        speeds->fast += part->speeds[t].fast;
        speeds->max = fmax(speeds->max, part->speeds[t].max);
        sum->ball_low[t] = fminf(sum->ball_low[t], part->ball_low[t]); /* t: x, y */
        sum->ball_high[t] = fmaxf(sum->ball_high[t], part->ball_high[t]);
    }
}

/* A recording, of which threads take one part after the other. */
typedef struct survey {
    const traj_recording *recording; /* view */
    int64_t last;
    size_t frames;                /* of all sequences up to there */
    measuring part[MOST_THREADS]; /* by worker */
} survey;

/* Frames [begin, end) of all. */
static void measure_range(const survey *of, measuring *in, size_t begin, size_t end)
{
    size_t before = 0;
    for (size_t s = 0; s < of->recording->sequences && before < end; s++) {
        const traj_sequence *const sequence = &of->recording->sequence[s];
        const size_t frames = traj_sequence_until(sequence, of->last);
        const stretch part = {.sequence = sequence,
                              .begin = begin > before ? begin - before : 0,
                              .end = end - before < frames ? end - before : frames,
                              .before = before};
        if (part.begin < part.end) measure(in, &part);
        before += frames;
    }
}

static void measure_part(void *context, int job, int worker)
{
    survey *const of = context;
    const size_t begin = of->frames * (size_t)job / PARTS;
    const size_t end = of->frames * ((size_t)job + 1) / PARTS;
    measure_range(of, &of->part[worker], begin, end);
}

static void finish(measuring *in)
{
    traj_quality *const quality = &in->quality;
    quality->players = summary(&in->speeds[0]);
    quality->ball = summary(&in->speeds[1]);
    for (int t = 0; t < 2; t++)
        quality->median_players[t] = median_count(in->teams[t], quality->frames);
    if (quality->balls > 0)
        quality->ball_span_m =
            fmaxf(in->ball_high[0] - in->ball_low[0], in->ball_high[1] - in->ball_low[1]);
}

/* Few positions are measured before a thread is made. */
static int threads_for(const survey *of)
{
    size_t positions = 0;
    for (size_t s = 0; s < of->recording->sequences; s++)
        positions += of->recording->sequence[s].frames * of->recording->sequence[s].agents;
    const int processors = traj_processors();
    if (positions < FEW_POSITIONS) return 1;
    return processors < MOST_THREADS ? processors : MOST_THREADS;
}

static void begin(measuring *in, const traj_recording *recording)
{
    const double rate_hz = traj_rate_hz(recording->rate);
    *in = (measuring){.half_m = {(float)(recording->pitch_length_m / 2.0 + TRAJ_RUN_OFF_M),
                                 (float)(recording->pitch_width_m / 2.0 + TRAJ_RUN_OFF_M)},
                      .rate_hz = rate_hz,
                      .apart = (size_t)fmax(round(TRAJ_SPEED_OVER_S * rate_hz), 1.0),
                      .ball_low = {INFINITY, INFINITY},
                      .ball_high = {-INFINITY, -INFINITY}};
}

void traj_quality_measure(const traj_recording *recording, int64_t last, traj_quality *quality)
{
    survey of = {.recording = recording, .last = last};
    traj_pool *pool = NULL;
    for (size_t s = 0; s < recording->sequences; s++)
        of.frames += traj_sequence_until(&recording->sequence[s], last);
    int threads = threads_for(&of);
    if (threads > 1 && traj_pool_new(&pool, threads, NULL) != TRAJ_OK) threads = 1;
    for (int t = 0; t < threads; t++) begin(&of.part[t], recording);
    if (threads > 1)
        traj_pool_run(pool, measure_part, &of, PARTS);
    else
        measure_range(&of, &of.part[0], 0, of.frames);
    for (int t = 1; t < threads; t++) add(&of.part[0], &of.part[t]);
    if (threads > 1) traj_pool_destroy(pool);
    finish(&of.part[0]);
    *quality = of.part[0].quality;
}
