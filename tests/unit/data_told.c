/* What files tell beside positions: the game's state, who was seen, and when each took part. */
#include "data_groups.h"

#include <stdio.h>
#include <string.h>

/* databallpy writes words, kloppy the ids of the teams. */
static void wide_files_tell_of_the_ball(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        data_read_text(state,
                       "frame,period_id,timestamp,ball_x,ball_y,ball_status,team_possession,"
                       "home_1_x,home_1_y,away_1_x,away_1_y\n"
                       "1,1,0.00,0,0,alive,home,-50.11,0,50.11,0\n"
                       "2,1,0.04,0,0,dead,away,-50.11,0,50.11,0\n"
                       "3,1,0.08,0,0,,,-50.11,0,50.11,0\n",
                       &guesses);
    data_assert_play(&recording, 0, 0, TRAJ_BALL_ALIVE, TRAJ_OWNER_HOME);
    data_assert_play(&recording, 0, 1, TRAJ_BALL_DEAD, TRAJ_OWNER_AWAY);
    data_assert_play(&recording, 0, 2, TRAJ_BALL_STATE_UNKNOWN, TRAJ_OWNER_UNKNOWN);
    assert_null(recording.sequence[0].extrapolated);
    traj_recording_free(&recording);
}

static void long_files_tell_of_the_ball(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        data_read_text(state,
                       "period_id,frame_id,timestamp,ball_state,ball_owning_team_id,team_id,"
                       "player_id,position_name,x,y\n"
                       "1,1,0.0,alive,B9,A7,p1,GK,-50.11,0\n"
                       "1,1,0.0,alive,B9,B9,p2,CB,40,0\n"
                       "1,2,0.1,dead,A7,A7,p1,GK,-50.11,0\n"
                       "1,2,0.1,dead,A7,B9,p2,CB,40,0\n",
                       &guesses);
    data_assert_play(&recording, 0, 0, TRAJ_BALL_ALIVE, TRAJ_OWNER_AWAY);
    data_assert_play(&recording, 0, 1, TRAJ_BALL_DEAD, TRAJ_OWNER_HOME);
    assert_string_equal(data_agent(&recording, 0, "p2")->role, "CB");
    traj_recording_free(&recording);
}

/* --home swaps the owners with the teams. */
static void owners_go_with_their_team(void **state)
{
    traj_guesses guesses;
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.home, "away");
    traj_recording recording =
        data_read(data_file(state, "told.csv",
                            "frame,time,ball_state,ball_owning_team_id,home_1_x,home_1_y,away_1_x,"
                            "away_1_y\n1,0,alive,home,-50.11,0,50.11,0\n2,0.1,0,none,-50,0,50,0\n"),
                  &options, &guesses);
    data_assert_play(&recording, 0, 0, TRAJ_BALL_ALIVE, TRAJ_OWNER_AWAY);
    data_assert_play(&recording, 0, 1, TRAJ_BALL_DEAD, TRAJ_OWNER_UNKNOWN);
    traj_recording_free(&recording);
}

static void owners_without_a_team_are_reported(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        data_read_text(state,
                       "frame,time,ball_owning_team_id,p1_x,p1_y,p2_x,p2_y\n"
                       "1,0.0,DFL-1,-50.11,0,50.11,0\n2,0.1,DFL-2,-50.11,0,50.11,0\n",
                       &guesses);
    data_assert_play(&recording, 0, 0, TRAJ_BALL_STATE_UNKNOWN, TRAJ_OWNER_UNKNOWN);
    assert_non_null(strstr(data_guess_text(&guesses, "possession"), "'DFL-1' has the ball"));
    traj_recording_free(&recording);
}

static void presence_lasts_from_first_to_last_position(void **state)
{
    traj_guesses guesses;
    traj_recording recording = data_read_text(
        state,
        "frame,time,home_1_x,home_1_y,home_2_x,home_2_y,away_1_x,away_1_y\n"
        "5,0.0,-50.11,0,,,50.11,0\n6,0.1,-50.11,0,-9,3,50.11,0\n"
        "7,0.2,-50.11,0,,,50.11,0\n8,0.3,-50.11,0,-9,3,50.11,0\n9,0.4,-50,0,,,50,0\n",
        &guesses);
    const traj_agent *keeper = data_agent(&recording, 0, "home_1"),
                     *other = data_agent(&recording, 0, "home_2");
    assert_true(keeper->first_frame == 5 && keeper->last_frame == 9);
    assert_true(other->first_frame == 6 && other->last_frame == 8);
    traj_recording_free(&recording);
}

int data_told_tests(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_files_tell_of_the_ball),
        cmocka_unit_test(long_files_tell_of_the_ball),
        cmocka_unit_test(owners_go_with_their_team),
        cmocka_unit_test(owners_without_a_team_are_reported),
        cmocka_unit_test(presence_lasts_from_first_to_last_position),
    };
    return cmocka_run_group_tests_name("data: what files tell", tests, data_folder_setup,
                                       data_folder_teardown);
}
