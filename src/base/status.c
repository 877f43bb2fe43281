#include "traj/base/status.h"
#include "traj/base/assert.h"
#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

typedef struct status_row {
    int exit_code;
    const char *text;
} status_row;

static const status_row rows[] = {
#define STATUS_ROW(code, exit_code, text) [code] = {exit_code, text},
    TRAJ_STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

static const status_row *row_of(traj_status status)
{
    TRAJ_ASSERT((size_t)status < sizeof rows / sizeof rows[0]);
    return &rows[status];
}

/* What a sentence quotes from a file may hold line feeds, or codes that a terminal would obey. */
static void blank_controls(char *text)
{
    for (; *text != '\0'; text++)
        if (iscntrl((unsigned char)*text)) *text = ' ';
}

traj_status traj_fail(traj_error *err, traj_status status, const char *format, ...)
{
    TRAJ_ASSERT(status != TRAJ_OK);
    if (err) {
        err->status = status;
        va_list arguments;
        va_start(arguments, format);
        /* A sentence that does not fit is cut, which still says more than none. */
        (void)vsnprintf(err->text, sizeof err->text, format, arguments);
        va_end(arguments);
        blank_controls(err->text);
    }
    return status;
}

traj_status traj_fail_memory(traj_error *err, const char *what)
{
    return traj_fail(err, TRAJ_E_MEMORY,
                     "not enough memory for %s: close other programs or choose smaller sizes",
                     what);
}

const char *traj_status_text(traj_status status)
{
    return row_of(status)->text;
}

int traj_status_exit_code(traj_status status)
{
    return row_of(status)->exit_code;
}
