/* The rows of a file, cut some batches ahead of the visits; and numbers. */
#include "traj/io/csv.h"
#include "csv_batch.h"
#include "decimal.h"
#include "traj/base/assert.h"
#include "traj/base/pool.h"
#include "traj/base/relay.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define DETECT_LINES  10
#define DETECT_WINDOW TRAJ_INPUT_HEAD /* bytes looked at to find the delimiter */

enum { CANDIDATES = 3 };
static const char candidates[CANDIDATES] = {'\t', ';', ','}; /* numbers may have a decimal comma */

enum { MOST_THREADS = 3, BATCHES = 4 };

/* Counts each candidate outside quotes up to the next line end; returns what follows it, NULL when
 * there is none. */
static const char *count_candidates(const char *at, const char *end, size_t count[CANDIDATES])
{
    bool quoted = false;
    for (int i = 0; i < CANDIDATES; i++) count[i] = 0;
    for (; at < end; at++) {
        if (*at == '"') quoted = !quoted;
        if (quoted) continue;
        if (*at == '\n' || *at == '\r') return at + 1;
        for (int i = 0; i < CANDIDATES; i++) count[i] += *at == candidates[i];
    }
    return NULL;
}

static char find_delimiter(const char *at, size_t size)
{
    bool cut = size >= DETECT_WINDOW; /* more may follow */
    const char *end = at + (cut ? DETECT_WINDOW : size);
    size_t first[CANDIDATES] = {0};
    bool steady[CANDIDATES] = {true, true, true};
    for (int lines = 0; lines < DETECT_LINES && at && at < end;) {
        bool blank_line = *at == '\n' || *at == '\r';
        size_t count[CANDIDATES];
        at = count_candidates(at, end, count);
        if (blank_line || (!at && cut && lines > 0)) continue; /* half a line counts for nothing */
        for (int i = 0; i < CANDIDATES; i++) {
            if (lines == 0) first[i] = count[i];
            steady[i] = steady[i] && count[i] == first[i];
        }
        lines++;
    }
    for (int i = 0; i < CANDIDATES; i++)
        if (steady[i] && first[i] > 0) return candidates[i];
    int best = CANDIDATES - 1;
    for (int i = 0; i < CANDIDATES; i++)
        if (first[i] > first[best]) best = i;
    return candidates[best];
}

typedef struct reading {
    traj_csv_cutter cutter;
    traj_csv_batch batch[BATCHES];
    traj_csv_visit *visit;
    void *context; /* view: of visit */
    traj_status status;
    traj_error *err; /* view */
} reading;

static bool take_batch(void *context, int slot)
{
    reading *const in = context;
    return traj_csv_cutter_fill(&in->cutter, &in->batch[slot]);
}

static void split_batch(void *context, int slot)
{
    reading *const in = context;
    traj_csv_batch_split(&in->batch[slot], in->cutter.file, in->cutter.delimiter);
}

static bool visit_batch(void *context, int slot)
{
    reading *const in = context;
    const traj_csv_batch *const batch = &in->batch[slot];
    for (size_t r = 0; r < batch->rows && !in->status; r++) {
        const traj_csv_span *const span = &batch->row[r];
        const traj_csv_row row = {.file = in->cutter.file,
                                  .line = span->line,
                                  .fields = span->fields,
                                  .field = batch->field + span->first,
                                  .length = batch->length + span->first,
                                  .number = batch->number + span->first};
        in->status = in->visit(in->context, &row, in->err);
    }
    if (!in->status && batch->status) {
        in->status = batch->status;
        if (in->err) *in->err = batch->err;
    }
    return !in->status;
}

/* Most files are one batch and need no second thread. */
static traj_status read_rows(reading *in)
{
    const int processors = traj_processors();
    const traj_relay relay = {.context = in,
                              .take = take_batch,
                              .make = split_batch,
                              .use = visit_batch,
                              .slots = BATCHES,
                              .threads = processors < MOST_THREADS ? processors : MOST_THREADS};
    const bool more = take_batch(in, 0);
    split_batch(in, 0);
    if (visit_batch(in, 0) && more) traj_relay_run(&relay);
    for (int b = 0; b < BATCHES; b++) traj_csv_batch_free(&in->batch[b]);
    traj_csv_cutter_free(&in->cutter);
    return in->status;
}

traj_status traj_csv_parse(const char *file, const char *bytes, size_t size, traj_csv_visit *visit,
                           void *context, traj_error *err)
{
    TRAJ_ASSERT(file && bytes && visit);
    reading in = {.visit = visit, .context = context, .err = err};
    const size_t mark = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    traj_csv_cutter_init(&in.cutter, file, NULL, bytes + mark, size - mark,
                         find_delimiter(bytes + mark, size - mark));
    return read_rows(&in);
}

traj_status traj_csv_read(traj_input *input, traj_csv_visit *visit, void *context, traj_error *err)
{
    TRAJ_ASSERT(input && visit);
    const char *head;
    size_t size;
    reading in = {.visit = visit, .context = context, .err = err};
    const traj_status status = traj_input_peek(input, &head, &size, err);
    if (status) return status;
    traj_csv_cutter_init(&in.cutter, traj_input_name(input), input, "", 0,
                         find_delimiter(head, size));
    return read_rows(&in);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_missing(const char *text)
{
    static const char *const spellings[] = {"",    "NaN",  "nan",  "NA",  "<NA>",
                                            "N/A", "null", "NULL", "None"};
    size_t length = strlen(text);
    while (length > 0 && is_blank(text[length - 1])) length--;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (strlen(spellings[i]) == length && memcmp(text, spellings[i], length) == 0) return true;
    return false;
}

int traj_csv_number(const char *text, double *value)
{
    while (is_blank(*text)) text++;
    bool word = *text == '\0' || *text > '9'; /* no sign, point or digit: spare strtod the try */
    if (word && is_missing(text)) {
        *value = NAN;
        return 0;
    }
    const char *end;
    double number = traj_decimal_read(text, &end);
    if (end == text) return -1;
    while (is_blank(*end)) end++;
    if (*end != '\0') return -1;
    *value = isfinite(number) ? number : NAN;
    return 0;
}
