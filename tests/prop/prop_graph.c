/* Message passing alone, at a width that fills whole registers in both builds. */
#include "prop/prop.h"
#include "prop/prop_groups.h"
#include "traj/base/memory.h"
#include "traj/nn/graph.h"
#include "unit/check.h"
#include <string.h>

enum { SCENES = 3, AGENTS = 6, ROWS = SCENES * AGENTS, HIDDEN = 35, OUT = 4, E = 10 };

/* One arrangement of the same agents: agent a of a scene is original agent order[a]. */
typedef struct arrangement {
    traj_real p[ROWS * (3 * HIDDEN + 8)]; /* [R, width]: the first round's projections */
    traj_real feature[ROWS * AGENTS * E], present[ROWS], mean[ROWS * AGENTS];
    traj_real raw[ROWS * OUT];
} arrangement;

static void arrange(arrangement *to, const arrangement *from, const int *order, size_t width)
{
    for (int r = 0; r < ROWS; r++) {
        const int first = r / AGENTS * AGENTS, source = first + order[r % AGENTS];
        to->present[r] = from->present[source];
        memcpy(to->p + (size_t)r * width, from->p + (size_t)source * width,
               width * sizeof(traj_real));
        for (int j = 0; j < AGENTS; j++)
            memcpy(to->feature + (r * AGENTS + j) * E,
                   from->feature + (source * AGENTS + order[j]) * E, E * sizeof(traj_real));
    }
}

static void run(const traj_graph *graph, traj_params params, arrangement *a)
{
    traj_arena arena;
    traj_error err;
    const size_t width = (size_t)traj_message_width(&graph->layer[0]);
    assert_int_equal(traj_arena_init(&arena, 1 << 20, &err), TRAJ_OK);
    arena.poison_nan = true;
    traj_mean_weights(SCENES, AGENTS, a->present, a->mean);
    const traj_scenes scenes = {SCENES, AGENTS, a->feature, a->mean};
    const traj_graph_fold fold = traj_graph_prepare(graph, params, &arena, false);
    const traj_graph_trace trace = traj_graph_trace_take(graph, SCENES, AGENTS, &arena);
    memcpy(trace.layer[0].p.data, a->p, ROWS * width * sizeof(traj_real));
    traj_graph_forward(graph, params, &fold, scenes, trace, traj_mat_view(a->raw, ROWS, OUT));
    traj_arena_free(&arena);
}

static void check_order(traj_graph_shape shape)
{
    static const int order[AGENTS] = {4, 2, 5, 0, 1, 3};
    static arrangement straight, permuted; /* too large for a stack */
    traj_layout layout = {0};
    const traj_graph graph = traj_graph_declare(&layout, "graph", shape);
    const size_t width = (size_t)traj_message_width(&graph.layer[0]);
    const traj_params params = {&layout, traj_alloc(layout.size, sizeof(traj_real))};
    assert_true(params.data && width <= 3 * HIDDEN + 8);
    prop_fill(params.data, layout.size, 0.3, 21);
    prop_fill(straight.p, ROWS * width, 1, 22);
    prop_fill(straight.feature, ROWS * AGENTS * E, 1, 23);
    for (int r = 0; r < ROWS; r++) straight.present[r] = r % 5 != 2; /* others in each scene */
    arrange(&permuted, &straight, order, width);
    run(&graph, params, &straight);
    run(&graph, params, &permuted);
    for (int r = 0; r < ROWS; r++)
        prop_same_all("graph", straight.raw + OUT * (r / AGENTS * AGENTS + order[r % AGENTS]),
                      permuted.raw + OUT * r, OUT, prop_rounding());
    traj_free(params.data);
}

/* The mean and the attention over senders are sums: their order means nothing but rounding. */
static void permutation_of_senders_and_receivers(void **state)
{
    (void)state;
    check_order((traj_graph_shape){5, HIDDEN, OUT, 1, E, 0});
    check_order((traj_graph_shape){5, HIDDEN, OUT, 3, E, 0});
    check_order((traj_graph_shape){5, HIDDEN, OUT, 2, E, 4});
}

int prop_graph_tests(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(permutation_of_senders_and_receivers)};
    return cmocka_run_group_tests_name("message passing", tests, NULL, NULL);
}
