/* The one floating-point type of the numerics: float, or double when built with TRAJ_REAL=double.
 */
#ifndef TRAJ_BASE_REAL_H
#define TRAJ_BASE_REAL_H

#ifdef TRAJ_REAL_DOUBLE
typedef double traj_real;
#define TRAJ_REAL_NAME "double"
#else
typedef float traj_real;
#define TRAJ_REAL_NAME "float"
#endif

/* Turns a literal into a traj_real without a double in between: TRAJ_R(0.5). */
#define TRAJ_R(x) ((traj_real)(x))

#endif
