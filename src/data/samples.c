/* Blocks of runs, one behind the other. */
#include "samples.h"

#include "traj/base/memory.h"

static int add_block(traj_samples *samples)
{
    traj_sample_block *const fresh = traj_alloc(1, sizeof *fresh);
    if (!fresh) return -1;
    *(samples->last_block ? &samples->last_block->next : &samples->block) = fresh;
    samples->last_block = fresh;
    samples->run = NULL;
    return 0;
}

static int begin_run(traj_samples *samples, const traj_track_sample *sample)
{
    const size_t size = sizeof(traj_sample_run) + sizeof(float[2]);
    if (!samples->last_block || samples->last_block->used + size > TRAJ_BLOCK_BYTES)
        if (add_block(samples) != 0) return -1;
    traj_sample_block *const block = samples->last_block;
    traj_sample_run *const run = (void *)(block->bytes + block->used);
    block->used += size;
    *run = (traj_sample_run){.row = sample->row,
                             .agent = sample->agent,
                             .count = 1,
                             .extrapolated = sample->extrapolated};
    run->position[0][0] = sample->x;
    run->position[0][1] = sample->y;
    samples->run = run;
    samples->next = *sample;
    samples->next.agent++;
    return 0;
}

int traj_samples_turn(traj_samples *samples, const traj_track_sample *sample)
{
    traj_sample_run *const run = samples->run;
    const bool along_rows = run != NULL && run->count == 1 && sample->agent == run->agent &&
                            sample->row == run->row + 1;
    if (!along_rows || run->along_rows) return begin_run(samples, sample);
    run->along_rows = true;
    samples->next.row = sample->row;
    samples->next.agent = sample->agent;
    return traj_samples_add(samples, sample);
}

traj_status traj_samples_fail(traj_error *err)
{
    return traj_fail_memory(err, "the positions of a file");
}

const traj_sample_run *traj_block_run(const traj_sample_block *block, const traj_sample_run *run)
{
    const unsigned char *const end = block->bytes + block->used;
    const unsigned char *const next = run ? (const unsigned char *)(run->position + run->count)
                                          : block->bytes;
    return next < end ? (const void *)next : NULL;
}

void traj_samples_drop_block(traj_samples *samples)
{
    traj_sample_block *const first = samples->block;
    samples->block = first->next;
    if (!samples->block) *samples = (traj_samples){0};
    traj_free(first);
}

void traj_samples_free(traj_samples *samples)
{
    while (samples->block) traj_samples_drop_block(samples);
}
