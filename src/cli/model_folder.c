/* See model_folder.h. */
#include "model_folder.h"
#include "traj/base/log.h"
#include "traj/cli/options.h"
#include "traj/io/file.h"
#include "traj/num/gemm.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char latest[] = "models/latest";

/* path = folder/name. Too long a path is the user's to mend. */
static traj_status join(char path[TRAJ_PATH], const char *folder, const char *name, traj_error *err)
{
    const int length = snprintf(path, TRAJ_PATH, "%s/%s", folder, name);
    if (length > 0 && length < TRAJ_PATH) return TRAJ_OK;
    return traj_fail(err, TRAJ_E_USAGE, "the path %s/%s is longer than %d bytes", folder, name,
                     TRAJ_PATH - 1);
}

static const char checkpoint[] = "checkpoint.safetensors", model[] = "model.safetensors";

static bool holds(const char *folder, const char *name)
{
    char path[TRAJ_PATH];
    return join(path, folder, name, NULL) == TRAJ_OK && traj_file_exists(path);
}

static bool is_taken(const char *folder)
{
    return holds(folder, checkpoint) || holds(folder, model);
}

bool traj_folder_has_checkpoint(const char *folder)
{
    return holds(folder, checkpoint);
}

/* "models/gvrnn-tracking_data" from "../data/tracking_data.csv": letters, digits, - and _ only. */
static void default_name(const traj_settings *settings, char name[TRAJ_PATH])
{
    const char *const file = settings->players.count ? settings->players.item[0] : "data";
    const char *const slash = strrchr(file, '/');
    size_t length = (size_t)snprintf(name, TRAJ_PATH, "models/%s-", settings->model.type);
    for (const char *c = slash ? slash + 1 : file; *c && *c != '.' && length < 96; c++)
        name[length++] = isalnum((unsigned char)*c) || *c == '_' ? *c : '-';
    name[length] = 0;
}

/* A run killed before its first checkpoint left no model either, and starts again; a model without
 * a checkpoint cannot be gone on with, and must not be written over. */
static traj_status choose_resumed(const traj_settings *settings, char folder[TRAJ_PATH],
                                  traj_error *err)
{
    const char *const out = settings->out_folder;
    snprintf(folder, TRAJ_PATH, "%s", out[0] ? out : latest);
    if (holds(folder, checkpoint)) return TRAJ_OK;
    if (holds(folder, model))
        return traj_fail(err, TRAJ_E_USAGE,
                         "%s has a model but no %s, so nothing can go on from it; train "
                         "without --resume",
                         folder, checkpoint);
    if (!out[0] || (settings->players.count == 0 && !holds(folder, "config.json")))
        return traj_fail(
            err, TRAJ_E_USAGE,
            "there is no checkpoint in %s to resume: name a folder that has one with --out "
            "DIR",
            folder);
    traj_log_warn("%s has no checkpoint yet: training starts from the beginning", out);
    return TRAJ_OK;
}

traj_status traj_folder_choose(const traj_settings *settings, char folder[TRAJ_PATH],
                               traj_error *err)
{
    const char *const out = settings->out_folder;
    if (settings->resume && settings->overwrite)
        return traj_fail(err, TRAJ_E_USAGE,
                         "--resume goes on with what is there and --overwrite replaces it: choose "
                         "one of them");
    if (settings->resume) return choose_resumed(settings, folder, err);
    if (out[0]) {
        snprintf(folder, TRAJ_PATH, "%s", out);
        if (is_taken(out) && !settings->overwrite)
            return traj_fail(err, TRAJ_E_USAGE,
                             "%s already holds a model: go on with it by --resume, replace it by "
                             "--overwrite, or choose another --out",
                             out);
        return TRAJ_OK;
    }
    char name[TRAJ_PATH];
    default_name(settings, name);
    snprintf(folder, TRAJ_PATH, "%s", name);
    for (int n = 2; is_taken(folder) && !settings->overwrite && n < 10000; n++)
        snprintf(folder, TRAJ_PATH, "%.*s-%d", TRAJ_PATH - 16, name, n);
    return TRAJ_OK;
}

traj_status traj_folder_clear(const char *folder, traj_error *err)
{
    static const char *const names[] = {checkpoint, model, "log.csv"};
    char path[TRAJ_PATH];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const traj_status status = join(path, folder, names[i], err);
        if (status != TRAJ_OK) return status;
        if (remove(path) && errno != ENOENT)
            return traj_fail(err, TRAJ_E_IO, "cannot remove '%s': %s", path, strerror(errno));
    }
    return TRAJ_OK;
}

traj_status traj_folder_resume(traj_settings *settings, const char *folder, traj_error *err)
{
    char path[TRAJ_PATH];
    traj_status status = join(path, folder, "config.json", err);
    if (status != TRAJ_OK || !traj_file_exists(path)) return status;
    status = traj_options_read_json(settings, TRAJ_CMD_TRAIN, path, TRAJ_BY_CONFIG, err);
    if (status == TRAJ_OK) traj_log_info("resuming %s with the options of its config.json", folder);
    return status;
}

static void norm_to_json(const traj_norm *norm, traj_json *object)
{
    static const char *const kinds[TRAJ_KINDS] = {"home", "away", "home_gk", "away_gk", "ball"};
    traj_json_set_number(object, "rate_hz", norm->rate_hz);
    traj_json_set_number(object, "half_length_m", norm->half_m[0]);
    traj_json_set_number(object, "half_width_m", norm->half_m[1]);
    traj_json_set_number(object, "quantum_m", norm->quantum_m);
    traj_json *const scale_m = traj_json_set_object(object, "scale_m");
    for (int k = 0; k < TRAJ_KINDS; k++) traj_json_set_number(scale_m, kinds[k], norm->scale_m[k]);
    traj_json *const reach_m = traj_json_set_object(object, "reach_m");
    traj_json_set_number(reach_m, "players_x", norm->reach_m[0][0]);
    traj_json_set_number(reach_m, "players_y", norm->reach_m[0][1]);
    traj_json_set_number(reach_m, "ball_x", norm->reach_m[1][0]);
    traj_json_set_number(reach_m, "ball_y", norm->reach_m[1][1]);
    traj_json *const jump_m = traj_json_set_object(object, "jump_m");
    for (int k = 0; k < TRAJ_KINDS; k++) traj_json_set_number(jump_m, kinds[k], norm->jump_m[k]);
}

traj_status traj_folder_write_config(const char *folder, const traj_settings *settings,
                                     const traj_matches *matches, const traj_norm *norm,
                                     traj_error *err)
{
    char path[TRAJ_PATH];
    traj_status status = join(path, folder, "config.json", err);
    if (status != TRAJ_OK) return status;
    traj_json *const root = traj_json_object();
    traj_json_set_string(root, "traj", TRAJ_VERSION);
    traj_json_set_string(root, "real", TRAJ_REAL_NAME);
    traj_json_set_string(root, "blas", traj_blas_name());
    traj_json_set_string(root, "units",
                         "metres, seconds; origin at the centre spot, y up, home "
                         "attacks right");
    traj_options_to_json(settings, TRAJ_CMD_TRAIN, traj_json_set_object(root, "options"));
    norm_to_json(norm, traj_json_set_object(root, "normalisation"));
    traj_matches_to_json(matches, traj_json_set_array(root, "data"));
    status = traj_json_write(path, root, err);
    traj_json_free(root);
    return status;
}

static void print_card(FILE *out, const traj_settings *settings, const traj_matches *matches,
                       const traj_report *report, size_t parameters)
{
    const traj_train_config *const train = &settings->train;
    fprintf(out, "# %s, trained by traj %s\n\n", settings->model.type, TRAJ_VERSION);
    fprintf(out,
            "Generates how the players and the ball of a match could move on: observes %d frames "
            "at %g Hz,\npredicts %d. %zu parameters, hidden %d, latent %d.\n\n",
            train->burn_in, train->rate_hz, train->horizon, parameters, settings->model.hidden,
            settings->model.latent);
    fprintf(out, "## Data\n\n");
    for (size_t m = 0; m < matches->count; m++) {
        const traj_recording *const r = &matches->item[m];
        fprintf(out, "- %s: %g Hz, pitch %g x %g m\n", r->source, traj_rate_hz(r->source_rate),
                r->pitch_length_m, r->pitch_width_m);
    }
    fprintf(out, "\n## Training\n\n- %d epochs, %ld steps, %.1f minutes; ended because %s\n",
            report->epochs, report->steps, report->seconds / 60, report->reason);
    if (report->best_epoch)
        fprintf(out,
                "- best validation ELBO %.4f nats per agent-step (metres, 2-D displacement at "
                "%g Hz), epoch %d\n",
                report->best_elbo, train->rate_hz, report->best_epoch);
    fprintf(out, "- seed %" PRIu64 "\n\n", train->seed);
    fprintf(
        out,
        "## Use\n\n    traj rollout --model . --players FILE --horizon %d\n\n"
        "Weights: `safetensors.numpy.load_file(\"model.safetensors\")`, names and layouts as in "
        "PyTorch.\n\n## Limits\n\n"
        "It knows positions only: no rules, no tiredness, no players by name. Movement unlike "
        "the data above\n(another sport, another frame rate, another provider's smoothing) is "
        "outside what it has seen.\n",
        train->horizon);
}

traj_status traj_folder_write_card(const char *folder, const traj_settings *settings,
                                   const traj_matches *matches, const traj_report *report,
                                   size_t parameters, traj_error *err)
{
    char path[TRAJ_PATH];
    traj_output file;
    traj_status status = join(path, folder, "README.md", err);
    if (status == TRAJ_OK) status = traj_output_open(&file, path, err);
    if (status != TRAJ_OK) return status;
    print_card(file.stream, settings, matches, report, parameters);
    return traj_output_commit(&file, err);
}

traj_status traj_folder_point(const char *folder, traj_error *err)
{
    static const char models[] = "models/";
    if (strncmp(folder, models, sizeof models - 1) || !strcmp(folder, latest)) return TRAJ_OK;
    return traj_link_replace(folder + sizeof models - 1, latest, err);
}

/* How the data was read belongs to the data: it is taken over only together with it. */
static const char *const reading[] = {
    "players",     "meta",    "roster",       "format",        "unit",    "origin",
    "pitch",       "home",    "home-attacks", "orient",        "keepers", "ball",
    "source-rate", "quantum", "max-jump",     "max-ball-jump", "max-gap", "smooth"};

static bool is_companion(const char *key)
{
    return strcmp(key, "meta") == 0 || strcmp(key, "roster") == 0;
}

static traj_status inherit(traj_settings *settings, unsigned command, const traj_json *options,
                           const char *path, traj_error *err)
{
    const traj_json *const valid = traj_json_get(options, "valid");
    const char *const valid_file = traj_json_string(valid);
    traj_status status = TRAJ_OK;
    for (size_t i = 0; status == TRAJ_OK && i < sizeof reading / sizeof *reading; i++) {
        const traj_json *const value = traj_json_get(options, reading[i]);
        const bool validated = valid_file && valid_file[0], own_validation = !i && validated;
        if (validated && is_companion(reading[i])) continue;  /* of the training data */
        if (!traj_option_find(command, reading[i])) continue; /* nothing is scored smoothed */
        if (value)
            status = traj_option_from_json(settings, command, reading[i],
                                           own_validation ? valid : value, path, TRAJ_BY_CONFIG,
                                           err);
    }
    return status;
}

traj_status traj_folder_load(traj_settings *settings, unsigned command, traj_trained *trained,
                             traj_error *err)
{
    char path[TRAJ_PATH];
    traj_json *root = NULL;
    *trained = (traj_trained){0};
    traj_status status = join(path, settings->model_folder, "model.safetensors", err);
    if (status != TRAJ_OK) return status;
    if (!traj_file_exists(path))
        return traj_fail(err, TRAJ_E_IO,
                         "there is no model in %s: train one with 'traj train --players FILE', or "
                         "name its folder with --model",
                         settings->model_folder);
    status = traj_weights_load(path, trained, err);
    if (status != TRAJ_OK || settings->players.count) return status;
    status = join(path, settings->model_folder, "config.json", err);
    if (status == TRAJ_OK) status = traj_json_read(path, &root, err);
    if (status == TRAJ_OK)
        status = inherit(settings, command, traj_json_get(root, "options"), path, err);
    traj_json_free(root);
    if (status != TRAJ_OK) traj_trained_free(trained);
    return status;
}

traj_status traj_folder_training(const char *folder, traj_settings *settings, traj_error *err)
{
    char path[TRAJ_PATH];
    traj_settings_init(settings);
    const traj_status status = join(path, folder, "config.json", err);
    return status == TRAJ_OK
               ? traj_options_read_json(settings, TRAJ_CMD_TRAIN, path, TRAJ_BY_CONFIG, err)
               : status;
}

char *traj_folder_configuration(const char *folder)
{
    traj_settings settings, standard;
    traj_settings_init(&standard);
    char *text = NULL;
    if (traj_folder_training(folder, &settings, NULL) == TRAJ_OK) {
        settings.train.seed = standard.train.seed;
        settings.train.threads = standard.train.threads;
        settings.out_folder[0] = '\0';
        traj_json *const root = traj_json_object();
        traj_options_to_json(&settings, TRAJ_CMD_TRAIN, root);
        text = traj_json_text(root, false);
        traj_json_free(root);
    }
    traj_settings_free(&settings);
    traj_settings_free(&standard);
    return text;
}
