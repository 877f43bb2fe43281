/* What a training run carries from step to step, private to this room: exactly what a checkpoint
 * holds. */
#ifndef TRAJ_TRAIN_TRAINER_STATE_H
#define TRAJ_TRAIN_TRAINER_STATE_H

#include "traj/model/model.h"
#include "traj/train/trainer.h"

typedef struct traj_trainer_state {
    traj_params weights, m, v, average, best; /* data owned: one allocation, the first */
    long step;
    int epoch;       /* epochs finished */
    int next_batch;  /* of the epoch under way */
    traj_loss train; /* sums of the epoch under way */
    double rate_sum; /* of learning rates, for the log's mean */
    double best_elbo;
    int best_epoch;
    double seconds; /* of training, all sittings */
    double epoch_seconds;
    char *log; /* owned: the text of log.csv so far */
    size_t log_size, log_capacity;
} traj_trainer_state;

traj_status traj_trainer_state_init(traj_trainer_state *state, const traj_model *model,
                                    uint64_t seed, traj_error *err);
void traj_trainer_state_free(traj_trainer_state *state);

/* Appends formatted text to the log. Errors: TRAJ_E_MEMORY. */
traj_status traj_trainer_log(traj_trainer_state *state, traj_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A text that must be the same for a checkpoint to go on: model, data, and every option that shapes
 * a step. */
void traj_trainer_fingerprint(const traj_training *training, char *text, size_t size);

/* Errors: TRAJ_E_IO, TRAJ_E_MEMORY; load also TRAJ_E_DATA when the checkpoint is damaged or of
 * another run. */
traj_status traj_checkpoint_save(const char *path, const traj_training *training,
                                 const traj_trainer_state *state, traj_error *err);
traj_status traj_checkpoint_load(const char *path, const traj_training *training,
                                 traj_trainer_state *state, traj_error *err);

#endif
