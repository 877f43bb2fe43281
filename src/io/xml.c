/* See traj/io/xml.h. */
#include "traj/io/xml.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include <expat.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

/* Nested deeper than any format; the path of such a thing is no longer of use to anybody. */
enum { DEEPEST = 64 };

typedef struct text {
    char *bytes; /* owned, NUL-terminated once anything was added */
    size_t length, capacity;
} text;

typedef struct parser {
    XML_Parser expat;
    const char *file; /* view */
    traj_xml_visit *begin, *end;
    void *context;
    text path, data;
    size_t depth, name[DEEPEST]; /* where in the path the name of each open element begins */
    traj_status status;
    traj_error *err;
} parser;

static long line_of(const parser *in)
{
    return (long)XML_GetCurrentLineNumber(in->expat);
}

static long column_of(const parser *in)
{
    return (long)XML_GetCurrentColumnNumber(in->expat) + 1;
}

static void stop(parser *in, traj_status status)
{
    in->status = status;
    (void)XML_StopParser(in->expat, XML_FALSE);
}

/* Returns whether there was memory for it. */
static bool append(parser *in, text *to, const char *bytes, size_t length)
{
    if (traj_grow(&to->bytes, &to->capacity, to->length + length + 1, 1) != 0) {
        stop(in, traj_fail_memory(in->err, in->file));
        return false;
    }
    memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
    to->bytes[to->length] = '\0';
    return true;
}

static void visit(parser *in, traj_xml_visit *what, const char *const *attribute, const char *data)
{
    if (!what) return;
    const traj_xml_element element = {.file = in->file,
                                      .line = line_of(in),
                                      .column = column_of(in),
                                      .path = in->path.bytes,
                                      .name = in->path.bytes + in->name[in->depth - 1],
                                      .attribute = attribute,
                                      .text = data};
    const traj_status status = what(in->context, &element, in->err);
    if (status != TRAJ_OK) stop(in, status);
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attribute)
{
    parser *const in = context;
    if (in->status != TRAJ_OK) return;
    if (in->depth == DEEPEST) {
        stop(in, traj_fail(in->err, TRAJ_E_DATA,
                           "%s:%ld: column %ld: elements are nested more than %d deep; this is no "
                           "tracking data",
                           in->file, line_of(in), column_of(in), DEEPEST));
        return;
    }
    in->name[in->depth] = in->path.length + 1;
    if (!append(in, &in->path, "/", 1) || !append(in, &in->path, name, strlen(name))) return;
    in->depth++;
    in->data.length = 0;
    visit(in, in->begin, (const char *const *)attribute, "");
}

/* The collected characters without the blanks around them. */
static const char *trimmed(text *data)
{
    static const char blanks[] = " \t\r\n";
    if (data->length == 0) return "";
    size_t length = data->length;
    while (length > 0 && strchr(blanks, data->bytes[length - 1])) length--;
    data->bytes[length] = '\0';
    return data->bytes + strspn(data->bytes, blanks);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    static const char *const none[] = {NULL};
    parser *const in = context;
    (void)name;
    if (in->status != TRAJ_OK) return;
    visit(in, in->end, none, trimmed(&in->data));
    in->data.length = 0;
    in->path.length = in->name[--in->depth] - 1;
    in->path.bytes[in->path.length] = '\0';
}

static void XMLCALL on_data(void *context, const XML_Char *bytes, int length)
{
    parser *const in = context;
    if (in->status == TRAJ_OK) (void)append(in, &in->data, bytes, (size_t)length);
}

static void XMLCALL on_entity(void *context, const XML_Char *name, int parameter,
                              const XML_Char *value, int length, const XML_Char *base,
                              const XML_Char *system, const XML_Char *public,
                              const XML_Char *notation)
{
    parser *const in = context;
    (void)parameter, (void)value, (void)length, (void)base, (void)system, (void)public;
    (void)notation;
    if (in->status == TRAJ_OK)
        stop(in, traj_fail(in->err, TRAJ_E_DATA,
                           "%s:%ld: column %ld: declares the entity '%.40s'; entities are not "
                           "read: write what they stand for",
                           in->file, line_of(in), column_of(in), name));
}

static traj_status fail_parse(const parser *in)
{
    const enum XML_Error code = XML_GetErrorCode(in->expat);
    if (in->status != TRAJ_OK) return in->status;
    if (code == XML_ERROR_NO_MEMORY) return traj_fail_memory(in->err, in->file);
    const bool ended = code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN;
    return traj_fail(in->err, TRAJ_E_DATA, "%s:%ld: column %ld: this is not XML: %s%s", in->file,
                     line_of(in), column_of(in), XML_ErrorString(code),
                     ended ? "; is the file cut short?" : "");
}

static traj_status parse(parser *in, traj_input *input)
{
    for (;;) {
        const char *bytes;
        size_t size;
        traj_status status = traj_input_piece(input, &bytes, &size, in->err);
        if (status != TRAJ_OK) return status;
        TRAJ_ASSERT(size <= INT_MAX); /* a piece is a page or two */
        if (XML_Parse(in->expat, bytes, (int)size, size == 0) != XML_STATUS_OK)
            return fail_parse(in);
        if (size == 0) return TRAJ_OK;
    }
}

traj_status traj_xml_read(traj_input *input, traj_xml_visit *begin, traj_xml_visit *end,
                          void *context, traj_error *err)
{
    TRAJ_ASSERT(input);
    parser in = {
        .file = traj_input_name(input), .begin = begin, .end = end, .context = context, .err = err};
    in.expat = XML_ParserCreate(NULL);
    if (!in.expat) return traj_fail_memory(err, in.file);
    XML_SetUserData(in.expat, &in);
    XML_SetElementHandler(in.expat, on_start, on_end);
    XML_SetCharacterDataHandler(in.expat, on_data);
    XML_SetEntityDeclHandler(in.expat, on_entity);
    const traj_status status = parse(&in, input);
    XML_ParserFree(in.expat);
    traj_free(in.path.bytes);
    traj_free(in.data.bytes);
    return status;
}

const char *traj_xml_attribute(const traj_xml_element *element, const char *name)
{
    for (const char *const *at = element->attribute; *at; at += 2)
        if (strcmp(at[0], name) == 0) return at[1];
    return NULL;
}
