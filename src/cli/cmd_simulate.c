/* traj simulate: a simulated match as tracking data. */
#include "sidecar.h"
#include "traj/base/log.h"
#include "traj/cli/command.h"
#include "traj/data/writer.h"

#include <inttypes.h>

traj_status cmd_simulate(traj_settings *settings, traj_error *err)
{
    traj_recording recording;
    char out[TRAJ_PATH];
    traj_recording_init(&recording);
    traj_tracks_name(out, settings->out_file, "simulated", settings->to);
    traj_status status = traj_simulate(&settings->simulate, &recording, err);
    if (status == TRAJ_OK) status = traj_recording_write(&recording, settings->to, out, err);
    if (status == TRAJ_OK)
        traj_log_info("wrote %s: %g minutes at %g Hz, seed %" PRIu64, out,
                      settings->simulate.minutes, settings->simulate.rate_hz,
                      settings->simulate.seed);
    traj_recording_free(&recording);
    return status;
}
