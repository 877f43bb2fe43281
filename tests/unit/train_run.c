/* Whole training runs on a tiny match: stopped, resumed, diverged, out of memory. */
#include "train_groups.h"

#include "traj/base/memory.h"
#include "traj/io/file.h"
#include "traj/train/weights.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static size_t parameters(const train_fixture *f)
{
    return traj_model_layout(f->model)->size;
}

/* Best weights of a run that must succeed; owned by the caller. */
static traj_real *trained(const traj_training *training, traj_report *report)
{
    traj_error err = {TRAJ_OK, ""};
    traj_real *const weights =
        traj_alloc(traj_model_layout(training->model)->size, sizeof *weights);
    if (traj_train(training, weights, report, &err) != TRAJ_OK) fail_msg("%s", err.text);
    return weights;
}

static void same_weights(const train_fixture *f, const traj_real *a, const traj_real *b)
{
    assert_memory_equal(a, b, parameters(f) * sizeof *a);
}

static void training_learns_and_repeats(void **state)
{
    train_fixture *const f = *state;
    traj_report first, second;
    traj_trained loaded;
    f->config.epochs = 12;
    traj_real *const a = trained(&f->training, &first);
    assert_true(first.epochs == 12 && first.steps == 12 * 8 && first.best_epoch > 1);
    assert_true(first.last_train.count > 0 && first.last_valid.count > 0);
    assert_string_equal(first.reason, "all epochs done");
    f->config.epochs = 1;
    f->training.folder = "";
    traj_free(trained(&f->training, &second));
    assert_true(first.best_elbo > second.best_elbo + 0.1); /* nats: far beyond rounding */
    assert_int_equal(traj_weights_load(train_path(f, "model.safetensors"), &loaded, NULL), TRAJ_OK);
    same_weights(f, a, loaded.params.data);
    traj_trained_free(&loaded);
    f->config.epochs = 12;
    f->config.threads = 3;
    traj_real *const b = trained(&f->training, &second);
    same_weights(f, a, b);
    traj_free(a);
    traj_free(b);
}

/* Stopped after every single step, by the flag that Ctrl-C sets, and resumed each time. */
static void stopped_runs_go_on_exactly(void **state)
{
    train_fixture *const f = *state;
    static const volatile sig_atomic_t stop = 1;
    traj_report report;
    traj_error err;
    f->training.folder = "";
    traj_real *const straight = trained(&f->training, &report);
    f->training.folder = f->folder;
    f->training.resume = true;
    f->training.stop = &stop;
    int sittings = 0;
    while (traj_train(&f->training, NULL, &report, &err) == TRAJ_E_INTERRUPTED) {
        sittings++;
        assert_int_equal(report.steps, sittings);
        assert_non_null(strstr(err.text, "saved"));
        assert_true(traj_file_exists(train_path(f, "checkpoint.safetensors")));
        assert_int_equal(traj_file_exists(train_path(f, "model.safetensors")), sittings > 8);
    }
    assert_int_equal(sittings, 16);
    traj_real *const resumed = trained(&f->training, &report);
    same_weights(f, straight, resumed);
    traj_free(straight);
    traj_free(resumed);
}

static void without_validation_the_training_loss_decides(void **state)
{
    train_fixture *const f = *state;
    traj_report report;
    f->valid.count = 0;
    traj_real *const weights = trained(&f->training, &report);
    assert_true(report.last_valid.count == 0 && report.best_epoch > 0);
    assert_true(fabs(report.best_elbo +
                     (report.last_train.nll + report.last_train.kl) / report.last_train.count) <
                1e-12); /* the last epoch of two was the better one */
    for (size_t i = 0; i < parameters(f); i++) assert_true(isfinite(weights[i]));
    traj_free(weights);
}

static void no_windows_are_an_error(void **state)
{
    train_fixture *const f = *state;
    traj_report report;
    traj_error err;
    const size_t count = f->train.count;
    f->train.count = 0;
    assert_int_equal(traj_train(&f->training, NULL, &report, &err), TRAJ_E_DATA);
    f->train.count = count;
}

static void diverged_runs_keep_the_last_good_epoch(void **state)
{
    train_fixture *const f = *state;
    traj_report report;
    traj_error err;
    traj_trained before, after;
    traj_free(trained(&f->training, &report));
    assert_int_equal(traj_weights_load(train_path(f, "model.safetensors"), &before, NULL), TRAJ_OK);
    f->training.resume = true;
    f->config.epochs = 50;
    f->config.learning_rate = 1e9;
    f->config.clip = 0;
    assert_int_equal(traj_train(&f->training, NULL, &report, &err), TRAJ_E_DIVERGED);
    assert_non_null(strstr(err.text, "epoch 3"));
    assert_int_equal(traj_weights_load(train_path(f, "model.safetensors"), &after, NULL), TRAJ_OK);
    assert_true(before.hash == after.hash);
    traj_trained_free(&before);
    traj_trained_free(&after);
    f->config.epochs = 3;
    f->config.learning_rate = 1e-3;
    f->config.clip = 1;
    traj_free(trained(&f->training, &report)); /* from the checkpoint of epoch 2 */
    assert_true(report.epochs == 3 && report.steps == 24);
}

/* A callback that succeeds `left` times. */
static traj_status count_down(void *context, traj_error *err)
{
    int *const left = context;
    return (*left)-- > 0 ? TRAJ_OK : traj_fail(err, TRAJ_E_IO, "enough");
}

static void saved_is_called_after_every_epoch(void **state)
{
    train_fixture *const f = *state;
    traj_report report;
    traj_error err;
    int left = 3;
    f->training.saved = count_down;
    f->training.context = &left;
    traj_free(trained(&f->training, &report));
    assert_int_equal(left, 1);
    f->training.resume = true; /* tells at once that the checkpoint fits */
    f->config.epochs = 9;
    assert_int_equal(traj_train(&f->training, NULL, &report, &err), TRAJ_E_IO);
    assert_int_equal(report.epochs, 2 + 1);
}

static void every_allocation_may_fail(void **state)
{
    train_fixture *const f = *state;
    traj_report report;
    traj_error err;
    traj_status status = TRAJ_E_MEMORY;
    long n = 0;
    f->config.epochs = 1;
    while (status) {
        traj_alloc_fail_at(++n);
        status = traj_train(&f->training, NULL, &report, &err);
        traj_alloc_fail_at(0);
        assert_true(status == TRAJ_OK || status == TRAJ_E_MEMORY);
    }
    assert_true(n > 30);
}

/* More steps, not more allocations: the same epoch over 17 windows in steps of 2 and of 1. */
static void steps_allocate_nothing(void **state)
{
    train_fixture *const f = *state;
    traj_report report;
    unsigned long count[2];
    f->training.folder = "";
    f->config.epochs = 1;
    for (int i = 0; i < 2; i++) {
        f->config.batch = 2 - i;
        const unsigned long before = traj_alloc_count();
        assert_int_equal(traj_train(&f->training, NULL, &report, NULL), TRAJ_OK);
        count[i] = traj_alloc_count() - before;
    }
    assert_int_equal(report.steps, 17);
    assert_int_equal(count[0], count[1]);
}

int train_run_tests(void)
{
    const struct CMUnitTest tests[] = {
        TRAIN_TEST(training_learns_and_repeats),
        TRAIN_TEST(stopped_runs_go_on_exactly),
        TRAIN_TEST(without_validation_the_training_loss_decides),
        TRAIN_TEST(no_windows_are_an_error),
        TRAIN_TEST(diverged_runs_keep_the_last_good_epoch),
        TRAIN_TEST(saved_is_called_after_every_epoch),
        TRAIN_TEST(every_allocation_may_fail),
        TRAIN_TEST(steps_allocate_nothing),
    };
    return cmocka_run_group_tests_name("train: runs", tests, NULL, NULL);
}
