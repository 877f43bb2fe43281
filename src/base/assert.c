#include "traj/base/assert.h"
#include <stdio.h>
#include <stdlib.h>

void traj_assert_failed(const char *file, int line, const char *condition)
{
    fprintf(stderr, "traj: %s:%d: this should never happen: not (%s)\n", file, line, condition);
    abort();
}
