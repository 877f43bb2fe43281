/* Where players want to be: the formation's shape, marking, pressing, support, runs, goalkeepers.
 *
 * Each team is a rectangle of slots whose centre follows the ball, which is longer and wider in
 * possession; the individual tasks (chase, press, cover, mark, run) then pull single players out of
 * it. */
#include "simulate_state.h"

typedef struct slot {
    sim_role role;
    double depth, flank;
} slot;

static const slot formations[2][SIM_SIDE] = {{/* home: 4-4-2 */
                                              {SIM_KEEPER, -1.0, 0.0},
                                              {SIM_FULL_BACK, -0.85, 0.8},
                                              {SIM_CENTRE_BACK, -1.0, 0.27},
                                              {SIM_CENTRE_BACK, -1.0, -0.27},
                                              {SIM_FULL_BACK, -0.85, -0.8},
                                              {SIM_WINGER, 0.1, 0.95},
                                              {SIM_MIDFIELDER, -0.2, 0.28},
                                              {SIM_MIDFIELDER, 0.0, -0.28},
                                              {SIM_WINGER, 0.1, -0.95},
                                              {SIM_FORWARD, 1.0, 0.2},
                                              {SIM_FORWARD, 0.75, -0.25}},
                                             {/* away: 4-3-3 */
                                              {SIM_KEEPER, -1.0, 0.0},
                                              {SIM_FULL_BACK, -0.85, 0.85},
                                              {SIM_CENTRE_BACK, -1.0, 0.27},
                                              {SIM_CENTRE_BACK, -1.0, -0.27},
                                              {SIM_FULL_BACK, -0.85, -0.85},
                                              {SIM_MIDFIELDER, -0.35, 0.0},
                                              {SIM_MIDFIELDER, 0.1, 0.42},
                                              {SIM_MIDFIELDER, 0.1, -0.42},
                                              {SIM_WINGER, 0.75, 0.95},
                                              {SIM_FORWARD, 1.0, 0.0},
                                              {SIM_WINGER, 0.75, -0.95}}};

/* Runs into space a second, while the own team attacks. */
static const double run_rate[] = {
    [SIM_KEEPER] = 0.0,      [SIM_CENTRE_BACK] = 0.002, [SIM_FULL_BACK] = 0.04,
    [SIM_MIDFIELDER] = 0.04, [SIM_WINGER] = 0.08,       [SIM_FORWARD] = 0.10};

#define WALK_MPS        0.8
#define PRESS_MPS       6.8
#define SPRINT_MPS      8.0
#define REACTION_S      0.25 /* before a player turns towards a new aim */
#define CHASE_MPS       6.0  /* his mean speed over a chase, for estimates */
#define LOOKAHEAD_S     4.0  /* of a free ball */
#define DRIFT_EVERY_S   4.0  /* between changes of the preferred place around a slot */
#define DRIFT_S         1.5  /* time constant of going there */
#define DRIFT_M         1.5  /* standard deviation of the place, per axis */
#define TRANSITION_S    5.0  /* after the ball changed teams */
#define MARKING_REACH_M 11.0
#define PRESS_LOYALTY_M 2.0 /* how much nearer another must be to take over the pressing */
#define LOYALTY_M       3.0 /* how much further the opponent he already marks may be */
#define GOAL_SIDE_M     1.8
#define FREE_KICK_M     9.15 /* opponents of a kick-off, corner or free kick stay so far away */

double traj_sim_offside_line(const sim_match *match, int team)
{
    double last = -match->length, second = -match->length;
    for (int k = 0; k < SIM_SIDE; k++) {
        double x = sim_turn(team, match->player[sim_keeper(1 - team) + k].pos).x;
        second = fmax(second, fmin(x, last));
        last = fmax(last, x);
    }
    return fmax(fmax(second, sim_turn(team, match->ball.pos).x), 0.0);
}

double traj_sim_room(const sim_match *match, int team, sim_vec where)
{
    double nearest = match->length;
    for (int k = 0; k < SIM_SIDE; k++)
        nearest = fmin(nearest, sim_distance(where, match->player[sim_keeper(1 - team) + k].pos));
    return nearest;
}

/* The player's place in the shape, team frame: the rectangle's centre follows half of the ball's x
 * and 0.43 of its y (both measured on a real match); it unfolds with poise. */
static sim_vec slot_place(const sim_match *match, int team, const sim_player *p)
{
    double poise = match->poise[team], scale = match->length / 105.0;
    sim_vec focus = sim_turn(team, match->focus);
    double half_length = sim_mix(13.5, 17.5, poise) * scale;
    double half_width = sim_mix(17.5, 28.5, poise) * match->width / 68.0;
    double centre = 0.51 * focus.x + sim_mix(-5.5, 0.5, poise) * scale;
    sim_vec place = {centre + half_length * p->depth, 0.48 * focus.y + half_width * p->flank};
    place.x = sim_clip(place.x, -match->length / 2.0 + 6.0, match->length / 2.0 - 5.0);
    return place;
}

/* A slow wandering, so that nobody ever stands frozen on a computed point: the place he prefers
 * jumps now and then, the drift follows it smoothly. */
static void drift(sim_match *match, sim_player *p)
{
    if (traj_sim_uniform(match) < SIM_THOUGHT_S / DRIFT_EVERY_S) {
        p->drift_to.x = DRIFT_M * traj_sim_normal(match);
        p->drift_to.y = DRIFT_M * traj_sim_normal(match);
    }
    p->drift = sim_along(p->drift, SIM_THOUGHT_S / DRIFT_S, sim_sub(p->drift_to, p->drift));
}

/* How fast one goes to a place in the shape: the further, the faster; faster still when the ball
 * has just been won or lost, unhurried while it is out of play. */
static double pace_to(const sim_match *match, const sim_player *p)
{
    double distance = sim_distance(p->pos, p->target);
    if (match->restart != SIM_IN_PLAY) return sim_clip(0.5 + 0.14 * distance, 0.5, 4.5);
    double urgency = match->time - match->won_at < TRANSITION_S ? 1.25 : 1.0;
    return sim_clip(urgency * (WALK_MPS + 0.24 * distance), 0.0, 7.0);
}

/* First moment at which the player could be where the ball will be. */
static void foresee(const sim_match *match, sim_player *p)
{
    sim_vec from = sim_along(p->pos, REACTION_S, p->vel);
    for (double t = 0.0; t <= LOOKAHEAD_S; t += SIM_THOUGHT_S) {
        sim_vec ball = traj_sim_ball_after(&match->ball, t);
        p->meets_after = t;
        p->meets_at = ball;
        if (t < match->ball.airborne) continue;
        if (sim_distance(from, ball) < 0.5 + CHASE_MPS * fmax(t - REACTION_S, 0.0)) return;
    }
    p->meets_after += sim_distance(from, p->meets_at) / CHASE_MPS;
}

/* The team's player who meets the free ball first; its goalkeeper only in his box. */
static int first_to_ball(const sim_match *match, int team)
{
    int first = SIM_NOBODY;
    for (int i = sim_keeper(team); i < sim_keeper(team) + SIM_SIDE; i++) {
        const sim_player *p = &match->player[i];
        sim_vec at = sim_turn(team, p->meets_at);
        bool in_box = at.x < -match->length / 2.0 + SIM_BOX_DEPTH_M &&
                      fabs(at.y) < SIM_BOX_HALF_WIDTH_M;
        if (p->role == SIM_KEEPER && !in_box) continue;
        if (first == SIM_NOBODY || p->meets_after < match->player[first].meets_after) first = i;
    }
    return first;
}

static void send_to_ball(const sim_match *match, sim_player *p)
{
    p->target = sim_inside(match, p->meets_at, -0.5);
    p->pace = SPRINT_MPS;
    p->hurry = true;
}

/* A free ball: the receiver and the first of each team go for it. Opponents of a pass under way
 * contest it only if they come in time; otherwise the nearest closes the receiver down. */
static void chase(sim_match *match)
{
    for (int i = 0; i < SIM_PLAYERS; i++) foresee(match, &match->player[i]);
    for (int team = 0; team < 2; team++) {
        int first = first_to_ball(match, team);
        int receiver = match->receiver;
        sim_player *p = &match->player[first];
        match->presser[team] = first;
        if (receiver == SIM_NOBODY || match->shot) {
            send_to_ball(match, p);
        } else if (sim_team(receiver) == team) {
            send_to_ball(match, &match->player[receiver]);
        } else if (p->meets_after < match->player[receiver].meets_after + 0.4) {
            send_to_ball(match, p);
        } else {
            sim_vec at = match->player[receiver].meets_at;
            p->target = sim_along(at, GOAL_SIDE_M, sim_direction(at, sim_goal(match, 1 - team)));
            p->pace = PRESS_MPS;
        }
    }
}

/* The defender who goes for the carrier stays with it unless another is clearly nearer. */
static int choose_presser(const sim_match *match, int team, sim_vec carrier)
{
    int best = match->presser[team];
    bool able = best != SIM_NOBODY && match->player[best].role != SIM_KEEPER &&
                match->player[best].no_touch_until <= match->time;
    if (!able) best = SIM_NOBODY;
    double best_distance = able ? sim_distance(match->player[best].pos, carrier) - PRESS_LOYALTY_M
                                : INFINITY;
    for (int i = sim_keeper(team) + 1; i < sim_keeper(team) + SIM_SIDE; i++) {
        double distance = sim_distance(match->player[i].pos, carrier);
        if (match->player[i].no_touch_until > match->time || distance >= best_distance) continue;
        best = i;
        best_distance = distance;
    }
    return best;
}

/* The nearest defender presses, goal-side; deep in the carrier's own half he only keeps him
 * company, unless the ball has just been lost. */
static void press(sim_match *match, int team)
{
    const sim_player *carrier = &match->player[match->carrier];
    sim_vec ahead = sim_along(carrier->pos, 0.35, carrier->vel);
    int presser = choose_presser(match, team, ahead);
    if (presser == SIM_NOBODY) return;
    match->presser[team] = presser;
    sim_player *p = &match->player[presser];
    bool high = sim_turn(team, carrier->pos).x > 0.22 * match->length;
    bool fresh = match->time - match->won_at < TRANSITION_S;
    double distance = carrier->role == SIM_KEEPER ? 9.0 : high && !fresh ? 4.5 : 0.7;
    sim_vec goal = sim_goal(match, 1 - team);
    p->target = sim_along(ahead, distance, sim_direction(ahead, goal));
    p->pace = high && !fresh ? 4.5 : PRESS_MPS;
    p->hurry = distance < 1.0 && sim_distance(p->pos, p->target) > 2.0;
}

/* The goal-side point from which a defender watches an opponent, and how much it counts against his
 * slot: much near the own goal, little far from it. */
static double watch(const sim_match *match, int team, int opponent, sim_vec *from)
{
    sim_vec goal = sim_goal(match, 1 - team), pos = match->player[opponent].pos;
    sim_vec point = sim_along(pos, GOAL_SIDE_M, sim_direction(pos, goal));
    *from = sim_along(point, 0.7, sim_direction(pos, match->ball.pos));
    return sim_clip(0.95 - 0.011 * sim_distance(pos, goal), 0.25, 0.85);
}

/* Marking: every defender takes the nearest opponent to his slot whom nobody watches yet. */
static void mark(sim_match *match, int team)
{
    bool watched[SIM_PLAYERS] = {false};
    for (int i = sim_keeper(team) + 1; i < sim_keeper(team) + SIM_SIDE; i++) {
        sim_player *p = &match->player[i];
        int chosen = SIM_NOBODY;
        double nearest = MARKING_REACH_M;
        for (int j = sim_keeper(1 - team) + 1; j < sim_keeper(1 - team) + SIM_SIDE; j++) {
            double distance = sim_distance(p->target, match->player[j].pos);
            if (j == p->watching) distance -= LOYALTY_M;
            if (watched[j] || j == match->carrier || distance >= nearest) continue;
            chosen = j;
            nearest = distance;
        }
        p->watching = chosen;
        if (chosen == SIM_NOBODY) continue;
        watched[chosen] = true;
        sim_vec from;
        double weight = watch(match, team, chosen, &from);
        p->target = sim_along(p->target, weight, sim_sub(from, p->target));
    }
}

/* Now and then an attacker starts a run: forwards and wingers behind the last line, full-backs past
 * their winger along the touchline, midfielders into the gap in front of them. */
static void start_run(sim_match *match, int team, sim_player *p)
{
    double dice = traj_sim_uniform(match);
    if (match->poise[team] < 0.5 || p->run_until > match->time - 4.0) return;
    if (dice > run_rate[p->role] * SIM_THOUGHT_S) return;
    sim_vec at = sim_turn(team, p->pos), focus = sim_turn(team, match->focus);
    if (p->role == SIM_FULL_BACK && at.y * focus.y < 0.0) return;
    double reach = 12.0 + 10.0 * traj_sim_uniform(match);
    double inward = p->role == SIM_FULL_BACK ? 0.1 : -0.35;
    sim_vec to = {at.x + reach, at.y * (1.0 + inward) + 3.0 * traj_sim_normal(match)};
    p->run_to = sim_inside(match, sim_turn(team, to), 2.0);
    p->run_until = match->time + 2.0 + 2.0 * traj_sim_uniform(match);
}

/* Attackers move away from the opponent who is closest, and run; none beyond the offside line. */
static void support(sim_match *match, int team)
{
    double line = traj_sim_offside_line(match, team) - 0.7;
    for (int i = sim_keeper(team) + 1; i < sim_keeper(team) + SIM_SIDE; i++) {
        sim_player *p = &match->player[i];
        start_run(match, team, p);
        double room = traj_sim_room(match, team, p->target);
        if (match->time < p->run_until) {
            p->target = p->run_to;
            p->pace = p->top_speed - 0.8;
        } else if (room < 5.0) {
            sim_vec side = {0.0, p->flank >= 0.0 ? 1.0 : -1.0};
            p->target = sim_along(p->target, 0.6 * (5.0 - room), sim_turn(team, side));
        }
        sim_vec target = sim_turn(team, p->target);
        target.x = fmin(target.x, line);
        p->target = sim_turn(team, target);
    }
}

/* A shot: the shortest way into its path. */
static void dive(const sim_match *match, sim_player *p)
{
    sim_vec heading = sim_direction((sim_vec){0.0, 0.0}, match->ball.vel);
    sim_vec gap = sim_sub(p->pos, match->ball.pos);
    double along = fmax(gap.x * heading.x + gap.y * heading.y, 0.0);
    p->target = sim_along(match->ball.pos, along, heading);
    p->pace = SPRINT_MPS;
    p->hurry = true;
}

/* The goalkeeper stands on the line from the ball to the goal's centre, further out the further the
 * ball is. */
static void keep_goal(sim_match *match, int team)
{
    sim_player *p = &match->player[sim_keeper(team)];
    sim_vec goal = sim_goal(match, 1 - team);
    sim_vec ball = sim_along(match->focus, 0.6, sim_sub(match->ball.pos, match->focus));
    double distance = sim_distance(goal, ball);
    double out = sim_clip(0.24 * distance - 0.8, 1.5, 20.0);
    sim_vec place = sim_along(goal, fmin(out, distance), sim_direction(goal, ball));
    place.y = sim_clip(place.y, -9.0, 9.0);
    p->target = sim_along(place, 0.35, p->drift);
    p->pace = sim_clip(0.5 + 0.5 * sim_distance(p->pos, p->target), 0.0, 6.0);
    if (match->shot && sim_team(match->last_touch) != team) dive(match, p);
}

/* Before a kick-off everybody stays on his half, opponents outside the circle. */
static void wait_for_kick_off(sim_match *match, int team, sim_player *p)
{
    sim_vec target = sim_turn(team, p->target);
    target.x = fmin(target.x - 2.0, -1.0);
    double distance = sim_length(target);
    if (team != match->possession && distance < FREE_KICK_M + 0.5)
        target = sim_scale(target, (FREE_KICK_M + 0.5) / distance);
    p->target = sim_turn(team, target);
}

/* Before a corner the tall ones and the forwards go into the box, and their markers with them. */
static void wait_for_corner(sim_match *match, sim_player *p)
{
    if (p->role == SIM_FULL_BACK || p->role == SIM_MIDFIELDER) return;
    sim_vec goal = sim_goal(match, match->possession);
    sim_vec inward = sim_direction(goal, (sim_vec){0.0, 0.0});
    p->target = sim_along(goal, 9.0 + 3.0 * p->depth, inward);
    p->target = sim_add(p->target, sim_turn(match->possession, (sim_vec){0.0, 7.0 * p->flank}));
}

/* The shape of one team before its tasks, pitch frame. */
static void take_shape(sim_match *match, int team)
{
    for (int i = sim_keeper(team); i < sim_keeper(team) + SIM_SIDE; i++) {
        sim_player *p = &match->player[i];
        drift(match, p);
        p->target = sim_add(sim_turn(team, slot_place(match, team, p)), p->drift);
        p->hurry = false;
        if (match->restart == SIM_KICK_OFF) wait_for_kick_off(match, team, p);
        if (match->restart == SIM_CORNER && team == match->possession) wait_for_corner(match, p);
    }
}

static void set_paces(sim_match *match)
{
    for (int i = 0; i < SIM_PLAYERS; i++) match->player[i].pace = pace_to(match, &match->player[i]);
}

static void dribble(sim_match *match)
{
    sim_player *p = &match->player[match->carrier];
    sim_vec heading = {cos(match->dribble_heading), sin(match->dribble_heading)};
    double room = traj_sim_room(match, sim_team(match->carrier), sim_along(p->pos, 3.0, heading));
    p->target = sim_along(p->pos, 6.0, heading);
    p->pace = p->role == SIM_KEEPER ? 1.0 : sim_clip(1.8 + 0.45 * room, 2.0, 6.0);
    p->hurry = true;
}

/* The taker goes behind the ball, the others give him room. */
static void wait_for_restart(sim_match *match)
{
    sim_player *taker = &match->player[match->taker];
    sim_vec outward = match->restart == SIM_KICK_OFF
                          ? sim_turn(match->possession, (sim_vec){-1.0, 0.0})
                          : sim_direction((sim_vec){0.0, 0.0}, match->spot);
    taker->target = sim_along(match->spot, 0.5, outward);
    taker->pace = sim_clip(1.2 + 0.2 * sim_distance(taker->pos, taker->target), 0.0, 5.0);
    for (int i = 0; i < SIM_PLAYERS; i++) {
        sim_player *p = &match->player[i];
        double distance = sim_distance(p->target, match->spot);
        bool close = sim_team(i) == match->possession || match->restart == SIM_THROW_IN;
        double room = close ? 3.0 : FREE_KICK_M;
        if (i != match->taker && p->role != SIM_KEEPER && distance < room)
            p->target =
                sim_along(p->target, room - distance, sim_direction(match->spot, p->target));
    }
}

void traj_sim_position(sim_match *match)
{
    for (int team = 0; team < 2; team++) take_shape(match, team);
    if (match->restart != SIM_KICK_OFF) mark(match, 1 - match->possession);
    set_paces(match);
    for (int team = 0; team < 2; team++) keep_goal(match, team);
    if (match->restart != SIM_IN_PLAY) {
        wait_for_restart(match);
    } else {
        support(match, match->possession);
        if (match->carrier == SIM_NOBODY) {
            chase(match);
        } else {
            press(match, 1 - match->possession);
            dribble(match);
        }
    }
    for (int i = 0; i < SIM_PLAYERS; i++)
        match->player[i].target = sim_inside(match, match->player[i].target, -0.5);
}

void traj_sim_line_up(sim_match *match, int kick_off_team)
{
    for (int i = 0; i < SIM_PLAYERS; i++) {
        int team = sim_team(i);
        const slot *s = &formations[team][i - sim_keeper(team)];
        match->player[i] = (sim_player){.role = s->role,
                                        .depth = s->depth,
                                        .flank = s->flank,
                                        .top_speed = 7.6 + 1.0 * traj_sim_uniform(match),
                                        .watching = SIM_NOBODY};
    }
    traj_sim_award(match, SIM_KICK_OFF, kick_off_team, (sim_vec){0.0, 0.0});
    match->ready_at = match->time + 1.0;
    traj_sim_position(match);
    for (int i = 0; i < SIM_PLAYERS; i++) match->player[i].pos = match->player[i].target;
}
