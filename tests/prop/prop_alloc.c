/* A training step allocates nothing: all its memory is reserved before the first one. */
#include "prop/prop.h"
#include "prop/prop_groups.h"
#include "traj/base/memory.h"
#include "traj/data/simulate.h"
#include "traj/train/step.h"
#include "unit/check.h"
#include <string.h>

enum { SCENES = 5, SHARD = 2, FRAMES = 6, STEPS = 3 };

/* Half a minute of simulated play, cut into windows. */
typedef struct match {
    traj_recording recording; /* owned */
    traj_windows windows;     /* owned */
    traj_norm norm;
} match;

static int open_match(void **state)
{
    static match play;
    traj_simulate_options options;
    traj_error err;
    traj_simulate_options_init(&options);
    options.minutes = 0.5;
    options.rate_hz = 5;
    traj_recording_init(&play.recording);
    assert_int_equal(traj_simulate(&options, &play.recording, &err), TRAJ_OK);
    assert_int_equal(
        traj_windows_cut(&play.recording, 1, FRAMES, FRAMES, 0, 1, 0, &play.windows, &err),
        TRAJ_OK);
    assert_int_equal(traj_norm_fit(&play.recording, &play.windows, &play.norm, &err), TRAJ_OK);
    *state = &play;
    return 0;
}

static int close_match(void **state)
{
    match *const play = *state;
    traj_windows_free(&play->windows);
    traj_recording_free(&play->recording);
    return 0;
}

/* Allocations that STEPS training steps make after everything is reserved. */
static unsigned long step_allocations(const match *play, prop_model *m, int threads)
{
    traj_pool *pool;
    traj_error err;
    traj_train_config config;
    traj_train_config_init(&config);
    assert_int_equal(traj_pool_new(&pool, threads, &err), TRAJ_OK);
    traj_shards shards = {.model = m->model,
                          .recording = &play->recording,
                          .norm = &play->norm,
                          .agents = play->windows.agents,
                          .frames = FRAMES,
                          .scenes = SHARD,
                          .most = (SCENES + SHARD - 1) / SHARD,
                          .pool = pool};
    assert_int_equal(traj_shards_init(&shards, true, &err), TRAJ_OK);
    const traj_layout *const layout = m->params.layout;
    traj_real *const moments = traj_alloc(3 * layout->size, sizeof *moments);
    assert_non_null(moments);
    traj_scene_pick pick[SCENES];
    for (size_t b = 0; b < SCENES; b++) pick[b] = (traj_scene_pick){.window = b};
    const traj_shard_run run = {.windows = &play->windows,
                                .pick = pick,
                                .count = SCENES,
                                .params = m->params,
                                .latent = {1, TRAJ_STREAM_LATENT, 0},
                                .dequant = {1, TRAJ_STREAM_DEQUANT, 0},
                                .dequantise = true,
                                .objective = m->objective};
    traj_update update = {.config = &config,
                          .m = {layout, moments},
                          .v = {layout, moments + layout->size},
                          .average = {layout, moments + 2 * layout->size},
                          .grads = m->grads,
                          .epoch = 1,
                          .rate = config.learning_rate};
    traj_loss loss;
    const unsigned long before = traj_alloc_count();
    for (update.step = 1; update.step <= STEPS; update.step++)
        assert_int_equal(traj_train_step(&shards, &run, &update, &loss, &err), TRAJ_OK);
    const unsigned long made = traj_alloc_count() - before;
    assert_true(loss.count > 0 && moments[0] != 0); /* the steps did train */
    traj_free(moments);
    traj_shards_free(&shards);
    traj_pool_destroy(pool);
    return made;
}

static void training_steps_allocate_nothing(void **state)
{
    for (int k = 0; k < PROP_MODELS; k++)
        for (int threads = 1; threads <= 3; threads += 2) {
            prop_model m;
            prop_model_init(&m, prop_models[k].name, &prop_models[k].config);
            const unsigned long made = step_allocations(*state, &m, threads);
            if (made)
                fail_msg("%s, %d threads: %lu allocations in %d training steps", m.name, threads,
                         made, (int)STEPS);
            prop_model_free(&m);
        }
}

/* The test above would hold for a counter that stands still. */
static void the_counter_counts(void **state)
{
    (void)state;
    const unsigned long before = traj_alloc_count();
    traj_free(traj_alloc(1, 1));
    assert_true(traj_alloc_count() == before + 1);
}

int prop_alloc_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(training_steps_allocate_nothing, open_match, close_match),
        cmocka_unit_test(the_counter_counts)};
    return cmocka_run_group_tests_name("allocations", tests, NULL, NULL);
}
