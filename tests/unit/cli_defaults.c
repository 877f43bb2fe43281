/* Lower rooms give library users the same defaults as the option table gives the command line. */
#include "traj/cli/options.h"
#include "unit/cli.h"

/* After `settings` had one of its structs initialised by its own room, every row in that struct
 * reads as before. */
static void check_struct(const traj_settings *settings, size_t offset, size_t size)
{
    traj_settings expected;
    size_t count, rows = 0;
    const traj_option *options = traj_option_table(&count);
    traj_settings_init(&expected);
    for (size_t i = 0; i < count; i++) {
        if (options[i].offset < offset || options[i].offset >= offset + size) continue;
        char table[256], room[256];
        traj_option_text(&expected, &options[i], table, sizeof table);
        traj_option_text(settings, &options[i], room, sizeof room);
        print_message("--%s %s\n", options[i].key, room);
        assert_string_equal(table, room);
        rows++;
    }
    assert_true(rows > 0);
}

static void reading(void **state)
{
    (void)state;
    traj_settings settings;
    traj_settings_init(&settings);
    traj_read_options_init(&settings.read);
    check_struct(&settings, offsetof(traj_settings, read), sizeof settings.read);
}

static void model(void **state)
{
    (void)state;
    traj_settings settings;
    traj_settings_init(&settings);
    traj_model_config_init(&settings.model);
    check_struct(&settings, offsetof(traj_settings, model), sizeof settings.model);
}

static void training(void **state)
{
    (void)state;
    traj_settings settings;
    traj_settings_init(&settings);
    traj_train_config_init(&settings.train);
    check_struct(&settings, offsetof(traj_settings, train), sizeof settings.train);
}

static void rollout(void **state)
{
    (void)state;
    traj_settings settings;
    traj_settings_init(&settings);
    traj_rollout_config_init(&settings.rollout);
    check_struct(&settings, offsetof(traj_settings, rollout), sizeof settings.rollout);
}

static void simulation(void **state)
{
    (void)state;
    traj_settings settings;
    traj_settings_init(&settings);
    traj_simulate_options_init(&settings.simulate);
    check_struct(&settings, offsetof(traj_settings, simulate), sizeof settings.simulate);
}

int cli_defaults_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading), cmocka_unit_test(model),      cmocka_unit_test(training),
        cmocka_unit_test(rollout), cmocka_unit_test(simulation),
    };
    return cmocka_run_group_tests_name("cli: defaults equal the rooms' own", tests, NULL, NULL);
}
