/* See fields.h. */
#include "fields.h"

#include "tracks.h"

#include "traj/io/csv.h"

#include <inttypes.h>
#include <math.h>

traj_status traj_field_number(const traj_field_place *at, const traj_json *object, const char *key,
                              double *number, traj_error *err)
{
    const traj_json *const value = traj_json_get(object, key);
    *number = NAN;
    if (value == NULL || traj_json_is_null(value) || traj_json_number(value, number))
        return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %s: expected a number as '%s', or null", at->file,
                     at->line, at->what, key);
}

traj_status traj_field_xy(const traj_field_place *at, const traj_json *object, double *x, double *y,
                          traj_error *err)
{
    const traj_status status = traj_field_number(at, object, "x", x, err);
    return status == TRAJ_OK ? traj_field_number(at, object, "y", y, err) : status;
}

traj_status traj_field_point(const traj_field_place *at, const traj_json *object, const char *key,
                             double point[3], traj_error *err)
{
    const traj_json *const array = traj_json_get(object, key);
    const traj_json *value = traj_json_first(array);
    bool good = array == NULL || traj_json_is_null(array) || traj_json_is_array(array);
    for (int i = 0; i < 3; i++, value = traj_json_next(value)) {
        point[i] = NAN;
        good = good &&
               (value == NULL || traj_json_is_null(value) || traj_json_number(value, &point[i]));
    }
    if (good) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %s: expected numbers [x, y, z] as '%s', or null",
                     at->file, at->line, at->what, key);
}

traj_status traj_field_size(const traj_field_place *at, const traj_json *object, const char *key,
                            double *size, traj_error *err)
{
    const traj_status status = traj_field_number(at, object, key, size, err);
    if (status != TRAJ_OK) return status;
    if (isnan(*size)) *size = 0.0;
    if (*size >= 0.0 && isfinite(*size)) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %s: '%s' is %g, expected a number above 0",
                     at->file, at->line, at->what, key, *size);
}

traj_status traj_field_rate(const traj_field_place *at, const traj_json *object, const char *key,
                            traj_rate *rate, traj_error *err)
{
    double hz;
    const traj_status status = traj_field_size(at, object, key, &hz, err);
    if (status != TRAJ_OK) return status;
    *rate = (traj_rate){0};
    if (hz == 0.0 || traj_rate_tell(hz, rate)) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA,
                     "%s:%ld: %s: '%s' is %g, which is no number of frames a "
                     "second",
                     at->file, at->line, at->what, key, hz);
}

traj_status traj_field_whole(const traj_field_place *at, const traj_json *object, const char *key,
                             int64_t *number, traj_error *err)
{
    const traj_json *const value = traj_json_get(object, key);
    const char *const text = traj_json_string(value);
    double whole = NAN;
    if (!traj_json_number(value, &whole) && text != NULL) (void)traj_csv_number(text, &whole);
    if (!traj_is_whole(whole))
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %s: expected a whole number as '%s'%s%.40s%s",
                         at->file, at->line, at->what, key, text != NULL ? ", got '" : "",
                         text != NULL ? text : "", text != NULL ? "'" : "");
    *number = (int64_t)whole;
    return TRAJ_OK;
}

enum { SHIRTS = 1000 };

traj_status traj_field_shirt(const traj_field_place *at, const traj_json *object, const char *key,
                             int *shirt, traj_error *err)
{
    const traj_json *const value = traj_json_get(object, key);
    int64_t number = -1;
    if (value != NULL && !traj_json_is_null(value)) {
        const traj_status status = traj_field_whole(at, object, key, &number, err);
        if (status != TRAJ_OK) return status;
    }
    *shirt = number < 0 ? -1 : (int)number;
    if (number < SHIRTS) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %s: %" PRId64 " is no number of a shirt", at->file,
                     at->line, at->what, number);
}
