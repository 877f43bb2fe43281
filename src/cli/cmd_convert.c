/* traj convert: one match, read as every command reads it, written as CSV. */
#include "matches.h"
#include "traj/cli/command.h"
#include "traj/data/writer.h"
#include <stdlib.h>
#include <string.h>

/* --rate native keeps the source's. */
static traj_status parse_rate(const char *text, double *rate_hz, traj_error *err)
{
    char *end;
    *rate_hz = 0;
    if (!strcmp(text, "native")) return TRAJ_OK;
    *rate_hz = strtod(text, &end);
    if (end != text && !*end && *rate_hz >= 0.1 && *rate_hz <= 1000) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_USAGE,
                     "--rate: expected native or a number from 0.1 to 1000 Hz, got '%s'", text);
}

traj_status cmd_convert(traj_settings *settings, traj_error *err)
{
    traj_matches matches;
    double rate_hz;
    traj_status status = parse_rate(settings->convert_rate, &rate_hz, err);
    if (status != TRAJ_OK) return status;
    status = traj_matches_read(settings, &settings->players, &matches, err);
    if (status != TRAJ_OK) return status;
    if (matches.count > 1)
        status = traj_fail(err, TRAJ_E_USAGE,
                           "these are %zu matches; convert them one by one, each to its own --out",
                           matches.count);
    if (status == TRAJ_OK && rate_hz > 0) status = traj_matches_resample(&matches, rate_hz, err);
    if (status == TRAJ_OK)
        status = traj_recording_write(&matches.item[0], (traj_layout_kind)settings->convert_layout,
                                      settings->convert_out, err);
    traj_matches_free(&matches);
    return status;
}
