/* The formats that can be read: one row each in the table of reader.c, one file each beside it. */
#ifndef TRAJ_DATA_FORMATS_H
#define TRAJ_DATA_FORMATS_H

#include "columns.h"
#include "tracks.h"
#include "traj/data/reader.h"
#include "traj/io/input.h"

/* What one match is read from. */
typedef struct traj_sources {
    traj_input *const *data;           /* view [count], in the order in which the user named them */
    int count;                         /* 1..traj_format.files */
    traj_input *meta, *roster, *venue; /* views; NULL: there is none */
} traj_sources;

/* Is this the format of a file with these first bytes, at most TRAJ_INPUT_HEAD? */
typedef bool traj_format_sniff(const char *bytes, size_t size);

/* Pours the data into tracks and the metadata into tracks->facts. Errors: TRAJ_E_IO, TRAJ_E_MEMORY,
 * TRAJ_E_DATA. */
typedef traj_status traj_format_read(const traj_sources *from, traj_tracks *tracks,
                                     traj_error *err);

/* Do two files of the format, by their names, belong to one match? */
typedef bool traj_format_joins(const char *a, const char *b);

typedef struct traj_format {
    const char *name;
    const char *why; /* what gives it away: "by its header line" */
    traj_format_sniff *sniff;
    traj_format_read *read;
    int files;                /* of one match, at most */
    traj_format_joins *joins; /* where there may be several */
    bool pairs;               /* two that are named one after the other are one match, too */
    bool gathers;             /* one being named, those that join it are looked for beside it */
    const char *meta, *roster, *venue; /* names beside the data (companions.h); NULL: it has none */
} traj_format;

/* A file in memory. */
typedef struct traj_bytes {
    const char *file;  /* view: its name */
    const char *bytes; /* view */
    size_t size;
} traj_bytes;

/* All of an input, for readers that want it in one piece; views while it is open. Errors: those of
 * traj_input_all. */
traj_status traj_source_bytes(traj_input *input, traj_bytes *bytes, traj_error *err);

traj_format_sniff traj_metrica_sniff, traj_long_sniff, traj_wide_sniff, traj_array_sniff,
    traj_trajnet_sniff, traj_obsmat_sniff, traj_ethucy_sniff, traj_tracab_sniff,
    traj_skillcorner_sniff, traj_secondspectrum_sniff, traj_pff_sniff, traj_sportec_sniff,
    traj_cdf_sniff, traj_nba_sniff;
traj_format_read traj_metrica_read, traj_long_read, traj_wide_read, traj_array_read,
    traj_trajnet_read, traj_obsmat_read, traj_ethucy_read, traj_tracab_read, traj_skillcorner_read,
    traj_secondspectrum_read, traj_pff_read, traj_sportec_read, traj_cdf_read, traj_nba_read;
traj_format_sniff traj_respovision_sniff;
traj_format_read traj_respovision_read;

traj_format_sniff traj_nfl_sniff;
traj_format_read traj_nfl_read;

traj_format_sniff traj_statsperform_sniff, traj_epts_sniff;
traj_format_read traj_statsperform_read, traj_epts_read;

/* Formats of a match in several files. */
traj_format_sniff traj_signality_sniff, traj_hawkeye_sniff;
traj_format_read traj_signality_read, traj_hawkeye_read;
traj_format_joins traj_metrica_joins, traj_signality_joins, traj_hawkeye_joins, traj_nfl_joins;

/* traj_recording_read for inputs that are open: everything but the search for files. */
traj_status traj_recording_parse(const traj_sources *from, const traj_read_options *options,
                                 traj_recording *recording, traj_guesses *guesses, traj_error *err);

/* The pair of columns of one agent in a file with one row a frame. */
typedef struct traj_pair {
    size_t x, y, z;           /* columns; z is TRAJ_NO_COLUMN but for a ball with height */
    uint32_t sequence, agent; /* where this agent was found last; TRAJ_INDEX_NONE = nowhere yet */
    traj_track_text label, id;
    int jersey;
    bool ball;
} traj_pair;

/* The same in short, for the rows of one sequence. */
typedef struct traj_pair_place {
    uint32_t x, y, z; /* columns of the file; z: TRAJ_INDEX_NONE: there is none */
    uint32_t column;  /* of the grid; TRAJ_NO_SEAT: he was not seen yet */
} traj_pair_place;

/* One row a frame: what wide and metrica share. */
typedef struct traj_pairs {
    traj_pair *pair; /* owned [count] */
    size_t count, capacity;
    traj_pair_place *place; /* owned [count]; NULL: before the first row */
    uint32_t placed;        /* the sequence that place is of, */
    size_t seated;          /* when so many had been seen in it */
    bool twins;             /* two pairs are of one agent */
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
