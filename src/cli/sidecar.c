/* See sidecar.h. */
#include "sidecar.h"
#include "traj/cli/options.h"
#include "traj/data/writer.h"
#include <inttypes.h>
#include <string.h>

traj_json *traj_sidecar_new(const traj_settings *settings, unsigned command,
                            const traj_trained *trained, const traj_matches *matches,
                            double rate_hz)
{
    const traj_recording *const first = &matches->item[0];
    traj_json *const root = traj_json_object();
    traj_json_set_string(root, "traj", TRAJ_VERSION);
    if (trained->model) {
        char hash[24];
        snprintf(hash, sizeof hash, "%016" PRIx64, trained->hash);
        traj_json_set_string(root, "model", traj_model_config_of(trained->model)->type);
        traj_json_set_string(root, "model_folder", settings->model_folder);
        traj_json_set_string(root, "model_hash", hash);
    }
    traj_json_set_string(root, "source", first->source);
    traj_json_set_number(root, "rate_hz", rate_hz);
    traj_json *const pitch_m = traj_json_set_array(root, "pitch_m");
    traj_json_append_number(pitch_m, first->pitch_length_m);
    traj_json_append_number(pitch_m, first->pitch_width_m);
    traj_json_set_string(root, "orientation", first->home_right ? "home-right" : "keep");
    traj_options_to_json(settings, command, traj_json_set_object(root, "options"));
    return root;
}

traj_status traj_sidecar_write(const traj_json *root, const char *out, traj_error *err)
{
    char path[TRAJ_PATH];
    const size_t length = strlen(out);
    const bool csv = length > 4 && !strcmp(out + length - 4, ".csv");
    snprintf(path, sizeof path, "%.*s.json", (int)(csv ? length - 4 : length), out);
    return traj_json_write(path, root, err);
}

void traj_tracks_name(char name[TRAJ_PATH], const char *told, const char *stem, const char *format)
{
    const bool named = told[0] != '\0';
    snprintf(name, TRAJ_PATH, "%s%s", named ? told : stem, named ? "" : traj_writer_suffix(format));
}
