/* Futures as tokens and noise on them: see diffusion.h. */
#include "diffusion.h"
#include "recurrent.h"
#include "traj/base/assert.h"
#include <math.h>
#include <string.h>

void traj_diffusion_declare(traj_model *model, int outputs)
{
    traj_diffusion *const core = &model->diffusion;
    core->predict = (traj_predict_kind)model->config.predict;
    core->net = traj_denoiser_declare(&model->layout, &model->config, outputs);
}

static traj_mat take(traj_arena *arena, int rows, int cols)
{
    return traj_mat_view(traj_arena_reals(arena, (size_t)rows * (size_t)cols), rows, cols);
}

/* Step-major displacements [T,R,2] become tokens [R,2H]. */
static void fill_start(const traj_diffusion_run *run, const traj_batch *batch)
{
    for (int r = 0; r < run->rows; r++)
        for (int t = 0; t < run->horizon; t++) {
            const size_t from = (size_t)(run->observed + t) * (size_t)run->rows + (size_t)r;
            traj_real *const to = traj_mat_row(run->start, r) + 2 * t;
            const traj_real counts = batch->target[from];
            traj_mat_row(run->mask, r)[t] = counts;
            for (int k = 0; k < 2; k++) to[k] = counts != 0 ? batch->x[2 * from + (size_t)k] : 0;
        }
}

static void fill_nothing(const traj_diffusion_run *run)
{
    const size_t entries = (size_t)run->rows * (size_t)run->horizon;
    memset(run->start.data, 0, 2 * entries * sizeof(traj_real));
    for (size_t i = 0; i < entries; i++) run->mask.data[i] = 1;
}

traj_diffusion_run traj_diffusion_take(const traj_diffusion *core, traj_params params,
                                       const traj_batch *batch, int observed, bool from_future,
                                       bool with_gradient, traj_arena *arena)
{
    const int horizon = core->net.horizon, rows = batch->scenes * batch->agents;
    traj_diffusion_run run = {.observed = observed,
                              .horizon = horizon,
                              .scenes = batch->scenes,
                              .agents = batch->agents,
                              .rows = rows};
    TRAJ_ASSERT(observed >= 0 && batch->steps >= observed + (from_future ? horizon : 1));
    run.start = take(arena, rows, 2 * horizon);
    run.mask = take(arena, rows, horizon);
    run.eps = take(arena, rows, 2 * horizon);
    run.y = take(arena, rows, 2 * horizon);
    run.level = traj_arena_take(arena, (size_t)batch->scenes, sizeof *run.level);
    run.input = traj_arena_take(arena, (size_t)batch->scenes, sizeof *run.input);
    run.past = traj_past_take(&core->net, params, batch, observed, with_gradient, arena);
    run.net = traj_denoiser_take(&core->net, params, &run.past, with_gradient, arena);
    if (!arena->memory) return run;
    if (from_future)
        fill_start(&run, batch);
    else
        fill_nothing(&run);
    traj_past_forward(&core->net, params, &run.past);
    return run;
}

void traj_diffusion_draw(traj_diffusion_run *run, const uint32_t *scene, traj_noise noise,
                         uint32_t time)
{
    for (int b = 0; b < run->scenes; b++)
        traj_noise_normal_rows(&noise, scene[b], time, (uint32_t)run->agents,
                               traj_mat_row(run->eps, b * run->agents), (size_t)run->eps.cols);
    for (int r = 0; r < run->rows; r++)
        for (int t = 0; t < run->horizon; t++)
            if (traj_mat_row(run->mask, r)[t] == 0)
                memset(traj_mat_row(run->eps, r) + 2 * t, 0, 2 * sizeof(traj_real));
}

void traj_diffusion_answer(const traj_diffusion *core, traj_params params, traj_diffusion_run *run)
{
    const int cols = run->y.cols;
    for (int b = 0; b < run->scenes; b++) run->input[b] = run->level[b].input;
    for (int r = 0; r < run->rows; r++) {
        const traj_level level = run->level[r / run->agents];
        const traj_real a = TRAJ_R(level.signal), s = TRAJ_R(level.noise);
        const traj_real *const start = traj_mat_row(run->start, r), *const eps =
                                                                        traj_mat_row(run->eps, r);
        traj_real *const y = traj_mat_row(run->y, r);
        for (int k = 0; k < cols; k++) y[k] = a * start[k] + s * eps[k];
    }
    traj_denoiser_forward(&core->net, params, &run->net, run->y, run->mask, run->input,
                          run->past.context);
}

double traj_diffusion_uniform(traj_noise noise, uint32_t scene)
{
    const double golden = 0.61803398874989485;
    traj_real shift;
    noise.stream = TRAJ_STREAM_LEVEL;
    traj_noise_uniform(&noise, 0, 0, 0, &shift, 1);
    const double u = (double)shift + golden * (double)scene;
    return u - floor(u);
}

traj_start_of traj_diffusion_start_of(traj_predict_kind predict, traj_level level)
{
    const double a = level.signal, s = level.noise;
    return (traj_start_of){traj_predicted_start(predict, a, s, 1, 0),
                           traj_predicted_start(predict, a, s, 0, 1)};
}

void traj_diffusion_count(const traj_diffusion_run *run, const traj_batch *batch, traj_loss *loss)
{
    for (int r = 0; r < run->rows; r++)
        for (int t = 0; t < run->horizon; t++) {
            if (traj_mat_row(run->mask, r)[t] == 0) continue;
            loss->count++;
            loss->nll += (double)batch->log_scale[r];
        }
}
