/* The table of formats that are written, and the road from a recording to files. */
#include "writers.h"

#include "traj/base/memory.h"
#include "traj/io/csv.h"
#include "traj/io/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WRITER_LIST(X)                                                                             \
    X("long", ".csv", traj_long_write, NULL, NULL)                                                 \
    X("wide", ".csv", traj_wide_write, NULL, NULL)                                                 \
    X("kloppy", ".csv", traj_kloppy_write, NULL, NULL)                                             \
    X("npy", ".npy", traj_array_write, "_names.json", traj_array_write_names)                      \
    X("trajnet", ".ndjson", traj_trajnet_write, NULL, NULL)                                        \
    X("cdf", ".jsonl", traj_cdf_write, "_meta.json", traj_cdf_write_meta)

#define WRITER_ROW(name, ...)  {name, __VA_ARGS__},
#define WRITER_NAME(name, ...) name,
static const traj_writer writers[] = {WRITER_LIST(WRITER_ROW)};
static const char *const names[] = {WRITER_LIST(WRITER_NAME) NULL};
#undef WRITER_ROW
#undef WRITER_NAME

const char *const *traj_writer_names(void)
{
    return names;
}

static const traj_writer *find_writer(const char *format)
{
    for (size_t w = 0; w < sizeof writers / sizeof writers[0]; w++)
        if (strcmp(writers[w].name, format) == 0) return &writers[w];
    return NULL;
}

const char *traj_writer_suffix(const char *format)
{
    const traj_writer *writer = find_writer(format);
    return writer == NULL ? NULL : writer->suffix;
}

bool traj_agent_same(const traj_agent *a, const traj_agent *b)
{
    return a->team == b->team && strcmp(a->id, b->id) == 0;
}

static traj_status cast_add(traj_cast *cast, const traj_sequence *sequence, unsigned teams,
                            traj_error *err)
{
    for (size_t a = 0; a < sequence->agents; a++) {
        const traj_agent *const agent = &sequence->agent[a];
        size_t c = 0;
        if ((teams & 1u << agent->team) == 0) continue;
        while (c < cast->count && !traj_agent_same(&cast->agent[c], agent)) c++;
        if (c < cast->count) continue;
        if (traj_grow(&cast->agent, &cast->capacity, cast->count + 1, sizeof *cast->agent) != 0)
            return traj_fail_memory(err, "the players of a file");
        cast->agent[cast->count++] = *agent;
    }
    return TRAJ_OK;
}

traj_status traj_cast_make(const traj_recording *recording, const unsigned *groups, traj_cast *cast,
                           traj_error *err)
{
    traj_status status = TRAJ_OK;
    *cast = (traj_cast){0};
    for (; *groups != 0; groups++)
        for (size_t s = 0; s < recording->sequences && status == TRAJ_OK; s++)
            status = cast_add(cast, &recording->sequence[s], *groups, err);
    if (status != TRAJ_OK) return status;
    cast->place = traj_alloc(cast->count, sizeof *cast->place);
    return cast->place != NULL ? TRAJ_OK : traj_fail_memory(err, "the players of a file");
}

void traj_cast_find(traj_cast *cast, const traj_sequence *sequence)
{
    for (size_t c = 0; c < cast->count; c++) {
        size_t *const place = &cast->place[c];
        for (*place = 0; *place < sequence->agents; ++*place)
            if (traj_agent_same(&sequence->agent[*place], &cast->agent[c])) break;
    }
}

const float *traj_cast_position(const traj_cast *cast, const traj_sequence *sequence, size_t frame,
                                size_t c)
{
    static const float missing[2] = {NAN, NAN};
    const size_t place = cast->place[c];
    return place < sequence->agents ? sequence->pos_m + (frame * sequence->agents + place) * 2
                                    : missing;
}

void traj_cast_free(traj_cast *cast)
{
    traj_free(cast->agent);
    traj_free(cast->place);
    *cast = (traj_cast){0};
}

bool traj_sequences_are_periods(const traj_recording *recording)
{
    for (size_t s = 0; s < recording->sequences; s++) {
        char period[16];
        snprintf(period, sizeof period, "%d", recording->sequence[s].period_id);
        if (strcmp(recording->sequence[s].name, period) != 0) return false;
    }
    return true;
}

int traj_quantum_decimals(double quantum_m)
{
    for (int decimals = 0; decimals <= 6; decimals++)
        if (fabs(quantum_m * pow(10.0, decimals) - 1.0) < 1e-9) return decimals;
    return -1;
}

void traj_write_number(FILE *stream, float value, int decimals)
{
    char text[64];
    double back = NAN;
    if (isnan(value)) return;
    int first = decimals < 0 ? 2 : decimals, last = decimals < 0 ? 9 : decimals;
    for (int d = first; d <= last; d++) {
        snprintf(text, sizeof text, "%.*f", d, (double)value);
        if (traj_csv_number(text, &back) == 0 && (float)back == value) break;
    }
    if (decimals < 0 && (float)back != value) snprintf(text, sizeof text, "%.9g", (double)value);
    fputs(text[0] == '-' && back == 0.0 ? text + 1 : text, stream);
}

/* On success the output is still to be committed. */
static traj_status begin_file(const traj_recording *recording, traj_format_write *write,
                              const char *path, traj_output *output, traj_error *err)
{
    traj_status status = traj_output_open(output, path, err);
    if (status != TRAJ_OK) return status;
    status = write(recording, output->stream, err);
    if (status != TRAJ_OK) traj_output_discard(output);
    return status;
}

/* match.jsonl -> match_meta.json */
static traj_status write_meta(const traj_recording *recording, const traj_writer *writer,
                              const char *path, traj_error *err)
{
    char beside[1024];
    traj_output output;
    const size_t suffix = strlen(writer->suffix);
    size_t stem = strlen(path);
    if (stem > suffix && strcmp(path + stem - suffix, writer->suffix) == 0) stem -= suffix;
    const int length =
        snprintf(beside, sizeof beside, "%.*s%s", (int)stem, path, writer->meta_suffix);
    if (length < 0 || (size_t)length >= sizeof beside)
        return traj_fail(err, TRAJ_E_IO, "%s: the name is too long", path);
    const traj_status status = begin_file(recording, writer->write_meta, beside, &output, err);
    return status == TRAJ_OK ? traj_output_commit(&output, err) : status;
}

traj_status traj_recording_write(const traj_recording *recording, const char *format,
                                 const char *path, traj_error *err)
{
    const traj_writer *const writer = find_writer(format);
    traj_output output;
    if (writer == NULL)
        return traj_fail(err, TRAJ_E_USAGE, "'%s' is no format that can be written", format);
    traj_status status = begin_file(recording, writer->write, path, &output, err);
    if (status != TRAJ_OK) return status;
    /* Nothing lies beside stdout, devices and pipes, which are written directly. */
    if (writer->write_meta != NULL && output.temporary != NULL)
        status = write_meta(recording, writer, path, err);
    if (status == TRAJ_OK) return traj_output_commit(&output, err);
    traj_output_discard(&output);
    return status;
}
