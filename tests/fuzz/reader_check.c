/* From bytes to scenes: see reader_check.h. */
#include "reader_check.h"
#include "traj/base/assert.h"
#include "traj/data/reader.h"
#include "traj/data/window.h"
#include <math.h>
#include <string.h>

enum { FRAMES = 3, STRIDE = 2 }; /* of windows: short, so that small inputs give some */

static void check_refusal(traj_status status, const traj_error *err)
{
    TRAJ_ASSERT(status == TRAJ_E_DATA);
    TRAJ_ASSERT(err->text[0] != '\0' && !strchr(err->text, '\n'));
}

static void check_agents(const traj_sequence *sequence)
{
    for (size_t a = 0; a < sequence->agents; a++) {
        const traj_agent *const agent = &sequence->agent[a];
        const bool ball = agent->kind == TRAJ_BALL;
        const bool away = agent->kind == TRAJ_AWAY || agent->kind == TRAJ_AWAY_GK;
        TRAJ_ASSERT(!ball || a + 1 == sequence->agents);
        TRAJ_ASSERT(agent->team == (ball   ? TRAJ_TEAM_BALL
                                    : away ? TRAJ_TEAM_AWAY
                                           : TRAJ_TEAM_HOME));
        TRAJ_ASSERT(agent->jersey >= -1 && memchr(agent->id, '\0', sizeof agent->id));
    }
}

static void check_sequence(const traj_sequence *sequence)
{
    TRAJ_ASSERT(sequence->frames > 0 && sequence->agents > 0);
    TRAJ_ASSERT(memchr(sequence->name, '\0', sizeof sequence->name));
    check_agents(sequence);
    for (size_t f = 0; f < sequence->frames; f++) {
        TRAJ_ASSERT(isfinite(sequence->time_s[f]));
        TRAJ_ASSERT(f == 0 || sequence->time_s[f] > sequence->time_s[f - 1]);
    }
    for (size_t i = 0; i < sequence->frames * sequence->agents; i++) {
        const float *const pos_m = sequence->pos_m + 2 * i;
        TRAJ_ASSERT(!isinf(pos_m[0]) && !isinf(pos_m[1]));
        TRAJ_ASSERT(!isnan(pos_m[0]) == !isnan(pos_m[1]));
    }
}

/* ids: whether frame ids increase strictly; at a higher rate than the file's some are the same. */
static void check_recording(const traj_recording *recording, bool ids)
{
    TRAJ_ASSERT(isfinite(traj_rate_hz(recording->rate)) && traj_rate_hz(recording->rate) > 0);
    TRAJ_ASSERT(recording->pitch_length_m > 0 && recording->pitch_width_m > 0);
    for (size_t s = 0; s < recording->sequences; s++) {
        const traj_sequence *const sequence = &recording->sequence[s];
        check_sequence(sequence);
        for (size_t f = 1; f < sequence->frames; f++)
            TRAJ_ASSERT(sequence->frame_id[f] - sequence->frame_id[f - 1] >= ids);
    }
}

static void check_finite(const traj_real *x, size_t count)
{
    for (size_t i = 0; i < count; i++) TRAJ_ASSERT(isfinite(x[i]));
}

/* One scene of one window. */
static void check_scene(const traj_recording *recording, const traj_windows *windows,
                        const traj_window *window, const traj_norm *norm)
{
    const int agents = windows->agents, steps = FRAMES - 1;
    traj_arena arena, scratch;
    traj_batch batch;
    traj_arena_init_dry(&arena);
    traj_batch_take(&batch, 1, agents, steps, &arena);
    TRAJ_ASSERT(traj_arena_init(&arena, arena.peak, NULL) == TRAJ_OK);
    TRAJ_ASSERT(traj_arena_init(&scratch, traj_scene_bytes(agents, FRAMES), NULL) == TRAJ_OK);
    traj_batch_take(&batch, 1, agents, steps, &arena);
    traj_scene_fill(&batch, 0, recording, window, norm,
                    (traj_scene_options){.shift = window->slack}, &scratch);
    const size_t rows = (size_t)steps * (size_t)agents;
    check_finite(batch.x, 2 * rows);
    check_finite(batch.known, TRAJ_KNOWN * rows);
    check_finite(batch.edge, TRAJ_EDGE_FEATURES * rows * (size_t)agents);
    traj_arena_free(&scratch);
    traj_arena_free(&arena);
}

static void check_windows(const traj_recording *recording)
{
    traj_windows windows;
    traj_norm norm;
    traj_error err;
    traj_status status = traj_windows_cut(recording, 1, FRAMES, STRIDE, 0, 1, 0, &windows, &err);
    if (status != TRAJ_OK) {
        check_refusal(status, &err);
        return;
    }
    status = traj_norm_fit(recording, &windows, &norm, &err);
    if (status != TRAJ_OK) check_refusal(status, &err);
    for (size_t w = 0; status == TRAJ_OK && w < windows.count; w++)
        check_scene(recording, &windows, &windows.item[w], &norm);
    traj_windows_free(&windows);
}

/* rate: a share of the recording's own, 0 = that one. */
static void check_resampled(const traj_recording *recording, double rate, int64_t last_frame_id)
{
    traj_recording out;
    traj_error err;
    TRAJ_ASSERT(traj_recording_resample(recording, rate * traj_rate_hz(recording->rate),
                                        last_frame_id, &out, &err) == TRAJ_OK);
    check_recording(&out, rate == 0);
    for (size_t s = 0; last_frame_id != INT64_MIN && s < out.sequences; s++)
        TRAJ_ASSERT(out.sequence[s].frame_id[out.sequence[s].frames - 1] <= last_frame_id);
    check_windows(&out);
    traj_recording_free(&out);
}

static traj_input *open_bytes(const traj_bytes *file)
{
    traj_input *input;
    TRAJ_ASSERT(traj_input_over(&input, file->file, file->size > 0 ? file->bytes : "", file->size,
                                NULL) == TRAJ_OK);
    return input;
}

static traj_status parse(const reader_match *match, const traj_read_options *options,
                         traj_recording *recording, traj_guesses *guesses, traj_error *err)
{
    traj_input *data[READER_FILES];
    traj_sources from = {.data = data, .count = match->count};
    TRAJ_ASSERT(match->count <= READER_FILES);
    for (int f = 0; f < match->count; f++) data[f] = open_bytes(&match->data[f]);
    if (match->meta) from.meta = open_bytes(match->meta);
    if (match->roster) from.roster = open_bytes(match->roster);
    const traj_status status = traj_recording_parse(&from, options, recording, guesses, err);
    for (int f = 0; f < match->count; f++) traj_input_close(data[f]);
    traj_input_close(from.meta);
    traj_input_close(from.roster);
    return status;
}

void reader_check(const char *format, const traj_bytes *files, int count)
{
    reader_check_match(format, &(reader_match){.data = files, .count = count});
}

void reader_check_match(const char *format, const reader_match *match)
{
    static const double rates_hz[] = {0, 25}; /* 0: guessed */
    for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++) {
        traj_read_options options;
        traj_recording recording;
        traj_guesses guesses = {.count = 0};
        traj_error err;
        traj_read_options_init(&options);
        memcpy(options.format, format, strlen(format) + 1);
        options.source_rate_hz = rates_hz[r];
        traj_status status = parse(match, &options, &recording, &guesses, &err);
        if (status != TRAJ_OK) {
            check_refusal(status, &err);
            continue;
        }
        check_recording(&recording, true);
        const traj_sequence *const first = &recording.sequence[0];
        check_resampled(&recording, 0, INT64_MIN);
        check_resampled(&recording, 0.4, INT64_MIN);
        check_resampled(&recording, 3, first->frame_id[first->frames / 2]);
        traj_recording_free(&recording);
    }
}

void reader_check_pair(const char *format, traj_format_sniff *sniff, const uint8_t *bytes,
                       size_t size)
{
    traj_bytes file = {"fuzz.dat", (const char *)bytes, size}, meta = {"meta.xml", NULL, 0};
    const char *const feed = size > 0 ? memchr(bytes, '\f', size) : NULL;
    if (feed) {
        file.size = (size_t)(feed - file.bytes);
        meta.bytes = feed + 1;
        meta.size = size - file.size - 1;
    }
    (void)sniff(file.bytes, file.size);
    reader_check_match(format,
                       &(reader_match){.data = &file, .count = 1, .meta = feed ? &meta : NULL});
}
