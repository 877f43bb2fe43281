/* What a file says, before anything is guessed: samples (frame, agent, x, y) in the file's own unit
 * and origin.
 *
 * Every format's reader pours its samples in here in the order of the file, where each finds its
 * place in the grid of its sequence; traj_tracks_build puts frames and agents in order and makes a
 * recording of them. So no reader needs to know how many frames or agents there will be, frames may
 * come shuffled or grouped by player, and duplicates are found in one place. */
#ifndef TRAJ_DATA_TRACKS_H
#define TRAJ_DATA_TRACKS_H

#include "facts.h"
#include "grid.h"
#include "text_index.h"
#include "traj/data/recording.h"
#include "traj/io/input.h"

#include <math.h>

typedef char traj_track_text[48];

/* Whole numbers up to here are doubles, and so are the differences between them: frame ids. */
#define TRAJ_LARGEST_FRAME 4e15

/* Whether a number is whole and, without its sign, below that; NaN is not. */
bool traj_is_whole(double number);

/* The team of all who have none, as our own files write it. */
#define TRAJ_CROWD_TEAM "pedestrian"

typedef struct traj_track_agent {
    traj_track_text key;             /* the file's own name for it; unique together with its team */
    traj_track_text id;              /* what becomes traj_agent.id */
    int label;                       /* index into traj_tracks.label, -1: the file names no team */
    int jersey;                      /* -1 = unknown */
    bool ball, keeper;               /* keeper: the file says so */
    char role[24];                   /* as traj_agent.role */
    int64_t first_frame, last_frame; /* that he takes part in; last 0: the file does not say */
} traj_track_agent;

typedef struct traj_track_sequence {
    char name[64];
    int period_id;
    int direction; /* of play, where the file says it: 1 right, -1 left, 0 unknown */
    int left; /* 1 + index into traj_tracks.label of the team whose goal is there; 0: not told */
    int64_t latest;          /* the largest frame id of its rows, if there are any */
    traj_track_agent *agent; /* owned [agents] */
    size_t agents, capacity;
    uint32_t cursor; /* the agent found last: files list agents in the same order in every frame */
    traj_grid grid;  /* owned: its rows as frames */
} traj_track_sequence;

typedef struct traj_track_row { /* one frame of one sequence */
    int64_t frame_id;
    double time_s;    /* NaN: the file does not say */
    const char *file; /* view: where the line stands; NULL: in traj_tracks.file */
    uint32_t sequence, line;
    uint32_t frame; /* of the sequence's grid */
    uint8_t ball;   /* a traj_ball_state */
    uint8_t owner;  /* 1 + index into traj_tracks.owner, 0: none told */
} traj_track_row;

typedef enum traj_detection {
    TRAJ_DETECTION_UNTOLD,
    TRAJ_DETECTED,
    TRAJ_EXTRAPOLATED /* off camera, imputed: estimated, whatever the file calls it */
} traj_detection;

/* In centimetres, the smallest unit there is, this is ten kilometres. */
#define TRAJ_FURTHEST 1e6

/* databallpy writes whole numbers this way when a value is missing; ten metres off the centre spot
 * where the unit is known to be centimetres. */
#define TRAJ_MISSING (-999.0)

typedef struct traj_sighting {
    double x, y; /* NaN: missing */
    traj_detection how;
} traj_sighting;

/* Of the ball's owner files write a team, at times also that there is none: few names. */
enum { TRAJ_MOST_OWNERS = 8 };

/* What the layout fixes without looking at a single number. Empty and 0: nothing. */
typedef struct traj_layout {
    const char *name; /* "NFL Big Data Bowl", for the reasons given */
    const char *unit, *origin;
    bool likely;          /* not every such file has them: they are guessed where they fit badly */
    double length, width; /* of the pitch, in unit; in metres where that is empty */
    traj_rate rate;
    bool no_keepers;         /* a sport without goalkeepers */
    bool no_direction;       /* home does not attack one way for a whole period */
    bool loses_players;      /* who is lost and found again is another: hundreds, not 22 */
    bool ball_alone;         /* some files have nobody but the ball */
    bool crowd;              /* open ground and no teams; hundreds come and go */
    bool period_clock;       /* times count from the start of the period, seen or not */
    bool halves;             /* the first half of the players is home, the second away */
    const char *home_why;    /* how home is known; empty: so the file calls it */
    const char *periods_why; /* how the file was cut into periods; empty: so it says */
    const char *rate_why;    /* how rate is known; empty: it is that of every such file */
    const char *ball_why;    /* how the agents marked as the ball, or none, were chosen; empty: the
                                file says */
} traj_layout;

typedef struct traj_tracks {
    const char *file;        /* view: for messages */
    const traj_input *input; /* view: the file, as far as it has been read; NULL: unknown */
    traj_layout layout;
    traj_facts facts;       /* owned: the match's metadata, where there are any */
    bool frames_told;       /* false: frame ids were counted or are times */
    bool wall_clock;        /* times are of day, not of match */
    traj_track_text *label; /* owned [labels]: the teams' names as in the file */
    size_t labels, label_capacity;
    traj_track_text owner[TRAJ_MOST_OWNERS]; /* who has the ball, as in the file */
    size_t owners;
    bool detection_told;           /* some position came with a word on how it was found */
    traj_track_sequence *sequence; /* owned [sequences] */
    size_t sequences, sequence_capacity;
    traj_track_row *row; /* owned [rows] */
    size_t rows, row_capacity;
    size_t rows_indexed; /* so many are in row_index: a file in order needs none */
    bool shuffled;       /* the frames of some sequence are not in order */
    traj_text_index sequence_index, row_index, agent_index;
} traj_tracks;

void traj_tracks_init(traj_tracks *tracks, const char *file);
void traj_tracks_free(traj_tracks *tracks);

/* Each finds a thing or adds it; *added tells which. Errors: TRAJ_E_MEMORY. */
traj_status traj_tracks_sequence(traj_tracks *tracks, const char *name, uint32_t *sequence,
                                 bool *added, traj_error *err);
traj_status traj_tracks_row(traj_tracks *tracks, uint32_t sequence, int64_t frame_id, uint32_t *row,
                            bool *added, traj_error *err);

/* The sequence that is a period. Errors: TRAJ_E_MEMORY. */
traj_status traj_tracks_period(traj_tracks *tracks, int period, uint32_t *sequence,
                               traj_error *err);

/* A frame as a line of a file has it. */
typedef struct traj_track_frame {
    const char *file; /* view: for messages */
    long line;
    int period;
    int64_t frame_id;
    double time_s; /* NaN: the file does not say */
} traj_track_frame;

/* Adds a frame, to the sequence that is its period. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (the frame
 * is there already). */
traj_status traj_tracks_frame(traj_tracks *tracks, const traj_track_frame *frame,
                              uint32_t *sequence, uint32_t *row, traj_error *err);

/* The file that the row stands in. */
const char *traj_tracks_file(const traj_tracks *tracks, uint32_t row);

/* label "" : no team. A fresh agent has id = key, jersey -1, and is neither ball nor keeper: the
 * reader says more. */
traj_status traj_tracks_agent(traj_tracks *tracks, uint32_t sequence, const char *label,
                              const char *key, uint32_t *agent, bool *added, traj_error *err);

/* Likewise for a player as metadata know him (label "home" or "away", and all that he is), and for
 * the ball. */
traj_status traj_tracks_player(traj_tracks *tracks, uint32_t sequence,
                               const traj_facts_player *player, uint32_t *agent, traj_error *err);
traj_status traj_tracks_ball(traj_tracks *tracks, uint32_t sequence, uint32_t *agent,
                             traj_error *err);

/* The number of a team's name, -1 for "". Errors: TRAJ_E_MEMORY. */
traj_status traj_tracks_label(traj_tracks *tracks, const char *text, int *label, traj_error *err);

/* One position, with a word on whether the tracker saw him there; missing ones (either coordinate
 * not finite, or both -999) are left out. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (further away than any
 * pitch reaches; another position for the agent in that frame; too many agents). */
traj_status traj_tracks_sight(traj_tracks *tracks, uint32_t row, uint32_t agent,
                              traj_sighting sighting, traj_error *err);

/* The same without such a word, for the agent's first and plain one in a frame of the grid, as
 * nearly all are. False: it is something else, and nothing was done. Inlined: there are millions.
 */
static inline bool traj_tracks_put(const traj_grid *grid, uint32_t frame, uint32_t agent, double x,
                                   double y)
{
    const bool plain = fabs(x) <= TRAJ_FURTHEST && fabs(y) <= TRAJ_FURTHEST && x != TRAJ_MISSING;
    const uint32_t column = traj_grid_column(grid, agent);
    if (!plain || column == TRAJ_NO_SEAT) return false;
    float *const pos = traj_grid_at(grid, frame, column);
    if (pos[0] == pos[0]) return false;
    pos[0] = (float)x;
    pos[1] = (float)y;
    return true;
}

/* The same for any. Errors: those of traj_tracks_sight. */
static inline traj_status traj_tracks_sample(traj_tracks *tracks, uint32_t row, uint32_t agent,
                                             double x, double y, traj_error *err)
{
    const traj_track_row *const at = &tracks->row[row];
    if (traj_tracks_put(&tracks->sequence[at->sequence].grid, at->frame, agent, x, y))
        return TRAJ_OK;
    return traj_tracks_sight(tracks, row, agent, (traj_sighting){x, y, TRAJ_DETECTION_UNTOLD}, err);
}

/* What the file says of the game in a frame. owner: the team that has the ball, by the label of its
 * players ("home" and "away" where these are traj_tracks_player's) or as the metadata call it; ""
 * where it is untold. A later word on a frame adds to an earlier one. */
void traj_tracks_play(traj_tracks *tracks, uint32_t row, traj_ball_state ball, const char *owner);

/* What providers call alive and dead; unknown for any other word. */
traj_ball_state traj_ball_state_of(const char *word);

/* Whether the file is one of people on open ground, as far as it was read. */
bool traj_tracks_crowd(const traj_tracks *tracks);

/* Errors: TRAJ_E_DATA, more players were seen than any game has. */
traj_status traj_tracks_check_agents(const traj_tracks *tracks, const traj_track_sequence *sequence,
                                     traj_error *err);

/* Makes a recording, of which the grids are part then: positions as they stand, agents without a
 * position left out, the ball last; afterwards tracks->sequence[s].agent is parallel to
 * recording->sequence[s].agent. time_s is NaN where unknown; an owner of the ball is 1 + his index
 * in tracks->owner until traj_guess_teams knows the teams. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (no
 * frames, no players, too many of them). */
traj_status traj_tracks_build(traj_tracks *tracks, traj_recording *recording, traj_error *err);

/* dst = src, cut to fit. */
void traj_text_copy(char *dst, size_t size, const char *src);

#endif
