/* What happens to the ball: how it rolls, who controls it, and what its carrier does with it.
 *
 * The carrier weighs every teammate as a target: the worth of the ball there times the chance that
 * it arrives, less the harm of losing it there. He compares the best with keeping the ball and with
 * a shot; waiting grows dearer. */
#include "simulate_state.h"

#define ROLL_DECELERATION 0.9  /* m/s^2, grass */
#define ROLL_DRAG         0.25 /* 1/s */
#define AIR_DRAG          0.12 /* 1/s */
#define BOUNCE            0.6  /* share of speed kept on landing */
#define MAX_KICK_MPS      27.0
#define REACH_M           0.9
#define KEEPER_REACH_M    2.5 /* for a shot: he dives */
#define TACKLE_REACH_M    1.3
#define TACKLES_PER_S     1.8
/* How a tackle ends: bounds of a number drawn from [0,1). Beyond LOOSE + FOUL the carrier gets
 * past. */
#define WON           0.35
#define LOOSE         0.6
#define FOUL          0.25
#define KICK_PAUSE_S  0.6 /* before the kicker may touch the ball again */
#define INTERCEPT_MPS 5.0
#define SHOT_RANGE_M  27.0
#define THROW_RANGE_M 20.0
#define CLEAR_BELOW   0.50 /* the best pass's score under which a pressed defender clears */
#define SAMPLES       8    /* of a pass's path */

typedef struct pass {
    int receiver;
    sim_vec spot;  /* where he should meet it */
    double flight; /* seconds until it is there */
    bool lofted;
    double score;
} pass;

/* Metres covered after some seconds, and the speed left, under a constant and a linear
 * deceleration: v' = -m - c v, so v = (v0 + m/c) exp(-c t) - m/c until it stands. */
static double rolled(double speed, double seconds, double *left)
{
    double rest = ROLL_DECELERATION / ROLL_DRAG;
    double t = fmin(seconds, log1p(speed / rest) / ROLL_DRAG);
    double decay = exp(-ROLL_DRAG * t);
    *left = fmax((speed + rest) * decay - rest, 0.0);
    return (speed + rest) * (1.0 - decay) / ROLL_DRAG - rest * t;
}

/* The ball moved on by some seconds: first through the air, then along the ground. */
static sim_ball ball_later(const sim_ball *ball, double seconds)
{
    double speed = sim_length(ball->vel), way = 0.0;
    sim_vec heading = sim_scale(ball->vel, speed > 1e-9 ? 1.0 / speed : 0.0);
    double air = fmin(seconds, ball->airborne);
    if (air > 0.0) {
        double decay = exp(-AIR_DRAG * air);
        way = speed * (1.0 - decay) / AIR_DRAG;
        speed *= decay;
        if (seconds >= ball->airborne) speed *= BOUNCE;
    }
    way += rolled(speed, air < seconds ? seconds - air : 0.0, &speed);
    return (sim_ball){.pos = sim_along(ball->pos, way, heading),
                      .vel = sim_scale(heading, speed),
                      .airborne = ball->airborne - air};
}

sim_vec traj_sim_ball_after(const sim_ball *ball, double seconds)
{
    return ball_later(ball, seconds).pos;
}

/* The kick speed that covers a distance in a time: the two laws above, solved for v0. */
static double kick_speed(double distance, double seconds, bool lofted)
{
    double drag = lofted ? AIR_DRAG : ROLL_DRAG;
    double rest = lofted ? 0.0 : ROLL_DECELERATION / ROLL_DRAG;
    double speed = (distance + rest * seconds) * drag / (1.0 - exp(-drag * seconds)) - rest;
    return fmin(speed, MAX_KICK_MPS);
}

static double flight_time(double distance, bool lofted)
{
    return lofted ? 0.5 + distance / 20.0 : 0.4 + distance / 14.5;
}

/* What the ball is worth at a place to the team: more the nearer to the goal, steeply so in front
 * of it. */
static double worth(const sim_match *match, int team, sim_vec where)
{
    double progress = sim_turn(team, where).x / match->length + 0.5;
    return 0.25 + 0.6 * progress + 0.5 * exp(-sim_distance(where, sim_goal(match, team)) / 13.0);
}

/* The chance that no opponent reaches the path before the ball: logistic in the closest one's
 * margin in metres. A lofted ball can only be taken near its end. */
static double safety(const sim_match *match, int team, sim_vec from, const pass *option)
{
    double margin = 20.0;
    for (int k = option->lofted ? SAMPLES - 1 : 1; k <= SAMPLES; k++) {
        double share = (double)k / SAMPLES, t = share * option->flight;
        sim_vec ball = sim_along(from, share, sim_sub(option->spot, from));
        double reach = 0.8 + INTERCEPT_MPS * fmax(t - 0.35, 0.0) * 0.8;
        for (int i = sim_keeper(1 - team); i < sim_keeper(1 - team) + SIM_SIDE; i++) {
            const sim_player *p = &match->player[i];
            sim_vec soon = sim_along(p->pos, fmin(t, 0.4), p->vel);
            margin = fmin(margin, sim_distance(soon, ball) - reach);
        }
    }
    return 1.0 / (1.0 + exp(-0.8 * (margin + 2.2)));
}

/* Where the receiver will be when the ball comes, found by going round twice: the flight depends on
 * the place. */
static void aim(const sim_match *match, sim_vec from, double ahead_m, pass *option)
{
    const sim_player *p = &match->player[option->receiver];
    sim_vec ahead = sim_direction(p->pos, sim_goal(match, sim_team(option->receiver)));
    option->spot = p->pos;
    for (int round = 0; round < 2; round++) {
        option->flight = flight_time(sim_distance(from, option->spot), option->lofted);
        sim_vec spot = sim_along(p->pos, 0.75 * option->flight, p->vel);
        option->spot = sim_inside(match, sim_along(spot, ahead_m, ahead), 1.0);
    }
    option->flight = flight_time(sim_distance(from, option->spot), option->lofted);
}

static void rate_pass(sim_match *match, int from, double range, pass *option)
{
    int team = sim_team(from);
    sim_vec start = match->ball.pos;
    double distance = sim_distance(start, option->spot);
    option->score = -1.0;
    if (distance < 5.0 || distance > (option->lofted ? 55.0 : 34.0) || distance > range) return;
    if (option->lofted && distance < 20.0) return;
    double chance = safety(match, team, start, option) * (option->lofted ? 0.93 : 1.0);
    double room = fmin(traj_sim_room(match, team, option->spot), 8.0) / 8.0;
    double gain = worth(match, team, option->spot) + 0.12 * room;
    double harm = worth(match, 1 - team, option->spot);
    option->score = chance * gain - (1.0 - chance) * harm + 0.035 * traj_sim_normal(match);
}

/* The best of all passes to feet, into space and through the air. */
static pass best_pass(sim_match *match, int from, double range)
{
    pass best = {.receiver = SIM_NOBODY, .score = -1.0};
    int team = sim_team(from);
    double line = traj_sim_offside_line(match, team);
    for (int i = sim_keeper(team); i < sim_keeper(team) + SIM_SIDE; i++) {
        const sim_player *p = &match->player[i];
        if (i == from || sim_turn(team, p->pos).x > line) continue;
        for (int way = 0; way < 3; way++) {
            pass option = {.receiver = i, .lofted = way == 2};
            bool running = match->time < p->run_until;
            if (way == 1 && !running) continue;
            aim(match, match->ball.pos, way == 1 ? 6.0 : way == 2 && running ? 3.0 : 0.0, &option);
            rate_pass(match, from, range, &option);
            if (option.score > best.score) best = option;
        }
    }
    return best;
}

/* The ball leaves the kicker's foot, a little off in direction and strength. */
static void kick(sim_match *match, int from, sim_vec towards, double speed, double spread)
{
    sim_vec heading = sim_direction(match->ball.pos, towards);
    double off = spread * traj_sim_normal(match);
    double force = sim_clip(1.0 + 0.05 * traj_sim_normal(match), 0.85, 1.15);
    sim_vec turned = {heading.x * cos(off) - heading.y * sin(off),
                      heading.x * sin(off) + heading.y * cos(off)};
    match->ball.vel = sim_scale(turned, fmin(speed * force, 29.0));
    match->player[from].no_touch_until = match->time + KICK_PAUSE_S;
    match->last_touch = from;
    match->carrier = match->receiver = SIM_NOBODY;
}

static void play_pass(sim_match *match, int from, const pass *option)
{
    double distance = sim_distance(match->ball.pos, option->spot);
    double speed = kick_speed(distance, option->flight, option->lofted);
    kick(match, from, option->spot, speed, option->lofted ? 0.07 : 0.055);
    match->ball.airborne = option->lofted ? option->flight : 0.0;
    match->receiver = option->receiver;
}

static void shoot(sim_match *match, int from)
{
    sim_vec goal = sim_goal(match, sim_team(from));
    goal.y += traj_sim_uniform(match) < 0.5 ? -2.6 : 2.6;
    kick(match, from, goal, 20.0 + 6.0 * traj_sim_uniform(match), 0.16);
    match->shot = true;
}

/* High and far up the pitch, towards the nearer touchline. */
static void clear(sim_match *match, int from)
{
    int team = sim_team(from);
    sim_vec at = sim_turn(team, match->ball.pos);
    sim_vec to = {at.x + 35.0, at.y + (at.y >= 0.0 ? 9.0 : -9.0)};
    double flight = flight_time(35.0, true);
    kick(match, from, sim_turn(team, to), kick_speed(35.0, flight, true), 0.2);
    match->ball.airborne = flight;
}

/* The chance of scoring from here, roughly: near, central, not blocked. */
static double shot_chance(const sim_match *match, int from)
{
    sim_vec at = sim_turn(sim_team(from), match->ball.pos);
    sim_vec goal = {match->length / 2.0, 0.0};
    double distance = sim_distance(at, goal);
    if (distance > SHOT_RANGE_M) return 0.0;
    double central = (goal.x - at.x) / fmax(distance, 0.5);
    return 0.55 * exp(-distance / 13.0) * central;
}

/* Goes where the ball is worth most with the most room, without turning on the spot. */
static void choose_heading(sim_match *match)
{
    const sim_player *p = &match->player[match->carrier];
    int team = sim_team(match->carrier);
    double best_score = -INFINITY, best = match->dribble_heading;
    for (int k = 0; k < 16; k++) {
        double angle = SIM_FULL_TURN * k / 16.0;
        sim_vec heading = {cos(angle), sin(angle)};
        sim_vec there = sim_along(p->pos, 5.0, heading);
        sim_vec inside = sim_inside(match, there, 2.0);
        double score = 3.0 * worth(match, team, there) - sim_distance(there, inside);
        score -= 0.8 * exp(-traj_sim_room(match, team, there) / 3.5);
        score -= 0.6 * exp(-traj_sim_room(match, team, sim_along(p->pos, 2.0, heading)) / 1.5);
        score += 0.03 * (heading.x * p->vel.x + heading.y * p->vel.y);
        if (score <= best_score) continue;
        best_score = score;
        best = angle;
    }
    match->dribble_heading = best;
}

/* What keeping the ball is worth: less with an opponent near, less the longer it lasts. */
static double worth_keeping(const sim_match *match, int team, double held)
{
    double pressure = exp(-traj_sim_room(match, team, match->ball.pos) / 2.5);
    return worth(match, team, match->ball.pos) * (1.0 - 0.7 * pressure) + 0.34 - 0.10 * held;
}

void traj_sim_decide(sim_match *match)
{
    int from = match->carrier;
    if (from == SIM_NOBODY) return;
    double held = match->time - match->carried_from;
    if (fmod(held, 0.4) < SIM_THOUGHT_S) choose_heading(match);
    if (held < (match->player[from].role == SIM_KEEPER ? 1.5 : 0.4)) return;
    int team = sim_team(from);
    pass best = best_pass(match, from, INFINITY);
    double keep = worth_keeping(match, team, held);
    double shot = shot_chance(match, from) * 5.5 + 0.1 * traj_sim_normal(match);
    bool deep = sim_turn(team, match->ball.pos).x < -0.25 * match->length;
    bool pressed = traj_sim_room(match, team, match->ball.pos) < 2.0;
    if (shot > fmax(best.score, keep))
        shoot(match, from);
    else if (deep && pressed && best.score < CLEAR_BELOW)
        clear(match, from);
    else if (best.score > keep)
        play_pass(match, from, &best);
}

void traj_sim_kick_restart(sim_match *match, int taker, sim_restart kind)
{
    double range = kind == SIM_THROW_IN ? THROW_RANGE_M : kind == SIM_KICK_OFF ? 25.0 : INFINITY;
    pass best = best_pass(match, taker, range);
    if (best.receiver == SIM_NOBODY) /* nobody in range: a short ball inwards */
        kick(match, taker, (sim_vec){0.0, 0.0}, 8.0, 0.3);
    else
        play_pass(match, taker, &best);
}

static void take_ball(sim_match *match, int player)
{
    int team = sim_team(player);
    if (team != match->possession) match->won_at = match->time;
    match->possession = team;
    match->carrier = match->last_touch = player;
    match->receiver = SIM_NOBODY;
    match->shot = false;
    match->carried_from = match->time;
    const sim_player *p = &match->player[player];
    match->dribble_heading = atan2(p->vel.y, p->vel.x);
    choose_heading(match);
}

/* Where a goalkeeper turns a shot that he cannot hold: past the nearer post. */
static sim_vec aside(const sim_match *match, int team)
{
    sim_vec post = sim_goal(match, 1 - team);
    post.y += match->ball.pos.y >= 0.0 ? SIM_GOAL_HALF_WIDTH_M + 2.0 : -SIM_GOAL_HALF_WIDTH_M - 2.0;
    return sim_direction(match->ball.pos, post);
}

/* The ball jumps off a body: slower, in a new direction. */
static void deflect(sim_match *match, int player, double keep_speed)
{
    double angle = SIM_FULL_TURN * traj_sim_uniform(match);
    double speed = keep_speed * sim_length(match->ball.vel);
    sim_vec jump = {cos(angle), sin(angle)};
    if (match->shot && match->player[player].role == SIM_KEEPER)
        jump = aside(match, sim_team(player));
    match->ball.vel = sim_scale(jump, sim_clip(speed, 3.0, 12.0));
    match->last_touch = player;
    match->receiver = SIM_NOBODY;
    match->shot = false;
}

/* How likely a player controls a ball he can touch: the receiver nearly always, others less the
 * faster it is. */
static double control_chance(const sim_match *match, int player)
{
    double speed = sim_distance(match->ball.vel, match->player[player].vel);
    if (match->player[player].role == SIM_KEEPER) return match->shot ? 0.6 : 0.98;
    if (player == match->receiver) return sim_clip(1.3 - speed / 40.0, 0.0, 0.97);
    return sim_clip(1.0 - speed / 28.0, 0.1, 0.95);
}

/* The free ball meets the nearest player in reach: he controls it, or it jumps off him or passes
 * him. */
static void touch_free_ball(sim_match *match)
{
    if (match->ball.airborne > 0.0) return;
    int nearest = SIM_NOBODY;
    double least = INFINITY;
    for (int i = 0; i < SIM_PLAYERS; i++) {
        const sim_player *p = &match->player[i];
        double reach = p->role == SIM_KEEPER && match->shot ? KEEPER_REACH_M : REACH_M;
        double distance = sim_distance(p->pos, match->ball.pos);
        if (distance > reach || distance >= least || p->no_touch_until > match->time) continue;
        nearest = i;
        least = distance;
    }
    if (nearest == SIM_NOBODY) return;
    double dice = traj_sim_uniform(match), chance = control_chance(match, nearest);
    match->player[nearest].no_touch_until = match->time + 0.5;
    if (dice < chance)
        take_ball(match, nearest);
    else if (dice < 0.5 * (1.0 + chance))
        deflect(match, nearest, 0.5);
}

/* The ball runs ahead of the carrier's feet, further out and back in with every touch. */
static void carry_ball(sim_match *match)
{
    const sim_player *p = &match->player[match->carrier];
    sim_ball *ball = &match->ball;
    double speed = sim_length(p->vel);
    sim_vec ahead = speed > 0.3
                        ? sim_scale(p->vel, 1.0 / speed)
                        : (sim_vec){cos(match->dribble_heading), sin(match->dribble_heading)};
    double beat = sin(7.0 * (match->time - match->carried_from));
    sim_vec want = sim_along(p->pos, 0.5 + 0.1 * speed + 0.06 * speed * beat, ahead);
    sim_vec vel = sim_along(p->vel, 5.0, sim_sub(want, ball->pos));
    ball->vel = sim_along(ball->vel, SIM_STEP_S / 0.08, sim_sub(vel, ball->vel));
    ball->pos = sim_along(ball->pos, SIM_STEP_S, ball->vel);
}

/* A free kick where the ball is, unless that is as deep as the penalty areas: there play goes on.
 */
static void foul(sim_match *match)
{
    int team = sim_team(match->carrier);
    if (fabs(match->ball.pos.x) > match->length / 2.0 - SIM_BOX_DEPTH_M) return;
    traj_sim_award(match, SIM_FREE_KICK, team, sim_inside(match, match->ball.pos, 0.5));
}

/* An opponent in reach of the ball tries to win it: he takes it, knocks it loose, fouls, or is
 * beaten for a moment. */
static void tackle(sim_match *match)
{
    int team = 1 - sim_team(match->carrier);
    for (int i = sim_keeper(team); i < sim_keeper(team) + SIM_SIDE; i++) {
        sim_player *p = &match->player[i];
        bool keeper = p->role == SIM_KEEPER; /* uses his hands and his whole length */
        bool able = p->no_touch_until <= match->time &&
                    sim_distance(p->pos, match->ball.pos) <
                        (keeper ? KEEPER_REACH_M : TACKLE_REACH_M);
        double rate = TACKLES_PER_S * (keeper ? 2.0 : 1.0);
        if (!able || traj_sim_uniform(match) > rate * SIM_STEP_S) continue;
        double dice = traj_sim_uniform(match);
        p->no_touch_until = match->time + 0.9;
        if (dice > LOOSE + FOUL) continue;
        if (dice > LOOSE) {
            foul(match);
            return;
        }
        match->player[match->carrier].no_touch_until = match->time + 0.8;
        match->carrier = SIM_NOBODY;
        if (dice < WON) {
            take_ball(match, i);
        } else {
            match->ball.vel = sim_scale(match->ball.vel, 2.0);
            deflect(match, i, 1.0);
        }
        return;
    }
}

void traj_sim_play(sim_match *match)
{
    if (match->carrier != SIM_NOBODY) {
        carry_ball(match);
        tackle(match);
    } else {
        match->ball = ball_later(&match->ball, SIM_STEP_S);
        touch_free_ball(match);
    }
}
