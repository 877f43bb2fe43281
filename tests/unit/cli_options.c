/* Flags, environment, files: what is accepted, what is said about the rest, and who wins. */
#include "traj/base/memory.h"
#include "traj/cli/options.h"
#include "unit/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct fixture {
    traj_settings settings;
    traj_error err;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    traj_settings_init(&f.settings);
    f.err = (traj_error){TRAJ_OK, ""};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    traj_settings_free(&f->settings);
    return 0;
}

enum { LONGEST = 8 };

/* Parses `line`, NULL-terminated, as the arguments of a command. */
static traj_status parse(fixture *f, unsigned command, const char *const line[LONGEST])
{
    char copy[LONGEST][64], *arguments[LONGEST];
    int count = 0;
    for (; line[count]; count++) {
        snprintf(copy[count], sizeof copy[count], "%s", line[count]);
        arguments[count] = copy[count];
    }
    const char *positional = command == TRAJ_CMD_INFO ? "players" : NULL;
    return traj_options_parse(&f->settings, command, positional, count, arguments, &f->err);
}

static void wrong_lines_are_explained(void **state)
{
    static const struct {
        unsigned command;
        const char *line[LONGEST];
        const char *sentence;
    } cases[] = {
        {TRAJ_CMD_TRAIN,
         {"--hiden", "8"},
         "there is no option '--hiden'; did you mean '--hidden'?"},
        {TRAJ_CMD_TRAIN, {"--xyzzy"}, "there is no option '--xyzzy'"},
        {TRAJ_CMD_TRAIN,
         {"--no-hidden"},
         "there is no option '--no-hidden'; did you mean '--hidden'?"},
        {TRAJ_CMD_TRAIN, {"-x"}, "there is no option '-x'"},
        {TRAJ_CMD_TRAIN,
         {"--noise", "1"},
         "'--noise' is an option of other commands, not of this one"},
        {TRAJ_CMD_TRAIN, {"--hidden"}, "--hidden needs a value: --hidden N"},
        {TRAJ_CMD_TRAIN, {"--hidden", "--seed", "1"}, "--hidden needs a value: --hidden N"},
        {TRAJ_CMD_TRAIN, {"--players"}, "--players needs a value: --players FILE..."},
        {TRAJ_CMD_TRAIN, {"--players", "--resume"}, "--players needs a value: --players FILE..."},
        {TRAJ_CMD_TRAIN,
         {"--hidden", "0"},
         "--hidden: expected a whole number from 1 to 1024 (default 64), got '0'"},
        {TRAJ_CMD_TRAIN,
         {"--hidden=1025"},
         "--hidden: expected a whole number from 1 to 1024 (default 64), got '1025'"},
        {TRAJ_CMD_TRAIN,
         {"--hidden", "6x"},
         "--hidden: expected a whole number from 1 to 1024 (default 64), got '6x'"},
        {TRAJ_CMD_TRAIN,
         {"--hidden", "99999999999999999999"},
         "--hidden: expected a whole number from 1 to 1024 (default 64), got "
         "'99999999999999999999'"},
        {TRAJ_CMD_TRAIN,
         {"--rate", "nan"},
         "--rate: expected a number from 0.1 to 100 Hz (default 10), got 'nan'"},
        {TRAJ_CMD_TRAIN,
         {"--seed", "-1"},
         "--seed: expected a whole number from 0 to 2^64 - 1 (default 1), got '-1'"},
        {TRAJ_CMD_TRAIN,
         {"--mirror=maybe"},
         "--mirror: expected yes or no (default yes), got 'maybe'"},
        {TRAJ_CMD_TRAIN,
         {"--output", "bivariat"},
         "--output: expected one of diagonal, bivariate, mixture (default mixture), got "
         "'bivariat'; did you mean 'bivariate'?"},
        {TRAJ_CMD_TRAIN,
         {"--unit", "meters"},
         "--unit: expected one of metres, yards, feet, cm, normalised, percent, got 'meters'; did "
         "you mean 'metres'?"},
        {TRAJ_CMD_TRAIN,
         {"--frames", "9:1"},
         "--frames: expected frame ids as A:B with A no greater than B, A: or :B, got '9:1'"},
        {TRAJ_CMD_TRAIN,
         {"--pitch", "105"},
         "--pitch: expected length x width as in 105x68, each from 1 to 500 m, got '105'"},
        {TRAJ_CMD_TRAIN,
         {"--valid", "0.95"},
         "--valid: expected a file, or a number from 0 to 0.9 (default 0.2), got '0.95'"},
        {TRAJ_CMD_ROLLOUT,
         {"--at", "a frame that is far too long for its field"},
         "--at: expected a text of 1 to 31 letters (default last), got 'a frame that is far too "
         "long for its field'"},
        {TRAJ_CMD_ROLLOUT,
         {"--out="},
         "--out: expected a text of 1 to 511 letters (default rollout.csv), got ''"},
        {TRAJ_CMD_TRAIN,
         {"tracking.csv"},
         "unexpected argument 'tracking.csv'; files stand behind --players"},
        {TRAJ_CMD_BENCH, {"all"}, "unexpected argument 'all'"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("%s\n", cases[i].line[0]);
        assert_int_equal(TRAJ_E_USAGE, parse(f, cases[i].command, cases[i].line));
        assert_string_equal(cases[i].sentence, f->err.text);
    }
}

static void every_form_of_a_flag_is_read(void **state)
{
    static const char *const line[LONGEST] = {"--hidden",   "128", "--lr=1e-4",  "--no-mirror",
                                              "--residual", "no",  "--burn_in=7"};
    fixture *f = *state;
    assert_int_equal(TRAJ_OK, parse(f, TRAJ_CMD_TRAIN, line));
    assert_int_equal(128, f->settings.model.hidden);
    assert_true(f->settings.train.learning_rate == 1e-4);
    assert_int_equal(0, f->settings.train.mirror);
    assert_int_equal(0, f->settings.model.residual);
    assert_int_equal(7, f->settings.train.burn_in);
    assert_int_equal(TRAJ_BY_FLAG, traj_option_source(&f->settings, TRAJ_CMD_TRAIN, "burn-in"));
    assert_int_equal(TRAJ_BY_DEFAULT, traj_option_source(&f->settings, TRAJ_CMD_TRAIN, "horizon"));
}

static void pairs_and_shares_are_read(void **state)
{
    static const char *const line[LONGEST] = {"--frames",
                                              "-5:",
                                              "--pitch",
                                              "120x53.3",
                                              "--valid",
                                              "last.csv",
                                              "--seed=18446744073709551615"};
    fixture *f = *state;
    assert_int_equal(TRAJ_OK, parse(f, TRAJ_CMD_TRAIN, line));
    assert_int_equal(-5, f->settings.read.first_frame);
    assert_true(f->settings.read.last_frame == INT64_MAX);
    assert_true(f->settings.read.pitch_length_m == 120);
    assert_true(f->settings.read.pitch_width_m == 53.3);
    assert_string_equal("last.csv", f->settings.train.valid_file);
    assert_true(f->settings.train.seed == UINT64_MAX);
}

static void lists_take_values_up_to_the_next_flag(void **state)
{
    static const char *const line[LONGEST] = {"--players", "a.csv",     "-",    "--hidden",
                                              "8",         "--players", "b.csv"};
    fixture *f = *state;
    assert_int_equal(TRAJ_OK, parse(f, TRAJ_CMD_TRAIN, line));
    assert_int_equal(3, f->settings.players.count);
    assert_string_equal("a.csv", f->settings.players.item[0]);
    assert_string_equal("-", f->settings.players.item[1]);
    assert_string_equal("b.csv", f->settings.players.item[2]);
}

static void plain_arguments_reach_their_list(void **state)
{
    static const char *const line[LONGEST] = {"a.csv", "--json", "b.csv", "--", "--c.csv"};
    fixture *f = *state;
    assert_int_equal(TRAJ_OK, parse(f, TRAJ_CMD_INFO, line));
    assert_int_equal(1, f->settings.json);
    assert_int_equal(3, f->settings.players.count);
    assert_string_equal("--c.csv", f->settings.players.item[2]);
}

static void h_asks_for_help(void **state)
{
    static const char *const line[LONGEST] = {"-h"};
    fixture *f = *state;
    assert_int_equal(TRAJ_OK, parse(f, TRAJ_CMD_TRAIN, line));
    assert_int_equal(1, f->settings.help);
}

/* In the order of precedence and against it: the stronger stays, and a list is replaced, not mixed.
 */
static void the_stronger_source_wins(void **state)
{
    fixture *f = *state;
    const traj_option *hidden = traj_option_find(TRAJ_CMD_TRAIN, "hidden");
    const traj_option *players = traj_option_find(TRAJ_CMD_TRAIN, "players");
    for (int source = TRAJ_BY_PRESET; source <= TRAJ_BY_FLAG; source++) {
        char number[16], name[16];
        snprintf(number, sizeof number, "%d", 10 + source);
        snprintf(name, sizeof name, "%d.csv", source);
        assert_int_equal(TRAJ_OK, traj_option_set(&f->settings, hidden, number, (traj_source)source,
                                                  "test", &f->err));
        assert_int_equal(TRAJ_OK, traj_option_set(&f->settings, players, name, (traj_source)source,
                                                  "test", &f->err));
        assert_int_equal(10 + source, f->settings.model.hidden);
        assert_int_equal(1, f->settings.players.count);
        assert_string_equal(name, f->settings.players.item[0]);
    }
    for (int source = TRAJ_BY_FLAG - 1; source >= TRAJ_BY_DEFAULT; source--) {
        assert_int_equal(TRAJ_OK, traj_option_set(&f->settings, hidden, "99", (traj_source)source,
                                                  "test", &f->err));
        assert_int_equal(TRAJ_OK, traj_option_set(&f->settings, players, "weak.csv",
                                                  (traj_source)source, "test", &f->err));
    }
    assert_int_equal(10 + TRAJ_BY_FLAG, f->settings.model.hidden);
    assert_int_equal(1, f->settings.players.count);
}

static void a_refused_value_leaves_the_list_alone(void **state)
{
    fixture *f = *state;
    const traj_option *players = traj_option_find(TRAJ_CMD_TRAIN, "players");
    assert_int_equal(
        TRAJ_OK, traj_option_set(&f->settings, players, "a.csv", TRAJ_BY_CONFIG, "test", &f->err));
    assert_int_equal(TRAJ_E_USAGE, traj_option_set(&f->settings, players, "", TRAJ_BY_FLAG,
                                                   "--players", &f->err));
    assert_string_equal("--players: expected a name that is not empty, got ''", f->err.text);
    traj_alloc_fail_at(1);
    assert_int_equal(TRAJ_E_MEMORY, traj_option_set(&f->settings, players, "b.csv", TRAJ_BY_FLAG,
                                                    "--players", &f->err));
    traj_alloc_fail_at(0);
    assert_int_equal(1, f->settings.players.count);
    assert_string_equal("a.csv", f->settings.players.item[0]);
    assert_int_equal(TRAJ_BY_CONFIG, traj_option_source(&f->settings, TRAJ_CMD_TRAIN, "players"));
}

static void the_environment_is_read(void **state)
{
    fixture *f = *state;
    setenv("TRAJ_KL_STEPS", "77", 1);
    setenv("TRAJ_PLAYERS", "a.csv:b.csv", 1);
    /* A control is no business of the environment. */
    setenv("TRAJ_VERSION", "0.1", 1);
    traj_status status = traj_options_read_environment(&f->settings, TRAJ_CMD_TRAIN, &f->err);
    unsetenv("TRAJ_PLAYERS");
    unsetenv("TRAJ_VERSION");
    assert_int_equal(TRAJ_OK, status);
    assert_int_equal(77, f->settings.train.kl_steps);
    assert_int_equal(2, f->settings.players.count);
    assert_string_equal("b.csv", f->settings.players.item[1]);
    assert_int_equal(TRAJ_BY_ENVIRONMENT,
                     traj_option_source(&f->settings, TRAJ_CMD_TRAIN, "kl-steps"));

    setenv("TRAJ_KL_STEPS", "many", 1);
    status = traj_options_read_environment(&f->settings, TRAJ_CMD_TRAIN, &f->err);
    unsetenv("TRAJ_KL_STEPS");
    assert_int_equal(TRAJ_E_USAGE, status);
    assert_string_equal("TRAJ_KL_STEPS: expected a whole number from 1 to 100000000 (default 500), "
                        "got 'many'",
                        f->err.text);
}

static void a_missing_option_is_named(void **state)
{
    fixture *f = *state;
    static const char *const line[LONGEST] = {"a.csv"};
    assert_int_equal(TRAJ_E_USAGE,
                     traj_option_require(&f->settings, TRAJ_CMD_INFO, "players", &f->err));
    assert_non_null(strstr(f->err.text, "--players FILE... is missing"));
    assert_int_equal(TRAJ_OK, parse(f, TRAJ_CMD_INFO, line));
    assert_int_equal(TRAJ_OK, traj_option_require(&f->settings, TRAJ_CMD_INFO, "players", &f->err));
}

/* A list is the only thing that takes memory: whichever allocation fails, the list stays whole. */
static void memory_may_end(void **state)
{
    fixture *f = *state;
    static const char *const line[LONGEST] = {"a.csv", "b.csv"};
    traj_status status = TRAJ_E_MEMORY;
    for (long n = 1; status == TRAJ_E_MEMORY && n < 10; n++) {
        traj_settings_free(&f->settings);
        traj_alloc_fail_at(n);
        status = parse(f, TRAJ_CMD_INFO, line);
        traj_alloc_fail_at(0);
        if (n == 1) assert_int_equal(TRAJ_E_MEMORY, status);
        for (size_t i = 0; i < f->settings.players.count; i++)
            assert_string_equal(line[i], f->settings.players.item[i]);
    }
    assert_int_equal(TRAJ_OK, status);
    assert_int_equal(2, f->settings.players.count);
}

int cli_options_tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(wrong_lines_are_explained),
        TEST(every_form_of_a_flag_is_read),
        TEST(pairs_and_shares_are_read),
        TEST(lists_take_values_up_to_the_next_flag),
        TEST(plain_arguments_reach_their_list),
        TEST(h_asks_for_help),
        TEST(the_stronger_source_wins),
        TEST(a_refused_value_leaves_the_list_alone),
        TEST(the_environment_is_read),
        TEST(a_missing_option_is_named),
        TEST(memory_may_end),
    };
#undef TEST
    return cmocka_run_group_tests_name("cli: options", tests, NULL, NULL);
}
