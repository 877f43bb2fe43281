/* Generated texts: widths, completeness, and the small tools behind them. */
#include "../../src/cli/recording_report.h"
#include "../../src/cli/suggest.h"
#include "../../src/cli/wrap.h"
#include "traj/base/memory.h"
#include "traj/cli/error.h"
#include "traj/cli/help.h"
#include "traj/cli/options.h"
#include "unit/cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_LIMIT = 1 << 16 };

/* What was written to a temporary file. */
static void read_back(FILE *stream, char text[TEXT_LIMIT])
{
    rewind(stream);
    text[fread(text, 1, TEXT_LIMIT - 1, stream)] = '\0';
    fclose(stream);
}

static void check_widths(const char *text)
{
    while (*text) {
        size_t size = strcspn(text, "\n");
        if (size > 80) print_message("%.*s\n", (int)size, text);
        assert_true(size <= 80);
        text += size + (text[size] == '\n');
    }
}

static void pages_name_every_option_within_80_columns(void **state)
{
    (void)state;
    static const traj_page *const pages[] = {
        &traj_page_train, &traj_page_rollout,  &traj_page_score, &traj_page_bench,
        &traj_page_info,  &traj_page_simulate, &traj_page_help};
    static char text[TEXT_LIMIT];
    size_t count;
    const traj_option *options = traj_option_table(&count);
    for (size_t p = 0; p < sizeof pages / sizeof pages[0]; p++) {
        FILE *stream = tmpfile();
        assert_non_null(stream);
        traj_help_print_page(stream, pages[p]);
        read_back(stream, text);
        check_widths(text);
        assert_non_null(strstr(text, pages[p]->examples));
        for (size_t i = 0; i < count; i++) {
            char key[64];
            const char *no = strcmp(options[i].standard, "yes") == 0 ? "[no-]" : "";
            snprintf(key, sizeof key, "\n  --%s%s", no, options[i].key);
            if (options[i].commands & pages[p]->command) assert_non_null(strstr(text, key));
        }
    }
}

static void the_list_of_commands_fits(void **state)
{
    (void)state;
    static char text[TEXT_LIMIT];
    FILE *stream = tmpfile();
    assert_non_null(stream);
    traj_help_print(stream);
    read_back(stream, text);
    check_widths(text);
    size_t count;
    const traj_command *commands = traj_command_table(&count);
    for (size_t i = 0; i < count; i++) assert_non_null(strstr(text, commands[i].page->summary));
}

static void the_configuration_marks_what_was_set(void **state)
{
    (void)state;
    static char text[TEXT_LIMIT];
    traj_settings settings;
    traj_error err = {TRAJ_OK, ""};
    traj_settings_init(&settings);
    const traj_option *hidden = traj_option_find(TRAJ_CMD_TRAIN, "hidden");
    assert_int_equal(TRAJ_OK, traj_option_set(&settings, hidden, "128", TRAJ_BY_ENVIRONMENT,
                                              "TRAJ_HIDDEN", &err));
    /* Set, but to its default: nothing to point at. */
    const traj_option *rounds = traj_option_find(TRAJ_CMD_TRAIN, "rounds");
    assert_int_equal(TRAJ_OK, traj_option_set(&settings, rounds, "1", TRAJ_BY_CONFIG, "", &err));
    FILE *stream = tmpfile();
    assert_non_null(stream);
    traj_options_print(stream, &settings, TRAJ_CMD_TRAIN);
    read_back(stream, text);
    check_widths(text);
    assert_non_null(strstr(text, " *hidden=128 (environment) "));
    assert_non_null(strstr(text, " latent=16"));
    assert_non_null(strstr(text, " rounds=1"));
    assert_null(strstr(text, "samples="));
    assert_null(strstr(text, "quiet="));
    traj_settings_free(&settings);
}

static void guesses_are_aligned_and_wrapped(void **state)
{
    (void)state;
    static char text[TEXT_LIMIT];
    traj_guesses guesses = {.count = 3};
    guesses.item[0] = (traj_guess){"ball", "it never moves", "--ball ID", .doubt = true};
    guesses.item[1] = (traj_guess){"units", "metres", "--unit yards", .doubt = false};
    guesses.item[2] = (traj_guess){"orientation",
                                   "home attacks left in period 1 because its mean position is on "
                                   "the right: turned",
                                   "--home-attacks right,left", .doubt = false};
    FILE *stream = tmpfile();
    assert_non_null(stream);
    traj_guesses_print(stream, &guesses);
    read_back(stream, text);
    assert_string_equal(
        "guess  units        metres (override: --unit yards)\n"
        "guess  orientation  home attacks left in period 1 because its mean position is\n"
        "                    on the right: turned (override: --home-attacks right,left)\n"
        "doubt  ball         it never moves (remedy: --ball ID)\n",
        text);
}

static void distances_count_slips(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {{"", "", 0},
                 {"", "abc", 3},
                 {"hidden", "hidden", 0},
                 {"hiden", "hidden", 1},
                 {"hidedn", "hidden", 1},
                 {"hidten", "hidden", 1},
                 {"seed", "speed", 1},
                 {"kitten", "sitting", 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(cases[i].distance, traj_suggest_distance(cases[i].a, cases[i].b));
        assert_int_equal(cases[i].distance, traj_suggest_distance(cases[i].b, cases[i].a));
    }
    char giant[200];
    memset(giant, 'x', sizeof giant);
    giant[sizeof giant - 1] = '\0';
    assert_true(traj_suggest_distance(giant, "x") == SIZE_MAX);
}

static void words_wrap_by_columns_not_bytes(void **state)
{
    (void)state;
    static char text[TEXT_LIMIT], expected[TEXT_LIMIT];
    FILE *stream = tmpfile();
    assert_non_null(stream);
    traj_wrap wrap = traj_wrap_start(stream, 2, 0);
    /* 13 words of 5 columns (7 bytes) and their spaces fill 2 + 13 * 6 - 1 = 79 columns. */
    for (int i = 0; i < 14; i++) traj_wrap_text(&wrap, "éa\u00e9aa");
    traj_wrap_end(&wrap);
    read_back(stream, text);
    strcpy(expected, " ");
    for (int i = 0; i < 13; i++) strcat(expected, " éaéaa");
    strcat(expected, "\n  éaéaa\n");
    assert_string_equal(expected, text);
}

/* Two sequences of three and two frames: p1 moves, misses the last one and is estimated in the
 * first; the ball takes part from frame 1 on. */
static void make_recording(traj_recording *recording)
{
    traj_error err = {TRAJ_OK, ""};
    traj_recording_init(recording);
    recording->rate = (traj_rate){2, 1};
    for (int s = 0; s < 2; s++) {
        traj_sequence *sequence;
        size_t frames = s == 0 ? 3 : 2;
        assert_int_equal(TRAJ_OK, traj_recording_add(recording, frames, 2, &sequence, &err));
        sequence->agent[0] =
            (traj_agent){.id = "p1", .team = TRAJ_TEAM_HOME, .kind = TRAJ_HOME, .jersey = 7};
        sequence->agent[1] =
            (traj_agent){.id = "ball", .team = TRAJ_TEAM_BALL, .kind = TRAJ_BALL, .jersey = -1};
        for (size_t a = 0; a < 2; a++) {
            sequence->agent[a].first_frame = (int64_t)a;
            sequence->agent[a].last_frame = (int64_t)frames - 1;
        }
        if (s == 0) {
            assert_int_equal(TRAJ_OK, traj_sequence_add_extrapolated(sequence, &err));
            sequence->extrapolated[0] = 1;
        }
        for (size_t t = 0; t < frames; t++) {
            sequence->frame_id[t] = (int64_t)t;
            sequence->time_s[t] = 0.5 * (double)t;
            float x = s == 1 && t == 1 ? NAN : (float)t;
            float frame[4] = {x, x - x, 0, 0};
            memcpy(&sequence->pos_m[t * 4], frame, sizeof frame);
        }
    }
}

static void a_report_counts_presence_and_absence(void **state)
{
    (void)state;
    traj_recording recording;
    traj_recording_report report;
    traj_error err = {TRAJ_OK, ""};
    make_recording(&recording);
    traj_status status = TRAJ_E_MEMORY;
    for (long n = 1; status == TRAJ_E_MEMORY && n < 10; n++) {
        traj_alloc_fail_at(n);
        status = traj_recording_report_make(&recording, &report, &err);
        traj_alloc_fail_at(0);
        if (n == 1) assert_int_equal(TRAJ_E_MEMORY, status);
    }
    assert_int_equal(TRAJ_OK, status);
    assert_int_equal(2, report.agents);
    assert_int_equal(5, report.agent[0].frames);
    assert_int_equal(1, report.agent[0].missing);
    assert_int_equal(1, report.agent[0].estimated);
    assert_int_equal(2, report.agent[0].sequences);
    assert_int_equal(0, report.agent[0].agent.first_frame);
    assert_int_equal(2, report.agent[0].agent.last_frame);
    assert_int_equal(3, report.agent[1].frames); /* he takes part from frame 1 on only */
    traj_recording_report_free(&report);
    traj_recording_free(&recording);
}

int cli_help_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_name_every_option_within_80_columns),
        cmocka_unit_test(the_list_of_commands_fits),
        cmocka_unit_test(the_configuration_marks_what_was_set),
        cmocka_unit_test(guesses_are_aligned_and_wrapped),
        cmocka_unit_test(distances_count_slips),
        cmocka_unit_test(words_wrap_by_columns_not_bytes),
        cmocka_unit_test(a_report_counts_presence_and_absence),
    };
    return cmocka_run_group_tests_name("cli: texts", tests, NULL, NULL);
}
