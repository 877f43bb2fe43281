/* Every file is cut into lines, and as many lines as there are without a quote, met where a row
 * starts, are split here in one go: each is a row. A line with a quote goes to libcsv, and so do
 * the lines after it until libcsv reports the end of the row (a quoted field may hold line ends).
 * libcsv is between rows then, with no memory of what it read, so both ways mix freely, and line
 * numbers are right in both. tests/unit/io_csv_twin.c reads files by libcsv alone, for comparison.
 */
#include "csv_batch.h"
#include "csv_fields.h"
#include "decimal.h"
#include "short_decimal.h"
#include "traj/base/memory.h"
#include "traj/base/simd.h"
#include <string.h>

enum {
    ROW_MAX = 1000000,            /* bytes of a row: an unclosed quote must not swallow a file */
    BATCH_BYTES = TRAJ_INPUT_HEAD /* as much text fills a batch: what an input has at hand */
};

typedef struct line {
    const char *text;
    size_t length; /* without its line end */
    size_t size;   /* with it */
} line;

void traj_csv_batch_free(traj_csv_batch *batch)
{
    traj_free(batch->text);
    traj_free(batch->field);
    traj_free(batch->length);
    traj_free(batch->number);
    traj_free(batch->row);
    traj_free(batch->feed);
    traj_free(batch->tail);
    *batch = (traj_csv_batch){0};
}

/* Room for text up to `end`, and behind it for a block; before it stands a word. A batch mostly has
 * it: its text moves in the first one, and for a long row. */
static bool make_text_room(traj_csv_batch *batch, size_t end)
{
    const char *const old = batch->text;
    const size_t needed = end + TRAJ_CSV_BLOCK;
    if (needed <= batch->text_capacity) return true;
    if (traj_grow(&batch->text, &batch->text_capacity, needed, 1) != 0) return false;
    for (size_t f = 0; f < batch->fields; f++)
        batch->field[f] = batch->text + (batch->field[f] - old);
    return true;
}

/* For so many more fields. */
static bool make_field_room(traj_csv_batch *batch, size_t more)
{
    const size_t needed = batch->fields + more;
    if (needed <= batch->field_capacity) return true;
    const size_t capacity = needed + needed / 2;
    if (traj_resize(&batch->field, batch->fields, capacity, sizeof *batch->field) != 0 ||
        traj_resize(&batch->length, batch->fields, capacity, sizeof *batch->length) != 0 ||
        traj_resize(&batch->tail, batch->fields, capacity, sizeof *batch->tail) != 0 ||
        traj_resize(&batch->number, batch->fields, capacity, sizeof *batch->number) != 0)
        return false;
    batch->field_capacity = capacity;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* start[0..length) is a field with a byte behind it to spare, which becomes its NUL. There is room.
 */
static inline void add_field(traj_csv_batch *to, char *start, size_t length)
{
    start[length] = '\0';
    to->field[to->fields] = start;
    to->length[to->fields] = (uint32_t)length;
    to->tail[to->fields++] = traj_word_load(start + length - sizeof(traj_word));
}

/* For so many lines of a text. */
static bool make_feed_room(traj_csv_batch *batch, size_t most)
{
    if (most <= batch->feed_capacity) return true;
    if (traj_resize(&batch->feed, 0, most, sizeof *batch->feed) != 0) return false;
    batch->feed_capacity = most;
    return true;
}

static bool make_row_room(traj_csv_batch *batch, size_t more)
{
    return traj_grow(&batch->row, &batch->row_capacity, batch->rows + more, sizeof *batch->row) ==
           0;
}

/* Takes blanks, and the CR of a line's end, off the fields from `first` on. */
static void trim_fields(traj_csv_batch *to, size_t first)
{
    for (size_t f = first; f < to->fields; f++) {
        char *start = to->text + (to->field[f] - to->text), *stop = start + to->length[f];
        if (start == stop || (*start > ' ' && stop[-1] > ' ')) continue;
        if (stop[-1] == '\r') stop--;
        while (start < stop && is_blank(*start)) start++;
        while (start < stop && is_blank(stop[-1])) stop--;
        *stop = '\0';
        to->field[f] = start;
        to->length[f] = (uint32_t)(stop - start);
        to->tail[f] = traj_word_load(stop - sizeof *to->tail);
    }
}

/* The fields from `first` on as rows, but for blank lines. feed: which fields end a line. There is
 * room. */
static void add_rows(traj_csv_batch *to, size_t first, const uint32_t *feed, size_t lines,
                     long number)
{
    size_t begin = first;
    for (size_t l = 0; l < lines; l++) {
        const traj_csv_span row = {
            .line = number + (long)l, .first = begin, .fields = first + feed[l] + 1 - begin};
        begin += row.fields;
        if (row.fields > 1 || to->length[row.first] > 0) to->row[to->rows++] = row;
    }
}

/* Rows without quotes: the same fields as libcsv gives, without its state machine. The batch's
 * text[at..at + length), which is its last, are lines with an LF or CRLF between them; the one
 * behind the last is not among them, and `number` is that of the first. False: memory ended. */
static bool split(traj_csv_batch *to, size_t at, size_t length, long number, char delimiter)
{
    char *const text = to->text + at;
    const size_t first = to->fields;
    if (!make_field_room(to, length + 1 + TRAJ_CSV_SPARE) || !make_feed_room(to, length + 1))
        return false;
    traj_csv_fields found = {.field = to->field + first,
                             .length = to->length + first,
                             .tail = to->tail + first,
                             .feed = to->feed};
    memset(text + length, '0', TRAJ_CSV_BLOCK);
    traj_csv_fields_find(&found, text, length, delimiter);
    to->fields += found.fields;
    if (found.blanks) trim_fields(to, first);
    if (!make_row_room(to, found.feeds)) return false;
    add_rows(to, first, found.feed, found.feeds, number);
    return true;
}

/* Copies text to the end of the batch's, with a byte behind it to spare. Returns false when memory
 * ends. */
static bool add_text(traj_csv_batch *to, const char *text, size_t length)
{
    if (!make_text_room(to, to->used + length + 1)) return false;
    memcpy(to->text + to->used, text, length);
    to->used += length + 1;
    return true;
}

static void split_line(traj_csv_cutter *in, const line *whole, long number)
{
    const size_t at = in->to->used;
    in->no_memory = !add_text(in->to, whole->text, whole->length) ||
                    !split(in->to, at, whole->length, number, in->delimiter);
}

static void libcsv_field(void *text, size_t length, void *context)
{
    traj_csv_cutter *const in = context;
    char *const start = in->to->text + in->to->used;
    in->no_memory = in->no_memory || !make_field_room(in->to, 1);
    if (in->no_memory) return;
    memcpy(start, text, length);
    in->to->used += length + 1;
    add_field(in->to, start, length);
}

static void libcsv_row(int terminator, void *context)
{
    (void)terminator;
    traj_csv_cutter *const in = context;
    in->begun = false;
    in->row.fields = in->to->fields - in->row.first;
    if (make_row_room(in->to, 1))
        in->to->row[in->to->rows++] = in->row;
    else
        in->no_memory = true;
}

static void feed_libcsv(traj_csv_cutter *in, const line *piece)
{
    /* A field needs no more bytes than it had in the file, with its delimiter or line end as the
     * NUL; the last line may have no end. */
    in->no_memory = !make_text_room(in->to, in->row_text + in->row_bytes + 1);
    if (in->no_memory) return;
    in->begun = true;
    size_t parsed = csv_parse(&in->parser, piece->text, piece->size, libcsv_field, libcsv_row, in);
    if (parsed != piece->size) in->no_memory = true; /* its only error without CSV_STRICT */
}

static line next_line(traj_csv_cutter *in)
{
    /* Looked for only once each: a file with lone CRs must not be searched to its end for every
     * line. */
    if (in->feed <= in->at) {
        in->feed = memchr(in->at, '\n', (size_t)(in->end - in->at));
        if (!in->feed) in->feed = in->end;
    }
    const char *stop = memchr(in->at, '\r', (size_t)(in->feed - in->at));
    const char *next = stop ? stop + 1 : in->feed;
    if (!stop) stop = in->feed;
    if (next < in->end && *next == '\n') next++;
    line found = {in->at, (size_t)(stop - in->at), (size_t)(next - in->at)};
    in->at = next;
    in->line++;
    return found;
}

static traj_status cut_line(traj_csv_cutter *in, traj_error *err)
{
    if (!in->begun) {
        in->row = (traj_csv_span){.line = in->line, .first = in->to->fields};
        in->row_bytes = 0;
        in->row_text = in->to->used;
    }
    const line piece = next_line(in);
    in->row_bytes += piece.size;
    if (in->row_bytes > ROW_MAX)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: a row of more than %d bytes starts here: is a closing quote "
                         "missing, or is this no CSV file?",
                         in->file, in->row.line, ROW_MAX);
    if (in->begun || memchr(piece.text, '"', piece.length))
        feed_libcsv(in, &piece);
    else
        split_line(in, &piece, in->row.line);
    return in->no_memory ? traj_fail_memory(err, in->file) : TRAJ_OK;
}

/* How many line feeds there are in text[0..size), which ends with one; SIZE_MAX: the lines are not
 * plain, as there is a quote, or a CR without an LF behind it. */
TRAJ_SIMD static size_t count_plain(const char *text, size_t size)
{
    enum { STRETCH = 128 }; /* a byte counts no further than 255 */
    size_t feeds = 0, at = 0;
    uint8_t odd = 0;
    for (; at + STRETCH < size && odd == 0; at += STRETCH) {
        uint8_t count = 0;
        for (size_t i = 0; i < STRETCH; i++) {
            const char c = text[at + i];
            count = (uint8_t)(count + (c == '\n'));
            odd |= (uint8_t)((c == '"') | ((c == '\r') & (text[at + i + 1] != '\n')));
        }
        feeds += count;
    }
    for (; at < size; at++) {
        feeds += text[at] == '\n';
        odd |= (uint8_t)(text[at] == '"' || (text[at] == '\r' && text[at + 1] != '\n'));
    }
    return odd == 0 ? feeds : SIZE_MAX;
}

/* Leaves plain lines to traj_csv_batch_split. */
static traj_status take_lines(traj_csv_cutter *in, size_t size, size_t lines, traj_error *err)
{
    traj_csv_batch *const to = in->to;
    to->plain = true;
    to->at = to->used;
    to->size = size - 1;
    to->line = in->line;
    in->line += (long)lines;
    const char *const from = in->at;
    in->at += size;
    return add_text(to, from, size - 1) ? TRAJ_OK : traj_fail_memory(err, in->file);
}

/* Takes the lines at hand, no more than a batch has, if they are plain: without quotes, each with
 * an LF or CRLF; the first one in any case. */
static traj_status cut(traj_csv_cutter *in, traj_error *err)
{
    const size_t left = (size_t)(in->end - in->at), most = left < BATCH_BYTES ? left : BATCH_BYTES;
    size_t size = most;
    if (in->begun || in->at < in->odd) return cut_line(in, err);
    while (size > 0 && in->at[size - 1] != '\n') size--;
    const size_t lines = size > 0 ? count_plain(in->at, size) : SIZE_MAX;
    if (lines != SIZE_MAX) return take_lines(in, size, lines, err);
    in->odd = in->at + (size > 0 ? size : most);
    return cut_line(in, err);
}

/* The last row, when the file does not end with a line end. */
static traj_status finish_libcsv(traj_csv_cutter *in, traj_error *err)
{
    csv_set_opts(&in->parser, CSV_APPEND_NULL | CSV_STRICT | CSV_STRICT_FINI);
    if (csv_fini(&in->parser, libcsv_field, libcsv_row, in) == 0)
        return in->no_memory ? traj_fail_memory(err, in->file) : TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: a quote is opened in the row that starts here and never closed",
                     in->file, in->row.line);
}

static traj_status refuse_nul(const traj_csv_cutter *in, traj_error *err)
{
    const char *nul = memchr(in->at, '\0', (size_t)(in->end - in->at));
    if (!nul) return TRAJ_OK;
    long number = in->line;
    for (const char *at = in->at; at < nul; at++) number += *at == '\n';
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: contains a NUL byte, so this is no text in UTF-8: export it as CSV "
                     "in UTF-8 (not UTF-16, not a spreadsheet)",
                     in->file, number);
}

/* More whole lines, if there are any. */
static traj_status refill(traj_csv_cutter *in, traj_error *err)
{
    size_t size = 0;
    traj_status status = in->input ? traj_input_whole_lines(in->input, &in->at, &size, err)
                                   : TRAJ_OK;
    if (status) return status;
    in->end = in->at + size;
    in->feed = in->odd = in->at;
    return size > 0 ? refuse_nul(in, err) : TRAJ_OK;
}

/* 12,5 -> 12.5, where commas separate no fields; a text that becomes no number so stays as it is.
 */
static void replace_decimal_commas(traj_csv_batch *batch)
{
    for (size_t f = 0; f < batch->fields; f++) {
        double number;
        char *const start = batch->text + (batch->field[f] - batch->text);
        char *const comma = memchr(start, ',', batch->length[f]);
        if (!comma) continue;
        *comma = '.';
        if (traj_csv_number(start, &number) != 0) *comma = ',';
        batch->tail[f] = traj_word_load(start + batch->length[f] - sizeof(traj_word));
    }
}

/* Whether one of the fields is too long for traj_short_decimals. */
TRAJ_SIMD static bool has_long(const uint32_t *length, size_t fields)
{
    uint32_t found = 0;
    for (size_t f = 0; f < fields; f++) found |= length[f] > sizeof(traj_word);
    return found != 0;
}

static void read_long(const traj_csv_batch *batch, size_t f)
{
    const char *const text = batch->field[f], *end;
    const size_t length = batch->length[f];
    double number;
    if (length <= sizeof(traj_word)) return;
    if (traj_decimal_long(text, length, &number) ||
        (traj_decimal_plain(text, &end, &number) && *end == '\0'))
        batch->number[f] = number;
}

/* Numbers that are too long for the short ones' way, here where several threads share the work. */
static void read_long_numbers(const traj_csv_batch *batch)
{
    enum { STRETCH = 64 };
    for (size_t first = 0; first < batch->fields; first += STRETCH) {
        const size_t left = batch->fields - first, count = left < STRETCH ? left : STRETCH;
        if (!has_long(batch->length + first, count)) continue;
        for (size_t f = first; f < first + count; f++) read_long(batch, f);
    }
}

void traj_csv_cutter_init(traj_csv_cutter *in, const char *file, traj_input *input,
                          const char *bytes, size_t size, char delimiter)
{
    *in = (traj_csv_cutter){.file = file,
                            .input = input,
                            .at = bytes,
                            .end = bytes + size,
                            .feed = bytes,
                            .odd = bytes,
                            .line = 1,
                            .delimiter = delimiter};
    csv_init(&in->parser, CSV_APPEND_NULL);
    csv_set_delim(&in->parser, (unsigned char)delimiter);
}

void traj_csv_cutter_free(traj_csv_cutter *in)
{
    csv_free(&in->parser);
}

bool traj_csv_cutter_fill(traj_csv_cutter *in, traj_csv_batch *batch)
{
    traj_error *const err = &batch->err;
    traj_status status = TRAJ_OK;
    in->to = batch;
    batch->rows = batch->fields = 0;
    batch->used = sizeof(traj_word);
    batch->plain = false;
    if (!in->started && in->at < in->end) status = refuse_nul(in, err);
    in->started = true;
    bool last = false;
    while (!status && !last && !batch->plain && (in->begun || batch->used < BATCH_BYTES)) {
        if (in->at == in->end) status = refill(in, err);
        last = in->at == in->end;
        if (!status && !last) status = cut(in, err);
    }
    if (!status && last && in->begun) status = finish_libcsv(in, err);
    batch->status = status;
    return !status && !last;
}

void traj_csv_batch_split(traj_csv_batch *batch, const char *file, char delimiter)
{
    if (batch->plain && !batch->status &&
        !split(batch, batch->at, batch->size, batch->line, delimiter))
        batch->status = traj_fail_memory(&batch->err, file);
    if (delimiter != ',') replace_decimal_commas(batch);
    traj_short_decimals(batch->tail, batch->length, batch->fields, batch->number);
    read_long_numbers(batch);
}
