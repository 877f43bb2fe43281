/* Finds the elements of a long array by its brackets, commas and quotes, and leaves what is in them
 * to json.c.
 *
 *   1. outside: brackets are counted and the keys of the top object looked at, until the array
 * opens
 *   2. inside: bytes are collected up to the comma or the bracket that ends an element
 *   3. each element is parsed and shown
 *   4. behind the array as before it */
#include "json_pool.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/json.h"
#include <string.h>

enum { LONGEST_KEY = 64 };

/* Whom to show values to, and where their trees are made. */
typedef struct showing {
    traj_json_visit *visit;
    void *context;       /* view: of visit */
    traj_json_pool pool; /* owned */
} showing;

static traj_status show(showing *to, const traj_json_part *part, const char *text, size_t size,
                        traj_error *err)
{
    traj_json *root = NULL;
    traj_json_pool_begin(&to->pool);
    traj_status status = traj_json_parse_part(part, text, size, &root, err);
    traj_json_pool_end();
    if (status == TRAJ_OK) status = to->visit(to->context, root, part->line, err);
    traj_json_pool_delete(&to->pool, (cJSON *)root);
    return status;
}

typedef struct stream {
    traj_json_part part; /* line: where the element begins */
    const char *key;     /* view; NULL: the top value is the array */
    showing to;
    traj_error *err;
    long line;
    size_t depth, array_depth; /* open brackets; those within the array, 0 outside of it */
    bool quoted, escaped, found, ended;
    char word[LONGEST_KEY]; /* the last text between quotes, cut */
    size_t letters;
    bool wanted;   /* the last key at depth 1 is the one */
    char *element; /* owned [capacity] */
    size_t length, capacity;
    size_t elements;
} stream;

static traj_status fail(const stream *in, const char *sentence)
{
    return traj_fail(in->err, TRAJ_E_DATA, "%s:%ld: %s", in->part.file, in->line, sentence);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether c belongs to a text, its quotes included. */
static bool pass_text(stream *in, char c)
{
    if (!in->quoted) {
        in->quoted = c == '"';
        in->letters = in->quoted ? 0 : in->letters;
        return in->quoted;
    }
    if (in->escaped)
        in->escaped = false;
    else if (c == '\\')
        in->escaped = true;
    else if (c == '"')
        in->quoted = false;
    if (in->quoted && in->letters + 1 < LONGEST_KEY) in->word[in->letters++] = c;
    in->word[in->letters] = '\0';
    return true;
}

static traj_status show_element(stream *in)
{
    const traj_status status = show(&in->to, &in->part, in->element, in->length, in->err);
    in->length = 0;
    in->elements++;
    return status;
}

/* The end of an element, and with ']' of the array; an array may be empty, an element may not. */
static traj_status end_element(stream *in, char c)
{
    traj_status status = TRAJ_OK;
    if (in->length > 0)
        status = show_element(in);
    else if (c == ',' || in->elements > 0)
        status = fail(in, "a comma without an element before or behind it");
    if (c == ']') {
        in->array_depth = 0;
        in->depth--;
        in->ended = in->depth == 0;
    }
    return status;
}

static traj_status collect(stream *in, char c)
{
    if (in->length == 0 && is_blank(c)) return TRAJ_OK;
    if (in->length == 0) in->part.line = in->line;
    if (in->length == in->capacity &&
        traj_grow(&in->element, &in->capacity, in->length + 1, 1) != 0)
        return traj_fail_memory(in->err, in->part.file);
    in->element[in->length++] = c;
    return TRAJ_OK;
}

static traj_status step_inside(stream *in, char c)
{
    if (pass_text(in, c)) return collect(in, c);
    if (in->depth == in->array_depth && (c == ',' || c == ']')) return end_element(in, c);
    if (c == '{' || c == '[') in->depth++;
    if (c == '}' || c == ']') in->depth--;
    if (in->depth < in->array_depth) return fail(in, "this is not JSON: '}' closes an array");
    return collect(in, c);
}

static traj_status step_outside(stream *in, char c)
{
    if (pass_text(in, c) || is_blank(c)) return TRAJ_OK;
    if (in->ended) return fail(in, "this is not JSON: something stands behind its end");
    if (in->depth == 0 && c != (in->key ? '{' : '['))
        return fail(in, in->key ? "this is not JSON: expected '{'" : "expected a JSON array, '['");
    if (c == ':' && in->depth == 1) in->wanted = in->key && strcmp(in->word, in->key) == 0;
    if (c == ',' && in->depth == 1) in->wanted = false;
    if (c == '[' && (in->depth == 0 || (in->depth == 1 && in->wanted))) {
        if (in->found) return fail(in, "the array stands here for the second time");
        in->found = true;
        in->array_depth = in->depth + 1;
    }
    if (c == '{' || c == '[') in->depth++;
    if (c == '}' || c == ']') in->depth--;
    in->ended = in->depth == 0;
    return TRAJ_OK;
}

static traj_status read_piece(stream *in, const char *bytes, size_t size)
{
    traj_status status = TRAJ_OK;
    for (size_t i = 0; i < size && status == TRAJ_OK; i++) {
        status = in->array_depth > 0 ? step_inside(in, bytes[i]) : step_outside(in, bytes[i]);
        in->line += bytes[i] == '\n';
    }
    return status;
}

static traj_status check_end(const stream *in)
{
    if (!in->ended)
        return fail(in, "the JSON text ends or breaks off here; is the file cut short?");
    if (in->found) return TRAJ_OK;
    return traj_fail(in->err, TRAJ_E_DATA, "%s: there is no array '%s' in it", in->part.file,
                     in->key);
}

traj_status traj_json_stream(traj_input *input, const char *key, bool nan, traj_json_visit *visit,
                             void *context, traj_error *err)
{
    TRAJ_ASSERT(input && visit && (!key || strlen(key) < LONGEST_KEY));
    stream in = {.part = {.file = traj_input_name(input), .nan = nan},
                 .key = key,
                 .to = {.visit = visit, .context = context},
                 .err = err,
                 .line = 1};
    traj_status status;
    size_t size = 0;
    do {
        const char *bytes;
        status = traj_input_piece(input, &bytes, &size, err);
        if (status == TRAJ_OK) status = read_piece(&in, bytes, size);
    } while (status == TRAJ_OK && size > 0);
    if (status == TRAJ_OK) status = check_end(&in);
    traj_free(in.element);
    traj_json_pool_free(&in.to.pool);
    return status;
}

typedef struct line_reading {
    showing to;
    traj_json_part part;
} line_reading;

static traj_status show_line(void *context, char *text, size_t length, long line, traj_error *err)
{
    line_reading *const in = context;
    in->part.line = line;
    return show(&in->to, &in->part, text, length, err);
}

traj_status traj_json_lines(traj_input *input, bool nan, traj_json_visit *visit, void *context,
                            traj_error *err)
{
    TRAJ_ASSERT(input && visit);
    line_reading in = {.to = {.visit = visit, .context = context},
                       .part = {.file = traj_input_name(input), .nan = nan}};
    const traj_status status = traj_input_lines(input, show_line, &in, err);
    traj_json_pool_free(&in.to.pool);
    return status;
}
