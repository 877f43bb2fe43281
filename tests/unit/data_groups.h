/* The groups of unit_data, one file each, and what they share. */
#ifndef TRAJ_TESTS_DATA_GROUPS_H
#define TRAJ_TESTS_DATA_GROUPS_H

#include "traj/data/reader.h"
#include "unit/check.h"

int data_reader_tests(void);
int data_grid_tests(void);
int data_quality_tests(void);
int data_rate_tests(void);
int data_guess_tests(void);
int data_home_tests(void);
int data_resample_tests(void);
int data_told_tests(void);
int data_savgol_tests(void);
int data_clean_tests(void);
int data_missing_tests(void);
int data_doubts_tests(void);
int data_writer_tests(void);
int data_shared_tests(void);
int data_cache_tests(void);
int data_simulate_tests(void);
int data_window_tests(void);
int data_scene_tests(void);
int data_crowd_tests(void);
int data_array_tests(void);
int data_tracab_tests(void);
int data_skillcorner_tests(void);
int data_secondspectrum_tests(void);
int data_pff_tests(void);
int data_sportec_tests(void);
int data_cdf_tests(void);
int data_signality_tests(void);
int data_nba_tests(void);
int data_nfl_tests(void);
int data_statsperform_tests(void);
int data_epts_tests(void);
int data_hawkeye_tests(void);
int data_respovision_tests(void);

/* Values of a JSON array or object, as texts in a row. */
#define PAIR(a, b)    a "," b
#define TRIO(a, b, c) a "," b "," c

/* Group set-up: a fresh folder as *state. Group tear-down: removes it with its files. */
int data_folder_setup(void **state);
int data_folder_teardown(void **state);

/* folder/name, in one of four static buffers; data_file writes text into it. */
const char *data_path(void *const *state, const char *name);
const char *data_file(void *const *state, const char *name, const char *text);

/* A file as text, cut to fit; returns text. */
const char *data_text(const char *path, char *text, size_t size);

/* Reads a file that must be readable. */
traj_recording data_read(const char *path, const traj_read_options *options, traj_guesses *guesses);

/* Reads a text with the usual options. */
traj_recording data_read_text(void *const *state, const char *text, traj_guesses *guesses);

/* The usual options with these metadata, in a file of this name; NULL: without any. */
traj_read_options data_told(void *const *state, const char *name, const char *metadata);

/* Reads a text that must be refused; the sentence must hold `part`. */
void data_refuse(void *const *state, const char *text, const traj_read_options *options,
                 traj_status status, const char *part);

/* A text, and what the sentence that refuses it must hold. */
typedef struct data_case {
    const char *text, *part;
} data_case;

/* Reads each text, which must be refused for what stands in it. */
void data_refuse_all(void *const *state, const data_case *cases, size_t count,
                     const traj_read_options *options);

/* Reads the text with each case as its metadata, in a file of this name; likewise. */
void data_refuse_metadata(void *const *state, const char *text, const char *name,
                          const data_case *cases, size_t count);

/* Reads a file again and again, each time with another allocation failing: nothing but
 * TRAJ_E_MEMORY may come of it, until none fails. */
void data_fail_allocations(const char *path, const traj_read_options *options);

/* The text of the first guess on a subject; fails the test where there is none. */
const char *data_guess_text(const traj_guesses *guesses, const char *subject);

/* One position of sequence s, agent by id. */
const float *data_pos(const traj_recording *recording, size_t s, size_t frame, const char *id);
/* Whether it is marked as estimated; the sequence must have marks. */
bool data_extrapolated(const traj_recording *recording, size_t s, size_t frame, const char *id);
const traj_agent *data_agent(const traj_recording *recording, size_t s, const char *id);

/* The game in a frame must be told so. */
void data_assert_play(const traj_recording *recording, size_t s, size_t frame, traj_ball_state ball,
                      traj_ball_owner owner);

/* The header and rows of a wide match of eleven a side, both teams in their halves, home on the
 * left: `frames` frames at 25 Hz, x and y multiplied by scale and moved by (move_x, move_y). Owned
 * by the caller (traj_free). */
char *data_match(int frames, double scale, double move_x, double move_y, const char *name_format);

#endif
