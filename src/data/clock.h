/* Times as people write them. */
#ifndef TRAJ_DATA_CLOCK_H
#define TRAJ_DATA_CLOCK_H

#include <stdbool.h>

/* Seconds meant by text: 12.5, 0 days 00:00:12.500000, PT12.5S, 12:34.5, 01:12:34.5,
 * 2019-10-13T17:01:05.120Z, and numbers so large that they can only be milli-, micro- or
 * nanoseconds since 1970. *wall: the time of a day, not of a match. Returns 0, or -1 for anything
 * else (a missing time included). Dates count from 1970-01-01, time zones are left out: only
 * differences are ever used. */
int traj_clock_parse(const char *text, double *seconds, bool *wall);

/* The same of a number. */
int traj_clock_number(double number, double *seconds, bool *wall);

/* seconds - start, both since 1970 as doubles, which are a quarter of a microsecond apart there: so
 * rounded to the microsecond. */
double traj_clock_since(double seconds, double start);

#endif
