/* How one source becomes fast code for several processors.
 *
 * TRAJ_SIMD before a function makes the compiler emit it for AVX-512, AVX2 and the baseline and
 * pick one when the program is loaded, so that a release binary built on one x86-64 machine runs on
 * every other. It is empty on AArch64 (NEON is the baseline there), under sanitizers (their runtime
 * is not up yet when the choice is made), with TRAJ_NATIVE, and under clang, which then compiles
 * for the baseline: give it TRAJ_NATIVE. TRAJ_INLINE helpers are inlined into each of these
 * versions. */
#ifndef TRAJ_BASE_SIMD_H
#define TRAJ_BASE_SIMD_H

#if defined(TRAJ_HAVE_TARGET_CLONES)
#define TRAJ_SIMD __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TRAJ_SIMD
#endif

#define TRAJ_INLINE static inline __attribute__((always_inline))

#include "traj/base/real.h"
#include <stdint.h>
#include <string.h>

/* 64 bytes of reals as one value: one AVX-512 register, two of AVX2, four of SSE2 or NEON. For the
 * few kernels whose accumulators must stay in registers; the compiler's vectoriser serves all
 * others. Helpers take pointers because passing such a value by value is not portable. */
#ifdef TRAJ_REAL_DOUBLE
typedef int64_t traj_lane_mask __attribute__((vector_size(64)));
#else
typedef int32_t traj_lane_mask __attribute__((vector_size(64)));
#endif
typedef traj_real traj_lanes __attribute__((vector_size(64)));
enum { TRAJ_LANES = 64 / sizeof(traj_real) };

/* *v = p[0..n), the rest 0; n <= TRAJ_LANES. A constant n makes it one load. */
TRAJ_INLINE void traj_lanes_load(traj_lanes *v, const traj_real *p, int n)
{
    *v = (traj_lanes){0};
    memcpy(v, p, (size_t)n * sizeof *p);
}

TRAJ_INLINE void traj_lanes_store(traj_real *p, const traj_lanes *v, int n)
{
    memcpy(p, v, (size_t)n * sizeof *p);
}

/* *v = *v where *a > 0, else 0. */
TRAJ_INLINE void traj_lanes_gate(traj_lanes *v, const traj_lanes *a)
{
    *v = (traj_lanes)((traj_lane_mask)*v & (*a > (traj_lanes){0}));
}

#endif
