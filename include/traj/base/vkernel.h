/* Elementary functions of one number, without branches, tables or calls, so that a loop around them
 * vectorises: in num/vmath.c, in the noise, and inside the fused loops of nn (gates, Gaussian
 * heads).
 *
 *   reduction                                     polynomial (minimax, found by Remez' algorithm;
 * relative error) exp       x = n ln2 + r, |r| <= ln2/2         e^r = 1 + r + r^2 P(r) 3e-9 4e-18
 *   log       x = 2^k (1+f), s = f/(2+f)          log(1+f) = f - s (f - s^2 P(s^2))            5e-9
 * 1e-18 sin, cos  u = k/4 + r,   |r| <= 1/8           sin 2 pi r = r P(r^2), cos 2 pi r = 1 + r^2
 * Q(r^2) 3e-9    3e-18 float   double tanh, sigmoid and softplus are put together from the first
 * two so that no digits cancel. Selections are written `c ? a : b` with both sides already
 * computed: compilers turn them into blends. Every intermediate is a product or a sum, so results
 * may differ in the last bit between processors with and without fused multiply-add, never between
 * loops that are compiled with the same setting.
 *
 * Errors in ulp and special values: num/vmath.h and docs/mathematics/vmath.md. Threads: pure
 * functions. Source: W. J. Cody, W. Waite, Software Manual for the Elementary Functions, 1980; log
 * after P. T. P. Tang, Table-driven implementation of the logarithm function, ACM TOMS 16, 1990,
 * without the table. */
#ifndef TRAJ_BASE_VKERNEL_H
#define TRAJ_BASE_VKERNEL_H

#include "traj/base/real.h"
#include "traj/base/simd.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

/* 1. The two formats: layout, limits, constants. ln2_hi has so few digits that n * ln2_hi is exact.
 */
#ifdef TRAJ_REAL_DOUBLE

typedef uint64_t traj_bits;
enum { TRAJ_MANTISSA_BITS = 52, TRAJ_EXPONENT_BIAS = 1023, TRAJ_SIGN_BIT = 63 };
#define TRAJ_SQRT_HALF_BITS  UINT64_C(0x3fe6a09e667f3bcd)
#define TRAJ_EXP_LARGEST     0x1.62e42fefa39efp+9  /* exp of a larger number overflows */
#define TRAJ_EXP_SMALLEST    -0x1.6232bdd7abcd2p+9 /* exp of a smaller number is subnormal */
#define TRAJ_TANH_SATURATION 20.0
#define TRAJ_LN2_HI          0x1.62e42feep-1
#define TRAJ_LN2_LO          0x1.a39ef35793c76p-33
#define TRAJ_REAL_LARGEST    0x1.fffffffffffffp+1023
#define TRAJ_REAL_NORMAL     0x1p-1022 /* the smallest number of full precision */

#else

typedef uint32_t traj_bits;
enum { TRAJ_MANTISSA_BITS = 23, TRAJ_EXPONENT_BIAS = 127, TRAJ_SIGN_BIT = 31 };
#define TRAJ_SQRT_HALF_BITS  UINT32_C(0x3f3504f3)
#define TRAJ_EXP_LARGEST     0x1.62e42ep+6f
#define TRAJ_EXP_SMALLEST    -0x1.5d589ep+6f
#define TRAJ_TANH_SATURATION 10.0f
#define TRAJ_LN2_HI          0x1.62e4p-1f
#define TRAJ_LN2_LO          0x1.7f7d1cp-20f
#define TRAJ_REAL_LARGEST    0x1.fffffep+127f
#define TRAJ_REAL_NORMAL     0x1p-126f

#endif

#define TRAJ_LOG2_E TRAJ_R(1.44269504088896340736)
/* Adding this number rounds to an integer, which then stands in the lowest bits (two's complement).
 */
#define TRAJ_ROUNDER   (TRAJ_R(1.5) * (traj_real)((traj_bits)1 << TRAJ_MANTISSA_BITS))
#define TRAJ_ONE_BITS  ((traj_bits)TRAJ_EXPONENT_BIAS << TRAJ_MANTISSA_BITS)
#define TRAJ_SIGN_MASK ((traj_bits)1 << TRAJ_SIGN_BIT)

TRAJ_INLINE traj_bits traj_bits_of(traj_real x)
{
    traj_bits bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

TRAJ_INLINE traj_real traj_real_of(traj_bits bits)
{
    traj_real x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

TRAJ_INLINE traj_real traj_abs1(traj_real x)
{
    return traj_real_of(traj_bits_of(x) & ~TRAJ_SIGN_MASK);
}

/* Correctly rounded; one instruction. */
TRAJ_INLINE traj_real traj_sqrt1(traj_real x)
{
#ifdef TRAJ_REAL_DOUBLE
    return sqrt(x);
#else
    return sqrtf(x);
#endif
}

/* 2. The polynomials, in Horner's form. */
#ifdef TRAJ_REAL_DOUBLE

TRAJ_INLINE traj_real traj_exp_polynomial(traj_real r)
{
    traj_real p = 2.500006454349296903e-8;
    p = p * r + 2.7630233958401321787e-7;
    p = p * r + 2.7557586289394936058e-6;
    p = p * r + 2.4801493136023472685e-5;
    p = p * r + 1.984126950675622904e-4;
    p = p * r + 1.38888889435979376e-3;
    p = p * r + 8.3333333334943421864e-3;
    p = p * r + 4.1666666666530264525e-2;
    p = p * r + 0.16666666666666412767;
    p = p * r + 0.50000000000000106171;
    return p;
}

TRAJ_INLINE traj_real traj_log_polynomial(traj_real z)
{
    traj_real p = 0.17018585202121452161;
    p = p * z + 0.083400962451584151467;
    p = p * z + 0.12106087429562946404;
    p = p * z + 0.13300973443958996473;
    p = p * z + 0.15386559933043645439;
    p = p * z + 0.1818174392452496237;
    p = p * z + 0.22222223969739381722;
    p = p * z + 0.28571428547853831159;
    p = p * z + 0.40000000000157242229;
    p = p * z + 0.66666666666666303807;
    return p;
}

TRAJ_INLINE traj_real traj_sin_polynomial(traj_real z)
{
    traj_real p = 3.7808721144067259633;
    p = p * z + -15.093804357888195335;
    p = p * z + 42.058685022760837248;
    p = p * z + -76.705859704295616212;
    p = p * z + 81.605249275948112359;
    p = p * z + -41.34170224039963631;
    p = p * z + 6.2831853071795864572;
    return p;
}

TRAJ_INLINE traj_real traj_cos_polynomial(traj_real z)
{
    traj_real p = -1.6970200944026094605;
    p = p * z + 7.9031016390957725765;
    p = p * z + -26.426251140461000169;
    p = p * z + 60.244641331612107667;
    p = p * z + -85.456817206540054874;
    p = p * z + 64.939394022668013413;
    p = p * z + -19.739208802178717067;
    return p;
}

#else

TRAJ_INLINE traj_real traj_exp_polynomial(traj_real r)
{
    traj_real p = 0.0013814653806616010868f;
    p = p * r + 0.0083687099066324204748f;
    p = p * r + 0.041668386722347240159f;
    p = p * r + 0.16666520689659076356f;
    p = p * r + 0.49999993453627338869f;
    return p;
}

TRAJ_INLINE traj_real traj_log_polynomial(traj_real z)
{
    traj_real p = 0.2802450446800703816f;
    p = p * z + 0.27999132040885374594f;
    p = p * z + 0.40021699551118199451f;
    p = p * z + 0.66666413127822601192f;
    return p;
}

TRAJ_INLINE traj_real traj_sin_polynomial(traj_real z)
{
    traj_real p = -75.402067920520209999f;
    p = p * z + 81.592553542228697199f;
    p = p * z + -41.341662633090117169f;
    p = p * z + 6.2831852878672666976f;
    return p;
}

TRAJ_INLINE traj_real traj_cos_polynomial(traj_real z)
{
    traj_real p = 59.24596296440807615f;
    p = p * z + -85.443741714689017508f;
    p = p * z + 64.939326471866373133f;
    p = p * z + -19.739208693658005756f;
    return p;
}

#endif

/* 3. The functions. */

/* x = n ln2 + r for |x| within the limits of exp; returns e^r - 1, and n as two's complement in *n.
 */
TRAJ_INLINE traj_real traj_exp_reduced(traj_real x, traj_bits *n)
{
    traj_real rounded = x * TRAJ_LOG2_E + TRAJ_ROUNDER;
    traj_real n_real = rounded - TRAJ_ROUNDER;
    traj_real r = (x - n_real * TRAJ_LN2_HI) - n_real * TRAJ_LN2_LO;
    *n = traj_bits_of(rounded) - traj_bits_of(TRAJ_ROUNDER);
    return r * r * traj_exp_polynomial(r) + r;
}

/* 2^n, n the exponent of a normal number. */
TRAJ_INLINE traj_real traj_power_of_two(traj_bits n)
{
    return traj_real_of((n << TRAJ_MANTISSA_BITS) + TRAJ_ONE_BITS);
}

/* e^x; 0 where it would be subnormal, inf where it overflows. */
TRAJ_INLINE traj_real traj_exp1(traj_real x)
{
    traj_real inside = x < TRAJ_EXP_SMALLEST ? TRAJ_EXP_SMALLEST : x;
    inside = inside > TRAJ_EXP_LARGEST ? TRAJ_EXP_LARGEST : inside;
    traj_bits n;
    traj_real p = traj_exp_reduced(inside, &n) + TRAJ_R(1);
    /* n goes straight into the exponent of p: a factor 2^n would not exist for the largest n. */
    traj_real y = traj_real_of(traj_bits_of(p) + (n << TRAJ_MANTISSA_BITS));
    y = x < TRAJ_EXP_SMALLEST ? TRAJ_R(0) : y;
    return x <= TRAJ_EXP_LARGEST ? y : x + (traj_real)INFINITY; /* NaN stays NaN */
}

/* e^-a for a >= 0 or NaN: fewer cases than traj_exp1. */
TRAJ_INLINE traj_real traj_exp_minus1(traj_real a)
{
    traj_real inside = a > -TRAJ_EXP_SMALLEST ? -TRAJ_EXP_SMALLEST : a;
    traj_bits n;
    traj_real q = traj_exp_reduced(-inside, &n);
    traj_real scale = traj_power_of_two(n);
    traj_real y = scale * q + scale;
    return a > -TRAJ_EXP_SMALLEST ? TRAJ_R(0) : y;
}

/* log(1 + f) for sqrt(1/2) - 1 <= f <= 1. Exact f leads, so small f lose nothing. */
TRAJ_INLINE traj_real traj_log1p_reduced(traj_real f)
{
    traj_real s = f / (f + TRAJ_R(2));
    traj_real z = s * s;
    return f - s * (f - z * traj_log_polynomial(z));
}

/* log x; -inf at 0, NaN below. */
TRAJ_INLINE traj_real traj_log1(traj_real x)
{
    /* Subnormal numbers are scaled by a power of two into the normal range first. */
    const traj_real up = (traj_real)((traj_bits)1 << TRAJ_MANTISSA_BITS);
    traj_real normal = x < TRAJ_REAL_NORMAL ? x * up : x;
    traj_real k_shift = x < TRAJ_REAL_NORMAL ? TRAJ_R(TRAJ_MANTISSA_BITS) : TRAJ_R(0);

    /* normal = 2^k m with sqrt(1/2) <= m < sqrt(2); k + bias > 0 becomes a number by standing in
     * the mantissa of 2^mantissa. */
    traj_bits shifted = traj_bits_of(normal) + (TRAJ_ONE_BITS - TRAJ_SQRT_HALF_BITS);
    traj_bits fraction = shifted & (((traj_bits)1 << TRAJ_MANTISSA_BITS) - 1);
    traj_real f = traj_real_of(fraction + TRAJ_SQRT_HALF_BITS) - TRAJ_R(1);
    traj_real k = traj_real_of((shifted >> TRAJ_MANTISSA_BITS) + traj_bits_of(up));
    k = (k - (up + TRAJ_R(TRAJ_EXPONENT_BIAS))) - k_shift;

    traj_real y = k * TRAJ_LN2_HI + (k * TRAJ_LN2_LO + traj_log1p_reduced(f));
    y = x <= TRAJ_REAL_LARGEST ? y : x; /* inf and NaN */
    y = x < TRAJ_R(0) ? (traj_real)NAN : y;
    return x == TRAJ_R(0) ? -(traj_real)INFINITY : y;
}

/* tanh x = (e^2|x| - 1) / (e^2|x| + 1) with the sign of x; e^2|x| - 1 is formed without
 * cancellation. */
TRAJ_INLINE traj_real traj_tanh1(traj_real x)
{
    traj_real a = traj_abs1(x);
    a = a > TRAJ_TANH_SATURATION ? TRAJ_TANH_SATURATION : a;
    traj_bits n;
    traj_real q = traj_exp_reduced(TRAJ_R(2) * a, &n);
    traj_real scale = traj_power_of_two(n);
    traj_real e = scale * q + (scale - TRAJ_R(1));
    traj_real y = e / (e + TRAJ_R(2));
    return traj_real_of(traj_bits_of(y) | (traj_bits_of(x) & TRAJ_SIGN_MASK));
}

/* sigmoid x = 1 / (1 + e^-x), from e^-|x|, which cannot overflow. */
TRAJ_INLINE traj_real traj_sigmoid1(traj_real x)
{
    traj_real e = traj_exp_minus1(traj_abs1(x));
    traj_real upper = x >= TRAJ_R(0) ? TRAJ_R(1) : e;
    return upper / (e + TRAJ_R(1));
}

/* softplus x = log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). */
TRAJ_INLINE traj_real traj_softplus1(traj_real x)
{
    traj_real e = traj_exp_minus1(traj_abs1(x));
    traj_real larger = x > TRAJ_R(0) ? x : TRAJ_R(0);
    return larger + traj_log1p_reduced(e);
}

/* *sine = sin(2 pi u), *cosine = cos(2 pi u), for |u| <= 1000. */
TRAJ_INLINE void traj_sincos2pi1(traj_real u, traj_real *sine, traj_real *cosine)
{
    traj_real rounded = TRAJ_R(4) * u + TRAJ_ROUNDER;
    traj_real r = u - TRAJ_R(0.25) * (rounded - TRAJ_ROUNDER);
    traj_bits quarter = traj_bits_of(rounded) - traj_bits_of(TRAJ_ROUNDER);
    traj_real z = r * r;
    traj_real s = r * traj_sin_polynomial(z);
    traj_real c = z * traj_cos_polynomial(z) + TRAJ_R(1);

    /* quarter mod 4:  0: s c   1: c -s   2: -s -c   3: -c s */
    traj_real first = (quarter & 1) ? c : s;
    traj_real second = (quarter & 1) ? s : c;
    *sine = traj_real_of(traj_bits_of(first) ^ ((quarter & 2) << (TRAJ_SIGN_BIT - 1)));
    *cosine = traj_real_of(traj_bits_of(second) ^ (((quarter + 1) & 2) << (TRAJ_SIGN_BIT - 1)));
}

#endif
