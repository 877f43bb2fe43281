/* Files -> recordings. One row per format in the table of src/data/reader.c, one file per format
 * beside it.
 *
 * Every reader ends in the pitch frame of recording.h. What a file does not say is guessed, and
 * each guess is appended to traj_guesses with its reason and the flag that overrides it; the caller
 * prints them. */
#ifndef TRAJ_DATA_READER_H
#define TRAJ_DATA_READER_H

#include "traj/data/recording.h"

/* What the user may say to override a guess. Empty strings and zeros mean: find out. One row each
 * in the option table. */
typedef struct traj_read_options {
    char format[32];       /* --format: a name in the reader table */
    char unit[16];         /* --unit: metres yards feet cm normalised percent */
    char origin[16];       /* --origin: centre centre-down (y down) bottom-left top-left */
    char home[64];         /* --home: the name, id or prefix of the home team */
    char orient[16];       /* --orient: home-right (default: turn periods so) or keep */
    char sides[64];        /* --home-attacks: "right", "left", or one per period: "right,left" */
    char keepers[64];      /* --keepers: ids of goalkeepers, "home_1,away_25", or "none" */
    char ball[48];         /* --ball: id of the agent that is the ball, or "none" */
    char meta[512];        /* --meta: the file that holds the match's metadata, or "none" */
    char roster[512];      /* --roster: the file that holds its players, or "none" */
    char cache[512];       /* the folder of packed recordings; "" = read anew each time */
    double source_rate_hz; /* --source-rate */
    double pitch_length_m, pitch_width_m; /* --pitch 105x68, in metres after conversion */
    double quantum_m;                     /* --quantum; negative: measure */
    int64_t first_frame, last_frame;      /* --frames A:B; INT64_MIN and INT64_MAX = all */
    /* Guesses look at no position after this frame id (rollout --at FRAME: what comes later must
     * not reach the result, not even as a goalkeeper found by it); INT64_MAX = at all. */
    int64_t guess_until;
} traj_read_options;

void traj_read_options_init(traj_read_options *options);

/* Reads one match or play collection: one file, or those that traj_recording_group found to belong
 * together. Metadata are taken from options->meta and roster, or, where those are empty, from files
 * beside the first one whose names are as the provider gives them. "-" is stdin. What has been read
 * before is taken from options->cache, where that is a folder, and kept there: recording and
 * guesses are the same, whatever the folder holds. Errors: TRAJ_E_IO,
 * TRAJ_E_MEMORY, TRAJ_E_DATA with file:line: column ..., what was expected, what was there, remedy.
 * On error *recording is empty. Threads: any, different recordings. */
traj_status traj_recording_read(const char *const *files, int count,
                                const traj_read_options *options, traj_recording *recording,
                                traj_guesses *guesses, traj_error *err);

/* Groups a command line's files into matches: a Metrica home/away pair is one match, as are the
 * parts of one in formats that come in several files; any other file is one. group[i] = match
 * number of files[i], numbered 0.. in order. Returns the number of matches. Never fails: unreadable
 * files are matches of their own (reading them later gives the message). */
int traj_recording_group(const char *const *files, int count, int *group);

/* Names of the formats, for help: NULL-terminated. */
const char *const *traj_reader_names(void);

#endif
