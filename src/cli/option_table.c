/* The one list of options. Help prints them in this order, with a heading wherever the group
 * changes. */
#include "traj/cli/options.h"

#include "traj/data/savgol.h"
#include "traj/data/writer.h"
#include "traj/eval/protocol.h"
#include "traj/model/model.h"

#include <stddef.h>

enum {
    TRAIN = TRAJ_CMD_TRAIN,
    ROLLOUT = TRAJ_CMD_ROLLOUT,
    SCORE = TRAJ_CMD_SCORE,
    BENCH = TRAJ_CMD_BENCH,
    INFO = TRAJ_CMD_INFO,
    SIMULATE = TRAJ_CMD_SIMULATE,
    HELP = TRAJ_CMD_HELP,
    CONVERT = TRAJ_CMD_CONVERT,
    IMPUTE = TRAJ_CMD_IMPUTE,
    DENOISE = TRAJ_CMD_DENOISE,
    EVALUATE = TRAJ_CMD_EVALUATE,
    FUTURES = ROLLOUT | IMPUTE,    /* those that write futures from moments on */
    GENERATE = FUTURES | EVALUATE, /* those that draw them */
    READ = TRAIN | GENERATE | SCORE | INFO | CONVERT | DENOISE, /* those that read tracking data */
    SMOOTH = TRAIN | GENERATE | INFO | CONVERT, /* of them those without better or worse reasons */
    ALL = TRAJ_CMD_ALL
};

/* Choices. A list for a CHOICE stands in the order of the enum it fills. */
static const char *const *output_names(void)
{
    static const char *const names[] = {"diagonal", "bivariate", "mixture", NULL};
    return names; /* traj_output_kind */
}

static const char *const *kl_schedule_names(void)
{
    static const char *const names[] = {"constant", "linear", "cyclical", NULL};
    return names; /* traj_kl_schedule */
}

static const char *const *unit_names(void)
{
    static const char *const names[] = {"metres",     "yards",   "feet", "cm",
                                        "normalised", "percent", NULL};
    return names;
}

static const char *const *origin_names(void)
{
    static const char *const names[] = {"centre", "centre-down", "bottom-left", "top-left", NULL};
    return names;
}

static const char *const *orient_names(void)
{
    static const char *const names[] = {"home-right", "keep", NULL};
    return names;
}

static const char *const *impute_method_names(void)
{
    static const char *const names[] = {"model", "linear", "cv", NULL};
    return names; /* traj_impute_method */
}

static const char *const *denoise_method_names(void)
{
    static const char *const names[] = {"model", "kalman", "savgol", NULL};
    return names; /* traj_denoise_method */
}

static const char *const *layout_names(void)
{
    static const char *const names[] = {"long", "wide", NULL};
    return names;
}

static const char *const *schedule_names(void)
{
    static const char *const names[] = {"linear", "quad", "sigmoid", "cosine", "geometric", NULL};
    return names; /* traj_schedule_kind */
}

static const char *const *gamma_names(void)
{
    static const char *const names[] = {"fixed", "linear", "monotone", NULL};
    return names; /* traj_gamma_kind */
}

static const char *const *predict_names(void)
{
    static const char *const names[] = {"eps", "x0", "v", "score", NULL};
    return names; /* traj_predict_kind */
}

static const char *const *variance_names(void)
{
    static const char *const names[] = {"small", "large", "learned", NULL};
    return names; /* traj_variance_kind */
}

static const char *const *loss_names(void)
{
    static const char *const names[] = {"simple", "bound", "hybrid", NULL};
    return names; /* traj_diffusion_loss */
}

/* clang-format off */
/* One macro per type, two lines a row. */
#define SIZE(MEMBER) sizeof(((traj_settings *)0)->MEMBER)
#define SECOND(MEMBER) .offset2 = offsetof(traj_settings, MEMBER), .size2 = SIZE(MEMBER)
#define ROW(GROUP, COMMANDS, KEY, TYPE, MEMBER, STANDARD, UNIT, METAVAR, HELP)                     \
    .key = KEY, .group = GROUP, .commands = COMMANDS, .type = TRAJ_OPTION_##TYPE,                  \
    .offset = offsetof(traj_settings, MEMBER), .size = SIZE(MEMBER),                               \
    .standard = STANDARD, .unit = UNIT, .metavar = METAVAR, .help = HELP

#define INT(GROUP, COMMANDS, KEY, MEMBER, STANDARD, MIN, MAX, UNIT, HELP)                          \
    {ROW(GROUP, COMMANDS, KEY, INT, MEMBER, STANDARD, UNIT, "N", HELP), .min = MIN, .max = MAX}
#define SEED(GROUP, COMMANDS, KEY, MEMBER, STANDARD, HELP)                                         \
    {ROW(GROUP, COMMANDS, KEY, SEED, MEMBER, STANDARD, "", "N", HELP)}
#define REAL(GROUP, COMMANDS, KEY, MEMBER, STANDARD, MIN, MAX, UNIT, HELP)                         \
    {ROW(GROUP, COMMANDS, KEY, REAL, MEMBER, STANDARD, UNIT, "X", HELP), .min = MIN, .max = MAX}
#define FLAG(GROUP, COMMANDS, KEY, MEMBER, STANDARD, HELP)                                         \
    {ROW(GROUP, COMMANDS, KEY, FLAG, MEMBER, STANDARD, "", "", HELP)}
#define TEXT(GROUP, COMMANDS, KEY, MEMBER, STANDARD, METAVAR, HELP)                                \
    {ROW(GROUP, COMMANDS, KEY, TEXT, MEMBER, STANDARD, "", METAVAR, HELP)}
#define NAME(GROUP, COMMANDS, KEY, MEMBER, STANDARD, METAVAR, CHOICES, HELP)                       \
    {ROW(GROUP, COMMANDS, KEY, NAME, MEMBER, STANDARD, "", METAVAR, HELP), .choices = CHOICES}
#define CHOICE(GROUP, COMMANDS, KEY, MEMBER, STANDARD, METAVAR, CHOICES, HELP)                     \
    {ROW(GROUP, COMMANDS, KEY, CHOICE, MEMBER, STANDARD, "", METAVAR, HELP), .choices = CHOICES}
#define FRAMES(GROUP, COMMANDS, KEY, FIRST, LAST, HELP)                                            \
    {ROW(GROUP, COMMANDS, KEY, FRAMES, FIRST, "", "", "A:B", HELP), SECOND(LAST)}
#define PITCH(GROUP, COMMANDS, KEY, LENGTH, WIDTH, STANDARD, MIN, MAX, HELP)                       \
    {ROW(GROUP, COMMANDS, KEY, PITCH, LENGTH, STANDARD, "m", "LxW", HELP), SECOND(WIDTH),          \
     .min = MIN, .max = MAX}
#define SHARE(GROUP, COMMANDS, KEY, MEMBER, FILE, STANDARD, MIN, MAX, HELP)                        \
    {ROW(GROUP, COMMANDS, KEY, SHARE, MEMBER, STANDARD, "", "FILE|X", HELP), SECOND(FILE),         \
     .min = MIN, .max = MAX}
#define FILES(GROUP, COMMANDS, KEY, MEMBER, METAVAR, HELP)                                         \
    {ROW(GROUP, COMMANDS, KEY, FILES, MEMBER, "", "", METAVAR, HELP)}

/* Controls say what to do rather than how. */
#define SWITCH(GROUP, COMMANDS, KEY, MEMBER, HELP)                                                 \
    {ROW(GROUP, COMMANDS, KEY, FLAG, MEMBER, "no", "", "", HELP), .control = true}
#define WORD(GROUP, COMMANDS, KEY, MEMBER, METAVAR, HELP)                                          \
    {ROW(GROUP, COMMANDS, KEY, TEXT, MEMBER, "", "", METAVAR, HELP), .control = true}
#define WORDS(GROUP, COMMANDS, KEY, MEMBER, METAVAR, HELP)                                         \
    {ROW(GROUP, COMMANDS, KEY, FILES, MEMBER, "", "", METAVAR, HELP), .control = true}

static const traj_option options[] = {
    FILES("Input", READ, "players", players, "FILE...",
          "tracking data; several files are several matches, but a Metrica home/away pair is one"),
    TEXT("Input", FUTURES | SCORE, "model", model_folder, "models/latest", "DIR",
         "folder of a trained model"),
    FILES("Input", EVALUATE, "model", models, "DIR...",
          "folders of trained models; models/latest unless given, none compares baselines only"),
    TEXT("Input", DENOISE, "model", denoise_model, "", "DIR",
         "folder of a trained ddpm or vdm; without one a smoother does the work"),
    SHARE("Input", TRAIN, "valid", train.valid_fraction, train.valid_file, "0.2", 0, 0.9,
          "validation data: a file, or the share cut off the end of each match"),
    FILES("Input", EVALUATE, "train", training, "FILE...",
          "data for the nearest-neighbour baseline, or none; unless given, what the first model "
          "was trained on"),
    FRAMES("Input", READ, "frames", read.first_frame, read.last_frame,
           "keep frame ids A to B of each file; A: and :B leave one end open"),
    WORD("Input", READ, "cache", read.cache, "DIR",
         "where large files are kept packed, once read, or none; $XDG_CACHE_HOME/traj unless "
         "given"),

    NAME("Data facts", READ, "format", read.format, "", "NAME", traj_reader_names,
         "file format instead of the one found"),
    TEXT("Data facts", READ, "meta", read.meta, "", "FILE",
         "the match's metadata, or none; else a file beside the data, named as providers do"),
    TEXT("Data facts", READ, "roster", read.roster, "", "FILE",
         "the match's players where they have a file of their own, or none"),
    NAME("Data facts", READ, "unit", read.unit, "", "UNIT", unit_names, "unit of the positions"),
    NAME("Data facts", READ, "origin", read.origin, "", "PLACE", origin_names,
         "where the positions count from"),
    PITCH("Data facts", READ, "pitch", read.pitch_length_m, read.pitch_width_m, "", 1, 500,
          "size of the pitch in metres"),
    TEXT("Data facts", READ, "home", read.home, "", "TEAM",
         "the home team: its name, id or column prefix"),
    TEXT("Data facts", READ, "home-attacks", read.sides, "", "SIDE",
         "where the home team attacks: right, left, or one side per period as in right,left"),
    NAME("Data facts", READ, "orient", read.orient, "", "HOW", orient_names,
         "direction of play afterwards, home-right unless given"),
    TEXT("Data facts", READ, "keepers", read.keepers, "", "LIST",
         "the goalkeepers: ids, comma separated, or none"),
    TEXT("Data facts", READ, "ball", read.ball, "", "ID", "the agent that is the ball, or none"),
    REAL("Data facts", READ, "source-rate", read.source_rate_hz, "0", 0, 1000, "Hz",
         "frame rate of the file; 0 finds it out"),
    REAL("Data facts", READ, "quantum", read.quantum_m, "-1", -1, 1, "m",
         "resolution of the positions; 0 is none, -1 measures it"),

    REAL("Cleaning", READ, "max-jump", clean.max_jump_mps, "0", 0, 1000, "m/s",
         "remove players' positions that take more speed than this to get to and from; 0 keeps "
         "all"),
    REAL("Cleaning", READ, "max-ball-jump", clean.max_ball_jump_mps, "0", 0, 1000, "m/s",
         "the same of the ball"),
    REAL("Cleaning", READ, "max-gap", clean.max_gap_s, "0", 0, 60, "s",
         "draw a straight line where somebody is missing no longer than this; 0 fills nothing"),
    REAL("Cleaning", SMOOTH, "smooth", clean.smooth_s, "0", 0, 60, "s",
         "smooth the tracks by a parabola through a window as wide (Savitzky-Golay); 0 does not"),

    REAL("Windows", TRAIN, "rate", train.rate_hz, "10", 0.1, 100, "Hz",
         "frame rate the model works at; the data is resampled to it"),
    TEXT("Windows", CONVERT | DENOISE, "rate", convert_rate, "native", "native|HZ",
         "frame rate to resample to; native keeps the file's"),
    INT("Windows", TRAIN, "burn-in", train.burn_in, "20", 1, 100000, "",
        "frames observed at the start of each window"),
    INT("Windows", FUTURES, "burn-in", rollout.burn_in, "20", 1, 100000, "",
        "frames observed before the first generated one"),
    INT("Windows", TRAIN, "horizon", train.horizon, "50", 1, 100000, "",
        "frames predicted after the burn-in"),
    INT("Windows", FUTURES, "horizon", rollout.horizon, "50", 1, 100000, "", "frames to generate"),
    INT("Windows", TRAIN, "stride", train.stride, "10", 1, 100000, "",
        "frames from one training window to the next"),
    INT("Windows", GENERATE, "stride", rollout.stride, "0", 0, 100000, "",
        "frames from one window of --at all, or of a protocol, to the next; 0 is the protocol's, "
        "or end to end"),

    NAME("Windows", EVALUATE, "protocol", protocol, "traj", "NAME", traj_protocol_names,
         "frame rate, frames observed and frames forecast, as figures are published"),

    NAME("Model", TRAIN, "model", model.type, "gvrnn", "TYPE", traj_model_names, "kind of model"),
    INT("Model", TRAIN, "hidden", model.hidden, "64", 1, 1024, "",
        "width of the hidden state and of every layer"),
    INT("Model", TRAIN, "latent", model.latent, "16", 1, 512, "",
        "size of the latent variable z; the rnn has none"),
    INT("Model", TRAIN, "rounds", model.rounds, "1", 1, 4, "",
        "gvrnn: message-passing rounds between the agents"),
    INT("Model", TRAIN, "attention", model.attention, "0", 0, 256, "",
        "gvrnn: size of the vectors that weigh senders; 0 is the plain mean"),
    CHOICE("Model", TRAIN, "output", model.output, "mixture", "KIND", output_names,
           "output distribution of a displacement"),
    INT("Model", TRAIN, "components", model.components, "5", 1, 64, "",
        "number of Gaussians in the mixture output"),
    REAL("Model", TRAIN, "sd-floor", model.sd_floor, "1e-3", 1e-6, 1, "",
         "least standard deviation, in normalised units"),
    FLAG("Model", TRAIN, "residual", model.residual, "yes",
         "the decoder's mean is the previous displacement plus the network's output"),

    INT("Diffusion", TRAIN, "width", model.width, "128", 1, 1024, "",
        "width of the denoiser of ddpm and vdm"),
    INT("Diffusion", TRAIN, "blocks", model.blocks, "3", 1, 8, "",
        "blocks of the denoiser: a perceptron, then messages between the agents"),
    INT("Diffusion", TRAIN, "diffusion-steps", model.diffusion_steps, "1000", 0, 1000, "",
        "steps from data to noise; 0 is continuous time, for vdm only and its default"),
    CHOICE("Diffusion", TRAIN, "schedule", model.schedule, "cosine", "KIND", schedule_names,
           "ddpm: how the noise grows over the steps"),
    CHOICE("Diffusion", TRAIN, "gamma", model.gamma, "monotone", "KIND", gamma_names,
           "vdm: the log of noise to signal over time, fixed or learned"),
    CHOICE("Diffusion", TRAIN, "predict", model.predict, "v", "KIND", predict_names,
           "what the denoiser predicts"),
    CHOICE("Diffusion", TRAIN, "variance", model.variance, "learned", "KIND", variance_names,
           "ddpm: variance of a step back"),
    CHOICE("Diffusion", TRAIN, "loss", model.loss, "hybrid", "KIND", loss_names,
           "what the denoiser learns by: squared error, the bound, or both"),
    INT("Diffusion", TRAIN, "fourier", model.fourier, "0", 0, 8, "",
        "pairs of Fourier features of each noisy number"),

    INT("Training", TRAIN, "epochs", train.epochs, "50", 1, 1000000, "",
        "passes over the training windows; 200 for ddpm and vdm"),
    REAL("Training", TRAIN, "minutes", train.minutes, "0", 0, 1e6, "min",
         "stop after this much wall time, the learning rate annealed by the clock; 0 is no limit"),
    INT("Training", TRAIN, "batch", train.batch, "4", 1, 65536, "",
        "scenes in an optimiser step; 16 for ddpm and vdm"),
    INT("Training", TRAIN, "shard", train.shard, "2", 1, 65536, "",
        "scenes in one thread's job; part of the result's bits, unlike --threads; 8 for ddpm and "
        "vdm"),
    REAL("Training", TRAIN, "lr", train.learning_rate, "4e-3", 1e-8, 1, "",
         "peak learning rate of AdamW; 2e-3 for ddpm and vdm"),
    REAL("Training", TRAIN, "lr-floor", train.lr_floor, "0.02", 0, 1, "",
         "fraction of --lr at which the cosine schedule ends"),
    INT("Training", TRAIN, "lr-epochs", train.lr_epochs, "50", 1, 1000000, "epochs",
        "length of the cosine schedule; the rate stays at its floor afterwards; 200 for ddpm and "
        "vdm"),
    INT("Training", TRAIN, "warmup", train.warmup_steps, "100", 0, 1000000, "",
        "steps of linear warm-up of the learning rate"),
    REAL("Training", TRAIN, "weight-decay", train.weight_decay, "1e-4", 0, 1, "",
         "decoupled weight decay, on matrices only; 0.05 for rnn, vrnn, gvrnn"),
    REAL("Training", TRAIN, "beta1", train.beta1, "0.9", 0, 0.999999, "",
         "decay of AdamW's mean of gradients"),
    REAL("Training", TRAIN, "beta2", train.beta2, "0.99", 0, 0.999999, "",
         "decay of AdamW's mean of squared gradients"),
    REAL("Training", TRAIN, "adam-epsilon", train.adam_epsilon, "1e-8", 1e-16, 1e-2, "",
         "term added to AdamW's denominator"),
    REAL("Training", TRAIN, "clip", train.clip, "1", 0, 1e6, "",
         "largest norm of the gradient; 0 does not clip"),
    REAL("Training", TRAIN, "ema", train.ema, "0.998", 0, 0.999999, "",
         "decay of the average of the weights, warmed up; 0 keeps none"),
    INT("Training", TRAIN, "patience", train.patience, "15", 0, 1000000, "",
        "epochs without a better validation ELBO that end training late in the schedule; 0 never"),

    REAL("Objective", TRAIN, "kl-weight", train.kl_weight, "1", 0, 1000, "",
         "weight of the KL term after its schedule; the reported ELBO always uses 1"),
    CHOICE("Objective", TRAIN, "kl-schedule", train.kl_schedule, "constant", "KIND",
           kl_schedule_names, "how the KL term comes in"),
    INT("Objective", TRAIN, "kl-steps", train.kl_steps, "500", 1, 100000000, "steps",
        "length of the linear warm-up or of one cycle"),
    REAL("Objective", TRAIN, "free-bits", train.free_bits, "0", 0, 1000, "nats",
         "KL per agent-step that costs nothing"),
    FLAG("Objective", TRAIN, "dequantise", train.dequantise, "yes",
         "add uniform noise of one quantum to the positions"),
    REAL("Objective", TRAIN, "drift", train.drift, "0", 0, 10, "",
         "let places wander in training, by this part of a player's mean step a frame; "
         "0.3 for rnn, vrnn, gvrnn"),
    FLAG("Objective", TRAIN, "mirror", train.mirror, "yes",
         "flip x and y at random; flipping x swaps the teams"),

    TEXT("Generation", FUTURES, "at", rollout.at, "last", "FRAME",
         "last frame that may be observed: a frame id (or SEQUENCE:ID), last (the end of the data) "
         "or all (every window)"),
    INT("Generation", GENERATE, "samples", rollout.samples, "20", 1, 100000, "", "futures to draw"),
    INT("Generation", SCORE, "samples", importance_samples, "0", 0, 1000000, "",
        "importance samples of the bound (IWAE); 0 gives the ELBO only"),
    FLAG("Generation", FUTURES, "mean", rollout.mean, "no",
         "take the decoder's mean instead of a draw; one sample unless --samples is given"),
    TEXT("Generation", GENERATE | DENOISE, "steps", rollout.steps, "20", "N|LIST",
         "sampler steps of ddpm and vdm: how many (0 is all), or which, as in 1000,300,50,1"),
    REAL("Generation", GENERATE | DENOISE, "eta", rollout.eta, "0", 0, 1, "",
         "noise in each of them: 1 is ancestral sampling, 0 deterministic (DDIM)"),
    TEXT("Generation", ROLLOUT, "hold", rollout.hold, "", "LIST",
         "agents that follow their known future: ball, home, away or player ids, comma separated"),
    TEXT("Generation", IMPUTE, "hide", hide, "", "LIST",
         "agents not seen from --at on for --horizon frames: ball, home, away or player ids"),
    CHOICE("Generation", IMPUTE, "method", impute_method, "model", "NAME", impute_method_names,
           "what fills the gap: a model, a straight line, or the last velocity"),
    REAL("Generation", GENERATE, "max-speed", rollout.max_speed_mps, "12", 0, 1000, "m/s",
         "a player drawn to be faster is slowed to this; 0 is no limit"),
    REAL("Generation", GENERATE, "max-ball-speed", rollout.max_ball_speed_mps, "40", 0, 1000, "m/s",
         "a ball drawn to be faster is slowed to this; 0 is no limit"),
    FLAG("Generation", GENERATE, "bounds", rollout.bounds, "yes",
         "nobody is drawn further off the pitch than the training data went"),

    REAL("Evaluation", EVALUATE, "miss-distance", limits.miss_m, "2", 0, 1000, "m",
         "an agent further off at the end is missed"),
    REAL("Evaluation", EVALUATE, "radius", limits.radius_m, "0.3", 0, 10, "m",
         "of a body: players closer than two of them collide"),
    REAL("Evaluation", EVALUATE, "margin", limits.margin_m, "0", 0, 100, "m",
         "beyond the lines that still counts as on the pitch"),
    TEXT("Evaluation", EVALUATE, "baselines", baselines, "all", "LIST",
         "which baselines to compare with: all, none, or keys of --json with commas between"),
    FLAG("Evaluation", EVALUATE, "likelihood", likelihood, "yes",
         "how likely each model finds what happened"),
    INT("Evaluation", EVALUATE, "importance", evaluate_importance, "10", 0, 1000000, "",
        "importance samples of its tighter bound (IWAE); 0 leaves that out"),
    INT("Evaluation", EVALUATE, "resamples", resamples, "1000", 1, 1000000, "",
        "bootstrap resamples of the scenes behind every interval"),

    REAL("Denoising", DENOISE, "noise", denoise_noise_m, "0.1", 1e-3, 10, "m",
         "standard deviation of the noise in each coordinate"),
    NAME("Denoising", DENOISE, "method", denoise_method, "", "NAME", denoise_method_names,
         "what takes the noise away: the model if there is one, else kalman, unless given"),
    INT("Denoising", DENOISE, "samples", denoise_samples, "20", 1, 100000, "",
        "draws of the model whose mean is the answer and whose scatter is its spread"),
    INT("Denoising", DENOISE, "window", denoise_window, "0", 0, TRAJ_SAVGOL_WINDOW, "frames",
        "savgol: an odd number of frames; 0 chooses one for each track by the estimated error"),
    FLAG("Denoising", DENOISE, "add-noise", add_noise, "no",
         "add such noise to the tracks first, and print how much of it each method takes away"),

    REAL("Simulation", SIMULATE, "minutes", simulate.minutes, "10", 0.01, 1000, "min",
         "length of play; two equal halves from 20 on"),
    REAL("Simulation", SIMULATE, "rate", simulate.rate_hz, "25", 0.1, 50, "Hz",
         "frame rate of the recording"),
    PITCH("Simulation", SIMULATE, "pitch", simulate.pitch_length_m, simulate.pitch_width_m,
          "105x68", 40, 200, "size of the pitch"),
    REAL("Simulation", SIMULATE, "noise", simulate.noise_m, "0", 0, 5, "m",
         "standard deviation of the tracking system's error"),

    INT("Measurement", BENCH, "repeats", repeats, "5", 1, 10000, "",
        "runs of each workload; the fastest counts"),

    TEXT("Output", TRAIN, "out", out_folder, "", "DIR",
         "folder to write the model to; by default models/ and the name of the data"),
    TEXT("Output", ROLLOUT, "out", rollout.out, "rollout.csv", "FILE",
         "file to write; - is stdout"),
    TEXT("Output", ROLLOUT, "chain", rollout.chain, "", "FILE",
         "ddpm and vdm: also write how the first sample came out of noise, at six levels of it"),
    TEXT("Output", IMPUTE, "out", impute_out, "imputed.csv", "FILE",
         "file to write; - is stdout"),
    TEXT("Output", DENOISE, "out", denoise_out, "denoised.csv", "FILE",
         "file to write; - is stdout"),
    TEXT("Output", SIMULATE, "out", out_file, "", "FILE",
         "file to write, simulated.csv unless given, or as the format has it; - is stdout"),
    NAME("Output", SIMULATE, "to", to, "wide", "NAME", traj_writer_names,
         "file format to write: one row per frame, one row per position, or another"),
    TEXT("Output", CONVERT, "out", convert_out, "", "FILE",
         "file to write, converted.csv unless given, or as the format has it; - is stdout"),
    NAME("Output", CONVERT, "to", convert_to, "long", "NAME", traj_writer_names,
         "file format to write: one row per position, one row per frame, or another"),
    NAME("Output", FUTURES, "layout", rollout.layout, "long", "KIND", layout_names,
         "one row per position or one pair of columns per agent"),
    INT("Output", FUTURES, "decimals", rollout.decimals, "3", 0, 9, "",
        "of positions in metres; 7 give what was generated to its last bit"),
    TEXT("Output", EVALUATE, "per-scene", per_scene, "", "FILE",
         "also write a CSV file: one row per scene, source and group, every metric a column"),
    SWITCH("Output", SCORE | BENCH | INFO | IMPUTE | DENOISE | EVALUATE, "json", json,
           "print JSON instead of text"),
    SWITCH("Output", SCORE, "terms", score_terms,
           "print the bound of ddpm or vdm term by term, with the error of the predicted noise"),
    SWITCH("Output", SCORE, "future", score_future,
           "count the steps behind --burn-in only, as ddpm and vdm do"),
    SWITCH("Output", TRAIN, "resume", resume,
           "go on from the checkpoint in --out as if training had never stopped"),
    SWITCH("Output", TRAIN, "overwrite", overwrite, "replace the model that --out already holds"),
    SWITCH("Output", TRAIN, "dry-run", dry_run,
           "read the data, print what would be done, and stop"),

    SEED("General", TRAIN, "seed", train.seed, "1",
         "start of all randomness: same seed, same bits, for any --threads"),
    SEED("General", GENERATE, "seed", rollout.seed, "1",
         "start of all randomness: same seed, same bits, for any --threads"),
    SEED("General", SIMULATE, "seed", simulate.seed, "1",
         "start of all randomness: same seed, same bits"),
    SEED("General", SCORE | BENCH | DENOISE, "seed", seed, "1",
         "start of all randomness: same seed, same bits, for any --threads"),
    INT("General", TRAIN, "threads", train.threads, "0", 0, 1024, "",
        "processors to use; 0 is all"),
    INT("General", GENERATE, "threads", rollout.threads, "0", 0, 1024, "",
        "processors to use; 0 is all"),
    INT("General", SCORE | BENCH | DENOISE, "threads", threads, "0", 0, 1024, "",
        "processors to use; 0 is all"),
    WORD("General", TRAIN | GENERATE | SCORE | DENOISE | INFO | SIMULATE | CONVERT, "config",
         config, "FILE", "JSON file of options, such as {\"seed\": 7}; flags win over it"),
    WORD("General", TRAIN | GENERATE | SCORE | DENOISE, "preset", preset, "NAME",
         "options of models/NAME.json; --config wins over it"),
    SWITCH("General", HELP, "version", version,
           "print the version, the floating-point type and the BLAS in use"),
    SWITCH("General", HELP, "man", man, "print the man page (roff): traj help --man | man -l -"),
    SWITCH("General", HELP, "completion", completion,
           "print bash completion: source <(traj help --completion)"),
    WORDS("General", HELP, "topic", topics, "COMMAND...",
          "commands to explain, the same as naming them behind help"),
    SWITCH("General", ALL, "quiet", quiet, "print nothing but errors and results"),
    SWITCH("General", ALL, "verbose", verbose, "print what a developer wants to know"),
    SWITCH("General", ALL, "help", help, "print this text and stop (also -h)"),
};
/* clang-format on */

_Static_assert(sizeof options / sizeof options[0] <= TRAJ_OPTION_LIMIT,
               "traj_settings.source is too short: raise TRAJ_OPTION_LIMIT");

/* A token of ddpm and vdm is an agent's whole future: a scene has few rows, so jobs hold more, and
 * an epoch has fewer steps. A gvrnn rolled out is among others who are not quite where anybody ever
 * stood: drift and decay keep it from learning places by heart (docs/results.md). */
static const traj_model_default model_defaults[] = {
    {"ddpm", "batch", "16"},
    {"ddpm", "shard", "8"},
    {"ddpm", "lr", "2e-3"},
    {"vdm", "batch", "16"},
    {"vdm", "shard", "8"},
    {"vdm", "lr", "2e-3"},
    {"ddpm", "epochs", "200"},
    {"ddpm", "lr-epochs", "200"},
    {"vdm", "epochs", "200"},
    {"vdm", "lr-epochs", "200"},
    {"vdm", "diffusion-steps", "0"},
    {"rnn", "drift", "0.3"},
    {"vrnn", "drift", "0.3"},
    {"gvrnn", "drift", "0.3"},
    {"rnn", "weight-decay", "0.05"},
    {"vrnn", "weight-decay", "0.05"},
    {"gvrnn", "weight-decay", "0.05"},
};

const traj_model_default *traj_model_default_table(size_t *count)
{
    *count = sizeof model_defaults / sizeof *model_defaults;
    return model_defaults;
}

const traj_option *traj_option_table(size_t *count)
{
    *count = sizeof options / sizeof options[0];
    return options;
}
