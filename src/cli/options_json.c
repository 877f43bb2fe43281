/* The option table's face to JSON: configuration files, presets and the record in config.json. */
#include "option_value.h"
#include "suggest.h"
#include "traj/cli/options.h"

#include <string.h>

/* ---- reading ---- */

/* A JSON value as a user would type it; false for null, objects and arrays. */
static bool value_as_text(const traj_json *value, char *text, size_t size)
{
    double number;
    bool truth;
    const char *string = traj_json_string(value);
    if (string)
        snprintf(text, size, "%s", string);
    else if (traj_json_bool(value, &truth))
        snprintf(text, size, "%s", truth ? "yes" : "no");
    else if (traj_json_number(value, &number))
        traj_value_print_real(number, text, size);
    else
        return false;
    return !string || strlen(string) < size;
}

static traj_status set_member(traj_settings *settings, const traj_option *option,
                              const traj_json *value, traj_source source, const char *where,
                              traj_error *err)
{
    char text[4096];
    if (!value_as_text(value, text, sizeof text))
        return traj_fail(err, TRAJ_E_USAGE, "%s: expected a text, a number, true or false%s", where,
                         option->type == TRAJ_OPTION_FILES ? ", or a list of texts" : "");
    return traj_option_set(settings, option, text, source, where, err);
}

static traj_status set_list(traj_settings *settings, const traj_option *option,
                            const traj_json *list, traj_source source, const char *where,
                            traj_error *err)
{
    traj_status status = TRAJ_OK;
    if (traj_json_string(list)) return set_member(settings, option, list, source, where, err);
    for (size_t i = 0; i < traj_json_count(list) && status == TRAJ_OK; i++)
        status = set_member(settings, option, traj_json_at(list, i), source, where, err);
    return status;
}

static traj_status fail_unknown(unsigned command, const char *file, const char *key,
                                traj_error *err)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    if (traj_option_find(TRAJ_CMD_ALL, key))
        return traj_fail(err, TRAJ_E_USAGE, "%s: '%s' is no configuration of this command", file,
                         key);
    traj_suggestion near;
    char hint[96];
    traj_suggest_start(&near, key);
    for (size_t i = 0; i < count; i++)
        if ((options[i].commands & command) && !options[i].control)
            traj_suggest_offer(&near, options[i].key);
    traj_suggest_text(&near, "", hint, sizeof hint);
    return traj_fail(err, TRAJ_E_USAGE, "%s: there is no option '%s'%s", file, key, hint);
}

traj_status traj_option_from_json(traj_settings *settings, unsigned command, const char *key,
                                  const traj_json *value, const char *file, traj_source source,
                                  traj_error *err)
{
    const traj_option *option = traj_option_find(command, key);
    if (!option || option->control) return fail_unknown(command, file, key, err);
    char where[640];
    snprintf(where, sizeof where, "%s: '%s'", file, key);
    return option->type == TRAJ_OPTION_FILES
               ? set_list(settings, option, value, source, where, err)
               : set_member(settings, option, value, source, where, err);
}

traj_status traj_options_from_json(traj_settings *settings, unsigned command,
                                   const traj_json *object, const char *file, traj_source source,
                                   traj_error *err)
{
    traj_status status = TRAJ_OK;
    for (size_t i = 0; i < traj_json_count(object) && status == TRAJ_OK; i++) {
        const traj_json *value = traj_json_at(object, i);
        status = traj_option_from_json(settings, command, traj_json_key(value), value, file, source,
                                       err);
    }
    return status;
}

traj_status traj_options_read_json(traj_settings *settings, unsigned command, const char *path,
                                   traj_source source, traj_error *err)
{
    traj_json *root;
    traj_status status = traj_json_read(path, &root, err);
    if (status != TRAJ_OK) return status;
    const traj_json *options = traj_json_get(root, "options");
    status = traj_options_from_json(settings, command, options ? options : root, path, source, err);
    traj_json_free(root);
    return status;
}

/* ---- writing ---- */

/* JSON numbers are doubles: a larger seed would not come back as it was. */
static const uint64_t exact_limit = UINT64_C(1) << 53;

static void write_list(const traj_text_list *list, traj_json *array)
{
    for (size_t i = 0; i < list->count; i++) traj_json_append_string(array, list->item[i]);
}

/* What nobody has set and has no default is left out. */
static void write_text(const traj_settings *settings, const traj_option *option, traj_json *json)
{
    char text[4096];
    traj_option_text(settings, option, text, sizeof text);
    if (text[0]) traj_json_set_string(json, option->key, text);
}

static void write_option(const traj_settings *settings, const traj_option *option, traj_json *json)
{
    const void *field = traj_value_field_const(settings, option);
    const char *file = (const char *)settings + option->offset2; /* of SHARE */
    bool is_number = option->type == TRAJ_OPTION_REAL ||
                     (option->type == TRAJ_OPTION_SHARE && file[0] == '\0');
    bool is_exact = option->type == TRAJ_OPTION_SEED && *(const uint64_t *)field <= exact_limit;
    if (is_number)
        traj_json_set_number(json, option->key, *(const double *)field);
    else if (is_exact)
        traj_json_set_number(json, option->key, (double)*(const uint64_t *)field);
    else if (option->type == TRAJ_OPTION_INT)
        traj_json_set_number(json, option->key, *(const int *)field);
    else if (option->type == TRAJ_OPTION_FLAG)
        traj_json_set_bool(json, option->key, *(const int *)field != 0);
    else if (option->type == TRAJ_OPTION_FILES)
        write_list(field, traj_json_set_array(json, option->key));
    else
        write_text(settings, option, json);
}

void traj_options_to_json(const traj_settings *settings, unsigned command, traj_json *object)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    for (size_t i = 0; i < count; i++)
        if ((options[i].commands & command) && !options[i].control)
            write_option(settings, &options[i], object);
}
