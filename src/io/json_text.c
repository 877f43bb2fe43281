/* The printer is ours because cJSON's prints a number with 15 digits when that is within one
 * rounding error, and our numbers must read back bit for bit.
 *
 * Pretty: a member a line, two blanks deeper per level; arrays of plain values stay on one line. */
#include "json_text.h"
#include "decimal.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/file.h"
#include "traj/io/json.h"
#include <cjson/cJSON.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct printer {
    char *text; /* owned until it is handed out; not NUL-terminated while it grows */
    size_t used, capacity;
    bool pretty;
    bool failed; /* memory ended, now or while the tree was built */
} printer;

static void put_value(printer *out, const cJSON *value, int depth);

static void put_bytes(printer *out, const char *bytes, size_t count)
{
    if (out->failed) return;
    if (traj_grow(&out->text, &out->capacity, out->used + count, 1) != 0) {
        out->failed = true;
        return;
    }
    memcpy(out->text + out->used, bytes, count);
    out->used += count;
}

static void put_text(printer *out, const char *text)
{
    put_bytes(out, text, strlen(text));
}

static void put_line_break(printer *out, int depth)
{
    if (!out->pretty) return;
    put_text(out, "\n");
    for (int i = 0; i < depth; i++) put_text(out, "  ");
}

/* What may not stand in a text: as an escape, or, where it is no UTF-8, as the character in it. */
static void put_escaped(printer *out, char c)
{
    const unsigned char code = (unsigned char)c;
    static const char letters[] = "\b\f\n\r\t\"\\", names[] = "bfnrt\"\\";
    const char *letter = strchr(letters, c);
    char escape[8];
    if (letter)
        snprintf(escape, sizeof escape, "\\%c", names[letter - letters]);
    else if (code < ' ')
        snprintf(escape, sizeof escape, "\\u%04x", code);
    else
        snprintf(escape, sizeof escape, "%c%c", 0xc0 | code >> 6, 0x80 | (code & 0x3f));
    put_text(out, escape);
}

/* Bytes of the character in UTF-8 that text begins with; 0: there is none. */
static size_t character_size(const char *text)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; /* that takes so many bytes */
    const unsigned char first = (unsigned char)*text;
    const size_t size = first < 0x80   ? 1
                        : first < 0xc0 ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                                       : 4;
    uint32_t code = first & (0x7fu >> size);
    if (size < 2) return size;
    for (size_t i = 1; i < size; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80) return 0;
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    }
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    return first < 0xf8 && code >= least[size] && code < 0x110000 && !surrogate ? size : 0;
}

/* How much of text may stand as it is. */
static size_t plain_size(const char *text)
{
    size_t plain = 0, next = 1;
    while (next > 0) {
        const unsigned char c = (unsigned char)text[plain];
        next = c < ' ' || c == '"' || c == '\\' ? 0 : character_size(text + plain);
        plain += next;
    }
    return plain;
}

static void put_string(printer *out, const char *text)
{
    put_text(out, "\"");
    while (*text) {
        const size_t plain = plain_size(text);
        put_bytes(out, text, plain);
        text += plain;
        if (*text) put_escaped(out, *text++);
    }
    put_text(out, "\"");
}

static void put_number(printer *out, double number)
{
    char text[TRAJ_DECIMAL_SIZE] = "null";
    if (isfinite(number)) traj_decimal_write(text, number);
    put_text(out, text);
}

/* An object, or an array with containers inside: a line per member. */
static bool needs_lines(const cJSON *container)
{
    if (cJSON_IsObject(container)) return true;
    for (const cJSON *member = container->child; member; member = member->next)
        if (cJSON_IsObject(member) || cJSON_IsArray(member)) return true;
    return false;
}

static void put_container(printer *out, const cJSON *container, int depth)
{
    bool object = cJSON_IsObject(container), lines = needs_lines(container);
    if (container->type & TRAJ_JSON_INCOMPLETE) out->failed = true;
    put_text(out, object ? "{" : "[");
    for (const cJSON *member = container->child; member; member = member->next) {
        if (lines) put_line_break(out, depth + 1);
        if (object) {
            put_string(out, member->string);
            put_text(out, out->pretty ? ": " : ":");
        }
        put_value(out, member, depth + 1);
        if (member->next) put_text(out, out->pretty && !lines ? ", " : ",");
    }
    if (lines && container->child) put_line_break(out, depth);
    put_text(out, object ? "}" : "]");
}

static void put_value(printer *out, const cJSON *value, int depth)
{
    if (cJSON_IsObject(value) || cJSON_IsArray(value))
        put_container(out, value, depth);
    else if (cJSON_IsString(value))
        put_string(out, value->valuestring);
    else if (cJSON_IsNumber(value))
        put_number(out, value->valuedouble);
    else if (cJSON_IsBool(value))
        put_text(out, cJSON_IsTrue(value) ? "true" : "false");
    else
        put_text(out, "null");
}

char *traj_json_text(const traj_json *root, bool pretty)
{
    if (!root) return NULL;
    printer out = {.pretty = pretty};
    put_value(&out, (const cJSON *)root, 0);
    if (pretty) put_text(&out, "\n");
    put_bytes(&out, "", 1);
    if (!out.failed) return out.text;
    traj_free(out.text);
    return NULL;
}

char *traj_json_quote(const char *text)
{
    printer out = {.pretty = false};
    put_string(&out, text);
    put_bytes(&out, "", 1);
    if (!out.failed) return out.text;
    traj_free(out.text);
    return NULL;
}

traj_status traj_json_write(const char *path, const traj_json *root, traj_error *err)
{
    TRAJ_ASSERT(path);
    char *text = traj_json_text(root, true);
    if (!text) return traj_fail_memory(err, path);
    traj_output output;
    traj_status status = traj_output_open(&output, path, err);
    if (!status) {
        fputs(text, output.stream); /* commit sees an error */
        status = traj_output_commit(&output, err);
    }
    traj_free(text);
    return status;
}
