/* traj simulate: a simulated match as tracking data. */
#include "traj/base/log.h"
#include "traj/cli/command.h"
#include "traj/data/writer.h"

#include <inttypes.h>

traj_status cmd_simulate(traj_settings *settings, traj_error *err)
{
    traj_recording recording;
    traj_recording_init(&recording);
    traj_status status = traj_simulate(&settings->simulate, &recording, err);
    if (status == TRAJ_OK)
        status = traj_recording_write(&recording, (traj_layout_kind)settings->layout,
                                      settings->out_file, err);
    if (status == TRAJ_OK)
        traj_log_info("wrote %s: %g minutes at %g Hz, seed %" PRIu64, settings->out_file,
                      settings->simulate.minutes, settings->simulate.rate_hz,
                      settings->simulate.seed);
    traj_recording_free(&recording);
    return status;
}
