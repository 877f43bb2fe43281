/* A traj_json is a cJSON seen through an opaque type. Reading and building are here, text in
 * json_text.c. */
#include "traj/io/json.h"
#include "json_text.h"
#include "traj/base/assert.h"
#include "traj/base/memory.h"
#include "traj/io/file.h"
#include <cjson/cJSON.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>

static const cJSON *view(const traj_json *value)
{
    return (const cJSON *)value;
}

static traj_json *wrap(cJSON *item)
{
    return (traj_json *)item;
}

/* What stands at the place where parsing stopped, as the reader's remedy. */
static const char *explain(const char *at, const char *end)
{
    static const char *const not_numbers[] = {"NaN", "nan", "Infinity", "-Infinity", "-nan", "inf"};
    for (size_t i = 0; i < sizeof not_numbers / sizeof *not_numbers; i++) {
        size_t length = strlen(not_numbers[i]);
        if ((size_t)(end - at) >= length && memcmp(at, not_numbers[i], length) == 0)
            return "JSON has no NaN or Infinity: write null for a missing value";
    }
    return "this is not JSON";
}

static traj_status fail_at(const traj_json_part *part, const char *text, const char *at,
                           const char *end, traj_error *err)
{
    long number = part->line;
    for (const char *before = text; before < at; before++) number += *before == '\n';
    int near = 0; /* the rest of the line, shortened */
    while (at + near < end && near < 24 && (unsigned char)at[near] >= ' ') near++;
    if (near == 0)
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: the JSON text ends or breaks off here",
                         part->file, number);
    return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %s, near '%.*s'", part->file, number,
                     explain(at, end), near, at);
}

static traj_status parse(const traj_json_part *part, const char *text, size_t size,
                         traj_json **root, traj_error *err)
{
    const char *at = text, *end = text + size;
    errno = 0; /* malloc's ENOMEM is the only way to tell a full memory from bad text */
    cJSON *tree = cJSON_ParseWithLengthOpts(text, size, &at, 0);
    if (!tree && errno == ENOMEM) return traj_fail_memory(err, part->file);
    if (tree) {
        while (at < end && strchr(" \t\r\n", *at) && *at) at++;
        if (at == end) {
            *root = wrap(tree);
            return TRAJ_OK;
        }
    }
    cJSON_Delete(tree);
    return fail_at(part, text, at, end, err);
}

/* The length of a bare NaN, Infinity or -Infinity at text; 0 for anything else. */
static size_t not_a_number(const char *text, const char *end)
{
    static const char *const words[] = {"NaN", "Infinity", "-Infinity"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i]);
        if ((size_t)(end - text) >= length && memcmp(text, words[i], length) == 0) return length;
    }
    return 0;
}

/* Copies text with null for what is not a number; to has room for 4/3 of it. Returns the copy's
 * length. */
static size_t copy_without_nan(char *to, const char *text, size_t size)
{
    const char *const end = text + size, *const begin = to;
    bool quoted = false;
    while (text < end) {
        const size_t skipped = quoted ? 0 : not_a_number(text, end);
        if (skipped > 0) {
            memcpy(to, "null", 4);
            to += 4;
            text += skipped;
            continue;
        }
        if (*text == '"') quoted = !quoted;
        if (quoted && *text == '\\' && text + 1 < end) *to++ = *text++;
        *to++ = *text++;
    }
    return (size_t)(to - begin);
}

traj_status traj_json_parse_part(const traj_json_part *part, const char *text, size_t size,
                                 traj_json **root, traj_error *err)
{
    TRAJ_ASSERT(part && text && root);
    if (!part->nan) return parse(part, text, size, root, err);
    char *const copy = traj_alloc(size / 3 + 1, 4);
    if (!copy) return traj_fail_memory(err, part->file);
    const traj_status status = parse(part, copy, copy_without_nan(copy, text, size), root, err);
    traj_free(copy);
    return status;
}

traj_status traj_json_parse(const char *file, const char *text, size_t size, traj_json **root,
                            traj_error *err)
{
    TRAJ_ASSERT(file);
    return traj_json_parse_part(&(traj_json_part){.file = file, .line = 1}, text, size, root, err);
}

traj_status traj_json_read(const char *path, traj_json **root, traj_error *err)
{
    char *text;
    size_t size;
    traj_status status = traj_file_read(path, &text, &size, err);
    if (status) return status;
    status = traj_json_parse(path, text, size, root, err);
    traj_free(text);
    return status;
}

void traj_json_free(traj_json *root)
{
    cJSON_Delete((cJSON *)root);
}

const traj_json *traj_json_get(const traj_json *object, const char *key)
{
    return wrap(cJSON_GetObjectItemCaseSensitive(view(object), key));
}

size_t traj_json_count(const traj_json *array)
{
    return array ? (size_t)cJSON_GetArraySize(view(array)) : 0;
}

const traj_json *traj_json_at(const traj_json *array, size_t index)
{
    return index <= INT_MAX ? wrap(cJSON_GetArrayItem(view(array), (int)index)) : NULL;
}

const traj_json *traj_json_first(const traj_json *array)
{
    return array ? wrap(view(array)->child) : NULL;
}

const traj_json *traj_json_next(const traj_json *member)
{
    return member ? wrap(view(member)->next) : NULL;
}

const char *traj_json_key(const traj_json *member)
{
    return member && view(member)->string ? view(member)->string : "";
}

bool traj_json_number(const traj_json *value, double *number)
{
    if (!cJSON_IsNumber(view(value))) return false;
    *number = view(value)->valuedouble;
    return true;
}

const char *traj_json_string(const traj_json *value)
{
    return cJSON_GetStringValue(view(value));
}

bool traj_json_bool(const traj_json *value, bool *truth)
{
    if (!cJSON_IsBool(view(value))) return false;
    *truth = cJSON_IsTrue(view(value));
    return true;
}

bool traj_json_is_object(const traj_json *value)
{
    return cJSON_IsObject(view(value));
}

bool traj_json_is_array(const traj_json *value)
{
    return cJSON_IsArray(view(value));
}

bool traj_json_is_null(const traj_json *value)
{
    return cJSON_IsNull(view(value));
}

traj_json *traj_json_object(void)
{
    return wrap(cJSON_CreateObject());
}

/* As it will be read back: what JSON has no number for is null. */
static cJSON *create_number(double number)
{
    return isfinite(number) ? cJSON_CreateNumber(number) : cJSON_CreateNull();
}

/* Puts item under key of an object, or at the end of an array when key is NULL; returns it. When it
 * cannot, the container is marked incomplete, so that its text is refused, and the answer is NULL.
 */
static traj_json *put(traj_json *container, const char *key, cJSON *item)
{
    cJSON *parent = (cJSON *)container;
    TRAJ_ASSERT(!parent || (key ? cJSON_IsObject(parent) : cJSON_IsArray(parent)));
    if (parent && item && key) cJSON_DeleteItemFromObjectCaseSensitive(parent, key);
    if (parent && item &&
        (key ? cJSON_AddItemToObject(parent, key, item) : cJSON_AddItemToArray(parent, item)))
        return wrap(item);
    if (parent) parent->type |= TRAJ_JSON_INCOMPLETE;
    cJSON_Delete(item);
    return NULL;
}

traj_json *traj_json_set_object(traj_json *object, const char *key)
{
    return put(object, key, cJSON_CreateObject());
}

traj_json *traj_json_set_array(traj_json *object, const char *key)
{
    return put(object, key, cJSON_CreateArray());
}

void traj_json_set_number(traj_json *object, const char *key, double number)
{
    put(object, key, create_number(number));
}

void traj_json_set_string(traj_json *object, const char *key, const char *text)
{
    put(object, key, cJSON_CreateString(text));
}

void traj_json_set_bool(traj_json *object, const char *key, bool truth)
{
    put(object, key, cJSON_CreateBool(truth));
}

traj_json *traj_json_append_object(traj_json *array)
{
    return put(array, NULL, cJSON_CreateObject());
}

traj_json *traj_json_append_array(traj_json *array)
{
    return put(array, NULL, cJSON_CreateArray());
}

void traj_json_append_number(traj_json *array, double number)
{
    put(array, NULL, create_number(number));
}

void traj_json_append_string(traj_json *array, const char *text)
{
    put(array, NULL, cJSON_CreateString(text));
}
