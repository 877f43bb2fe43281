/* Room gen: runs its groups and holds what they share. */
#include "gen_groups.h"

#include "traj/base/memory.h"
#include "traj/data/simulate.h"
#include "traj/num/gemm.h"

#include <math.h>
#include <string.h>

void gen_fixture_init(gen_fixture *f, int latent)
{
    enum { WINDOW = 8 };
    traj_simulate_options options;
    traj_model_config config;
    traj_windows windows;
    memset(f, 0, sizeof *f);
    traj_simulate_options_init(&options);
    options.minutes = 0.2;
    options.rate_hz = 10;
    assert_int_equal(traj_blas_start(NULL), TRAJ_OK);
    assert_int_equal(traj_simulate(&options, &f->recording, NULL), TRAJ_OK);
    assert_int_equal(traj_windows_cut(&f->recording, 1, WINDOW, WINDOW, 0, 1, 0, &windows, NULL),
                     TRAJ_OK);
    assert_int_equal(traj_norm_fit(&f->recording, &windows, &f->norm, NULL), TRAJ_OK);
    traj_windows_free(&windows);
    traj_model_config_init(&config);
    strcpy(config.type, latent ? "gvrnn" : "rnn");
    config.hidden = 8;
    config.latent = latent;
    assert_int_equal(traj_model_new(&config, &f->model, NULL), TRAJ_OK);
    const traj_layout *const layout = traj_model_layout(f->model);
    f->params = (traj_params){layout, traj_alloc(layout->size, sizeof(traj_real))};
    traj_params_init(f->params, 7);
    /* heads begin near a plain guess: with larger weights z matters to x */
    for (size_t i = 0; i < layout->size; i++) f->params.data[i] *= 2;
}

void gen_fixture_free(gen_fixture *f)
{
    traj_recording_free(&f->recording);
    traj_model_destroy(f->model);
    traj_free(f->params.data);
}

int gen_setup(void **state)
{
    *state = traj_alloc(1, sizeof(gen_fixture));
    gen_fixture_init(*state, GEN_LATENT);
    return 0;
}

int gen_teardown(void **state)
{
    gen_fixture_free(*state);
    traj_free(*state);
    return 0;
}

traj_forecast gen_roll(const traj_rollout *rollout, int threads)
{
    traj_pool *pool;
    traj_forecast forecast;
    traj_error err = {TRAJ_OK, ""};
    assert_int_equal(traj_pool_new(&pool, threads, NULL), TRAJ_OK);
    if (traj_rollout_run(rollout, pool, &forecast, &err) != TRAJ_OK) fail_msg("%s", err.text);
    traj_pool_destroy(pool);
    return forecast;
}

float *gen_recorded(const gen_fixture *f, size_t frame, size_t agent)
{
    return f->recording.sequence[0].pos_m + 2 * (frame * GEN_AGENTS + agent);
}

float *gen_forecast(const traj_forecast *forecast, int sample, int t, int agent)
{
    return forecast->pos_m + 2 * ((sample * forecast->horizon + t) * forecast->agents + agent);
}

void gen_hide(const gen_fixture *f, size_t from, size_t to, size_t agent)
{
    for (size_t t = from; t < to; t++) {
        float *const pos_m = gen_recorded(f, t, agent);
        pos_m[0] = pos_m[1] = NAN;
    }
}

int main(void)
{
    int failed = gen_rollout_tests();
    failed += gen_score_tests();
    failed += gen_smooth_tests();
    failed += gen_impute_tests();
    failed += gen_denoise_tests();
    failed += gen_chain_tests();
    return failed == 0 ? 0 : 1;
}
