/* Positions on their way from a file into a recording: whatever the order of frames and agents,
 * each ends where it belongs. */
#include "../../src/data/grid.h"
#include "data_groups.h"

#include "traj/base/memory.h"
#include "traj/data/quality.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 300, AGENTS = 40 };

/* Where agent a is in frame f, of which some are empty. */
static bool is_seen(size_t f, size_t a)
{
    return f >= 7 * a && (3 * f + a) % 5 != 0;
}

static float place(size_t f, size_t a)
{
    return (float)(1000 * a + f);
}

/* Who is met a-th, under which number: 3 and 40 have no common factor. */
static uint32_t number_of(size_t a)
{
    return (uint32_t)(a * 3 + 1) % AGENTS;
}

/* Agents come one by one, the later ones when there are many frames. */
static traj_grid grow_grid(void)
{
    traj_grid grid = {0};
    for (size_t f = 0; f < FRAMES; f++) {
        assert_int_equal(traj_grid_add_frame(&grid, 0.0), 0);
        for (size_t a = 0; a < AGENTS; a++) {
            if (!is_seen(f, a)) continue;
            if (traj_grid_column(&grid, number_of(a)) == TRAJ_NO_SEAT)
                assert_int_equal(traj_grid_seat(&grid, number_of(a)), 0);
            const uint32_t column = traj_grid_column(&grid, number_of(a));
            float *const pos = traj_grid_at(&grid, f, column);
            assert_true(isnan(pos[0]));
            pos[0] = place(f, a);
            pos[1] = -place(f, a);
            if (a % 3 == 0) assert_int_equal(traj_grid_add_marks(&grid), 0);
            if (a % 3 == 0) grid.extrapolated[f * grid.columns + column] = 1;
        }
    }
    return grid;
}

/* Frame f holds what was frame from[f], and who was met a-th has column[a]. */
static void check_grid(const traj_grid *grid, const uint32_t *from, const uint32_t *column)
{
    assert_int_equal(grid->frames, FRAMES);
    for (size_t f = 0; f < FRAMES; f++)
        for (size_t a = 0; a < AGENTS; a++) {
            const float *const pos = traj_grid_at(grid, f, column[a]);
            const bool seen = is_seen(from[f], a);
            assert_true(seen ? pos[0] == place(from[f], a) : isnan(pos[0]));
            assert_true(seen ? pos[1] == -pos[0] : isnan(pos[1]));
            assert_int_equal(grid->extrapolated[f * grid->columns + column[a]], seen && a % 3 == 0);
        }
}

static void count_up(uint32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) numbers[i] = (uint32_t)i;
}

static void a_grid_grows_both_ways(void **state)
{
    (void)state;
    uint32_t frames[FRAMES], columns[AGENTS];
    traj_grid grid = grow_grid();
    count_up(frames, FRAMES);
    count_up(columns, AGENTS); /* in the order in which they were met */
    for (size_t a = 0; a < AGENTS; a++)
        assert_int_equal(traj_grid_column(&grid, number_of(a)), columns[a]);
    assert_int_equal(traj_grid_column(&grid, 1000), TRAJ_NO_SEAT);
    assert_int_equal(grid.seated, AGENTS);
    assert_in_range(grid.columns, AGENTS, 2 * AGENTS);
    check_grid(&grid, frames, columns);
    traj_grid_free(&grid);
}

static void frames_and_agents_are_ordered(void **state)
{
    (void)state;
    uint32_t from[FRAMES], columns[AGENTS], places[AGENTS];
    traj_grid grid = grow_grid();
    for (uint32_t f = 0; f < FRAMES; f++) from[f] = (f * 7 + 3) % FRAMES; /* 7 and 300: coprime */
    for (size_t a = 0; a < AGENTS; a++) columns[a] = number_of(AGENTS - 1 - a);
    for (size_t a = 0; a < AGENTS; a++) places[number_of(a)] = columns[a];
    assert_int_equal(traj_grid_order_frames(&grid, from), 0);
    assert_int_equal(traj_grid_order_agents(&grid, places), 0);
    assert_int_equal(grid.columns, AGENTS);
    check_grid(&grid, from, columns);
    for (size_t a = 0; a < AGENTS; a++) assert_int_equal(traj_grid_column(&grid, a), a);
    traj_grid_free(&grid);
}

static void a_grid_without_memory_stays_as_it_is(void **state)
{
    (void)state;
    uint32_t frames[FRAMES], columns[AGENTS];
    traj_grid grid = grow_grid();
    count_up(frames, FRAMES);
    count_up(columns, AGENTS);
    for (uint32_t next = AGENTS; grid.seated < grid.columns; next++)
        assert_int_equal(traj_grid_seat(&grid, next), 0); /* until all columns are taken */
    const size_t capacity = grid.capacity, width = grid.columns;
    for (long n = 1; n <= 2; n++) { /* positions, marks */
        traj_alloc_fail_at(n);
        assert_int_equal(traj_grid_seat(&grid, width), -1);
        traj_alloc_fail_at(n);
        assert_int_equal(traj_grid_order_frames(&grid, frames), -1);
        traj_alloc_fail_at(n);
        assert_int_equal(traj_grid_order_agents(&grid, columns), -1);
    }
    traj_alloc_fail_at(0);
    assert_true(grid.capacity == capacity && grid.columns == width && grid.seated == width);
    check_grid(&grid, frames, columns);
    assert_false(traj_grid_allows((size_t)1 << 20, 257));
    assert_true(traj_grid_allows((size_t)1 << 20, 256) && traj_grid_allows(SIZE_MAX, 0));
    traj_grid_free(&grid);
}

/* Large grids take the room they are told to need, and are right if it was too little. */
static void a_forecast_changes_no_position(void **state)
{
    (void)state;
    enum { MANY = 30000, WIDE = 23 };
    const double forecasts[] = {0.0, 100.0, 29000.0, 50000.0, 1e18};
    for (size_t i = 0; i < sizeof forecasts / sizeof *forecasts; i++) {
        traj_grid grid = {0};
        for (size_t f = 0; f < MANY; f++) {
            assert_int_equal(traj_grid_add_frame(&grid, forecasts[i]), 0);
            for (size_t a = grid.seated; a < WIDE; a++)
                assert_int_equal(traj_grid_seat(&grid, a), 0);
            for (size_t a = 0; a < WIDE; a++) traj_grid_at(&grid, f, a)[0] = place(f, a);
        }
        size_t wrong = 0;
        for (size_t f = 0; f < MANY; f++)
            for (size_t a = 0; a < WIDE; a++)
                wrong += traj_grid_at(&grid, f, a)[0] != place(f, a) ||
                         !isnan(traj_grid_at(&grid, f, a)[1]);
        assert_int_equal(wrong, 0);
        traj_grid_free(&grid);
    }
}

/* Thousands of whom nothing is known but their names cost nothing; neither does a crowd that comes
 * one by one. */
static void names_without_positions_take_no_room(void **state)
{
    enum { NAMES = 50000, LAST = 400 };
    const char *const path = data_path(state, "names.csv");
    FILE *const stream = fopen(path, "w");
    assert_non_null(stream);
    fprintf(stream, "frame_id,timestamp,team,player_id,x,y\n");
    for (int n = 0; n < NAMES; n++) fprintf(stream, "0,0,home,n%d,,\n", n);
    for (int f = 0; f < LAST; f++)
        for (int p = 0; p < 4; p++)
            fprintf(stream, "%d,%.2f,%s,p%d,%.2f,%d\n", f, 0.04 * f, p % 2 ? "away" : "home", p,
                    -40.0 + 25.0 * p + 0.02 * f, 10 * p - 15);
    assert_int_equal(fclose(stream), 0);
    traj_guesses guesses = {.count = 0};
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.unit, "metres");
    strcpy(options.origin, "centre");
    traj_recording recording = data_read(path, &options, &guesses);
    assert_int_equal(recording.sequence[0].agents, 4);
    assert_string_equal(recording.sequence[0].agent[3].id, "p3");
    traj_recording_free(&recording);
}

/* Those who are named in the message have positions. */
static void too_many_players_are_named(void **state)
{
    enum { GHOSTS = 300, PLAYERS_SEEN = 257 };
    char text[32 * (GHOSTS + PLAYERS_SEEN) + 64];
    int used = sprintf(text, "frame_id,timestamp,team,player_id,x,y\n");
    for (int n = 0; n < GHOSTS; n++) used += sprintf(text + used, "0,0,home,ghost%d,,\n", n);
    for (int n = 0; n < PLAYERS_SEEN; n++)
        used += sprintf(text + used, "0,0,home,p%d,%d,1\n", n, n);
    data_refuse(state, text, NULL, TRAJ_E_DATA, "has 257 players ('p0', 'p1', ...)");
}

/* Of player p in frame f; he comes on in frame 50 p. */
static double x_of(int f, int p)
{
    return -40.0 + 10.0 * p + 0.02 * f;
}

/* Frames backwards, the ball first, substitutes in the middle of the columns. */
static void late_players_are_where_the_file_has_them(void **state)
{
    enum { LATE = 4, LAST = 299 };
    const char *const path = data_path(state, "late.csv");
    FILE *const stream = fopen(path, "w");
    assert_non_null(stream);
    fprintf(stream, "frame,timestamp,ball_x,ball_y,home_4_x,home_4_y,home_3_x,home_3_y,home_2_x,"
                    "home_2_y,away_1_x,away_1_y\n");
    for (int f = LAST; f >= 0; f--) {
        fprintf(stream, "%d,%.2f,%.2f,1", f, 0.04 * f, x_of(f, 0));
        for (int p = LATE; p >= 1; p--)
            if (f >= 50 * (p - 1))
                fprintf(stream, ",%.2f,%d", x_of(f, p), p);
            else
                fprintf(stream, ",,");
        fprintf(stream, "\n");
    }
    assert_int_equal(fclose(stream), 0);
    traj_guesses guesses = {.count = 0};
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.orient, "keep");
    traj_recording recording = data_read(path, &options, &guesses);
    const traj_sequence *const sequence = &recording.sequence[0];
    assert_int_equal(sequence->frames, LAST + 1);
    assert_int_equal(sequence->agents, LATE + 1);
    assert_int_equal(sequence->agent[LATE].kind, TRAJ_BALL);
    for (size_t a = 0; a < sequence->agents; a++) {
        const int p = a == LATE ? 0 : sequence->agent[a].jersey;
        assert_in_range(p, 0, LATE);
        for (int f = 0; f <= LAST; f++) {
            const float x = sequence->pos_m[2 * ((size_t)f * sequence->agents + a)];
            const bool seen = p == 0 || f >= 50 * (p - 1);
            assert_true(seen ? fabs((double)x - x_of(f, p)) < 0.006 : isnan(x));
        }
        assert_int_equal(sequence->agent[a].first_frame, p == 0 ? 0 : 50 * (p - 1));
    }
    traj_recording_free(&recording);
}

/* ---- the same match, wide and long ---- */

enum { PLAYERS = 6, ROWS = 400 }; /* the last player is the ball */

/* What stands in the cells of x, y and z. */
typedef struct cells {
    char x[16], y[16], z[16];
} cells;

static cells plain_cells(size_t f, size_t a)
{
    cells made;
    snprintf(made.x, sizeof made.x, "%.2f", 10.0 * (double)a - 25.0 + 0.01 * (double)(f % 50));
    snprintf(made.y, sizeof made.y, "%.2f", 3.0 * (double)a - 0.02 * (double)(f % 40));
    snprintf(made.z, sizeof made.z, "%.1f", 0.1 * (double)(f % 30));
    return made;
}

/* In one cell of ten something is missing, in every way that there is; in the first rows and in
 * later ones. */
static cells cells_of(size_t f, size_t a)
{
    static const char *const odd[][3] = {
        {"", "", ""},           {"NaN", "NaN", ""},
        {"-999", "-999", "0"},  {"", "1.5", "0"},
        {"1.5", "", "0"},       {"null", "3", ""},
        {"4.25", "5", "-10.0"}, {"4.25", "5", "NaN"},
        {"4.25", "5", ""},      {" 4.25", "5.000000000000001", "-10.000000000"}};
    const size_t kinds = sizeof odd / sizeof *odd, which = (f * 7 + a * 13) % (10 * kinds);
    cells made = plain_cells(f, a);
    if (which >= kinds) return made;
    snprintf(made.x, sizeof made.x, "%s", odd[which][0]);
    snprintf(made.y, sizeof made.y, "%s", odd[which][1]);
    snprintf(made.z, sizeof made.z, "%s", odd[which][2]);
    return made;
}

static void write_wide(FILE *stream)
{
    fputs("frame,period_id,timestamp,ball_x,ball_y,ball_z", stream);
    for (int a = 0; a < PLAYERS - 1; a++)
        fprintf(stream, ",%s_%d_x,%s_%d_y", a % 2 ? "away" : "home", a, a % 2 ? "away" : "home", a);
    for (size_t f = 0; f < ROWS; f++) {
        const cells ball = cells_of(f, PLAYERS - 1);
        fprintf(stream, "\n%zu,%d,%.2f,%s,%s,%s", f, 1 + (f >= ROWS / 2), 0.04 * (double)f, ball.x,
                ball.y, ball.z);
        for (size_t a = 0; a < PLAYERS - 1; a++) {
            const cells made = cells_of(f, a);
            fprintf(stream, ",%s,%s", made.x, made.y);
        }
    }
}

static void write_long(FILE *stream)
{
    fputs("frame_id,period_id,timestamp,team,player_id,jersey,x,y,z", stream);
    for (size_t f = 0; f < ROWS; f++)
        for (size_t a = 0; a < PLAYERS; a++) {
            const cells made = cells_of(f, a);
            const bool ball = a == PLAYERS - 1;
            fprintf(stream, "\n%zu,%d,%.2f,%s,", f, 1 + (f >= ROWS / 2), 0.04 * (double)f,
                    ball    ? "ball"
                    : a % 2 ? "away"
                            : "home");
            if (!ball) fprintf(stream, "%zu,%zu", a, a);
            fprintf(stream, "%s,%s,%s,%s", ball ? "," : "", made.x, made.y, ball ? made.z : "");
        }
}

static traj_recording read_written(void *const *state, const char *name, void (*write)(FILE *))
{
    traj_guesses guesses = {.count = 0};
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.unit, "metres");
    strcpy(options.origin, "centre");
    const char *const path = data_path(state, name);
    FILE *const stream = fopen(path, "w");
    assert_non_null(stream);
    write(stream);
    assert_int_equal(fclose(stream), 0);
    traj_recording recording = data_read(path, &options, &guesses);
    traj_quality anew; /* the doubts looked at it already */
    traj_quality_measure(&recording, INT64_MAX, &anew);
    assert_true(anew.frames == ROWS && anew.frames == guesses.quality.frames);
    assert_true(anew.positions == guesses.quality.positions &&
                anew.players.max_mps == guesses.quality.players.max_mps);
    return recording;
}

static const traj_agent *agent_of(const traj_sequence *sequence, int jersey, size_t *a)
{
    for (*a = 0; *a < sequence->agents; ++*a)
        if (sequence->agent[*a].jersey == jersey) return &sequence->agent[*a];
    fail_msg("nobody has the number %d", jersey);
    return NULL;
}

static void wide_and_long_are_the_same_match(void **state)
{
    traj_recording wide = read_written(state, "same_wide.csv", write_wide);
    traj_recording tall = read_written(state, "same_long.csv", write_long);
    size_t missing = 0;
    assert_int_equal(wide.sequences, 2);
    assert_int_equal(tall.sequences, 2);
    for (size_t s = 0; s < 2; s++) {
        const traj_sequence *const w = &wide.sequence[s], *const l = &tall.sequence[s];
        assert_true(w->agents == PLAYERS && l->agents == PLAYERS && w->frames == l->frames);
        for (size_t a = 0, b; a < PLAYERS; a++) {
            b = PLAYERS - 1;
            if (w->agent[a].kind != TRAJ_BALL)
                assert_int_equal(w->agent[a].team, agent_of(l, w->agent[a].jersey, &b)->team);
            for (size_t f = 0; f < w->frames; f++) {
                const float *const x = w->pos_m + 2 * (f * PLAYERS + a);
                const float *const y = l->pos_m + 2 * (f * PLAYERS + b);
                assert_memory_equal(x, y, 2 * sizeof *x);
                missing += isnan(x[0]);
            }
        }
    }
    assert_in_range(missing, ROWS * PLAYERS / 30, ROWS * PLAYERS / 10);
    traj_recording_free(&wide);
    traj_recording_free(&tall);
}

int data_grid_tests(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grid_grows_both_ways),
        cmocka_unit_test(frames_and_agents_are_ordered),
        cmocka_unit_test(a_grid_without_memory_stays_as_it_is),
        cmocka_unit_test(a_forecast_changes_no_position),
        cmocka_unit_test(names_without_positions_take_no_room),
        cmocka_unit_test(too_many_players_are_named),
        cmocka_unit_test(late_players_are_where_the_file_has_them),
        cmocka_unit_test(wide_and_long_are_the_same_match),
    };
    return cmocka_run_group_tests_name("data: grid", tests, data_folder_setup,
                                       data_folder_teardown);
}
