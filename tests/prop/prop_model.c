/* Properties of every model's loss and steps on batches. */
#include "prop/prop.h"
#include "prop/prop_groups.h"
#include "traj/base/memory.h"
#include "unit/check.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SCENES = 2, AGENTS = 5, STEPS = 5 };

typedef void property(prop_model *m);

static void for_models(int first, int end, property *holds)
{
    for (int i = first; i < end; i++) {
        prop_model m;
        prop_model_init(&m, prop_models[i].name, &prop_models[i].config);
        holds(&m);
        prop_model_free(&m);
    }
}

static void for_all_models(property *holds)
{
    for_models(0, PROP_MODELS, holds);
}

static void for_recurrent_models(property *holds)
{
    for_models(0, PROP_RECURRENT, holds);
}

static void for_diffusion_models(property *holds)
{
    for_models(PROP_RECURRENT, PROP_MODELS, holds);
}

/* The gradient that prop_loss left, kept from the next call: free with traj_free. */
static traj_real *keep_gradient(const prop_model *m)
{
    const size_t size = m->grads.layout->size;
    traj_real *const kept = traj_alloc(size, sizeof *kept);
    assert_non_null(kept);
    memcpy(kept, m->grads.data, size * sizeof *kept);
    return kept;
}

/* Both batches have this loss and this gradient, up to rounding. */
static void assert_same_loss(prop_model *m, const traj_batch *a, const traj_batch *b,
                             double rounding)
{
    const traj_loss loss_a = prop_loss(m, a, 0);
    traj_real *const gradient = keep_gradient(m);
    const traj_loss loss_b = prop_loss(m, b, 0);
    prop_same_loss(m->name, loss_a, loss_b, rounding);
    prop_same_all(m->name, gradient, m->grads.data, m->grads.layout->size, rounding);
    traj_free(gradient);
}

static const int every_scene[] = {0, 1, 2, 3};
static const int permutation[AGENTS] = {3, 0, 4, 1, 2};

/* Parameters are shared by all agents and identity enters through features alone, so the order of
 * agents means nothing. The noise alone goes by an agent's number: with a quiet encoder it moves z
 * by 1e-11 at most, which the tolerance in double allows for. Nothing quietens the noise of a
 * diffusion loss: there, only what is generated without noise can be compared. */
static void permuted_agents_have_the_same_loss(prop_model *m)
{
    prop_batch straight, permuted;
    prop_quieten(m, "encoder");
    prop_batch_init(&straight, SCENES, AGENTS, STEPS);
    prop_batch_init(&permuted, SCENES, AGENTS, STEPS);
    prop_batch_copy(&permuted.batch, &straight.batch, every_scene, permutation);
    assert_same_loss(m, &straight.batch, &permuted.batch, 100 * prop_rounding());
    prop_batch_free(&straight);
    prop_batch_free(&permuted);
}

static void permutation_of_agents(void **state)
{
    (void)state;
    for_recurrent_models(permuted_agents_have_the_same_loss);
}

/* Filters the batch, then draws the mean of one more step: h [R,H] and x [R,2]. The step's inputs
 * are the last observed ones again. */
static void generate(const prop_model *m, const traj_batch *batch, traj_real *h, traj_real *x)
{
    const traj_model_type *const type = traj_model_type_of(m->model);
    const traj_noise noise = {9, TRAJ_STREAM_LATENT, 0};
    const int rows = batch->scenes * batch->agents;
    traj_arena arena;
    traj_error err;
    traj_state carried;
    traj_step step = {.scenes = batch->scenes, .agents = batch->agents, .scene = batch->scene};
    const size_t bytes = traj_model_step_bytes(m->model, batch->scenes, batch->agents);
    assert_int_equal(traj_arena_init(&arena, bytes, &err), TRAJ_OK);
    type->state_take(m->model, rows, &carried, &arena);
    for (int t = 0; t < batch->steps; t++) {
        step.known = batch->known + t * rows * TRAJ_KNOWN;
        step.edge = batch->edge + t * rows * batch->agents * TRAJ_EDGE_FEATURES;
        step.present = batch->present + t * rows;
        step.target = batch->target + t * rows;
        step.time = (uint32_t)t;
        type->filter(m->model, m->params, step, batch->x + 2 * t * rows, noise, &carried, &arena);
    }
    type->draw(m->model, m->params, step, noise, noise, 1, x, &carried, &arena);
    type->advance(m->model, m->params, step, x, &carried, &arena);
    memcpy(h, carried.h, (size_t)(rows * traj_model_config_of(m->model)->hidden) * sizeof *h);
    traj_arena_free(&arena);
}

/* As above, agent by agent: what comes out for an agent follows it to its new place. The prior is
 * quiet, too, because z is drawn from it. */
static void permuted_agents_permute_the_rows(prop_model *m)
{
    enum { ROWS = SCENES * AGENTS, MOST_HIDDEN = 17 };
    const size_t hidden = (size_t)traj_model_config_of(m->model)->hidden;
    prop_batch straight, permuted;
    traj_real x[2][ROWS * 2], h[2][ROWS * MOST_HIDDEN];
    assert_true(hidden <= MOST_HIDDEN);
    prop_quieten(m, "encoder");
    prop_quieten(m, "prior");
    prop_batch_init(&straight, SCENES, AGENTS, STEPS);
    prop_batch_init(&permuted, SCENES, AGENTS, STEPS);
    prop_batch_copy(&permuted.batch, &straight.batch, every_scene, permutation);
    generate(m, &straight.batch, h[0], x[0]);
    generate(m, &permuted.batch, h[1], x[1]);
    for (size_t row = 0; row < ROWS; row++) {
        const size_t from = row / AGENTS * AGENTS + (size_t)permutation[row % AGENTS];
        prop_same_all(m->name, x[0] + 2 * from, x[1] + 2 * row, 2, prop_rounding());
        prop_same_all(m->name, h[0] + hidden * from, h[1] + hidden * row, hidden, prop_rounding());
    }
    prop_batch_free(&straight);
    prop_batch_free(&permuted);
}

static void permutation_of_rows(void **state)
{
    (void)state;
    for_recurrent_models(permuted_agents_permute_the_rows);
}

/* A whole horizon behind all but the last `horizon` steps of the batch, without noise but with what
 * is given: x [H,R,2]. */
static void generate_horizon(const prop_model *m, const traj_batch *batch, const traj_real *given,
                             const traj_real *known, traj_real *x)
{
    const traj_model_type *const type = traj_model_type_of(m->model);
    const traj_sampling sampling = {.batch = batch,
                                    .observed = batch->steps -
                                                traj_model_config_of(m->model)->horizon,
                                    .given = given,
                                    .x = known,
                                    .steps = 4,
                                    .mean = true,
                                    .noise = {9, TRAJ_STREAM_DIFFUSION, 0}};
    traj_arena arena;
    traj_error err;
    traj_arena_init_dry(&arena);
    type->sample(m->model, m->params, &sampling, NULL, &arena);
    assert_int_equal(traj_arena_init(&arena, arena.peak, &err), TRAJ_OK);
    arena.poison_nan = true;
    type->sample(m->model, m->params, &sampling, x, &arena);
    traj_arena_free(&arena);
}

enum { MOST_HORIZON = 3, HORIZON_ROWS = MOST_HORIZON * SCENES * AGENTS };

static void permuted_agents_permute_the_horizon(prop_model *m)
{
    const int horizon = traj_model_config_of(m->model)->horizon;
    prop_batch straight, permuted;
    traj_real x[2][2 * HORIZON_ROWS];
    assert_true(horizon <= MOST_HORIZON);
    prop_batch_init(&straight, SCENES, AGENTS, STEPS);
    prop_batch_init(&permuted, SCENES, AGENTS, STEPS);
    prop_batch_copy(&permuted.batch, &straight.batch, every_scene, permutation);
    generate_horizon(m, &straight.batch, NULL, NULL, x[0]);
    generate_horizon(m, &permuted.batch, NULL, NULL, x[1]);
    for (int row = 0; row < horizon * SCENES * AGENTS; row++) {
        const int from = row / AGENTS * AGENTS + permutation[row % AGENTS];
        prop_same_all(m->name, x[0] + 2 * from, x[1] + 2 * row, 2, 10 * prop_rounding());
    }
    prop_batch_free(&straight);
    prop_batch_free(&permuted);
}

/* What the batch says behind the frame that the horizon starts from. */
static void poison_future(const traj_batch *batch, int observed)
{
    const int rows = batch->scenes * batch->agents;
    const traj_real nan = TRAJ_R(NAN);
    for (int r = observed * rows; r < batch->steps * rows; r++) {
        batch->x[2 * r] = batch->x[2 * r + 1] = batch->target[r] = nan;
        if (r < (observed + 1) * rows) continue;
        for (int k = 0; k < TRAJ_KNOWN; k++) batch->known[r * TRAJ_KNOWN + k] = nan;
        batch->present[r] = nan;
    }
}

static void the_future_changes_no_bit(prop_model *m)
{
    const int horizon = traj_model_config_of(m->model)->horizon;
    prop_batch b;
    traj_real x[2][2 * HORIZON_ROWS];
    prop_batch_init(&b, SCENES, AGENTS, STEPS);
    generate_horizon(m, &b.batch, NULL, NULL, x[0]);
    poison_future(&b.batch, STEPS - horizon);
    generate_horizon(m, &b.batch, NULL, NULL, x[1]);
    assert_memory_equal(x[0], x[1], sizeof(traj_real[2]) * (size_t)(horizon * SCENES * AGENTS));
    prop_batch_free(&b);
}

/* The first agent of each scene is given: it comes out as it is, and the others notice. */
static void given_agents_come_out_as_given(prop_model *m)
{
    const int horizon = traj_model_config_of(m->model)->horizon;
    prop_batch b;
    traj_real x[2][2 * HORIZON_ROWS], given[HORIZON_ROWS], known[2 * HORIZON_ROWS];
    bool others_moved = false;
    prop_fill(known, 2 * HORIZON_ROWS, 1, 6);
    for (int r = 0; r < HORIZON_ROWS; r++) given[r] = r % AGENTS == 0 ? 1 : 0;
    prop_batch_init(&b, SCENES, AGENTS, STEPS);
    generate_horizon(m, &b.batch, NULL, NULL, x[0]);
    generate_horizon(m, &b.batch, given, known, x[1]);
    for (int r = 0; r < horizon * SCENES * AGENTS; r++)
        if (given[r] != 0)
            assert_memory_equal(x[1] + 2 * r, known + 2 * r, sizeof(traj_real[2]));
        else
            others_moved = others_moved || x[0][2 * r] != x[1][2 * r];
    assert_true(others_moved);
    prop_batch_free(&b);
}

static void horizons(void **state)
{
    (void)state;
    for_diffusion_models(permuted_agents_permute_the_horizon);
    for_diffusion_models(the_future_changes_no_bit);
    for_diffusion_models(given_agents_come_out_as_given);
}

/* Absent entries are multiplied by zero or skipped, never read into a result: whatever finite
 * numbers stand there, every bit stays as it was. */
static void absent_numbers_change_no_bit(prop_model *m)
{
    prop_batch zeros, filled;
    prop_batch_init(&zeros, SCENES, AGENTS, STEPS);
    prop_batch_init(&filled, SCENES, AGENTS, STEPS);
    prop_batch_fill_absent(&filled.batch);
    assert_memory_not_equal(zeros.batch.x, filled.batch.x, sizeof(traj_real[2 * AGENTS * STEPS]));
    assert_same_loss(m, &zeros.batch, &filled.batch, 0);
    prop_batch_free(&zeros);
    prop_batch_free(&filled);
}

static void numbers_of_absent_agents(void **state)
{
    (void)state;
    for_all_models(absent_numbers_change_no_bit);
}

/* A scene with one more agent that is never there is the same scene. The agent stands last because
 * the noise goes by an agent's number; products of other sizes may round differently. */
static void masked_agent_is_no_agent(prop_model *m)
{
    static const int others[] = {0, 1, 2, 3, 4, -1};
    prop_batch without, with;
    prop_batch_init(&without, SCENES, AGENTS, STEPS);
    prop_batch_init(&with, SCENES, AGENTS + 1, STEPS);
    prop_batch_copy(&with.batch, &without.batch, every_scene, others);
    for (int r = AGENTS; r < STEPS * SCENES * (AGENTS + 1); r += AGENTS + 1)
        with.batch.present[r] = with.batch.target[r] = 0;
    prop_batch_fill_absent(&with.batch);
    assert_same_loss(m, &without.batch, &with.batch, prop_rounding());
    prop_batch_free(&without);
    prop_batch_free(&with);
}

static void masked_agents(void **state)
{
    (void)state;
    for_all_models(masked_agent_is_no_agent);
}

/* Agents meet inside a scene only, and noise goes by the scene's number: sums over scenes may be
 * cut anywhere. */
static void shards_add_up(prop_model *m)
{
    enum { ALL = 4 };
    static const int every_agent[AGENTS] = {0, 1, 2, 3, 4}, length[] = {2, 1, 1};
    const size_t size = m->grads.layout->size;
    prop_batch whole;
    traj_loss sum = {0};
    traj_real *const gradient = traj_alloc(size, sizeof *gradient);
    assert_non_null(gradient);
    prop_batch_init(&whole, ALL, AGENTS, STEPS);
    for (int s = 0, first = 0; s < 3; first += length[s++]) {
        prop_batch shard;
        prop_batch_init(&shard, length[s], AGENTS, STEPS);
        prop_batch_copy(&shard.batch, &whole.batch, every_scene + first, every_agent);
        traj_loss_add(&sum, prop_loss(m, &shard.batch, 0));
        for (size_t i = 0; i < size; i++) gradient[i] += m->grads.data[i];
        prop_batch_free(&shard);
    }
    prop_same_loss(m->name, prop_loss(m, &whole.batch, 0), sum, prop_rounding());
    prop_same_all(m->name, m->grads.data, gradient, size, prop_rounding());
    traj_free(gradient);
    prop_batch_free(&whole);
}

static void shards_of_a_batch(void **state)
{
    (void)state;
    for_all_models(shards_add_up);
}

/* Every weight of `to` that has a namesake of the same shape. */
static void copy_weights(const prop_model *to, const prop_model *from)
{
    for (int p = 0; p < to->params.layout->count; p++) {
        const traj_mat mine = traj_param_mat(to->params, p);
        const traj_mat other = prop_weights(from, to->params.layout->param[p].name);
        assert_true(mine.rows == other.rows && mine.cols == other.cols);
        memcpy(mine.data, other.data, (size_t)(mine.rows * mine.cols) * sizeof *mine.data);
    }
}

/* Without senders m = 0, so o = max(0, W_u v + b_u): a gvrnn whose agent is alone is the vrnn of
 * its node weights, and no weight of the edges has a gradient. */
static void lone_agent(void **state)
{
    (void)state;
    static const traj_model_config
        graph = {.type = "gvrnn", 9, 3, 1, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
        plain = {.type = "vrnn", 9, 3, 0, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1};
    prop_model gvrnn, vrnn;
    prop_batch alone;
    prop_model_init(&gvrnn, "gvrnn", &graph);
    prop_model_init(&vrnn, "vrnn", &plain);
    copy_weights(&vrnn, &gvrnn);
    prop_batch_init(&alone, SCENES, 1, STEPS);
    prop_same_loss("a lone agent", prop_loss(&gvrnn, &alone.batch, 0),
                   prop_loss(&vrnn, &alone.batch, 0), prop_rounding());
    for (int p = 0; p < gvrnn.grads.layout->count; p++) {
        const traj_param *const param = &gvrnn.grads.layout->param[p];
        const size_t n = (size_t)param->rows * (size_t)param->cols;
        const int namesake = traj_layout_find(vrnn.grads.layout, param->name);
        const traj_real *const gradient = traj_param_vec(gvrnn.grads, p);
        if (namesake >= 0)
            prop_same_all(param->name, gradient, traj_param_vec(vrnn.grads, namesake), n,
                          prop_rounding());
        for (size_t i = 0; namesake < 0 && i < n; i++) assert_true(gradient[i] == 0);
    }
    prop_batch_free(&alone);
    prop_model_free(&gvrnn);
    prop_model_free(&vrnn);
}

/* The graph is used: with company, the same weights make another loss than the vrnn's. Otherwise
 * the properties above would hold for a gvrnn that passes no messages. */
static void company(void **state)
{
    (void)state;
    static const traj_model_config
        graph = {.type = "gvrnn", 9, 3, 1, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1},
        plain = {.type = "vrnn", 9, 3, 0, 0, TRAJ_OUTPUT_BIVARIATE, 1, 1e-3, 1};
    prop_model gvrnn, vrnn;
    prop_batch together;
    prop_model_init(&gvrnn, "gvrnn", &graph);
    prop_model_init(&vrnn, "vrnn", &plain);
    copy_weights(&vrnn, &gvrnn);
    prop_batch_init(&together, SCENES, AGENTS, STEPS);
    const traj_loss a = prop_loss(&gvrnn, &together.batch, 0);
    const traj_loss b = prop_loss(&vrnn, &together.batch, 0);
    assert_true(fabs(a.nll - b.nll) > 1e-2 && fabs(a.kl - b.kl) > 1e-2);
    prop_batch_free(&together);
    prop_model_free(&gvrnn);
    prop_model_free(&vrnn);
}

int prop_model_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(permutation_of_agents),
        cmocka_unit_test(permutation_of_rows),
        cmocka_unit_test(horizons),
        cmocka_unit_test(numbers_of_absent_agents),
        cmocka_unit_test(masked_agents),
        cmocka_unit_test(shards_of_a_batch),
        cmocka_unit_test(lone_agent),
        cmocka_unit_test(company),
    };
    return cmocka_run_group_tests_name("models on batches", tests, NULL, NULL);
}
