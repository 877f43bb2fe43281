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

static void put_escaped(printer *out, char c)
{
    static const char letters[] = "\b\f\n\r\t\"\\", names[] = "bfnrt\"\\";
    const char *letter = strchr(letters, c);
    char escape[8];
    if (letter)
        snprintf(escape, sizeof escape, "\\%c", names[letter - letters]);
    else
        snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)c);
    put_text(out, escape);
}

static void put_string(printer *out, const char *text)
{
    put_text(out, "\"");
    while (*text) {
        size_t plain = 0;
        while ((unsigned char)text[plain] >= ' ' && text[plain] != '"' && text[plain] != '\\')
            plain++;
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
