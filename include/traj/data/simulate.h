/* A small football simulation, so that the bundled match has interactions worth learning: formations that shift with the ball,
 * possession, passes with flight time, dribbling, shots, pressing, marking, goalkeepers, throw-ins and restarts, limited speed and acceleration.
 * docs/mathematics/simulate.md lists the rules and their constants. */
#ifndef TRAJ_DATA_SIMULATE_H
#define TRAJ_DATA_SIMULATE_H

#include "traj/data/recording.h"

typedef struct traj_simulate_options {
    double minutes;   /* of play; two equal halves when >= 20 */
    double rate_hz;   /* of the recording; the simulation itself steps at 50 Hz */
    uint64_t seed;
    double pitch_length_m, pitch_width_m;
    double noise_m;   /* measurement noise of a tracking system, standard deviation; 0 = none */
} traj_simulate_options;

void traj_simulate_options_init(traj_simulate_options *options);

/* Same options, same bits, on any number of threads. Positions are rounded to 0.01 m. Errors: TRAJ_E_MEMORY. */
traj_status traj_simulate(const traj_simulate_options *options, traj_recording *recording, traj_error *err);

#endif
