/* The option table and the command table check themselves. */
#include "traj/cli/command.h"
#include "traj/cli/options.h"
#include "unit/cli.h"

#include <ctype.h>
#include <string.h>

static const traj_page *const pages[] = {&traj_page_train,  &traj_page_rollout, &traj_page_evaluate,
                                         &traj_page_impute, &traj_page_denoise, &traj_page_score,
                                         &traj_page_bench,  &traj_page_info,    &traj_page_simulate,
                                         &traj_page_help};
enum { PAGES = sizeof pages / sizeof pages[0] };

/* Calls check for every row, printing the key of the row it fails on. */
static void for_each_row(void (*check)(const traj_option *option))
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        print_message("--%s\n", options[i].key);
        check(&options[i]);
    }
}

static void check_key(const traj_option *option)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    assert_true(strlen(option->key) >= 2 && strlen(option->key) < 24);
    for (const char *letter = option->key; *letter; letter++)
        assert_true(islower((unsigned char)*letter) || isdigit((unsigned char)*letter) ||
                    *letter == '-');
    /* --no-key turns a flag off, so no key may begin so. */
    assert_true(strncmp(option->key, "no-", 3) != 0);
    for (const traj_option *other = option + 1; other < options + count; other++)
        assert_false(strcmp(option->key, other->key) == 0 && (option->commands & other->commands));
}

static void keys_are_unique_in_every_command(void **state)
{
    (void)state;
    for_each_row(check_key);
}

static void check_words(const traj_option *option)
{
    size_t size = strlen(option->help);
    assert_true(size >= 8 && size < 120);
    assert_true(option->help[size - 1] != '.');
    assert_false(isupper((unsigned char)option->help[0]) &&
                 islower((unsigned char)option->help[1]));
    bool is_flag = option->type == TRAJ_OPTION_FLAG;
    assert_int_equal(is_flag, option->metavar[0] == '\0');
    assert_true(option->commands != 0 && (option->commands & ~(unsigned)TRAJ_CMD_ALL) == 0);
}

static void help_is_a_phrase(void **state)
{
    (void)state;
    for_each_row(check_words);
}

static void check_field(const traj_option *option)
{
    static const size_t sizes[] = {[TRAJ_OPTION_INT] = sizeof(int),
                                   [TRAJ_OPTION_SEED] = sizeof(uint64_t),
                                   [TRAJ_OPTION_REAL] = sizeof(double),
                                   [TRAJ_OPTION_FLAG] = sizeof(int),
                                   [TRAJ_OPTION_TEXT] = 0,
                                   [TRAJ_OPTION_NAME] = 0,
                                   [TRAJ_OPTION_CHOICE] = sizeof(int),
                                   [TRAJ_OPTION_FRAMES] = sizeof(int64_t),
                                   [TRAJ_OPTION_PITCH] = sizeof(double),
                                   [TRAJ_OPTION_SHARE] = sizeof(double),
                                   [TRAJ_OPTION_FILES] = sizeof(traj_text_list)};
    bool pair = option->type == TRAJ_OPTION_FRAMES || option->type == TRAJ_OPTION_PITCH;
    bool second = pair || option->type == TRAJ_OPTION_SHARE;
    if (sizes[option->type]) assert_int_equal(option->size, sizes[option->type]);
    assert_true(option->size >= 2);
    assert_true(option->offset + option->size <= offsetof(traj_settings, source));
    assert_int_equal(second, option->size2 != 0);
    if (pair) assert_int_equal(option->size2, option->size);
    if (second) assert_true(option->offset2 + option->size2 <= offsetof(traj_settings, source));
}

static void fields_fit_their_type(void **state)
{
    (void)state;
    for_each_row(check_field);
}

/* Settings know no command when the defaults are set: two rows on one field would overwrite each
 * other. */
static void check_alone(const traj_option *option)
{
    size_t count;
    const traj_option *options = traj_option_table(&count);
    for (const traj_option *other = option + 1; other < options + count; other++) {
        bool apart = option->offset + option->size <= other->offset ||
                     other->offset + other->size <= option->offset;
        assert_true(apart);
    }
}

static void fields_do_not_overlap(void **state)
{
    (void)state;
    for_each_row(check_alone);
}

static void check_range(const traj_option *option)
{
    bool ranged = option->type == TRAJ_OPTION_INT || option->type == TRAJ_OPTION_REAL ||
                  option->type == TRAJ_OPTION_PITCH || option->type == TRAJ_OPTION_SHARE;
    if (ranged) assert_true(option->min < option->max);
    bool named = option->type == TRAJ_OPTION_NAME || option->type == TRAJ_OPTION_CHOICE;
    assert_int_equal(named, option->choices != NULL);
}

static void ranges_and_choices_stand_where_they_belong(void **state)
{
    (void)state;
    for_each_row(check_range);
}

/* The default goes through the same check as a user's value, and comes back as the same value. */
static void check_default(const traj_option *option)
{
    traj_settings settings;
    traj_error err = {TRAJ_OK, ""};
    char before[256], after[256];
    if (option->type == TRAJ_OPTION_FILES) return; /* lists start empty and take no empty text */
    traj_settings_init(&settings);
    traj_option_text(&settings, option, before, sizeof before);
    assert_int_equal(
        TRAJ_OK, traj_option_set(&settings, option, option->standard, TRAJ_BY_FLAG, "--key", &err));
    traj_option_text(&settings, option, after, sizeof after);
    assert_string_equal(before, after);
    assert_int_equal(TRAJ_OK,
                     traj_option_set(&settings, option, after, TRAJ_BY_FLAG, "--key", &err));
    traj_settings_free(&settings);
}

static void defaults_are_allowed(void **state)
{
    (void)state;
    for_each_row(check_default);
}

static void check_choices(const traj_option *option)
{
    if (!option->choices) return;
    traj_settings settings;
    traj_error err = {TRAJ_OK, ""};
    traj_settings_init(&settings);
    const char *const *names = option->choices();
    assert_non_null(names[0]);
    for (int i = 0; names[i]; i++) {
        char text[64];
        assert_int_equal(TRAJ_OK,
                         traj_option_set(&settings, option, names[i], TRAJ_BY_FLAG, "--key", &err));
        traj_option_text(&settings, option, text, sizeof text);
        assert_string_equal(names[i], text);
    }
    assert_int_equal(TRAJ_E_USAGE, traj_option_set(&settings, option, "no such name", TRAJ_BY_FLAG,
                                                   "--key", &err));
    traj_settings_free(&settings);
}

static void every_choice_fits_its_field(void **state)
{
    (void)state;
    for_each_row(check_choices);
}

/* Choices that fill an enum stand in its order. */
static void choices_follow_their_enums(void **state)
{
    (void)state;
    static const struct {
        unsigned command;
        const char *key, *name;
        int value;
    } expected[] = {{TRAJ_CMD_TRAIN, "output", "diagonal", TRAJ_OUTPUT_DIAGONAL},
                    {TRAJ_CMD_TRAIN, "output", "bivariate", TRAJ_OUTPUT_BIVARIATE},
                    {TRAJ_CMD_TRAIN, "output", "mixture", TRAJ_OUTPUT_MIXTURE},
                    {TRAJ_CMD_TRAIN, "kl-schedule", "constant", TRAJ_KL_CONSTANT},
                    {TRAJ_CMD_TRAIN, "kl-schedule", "linear", TRAJ_KL_LINEAR},
                    {TRAJ_CMD_TRAIN, "kl-schedule", "cyclical", TRAJ_KL_CYCLICAL}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const traj_option *option = traj_option_find(expected[i].command, expected[i].key);
        assert_non_null(option);
        assert_string_equal(option->choices()[expected[i].value], expected[i].name);
    }
}

static void groups_stand_together(void **state)
{
    (void)state;
    size_t count;
    const traj_option *options = traj_option_table(&count);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(options[i].group, options[i - 1].group) == 0) continue;
        for (size_t j = i + 1; j < count; j++)
            assert_string_not_equal(options[j].group, options[i - 1].group);
    }
}

static void pages_are_complete(void **state)
{
    (void)state;
    for (int p = 0; p < PAGES; p++) {
        const traj_page *page = pages[p];
        print_message("traj %s\n", page->name);
        assert_true(page->summary[strlen(page->summary) - 1] != '.');
        assert_true(strlen(page->summary) < 64);
        assert_true(strlen(page->description) > 40);
        assert_true(strlen(page->examples) > 0);
        for (int q = p + 1; q < PAGES; q++) {
            assert_string_not_equal(page->name, pages[q]->name);
            assert_int_equal(0, page->command & pages[q]->command);
        }
        if (!page->positional) continue;
        const traj_option *option = traj_option_find(page->command, page->positional);
        assert_non_null(option);
        assert_int_equal(TRAJ_OPTION_FILES, option->type);
    }
}

static void every_command_is_found_by_its_name(void **state)
{
    (void)state;
    size_t count;
    const traj_command *commands = traj_command_table(&count), *found;
    traj_error err = {TRAJ_OK, ""};
    assert_int_equal(TRAJ_E_USAGE, traj_command_find("inof", &found, &err));
    assert_string_equal(err.text, "there is no command 'inof'; did you mean 'info'?");
    assert_int_equal(TRAJ_E_USAGE, traj_command_find("xyzzy", &found, &err));
    assert_string_equal(err.text, "there is no command 'xyzzy'");
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(TRAJ_OK, traj_command_find(commands[i].page->name, &found, &err));
        assert_ptr_equal(&commands[i], found);
        assert_non_null(commands[i].run);
    }
}

int cli_table_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_unique_in_every_command),
        cmocka_unit_test(help_is_a_phrase),
        cmocka_unit_test(fields_fit_their_type),
        cmocka_unit_test(fields_do_not_overlap),
        cmocka_unit_test(ranges_and_choices_stand_where_they_belong),
        cmocka_unit_test(defaults_are_allowed),
        cmocka_unit_test(every_choice_fits_its_field),
        cmocka_unit_test(choices_follow_their_enums),
        cmocka_unit_test(groups_stand_together),
        cmocka_unit_test(pages_are_complete),
        cmocka_unit_test(every_command_is_found_by_its_name),
    };
    return cmocka_run_group_tests_name("cli: tables", tests, NULL, NULL);
}
