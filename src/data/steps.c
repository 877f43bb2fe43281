/* See steps.h. */
#include "steps.h"

#include <math.h>
#include <string.h>

bool traj_step_below(const traj_step *step, const char *path)
{
    return strncmp(step->path, path, strlen(path)) == 0;
}

bool traj_step_of(const traj_step *step, const char *element)
{
    const size_t all = strlen(step->path), length = strlen(element);
    const size_t behind = 1 + strlen(step->name); /* of what belongs to the element */
    return step->kind == TRAJ_STEP_VALUE && all > length + behind &&
           step->path[all - behind - length - 1] == '/' &&
           strncmp(step->path + all - behind - length, element, length) == 0;
}

traj_status traj_step_size(const traj_step *step, double unit, double *size, traj_error *err)
{
    const traj_status status = traj_step_number(step, size, err);
    if (status != TRAJ_OK) return status;
    *size = isnan(*size) ? 0.0 : *size * unit;
    return *size >= 0.0
               ? TRAJ_OK
               : traj_step_fail(err, step, "expected a number above 0, got '%.60s'", step->value);
}

traj_status traj_step_rate(const traj_step *step, traj_rate *rate, traj_error *err)
{
    double hz;
    const traj_status status = traj_step_size(step, 1.0, &hz, err);
    if (status != TRAJ_OK) return status;
    *rate = (traj_rate){0};
    if (hz == 0.0 || traj_rate_tell(hz, rate)) return TRAJ_OK;
    return traj_step_fail(err, step, "%.60s is no number of frames a second", step->value);
}

traj_status traj_step_shirt(const traj_step *step, int *jersey, traj_error *err)
{
    double number;
    const traj_status status = traj_step_number(step, &number, err);
    if (status == TRAJ_OK) *jersey = number >= 0.0 && number < 1000.0 ? (int)number : -1;
    return status;
}
