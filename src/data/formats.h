/* The formats that can be read: one row each in the table of reader.c, one file each beside it. */
#ifndef TRAJ_DATA_FORMATS_H
#define TRAJ_DATA_FORMATS_H

#include "columns.h"
#include "tracks.h"
#include "traj/data/reader.h"

typedef struct traj_bytes { /* a file in memory */
    const char *file;       /* view: its name */
    const char *bytes;      /* view */
    size_t size;
} traj_bytes;

/* Is this the format of a file with these first bytes? */
typedef bool traj_format_sniff(const char *bytes, size_t size);

/* Pours files[0..count) into tracks. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA. */
typedef traj_status traj_format_read(const traj_bytes *files, int count, traj_tracks *tracks,
                                     traj_error *err);

typedef struct traj_format {
    const char *name;
    const char *why; /* what gives it away: "by its header line" */
    traj_format_sniff *sniff;
    traj_format_read *read;
} traj_format;

traj_format_sniff traj_metrica_sniff, traj_long_sniff, traj_wide_sniff, traj_array_sniff,
    traj_trajnet_sniff, traj_obsmat_sniff, traj_ethucy_sniff;
traj_format_read traj_metrica_read, traj_long_read, traj_wide_read, traj_array_read,
    traj_trajnet_read, traj_obsmat_read, traj_ethucy_read;

/* traj_recording_read for files in memory: everything but the reading of bytes. count is 1 or 2. */
traj_status traj_recording_parse(const traj_bytes *files, int count,
                                 const traj_read_options *options, traj_recording *recording,
                                 traj_guesses *guesses, traj_error *err);

/* The pair of columns of one agent in a file with one row a frame. */
typedef struct traj_pair {
    size_t x, y, z; /* columns; z is TRAJ_NO_COLUMN but for a ball with height */
    traj_track_text label, id;
    int jersey;
    bool ball;
    uint32_t sequence, agent; /* where this agent was found last; TRAJ_INDEX_NONE = nowhere yet */
} traj_pair;

/* One row a frame: what wide and metrica share. */
typedef struct traj_pairs {
    traj_pair *pair; /* owned [count] */
    size_t count, capacity;
    traj_columns columns;   /* owned */
    struct traj_keys *keys; /* view */
    traj_tracks *tracks;    /* view */
    bool joins;             /* another file already brought these frames */
} traj_pairs;

/* Appends a pair. Errors: TRAJ_E_MEMORY. */
traj_status traj_pairs_add(traj_pairs *pairs, const traj_pair *pair, traj_error *err);
/* Pours one row. Errors: TRAJ_E_MEMORY, TRAJ_E_DATA (ragged row, no number, frame twice). */
traj_status traj_pairs_row(traj_pairs *pairs, const traj_csv_row *row, traj_error *err);
void traj_pairs_free(traj_pairs *pairs);

#endif
