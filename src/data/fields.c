/* See fields.h. */
#include "fields.h"

#include "tracks.h"

#include "traj/io/csv.h"

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

traj_status traj_field_whole(const traj_field_place *at, const traj_json *object, const char *key,
                             int64_t *number, traj_error *err)
{
    const traj_json *const value = traj_json_get(object, key);
    const char *const text = traj_json_string(value);
    double whole = NAN;
    if (!traj_json_number(value, &whole) && text != NULL) (void)traj_csv_number(text, &whole);
    if (whole != floor(whole) || !(fabs(whole) < TRAJ_LARGEST_FRAME))
        return traj_fail(err, TRAJ_E_DATA, "%s:%ld: %s: expected a whole number as '%s'%s%.40s%s",
                         at->file, at->line, at->what, key, text != NULL ? ", got '" : "",
                         text != NULL ? text : "", text != NULL ? "'" : "");
    *number = (int64_t)whole;
    return TRAJ_OK;
}
