/* Who is home where only the ball's owner is called so: by who is at the ball. */
#include "data_groups.h"

#include "traj/base/memory.h"

#include <stdio.h>
#include <string.h>

/* frames of two teams, ajax named first. Home and away have the ball in turns, two frames each, at
 * the feet of psv_9 when home has it, but in `wrong` of ten such pairs the other way round. */
static const char *match(void *const *state, int frames, int wrong)
{
    const size_t size = 128 * ((size_t)frames + 1);
    char *const text = traj_alloc(size, 1);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, size,
                                   "frame,timestamp,ajax_1_x,ajax_1_y,ajax_9_x,ajax_9_y,psv_1_x,"
                                   "psv_1_y,psv_9_x,psv_9_y,ball_x,ball_y,ball_owning_team\n");
    for (int f = 0; f < frames; f++) {
        const bool home = f / 2 % 2 == 0, psv = (f / 4 % 10 < wrong) != home;
        used += (size_t)snprintf(text + used, size - used,
                                 "%d,%.2f,-50,33,-10.5,1.25,50,-33,10.5,1.25,%s,1,%s\n", f,
                                 f * 0.04, psv ? "10" : "-10", home ? "home" : "away");
    }
    const char *const path = data_file(state, "match.csv", text);
    traj_free(text);
    return path;
}

static traj_recording read_match(void *const *state, int frames, int wrong, const char *home,
                                 traj_guesses *guesses)
{
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.home, home);
    strcpy(options.orient, "keep");
    return data_read(match(state, frames, wrong), &options, guesses);
}

static int doubts(const traj_guesses *guesses, const char *subject)
{
    int count = 0;
    for (int g = 0; g < guesses->count; g++)
        count += guesses->item[g].doubt && strcmp(guesses->item[g].subject, subject) == 0;
    return count;
}

static void home_is_who_is_at_the_ball_that_home_has(void **state)
{
    static const struct {
        int wrong;
        const char *home, *part;
    } cases[] = {
        {0, "psv", "so it is in 100 % of the 400 frames in which a player is at the ball"},
        {3, "psv", "so it is in 70 % of"},
        {7, "ajax", "so it is in 70 % of"},
        {10, "ajax", "so it is in 100 % of"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        traj_guesses guesses;
        traj_recording recording = read_match(state, 400, cases[c].wrong, "", &guesses);
        assert_string_equal(recording.home_name, cases[c].home);
        assert_non_null(strstr(data_guess_text(&guesses, "teams"), cases[c].part));
        assert_int_equal(doubts(&guesses, "teams"), 0);
        assert_int_equal(recording.sequence[0].play[0].owner, TRAJ_OWNER_HOME);
        assert_int_equal(recording.sequence[0].play[3].owner, TRAJ_OWNER_AWAY);
        traj_recording_free(&recording);
    }
}

static void what_the_ball_does_not_show_is_doubted(void **state)
{
    static const struct {
        int frames, wrong;
        const char *part;
    } cases[] = {
        {248, 0, "does not show it (0 of 248 frames)"},
        {400, 5, "the file names it first; who is at the ball that home has does not show it (200"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        traj_guesses guesses;
        traj_recording recording = read_match(state, cases[c].frames, cases[c].wrong, "", &guesses);
        assert_string_equal(recording.home_name, "ajax");
        assert_non_null(strstr(data_guess_text(&guesses, "teams"), cases[c].part));
        assert_int_equal(doubts(&guesses, "teams"), 1);
        for (size_t f = 0; f < recording.sequence[0].frames; f++)
            assert_int_equal(recording.sequence[0].play[f].owner, TRAJ_OWNER_UNKNOWN);
        traj_recording_free(&recording);
    }
}

static void the_user_knows_better(void **state)
{
    traj_guesses guesses;
    traj_recording recording = read_match(state, 400, 5, "psv", &guesses);
    assert_string_equal(recording.home_name, "psv");
    assert_int_equal(doubts(&guesses, "teams"), 0);
    assert_int_equal(recording.sequence[0].play[0].owner, TRAJ_OWNER_HOME);
    traj_recording_free(&recording);
}

/* Nothing after the frame that is asked about may tell. */
static void later_frames_are_not_looked_at(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    options.guess_until = 199;
    traj_recording recording = data_read(match(state, 400, 0), &options, &guesses);
    assert_non_null(strstr(data_guess_text(&guesses, "teams"), "(0 of 200 frames)"));
    traj_recording_free(&recording);
}

int data_home_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(home_is_who_is_at_the_ball_that_home_has),
        cmocka_unit_test(what_the_ball_does_not_show_is_doubted),
        cmocka_unit_test(the_user_knows_better),
        cmocka_unit_test(later_frames_are_not_looked_at),
    };
    return cmocka_run_group_tests_name("data: home", tests, data_folder_setup,
                                       data_folder_teardown);
}
