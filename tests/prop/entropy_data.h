/* Recordings whose entropy is known: pairs of agents that move by a linear-Gaussian law.
 *
 *   x_t = c x_{t-1} + k (q_t - p_t) + s e_t,   p_{t+1} = p_t + x_t,   e_t ~ N(0,1)
 *
 * for each dimension of each agent, with p its own position and q its partner's. First positions
 * ~ N(0, start_m^2); the displacement before the first frame, which nobody sees, ~ N(0,
 * before_m^2). k = 0 are independent AR(1) displacements, stationary when before_m = s / sqrt(1 -
 * c^2). In the end y becomes r x + sqrt(1 - r^2) y, so that an agent's noise in x and y has
 * correlation r.
 *
 * Who sees both agents predicts x_t with variance s^2. Who sees only its own agent carries a belief
 * about the partner, whose variances (Kalman, Riccati) do not depend on the data:
 *
 *   S_t = s^2 + k^2 Var(q_t | own past)
 *
 * and at the first step c^2 before_m^2 is added to either. Entropies are
 * log(2 pi e S_t) + log(1 - r^2) / 2, two dimensions together. Note:
 * docs/mathematics/known_answers.md. Threads: pure functions. */
#ifndef TRAJ_TESTS_ENTROPY_DATA_H
#define TRAJ_TESTS_ENTROPY_DATA_H

#include "traj/data/recording.h"

typedef struct entropy_process {
    double keep;        /* c */
    double pull;        /* k */
    double noise_m;     /* s */
    double start_m;     /* sd of the first positions */
    double before_m;    /* sd of the displacement before the first frame */
    double correlation; /* r */
} entropy_process;

/* One dimension of both agents, before x and y are mixed. */
typedef struct entropy_pair {
    double pos[2], before[2]; /* m; before: the previous displacement */
} entropy_pair;

/* What a model may look at: its own agent, or both. */
typedef enum entropy_view { ENTROPY_OWN, ENTROPY_BOTH } entropy_view;

/* One frame on, with e the two agents' noise. */
void entropy_step(const entropy_process *process, entropy_pair *pair, const double e[2]);

/* Fills an empty recording with independent sequences of two agents; same arguments, same bits.
 * Errors: TRAJ_E_MEMORY. */
traj_status entropy_record(const entropy_process *process, size_t sequences, size_t frames,
                           uint64_t seed, traj_recording *recording, traj_error *err);

/* The exact entropy of the first `steps` displacements given the first position: mean per
 * agent-step, nats, metres. */
double entropy_rate(const entropy_process *process, int steps, entropy_view view);

/* The exact log density of all displacements of the sequence given the first positions: the sum
 * over its agents, nats, metres. Its mean over data is -entropy_rate per agent-step. */
double entropy_log_density(const entropy_process *process, const traj_sequence *sequence,
                           entropy_view view);

#endif
