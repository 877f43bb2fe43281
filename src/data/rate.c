/* See traj/data/rate.h. */
#include "traj/data/rate.h"

#include "traj/base/assert.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SLOWEST_HZ 0.001
#define FASTEST_HZ 1000.0

/* Doubles bear a continued fraction down to here. */
#define LEAST_SHARE 1e-9

/* 29.97 is 1e-6 of itself below 30000/1001, as every 0.999 n is. */
#define VIDEO_SHARE 2e-6

/* No rate in use is in smaller parts than quarters (6.25), but for video's. */
enum { PLAIN = 4 };

static bool is_near(traj_rate rate, double hz, double share)
{
    return fabs(traj_rate_hz(rate) - hz) <= share * hz;
}

/* n 1000/1001, in lowest terms as it stands: no divisor of 240 has 7, 11 or 13 in it. */
static bool find_video(double hz, double share, traj_rate *rate)
{
    const int64_t n = llround(hz * 1.001);
    *rate = (traj_rate){1000 * n, 1001};
    return n > 0 && 240 % n == 0 && is_near(*rate, hz, share);
}

/* The first near enough of the continued fraction's convergents, each of which is closer than all
 * ratios with smaller denominators. */
static traj_rate find_simplest(double hz, double share)
{
    double whole = floor(hz), rest = hz - whole;
    traj_rate before = {1, 0}, rate = {(int64_t)whole, 1};
    while (!is_near(rate, hz, share)) {
        whole = floor(1.0 / rest);
        rest = 1.0 / rest - whole;
        const int64_t times = (int64_t)whole;
        const traj_rate next = {times * rate.num + before.num, times * rate.den + before.den};
        before = rate;
        rate = next;
    }
    return rate;
}

traj_rate traj_rate_of(double hz)
{
    traj_rate video;
    TRAJ_ASSERT(hz >= 1e-6 && hz <= 1e6);
    return find_video(hz, VIDEO_SHARE, &video) ? video : find_simplest(hz, LEAST_SHARE);
}

traj_rate traj_rate_near(double hz, double share)
{
    traj_rate video;
    TRAJ_ASSERT(hz >= 1e-6 && hz <= 1e6 && share >= 0.0);
    const traj_rate simplest = find_simplest(hz, fmax(share, LEAST_SHARE));
    return simplest.den > PLAIN && find_video(hz, share, &video) ? video : simplest;
}

bool traj_rate_tell(double hz, traj_rate *rate)
{
    if (!(hz >= SLOWEST_HZ && hz <= FASTEST_HZ)) return false;
    *rate = traj_rate_of(hz);
    return true;
}

bool traj_rate_same(traj_rate a, traj_rate b)
{
    return a.num == b.num && a.den == b.den;
}

double traj_rate_hz(traj_rate rate)
{
    return rate.num > 0 ? (double)rate.num / (double)rate.den : 0.0;
}

double traj_rate_time(traj_rate rate, double frames)
{
    TRAJ_ASSERT(rate.num > 0);
    return frames * (double)rate.den / (double)rate.num;
}

const char *traj_rate_text(traj_rate rate, char text[TRAJ_RATE_TEXT])
{
    const int length = snprintf(text, TRAJ_RATE_TEXT, "%g", traj_rate_hz(rate));
    if (strtod(text, NULL) == traj_rate_hz(rate))
        snprintf(text + length, TRAJ_RATE_TEXT - (size_t)length, " Hz");
    else
        snprintf(text + length, TRAJ_RATE_TEXT - (size_t)length, " Hz (%" PRId64 "/%" PRId64 ")",
                 rate.num, rate.den);
    return text;
}
