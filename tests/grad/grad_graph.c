/* Rows' layers: one round of message passing, and rounds with a head. */
#include "grad/grad_layers.h"
#include "traj/nn/graph.h"

/* The first projections P are a variable of their own: their product is the caller's. */
typedef struct passing {
    traj_arena *scratch; /* view */
    traj_layout layout;
    traj_params params, grads;
    traj_scenes scenes;
    traj_message message;
    traj_message_fold message_fold;
    traj_message_trace message_trace;
    traj_graph graph;
    traj_graph_fold graph_fold;
    traj_graph_trace graph_trace;
    traj_mat p, dp;         /* dp: the trace's P, projections and then gradient */
    traj_mat raw, dy, work; /* results' gradient, and a copy that may be destroyed */
} passing;

/* Every other scene lacks its first `absent` agents, the others their last. */
static traj_scenes make_scenes(grad_bench *bench, const grad_shape *shape)
{
    const int scenes = shape->scenes, agents = shape->agents, rows = scenes * agents;
    const traj_mat present = grad_data(bench, 1, rows);
    const traj_mat mean = grad_mat(bench, 1, rows * agents);
    for (int r = 0; r < rows; r++) {
        const int a = r / agents % 2 ? agents - 1 - r % agents : r % agents;
        present.data[r] = a < shape->absent ? 0 : 1;
    }
    traj_mean_weights(scenes, agents, present.data, mean.data);
    traj_real *const feature =
        shape->features ? grad_data(bench, 1, rows * agents * shape->features).data : NULL;
    return (traj_scenes){scenes, agents, feature, mean.data};
}

static passing *passing_make(grad_bench *bench, const grad_shape *shape)
{
    passing *const s = grad_state(bench, sizeof *s);
    s->scratch = &bench->scratch;
    s->scenes = make_scenes(bench, shape);
    return s;
}

/* Variables, once the layout is there; width of P and of the result. */
static void passing_variables(passing *s, grad_bench *bench, int width, int out)
{
    const int rows = s->scenes.scenes * s->scenes.agents;
    s->params = grad_params(bench, &s->layout, &s->grads);
    s->dp = grad_mat(bench, rows, width);
    s->p = grad_input_in_place(bench, "p", rows, width, s->dp);
    s->dy = grad_data(bench, rows, out);
    s->work = grad_mat(bench, rows, out);
}

static void *message_make(grad_bench *bench, const grad_shape *shape)
{
    passing *const s = passing_make(bench, shape);
    s->message = traj_message_declare(&s->layout, "m",
                                      (traj_message){.in = shape->in,
                                                     .hidden = shape->out,
                                                     .edges = !shape->no_edges,
                                                     .features = shape->features,
                                                     .attention = shape->attention});
    passing_variables(s, bench, traj_message_width(&s->message), shape->out);
    s->message_trace =
        traj_message_trace_take(&s->message, shape->scenes, shape->agents, &bench->memory);
    s->message_trace.p = s->dp;
    s->message_trace.o = grad_mat(bench, s->dp.rows, shape->out);
    return s;
}

static double message_value(void *state)
{
    passing *const s = state;
    traj_arena_release(s->scratch, 0);
    s->message_fold = traj_message_prepare(&s->message, s->params, s->scratch, true);
    grad_copy(s->dp, s->p);
    traj_message_forward(&s->message, s->params, &s->message_fold, s->scenes, s->message_trace);
    return grad_dot(s->message_trace.o, s->dy);
}

static void message_gradient(void *state)
{
    passing *const s = state;
    grad_copy(s->work, s->dy);
    traj_message_backward(&s->message, s->params, &s->message_fold, s->scenes, s->message_trace,
                          s->work, s->scratch);
    traj_message_gradient(&s->message, s->params, s->grads, &s->message_fold, s->message_trace);
}

const grad_layer grad_message = {message_make, message_value, message_gradient};

static void *graph_make(grad_bench *bench, const grad_shape *shape)
{
    passing *const s = passing_make(bench, shape);
    s->graph = traj_graph_declare(&s->layout, "g",
                                  (traj_graph_shape){.in = shape->in,
                                                     .hidden = shape->out,
                                                     .out = shape->out + 1,
                                                     .rounds = shape->rounds,
                                                     .features = shape->features,
                                                     .attention = shape->attention});
    passing_variables(s, bench, traj_message_width(&s->graph.layer[0]), shape->out + 1);
    s->graph_trace = traj_graph_trace_take(&s->graph, shape->scenes, shape->agents, &bench->memory);
    s->graph_trace.layer[0].p = s->dp;
    s->raw = grad_mat(bench, s->dp.rows, shape->out + 1);
    return s;
}

static double graph_value(void *state)
{
    passing *const s = state;
    traj_arena_release(s->scratch, 0);
    s->graph_fold = traj_graph_prepare(&s->graph, s->params, s->scratch, true);
    grad_copy(s->dp, s->p);
    traj_graph_forward(&s->graph, s->params, &s->graph_fold, s->scenes, s->graph_trace, s->raw);
    return grad_dot(s->raw, s->dy);
}

static void graph_gradient(void *state)
{
    passing *const s = state;
    traj_graph_backward(&s->graph, s->params, &s->graph_fold, s->scenes, s->graph_trace, s->dy,
                        s->scratch);
    traj_graph_gradient(&s->graph, s->params, s->grads, &s->graph_fold, s->graph_trace, s->dy);
}

const grad_layer grad_graph = {graph_make, graph_value, graph_gradient};
