/* traj convert: one match, read as every command reads it, written in another format. */
#include "cleaning.h"
#include "matches.h"
#include "sidecar.h"
#include "traj/cli/command.h"
#include "traj/data/writer.h"

traj_status cmd_convert(traj_settings *settings, traj_error *err)
{
    traj_matches matches;
    char out[TRAJ_PATH];
    double rate_hz;
    traj_status status = traj_rate_parse(settings->convert_rate, &rate_hz, err);
    if (status != TRAJ_OK) return status;
    status = traj_matches_read(settings, &settings->players, &matches, err);
    if (status != TRAJ_OK) return status;
    if (matches.count > 1)
        status = traj_fail(err, TRAJ_E_USAGE,
                           "these are %zu matches; convert them one by one, each to its own --out",
                           matches.count);
    traj_tracks_name(out, settings->convert_out, "converted", settings->convert_to);
    if (status == TRAJ_OK) status = traj_matches_clean(settings, &matches, err);
    if (status == TRAJ_OK && rate_hz > 0) status = traj_matches_resample(&matches, rate_hz, err);
    if (status == TRAJ_OK)
        status = traj_recording_write(&matches.item[0], settings->convert_to, out, err);
    traj_matches_free(&matches);
    return status;
}
