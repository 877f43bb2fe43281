/* Every layout, every spelling, every refusal of the readers, on files small enough to read here.
 */
#include "data_groups.h"

#include "traj/base/memory.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Four players and a ball on a whole pitch: enough for units, teams and sides. */
#define WIDE_HEADER                                                                                \
    "frame,timestamp,home_1_x,home_1_y,home_9_x,home_9_y,away_1_x,away_1_y,away_9_x,away_9_y,"     \
    "ball_x,ball_y\n"
#define WIDE_ROW(frame, time) #frame "," #time ",-50,0,-1.25,33,50,0,1,-33,0.5,0\n"

static void broken_files_are_refused(void **state)
{
    static const data_case cases[] = {
        {"", "the file is empty"},
        {"a,b,c\n1,2,3\n", ":1: no known format"},
        {"\xff\xfe;", ": this is UTF-16; save it as UTF-8"},
        {"PK\x03\x04x", ": this is a spreadsheet or a zip archive"},
        {"PAR1", ": this is Parquet; write it as CSV"},
        {WIDE_HEADER, "no frames"},
        {"frame,timestamp,home_1_x,home_1_y,ball_x,ball_y\n1,0.00,,,1,1\n2,0.04,NaN,NaN,1,1\n",
         "no players"},
        {WIDE_HEADER WIDE_ROW(1, 0.00) "2,0.04,1,2\n",
         ":3: expected 12 fields as in the header, got 4"},
        {WIDE_HEADER "1,0.00,-50,x12,-1,33,50,0,1,-33,0.5,0\n",
         ":2: column 4 ('home_1_y'): expected a number, got 'x12'; leave the field empty"},
        {WIDE_HEADER "1.5,0.00,-50,0,-1,33,50,0,1,-33,0.5,0\n",
         ":2: column 1 ('frame'): expected a whole frame number, got '1.5'"},
        {WIDE_HEADER WIDE_ROW(1, 0.00) WIDE_ROW(1, 0.04),
         ":3: frame 1 of sequence 1 stands in line 2"},
        {WIDE_HEADER WIDE_ROW(1, 0.00) WIDE_ROW(2, 0.04) WIDE_ROW(3, 0.08) WIDE_ROW(4, 0.02),
         "time stands still or runs backwards in sequence 1: frame 3"},
        {"frame,home_1_x,home_1_y,away_1_x,away_1_y,ball_x,home_1_x\n",
         "columns 2 and 7 are both named 'home_1_x'"},
        {"frame_id,timestamp,team,player_id,x,y\n1,0.00,home,7,1,2\n1,0.00,home,7,1,3\n",
         ":2: two different positions for '7' in frame 1"},
        {"frame_id,timestamp,team,player_id,x,y\n1,0,a,7,1,2\n1,0,b,8,1,3\n1,0,c,9,1,3\n2,0.1,c,9,"
         "1,3\n",
         "players of more than two teams ('a', 'b' and others)"},
        {"frame_id,timestamp,team,player_id,x,y\n1,0,ball,a,1,2\n1,0,football,b,1,3\n1,0,c,9,1,"
         "3\n2,0.1,c,9,1,3\n",
         "two balls, 'a' and 'b'"},
        {WIDE_HEADER "1,0.00,-50,0,1e300,33,50,0,1,-33,0.5,0\n",
         "frame 1 of sequence 1 has a position at (1e+300, 33), which is on no pitch"},
        {"x,y,player_id,team\n1,2,3,home\n", ":2: no column tells the frame"},
        {"frame_id,timestamp,team,player_id,x,y\n1,0,home,7,1,2\n1,0,away,NaN,1,3\n",
         ":3: column 4 ('player_id'): a player of team 'away' has no id"},
        {"timestamp,x,y,player_id\n1e18,1,2,3\n1e300,1,2,3\n", ":3: no column tells the frame"},
        {"frame,x,y,player_id\n5000000000000000,1,2,3\n", "expected a whole frame number"},
        {"frame,x,y,player_id,team\n1,2,3,4,home\n2,2,3,4,home\n", "say it with --source-rate HZ"},
        {",,,Home,\n,,,11,\nPeriod,Frame,Time [s],Player11,\n1,1,0.04,0.1,0.2\n",
         "one half of a Metrica pair"},
    };
    data_refuse_all(state, cases, sizeof cases / sizeof *cases, NULL);
}

static void a_number_of_the_row_is_no_player(void **state)
{
    char text[16384];
    size_t used = (size_t)snprintf(text, sizeof text, "frame_id,timestamp,team,id,x,y\n");
    for (int r = 0; r < 300; r++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%d,%d.%d,home,%d,1,2\n", r,
                                 r / 10, r % 10, r);
    data_refuse(state, text, NULL, TRAJ_E_DATA, "has 300 players ('0', '1', ...)");
}

static void bad_options_are_usage(void **state)
{
    static const char text[] = WIDE_HEADER WIDE_ROW(1, 0.00) WIDE_ROW(2, 0.04);
    traj_read_options options;
    traj_read_options_init(&options);
    strcpy(options.format, "xml");
    data_refuse(state, text, &options, TRAJ_E_USAGE,
                "--format xml: expected one of npy, trajnet, tracab, ");
    traj_read_options_init(&options);
    strcpy(options.unit, "miles");
    data_refuse(state, text, &options, TRAJ_E_USAGE, "--unit miles: expected metres, cm");
    traj_read_options_init(&options);
    strcpy(options.origin, "moon");
    data_refuse(state, text, &options, TRAJ_E_USAGE, "--origin moon: expected centre");
    traj_read_options_init(&options);
    strcpy(options.orient, "up");
    data_refuse(state, text, &options, TRAJ_E_USAGE, "--orient up: expected home-right or keep");
    traj_read_options_init(&options);
    strcpy(options.sides, "right,down");
    data_refuse(state, text, &options, TRAJ_E_USAGE,
                "--home-attacks right,down: expected right or left");
    traj_read_options_init(&options);
    strcpy(options.home, "Ajax");
    data_refuse(state, text, &options, TRAJ_E_DATA,
                "--home Ajax: no such team; the file has 'home' and 'away'");
    traj_read_options_init(&options);
    strcpy(options.keepers, "home_77");
    data_refuse(state, text, &options, TRAJ_E_DATA, "--keepers home_77: no player has such an id");
    traj_read_options_init(&options);
    options.first_frame = 10;
    data_refuse(state, text, &options, TRAJ_E_DATA, "no frame lies within --frames");
}

static void a_missing_file_is_an_io_error(void **state)
{
    (void)state;
    traj_read_options options;
    traj_recording recording;
    traj_guesses guesses = {.count = 0};
    traj_error err = {0};
    const char *path = "/nonexistent/match.csv";
    traj_read_options_init(&options);
    assert_int_equal(traj_recording_read(&path, 1, &options, &recording, &guesses, &err),
                     TRAJ_E_IO);
    assert_non_null(strstr(err.text, path));
}

static void failed_allocations_leak_nothing(void **state)
{
    const char *path =
        data_file(state, "match.csv", WIDE_HEADER WIDE_ROW(1, 0.00) WIDE_ROW(2, 0.04));
    traj_read_options options;
    traj_read_options_init(&options);
    unsigned long made = ULONG_MAX;
    for (unsigned long n = 1; n <= made; n++) {
        traj_recording recording;
        traj_guesses guesses = {.count = 0};
        traj_error err = {0};
        unsigned long before = traj_alloc_count();
        traj_alloc_fail_at((long)n);
        traj_status status = traj_recording_read(&path, 1, &options, &recording, &guesses, &err);
        traj_alloc_fail_at(0);
        made = traj_alloc_count() - before;
        /* A failure while one format is being recognised shows as another format, or none. */
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY ||
                    strstr(err.text, "no known format") != NULL);
        if (status != TRAJ_OK) {
            assert_int_equal(recording.sequences, 0);
            made = ULONG_MAX; /* it stopped early: the next may come further */
        }
        traj_recording_free(&recording);
        assert_true(n < 1000);
    }
    assert_true(made > 20);
}

static void wide_columns_find_their_players(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        data_read_text(state, WIDE_HEADER WIDE_ROW(1, 0.00) WIDE_ROW(2, 0.04), &guesses);
    const traj_sequence *sequence = &recording.sequence[0];
    assert_int_equal(recording.sequences, 1);
    assert_string_equal(sequence->name, "1");
    assert_int_equal(sequence->agents, 5);
    assert_string_equal(sequence->agent[0].id, "home_1");
    assert_int_equal(sequence->agent[0].jersey, 1);
    assert_int_equal(sequence->agent[0].kind, TRAJ_HOME_GK);
    assert_int_equal(data_agent(&recording, 0, "away_1")->kind, TRAJ_AWAY_GK);
    assert_int_equal(data_agent(&recording, 0, "away_9")->kind, TRAJ_AWAY);
    assert_int_equal(sequence->agent[4].kind, TRAJ_BALL);
    assert_string_equal(sequence->agent[4].id, "ball");
    assert_true(data_pos(&recording, 0, 1, "home_9")[0] == -1.25f);
    assert_true(data_pos(&recording, 0, 1, "home_9")[1] == 33.0f);
    assert_true(traj_rate_hz(recording.rate) == 25.0);
    assert_non_null(strstr(data_guess_text(&guesses, "format"), "wide"));
    traj_recording_free(&recording);
}

/* Other columns, capitals, semicolons, a byte order mark, quotes and ids with underscores. */
static void wide_spellings_are_one_format(void **state)
{
    static const char *const texts[] = {
        "Frame,Period,Time "
        "[s],Home_1_x,Home_1_y,Home_9_x,Home_9_y,Away_1_x,Away_1_y,Away_9_x,Away_9_y,ball_x,ball_"
        "y\n"
        "1,1,0.04,-50,0,-1.25,33,50,0,1,-33,0.5,0\n2,1,0.08,-50,0,-1.25,33,50,0,1,-33,0.5,0\n",
        "\xef\xbb\xbf"
        "frame_id;timestamp;home_gk_1_x;home_gk_1_y;home_9_x;home_9_y;home_9_d;home_9_s;away_1_x;"
        "away_1_y;away_9_x;away_9_y\r\n"
        "1;PT0S;-50;0;-1.25;33;0.1;2;50;0;1;-33\r\n2;PT0.04S;-50;0;-1.25;33;0.1;2;50;0;1;-33\r\n",
        "\"frame\",\"datetime\",\"home_9_y\",\"home_9_x\",\"home_1_x\",\"home_1_y\",\"away_1_x\","
        "\"away_1_y\",\"home_9_vx\"\n"
        "1,315586800000000000,33,-1.25,-50,0,50,0,7\n2,315586800040000000,33,-1.25,-50,0,50,0,7\n",
    };
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        traj_guesses guesses;
        traj_recording recording = data_read_text(state, texts[t], &guesses);
        const traj_agent *nine = data_agent(&recording, 0, t == 0 ? "Home_9" : "home_9");
        assert_int_equal(nine->jersey, 9);
        assert_int_equal(nine->team, TRAJ_TEAM_HOME);
        assert_true(traj_rate_hz(recording.rate) == 25.0);
        assert_true(data_pos(&recording, 0, 0, nine->id)[0] == -1.25f);
        assert_true(data_pos(&recording, 0, 0, nine->id)[1] == 33.0f);
        traj_recording_free(&recording);
    }
}

static void every_missing_value_is_nan(void **state)
{
    static const char *const missing[] = {",",         "NaN,NaN",   "nan,5", "5,",       "NA,NA",
                                          "None,None", "null,null", "inf,1", "-999,-999"};
    for (size_t m = 0; m < sizeof missing / sizeof missing[0]; m++) {
        char text[1024];
        traj_guesses guesses;
        snprintf(text, sizeof text,
                 WIDE_HEADER WIDE_ROW(1, 0.00) "2,0.04,-50,0,%s,50,0,1,-33,0.5,0\n", missing[m]);
        traj_recording recording = data_read_text(state, text, &guesses);
        const float *pos = data_pos(&recording, 0, 1, "home_9");
        assert_true(isnan(pos[0]) && isnan(pos[1]));
        assert_true(data_pos(&recording, 0, 1, "home_1")[0] == -50.0f);
        traj_recording_free(&recording);
    }
}

static void a_lost_ball_is_missing(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        data_read_text(state,
                       "frame,timestamp,home_1_x,home_1_y,away_1_x,away_1_y,ball_x,ball_y,ball_z\n"
                       "1,0,-50,0,50,0,1,1,0.2\n2,0.04,-50,0,50,0,0.3,-0.2,-10\n",
                       &guesses);
    assert_false(isnan(data_pos(&recording, 0, 0, "ball")[0]));
    assert_true(isnan(data_pos(&recording, 0, 1, "ball")[0]));
    traj_recording_free(&recording);
}

/* Of a country with decimal commas: blank lines, a mark, CRLF, semicolons. */
static void spreadsheets_are_read(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        data_read_text(state,
                       "\xef\xbb\xbf\r\n\r\nframe;timestamp;home_1_x;home_1_y;away_1_x;away_1_y\r\n"
                       "1;0,00;-50,25;0;50;0,5\r\n2;0,04;-50,5;0;50;0,5\r\n",
                       &guesses);
    assert_true(traj_rate_hz(recording.rate) == 25.0);
    assert_true(data_pos(&recording, 0, 0, "home_1")[0] == -50.25f);
    assert_true(data_pos(&recording, 0, 1, "away_1")[1] == 0.5f);
    traj_recording_free(&recording);
}

#define PERIOD_ROWS(period, frame, time)                                                           \
#frame "," period "," #time ",home,7,-50,0\n" #frame "," period "," #time ",away,7,50,0\n"
#define PERIODS(first, second)                                                                     \
    "frame_id,period_id,timestamp,team,player_id,x,y\n" PERIOD_ROWS(first, 1, 0)                   \
        PERIOD_ROWS(first, 2, 0.04) PERIOD_ROWS(second, 3, 0) PERIOD_ROWS(second, 4, 0.04)

/* However they are called, so that they are written as such. */
static void periods_are_known_by_their_names(void **state)
{
    static const char *const texts[] = {PERIODS("1", "2"), PERIODS("1.0", "2.0"),
                                        PERIODS("first_half", "second_half"),
                                        PERIODS("firstHalf", "secondHalf")};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        traj_guesses guesses;
        traj_recording recording = data_read_text(state, texts[t], &guesses);
        for (int s = 0; s < 2; s++) {
            assert_string_equal(recording.sequence[s].name, s == 0 ? "1" : "2");
            assert_int_equal(recording.sequence[s].period_id, s + 1);
        }
        traj_recording_free(&recording);
    }
}

/* Two plays whose names differ only far behind. */
static void long_names_of_plays_are_told_apart(void **state)
{
#define PLAY "a_game_of_some_length,possession_chain_of_the_home_team_0000000000000"
    traj_guesses guesses;
    traj_recording recording = data_read_text(
        state,
        "game_id,play_id,frame_id,timestamp,team,player_id,x,y\n" PLAY "1,1,0,home,7,-50,0\n" PLAY
        "1,1,0,away,7,50,0\n" PLAY "1,2,0.04,home,7,-50,0\n" PLAY "2,5,0,home,7,-50,0\n" PLAY
        "2,6,0.04,away,7,50,0\n",
        &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(strlen(recording.sequence[0].name), sizeof recording.sequence[0].name - 1);
    traj_recording_free(&recording);
}

static void rows_outside_periods_are_left_out(void **state)
{
    traj_guesses guesses;
    traj_recording recording = data_read_text(
        state,
        "frame,period_id,timestamp,home_1_x,home_1_y,away_1_x,away_1_y\n"
        "1,,0,0,0,0,0\n2,1,0.04,-50,0,50,0\n3,1,0.08,-50,0,50,0\n4,-999,0.12,0,0,0,0\n"
        "5,2,0.16,50,0,-50,0\n6,2,0.2,50,0,-50,0\n",
        &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_int_equal(recording.sequence[0].frames, 2);
    assert_string_equal(recording.sequence[1].name, "2");
    assert_int_equal(recording.sequence[1].period_id, 2);
    assert_true(fabs(recording.sequence[1].time_s[0]) < 1e-9); /* the clock ran on: it restarts */
    assert_true(data_pos(&recording, 1, 0, "home_1")[0] == -50.0f); /* turned */
    traj_recording_free(&recording);
}

/* The same match in many long layouts. */
static void long_layouts_are_told_by_their_columns(void **state)
{
    static const struct {
        const char *text, *id;
        double rate_hz, x, y;
        int jersey;
    } cases[] = {
        /* fast-forward and kloppy */
        {"game_id,frame_id,period_id,timestamp,team_id,player_id,x,y,z\n"
         "g,1,1,0 days 00:00:00,H,p9,-20,33,\ng,1,1,0 days 00:00:00,A,q1,50,0,\ng,1,1,0 days "
         "00:00:00,ball,ball,0,0,0\n"
         "g,2,1,0 days 00:00:00.1,H,p9,-20,33,\ng,2,1,0 days 00:00:00.1,A,q1,50,0,\ng,2,1,0 days "
         "00:00:00.1,ball,ball,0,0,0\n",
         "p9", 10.0, -20.0, 33.0, -1},
        /* Last-Row: percent, the ball is player 0 without a team */
        {",bgcolor,dx,dy,edgecolor,frame,player,player_num,play,team,x,y,z\n"
         "0,blue,0,0,white,0,841,9,L [1] - 0 B,attack,25,75,0\n1,red,0,0,white,0,5,1,L [1] - 0 "
         "B,defense,99,50,0\n"
         "2,k,0,0,k,0,0,,L [1] - 0 B,,50,50,0\n3,blue,0,0,white,1,841,9,L [1] - 0 "
         "B,attack,25,75,0\n"
         "4,red,0,0,white,1,5,1,L [1] - 0 B,defense,99,50,0\n5,k,0,0,k,1,0,,L [1] - 0 B,,50,50,0\n",
         "841", 20.0, -26.25, 17.0, 9},
        /* NFL: yards, the ball without an id, frames out of order */
        {"gameId,playId,frameId,nflId,team,jerseyNumber,x,y\n1,2,2,77,home,9,60,26.666667\n1,2,2,"
         "88,away,5,80,20\n"
         "1,2,2,NA,football,,61,20\n1,2,1,77,home,9,50,26.666667\n1,2,1,88,away,5,80,20\n1,2,1,NA,"
         "football,,61,20\n",
         "77", 10.0, -9.144, 0.0, 9},
        /* RoboCup: the ball in each row, y down */
        {"cycle,team_name,player_num,ball_x,ball_y,player_x,player_y\n1,L,9,1,2,-20,-30\n1,R,1,1,2,"
         "49,0\n"
         "2,L,9,1,2,-20,-30\n2,R,1,1,2,49,0\n",
         "L_9", 10.0, -20.0, 30.0, 9},
        /* Kinexon: milliseconds are the frames */
        {"ts in ms;sensor id;mapped id;full name;group name;x in m;y in "
         "m\n1600000000000;1;m9;A;Red;-20;33\n"
         "1600000000000;2;m1;B;Blue;50;0\n1600000000000;3;b;Ball;Ball;0;0\n1600000000050;1;m9;A;"
         "Red;-20;33\n"
         "1600000000050;2;m1;B;Blue;50;0\n1600000000050;3;b;Ball;Ball;0;0\n",
         "m9", 20.0, -20.0, 33.0, -1},
        /* our own rollout.csv: generated rows and held-out truth are not observed */
        {"sequence,sample,period_id,frame_id,timestamp,team,player_id,jersey,x,y,observed\n"
         "1,,1,1,0,home,h9,9,-20,33,1\n1,,1,1,0,away,a1,1,50,0,1\n1,,1,1,0,ball,ball,,0,0,1\n1,,1,"
         "2,0.1,home,h9,9,-20,33,1\n"
         "1,,1,2,0.1,away,a1,1,50,0,1\n1,,1,2,0.1,ball,ball,,,,1\n1,0,1,3,0.2,home,h9,9,-1,1,0\n1,,"
         "1,3,0.2,home,h9,9,-2,2,0\n",
         "h9", 10.0, -20.0, 33.0, 9},
        /* StatsPerform: the ball's team is 4, home is 1 though 2 is named first */
        {"frame_count,game_clock,current_phase,team_id,player_id,jersey_no,pos_x,pos_y\n"
         "7,0.0,1,2,21,1,50,0\n7,0.0,1,1,19,9,-20,33\n7,0.0,1,4,0,,0,0\n"
         "8,0.1,1,2,21,1,50,0\n8,0.1,1,1,19,9,-20,33\n8,0.1,1,4,0,,0,0\n",
         "19", 10.0, -20.0, 33.0, 9},
        /* NFL of 2025: clubs by their names */
        {"gameId,playId,nflId,displayName,frameId,frameType,time,jerseyNumber,club,x,y,event\n"
         "1,2,77,A,1,BEFORE_SNAP,2022-09-08 20:24:05.2,9,BUF,50,26.666667,NA\n"
         "1,2,88,B,1,BEFORE_SNAP,2022-09-08 20:24:05.2,5,LA,80,20,NA\n"
         "1,2,NA,football,1,BEFORE_SNAP,2022-09-08 20:24:05.2,NA,football,61,20,NA\n"
         "1,2,77,A,2,SNAP,2022-09-08 20:24:05.3,9,BUF,50,26.666667,NA\n"
         "1,2,88,B,2,SNAP,2022-09-08 20:24:05.3,5,LA,80,20,NA\n"
         "1,2,NA,football,2,SNAP,2022-09-08 20:24:05.3,NA,football,61,20,NA\n",
         "77", 10.0, -9.144, 0.0, 9},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        traj_guesses guesses;
        traj_recording recording = data_read_text(state, cases[c].text, &guesses);
        size_t last = c == 2 ? 0 : 1; /* in the NFL file frame 1 is another than frame 2 */
        assert_int_equal(recording.sequences, 1);
        assert_int_equal(recording.sequence[0].frames, 2);
        assert_int_equal(recording.sequence[0].agents, 3);
        assert_true(traj_rate_hz(recording.rate) == cases[c].rate_hz);
        const float *pos = data_pos(&recording, 0, last, cases[c].id);
        assert_true(fabs(pos[0] - cases[c].x) < 1e-4 && fabs(pos[1] - cases[c].y) < 1e-4);
        assert_int_equal(data_agent(&recording, 0, cases[c].id)->jersey, cases[c].jersey);
        assert_int_equal(data_agent(&recording, 0, cases[c].id)->team, TRAJ_TEAM_HOME);
        assert_int_equal(recording.sequence[0].agent[2].kind, TRAJ_BALL);
        traj_recording_free(&recording);
    }
}

static void nfl_plays_are_sequences_of_their_own(void **state)
{
    traj_guesses guesses;
    traj_recording recording =
        data_read_text(state,
                       "gameId,playId,frameId,nflId,team,playDirection,x,y\n7,1,"
                       "1,77,home,right,50,20\n7,2,1,77,home,left,50,20\n"
                       "7,1,2,77,home,right,51,20\n7,2,2,77,home,left,50,20\n",
                       &guesses);
    assert_int_equal(recording.sequences, 2);
    assert_string_equal(recording.sequence[0].name, "7/1");
    assert_string_equal(recording.sequence[1].name, "7/2");
    assert_true(data_pos(&recording, 0, 0, "77")[0] == -data_pos(&recording, 1, 0, "77")[0]);
    assert_non_null(strstr(data_guess_text(&guesses, "orientation"), "1 of 2 plays turned"));
    assert_int_equal(data_agent(&recording, 0, "77")->kind, TRAJ_HOME);
    traj_recording_free(&recording);
}

/* The contest of 2026: sides instead of teams, and no ball. */
static void nfl_sides_are_attack_and_defence(void **state)
{
    traj_guesses guesses;
    traj_recording recording = data_read_text(
        state,
        "game_id,play_id,player_to_predict,nfl_id,frame_id,play_direction,player_position,"
        "player_side,player_role,x,y,ball_land_x,ball_land_y\n"
        "7,1,True,88,1,left,CB,Defense,Coverage,50,20,63.2,-0.2\n"
        "7,1,True,77,1,left,QB,Offense,Passer,80,30,63.2,-0.2\n"
        "7,1,True,88,2,left,CB,Defense,Coverage,51,20,63.2,-0.2\n"
        "7,1,True,77,2,left,QB,Offense,Passer,81,30,63.2,-0.2\n",
        &guesses);
    assert_int_equal(recording.sequence[0].agents, 2);
    assert_int_equal(data_agent(&recording, 0, "77")->team, TRAJ_TEAM_HOME);
    assert_int_equal(data_agent(&recording, 0, "88")->team, TRAJ_TEAM_AWAY);
    assert_true(fabsf(data_pos(&recording, 0, 0, "77")[0] + 20.0f * 0.9144f) < 1e-4f);
    assert_true(traj_rate_hz(recording.rate) == 10.0);
    traj_recording_free(&recording);
}

static void frames_may_be_grouped_by_player(void **state)
{
    traj_guesses guesses;
    traj_recording recording = data_read_text(
        state,
        "frame_id,timestamp,team,player_id,x,y\n2,0.1,home,h1,-49,0\n1,0,home,h1,-50,0\n"
        "1,0,away,a1,50,0\n2,0.1,away,a1,49,0\n2,0.1,referee,r,0,0\n",
        &guesses);
    assert_int_equal(recording.sequence[0].agents, 2); /* the referee is none */
    assert_true(data_pos(&recording, 0, 0, "h1")[0] == -50.0f);
    assert_true(data_pos(&recording, 0, 1, "a1")[0] == 49.0f);
    traj_recording_free(&recording);
}

#define METRICA(team, number, x)                                                                   \
    ",,," team ",,,\n,,," number ",,,\nPeriod,Frame,Time [s],Player" number ",,Ball,\n"            \
    "1,1,0.04," x ",0.25,0.5,NaN\n1,2,0.08," x ",0.25,0.5,0.75\n"

static void metrica_files_are_a_pair(void **state)
{
    traj_read_options options;
    traj_guesses guesses = {.count = 0};
    traj_recording recording;
    traj_error err = {0};
    const char *files[3];
    int group[3];
    files[0] = data_file(state, "m_home.csv", METRICA("Home", "11", "0.01"));
    files[1] = data_file(state, "other.csv", WIDE_HEADER);
    files[2] = data_file(state, "m_away.csv", METRICA("Away", "25", "0.98"));
    assert_int_equal(traj_recording_group(files, 3, group), 2);
    assert_true(group[0] == 0 && group[1] == 1 && group[2] == 0);
    files[1] = files[2];
    traj_read_options_init(&options);
    if (traj_recording_read(files, 2, &options, &recording, &guesses, &err) != TRAJ_OK)
        fail_msg("%s", err.text);
    assert_int_equal(recording.sequence[0].agents, 3);
    const float *pos = data_pos(&recording, 0, 0, "home_11");
    assert_true(fabs(pos[0] + 0.49 * 105.0) < 1e-4 &&
                fabs(pos[1] - 0.25 * 68.0) < 1e-4); /* y down in the file */
    assert_int_equal(data_agent(&recording, 0, "away_25")->jersey, 25);
    assert_true(isnan(data_pos(&recording, 0, 0, "ball")[0]));
    assert_true(fabs(data_pos(&recording, 0, 1, "ball")[1] + 17.0) < 1e-4);
    traj_recording_free(&recording);
    data_file(state, "m_away.csv", METRICA("Home", "12", "0.98"));
    assert_int_equal(traj_recording_read(files, 2, &options, &recording, &guesses, &err),
                     TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "expected two teams, found 1"));
}

static void unreadable_files_are_groups_of_their_own(void **state)
{
    (void)state;
    const char *files[] = {"/nonexistent/a", "-", "/nonexistent/b"};
    int group[3];
    assert_int_equal(traj_recording_group(files, 3, group), 3);
    assert_true(group[0] == 0 && group[1] == 1 && group[2] == 2);
}

int data_reader_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_files_are_refused),
        cmocka_unit_test(a_number_of_the_row_is_no_player),
        cmocka_unit_test(bad_options_are_usage),
        cmocka_unit_test(a_missing_file_is_an_io_error),
        cmocka_unit_test(failed_allocations_leak_nothing),
        cmocka_unit_test(wide_columns_find_their_players),
        cmocka_unit_test(wide_spellings_are_one_format),
        cmocka_unit_test(every_missing_value_is_nan),
        cmocka_unit_test(a_lost_ball_is_missing),
        cmocka_unit_test(spreadsheets_are_read),
        cmocka_unit_test(periods_are_known_by_their_names),
        cmocka_unit_test(long_names_of_plays_are_told_apart),
        cmocka_unit_test(rows_outside_periods_are_left_out),
        cmocka_unit_test(long_layouts_are_told_by_their_columns),
        cmocka_unit_test(nfl_plays_are_sequences_of_their_own),
        cmocka_unit_test(nfl_sides_are_attack_and_defence),
        cmocka_unit_test(frames_may_be_grouped_by_player),
        cmocka_unit_test(metrica_files_are_a_pair),
        cmocka_unit_test(unreadable_files_are_groups_of_their_own),
    };
    return cmocka_run_group_tests_name("data: readers", tests, data_folder_setup,
                                       data_folder_teardown);
}
