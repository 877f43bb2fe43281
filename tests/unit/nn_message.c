#include "traj/nn/message.h"
#include "unit/nn_check.h"
#include "unit/nn_groups.h"
#include <stdio.h>
#include <string.h>

enum { MOST_AGENTS = 23, MOST_HIDDEN = 40, MOST_FEATURES = 6, IN = 5, SCENES = 2 };

typedef struct sizes {
    int agents, hidden, features, attention, absent;
} sizes;

/* One layer with everything that a pass over it needs. */
typedef struct round_of {
    sizes size;
    traj_layout layout;
    traj_message layer;
    traj_params params; /* data owned */
    traj_arena arena;   /* owned */
    traj_mat v;         /* [S*A,IN] */
    traj_real *present, *feature, *mean;
    traj_scenes scenes;
    traj_message_trace trace;
} round_of;

static void make(round_of *m, sizes size)
{
    *m = (round_of){.size = size};
    traj_error err;
    const size_t rows = (size_t)SCENES * (size_t)size.agents, agents = (size_t)size.agents;
    m->layer = traj_message_declare(&m->layout, "m",
                                    (traj_message){.in = IN,
                                                   .hidden = size.hidden,
                                                   .edges = true,
                                                   .features = size.features,
                                                   .attention = size.attention});
    assert_int_equal(traj_arena_init(&m->arena, 1 << 20, &err), TRAJ_OK);
    m->arena.poison_nan = true;
    m->params = (traj_params){&m->layout, traj_arena_reals(&m->arena, m->layout.size)};
    traj_params_init(m->params, 7);
    m->v = traj_mat_view(traj_arena_reals(&m->arena, rows * IN), (int)rows, IN);
    m->present = traj_arena_reals(&m->arena, rows);
    m->mean = traj_arena_reals(&m->arena, rows * agents);
    m->feature = traj_arena_reals(&m->arena, rows * agents * (size_t)size.features);
    nn_fill(m->v.data, rows * IN, 1, 1);
    nn_fill(m->feature, rows * agents * (size_t)size.features, 1, 2);
    for (size_t r = 0; r < rows; r++)
        m->present[r] = (int)(r % agents) < size.absent * (int)(r / agents) ? 0 : 1;
    m->scenes = (traj_scenes){SCENES, size.agents, size.features ? m->feature : NULL, m->mean};
}

static void run(round_of *m)
{
    traj_mean_weights(SCENES, m->size.agents, m->present, m->mean);
    const traj_message_fold fold = traj_message_prepare(&m->layer, m->params, &m->arena, false);
    m->trace = traj_message_trace_take(&m->layer, SCENES, m->size.agents, &m->arena);
    traj_gemm_nt(m->trace.p, m->v,
                 traj_param_stack(m->params, m->layer.project, traj_message_width(&m->layer)),
                 TRAJ_SET);
    traj_message_forward(&m->layer, m->params, &fold, m->scenes, m->trace);
}

static traj_mat weight_of(const round_of *m, const char *name)
{
    char full[64];
    snprintf(full, sizeof full, "m.%s", name);
    const int index = traj_layout_find(&m->layout, full);
    assert_true(index >= 0);
    return traj_param_mat(m->params, index);
}

/* out += W in, in double. */
static void apply(traj_mat w, const double *in, double *out)
{
    for (int o = 0; o < w.rows; o++)
        for (int i = 0; i < w.cols; i++) out[o] += (double)traj_mat_row(w, o)[i] * in[i];
}

static void apply_row(traj_mat w, const traj_real *in, double *out)
{
    double row[MOST_HIDDEN];
    for (int i = 0; i < w.cols; i++) row[i] = (double)in[i];
    apply(w, row, out);
}

/* The edge from j to i, written out: max(0, W_s v_j + W_r v_i + W_e f_ij + b). */
static void twin_edge(const round_of *m, int s, int i, int j, double edge[MOST_HIDDEN])
{
    const int agents = m->size.agents, hidden = m->size.hidden;
    const traj_mat bias = weight_of(m, "edge.sender.bias");
    for (int h = 0; h < hidden; h++) edge[h] = (double)bias.data[h];
    apply_row(weight_of(m, "edge.sender.weight"), traj_mat_row(m->v, s * agents + j), edge);
    apply_row(weight_of(m, "edge.receiver.weight"), traj_mat_row(m->v, s * agents + i), edge);
    if (m->size.features)
        apply_row(weight_of(m, "edge.feature.weight"),
                  m->feature + ((s * agents + i) * agents + j) * m->size.features, edge);
    for (int h = 0; h < hidden; h++) edge[h] = fmax(0, edge[h]);
}

static double twin_score(const round_of *m, int s, int i, int j)
{
    double query[MOST_HIDDEN] = {0}, key[MOST_HIDDEN] = {0}, sum = 0;
    apply_row(weight_of(m, "attention.query.weight"), traj_mat_row(m->v, s * m->size.agents + i),
              query);
    apply_row(weight_of(m, "attention.key.weight"), traj_mat_row(m->v, s * m->size.agents + j),
              key);
    for (int k = 0; k < m->size.attention; k++) sum += query[k] * key[k];
    return sum / sqrt(m->size.attention);
}

/* How much of each sender's edge agent i of scene s takes: equal shares, or a softmax of scores. */
static void twin_shares(const round_of *m, int s, int i, double share[MOST_AGENTS])
{
    const traj_real *const present = m->present + s * m->size.agents;
    double sum = 0;
    for (int j = 0; j < m->size.agents; j++) {
        const bool sends = j != i && present[i] != 0 && present[j] != 0;
        share[j] = !sends ? 0 : m->size.attention ? exp(twin_score(m, s, i, j)) : 1;
        sum += share[j];
    }
    for (int j = 0; j < m->size.agents && sum > 0; j++) share[j] /= sum;
}

/* o_i with nothing folded and nothing factored. */
static void twin_node(const round_of *m, int s, int i, double o[MOST_HIDDEN])
{
    const int hidden = m->size.hidden;
    double share[MOST_AGENTS], mean[MOST_HIDDEN] = {0}, message[MOST_HIDDEN] = {0};
    const traj_mat bias = weight_of(m, "node.bias");
    twin_shares(m, s, i, share);
    for (int j = 0; j < m->size.agents; j++) {
        double edge[MOST_HIDDEN];
        if (share[j] == 0) continue;
        twin_edge(m, s, i, j, edge);
        for (int h = 0; h < hidden; h++) mean[h] += share[j] * edge[h];
    }
    apply(weight_of(m, "message.weight"), mean, message);
    for (int h = 0; h < hidden; h++) o[h] = (double)bias.data[h];
    apply_row(weight_of(m, "node.weight"), traj_mat_row(m->v, s * m->size.agents + i), o);
    apply(weight_of(m, "aggregate.weight"), message, o);
    for (int h = 0; h < hidden; h++) o[h] = fmax(0, o[h]);
}

static void fused_edges_are_explicit_edges(void **state)
{
    (void)state;
    /* 10 features and whole vectors of hidden units have a path of their own. */
    static const sizes all[] = {
        {1, 7, 10, 0, 0},   {2, 16, 10, 0, 0}, {2, 16, 10, 0, 1},  {5, 7, 10, 0, 2},
        {5, 7, 0, 0, 1},    {4, 9, 3, 0, 1},   {23, 32, 10, 0, 4}, {6, 40, 10, 0, 1},
        {1, 7, 10, 3, 0},   {2, 16, 10, 3, 1}, {5, 16, 10, 3, 2},  {5, 7, 0, 2, 1},
        {23, 32, 10, 4, 4}, {3, 16, 10, 0, 3}, {3, 16, 10, 2, 3},  {4, 16, 6, 0, 1},
        {4, 16, 6, 2, 1},
    };
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        static round_of m;
        make(&m, all[c]);
        run(&m);
        for (int s = 0; s < SCENES; s++)
            for (int i = 0; i < m.size.agents; i++) {
                double o[MOST_HIDDEN];
                twin_node(&m, s, i, o);
                for (int h = 0; h < m.size.hidden; h++)
                    assert_true(nn_close(traj_mat_row(m.trace.o, s * m.size.agents + i)[h], o[h]));
            }
        traj_arena_free(&m.arena);
    }
}

/* Other numbers in every absent agent's row, infinity in one of its edge features each way. */
static void spoil_absent(round_of *m)
{
    const int agents = m->size.agents, features = m->size.features;
    for (int r = 0; r < SCENES * agents; r++) {
        if (m->present[r] != 0) continue;
        const int scene = r / agents, a = r % agents;
        for (int k = 0; k < IN; k++) traj_mat_row(m->v, r)[k] += 100;
        for (int j = 0; j < agents; j++) {
            m->feature[(r * agents + j) * features] = (traj_real)INFINITY;
            m->feature[((scene * agents + j) * agents + a) * features] = (traj_real)INFINITY;
        }
    }
}

/* Whatever stands in an absent agent's row and in its edge features reaches nobody: not a bit of
 * the others' results changes. */
static void absent_agents_are_not_heard(void **state)
{
    (void)state;
    static const sizes all[] = {{5, 16, 10, 0, 2}, {5, 7, 10, 3, 2}};
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        static round_of m;
        static traj_real before[SCENES * MOST_AGENTS * MOST_HIDDEN];
        make(&m, all[c]);
        run(&m);
        const int rows = SCENES * m.size.agents, hidden = m.size.hidden;
        memcpy(before, m.trace.o.data, (size_t)(rows * hidden) * sizeof *before);
        spoil_absent(&m);
        run(&m);
        for (int r = 0; r < rows; r++)
            if (m.present[r] != 0)
                assert_memory_equal(before + r * hidden, traj_mat_row(m.trace.o, r),
                                    (size_t)hidden * sizeof *before);
        traj_arena_free(&m.arena);
    }
}

static void mean_weights_count_present_senders(void **state)
{
    (void)state;
    const traj_real present[] = {1, 1, 0, 1, /**/ 0, 1, 0, 0};
    traj_real mean[32];
    const traj_real half = TRAJ_R(0.5);
    const traj_real expected[32] = {0, half, 0, half, half, 0,    0, half,
                                    0, 0,    0, 0,    half, half, 0, 0};
    for (int i = 0; i < 32; i++) mean[i] = TRAJ_R(NAN);
    traj_mean_weights(2, 4, present, mean);
    for (int i = 0; i < 32; i++) assert_true(mean[i] == (i < 16 ? expected[i] : 0));
    traj_mean_weights(1, 1, present, mean);
    assert_true(mean[0] == 0);
}

/* Scores of this size overflow exp unless the largest is subtracted first. */
static void large_scores_stay_finite(void **state)
{
    (void)state;
    static round_of m;
    make(&m, (sizes){5, 7, 10, 3, 1});
    for (int k = 0; k < m.v.rows * IN; k++) m.v.data[k] *= 1000;
    run(&m);
    for (int r = 0; r < m.v.rows; r++) {
        double sum = 0;
        for (int j = 0; j < m.size.agents; j++)
            sum += (double)m.trace.weight[r * m.size.agents + j];
        assert_true(fabs(sum - (m.present[r] != 0 ? 1 : 0)) < NN_CLOSE);
        for (int h = 0; h < m.size.hidden; h++)
            assert_true(isfinite(traj_mat_row(m.trace.o, r)[h]));
    }
    traj_arena_free(&m.arena);
}

static void too_many_features(void)
{
    static round_of m;
    make(&m, (sizes){2, 7, 17, 0, 0});
    run(&m);
}

static void mistakes_abort(void **state)
{
    (void)state;
    assert_true(check_aborts(too_many_features));
}

int test_message(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_abort),
        cmocka_unit_test(fused_edges_are_explicit_edges),
        cmocka_unit_test(absent_agents_are_not_heard),
        cmocka_unit_test(mean_weights_count_present_senders),
        cmocka_unit_test(large_scores_stay_finite),
    };
    return cmocka_run_group_tests_name("nn: message passing", tests, NULL, NULL);
}
