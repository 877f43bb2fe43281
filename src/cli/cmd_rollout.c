/* traj rollout: model and data -> moments -> futures -> rollout.csv with its sidecar. */
#include "futures.h"
#include "traj/base/memory.h"
#include "traj/cli/command.h"
#include "traj/cli/options.h"
#include <string.h>

/* --chain: how the first sample of all came about, in a file of its own. */
static traj_status write_chain(const traj_futures *f, const traj_moment *moment,
                               const traj_forecast *forecast, const traj_chain *chain,
                               traj_error *err)
{
    const char *const path = f->settings->rollout.chain;
    traj_output output;
    const traj_status status = traj_output_open(&output, path, err);
    if (status != TRAJ_OK) return status;
    traj_futures_write_chain(f, 0, moment, forecast, chain, output.stream);
    return traj_futures_end(f, path, &output, TRAJ_OK, err);
}

/* One moment: cut, roll out, write. */
static traj_status roll(traj_futures *f, size_t number, FILE *stream, traj_error *err)
{
    const traj_rollout_config *const config = &f->settings->rollout;
    traj_moment moment;
    traj_forecast forecast = {0};
    traj_chain chain = {0};
    traj_status status = traj_futures_cut(f, number, config->horizon, &moment, err);
    if (status != TRAJ_OK) return status;
    const traj_sequence *const sequence = &moment.recording.sequence[0];
    unsigned char *const held = traj_alloc(sequence->agents, 1);
    if (held)
        traj_agents_mark(config->hold, sequence, held);
    else
        status = traj_fail_memory(err, "held agents");
    traj_rollout rollout = traj_futures_rollout(f, number, &moment, held);
    if (number == 0 && *config->chain) rollout.chain = &chain;
    if (status == TRAJ_OK) status = traj_rollout_run(&rollout, f->pool, &forecast, err);
    if (status == TRAJ_OK) traj_futures_write(f, number, &moment, &forecast, stream);
    if (status == TRAJ_OK && rollout.chain)
        status = write_chain(f, &moment, &forecast, &chain, err);
    traj_chain_free(&chain);
    traj_forecast_free(&forecast);
    traj_free(held);
    traj_moment_free(&moment);
    return status;
}

static traj_status generate(traj_futures *f, traj_error *err)
{
    const traj_rollout_config *const config = &f->settings->rollout;
    traj_output output;
    traj_status status = traj_futures_begin(f, config->out, &output, err);
    if (status != TRAJ_OK) return status;
    for (size_t i = 0; status == TRAJ_OK && i < f->places.count; i++)
        status = roll(f, i, output.stream, err);
    status = traj_futures_end(f, config->out, &output, status, err);
    if (status == TRAJ_OK && strcmp(config->out, "-") && strcmp(config->chain, "-"))
        printf("%s: %zu rollout%s of %d frames, %d sample%s each\n", config->out, f->places.count,
               f->places.count == 1 ? "" : "s", config->horizon, config->samples,
               config->samples == 1 ? "" : "s");
    return status;
}

static traj_status check_chain(const traj_futures *f, traj_error *err)
{
    const traj_rollout_config *const config = &f->settings->rollout;
    const traj_model_type *const type = traj_model_type_of(f->trained.model);
    if (!*config->chain) return TRAJ_OK;
    if (!type->sample)
        return traj_fail(err, TRAJ_E_USAGE,
                         "--chain: %s draws step by step and has no chain from noise; use a ddpm "
                         "or vdm",
                         type->name);
    if (!strcmp(config->chain, config->out))
        return traj_fail(err, TRAJ_E_USAGE, "--chain %s: --out writes there already",
                         config->chain);
    return TRAJ_OK;
}

traj_status cmd_rollout(traj_settings *settings, traj_error *err)
{
    traj_futures f;
    traj_status status = traj_futures_open(&f, settings, TRAJ_CMD_ROLLOUT, true, err);
    if (status == TRAJ_OK)
        status = traj_agents_check("--hold", settings->rollout.hold, &f.matches, &f.places, err);
    if (status == TRAJ_OK) status = check_chain(&f, err);
    if (status == TRAJ_OK) status = generate(&f, err);
    if (status == TRAJ_OK) traj_futures_announce(&f);
    traj_futures_close(&f);
    return status;
}
