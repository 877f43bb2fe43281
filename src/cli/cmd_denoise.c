/* traj denoise: noisy tracks -> where everybody most likely was, and how much noise that takes away
 * where it is known. */
#include "cleaning.h"
#include "matches.h"
#include "model_folder.h"
#include "sampler_list.h"
#include "sidecar.h"
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/cli/options.h"
#include "traj/data/writer.h"
#include "traj/gen/denoise.h"
#include "traj/num/gemm.h"
#include <math.h>
#include <string.h>

enum { METHODS = 3 };
static const char *const names[METHODS] = {"model", "kalman", "savgol"};

/* Mean square of the spread of one agent of a sequence. */
typedef struct agent_spread {
    double sum_m2, count;
} agent_spread;

typedef struct task {
    traj_settings *settings; /* view */
    traj_trained trained;
    traj_sampler_list sampler; /* of the model */
    traj_matches matches;
    traj_recording truth; /* what the noise was added to; empty without --add-noise */
    traj_denoise_method method;
    traj_pool *pool;
    agent_spread *spread; /* owned [sequences][agents], one sequence behind the other */
    size_t agents;        /* of all sequences together */
    traj_square_error before, after[METHODS];
} task;

static traj_recording *recording_of(const task *t)
{
    return &t->matches.item[0];
}

/* A denoised sequence: its positions and their spread. */
typedef struct answer {
    float *pos_m, *sd_m; /* owned */
} answer;

static void answer_free(answer *a)
{
    traj_free(a->pos_m);
    traj_free(a->sd_m);
}

static traj_status denoise(const task *t, traj_denoise_method method, size_t sequence, answer *a,
                           traj_error *err)
{
    const traj_settings *const s = t->settings;
    const traj_sequence *const from = &recording_of(t)->sequence[sequence];
    const traj_denoise job = {.method = method,
                              .noise_m = s->denoise_noise_m,
                              .window = s->denoise_window,
                              .model = t->trained.model,
                              .params = t->trained.params,
                              .norm = &t->trained.norm,
                              .burn_in = t->trained.burn_in,
                              .samples = s->denoise_samples,
                              .steps = t->sampler.count,
                              .step_list = t->sampler.count ? t->sampler.step : NULL,
                              .eta = s->rollout.eta,
                              .seed = s->seed};
    a->pos_m = traj_alloc(from->frames * from->agents * 2, sizeof *a->pos_m);
    a->sd_m = traj_alloc(from->frames * from->agents, sizeof *a->sd_m);
    if (!a->pos_m || !a->sd_m) return traj_fail_memory(err, "the denoised tracks");
    return traj_denoise_run(&job, recording_of(t), sequence, t->pool, a->pos_m, a->sd_m, err);
}

static void measure(const task *t, size_t sequence, const float *pos_m, traj_square_error *sum)
{
    const traj_sequence *const truth = &t->truth.sequence[sequence];
    const traj_square_error e =
        traj_denoise_measure(truth->pos_m, pos_m, truth->frames * truth->agents);
    sum->sum_m2 += e.sum_m2;
    sum->count += e.count;
}

/* With the truth at hand, every method that can be tried; else the one that was asked for. */
static bool wanted(const task *t, int method)
{
    if (method == (int)t->method) return true;
    return t->settings->add_noise && (method != TRAJ_DENOISE_MODEL || t->trained.model);
}

static void gather_spread(const task *t, size_t sequence, const float *sd_m, agent_spread *spread)
{
    const traj_sequence *const from = &recording_of(t)->sequence[sequence];
    for (size_t i = 0; i < from->frames * from->agents; i++) {
        if (isnan(sd_m[i])) continue;
        spread[i % from->agents].sum_m2 += (double)sd_m[i] * (double)sd_m[i];
        spread[i % from->agents].count++;
    }
}

/* One sequence by every wanted method; the answer of the chosen one takes the place of the noise.
 */
static traj_status replace(task *t, size_t sequence, agent_spread *spread, traj_error *err)
{
    traj_sequence *const noisy = &recording_of(t)->sequence[sequence];
    answer chosen = {0};
    traj_status status = TRAJ_OK;
    if (t->settings->add_noise) measure(t, sequence, noisy->pos_m, &t->before);
    for (int method = 0; method < METHODS && status == TRAJ_OK; method++) {
        answer tried = {0};
        if (!wanted(t, method)) continue;
        status = denoise(t, (traj_denoise_method)method, sequence, &tried, err);
        if (status == TRAJ_OK && t->settings->add_noise)
            measure(t, sequence, tried.pos_m, &t->after[method]);
        if (status == TRAJ_OK && method == (int)t->method)
            chosen = tried;
        else
            answer_free(&tried);
    }
    if (status == TRAJ_OK) {
        gather_spread(t, sequence, chosen.sd_m, spread);
        memcpy(noisy->pos_m, chosen.pos_m,
               2 * noisy->frames * noisy->agents * sizeof *noisy->pos_m);
    }
    answer_free(&chosen);
    return status;
}

static traj_status denoise_all(task *t, traj_error *err)
{
    traj_recording *const recording = recording_of(t);
    traj_status status = TRAJ_OK;
    size_t first = 0;
    for (size_t q = 0; q < recording->sequences; q++) t->agents += recording->sequence[q].agents;
    t->spread = traj_alloc(t->agents, sizeof *t->spread);
    if (!t->spread) return traj_fail_memory(err, "the spread");
    for (size_t q = 0; q < recording->sequences && status == TRAJ_OK; q++) {
        status = replace(t, q, t->spread + first, err);
        first += recording->sequence[q].agents;
    }
    return status;
}

static double spread_of_all(const task *t)
{
    agent_spread all = {0};
    for (size_t a = 0; a < t->agents; a++) {
        all.sum_m2 += t->spread[a].sum_m2;
        all.count += t->spread[a].count;
    }
    return all.count > 0 ? sqrt(all.sum_m2 / all.count) : 0;
}

static double rmse(traj_square_error e)
{
    return sqrt(e.sum_m2 / e.count);
}

/* What both the sidecar and --json say. */
static void put_figures(const task *t, traj_json *root)
{
    traj_json_set_string(root, "method", names[t->method]);
    traj_json_set_number(root, "noise_m", t->settings->denoise_noise_m);
    traj_json_set_number(root, "spread_m", spread_of_all(t));
    if (!t->settings->add_noise || t->before.count == 0) return;
    traj_json *const rmse_m = traj_json_set_object(root, "rmse_m");
    traj_json_set_number(rmse_m, "before", rmse(t->before));
    for (int m = 0; m < METHODS; m++)
        if (wanted(t, m)) traj_json_set_number(rmse_m, names[m], rmse(t->after[m]));
}

static traj_status write_sidecar(const task *t, traj_error *err)
{
    const traj_recording *const recording = recording_of(t);
    traj_json *const root = traj_sidecar_new(t->settings, TRAJ_CMD_DENOISE, &t->trained,
                                             &t->matches, traj_rate_hz(recording->rate));
    put_figures(t, root);
    traj_sampler_to_json(&t->sampler, root);
    traj_json *const agents = traj_json_set_array(root, "agents");
    const agent_spread *spread = t->spread;
    for (size_t q = 0; q < recording->sequences; q++)
        for (size_t a = 0; a < recording->sequence[q].agents; a++, spread++) {
            if (spread->count == 0) continue;
            traj_json *const agent = traj_json_append_object(agents);
            traj_json_set_string(agent, "sequence", recording->sequence[q].name);
            traj_json_set_string(agent, "player_id", recording->sequence[q].agent[a].id);
            traj_json_set_number(agent, "frames", spread->count);
            traj_json_set_number(agent, "spread_m", sqrt(spread->sum_m2 / spread->count));
        }
    const traj_status status = traj_sidecar_write(root, t->settings->denoise_out, err);
    traj_json_free(root);
    return status;
}

static traj_status print_json(const task *t, traj_error *err)
{
    traj_json *const root = traj_json_object();
    traj_json_set_string(root, "out", t->settings->denoise_out);
    put_figures(t, root);
    const traj_status status = traj_json_write("-", root, err);
    traj_json_free(root);
    return status;
}

static void print_table(const task *t)
{
    printf("%s: by %s at %g Hz, spread %.3f m\n", t->settings->denoise_out, names[t->method],
           traj_rate_hz(recording_of(t)->rate), spread_of_all(t));
    if (!t->settings->add_noise || t->before.count == 0) return;
    printf("  %-8s %8.4f m  root mean square error of a coordinate, %.0f of them\n", "before",
           rmse(t->before), t->before.count);
    for (int m = 0; m < METHODS; m++)
        if (wanted(t, m)) printf("  %-8s %8.4f m\n", names[m], rmse(t->after[m]));
}

static traj_status write(const task *t, traj_error *err)
{
    const char *const out = t->settings->denoise_out;
    recording_of(t)->quantum_m = 1e-3; /* millimetres: finer than any answer */
    traj_status status = traj_recording_write(recording_of(t), "long", out, err);
    if (status != TRAJ_OK || !strcmp(out, "-")) return status;
    status = write_sidecar(t, err);
    if (status != TRAJ_OK) return status;
    if (t->settings->json) return print_json(t, err);
    print_table(t);
    return TRAJ_OK;
}

static traj_status choose_method(task *t, traj_error *err)
{
    const traj_settings *const s = t->settings;
    const bool model = s->denoise_model[0] != '\0';
    t->method = model ? TRAJ_DENOISE_MODEL : TRAJ_DENOISE_KALMAN;
    for (int m = 0; m < METHODS; m++)
        if (!strcmp(s->denoise_method, names[m])) t->method = (traj_denoise_method)m;
    if (t->method == TRAJ_DENOISE_MODEL && !model)
        return traj_fail(err, TRAJ_E_USAGE, "--method model: name a ddpm or vdm with --model");
    if (s->denoise_window && (s->denoise_window % 2 == 0 || s->denoise_window < 3))
        return traj_fail(err, TRAJ_E_USAGE,
                         "--window %d: a window has a frame in its middle, so it is odd, and at "
                         "least 3",
                         s->denoise_window);
    return TRAJ_OK;
}

static traj_status load_model(task *t, traj_error *err)
{
    traj_settings *const s = t->settings;
    if (!s->denoise_model[0]) return TRAJ_OK;
    memcpy(s->model_folder, s->denoise_model, sizeof s->model_folder);
    const traj_status status = traj_folder_load(s, TRAJ_CMD_DENOISE, &t->trained, err);
    if (status != TRAJ_OK) return status;
    if (traj_model_type_of(t->trained.model)->sample)
        return traj_sampler_read(s->rollout.steps, t->trained.model, &t->sampler, err);
    return traj_fail(err, TRAJ_E_USAGE,
                     "%s holds a %s, which goes forward step by step and cannot look back; denoise "
                     "with a ddpm or vdm, or with a smoother (no --model)",
                     s->denoise_model, traj_model_config_of(t->trained.model)->type);
}

/* At the model's rate, else at --rate; cut at gaps, for all methods count in equal steps of time.
 */
static traj_status read_tracks(task *t, traj_error *err)
{
    traj_settings *const s = t->settings;
    double rate_hz;
    traj_status status = traj_rate_parse(s->convert_rate, &rate_hz, err);
    if (status == TRAJ_OK) status = traj_matches_read(s, &s->players, &t->matches, err);
    if (status != TRAJ_OK) return status;
    if (t->matches.count > 1)
        return traj_fail(err, TRAJ_E_USAGE,
                         "these are %zu matches; denoise them one by one, each to its own --out",
                         t->matches.count);
    if (t->trained.model) rate_hz = t->trained.norm.rate_hz;
    status = traj_matches_clean(s, &t->matches, err);
    if (status == TRAJ_OK) status = traj_matches_resample(&t->matches, rate_hz, err);
    if (status == TRAJ_OK && s->add_noise)
        status = traj_recording_copy(recording_of(t), &t->truth, err);
    if (status == TRAJ_OK && s->add_noise)
        traj_denoise_add(recording_of(t), s->denoise_noise_m, s->seed);
    return status;
}

traj_status cmd_denoise(traj_settings *settings, traj_error *err)
{
    task t;
    memset(&t, 0, sizeof t);
    t.settings = settings;
    traj_recording_init(&t.truth);
    traj_status status = choose_method(&t, err);
    if (status == TRAJ_OK) status = traj_blas_start(err);
    if (status == TRAJ_OK) status = load_model(&t, err);
    if (status == TRAJ_OK) status = read_tracks(&t, err);
    if (status == TRAJ_OK)
        status =
            traj_pool_new(&t.pool, settings->threads ? settings->threads : traj_processors(), err);
    if (status == TRAJ_OK) status = denoise_all(&t, err);
    if (status == TRAJ_OK) status = write(&t, err);
    traj_pool_destroy(t.pool);
    traj_free(t.spread);
    traj_recording_free(&t.truth);
    traj_matches_free(&t.matches);
    traj_trained_free(&t.trained);
    return status;
}
