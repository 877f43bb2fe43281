/* See training_data.h. */
#include "training_data.h"
#include "cleaning.h"
#include "matches.h"
#include "traj/base/log.h"
#include "traj/data/window.h"
#include <string.h>

double traj_training_share(const traj_settings *training)
{
    return training->train.valid_file[0] ? 1 : 1 - training->train.valid_fraction;
}

/* A file that both lists name, or NULL. */
static const char *common(const traj_text_list *a, const traj_text_list *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (!strcmp(a->item[i], b->item[j])) return a->item[i];
    return NULL;
}

/* The neighbours in the first `share` of each match of `files`. */
static traj_status read(const traj_settings *how, const traj_text_list *files, double share,
                        const traj_protocol *protocol, traj_neighbours **neighbours,
                        traj_error *err)
{
    const int frames = protocol->burn_in + protocol->horizon;
    traj_matches matches;
    traj_windows windows = {0};
    traj_status status = traj_matches_read(how, files, &matches, err);
    if (status == TRAJ_OK) status = traj_matches_clean(how, &matches, err);
    if (status == TRAJ_OK) status = traj_matches_resample(&matches, protocol->rate_hz, err);
    if (status == TRAJ_OK)
        status = traj_windows_cut(matches.item, matches.count, frames, how->train.stride, 0, share,
                                  share < 1 ? frames : 0, &windows, err);
    if (status == TRAJ_OK && !windows.count)
        status = traj_fail(err, TRAJ_E_DATA, "%s: no stretch of %d frames at %g Hz",
                           matches.item[0].source, frames, protocol->rate_hz);
    if (status == TRAJ_OK)
        status = traj_neighbours_new(neighbours, matches.item, &windows, protocol->burn_in,
                                     protocol->horizon, err);
    if (status == TRAJ_OK)
        traj_log_info("nearest neighbour: looks into %zu windows of %s%s", windows.count,
                      matches.item[0].source, matches.count > 1 ? " and others" : "");
    traj_windows_free(&windows);
    traj_matches_free(&matches);
    return status;
}

/* All of the files of --train, read as --players is. */
static traj_status read_named(const traj_settings *settings, const traj_protocol *protocol,
                              traj_neighbours **neighbours, traj_error *err)
{
    const char *const both = common(&settings->training, &settings->players);
    if (both)
        return traj_fail(
            err, TRAJ_E_USAGE,
            "--train %s is evaluated, too: its nearest neighbours would be the answers; name other "
            "data, or none",
            both);
    traj_settings how = *settings; /* shares the lists */
    how.read.first_frame = INT64_MIN;
    how.read.last_frame = INT64_MAX;
    how.read.meta[0] = how.read.roster[0] = '\0'; /* they are of --players */
    return read(&how, &settings->training, 1, protocol, neighbours, err);
}

traj_status traj_training_read(const traj_settings *settings, const traj_settings *training,
                               const traj_protocol *protocol, traj_neighbours **neighbours,
                               traj_error *err)
{
    traj_error reason;
    *neighbours = NULL;
    if (settings->training.count) {
        if (!strcmp(settings->training.item[0], "none")) return TRAJ_OK;
        return read_named(settings, protocol, neighbours, err);
    }
    if (!training) {
        traj_log_info("nearest neighbour: left out, there is no training data; name some with "
                      "--train FILE");
        return TRAJ_OK;
    }
    traj_settings how = *training; /* shares the lists */
    how.quiet = 1;
    memcpy(how.read.cache, settings->read.cache, sizeof how.read.cache);
    if (read(&how, &training->players, traj_training_share(training), protocol, neighbours,
             &reason) != TRAJ_OK)
        traj_log_warn("nearest neighbour: left out, because the model's training data cannot be "
                      "read (%s); name it with --train FILE",
                      reason.text);
    return TRAJ_OK;
}

void traj_training_warn(const traj_settings *settings, const traj_settings *training,
                        const char *name)
{
    const char *const both = common(&settings->players, &training->players);
    if (!both || settings->read.first_frame > training->read.last_frame ||
        settings->read.last_frame < training->read.first_frame)
        return;
    traj_log_warn("%s was trained on %s: on these frames it, and the nearest neighbour, look "
                  "better than they are; keep others with --frames A:B, or leave --players out",
                  name, both);
}
