/* log and progress: what they write to stderr, read back from a file put in its place. */
#include "traj/base/log.h"
#include "traj/base/progress.h"
#include "unit/base_groups.h"
#include "unit/check.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

typedef struct capture {
    FILE *file;
    int stderr_copy;
    char text[8192];
} capture;

static void capture_start(capture *c)
{
    (void)fflush(stderr);
    c->file = tmpfile();
    assert_non_null(c->file);
    c->stderr_copy = dup(STDERR_FILENO);
    assert_true(c->stderr_copy >= 0);
    assert_true(dup2(fileno(c->file), STDERR_FILENO) >= 0);
}

/* Puts stderr back and reads what went into the file. */
static void capture_end(capture *c)
{
    (void)fflush(stderr);
    assert_true(dup2(c->stderr_copy, STDERR_FILENO) >= 0);
    (void)close(c->stderr_copy);
    rewind(c->file);
    c->text[fread(c->text, 1, sizeof c->text - 1, c->file)] = '\0';
    (void)fclose(c->file);
}

static void say_everything(void)
{
    traj_log_warn("w%d", 1);
    traj_log_info("i%d", 2);
    traj_log_debug("d%d", 3);
}

static void level_decides_what_is_written(void **state)
{
    (void)state;
    static const struct {
        traj_log_level level;
        const char *text;
    } rows[] = {
        {TRAJ_LOG_QUIET, ""},
        {TRAJ_LOG_WARN, "warning: w1\n"},
        {TRAJ_LOG_INFO, "warning: w1\ni2\n"},
        {TRAJ_LOG_DEBUG, "warning: w1\ni2\ndebug: d3\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        capture c;
        traj_log_set_level(rows[i].level);
        capture_start(&c);
        say_everything();
        capture_end(&c);
        assert_string_equal(c.text, rows[i].text);
        assert_int_equal(traj_log_shows(TRAJ_LOG_INFO), rows[i].level >= TRAJ_LOG_INFO);
    }
    traj_log_set_level(TRAJ_LOG_INFO);
}

static void a_file_gets_no_colour(void **state)
{
    (void)state;
    capture c;
    capture_start(&c);
    bool colour = traj_log_colour();
    capture_end(&c);
    assert_false(colour);
}

/* The line drawn for 8 of 19 after two seconds, on a terminal or into a file. */
static void draw(capture *c, bool terminal)
{
    traj_progress progress;
    capture_start(c);
    traj_progress_start(&progress, "epoch 3/50", 19);
    progress.terminal = terminal;
    progress.start_s -= 2;
    progress.last_s -= 60;
    traj_progress_update(&progress, 8, "elbo -1.23");
    traj_progress_update(&progress, 9, "too early to be drawn");
    if (terminal) assert_int_equal(progress.done, 9);
    traj_progress_finish(&progress);
    capture_end(c);
}

static void progress_has_the_form_of_tqdm(void **state)
{
    (void)state;
    capture c;
    draw(&c, true);
    const char *line = "epoch 3/50:  42%|████▏     | 8/19 [00:02<00:02, 4it/s] elbo -1.23";
    assert_non_null(strstr(c.text, line));
    assert_null(strchr(c.text, '\n'));
    assert_null(strstr(c.text, "too early"));
    assert_string_equal(c.text + strlen(c.text) - 4, "\r\033[K"); /* the line is cleared */
}

static void a_file_gets_plain_progress_lines(void **state)
{
    (void)state;
    capture c;
    draw(&c, false);
    assert_null(strchr(c.text, '\r'));
    assert_null(strchr(c.text, '\033'));
    assert_ptr_equal(strchr(c.text, '\n'), c.text + strlen(c.text) - 1); /* one line */
}

static void quiet_and_strange_progress(void **state)
{
    (void)state;
    capture c;
    traj_log_set_level(TRAJ_LOG_QUIET);
    draw(&c, true);
    assert_string_equal(c.text, "");
    traj_log_set_level(TRAJ_LOG_INFO);

    traj_progress progress; /* nothing to do, and more done than there is */
    capture_start(&c);
    traj_progress_start(&progress, "", 0);
    progress.last_s -= 60;
    traj_progress_update(&progress, 5, NULL);
    capture_end(&c);
    assert_non_null(strstr(c.text, "100%|██████████| 5/0"));
}

static void long_work_shows_hours_and_no_guess_before_the_first_step(void **state)
{
    (void)state;
    capture c;
    traj_progress progress;
    capture_start(&c);
    traj_progress_start(&progress, "long", 10);
    progress.start_s -= 7200 + 3 * 60 + 4.5;
    progress.last_s -= 60;
    traj_progress_update(&progress, 0, NULL);
    capture_end(&c);
    assert_non_null(strstr(c.text, "| 0/10 [2:03:04<?, 0it/s]\n"));
}

static void clock_runs_forward(void **state)
{
    (void)state;
    double before = traj_clock_s();
    const struct timespec nap = {.tv_nsec = 2000000};
    (void)nanosleep(&nap, NULL);
    assert_true(traj_clock_s() - before >= 0.002);
}

int test_messages(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(level_decides_what_is_written),
        cmocka_unit_test(a_file_gets_no_colour),
        cmocka_unit_test(progress_has_the_form_of_tqdm),
        cmocka_unit_test(a_file_gets_plain_progress_lines),
        cmocka_unit_test(quiet_and_strange_progress),
        cmocka_unit_test(long_work_shows_hours_and_no_guess_before_the_first_step),
        cmocka_unit_test(clock_runs_forward),
    };
    return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
