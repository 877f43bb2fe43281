/* A row's layer: the network of the diffusion models, past and denoiser together.
 *
 *   value = dout_0 . out(y_0, level_0) + dout_1 . out(y_1, level_1) + dcontext . context
 *
 * The trace is run twice, as a loss with several levels a batch does: nothing of the first run may
 * stay in the second. */
#include "../../src/model/denoiser.h"
#include "grad/grad_layers.h"

/* The fastest level feature turns 1000 radians a unit, too fast for differences of 1e-5: the
 * variable is the level in thousandths. */
#define LEVEL_UNIT 1e-3
enum { RUNS = 2, MOST_SCENES = 2 };

typedef struct denoising {
    traj_arena *scratch; /* view */
    traj_layout layout;
    traj_params params, grads;
    traj_denoiser net;
    traj_batch batch;
    int observed;
    traj_past_trace past;
    traj_denoiser_trace trace;
    traj_mat mask, d_context;
    struct {
        traj_mat y, dy, level, d_level, d_out; /* level [1,B] */
    } run[RUNS];
} denoising;

/* Absent rows hold numbers, too: whether they are zero is none of the network's business. */
static void fill_batch(grad_bench *bench, const traj_batch *batch, int absent)
{
    const size_t rows = (size_t)batch->scenes * (size_t)batch->agents;
    const size_t all = rows * (size_t)batch->steps, agents = (size_t)batch->agents;
    grad_fill(batch->x, all * 2, 1, ++bench->seed);
    grad_fill(batch->known, all * TRAJ_KNOWN, 1, ++bench->seed);
    grad_fill(batch->edge, all * agents * TRAJ_EDGE_FEATURES, 1, ++bench->seed);
    for (size_t r = 0; r < all; r++) {
        const size_t scene = r % rows / agents, a = scene ? agents - 1 - r % agents : r % agents;
        batch->present[r] = a < (size_t)absent ? 0 : 1;
        batch->target[r] = r % 5 == 3 ? 0 : batch->present[r];
    }
}

static void make_run(denoising *d, grad_bench *bench, int run, int rows)
{
    static const char *const y[RUNS] = {"y_0", "y_1"}, *const level[RUNS] = {"level_0", "level_1"};
    const int values = 2 * d->net.horizon, outputs = d->net.outputs * d->net.horizon;
    d->run[run].y = grad_input(bench, y[run], rows, values, TRAJ_SET, &d->run[run].dy);
    d->run[run].level =
        grad_input(bench, level[run], 1, d->batch.scenes, TRAJ_SET, &d->run[run].d_level);
    for (int b = 0; b < d->batch.scenes; b++) /* from (-1,1) to (0,1) */
        d->run[run].level.data[b] = (1 + d->run[run].level.data[b]) / TRAJ_R(2 * LEVEL_UNIT);
    d->run[run].d_out = grad_data(bench, rows, outputs);
}

static void *denoiser_make(grad_bench *bench, const grad_shape *shape)
{
    denoising *const d = grad_state(bench, sizeof *d);
    const traj_model_config config = {.hidden = shape->in,
                                      .width = shape->out,
                                      .blocks = shape->layers,
                                      .horizon = shape->horizon,
                                      .attention = shape->attention,
                                      .fourier = shape->fourier};
    const int rows = shape->scenes * shape->agents;
    d->scratch = &bench->scratch;
    d->observed = shape->observed;
    d->net = traj_denoiser_declare(&d->layout, &config, shape->outputs);
    d->params = grad_params(bench, &d->layout, &d->grads);
    traj_batch_take(&d->batch, shape->scenes, shape->agents, shape->observed + 1, &bench->memory);
    fill_batch(bench, &d->batch, shape->absent);
    for (int run = 0; run < RUNS; run++) make_run(d, bench, run, rows);
    d->mask = grad_data(bench, rows, shape->horizon);
    d->d_context = grad_data(bench, rows, shape->out);
    return d;
}

static void levels_of(const denoising *d, int run, double *level)
{
    for (int b = 0; b < d->batch.scenes; b++)
        level[b] = LEVEL_UNIT * (double)d->run[run].level.data[b];
}

static double run_forward(denoising *d, int run)
{
    double level[MOST_SCENES];
    levels_of(d, run, level);
    traj_denoiser_forward(&d->net, d->params, &d->trace, d->run[run].y, d->mask, level,
                          d->past.context);
    return grad_dot(d->trace.out, d->run[run].d_out);
}

static void run_backward(denoising *d, int run)
{
    double level[MOST_SCENES], d_level[MOST_SCENES];
    levels_of(d, run, level);
    traj_denoiser_backward(&d->net, d->params, d->grads, &d->trace, d->run[run].d_out, level,
                           d->past.context, d->d_context, d->run[run].dy, d_level, d->scratch);
    for (int b = 0; b < d->batch.scenes; b++)
        d->run[run].d_level.data[b] = TRAJ_R(LEVEL_UNIT * d_level[b]);
}

static double denoiser_value(void *state)
{
    denoising *const d = state;
    traj_arena_release(d->scratch, 0);
    d->past = traj_past_take(&d->net, d->params, &d->batch, d->observed, true, d->scratch);
    traj_past_forward(&d->net, d->params, &d->past);
    d->trace = traj_denoiser_take(&d->net, d->params, &d->past, true, d->scratch);
    double value = grad_dot(d->past.context, d->d_context);
    for (int run = 0; run < RUNS; run++) value += run_forward(d, run);
    return value;
}

static void denoiser_gradient(void *state)
{
    denoising *const d = state;
    const traj_mat d_context = d->d_context;
    /* the backward pass adds to what stands there, and value() must find it again */
    d->d_context =
        traj_mat_view(traj_arena_reals(d->scratch, (size_t)d_context.rows * (size_t)d_context.cols),
                      d_context.rows, d_context.cols);
    grad_copy(d->d_context, d_context);
    run_backward(d, 1); /* value() ran it last */
    run_forward(d, 0);
    run_backward(d, 0);
    traj_past_backward(&d->net, d->params, d->grads, &d->past, d->d_context, d->scratch);
    d->d_context = d_context;
}

const grad_layer grad_denoiser = {denoiser_make, denoiser_value, denoiser_gradient};
