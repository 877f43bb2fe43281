/* Configuration files, and the record in config.json that reads back as what it was. */
#include "traj/base/memory.h"
#include "traj/cli/options.h"
#include "unit/cli.h"

#include <string.h>

/* Takes a JSON text as the configuration of a command. */
static traj_status take(traj_settings *settings, unsigned command, const char *text,
                        traj_error *err)
{
    traj_json *root;
    traj_status status = traj_json_parse("my.json", text, strlen(text), &root, err);
    if (status != TRAJ_OK) return status;
    status = traj_options_from_json(settings, command, root, "my.json", TRAJ_BY_CONFIG, err);
    traj_json_free(root);
    return status;
}

static void wrong_files_are_explained(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"{\"hiden\": 8}", "my.json: there is no option 'hiden'; did you mean 'hidden'?"},
        {"{\"samples\": 8}", "my.json: 'samples' is no configuration of this command"},
        {"{\"resume\": true}", "my.json: 'resume' is no configuration of this command"},
        {"{\"hidden\": 0.5}",
         "my.json: 'hidden': expected a whole number from 1 to 1024 (default 64), got '0.5'"},
        {"{\"hidden\": null}", "my.json: 'hidden': expected a text, a number, true or false"},
        {"{\"players\": [3, {}]}",
         "my.json: 'players': expected a text, a number, true or false, or a list of texts"},
        {"{\"mirror\": \"maybe\"}",
         "my.json: 'mirror': expected yes or no (default yes), got 'maybe'"},
    };
    traj_settings settings;
    traj_error err = {TRAJ_OK, ""};
    traj_settings_init(&settings);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(TRAJ_E_USAGE, take(&settings, TRAJ_CMD_TRAIN, cases[i].text, &err));
        assert_string_equal(cases[i].sentence, err.text);
    }
    traj_settings_free(&settings);
}

static void every_json_type_is_taken(void **state)
{
    (void)state;
    traj_settings settings;
    traj_error err = {TRAJ_OK, ""};
    traj_settings_init(&settings);
    assert_int_equal(TRAJ_OK, take(&settings, TRAJ_CMD_TRAIN,
                                   "{\"hidden\": 96, \"burn_in\": \"12\", \"mirror\": false,"
                                   " \"players\": [\"a.csv\", \"b.csv\"], \"valid\": 0.1,"
                                   " \"output\": \"mixture\", \"frames\": \"10:\"}",
                                   &err));
    assert_int_equal(96, settings.model.hidden);
    assert_int_equal(12, settings.train.burn_in);
    assert_int_equal(0, settings.train.mirror);
    assert_int_equal(2, settings.players.count);
    assert_true(settings.train.valid_fraction == 0.1);
    assert_int_equal(TRAJ_OUTPUT_MIXTURE, settings.model.output);
    assert_int_equal(10, settings.read.first_frame);
    assert_int_equal(TRAJ_BY_CONFIG, traj_option_source(&settings, TRAJ_CMD_TRAIN, "frames"));
    traj_settings_free(&settings);
}

/* Values that are hard to print: long fractions, seeds beyond 2^53, open ranges. */
static void set_hard_values(traj_settings *settings)
{
    static const struct {
        const char *key, *text;
    } hard[] = {{"lr", "0.0012345678901234567"},
                {"seed", "18446744073709551615"},
                {"frames", ":-3"},
                {"pitch", "109.728x53.3"},
                {"valid", "my \"last\".csv"},
                {"mirror", "no"},
                {"kl-schedule", "cyclical"},
                {"unit", "yards"}};
    traj_error err = {TRAJ_OK, ""};
    for (size_t i = 0; i < sizeof hard / sizeof hard[0]; i++) {
        const traj_option *option = traj_option_find(TRAJ_CMD_TRAIN, hard[i].key);
        assert_int_equal(TRAJ_OK, traj_option_set(settings, option, hard[i].text, TRAJ_BY_FLAG,
                                                  hard[i].key, &err));
    }
}

static void the_record_reads_back(void **state)
{
    (void)state;
    static const unsigned commands[] = {TRAJ_CMD_TRAIN, TRAJ_CMD_ROLLOUT, TRAJ_CMD_SIMULATE};
    traj_settings settings, copy;
    traj_error err = {TRAJ_OK, ""};
    traj_settings_init(&settings);
    set_hard_values(&settings);
    for (size_t c = 0; c < sizeof commands / sizeof commands[0]; c++) {
        traj_json *object = traj_json_object();
        traj_options_to_json(&settings, commands[c], object);
        char *text = traj_json_text(object, true);
        assert_non_null(text);
        traj_settings_init(&copy);
        assert_int_equal(TRAJ_OK, take(&copy, commands[c], text, &err));

        size_t count;
        const traj_option *options = traj_option_table(&count);
        for (size_t i = 0; i < count; i++) {
            char before[256], after[256];
            if (!(options[i].commands & commands[c]) || options[i].control) continue;
            traj_option_text(&settings, &options[i], before, sizeof before);
            traj_option_text(&copy, &options[i], after, sizeof after);
            assert_string_equal(before, after);
        }
        traj_free(text);
        traj_json_free(object);
        traj_settings_free(&copy);
    }
    traj_settings_free(&settings);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(0, fclose(file));
}

/* Four options, each named by one source more than the one before: the strongest that names it
 * wins. */
static void sources_are_completed_in_their_order(void **state)
{
    (void)state;
    char folder[] = "/tmp/traj-cli-XXXXXX", preset[64], config[64], flag[] = "--hidden=4";
    assert_non_null(mkdtemp(folder));
    snprintf(preset, sizeof preset, "%s/preset.json", folder);
    snprintf(config, sizeof config, "%s/config.json", folder);
    write_file(preset, "{\"rounds\": 1, \"latent\": 1, \"batch\": 1, \"hidden\": 1}");
    write_file(config, "{\"options\": {\"latent\": 2, \"batch\": 2, \"hidden\": 2}, \"made\": 1}");

    traj_settings settings;
    traj_error err = {TRAJ_OK, ""};
    traj_settings_init(&settings);
    char *arguments[] = {flag, "--config", config, "--preset", preset};
    assert_int_equal(TRAJ_OK,
                     traj_options_parse(&settings, TRAJ_CMD_TRAIN, NULL, 5, arguments, &err));
    setenv("TRAJ_BATCH", "3", 1);
    setenv("TRAJ_HIDDEN", "3", 1);
    traj_status status = traj_options_complete(&settings, TRAJ_CMD_TRAIN, &err);
    unsetenv("TRAJ_BATCH");
    unsetenv("TRAJ_HIDDEN");
    remove(preset);
    remove(config);
    rmdir(folder);

    assert_int_equal(TRAJ_OK, status);
    assert_int_equal(1, settings.model.rounds);
    assert_int_equal(2, settings.model.latent);
    assert_int_equal(3, settings.train.batch);
    assert_int_equal(4, settings.model.hidden);
    assert_int_equal(TRAJ_BY_PRESET, traj_option_source(&settings, TRAJ_CMD_TRAIN, "rounds"));
    assert_int_equal(TRAJ_BY_CONFIG, traj_option_source(&settings, TRAJ_CMD_TRAIN, "latent"));
    assert_int_equal(TRAJ_BY_ENVIRONMENT, traj_option_source(&settings, TRAJ_CMD_TRAIN, "batch"));
    assert_int_equal(TRAJ_BY_FLAG, traj_option_source(&settings, TRAJ_CMD_TRAIN, "hidden"));

    /* The preset is gone now. */
    assert_int_equal(TRAJ_E_IO, traj_options_complete(&settings, TRAJ_CMD_TRAIN, &err));
    settings.config[0] = '\0';
    assert_int_equal(TRAJ_E_USAGE, traj_options_complete(&settings, TRAJ_CMD_TRAIN, &err));
    assert_non_null(strstr(err.text, "there is no file /tmp/traj-cli-"));
    traj_settings_free(&settings);
}

int cli_json_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_files_are_explained),
        cmocka_unit_test(every_json_type_is_taken),
        cmocka_unit_test(the_record_reads_back),
        cmocka_unit_test(sources_are_completed_in_their_order),
    };
    return cmocka_run_group_tests_name("cli: JSON", tests, NULL, NULL);
}
