/* The folder of a model: where it is, what it holds beside the weights. */
#ifndef TRAJ_CLI_MODEL_FOLDER_H
#define TRAJ_CLI_MODEL_FOLDER_H

#include "matches.h"
#include "traj/train/trainer.h"
#include "traj/train/weights.h"

enum { TRAJ_PATH = 1024 };

/* Where `traj train` writes: --out, or models/<model>-<name of the data>, numbered when taken. With
 * --resume and no --out: what models/latest points at. Errors: TRAJ_E_USAGE when --out already
 * holds a model and neither --resume nor --overwrite is given, and when there is nothing to resume.
 */
traj_status traj_folder_choose(const traj_settings *settings, char folder[TRAJ_PATH],
                               traj_error *err);

bool traj_folder_has_checkpoint(const char *folder);

/* Before a new run: removes the weights, checkpoint and log of an earlier one, the checkpoint
 * first, so that --resume never goes on from another run's. Errors: TRAJ_E_IO. */
traj_status traj_folder_clear(const char *folder, traj_error *err);

/* --resume: takes every option that no flag sets from the folder's config.json. */
traj_status traj_folder_resume(traj_settings *settings, const char *folder, traj_error *err);

/* config.json: versions, the effective options, facts and guesses about the data. */
traj_status traj_folder_write_config(const char *folder, const traj_settings *settings,
                                     const traj_matches *matches, const traj_norm *norm,
                                     traj_error *err);

/* README.md: the model card. */
traj_status traj_folder_write_card(const char *folder, const traj_settings *settings,
                                   const traj_matches *matches, const traj_report *report,
                                   size_t parameters, traj_error *err);

/* Points models/latest at the folder, when it lies in models/. */
traj_status traj_folder_point(const char *folder, traj_error *err);

/* Loads weights; where --players is not given, takes the data the model was validated on and how it
 * was read from config.json. */
traj_status traj_folder_load(traj_settings *settings, unsigned command, traj_trained *trained,
                             traj_error *err);

/* The options that `traj train` made the folder with; settings: empty, to be freed in any case. */
traj_status traj_folder_training(const char *folder, traj_settings *settings, traj_error *err);

/* The same as one text without those that do not change what is learnt but by chance (seed, out,
 * threads): two models of one text are two seeds of one configuration. Owned by the caller; NULL
 * when there is no such text. */
char *traj_folder_configuration(const char *folder);

#endif
