/* The files of --players as matches, read and announced the same way for every command. */
#ifndef TRAJ_CLI_MATCHES_H
#define TRAJ_CLI_MATCHES_H

#include "traj/cli/settings.h"
#include "traj/io/json.h"

typedef struct traj_matches {
    traj_recording *item;  /* owned [count] */
    traj_guesses *guesses; /* owned [count] */
    size_t count;
} traj_matches;

/* traj_recording_read with the folder of packed recordings that --cache tells: itself, none, or,
 * where it is not given, traj/ in the user's folder for such things ($XDG_CACHE_HOME, else
 * ~/.cache). */
traj_status traj_match_read(const traj_settings *settings, const char *const *files, int count,
                            traj_recording *recording, traj_guesses *guesses, traj_error *err);

/* Reads every match and prints its guesses unless settings->quiet. Errors: those of
 * traj_recording_read; TRAJ_E_USAGE without files. */
traj_status traj_matches_read(const traj_settings *settings, const traj_text_list *files,
                              traj_matches *matches, traj_error *err);
/* --meta and --roster name files of one match. Errors: TRAJ_E_USAGE where there are more. */
traj_status traj_matches_check_companions(const traj_read_options *read, size_t matches,
                                          traj_error *err);
void traj_matches_free(traj_matches *matches);

/* Replaces every recording by itself at rate_hz, cut at gaps, and says so. Errors: those of
 * traj_recording_resample; TRAJ_E_DATA where nothing is left of any. */
traj_status traj_matches_resample(traj_matches *matches, double rate_hz, traj_error *err);

/* --rate: native (0: as in the file) or a number of Hz. Errors: TRAJ_E_USAGE. */
traj_status traj_rate_parse(const char *text, double *rate_hz, traj_error *err);

/* Facts and guesses of every match, appended to a JSON array: what config.json keeps. */
void traj_matches_to_json(const traj_matches *matches, traj_json *array);

#endif
