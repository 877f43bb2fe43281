/* Everything a command line can say, in one struct: the rooms' own option structs side by side, and
 * what only cli needs.
 *
 * Nobody fills it by hand: every field is the target of a row of the option table
 * (src/cli/option_table.c), which also holds its default. */
#ifndef TRAJ_CLI_SETTINGS_H
#define TRAJ_CLI_SETTINGS_H

#include "traj/data/clean.h"
#include "traj/data/reader.h"
#include "traj/data/simulate.h"
#include "traj/eval/metric.h"
#include "traj/gen/rollout_config.h"
#include "traj/model/model_config.h"
#include "traj/train/train_config.h"

/* Who sets an option; the later in this list wins. */
typedef enum traj_source {
    TRAJ_BY_DEFAULT,
    TRAJ_BY_PRESET,
    TRAJ_BY_CONFIG,
    TRAJ_BY_ENVIRONMENT,
    TRAJ_BY_FLAG
} traj_source;

enum { TRAJ_OPTION_LIMIT = 160 }; /* rows of the option table at most */

typedef struct traj_text_list {
    char **item; /* owned [count], each owned */
    size_t count, capacity;
} traj_text_list;

typedef struct traj_settings {
    traj_read_options read;         /* train, rollout, score, info */
    traj_clean_options clean;       /* those that read, too */
    traj_model_config model;        /* train */
    traj_train_config train;        /* train */
    traj_rollout_config rollout;    /* rollout, impute, evaluate */
    traj_simulate_options simulate; /* simulate */

    traj_text_list players;    /* --players, and the plain arguments of info */
    char model_folder[512];    /* rollout, score: --model */
    traj_text_list models;     /* evaluate: --model; none = models/latest */
    traj_text_list training;   /* evaluate: --train; none = what the first model was trained on */
    char protocol[16];         /* evaluate: --protocol */
    char baselines[256];       /* evaluate: --baselines */
    char per_scene[512];       /* evaluate: --per-scene; empty = no file */
    traj_metric_limits limits; /* evaluate: --miss-distance, --radius, --margin */
    int likelihood;            /* evaluate: --likelihood */
    int evaluate_importance;   /* evaluate: --importance */
    int resamples;             /* evaluate: --resamples */
    char hide[256];            /* impute: --hide */
    int impute_method;         /* impute: --method, a traj_impute_method */
    char impute_out[512];      /* impute: --out */
    char denoise_model[512];   /* denoise: --model; empty = none */
    char denoise_method[16];   /* denoise: --method; empty = the model where there is one */
    double denoise_noise_m;    /* denoise: --noise */
    int denoise_window;        /* denoise: --window */
    int denoise_samples;       /* denoise: --samples */
    int add_noise;             /* denoise: --add-noise */
    char denoise_out[512];     /* denoise: --out */
    char out_folder[512];      /* train: --out; empty = models/<name of the data> */
    char out_file[512];        /* simulate: --out; empty = simulated.csv or the like */
    char to[16];               /* simulate: --to, a format's name */
    char convert_out[512];     /* convert: --out; empty = converted.csv or the like */
    char convert_to[16];       /* convert: --to, a format's name */
    char convert_rate[16];     /* convert, denoise: --rate, native or a number of Hz */
    int importance_samples;    /* score: --samples; 0 = the ELBO only */
    int score_terms;           /* --terms */
    int score_future;          /* --future */
    int repeats;               /* bench: --repeats */
    uint64_t seed;             /* score, bench, denoise: --seed */
    int threads;               /* score, bench, denoise: --threads; 0 = all processors */

    /* What to do rather than how: from the command line only, never recorded. */
    char config[512]; /* --config */
    char preset[512]; /* --preset */
    int resume, overwrite, dry_run, json, quiet, verbose, help;
    int version, man, completion; /* help */
    traj_text_list topics;        /* the plain arguments of help */

    unsigned char source[TRAJ_OPTION_LIMIT]; /* traj_source of each row of the option table */
} traj_settings;

/* The defaults of the option table. traj_settings_free releases the lists and sets the defaults
 * again. */
void traj_settings_init(traj_settings *settings);
void traj_settings_free(traj_settings *settings);

#endif
