/* What no match looks like, refused or doubted, each with its remedy; and matches, which are not.
 */
#include "data_groups.h"

#include "traj/base/memory.h"
#include "traj/data/quality.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A made match at 25 Hz, and what is wrong with it. */
typedef struct made {
    int frames, home, away;   /* players of a team */
    double step_m;            /* that a player goes from frame to frame, up and down a lane */
    double ball_step_m;       /* likewise along the whole pitch, 1 m beside the half-way line */
    double scale, ball_scale; /* 0: 1, and as the players' */
    double ball_jump_m;       /* every two seconds, for a frame */
    double away_share;        /* of step_m that the away team goes; 0: 1 */
} made;

/* 0, step, 2 step, ... up to length and back again. */
static double to_and_fro(int frame, double step, double length)
{
    const double at = fmod((double)frame * step, 2.0 * length);
    return at <= length ? at : 2.0 * length - at;
}

static char *make(const made *m)
{
    const size_t size = 4096 + (size_t)m->frames * (size_t)(m->home + m->away + 3) * 40;
    const double scale = m->scale > 0.0 ? m->scale : 1.0;
    const double ball_scale = m->ball_scale > 0.0 ? m->ball_scale : scale;
    char *text = traj_alloc(size, 1);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, size, "frame,timestamp,ball_x,ball_y");
    for (int p = 0; p < m->home + m->away; p++) {
        const char *team = p < m->home ? "home" : "away";
        const int number = 1 + (p < m->home ? p : p - m->home);
        used += (size_t)snprintf(text + used, size - used, ",%s_%d_x,%s_%d_y", team, number, team,
                                 number);
    }
    for (int f = 0; f < m->frames; f++) {
        used += (size_t)snprintf(text + used, size - used, "\n%d,%.2f,%.6g,%.6g", f + 1, f * 0.04,
                                 ball_scale * (to_and_fro(f, m->ball_step_m, 100.0) - 50.0 +
                                               (f % 50 == 49 ? m->ball_jump_m : 0.0)),
                                 ball_scale);
        for (int p = 0; p < m->home + m->away; p++) {
            const bool home = p < m->home;
            const int n = home ? p : p - m->home, of = home ? m->home : m->away;
            const double y = -33.3 + 66.7 * n / (of - 1);
            const double step_m = m->step_m * (home || m->away_share == 0.0 ? 1.0 : m->away_share);
            const double x = n == 0 ? 51.1 : 41.0 - to_and_fro(f + 7 * n, step_m, 40.0);
            used += (size_t)snprintf(text + used, size - used, ",%.6g,%.6g",
                                     scale * (home ? -x : x), scale * y);
        }
    }
    snprintf(text + used, size - used, "\n");
    return text;
}

static const made usual = {
    .frames = 1200, .home = 11, .away = 11, .step_m = 0.1, .ball_step_m = 0.4};

static traj_read_options told(const char *unit, double rate_hz)
{
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.unit, unit);
    options.source_rate_hz = rate_hz;
    return options;
}

/* The text of the doubt on a subject; NULL: there is none. */
static const char *doubt(const traj_guesses *guesses, const char *subject)
{
    for (int g = 0; g < guesses->count; g++)
        if (guesses->item[g].doubt && strcmp(guesses->item[g].subject, subject) == 0)
            return guesses->item[g].text;
    return NULL;
}

static traj_guesses guesses_on(void *const *state, const made *m, const traj_read_options *options)
{
    traj_guesses guesses;
    char *text = make(m);
    traj_recording recording = data_read(data_file(state, "made.csv", text), options, &guesses);
    traj_recording_free(&recording);
    traj_free(text);
    return guesses;
}

static void a_match_is_not_doubted(void **state)
{
    const traj_read_options options = told("", 0.0);
    const traj_guesses guesses = guesses_on(state, &usual, &options);
    for (int g = 0; g < guesses.count; g++)
        if (guesses.item[g].doubt) fail_msg("%s", guesses.item[g].text);
}

static void absurd_files_are_refused(void **state)
{
    static const struct {
        made m;
        const char *unit;
        double rate_hz;
        const char *part;
    } cases[] = {
        {{1200, 11, 11, 0.1, 0.4, 100.0, 0.0, 0.0, 0.0},
         "metres",
         0.0,
         "no football pitch (90-120 x 45-90 m); correct it with --unit, --origin or --pitch "
         "LENGTHxWIDTH; in cm, from the centre spot, they would lie on a pitch: --unit cm --origin "
         "centre"},
        {{1200, 11, 11, 0.1, 0.4, 0.01, 0.0, 0.0, 0.0},
         "metres",
         0.0,
         "the players never leave 1.02 x 0.66"},
        {{1200, 11, 11, 0.1, 0.4, 1.0, 0.0, 0.0, 0.0},
         "",
         1000.0,
         "half of the time the players are faster than "},
        {{1200, 11, 11, 0.1, 30.0, 1.0, 0.0, 0.0, 0.0},
         "",
         0.0,
         "half of the time the ball is faster than "},
        {{100, 23, 11, 0.1, 0.4, 1.0, 0.0, 0.0, 0.0},
         "",
         0.0,
         "home has 23 players at a time, where eleven"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const traj_read_options options = told(cases[c].unit, cases[c].rate_hz);
        char *text = make(&cases[c].m);
        data_refuse(state, text, &options, TRAJ_E_DATA, cases[c].part);
        traj_free(text);
    }
}

static void swapped_axes_are_refused(void **state)
{
    static const char header[] = "frame,timestamp,p_y,p_x,q_y,q_x";
    char *text = traj_alloc(1 << 18, 1);
    assert_non_null(text);
    size_t used = (size_t)sprintf(text, "%s\n", header);
    for (int f = 0; f < 2000; f++) {
        const double x = to_and_fro(f, 0.31, 102.0) - 51.0, y = to_and_fro(f, 0.17, 66.0) - 33.0;
        used += (size_t)sprintf(text + used, "%d,%.2f,%.2f,%.2f,%.2f,%.2f\n", f, f * 0.04, x, y, -x,
                                -y);
    }
    data_refuse(state, text, NULL, TRAJ_E_DATA, "the axes look swapped");
    traj_free(text);
}

static void strange_files_are_doubted(void **state)
{
    static const struct {
        made m;
        const char *unit;
        double rate_hz;
        const char *subject, *part;
    } cases[] = {
        {{1200, 11, 11, 0.1, 0.4, 1.0 / 0.9144, 0.0, 0.0, 0.0},
         "metres",
         0.0,
         "units",
         "these may be yards"},
        {{1200, 11, 11, 0.1, 0.4, 1.0 / 0.9144, 0.0, 0.0, 0.0},
         "",
         0.0,
         "units",
         "these are yards on a usual pitch, or metres on a large one"},
        {{1200, 11, 11, 0.1, 0.1, 1.0, 0.0, 0.0, 0.5},
         "",
         126.0,
         "speed",
         "players are faster than 12.6 m/s for 1 % of the time"},
        {{1200, 11, 11, 0.01, 0.4, 1.0, 0.0, 0.0, 0.0}, "", 0.0, "speed", "hardly anybody moves"},
        {{1200, 11, 11, 0.1, 0.4, 1.0, 0.0, 9.0, 0.0},
         "",
         0.0,
         "speed",
         "the ball is faster than 5"},
        {{1200, 11, 11, 0.1, 0.4, 1.0, 0.01, 0.0, 0.0},
         "",
         0.0,
         "ball",
         "it stays within 1 m all the time"},
        {{1200, 11, 11, 0.1, 0.4, 1.0, 3.0, 0.0, 0.0},
         "",
         0.0,
         "ball",
         "of its positions lie on the pitch"},
        {{100, 11, 12, 0.1, 0.4, 1.0, 0.0, 0.0, 0.0},
         "",
         0.0,
         "players",
         "away has more than eleven players in 100 % of the frames, and 12 in frame 1:"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const traj_read_options options = told(cases[c].unit, cases[c].rate_hz);
        const traj_guesses guesses = guesses_on(state, &cases[c].m, &options);
        const char *text = doubt(&guesses, cases[c].subject);
        if (text == NULL) fail_msg("no doubt on '%s' in case %zu", cases[c].subject, c);
        if (strstr(text, cases[c].part) == NULL)
            fail_msg("'%s' is not in '%s'", cases[c].part, text);
    }
}

/* Five per cent of the positions far behind a goal line, as of substitutes on the bench. */
static void positions_off_the_pitch_are_doubted(void **state)
{
    traj_guesses guesses;
    const traj_read_options options = told("metres", 0.0);
    char *text = make(&usual);
    for (char *at = strstr(text, ",51.1,"); at != NULL; at = strstr(at + 1, ",51.1,"))
        memcpy(at, ",88.8,", 6);
    traj_read_options pitch = options;
    pitch.pitch_length_m = 105.0;
    pitch.pitch_width_m = 68.0;
    traj_recording recording = data_read(data_file(state, "made.csv", text), &pitch, &guesses);
    assert_non_null(doubt(&guesses, "pitch"));
    assert_non_null(strstr(doubt(&guesses, "pitch"), "only 95.5 % of the players' positions"));
    traj_recording_free(&recording);
    traj_free(text);
}

static void quality_counts(void **state)
{
    (void)state;
    traj_recording recording;
    traj_sequence *sequence;
    traj_quality quality;
    traj_recording_init(&recording);
    recording.rate = (traj_rate){10, 1};
    recording.pitch_length_m = 100.0;
    recording.pitch_width_m = 60.0;
    assert_int_equal(traj_recording_add(&recording, 11, 3, &sequence, NULL), TRAJ_OK);
    assert_int_equal(traj_sequence_add_play(sequence, NULL), TRAJ_OK);
    assert_int_equal(traj_sequence_add_extrapolated(sequence, NULL), TRAJ_OK);
    sequence->agent[1].team = TRAJ_TEAM_AWAY;
    sequence->agent[2] = (traj_agent){.team = TRAJ_TEAM_BALL, .kind = TRAJ_BALL};
    for (int f = 0; f < 11; f++) { /* home runs 5 m/s, away stands far out, the ball 20 m/s */
        const float at[6] = {0.5f * (float)f, 0.0f, 56.0f, 0.0f, 2.0f * (float)f, 1.0f};
        memcpy(sequence->pos_m + 6 * f, at, sizeof at);
        sequence->frame_id[f] = f + 1;
        sequence->time_s[f] = 0.1 * f;
        sequence->extrapolated[3 * f] = f < 4;
        sequence->play[f] = (traj_play){f < 3 ? TRAJ_BALL_DEAD : TRAJ_BALL_ALIVE,
                                        f < 2 ? TRAJ_OWNER_AWAY : TRAJ_OWNER_HOME};
    }
    sequence->pos_m[6 * 10 + 2] = sequence->pos_m[6 * 10 + 3] = NAN;
    traj_quality_measure(&recording, 11, &quality);
    assert_int_equal(quality.frames, 11);
    assert_int_equal(quality.players.steps, 9 + 8); /* two frames apart, as 0.2 s are */
    assert_true(fabs(quality.players.max_mps - 5.0) < 1e-5);
    assert_true(fabs(quality.players.high_mps - 5.0) < 0.051);
    assert_true(fabs(quality.ball.median_mps - 20.0) < 0.051);
    assert_int_equal(quality.positions, 11 + 10);
    assert_int_equal(quality.on_pitch, 11); /* 50 + 5 m */
    assert_int_equal(quality.median_players[TRAJ_TEAM_AWAY], 1);
    assert_int_equal(quality.most_frame[TRAJ_TEAM_HOME], 1);
    assert_true(quality.ball_span_m == 20.0);
    assert_int_equal(quality.judged, 11 + 10 + 11);
    assert_int_equal(quality.estimated, 4);
    assert_true(quality.alive == 8 && quality.dead == 3);
    assert_true(quality.home_owns == 9 && quality.away_owns == 2);
    traj_quality_measure(&recording, 5, &quality);
    assert_int_equal(quality.frames, 5);
    traj_quality_measure(&recording, 0, &quality);
    assert_true(quality.frames == 0 && isnan(quality.players.max_mps));
    traj_recording_free(&recording);
}

int data_doubts_tests(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(absurd_files_are_refused),
        cmocka_unit_test(swapped_axes_are_refused),
        cmocka_unit_test(strange_files_are_doubted),
        cmocka_unit_test(positions_off_the_pitch_are_doubted),
        cmocka_unit_test(a_match_is_not_doubted),
        cmocka_unit_test(quality_counts),
    };
    return cmocka_run_group_tests_name("data: doubts", tests, data_folder_setup,
                                       data_folder_teardown);
}
