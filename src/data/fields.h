/* Members of JSON objects, with a sentence for each that is not what it should be. */
#ifndef TRAJ_DATA_FIELDS_H
#define TRAJ_DATA_FIELDS_H

#include "traj/data/rate.h"
#include "traj/io/json.h"

#include <stdint.h>

typedef struct traj_field_place { /* for messages */
    const char *file;             /* view */
    long line;
    const char *what; /* view: the object: "player" */
} traj_field_place;

/* NaN where the member is absent or null. Errors: TRAJ_E_DATA for anything but a number. */
traj_status traj_field_number(const traj_field_place *at, const traj_json *object, const char *key,
                              double *number, traj_error *err);

/* Both numbers 'x' and 'y'. Errors: those of traj_field_number. */
traj_status traj_field_xy(const traj_field_place *at, const traj_json *object, double *x, double *y,
                          traj_error *err);

/* An array of two or three numbers, [x, y, z]; NaN for those that are null or not there, and all
 * three where the member is absent, null or empty. Errors: TRAJ_E_DATA for anything else. */
traj_status traj_field_point(const traj_field_place *at, const traj_json *object, const char *key,
                             double point[3], traj_error *err);

/* A number from 0 on; 0 where the member is absent or null. Errors: TRAJ_E_DATA for anything else.
 */
traj_status traj_field_size(const traj_field_place *at, const traj_json *object, const char *key,
                            double *size, traj_error *err);

/* Frames a second; none where the member is absent, null or 0. Errors: TRAJ_E_DATA for anything
 * else that is no rate. */
traj_status traj_field_rate(const traj_field_place *at, const traj_json *object, const char *key,
                            traj_rate *rate, traj_error *err);

/* A whole number below TRAJ_LARGEST_FRAME, also as a text ("7"). Errors: TRAJ_E_DATA for anything
 * else, and where there is none. */
traj_status traj_field_whole(const traj_field_place *at, const traj_json *object, const char *key,
                             int64_t *number, traj_error *err);

/* The number on a shirt, also as a text; -1 where it is absent, null or negative. Errors:
 * TRAJ_E_DATA for anything else, and from 1000 on. */
traj_status traj_field_shirt(const traj_field_place *at, const traj_json *object, const char *key,
                             int *shirt, traj_error *err);

#endif
