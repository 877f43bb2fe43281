/* The clock of the simulation, the legs of its players, and the recording of both.
 *
 * Every step of 1/50 s: (1) every fifth step the players think: carrier, then everybody's target;
 * (2) players move towards their targets; (3) the ball moves and is touched. Frames are
 * interpolated between steps, so that any rate is exact. The rules and their constants:
 * docs/mathematics/simulate.md. */
#include "traj/data/simulate.h"
#include "simulate_state.h"
#include "traj/base/assert.h"
#include <stdio.h>
#include <string.h>

#define RESPONSE_S       0.85 /* time constant of velocity towards the wanted one */
#define HURRY_RESPONSE_S 0.4  /* the same for those who go for the ball */
#define MUSCLE_S         0.12 /* time constant of acceleration: no jerks */
#define MAX_ACCELERATION 4.6  /* m/s^2 */
#define BRAKING          2.5  /* m/s^2, planned when stopping on a target */
#define EDGE_BRAKING     2.5  /* m/s^2, planned towards the boards */
#define EDGE_M           0.6  /* how far outside the lines players plan to go */
#define EDGE_YIELD       0.3  /* share left for the other axis meanwhile: both share one muscle */
#define PERSONAL_SPACE_M 1.6
#define FOCUS_S          1.1 /* how late the shapes follow the ball */
#define UNFOLD_S         3.0 /* how fast a team changes between attack and defence */
#define QUANTUM_M        0.01
#define NOISE_SCENE      1000u /* measurement noise; the halves use scenes 1 and 2 */

enum { AGENTS = SIM_PLAYERS + 1 };

double traj_sim_uniform(sim_match *match)
{
    uint64_t bits = traj_noise_bits(&match->noise, match->half, match->draws++);
    return (double)(bits >> 11) * 0x1p-53;
}

/* Box and Muller, the cosine branch. */
static double normal_from(double u, double v)
{
    return sqrt(-2.0 * log(1.0 - u)) * cos(SIM_FULL_TURN * v);
}

double traj_sim_normal(sim_match *match)
{
    double u = traj_sim_uniform(match);
    return normal_from(u, traj_sim_uniform(match));
}

/* The velocity he would like now: towards the target, slowing down in time unless he hurries. */
static sim_vec wanted_velocity(const sim_player *p)
{
    double distance = sim_distance(p->pos, p->target);
    double brake = p->hurry ? 3.0 * distance + 1.0
                            : fmin(1.5 * distance, sqrt(2.0 * BRAKING * distance));
    double speed = fmin(fmin(p->pace, p->top_speed), brake);
    return sim_scale(sim_direction(p->pos, p->target), speed);
}

/* Bodies do not overlap: a gentle push away from everybody who is too close. */
static sim_vec personal_space(const sim_match *match, int self)
{
    sim_vec push = {0.0, 0.0}, pos = match->player[self].pos;
    for (int other = 0; other < SIM_PLAYERS; other++) {
        sim_vec gap = sim_sub(pos, match->player[other].pos);
        double distance = sim_length(gap);
        if (other == self || distance > PERSONAL_SPACE_M || distance < 1e-9) continue;
        push = sim_along(push, 1.5 * (PERSONAL_SPACE_M - distance) / distance, gap);
    }
    return push;
}

/* The wanted velocity along one axis, cut so that he stops EDGE_M behind the line; he looks ahead
 * by the time his legs need to respond. */
static double edge_limit(double wanted, double pos, double velocity, double half)
{
    double soon = pos + HURRY_RESPONSE_S * velocity;
    double room = half + EDGE_M - (wanted > 0.0 ? soon : -soon);
    double limit = sqrt(2.0 * EDGE_BRAKING * fmax(room, 0.0));
    return sim_clip(wanted, -limit, limit);
}

/* Nobody accelerates forwards as well near top speed as from a stand; braking and turning keep the
 * full limit. */
static sim_vec possible_acceleration(const sim_player *p, sim_vec wanted)
{
    double speed = sim_length(p->vel);
    sim_vec ahead = sim_scale(p->vel, speed > 1e-9 ? 1.0 / speed : 0.0);
    double forward = wanted.x * ahead.x + wanted.y * ahead.y;
    double limit = MAX_ACCELERATION * (1.0 - speed / 9.0);
    if (forward > limit) wanted = sim_along(wanted, limit - forward, ahead);
    double size = sim_length(wanted);
    return size > MAX_ACCELERATION ? sim_scale(wanted, MAX_ACCELERATION / size) : wanted;
}

static void move_player(sim_match *match, int self, sim_vec push)
{
    sim_player *p = &match->player[self];
    sim_vec free = sim_add(wanted_velocity(p), push);
    sim_vec want = {edge_limit(free.x, p->pos.x, p->vel.x, match->length / 2.0),
                    edge_limit(free.y, p->pos.y, p->vel.y, match->width / 2.0)};
    bool at_edge = want.x != free.x || want.y != free.y;
    double response = p->hurry || at_edge ? HURRY_RESPONSE_S : RESPONSE_S;
    sim_vec change = sim_scale(sim_sub(want, p->vel), 1.0 / response);
    if (want.x != free.x) change.y *= EDGE_YIELD;
    if (want.y != free.y) change.x *= EDGE_YIELD;
    sim_vec acc = possible_acceleration(p, change);
    p->acc = sim_along(p->acc, SIM_STEP_S / MUSCLE_S, sim_sub(acc, p->acc));
    p->vel = sim_along(p->vel, SIM_STEP_S, p->acc);
    p->pos = sim_along(p->pos, SIM_STEP_S, p->vel);
}

static void move_players(sim_match *match)
{
    sim_vec push[SIM_PLAYERS]; /* of all before anybody moves: no one goes first */
    for (int i = 0; i < SIM_PLAYERS; i++) push[i] = personal_space(match, i);
    for (int i = 0; i < SIM_PLAYERS; i++) move_player(match, i, push[i]);
}

/* What the teams' shapes follow: the ball, late, or the spot of the restart. */
static void follow_ball(sim_match *match)
{
    sim_vec ball = match->restart == SIM_IN_PLAY ? match->ball.pos : match->spot;
    match->focus = sim_along(match->focus, SIM_STEP_S / FOCUS_S, sim_sub(ball, match->focus));
    for (int team = 0; team < 2; team++) {
        double aim = match->possession == team ? 1.0 : 0.0;
        match->poise[team] += (aim - match->poise[team]) * SIM_STEP_S / UNFOLD_S;
    }
}

static void match_step(sim_match *match, long step)
{
    if (step % SIM_STEPS_PER_THOUGHT == 0) {
        traj_sim_decide(match);
        traj_sim_position(match);
    }
    move_players(match);
    if (match->restart == SIM_IN_PLAY) {
        traj_sim_play(match);
        traj_sim_check_lines(match);
    } else {
        traj_sim_restart_step(match);
    }
    follow_ball(match);
    match->time = (double)(step + 1) * SIM_STEP_S;
}

static void match_init(sim_match *match, const traj_simulate_options *options, int half)
{
    *match = (sim_match){.length = options->pitch_length_m,
                         .width = options->pitch_width_m,
                         .noise = {.seed = options->seed, .stream = TRAJ_STREAM_SIMULATE},
                         .half = (uint32_t)half,
                         .carrier = SIM_NOBODY,
                         .receiver = SIM_NOBODY,
                         .presser = {SIM_NOBODY, SIM_NOBODY}};
    traj_sim_line_up(match, half == 1 ? 0 : 1);
}

static void positions(const sim_match *match, sim_vec out[AGENTS])
{
    for (int i = 0; i < SIM_PLAYERS; i++) out[i] = match->player[i].pos;
    out[SIM_PLAYERS] = match->ball.pos;
}

/* A measurement: the true value, the tracking system's noise, and its resolution. */
static float measured(double value, double noise_m, double normal)
{
    return (float)(round((value + noise_m * normal) / QUANTUM_M) * QUANTUM_M);
}

/* Writes frame `frame`, which lies `share` of a step after `before`. */
static void record_frame(const traj_simulate_options *options, const sim_vec before[AGENTS],
                         const sim_vec after[AGENTS], double share, traj_sequence *sequence,
                         size_t frame)
{
    traj_noise noise = {.seed = options->seed,
                        .stream = TRAJ_STREAM_SIMULATE,
                        .step = (uint32_t)sequence->frame_id[frame]};
    for (uint32_t a = 0; a < AGENTS; a++) {
        float *out = &sequence->pos_m[(frame * AGENTS + a) * 2];
        uint64_t bits[2] = {0, 0};
        if (options->noise_m > 0.0)
            for (uint32_t i = 0; i < 2; i++)
                bits[i] = traj_noise_bits(&noise, NOISE_SCENE, 2 * a + i);
        double radius_u = (double)(bits[0] >> 11) * 0x1p-53;
        double angle_u = (double)(bits[1] >> 11) * 0x1p-53;
        out[0] = measured(sim_mix(before[a].x, after[a].x, share), options->noise_m,
                          normal_from(radius_u, angle_u));
        out[1] = measured(sim_mix(before[a].y, after[a].y, share), options->noise_m,
                          normal_from(radius_u, angle_u - 0.25)); /* the sine branch */
    }
}

/* Plays one half and fills the frames of its sequence. */
static void play_half(const traj_simulate_options *options, sim_match *match,
                      traj_sequence *sequence)
{
    sim_vec before[AGENTS], after[AGENTS];
    positions(match, before);
    match_step(match, 0);
    positions(match, after);
    long steps = 1;
    const traj_rate rate = traj_rate_of(options->rate_hz);
    for (size_t frame = 0; frame < sequence->frames; frame++) {
        double time_s = traj_rate_time(rate, (double)frame);
        double at = time_s * SIM_STEPS_PER_S;
        while (at > (double)steps) {
            memcpy(before, after, sizeof(before));
            match_step(match, steps++);
            positions(match, after);
        }
        sequence->time_s[frame] = time_s;
        record_frame(options, before, after, at - (double)(steps - 1), sequence, frame);
    }
}

static void name_agents(traj_sequence *sequence)
{
    static const char *const team_name[2] = {"home", "away"};
    for (int i = 0; i < SIM_PLAYERS; i++) {
        traj_agent *agent = &sequence->agent[i];
        int team = sim_team(i), jersey = i - sim_keeper(team) + 1;
        snprintf(agent->id, sizeof(agent->id), "%s_%d", team_name[team], jersey);
        agent->team = team == 0 ? TRAJ_TEAM_HOME : TRAJ_TEAM_AWAY;
        agent->kind = team == 0 ? TRAJ_HOME : TRAJ_AWAY;
        if (jersey == 1) agent->kind = team == 0 ? TRAJ_HOME_GK : TRAJ_AWAY_GK;
        agent->jersey = jersey;
    }
    traj_agent ball = {.id = "ball", .team = TRAJ_TEAM_BALL, .kind = TRAJ_BALL, .jersey = -1};
    sequence->agent[SIM_PLAYERS] = ball;
    for (int i = 0; i < AGENTS; i++) { /* nobody is ever sent off */
        sequence->agent[i].first_frame = sequence->frame_id[0];
        sequence->agent[i].last_frame = sequence->frame_id[sequence->frames - 1];
    }
}

static traj_status add_half(const traj_simulate_options *options, int half, size_t frames,
                            traj_recording *recording, traj_error *err)
{
    traj_sequence *sequence;
    traj_status status = traj_recording_add(recording, frames, AGENTS, &sequence, err);
    if (status != TRAJ_OK) return status;
    snprintf(sequence->name, sizeof(sequence->name), "%d", half);
    sequence->period_id = half;
    int64_t first = (int64_t)frames * (half - 1) + 1;
    for (size_t f = 0; f < frames; f++) sequence->frame_id[f] = first + (int64_t)f;
    name_agents(sequence);
    sim_match match;
    match_init(&match, options, half);
    play_half(options, &match, sequence);
    return TRAJ_OK;
}

static void describe(const traj_simulate_options *options, traj_recording *recording)
{
    snprintf(recording->source, sizeof(recording->source), "traj simulate, seed %llu",
             (unsigned long long)options->seed);
    snprintf(recording->home_name, sizeof(recording->home_name), "home");
    snprintf(recording->away_name, sizeof(recording->away_name), "away");
    recording->rate = recording->source_rate = traj_rate_of(options->rate_hz);
    recording->frame_id_step = 1.0;
    recording->pitch_length_m = options->pitch_length_m;
    recording->pitch_width_m = options->pitch_width_m;
    recording->quantum_m = QUANTUM_M;
    recording->home_right = true;
}

void traj_simulate_options_init(traj_simulate_options *options)
{
    *options = (traj_simulate_options){.minutes = 10.0,
                                       .rate_hz = 25.0,
                                       .seed = 1,
                                       .pitch_length_m = 105.0,
                                       .pitch_width_m = 68.0,
                                       .noise_m = 0.0};
}

traj_status traj_simulate(const traj_simulate_options *options, traj_recording *recording,
                          traj_error *err)
{
    TRAJ_ASSERT(options->minutes > 0.0 && options->rate_hz > 0.0 && options->noise_m >= 0.0);
    TRAJ_ASSERT(options->pitch_length_m >= 40.0 && options->pitch_width_m >= 40.0);
    int halves = options->minutes >= 20.0 ? 2 : 1;
    /* The half frame guards against 9 * 60 * 25 coming out as 13499.999. */
    size_t frames = (size_t)(options->minutes * 60.0 * options->rate_hz / halves + 0.5);
    traj_recording_init(recording);
    describe(options, recording);
    traj_status status = TRAJ_OK;
    for (int half = 1; half <= halves && status == TRAJ_OK; half++)
        status = add_half(options, half, frames > 0 ? frames : 1, recording, err);
    if (status != TRAJ_OK) traj_recording_free(recording);
    return status;
}
