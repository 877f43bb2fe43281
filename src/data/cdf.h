/* What reading and writing CDF (cdf.c, write_cdf.c) share. */
#ifndef TRAJ_DATA_CDF_H
#define TRAJ_DATA_CDF_H

/* Names of periods 1 to 5. */
#define TRAJ_CDF_PERIODS                                                                           \
    "first_half", "second_half", "first_half_extratime", "second_half_extratime", "shootout"

#endif
