/* Options: one row each, in one table that feeds the flags, the environment, configuration files,
 * range checks, help, the man page, completion, the printed configuration and the record in
 * config.json.
 *
 * The option `burn-in` is --burn-in N on the command line, TRAJ_BURN_IN in the environment and
 * "burn-in" in JSON. Precedence: default < preset < configuration file < environment < flag.
 * docs/howto-add-an-option.md adds one. */
#ifndef TRAJ_CLI_OPTIONS_H
#define TRAJ_CLI_OPTIONS_H

#include "traj/cli/settings.h"
#include "traj/io/json.h"
#include <stdio.h>

/* Commands as bits, so that a row can name several. */
typedef enum traj_command_bit {
    TRAJ_CMD_TRAIN = 1 << 0,
    TRAJ_CMD_ROLLOUT = 1 << 1,
    TRAJ_CMD_SCORE = 1 << 2,
    TRAJ_CMD_BENCH = 1 << 3,
    TRAJ_CMD_INFO = 1 << 4,
    TRAJ_CMD_SIMULATE = 1 << 5,
    TRAJ_CMD_HELP = 1 << 6,
    TRAJ_CMD_CONVERT = 1 << 7,
    TRAJ_CMD_IMPUTE = 1 << 8,
    TRAJ_CMD_DENOISE = 1 << 9,
    TRAJ_CMD_EVALUATE = 1 << 10,
    TRAJ_CMD_ALL = (1 << 11) - 1
} traj_command_bit;

typedef enum traj_option_type {
    TRAJ_OPTION_INT,    /* int */
    TRAJ_OPTION_SEED,   /* uint64_t, all values */
    TRAJ_OPTION_REAL,   /* double */
    TRAJ_OPTION_FLAG,   /* int, 0 or 1: --key, --no-key, --key yes|no */
    TRAJ_OPTION_TEXT,   /* char[size] */
    TRAJ_OPTION_NAME,   /* char[size], one of choices(); the empty text if that is the default */
    TRAJ_OPTION_CHOICE, /* int: index in choices() */
    TRAJ_OPTION_FRAMES, /* two int64_t: A:B, A: or :B */
    TRAJ_OPTION_PITCH,  /* two double: LxW; empty = both 0 */
    TRAJ_OPTION_SHARE,  /* double, or a file's name in the second field, char[] */
    TRAJ_OPTION_FILES   /* traj_text_list: one or more values; repeating the flag adds */
} traj_option_type;

typedef struct traj_option {
    const char *key;
    const char *group; /* its heading in help; rows of a group stand together */
    unsigned commands; /* traj_command_bit of every command that has it; (key, command) is unique */
    traj_option_type type;
    size_t offset, size;   /* the field in traj_settings */
    size_t offset2, size2; /* the second field of FRAMES, PITCH and SHARE; 0 otherwise */
    const char *standard;  /* the default, as a user would write it */
    double min, max;       /* of INT, REAL, PITCH and SHARE, inclusive */
    const char *unit;      /* "" = none */
    const char *metavar;   /* what help prints for the value; "" for flags */
    const char *const *(*choices)(void); /* NULL-terminated list for NAME and CHOICE, else NULL */
    bool control;                        /* what to do rather than how: flag only, never recorded */
    const char *help;                    /* a phrase: small first letter, no full stop */
} traj_option;

/* The whole table; *count rows. */
const traj_option *traj_option_table(size_t *count);

/* What a model wants where the user says nothing: a standard value instead of the table's. */
typedef struct traj_model_default {
    const char *model, *key, *standard;
} traj_model_default;
const traj_model_default *traj_model_default_table(size_t *count);

/* The row of `key` that a command has, or NULL. '_' in key counts as '-'. */
const traj_option *traj_option_find(unsigned command, const char *key);

/* Who set the option of this key; the key must be one of the command's. */
traj_source traj_option_source(const traj_settings *settings, unsigned command, const char *key);

/* Sets a row's field from text, unless somebody stronger than `source` already has. A list grows
 * when `source` set it before and is replaced when someone weaker did. `where` opens the error
 * sentence: "--hidden", "TRAJ_HIDDEN". Errors: TRAJ_E_USAGE with the value, what is allowed and the
 * default; TRAJ_E_MEMORY. On error the field is as before. */
traj_status traj_option_set(traj_settings *settings, const traj_option *option, const char *text,
                            traj_source source, const char *where, traj_error *err);

/* The value as a user would write it, cut to size bytes; real numbers as short as they stay exact.
 */
void traj_option_text(const traj_settings *settings, const traj_option *option, char *text,
                      size_t size);

/* What a row accepts: "a whole number from 1 to 1024". */
void traj_option_expects(const traj_option *option, char *text, size_t size);

/* The arguments behind the command's name. `positional` is the key of the list that takes plain
 * arguments, or NULL. Errors: TRAJ_E_USAGE with the nearest known option; TRAJ_E_MEMORY. */
traj_status traj_options_parse(traj_settings *settings, unsigned command, const char *positional,
                               int count, char *const *arguments, traj_error *err);

/* TRAJ_KEY_NAME for every option of the command. A TRAJ_ name that nearly is an option gets a
 * warning. */
traj_status traj_options_read_environment(traj_settings *settings, unsigned command,
                                          traj_error *err);

/* A configuration file: {"hidden": 128, ...}, or a model's config.json, whose "options" are taken.
 * Errors: those of traj_json_read; TRAJ_E_USAGE for an unknown key or a bad value. */
traj_status traj_options_read_json(traj_settings *settings, unsigned command, const char *path,
                                   traj_source source, traj_error *err);

/* One option from a JSON value: a text, a number, a truth value, or for a list an array of texts.
 * `file` names it in errors. Errors: TRAJ_E_USAGE for an unknown key, a control or a bad value. */
traj_status traj_option_from_json(traj_settings *settings, unsigned command, const char *key,
                                  const traj_json *value, const char *file, traj_source source,
                                  traj_error *err);

/* The same for all members of `object`. */
traj_status traj_options_from_json(traj_settings *settings, unsigned command,
                                   const traj_json *object, const char *file, traj_source source,
                                   traj_error *err);

/* Writes every option of the command but the controls into `object`: the record that
 * traj_options_from_json reads back. */
void traj_options_to_json(const traj_settings *settings, unsigned command, traj_json *object);

/* After the flags: the environment, --config and --preset, each leaving alone what a stronger one
 * has set. */
traj_status traj_options_complete(traj_settings *settings, unsigned command, traj_error *err);

/* TRAJ_E_USAGE when nobody has set the option. */
traj_status traj_option_require(const traj_settings *settings, unsigned command, const char *key,
                                traj_error *err);

/* The effective configuration in groups, at most 80 columns; what differs from the default carries
 * '*' and its source. */
void traj_options_print(FILE *stream, const traj_settings *settings, unsigned command);

#endif
