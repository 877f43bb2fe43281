#include "traj/base/status.h"
#include "unit/base_groups.h"
#include "unit/check.h"
#include <string.h>

static void sentence_is_written(void **state)
{
    (void)state;
    traj_error err;
    traj_status status = traj_fail(&err, TRAJ_E_DATA, "file %s, line %d", "a.csv", 7);
    assert_int_equal(status, TRAJ_E_DATA);
    assert_int_equal(err.status, TRAJ_E_DATA);
    assert_string_equal(err.text, "file a.csv, line 7");
}

static void error_may_be_null(void **state)
{
    (void)state;
    assert_int_equal(traj_fail(NULL, TRAJ_E_IO, "%d", 1), TRAJ_E_IO);
}

static void long_sentence_is_cut(void **state)
{
    (void)state;
    traj_error err;
    char longest[2 * sizeof err.text];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    (void)traj_fail(&err, TRAJ_E_IO, "%s", longest);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

/* A quoted field of a CSV file may hold anything; a sentence is one line. */
static void quoted_controls_become_blanks(void **state)
{
    (void)state;
    traj_error err;
    (void)traj_fail(&err, TRAJ_E_DATA, "no '%s'", "a\nb\tc\x1b[2Jd\x7f");
    assert_string_equal(err.text, "no 'a b c [2Jd '");
    (void)traj_fail(&err, TRAJ_E_DATA, "%s", "Fu\xc3\x9f"); /* bytes of UTF-8 stay */
    assert_string_equal(err.text, "Fu\xc3\x9f");
}

static void memory_sentence_names_what(void **state)
{
    (void)state;
    traj_error err;
    assert_int_equal(traj_fail_memory(&err, "the match"), TRAJ_E_MEMORY);
    assert_non_null(strstr(err.text, "the match"));
}

static void list_gives_texts_and_exit_codes(void **state)
{
    (void)state;
    assert_string_equal(traj_status_text(TRAJ_OK), "ok");
    assert_string_equal(traj_status_text(TRAJ_E_DATA), "bad data");
    assert_int_equal(traj_status_exit_code(TRAJ_OK), 0);
    assert_int_equal(traj_status_exit_code(TRAJ_E_USAGE), 2);
    assert_int_equal(traj_status_exit_code(TRAJ_E_INTERRUPTED), 130);
}

static void fail_with_ok(void)
{
    (void)traj_fail(NULL, TRAJ_OK, "fine");
}

static void text_of_no_status(void)
{
    (void)traj_status_text((traj_status)99);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(fail_with_ok));
    assert_true(check_aborts(text_of_no_status));
}

int test_status(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(sentence_is_written),
        cmocka_unit_test(error_may_be_null),
        cmocka_unit_test(long_sentence_is_cut),
        cmocka_unit_test(quoted_controls_become_blanks),
        cmocka_unit_test(memory_sentence_names_what),
        cmocka_unit_test(list_gives_texts_and_exit_codes),
    };
    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
