#include "option_value.h"

#include "traj/base/assert.h"
#include "traj/base/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void *traj_value_field(traj_settings *settings, const traj_option *option)
{
    return (char *)settings + option->offset;
}

const void *traj_value_field_const(const traj_settings *settings, const traj_option *option)
{
    return (const char *)settings + option->offset;
}

static void *second_field(traj_settings *settings, const traj_option *option)
{
    return (char *)settings + option->offset2;
}

static const void *second_field_const(const traj_settings *settings, const traj_option *option)
{
    return (const char *)settings + option->offset2;
}

/* ---- text to numbers ---- */

static bool whole_number(const char *text, int64_t *number)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    *number = value;
    return end != text && *end == '\0' && errno == 0;
}

static bool real_number(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number);
}

static bool in_range(const traj_option *option, double number)
{
    return number >= option->min && number <= option->max;
}

int traj_value_truth(const char *text)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
    for (int i = 0; i < 8; i++)
        if (strcmp(text, words[i]) == 0) return i % 2;
    return -1;
}

static int choice_index(const traj_option *option, const char *text)
{
    const char *const *names = option->choices();
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], text) == 0) return i;
    return -1;
}

/* ---- one function per type ---- */

static traj_value_result parse_int(traj_settings *settings, const traj_option *option,
                                   const char *text)
{
    int64_t number;
    if (!whole_number(text, &number) || !in_range(option, (double)number)) return TRAJ_VALUE_BAD;
    *(int *)traj_value_field(settings, option) = (int)number;
    return TRAJ_VALUE_OK;
}

static traj_value_result parse_seed(traj_settings *settings, const traj_option *option,
                                    const char *text)
{
    char *end;
    if (*text < '0' || *text > '9') return TRAJ_VALUE_BAD; /* strtoull takes -1 for 2^64 - 1 */
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (*end != '\0' || errno != 0) return TRAJ_VALUE_BAD;
    *(uint64_t *)traj_value_field(settings, option) = number;
    return TRAJ_VALUE_OK;
}

static traj_value_result parse_real(traj_settings *settings, const traj_option *option,
                                    const char *text)
{
    double number;
    if (!real_number(text, &number) || !in_range(option, number)) return TRAJ_VALUE_BAD;
    *(double *)traj_value_field(settings, option) = number;
    return TRAJ_VALUE_OK;
}

static traj_value_result parse_flag(traj_settings *settings, const traj_option *option,
                                    const char *text)
{
    int truth = traj_value_truth(text);
    if (truth < 0) return TRAJ_VALUE_BAD;
    *(int *)traj_value_field(settings, option) = truth;
    return TRAJ_VALUE_OK;
}

static traj_value_result parse_text(traj_settings *settings, const traj_option *option,
                                    const char *text)
{
    size_t size = strlen(text) + 1;
    if (size > option->size) return TRAJ_VALUE_BAD;
    if (size == 1 && option->standard[0]) return TRAJ_VALUE_BAD;
    memcpy(traj_value_field(settings, option), text, size);
    return TRAJ_VALUE_OK;
}

static traj_value_result parse_name(traj_settings *settings, const traj_option *option,
                                    const char *text)
{
    if (text[0] && choice_index(option, text) < 0) return TRAJ_VALUE_BAD;
    return parse_text(settings, option, text);
}

static traj_value_result parse_choice(traj_settings *settings, const traj_option *option,
                                      const char *text)
{
    int index = choice_index(option, text);
    if (index < 0) return TRAJ_VALUE_BAD;
    *(int *)traj_value_field(settings, option) = index;
    return TRAJ_VALUE_OK;
}

/* Cuts "A:B" or "LxW" at its mark into two texts. */
static bool cut(const char *text, char mark, char first[32], char second[32])
{
    const char *found = strchr(text, mark);
    if (!found || found - text > 31 || strlen(found + 1) > 31) return false;
    size_t size = (size_t)(found - text);
    memcpy(first, text, size);
    first[size] = '\0';
    strcpy(second, found + 1);
    return true;
}

static traj_value_result parse_frames(traj_settings *settings, const traj_option *option,
                                      const char *text)
{
    int64_t range[2] = {INT64_MIN, INT64_MAX};
    char end[2][32];
    if (text[0]) {
        if (!cut(text, ':', end[0], end[1])) return TRAJ_VALUE_BAD;
        for (int i = 0; i < 2; i++)
            if (end[i][0] && !whole_number(end[i], &range[i])) return TRAJ_VALUE_BAD;
        if (range[0] > range[1]) return TRAJ_VALUE_BAD;
    }
    *(int64_t *)traj_value_field(settings, option) = range[0];
    *(int64_t *)second_field(settings, option) = range[1];
    return TRAJ_VALUE_OK;
}

static traj_value_result parse_pitch(traj_settings *settings, const traj_option *option,
                                     const char *text)
{
    double size[2] = {0, 0};
    char side[2][32];
    if (text[0] == '\0' && option->standard[0]) return TRAJ_VALUE_BAD;
    if (text[0]) {
        if (!cut(text, 'x', side[0], side[1])) return TRAJ_VALUE_BAD;
        for (int i = 0; i < 2; i++)
            if (!real_number(side[i], &size[i]) || !in_range(option, size[i]))
                return TRAJ_VALUE_BAD;
    }
    *(double *)traj_value_field(settings, option) = size[0];
    *(double *)second_field(settings, option) = size[1];
    return TRAJ_VALUE_OK;
}

static traj_value_result parse_share(traj_settings *settings, const traj_option *option,
                                     const char *text)
{
    double share;
    char *file = second_field(settings, option);
    if (real_number(text, &share)) {
        if (!in_range(option, share)) return TRAJ_VALUE_BAD;
        *(double *)traj_value_field(settings, option) = share;
        file[0] = '\0';
        return TRAJ_VALUE_OK;
    }
    size_t size = strlen(text) + 1;
    if (size == 1 || size > option->size2) return TRAJ_VALUE_BAD;
    memcpy(file, text, size);
    return TRAJ_VALUE_OK;
}

static traj_value_result parse_file(traj_settings *settings, const traj_option *option,
                                    const char *text)
{
    traj_text_list *list = traj_value_field(settings, option);
    if (text[0] == '\0') return TRAJ_VALUE_BAD;
    char *copy = traj_strdup(text);
    if (!copy || traj_grow(&list->item, &list->capacity, list->count + 1, sizeof(char *)) != 0) {
        traj_free(copy);
        return TRAJ_VALUE_NO_MEMORY;
    }
    list->item[list->count++] = copy;
    return TRAJ_VALUE_OK;
}

traj_value_result traj_value_parse(traj_settings *settings, const traj_option *option,
                                   const char *text)
{
    typedef traj_value_result parser(traj_settings *, const traj_option *, const char *);
    static parser *const parsers[] = {
        [TRAJ_OPTION_INT] = parse_int,       [TRAJ_OPTION_SEED] = parse_seed,
        [TRAJ_OPTION_REAL] = parse_real,     [TRAJ_OPTION_FLAG] = parse_flag,
        [TRAJ_OPTION_TEXT] = parse_text,     [TRAJ_OPTION_NAME] = parse_name,
        [TRAJ_OPTION_CHOICE] = parse_choice, [TRAJ_OPTION_FRAMES] = parse_frames,
        [TRAJ_OPTION_PITCH] = parse_pitch,   [TRAJ_OPTION_SHARE] = parse_share,
        [TRAJ_OPTION_FILES] = parse_file};
    return parsers[option->type](settings, option, text);
}

void traj_value_clear_list(traj_text_list *list)
{
    for (size_t i = 0; i < list->count; i++) traj_free(list->item[i]);
    traj_free(list->item);
    *list = (traj_text_list){NULL, 0, 0};
}

/* ---- values to text ---- */

void traj_value_print_real(double number, char *text, size_t size)
{
    TRAJ_ASSERT(text && size > 0);
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, number);
        if (strtod(text, NULL) == number) return;
    }
}

static void print_frames(int64_t first, int64_t last, char *text, size_t size)
{
    char end[2][32] = {"", ""};
    if (first != INT64_MIN) snprintf(end[0], sizeof end[0], "%" PRId64, first);
    if (last != INT64_MAX) snprintf(end[1], sizeof end[1], "%" PRId64, last);
    const char *mark = end[0][0] || end[1][0] ? ":" : "";
    snprintf(text, size, "%s%s%s", end[0], mark, end[1]);
}

static void print_pitch(double length_m, double width_m, char *text, size_t size)
{
    char side[2][32];
    traj_value_print_real(length_m, side[0], sizeof side[0]);
    traj_value_print_real(width_m, side[1], sizeof side[1]);
    text[0] = '\0';
    if (length_m != 0 || width_m != 0) snprintf(text, size, "%sx%s", side[0], side[1]);
}

static void print_list(const traj_text_list *list, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < list->count && used + 1 < size; i++) {
        snprintf(text + used, size - used, "%s%s", i ? " " : "", list->item[i]);
        used += strlen(text + used);
    }
}

void traj_option_text(const traj_settings *settings, const traj_option *option, char *text,
                      size_t size)
{
    const void *field = traj_value_field_const(settings, option);
    const void *second = second_field_const(settings, option);
    switch (option->type) {
    case TRAJ_OPTION_INT:
        snprintf(text, size, "%d", *(const int *)field);
        break;
    case TRAJ_OPTION_SEED:
        snprintf(text, size, "%" PRIu64, *(const uint64_t *)field);
        break;
    case TRAJ_OPTION_REAL:
        traj_value_print_real(*(const double *)field, text, size);
        break;
    case TRAJ_OPTION_FLAG:
        snprintf(text, size, "%s", *(const int *)field ? "yes" : "no");
        break;
    case TRAJ_OPTION_TEXT:
    case TRAJ_OPTION_NAME:
        snprintf(text, size, "%s", (const char *)field);
        break;
    case TRAJ_OPTION_CHOICE:
        snprintf(text, size, "%s", option->choices()[*(const int *)field]);
        break;
    case TRAJ_OPTION_FRAMES:
        print_frames(*(const int64_t *)field, *(const int64_t *)second, text, size);
        break;
    case TRAJ_OPTION_PITCH:
        print_pitch(*(const double *)field, *(const double *)second, text, size);
        break;
    case TRAJ_OPTION_SHARE:
        if (*(const char *)second)
            snprintf(text, size, "%s", (const char *)second);
        else
            traj_value_print_real(*(const double *)field, text, size);
        break;
    case TRAJ_OPTION_FILES:
        print_list(field, text, size);
        break;
    }
}

static void expects_one_of(const traj_option *option, char *text, size_t size)
{
    const char *const *names = option->choices();
    size_t used = (size_t)snprintf(text, size, "one of");
    for (int i = 0; names[i] && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s %s", i ? "," : "", names[i]);
}

void traj_option_expects(const traj_option *option, char *text, size_t size)
{
    char min[32], max[32];
    const char *space = option->unit[0] ? " " : "";
    traj_value_print_real(option->min, min, sizeof min);
    traj_value_print_real(option->max, max, sizeof max);
    switch (option->type) {
    case TRAJ_OPTION_INT:
        snprintf(text, size, "a whole number from %.0f to %.0f", option->min, option->max);
        break;
    case TRAJ_OPTION_SEED:
        snprintf(text, size, "a whole number from 0 to 2^64 - 1");
        break;
    case TRAJ_OPTION_REAL:
        snprintf(text, size, "a number from %s to %s%s%s", min, max, space, option->unit);
        break;
    case TRAJ_OPTION_FLAG:
        snprintf(text, size, "yes or no");
        break;
    case TRAJ_OPTION_TEXT:
        snprintf(text, size, "a text of 1 to %zu letters", option->size - 1);
        break;
    case TRAJ_OPTION_NAME:
    case TRAJ_OPTION_CHOICE:
        expects_one_of(option, text, size);
        break;
    case TRAJ_OPTION_FRAMES:
        snprintf(text, size, "frame ids as A:B with A no greater than B, A: or :B");
        break;
    case TRAJ_OPTION_PITCH:
        snprintf(text, size, "length x width as in 105x68, each from %s to %s%s%s", min, max, space,
                 option->unit);
        break;
    case TRAJ_OPTION_SHARE:
        snprintf(text, size, "a file, or a number from %s to %s", min, max);
        break;
    case TRAJ_OPTION_FILES:
        snprintf(text, size, "a name that is not empty");
        break;
    }
}
