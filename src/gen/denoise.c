/* See traj/gen/denoise.h. A job is one agent's track, stretch by stretch. */
#include "denoise_state.h"
#include "traj/base/memory.h"
#include "traj/data/savgol.h"
#include "traj/gen/smooth.h"
#include <math.h>
#include <string.h>

/* A longer gap says nothing about the track behind it. */
static const double longest_gap_s = 2;

typedef struct smoothing {
    const traj_denoise *denoise;
    const traj_sequence *sequence;
    double rate_hz;
    float *pos_m, *sd_m;
    double **scratch;      /* owned [threads], each owned [5,frames]: z (2), mean, sd, spare */
    unsigned char *failed; /* owned [agents] */
} smoothing;

/* frames of a track between long gaps */
typedef struct stretch {
    size_t first, frames; /* frames 0: none left */
} stretch;

static const float *noisy(const smoothing *s, size_t frame, size_t agent)
{
    return s->sequence->pos_m + 2 * (frame * s->sequence->agents + agent);
}

static stretch next_stretch(const smoothing *s, size_t agent, size_t from)
{
    const size_t longest = (size_t)(longest_gap_s * s->rate_hz);
    while (from < s->sequence->frames && isnan(noisy(s, from, agent)[0])) from++;
    stretch found = {.first = from};
    for (size_t f = from; f < s->sequence->frames; f++) {
        if (isnan(noisy(s, f, agent)[0])) continue;
        if (found.frames && f - (from + found.frames - 1) > longest) break;
        found.frames = f - from + 1;
    }
    return found;
}

/* sd of the noise that is left at frame t: s sqrt(H_tt). */
static double savgol_sd(const traj_savgol *filter, double noise_m, size_t t, size_t frames)
{
    const size_t middle = (size_t)filter->window / 2, left = frames - 1 - t;
    if (frames < (size_t)filter->window) return noise_m;
    const size_t at = t < middle ? t : left < middle ? (size_t)filter->window - 1 - left : middle;
    return noise_m * sqrt(traj_savgol_weight(filter, (int)at, (int)at));
}

static void by_savgol(const traj_denoise *d, const double *z, size_t frames, int axis, double *mean,
                      double *sd, double *spare)
{
    enum { ORDER = 2 };
    traj_savgol filter;
    const int window = d->window ? d->window
                                 : traj_savgol_choose(z, 2, frames, ORDER, d->noise_m, spare);
    traj_savgol_init(&filter, window, ORDER);
    traj_savgol_run(&filter, z + (size_t)axis * frames, frames, mean);
    for (size_t t = 0; t < frames; t++) sd[t] = savgol_sd(&filter, d->noise_m, t, frames);
}

/* z [2,frames] without gaps for savgol, with them for the Kalman filter. */
static traj_status smooth_stretch(const smoothing *s, size_t agent, stretch part, double *scratch)
{
    const traj_denoise *const d = s->denoise;
    const size_t frames = part.frames;
    double *const z = scratch, *const mean = z + 2 * frames, *const sd = mean + frames;
    traj_kalman kalman = {.step_s = 1 / s->rate_hz, .noise_m = d->noise_m};
    for (size_t i = 0; i < 2 * frames; i++)
        z[i] = (double)noisy(s, part.first + i % frames, agent)[i / frames];
    if (d->method == TRAJ_DENOISE_SAVGOL) {
        traj_fill_gaps(z, frames);
        traj_fill_gaps(z + frames, frames);
    } else {
        kalman.jerk = traj_kalman_fit(&kalman, z, 2, frames);
    }
    for (int k = 0; k < 2; k++) {
        const double *const track = z + (size_t)k * frames;
        traj_status status = TRAJ_OK;
        if (d->method == TRAJ_DENOISE_SAVGOL)
            by_savgol(d, z, frames, k, mean, sd, sd + frames);
        else
            status = traj_kalman_smooth(&kalman, track, frames, mean, sd, NULL);
        if (status != TRAJ_OK) return status;
        for (size_t t = 0; t < frames; t++) {
            const size_t at = (part.first + t) * s->sequence->agents + agent;
            if (isnan(noisy(s, part.first + t, agent)[0])) continue;
            s->pos_m[2 * at + (size_t)k] = (float)mean[t];
            s->sd_m[at] = (float)sd[t];
        }
    }
    return TRAJ_OK;
}

static void smooth_agent(void *context, int agent, int worker)
{
    const smoothing *const s = context;
    const size_t a = (size_t)agent;
    for (size_t f = 0; f < s->sequence->frames; f++) {
        const size_t at = f * s->sequence->agents + a;
        s->pos_m[2 * at] = s->pos_m[2 * at + 1] = s->sd_m[at] = NAN;
    }
    stretch part = next_stretch(s, a, 0);
    while (part.frames && !s->failed[agent]) {
        s->failed[agent] = smooth_stretch(s, a, part, s->scratch[worker]) != TRAJ_OK;
        part = next_stretch(s, a, part.first + part.frames);
    }
}

static traj_status smooth(smoothing *s, traj_pool *pool, traj_error *err)
{
    const int threads = traj_pool_threads(pool);
    bool failed = false;
    s->scratch = traj_alloc((size_t)threads, sizeof *s->scratch);
    s->failed = traj_alloc(s->sequence->agents, 1);
    failed = !s->scratch || !s->failed;
    for (int w = 0; w < threads && !failed; w++) {
        s->scratch[w] = traj_alloc(5 * s->sequence->frames, sizeof **s->scratch);
        failed = !s->scratch[w];
    }
    if (!failed) traj_pool_run(pool, smooth_agent, s, (int)s->sequence->agents);
    for (size_t a = 0; a < s->sequence->agents && !failed; a++) failed = s->failed[a] != 0;
    for (int w = 0; s->scratch && w < threads; w++) traj_free(s->scratch[w]);
    traj_free(s->scratch);
    traj_free(s->failed);
    return failed ? traj_fail_memory(err, "the smoothed tracks") : TRAJ_OK;
}

traj_status traj_denoise_run(const traj_denoise *denoise, const traj_recording *recording,
                             size_t sequence, traj_pool *pool, float *pos_m, float *sd_m,
                             traj_error *err)
{
    smoothing s = {.denoise = denoise,
                   .sequence = &recording->sequence[sequence],
                   .rate_hz = traj_rate_hz(recording->rate),
                   .pos_m = pos_m,
                   .sd_m = sd_m};
    const traj_status status = smooth(&s, pool, err);
    if (status != TRAJ_OK || denoise->method != TRAJ_DENOISE_MODEL) return status;
    return traj_denoise_blocks(denoise, recording, sequence, pool, pos_m, sd_m, err);
}

void traj_denoise_add(traj_recording *recording, double noise_m, uint64_t seed)
{
    for (size_t q = 0; q < recording->sequences; q++) {
        const traj_sequence *const sequence = &recording->sequence[q];
        const traj_noise noise = {seed, TRAJ_STREAM_TRACKS, (uint32_t)q};
        for (size_t i = 0; i < sequence->frames * sequence->agents; i++) {
            traj_real normal[2];
            traj_noise_normal(&noise, 0, (uint32_t)(i / sequence->agents),
                              (uint32_t)(i % sequence->agents), normal, 2);
            for (int k = 0; k < 2; k++)
                sequence->pos_m[2 * i + (size_t)k] += (float)(noise_m * (double)normal[k]);
        }
    }
}

traj_square_error traj_denoise_measure(const float *truth_m, const float *pos_m, size_t count)
{
    traj_square_error error = {0};
    for (size_t i = 0; i < 2 * count; i++) {
        const double difference = (double)pos_m[i] - (double)truth_m[i];
        if (isnan(difference)) continue;
        error.sum_m2 += difference * difference;
        error.count++;
    }
    return error;
}
