/* Data from a linear-Gaussian law, and its exact entropies: see entropy_data.h. */
#include "prop/entropy_data.h"
#include "traj/base/noise.h"
#include <math.h>
#include <stdio.h>

static const double log_2pi = 1.83787706640934548356;

void entropy_step(const entropy_process *process, entropy_pair *pair, const double e[2])
{
    const double distance = pair->pos[1] - pair->pos[0];
    for (int a = 0; a < 2; a++)
        pair->before[a] = process->keep * pair->before[a] +
                          process->pull * (a ? -distance : distance) + process->noise_m * e[a];
    for (int a = 0; a < 2; a++) pair->pos[a] += pair->before[a];
}

/* Position of an agent, m. */
static float *position(const traj_sequence *sequence, size_t frame, int agent)
{
    return sequence->pos_m + 2 * (frame * sequence->agents + (size_t)agent);
}

/* The share of y that is not x. */
static double own_share(const entropy_process *process)
{
    return sqrt(1 - process->correlation * process->correlation);
}

static void write_frame(const entropy_process *process, const entropy_pair pair[2],
                        const traj_sequence *sequence, size_t frame)
{
    for (int a = 0; a < 2; a++) {
        const double x = pair[0].pos[a], y = pair[1].pos[a];
        position(sequence, frame, a)[0] = (float)x;
        position(sequence, frame, a)[1] =
            (float)(process->correlation * x + own_share(process) * y);
    }
}

static void move(const entropy_process *process, uint64_t seed, uint32_t number,
                 traj_sequence *sequence)
{
    const traj_noise start = {seed, TRAJ_STREAM_TEST, 0}, drive = {seed, TRAJ_STREAM_TEST, 1};
    entropy_pair pair[2]; /* one for each dimension */
    traj_real e[8];       /* agent by agent */
    traj_noise_normal_rows(&start, number, 0, 2, e, 4);
    for (int k = 0; k < 2; k++)
        for (int a = 0; a < 2; a++) {
            pair[k].pos[a] = process->start_m * (double)e[4 * a + k];
            pair[k].before[a] = process->before_m * (double)e[4 * a + 2 + k];
        }
    for (size_t t = 0; t < sequence->frames; t++) {
        write_frame(process, pair, sequence, t);
        traj_noise_normal_rows(&drive, number, (uint32_t)t, 2, e, 2);
        for (int k = 0; k < 2; k++)
            entropy_step(process, &pair[k], (const double[2]){(double)e[k], (double)e[2 + k]});
    }
}

traj_status entropy_record(const entropy_process *process, size_t sequences, size_t frames,
                           uint64_t seed, traj_recording *recording, traj_error *err)
{
    snprintf(recording->source, sizeof recording->source, "linear-Gaussian pairs");
    recording->rate = recording->source_rate = (traj_rate){10, 1};
    recording->pitch_length_m = recording->pitch_width_m = 40;
    for (size_t s = 0; s < sequences; s++) {
        traj_sequence *sequence;
        const traj_status status = traj_recording_add(recording, frames, 2, &sequence, err);
        if (status != TRAJ_OK) return status;
        sequence->agent[0] =
            (traj_agent){.id = "first", .team = TRAJ_TEAM_HOME, .kind = TRAJ_HOME, .jersey = 1};
        sequence->agent[1] =
            (traj_agent){.id = "second", .team = TRAJ_TEAM_AWAY, .kind = TRAJ_AWAY, .jersey = 1};
        move(process, seed, (uint32_t)s, sequence);
    }
    return TRAJ_OK;
}

/* What is known of the partner in one dimension: its position p and previous displacement v are
 * Gaussian with means p, v and covariance [pp pv; pv vv]. */
typedef struct belief {
    double p, v, pp, pv, vv;
} belief;

static belief belief_at_start(const entropy_process *process)
{
    return (belief){.pp = process->start_m * process->start_m,
                    .vv = process->before_m * process->before_m};
}

/* S_t: the variance of the own displacement before it is seen. */
static double variance(const entropy_process *process, const belief *b, bool first)
{
    const double unseen = first ? process->keep * process->before_m : 0;
    return process->noise_m * process->noise_m + unseen * unseen +
           process->pull * process->pull * b->pp;
}

/* Conditions the belief on the own displacement, which was `surprise` off its mean. */
static void observe(const entropy_process *process, belief *b, double surprise, double s)
{
    const double gain_p = process->pull * b->pp / s, gain_v = process->pull * b->pv / s;
    b->p += gain_p * surprise;
    b->v += gain_v * surprise;
    b->vv -= gain_v * process->pull * b->pv;
    b->pv -= gain_p * process->pull * b->pv;
    b->pp -= gain_p * process->pull * b->pp;
}

/* The partner moves: v' = c v + k (own - p) + s e, p' = p + v'. */
static void predict(const entropy_process *process, belief *b, double own)
{
    const double c = process->keep, k = process->pull, noise = process->noise_m;
    const double v = c * b->v + k * (own - b->p);
    const double vv = c * c * b->vv - 2 * c * k * b->pv + k * k * b->pp + noise * noise;
    const double cross = c * b->pv - k * b->pp; /* of p and v' */
    *b = (belief){b->p + v, v, b->pp + 2 * cross + vv, cross + vv, vv};
}

double entropy_rate(const entropy_process *process, int steps, entropy_view view)
{
    belief b = belief_at_start(process);
    double sum = 0;
    for (int t = 0; t < steps; t++) {
        if (view == ENTROPY_BOTH) b = (belief){0};
        const double s = variance(process, &b, t == 0);
        sum += log_2pi + 1 + log(s);
        observe(process, &b, 0, s);
        predict(process, &b, 0);
    }
    return sum / steps + log(own_share(process));
}

/* Position of an agent in one dimension, x and y unmixed. */
static double unmixed(const entropy_process *process, const traj_sequence *sequence, size_t frame,
                      int agent, int dimension)
{
    const float *const pos = position(sequence, frame, agent);
    const double x = (double)pos[0], y = (double)pos[1];
    return dimension ? (y - process->correlation * x) / own_share(process) : x;
}

/* One agent in one dimension, x and y unmixed. */
static double path_log_density(const entropy_process *process, const traj_sequence *sequence,
                               int agent, int dimension, entropy_view view)
{
    belief b = belief_at_start(process);
    double sum = 0, before = 0;
    for (size_t t = 0; t + 1 < sequence->frames; t++) {
        const double own = unmixed(process, sequence, t, agent, dimension);
        const double x = unmixed(process, sequence, t + 1, agent, dimension) - own;
        if (view == ENTROPY_BOTH)
            b = (belief){.p = unmixed(process, sequence, t, 1 - agent, dimension)};
        const double s = variance(process, &b, t == 0);
        const double surprise = x - process->keep * before - process->pull * (b.p - own);
        sum -= 0.5 * (log_2pi + log(s) + surprise * surprise / s);
        observe(process, &b, surprise, s);
        predict(process, &b, own);
        before = x;
    }
    return sum;
}

double entropy_log_density(const entropy_process *process, const traj_sequence *sequence,
                           entropy_view view)
{
    const double agent_steps = 2 * (double)(sequence->frames - 1);
    double sum = -agent_steps * log(own_share(process));
    for (int a = 0; a < 2; a++)
        for (int k = 0; k < 2; k++) sum += path_log_density(process, sequence, a, k, view);
    return sum;
}
