/* The network of the diffusion models with random weights: what its outputs may depend on. */
#include "../../src/model/denoiser.h"
#include "prop/prop.h"
#include "prop/prop_groups.h"
#include "traj/base/memory.h"
#include "unit/check.h"
#include <string.h>

/* In step 4 of the fixture's batches the first agent of every scene is absent. */
enum { SCENES = 2, AGENTS = 5, ROWS = SCENES * AGENTS, OBSERVED = 4, STEPS = OBSERVED + 1 };
enum { HORIZON = 3, OUTPUTS = 4, IN = 2 * HORIZON, OUT = OUTPUTS * HORIZON };

/* The widths end in a part of a vector; both kinds of weights over senders. */
static const traj_model_config configs[] = {
    {.hidden = 7, .width = 19, .blocks = 2, .horizon = HORIZON},
    {.hidden = 7, .width = 16, .blocks = 3, .horizon = HORIZON, .attention = 3, .fourier = 2},
};
enum { CONFIGS = sizeof configs / sizeof *configs };

/* One network, one batch and one noisy future; what it says about them is kept in out. */
typedef struct question {
    traj_layout layout;
    traj_denoiser net;
    traj_params params; /* owned */
    prop_batch past;
    traj_real y[ROWS * IN], mask[ROWS * HORIZON], out[ROWS * OUT];
    double level[SCENES];
} question;

static void question_init(question *q, const traj_model_config *config)
{
    *q = (question){.level = {0.25, 0.75}};
    q->net = traj_denoiser_declare(&q->layout, config, OUTPUTS);
    q->params.data = traj_alloc(q->layout.size, sizeof(traj_real));
    assert_non_null(q->params.data);
    prop_fill(q->params.data, q->layout.size, 0.5, 1);
    prop_batch_init(&q->past, SCENES, AGENTS, STEPS);
    prop_fill(q->y, ROWS * IN, 1, 31);
    for (int i = 0; i < ROWS * HORIZON; i++) q->mask[i] = i % 4 ? 1 : 0;
}

static void question_free(question *q)
{
    prop_batch_free(&q->past);
    traj_free(q->params.data);
}

/* Takes both traces; a dry arena counts. */
static void take_traces(const question *q, traj_past_trace *past, traj_denoiser_trace *trace,
                        traj_arena *arena)
{
    *past = traj_past_take(&q->net, q->params, &q->past.batch, OBSERVED, false, arena);
    *trace = traj_denoiser_take(&q->net, q->params, past, false, arena);
}

/* Runs the network `times` times on the same trace, with another future in between. */
static void ask_again(question *q, int times)
{
    traj_arena arena;
    traj_error err;
    traj_past_trace past;
    traj_denoiser_trace trace;
    traj_real other[ROWS * IN];
    prop_fill(other, ROWS * IN, 2, 32);
    q->params.layout = &q->layout;
    traj_arena_init_dry(&arena);
    take_traces(q, &past, &trace, &arena);
    assert_int_equal(traj_arena_init(&arena, arena.peak, &err), TRAJ_OK);
    arena.poison_nan = true;
    take_traces(q, &past, &trace, &arena);
    traj_past_forward(&q->net, q->params, &past);
    for (int run = 1 - times; run <= 0; run++)
        traj_denoiser_forward(&q->net, q->params, &trace,
                              traj_mat_view(run ? other : q->y, ROWS, IN),
                              traj_mat_view(q->mask, ROWS, HORIZON), q->level, past.context);
    memcpy(q->out, trace.out.data, sizeof q->out);
    traj_arena_free(&arena);
}

static void ask(question *q)
{
    ask_again(q, 1);
}

typedef void statement(question *a, question *b);

/* Both questions are the same at first. */
static void for_all_configs(statement *holds)
{
    static question a, b; /* too large for a stack */
    for (int i = 0; i < CONFIGS; i++) {
        question_init(&a, &configs[i]);
        question_init(&b, &configs[i]);
        holds(&a, &b);
        question_free(&b);
        question_free(&a);
    }
}

static void assert_same_row(const question *a, const question *b, int row)
{
    assert_memory_equal(a->out + row * OUT, b->out + row * OUT, OUT * sizeof *a->out);
}

static void check_again(question *a, question *b)
{
    ask(a);
    ask_again(b, 3);
    for (int r = 0; r < ROWS; r++) assert_same_row(a, b, r);
}

/* A sampler runs the same trace at every level: nothing of one run may stay in the next. */
static void the_same_trace_again(void **state)
{
    (void)state;
    for_all_configs(check_again);
}

static void check_order(question *a, question *b)
{
    static const int scene[SCENES] = {0, 1}, agent[AGENTS] = {3, 0, 4, 1, 2};
    prop_batch_copy(&b->past.batch, &a->past.batch, scene, agent);
    for (int r = 0; r < ROWS; r++) {
        const int from = r / AGENTS * AGENTS + agent[r % AGENTS];
        memcpy(b->y + r * IN, a->y + from * IN, IN * sizeof *a->y);
        memcpy(b->mask + r * HORIZON, a->mask + from * HORIZON, HORIZON * sizeof *a->mask);
    }
    ask(a);
    ask(b);
    for (int r = 0; r < ROWS; r++)
        prop_same_all("denoiser", a->out + (r / AGENTS * AGENTS + agent[r % AGENTS]) * OUT,
                      b->out + r * OUT, OUT, 10 * prop_rounding());
}

/* All agents share their weights, and sums over senders have no order but for rounding. */
static void permutation_of_tokens(void **state)
{
    (void)state;
    for_all_configs(check_order);
}

static void check_absent(question *a, question *b)
{
    prop_batch_fill_absent(&b->past.batch);
    for (int s = 0; s < SCENES; s++) {
        prop_fill(b->y + s * AGENTS * IN, IN, 3, 33);
        prop_fill(b->mask + s * AGENTS * HORIZON, HORIZON, 3, 34);
    }
    ask(a);
    ask(b);
    for (int r = 0; r < ROWS; r++)
        if (r % AGENTS) assert_same_row(a, b, r);
}

/* Whatever finite numbers stand where an agent is absent, past or future: not a bit of the others
 * changes. */
static void numbers_of_absent_tokens(void **state)
{
    (void)state;
    for_all_configs(check_absent);
}

static void check_reach(question *a, question *b)
{
    const int changed = 1; /* an agent who is there, in the first scene */
    b->y[changed * IN] += 1;
    ask(a);
    ask(b);
    for (int r = 0; r < ROWS; r++)
        if (r >= 1 && r < AGENTS)
            assert_memory_not_equal(a->out + r * OUT, b->out + r * OUT, OUT * sizeof *a->out);
        else
            assert_same_row(a, b, r);
}

/* One agent's future says something about the futures of all who are there with him, and nothing
 * about an absent agent or another scene. */
static void who_hears_whom(void **state)
{
    (void)state;
    for_all_configs(check_reach);
}

/* Steps [first, first + steps) of the edges. */
static void fill_edges(const traj_batch *batch, int first, int steps)
{
    const size_t frame = ROWS * AGENTS * TRAJ_EDGE_FEATURES;
    prop_fill(batch->edge + (size_t)first * frame, (size_t)steps * frame, 2, 35);
}

static void check_frames(question *a, question *b)
{
    const int waiting = 2 * ROWS + 3; /* there in step 2, but without a step to the next frame */
    a->past.batch.target[waiting] = b->past.batch.target[waiting] = 0;
    prop_fill(b->past.batch.x + 2 * waiting, 2, 2, 36);
    prop_fill(b->past.batch.known + TRAJ_KNOWN * waiting, TRAJ_KNOWN, 2, 37);
    prop_fill(b->past.batch.x + 2 * OBSERVED * ROWS, 2 * ROWS, 2, 38);
    fill_edges(&b->past.batch, 0, OBSERVED);
    ask(a);
    ask(b);
    for (int r = 0; r < ROWS; r++) assert_same_row(a, b, r);
    fill_edges(&b->past.batch, OBSERVED, 1);
    ask(b);
    for (int r = 0; r < ROWS; r++)
        if (r % AGENTS)
            assert_memory_not_equal(a->out + r * OUT, b->out + r * OUT, OUT * sizeof *a->out);
}

/* Of the frame behind the past, where everyone stands counts and where he goes does not. Of the
 * past, who saw whom does not count, nor does anything of a row without target. */
static void what_of_the_past_counts(void **state)
{
    (void)state;
    for_all_configs(check_frames);
}

int prop_denoiser_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_trace_again), cmocka_unit_test(permutation_of_tokens),
        cmocka_unit_test(numbers_of_absent_tokens), cmocka_unit_test(who_hears_whom),
        cmocka_unit_test(what_of_the_past_counts)};
    return cmocka_run_group_tests_name("denoiser", tests, NULL, NULL);
}
