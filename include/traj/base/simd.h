/* How one source becomes fast code for several processors.
 *
 * TRAJ_SIMD before a function makes the compiler emit it for AVX-512, AVX2 and the baseline and pick one when the program is
 * loaded, so that a release binary built on one x86-64 machine runs on every other. It is empty on AArch64 (NEON is
 * the baseline there), under sanitizers (their runtime is not up yet when the choice is made) and with TRAJ_NATIVE.
 * TRAJ_INLINE helpers are inlined into each of these versions. */
#ifndef TRAJ_BASE_SIMD_H
#define TRAJ_BASE_SIMD_H

#if defined(TRAJ_HAVE_TARGET_CLONES)
#define TRAJ_SIMD __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TRAJ_SIMD
#endif

#define TRAJ_INLINE static inline __attribute__((always_inline))

#endif
