/* See traj/io/document.h. */
#include "traj/io/document.h"
#include "decimal.h"
#include "traj/base/assert.h"
#include "traj/io/csv.h"
#include "traj/io/json.h"
#include "traj/io/xml.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_PATH = 512, LONGEST_SENTENCE = 512 };

typedef struct walker {
    const char *file; /* view */
    traj_step_visit *visit;
    void *context;
    traj_error *err;
    char path[LONGEST_PATH];
    size_t length; /* of path */
    bool leaf;     /* XML: no attribute and no element since the last start tag */
} walker;

static traj_status emit(walker *in, traj_step_kind kind, long line, const char *name,
                        const char *value)
{
    const traj_step step = {.kind = kind,
                            .file = in->file,
                            .line = line,
                            .path = in->path,
                            .name = name,
                            .value = value};
    return in->visit(in->context, &step, in->err);
}

/* Appends "/name"; name may be "". */
static traj_status descend(walker *in, const char *name)
{
    const size_t length = strlen(name);
    if (length == 0) return TRAJ_OK;
    if (in->length + length + 2 > sizeof in->path)
        return traj_fail(in->err, TRAJ_E_DATA, "%s: nested too deep below %s", in->file, in->path);
    in->path[in->length] = '/';
    memcpy(in->path + in->length + 1, name, length + 1);
    in->length += length + 1;
    return TRAJ_OK;
}

static void ascend(walker *in, size_t length)
{
    in->length = length;
    in->path[length] = '\0';
}

static traj_status walk_value(walker *in, const char *name, const traj_json *value)
{
    char text[TRAJ_DECIMAL_SIZE] = "";
    const char *string = traj_json_string(value);
    double number;
    bool truth;
    if (traj_json_number(value, &number)) traj_decimal_write(text, number);
    if (traj_json_bool(value, &truth)) strcpy(text, truth ? "true" : "false");
    return emit(in, TRAJ_STEP_VALUE, 0, name, string ? string : text);
}

/* cJSON allows no more than a thousand levels, so this ends soon. */
static traj_status walk(walker *in, const char *name, const traj_json *value)
{
    const bool object = traj_json_is_object(value), array = traj_json_is_array(value);
    traj_status status = TRAJ_OK;
    if (!object && !array) return walk_value(in, name, value);
    if (object) status = emit(in, TRAJ_STEP_BEGIN, 0, name, "");
    for (const traj_json *member = traj_json_first(value); member && status == TRAJ_OK;
         member = traj_json_next(member)) {
        const size_t length = in->length;
        const char *const below = object ? traj_json_key(member) : name;
        if (object) status = descend(in, below);
        if (status == TRAJ_OK) status = walk(in, below, member);
        ascend(in, length);
    }
    if (object && status == TRAJ_OK) status = emit(in, TRAJ_STEP_END, 0, name, "");
    return status;
}

static traj_status read_json(walker *in, traj_input *input)
{
    const char *bytes;
    size_t size;
    traj_json *root;
    traj_status status = traj_input_all(input, &bytes, &size, in->err);
    if (status == TRAJ_OK)
        status =
            traj_json_parse_part(&(traj_json_part){in->file, 1, true}, bytes, size, &root, in->err);
    if (status != TRAJ_OK) return status;
    status = walk(in, "", root);
    traj_json_free(root);
    return status;
}

static bool is_outermost(const traj_xml_element *element)
{
    return element->name == element->path + 1;
}

static traj_status begin(void *context, const traj_xml_element *element, traj_error *err)
{
    walker *const in = context;
    (void)err; /* it is the walker's own */
    traj_status status = is_outermost(element) ? TRAJ_OK : descend(in, element->name);
    if (status == TRAJ_OK) status = emit(in, TRAJ_STEP_BEGIN, element->line, element->name, "");
    const size_t length = in->length;
    for (const char *const *at = element->attribute; *at && status == TRAJ_OK; at += 2) {
        status = descend(in, at[0]);
        if (status == TRAJ_OK) status = emit(in, TRAJ_STEP_VALUE, element->line, at[0], at[1]);
        ascend(in, length);
    }
    in->leaf = !element->attribute[0];
    return status;
}

static traj_status end(void *context, const traj_xml_element *element, traj_error *err)
{
    walker *const in = context;
    traj_status status = TRAJ_OK;
    (void)err;
    if (in->leaf || element->text[0])
        status = emit(in, TRAJ_STEP_VALUE, element->line, element->name, element->text);
    in->leaf = false;
    if (status == TRAJ_OK) status = emit(in, TRAJ_STEP_END, element->line, element->name, "");
    if (!is_outermost(element)) ascend(in, in->length - strlen(element->name) - 1);
    return status;
}

traj_status traj_document_read(traj_input *input, traj_step_visit *visit, void *context,
                               traj_error *err)
{
    TRAJ_ASSERT(input && visit);
    walker in = {.file = traj_input_name(input), .visit = visit, .context = context, .err = err};
    const char *head;
    size_t size, blanks = 0;
    const traj_status status = traj_input_peek(input, &head, &size, err);
    if (status != TRAJ_OK) return status;
    while (blanks < size && strchr(" \t\r\n", head[blanks]) && head[blanks]) blanks++;
    if (blanks == size) return traj_fail(err, TRAJ_E_DATA, "%s: the file is empty", in.file);
    /* UTF-16 begins with a mark, which is no JSON either */
    const bool xml = head[blanks] == '<' || (unsigned char)head[blanks] >= 0xfe;
    return xml ? traj_xml_read(input, begin, end, &in, err) : read_json(&in, input);
}

traj_status traj_step_fail(traj_error *err, const traj_step *step, const char *format, ...)
{
    char sentence[LONGEST_SENTENCE];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    if (step->line > 0)
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %s: %s", step->file, step->line, step->path,
                         sentence);
    return traj_fail(err, TRAJ_E_DATA, "%s: %s: %s", step->file, step->path, sentence);
}

traj_status traj_step_number(const traj_step *step, double *number, traj_error *err)
{
    char text[64];
    snprintf(text, sizeof text, "%s", step->value);
    char *const comma = strchr(text, ',');
    if (comma) *comma = '.';
    if (strlen(step->value) < sizeof text && traj_csv_number(text, number) == 0) return TRAJ_OK;
    return traj_step_fail(err, step, "expected a number, got '%.60s'", step->value);
}
