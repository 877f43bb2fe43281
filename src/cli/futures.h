/* What `traj rollout` and `traj impute` have in common: moments of the data, what a model makes of
 * each, and the file of it. */
#ifndef TRAJ_CLI_FUTURES_H
#define TRAJ_CLI_FUTURES_H

#include "model_folder.h"
#include "places.h"
#include "rollout_file.h"
#include "sampler_list.h"
#include "traj/io/file.h"

typedef struct traj_futures {
    traj_settings *settings; /* view: its `rollout` says how */
    unsigned command;
    traj_trained trained; /* model NULL where none is wanted */
    traj_matches matches;
    traj_places places;
    traj_sampler_list sampler; /* count 0 where the model has none */
    traj_pool *pool;
    double rate_hz;          /* of the model; without one, of the data */
    traj_clean_counts clean; /* of the moments cut so far */
} traj_futures;

/* Loads the model (unless with_model is false), reads the data up to what --at lets be known, finds
 * the moments and starts the threads. Errors: those of the steps; TRAJ_E_USAGE for options that do
 * not go together. Close in any case. */
traj_status traj_futures_open(traj_futures *futures, traj_settings *settings, unsigned command,
                              bool with_model, traj_error *err);
void traj_futures_close(traj_futures *futures);

/* The number-th moment at rate_hz, with burn_in frames before it and `future` after it. Free with
 * traj_moment_free. */
traj_status traj_futures_cut(traj_futures *futures, size_t number, int future, traj_moment *moment,
                             traj_error *err);

/* The options as a rollout of this model, from no moment yet. Views all three. */
traj_rollout traj_rollout_of(const traj_rollout_config *config, const traj_trained *trained,
                             const traj_sampler_list *sampler);

/* The options as a rollout from the moment; held: view, see traj_rollout. */
traj_rollout traj_futures_rollout(const traj_futures *futures, size_t number,
                                  const traj_moment *moment, const unsigned char *held);

/* Opens the file `out` and writes its header, then one record per moment. */
traj_status traj_futures_begin(const traj_futures *futures, const char *out, traj_output *output,
                               traj_error *err);
void traj_futures_write(const traj_futures *futures, size_t number, const traj_moment *moment,
                        const traj_forecast *forecast, FILE *stream);

/* The chains of the number-th moment's first sample, with their header. */
void traj_futures_write_chain(const traj_futures *futures, size_t number, const traj_moment *moment,
                              const traj_forecast *forecast, const traj_chain *chain, FILE *stream);

/* Puts the file in its place and the sidecar beside it; nothing stands beside stdout,
 * a pipe or a device. After a failure (status not TRAJ_OK) drops the file. Returns the first
 * failure. */
traj_status traj_futures_end(const traj_futures *futures, const char *out, traj_output *output,
                             traj_status status, traj_error *err);

/* Says what cleaning did to the moments. */
void traj_futures_announce(const traj_futures *futures);

#endif
