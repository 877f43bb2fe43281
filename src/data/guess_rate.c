/* Frames per second, and a time for every frame.
 *
 *   1. frame_id_step = the commonest difference between neighbouring frame ids
 *   2. a step of the clock = the mean time between neighbouring frames that are one step apart, and
 *      at most (what those times differ by + 1 us) / their number away from the true one, as the
 *      clock's roundings do not add up
 *   3. rate = the plainest of the rates in use that the step allows, else the simplest such ratio
 *   4. a clock too coarse for that (whole seconds): rate = frames / seconds over the longest
 *      stretch, rounded to a rate that is in use
 *   5. no clock: the layout's rate, or --source-rate
 *      (--source-rate, then the metadata, go before all of these)
 *   6. times are made to count from the start of the period, or, without a clock, from the first
 *      frame */
#include "guess.h"

#include "clock.h"

#include "traj/base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* As many differences as are ever needed for a median. */
#define ENOUGH 4001

/* From one frame to the next; other steps mean that the clock is in another unit. */
#define SLOWEST_S 2.0
#define FASTEST_S 0.002

/* A clock's second may be this share longer or shorter than that of the cameras. */
#define CLOCK_DRIFT 5e-4

/* Ids this much more or less apart on average than mostly are no whole number apart; a lost frame
 * here and there is less. */
#define UNEVEN 0.05

/* Times of day are rounded so far (clock.h). */
#define CLOCK_DIGIT_S 1e-6

static const traj_rate rates_in_use[] = {
    {1, 1},  {2, 1},  {5, 2},  {5, 1},        {25, 4}, {10, 1}, {25, 2},       {15, 1},
    {20, 1}, {25, 1}, {30, 1}, {30000, 1001}, {50, 1}, {60, 1}, {60000, 1001}, {100, 1}};
#define RATES_IN_USE (sizeof rates_in_use / sizeof rates_in_use[0])

static traj_rate nearest_rate_in_use(double hz)
{
    traj_rate best = rates_in_use[0];
    for (size_t r = 1; r < RATES_IN_USE; r++)
        if (fabs(log(traj_rate_hz(rates_in_use[r]) / hz)) < fabs(log(traj_rate_hz(best) / hz)))
            best = rates_in_use[r];
    return best;
}

/* The plainest one within this share of hz, of two as plain the nearer; none: no rate in use. */
static traj_rate plainest_rate_in_use(double hz, double share)
{
    traj_rate best = {0};
    double least = 0.0;
    for (size_t r = 0; r < RATES_IN_USE; r++) {
        const traj_rate rate = rates_in_use[r];
        const double off = fabs(traj_rate_hz(rate) - hz);
        const bool plainer = best.num == 0 || rate.den < best.den;
        const bool nearer = rate.den == best.den && off < least;
        if (off > share * hz || !(plainer || nearer)) continue;
        best = rate;
        least = off;
    }
    return best;
}

/* Ids count frames one by one (step 1), or name every tenth of a video, or are milliseconds. */
static double commonest_step(const traj_recording *recording, double *difference)
{
    size_t count = 0;
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        for (size_t f = 1; f < sequence->frames && count < ENOUGH; f++)
            difference[count++] = (double)(sequence->frame_id[f] - sequence->frame_id[f - 1]);
    }
    qsort(difference, count, sizeof *difference, traj_compare_doubles);
    double best = 1.0;
    size_t most = 0;
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin; end < count && difference[end] == difference[begin]; end++) {
        }
        if (end - begin > most) {
            most = end - begin;
            best = difference[begin];
        }
    }
    return best;
}

/* The median of seconds per step; 0 when it cannot be told (no clock, or one too coarse). */
static double median_seconds(const traj_recording *recording, double *difference)
{
    size_t count = 0;
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        for (size_t f = 1; f < sequence->frames && count < ENOUGH; f++) {
            double ids = (double)(sequence->frame_id[f] - sequence->frame_id[f - 1]);
            double seconds = sequence->time_s[f] - sequence->time_s[f - 1];
            bool one_step = ids <= 1.5 * recording->frame_id_step;
            if (one_step && !isnan(seconds)) difference[count++] = seconds;
        }
    }
    qsort(difference, count, sizeof *difference, traj_compare_doubles);
    return count == 0 ? 0.0 : difference[count / 2];
}

/* Steps per second over the sequence with the most seconds; 0 without a clock. */
static double mean_rate(const traj_recording *recording)
{
    double longest = 0.0, rate = 0.0;
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *sequence = &recording->sequence[s];
        size_t last = sequence->frames - 1;
        double seconds = sequence->time_s[last] - sequence->time_s[0];
        double ids = (double)(sequence->frame_id[last] - sequence->frame_id[0]);
        if (!(seconds > longest)) continue;
        longest = seconds;
        rate = ids / recording->frame_id_step / seconds;
    }
    return longest >= 10.0 ? rate : 0.0;
}

/* Steps count that lie within these shares of the median: longer ones hide lost frames. */
#define LEAST_STEP 0.4
#define MOST_STEP  1.5

/* Seconds from frame to frame. */
typedef struct clock_step {
    double median_s, mean_s;
    double share; /* of the mean that it may be wrong by, at most a half */
} clock_step;

static void measure_step(const traj_recording *recording, clock_step *step)
{
    double sum_s = 0.0, least_s = INFINITY, most_s = 0.0;
    size_t count = 0, runs = 0;
    for (size_t s = 0; s < recording->sequences && count < ENOUGH; s++) {
        const traj_sequence *const sequence = &recording->sequence[s];
        bool runs_on = false;
        for (size_t f = 1; f < sequence->frames; f++) {
            const double ids = (double)(sequence->frame_id[f] - sequence->frame_id[f - 1]);
            const double seconds = sequence->time_s[f] - sequence->time_s[f - 1];
            const bool counts = ids <= 1.5 * recording->frame_id_step &&
                                seconds > LEAST_STEP * step->median_s &&
                                seconds < MOST_STEP * step->median_s;
            runs += counts && !runs_on;
            runs_on = counts;
            if (!counts) continue;
            count++;
            sum_s += seconds;
            least_s = fmin(least_s, seconds);
            most_s = fmax(most_s, seconds);
        }
    }
    step->mean_s = sum_s / (double)count;
    step->share = fmin((double)runs * (most_s - least_s + CLOCK_DIGIT_S) / sum_s, 0.5);
}

/* The median, where the mean leads to no rate in use: frames may come unevenly. */
static traj_rate rate_of_step(const clock_step *step)
{
    traj_rate rate = plainest_rate_in_use(1.0 / step->mean_s, fmax(step->share, CLOCK_DRIFT));
    if (rate.num == 0) rate = plainest_rate_in_use(1.0 / step->median_s, CLOCK_DRIFT);
    return rate.num > 0 ? rate : traj_rate_near(1.0 / step->mean_s, step->share);
}

/* Only every n-th frame may be there. */
static clock_step find_step(traj_recording *recording, double *difference)
{
    clock_step step = {.median_s = median_seconds(recording, difference)};
    if (!(step.median_s > 0.0)) return step;
    measure_step(recording, &step);
    if (step.median_s <= SLOWEST_S || recording->frame_id_step <= 1.0) return step;
    step.median_s /= recording->frame_id_step;
    step.mean_s /= recording->frame_id_step;
    recording->frame_id_step = 1.0;
    return step;
}

static bool agrees(const clock_step *step, traj_rate rate)
{
    return fabs(step->median_s * traj_rate_hz(rate) - 1.0) < 0.2;
}

/* That of the metadata, whose frames have ids one by one: where ids leave some out, so does the
 * file, unless the clock knows better. */
static traj_rate rate_by_metadata(const traj_reading *reading, const clock_step *step)
{
    traj_rate rate = reading->tracks->facts.rate;
    const double every = reading->recording->frame_id_step;
    if (rate.num > 0 && every > 1.0 && !agrees(step, rate))
        (void)traj_rate_tell(traj_rate_hz(rate) / every, &rate);
    return rate;
}

/* A clock that does not go with what is told is no clock of ours. */
static void doubt_clock(traj_reading *reading, const clock_step *step, traj_rate told)
{
    if (!(step->median_s > 0.0) || agrees(step, told) || reading->options->source_rate_hz > 0.0)
        return;
    traj_guess_doubt(reading->guesses, "rate", "--source-rate HZ",
                     "the metadata make it %g frames a second, but the clock advances by %.4g s "
                     "from frame to frame; times go by the metadata",
                     traj_rate_hz(told), step->median_s);
}

/* By the user, or else the metadata; none: by neither. Errors: TRAJ_E_DATA. */
static traj_status find_told(const traj_reading *reading, const clock_step *step, traj_rate *told,
                             traj_error *err)
{
    const double hz = reading->options->source_rate_hz;
    *told = rate_by_metadata(reading, step);
    if (!(hz > 0.0) || traj_rate_tell(hz, told)) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA, "%s: --source-rate: %g is no number of frames a second",
                     reading->tracks->file, hz);
}

/* Errors: TRAJ_E_DATA where the clock is none of a match. */
static traj_status rate_by_clock(traj_reading *reading, const clock_step *step, traj_error *err)
{
    traj_rate *const rate = &reading->recording->source_rate;
    if (step->median_s > SLOWEST_S || step->median_s < FASTEST_S)
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s: the clock advances by %g s from frame to frame, which no tracking system "
            "does; say the rate with --source-rate HZ",
            reading->tracks->file, step->median_s);
    *rate = rate_of_step(step);
    traj_guess_add(reading->guesses, "rate", "--source-rate HZ",
                   "%g frames a second: the clock advances by %.4g s from frame to frame",
                   traj_rate_hz(*rate), step->mean_s);
    return TRAJ_OK;
}

/* Errors: TRAJ_E_DATA where it fixes none. */
static traj_status rate_by_layout(traj_reading *reading, traj_error *err)
{
    const traj_layout *const layout = &reading->tracks->layout;
    const double hz = traj_rate_hz(layout->rate);
    if (layout->rate.num == 0)
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s: nothing tells how many frames there are in a second: no usable timestamp "
            "column; say it with --source-rate HZ (25 is common)",
            reading->tracks->file);
    reading->recording->source_rate = layout->rate;
    if (layout->rate_why != NULL)
        traj_guess_add(reading->guesses, "rate", "--source-rate HZ", "%g frames a second: %s", hz,
                       layout->rate_why);
    else
        traj_guess_add(reading->guesses, "rate", "--source-rate HZ",
                       "%g frames a second: the rate of every %s; the file has no clock", hz,
                       layout->name);
    return TRAJ_OK;
}

static traj_status find_rate(traj_reading *reading, double *difference, bool *clock_ticks,
                             traj_error *err)
{
    traj_recording *const recording = reading->recording;
    const double coarse = mean_rate(recording);
    const clock_step step = find_step(recording, difference);
    traj_rate told;
    const traj_status status = find_told(reading, &step, &told, err);
    if (status != TRAJ_OK) return status;
    *clock_ticks = step.median_s > 0.0;
    if (told.num > 0) {
        doubt_clock(reading, &step, told);
        *clock_ticks = *clock_ticks && agrees(&step, told);
        recording->source_rate = told;
        return TRAJ_OK;
    }
    if (*clock_ticks) return rate_by_clock(reading, &step, err);
    if (!(coarse > 0.0)) return rate_by_layout(reading, err);
    recording->source_rate = nearest_rate_in_use(coarse);
    traj_guess_add(
        reading->guesses, "rate", "--source-rate HZ",
        "%g frames a second: the clock shows whole seconds, and there are %.3g frames in each",
        traj_rate_hz(recording->source_rate), coarse);
    return TRAJ_OK;
}

static traj_status check_clock(const traj_reading *reading, const traj_sequence *sequence,
                               traj_error *err)
{
    for (size_t f = 1; f < sequence->frames; f++)
        if (!(sequence->time_s[f] > sequence->time_s[f - 1]))
            return traj_fail(
                err, TRAJ_E_DATA,
                "%s: time stands still or runs backwards in sequence %s: frame %" PRId64
                " at %.3f s, frame %" PRId64 " at %.3f s; correct the clock, or remove "
                "its column and give --source-rate HZ",
                reading->tracks->file, sequence->name, sequence->frame_id[f - 1],
                sequence->time_s[f - 1], sequence->frame_id[f], sequence->time_s[f]);
    return TRAJ_OK;
}

static bool every_frame_timed(const traj_sequence *sequence)
{
    for (size_t f = 0; f < sequence->frames; f++)
        if (isnan(sequence->time_s[f])) return false;
    return true;
}

/* A clock of the match that runs on through half-time, or one of the day, restarts with the
 * sequence. */
static void restart_clock(const traj_reading *reading, size_t s, double *ended_s)
{
    traj_sequence *sequence = &reading->recording->sequence[s];
    double first_s = sequence->time_s[0], last_s = sequence->time_s[sequence->frames - 1];
    bool runs_on = s > 0 && sequence->period_id > 1 && first_s >= *ended_s;
    *ended_s = last_s;
    if (reading->tracks->layout.period_clock) return;
    if (!reading->tracks->wall_clock && !runs_on) return;
    for (size_t f = 0; f < sequence->frames; f++)
        sequence->time_s[f] = traj_clock_since(sequence->time_s[f], first_s);
}

static void count_time(const traj_recording *recording, traj_sequence *sequence)
{
    for (size_t f = 0; f < sequence->frames; f++) {
        const double ids = (double)(sequence->frame_id[f] - sequence->frame_id[0]);
        sequence->time_s[f] =
            traj_rate_time(recording->source_rate, ids / recording->frame_id_step);
    }
}

/* Ids of frames that were resampled are rounded: 25 Hz at 10 Hz leave 1, 4, 6, 9, ..., on average
 * 2.5 apart. Counted are steps that by the clock are of one frame. */
static void refine_step(traj_recording *recording)
{
    const double hz = traj_rate_hz(recording->rate);
    double ids = 0.0, steps = 0.0;
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *const sequence = &recording->sequence[s];
        for (size_t f = 1; f < sequence->frames; f++) {
            const double step = (sequence->time_s[f] - sequence->time_s[f - 1]) * hz;
            if (!(step > 0.5 && step < 1.5)) continue;
            ids += (double)(sequence->frame_id[f] - sequence->frame_id[f - 1]);
            steps++;
        }
    }
    const double mean = ids / steps;
    if (fabs(mean - recording->frame_id_step) > UNEVEN * mean) recording->frame_id_step = mean;
}

traj_status traj_guess_rate(traj_reading *reading, traj_error *err)
{
    traj_recording *recording = reading->recording;
    double *difference = traj_alloc(ENOUGH, sizeof *difference);
    bool clock_ticks = false;
    double ended_s = 0.0;
    if (difference == NULL) return traj_fail_memory(err, "the times between frames");
    recording->frame_id_step = commonest_step(recording, difference);
    traj_status status = find_rate(reading, difference, &clock_ticks, err);
    traj_free(difference);
    recording->rate = recording->source_rate;
    for (size_t s = 0; s < recording->sequences && status == TRAJ_OK; s++) {
        traj_sequence *sequence = &recording->sequence[s];
        if (!clock_ticks || !every_frame_timed(sequence)) {
            count_time(recording, sequence);
            continue;
        }
        restart_clock(reading, s, &ended_s);
        status = check_clock(reading, sequence, err);
    }
    if (status == TRAJ_OK && clock_ticks) refine_step(recording);
    return status;
}
