/* Recordings of one agent that steps once: displacements from a mixture of Gaussians in the plane,
 *
 *   x ~ sum_c w_c N(mu_c, sd_c^2 I)
 *
 * whose density is known and whose entropy quadrature gives. Note:
 * docs/mathematics/known_answers.md. Threads: pure functions. */
#ifndef TRAJ_TESTS_MIXTURE_DATA_H
#define TRAJ_TESTS_MIXTURE_DATA_H

#include "traj/data/recording.h"

/* Fills an empty recording with sequences of two frames; same arguments, same bits. Errors:
 * TRAJ_E_MEMORY. */
traj_status mixture_record(size_t sequences, uint64_t seed, traj_recording *recording,
                           traj_error *err);

/* log p(x), nats, metres. */
double mixture_log_density(const double x[2]);

/* -integral of p log p by the midpoint rule on a grid that leaves out less than 1e-10. */
double mixture_entropy(void);

#endif
