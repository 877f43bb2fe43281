/* Frames per second, and a time for every frame.
 *
 *   1. frame_id_step = the commonest difference between neighbouring frame ids
 *   2. rate = 1 / the median time between neighbouring frames that are one step apart
 *   3. a clock too coarse for that (whole seconds): rate = frames / seconds over the longest
 * stretch, rounded to a rate that is in use
 *   4. no clock: the layout's rate, or --source-rate
 *      (--source-rate, then the metadata, go before all of these)
 *   5. times are made to count from the start of the period, or, without a clock, from the first
 * frame */
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

static const double rates_in_use[] = {1,  2,  2.5,   5,  6.25, 10,    12.5, 15,
                                      20, 25, 29.97, 30, 50,   59.94, 60,   100};

static double nearest_rate_in_use(double rate_hz)
{
    double best = rates_in_use[0];
    for (size_t r = 1; r < sizeof rates_in_use / sizeof rates_in_use[0]; r++)
        if (fabs(log(rates_in_use[r] / rate_hz)) < fabs(log(best / rate_hz)))
            best = rates_in_use[r];
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

static bool is_in_use(double rate_hz)
{
    return fabs(rate_hz / nearest_rate_in_use(rate_hz) - 1.0) < 5e-4;
}

/* 25.0000003 is 25; 29.97 stays. */
static double tidy_rate(double rate_hz)
{
    if (is_in_use(rate_hz)) return nearest_rate_in_use(rate_hz);
    return round(rate_hz * 1000.0) / 1000.0;
}

/* Steps of 33 ms are 30.3 Hz, but a clock of milliseconds shows 29.97 Hz so: where the mean over a
 * stretch is a rate in use and the step's is none, the clock is only too coarse for one step. */
static double step_rate(double seconds, double mean_hz)
{
    const bool agree = fabs(mean_hz * seconds - 1.0) < 0.03;
    return tidy_rate(agree && !is_in_use(1.0 / seconds) && is_in_use(mean_hz) ? mean_hz
                                                                              : 1.0 / seconds);
}

static traj_status find_rate(traj_reading *reading, double *difference, bool *clock_ticks,
                             traj_error *err)
{
    traj_recording *recording = reading->recording;
    const traj_layout *layout = &reading->tracks->layout;
    double seconds = median_seconds(recording, difference), coarse = mean_rate(recording);
    if (seconds > SLOWEST_S &&
        recording->frame_id_step > 1.0) { /* only every n-th frame is there */
        seconds /= recording->frame_id_step;
        recording->frame_id_step = 1.0;
    }
    double told_hz = reading->options->source_rate_hz;
    if (!(told_hz > 0.0)) told_hz = reading->tracks->facts.rate_hz;
    *clock_ticks = seconds > 0.0;
    if (told_hz > 0.0) {
        recording->source_rate_hz = told_hz;
        *clock_ticks = *clock_ticks &&
                       fabs(seconds * told_hz - 1.0) < 0.2; /* else it is no clock of ours */
    } else if (*clock_ticks && (seconds > SLOWEST_S || seconds < FASTEST_S)) {
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s: the clock advances by %g s from frame to frame, which no tracking system "
            "does; say the rate with --source-rate HZ",
            reading->tracks->file, seconds);
    } else if (*clock_ticks) {
        recording->source_rate_hz = step_rate(seconds, coarse);
        traj_guess_add(reading->guesses, "rate", "--source-rate HZ",
                       "%g frames a second: the clock advances by %.4g s from frame to frame",
                       recording->source_rate_hz, seconds);
    } else if (coarse > 0.0) {
        recording->source_rate_hz = nearest_rate_in_use(coarse);
        traj_guess_add(
            reading->guesses, "rate", "--source-rate HZ",
            "%g frames a second: the clock shows whole seconds, and there are %.3g frames in each",
            recording->source_rate_hz, coarse);
    } else if (layout->rate_hz > 0.0) {
        recording->source_rate_hz = layout->rate_hz;
        if (layout->rate_why != NULL)
            traj_guess_add(reading->guesses, "rate", "--source-rate HZ", "%g frames a second: %s",
                           layout->rate_hz, layout->rate_why);
        else
            traj_guess_add(reading->guesses, "rate", "--source-rate HZ",
                           "%g frames a second: the rate of every %s; the file has no clock",
                           layout->rate_hz, layout->name);
    } else {
        return traj_fail(
            err, TRAJ_E_DATA,
            "%s: nothing tells how many frames there are in a second: no usable timestamp "
            "column; say it with --source-rate HZ (25 is common)",
            reading->tracks->file);
    }
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
    double per_id_s = 1.0 / (recording->source_rate_hz * recording->frame_id_step);
    for (size_t f = 0; f < sequence->frames; f++)
        sequence->time_s[f] = (double)(sequence->frame_id[f] - sequence->frame_id[0]) * per_id_s;
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
    recording->rate_hz = recording->source_rate_hz;
    for (size_t s = 0; s < recording->sequences && status == TRAJ_OK; s++) {
        traj_sequence *sequence = &recording->sequence[s];
        if (!clock_ticks || !every_frame_timed(sequence)) {
            count_time(recording, sequence);
            continue;
        }
        restart_clock(reading, s, &ended_s);
        status = check_clock(reading, sequence, err);
    }
    return status;
}
