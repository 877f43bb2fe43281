/* A small football simulation, so that the bundled match has interactions worth learning:
 * formations that shift with the ball, possession, passes with flight time, dribbling, shots,
 * pressing, marking, goalkeepers, throw-ins and other restarts, limited speed and acceleration.
 * docs/mathematics/simulate.md lists the rules and their constants. */
#ifndef TRAJ_DATA_SIMULATE_H
#define TRAJ_DATA_SIMULATE_H

#include "traj/data/recording.h"

typedef struct traj_simulate_options {
    double minutes; /* of play, > 0; two equal halves when >= 20 */
    double rate_hz; /* of the recording, > 0; the simulation itself steps at 50 Hz */
    uint64_t seed;
    double pitch_length_m, pitch_width_m; /* >= 40 */
    double noise_m; /* measurement noise of a tracking system, standard deviation; 0 = none */
} traj_simulate_options;

/* 10 minutes at 25 Hz on 105 x 68 m without noise, seed 1. */
void traj_simulate_options_init(traj_simulate_options *options);

/* Fills an empty recording: home_1..home_11, away_1..away_11 (1 = goalkeeper) and "ball", one
 * sequence a half, frame ids from 1 on, through both halves. Positions are rounded to 0.01 m. Same
 * options, same bits, on any number of threads and in float and double builds; another compiler or
 * C library may round differently somewhere and so play another match. Units: metres, seconds.
 * Cost: about 10 ms a minute of play. Errors: TRAJ_E_MEMORY; *recording is then empty. Threads:
 * any, different recordings. */
traj_status traj_simulate(const traj_simulate_options *options, traj_recording *recording,
                          traj_error *err);

#endif
