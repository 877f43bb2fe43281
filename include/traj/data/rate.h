/* Frames a second as an exact ratio:
 *
 *   rate = num / den Hz        frame k lies k den / num seconds behind frame 0
 *
 * Video's 29.97 Hz are 30000/1001: taken for 2997/100, an hour is off by 3.6 ms, and counted in
 * steps of 33 ms by 40 s. People, metadata and models write decimal numbers; what they mean is
 * found here, and it is a double again only in traj_rate_hz. Threads: any. */
#ifndef TRAJ_DATA_RATE_H
#define TRAJ_DATA_RATE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct traj_rate { /* in lowest terms */
    int64_t num, den;      /* both 0: not known */
} traj_rate;

/* The ratio that a decimal number stands for, hz from 1e-6 to 1e6: n 1000/1001 where n frames a
 * second are one of video's rates or every so many-th frame of one (n divides 240) and hz is it, or
 * 0.999 n as 29.97 is; else the simplest ratio of those that agree in nine digits: 12.5 is 25/2,
 * and 16.6666666667 is 50/3. */
traj_rate traj_rate_of(double hz);

/* The same for a measured hz, which may be wrong by this share: the simplest ratio that close,
 * unless only one of video's is. */
traj_rate traj_rate_near(double hz, double share);

/* Sets *rate to traj_rate_of(hz). False, and nothing is set: from below 0.001 or above 1000 frames
 * a second nobody follows a match. */
bool traj_rate_tell(double hz, traj_rate *rate);

bool traj_rate_same(traj_rate a, traj_rate b);

/* The nearest double; 0: not known. */
double traj_rate_hz(traj_rate rate);

/* Seconds that so many frames take, rounded once where frames den is below 2^53. */
double traj_rate_time(traj_rate rate, double frames);

enum { TRAJ_RATE_TEXT = 80 };

/* "25 Hz", and with the ratio where decimals do not tell it: "29.97 Hz (30000/1001)". Returns text.
 */
const char *traj_rate_text(traj_rate rate, char text[TRAJ_RATE_TEXT]);

#endif
