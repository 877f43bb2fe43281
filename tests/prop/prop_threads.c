/* The number of threads changes no bit: jobs are numbered, noise goes by numbers, sums are made in
 * the order of the numbers. */
#include "prop/prop.h"
#include "prop/prop_groups.h"
#include "traj/base/memory.h"
#include "traj/data/simulate.h"
#include "traj/gen/score.h"
#include "traj/train/trainer.h"
#include "unit/check.h"
#include <math.h>
#include <string.h>

/* A few seconds of simulated play, cut into windows. */
typedef struct match {
    traj_recording raw, recording; /* owned */
    traj_windows windows;          /* owned */
    traj_norm norm;
    prop_model m;
} match;

static const traj_model_config config = {
    .type = "gvrnn", 8, 3, 1, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1};

static int open_match(void **state)
{
    static match play;
    traj_simulate_options options;
    traj_error err;
    traj_simulate_options_init(&options);
    options.minutes = 0.5;
    traj_recording_init(&play.raw);
    traj_recording_init(&play.recording);
    assert_int_equal(traj_simulate(&options, &play.raw, &err), TRAJ_OK);
    assert_int_equal(traj_recording_resample(&play.raw, 5, INT64_MIN, &play.recording, &err),
                     TRAJ_OK);
    assert_int_equal(traj_windows_cut(&play.recording, 1, 6, 6, 0, 1, 0, &play.windows, &err),
                     TRAJ_OK);
    assert_int_equal(traj_norm_fit(&play.recording, &play.windows, &play.norm, &err), TRAJ_OK);
    assert_true(play.windows.count > 20);
    prop_model_init(&play.m, "gvrnn", &config);
    *state = &play;
    return 0;
}

static int close_match(void **state)
{
    match *const play = *state;
    prop_model_free(&play->m);
    traj_windows_free(&play->windows);
    traj_recording_free(&play->recording);
    traj_recording_free(&play->raw);
    return 0;
}

static traj_scene_score *score_with(const match *play, int threads)
{
    const traj_score_job job = {.model = play->m.model,
                                .params = play->m.params,
                                .norm = &play->norm,
                                .recording = &play->recording,
                                .windows = &play->windows,
                                .importance = 3,
                                .dequantise = true,
                                .seed = 6};
    traj_pool *pool;
    traj_error err;
    traj_scene_score *const score = traj_alloc(play->windows.count, sizeof *score);
    assert_non_null(score);
    assert_int_equal(traj_pool_new(&pool, threads, &err), TRAJ_OK);
    assert_int_equal(traj_score_run(&job, pool, score, &err), TRAJ_OK);
    traj_pool_destroy(pool);
    return score;
}

static void scores_do_not_depend_on_threads(void **state)
{
    const match *const play = *state;
    traj_scene_score *const one = score_with(play, 1);
    for (size_t i = 0; i < play->windows.count; i++)
        assert_true(isfinite(one[i].nll) && isfinite(one[i].iwae) && one[i].kl > 0);
    for (int threads = 2; threads <= 10; threads++) {
        traj_scene_score *const many = score_with(play, threads);
        assert_memory_equal(one, many, play->windows.count * sizeof *one);
        traj_free(many);
    }
    traj_free(one);
}

/* The weights after two epochs: free with traj_free. */
static traj_real *train_with(const match *play, int threads)
{
    const traj_windows none = {.frames = play->windows.frames, .agents = play->windows.agents};
    traj_train_config train;
    traj_report report;
    traj_error err;
    traj_train_config_init(&train);
    train.epochs = 2;
    train.batch = 7; /* the last shard of a batch is shorter */
    train.shard = 2;
    train.threads = threads;
    const traj_training training = {.config = &train,
                                    .model = play->m.model,
                                    .recording = &play->recording,
                                    .train = &play->windows,
                                    .valid = &none,
                                    .norm = &play->norm,
                                    .folder = "",
                                    .quiet = true};
    traj_real *const weights = traj_alloc(play->m.params.layout->size, sizeof *weights);
    assert_non_null(weights);
    if (traj_train(&training, weights, &report, &err) != TRAJ_OK) fail_msg("%s", err.text);
    assert_true(report.steps >= 6);
    return weights;
}

static void training_does_not_depend_on_threads(void **state)
{
    const match *const play = *state;
    const size_t bytes = play->m.params.layout->size * sizeof(traj_real);
    traj_real *const one = train_with(play, 1);
    for (int threads = 2; threads <= 10; threads++) {
        traj_real *const many = train_with(play, threads);
        assert_memory_equal(one, many, bytes);
        traj_free(many);
    }
    traj_free(one);
}

int prop_threads_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_do_not_depend_on_threads),
        cmocka_unit_test(training_does_not_depend_on_threads),
    };
    return cmocka_run_group_tests_name("numbers of threads", tests, open_match, close_match);
}
