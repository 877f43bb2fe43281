#include "traj/cli/options.h"

#include "option_value.h"
#include "suggest.h"
#include "traj/base/assert.h"
#include "traj/base/log.h"
#include "traj/io/file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

enum { NAME_LIMIT = 64 }; /* letters of a key as flag or variable, with the final NUL */

/* ---- the table ---- */

/* '-' and '_' are one letter: burn_in is what a Python user types. */
static bool same_key(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b)) return false;
    return *a == *b;
}

const traj_option *traj_option_find(unsigned command, const char *key)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    for (size_t i = 0; i < count; i++)
        if ((options[i].commands & command) && same_key(options[i].key, key)) return &options[i];
    return NULL;
}

static size_t row_of(const traj_option *option)
{
    size_t count;
    return (size_t)(option - traj_option_table(&count));
}

traj_source traj_option_source(const traj_settings *settings, unsigned command, const char *key)
{
    const traj_option *option = traj_option_find(command, key);
    TRAJ_ASSERT(option != NULL);
    return settings->source[row_of(option)];
}

traj_status traj_option_require(const traj_settings *settings, unsigned command, const char *key,
                                traj_error *err)
{
    const traj_option *option = traj_option_find(command, key);
    TRAJ_ASSERT(option != NULL);
    if (settings->source[row_of(option)] != TRAJ_BY_DEFAULT) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_USAGE, "--%s %s is missing: %s", option->key, option->metavar,
                     option->help);
}

/* ---- settings ---- */

void traj_settings_init(traj_settings *settings)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    memset(settings, 0, sizeof *settings);
    traj_read_options_init(&settings->read); /* not every member has a row, here and there */
    traj_metric_limits_init(&settings->limits);
    for (size_t i = 0; i < count; i++) {
        if (options[i].type == TRAJ_OPTION_FILES) continue; /* lists start empty */
        TRAJ_ASSERT(traj_value_parse(settings, &options[i], options[i].standard) == TRAJ_VALUE_OK);
    }
}

void traj_settings_free(traj_settings *settings)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    for (size_t i = 0; i < count; i++)
        if (options[i].type == TRAJ_OPTION_FILES)
            traj_value_clear_list(traj_value_field(settings, &options[i]));
    traj_settings_init(settings);
}

static traj_status fail_value(const traj_option *option, const char *text, const char *where,
                              traj_error *err)
{
    char expects[256], standard[96] = "", hint[96] = "";
    traj_option_expects(option, expects, sizeof expects);
    if (option->standard[0]) snprintf(standard, sizeof standard, " (default %s)", option->standard);
    if (option->choices) {
        traj_suggestion near;
        traj_suggest_start(&near, text);
        for (const char *const *name = option->choices(); *name; name++)
            traj_suggest_offer(&near, *name);
        traj_suggest_text(&near, "", hint, sizeof hint);
    }
    return traj_fail(err, TRAJ_E_USAGE, "%s: expected %s%s, got '%s'%s", where, expects, standard,
                     text, hint);
}

/* A list of a weaker source gives way, but only once the new value is in. */
static traj_value_result replace_list(traj_settings *settings, const traj_option *option,
                                      const char *text)
{
    traj_text_list *list = traj_value_field(settings, option), old = *list;
    *list = (traj_text_list){NULL, 0, 0};
    traj_value_result result = traj_value_parse(settings, option, text);
    if (result == TRAJ_VALUE_OK)
        traj_value_clear_list(&old);
    else
        *list = old;
    return result;
}

traj_status traj_option_set(traj_settings *settings, const traj_option *option, const char *text,
                            traj_source source, const char *where, traj_error *err)
{
    unsigned char *present = &settings->source[row_of(option)];
    if (*present > source) return TRAJ_OK;
    bool replaces = option->type == TRAJ_OPTION_FILES && *present < source;
    traj_value_result result = replaces ? replace_list(settings, option, text)
                                        : traj_value_parse(settings, option, text);
    if (result == TRAJ_VALUE_NO_MEMORY) return traj_fail_memory(err, where);
    if (result == TRAJ_VALUE_BAD) return fail_value(option, text, where, err);
    *present = (unsigned char)source;
    return TRAJ_OK;
}

/* ---- the command line ---- */

typedef struct command_line {
    traj_settings *settings;
    unsigned command;
    const char *positional;
    int count, next; /* arguments, and the first one not yet read */
    char *const *arguments;
} command_line;

static traj_status fail_unknown(unsigned command, const char *typed, const char *key,
                                traj_error *err)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    if (traj_option_find(TRAJ_CMD_ALL, key))
        return traj_fail(err, TRAJ_E_USAGE, "'%s' is an option of other commands, not of this one",
                         typed);
    traj_suggestion near;
    char hint[96];
    traj_suggest_start(&near, key);
    for (size_t i = 0; i < count; i++)
        if (options[i].commands & command) traj_suggest_offer(&near, options[i].key);
    traj_suggest_text(&near, typed[0] == '-' ? "--" : "", hint, sizeof hint);
    return traj_fail(err, TRAJ_E_USAGE, "there is no option '%s'%s", typed, hint);
}

/* "-" alone is a value: stdin or stdout. */
static bool is_flag(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0';
}

static const char *peek(const command_line *line)
{
    return line->next < line->count ? line->arguments[line->next] : NULL;
}

static traj_status set_flag(command_line *line, const traj_option *option, const char *flag,
                            const char *value, traj_error *err)
{
    const char *following = peek(line);
    bool takes = !value && following && traj_value_truth(following) >= 0;
    if (takes) line->next++;
    const char *text = value ? value : takes ? following : "yes";
    return traj_option_set(line->settings, option, text, TRAJ_BY_FLAG, flag, err);
}

static traj_status set_list(command_line *line, const traj_option *option, const char *flag,
                            traj_error *err)
{
    traj_status status = TRAJ_OK;
    const char *value = peek(line);
    if (!value || is_flag(value))
        return traj_fail(err, TRAJ_E_USAGE, "%s needs a value: %s %s", flag, flag, option->metavar);
    for (; status == TRAJ_OK && value && !is_flag(value); value = peek(line)) {
        status = traj_option_set(line->settings, option, value, TRAJ_BY_FLAG, flag, err);
        line->next++;
    }
    return status;
}

static traj_status set_single(command_line *line, const traj_option *option, const char *flag,
                              const char *value, traj_error *err)
{
    if (!value) {
        value = peek(line);
        if (!value || strncmp(value, "--", 2) == 0)
            return traj_fail(err, TRAJ_E_USAGE, "%s needs a value: %s %s", flag, flag,
                             option->metavar);
        line->next++;
    }
    return traj_option_set(line->settings, option, value, TRAJ_BY_FLAG, flag, err);
}

/* --key value, --key=value, --key, --no-key. */
static traj_status read_flag(command_line *line, const char *argument, traj_error *err)
{
    const char *equals = strchr(argument, '=');
    size_t size = equals ? (size_t)(equals - argument) : strlen(argument);
    const char *value = equals ? equals + 1 : NULL;
    char flag[NAME_LIMIT];
    if (size < 3 || size >= sizeof flag || strncmp(argument, "--", 2) != 0)
        return fail_unknown(line->command, argument, argument + strspn(argument, "-"), err);
    memcpy(flag, argument, size);
    flag[size] = '\0';

    const char *key = flag + 2;
    const traj_option *option = traj_option_find(line->command, key);
    if (!option && !value && strncmp(key, "no-", 3) == 0) {
        option = traj_option_find(line->command, key + 3);
        if (option && option->type == TRAJ_OPTION_FLAG)
            return traj_option_set(line->settings, option, "no", TRAJ_BY_FLAG, flag, err);
        option = NULL;
    }
    if (!option) return fail_unknown(line->command, flag, key, err);
    if (option->type == TRAJ_OPTION_FLAG) return set_flag(line, option, flag, value, err);
    if (option->type == TRAJ_OPTION_FILES && !value) return set_list(line, option, flag, err);
    return set_single(line, option, flag, value, err);
}

static traj_status read_plain(command_line *line, const char *argument, traj_error *err)
{
    if (!line->positional)
        return traj_fail(
            err, TRAJ_E_USAGE, "unexpected argument '%s'%s", argument,
            traj_option_find(line->command, "players") ? "; files stand behind --players" : "");
    const traj_option *option = traj_option_find(line->command, line->positional);
    TRAJ_ASSERT(option != NULL);
    return traj_option_set(line->settings, option, argument, TRAJ_BY_FLAG, option->metavar, err);
}

traj_status traj_options_parse(traj_settings *settings, unsigned command, const char *positional,
                               int count, char *const *arguments, traj_error *err)
{
    command_line line = {settings, command, positional, count, 0, arguments};
    traj_status status = TRAJ_OK;
    bool plain_only = false;
    while (status == TRAJ_OK && line.next < count) {
        const char *argument = arguments[line.next++];
        if (!plain_only && strcmp(argument, "--") == 0)
            plain_only = true;
        else if (plain_only || !is_flag(argument))
            status = read_plain(&line, argument, err);
        else
            status = read_flag(&line, strcmp(argument, "-h") == 0 ? "--help" : argument, err);
    }
    return status;
}

/* ---- the environment ---- */

/* burn-in -> TRAJ_BURN_IN */
static void variable_name(const char *key, char name[NAME_LIMIT])
{
    snprintf(name, NAME_LIMIT, "TRAJ_%s", key);
    for (char *letter = name; *letter; letter++)
        *letter = *letter == '-' ? '_' : (char)toupper((unsigned char)*letter);
}

/* Many programs may own a TRAJ_ name: only what looks like a slip is worth a warning. */
static void warn_of_slips(void)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    for (char **entry = environ; *entry; entry++) {
        char typed[NAME_LIMIT], names[TRAJ_OPTION_LIMIT][NAME_LIMIT], hint[96];
        size_t size = strcspn(*entry, "=");
        if (strncmp(*entry, "TRAJ_", 5) != 0 || size >= sizeof typed) continue;
        memcpy(typed, *entry, size);
        typed[size] = '\0';

        traj_suggestion near;
        traj_suggest_start(&near, typed);
        near.distance = 1;
        for (size_t i = 0; i < count; i++) {
            if (options[i].control) continue;
            variable_name(options[i].key, names[i]);
            traj_suggest_offer(&near, names[i]);
        }
        traj_suggest_text(&near, "", hint, sizeof hint);
        if (near.nearest && near.distance > 0)
            traj_log_warn("the environment variable %s is no option%s", typed, hint);
    }
}

/* A list is separated by ':', as in PATH. */
static traj_status set_variable(traj_settings *settings, const traj_option *option,
                                const char *name, const char *value, traj_error *err)
{
    if (option->type != TRAJ_OPTION_FILES)
        return traj_option_set(settings, option, value, TRAJ_BY_ENVIRONMENT, name, err);
    traj_status status = TRAJ_OK;
    while (status == TRAJ_OK && *value) {
        char item[4096];
        size_t size = strcspn(value, ":");
        snprintf(item, sizeof item, "%.*s", (int)size, value);
        status = traj_option_set(settings, option, item, TRAJ_BY_ENVIRONMENT, name, err);
        value += size + (value[size] == ':');
    }
    return status;
}

traj_status traj_options_read_environment(traj_settings *settings, unsigned command,
                                          traj_error *err)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    warn_of_slips();
    for (size_t i = 0; i < count; i++) {
        char name[NAME_LIMIT];
        if (options[i].control || !(options[i].commands & command)) continue;
        variable_name(options[i].key, name);
        const char *value = getenv(name);
        if (!value) continue;
        traj_status status = set_variable(settings, &options[i], name, value, err);
        if (status != TRAJ_OK) return status;
    }
    return TRAJ_OK;
}

/* ---- all of it ---- */

/* A name stands for models/NAME.json; with '/' or '.' in it, for itself. */
static traj_status read_preset(traj_settings *settings, unsigned command, traj_error *err)
{
    char path[600];
    bool is_path = strpbrk(settings->preset, "/.") != NULL;
    snprintf(path, sizeof path, is_path ? "%s" : "models/%s.json", settings->preset);
    if (!traj_file_exists(path))
        return traj_fail(err, TRAJ_E_USAGE, "--preset %s: there is no file %s", settings->preset,
                         path);
    return traj_options_read_json(settings, command, path, TRAJ_BY_PRESET, err);
}

/* The weakest source but the table's own column. */
static void defaults_of_model(traj_settings *settings)
{
    size_t count;
    const traj_model_default *const rows = traj_model_default_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].model, settings->model.type) != 0) continue;
        const traj_option *const option = traj_option_find(TRAJ_CMD_TRAIN, rows[i].key);
        traj_error err;
        TRAJ_ASSERT(option != NULL);
        TRAJ_ASSERT(traj_option_set(settings, option, rows[i].standard, TRAJ_BY_DEFAULT,
                                    "the model", &err) == TRAJ_OK);
    }
}

traj_status traj_options_complete(traj_settings *settings, unsigned command, traj_error *err)
{
    /* From strong to weak: only the flags know the files, and no source disturbs a stronger one. */
    traj_status status = traj_options_read_environment(settings, command, err);
    if (status == TRAJ_OK && settings->config[0])
        status = traj_options_read_json(settings, command, settings->config, TRAJ_BY_CONFIG, err);
    if (status == TRAJ_OK && settings->preset[0]) status = read_preset(settings, command, err);
    if (status == TRAJ_OK && command == TRAJ_CMD_TRAIN) defaults_of_model(settings);
    return status;
}
