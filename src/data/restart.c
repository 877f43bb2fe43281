/* While the ball is out of play: who restarts, where and when. */
#include "simulate_state.h"

#define BOARDS_M 1.4  /* behind the lines: the ball goes no further */
#define LATE_S   25.0 /* nobody waits longer for stragglers */

/* Shortest pause, and how long it varies, in seconds. */
static const double pause_s[][2] = {[SIM_KICK_OFF] = {16.0, 4.0},
                                    [SIM_THROW_IN] = {5.0, 5.0},
                                    [SIM_GOAL_KICK] = {9.0, 6.0},
                                    [SIM_CORNER] = {11.0, 6.0},
                                    [SIM_FREE_KICK] = {8.0, 8.0}};

/* Who may take which restart: goal kicks the goalkeeper, corners no central defender, kick-offs a
 * forward. */
static bool may_take(sim_restart kind, sim_role role)
{
    if (kind == SIM_GOAL_KICK) return role == SIM_KEEPER;
    if (kind == SIM_KICK_OFF) return role == SIM_FORWARD;
    if (kind == SIM_CORNER) return role == SIM_WINGER || role == SIM_MIDFIELDER;
    return role != SIM_KEEPER;
}

static int nearest_taker(const sim_match *match, sim_restart kind, int team, sim_vec spot)
{
    int taker = SIM_NOBODY;
    double nearest = INFINITY;
    for (int i = sim_keeper(team); i < sim_keeper(team) + SIM_SIDE; i++) {
        double distance = sim_distance(match->player[i].pos, spot);
        if (!may_take(kind, match->player[i].role) || distance >= nearest) continue;
        taker = i;
        nearest = distance;
    }
    return taker;
}

void traj_sim_award(sim_match *match, sim_restart kind, int team, sim_vec spot)
{
    match->restart = kind;
    match->spot = spot;
    match->taker = nearest_taker(match, kind, team, spot);
    match->possession = team;
    match->carrier = match->receiver = SIM_NOBODY;
    match->shot = false;
    match->ball.airborne = 0.0;
    match->ready_at = match->time + pause_s[kind][0] + pause_s[kind][1] * traj_sim_uniform(match);
    for (int i = 0; i < SIM_PLAYERS; i++) match->player[i].run_until = match->time;
}

/* Over the goal line of `side` (the team that defends it): goal, corner or goal kick. */
static void over_goal_line(sim_match *match, int side)
{
    sim_vec ball = match->ball.pos, goal = sim_goal(match, 1 - side);
    double flank = ball.y >= 0.0 ? 1.0 : -1.0;
    double out_x = goal.x > 0.0 ? 1.0 : -1.0;
    if (fabs(ball.y) < SIM_GOAL_HALF_WIDTH_M && match->ball.airborne <= 0.0) {
        traj_sim_award(match, SIM_KICK_OFF, side, (sim_vec){0.0, 0.0});
    } else if (sim_team(match->last_touch) == side) {
        sim_vec flag = {goal.x - 0.3 * out_x, flank * (match->width / 2.0 - 0.3)};
        traj_sim_award(match, SIM_CORNER, 1 - side, flag);
    } else {
        sim_vec six_yards = {goal.x - 5.5 * out_x, flank * 6.0};
        traj_sim_award(match, SIM_GOAL_KICK, side, six_yards);
    }
}

void traj_sim_check_lines(sim_match *match)
{
    sim_vec ball = match->ball.pos;
    if (fabs(ball.x) > match->length / 2.0)
        over_goal_line(match, ball.x > 0.0 ? 1 : 0);
    else if (fabs(ball.y) > match->width / 2.0)
        traj_sim_award(match, SIM_THROW_IN, 1 - sim_team(match->last_touch),
                       sim_inside(match, ball, 0.0));
}

/* It rolls out against the boards, then is brought to the spot at a ball boy's pace. */
static void bring_ball(sim_match *match)
{
    sim_ball *ball = &match->ball;
    sim_vec way = sim_sub(match->spot, ball->pos);
    double distance = sim_length(way), speed = fmin(1.2 * distance, 9.0);
    sim_vec want = sim_scale(sim_direction(ball->pos, match->spot), speed);
    ball->vel = sim_along(ball->vel, SIM_STEP_S / 0.5, sim_sub(want, ball->vel));
    ball->pos = sim_along(ball->pos, SIM_STEP_S, ball->vel);
    sim_vec inside = sim_inside(match, ball->pos, -BOARDS_M);
    if (inside.x != ball->pos.x) ball->vel.x = 0.0;
    if (inside.y != ball->pos.y) ball->vel.y = 0.0;
    ball->pos = inside;
}

/* For a kick-off all must be back on their own halves. */
static bool all_in_place(const sim_match *match)
{
    if (match->restart != SIM_KICK_OFF) return true;
    for (int i = 0; i < SIM_PLAYERS; i++)
        if (i != match->taker && sim_turn(sim_team(i), match->player[i].pos).x > 1.0) return false;
    return true;
}

void traj_sim_restart_step(sim_match *match)
{
    bring_ball(match);
    bool taker_there = sim_distance(match->player[match->taker].pos, match->spot) < 1.2;
    bool ball_there = sim_distance(match->ball.pos, match->spot) < 0.3;
    bool patience = match->time < match->ready_at + LATE_S;
    if (match->time < match->ready_at || !taker_there || !ball_there) return;
    if (patience && !all_in_place(match)) return;
    sim_restart kind = match->restart;
    match->restart = SIM_IN_PLAY;
    match->won_at = match->time - 60.0; /* a restart is no transition: nobody hurries */
    traj_sim_kick_restart(match, match->taker, kind);
}
