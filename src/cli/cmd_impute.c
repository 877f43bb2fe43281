/* traj impute: hidden agents' tracks through a gap, and how far off they are where that is known.
 */
#include "futures.h"
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/cli/options.h"
#include "traj/gen/impute.h"
#include "traj/io/json.h"
#include <math.h>
#include <string.h>

enum { METHODS = 3 };
static const char *const names[METHODS] = {"model", "linear", "cv"};

/* Errors over all moments, of each traj_impute_method. */
typedef struct comparison {
    traj_impute_error of[METHODS];
    int agents; /* hidden, most at any moment */
} comparison;

static void add(comparison *errors, traj_impute_method method, const traj_rollout *rollout,
                const traj_forecast *forecast)
{
    const traj_impute_error error = traj_impute_measure(rollout, forecast);
    errors->of[method].sum_m += error.sum_m;
    errors->of[method].count += error.count;
}

/* The methods that are not asked for are tried too, to be compared with; a model only when asked.
 */
static traj_status compare(const traj_rollout *rollout, traj_impute_method asked, traj_pool *pool,
                           comparison *errors, traj_error *err)
{
    for (int method = TRAJ_IMPUTE_LINEAR; method < METHODS; method++) {
        traj_forecast forecast;
        if (method == (int)asked) continue;
        const traj_status status =
            traj_impute_run(rollout, (traj_impute_method)method, pool, &forecast, err);
        if (status != TRAJ_OK) return status;
        add(errors, (traj_impute_method)method, rollout, &forecast);
        traj_forecast_free(&forecast);
    }
    return TRAJ_OK;
}

/* All but the hidden are held to the recording. Returns how many are hidden. */
static int hold_others(const traj_settings *settings, const traj_sequence *sequence,
                       unsigned char *held)
{
    int hidden = 0;
    traj_agents_mark(settings->hide, sequence, held);
    for (size_t a = 0; a < sequence->agents; a++) {
        hidden += held[a];
        held[a] = !held[a];
    }
    return hidden;
}

/* One moment: cut, fill the gap, write, measure. */
static traj_status fill(traj_futures *f, size_t number, FILE *stream, comparison *errors,
                        traj_error *err)
{
    const traj_settings *const settings = f->settings;
    const traj_impute_method method = (traj_impute_method)settings->impute_method;
    traj_moment moment;
    traj_forecast forecast = {0};
    traj_status status =
        traj_futures_cut(f, number, settings->rollout.horizon + TRAJ_IMPUTE_BEHIND, &moment, err);
    if (status != TRAJ_OK) return status;
    const traj_sequence *const sequence = &moment.recording.sequence[0];
    unsigned char *const held = traj_alloc(sequence->agents, 1);
    const traj_rollout rollout = traj_futures_rollout(f, number, &moment, held);
    if (!held) {
        status = traj_fail_memory(err, "held agents");
        goto done;
    }
    const int hidden = hold_others(settings, sequence, held);
    if (hidden > errors->agents) errors->agents = hidden;
    status = traj_impute_run(&rollout, method, f->pool, &forecast, err);
    if (status != TRAJ_OK) goto done;
    traj_futures_write(f, number, &moment, &forecast, stream);
    add(errors, method, &rollout, &forecast);
    status = compare(&rollout, method, f->pool, errors, err);
done:
    traj_forecast_free(&forecast);
    traj_free(held);
    traj_moment_free(&moment);
    return status;
}

static traj_status print_json(const traj_futures *f, const comparison *errors, traj_error *err)
{
    traj_json *const root = traj_json_object();
    traj_json_set_string(root, "out", f->settings->impute_out);
    traj_json_set_number(root, "gaps", (double)f->places.count);
    traj_json_set_number(root, "frames", f->settings->rollout.horizon);
    traj_json_set_number(root, "agents", errors->agents);
    traj_json *const ade_m = traj_json_set_object(root, "ade_m");
    for (int m = 0; m < METHODS; m++)
        if (errors->of[m].count > 0)
            traj_json_set_number(ade_m, names[m], errors->of[m].sum_m / errors->of[m].count);
    const traj_status status = traj_json_write("-", root, err);
    traj_json_free(root);
    return status;
}

static void print_table(const traj_futures *f, const comparison *errors)
{
    printf("%s: %zu gap%s of %d frames, %d hidden agent%s\n", f->settings->impute_out,
           f->places.count, f->places.count == 1 ? "" : "s", f->settings->rollout.horizon,
           errors->agents, errors->agents == 1 ? "" : "s");
    for (int m = 0; m < METHODS; m++)
        if (errors->of[m].count > 0)
            printf("  %-8s %8.3f m  average displacement error of the mean, %.0f agent-frames\n",
                   names[m], errors->of[m].sum_m / errors->of[m].count, errors->of[m].count);
}

static traj_status generate(traj_futures *f, traj_error *err)
{
    const char *const out = f->settings->impute_out;
    comparison errors = {.agents = 0};
    traj_output output;
    traj_status status = traj_futures_begin(f, out, &output, err);
    if (status != TRAJ_OK) return status;
    for (size_t i = 0; status == TRAJ_OK && i < f->places.count; i++)
        status = fill(f, i, output.stream, &errors, err);
    status = traj_futures_end(f, out, &output, status, err);
    if (status != TRAJ_OK || !strcmp(out, "-")) return status;
    if (f->settings->json) return print_json(f, &errors, err);
    print_table(f, &errors);
    return TRAJ_OK;
}

traj_status cmd_impute(traj_settings *settings, traj_error *err)
{
    const bool with_model = settings->impute_method == TRAJ_IMPUTE_MODEL;
    traj_futures f;
    traj_status status = traj_option_require(settings, TRAJ_CMD_IMPUTE, "hide", err);
    if (status != TRAJ_OK) return status;
    status = traj_futures_open(&f, settings, TRAJ_CMD_IMPUTE, with_model, err);
    if (status == TRAJ_OK)
        status = traj_agents_check("--hide", settings->hide, &f.matches, &f.places, err);
    if (status == TRAJ_OK) status = generate(&f, err);
    if (status == TRAJ_OK) traj_futures_announce(&f);
    traj_futures_close(&f);
    return status;
}
