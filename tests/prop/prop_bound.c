/* Divergences and bounds: what theory says about KL, ELBO and importance weights. */
#include "prop/prop.h"
#include "prop/prop_groups.h"
#include "traj/nn/latent.h"
#include "unit/check.h"
#include <math.h>
#include <string.h>

/* Rounding of sums that are compared with 0: the terms are of order 1 to 100. */
static double near_zero(void)
{
    return sizeof(traj_real) == sizeof(double) ? 1e-13 : 1e-4;
}

/* Gibbs' inequality, with equality between equal distributions. */
static void kl_is_never_negative(void **state)
{
    (void)state;
    enum { ROWS = 200, LATENT = 5 };
    traj_real q[ROWS * 2 * LATENT], p[ROWS * 2 * LATENT], kl[ROWS], weight[ROWS];
    const traj_mat q_mat = traj_mat_view(q, ROWS, 2 * LATENT);
    const traj_mat p_mat = traj_mat_view(p, ROWS, 2 * LATENT);
    for (int r = 0; r < ROWS; r++) weight[r] = 1;
    for (int size = -4; size <= 0; size++) { /* from neighbours to strangers */
        prop_fill(q, ROWS * 2 * LATENT, 3, 31);
        prop_fill(p, ROWS * 2 * LATENT, 3 * pow(10, size), 32);
        for (int i = 0; i < ROWS * 2 * LATENT; i++) p[i] += q[i];
        traj_kl_forward(kl, q_mat, p_mat, weight, TRAJ_R(1e-3));
        for (int r = 0; r < ROWS; r++) assert_true((double)kl[r] > -near_zero());
        if (!size)
            for (int r = 0; r < ROWS; r++) assert_true((double)kl[r] > 1e-3);
        traj_kl_forward(kl, q_mat, q_mat, weight, TRAJ_R(1e-3));
        for (int r = 0; r < ROWS; r++) assert_true(fabs((double)kl[r]) <= near_zero());
    }
}

/* Mean of draws and its standard error. */
typedef struct estimate {
    double mean, error;
} estimate;

static estimate estimate_of(const double *draw, int count)
{
    double mean = 0, square = 0;
    for (int k = 0; k < count; k++) mean += draw[k] / count;
    for (int k = 0; k < count; k++) square += (draw[k] - mean) * (draw[k] - mean);
    return (estimate){mean, sqrt(square / count / (count - 1))};
}

/* Five standard errors: by chance once in two million; the seed is fixed anyway. */
static bool agrees(estimate e, double expected)
{
    return fabs(e.mean - expected) < 5 * e.error;
}

/* draw[k] = log p(x,z) - log q(z|x) of the whole batch with noise k; elbo[k], if not NULL, the
 * estimate -(nll + kl) with the same noise. */
static void draw_weights(prop_model *m, const traj_batch *batch, int count, double *draw,
                         double *elbo)
{
    traj_arena arena;
    traj_error err;
    double weight[8];
    const size_t bytes =
        traj_model_loss_bytes(m->model, batch->scenes, batch->agents, batch->steps, 1);
    assert_true(batch->scenes <= 8);
    assert_int_equal(traj_arena_init(&arena, bytes, &err), TRAJ_OK);
    for (int k = 0; k < count; k++) {
        const traj_noise noise = {9, TRAJ_STREAM_LATENT, (uint32_t)k};
        const traj_model_type *const type = traj_model_type_of(m->model);
        traj_loss loss;
        type->log_weight(m->model, m->params, batch, noise, weight, &arena);
        draw[k] = 0;
        for (int b = 0; b < batch->scenes; b++) draw[k] += weight[b];
        if (!elbo) continue;
        type->loss(m->model, m->params, batch, noise, m->objective, NULL, &arena, &loss);
        elbo[k] = -(loss.nll + loss.kl);
    }
    traj_arena_free(&arena);
}

/* E_q[log p(x,z) - log q(z|x)] is the ELBO. Under one noise the two estimates differ by
 * log p(z) - log q(z) + KL, whose mean is 0. */
static void mean_log_weight_is_the_elbo(void **state)
{
    (void)state;
    enum { DRAWS = 2000 };
    static double weight[DRAWS], elbo[DRAWS], difference[DRAWS];
    for (int i = 0; i < PROP_RECURRENT; i++) {
        traj_model_config config = prop_models[i].config;
        prop_model m;
        prop_batch b;
        config.sd_floor = 0.1;
        prop_model_init(&m, prop_models[i].name, &config);
        for (size_t k = 0; k < m.params.layout->size; k++) /* for a smaller variance */
            m.params.data[k] *= TRAJ_R(0.5);
        prop_batch_init(&b, 2, 3, 3);
        draw_weights(&m, &b.batch, DRAWS, weight, elbo);
        for (int k = 0; k < DRAWS; k++) difference[k] = weight[k] - elbo[k];
        const estimate e = estimate_of(difference, DRAWS);
        if (traj_model_config_of(m.model)->latent)
            assert_true(agrees(e, 0) && e.error > 0 && e.error < 0.1);
        else /* no z: both are the log-likelihood */
            prop_same(m.name, weight[0], elbo[0], prop_rounding());
        prop_batch_free(&b);
        prop_model_free(&m);
    }
}

/* Columns [first, first + H) of the weights of that name become 0. */
static void cut_input(const prop_model *m, const char *name, int first)
{
    const traj_mat weight = prop_weights(m, name);
    for (int r = 0; r < weight.rows; r++)
        memset(traj_mat_row(weight, r) + first, 0,
               (size_t)traj_model_config_of(m->model)->hidden * sizeof(traj_real));
}

/* Decoder and recurrence no longer hear z, so log p(x) is -nll whatever z is, and the encoder is a
 * mistaken guess at the prior. Equal deviations and a distance of 0.4 keep the weights' variance
 * small. */
static void make_deaf(prop_model *m)
{
    const int hidden = traj_model_config_of(m->model)->hidden;
    static const char *const heads[] = {"prior.head.weight", "encoder.head.weight",
                                        "prior.head.bias", "encoder.head.bias"};
    cut_input(m, "decoder.node.weight", 0);
    cut_input(m, "decoder.edge.sender.weight", 0);
    cut_input(m, "decoder.edge.receiver.weight", 0);
    cut_input(m, "gru.weight_ih", hidden);
    for (int i = 0; i < 4; i++) {
        const traj_mat head = prop_weights(m, heads[i]);
        for (int k = 0; k < head.rows * head.cols; k++) head.data[k] *= TRAJ_R(0.01);
    }
    prop_weights(m, "encoder.head.bias").data[0] += TRAJ_R(0.4);
}

/* log 1/K sum_k exp(w_k) over each K of the draws. */
static void importance_bounds(const double *weight, int bounds, int each, double *bound)
{
    for (int i = 0; i < bounds; i++, weight += each) {
        double largest = -INFINITY, sum = 0;
        for (int k = 0; k < each; k++) largest = fmax(largest, weight[k]);
        for (int k = 0; k < each; k++) sum += exp(weight[k] - largest);
        bound[i] = largest + log(sum / each);
    }
}

/* With log p(x) known: E_q[p(x,z)/q(z|x)] = p(x), and ELBO < L_8 < log p(x) (Burda et al. 2016,
 * theorem 1), strictly because q is not the posterior. */
static void importance_weights_know_the_likelihood(void **state)
{
    (void)state;
    enum { DRAWS = 16000, EACH = 8 };
    static const traj_model_config config = {
        .type = "gvrnn", 5, 1, 1, 0, TRAJ_OUTPUT_BIVARIATE, 1, 0.1, 1};
    static double weight[DRAWS], ratio[DRAWS], bound[DRAWS / EACH];
    prop_model m;
    prop_batch b;
    prop_model_init(&m, "deaf gvrnn", &config);
    make_deaf(&m);
    prop_batch_init(&b, 1, 2, 2);
    const traj_loss loss = prop_loss(&m, &b.batch, 0);
    prop_same("nll under other noise", prop_loss(&m, &b.batch, 1).nll, loss.nll, prop_rounding());
    draw_weights(&m, &b.batch, DRAWS, weight, NULL);
    for (int k = 0; k < DRAWS; k++) ratio[k] = exp(weight[k] + loss.nll);
    importance_bounds(weight, DRAWS / EACH, EACH, bound);
    const estimate likelihood = estimate_of(ratio, DRAWS), elbo = estimate_of(weight, DRAWS);
    const estimate tighter = estimate_of(bound, DRAWS / EACH);
    assert_true(loss.kl > 0.1 && likelihood.error < 0.02);
    assert_true(agrees(likelihood, 1));
    assert_true(agrees(elbo, -(loss.nll + loss.kl)));
    assert_true(tighter.mean - 5 * tighter.error > -(loss.nll + loss.kl));
    assert_true(tighter.mean + 5 * tighter.error < -loss.nll);
    prop_batch_free(&b);
    prop_model_free(&m);
}

int prop_bound_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kl_is_never_negative),
        cmocka_unit_test(mean_log_weight_is_the_elbo),
        cmocka_unit_test(importance_weights_know_the_likelihood),
    };
    return cmocka_run_group_tests_name("divergences and bounds", tests, NULL, NULL);
}
