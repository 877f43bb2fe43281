/* Checkpoints and weights on disk: they come back as they were, or are refused. */
#include "../../src/train/trainer_state.h"
#include "train_groups.h"

#include "traj/base/memory.h"
#include "traj/io/file.h"
#include "traj/io/tensors.h"
#include "traj/train/weights.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A state in which no two numbers are alike. */
static void fill(train_fixture *f, traj_trainer_state *s)
{
    assert_int_equal(traj_trainer_state_init(s, f->model, 1, NULL), TRAJ_OK);
    const size_t size = s->weights.layout->size;
    for (size_t i = 0; i < 5 * size; i++) s->weights.data[i] = TRAJ_R((double)i * 0.1);
    s->step = 12;
    s->epoch = 3;
    s->next_batch = 5;
    s->best_epoch = 2;
    s->train = (traj_loss){1.5, 2.5, 3.5, 4.5};
    s->rate_sum = 0.1;
    s->best_elbo = -INFINITY;
    s->seconds = 77.25;
    s->epoch_seconds = 7.125;
    assert_int_equal(traj_trainer_log(s, NULL, "one,%d\n", 2), TRAJ_OK);
}

static void state_survives(void **state)
{
    train_fixture *const f = *state;
    traj_trainer_state saved, loaded;
    fill(f, &saved);
    const char *const path = train_path(f, "checkpoint.safetensors");
    assert_int_equal(traj_checkpoint_save(path, &f->training, &saved, NULL), TRAJ_OK);
    assert_int_equal(traj_trainer_state_init(&loaded, f->model, 2, NULL), TRAJ_OK);
    assert_int_equal(traj_checkpoint_load(path, &f->training, &loaded, NULL), TRAJ_OK);
    const size_t bytes = saved.weights.layout->size * sizeof(traj_real);
    assert_memory_equal(saved.weights.data, loaded.weights.data, bytes);
    assert_memory_equal(saved.m.data, loaded.m.data, bytes);
    assert_memory_equal(saved.v.data, loaded.v.data, bytes);
    assert_memory_equal(saved.average.data, loaded.average.data, bytes);
    assert_memory_equal(saved.best.data, loaded.best.data, bytes);
    assert_memory_equal(&saved.train, &loaded.train, sizeof saved.train);
    assert_true(loaded.step == 12 && loaded.epoch == 3 && loaded.next_batch == 5 &&
                loaded.best_epoch == 2);
    assert_true(loaded.rate_sum == 0.1 && loaded.best_elbo == -INFINITY &&
                loaded.seconds == 77.25 && loaded.epoch_seconds == 7.125);
    assert_string_equal(loaded.log, "one,2\n");
    traj_trainer_state_free(&saved);
    traj_trainer_state_free(&loaded);
}

static void refuse(train_fixture *f, const char *part)
{
    traj_trainer_state loaded;
    traj_error err;
    assert_int_equal(traj_trainer_state_init(&loaded, f->model, 2, NULL), TRAJ_OK);
    assert_int_equal(
        traj_checkpoint_load(train_path(f, "checkpoint.safetensors"), &f->training, &loaded, &err),
        TRAJ_E_DATA);
    assert_non_null(strstr(err.text, part));
    assert_non_null(strstr(err.text, "checkpoint.safetensors"));
    traj_trainer_state_free(&loaded);
}

static void other_runs_are_refused(void **state)
{
    train_fixture *const f = *state;
    traj_trainer_state saved;
    fill(f, &saved);
    const char *const path = train_path(f, "checkpoint.safetensors");
    assert_int_equal(traj_checkpoint_save(path, &f->training, &saved, NULL), TRAJ_OK);
    f->config.seed = 2;
    refuse(f, "another run");
    f->config.seed = 1;
    f->config.batch = 3;
    refuse(f, "another run");
    f->config.batch = 2;
    f->norm.scale_m[TRAJ_HOME] *= 1.0001;
    refuse(f, "another run");
    traj_trainer_state_free(&saved);
}

static void cut_files_are_refused(void **state)
{
    train_fixture *const f = *state;
    traj_trainer_state saved;
    char *bytes;
    size_t size;
    fill(f, &saved);
    const char *const path = train_path(f, "checkpoint.safetensors");
    assert_int_equal(traj_checkpoint_save(path, &f->training, &saved, NULL), TRAJ_OK);
    assert_int_equal(traj_file_read(path, &bytes, &size, NULL), TRAJ_OK);
    for (size_t cut = 0; cut < size; cut += 1 + size / 40) {
        traj_output output;
        assert_int_equal(traj_output_open(&output, path, NULL), TRAJ_OK);
        fwrite(bytes, 1, cut, output.stream);
        assert_int_equal(traj_output_commit(&output, NULL), TRAJ_OK);
        refuse(f, "");
    }
    traj_free(bytes);
    traj_trainer_state_free(&saved);
}

/* Writes a checkpoint of the right run whose counters or arrays are not what they should be. */
static void write_strange(train_fixture *f, int64_t next_batch, int64_t weights)
{
    traj_trainer_state s;
    char fingerprint[512];
    fill(f, &s);
    traj_trainer_fingerprint(&f->training, fingerprint, sizeof fingerprint);
    const int64_t counter[4] = {12, 3, next_batch, 2};
    const double number[8] = {0};
    const traj_meta meta = {"fingerprint", fingerprint};
    static const char *const names[5] = {"weights", "adam_m", "adam_v", "average", "best"};
    traj_tensor tensor[8] = {{"counters", TRAJ_I64, 1, {4}, counter},
                             {"numbers", TRAJ_F64, 1, {8}, number},
                             {"log", TRAJ_U8, 1, {0}, number}};
    for (int k = 0; k < 5; k++) {
        tensor[3 + k] = (traj_tensor){
            "", sizeof(traj_real) == 4 ? TRAJ_F32 : TRAJ_F64, 1, {weights}, s.weights.data};
        strcpy(tensor[3 + k].name, names[k]);
    }
    assert_int_equal(
        traj_tensors_write(train_path(f, "checkpoint.safetensors"), tensor, 8, &meta, 1, NULL),
        TRAJ_OK);
    traj_trainer_state_free(&s);
}

static void impossible_contents_are_refused(void **state)
{
    train_fixture *const f = *state;
    const int64_t size = (int64_t)traj_model_layout(f->model)->size;
    traj_trainer_state loaded;
    write_strange(f, -1, size);
    refuse(f, "damaged");
    write_strange(f, 0, size - 1);
    refuse(f, "damaged");
    write_strange(f, 0, size); /* the writer itself is sound */
    assert_int_equal(traj_trainer_state_init(&loaded, f->model, 2, NULL), TRAJ_OK);
    assert_int_equal(
        traj_checkpoint_load(train_path(f, "checkpoint.safetensors"), &f->training, &loaded, NULL),
        TRAJ_OK);
    traj_trainer_state_free(&loaded);
}

static void weights_survive(void **state)
{
    train_fixture *const f = *state;
    traj_trainer_state s;
    traj_trained loaded;
    traj_error err;
    fill(f, &s);
    const traj_trained saved = {
        .model = f->model, .params = s.best, .norm = f->norm, .burn_in = 3, .horizon = 5};
    const char *const path = train_path(f, "model.safetensors");
    assert_int_equal(traj_weights_save(path, &saved, NULL), TRAJ_OK);
    assert_int_equal(traj_weights_load(path, &loaded, NULL), TRAJ_OK);
    assert_memory_equal(loaded.params.data, s.best.data, s.best.layout->size * sizeof(traj_real));
    /* what lies behind the last member is anybody's */
    assert_memory_equal(traj_model_config_of(loaded.model), traj_model_config_of(f->model),
                        offsetof(traj_model_config, loss) + sizeof(int));
    assert_memory_equal(&loaded.norm, &f->norm, sizeof f->norm);
    assert_true(loaded.burn_in == 3 && loaded.horizon == 5);
    assert_true(loaded.hash == traj_weights_hash(s.best));
    traj_trained_free(&loaded);

    s.best.data[7] = TRAJ_R(NAN); /* nobody's model */
    assert_true(traj_weights_hash(s.best) != loaded.hash);
    assert_int_equal(traj_weights_save(path, &saved, NULL), TRAJ_OK);
    assert_int_equal(traj_weights_load(path, &loaded, &err), TRAJ_E_DATA);
    assert_non_null(strstr(err.text, "nan"));
    traj_trainer_state_free(&s);
}

int train_checkpoint_tests(void)
{
    const struct CMUnitTest tests[] = {
        TRAIN_TEST(state_survives),        TRAIN_TEST(other_runs_are_refused),
        TRAIN_TEST(cut_files_are_refused), TRAIN_TEST(impossible_contents_are_refused),
        TRAIN_TEST(weights_survive),
    };
    return cmocka_run_group_tests_name("train: files", tests, NULL, NULL);
}
