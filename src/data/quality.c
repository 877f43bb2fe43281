/* See traj/data/quality.h. Medians are read from histograms, so that no list of speeds is kept. */
#include "traj/data/quality.h"

#include "traj/base/pool.h"
#include "traj/base/simd.h"

#include <math.h>
#include <string.h>

#define BIN_MPS 0.05f

/* Speeds as floats are right to this share of them. */
#define ROUNDING 1e-5

enum { BINS = 2000, NO_BIN = BINS }; /* up to 100 m/s; of a speed that is NaN */
enum { MOST_COUNTED = 63 };          /* players of a team */
enum { CHUNK = 64 };                 /* agents looked at side by side */
enum { MOST_THREADS = 4, PARTS = 16, FEW_POSITIONS = 300000 };

/* Of players, of the ball: faster steps from one frame to the next count as fast. */
static const double fast_from_mps[] = {TRAJ_FAST_MPS, TRAJ_FAST_BALL_MPS};

typedef struct histogram {
    size_t bin[BINS + 1]; /* the last but one: and all that is faster; NO_BIN */
    size_t fast;
    double max;
} histogram;

/* Agents looked at side by side: a chunk in blocks, as many as registers hold. The last block of
 * several overlaps the one before, so that all are whole. */
enum { BLOCK = 16, BLOCKS = CHUNK / BLOCK };

/* A chunk of a sequence's agents. */
typedef struct chunk {
    size_t first, count;
    size_t ball;           /* its place, count: it is not among them */
    size_t block[BLOCKS];  /* [blocks] the place of the first of each */
    size_t blocks;         /* 0: there are too few agents for one */
    int32_t counts[CHUNK]; /* [BLOCK * blocks] 1: he is in no block before; [count] without blocks */
    int32_t home[CHUNK];   /* likewise; 1: and of the home team */
    float fast_mps[CHUNK]; /* [count] about the fastest so far of those he is counted with */
    float limit_mps[2 * CHUNK]; /* [count, 2] who stays below along x and y does not count as fast */
} chunk;

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
    chunk chunk;                       /* looked at last, of the sequence at hand */
    size_t teams[2][MOST_COUNTED + 1]; /* frames with so many players */
    size_t most_at[2];                 /* which frame of all was the first with the most */
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

/* Lane l of the chunk's blocks is agent i of the chunk. */
static void set_lane(chunk *to, const traj_sequence *sequence, size_t l, size_t i, bool counts)
{
    to->counts[l] = counts;
    to->home[l] = counts && sequence->agent[to->first + i].team == TRAJ_TEAM_HOME;
}

static void lay_out_blocks(chunk *to, const traj_sequence *sequence)
{
    to->blocks = to->count < BLOCK ? 0 : (to->count + BLOCK - 1) / BLOCK;
    for (size_t b = 0; b < to->blocks; b++) {
        const size_t usual = b * BLOCK;
        to->block[b] = b + 1 < to->blocks ? usual : to->count - BLOCK;
        for (size_t l = 0; l < BLOCK; l++)
            set_lane(to, sequence, usual + l, to->block[b] + l, to->block[b] + l >= usual);
    }
    for (size_t i = 0; i < to->count && to->blocks == 0; i++) set_lane(to, sequence, i, i, true);
}

/* Looks at the chunk that begins with agent `first`; that of the frame before is mostly the same. */
static void turn_to(measuring *in, const traj_sequence *sequence, size_t first)
{
    chunk *const to = &in->chunk;
    const size_t left = sequence->agents - first;
    to->first = first;
    to->count = left < CHUNK ? left : CHUNK;
    to->ball = to->count;
    for (size_t i = 0; i < to->count; i++) {
        const bool ball = sequence->agent[first + i].team == TRAJ_TEAM_BALL;
        if (ball) to->ball = i;
        to->fast_mps[i] = (float)(in->speeds[ball].max * (1.0 - ROUNDING));
        to->limit_mps[2 * i] = to->limit_mps[2 * i + 1] = 0.7f * (float)fast_from_mps[ball];
    }
    lay_out_blocks(to, sequence);
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

/* How many of some agents are somewhere, and on the pitch; and of these, how many of home. */
typedef struct heads {
    int32_t seen, inside, seen_home, inside_home;
} heads;

/* Adds count agents, who are at pos. */
TRAJ_INLINE void count_some(const float *pos, const float half_m[2], const int32_t *counts,
                            const int32_t *home, size_t count, heads *sum)
{
    for (size_t i = 0; i < count; i++) {
        const float x = pos[2 * i], y = pos[2 * i + 1];
        const int32_t here = x == x; /* comparisons with NaN are false */
        const int32_t on = (fabsf(x) <= half_m[0]) & (fabsf(y) <= half_m[1]);
        sum->seen += here & counts[i];
        sum->inside += on & counts[i];
        sum->seen_home += here & home[i];
        sum->inside_home += on & home[i];
    }
}

/* Adds the agents of a chunk, who are at pos. */
TRAJ_SIMD static void count_heads(const chunk *of, const float *pos, const float half_m[2],
                                  head_count *frame)
{
    heads all = {0};
    for (size_t b = 0; b < of->blocks; b++)
        count_some(pos + 2 * of->block[b], half_m, of->counts + b * BLOCK, of->home + b * BLOCK,
                   BLOCK, &all);
    if (of->blocks == 0) count_some(pos, half_m, of->counts, of->home, of->count, &all);
    const bool ball = of->ball < of->count;
    const float *const at = pos + 2 * (ball ? of->ball : 0);
    const int32_t seen_ball = ball && at[0] == at[0];
    const int32_t inside_ball = ball && fabsf(at[0]) <= half_m[0] && fabsf(at[1]) <= half_m[1];
    frame->seen[TRAJ_TEAM_HOME] += all.seen_home;
    frame->inside[TRAJ_TEAM_HOME] += all.inside_home;
    frame->seen[TRAJ_TEAM_BALL] += seen_ball;
    frame->inside[TRAJ_TEAM_BALL] += inside_ball;
    frame->seen[TRAJ_TEAM_AWAY] += all.seen - all.seen_home - seen_ball;
    frame->inside[TRAJ_TEAM_AWAY] += all.inside - all.inside_home - inside_ball;
}

static void count_team(measuring *in, int team, const head_count *shown, int64_t frame_id,
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
    head_count shown = {0};
    const float *const pos = sequence->pos_m + frame * sequence->agents * 2;
    for (size_t first = 0; first < sequence->agents; first += CHUNK) {
        if (in->chunk.first != first) turn_to(in, sequence, first);
        count_heads(&in->chunk, pos + 2 * first, in->half_m, &shown);
        if (in->chunk.ball < in->chunk.count) widen_box(in, pos + 2 * (first + in->chunk.ball));
    }
    count_team(in, TRAJ_TEAM_HOME, &shown, sequence->frame_id[frame], at);
    count_team(in, TRAJ_TEAM_AWAY, &shown, sequence->frame_id[frame], at);
    in->quality.balls += (size_t)shown.seen[TRAJ_TEAM_BALL];
    in->quality.balls_on_pitch += (size_t)shown.inside[TRAJ_TEAM_BALL];
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

TRAJ_INLINE int measure_some(const float *from, const float *to, float per_second,
                             const float *fast_mps, size_t count, int32_t *bin)
{
    int faster = 0;
    for (size_t i = 0; i < count; i++) {
        const float dx = to[2 * i] - from[2 * i], dy = to[2 * i + 1] - from[2 * i + 1];
        const float speed = sqrtf(dx * dx + dy * dy) * per_second;
        const float scaled = speed * (1.0f / BIN_MPS);
        bin[i] = scaled < BINS - 1 ? (int32_t)scaled : scaled == scaled ? BINS - 1 : NO_BIN;
        faster |= speed > fast_mps[i];
    }
    return faster;
}

/* bin[i]: of the histogram, for the speed |to - from| / seconds of each of a chunk, NO_BIN where he
 * is missing. Whether somebody may be faster than all before. */
TRAJ_SIMD static bool measure_speeds(const step *of, const chunk *agents, int32_t *bin)
{
    const float *const from = of->from + 2 * agents->first, *const to = of->to + 2 * agents->first;
    const float per_second = (float)(1.0 / of->seconds);
    int faster = 0;
    for (size_t b = 0; b < agents->blocks; b++) {
        const size_t at = agents->block[b];
        faster |= measure_some(from + 2 * at, to + 2 * at, per_second, agents->fast_mps + at, BLOCK,
                               bin + at);
    }
    if (agents->blocks == 0)
        faster = measure_some(from, to, per_second, agents->fast_mps, agents->count, bin);
    return faster != 0;
}

TRAJ_INLINE int exceed_some(const float *from, const float *to, const float *limit_mps,
                            float seconds, size_t count)
{
    int faster = 0;
    for (size_t i = 0; i < count; i++) faster |= fabsf(to[i] - from[i]) > limit_mps[i] * seconds;
    return faster;
}

/* Whether anybody of a chunk may be as fast as counts: along x or y by 0.7 of it, as he is then. */
TRAJ_SIMD static bool may_be_fast(const step *of, const chunk *agents)
{
    const float *const from = of->from + 2 * agents->first, *const to = of->to + 2 * agents->first;
    const float seconds = (float)of->seconds;
    int faster = 0;
    for (size_t b = 0; b < agents->blocks; b++) {
        const size_t at = 2 * agents->block[b];
        faster |= exceed_some(from + at, to + at, agents->limit_mps + at, seconds, 2 * BLOCK);
    }
    if (agents->blocks == 0)
        faster = exceed_some(from, to, agents->limit_mps, seconds, 2 * agents->count);
    return faster != 0;
}

/* The speed that counts, with all its digits: the fastest are shown, and held against limits. */
static double exact_speed(const step *of, size_t a)
{
    const double dx = of->to[2 * a] - of->from[2 * a];
    const double dy = of->to[2 * a + 1] - of->from[2 * a + 1];
    return sqrt(dx * dx + dy * dy) / of->seconds;
}

/* Steps from one frame to the next beyond a limit. In most frames nobody is near it. */
static void count_fast(measuring *in, const step *of)
{
    const chunk *const agents = &in->chunk;
    if (!may_be_fast(of, agents)) return;
    for (size_t i = 0; i < agents->count; i++) {
        const bool ball = i == agents->ball;
        in->speeds[ball].fast += exact_speed(of, agents->first + i) > fast_from_mps[ball];
    }
}

static void count_chunk(measuring *in, const traj_sequence *sequence, const step *of)
{
    int32_t bin[CHUNK];
    const size_t first = in->chunk.first, count = in->chunk.count, ball = in->chunk.ball;
    size_t *const players = in->speeds[0].bin;
    const bool faster = measure_speeds(of, &in->chunk, bin);
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
    const step one = next ? step_to(sequence, frame, 1) : (step){0};
    const step several = whole ? step_to(sequence, frame, in->apart) : (step){0};
    for (size_t first = 0; first < sequence->agents; first += CHUNK) {
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
        for (size_t b = 0; b <= BINS; b++) speeds->bin[b] += part->speeds[t].bin[b];
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

/* Ids increase. */
static size_t frames_until(const traj_sequence *sequence, int64_t last)
{
    size_t low = 0, high = sequence->frames;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sequence->frame_id[middle] <= last)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Frames [begin, end) of all. */
static void measure_range(const survey *of, measuring *in, size_t begin, size_t end)
{
    size_t before = 0;
    for (size_t s = 0; s < of->recording->sequences && before < end; s++) {
        const traj_sequence *const sequence = &of->recording->sequence[s];
        const size_t frames = frames_until(sequence, of->last);
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
        of.frames += frames_until(&recording->sequence[s], last);
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
