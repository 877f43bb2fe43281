/* Every file is cut into lines. A line without a quote, met where a row starts, is a whole row and
 * is split here. A line with a quote goes to libcsv, and so do the lines after it until libcsv
 * reports the end of the row (a quoted field may hold line ends). libcsv is between rows then, with
 * no memory of what it read, so both ways mix freely, and line numbers are right in both.
 * tests/unit/io_csv_twin.c reads files by libcsv alone, for comparison. */
#include "traj/io/csv.h"
#include "decimal.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include <csv.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define ROW_MAX       1000000 /* bytes of a row: an unclosed quote must not swallow a file */
#define DETECT_LINES  10
#define DETECT_WINDOW TRAJ_INPUT_HEAD /* bytes looked at to find the delimiter */

enum { CANDIDATES = 3 };
static const char candidates[CANDIDATES] = {'\t', ';', ','}; /* numbers may have a decimal comma */

typedef struct line {
    const char *text;
    size_t length; /* without its line end */
    size_t size;   /* with it */
} line;

typedef struct reader {
    traj_csv_row row;
    traj_input *input;    /* view: where more comes from; NULL: there is no more */
    const char *at, *end; /* view: what is at hand and still to be read, whole lines */
    const char *feed;     /* view: the first line feed from `at` on, or end */
    long line;            /* number of the line at `at` */
    char delimiter;
    struct csv_parser parser;
    char *text; /* owned: the fields of the row, one behind the other */
    size_t text_used;
    const char **field; /* owned: where each starts in text */
    size_t fields, capacity;
    size_t row_bytes; /* of the row so far, as in the file */
    bool begun;       /* libcsv is inside a row */
    bool complete;    /* text and field hold a whole row */
    bool no_memory;
} reader;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static line next_line(reader *in)
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

static void add_field(reader *in, const char *start)
{
    if (in->fields == in->capacity &&
        traj_grow(&in->field, &in->capacity, in->fields + 1, sizeof *in->field) != 0) {
        in->no_memory = true;
        return;
    }
    in->field[in->fields++] = start;
}

static void start_row(reader *in, long number)
{
    in->row.line = number;
    in->row_bytes = 0;
    in->text_used = 0;
    in->fields = 0;
    in->complete = false;
}

/* A row without quotes: the same fields as libcsv gives, without its state machine. */
static void split_line(reader *in, const line *whole)
{
    char *at = in->text, *end = at + whole->length;
    memcpy(at, whole->text, whole->length);
    for (bool last = false; !last; at++) {
        while (at < end && is_blank(*at) && *at != in->delimiter) at++;
        const char *start = at;
        while (at < end && *at != in->delimiter) at++;
        last = at == end;
        char *stop = at;
        while (stop > start && is_blank(stop[-1])) stop--;
        *stop = '\0';
        add_field(in, start);
    }
    if (in->no_memory) return;
    in->complete = in->fields > 1 || *in->field[0] != '\0'; /* a blank line is no row */
}

static void libcsv_field(void *text, size_t length, void *context)
{
    reader *in = context;
    char *start = in->text + in->text_used;
    memcpy(start, text, length);
    start[length] = '\0';
    in->text_used += length + 1;
    add_field(in, start);
}

static void libcsv_row(int terminator, void *context)
{
    (void)terminator;
    reader *in = context;
    in->complete = true;
    in->begun = false;
}

static void feed_libcsv(reader *in, const line *piece)
{
    in->begun = true;
    size_t parsed = csv_parse(&in->parser, piece->text, piece->size, libcsv_field, libcsv_row, in);
    if (parsed != piece->size) in->no_memory = true; /* its only error without CSV_STRICT */
}

/* 12,5 -> 12.5, where commas separate no fields; a text that becomes no number so stays as it is.
 */
static void replace_decimal_commas(reader *in)
{
    for (size_t f = 0; f < in->fields; f++) {
        double number;
        char *const comma = strchr(in->text + (in->field[f] - in->text), ',');
        if (!comma) continue;
        *comma = '.';
        if (traj_csv_number(in->field[f], &number) != 0) *comma = ',';
    }
}

/* Hands a complete row to the caller; an incomplete one waits for more lines. */
static traj_status deliver(reader *in, traj_csv_visit *visit, void *context, traj_error *err)
{
    if (in->no_memory) return traj_fail_memory(err, in->row.file);
    if (!in->complete) return TRAJ_OK;
    if (in->delimiter != ',') replace_decimal_commas(in);
    in->complete = false;
    in->row.fields = in->fields;
    in->row.field = in->field;
    return visit(context, &in->row, err);
}

static traj_status read_line(reader *in, traj_error *err)
{
    long number = in->line;
    line piece = next_line(in);
    if (!in->begun) start_row(in, number);
    in->row_bytes += piece.size;
    if (in->row_bytes > ROW_MAX)
        return traj_fail(err, TRAJ_E_DATA,
                         "%s:%ld: a row of more than %d bytes starts here: is a closing quote "
                         "missing, or is this no CSV file?",
                         in->row.file, in->row.line, ROW_MAX);
    if (in->begun || memchr(piece.text, '"', piece.length))
        feed_libcsv(in, &piece);
    else
        split_line(in, &piece);
    return TRAJ_OK;
}

/* The last row, when the file does not end with a line end. */
static traj_status finish_libcsv(reader *in, traj_error *err)
{
    csv_set_opts(&in->parser, CSV_APPEND_NULL | CSV_STRICT | CSV_STRICT_FINI);
    if (csv_fini(&in->parser, libcsv_field, libcsv_row, in) == 0) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: a quote is opened in the row that starts here and never closed",
                     in->row.file, in->row.line);
}

static traj_status refuse_nul(const reader *in, traj_error *err)
{
    const char *nul = memchr(in->at, '\0', (size_t)(in->end - in->at));
    if (!nul) return TRAJ_OK;
    long number = in->line;
    for (const char *at = in->at; at < nul; at++) number += *at == '\n';
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: contains a NUL byte, so this is no text in UTF-8: export it as CSV "
                     "in UTF-8 (not UTF-16, not a spreadsheet)",
                     in->row.file, number);
}

/* More whole lines, if there are any. */
static traj_status refill(reader *in, traj_error *err)
{
    size_t size = 0;
    traj_status status = in->input ? traj_input_whole_lines(in->input, &in->at, &size, err)
                                   : TRAJ_OK;
    if (status) return status;
    in->end = in->at + size;
    in->feed = in->at;
    return size > 0 ? refuse_nul(in, err) : TRAJ_OK;
}

static traj_status read_rows(reader *in, traj_csv_visit *visit, void *context, traj_error *err)
{
    traj_status status = in->at < in->end ? refuse_nul(in, err) : refill(in, err);
    while (!status && in->at < in->end) {
        status = read_line(in, err);
        if (!status) status = deliver(in, visit, context, err);
        if (!status && in->at == in->end) status = refill(in, err);
    }
    if (status || !in->begun) return status;
    status = finish_libcsv(in, err);
    return status ? status : deliver(in, visit, context, err);
}

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

/* head[0..size): the beginning, to find the delimiter in. */
static traj_status read_with(reader *in, const char *head, size_t size, traj_csv_visit *visit,
                             void *context, traj_error *err)
{
    in->line = 1;
    in->feed = in->at;
    in->delimiter = find_delimiter(head, size);
    csv_init(&in->parser, CSV_APPEND_NULL);
    csv_set_delim(&in->parser, (unsigned char)in->delimiter);
    /* A field needs no more bytes than it had in the file, with its delimiter or line end as the
     * NUL; the last line may have no end. A head shorter than could be is the whole file. */
    const bool all = !in->input || size < TRAJ_INPUT_HEAD;
    in->text = traj_alloc((all && size < ROW_MAX ? size : ROW_MAX) + 1, 1);
    traj_status status = in->text ? read_rows(in, visit, context, err)
                                  : traj_fail_memory(err, in->row.file);
    csv_free(&in->parser);
    traj_free(in->text);
    traj_free(in->field);
    return status;
}

traj_status traj_csv_parse(const char *file, const char *bytes, size_t size, traj_csv_visit *visit,
                           void *context, traj_error *err)
{
    TRAJ_ASSERT(file && bytes && visit);
    reader in = {.row.file = file, .at = bytes, .end = bytes + size};
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) in.at += 3;
    return read_with(&in, in.at, (size_t)(in.end - in.at), visit, context, err);
}

traj_status traj_csv_read(traj_input *input, traj_csv_visit *visit, void *context, traj_error *err)
{
    TRAJ_ASSERT(input && visit);
    const char *head;
    size_t size;
    reader in = {.row.file = traj_input_name(input), .input = input};
    traj_status status = traj_input_peek(input, &head, &size, err);
    return status ? status : read_with(&in, head, size, visit, context, err);
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
