/* What the files of the simulation share: simulate.c runs the clock and records, formation.c says
 * where players want to be, ballplay.c what happens to the ball, restart.c what happens while it is
 * out of play.
 *
 * Two frames: the pitch frame (home attacks right), in which everything is stored, and the team
 * frame, in which the team in question attacks right; traj_sim_turn leads from one to the other.
 * Metres, seconds, metres per second. */
#ifndef TRAJ_DATA_SIMULATE_STATE_H
#define TRAJ_DATA_SIMULATE_STATE_H

#include "traj/base/noise.h"
#include <math.h>
#include <stdbool.h>

enum {
    SIM_SIDE = 11,
    SIM_PLAYERS = 22,
    SIM_NOBODY = -1,
    SIM_STEPS_PER_S = 50,
    SIM_STEPS_PER_THOUGHT = 5 /* players change their minds ten times a second */
};
#define SIM_STEP_S            (1.0 / SIM_STEPS_PER_S)
#define SIM_THOUGHT_S         (SIM_STEPS_PER_THOUGHT * SIM_STEP_S)
#define SIM_FULL_TURN         6.283185307179586
#define SIM_GOAL_HALF_WIDTH_M 3.66
#define SIM_BOX_DEPTH_M       16.5
#define SIM_BOX_HALF_WIDTH_M  20.16

typedef struct sim_vec {
    double x, y;
} sim_vec;

typedef enum sim_role {
    SIM_KEEPER,
    SIM_CENTRE_BACK,
    SIM_FULL_BACK,
    SIM_MIDFIELDER,
    SIM_WINGER,
    SIM_FORWARD
} sim_role;

typedef enum sim_restart {
    SIM_IN_PLAY,
    SIM_KICK_OFF,
    SIM_THROW_IN,
    SIM_GOAL_KICK,
    SIM_CORNER,
    SIM_FREE_KICK
} sim_restart;

typedef struct sim_player {
    sim_vec pos, vel, acc;
    sim_vec target;   /* where he wants to be, pitch frame */
    double pace;      /* how fast he is ready to go there */
    bool hurry;       /* runs through the target rather than stopping on it */
    double top_speed; /* his own limit */
    sim_role role;
    double depth, flank;     /* his slot in the formation, -1..1, back to front and right to left */
    sim_vec drift, drift_to; /* small slow wandering around the slot */
    int watching;            /* the opponent he marks, or SIM_NOBODY */
    sim_vec run_to;          /* pitch frame, while time < run_until */
    double run_until;        /* end of his run into space */
    double no_touch_until;   /* after a kick, a failed tackle or a lost ball */
    double meets_after;      /* seconds until he could meet the free ball */
    sim_vec meets_at;
} sim_player;

typedef struct sim_ball {
    sim_vec pos, vel;
    double airborne; /* seconds for which it is still too high to be touched */
} sim_ball;

typedef struct sim_match {
    double length, width; /* of the pitch */
    traj_noise noise;
    uint32_t half, draws; /* counters of the random numbers: every draw is used once */
    double time;
    sim_player player[SIM_PLAYERS]; /* 0..10 home, 11..21 away; the goalkeeper first */
    sim_ball ball;
    sim_vec focus;       /* the ball as the teams' shapes follow it: a little late */
    double poise[2];     /* how far a team has unfolded into its attacking shape, 0..1 */
    int possession;      /* the team that has or had the ball */
    double won_at;       /* when it won it */
    int carrier;         /* who has the ball at his feet, or SIM_NOBODY */
    double carried_from; /* since when */
    double dribble_heading;
    int receiver;   /* whom a pass under way is meant for, or SIM_NOBODY */
    int last_touch; /* the last player who played the ball */
    bool shot;      /* the ball is on its way to the goal */
    int presser[2]; /* the defender who goes for the ball */
    sim_restart restart;
    int taker;       /* who restarts */
    sim_vec spot;    /* where */
    double ready_at; /* not before */
} sim_match;

static inline sim_vec sim_add(sim_vec a, sim_vec b)
{
    return (sim_vec){a.x + b.x, a.y + b.y};
}

static inline sim_vec sim_sub(sim_vec a, sim_vec b)
{
    return (sim_vec){a.x - b.x, a.y - b.y};
}

static inline sim_vec sim_scale(sim_vec a, double factor)
{
    return (sim_vec){a.x * factor, a.y * factor};
}

/* a + factor * b */
static inline sim_vec sim_along(sim_vec a, double factor, sim_vec b)
{
    return (sim_vec){a.x + factor * b.x, a.y + factor * b.y};
}

static inline double sim_length(sim_vec a)
{
    return sqrt(a.x * a.x + a.y * a.y);
}

static inline double sim_distance(sim_vec a, sim_vec b)
{
    return sim_length(sim_sub(a, b));
}

/* The direction from `from` to `to`, or nothing where they coincide. */
static inline sim_vec sim_direction(sim_vec from, sim_vec to)
{
    double length = sim_distance(from, to);
    return length > 1e-9 ? sim_scale(sim_sub(to, from), 1.0 / length) : (sim_vec){0.0, 0.0};
}

static inline double sim_clip(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static inline double sim_mix(double a, double b, double share_of_b)
{
    return a + (b - a) * share_of_b;
}

static inline int sim_team(int player)
{
    return player < SIM_SIDE ? 0 : 1;
}

static inline int sim_keeper(int team)
{
    return team * SIM_SIDE;
}

/* Pitch frame to the team's frame, and back: a turn by 180 degrees for the away team. */
static inline sim_vec sim_turn(int team, sim_vec a)
{
    return team == 0 ? a : (sim_vec){-a.x, -a.y};
}

/* The centre of the goal that the team attacks, pitch frame. */
static inline sim_vec sim_goal(const sim_match *match, int team)
{
    return sim_turn(team, (sim_vec){match->length / 2.0, 0.0});
}

/* Moves a point to at least margin metres inside the lines (outside for a negative margin). */
static inline sim_vec sim_inside(const sim_match *match, sim_vec a, double margin)
{
    double x = match->length / 2.0 - margin, y = match->width / 2.0 - margin;
    return (sim_vec){sim_clip(a.x, -x, x), sim_clip(a.y, -y, y)};
}

/* The next number of the match: U[0,1) and N(0,1). Built from raw bits, so float and double builds
 * agree. */
double traj_sim_uniform(sim_match *match);
double traj_sim_normal(sim_match *match);

/* formation.c */

/* Gives everybody a role and puts both teams where they stand at a team's kick-off. */
void traj_sim_line_up(sim_match *match, int kick_off_team);

/* One thought of all players: sets target, pace and hurry. */
void traj_sim_position(sim_match *match);

/* The x beyond which a player of the team is offside, team frame. */
double traj_sim_offside_line(const sim_match *match, int team);

/* The distance from a point to the nearest opponent of the team. */
double traj_sim_room(const sim_match *match, int team, sim_vec where);

/* ballplay.c */

/* Where the ball will be after some seconds if nobody touches it. */
sim_vec traj_sim_ball_after(const sim_ball *ball, double seconds);

/* One thought of the carrier: goes on dribbling, passes, shoots or clears. */
void traj_sim_decide(sim_match *match);

/* Plays the ball from the spot of a restart. */
void traj_sim_kick_restart(sim_match *match, int taker, sim_restart kind);

/* One step of the ball in play: dribbling, rolling, control, tackles. */
void traj_sim_play(sim_match *match);

/* restart.c */

/* Stops play and gives the ball to a team at a spot (pitch frame). */
void traj_sim_award(sim_match *match, sim_restart kind, int team, sim_vec spot);

/* Stops play when the ball has left the pitch. */
void traj_sim_check_lines(sim_match *match);

/* One step of the ball out of play: it is brought to the spot and kicked when all are ready. */
void traj_sim_restart_step(sim_match *match);

#endif
