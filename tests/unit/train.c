/* Room train: runs its groups and holds what they share. */
#include "train_groups.h"

#include "traj/base/memory.h"
#include "traj/data/simulate.h"
#include "traj/num/gemm.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

static void cut(train_fixture *f)
{
    enum { WINDOW = 8 };
    assert_int_equal(traj_windows_cut(&f->recording, 1, WINDOW, 5, 0, 0.8, WINDOW, &f->train, NULL),
                     TRAJ_OK);
    assert_int_equal(traj_windows_cut(&f->recording, 1, WINDOW, WINDOW, 0.8, 1, 0, &f->valid, NULL),
                     TRAJ_OK);
    assert_int_equal(traj_norm_fit(&f->recording, &f->train, &f->norm, NULL), TRAJ_OK);
    assert_true(f->train.count == 17 && f->valid.count == 3);
}

void train_fixture_init(train_fixture *f)
{
    traj_simulate_options options;
    traj_model_config model;
    memset(f, 0, sizeof *f);
    traj_simulate_options_init(&options);
    options.minutes = 0.2;
    options.rate_hz = 10;
    assert_int_equal(traj_blas_start(NULL), TRAJ_OK);
    assert_int_equal(traj_simulate(&options, &f->recording, NULL), TRAJ_OK);
    cut(f);
    traj_model_config_init(&model);
    model.hidden = 4;
    model.latent = 2;
    assert_int_equal(traj_model_new(&model, &f->model, NULL), TRAJ_OK);
    traj_train_config_init(&f->config);
    f->config.epochs = 2;
    f->config.batch = 2;
    f->config.shard = 1;
    f->config.threads = 1;
    f->config.warmup_steps = 2;
    strcpy(f->folder, "/tmp/traj_train_XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    f->training = (traj_training){.config = &f->config,
                                  .model = f->model,
                                  .recording = &f->recording,
                                  .train = &f->train,
                                  .valid = &f->valid,
                                  .norm = &f->norm,
                                  .folder = f->folder,
                                  .quiet = true};
}

void train_fixture_free(train_fixture *f)
{
    DIR *const list = opendir(f->folder);
    for (const struct dirent *entry; list && (entry = readdir(list));)
        if (entry->d_name[0] != '.') assert_int_equal(remove(train_path(f, entry->d_name)), 0);
    if (list) closedir(list);
    assert_int_equal(rmdir(f->folder), 0);
    traj_windows_free(&f->train);
    traj_windows_free(&f->valid);
    traj_recording_free(&f->recording);
    traj_model_destroy(f->model);
}

int train_setup(void **state)
{
    *state = traj_alloc(1, sizeof(train_fixture));
    train_fixture_init(*state);
    return 0;
}

int train_teardown(void **state)
{
    train_fixture_free(*state);
    traj_free(*state);
    return 0;
}

const char *train_path(const train_fixture *f, const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *const path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", f->folder, name);
    return path;
}

int main(void)
{
    int failed = train_step_tests();
    failed += train_checkpoint_tests();
    failed += train_run_tests();
    return failed == 0 ? 0 : 1;
}
